"""Has the figure really moved over the last five years? Pure functions."""

from __future__ import annotations

import math
from typing import Any, Literal, NamedTuple

import numpy as np
import numpy.typing as npt

from indicators.arguments import FloatArray, refuse_direction, refuse_reversed, series

Direction = Literal["increasing", "decreasing", "stable"]
Verdict = Literal["getting_better", "getting_worse", "no_change", "neutral", "cannot_be_calculated"]

IntArray = npt.NDArray[np.int_]

YEARS = 5
ERRORS_IN_INTERVAL = 3.92
"""Width of a 95 % interval in standard errors."""

CHI2_LIMIT = 9.54953570608324
"""0.998 quantile of chi-squared with one degree of freedom."""


class RecentTrend(NamedTuple):
    """Direction and verdict, with the yearly slope (unit of the values) and its chi-squared.

    The verdict is ``neutral`` where the figure moved and no direction is better. All but the
    verdict are None where the trend cannot be calculated.
    """

    direction: Direction | None
    verdict: Verdict
    slope: float | None
    chi2: float | None


CANNOT_BE_CALCULATED = RecentTrend(None, "cannot_be_calculated", None, None)


def recent_trend(values: Any, lower: Any, upper: Any, better: str) -> RecentTrend:
    """Whether the last five yearly points rise or fall by more than chance explains.

    A straight line is fitted through them, each weighted by 1 / SE² with SE = (upper - lower) /
    3.92. The figure moved where (slope / SE of slope)² exceeds 9.5495 (99.8 %) and the slope
    keeps its sign with each of the five left out, so that no single year makes a trend.

    Args:
        values: one point a year in time order, shape (n,); earlier ones than the last five are
            not used.
        lower: lower bounds of their 95 % intervals, shape (n,).
        upper: upper bounds, shape (n,).
        better: ``higher | lower | none``.

    Returns: ``cannot_be_calculated`` with fewer than five points, with one of the last five or
        its interval missing (a trend is not recent if it stops before the last year, and not of
        five years if it skips one), and with an interval of no width, which has no weight.
    Raises: ValueError on two lengths, lower > upper, an infinite value or an unknown ``better``.
    Source: Fingertips, Office for Health Improvement and Disparities, guidance on recent trends.
    """
    refuse_direction(better)
    if not np.size(values):
        return CANNOT_BE_CALCULATED
    points, low, high = series(values=values, lower=lower, upper=upper)
    refuse_reversed(low, high)
    recent = points[-YEARS:]
    errors = (high - low)[-YEARS:] / ERRORS_IN_INTERVAL
    if recent.size < YEARS or np.isnan(recent).any() or not (errors > 0).all():
        return CANNOT_BE_CALCULATED
    slope, chi2 = _line(np.arange(YEARS), recent, errors)
    if not (math.isfinite(slope) and math.isfinite(chi2)):
        return CANNOT_BE_CALCULATED
    if chi2 <= CHI2_LIMIT or not _keeps_sign(recent, errors, slope):
        return RecentTrend("stable", "no_change", slope, chi2)
    direction: Direction = "increasing" if slope > 0 else "decreasing"
    return RecentTrend(direction, _verdict(direction, better), slope, chi2)


def _line(years: IntArray, values: FloatArray, errors: FloatArray) -> tuple[float, float]:
    """Weighted slope a year and its chi-squared; not finite where errors differ too widely."""
    # Only the proportions between weights matter to the slope; scaled, they cannot overflow.
    smallest = errors.min()
    weights = (smallest / errors) ** 2
    around = years - np.average(years, weights=weights)
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        spread = np.sum(weights * around**2)
        slope = np.sum(weights * around * (values - values.mean())) / spread
        return float(slope), float((slope / smallest) ** 2 * spread)


def _keeps_sign(values: FloatArray, errors: FloatArray, slope: float) -> bool:
    years = np.arange(YEARS)
    kept = (years != left_out for left_out in years)
    slopes = (_line(years[part], values[part], errors[part])[0] for part in kept)
    return all(np.sign(one) == np.sign(slope) for one in slopes)


def _verdict(direction: Direction, better: str) -> Verdict:
    if better == "none":
        return "neutral"
    is_better = (direction == "increasing") == (better == "higher")
    return "getting_better" if is_better else "getting_worse"
