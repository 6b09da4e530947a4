"""Quantities as bars from zero: beside the number in a table, and as one picture in a file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from figures.markup import text

WIDTH, RIGHT = 760, 150
LETTER, MARGIN = 6.6, 16
"""Room of a letter of a name, and beside it."""

TOP, ROW, BAR = 10, 26, 14


@dataclass(frozen=True)
class Bar:
    """One quantity: its name, its value (None: no bar), what is written, its hue and its goal.

    ``hue`` is a class of colour (``fav``, ``unf``, ``neu``); ``goal`` is marked on the same scale.
    """

    name: str
    value: float | None
    said: str
    hue: str = "fav"
    goal: float | None = None


def ceiling(bars: Sequence[Bar]) -> float:
    """The end of a scale that holds all values and goals, above zero."""
    held = [v for bar in bars for v in (bar.value, bar.goal) if v is not None]
    return max([abs(value) for value in held] or [0.0]) or 1.0


def bar_cell(bar: Bar, top: float) -> str:
    """The bar and its number as a cell of a table; the bar says nothing aloud.

    Args:
        bar: what is drawn; a negative value by its size.
        top: end of the scale.
    """
    if bar.value is None:
        return f'<span class="v-val">{text(bar.said)}</span>'
    goal = "" if bar.goal is None else f'<s style="left:{_share(bar.goal, top)}%"></s>'
    return (
        f'<span class="v-val"><span class="v-bar {bar.hue}" aria-hidden="true">'
        f'<u style="width:{_share(bar.value, top)}%"></u>{goal}</span>'
        f"<b>{text(bar.said)}</b></span>"
    )


def _share(value: float, top: float) -> float:
    return round(min(abs(value) / top, 1.0) * 100, 1)


def bars_svg(bars: Sequence[Bar], alt: str) -> str:
    """The bars under each other with names and numbers; a dash marks the goal."""
    top = ceiling(bars)
    height = TOP * 2 + ROW * len(bars)
    left = round(max((len(bar.name) for bar in bars), default=0) * LETTER + MARGIN)
    scale = (WIDTH - left - RIGHT) / top
    parts = []
    for place, bar in enumerate(bars):
        y = TOP + place * ROW
        parts.append(f'<text x="{left - 8}" y="{y + 12}" text-anchor="end">{text(bar.name)}</text>')
        end = left
        if bar.value is not None:
            end = round(left + abs(bar.value) * scale)
            parts.append(
                f'<rect class="{bar.hue}" x="{left}" y="{y + 1}" width="{max(end - left, 1)}" '
                f'height="{BAR}"/>'
            )
        if bar.goal is not None:
            x = round(left + bar.goal * scale)
            parts.append(f'<path class="axis" d="M{x} {y - 2}V{y + BAR + 4}"/>')
            end = max(end, x)
        parts.append(f'<text class="end" x="{end + 8}" y="{y + 12}">{text(bar.said)}</text>')
    parts.append(f'<path class="axis" d="M{left} {TOP - 4}V{height - TOP}"/>')
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" viewBox="0 0 {WIDTH} {height}" '
        f'aria-label="{text(alt)}">{"".join(parts)}</svg>'
    )
