"""A recognised sheet → a DuckDB table of text, one column a mapped column of the contract."""

from __future__ import annotations

from dataclasses import dataclass

import duckdb
import pyarrow as pa

from data.contracts.model import Contract
from data.ingestion.read import Cells
from data.ingestion.recognise import Candidate

MAX_COLUMNS_OF_A_NOTE = 1
FEWEST_COLUMNS_TO_TELL_A_NOTE = 3


class NotRegular(Exception):
    """The large file needs the patient reader: its lines are not its rows."""


@dataclass(frozen=True)
class Loaded:
    """What became of the lines under the headings.

    The table ``raw_rows`` holds ``source_row`` and the mapped columns as text. ``notes``: lines of
    notes under the data, left out; ``short``: lines with fewer cells than headings; ``long``: lines
    with filled cells beyond the headings, which means that a cell was cut in two.
    """

    row_count: int
    notes: tuple[tuple[int, str], ...] = ()
    short: tuple[tuple[int, int], ...] = ()
    long: tuple[tuple[int, int], ...] = ()


def load(connection: duckdb.DuckDBPyConnection, contract: Contract, candidate: Candidate) -> Loaded:
    """Fill ``raw_rows``. Raises NotRegular where a large file has to be read patiently."""
    if candidate.sheet.big:
        return _load_big(connection, contract, candidate)
    return _load_rows(connection, contract, candidate)


def _load_big(
    connection: duckdb.DuckDBPyConnection, contract: Contract, candidate: Candidate
) -> Loaded:
    big = candidate.sheet.big
    assert big is not None
    width = len(candidate.sheet.rows[-1][1])
    names = {f"c{position}": "VARCHAR" for position in range(width)}
    if max(candidate.positions.values()) >= width:
        raise NotRegular
    picked = ", ".join(f'c{position} as "{name}"' for name, position in candidate.positions.items())
    skipped = candidate.first_data_row - 1
    try:
        connection.execute(
            f"create temp table raw as select {picked} from read_csv("
            "$path, auto_detect = false, header = false, all_varchar = true, columns = $names,"
            "delim = $separator, quote = '\"', escape = '\"', skip = $skipped,"
            "strict_mode = true, null_padding = false, max_line_size = 4000000)",
            {
                "path": str(big.path),
                "names": names,
                "separator": big.separator,
                "skipped": skipped,
            },
        )
    except duckdb.Error as error:
        raise NotRegular from error
    row_count = connection.execute("select count(*) from raw").fetchall()[0][0]
    if row_count != big.line_count - skipped or _has_blank_keys(connection, contract, candidate):
        raise NotRegular
    connection.execute(
        "create temp view raw_rows as "
        f"select cast(rowid + {candidate.first_data_row} as integer) as source_row, * from raw"
    )
    return Loaded(row_count)


def _has_blank_keys(
    connection: duckdb.DuckDBPyConnection, contract: Contract, candidate: Candidate
) -> bool:
    """Whether a key cell is blank: a blank row or a note, that the patient reader tells apart."""
    blank = " or ".join(
        f'bool_or("{name}" is null or "{name}" = \'\')'
        for name in contract.key
        if name in candidate.positions
    )
    return bool(connection.execute(f"select {blank} from raw").fetchall()[0][0])


def _load_rows(
    connection: duckdb.DuckDBPyConnection, contract: Contract, candidate: Candidate
) -> Loaded:
    rows = [row for row in candidate.sheet.rows if row[0] >= candidate.first_data_row]
    rows, notes = _without_notes(rows, len(candidate.positions))
    width = max(candidate.positions.values()) + 1
    heading_count = _heading_count(candidate)
    columns = {name: [] for name in candidate.positions}
    lines: list[int] = []
    short, long = [], []
    for line, cells in rows:
        if len(cells) < width:
            short.append((line, len(cells)))
            cells = cells + [""] * (width - len(cells))
        elif len(cells) > heading_count and any(cells[heading_count:]):
            long.append((line, len(cells)))
        lines.append(line)
        for name, position in candidate.positions.items():
            columns[name].append(cells[position])
    table = pa.table(
        {"source_row": pa.array(lines, pa.int32())}
        | {name: pa.array(cells, pa.string()) for name, cells in columns.items()}
    )
    connection.register("raw_arrow", table)
    connection.execute("create temp table raw_rows as select * from raw_arrow")
    connection.unregister("raw_arrow")
    return Loaded(len(lines), tuple(notes), tuple(short), tuple(long))


def _heading_count(candidate: Candidate) -> int:
    """Cells of the heading up to the last filled one; a phantom last column doesn't count."""
    count = max(candidate.positions.values()) + 1
    for line, cells in candidate.sheet.rows:
        if candidate.header_row <= line < candidate.first_data_row:
            filled = [at for at, cell in enumerate(cells, 1) if cell]
            count = max(count, *filled) if filled else count
    return count


def _without_notes(
    rows: list[tuple[int, Cells]], mapped_count: int
) -> tuple[list[tuple[int, Cells]], list[tuple[int, str]]]:
    """The rows without the lone cells under them (source, total of rows, signature)."""
    notes: list[tuple[int, str]] = []
    if mapped_count < FEWEST_COLUMNS_TO_TELL_A_NOTE:
        return rows, notes
    end = len(rows)
    while end:
        line, cells = rows[end - 1]
        told = [cell for cell in cells if cell]
        if len(told) > MAX_COLUMNS_OF_A_NOTE:
            break
        notes.append((line, told[0] if told else ""))
        end -= 1
    return rows[:end], notes[::-1]
