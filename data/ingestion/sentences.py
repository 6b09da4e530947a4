"""How a finding is said in French: where it is, what the cell holds, how values are written."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from functools import cache
from string import Formatter

from data.reference.territories import territories
from indicators.catalogue import catalogue

NARROW_SPACE = "\u202f"
_LONGEST_QUOTE = 60


def place(
    file_name: str, sheet: str | None = None, row: int | None = None, heading: str | None = None
) -> str:
    """The words that lead to a cell: ``cpg.csv, ligne 12, colonne « Réalisé » : ``."""
    parts = [file_name]
    if sheet:
        parts.append(f"feuille « {sheet} »")
    if row is not None:
        parts.append(f"ligne {row}")
    if heading:
        parts.append(f"colonne « {' '.join(heading.split())} »")
    return f"{', '.join(parts)} : "


def quoted(text: str) -> str:
    """The cell between French quotation marks, on one line, cut when long."""
    line = " ".join(text.split())
    return f"« {line[:_LONGEST_QUOTE]}… »" if len(line) > _LONGEST_QUOTE else f"« {line} »"


def written(value: object) -> str:
    """A value as French readers write it; a missing one is ``vide``."""
    if value is None:
        return "vide"
    if isinstance(value, bool):
        return "oui" if value else "non"
    if isinstance(value, float):
        return _number(value)
    if isinstance(value, date):
        return value.strftime("%m/%Y") if value.day == 1 else value.strftime("%d/%m/%Y")
    return str(value)


def _number(value: float) -> str:
    text = f"{value:,.6f}".rstrip("0").rstrip(".")
    return text.replace(",", NARROW_SPACE).replace(".", ",")


class _Slot:
    """A value as a sentence says it; with a noun (``{approvals:accord}``), counted by it."""

    def __init__(self, value: object) -> None:
        self.value = value

    def __format__(self, noun: str) -> str:
        said = written(self.value)
        if not noun or not isinstance(self.value, int | float):
            return said
        return f"{said} {noun if abs(self.value) < 2 else _plural(noun)}"


def _plural(noun: str) -> str:
    return " ".join(word if word.endswith(("s", "x")) else f"{word}s" for word in noun.split())


def filled(sentence: str, values: Mapping[str, object]) -> str:
    """The sentence with its slots filled; each slot must be among the values.

    A slot is ``{column}``, or ``{column:noun}`` for a count with its noun, in the plural from two.
    Territories and indicators are said by their names.
    """
    slots = {name for _, name, _, _ in Formatter().parse(sentence) if name}
    named = {name: NAMED[name](values[name]) for name in slots if name in NAMED}
    return sentence.format_map({name: _Slot(named.get(name, values[name])) for name in slots})


def caisse_named(code: object) -> str:
    """``CPAM Marne``; a code that is none stays as it is."""
    return _territory_names().get(str(code), written(code))


def territory_named(code: object) -> str:
    """``« Marne »``; a code that is none stays as it is."""
    name = _territory_names().get(str(code))
    return written(code) if name is None else f"« {name} »"


def indicator_named(code: object) -> str:
    """``« PRADO chirurgie : adhésions »``; a code that is none stays as it is."""
    indicator = catalogue().get(str(code))
    return written(code) if indicator is None else f"« {indicator.title} »"


@cache
def _territory_names() -> dict[str, str]:
    known = territories()
    return dict(zip(known["territory_code"], known["territory_name"], strict=True))


NAMED: Mapping[str, Callable[[object], str]] = {
    "caisse_code": caisse_named,
    "territory_code": territory_named,
    "indicator_code": indicator_named,
}
"""How the codes of a row are said, by the slot that holds them."""


def lines_listed(rows: list[int], total: int) -> str:
    """``12, 15 et 18``, cut after ten lines."""
    shown = [str(row) for row in rows[:10]]
    if total > len(shown):
        return f"{', '.join(shown)} et {total - len(shown)} autres"
    return shown[0] if len(shown) == 1 else f"{', '.join(shown[:-1])} et {shown[-1]}"
