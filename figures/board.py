"""The board: attainment by territory and objective, as a real table that reads aloud and prints."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import pandas as pd

from figures.corrections import CORRECTED
from figures.formats import (
    ABSENT,
    MONTHS,
    NARROW_SPACE,
    SHORT_MONTHS,
    as_date,
    attainment_number,
    attainment_percent,
    counted,
    known_float,
    month_name,
    number,
)
from figures.markup import attributes, text
from figures.objective import Objective
from figures.palette import tint_class
from figures.records import records
from figures.sentences import subject
from figures.status import HIDDEN, STATUSES, status_word
from indicators.few_patients import JUDGED, TOO_FEW
from indicators.suppression import SMALLEST_SHOWN, smallest_shown

WIDE_FROM = 13
"""Number of objectives from which the headings stand upright, so that all fit on one screen."""

SMALL_ICONS = {
    "attained": "▴",
    "close": "•",
    "behind": "▾",
    TOO_FEW: "◇",
    "not_applicable": ABSENT,
}
"""The statuses' icons at the size of a dense cell: text alone, since thousands may be shown."""

CELL_COLUMNS = (
    "territory_code",
    "territory_name",
    "indicator_code",
    "realised",
    "objective",
    "objective_to_date",
    "attainment",
    "attainment_to_date",
    "status",
    "is_open_year",
    "is_provisional",
    "senders_expected",
    "senders_received",
    "last_sent_month",
    "is_hidden",
    "is_corrected",
)

Cell = Mapping[str, Any]


@dataclass(frozen=True)
class BoardCells:
    """The cells of a board, found by territory and objective, and the order of the territories."""

    territories: tuple[tuple[str, str], ...]
    cells: Mapping[tuple[str, str], Cell]

    @classmethod
    def from_frame(cls, attainment: pd.DataFrame) -> BoardCells:
        """Read rows of ``cpg/attainment``; territories keep the frame's order."""
        rows = records(attainment, CELL_COLUMNS)
        names = {row["territory_code"]: row["territory_name"] for row in rows}
        cells = {(row["territory_code"], row["indicator_code"]): row for row in rows}
        return cls(tuple(names.items()), cells)

    def first(self, count: int | None) -> BoardCells:
        """The cells of the first ``count`` territories, or all."""
        return self if count is None else replace(self, territories=self.territories[:count])


@dataclass(frozen=True)
class BoardChoice:
    """What is chosen on the board, and what a click on a territory does."""

    territory: str | None = None
    indicator: str | None = None
    drills: bool = False
    drill_word: str = "Ouvrir"


def shown_attainment(cell: Cell) -> float | None:
    """The attainment that the status judges: to date while the year is open."""
    column = "attainment_to_date" if cell.get("is_open_year") else "attainment"
    return known_float(cell.get(column))


def board_table(
    rows: BoardCells,
    objectives: Sequence[Objective],
    caption: str,
    choice: BoardChoice,
    total: BoardCells | None = None,
    comparator: tuple[str, Mapping[str, float]] | None = None,
) -> str:
    """The board as an HTML table and grid: a cell is chosen by a click, or by arrows and Enter.

    Args:
        rows: one row per territory shown.
        objectives: columns, in order; those of one area lie together.
        caption: what the table shows, said before it.
        choice: the selected cell, and whether a territory opens the level below.
        total: the perimeter itself, as a first row (a roll-up, never a mean).
        comparator: its name and attainment (a proportion) by objective, as a last row.
    """
    is_wide = len(objectives) >= WIDE_FROM
    body = "".join(_row(code, name, rows, objectives, choice) for code, name in rows.territories)
    totals = ""
    if total is not None:
        totals = "".join(
            _row(code, name, total, objectives, BoardChoice(choice.territory, choice.indicator), 1)
            for code, name in total.territories
        )
    css = "v-board wide" if is_wide else "v-board"
    return (
        f'<div class="v-scroll v-boardbox" role="region" aria-label="{text(caption)}">'
        f'<table class="{css}" role="grid" data-grid data-part="cpg">'
        f"<caption>{text(caption)}</caption>{_head(objectives, choice, is_wide)}"
        f"<tbody>{totals}{body}</tbody>"
        f"{_foot(objectives, comparator)}</table></div>"
    )


def _head(objectives: Sequence[Objective], choice: BoardChoice, is_wide: bool) -> str:
    areas: list[tuple[str, int]] = []
    for objective in objectives:
        if areas and areas[-1][0] == objective.area:
            areas[-1] = (objective.area, areas[-1][1] + 1)
        else:
            areas.append((objective.area, 1))
    groups = "".join(_area_head(area, size) for area, size in areas)
    widths = f'<colgroup><col class="first"><col span="{len(objectives)}"></colgroup>'
    columns = "".join(_column_head(objective, choice, is_wide) for objective in objectives)
    corner = '<th scope="col" rowspan="2" class="corner">Territoire</th>'
    return (
        f'{widths}<thead><tr class="areas">{corner}{groups}</tr>'
        f'<tr class="heads">{columns}</tr></thead>'
    )


def _area_head(area: str, size: int) -> str:
    """The area's name; over a single column, whose own heading says enough, read aloud only."""
    css = "" if size > 1 else ' class="sr"'
    return (
        f'<th scope="colgroup" colspan="{size}" title="{text(area)}">'
        f"<span{css}>{text(area)}</span></th>"
    )


def _column_head(objective: Objective, choice: BoardChoice, is_wide: bool) -> str:
    is_chosen = choice.indicator == objective.code
    button = (
        f'<button type="button" data-act="indicator" data-i="{text(objective.code)}"'
        f"{attributes(title=objective.title, aria_pressed='true' if is_chosen else None)}>"
        f"<span>{text(objective.heading)}</span></button>"
    )
    css = " ".join(name for name, on in (("up", is_wide), ("on", is_chosen)) if on)
    return f'<th scope="col"{attributes(class_=css or None)}>{button}</th>'


def _row(
    code: str,
    name: str,
    rows: BoardCells,
    objectives: Sequence[Objective],
    choice: BoardChoice,
    is_total: bool | int = False,
) -> str:
    act = "drill" if choice.drills else "territory"
    hint = f"{choice.drill_word} : {name}" if choice.drills else f"Choisir : {name}"
    arrow = '<span class="go" aria-hidden="true">›</span>' if choice.drills else ""
    head = (
        f'<th scope="row"><button data-act="{act}" title="{text(hint)}">'
        f"<span>{text(name)}</span>{arrow}</button></th>"
    )
    cells = "".join(
        _cell(rows.cells.get((code, objective.code)), objective.code, code, choice)
        for objective in objectives
    )
    css = ' class="total"' if is_total else ""
    return f'<tr data-t="{text(code)}"{css}>{head}{cells}</tr>'


def _cell(cell: Cell | None, indicator: str, territory: str, choice: BoardChoice) -> str:
    """One cell. Hundreds are sent at every change: its column says which objective it is.

    The label is what is read aloud: the value, the status in words, the caisses up to date.
    """
    value = None if cell is None else shown_attainment(cell)
    if cell is None or value is None:
        is_hidden = cell is not None and _is_masked(cell)
        word, css = (HIDDEN, "h0") if is_hidden else (STATUSES["not_applicable"], "n0")
        shown, said = word.icon, word.word
    else:
        word, css = status_word(cell.get("status")), tint_class(str(cell["status"]), value)
        figure = attainment_number(value)
        shown, said = (
            f"{figure}{NARROW_SPACE}{SMALL_ICONS[str(cell['status'])]}",
            f"{figure}{NARROW_SPACE}% {word.word}",
        )
    mark, words = incomplete_mark(cell or {})
    if mark:
        shown, said = f"{shown}<small>{mark}</small>", f"{said}, {words}"
    if cell is not None and _is_marked(cell):
        shown = f"{shown}<small>{CORRECTED.icon}</small>"
        said = f"{said}, {CORRECTED.word.lower()}"
    is_chosen = choice.indicator == indicator and choice.territory == territory
    chosen = ' aria-selected="true" tabindex="0"' if is_chosen else ""
    return f'<td class="{css}" aria-label="{said}"{chosen}>{shown}</td>'


def incomplete_mark(cell: Cell) -> tuple[str, str]:
    """What is short of complete, as written in a cell and as read aloud; nothing where complete.

    ``8/10`` and ``8/10 caisses``; for a caisse of its own, ``août`` and ``à fin août``.
    """
    month = last_month_of_one(cell)
    if month is not None:
        return SHORT_MONTHS[month.month - 1], f"à fin {MONTHS[month.month - 1]}"
    received, expected = senders_of(cell)
    senders = f"{received}/{expected}"
    return (senders, f"{senders} caisses") if received < expected else ("", "")


def last_month_of_one(cell: Cell) -> date | None:
    """The month at which the figure of one late caisse stops; None for any other figure."""
    return as_date(cell.get("last_sent_month")) if senders_of(cell) == (0, 1) else None


def senders_of(cell: Cell) -> tuple[int, int]:
    """Caisses up to date and caisses expected behind a cell; zeros where unknown."""
    received = known_float(cell.get("senders_received"))
    expected = known_float(cell.get("senders_expected"))
    return (0, 0) if received is None or expected is None else (int(received), int(expected))


def _foot(
    objectives: Sequence[Objective], comparator: tuple[str, Mapping[str, float]] | None
) -> str:
    if comparator is None:
        return ""
    name, values = comparator
    cells = "".join(
        f"<td>{text(number(_times_100(values.get(objective.code)), 0))}</td>"
        for objective in objectives
    )
    return f'<tfoot><tr><th scope="row">{text(name)}</th>{cells}</tr></tfoot>'


def _times_100(value: float | None) -> float | None:
    return None if value is None else value * 100


def legend(is_open_year: bool, *drawn: BoardCells) -> str:
    """What icons, tints and marks mean, under the board.

    Args:
        is_open_year: objectives are those to date.
        drawn: the cells of the board; marks that none of them carries are left out.
    """
    cells = [cell for rows in drawn for cell in rows.cells.values()]
    is_masked, is_partial = (
        any(carries(cell) for cell in cells) for carries in (_is_masked, _lacks_senders)
    )
    months = [month for month in map(last_month_of_one, cells) if month is not None]
    meanings = [
        (STATUSES["attained"], "Atteint : 100 % et plus"),
        (STATUSES["close"], "Proche : 95 à 100 %"),
        (STATUSES["behind"], "En retard : moins de 95 %"),
        (STATUSES["not_applicable"], "Non applicable"),
    ]
    if is_masked:
        told = f"Masqué : moins de {smallest_shown()} patients, ou case qui les ferait retrouver"
        meanings.append((HIDDEN, told))
    words = "".join(
        f'<span><i class="{word.hue}" aria-hidden="true">{word.icon}</i> {text(meaning)}</span>'
        for word, meaning in meanings
    )
    if any(cell.get("status") == TOO_FEW for cell in cells):
        words += few_meaning()
    if is_partial:
        words += "<span><small>8/10</small> caisses à jour sur caisses attendues</span>"
    if months:
        mark = SHORT_MONTHS[min(months).month - 1]
        words += f"<span><small>{mark}</small> dernier mois envoyé par une caisse en retard</span>"
    if any(map(_is_marked, cells)):
        words += corrected_meaning()
    if is_open_year:
        words += "<span>Année en cours : jugé sur l’objectif à date</span>"
    return f'<p class="v-legend">{words}</p>'


def corrected_meaning() -> str:
    """What the mark of a correction says, for a legend."""
    return (
        f'<span><small aria-hidden="true">{CORRECTED.icon}</small> {text(CORRECTED.word)} : une '
        "correction acceptée y compte, l’histoire du chiffre la raconte</span>"
    )


def _is_marked(cell: Cell) -> bool:
    """Whether a figure that is shown rests on an accepted correction."""
    return bool(cell.get("is_corrected")) and shown_attainment(cell) is not None


def few_meaning() -> str:
    """What the sign of too few patients says, for a legend."""
    word = status_word(TOO_FEW)
    return (
        f'<span><i class="{word.hue}" aria-hidden="true">50{NARROW_SPACE}{word.icon}</i> '
        f"{text(word.word)} : moins de {SMALLEST_SHOWN} comptés et moins de {SMALLEST_SHOWN} visés"
        "</span>"
    )


def _is_masked(cell: Cell) -> bool:
    return bool(cell.get("is_hidden")) and shown_attainment(cell) is None


def _lacks_senders(cell: Cell) -> bool:
    received, expected = senders_of(cell)
    return received < expected and last_month_of_one(cell) is None


def finding(territory: str, cells: Sequence[Cell], names: Mapping[str, str]) -> str:
    """The board in one sentence with its numbers: how many objectives hold, which one lags most.

    Args:
        territory: name of the perimeter.
        cells: its own cells, one per objective.
        names: title of each objective by code.
    """
    judged = [(shown_attainment(c), c) for c in cells if c.get("status") in JUDGED]
    known = [(value, cell) for value, cell in judged if value is not None]
    if not known:
        return f"{territory} : aucun objectif mesurable sur cette période"
    attained = sum(cell["status"] == "attained" for _, cell in known)
    start = f"{territory} : {attained} {'objectif' if attained < 2 else 'objectifs'} "
    start += f"sur {len(known)} {'atteint' if attained < 2 else 'atteints'}"
    value, worst = min(known, key=lambda pair: pair[0])
    if worst["status"] == "attained":
        return f"{start}, tous au-dessus de 100{NARROW_SPACE}%"
    name = subject(names.get(worst["indicator_code"], worst["indicator_code"]))
    said = f"{start}. Le plus en retard : {name}, {attainment_percent(value, 0)} de l’objectif"
    return f"{said} à date" if worst.get("is_open_year") else said


def partial_sentence(cells: Sequence[Cell]) -> str | None:
    """Says that the perimeter is incomplete, from the objective that misses most caisses."""
    senders = max((senders_of(c) for c in cells), key=lambda s: s[1] - s[0], default=(0, 0))
    received, expected = senders
    if received >= expected:
        return None
    if expected == 1:
        return _late_sentence(cells)
    return (
        f"Données partielles : {counted(received, 'caisse')} sur {number(expected)} à jour ; "
        f"il en manque {number(expected - received)}. "
        "Les totaux ne portent que sur ce qui a été reçu."
    )


def _late_sentence(cells: Sequence[Cell]) -> str:
    """What one late caisse has sent: until when, or nothing."""
    months = [month for month in map(last_month_of_one, cells) if month is not None]
    if not months:
        return "Aucun envoi de la caisse pour cette année."
    return f"Données arrêtées à fin {month_name(min(months))} : la caisse n’a rien envoyé depuis."


def board_records(rows: BoardCells, objectives: Sequence[Objective]) -> pd.DataFrame:
    """The board as flat rows for a file: one per territory and objective, words included."""
    records = []
    for code, name in rows.territories:
        for objective in objectives:
            cell = rows.cells.get((code, objective.code), {})
            records.append(
                {
                    "territoire_code": code,
                    "territoire": name,
                    "objectif_code": objective.code,
                    "objectif_libelle": objective.title,
                    "realise": cell.get("realised"),
                    "objectif_annuel": cell.get("objective"),
                    "objectif_a_date": cell.get("objective_to_date"),
                    "taux_atteinte": shown_attainment(cell),
                    "statut": _word_of(cell),
                    "caisses_a_jour": cell.get("senders_received"),
                    "caisses_attendues": cell.get("senders_expected"),
                    "dernier_mois_envoye": _month_of(cell),
                    "provisoire": cell.get("is_provisional"),
                    "corrige": _is_marked(cell),
                }
            )
    return pd.DataFrame(records)


def _word_of(cell: Cell) -> str:
    return HIDDEN.word if _is_masked(cell) else status_word(cell.get("status")).word


def _month_of(cell: Cell) -> str | None:
    month = as_date(cell.get("last_sent_month"))
    return None if month is None else month.isoformat()


def board_svg(rows: BoardCells, objectives: Sequence[Objective], alt: str) -> str:
    """The board as a picture, for a file: the same cells, tints, icons and words."""
    left, head, wide, high = 210, 170, 58, 24
    width, height = left + wide * len(objectives), head + high * len(rows.territories)
    parts = [
        f'<text transform="translate({left + wide * i + 32},{head - 8}) rotate(-55)">'
        f"{text(_cut(objective.heading, 30))}</text>"
        for i, objective in enumerate(objectives)
    ]
    for line, (code, name) in enumerate(rows.territories):
        y = head + high * line
        parts.append(f'<text x="{left - 8}" y="{y + 16}" text-anchor="end">{text(name)}</text>')
        parts += [
            _svg_cell(rows.cells.get((code, objective.code)), left + wide * i, y, wide, high)
            for i, objective in enumerate(objectives)
        ]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width + 110} {height + 4}" '
        f'role="img" aria-label="{text(alt)}">{"".join(parts)}</svg>'
    )


def _svg_cell(cell: Cell | None, x: int, y: int, width: int, height: int) -> str:
    value = None if cell is None else shown_attainment(cell)
    is_hidden = cell is not None and _is_masked(cell)
    status = "not_applicable" if cell is None else str(cell.get("status"))
    css = "h0" if is_hidden else tint_class(status, value)
    icon = HIDDEN.icon if is_hidden else status_word(status).icon
    said = icon if value is None else f"{attainment_number(value)} {icon}"
    return (
        f'<rect class="{css}" x="{x}" y="{y}" width="{width - 1}" height="{height - 1}"/>'
        f'<text x="{x + width / 2}" y="{y + 16}" text-anchor="middle">{said}</text>'
    )


def _cut(label: str, length: int) -> str:
    return label if len(label) <= length else f"{label[: length - 1].rstrip()}…"
