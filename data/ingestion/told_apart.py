"""Which column that a contract doesn't keep tells apart rows that have the same key."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from data.ingestion.parts_counted import is_whole
from data.ingestion.read import Cells
from data.ingestion.recognise import Candidate
from data.ingestion.sentences import quoted

MOST_VALUES_SAID = 4


@dataclass(frozen=True)
class _LeftOut:
    """A column not kept: its heading, its cells by line, how many values it has in the file."""

    heading: str
    cells: dict[int, str]
    value_count: int


@dataclass(frozen=True)
class ColumnsLeftOut:
    """The columns of one file that its contract doesn't keep."""

    columns: tuple[_LeftOut, ...]

    @classmethod
    def of(cls, candidate: Candidate) -> ColumnsLeftOut:
        """Those of a file as recognised; none of a large one, which is not held in memory."""
        sheet = candidate.whole_sheet or candidate.sheet
        rows = [] if sheet.big else sheet.rows
        header = next((cells for line, cells in rows if line == candidate.header_row), [])
        below = [row for row in rows if row[0] >= candidate.first_data_row]
        return cls(
            tuple(
                _left_out(heading, at, below)
                for at, heading in enumerate(header)
                if heading and heading in candidate.unmapped
            )
        )

    def telling_apart(self, lines: Sequence[int]) -> str | None:
        """What tells these lines of the file apart and what to do, null where nothing does.

        ``la colonne « Secteur » (« 1 », « 2 ») les distingue, mais ce contrat ne la garde pas. …``.
        Of several columns, the one with the fewest values in the file.
        """
        found = [
            column
            for column in self.columns
            if len({column.cells.get(line, "") for line in lines}) == len(lines) > 1
        ]
        if not found:
            return None
        column = min(found, key=lambda one: one.value_count)
        values = [column.cells.get(line, "") for line in lines]
        said = ", ".join(quoted(value) if value else "vide" for value in values[:MOST_VALUES_SAID])
        more = ", …" if len(values) > MOST_VALUES_SAID else ""
        return (
            f"la colonne {quoted(column.heading)} ({said}{more}) les distingue, mais ce contrat ne "
            f"la garde pas. {_what_to_do(values)}"
        )


def _left_out(heading: str, at: int, rows: Sequence[tuple[int, Cells]]) -> _LeftOut:
    cells = {line: row[at] for line, row in rows if at < len(row)}
    return _LeftOut(heading, cells, len(set(cells.values())))


def _what_to_do(values: Sequence[str]) -> str:
    wholes = [value for value in values if value and is_whole(value)]
    if len(wholes) == 1:
        return f"Ne gardez que la ligne {quoted(wholes[0])}."
    return (
        "Remplacez-les par une seule ligne, celle de l’ensemble : leur somme pour des nombres, le "
        "taux d’ensemble pour des taux."
    )
