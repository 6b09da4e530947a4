"""By how much do two proportions differ, and could chance alone explain it?"""

from __future__ import annotations

import math
from typing import NamedTuple

from indicators.intervals import wilson


class Difference(NamedTuple):
    """The second proportion less the first, with its bounds; all three in [-1, 1]."""

    value: float
    lower: float
    upper: float

    @property
    def exceeds_chance(self) -> bool:
        """Whether the interval leaves zero out."""
        return self.lower > 0 or self.upper < 0


def proportion_difference(
    first: tuple[float, float], second: tuple[float, float], coverage: float = 0.95
) -> Difference:
    """The difference of two independent proportions, from the Wilson interval of each.

    Args:
        first: events and trials of what came first, 0 <= events <= trials, trials positive.
        second: those compared with it.
        coverage: share of such intervals that hold the true difference, in (0, 1).

    Raises: ValueError as ``intervals.wilson`` does.
    Source: Newcombe 1998, Stat Med 17:873, method 10,
        doi:10.1002/(SICI)1097-0258(19980430)17:8<873::AID-SIM779>3.0.CO;2-I.
    """
    low_before, high_before = wilson(*first, coverage)
    low_after, high_after = wilson(*second, coverage)
    before, after = first[0] / first[1], second[0] / second[1]
    value = after - before
    lower = value - math.hypot(after - low_after, high_before - before)
    upper = value + math.hypot(high_after - after, before - low_before)
    return Difference(value, lower, upper)
