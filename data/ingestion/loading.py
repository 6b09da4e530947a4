"""A recognised sheet → a DuckDB table of text, one column a mapped column of the contract."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby

import duckdb
import pyarrow as pa

from data.contracts.model import NUMBER_TYPES, Contract
from data.ingestion.read import SEPARATORS, BigText, Cells
from data.ingestion.recognise import Candidate
from data.ingestion.unfold import LINES_APART, scaled
from data.ingestion.values import read_values

MAX_COLUMNS_OF_A_NOTE = 1
FEWEST_COLUMNS_TO_TELL_A_NOTE = 3


class NotRegularError(Exception):
    """The large file needs the patient reader: its lines are not its rows."""


@dataclass(frozen=True)
class Loaded:
    """What became of the lines under the headings.

    The table ``raw_rows`` holds ``source_row`` and the mapped columns as text.

    Attributes:
        notes: lines of notes under the data, left out.
        cut: lines under the data that begin as a row and hold nothing more, and their text.
        without_measure: lines that end before their measures, and how many cells they have.
        short: other lines with fewer cells than headings, and how many they have.
        long: lines with filled cells beyond the headings: a cell was cut in two.
        numbers: columns read as numbers at once instead of text.
    """

    row_count: int
    notes: tuple[tuple[int, str], ...] = ()
    cut: tuple[tuple[int, str], ...] = ()
    without_measure: tuple[tuple[int, int], ...] = ()
    short: tuple[tuple[int, int], ...] = ()
    long: tuple[tuple[int, int], ...] = ()
    numbers: frozenset[str] = frozenset()


def load(connection: duckdb.DuckDBPyConnection, contract: Contract, candidate: Candidate) -> Loaded:
    """Fill ``raw_rows``. Raises NotRegularError where a large file has to be read patiently."""
    if candidate.sheet.big:
        return _load_big(connection, contract, candidate)
    return _load_rows(connection, contract, candidate)


def _load_big(
    connection: duckdb.DuckDBPyConnection, contract: Contract, candidate: Candidate
) -> Loaded:
    big = candidate.sheet.big
    if big is None or candidate.scales or max(candidate.positions.values()) >= _width(candidate):
        raise NotRegularError
    numbers = frozenset(
        column.name
        for column in contract.columns
        if column.type in NUMBER_TYPES and column.name in candidate.positions
    )
    # Plain numbers are typed while the file is parsed, at a third of the cost; the first cell that
    # is none sends the whole file through text, where it is read or told.
    if not _scan(connection, candidate, big, numbers):
        numbers = frozenset()
        if not _scan(connection, candidate, big, numbers):
            raise NotRegularError
    row_count = connection.execute("select count(*) from raw").fetchall()[0][0]
    if row_count != big.line_count - (candidate.first_data_row - 1):
        raise NotRegularError
    if _has_blank_keys(connection, contract, candidate):
        raise NotRegularError
    connection.execute(
        "create temp view raw_rows as "
        f"select cast(rowid + {candidate.first_data_row} as integer) as source_row, * from raw"
    )
    return Loaded(row_count, numbers=numbers)


def _width(candidate: Candidate) -> int:
    return max(len(cells) for _, cells in candidate.sheet.rows)


def _scan(
    connection: duckdb.DuckDBPyConnection,
    candidate: Candidate,
    big: BigText,
    numbers: frozenset[str],
) -> bool:
    """Fill ``raw`` with DuckDB's own reader; whether every line fits."""
    types = {f"c{position}": "VARCHAR" for position in range(_width(candidate))}
    types |= {f"c{candidate.positions[name]}": "DOUBLE" for name in numbers}
    picked = ", ".join(
        [
            *(f'c{position} as "{name}"' for name, position in candidate.positions.items()),
            *(
                "'" + text.replace("'", "''") + f'\' as "{name}"'
                for name, (text, _) in candidate.constants.items()
            ),
        ]
    )
    try:
        connection.execute(
            f"create or replace temp table raw as select {picked} from read_csv("
            "$path, auto_detect = false, header = false, columns = $types, delim = $separator, "
            "quote = '\"', escape = '\"', skip = $skipped, strict_mode = true, "
            "null_padding = false, max_line_size = 4000000)",
            {
                "path": str(big.path),
                "types": types,
                "separator": big.separator,
                "skipped": candidate.first_data_row - 1,
            },
        )
    except duckdb.Error:
        return False
    if not numbers:
        return True
    finite = " and ".join(f'coalesce(bool_and(isfinite("{name}")), true)' for name in numbers)
    return bool(connection.execute(f"select {finite} from raw").fetchall()[0][0])


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
    rows, notes = _without_notes_of_sheets(rows, candidate)
    width = max(candidate.positions.values()) + 1
    heading_count = _heading_count(candidate)
    columns: dict[str, list[str]] = {name: [] for name in candidate.positions}
    lines: list[int] = []
    measures = _measure_positions(contract, candidate)
    without_measure: list[tuple[int, int]] = []
    short: list[tuple[int, int]] = []
    long: list[tuple[int, int]] = []
    # The year of a sheet is no cell of its lines.
    added = 1 if candidate.parts else 0
    for line, cells in rows:
        if len(cells) < width:
            is_cut = len(cells) <= max(measures) and not any(
                cells[at] for at in measures if at < len(cells)
            )
            (without_measure if is_cut else short).append((line, len(cells) - added))
            cells = cells + [""] * (width - len(cells))
        elif len(cells) > heading_count and any(cells[heading_count:]):
            long.append((line, len(cells) - added))
        lines.append(line)
        for name, position in candidate.positions.items():
            columns[name].append(cells[position])
    for name, scale in candidate.scales.items():
        if scale is not None:
            is_whole = contract.column(name).type == "integer"
            columns[name] = [scaled(cell, scale, is_whole) for cell in columns[name]]
    columns |= {name: [text] * len(lines) for name, (text, _) in candidate.constants.items()}
    table = pa.table(
        {"source_row": pa.array(lines, pa.int32())}
        | {name: pa.array(cells, pa.string()) for name, cells in columns.items()}
    )
    connection.register("raw_arrow", table)
    connection.execute("create temp table raw_rows as select * from raw_arrow")
    connection.unregister("raw_arrow")
    cut = tuple(note for note in notes if _begins_a_row(contract, note[1]))
    return Loaded(
        len(lines),
        notes=tuple(note for note in notes if note not in cut),
        cut=cut,
        without_measure=tuple(without_measure),
        short=tuple(short),
        long=tuple(long),
    )


def _measure_positions(contract: Contract, candidate: Candidate) -> list[int]:
    """Where the cells stand of which a row needs one at least: its measures, else its key."""
    needed = contract.any_of or [
        column.name
        for column in contract.columns
        if column.required and column.type in NUMBER_TYPES
    ]
    found = [candidate.positions[name] for name in needed if name in candidate.positions]
    return found or [candidate.positions[name] for name in contract.key]


def _begins_a_row(contract: Contract, text: str) -> bool:
    """Whether a lone cell names a caisse: a row cut after its first cell, or in one cell whole."""
    columns = [column for column in contract.columns if column.type in {"caisse", "territory"}]
    starts = {text, *(text.split(separator)[0].strip() for separator in SEPARATORS)} - {""}
    return any(
        found.value is not None for column in columns for found in read_values(column, starts)
    )


def _heading_count(candidate: Candidate) -> int:
    """Cells of the heading up to the last filled one; a phantom last column doesn't count."""
    count = max(candidate.positions.values()) + 1
    for line, cells in candidate.sheet.rows:
        if candidate.header_row <= line < candidate.first_data_row:
            filled = [at for at, cell in enumerate(cells, 1) if cell]
            count = max(count, *filled) if filled else count
    return count


def _without_notes_of_sheets(
    rows: list[tuple[int, Cells]], candidate: Candidate
) -> tuple[list[tuple[int, Cells]], list[tuple[int, str]]]:
    """The rows without the notes under them; under each sheet's where several are read together."""
    if not candidate.parts:
        return _without_notes(rows, len(candidate.columns))
    kept: list[tuple[int, Cells]] = []
    notes: list[tuple[int, str]] = []
    for _, of_sheet in groupby(rows, key=lambda row: row[0] // LINES_APART):
        own = list(of_sheet)
        # The year was put before every line, notes too.
        sent = [(line, cells[1:]) for line, cells in own]
        under, told = _without_notes(sent, len(candidate.columns))
        kept += own[: len(under)]
        notes += told
    return kept, notes


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
