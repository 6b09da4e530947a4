"""Which units differ from the others by more than chance, and by more than units usually do?

A funnel draws limits around a common target, wide for small units and narrow for large ones. Two
pairs of limits belong on it: those of chance alone, and those widened by what units of this kind
usually vary beyond chance (over-dispersion). Neither replaces the other silently. Pure functions;
proportions lie in [0, 1], ratios have 1 as their target.

Source: Spiegelhalter 2005, Stat Med 24:1185, doi:10.1002/sim.1970 (funnels); Spiegelhalter 2005,
Qual Saf Health Care 14:347, doi:10.1136/qshc.2005.013755 (over-dispersion).
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
    series,
)
from indicators.intervals import byar

WINSORISED_SHARE = 0.1
"""Part of the units at either end whose scores are drawn in before the dispersion is measured."""

EVENTS_IN_PLACE_OF_NONE = 0.5
"""What stands for no event where a logarithm is taken."""


class Limits(NamedTuple):
    """Lower and upper limit around ``target``, in the same unit: floats, or shape (n,)."""

    lower: Any
    upper: Any
    target: float


class RatioLimits(NamedTuple):
    """Lower and upper limit of a ratio of events to expected events: floats, or shape (n,)."""

    lower: Any
    upper: Any


class Overdispersion(NamedTuple):
    """How much more units vary than by chance, and each one's limits, shape (n,).

    ``lower`` and ``upper`` are widened by ``tau2``; ``chance_lower`` and ``chance_upper`` are the
    same method's limits without it. Both are in the unit of ``target``. ``phi`` is the mean
    squared score after winsorising, 1 where chance explains all; ``tau2`` is the variance between
    units on the method's own scale, and ``theta0`` the target there. ``winsor_lower`` and
    ``winsor_upper`` are the scores, in standard errors, at which the others were drawn in.
    """

    phi: float
    tau2: float
    theta0: float
    winsor_lower: float
    winsor_upper: float
    lower: FloatArray
    upper: FloatArray
    chance_lower: FloatArray
    chance_upper: FloatArray
    target: float


class Standardised(NamedTuple):
    """Events of units beside those expected from their mix: floats, or shape (n,).

    ``ratio`` is observed / expected with its bounds; all three are NaN where nothing is expected.
    """

    observed: Any
    expected: Any
    ratio: Any
    lower: Any
    upper: Any


class _Dispersion(NamedTuple):
    phi: float
    tau2: float
    winsor_lower: float
    winsor_upper: float


def funnel_limits(events: Any, trials: Any, coverage: float = 0.95) -> Limits:
    """Each unit's limits of chance around the pooled proportion.

    Args:
        events: shape (n,), not negative, at most ``trials``; a weighted count need not be whole.
        trials: shape (n,), positive.
        coverage: share of units inside the limits if nothing but chance sets them apart: 0.95
            to describe, 0.998 to alarm.

    Returns: proportions of shape (n,), and the pooled proportion as ``target``.
    Raises: ValueError on a missing value, counts out of bounds, two lengths, no unit, or a
        coverage out of (0, 1).
    """
    counts, sizes = _proportions(events, trials)
    return limits_around(_pooled(counts, sizes), sizes, coverage)


def limits_around(target: float, trials: Any, coverage: float = 0.95) -> Limits:
    """Limits of a proportion at any number of trials, to draw a funnel or for a given target.

    A limit is the proportion whose one-sided Wilson bound equals the target, clipped to [0, 1].
    Turned round, Wilson's score equation takes its standard error at the target, so that the
    limit is ``target ± z √(target (1 - target) / trials)``.

    Args:
        target: proportion in [0, 1].
        trials: positive, shape (n,) or scalar; need not be whole.
        coverage: as in ``funnel_limits``.

    Raises: ValueError on a target out of [0, 1], missing or non-positive trials, or a coverage
        out of (0, 1).
    Source: the funnel plots of the English public health indicators (PHEindicatormethods).
    """
    centre = _proportion(target)
    margin = _quantile(coverage) * np.sqrt(centre * (1 - centre) / _positive(trials, "trials"))
    return Limits(
        *_both(np.maximum(centre - margin, 0.0), np.minimum(centre + margin, 1.0)), centre
    )


def poisson_limits(expected: Any, coverage: float = 0.95) -> RatioLimits:
    """Limits of chance of the ratio observed / expected, for so many expected events.

    Args:
        expected: positive, shape (n,) or scalar; need not be whole.
        coverage: as in ``funnel_limits``.

    Returns: ratios around 1.
    Raises: ValueError on missing or non-positive counts, or a coverage out of (0, 1).
    Source: half the chi-squared quantiles at 2E and 2E + 2 degrees of freedom over E, as in
        FunnelPlotR.
    """
    counts = _positive(expected, "expected")
    tails = _poisson_tails(counts, coverage)
    return RatioLimits(*_both(tails.lower / counts, tails.upper / counts))


def observed_ratio_limits(observed: Any, coverage: float = 0.95) -> RatioLimits:
    """The ratios from which so many observed events are fewer, or more, than chance allows.

    ``poisson_limits`` starts from what is expected; this is the other question, for an axis of
    observed events: ``lower`` is the ratio at which the expected count is so high that as few
    events reach the tail, ``upper`` the one at which it is so low that as many do.

    Args:
        observed: positive, shape (n,) or scalar.
        coverage: as in ``funnel_limits``.

    Returns: ratios observed / expected.
    Raises: ValueError on missing or non-positive counts (without an event the ratio is 0,
        whatever was expected), or a coverage out of (0, 1).
    Source: the exact Poisson limits of Garwood 1936, doi:10.1093/biomet/28.3-4.437, as in the
        funnel plots of PHEindicatormethods.
    """
    counts = _positive(observed, "observed")
    tails = _poisson_tails(counts, coverage)
    return RatioLimits(*_both(counts / tails.upper, counts / tails.lower))


def overdispersion(
    events: Any, trials: Any, coverage: float = 0.95, target: float | None = None
) -> Overdispersion:
    """How much more proportions vary between units than by chance, and limits that allow for it.

    Proportions are compared as ``asin √p``, whose standard error ``1 / (2 √n)`` depends on the
    size alone. These limits of chance therefore differ a little from those of ``funnel_limits``,
    and only ``chance_lower`` and ``chance_upper`` enclose no more than the widened ones do.

    Args:
        events: as in ``funnel_limits``.
        trials: as in ``funnel_limits``.
        coverage: as in ``funnel_limits``, and beyond what units usually vary.
        target: proportion that units are compared with, such as the country's where the units are
            those of one region; the pooled one without it.

    Returns: limits as proportions.
    Raises: ValueError as ``funnel_limits`` does, on fewer than two units, and on a target out of
        [0, 1].
    """
    counts, sizes = _proportions(events, trials)
    target = _pooled(counts, sizes) if target is None else _proportion(target)
    theta0 = float(np.arcsin(np.sqrt(target)))
    error = 1 / (2 * np.sqrt(sizes))
    found = _dispersion((np.arcsin(np.sqrt(counts / sizes)) - theta0) / error, error)
    widened = proportion_limits_beyond_chance(target, found.tau2, sizes, coverage)
    chance = proportion_limits_beyond_chance(target, 0.0, sizes, coverage)
    return _overdispersion(found, theta0, widened, chance, target)


def ratio_overdispersion(observed: Any, expected: Any, coverage: float = 0.95) -> Overdispersion:
    """As ``overdispersion``, for ratios of observed to expected events around 1.

    Ratios are compared as ``ln(O / E)`` with the standard error ``1 / √E``, as in the English
    hospital mortality indicator (SHMI). Half an event stands for none, which has no logarithm.

    Args:
        observed: shape (n,), not negative.
        expected: shape (n,), positive.
        coverage: as in ``overdispersion``.

    Returns: limits as ratios, ``target`` 1 and ``theta0`` 0.
    Raises: ValueError on missing or out-of-bounds counts, two lengths, fewer than two units, or
        a coverage out of (0, 1).
    """
    counts, sizes = series(observed=observed, expected=expected)
    refuse_missing(observed=counts, expected=sizes)
    _refuse_negative(counts, "observed")
    sizes = _positive(sizes, "expected")
    error = 1 / np.sqrt(sizes)
    found = _dispersion(
        np.log(np.where(counts == 0, EVENTS_IN_PLACE_OF_NONE, counts) / sizes) / error, error
    )
    widened = ratio_limits_beyond_chance(found.tau2, sizes, coverage)
    chance = ratio_limits_beyond_chance(0.0, sizes, coverage)
    return _overdispersion(found, 0.0, widened, chance, 1.0)


def proportion_limits_beyond_chance(
    target: float, tau2: float, trials: Any, coverage: float = 0.95
) -> Limits:
    """Limits of ``overdispersion`` at any number of trials, to draw its funnel.

    Args:
        target: pooled proportion, in [0, 1].
        tau2: variance between units, not negative, as ``overdispersion`` returns it.
        trials: positive, shape (n,) or scalar.
        coverage: as in ``overdispersion``.

    Raises: ValueError on a target out of [0, 1], a negative ``tau2``, non-positive trials, or a
        coverage out of (0, 1).
    """
    centre = _proportion(target)
    sizes = _positive(trials, "trials")
    margin = _quantile(coverage) * np.sqrt(1 / (4 * sizes) + _variance(tau2))
    theta0 = np.arcsin(np.sqrt(centre))
    # Beyond a right angle the squared sine would turn back from its end.
    lower = np.sin(np.maximum(theta0 - margin, 0.0)) ** 2
    upper = np.sin(np.minimum(theta0 + margin, np.pi / 2)) ** 2
    return Limits(*_both(lower, upper), centre)


def ratio_limits_beyond_chance(tau2: float, expected: Any, coverage: float = 0.95) -> Limits:
    """Limits of ``ratio_overdispersion`` at any expected count, to draw its funnel.

    Args:
        tau2: variance between units, not negative, as ``ratio_overdispersion`` returns it.
        expected: positive, shape (n,) or scalar.
        coverage: as in ``overdispersion``.

    Raises: ValueError on a negative ``tau2``, non-positive counts, or a coverage out of (0, 1).
    """
    sizes = _positive(expected, "expected")
    margin = _quantile(coverage) * np.sqrt(1 / sizes + _variance(tau2))
    return Limits(*_both(np.exp(-margin), np.exp(margin)), 1.0)


def standardised(
    events_by_stratum: Any,
    trials_by_stratum: Any,
    reference_events: Any = None,
    reference_trials: Any = None,
    coverage: float = 0.95,
) -> Standardised:
    """Events of each unit beside those expected from its mix of strata (indirect standardisation).

    What is expected are the reference's rates applied to the unit's own trials, so that a unit
    is not judged by the procedures it happens to ask for. Without a reference the units together
    are it, and their expected events add up to the observed ones.

    Args:
        events_by_stratum: shape (units, strata), or (strata,) for one unit; at most the trials.
        trials_by_stratum: same shape; 0 where a unit has no trial in a stratum.
        reference_events: shape (strata,); needed with one unit.
        reference_trials: shape (strata,), positive wherever a unit has trials.
        coverage: share of such intervals that hold the true ratio, in (0, 1).

    Raises: ValueError on missing values, counts out of bounds, shapes that differ, half a
        reference or none for one unit, or trials in a stratum where the reference has none.
    """
    events, trials = _strata(events_by_stratum, trials_by_stratum)
    if (reference_events is None) != (reference_trials is None):
        raise ValueError("reference_events and reference_trials come together.")
    if reference_events is None:
        if trials.ndim == 1:
            raise ValueError("One unit needs a reference: alone it would be compared with itself.")
        reference_events, reference_trials = events.sum(axis=0), trials.sum(axis=0)
    expected = expected_events(trials, reference_events, reference_trials)
    return observed_to_expected(events.sum(axis=-1), expected, coverage)


def expected_events(trials_by_stratum: Any, reference_events: Any, reference_trials: Any) -> Any:
    """Events that units would have at the reference's rates, given their own trials.

    Args:
        trials_by_stratum: shape (units, strata), or (strata,) for one unit.
        reference_events: shape (strata,), at most ``reference_trials``.
        reference_trials: shape (strata,).

    Returns: shape (units,), or a float for one unit.
    Raises: ValueError as ``standardised`` does.
    """
    trials = numbers(trials_by_stratum, "trials_by_stratum")
    refuse_missing(trials_by_stratum=trials)
    _refuse_negative(trials, "trials_by_stratum")
    counts, sizes = series(reference_events=reference_events, reference_trials=reference_trials)
    refuse_missing(reference_events=counts, reference_trials=sizes)
    if (counts < 0).any() or (counts > sizes).any():
        raise ValueError("The reference needs 0 <= events <= trials in every stratum.")
    if trials.ndim not in (1, 2) or trials.shape[-1] != sizes.size:
        raise ValueError(
            f"trials_by_stratum has shape {trials.shape} for {sizes.size} strata of reference."
        )
    if (trials[..., sizes == 0] > 0).any():
        raise ValueError("The reference has no trial in a stratum where a unit has some.")
    rates = np.divide(counts, sizes, out=np.zeros_like(counts), where=sizes > 0)
    return scalar_or_array(np.asarray(trials @ rates))


def observed_to_expected(observed: Any, expected: Any, coverage: float = 0.95) -> Standardised:
    """The ratio of observed to expected events, with Byar's interval of the observed ones.

    The expected count is taken as known. Where events are frequent among trials the interval is
    wider than it need be, as a share of trials varies less than a Poisson count.

    Args:
        observed: not negative, shape (n,) or scalar.
        expected: not negative; same shape or a scalar. 0 gives no ratio (NaN).
        coverage: as in ``standardised``.

    Raises: ValueError on missing or negative counts, two lengths, or a coverage out of (0, 1).
    Source: Breslow and Day 1987, Statistical Methods in Cancer Research II, IARC, p. 69.
    """
    counts, sizes = matched(observed=observed, expected=expected)
    refuse_missing(observed=counts, expected=sizes)
    _refuse_negative(counts, "observed")
    _refuse_negative(sizes, "expected")
    bounds = byar(counts, coverage)
    known = np.where(sizes > 0, sizes, np.nan)
    parts = (np.asarray(part) / known for part in (counts, bounds.lower, bounds.upper))
    return Standardised(*(scalar_or_array(np.asarray(part)) for part in (counts, sizes, *parts)))


def dispersion(scores: Any) -> float:
    """How many times more than by chance scores vary: their mean square after winsorising.

    Args:
        scores: distances of units to what is expected of them, in standard errors; shape (n,).

    Returns: 1 on average where chance explains all, as ``Overdispersion.phi``; its square root
        is what scores are divided by to allow for it.
    Raises: ValueError on a missing score or none at all.
    """
    (found,) = series(scores=scores)
    refuse_missing(scores=found)
    low, high = np.quantile(found, [WINSORISED_SHARE, 1 - WINSORISED_SHARE])
    return float(np.mean(np.clip(found, low, high) ** 2))


def _dispersion(scores: FloatArray, error: FloatArray) -> _Dispersion:
    """The spread of scores in standard errors, and the variance between units that explains it."""
    count = scores.size
    if count < 2:
        raise ValueError("Over-dispersion needs at least two units: one does not vary.")
    low, high = np.quantile(scores, [WINSORISED_SHARE, 1 - WINSORISED_SHARE])
    phi = float(np.mean(np.clip(scores, low, high) ** 2))
    weight = 1 / error**2
    excess = count * phi - (count - 1)
    tau2 = max(0.0, float(excess / (weight.sum() - (weight**2).sum() / weight.sum())))
    return _Dispersion(phi, tau2, float(low), float(high))


def _overdispersion(
    found: _Dispersion, theta0: float, widened: Limits, chance: Limits, target: float
) -> Overdispersion:
    return Overdispersion(
        phi=found.phi,
        tau2=found.tau2,
        theta0=theta0,
        winsor_lower=found.winsor_lower,
        winsor_upper=found.winsor_upper,
        lower=widened.lower,
        upper=widened.upper,
        chance_lower=chance.lower,
        chance_upper=chance.upper,
        target=target,
    )


def _poisson_tails(counts: FloatArray, coverage: float) -> RatioLimits:
    """Half the chi-squared quantiles at 2c and 2c + 2 degrees of freedom, c need not be whole."""
    refuse_share(coverage, "coverage")
    # Half a second to import, for these limits only.
    from scipy.special import gammainccinv, gammaincinv

    tail = (1 - coverage) / 2
    return RatioLimits(gammaincinv(counts, tail), gammainccinv(counts + 1, tail))


def _quantile(coverage: float) -> float:
    refuse_share(coverage, "coverage")
    return NormalDist().inv_cdf((1 + coverage) / 2)


def _pooled(events: FloatArray, trials: FloatArray) -> float:
    # Rounding of weighted counts may take the quotient of equals a hair above 1.
    return min(1.0, float(events.sum() / trials.sum()))


def _proportions(events: Any, trials: Any) -> tuple[FloatArray, FloatArray]:
    counts, sizes = series(events=events, trials=trials)
    refuse_missing(events=counts, trials=sizes)
    if (counts < 0).any() or (sizes <= 0).any() or (counts > sizes).any():
        raise ValueError("Every unit needs 0 <= events <= trials and trials > 0.")
    return counts, sizes


def _strata(events_by_stratum: Any, trials_by_stratum: Any) -> tuple[FloatArray, FloatArray]:
    events = numbers(events_by_stratum, "events_by_stratum")
    trials = numbers(trials_by_stratum, "trials_by_stratum")
    refuse_missing(events_by_stratum=events, trials_by_stratum=trials)
    if events.shape != trials.shape or events.ndim not in (1, 2):
        raise ValueError(
            "events_by_stratum and trials_by_stratum must have one shape, (units, strata) or "
            f"(strata,), got {events.shape} and {trials.shape}."
        )
    if (events < 0).any() or (events > trials).any():
        raise ValueError("Every unit needs 0 <= events <= trials in every stratum.")
    return events, trials


def _positive(values: Any, name: str) -> FloatArray:
    array = numbers(values, name)
    refuse_missing(**{name: array})
    if (array <= 0).any():
        raise ValueError(f"{name} must be positive.")
    return array


def _refuse_negative(array: FloatArray, name: str) -> None:
    if (array < 0).any():
        raise ValueError(f"{name} must not be negative: it counts events or trials.")


def _proportion(target: float) -> float:
    proportion = _one(target, "target")
    if not 0 <= proportion <= 1:
        raise ValueError(f"target must lie between 0 and 1, got {target!r}.")
    return proportion


def _variance(tau2: float) -> float:
    variance = _one(tau2, "tau2")
    if variance < 0:
        raise ValueError(f"tau2 must not be negative, got {tau2!r}.")
    return variance


def _one(value: Any, name: str) -> float:
    array = numbers(value, name)
    refuse_missing(**{name: array})
    if array.ndim:
        raise ValueError(f"{name} must be one number.")
    return float(array)


def _both(lower: Any, upper: Any) -> tuple[Any, Any]:
    return scalar_or_array(np.asarray(lower)), scalar_or_array(np.asarray(upper))
