"""Is this month's move a signal or noise? Control charts and their two signs. Pure functions.

``variation`` tells whether the process changed, ``assurance`` whether it can be trusted to reach
its target. Limits are rebased by a person only, who gives the positions; nothing here looks for
a change of level by itself.

Missing months: no moving range is taken across a gap (it would measure two months' change), while
a run goes on over it from known point to known point, as a month that was not sent says nothing
against the run. A missing month has no signal.

Source: NHS England, Making Data Count; the rules and constants are those of its R package
NHSRplotthedots. Proportions: Montgomery, Introduction to Statistical Quality Control, ch. 7;
Laney 2002, Quality Engineering 14:531, doi:10.1081/QEN-120003555.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, Literal, NamedTuple

import numpy as np
import numpy.typing as npt
from numpy.lib.stride_tricks import sliding_window_view

from indicators.arguments import (
    FloatArray,
    WordArray,
    matched,
    refuse_direction,
    refuse_missing,
    refuse_reversed,
    scalar_or_array,
    series,
)

Signal = Literal["beyond_limits", "seven_point_trend", "two_of_three_near_limit", "seven_one_side"]
Variation = Literal["improving", "deteriorating", "neutral", "none"]
Assurance = Literal["passes", "fails", "hit_or_miss", "none"]

RULES: tuple[Signal, ...] = (
    "beyond_limits",
    "seven_point_trend",
    "two_of_three_near_limit",
    "seven_one_side",
)
"""The four rules by precedence: a point that breaks several carries the first."""

TRIAL_BELOW = 12
"""Known points under which limits are on trial: they still move with each month."""

LIMIT_FACTOR = 2.66
"""Three standard deviations in mean moving ranges: 3 / 1.128."""

MEAN_RANGE_OF_NORMAL = 1.128
"""Mean moving range of two normal values, in standard deviations (d2)."""

SCREENING_FACTOR = 3.267
"""Mean moving ranges from which a single one is set aside (D4)."""

RUN_LENGTH = 7
ROUNDING = 1e-12
"""Part of the largest value under which a difference is a rounding error."""

IntArray = npt.NDArray[np.int8]
BoolArray = npt.NDArray[np.bool_]


class Phase(NamedTuple):
    """Limits of one stretch of an XmR chart, from position ``start`` to ``stop`` excluded."""

    start: int
    stop: int
    mean: float
    lower: float
    upper: float
    near_lower: float
    near_upper: float
    moving_range: float
    known_points: int


class XmrChart(NamedTuple):
    """An XmR chart, in the unit of the values. Its limits are those of the last phase.

    ``observed`` are the values as given, shape (n,). ``signal`` and ``side`` have one item each:
    the rule that the point breaks or is part of (one of ``RULES``, or None), and whether it speaks
    of a rise (1), a fall (-1) or nothing (0). ``near_lower`` and ``near_upper`` mark two thirds of
    the way to the limits; ``moving_range`` is the mean one after screening.
    """

    mean: float
    lower: float
    upper: float
    near_lower: float
    near_upper: float
    moving_range: float
    is_trial: bool
    observed: FloatArray
    signal: WordArray
    side: IntArray
    phases: tuple[Phase, ...]


class ProportionChart(NamedTuple):
    """A P or P' chart: proportions in [0, 1], with limits of each point's own, shape (n,).

    ``spread`` is how many times wider than chance alone the limits are (1.0 for a P chart);
    ``signal``, ``side`` and ``is_trial`` are as in ``XmrChart``. Limits are NaN where missing.
    """

    mean: float
    lower: FloatArray
    upper: FloatArray
    near_lower: FloatArray
    near_upper: FloatArray
    spread: float
    is_trial: bool
    observed: FloatArray
    signal: WordArray
    side: IntArray


class _Signs(NamedTuple):
    signal: WordArray
    side: IntArray


def xmr(values: Any, rebases: Sequence[int] = (), *, screen: bool = True) -> XmrChart:
    """The chart of individual values: mean, limits, and which points are signals.

    Limits lie 2.66 mean moving ranges away from the mean. Moving ranges of at least 3.267 times
    their mean are set aside once, so that one accident does not widen the limits that should
    show it. Every point of a run carries its signal, not only the one that completes it.

    Args:
        values: series in time order, shape (n,); missing ones allowed.
        rebases: positions at which a person starts a new phase, increasing, within 1 … n-1.
            Limits and runs start anew there.
        screen: whether large moving ranges are set aside.

    Raises: ValueError on an infinite value, on positions out of order, and on a phase without two
        known points in a row, which leaves no moving range.
    """
    (points,) = series(values=values)
    edges = _edges(rebases, points.size)
    phases = tuple(
        _phase(points, start, stop, screen)
        for start, stop in zip(edges[:-1], edges[1:], strict=True)
    )
    signs = _no_signs(points.size)
    for phase in phases:
        part = slice(phase.start, phase.stop)
        limits = (phase.mean, phase.lower, phase.upper, phase.near_lower, phase.near_upper)
        signs.signal[part], signs.side[part] = _signs(points[part], *limits)
    last = phases[-1]
    return XmrChart(
        mean=last.mean,
        lower=last.lower,
        upper=last.upper,
        near_lower=last.near_lower,
        near_upper=last.near_upper,
        moving_range=last.moving_range,
        is_trial=last.known_points < TRIAL_BELOW,
        observed=points,
        signal=signs.signal,
        side=signs.side,
        phases=phases,
    )


def p_chart(events: Any, trials: Any) -> ProportionChart:
    """The chart of a proportion: three standard errors of chance around the pooled proportion.

    Limits ``p ± 3 √(p (1 - p) / n)`` with each point's own n, clipped to [0, 1]. With large n
    (over some thousands) ordinary differences between months exceed chance and nearly every point
    looks like a signal: ``p_prime`` answers then.

    Args:
        events: series in time order, shape (n,), 0 <= events <= trials; missing ones allowed.
        trials: their denominators, positive; a month missing in one of both is missing.

    Raises: ValueError on counts out of bounds, two lengths, or fewer than two known points.
    """
    values, sizes = _proportions(events, trials)
    return _proportion_chart(values, sizes, spread=1.0)


def p_prime(events: Any, trials: Any) -> ProportionChart:
    """The P' chart of Laney: as ``p_chart``, widened by what months vary beyond chance.

    The proportions are put in standard errors; the mean moving range of those, over 1.128, is the
    ``spread`` that multiplies the limits. It may fall below 1 where months vary less than chance
    would have it. No moving range is screened.

    Args:
        events: as in ``p_chart``.
        trials: as in ``p_chart``.

    Raises: ValueError as ``p_chart`` does, and where no two known points follow each other.
    """
    values, sizes = _proportions(events, trials)
    mean, error = _pooled(values, sizes)
    scores = np.divide(values - mean, error, out=np.zeros_like(values), where=error != 0)
    spread = _mean(_moving_ranges(scores)) / MEAN_RANGE_OF_NORMAL
    return _proportion_chart(values, sizes, spread)


def variation(chart: XmrChart | ProportionChart, better: str) -> Variation:
    """What the last known point says: ``improving``, ``deteriorating``, or ``none`` (chance).

    A signal where no direction is better (``better`` is ``none``) is ``neutral``.

    Raises: ValueError on an unknown ``better``.
    """
    refuse_direction(better)
    side = int(chart.side[_last_known(chart)])
    if side == 0:
        return "none"
    if better == "none":
        return "neutral"
    return "improving" if (side > 0) == (better == "higher") else "deteriorating"


def since(chart: XmrChart | ProportionChart) -> int | None:
    """The position from which known points have all been signals of the last one's direction.

    None where the last known point is no signal. A run starts at its first point, not at the one
    that completes it.
    """
    last = _last_known(chart)
    if chart.side[last] == 0:
        return None
    known = np.flatnonzero(~np.isnan(chart.observed[: last + 1]))
    others = np.flatnonzero(chart.side[known] != chart.side[last])
    return int(known[others[-1] + 1 if others.size else 0])


def assurance(lower: Any, upper: Any, target: Any, better: str) -> Any:
    """Whether the process, as it runs, ``passes`` its target, ``fails`` it, or is ``hit_or_miss``.

    Where higher is better: fails if the target lies above the upper limit, passes if below the
    lower one. Where lower is better the reverse. A target on a limit is hit or miss.

    Args:
        lower: lower limit of the last phase, in the unit of ``target``; scalar or shape (n,).
        upper: upper limit.
        target: value aimed at; without one (None, NaN) the answer is ``none``.
        better: ``higher | lower | none``; ``none`` gives ``none``.

    Returns: a word for scalars, an array of words otherwise.
    Raises: ValueError on an unknown ``better``, missing or reversed limits, or two lengths.
    """
    refuse_direction(better)
    low, high, goal = matched(lower=lower, upper=upper, target=target)
    refuse_missing(lower=low, upper=high)
    refuse_reversed(low, high)
    above, below = ("fails", "passes") if better == "higher" else ("passes", "fails")
    has_answer = ~np.isnan(goal) & (better != "none")
    words = np.select([~has_answer, goal > high, goal < low], ["none", above, below], "hit_or_miss")
    return scalar_or_array(words.astype(object))


def _edges(rebases: Sequence[int], count: int) -> list[int]:
    """Positions between which the phases lie, the two ends included."""
    edges = [0, *(int(position) for position in rebases), count]
    if any(start >= stop for start, stop in zip(edges[:-1], edges[1:], strict=True)):
        raise ValueError(
            f"rebases must be increasing positions within 1 to {count - 1}, got {list(rebases)}."
        )
    return edges


def _phase(points: FloatArray, start: int, stop: int, screen: bool) -> Phase:
    values = points[start:stop]
    ranges = _moving_ranges(values)
    average = _mean(ranges)
    if screen and average > 0:
        average = _mean(ranges[ranges < SCREENING_FACTOR * average])
    known = values[~np.isnan(values)]
    mean, reach = _mean(known), LIMIT_FACTOR * average
    return Phase(
        start=start,
        stop=stop,
        mean=mean,
        lower=mean - reach,
        upper=mean + reach,
        near_lower=mean - 2 / 3 * reach,
        near_upper=mean + 2 / 3 * reach,
        moving_range=average,
        known_points=known.size,
    )


def _mean(values: FloatArray) -> float:
    """The mean, rounded once: the same whatever months are missing around the values."""
    return math.fsum(values) / values.size


def _moving_ranges(values: FloatArray) -> FloatArray:
    """Absolute differences of neighbours that are both known; at least one."""
    steps = np.abs(np.diff(values))
    known = steps[~np.isnan(steps)]
    if not known.size:
        raise ValueError("Limits need two known points in a row in every phase.")
    return known


def _proportions(events: Any, trials: Any) -> tuple[FloatArray, FloatArray]:
    """Proportions and their denominators, both NaN where a month is missing."""
    counts, sizes = series(events=events, trials=trials)
    if (counts < 0).any() or (sizes <= 0).any() or (counts > sizes).any():
        raise ValueError("Every point needs 0 <= events <= trials and trials > 0.")
    values = counts / sizes
    if np.count_nonzero(~np.isnan(values)) < 2:
        raise ValueError("A chart of proportions needs at least two known points.")
    return values, np.where(np.isnan(values), np.nan, sizes)


def _pooled(values: FloatArray, sizes: FloatArray) -> tuple[float, FloatArray]:
    """The proportion of all points together, and each point's standard error around it."""
    mean = min(float(np.nansum(values * sizes) / np.nansum(sizes)), 1.0)
    return mean, np.sqrt(mean * (1 - mean) / sizes)


def _proportion_chart(values: FloatArray, sizes: FloatArray, spread: float) -> ProportionChart:
    mean, error = _pooled(values, sizes)
    lower, near_lower, near_upper, upper = (
        np.clip(mean + deviations * spread * error, 0.0, 1.0) for deviations in (-3, -2, 2, 3)
    )
    signs = _signs(values, mean, lower, upper, near_lower, near_upper)
    return ProportionChart(
        mean=mean,
        lower=lower,
        upper=upper,
        near_lower=near_lower,
        near_upper=near_upper,
        spread=spread,
        is_trial=bool(np.count_nonzero(~np.isnan(values)) < TRIAL_BELOW),
        observed=values,
        signal=signs.signal,
        side=signs.side,
    )


def _no_signs(count: int) -> _Signs:
    return _Signs(np.full(count, None, dtype=object), np.zeros(count, dtype=np.int8))


def _signs(values: FloatArray, mean: float, *limits: float | FloatArray) -> _Signs:
    """The signals of one phase; ``limits`` are lower, upper, near lower and near upper."""
    signs = _no_signs(values.size)
    is_known = ~np.isnan(values)
    known = values[is_known]
    lower, upper, near_lower, near_upper = (
        np.broadcast_to(limit, values.shape)[is_known] for limit in limits
    )
    slack = ROUNDING * float(np.max(np.abs(known)))
    side = _sign(known - mean, slack)
    outside = _beyond(known, lower, upper, slack)
    near = np.where(outside == 0, _beyond(known, near_lower, near_upper, slack), 0)
    by_rule = (
        outside,
        _trend(_sign(np.diff(known), slack)),
        _two_of_three(near, side),
        _one_side(side),
    )
    signal, direction = _no_signs(known.size)
    # The last rule is written first, so that the first has the last word.
    for rule, sides in reversed(list(zip(RULES, by_rule, strict=True))):
        signal[sides != 0] = rule
        direction[sides != 0] = sides[sides != 0]
    signs.signal[is_known], signs.side[is_known] = signal, direction
    return signs


def _sign(differences: FloatArray, slack: float) -> IntArray:
    """1, -1, or 0 where a difference is no more than a rounding error."""
    return np.where(np.abs(differences) <= slack, 0, np.sign(differences)).astype(np.int8)


def _beyond(values: FloatArray, low: FloatArray, high: FloatArray, slack: float) -> IntArray:
    """1 above ``high``, -1 below ``low``, else 0."""
    return (values > high + slack).astype(np.int8) - (values < low - slack).astype(np.int8)


def _trend(steps: IntArray) -> IntArray:
    """Direction of the points of every seven in a row that rise, or that fall.

    A point at which a rise turns into a fall belongs to the later one.
    """
    direction = np.zeros(steps.size + 1, dtype=np.int8)
    for start, way in _constant_windows(steps, RUN_LENGTH - 1):
        direction[start : start + RUN_LENGTH] = way
    return direction


def _one_side(side: IntArray) -> IntArray:
    """Side of the points of every seven in a row on one side of the mean."""
    direction = np.zeros(side.size, dtype=np.int8)
    for start, way in _constant_windows(side, RUN_LENGTH):
        direction[start : start + RUN_LENGTH] = way
    return direction


def _two_of_three(near: IntArray, side: IntArray) -> IntArray:
    """Side of the near points of every three on one side of which at least two are near a limit.

    The third point of the three carries no signal, and a point outside the limits, which has its
    own rule, does not count as near.
    """
    direction = np.zeros(side.size, dtype=np.int8)
    for start, way in _constant_windows(side, 3):
        part = slice(start, start + 3)
        if np.count_nonzero(near[part]) >= 2:
            direction[part] = np.where(near[part] != 0, way, direction[part])
    return direction


def _constant_windows(signs: IntArray, length: int) -> list[tuple[int, int]]:
    """Start and sign of every window of this length that holds one sign, zero excepted."""
    if signs.size < length:
        return []
    sums = sliding_window_view(signs, length).sum(axis=1)
    return [
        (int(start), int(np.sign(sums[start]))) for start in np.flatnonzero(abs(sums) == length)
    ]


def _last_known(chart: XmrChart | ProportionChart) -> int:
    return int(np.flatnonzero(~np.isnan(chart.observed))[-1])
