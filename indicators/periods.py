"""Quarters put together until each period holds enough requests to be shown to everybody."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from indicators.suppression import SMALLEST_SHOWN

QUARTERS = 4
IntArray = npt.NDArray[np.int64]


class Periods(NamedTuple):
    """First and last quarter (1 to 4) of the period that each quarter belongs to.

    Arrays of shape (series, 4). A period is a run of quarters; a year is cut into one to four.
    """

    first: IntArray
    last: IntArray


def merged_quarters(requests: npt.ArrayLike, at_least: int = SMALLEST_SHOWN) -> Periods:
    """The periods of each year, made so that a reader can be shown every one of them.

    A period closes at the quarter with which it holds ``at_least`` requests, unless too few are
    left for another one: these join it. A year that never holds enough is one period.

    Args:
        requests: shape (series, 4), one row a year of a place and domain; missing ones count 0.
        at_least: requests that a period must hold.

    Raises: ValueError on another shape, a negative count, or a threshold below 1.
    """
    counts = np.asarray(requests, dtype=np.float64)
    if counts.ndim != 2 or counts.shape[1] != QUARTERS:
        raise ValueError(f"requests has shape {counts.shape}, not (series, {QUARTERS}).")
    if (counts < 0).any():
        raise ValueError("A number of requests is never negative.")
    if at_least < 1:
        raise ValueError(f"at_least must be at least 1, got {at_least}.")
    known = np.nan_to_num(counts)
    first = np.ones(counts.shape, dtype=np.int64)
    start = np.ones(len(counts), dtype=np.int64)
    held = np.zeros(len(counts))
    for quarter in range(QUARTERS):
        first[:, quarter] = start
        held += known[:, quarter]
        is_closed = held >= at_least
        # What is left must hold enough for a period of its own: it joins this one otherwise.
        is_closed &= known[:, quarter + 1 :].sum(axis=1) >= at_least
        start = np.where(is_closed, quarter + 2, start)
        held = np.where(is_closed, 0.0, held)
    last = np.full(counts.shape, QUARTERS, dtype=np.int64)
    for quarter in range(QUARTERS - 2, -1, -1):
        same = first[:, quarter] == first[:, quarter + 1]
        last[:, quarter] = np.where(same, last[:, quarter + 1], quarter + 1)
    return Periods(first, last)
