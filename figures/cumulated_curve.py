"""How a count grows month after month, with what was published of it and the objectives."""

from __future__ import annotations

import math
from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import pandas as pd

from figures.formats import counted, listed, long_date, month_name, number, short_month
from figures.frames import WIDE, Frame
from figures.grammar import typeset
from figures.markup import text

LONG_SPAN = 730
"""Days from which years alone are written under a curve."""

FAR = 0.15
"""Share of the months' span beyond which a count is told, not drawn: the room would stay empty."""

LABEL_HEIGHT = 14
DASH = 14
Box = tuple[float, float, float, float]
"""Left, top, right and bottom of something drawn."""


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
    def span(self) -> tuple[date, date] | None:
        """The first day drawn and the last; None where there are not two."""
        marks = (*self.published, *self.objectives)
        days = sorted({p.day for p in self.points} | {m.day for m in marks if self._is_near(m)})
        return (days[0], days[-1]) if len(days) > 1 else None

    @property
    def drawn(self) -> list[Mark]:
        """The published counts that lie within the months, or near them."""
        return [mark for mark in self.published if self._is_near(mark)]

    @property
    def beyond(self) -> list[Mark]:
        """The published counts too far from the months to be drawn with them."""
        return [mark for mark in self.published if not self._is_near(mark)]

    @property
    def top(self) -> float:
        """The end of the scale."""
        held = [p.value for p in self.points]
        held += [mark.value for mark in (*self.drawn, *self.objectives)]
        return max(held, default=0.0) * 1.08 or 1.0

    def _is_near(self, mark: Mark) -> bool:
        if len(self.points) < 2:
            return True
        first, last = self.points[0].day, self.points[-1].day
        room = timedelta(days=(last - first).days * FAR)
        return first - room <= mark.day <= last + room


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


@dataclass(frozen=True)
class _Plane:
    """Where days and counts of a curve lie in a frame."""

    curve: Curve
    frame: Frame
    first: date
    last: date
    left: float

    def place(self, day: date, value: float) -> tuple[float, float]:
        frame = self.frame
        share = (day - self.first).days / max((self.last - self.first).days, 1)
        x = self.left + share * (frame.width - self.left - frame.right)
        room = frame.height - frame.top - frame.bottom
        return round(x, 1), round(frame.height - frame.bottom - value / self.curve.top * room, 1)


def curve_svg(curve: Curve, alt: str, frame: Frame = WIDE) -> str:
    """The curve from zero; published counts as squares, objectives as dashes; empty without any.

    Hollow dots mark months where caisses had sent nothing.

    Args:
        curve: what is drawn.
        alt: what it shows, in words.
        frame: the room there is.
    """
    if curve.span is None:
        return ""
    longest = max(len(number(value)) for value in _ticks(curve.top))
    plane = _Plane(curve, frame, *curve.span, frame.left_of(longest))
    parts = [_grid(plane)]
    places = [plane.place(p.day, p.value) for p in curve.points]
    if len(places) > 1:
        parts.append(f'<path class="line" d="M{"L".join(f"{x} {y}" for x, y in places)}"/>')
    parts += [
        _dot(p, x, y)
        for p, (x, y) in zip(curve.points, places, strict=True)
        if p.is_partial or p is curve.points[-1] or p is curve.points[0]
    ]
    parts += [_dash(mark, plane) for mark in curve.objectives]
    parts += [_square(mark, plane) for mark in curve.drawn]
    parts.append(_last_label(plane))
    return (
        f'<svg class="v-series" xmlns="http://www.w3.org/2000/svg" role="img" '
        f'viewBox="0 0 {frame.width} {frame.height}" aria-label="{text(alt)}">'
        f"{''.join(parts)}</svg>"
    )


def _dash(mark: Mark, plane: _Plane) -> str:
    x, y = plane.place(mark.day, mark.value)
    return (
        f'<path class="axis" d="M{x - DASH} {y}H{min(x + DASH, plane.frame.width)}">'
        f"<title>{text(mark.said)}</title></path>"
    )


def _square(mark: Mark, plane: _Plane) -> str:
    x, y = plane.place(mark.day, mark.value)
    return (
        f'<rect class="published" x="{x - 4.5}" y="{y - 4.5}" width="9" height="9">'
        f"<title>{text(mark.said)}</title></rect>"
    )


def _grid(plane: _Plane) -> str:
    frame, parts = plane.frame, []
    for value in _ticks(plane.curve.top):
        _, y = plane.place(plane.first, value)
        parts.append(
            f'<line class="grid" x1="{plane.left}" x2="{frame.width - frame.right}" y1="{y}" '
            f'y2="{y}"/><text x="{plane.left - 8}" y="{y + 4}" text-anchor="end">'
            f"{number(value)}</text>"
        )
    before = -math.inf
    for day, words in _dates((plane.first, plane.last)):
        x, _ = plane.place(day, 0)
        room = len(words) * frame.letter
        if x - before < room + frame.letter:
            continue
        before, middle = x, min(x, frame.width - room / 2)
        parts.append(
            f'<text x="{round(middle, 1)}" y="{frame.height - 8}" text-anchor="middle">'
            f"{words}</text>"
        )
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


def _last_label(plane: _Plane) -> str:
    """The last count, above its dot, or where neither a mark nor the curve is in its way."""
    curve, frame = plane.curve, plane.frame
    if not curve.points:
        return ""
    last = curve.points[-1]
    x, y = plane.place(last.day, last.value)
    words = number(last.value)
    wide = len(words) * frame.letter
    end, aside = min(x + 6, frame.width - 2), x - DASH - 4
    tried = [
        (end, y - 10),
        (end, y + 22),
        (aside, y - 8),
        *((end, y + far) for far in (-26, 38, -42, 54)),
    ]
    inside = [
        (right, base)
        for right, base in tried
        if LABEL_HEIGHT <= base <= frame.height - frame.bottom - 4
    ]
    taken = _taken(plane)
    free = (
        (right, base)
        for right, base in inside
        if not any(
            _meet((right - wide, base - LABEL_HEIGHT + 2, right, base + 3), box) for box in taken
        )
    )
    right, base = next(free, inside[0] if inside else (end, y - 10))
    return (
        f'<text class="end" x="{round(right, 1)}" y="{round(base, 1)}" text-anchor="end">'
        f"{words}</text>"
    )


def _taken(plane: _Plane) -> list[Box]:
    """What a label must leave free: dots, squares, dashes and the curve."""
    reaches = [
        *((p.day, p.value, 5.0, 5.0) for p in plane.curve.points),
        *((mark.day, mark.value, 5.0, 5.0) for mark in plane.curve.drawn),
        *((mark.day, mark.value, float(DASH), 1.5) for mark in plane.curve.objectives),
    ]
    boxes = []
    for day, value, beside, above in reaches:
        x, y = plane.place(day, value)
        boxes.append((x - beside, y - above, x + beside, y + above))
    return boxes


def _meet(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


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
            bool(curve.drawn),
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
    return f'<p class="v-legend">{items}</p>{_beyond_words(curve)}'


def _beyond_words(curve: Curve) -> str:
    """The published counts that are not drawn, told under the curve."""
    if not curve.beyond:
        return ""
    said = listed(f"{number(mark.value)} en {month_name(mark.day)}" for mark in curve.beyond)
    return f'<p class="v-note">{text(typeset(f"Publié aussi, hors du tracé : {said}."))}</p>'


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
            "jour": p.day.isoformat(),
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
