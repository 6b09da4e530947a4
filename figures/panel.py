"""Small pictures of the same form side by side: an index over the years, its axis and its lines."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from figures.formats import number
from figures.markup import text

WIDTH, HEIGHT = 300, 150
LEFT, RIGHT, TOP, BOTTOM = 44, 12, 12, 24
COLUMNS, GAP, HEAD = 3, 20, 22
MARK_GAP = 8
"""Pixels between a point and the word over it."""

LEAST_SPAN = 0.012
"""Index points that a panel shows at least, so that a flat line looks flat."""

STEPS = (0.5, 0.2, 0.1, 0.05, 0.02, 0.01, 0.005, 0.002)
"""Distances between two lines of the axis, the widest first: all of them round numbers."""

FEWEST_LINES, MOST_LINES = 3, 5
Point = tuple[float, float]


@dataclass(frozen=True)
class Panel:
    """The frame of one picture: index points ``low`` to ``high``, years ``first`` to ``last``."""

    low: float
    high: float
    first: int
    last: int

    @classmethod
    def around(cls, values: Sequence[float], years: Sequence[int]) -> Panel:
        """A frame that holds the values, of a span that doesn't blow up small differences.

        It doesn't go under 0 by itself: no index does.
        """
        low, high = min(values), max(values)
        pad = max(LEAST_SPAN - (high - low), 0.0) / 2 + (high - low) * 0.08
        return cls(max(low - pad, min(low, 0.0)), high + pad, min(years), max(years))

    def at(self, year: float, value: float) -> Point:
        """Where a year's value lies in the drawing."""
        # A single year stands in the middle: there is no other to draw.
        span = self.last - self.first
        x = LEFT + ((year - self.first) / span if span else 0.5) * (WIDTH - LEFT - RIGHT)
        share = (value - self.low) / (self.high - self.low)
        return round(x, 1), round(HEIGHT - BOTTOM - share * (HEIGHT - TOP - BOTTOM), 1)

    def line(self, css: str, points: Sequence[Point]) -> str:
        """A line through years and values; nothing for less than two."""
        if len(points) < 2:
            return ""
        return f'<path class="{css}" d="M{"L".join(self._said(point) for point in points)}"/>'

    def area(self, css: str, edge: Sequence[Point]) -> str:
        """The inside of an edge through years and values; nothing for less than three."""
        if len(edge) < 3:
            return ""
        return f'<path class="{css}" d="M{"L".join(self._said(point) for point in edge)}z"/>'

    def dot(self, css: str, point: Point, said: str, radius: float = 3) -> str:
        """A point, and what is said of it when pointed at."""
        x, y = self.at(*point)
        return (
            f'<circle class="{css}" cx="{x}" cy="{y}" r="{radius}"><title>{text(said)}</title>'
            "</circle>"
        )

    def mark(self, point: Point, said: str) -> str:
        """A word over a point, or under it at the top, that stays inside."""
        x, y = self.at(*point)
        side = "start" if x < WIDTH / 3 else "middle" if x < WIDTH * 2 / 3 else "end"
        height = y - MARK_GAP if y > TOP + 2 * MARK_GAP else y + 2 * MARK_GAP
        return f'<text x="{x}" y="{height}" text-anchor="{side}">{text(said)}</text>'

    def axis(self) -> str:
        """A few lines at round values, the first and the last year."""
        parts = []
        for value in self.ticks():
            _, y = self.at(self.first, value)
            parts.append(f'<line class="grid" x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{y}" y2="{y}"/>')
            parts.append(
                f'<text x="{LEFT - 6}" y="{y + 4}" text-anchor="end">{number(value, 3)}</text>'
            )
        ends = [(self.first, "start"), (self.last, "end")]
        for year, side in ends if self.first < self.last else [(self.first, "middle")]:
            x, _ = self.at(year, self.low)
            parts.append(f'<text x="{x}" y="{HEIGHT - 6}" text-anchor="{side}">{year}</text>')
        return "".join(parts)

    def ticks(self) -> list[float]:
        """The round values of the axis, lowest first: a few of them, whatever the span."""
        drawn = [
            [multiple * step for multiple in range(first, last + 1)]
            for step in STEPS
            for first, last in ((math.ceil(self.low / step), math.floor(self.high / step)),)
        ]
        enough = (lines for lines in drawn if FEWEST_LINES <= len(lines) <= MOST_LINES)
        return next(enough, None) or next(lines for lines in drawn if len(lines) > 1)

    def _said(self, point: Point) -> str:
        x, y = self.at(*point)
        return f"{x} {y}"


def panel_svg(drawn: str, alt: str) -> str:
    """One panel as a picture."""
    return (
        f'<svg class="v-small" xmlns="http://www.w3.org/2000/svg" role="img" '
        f'viewBox="0 0 {WIDTH} {HEIGHT}" aria-label="{text(alt)}">{drawn}</svg>'
    )


def panels_svg(panels: Sequence[tuple[str, str]], alt: str) -> str:
    """Several panels, each under its title, in one picture."""
    rows = -(-len(panels) // COLUMNS)
    wide, high = WIDTH + GAP, HEIGHT + GAP + HEAD
    parts = [
        f'<g transform="translate({place % COLUMNS * wide} {place // COLUMNS * high})">'
        f'<text class="strong" x="{LEFT}" y="14">{text(title)}</text>'
        f'<g transform="translate(0 {HEAD})">{drawn}</g></g>'
        for place, (title, drawn) in enumerate(panels)
    ]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" viewBox="0 0 {COLUMNS * wide} '
        f'{rows * high}" aria-label="{text(alt)}">{"".join(parts)}</svg>'
    )
