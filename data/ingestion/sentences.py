"""How a finding is said in French: where it is, what the cell holds, how values are written."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from string import Formatter

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
    """
    slots = {name for _, name, _, _ in Formatter().parse(sentence) if name}
    return sentence.format_map({name: _Slot(values[name]) for name in slots})


def lines_listed(rows: list[int], total: int) -> str:
    """``12, 15 et 18``, cut after ten lines."""
    shown = [str(row) for row in rows[:10]]
    if total > len(shown):
        return f"{', '.join(shown)} et {total - len(shown)} autres"
    return shown[0] if len(shown) == 1 else f"{', '.join(shown[:-1])} et {shown[-1]}"
