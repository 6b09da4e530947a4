"""How large a circle stands for how many adhesions: one scale for every map that is compared."""

from __future__ import annotations

import math
from dataclasses import dataclass

from figures.formats import number
from figures.markup import text

RING, DISC = 13.0, 26.0
"""Radius of the largest circle in pixels of a map of the country: over colours, and alone."""

NEAR = 1.6
"""How much larger circles may be where few territories are looked at."""

STEPS = (1, 4, 20)
"""Circles of a legend: the largest round number, and what it is divided by."""


@dataclass(frozen=True)
class CircleScale:
    """Areas proportional to volumes: ``largest`` adhesions have a circle of ``radius`` pixels."""

    largest: float
    radius: float

    def share(self, volume: float) -> float:
        """A volume against the largest, in [0, 1]: how tall its column is."""
        return volume / self.largest if self.largest > 0 else 0.0

    def radius_of(self, volume: float) -> float:
        """The radius of a volume's circle, in pixels."""
        return self.radius * math.sqrt(max(self.share(volume), 0.0))

    def times(self, factor: float) -> CircleScale:
        """The same scale in a drawing of another size."""
        return CircleScale(self.largest, self.radius * factor)

    def examples(self) -> list[int]:
        """Round volumes from the largest one that is met: what a legend shows."""
        if self.largest < 1:
            return []
        first = _round_below(self.largest)
        found = [_round_below(first / step) for step in STEPS if first >= step]
        return sorted(set(found), reverse=True)


def _round_below(volume: float) -> int:
    """The largest of 1, 2, 5, 10, 20, 50… that is not above a volume of one or more."""
    ten = 10 ** math.floor(math.log10(volume))
    return int(max(step * ten for step in (1, 2, 5) if step * ten <= volume))


def sizes_html(scale: CircleScale) -> str:
    """Some round volumes with the circles that stand for them."""
    shown = "".join(
        f'<li><i style="width:{2 * radius:.1f}px;height:{2 * radius:.1f}px"></i> '
        f"{text(number(volume))}</li>"
        for volume in scale.examples()
        for radius in (scale.radius_of(volume),)
    )
    return f'<ul class="v-sizes">{shown}</ul>' if shown else ""


def sizes_svg(scale: CircleScale, left: float, top: float) -> str:
    """The same in a picture, side by side from ``left``; ``top`` is that of the largest circle."""
    drawn, x = "", left
    across = 2 * scale.radius_of(max(scale.examples(), default=0))
    for volume in scale.examples():
        radius = scale.radius_of(volume)
        middle = top + across / 2
        words = number(volume)
        drawn += (
            f'<circle class="ring" cx="{x + radius:.1f}" cy="{middle:.1f}" r="{radius:.1f}"/>'
            f'<text x="{x + 2 * radius + 5:.1f}" y="{middle + 4:.1f}">{text(words)}</text>'
        )
        x += 2 * radius + 18 + 7 * len(words)
    return drawn
