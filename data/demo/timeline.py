"""The months of the demonstration, and paths of levels over them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import numpy as np
from numpy.typing import NDArray

from data.demo.allotment import Floats

YEARS = (2014, 2015, 2016, 2017)

MONTHS = tuple(f"{year}-{month:02d}" for year in YEARS for month in range(1, 13))[:45]
"""January 2014 to September 2017, as written in the files."""

YEAR_OF_MONTH: NDArray[np.int64] = np.array([int(month[:4]) for month in MONTHS])
MONTH_OF_YEAR: NDArray[np.int64] = np.array([int(month[5:]) for month in MONTHS])

PROVISIONAL_MONTHS = MONTHS[-2:]
"""PMSI data come with two months' delay: the last two months are provisional."""

DAY = date(2017, 11, 30)
"""The day that the demonstration is looked at: lateness is counted to it."""


def months_of(year: int) -> slice:
    """The positions of a year's months (nine in 2017)."""
    positions = np.flatnonzero(year == YEAR_OF_MONTH)
    return slice(int(positions[0]), int(positions[-1]) + 1)


def position(month: str) -> int:
    """The position of a month written ``YYYY-MM``."""
    return MONTHS.index(month)


def season(by_month: tuple[float, ...]) -> Floats:
    """Twelve monthly weights repeated over the 45 months, with a mean of 1 over a year."""
    weights = np.array(by_month)
    return (weights / weights.mean())[MONTH_OF_YEAR - 1]


def smooth_path(by_year: Mapping[int, float]) -> Floats:
    """A level for each of the 45 months, in a straight line between the middles of years."""
    middles = np.array([12 * (year - YEARS[0]) + 5.5 for year in by_year])
    levels = np.array(list(by_year.values()))
    months = np.arange(len(MONTHS), dtype=float)
    path = np.interp(months, middles, levels)
    first_slope = (levels[1] - levels[0]) / 12
    last_slope = (levels[-1] - levels[-2]) / 12
    path += np.where(months < middles[0], (months - middles[0]) * first_slope, 0)
    path += np.where(months > middles[-1], (months - middles[-1]) * last_slope, 0)
    return path
