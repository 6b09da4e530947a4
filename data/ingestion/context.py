"""The lines of a file around what was found in it, as the file writes them."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from data.contracts.finding import Finding
from data.ingestion.read import Cells, ReadError, Sheet, read

LINES_KEPT = 400
LONGEST_CELL = 80
MOST_CELLS = 60
HEADING_LINES = 3


@dataclass(frozen=True)
class Context:
    """Lines of one sheet: ``headings`` as written, ``lines`` by their number, cells cut short.

    ``sheets`` are the names of all sheets, none for a text file.
    """

    sheet: str | None
    header_row: int | None
    sheets: list[str] = field(default_factory=list)
    headings: list[str] = field(default_factory=list)
    lines: dict[int, list[str]] = field(default_factory=dict)


def context_of(
    path: Path,
    sheet: str | None,
    header_row: int | None,
    findings: Sequence[Finding],
    titles: Iterable[str] = (),
) -> Context:
    """The headings and the first lines that findings speak of.

    Args:
        path: the bytes as received.
        sheet: the sheet that was read.
        header_row: the line of its headings, as a person counts.
        findings: what was found, the gravest first.
        titles: the headings as they were read; some may stand under a merged one, a line lower.
    """
    wanted = list(dict.fromkeys(found.row for found in findings if found.row))[:LINES_KEPT]
    try:
        received = read(path)
    except ReadError:
        return Context(sheet, header_row)
    sheets = [one.name for one in received.sheets if one.name is not None]
    if header_row is None:
        return Context(sheet, None, sheets)
    read_sheet = next((one for one in received.sheets if one.name == sheet), received.sheets[0])
    under = range(header_row, header_row + HEADING_LINES)
    lines = dict(_lines(read_sheet, {*wanted, *under}))
    headings = _under_merged([lines.get(line, []) for line in under], titles)
    return Context(
        sheet,
        header_row,
        sheets,
        _short(headings),
        {line: _short(lines[line]) for line in sorted(wanted) if line in lines},
    )


def _under_merged(lines: Sequence[Cells], titles: Iterable[str]) -> Cells:
    """The first line, with the headings that were read from the lines below it in their place."""
    headings = list(lines[0])
    known = {_plain(cell) for cell in headings}
    for title in titles:
        if _plain(title) in known:
            continue
        at = next(
            (
                at
                for cells in lines[1:]
                for at, cell in enumerate(cells)
                if _plain(cell) and _plain(title).endswith(_plain(cell))
            ),
            None,
        )
        if at is not None:
            headings += [""] * (at + 1 - len(headings))
            headings[at] = title
    return headings


def _plain(cell: str) -> str:
    return " ".join(cell.split())


def _lines(sheet: Sheet, wanted: set[int]) -> Iterable[tuple[int, Cells]]:
    yield from ((line, cells) for line, cells in sheet.rows if line in wanted)
    if sheet.big is None:
        return
    last = max(wanted)
    with sheet.big.path.open(encoding="utf-8-sig", newline="") as text:
        for line, cells in enumerate(csv.reader(text, delimiter=sheet.big.separator), start=1):
            if line > last:
                return
            if line in wanted:
                yield line, cells


def _short(cells: Cells) -> list[str]:
    return [
        f"{cell[:LONGEST_CELL]}…" if len(cell) > LONGEST_CELL else cell
        for cell in cells[:MOST_CELLS]
    ]
