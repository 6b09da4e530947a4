"""One objective month by month against the objective to date: when did it leave the path?"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd

from figures.formats import (
    MONTHS,
    NARROW_SPACE,
    SHORT_MONTHS,
    as_date,
    attainment_percent,
    known_float,
    month_name,
    number,
    percent,
    quantity,
    short_month,
)
from figures.markup import table, text
from figures.objective import Objective
from figures.records import records
from figures.status import HIDDEN, status_word
from indicators.attainment import DEFAULT_THRESHOLDS, attainment
from indicators.few_patients import TOO_FEW, counts_of_patients, is_too_few
from indicators.reading import stretch_under

WIDTH, HEIGHT = 640, 250
LEFT, RIGHT, TOP, BOTTOM = 64, 16, 14, 30
_LINE = '<path class="{}" d="M1 4H25"/>'
_HOLLOW = '<circle class="dot partial" cx="13" cy="4" r="3.4"/>'


@dataclass(frozen=True)
class MonthPoint:
    """One month of one territory and objective; quantities in the indicator's unit."""

    month: date
    realised: float | None
    cumulated: float | None
    objective_to_date: float | None
    senders_received: int
    senders_expected: int
    is_provisional: bool
    is_hidden: bool
    is_cumulated_hidden: bool

    @property
    def is_partial(self) -> bool:
        """Whether some caisses had sent nothing for this month."""
        return self.senders_received < self.senders_expected


def month_points(monthly: pd.DataFrame) -> list[MonthPoint]:
    """Rows of ``cpg/monthly`` of one territory and objective, in time order."""
    points = [_point(row) for row in records(monthly, list(monthly.columns))]
    return sorted(points, key=lambda point: point.month)


def _point(row: dict[Any, Any]) -> MonthPoint:
    def known(name: str) -> float | None:
        return known_float(row.get(name))

    return MonthPoint(
        month=as_date(row["month"]) or date.min,
        realised=known("realised"),
        cumulated=known("cumulated"),
        objective_to_date=known("objective_to_date"),
        senders_received=int(known("senders_received") or 0),
        senders_expected=int(known("senders_expected") or 0),
        is_provisional=bool(row.get("is_provisional")),
        # Whoever has the right to small numbers gets the value whatever the flag says.
        is_hidden=bool(row.get("is_hidden")) and known("realised") is None,
        is_cumulated_hidden=bool(row.get("is_cumulated_hidden")) and known("cumulated") is None,
    )


def attainment_to_date(point: MonthPoint, better: str) -> float | None:
    """What the month says of the objective to date, a proportion; None where not applicable."""
    return attainment(point.cumulated, point.objective_to_date, better)


def until_last_sent(points: Sequence[MonthPoint], year: int) -> list[MonthPoint]:
    """The months of the year up to the last that any caisse of the territory sent.

    Beyond it the running total is only carried on, which a reader would take for a result.
    """
    of_year = [p for p in points if p.month.year == year]
    sent = [p.month for p in of_year if p.senders_received > 0]
    return [p for p in of_year if sent and p.month <= sent[-1]]


def _attained(points: Sequence[MonthPoint], better: str) -> list[tuple[date, float]]:
    """The months that have an attainment to date, with it."""
    known = ((point.month, attainment_to_date(point, better)) for point in points)
    return [(month, value) for month, value in known if value is not None]


def series_finding(
    points: Sequence[MonthPoint],
    objective: Objective,
    territory: str,
    year: int,
    close_from: float = DEFAULT_THRESHOLDS.close,
    is_open_year: bool = False,
) -> str:
    """Where the year stands against the path, to date while it is open, and since when it lags."""
    of_year = until_last_sent(points, year)
    known = _attained(of_year, objective.better)
    if not known and any(p.is_hidden or p.is_cumulated_hidden for p in of_year):
        return f"{territory} : mois masqués en {year}, petits nombres de patients"
    if not known:
        return f"{territory} : rien à comparer à l’objectif en {year}"
    last, value = known[-1]
    aim = "l’objectif à date," if is_open_year else "l’objectif"
    said = f"{attainment_percent(value)} de {aim} à fin {month_name(last)}"
    if _is_of_few(next(p for p in of_year if p.month == last), objective):
        return f"{territory} : {status_word(TOO_FEW).word.lower()}, {said}"
    # A year may start late: the stretch goes back over the former years that are known.
    before = [p for p in points if p.month.year < year]
    since = stretch_under(_attained((*before, *of_year), objective.better), close_from)
    if since is not None:
        return f"{territory} est en retard depuis {month_name(since)} : {said}"
    return (
        f"{territory} {'tient l’objectif' if value >= 1 else 'est proche de l’objectif'} : {said}"
    )


def _is_of_few(point: MonthPoint, objective: Objective) -> bool:
    """Whether the year so far counts too few patients for a verdict."""
    is_count = objective.code in counts_of_patients()
    return is_count and is_too_few(point.cumulated, point.objective_to_date)


def series_svg(
    points: Sequence[MonthPoint],
    objective: Objective,
    year: int,
    alt: str,
    ceiling_pad: float = 1.08,
) -> str:
    """The year (thick), the year before (thin) and the objective to date (dashes), as inline SVG.

    Hollow points mark months where some caisses had sent nothing.
    """
    current, former = until_last_sent(points, year), until_last_sent(points, year - 1)
    values = [
        v for p in (*current, *former) for v in (p.cumulated, p.objective_to_date) if v is not None
    ]
    if not values:
        return '<p class="v-empty">Aucune valeur mensuelle à tracer pour cette année.</p>'
    low, high = _bounds(values, objective.is_rate, ceiling_pad)
    parts = [_grid(low, high, objective.unit)]
    parts.append(_path("former", [(p.month.month, p.cumulated) for p in former], low, high))
    parts.append(_path("goal", [(p.month.month, p.objective_to_date) for p in current], low, high))
    parts.append(_path("line", [(p.month.month, p.cumulated) for p in current], low, high))
    parts += [_dot(p, low, high, objective.unit) for p in current if p.cumulated is not None]
    parts.append(_end_labels(current, low, high, objective.unit))
    return (
        f'<svg class="v-series" xmlns="http://www.w3.org/2000/svg" role="img" '
        f'viewBox="0 0 {WIDTH} {HEIGHT}" aria-label="{text(alt)}">{"".join(parts)}</svg>'
    )


def _bounds(values: Sequence[float], is_rate: bool, pad: float) -> tuple[float, float]:
    if not is_rate:
        return 0.0, max(values) * pad or 1.0
    spread = (max(values) - min(values)) or abs(max(values)) or 1.0
    return max(0.0, min(values) - spread * 0.15), max(values) + spread * 0.15


def _x(month: int) -> float:
    return LEFT + (month - 1) * (WIDTH - LEFT - RIGHT) / 11


def _y(value: float, low: float, high: float) -> float:
    return HEIGHT - BOTTOM - (value - low) / (high - low) * (HEIGHT - TOP - BOTTOM)


def _grid(low: float, high: float, unit: str) -> str:
    parts = []
    for value in _ticks(low, high):
        y = _y(value, low, high)
        parts.append(
            f'<line class="grid" x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{y:.1f}" y2="{y:.1f}"/>'
        )
        label = _tick_label(value, unit, high - low)
        parts.append(f'<text x="{LEFT - 8}" y="{y + 4:.1f}" text-anchor="end">{label}</text>')
    for month in range(1, 13):
        anchor = f'x="{_x(month):.1f}" y="{HEIGHT - 8}" text-anchor="middle"'
        thin = ' class="even"' if month % 2 == 0 else ""
        parts.append(f"<text{thin} {anchor}>{SHORT_MONTHS[month - 1]}</text>")
    return "".join(parts)


def _ticks(low: float, high: float) -> list[float]:
    """Four to six round values within the bounds."""
    rough = (high - low) / 5
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(m * power for m in (1, 2, 2.5, 5, 10) if m * power >= rough)
    first = math.ceil(low / step)
    return [k * step for k in range(first, math.floor(high / step) + 1)]


def _tick_label(value: float, unit: str, spread: float) -> str:
    if unit == "proportion":
        return percent(value, 0 if spread > 0.05 else 1)
    if unit == "eur" and spread >= 2e6:
        return f"{number(value / 1e6, 0 if spread >= 8e6 else 1)}{NARROW_SPACE}M€"
    return quantity(value, unit)


def _path(css: str, places: Sequence[tuple[int, float | None]], low: float, high: float) -> str:
    """A line through the known points, broken where a month is unknown."""
    commands, is_drawing = [], False
    for month, value in places:
        if value is None:
            is_drawing = False
            continue
        commands.append(f"{'L' if is_drawing else 'M'}{_x(month):.1f} {_y(value, low, high):.1f}")
        is_drawing = True
    return f'<path class="{css}" d="{"".join(commands)}"/>' if commands else ""


def _dot(point: MonthPoint, low: float, high: float, unit: str) -> str:
    if point.cumulated is None:
        return ""
    partial = (
        f" ({point.senders_received}/{point.senders_expected} caisses)" if point.is_partial else ""
    )
    said = (
        f"{month_name(point.month)} : {quantity(point.cumulated, unit)}{partial}, "
        f"objectif à date {quantity(point.objective_to_date, unit)}"
    )
    css = "dot partial" if point.is_partial else "dot"
    return (
        f'<circle class="{css}" cx="{_x(point.month.month):.1f}" r="4" '
        f'cy="{_y(point.cumulated, low, high):.1f}"><title>{text(said)}</title></circle>'
    )


def _end_labels(current: Sequence[MonthPoint], low: float, high: float, unit: str) -> str:
    last = next((p for p in reversed(current) if p.cumulated is not None), None)
    if last is None or last.cumulated is None:
        return ""
    y = _y(last.cumulated, low, high)
    goal = last.objective_to_date
    below = goal is not None and goal > last.cumulated
    side = "end" if last.month.month > 9 else "middle"
    return (
        f'<text class="end" x="{_x(last.month.month):.1f}" y="{y + (18 if below else -9):.1f}" '
        f'text-anchor="{side}">{quantity(last.cumulated, unit)}</text>'
    )


def series_legend(objective: Objective, year: int, points: Sequence[MonthPoint]) -> str:
    """What the lines and the hollow points are: those that are drawn, nothing where none is."""
    current, former = until_last_sent(points, year), until_last_sent(points, year - 1)
    drawn = [p for p in current if p.cumulated is not None]
    since = " (taux depuis janvier)" if objective.is_rate else ""
    partial = [p for p in drawn if p.is_partial]
    is_one = all(p.senders_expected == 1 for p in partial)
    said = (
        (bool(drawn), _LINE.format("line"), f"Cumul {year}{since}"),
        (
            any(p.objective_to_date is not None for p in current),
            _LINE.format("goal"),
            "Objectif à date",
        ),
        (any(p.cumulated is not None for p in former), _LINE.format("former"), f"Cumul {year - 1}"),
        (bool(partial), _HOLLOW, "Mois non envoyé" if is_one else "Mois où des caisses manquent"),
    )
    items = "".join(
        f'<span><svg class="key" viewBox="0 0 26 8" aria-hidden="true">{key}</svg> {words}</span>'
        for is_drawn, key, words in said
        if is_drawn
    )
    return f'<p class="v-legend">{items}</p>' if items else ""


def series_table(
    points: Sequence[MonthPoint], objective: Objective, year: int, caption: str
) -> str:
    """The months of the year as a table."""
    rows = []
    for p in (p for p in points if p.month.year == year):
        masked = HIDDEN.word if p.is_hidden else None
        masked_so_far = HIDDEN.word if p.is_cumulated_hidden else None
        state = "Provisoire" if p.is_provisional else "Définitif"
        rows.append(
            (
                short_month(p.month),
                masked or quantity(p.realised, objective.unit),
                masked_so_far or quantity(p.cumulated, objective.unit),
                quantity(p.objective_to_date, objective.unit),
                masked_so_far or attainment_percent(attainment_to_date(p, objective.better)),
                f"{p.senders_received}/{p.senders_expected}",
                state,
            )
        )
    headings = ("Mois", "Dans le mois", "Cumul", "Objectif à date", "Atteinte à date", "Caisses")
    return table(caption, (*headings, "État"), rows, numeric=(1, 2, 3, 4, 5))


def series_alt(
    points: Sequence[MonthPoint], objective: Objective, year: int, territory: str
) -> str:
    """What the line shows, in words, from its first known month to its last."""
    known = [p for p in until_last_sent(points, year) if p.cumulated is not None]
    if not known:
        return f"{objective.title}, {territory}, {year} : aucune valeur."
    first, last = known[0], known[-1]
    return (
        f"{objective.title}, {territory}, {year}. "
        f"{MONTHS[first.month.month - 1].capitalize()} : "
        f"{quantity(first.cumulated, objective.unit)} ; "
        f"{MONTHS[last.month.month - 1]} : {quantity(last.cumulated, objective.unit)} pour un "
        f"objectif à date de {quantity(last.objective_to_date, objective.unit)}."
    )


def series_records(points: Sequence[MonthPoint], objective: Objective) -> pd.DataFrame:
    """All months, for a file."""
    return pd.DataFrame(
        {
            "mois": p.month.isoformat(),
            "objectif_libelle": objective.title,
            "realise_du_mois": p.realised,
            "cumul": p.cumulated,
            "objectif_a_date": p.objective_to_date,
            "taux_atteinte_a_date": attainment_to_date(p, objective.better),
            "caisses_recues": p.senders_received,
            "caisses_attendues": p.senders_expected,
            "provisoire": p.is_provisional,
        }
        for p in points
    )
