"""The two sizes of a picture that fills its card: for a wide screen, and for a phone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Frame:
    """The room of a picture, in its own units.

    Attributes:
        name: the class of its style: ``wide`` or ``narrow``.
        width, height: of the whole picture.
        right, top, bottom: margins; the left one follows from what is written there.
        letter: mean width of a letter at the size that this frame is written in.
    """

    name: str
    width: int
    height: int
    right: int
    top: int
    bottom: int
    letter: float

    def left_of(self, longest: int) -> float:
        """The margin that numbers of so many letters need at the left."""
        return round(longest * self.letter + 14, 1)


WIDE = Frame("wide", 1180, 300, 26, 20, 32, 9.0)
NARROW = Frame("narrow", 400, 250, 20, 22, 32, 7.4)


def framed_twice(draw: Callable[[Frame], str]) -> str:
    """The picture in both sizes, of which a screen shows one; empty where nothing is drawn."""
    drawn = [(frame, draw(frame)) for frame in (WIDE, NARROW)]
    return "".join(
        f'<div class="v-framed v-{frame.name}" '
        f'style="aspect-ratio:{frame.width} / {frame.height}">{picture}</div>'
        for frame, picture in drawn
        if picture
    )
