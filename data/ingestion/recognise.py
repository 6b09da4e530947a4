"""Which contract a received file follows, on which sheet, under which headings."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache, lru_cache

from data.contracts.model import NUMBER_TYPES, Column, Contract, contracts
from data.ingestion.heading_units import (
    another_sense,
    plain_heading,
    said_above,
    scale_of,
    speaks_of_money,
)
from data.ingestion.numbers import read_number
from data.ingestion.read import Cells, Received, Sheet
from data.ingestion.unfold import LINES_APART, told, unfold

HEADING_LINES = 30
CLOSE_SCORES = 0.05
ENOUGH_TO_NAME_A_CONTRACT = 0.5
_PARENTHESES = re.compile(r"\([^)]*\)|\[[^\]]*\]")
_YEAR = re.compile(r"(?:19|20)\d{2}")
_ELSEWHERE = ", ou dites-la une fois au-dessus du tableau ou dans le nom du fichier"
_UNIT_TAIL = re.compile(r"\b(?:en|pct) .{1,40}$|\bpct$")


@dataclass(frozen=True)
class Candidate:
    """One contract set against one line of headings.

    ``score`` is in [0, 1]: columns of the contract found, required ones counting twice.
    ``mapping``: contract column → heading as the file writes it; ``positions``: → cell (from 0).
    ``constants``: column → (text, where) that the file says once for all its rows. ``headings``:
    of a wide table that was unfolded, those of the rows numbered ``LINES_APART * k`` and more;
    ``notes`` are then its lines that are no rows and ``scale`` what its numbers were multiplied by.
    ``scales``: column → what its cells are to be multiplied by, by its heading or, where
    ``is_scaled_above``, by a title above the table; null where several columns may be meant.
    ``whole_sheet``: of a table that was unfolded, the sheet as it was. ``parts``: of sheets read
    together, each; lines of the k-th, from 0, are numbered ``LINES_APART * k`` and more.
    """

    contract: str
    score: float
    sheet: Sheet
    header_row: int
    first_data_row: int
    mapping: dict[str, str]
    positions: dict[str, int]
    missing: tuple[str, ...]
    unmapped: tuple[str, ...]
    doubled: tuple[tuple[str, str], ...] = ()
    constants: dict[str, tuple[str, str]] = field(default_factory=dict)
    headings: tuple[str, ...] = ()
    notes: tuple[tuple[int, str], ...] = ()
    scale: int = 1
    scales: dict[str, int | None] = field(default_factory=dict)
    is_scaled_above: bool = False
    whole_sheet: Sheet | None = None
    parts: tuple[Candidate, ...] = ()

    @property
    def columns(self) -> tuple[str, ...]:
        """The contract's columns that the file holds, or says once."""
        return *self.positions, *self.constants

    def line(self, row: int) -> int:
        """The line in the file, as a person counts it, of a numbered row."""
        return row % LINES_APART if self.headings or self.parts else row

    def sheet_name(self, row: int | None) -> str | None:
        """The sheet that a numbered row stands on."""
        return self.parts[(row or 0) // LINES_APART].sheet.name if self.parts else self.sheet.name

    def heading(self, column: str, row: int | None) -> str | None:
        """What the file writes over a cell; null for a column that it doesn't have."""
        place = 0 if self.parts else (row or 0) // LINES_APART
        if place and self.is_unfolded(column):
            return self.headings[place - 1]
        return self.mapping.get(column)

    def is_unfolded(self, column: str) -> bool:
        """Whether its cells came from the headings of a wide table, or stood under them."""
        *_, span = self.mapping.values()
        return bool(self.headings) and self.mapping.get(column) == span


@dataclass(frozen=True)
class ReadingChoice:
    """How a person wants a file read, where that is not how it would be recognised.

    ``contract``, ``sheet`` and ``header_row`` (line as a person counts) are null where recognition
    decides. ``headings``: contract → heading as files write it → column that it stands for; they
    come before the contract's own synonyms.
    """

    contract: str | None = None
    sheet: str | None = None
    header_row: int | None = None
    headings: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def columns(self, contract: str) -> dict[str, str]:
        """Column by the form of each heading confirmed for a contract."""
        return {
            form: column
            for heading, column in self.headings.get(contract, {}).items()
            for form in forms(heading)[:1]
        }

    def sheets(self, received: Received) -> tuple[Sheet, ...]:
        """The sheets to look at: the one asked for, or all, those that a person sees first."""
        asked = tuple(sheet for sheet in received.sheets if sheet.name == self.sheet)
        return asked or tuple(sorted(received.sheets, key=lambda sheet: sheet.is_hidden))


AS_RECOGNISED = ReadingChoice()


@dataclass(frozen=True)
class Recognition:
    """What was recognised. ``chosen`` is null when nothing fits or several contracts do.

    ``reason``: one French sentence saying why this one, or why none. ``rule``: null when a
    contract was recognised, else ``unrecognised`` or ``ambiguous``. ``twins``: other sheets that
    follow the same contract and are not read.
    """

    chosen: Candidate | None
    reason: str
    candidates: tuple[Candidate, ...]
    rule: str | None = None
    twins: tuple[Candidate, ...] = ()


def recognise(
    received: Received,
    forced: str | None = None,
    file_name: str = "",
    choice: ReadingChoice = AS_RECOGNISED,
) -> Recognition:
    """The contract, sheet and headings that fit the file best.

    Args:
        received: the file as read.
        forced: name of the only contract to try. Raises KeyError where there is no such contract.
        file_name: may say what no column does, where the contract lets it.
        choice: the sheet, the line of headings and the headings that a person told.
    """
    tried = [contracts()[forced]] if forced else list(contracts().values())
    sheets = choice.sheets(received)
    best = [_best(sheets, contract, file_name, choice) for contract in tried]
    candidates = sorted(
        (found for found in best if found),
        key=lambda found: (not found.missing, found.score, -len(found.unmapped)),
        reverse=True,
    )
    complete = [found for found in candidates if not found.missing]
    if complete:
        return _among_complete(complete, tuple(candidates), received, file_name)
    # A wide table that was unfolded has its form: what it lacks is worth telling.
    if candidates and (forced or candidates[0].headings or _is_near(candidates[0])):
        nearest = candidates[0]
        why = "imposé" if forced else "le plus proche"
        return Recognition(
            nearest,
            f"Contrat « {contracts()[nearest.contract].title} » ({why}) : il manque "
            f"{_listed(_titles(nearest.contract, nearest.missing))} parmi les titres de la "
            f"ligne {nearest.header_row}.",
            tuple(candidates),
        )
    told = _nothing_fits(received, forced, candidates)
    return Recognition(None, told, tuple(candidates), "unrecognised")


def _is_near(candidate: Candidate) -> bool:
    """Whether what the contract lacks is worth telling: its keys and a measure, or little else."""
    declared = contracts()[candidate.contract]
    has_measure = any(declared.column(name).type in NUMBER_TYPES for name in candidate.positions)
    is_foreign = len(candidate.unmapped) > len(candidate.positions) and not has_measure
    return candidate.score >= ENOUGH_TO_NAME_A_CONTRACT and not is_foreign


def _among_complete(
    complete: list[Candidate],
    candidates: tuple[Candidate, ...],
    received: Received,
    file_name: str,
) -> Recognition:
    first, *others = complete
    rivals = [other for other in others if first.score - other.score < CLOSE_SCORES]
    if rivals:
        names = [f"« {found.contract} »" for found in (first, *rivals)]
        return Recognition(
            None,
            f"les titres conviennent à plusieurs contrats : {_listed(names)}. Dites lequel avec "
            f"--contract (par exemple --contract {first.contract}).",
            candidates,
            "ambiguous",
        )
    twins = tuple(
        twin
        for sheet in received.sheets
        if sheet.name not in (None, first.sheet.name)
        and (twin := _best((sheet,), contracts()[first.contract], file_name))
        and not twin.missing
    )
    where = f"feuille « {first.sheet.name} », " if first.sheet.name else ""
    return Recognition(
        first,
        f"Contrat « {contracts()[first.contract].title} » reconnu aux titres de la ligne "
        f"{first.header_row} ({where}{len(first.mapping)} colonnes sur "
        f"{len(contracts()[first.contract].columns)} trouvées).",
        candidates,
        twins=twins,
    )


def _best(
    sheets: Iterable[Sheet],
    contract: Contract,
    file_name: str,
    choice: ReadingChoice = AS_RECOGNISED,
) -> Candidate | None:
    """The contract under its best line of headings, as a plain list or as a wide table."""
    listed = _best_list(sheets, contract, choice)
    found = [_completed(listed, contract, file_name)] if listed else []
    if contract.wide and not (found and not found[0].missing):
        wide = [_wide(sheet, contract, file_name, choice) for sheet in sheets]
        found += [_completed(one, contract, file_name) for one in wide if one]
    best = max(found, key=_rank, default=None)
    return _with_scales(best, contract) if best else None


def _with_scales(candidate: Candidate, contract: Contract) -> Candidate:
    """The candidate with the unit of its numbers, by their headings or by the titles above."""
    own = {
        name: scale_of(heading, contract.column(name))
        for name, heading in candidate.mapping.items()
        if not candidate.is_unfolded(name)
    }
    scales = {name: scale for name, scale in own.items() if scale != 1}
    if scales or candidate.scale > 1:
        return replace(candidate, scales=scales)
    head = [cells for line, cells in candidate.sheet.rows if line < candidate.header_row]
    factor = said_above([cell for cells in head for cell in cells if cell])
    measures = [contract.column(name) for name in candidate.positions]
    measures = [one for one in measures if one.type in {"integer", "number"}]
    if factor == 1 or not measures or any(speaks_of_money(one.unit or "") for one in measures):
        return candidate
    is_sure = len(measures) == 1 and measures[0].type == "integer"
    return replace(
        candidate,
        scales={one.name: int(factor) if is_sure else None for one in measures},
        is_scaled_above=True,
    )


def _completed(candidate: Candidate, contract: Contract, file_name: str) -> Candidate:
    """The candidate with what the file says once for all its rows."""
    if not contract.told:
        return candidate
    notes = candidate.notes or tuple(
        (line, cells[0]) for line, cells in candidate.sheet.rows if _filled_count(cells) == 1
    )
    constants = told(
        contract,
        candidate.sheet,
        candidate.header_row,
        candidate.positions,
        notes,
        file_name,
    )
    missing = tuple(name for name in candidate.missing if name not in constants)
    return replace(candidate, constants=constants, missing=missing)


def _wide(
    sheet: Sheet, contract: Contract, file_name: str, choice: ReadingChoice
) -> Candidate | None:
    accepted = {
        form: name for name, ranks in _accepted(contract.contract).items() for form in ranks
    } | choice.columns(contract.contract)

    def column_of(heading: str) -> str | None:
        for at, form in enumerate(forms(heading)):
            name = accepted.get(form)
            if name and not (at and another_sense(heading, contract.column(name))):
                return name
        return None

    found = unfold(contract, sheet, column_of, file_name)
    if found is None:
        return None
    # What stands around the table is looked for in the sheet as it was.
    head = [row for row in sheet.rows if row[0] < found.header_row]
    return Candidate(
        contract.contract,
        _score(contract, found.positions),
        replace(found.sheet, rows=[*head, *found.sheet.rows]),
        found.header_row,
        found.header_row + 1,
        found.mapping,
        found.positions,
        _missing(contract, found.positions),
        found.unmapped,
        doubled=found.doubled,
        headings=found.headings,
        notes=found.notes,
        scale=found.scale,
        whole_sheet=sheet,
    )


def _best_list(
    sheets: Iterable[Sheet], contract: Contract, choice: ReadingChoice
) -> Candidate | None:
    """The best line of headings for a contract; the first one where several are as good."""
    best: Candidate | None = None
    named = choice.columns(contract.contract)
    for sheet in sheets:
        head = sheet.head()[:HEADING_LINES]
        for index, (line, cells) in enumerate(head):
            if choice.header_row not in (None, line):
                continue
            found = _against(contract, sheet, line, line, cells, named)
            if index + 1 < len(head) and (best is None or best.missing):
                lower_line, lower = head[index + 1]
                for both in _two_lines(sheet, line, cells, lower):
                    over_two = _against(contract, sheet, line, lower_line, both, named)
                    if over_two and (found is None or over_two.score > found.score):
                        found = over_two
            if found and (best is None or _rank(found) > _rank(best)):
                best = found
    return best


def _rank(candidate: Candidate) -> tuple[bool, float, int]:
    return not candidate.missing, candidate.score, -len(candidate.unmapped)


def _two_lines(sheet: Sheet, line: int, upper: Cells, lower: Cells) -> list[Cells]:
    """Headings over two lines: joined, then the lower ones completed by the upper.

    A merged upper cell stands over all that it covers.
    """
    width = max(len(upper), len(lower))
    upper = upper + [""] * (width - len(upper))
    for row, first, last in sheet.merged:
        if row == line - 1:
            for column in range(first, min(last + 1, width)):
                upper[column] = upper[first]
    lower = lower + [""] * (width - len(lower))
    pairs = list(zip(upper, lower, strict=True))
    joined = [f"{top} {below}".strip() for top, below in pairs]
    completes = any(top and not below for top, below in pairs)
    return [joined, [below or top for top, below in pairs]] if completes else [joined]


def _against(
    contract: Contract,
    sheet: Sheet,
    line: int,
    last_line: int,
    cells: Cells,
    named: Mapping[str, str],
) -> Candidate | None:
    """The contract's columns found among these headings; null when fewer than two are.

    ``named``: column by the form of the headings that a person told.
    """
    headings = [forms(cell) for cell in cells]
    positions: dict[str, int] = {}
    for position, heading in enumerate(headings):
        told_column = named.get(heading[0]) if heading else None
        if told_column is not None:
            positions.setdefault(told_column, position)
    doubled: list[tuple[str, str]] = []
    for column in contract.columns:
        if column.name in positions:
            continue
        ranks = _accepted(contract.contract)[column.name]
        hits = sorted(
            (min(ranks[form] for form in heading if form in ranks), position)
            for position, heading in enumerate(headings)
            if position not in positions.values()
            and any(form in ranks for form in heading)
            and (heading[0] in ranks or not another_sense(cells[position], column))
        )
        if hits:
            positions[column.name] = hits[0][1]
            # A heading merged over a code and its name is no contradiction: the code comes first.
            if len(hits) > 1 and hits[0][0] == hits[1][0] and column.type != "zone":
                doubled.append((column.name, cells[hits[0][1]]))
    if len(positions) < 2:
        return None
    taken = set(positions.values())
    return Candidate(
        contract.contract,
        _score(contract, positions),
        sheet,
        line,
        last_line + 1,
        {name: cells[position] for name, position in positions.items()},
        positions,
        _missing(contract, positions),
        tuple(cell for at, cell in enumerate(cells) if cell and at not in taken),
        tuple(doubled),
    )


def _score(contract: Contract, positions: Iterable[str]) -> float:
    weights = {column.name: 2 if column.required else 1 for column in contract.columns}
    return sum(weights[name] for name in positions) / sum(weights.values())


def _missing(contract: Contract, positions: dict[str, int]) -> tuple[str, ...]:
    absent = [c.name for c in contract.columns if c.required and c.name not in positions]
    if contract.any_of and not any(name in positions for name in contract.any_of):
        absent.append(contract.any_of[0])
    return tuple(absent)


@lru_cache(maxsize=4096)
def forms(heading: str) -> tuple[str, ...]:
    """The forms under which a heading is looked up, the most faithful first."""
    whole = plain_heading(heading)
    if not whole:
        return ()
    bare = plain_heading(_PARENTHESES.sub(" ", heading))
    without_unit = _UNIT_TAIL.sub("", bare).strip()
    return tuple(dict.fromkeys(form for form in (whole, bare, without_unit) if form))


@cache
def _accepted(contract: str) -> dict[str, dict[str, int]]:
    """For each column, every accepted form of heading and its rank (0 is the usual one)."""
    return {
        column.name: {
            form: rank
            for rank, heading in reversed(list(enumerate((column.title, *column.headings))))
            for form in forms(heading)[:1]
        }
        for column in contracts()[contract].columns
    }


def missing_column_sentence(
    column: Column, may_be_told: bool = False, unmapped: Iterable[str] = ()
) -> str:
    """What to tell when a required column is absent.

    ``may_be_told``: once for the whole file. ``unmapped``: headings without a column, one of which
    may only look like it.
    """
    accepted = ", ".join(f"« {heading} »" for heading in column.headings[:6])
    known = {form for heading in (column.title, *column.headings) for form in forms(heading)[:1]}
    near = [
        f" Le titre « {' '.join(heading.split())} » n’est pas pris pour elle, à cause de "
        f"« {sense} » : renommez-le s’il s’agit bien d’elle."
        for heading in unmapped
        if known & set(forms(heading)) and (sense := another_sense(heading, column))
    ]
    return (
        f"la colonne obligatoire « {column.title} » manque. Ajoutez-la sous l’un de ces titres : "
        f"{accepted}{_ELSEWHERE if may_be_told else ''}.{''.join(near[:1])}"
    )


def _titles(contract: str, names: Iterable[str]) -> list[str]:
    return [f"« {contracts()[contract].column(name).title} »" for name in names]


def _listed(words: list[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} et {words[-1]}"


def _nothing_fits(received: Received, forced: str | None, candidates: Sequence[Candidate]) -> str:
    told = _headings_seen(received)
    refusal = (
        f"aucune ligne de titres ne convient au contrat « {forced} »"
        if forced
        else f"aucun des {len(contracts())} modèles de fichier ne convient"
    )
    nearest = ""
    if candidates and not forced:
        first = candidates[0]
        lacks = _listed(_titles(first.contract, first.missing))
        nearest = (
            f" Le plus proche est « {contracts()[first.contract].title} », où il manquerait "
            f"{lacks}."
        )
    return (
        f"{refusal}.{told}{nearest} Prenez le modèle de fichier du contrat voulu, renommez les "
        "colonnes, ou n’envoyez pas ce fichier s’il n’est pas attendu ici."
    )


def likely_heading(received: Received) -> tuple[Sheet, int] | None:
    """The line that most looks like headings: nearly as full as the fullest, without figures."""
    lines = [
        (sheet, line, cells)
        for sheet in received.sheets
        for line, cells in sheet.head()[:HEADING_LINES]
    ]
    if not lines:
        return None
    most = max(_filled_count(cells) for _, _, cells in lines)
    at = next(at for at, (_, _, cells) in enumerate(lines) if _filled_count(cells) >= most * 0.8)
    above = lines[at - 1] if at and lines[at - 1][0] is lines[at][0] else None
    # Data right under a heading whose first cell is blank: the heading is the line above.
    if above and _has_figures(lines[at][2]) and _filled_count(above[2]) >= most * 0.5:
        return above[0], above[1]
    return lines[at][0], lines[at][1]


def _filled_count(cells: Cells) -> int:
    return sum(map(bool, cells))


def _has_figures(cells: Cells) -> bool:
    """Whether a cell is a number other than a year, which headings may be."""
    return any(
        read_number(cell).value is not None and not _YEAR.fullmatch(cell) for cell in cells if cell
    )


def _headings_seen(received: Received) -> str:
    found = likely_heading(received)
    if found is None:
        return ""
    sheet, line = found
    names = [
        f"« {' '.join(cell.split())[:40]} »" for cell in dict(sheet.head())[line] if cell.strip()
    ]
    more = f" et {len(names) - 8} autres" if len(names) > 8 else ""
    return f" Titres vus : {', '.join(names[:8])}{more}."
