"""Between which bounds does the value behind an observed count or proportion lie? Pure functions.

Scalars give floats; lists, arrays and Series give arrays of their shape.
"""

from __future__ import annotations

from statistics import NormalDist
from typing import Any, NamedTuple

import numpy as np

from indicators.arguments import (
    FloatArray,
    matched,
    numbers,
    refuse_missing,
    refuse_share,
    scalar_or_array,
)

EXACT_BELOW = 10
"""Counts under which Byar's approximation gives way to the exact Poisson limits."""


class Interval(NamedTuple):
    """Lower and upper bound, in the unit of the method: floats, or arrays of the input's shape."""

    lower: Any
    upper: Any


class Rate(NamedTuple):
    """A rate and its bounds, all per the same number of units of the denominator."""

    value: Any
    lower: Any
    upper: Any


def wilson(x: Any, n: Any, coverage: float = 0.95) -> Interval:
    """Wilson's score interval of a proportion, in [0, 1]; exactly 0 at x = 0 and 1 at x = n.

    Args:
        x: events, not negative, at most ``n``; a weighted count need not be whole.
        n: trials, positive; same shape as ``x`` or a scalar.
        coverage: share of such intervals that hold the true proportion, in (0, 1).

    Raises: ValueError on a missing or infinite value, x < 0, n <= 0, x > n, two lengths, or a
        coverage out of (0, 1).
    Source: Wilson 1927, J Am Stat Assoc 22:209, doi:10.1080/01621459.1927.10502953; used for
        proportions by the English public health indicators (PHEindicatormethods).
    """
    events, trials = _counts(x, n)
    if (events > trials).any():
        raise ValueError("x must not exceed n: a proportion counts events among trials.")
    z = _quantile(coverage)
    root = np.sqrt(z**2 + 4 * events * (1 - events / trials))
    upper = (2 * events + z**2 + z * root) / (2 * (trials + z**2))
    # The product of both bounds is known; the textbook difference would lose digits near 0.
    lower = events / trials * events / ((trials + z**2) * upper)
    upper = np.where(events == trials, 1.0, np.minimum(upper, 1.0))
    return Interval(scalar_or_array(np.asarray(lower)), scalar_or_array(upper))


def byar(x: Any, coverage: float = 0.95) -> Interval:
    """Interval of the expected count behind an observed one: Byar's, exact below ten events.

    Args:
        x: events counted, not negative, shape (n,) or scalar.
        coverage: share of such intervals that hold the expected count, in (0, 1).

    Returns: bounds in events; the lower one of no event is 0.
    Raises: ValueError on a missing, infinite or negative count, or a coverage out of (0, 1).
    Source: Breslow and Day 1987, Statistical Methods in Cancer Research II, IARC, p. 69; exact
        limits as Garwood 1936, Biometrika 28:437, doi:10.1093/biomet/28.3-4.437.
    """
    events = _count(x)
    z = _quantile(coverage)
    safe = np.maximum(events, EXACT_BELOW)
    lower = np.asarray(safe * (1 - 1 / (9 * safe) - z / (3 * np.sqrt(safe))) ** 3)
    upper = np.asarray((safe + 1) * (1 - 1 / (9 * (safe + 1)) + z / (3 * np.sqrt(safe + 1))) ** 3)
    is_small = events < EXACT_BELOW
    if is_small.any():
        exact = _exact(events[is_small], coverage)
        lower[is_small], upper[is_small] = exact.lower, exact.upper
    return Interval(scalar_or_array(lower), scalar_or_array(upper))


def rate(x: Any, n: Any, coverage: float = 0.95, per: float = 1.0) -> Rate:
    """Events per so many units of the denominator, with the interval of ``byar``.

    For what may happen more than once a person, or where persons-years are counted; a share of
    trials is ``wilson``'s.

    Args:
        x: events, not negative.
        n: denominator, positive; same shape as ``x`` or a scalar.
        coverage: as in ``byar``.
        per: units of the denominator in which the rate is said (1 000 for ‰ of insured persons).

    Raises: ValueError as ``byar`` does, on n <= 0, two lengths, or a ``per`` that isn't positive.
    """
    events, persons = _counts(x, n)
    if not np.isfinite(per) or per <= 0:
        raise ValueError(f"per must be positive, got {per!r}.")
    bounds = byar(events, coverage)
    said = (per * np.asarray(part) / persons for part in (events, bounds.lower, bounds.upper))
    return Rate(*(scalar_or_array(np.asarray(part)) for part in said))


def _exact(events: FloatArray, coverage: float) -> Interval:
    """Exact Poisson limits: half the chi-squared quantiles at 2x and 2x + 2 degrees of freedom."""
    # Half a second to import, for small counts only.
    from scipy.special import gammainccinv, gammaincinv

    tail = (1 - coverage) / 2
    with np.errstate(invalid="ignore"):
        lower = np.where(events == 0, 0.0, gammaincinv(events, tail))
    return Interval(lower, gammainccinv(events + 1, tail))


def _quantile(coverage: float) -> float:
    """The number of standard errors that a two-sided interval of this coverage reaches."""
    refuse_share(coverage, "coverage")
    return NormalDist().inv_cdf((1 + coverage) / 2)


def _count(x: Any) -> FloatArray:
    events = numbers(x, "x")
    refuse_missing(x=events)
    if (events < 0).any():
        raise ValueError("x must not be negative: it counts events.")
    return events


def _counts(x: Any, n: Any) -> tuple[FloatArray, FloatArray]:
    events, units = matched(x=x, n=n)
    refuse_missing(x=events, n=units)
    if (events < 0).any():
        raise ValueError("x must not be negative: it counts events.")
    if (units <= 0).any():
        raise ValueError("n must be positive: without a denominator there is no rate.")
    return events, units
