"""How a count grows month after month, with what was published of it and the objectives."""

from __future__ import annotations

import math
from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import pandas as pd

from figures.formats import counted, long_date, month_name, number, short_month
from figures.grammar import typeset
from figures.markup import text

WIDTH, HEIGHT = 640, 250
LEFT, RIGHT, TOP, BOTTOM = 74, 20, 16, 30
LONG_SPAN = 730
"""Days from which years alone are written under a curve."""


@dataclass(frozen=True)
class CurvePoint:
    """The count at the end of a month; ``received`` of ``expected`` caisses had sent it."""

    month: date
    value: float
    received: int = 1
    expected: int = 1

    @property
    def is_partial(self) -> bool:
        """Whether some caisses had sent nothing for this month."""
        return self.received < self.expected

    @property
    def day(self) -> date:
        """The last day of the month: what is counted by then."""
        return self.month.replace(day=monthrange(self.month.year, self.month.month)[1])


@dataclass(frozen=True)
class Mark:
    """A count that was published, or the objective of a year, on its day."""

    day: date
    value: float
    said: str


@dataclass(frozen=True)
class Curve:
    """A count by month, in time order, the counts published and the objectives."""

    points: Sequence[CurvePoint]
    published: Sequence[Mark] = ()
    objectives: Sequence[Mark] = ()

    @property
    def days(self) -> list[date]:
        """Every day that it holds."""
        marks = (*self.published, *self.objectives)
        return sorted([p.day for p in self.points] + [mark.day for mark in marks])

    @property
    def top(self) -> float:
        """The end of the scale."""
        marks = (*self.published, *self.objectives)
        held = [p.value for p in self.points] + [mark.value for mark in marks]
        return max(held, default=0.0) * 1.08 or 1.0


def cumulated(months: Sequence[tuple[date, float | None, int]], expected: int) -> list[CurvePoint]:
    """The running total of monthly counts, up to the first month that is withheld.

    Args:
        months: month, its count (None where withheld), the caisses that sent it, in time order.
        expected: caisses expected.
    """
    total, points = 0.0, []
    for month, value, received in months:
        if value is None:
            break
        total += value
        points.append(CurvePoint(month, total, received, expected))
    return points


def curve_svg(curve: Curve, alt: str) -> str:
    """The curve from zero; published counts as squares, objectives as dashes; empty without any.

    Hollow dots mark months where caisses had sent nothing.
    """
    days = curve.days
    if len(set(days)) < 2:
        return ""
    span = days[0], days[-1]
    parts = [_grid(curve, span)]
    places = [_place(p.day, p.value, curve, span) for p in curve.points]
    if len(places) > 1:
        parts.append(f'<path class="line" d="M{"L".join(f"{x} {y}" for x, y in places)}"/>')
    parts += [
        _dot(p, x, y)
        for p, (x, y) in zip(curve.points, places, strict=True)
        if p.is_partial or p is curve.points[-1] or p is curve.points[0]
    ]
    for mark in curve.objectives:
        x, y = _place(mark.day, mark.value, curve, span)
        parts.append(
            f'<path class="axis" d="M{x - 14} {y}H{min(x + 14, WIDTH)}">'
            f"<title>{text(mark.said)}</title></path>"
        )
    for mark in curve.published:
        x, y = _place(mark.day, mark.value, curve, span)
        parts.append(
            f'<rect class="published" x="{x - 4.5}" y="{y - 4.5}" width="9" height="9">'
            f"<title>{text(mark.said)}</title></rect>"
        )
    parts.append(_last_label(curve, span))
    return (
        f'<svg class="v-series" xmlns="http://www.w3.org/2000/svg" role="img" '
        f'viewBox="0 0 {WIDTH} {HEIGHT}" aria-label="{text(alt)}">{"".join(parts)}</svg>'
    )


def _place(day: date, value: float, curve: Curve, span: tuple[date, date]) -> tuple[float, float]:
    share = (day - span[0]).days / max((span[1] - span[0]).days, 1)
    x = LEFT + share * (WIDTH - LEFT - RIGHT)
    y = HEIGHT - BOTTOM - value / curve.top * (HEIGHT - TOP - BOTTOM)
    return round(x, 1), round(y, 1)


def _grid(curve: Curve, span: tuple[date, date]) -> str:
    parts = []
    for value in _ticks(curve.top):
        _, y = _place(span[0], value, curve, span)
        parts.append(
            f'<line class="grid" x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{y}" y2="{y}"/>'
            f'<text x="{LEFT - 8}" y="{y + 4}" text-anchor="end">{number(value)}</text>'
        )
    for day, words in _dates(span):
        x, _ = _place(day, 0, curve, span)
        parts.append(f'<text x="{x}" y="{HEIGHT - 8}" text-anchor="middle">{words}</text>')
    return "".join(parts)


def _dates(span: tuple[date, date]) -> list[tuple[date, str]]:
    """The first of each year of a long span, of each quarter of a short one."""
    first, last = span
    years = range(first.year, last.year + 1)
    if (last - first).days > LONG_SPAN:
        known = [(date(year, 1, 1), str(year)) for year in years]
    else:
        known = [
            (date(year, month, 1), short_month(date(year, month, 1)))
            for year in years
            for month in (1, 4, 7, 10)
        ]
    return [(day, words) for day, words in known if first <= day <= last]


def _ticks(top: float) -> list[float]:
    """Four or five round values from zero."""
    rough = top / 4
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(m * power for m in (1, 2, 2.5, 5, 10) if m * power >= rough)
    return [place * step for place in range(math.floor(top / step) + 1)]


def _dot(point: CurvePoint, x: float, y: float) -> str:
    css = "dot partial" if point.is_partial else "dot"
    more = f" ({point.received}/{point.expected} caisses)" if point.is_partial else ""
    said = f"{month_name(point.month)} : {number(point.value)}{more}"
    return f'<circle class="{css}" cx="{x}" cy="{y}" r="4"><title>{text(said)}</title></circle>'


def _last_label(curve: Curve, span: tuple[date, date]) -> str:
    if not curve.points:
        return ""
    last = curve.points[-1]
    x, y = _place(last.day, last.value, curve, span)
    return (
        f'<text class="end" x="{min(x, WIDTH - RIGHT)}" y="{y - 10 if y > 30 else y + 20}" '
        f'text-anchor="end">{number(last.value)}</text>'
    )


def curve_legend(curve: Curve, name: str) -> str:
    """What the line, the squares, the dashes and the hollow dots are: those that are drawn."""
    drawn = (
        (bool(curve.points), '<path class="line" d="M1 4H25"/>', name),
        (
            any(p.is_partial for p in curve.points),
            '<circle class="dot partial" cx="13" cy="4" r="3.4"/>',
            "Mois où des caisses manquent",
        ),
        (
            bool(curve.published),
            '<rect class="published" x="9" y="0" width="8" height="8"/>',
            "Chiffre publié",
        ),
        (
            bool(curve.objectives),
            '<path class="axis" d="M3 4H23"/>',
            "Objectif, à date si l’année est en cours",
        ),
    )
    items = "".join(
        f'<span><svg class="key" viewBox="0 0 26 8" aria-hidden="true">{key}</svg> {text(words)}'
        "</span>"
        for is_drawn, key, words in drawn
        if is_drawn
    )
    return f'<p class="v-legend">{items}</p>'


def growth_finding(curve: Curve, name: str) -> str:
    """How the count grew between its first month and its last."""
    if len(curve.points) < 2:
        return typeset(f"{name} : pas assez de mois pour une courbe")
    first, last = curve.points[0], curve.points[-1]
    said = (
        f"{name} : de {number(first.value)} en {month_name(first.month)} à {number(last.value)} "
        f"en {month_name(last.month)}"
    )
    if last.is_partial:
        said += f" ({last.received}/{last.expected} caisses)"
    return typeset(said)


def curve_records(curve: Curve) -> pd.DataFrame:
    """Months, then published counts and objectives, for a file."""
    rows = [
        {
            "nature": "envois des caisses",
            "jour": p.month.isoformat(),
            "cumul": p.value,
            "caisses_recues": p.received,
            "caisses_attendues": p.expected,
        }
        for p in curve.points
    ]
    for nature, marks in (("publié", curve.published), ("objectif", curve.objectives)):
        rows += [
            {"nature": nature, "jour": mark.day.isoformat(), "cumul": mark.value} for mark in marks
        ]
    return pd.DataFrame(rows)


def curve_alt(curve: Curve, name: str) -> str:
    """From the first month to the last, in words."""
    if not curve.points:
        return typeset(f"{name} : aucun mois à tracer.")
    first, last = curve.points[0], curve.points[-1]
    marks = " ".join(
        f"Publié le {long_date(mark.day)} : {number(mark.value)}." for mark in curve.published
    )
    return typeset(
        f"{name}, {counted(len(curve.points), 'mois', 'mois')} : {number(first.value)} en "
        f"{month_name(first.month)}, {number(last.value)} en {month_name(last.month)}. {marks}"
    )
