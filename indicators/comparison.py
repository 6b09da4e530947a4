"""Does this territory differ from its benchmark, and where does it stand among peers?

Many territories are compared at once, and with 95 % intervals one in twenty differs by chance
alone. Therefore: what only describes is judged on 95 % intervals, an alarm on 99.8 % ones
(``ALARM_COVERAGE``); ``expected_by_chance`` is the number to say beside a list of differences, and
``benjamini_hochberg`` gives the list of which at most a chosen share is there by chance. Holm's
correction guards against a single error in the list, too dear a promise for 102 caisses.
"""

from __future__ import annotations

import math
from typing import Any, Literal, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from indicators.arguments import (
    FloatArray,
    matched,
    numbers,
    refuse_direction,
    refuse_missing,
    refuse_reversed,
    refuse_share,
    scalar_or_array,
    series,
)

Comparison = Literal["better", "worse", "similar", "not_compared"]

DESCRIPTION_COVERAGE = 0.95
ALARM_COVERAGE = 0.998
ROUNDING = 1e-9


class Peers(NamedTuple):
    """Where values stand: how many are known, their quartiles, and each one's rank.

    ``rank`` has shape (n,): 1 is the best, equals share the smaller rank, NaN where the value is
    missing or no direction is better. Quartiles are interpolated linearly, as in the marts; they
    are None without a known value.
    """

    known_count: int
    q1: float | None
    median: float | None
    q3: float | None
    rank: FloatArray


class FalseDiscovery(NamedTuple):
    """Adjusted p-values, shape (n,), and which tests stay as differences; NaN is no test."""

    adjusted: FloatArray
    is_different: npt.NDArray[np.bool_]


def status(value: Any, lower: Any, upper: Any, benchmark: Any, better: str) -> Any:
    """Whether the value is ``better`` or ``worse`` than the benchmark by more than chance.

    ``similar`` where the benchmark lies within the interval, its bounds included.

    Args:
        value: figure in the unit of ``benchmark``, scalar or shape (n,).
        lower: lower bound of its interval, whose coverage is the test's: 95 % to describe,
            99.8 % to alarm.
        upper: upper bound.
        benchmark: what it is compared with, taken as known (an objective, a larger whole).
        better: ``higher | lower | none``.

    Returns: a word for scalars, an array of words otherwise; ``not_compared`` where something is
        missing, and everywhere if ``better`` is ``none``.
    Raises: ValueError on an unknown ``better``, two lengths, lower > upper, or a value outside
        its own interval, which comes from mixed units (0.52 against 48 to 56).
    """
    refuse_direction(better)
    figure, low, high, reference = matched(
        value=value, lower=lower, upper=upper, benchmark=benchmark
    )
    refuse_reversed(low, high)
    slack = ROUNDING * np.abs(figure)
    if ((figure < low - slack) | (figure > high + slack)).any():
        raise ValueError("value must lie within lower and upper: are they in the same unit?")
    is_missing = np.isnan(figure) | np.isnan(low) | np.isnan(high) | np.isnan(reference)
    above, below = ("better", "worse") if better == "higher" else ("worse", "better")
    words = np.select(
        [is_missing | (better == "none"), low > reference, high < reference],
        ["not_compared", above, below],
        "similar",
    )
    return scalar_or_array(words.astype(object))


def peers(values: Any, better: str = "higher") -> Peers:
    """Median and quartiles of the known values, and the rank of each.

    Args:
        values: one a territory, shape (n,); missing ones allowed.
        better: ``higher | lower | none``.

    Raises: ValueError on an empty or infinite input or an unknown ``better``.
    """
    refuse_direction(better)
    (figures,) = series(values=values)
    known = figures[~np.isnan(figures)]
    if better == "none":
        rank = np.full(figures.shape, np.nan)
    else:
        rank = pd.Series(figures).rank(method="min", ascending=better == "lower").to_numpy()
    if not known.size:
        return Peers(0, None, None, None, rank)
    q1, median, q3 = (float(part) for part in np.quantile(known, [0.25, 0.5, 0.75]))
    return Peers(int(known.size), q1, median, q3, rank)


def expected_by_chance(comparisons: int, coverage: float = DESCRIPTION_COVERAGE) -> float:
    """How many of so many comparisons differ by chance alone, if nothing really does.

    Raises: ValueError on a negative number or a coverage out of (0, 1).
    """
    refuse_share(coverage, "coverage")
    if comparisons < 0:
        raise ValueError(f"comparisons must not be negative, got {comparisons!r}.")
    return comparisons * (1 - coverage)


def proportion_p_value(x: Any, n: Any, benchmark: Any) -> Any:
    """How often chance alone takes a proportion at least this far from the benchmark.

    The two-sided score test, which agrees with ``intervals.wilson``: below 1 - coverage exactly
    where the interval leaves the benchmark out.

    Args:
        x: events, 0 <= x <= n, scalar or shape (n,).
        n: trials, positive.
        benchmark: proportion taken as known, in (0, 1).

    Raises: ValueError on a missing value or one out of bounds.
    """
    events, trials, reference = matched(x=x, n=n, benchmark=benchmark)
    refuse_missing(x=events, n=trials, benchmark=reference)
    if (events < 0).any() or (trials <= 0).any() or (events > trials).any():
        raise ValueError("Every comparison needs 0 <= x <= n and n > 0.")
    if (reference <= 0).any() or (reference >= 1).any():
        raise ValueError("benchmark must lie between 0 and 1, both excluded.")
    error = np.sqrt(reference * (1 - reference) / trials)
    scores = np.abs(events / trials - reference) / error
    tails = [math.erfc(score / math.sqrt(2)) for score in np.ravel(scores)]
    return scalar_or_array(np.reshape(tails, scores.shape))


def benjamini_hochberg(p_values: Any, share: float = 0.05) -> FalseDiscovery:
    """Which of many tests are differences, with at most ``share`` of those by chance on average.

    Args:
        p_values: one a test, in [0, 1], shape (n,); NaN is no test and does not count.
        share: the share of false differences accepted, in (0, 1).

    Raises: ValueError on a p-value out of [0, 1] or a share out of (0, 1).
    Source: Benjamini and Hochberg 1995, J R Stat Soc B 57:289,
        doi:10.1111/j.2517-6161.1995.tb02031.x.
    """
    refuse_share(share, "share")
    tests = np.atleast_1d(numbers(p_values, "p_values"))
    if ((tests < 0) | (tests > 1)).any():
        raise ValueError("p_values must lie between 0 and 1.")
    known = tests[~np.isnan(tests)]
    order = np.argsort(known)[::-1]
    ranks = np.arange(known.size, 0, -1)
    scaled = np.minimum.accumulate(known[order] * known.size / ranks)
    adjusted_known = np.empty_like(known)
    adjusted_known[order] = np.minimum(scaled, 1.0)
    adjusted = np.full(tests.shape, np.nan)
    adjusted[~np.isnan(tests)] = adjusted_known
    return FalseDiscovery(adjusted, adjusted <= share)
