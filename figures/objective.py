"""An objective of the contract as the figures name it: the words of one indicator."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Objective:
    """What a figure needs to know of an indicator; the definition itself stays in the catalogue.

    ``better`` is ``higher | lower | none``; ``unit`` as declared by the definition.
    """

    code: str
    title: str
    heading: str
    unit: str
    better: str
    area: str
    is_rate: bool = False

    def gap_is_favourable(self, gap: float) -> bool:
        """Whether ``realised - objective = gap`` lies on the good side."""
        return gap <= 0 if self.better == "lower" else gap >= 0
