"""What each caisse sent of each month: the matrix, its finding, its legend, its rows for a file."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

import pandas as pd

from data.ingestion.refusals import Refusal
from figures.formats import (
    ABSENT,
    MONTHS,
    SHORT_MONTHS,
    counted,
    french_key,
    listed,
    long_date,
    month_name,
    number,
)
from figures.grammar import capitalised, named, typeset
from figures.markup import attributes, table, text
from figures.status import StatusWord
from indicators.collection import STATES, Cell, State, worst

LATE: State = "late"
WORDS: Mapping[State, StatusWord] = {
    "late": StatusWord("▼", "En retard", "unf"),
    "refused": StatusWord("✕", "Refusé", "unf"),
    "provisional": StatusWord("◐", "Provisoire", "neu"),
    "awaited": StatusWord("○", "À venir", "neu"),
    "received": StatusWord("✓", "Reçu", "fav"),
    "not_expected": StatusWord("–", "Rien attendu", "neu"),
}
TINTS: Mapping[State, str] = {
    "late": "u2",
    "refused": "u3",
    "provisional": "c0",
    "awaited": "w0",
    "received": "f1",
    "not_expected": "n0",
}


@dataclass(frozen=True)
class ContractWords:
    """A contract that caisses send, as readers name it.

    Attributes:
        short: its short name.
        sent: what is sent, in the plural.
        expected: *expected*, agreeing with it.
        unit: what its items are called one by one; empty where there is one alone.
        is_zero_told: whether a month without anything is sent as zero.
    """

    short: str
    sent: str
    expected: str
    unit: str
    is_zero_told: bool


CONTRACTS: Mapping[str, ContractWords] = {
    "cpg": ContractWords("CPG", "résultats du CPG", "attendus", "indicateur", False),
    "adhesions": ContractWords("Adhésions", "adhésions aux programmes", "attendues", "volet", True),
    "msap": ContractWords("MSAP", "demandes de MSAP", "attendues", "", True),
}


@dataclass(frozen=True)
class LastExtract:
    """The latest extract that still gives figures of a caisse; ``last_month`` is its last one."""

    file_name: str
    who: str
    received_at: str
    last_month: date


@dataclass(frozen=True)
class SenderRow:
    """One caisse's year for one contract.

    Attributes:
        code: of the caisse; of the department where the caisse of an establishment is not known.
        group: code of its region.
        cells: the twelve months.
        last: the latest extract received of it, of any year.
        refusals: refused files of the year that nothing has replaced, or of no known month.
    """

    code: str
    name: str
    group: str
    cells: tuple[Cell, ...]
    last: LastExtract | None = None
    refusals: tuple[Refusal, ...] = ()

    @property
    def is_expected(self) -> bool:
        """Whether anything is expected of it in the year, or was received."""
        return any(cell.state != "not_expected" for cell in self.cells)

    @property
    def open_cells(self) -> tuple[Cell, ...]:
        """The months that it is to be reminded of."""
        return tuple(cell for cell in self.cells if cell.is_open)

    def has(self, state: str) -> bool:
        """Whether one of its months is in that state; what was refused is late too."""
        return any(cell.state == state or (cell.is_open and state == LATE) for cell in self.cells)


@dataclass(frozen=True)
class Tally:
    """What a matrix comes to: caisses and months by state."""

    expected: int
    late: tuple[str, ...]
    cells: Mapping[State, int]
    senders: Mapping[State, int]
    provisional_months: int
    refused_files: int

    @classmethod
    def of(cls, rows: Sequence[SenderRow]) -> Tally:
        """Count rows; those of whom nothing is expected count as such alone."""
        late = [row for row in rows if row.open_cells]
        late.sort(key=lambda row: (-len(row.open_cells), french_key(row.name)))
        cells = Counter(cell.state for row in rows for cell in row.cells)
        provisional = {c.month for row in rows for c in row.cells if c.state == "provisional"}
        refused = {(one.file_name, one.received_at) for row in rows for one in row.refusals}
        return cls(
            expected=sum(row.is_expected for row in rows),
            late=tuple(row.name for row in late),
            cells={state: cells.get(state, 0) for state in STATES},
            senders={
                state: sum(any(cell.state == state for cell in row.cells) for row in rows)
                for state in STATES
            },
            provisional_months=len(provisional),
            refused_files=len(refused),
        )


def of_month(rows: Sequence[SenderRow], month: int) -> list[SenderRow]:
    """The rows cut down to one month (1 to 12), with the refused files that speak of it."""
    return [
        replace(
            row,
            cells=(row.cells[month - 1],),
            refusals=tuple(one for one in row.refusals if one.month == row.cells[month - 1].month),
        )
        for row in rows
    ]


def finding(
    rows: Sequence[SenderRow], contract: str, year: int, today: date, month: int | None = None
) -> str:
    """How many caisses are late on the day looked at, who first, what is provisional or refused.

    ``month`` (1 to 12) speaks of it alone.
    """
    if month is not None:
        rows = of_month(rows, month)
    tally, short = Tally.of(rows), CONTRACTS[contract].short
    day = long_date(today)
    if month is not None:
        short = f"{short}, {MONTHS[month - 1]}"
    if not tally.expected:
        return typeset(f"{short} {year} : rien n’est attendu de {_whom(rows)}")
    also = _also(tally)
    if tally.expected == 1 and len(rows) == 1:
        (row,) = rows
        months = len(row.open_cells)
        state = f"{counted(months, 'mois', 'mois')} en retard" if months else "rien en retard"
        return typeset(f"{short} {year}, {row.name} : {state} au {day}{also}")
    if not tally.late:
        said = f"{counted(tally.expected, 'caisse')} à jour au {day}"
        return typeset(f"{short} {year} : {said}{also}")
    count = f"{counted(len(tally.late), 'caisse')} sur {number(tally.expected)}"
    names = f" : {named(list(tally.late))}" if len(tally.late) < tally.expected else ""
    also = "" if month is not None and not tally.refused_files else also
    return typeset(f"{short} {year} : {count} en retard au {day}{names}{also}")


def _whom(rows: Sequence[SenderRow]) -> str:
    return rows[0].name if len(rows) == 1 else "ces caisses"


def _also(tally: Tally) -> str:
    said = []
    if tally.refused_files:
        said.append(counted(tally.refused_files, "fichier refusé", "fichiers refusés"))
    if tally.provisional_months:
        months = tally.provisional_months
        said.append(counted(months, "mois provisoire", "mois provisoires"))
    return "".join(f" ; {one}" for one in said)


def matrix(
    rows: Sequence[SenderRow],
    groups: Mapping[str, str],
    sizes: Mapping[str, int],
    caption: str,
    chosen: tuple[str | None, int | None],
    late: Sequence[SenderRow],
) -> str:
    """The matrix as an HTML table and grid: a cell is chosen by a click, or by arrows and Enter.

    The heading of a month chooses it for all caisses, and says how many of them are late of it.

    Args:
        rows: the caisses shown, in order; those of one group lie together.
        groups: names of the groups by code, each headed by a line of its own; empty for none.
        sizes: how many caisses each group holds, those that a filter leaves out included.
        caption: what the table shows, said before it.
        chosen: code of the caisse and month (1 to 12) looked at.
        late: all caisses of the perimeter, that the late ones of a month are counted among.
    """
    body = []
    former = None
    for row in rows:
        if groups and row.group != former:
            former = row.group
            own = [one for one in rows if one.group == former]
            body.append(_group(former, groups[former], own, sizes.get(former, len(own))))
        body.append(_row(row, chosen))
    month_chosen = chosen[1] if chosen[0] is None else None
    heads = "".join(_month_head(place, month_chosen, late) for place in range(1, len(MONTHS) + 1))
    return (
        f'<div class="v-scroll v-boardbox" role="region" aria-label="{text(caption)}">'
        '<table class="v-collect" role="grid" data-grid>'
        f"<caption>{text(caption)}</caption>"
        f'<thead><tr><th scope="col" class="corner">Caisse</th>{heads}</tr></thead>'
        f"<tbody>{''.join(body)}</tbody></table></div>"
    )


def _month_head(month: int, chosen: int | None, rows: Sequence[SenderRow]) -> str:
    """The heading of a month, a button where several caisses may be looked at."""
    name, short = MONTHS[month - 1], SHORT_MONTHS[month - 1]
    if len(rows) < 2:
        return f'<th scope="col" title="{name}">{short}</th>'
    count = sum(row.cells[month - 1].is_open for row in rows)
    said = f"{name} : {counted(count, 'caisse')} en retard" if count else f"{name} : aucun retard"
    line = "underline" if month == chosen else "none"
    return (
        f'<th scope="col"><button type="button" data-act="month" data-m="{month}" '
        f'style="justify-content:center;text-decoration:{line}" '
        f'title="{text(said)}" aria-label="{text(said)}"'
        f"{attributes(aria_pressed='true' if month == chosen else None)}>"
        f"<span>{short}</span></button></th>"
    )


def _group(code: str, name: str, rows: Sequence[SenderRow], size: int) -> str:
    """One line for a region: how many of its caisses are late of each month."""
    shown = counted(size, "caisse")
    many = shown if len(rows) == size else f"{number(len(rows))} sur {shown}"
    cells = []
    for place in range(len(MONTHS)):
        own = [row.cells[place] for row in rows]
        late = sum(cell.is_open for cell in own)
        state = worst(cell.state for cell in own)
        word = WORDS[state]
        said = f"{counted(late, 'caisse')} en retard" if late else word.word.lower()
        sign = f"{number(late)} {WORDS['late'].icon}" if late else word.icon
        css = TINTS["late"] if late else TINTS[state]
        cells.append(f'<td class="{css}" data-m="{place + 1}" aria-label="{said}">{sign}</td>')
    head = (
        f'<th scope="row"><button type="button" data-act="drill" title="Ouvrir : {text(name)}">'
        f"<span>{text(name)}</span><small>{many}</small></button></th>"
    )
    return f'<tr class="total" data-t="{text(code)}">{head}{"".join(cells)}</tr>'


def _row(row: SenderRow, chosen: tuple[str | None, int | None]) -> str:
    is_chosen = row.code == chosen[0]
    mark = (
        f'<small class="unf">✕ {counted(len(row.refusals), "refus", "refus")}</small>'
        if any(one.month is None for one in row.refusals)
        else ""
    )
    head = (
        '<th scope="row"><button type="button" data-act="territory" '
        f'title="Ce qui manque : {text(row.name)}"><span>{text(row.name)}</span>{mark}</button>'
        "</th>"
    )
    cells = "".join(_cell(cell, is_chosen and chosen[1] == cell.month.month) for cell in row.cells)
    css = attributes(class_="here" if is_chosen else None)
    return f'<tr data-t="{text(row.code)}"{css}>{head}{cells}</tr>'


def _cell(cell: Cell, is_chosen: bool) -> str:
    """One cell: its sign, and how many items lack where some came; its words are read aloud."""
    shown = WORDS[cell.state].icon
    if cell.is_partial and cell.state != "awaited":
        shown += f"<small>{cell.received_count}/{cell.expected_count}</small>"
    chosen = ' aria-selected="true" tabindex="0"' if is_chosen else ""
    return (
        f'<td class="{TINTS[cell.state]}" data-m="{cell.month.month}" '
        f'aria-label="{state_words(cell)}"{chosen}>{shown}</td>'
    )


def state_words(cell: Cell) -> str:
    """The state in words: ``en retard de 31 jours, 12 reçus sur 21``."""
    said = WORDS[cell.state].word.lower()
    if cell.state == "late":
        said += f" de {counted(cell.overdue, 'jour')}"
    if cell.state == "awaited" and cell.due is not None:
        said = f"attendu le {long_date(cell.due)}"
    if cell.is_partial:
        said += f", {cell.received_count} sur {cell.expected_count} reçus"
    return said


def legend(rows: Sequence[SenderRow]) -> str:
    """What the signs mean, and how many months of how many caisses bear each."""
    tally = Tally.of(rows)
    words = "".join(
        f'<span><i class="{WORDS[state].hue}" aria-hidden="true">{WORDS[state].icon}</i> '
        f"{text(_legend_words(state, tally))}</span>"
        for state in STATES
    )
    if any(cell.is_partial for row in rows for cell in row.cells):
        words += "<span><small>12/21</small> reçus sur attendus, où une partie est arrivée</span>"
    return f'<p class="v-legend">{words}</p>'


def _legend_words(state: State, tally: Tally) -> str:
    cells, senders = tally.cells[state], tally.senders[state]
    if not cells:
        return f"{WORDS[state].word} : aucun"
    count = counted(cells, "mois", "mois")
    return f"{WORDS[state].word} : {count} ({counted(senders, 'caisse')})"


def overview(
    by_contract: Mapping[str, Sequence[SenderRow]], chosen: str, name: str, caption: str
) -> str:
    """The contracts side by side: who is up to date, late, refused; each opens its matrix.

    ``name`` is the address' parameter that a contract is chosen by.
    """
    rows = []
    for contract, known in by_contract.items():
        tally = Tally.of(known)
        label = capitalised(CONTRACTS[contract].sent)
        button = (
            f'<button type="button" class="link" data-act="choose" data-name="{text(name)}" '
            f'data-value="{text(contract)}"'
            f"{attributes(aria_current='true' if contract == chosen else None)}>"
            f"{text(label)}</button>"
        )
        rows.append(
            (
                button,
                number(tally.expected),
                _signed("received", tally.expected - len(tally.late)),
                _late_button(contract, len(tally.late)),
                number(tally.cells["late"] + tally.cells["refused"]),
                _signed("refused", tally.refused_files),
                number(tally.provisional_months),
                text(_last_words(known)),
            )
        )
    headings = (
        "Contrat",
        "Caisses attendues",
        "À jour",
        "En retard",
        "Mois en retard",
        "Fichiers refusés",
        "Mois provisoires",
        "Dernier mois reçu",
    )
    return table(caption, headings, rows, (1, 2, 3, 4, 5, 6), is_stacked=True)


def _signed(state: State, count: int) -> str:
    if not count:
        return "0"
    return f'<span class="{WORDS[state].hue}">{WORDS[state].icon} {number(count)}</span>'


def _late_button(contract: str, count: int) -> str:
    """The late caisses of a contract; a click shows them alone."""
    if not count:
        return "0"
    said = f"Voir {counted(count, 'caisse')} en retard : {CONTRACTS[contract].short}"
    return (
        f'<button type="button" class="link" data-act="late" data-t="{text(contract)}" '
        f'aria-label="{text(said)}">{_signed("late", count)}</button>'
    )


def _last_words(rows: Iterable[SenderRow]) -> str:
    if not any(row.is_expected for row in rows):
        return ABSENT
    months = [cell.month for row in rows for cell in row.cells if cell.received_count]
    return month_name(max(months)) if months else "aucun de l’année"


def overview_finding(by_contract: Mapping[str, Sequence[SenderRow]], year: int, today: date) -> str:
    """How many caisses are late, contract by contract."""
    day = long_date(today)
    late = {_the(name): Tally.of(rows) for name, rows in by_contract.items()}
    months = {name: tally.cells["late"] + tally.cells["refused"] for name, tally in late.items()}
    is_one = max(len(rows) for rows in by_contract.values()) == 1
    said = [
        f"{counted(months[name], 'mois', 'mois') if is_one else _caisses(tally)} pour {name}"
        for name, tally in late.items()
        if tally.late
    ]
    if not said:
        return typeset(f"Envois de {year} : aucun retard au {day}")
    return typeset(f"Envois de {year}, en retard au {day} : {listed(said)}")


def _caisses(tally: Tally) -> str:
    return counted(len(tally.late), "caisse")


def _the(contract: str) -> str:
    return {"cpg": "le CPG", "adhesions": "les adhésions", "msap": "les MSAP"}[contract]


def matrix_records(
    by_contract: Mapping[str, Sequence[SenderRow]],
    titles: Mapping[str, str],
    groups: Mapping[str, str],
) -> pd.DataFrame:
    """The matrix as flat rows for a file: one per contract, caisse and month, words included."""
    found = []
    for contract, rows in by_contract.items():
        for row in rows:
            for cell in row.cells:
                refused = [one for one in row.refusals if one.month == cell.month]
                found.append(
                    {
                        "contrat": contract,
                        "region": groups.get(row.group, ""),
                        "caisse_code": row.code,
                        "caisse": row.name,
                        "mois": f"{cell.month:%Y-%m}",
                        "etat": WORDS[cell.state].word,
                        "elements_attendus": cell.expected_count,
                        "elements_recus": cell.received_count,
                        "elements_provisoires": cell.provisional_count,
                        "attendu_le": cell.due.isoformat() if cell.due else "",
                        "jours_de_retard": cell.overdue,
                        "il_manque": ", ".join(titles.get(m.code, m.code) for m in cell.missing),
                        "fichiers_refuses": ", ".join(one.file_name for one in refused),
                        "dernier_fichier_recu": row.last.file_name if row.last else "",
                    }
                )
    return pd.DataFrame(found)
