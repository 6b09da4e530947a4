"""The sheets of a workbook that hold one table a year → one table, the year in a column of its own.

Statistical offices publish long series so: every sheet has the same headings and bears its year as
its name. A sheet that is not quite like the first one is not joined, and stays told as not read.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from data.contracts.model import Contract, contracts
from data.ingestion.read import Cells, Sheet
from data.ingestion.recognise import Candidate, Recognition
from data.ingestion.unfold import LINES_APART

_YEAR = re.compile(r"(?:19|20)\d{2}")


def joined_years(recognition: Recognition) -> Recognition:
    """The recognition with the sheets a year read together, unchanged where there are none."""
    first = recognition.chosen
    if first is None or first.missing or _year_of(first) is None:
        return recognition
    years = [twin for twin in recognition.twins if _goes_with(first, twin)]
    if not years:
        return recognition
    parts = (first, *years)
    names = [part.sheet.name or "" for part in parts]
    return replace(
        recognition,
        chosen=_joined(contracts()[first.contract], parts),
        reason=f"{recognition.reason.removesuffix('.')} ; {len(parts)} feuilles des mêmes titres, "
        f"une par année ({min(names)} à {max(names)}), sont lues ensemble.",
        twins=tuple(twin for twin in recognition.twins if twin not in years),
    )


def _year_of(candidate: Candidate) -> str | None:
    """The year that a plain table's sheet is named after, where nothing in the table says another.

    Null too for a table of years, one with a column of years, and a sheet that nobody sees.
    """
    name = candidate.sheet.name or ""
    said, _ = candidate.constants.get("year", ("", ""))
    is_plain = not candidate.headings and not candidate.sheet.big and not candidate.sheet.is_hidden
    return name if is_plain and said == name and _YEAR.fullmatch(name) else None


def _goes_with(first: Candidate, other: Candidate) -> bool:
    """Whether another sheet is the same table of another year, with rows."""
    has_rows = any(line >= other.first_data_row for line, _ in other.sheet.rows)
    return has_rows and _year_of(other) is not None and _form(first) == _form(other)


def _form(candidate: Candidate) -> tuple[object, ...]:
    others = {name: said for name, (said, _) in candidate.constants.items() if name != "year"}
    return (
        candidate.mapping,
        candidate.positions,
        candidate.unmapped,
        candidate.doubled,
        candidate.scales,
        candidate.is_scaled_above,
        others,
    )


def _joined(contract: Contract, parts: Sequence[Candidate]) -> Candidate:
    """One candidate over all sheets: the year comes before the first cell of each line.

    Lines of the k-th sheet, from 0, are numbered ``line + LINES_APART * k``.
    """
    first = parts[0]
    rows: list[tuple[int, Cells]] = []
    uncomputed: list[tuple[int, int]] = []
    for at, part in enumerate(parts):
        start = at * LINES_APART
        year = str(part.sheet.name)
        for line, cells in part.sheet.rows:
            if line >= part.first_data_row:
                rows.append((start + line, [year, *cells]))
            elif at == 0:
                rows.append((line, ["", *cells]))
        uncomputed += [
            (start + line, column + 1)
            for line, column in part.sheet.uncomputed
            if line >= part.first_data_row
        ]
    sheet = Sheet(first.sheet.name, rows, uncomputed=tuple(uncomputed))
    moved = {name: at + 1 for name, at in first.positions.items()}
    ordered = [column.name for column in contract.columns if column.name in {"year", *moved}]
    return replace(
        first,
        sheet=sheet,
        positions={name: moved.get(name, 0) for name in ordered},
        constants={name: said for name, said in first.constants.items() if name != "year"},
        parts=tuple(parts),
    )
