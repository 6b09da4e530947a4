"""Where a label finds room beside its point: inside the drawing and over no other label."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

GAP = 11
STEPS = (0, -14, 14, -28, 28, -42, 42)
"""How far up or down a label may move from the height of its point."""


@dataclass(frozen=True)
class Box:
    """A rectangle in the units of a drawing; ``bottom`` is larger than ``top``."""

    left: float
    top: float
    right: float
    bottom: float

    def meets(self, other: Box) -> bool:
        """Whether both share a part."""
        return (
            self.left < other.right
            and other.left < self.right
            and self.top < other.bottom
            and other.top < self.bottom
        )

    def holds(self, other: Box) -> bool:
        """Whether the other lies within, edges included."""
        return (
            self.left <= other.left
            and other.right <= self.right
            and self.top <= other.top
            and other.bottom <= self.bottom
        )


def free_place(
    x: float, y: float, width: float, height: float, page: Box, taken: Sequence[Box]
) -> Box | None:
    """The place nearest to the point where a label fits; None where there is none.

    Args:
        x: of the point.
        y: of the point.
        width: of the label.
        height: of the label.
        page: what the label must lie in.
        taken: boxes that it must not meet.
    """
    for box in _candidates(x, y, width, height):
        if page.holds(box) and not any(box.meets(other) for other in taken):
            return box
    return None


def _candidates(x: float, y: float, width: float, height: float) -> Iterator[Box]:
    for step in STEPS:
        top = y + step - height / 2
        for left in (x + GAP, x - GAP - width):
            yield Box(left, top, left + width, top + height)
