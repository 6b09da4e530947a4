"""French and English numbers as people type them → values."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from data.reference.french_text import fold

Comma = Literal["decimal", "thousands"]

LONGEST_TOLD = 40

_SPACES = re.compile(r"[\s\u00a0\u202f\u2009\u2007']+")
_MISSING = frozenset(
    {
        "nd", "n d", "nc", "n c", "nr", "n r", "so", "s o", "na", "n a", "ns", "nan", "null",
        "none", "vide", "non disponible", "non communique", "non renseigne", "non determine",
        "non applicable", "sans objet", "secret", "secret statistique", "confidentiel",
    }
)  # fmt: skip
_PLAIN = re.compile(r"\d+(?:\.\d+)?|\.\d+")
_SCIENTIFIC = re.compile(r"\d(?:[.,]\d+)?[eE][+-]?\d{1,2}")
# « 1,18E+03 » is what a spreadsheet shows of 1 184: the other digits are lost.
_CUT_SHORT = re.compile(r"\d(?:[.,](\d+))?E\+?(\d{1,2})")
_GROUPED_SPACE = re.compile(r"\d{1,3}(?: \d{3})+(?:[.,]\d+)?")
_GROUPED_COMMA = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?")
_GROUPED_DOT = re.compile(r"\d{1,3}(?:\.\d{3})+(?:,\d+)?")
_DECIMAL_COMMA = re.compile(r"\d+,\d+|,\d+|\d+,")
_AMBIGUOUS = re.compile(r"[1-9]\d{0,2},\d{3}")
_BELOW = re.compile(r"[<>≤≥~≈]\s*[\d.,\s]+%?")
_NOTED = re.compile(r"([-+]?[\d.,\s]*\d\s?%?)\s*(?:\*+|\(\w{1,2}\)|\[\w{1,2}\]|[a-z¹²³⁴-⁹])", re.I)
_EXCEL_ERROR = re.compile(r"#[A-ZÉÈÀ0-9/]+[!?]?", re.IGNORECASE)

_DIGITS_LOST = (
    "est écrit en puissances de dix : des chiffres ont été perdus. Donnez à la colonne le format "
    "« Nombre » dans le tableur d’origine, et renvoyez le fichier."
)


@dataclass(frozen=True)
class NumberReading:
    """What a cell says: a value, nothing (``value`` and ``problem`` null), or why it is no number.

    ``is_percent``: the cell carries a per cent sign; ``value`` is then still in per cent.
    ``is_ambiguous``: a comma before three digits, read as the column's other values suggest.
    """

    value: float | None
    problem: str | None = None
    is_percent: bool = False
    is_ambiguous: bool = False


def is_missing(text: str) -> bool:
    """Whether the cell says that there is no value: blank, ``-``, ``nd``, ``n.c.``, ``s.o.``."""
    return not text or not text.strip(" \t\u00a0\u202f-–—.…") or fold(text) in _MISSING


def is_excel_error(text: str) -> bool:
    """Whether the cell holds a spreadsheet error such as ``#REF!`` or ``#DIV/0!``."""
    return bool(_EXCEL_ERROR.fullmatch(text.strip()))


def comma_role(values: Iterable[str]) -> Comma | None:
    """What a comma before three digits means among these values; null when nothing tells.

    ``1,234.5`` or ``1,234,567`` make it a thousands mark; ``1,5``, ``12,3456`` or ``1 234,5`` a
    decimal one; failing those, a plain ``12.5`` says that decimals are written with a dot.
    Contradictory values leave the French reading: decimal.
    """
    has_decimal = has_thousands = has_dot = False
    for text in values:
        bare = text.strip().rstrip("%€ \u00a0\u202f").lstrip("+-(").rstrip(")")
        if "," in bare:
            if _GROUPED_COMMA.fullmatch(bare) and (bare.count(",") > 1 or "." in bare):
                has_thousands = True
            elif not _AMBIGUOUS.fullmatch(bare):
                has_decimal = True
        elif re.fullmatch(r"\d+\.(?:\d{1,2}|\d{4,})", bare):
            has_dot = True
    if has_decimal:
        return "decimal"
    return "thousands" if has_thousands or has_dot else None


def read_number(text: str, comma: Comma = "decimal") -> NumberReading:
    """The number that a cell holds; never raises.

    Args:
        text: the cell; blanks of any kind, a currency sign, a per cent sign, ``(12)`` for -12.
        comma: what a comma before three digits means where it could be either.
    """
    if is_excel_error(text):
        problem = "est une erreur de tableur. Corrigez la formule ou videz la cellule."
        return NumberReading(None, problem)
    if is_missing(text):
        return NumberReading(None)
    bare = _SPACES.sub(" ", text.replace("\u2212", "-").replace("–", "-")).strip()
    is_percent = bare.endswith("%")
    bare = bare.removesuffix("%").strip().removesuffix("€").removesuffix("EUR").strip()
    sign = 1
    if bare.startswith("(") and bare.endswith(")"):
        sign, bare = -1, bare[1:-1].strip()
    if bare[:1] in {"-", "+"}:
        sign, bare = (-sign if bare[0] == "-" else sign), bare[1:].strip()
    if is_cut_short(bare):
        return NumberReading(None, _DIGITS_LOST)
    value, is_ambiguous = _unsigned(bare, comma)
    if value is None:
        return NumberReading(None, _why_no_number(text.strip()))
    return NumberReading(sign * value, None, is_percent, is_ambiguous)


def is_cut_short(text: str) -> bool:
    """Whether a number was written in powers of ten with fewer digits than it has."""
    match = _CUT_SHORT.fullmatch(text.lstrip("+-"))
    return match is not None and len(match[1] or "") < int(match[2])


def _why_no_number(text: str) -> str:
    """What is wrong with a cell where a number stands, and what to do."""
    if len(text) <= LONGEST_TOLD and _BELOW.fullmatch(text):
        return "est une borne, pas une valeur. Écrivez la valeur, ou « nc » si elle est secrète."
    if len(text) <= LONGEST_TOLD and (match := _NOTED.fullmatch(text)):
        return (
            f"semble le nombre {match.group(1).strip()} suivi d’un appel de note. Écrivez le "
            "nombre seul."
        )
    return "n’est pas un nombre. Corrigez la cellule ou videz-la."


def _unsigned(bare: str, comma: Comma) -> tuple[float | None, bool]:
    if not bare.isascii() or len(bare) > 40:
        return None, False
    if _PLAIN.fullmatch(bare):
        return float(bare), False
    if _GROUPED_SPACE.fullmatch(bare):
        return float(bare.replace(" ", "").replace(",", ".")), False
    is_ambiguous = bool(_AMBIGUOUS.fullmatch(bare))
    is_decimal = is_ambiguous and comma == "decimal"
    # 0,125 is a decimal in either language.
    if _GROUPED_COMMA.fullmatch(bare) and not is_decimal and not bare.startswith("0"):
        return float(bare.replace(",", "")), is_ambiguous
    if _DECIMAL_COMMA.fullmatch(bare):
        return float(bare.replace(",", ".")), is_ambiguous
    if _GROUPED_DOT.fullmatch(bare):
        return float(bare.replace(".", "").replace(",", ".")), False
    if _SCIENTIFIC.fullmatch(bare):
        return float(bare.replace(",", ".")), False
    return None, False
