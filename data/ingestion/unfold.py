"""Wide tables as published → long rows: headings that are years or professions become values.

The forms are declared by a contract (``wide``). Nothing is computed but the unit that a heading
says (``en milliers``). What stands around the table is read here too: a year, a profession or a
scope that no column holds (``told``).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from data.contracts.model import NUMBER_TYPES, Column, Contract, Wide
from data.ingestion.numbers import read_number
from data.ingestion.read import Cells, Sheet
from data.reference.french_text import fold
from data.reference.professions import profession_said_in, read_profession
from data.reference.zone_reading import is_counted, read_zone

LINES_APART = 10_000_000
"""Rows made of one line are numbered so far apart, so that each stays one row of its own."""

HEADING_LINES = 30
ROWS_LOOKED_AT = 60
NOTES_LOOKED_AT = 10
LETTERS_LOOKED_AT = 500
SHARE_OF_ZONES = 0.6
FEWEST_PROFESSIONS = 2
SHORTEST_WORD = 4
WORDS_OF_ANYTHING = frozenset({"ensemble", "total", "tous", "all"})
"""Words that a choice may be written with in its own column, and that say nothing in a title."""

# A footnote's number is sometimes glued on: « au 1er janvier 20181 ».
_YEAR_IN_HEADING = re.compile(r"(?<!\d)((?:19|20)\d{2})(?:[.,]0+)?\d?(?!\d)")
# A density says « habitants » without giving them.
_PER_HEAD = re.compile(r"\bpour [\d ]+ hab(?:itants)?\b")
# « 2017 (p) », « 2017 (1) »: provisional, or a note.
_MARK_OF_A_YEAR = re.compile(r"(?:^| )(?:[a-cepr]|sd|\d|provisoire|revise|definitif|estimation)$")
_ISSUED = re.compile(
    r"\b(?:mise?s? a jour|maj|extrait\w*|extraction|export\w*|edite\w*|edition|publie\w*|"
    r"publication|paru\w*|consulte\w*|telecharge\w*|genere\w*|geographie|decoupage|version)\b"
    r"(?: (?!(?:19|20)\d\d\b)\w+){0,4} (?:19|20)\d{2}(?: \d{1,2}){0,2}\b"
)
_DAY = re.compile(r"\b(?:(?:19|20)\d{2} (\d{1,2}) (\d{1,2})|(\d{1,2}) (\d{1,2}) (?:19|20)\d{2})\b")
_YEAR_IN_TEXT = re.compile(r"(?<!\d)((?:19|20)\d{2})(?!\d)")
_UNITS = ((re.compile(r"\ben milliers\b"), 1_000), (re.compile(r"\ben millions\b"), 1_000_000))
_WHOLE = frozenset({"ensemble", "total", "tous", "toutes", "deux sexes", "les deux sexes"})
"""What stands over the columns that are those of everybody, among others."""

ColumnOf = Callable[[str], str | None]


@dataclass(frozen=True)
class Unfolded:
    """A wide table as long rows.

    ``sheet``: the rows made, numbered ``line + LINES_APART * k`` for the k-th value of the
    headings, k from 1. ``headings``: those of each k. ``notes``: lines under the headings that are
    no rows. ``scale``: what the cells were multiplied by, by their heading. ``doubled``:
    columns that several headings give the same value of, and that heading.
    """

    sheet: Sheet
    header_row: int
    mapping: dict[str, str]
    positions: dict[str, int]
    unmapped: tuple[str, ...]
    headings: tuple[str, ...]
    notes: tuple[tuple[int, str], ...]
    scale: int = 1
    doubled: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class _Heading:
    """One heading read as a value: its place, the value, the column that its cells belong to."""

    at: int
    value: str
    into: str
    text: str


def unfold(contract: Contract, sheet: Sheet, column_of: ColumnOf, said: str) -> Unfolded | None:
    """The table under the line whose headings hold most values of a declared form; null for none.

    Args:
        contract: whose ``wide`` forms are tried.
        sheet: the table of text.
        column_of: the contract's column that a heading names, null for none.
        said: what the file says outside of the sheet, its name.
    """
    if sheet.big:
        return None
    best: tuple[int, Wide, int, list[_Heading], dict[str, int], int] | None = None
    for wide in contract.wide:
        for index, (_, cells) in enumerate(sheet.rows[:HEADING_LINES]):
            mapped = _mapped(cells, column_of)
            if contract.column(wide.across).type == "profession":
                # « Spécialité » may stand over the zones, as the corner of a table does.
                mapped.pop(wide.across, None)
            if wide.across in mapped:
                continue
            headings = _over_measures(contract, wide, sheet, index, column_of)
            lines = 2 if headings else 1
            headings = headings or _values(contract, wide, sheet, index, column_of)
            headings = _of_everybody(headings, sheet, index, column_of)
            taken = {heading.at for heading in headings}
            mapped = {name: at for name, at in mapped.items() if at not in taken}
            if not headings or (best and len(headings) <= best[0]):
                continue
            if _with_zones(contract, sheet, index, taken, mapped) and _is_said(wide, sheet, said):
                best = len(headings), wide, index, headings, mapped, lines
    if best is None:
        return None
    _, wide, index, headings, mapped, lines = best
    zone_at = mapped[_zone_column(contract)]
    return _unfolded(sheet, wide, index, headings, mapped, zone_at, lines)


def _is_said(wide: Wide, sheet: Sheet, said: str) -> bool:
    if not wide.said_by:
        return True
    # Titles above the table, headings and first rows; then the notes under it.
    spoken = [*sheet.rows[:ROWS_LOOKED_AT], *sheet.rows[-NOTES_LOOKED_AT:]]
    texts = [said, sheet.name or "", *_cells_of(spoken)]
    words = f" {_PER_HEAD.sub(' ', ' '.join(fold(text) for text in texts))} "
    return any(f" {fold(word)} " in words for word in wide.said_by)


def _mapped(cells: Cells, column_of: ColumnOf) -> dict[str, int]:
    found: dict[str, int] = {}
    for at, cell in enumerate(cells):
        name = column_of(cell) if cell else None
        if name is not None:
            found.setdefault(name, at)
    return found


def _values(
    contract: Contract, wide: Wide, sheet: Sheet, index: int, column_of: ColumnOf
) -> list[_Heading]:
    """The headings of a line that are values of the form's column, in order."""
    cells, above = sheet.rows[index][1], _above(sheet, index)
    if contract.column(wide.across).type == "year":
        return [*_years(contract, wide, cells, column_of, _into(contract, wide, above))]
    into = _into(contract, wide, above)
    named = [(at, cell) for at, cell in enumerate(cells) if cell and column_of(cell) is None]
    known = [cell for _, cell in named if read_profession(cell).is_known]
    if len(known) < FEWEST_PROFESSIONS:
        return []
    rows = [row for _, row in sheet.rows[index + 1 : index + 1 + ROWS_LOOKED_AT]]
    return [_Heading(at, cell, into, cell) for at, cell in named if _has_numbers(rows, at)]


def _into(contract: Contract, wide: Wide, above: str) -> str:
    """The column that the cells belong to, by the words above the table."""

    def says(words: Sequence[str]) -> bool:
        return any(f" {fold(word)} " in f" {above} " for word in words)

    # A title that speaks of both is a title of counts: the other way counts would pass for rates.
    if says(contract.column(wide.into).headings):
        return wide.into
    return next((name for name, words in wide.into_when.items() if says(words)), wide.into)


def _over_measures(
    contract: Contract, wide: Wide, sheet: Sheet, index: int, column_of: ColumnOf
) -> list[_Heading]:
    """Values that stand each over several measures, on two lines of headings; none otherwise.

    A value stands over its own cell and the blank ones that follow.
    """
    if index + 1 >= len(sheet.rows):
        return []
    upper, lower = sheet.rows[index][1], sheet.rows[index + 1][1]
    found: list[_Heading] = []
    value = ""
    for at, cell in enumerate(lower):
        over = upper[at] if at < len(upper) else ""
        value = _value_of(contract, wide, over) if over else value
        measure = column_of(cell) if cell and value else None
        if measure is not None and contract.column(measure).type in NUMBER_TYPES:
            found.append(_Heading(at, value, measure, f"{value} {' '.join(cell.split())}"))
    return found if len(found) > 1 else []


def _of_everybody(
    headings: list[_Heading], sheet: Sheet, index: int, column_of: ColumnOf
) -> list[_Heading]:
    """Of headings that repeat (men, women, all), those under *Ensemble* or under their measure.

    All of them where the line above doesn't tell which.
    """
    if not _doubled(headings) or not index:
        return headings
    above = sheet.rows[index - 1][1]
    groups: list[str] = []
    for at in range(max(heading.at for heading in headings) + 1):
        told = above[at] if at < len(above) else ""
        groups.append(told or (groups[-1] if groups else ""))
    kept = [
        heading
        for heading in headings
        if fold(groups[heading.at]) in _WHOLE or column_of(groups[heading.at]) == heading.into
    ]
    return kept if kept and not _doubled(kept) else headings


def _doubled(headings: Sequence[_Heading]) -> tuple[tuple[str, str], ...]:
    """The column and the text of headings that say again what another one says."""
    seen: set[tuple[str, str]] = set()
    found: dict[str, str] = {}
    for heading in headings:
        if (heading.value, heading.into) in seen:
            found.setdefault(heading.into, heading.text)
        seen.add((heading.value, heading.into))
    return tuple(found.items())


def _value_of(contract: Contract, wide: Wide, heading: str) -> str:
    """The heading as a value of the form's column, empty where it is none."""
    if contract.column(wide.across).type == "year":
        years = _YEAR_IN_HEADING.findall(heading)
        return years[0] if len(years) == 1 else ""
    return heading if read_profession(heading).is_known else ""


def _has_numbers(rows: Sequence[Cells], at: int) -> bool:
    """Whether a column holds numbers, where it holds anything: a name beside a code does not."""
    told = [row[at] for row in rows if at < len(row) and row[at]]
    return not told or any(read_number(cell).value is not None for cell in told)


def _years(
    contract: Contract, wide: Wide, cells: Cells, column_of: ColumnOf, of_all: str
) -> Iterator[_Heading]:
    """Headings that hold one year, alone or beside the name of a measure.

    ``of_all``: the column that the cells under a lone year belong to.
    """
    found = []
    for at, cell in enumerate(cells):
        years = _YEAR_IN_HEADING.findall(cell)
        if len(years) != 1:
            continue
        rest = _without_unit(fold(_YEAR_IN_HEADING.sub(" ", cell))).removesuffix(" en")
        rest = _MARK_OF_A_YEAR.sub("", rest)
        into = column_of(rest) if rest else of_all
        if into is not None and contract.column(into).type in NUMBER_TYPES:
            found.append((_Heading(at, years[0], into, " ".join(cell.split())), bool(rest)))
    # A lone bare number under « 2018 » may be anything; two years, or a measure's name, are not.
    if len(found) > 1 or any(is_named for _, is_named in found):
        yield from (heading for heading, _ in found)


def _without_unit(rest: str) -> str:
    for unit, _ in _UNITS:
        rest = unit.sub("", rest).strip()
    return rest


def _with_zones(
    contract: Contract, sheet: Sheet, index: int, taken: set[int], mapped: dict[str, int]
) -> bool:
    """Whether the rows have a column of zones; one that no heading names is put in ``mapped``."""
    name = _zone_column(contract)
    if name in mapped:
        return True
    rows = [cells for _, cells in sheet.rows[index + 1 : index + 1 + ROWS_LOOKED_AT]]
    width = max((len(cells) for cells in rows), default=0)
    for at in range(width):
        told = [cells[at] for cells in rows if at < len(cells) and cells[at]]
        if at in taken or at in mapped.values() or len(told) < 2:
            continue
        zones = sum(read_zone(cell).code is not None for cell in told)
        if zones >= SHARE_OF_ZONES * len(told):
            mapped[name] = at
            return True
    return False


def _zone_column(contract: Contract) -> str:
    return next(c.name for c in contract.columns if c.type == "zone" and c.level is None)


def _unfolded(
    sheet: Sheet,
    wide: Wide,
    index: int,
    headings: list[_Heading],
    mapped: dict[str, int],
    zone_at: int,
    lines: int,
) -> Unfolded:
    header_row, cells = sheet.rows[index]
    values = list(dict.fromkeys(heading.value for heading in headings))
    intos = list(dict.fromkeys(heading.into for heading in headings))
    kept = {name: at for name, at in mapped.items() if name not in intos}
    scales = {heading.at: _scale(heading.text) for heading in headings}
    of_value = [[h for h in headings if h.value == value] for value in values]
    rows: list[tuple[int, Cells]] = []
    notes: list[tuple[int, str]] = []
    width = max(len(cells), zone_at + 1, *(heading.at + 1 for heading in headings))
    for line, row in sheet.rows[index + lines :]:
        row = row + [""] * (width - len(row))
        if not _is_row(row, headings, zone_at):
            notes.append((line, next(cell for cell in row if cell)))
            continue
        fixed = [row[at] for at in kept.values()]
        for place, (value, own) in enumerate(zip(values, of_value, strict=True), 1):
            by_into = {h.into: scaled(row[h.at], scales[h.at]) for h in own}
            measured = [by_into.get(into, "") for into in intos]
            rows.append((line + LINES_APART * place, [*fixed, value, *measured]))
    span = _span([heading.text for heading in headings])
    names = [*kept, wide.across, *intos]
    taken = {heading.at for heading in headings} | set(kept.values())
    return Unfolded(
        sheet=Sheet(sheet.name, rows),
        header_row=header_row,
        mapping={name: cells[at] if at < len(cells) else "" for name, at in kept.items()}
        | dict.fromkeys([wide.across, *intos], span),
        positions={name: at for at, name in enumerate(names)},
        unmapped=tuple(cell for at, cell in enumerate(cells) if cell and at not in taken),
        headings=tuple(own[0].text for own in of_value),
        notes=tuple(notes),
        scale=max(scales.values()),
        doubled=_doubled(headings),
    )


def _is_row(row: Cells, headings: Sequence[_Heading], zone_at: int) -> bool:
    """Whether a line has a number under the values, or a territory; a source, a ``TRUE`` has none.

    A territory whose cells are blank is one whose figures are missing, not a note.
    """
    if any(read_number(row[heading.at]).value is not None for heading in headings):
        return True
    return is_counted(read_zone(row[zone_at]).code or "")


def _scale(heading: str) -> int:
    return next((factor for unit, factor in _UNITS if unit.search(fold(heading))), 1)


def scaled(cell: str, scale: int, is_whole: bool = True) -> str:
    """The cell multiplied, as text; a cell that is no number as it is."""
    reading = read_number(cell)
    if scale == 1 or reading.value is None:
        return cell
    return str(round(reading.value * scale) if is_whole else round(reading.value * scale, 6))


def _span(headings: Sequence[str]) -> str:
    return headings[0] if len(headings) == 1 else f"{headings[0]} … {headings[-1]}"


def _above(sheet: Sheet, index: int) -> str:
    return fold(" ".join(_cells_of(sheet.rows[:index])))


def _cells_of(rows: Sequence[tuple[int, Cells]]) -> list[str]:
    """The filled cells of some lines, each cut where no title is as long."""
    return [cell[:LETTERS_LOOKED_AT] for _, cells in rows for cell in cells if cell]


def told(
    contract: Contract,
    sheet: Sheet,
    header_row: int,
    positions: Mapping[str, int],
    notes: Sequence[tuple[int, str]],
    file_name: str,
) -> dict[str, tuple[str, str]]:
    """What a file says once for all its rows: column → (text as read, where in French).

    The first place that speaks of one value only is believed: above the headings, the sheet's name,
    the file's, then the notes under the table, whose years are those of other things.
    """
    head = _cells_of([row for row in sheet.rows[:HEADING_LINES] if row[0] < header_row])
    places = [
        ("au-dessus du tableau", " ".join(head)),
        ("dans le nom de la feuille", sheet.name or ""),
        ("dans le nom du fichier", file_name),
        ("sous le tableau", " ".join(text for _, text in notes)),
    ]
    found = {}
    for name in contract.told:
        if name in positions:
            continue
        column = contract.column(name)
        for where, text in places[:3] if column.type == "year" else places:
            value = _said(column, text)
            if value is not None:
                found[name] = (value, where)
                break
    return found


def _without_days_of_issue(text: str) -> str:
    """The text without the days on which it was made, whose year is not that of its figures.

    The first and the last day of a year are days that figures are of.
    """
    text = _ISSUED.sub(" ", fold(text))
    return _DAY.sub(
        lambda day: day[0] if _bounds_a_year(day) else " ",
        text,
    )


def _bounds_a_year(day: re.Match[str]) -> bool:
    parts = {int(part) for part in day.groups() if part and len(part) < 3}
    return parts in ({1}, {12, 31})


def _said(column: Column, text: str) -> str | None:
    """The one value of the column that a text speaks of, null for none or several."""
    if not text:
        return None
    if column.type == "year":
        years = set(_YEAR_IN_TEXT.findall(_without_days_of_issue(text)))
        return years.pop() if len(years) == 1 else None
    if column.type == "profession":
        return profession_said_in(text)
    words = f" {fold(text)} "
    said = {
        value
        for value, names in column.choices.items()
        for name in (value, *names)
        if len(fold(name)) >= SHORTEST_WORD
        and fold(name) not in WORDS_OF_ANYTHING
        and f" {fold(name)} " in words
    }
    return said.pop() if len(said) == 1 else None
