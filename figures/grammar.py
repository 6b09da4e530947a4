"""French grammar for sentences written from data: elision, articles, months, ordinals, spaces.

Articles and prepositions are declared by territory code, never guessed from a name: one says
*dans la Drôme* but *en Dordogne*, *du Maine-et-Loire* but *de Seine-et-Marne*.
"""

from __future__ import annotations

import math
import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from figures.formats import (
    MONTHS,
    NARROW_SPACE,
    is_absent,
    listed,
    number,
    percent,
    quantity,
    signed,
)

NO_BREAK_SPACE = "\u00a0"
NAMED_AT_MOST = 3

Gender = Literal["m", "f"]

ELIDED = {
    "de": "d’",
    "que": "qu’",
    "jusque": "jusqu’",
    "lorsque": "lorsqu’",
    "puisque": "puisqu’",
    "le": "l’",
    "la": "l’",
    "ne": "n’",
    "se": "s’",
}

NO_ELISION = re.compile(r"(haut|hainaut|havre|hausse|hors|huit|hasard|handicap|onz|oui\b|yaourt)")
"""Words that keep the vowel before them: our texts' *h aspiré* and a few more."""

CONTRACTED = {
    ("de", "le "): "du ",
    ("de", "les "): "des ",
    ("à", "le "): "au ",
    ("à", "les "): "aux ",
}


def known(value: Any) -> float | None:
    """The value as a float; None when absent or infinite, so that no sentence says ``nan``."""
    figure = None if is_absent(value) else float(value)
    return figure if figure is not None and math.isfinite(figure) else None


def elides(word: str) -> bool:
    """Whether a small word loses its vowel before ``word``: a vowel or a mute h comes first."""
    letters = unicodedata.normalize("NFKD", word.strip().casefold())
    plain = "".join(letter for letter in letters if not unicodedata.combining(letter))
    return plain[:1] in set("aeiouyhœæ") and not NO_ELISION.match(plain)


def elided(small: str, word: str) -> str:
    """``de`` before ``août`` as ``d’août``, before ``mars`` as ``de mars``."""
    return f"{ELIDED[small]}{word}" if small in ELIDED and elides(word) else f"{small} {word}"


def contracted(preposition: Literal["de", "à"], phrase: str) -> str:
    """``de`` or ``à`` before a phrase that has its article: ``du taux``, ``aux caisses``."""
    for (small, article), written in CONTRACTED.items():
        if small == preposition and phrase.startswith(article):
            return written + phrase.removeprefix(article)
    return elided(preposition, phrase)


def capitalised(text: str) -> str:
    """The text with its first letter in upper case, the others untouched."""
    return text[:1].upper() + text[1:]


def typeset(text: str) -> str:
    """The text with curly apostrophes, single spaces, and no-break ones before tall signs."""
    plain = re.sub(r"[ \t\r\n]+", " ", text.replace("'", "’")).strip()
    plain = re.sub(r"\s+([,.](?:\s|$))", r"\1", plain)
    plain = re.sub(r"\s+:(?=\s|$)", f"{NO_BREAK_SPACE}:", plain)
    plain = re.sub(r"\s+([;?!])", rf"{NARROW_SPACE}\1", plain)
    plain = re.sub(r"«\s*", f"«{NO_BREAK_SPACE}", plain)
    return re.sub(r"\s*»", f"{NO_BREAK_SPACE}»", plain)


def shortened(text: str, letters: int = 40) -> str:
    """The text, cut where it is longer than a sentence may quote."""
    return text if len(text) <= letters else f"{text[:letters].rstrip()}…"


def quoted(text: str) -> str:
    """The text between French quotation marks."""
    return f"« {text} »"


def named(names: list[str]) -> str:
    """``A, B et C``; from the fourth on the others are only counted: ``A, B, C et 2 autres``."""
    shown = names[:NAMED_AT_MOST]
    others = len(names) - len(shown)
    if others:
        shown.append(f"{number(others)} {'autre' if others == 1 else 'autres'}")
    return listed(shown)


def ordinal(rank: int, gender: Gender = "m") -> str:
    """``1er`` or ``1re``, then ``2e``."""
    first = "er" if gender == "m" else "re"
    return f"{number(rank)}{first if rank == 1 else 'e'}"


def is_plural(value: float, decimals: int = 0) -> bool:
    """Whether a noun takes the plural after the number as written: from 2 on, not 1,5."""
    return abs(round(value, decimals)) >= 2


def points_in_words(difference: Any, decimals: int = 1) -> str:
    """A difference of proportions as ``+3,2 points``, ``−1,5 point``; unknown where absent."""
    gap = known(difference)
    if gap is None:
        return "écart inconnu"
    word = "points" if is_plural(gap * 100, decimals) else "point"
    return f"{signed(gap * 100, decimals)}{NARROW_SPACE}{word}"


def singular(label: str) -> str:
    """The unit of one: ``adhésions`` as ``adhésion``, ``mois`` as itself."""
    words = (w if w == "mois" else re.sub(r"s$", "", w) for w in label.split(" "))
    return " ".join(words)


def amount(value: Any, unit: str, label: str) -> str:
    """A measure with its unit in words: ``42 adhésions``, ``1 adhésion``, ``1 200 €``.

    Args:
        value: in the indicator's unit.
        unit: as declared by the catalogue: ``proportion | count | eur | days | index``.
        label: the French unit in the plural, as declared; used for counts.
    """
    figure = known(value)
    if figure is None:
        return "valeur inconnue"
    if unit != "count":
        return quantity(figure, unit)
    decimals = 0 if abs(figure) >= 10 or figure.is_integer() else 1
    word = label if is_plural(figure, decimals) else singular(label)
    return f"{number(figure, decimals)} {word}"


def chance_percent(probability: Any) -> str:
    """A chance as ``6 %``; never 0 or 100 %, which nobody knows."""
    chance = known(probability)
    if chance is None:
        return "inconnue"
    if chance < 0.01:
        return f"moins de {percent(0.01, 0)}"
    return f"plus de {percent(0.99, 0)}" if chance > 0.99 else percent(chance, 0)


def month_words(month: date, year: int | None = None) -> str:
    """``avril`` in the year spoken of, ``avril 2016`` otherwise."""
    name = MONTHS[month.month - 1]
    return name if month.year == year else f"{name} {month.year}"


def since_month(month: date, year: int | None = None) -> str:
    """``depuis avril``."""
    return f"depuis {month_words(month, year)}"


def in_month(month: date, year: int | None = None) -> str:
    """``en avril``."""
    return f"en {month_words(month, year)}"


def end_of_month(month: date, year: int | None = None) -> str:
    """``à fin août``."""
    return f"à fin {month_words(month, year)}"


def month_range(first: date, last: date, year: int | None = None) -> str:
    """``d’avril à août``; ``en avril`` for one month; both years where they differ."""
    if (first.year, first.month) == (last.year, last.month):
        return in_month(first, year)
    if first.year != last.year:
        return f"{elided('de', month_words(first))} à {month_words(last)}"
    return f"{elided('de', MONTHS[first.month - 1])} à {month_words(last, year)}"


@dataclass(frozen=True)
class LevelNoun:
    """How the territories of a level are counted."""

    one: str
    many: str
    gender: Gender


LEVEL_NOUNS = {
    "caisse": LevelNoun("caisse", "caisses", "f"),
    "departement": LevelNoun("département", "départements", "m"),
    "drsm": LevelNoun("DRSM", "DRSM", "f"),
    "region": LevelNoun("région", "régions", "f"),
    "ancienne_region": LevelNoun("ancienne région", "anciennes régions", "f"),
    "national": LevelNoun("territoire", "territoires", "m"),
}


@dataclass(frozen=True)
class Usage:
    """What stands before a territory's name: as subject, after *de*, and to say where."""

    article: str
    of: str
    place: str


LE = Usage("le ", "du ", "dans le ")
LE_EN = Usage("le ", "du ", "en ")
LA = Usage("la ", "de la ", "dans la ")
LA_EN = Usage("la ", "de la ", "en ")
LA_DE_EN = Usage("la ", "de ", "en ")
L = Usage("l’", "de l’", "dans l’")
L_EN = Usage("l’", "de l’", "en ")
L_D_EN = Usage("l’", "d’", "en ")
LES = Usage("les ", "des ", "dans les ")
BARE_EN = Usage("", "de ", "en ")
BARE_AT = Usage("", "de ", "à ")
BODY = Usage("la ", "de la ", "à la ")
"""A caisse or a DRSM, named by its kind: CPAM, CGSS, CSS and DRSM are all feminine."""

UNDECLARED = Usage("", "de ", "pour ")
"""A group that has no code of ours, such as chosen peers: words that fit any name."""

CODES_BY_USAGE = {
    LE: """
        DEP-14 DEP-15 DEP-18 DEP-25 DEP-29 DEP-30 DEP-32 DEP-39 DEP-41 DEP-45 DEP-46 DEP-47 DEP-56
        DEP-59 DEP-62 DEP-63 DEP-67 DEP-68 DEP-69 DEP-81 DEP-82 DEP-83 DEP-84 DEP-90 DEP-94 DEP-95
        REG-44 ANC-31
    """,
    LE_EN: "DEP-49 REG-24 ANC-24 ANC-74 ANC-91",
    LA: "DEP-26 DEP-42 DEP-50 DEP-51 DEP-55 DEP-58 DEP-72 DEP-80 DEP-86",
    LA_EN: """
        FR
        DEP-16 DEP-17 DEP-19 DEP-21 DEP-23 DEP-24 DEP-2A DEP-2B DEP-31 DEP-33 DEP-43 DEP-44 DEP-48
        DEP-52 DEP-53 DEP-57 DEP-70 DEP-73 DEP-74 DEP-76 DEP-85 DEP-87 DEP-93
        DEP-971 DEP-972 DEP-973
        REG-01 REG-02 REG-03 REG-75 ANC-01 ANC-02 ANC-03
    """,
    LA_DE_EN: """
        DEP-54 DEP-71 DEP-77 REG-27 REG-28 REG-53 REG-94
        ANC-21 ANC-22 ANC-23 ANC-25 ANC-26 ANC-41 ANC-43 ANC-53 ANC-94
    """,
    L: """
        DEP-01 DEP-02 DEP-03 DEP-10 DEP-11 DEP-12 DEP-27 DEP-34 DEP-36 DEP-60 DEP-61 DEP-89 DEP-91
    """,
    L_EN: "DEP-07 DEP-09 DEP-38",
    L_D_EN: "DEP-28 DEP-35 DEP-37 REG-11 REG-76 REG-84 ANC-11 ANC-42 ANC-72 ANC-83",
    LES: """
        DEP-04 DEP-05 DEP-06 DEP-08 DEP-13 DEP-22 DEP-40 DEP-64 DEP-65 DEP-66 DEP-78 DEP-79 DEP-88
        DEP-92 REG-32 REG-52 ANC-52
    """,
    BARE_EN: "REG-93 ANC-54 ANC-73 ANC-82 ANC-93",
    BARE_AT: "DEP-75 DEP-974 DEP-976 REG-04 REG-06 ANC-04 ANC-06",
}
"""Departments as the INSEE's *type de nom en clair* has them; regions as their own usage does."""

USAGES = {code: usage for usage, codes in CODES_BY_USAGE.items() for code in codes.split()}

BODY_PREFIXES = ("CPAM-", "CGSS-", "CSS-", "DRSM-")


def has_usage(code: str) -> bool:
    """Whether articles and prepositions of this territory are declared."""
    return code in USAGES or code.startswith(BODY_PREFIXES)


def territory_label(code: str, name: str) -> str:
    """The name as written in a sentence: ``France entière``, ``DRSM Auvergne``, ``CPAM Allier``."""
    if code == "FR":
        return "France entière"
    label = name.replace("'", "’")
    return f"DRSM {label}" if code.startswith("DRSM-") and "DRSM" not in label else label


def the_territory(code: str, name: str) -> str:
    """``la Haute-Loire``, ``les Landes``, ``Paris``, ``la CPAM Allier``."""
    return _usage(code).article + territory_label(code, name)


def of_territory(code: str, name: str) -> str:
    """``de la Haute-Loire``, ``de l’Ain``, ``de Paris``, ``de la CPAM Allier``."""
    usage, label = _usage(code), territory_label(code, name)
    return elided("de", label) if usage is UNDECLARED else usage.of + label


def in_territory(code: str, name: str) -> str:
    """``en Haute-Loire``, ``dans le Rhône``, ``à Paris``, ``à la CPAM Allier``, ``en France``."""
    if code == "FR":
        return "en France"
    return _usage(code).place + territory_label(code, name)


def is_plural_territory(code: str) -> bool:
    """Whether the verb takes the plural: ``les Landes passent``."""
    return USAGES.get(code) == LES


def _usage(code: str) -> Usage:
    if code.startswith(BODY_PREFIXES):
        return BODY
    return USAGES.get(code, UNDECLARED)
