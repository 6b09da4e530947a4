"""Where will the year end? The landing (*atterrissage*) of a cumulated indicator. Pure functions.

For flows that are added over the months of a year only (adhesions, contacts, savings, amounts):
a rate or a month-end stock has no share of the year reached and no landing.

The method, its constants and its errors on the demonstration data: ``docs/landing.md``.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.special import stdtr, stdtrit

Method = Literal["seasonal", "profile", "run_rate"]
DIRECTIONS = ("higher", "lower", "none")
MONTHS = 12

OWN_YEARS = 3
"""Complete former years from which a territory's own shares may be preferred to a profile given: a
year landed by one or two others says little of how well a third would do."""

EQUAL_WEIGHT = 0.5
"""Weight of the season where a single former year leaves nothing to test it on."""

PEER_DEGREES = 8
"""Degrees of freedom that the peers' past errors bring at most. There may be hundreds of them, but
they share the accidents of a few years, and a small caisse errs more than a large one."""

DEGREES_A_YEAR = 2
"""Degrees of freedom that the eleven errors of one own year bring. Independent months would bring
2.9; months in fact follow one another."""

LEAST_SPREAD = 0.1 / math.sqrt(MONTHS)
"""Spread of a year's total assumed before any error is known: months that vary by a tenth. It
counts for one degree of freedom, so that it fades with the first errors seen."""

GROWTH_SPREAD = 0.3
"""Yearly growth, up or down, that a run-rate must allow for where no past says how it erred. A
level that grows by g over the year is out by g (1 - s) / 2 at share s."""

LEAST_TERRITORIES = 3
"""A group in which fewer territories had a total takes the shares of all of them."""

RUN_RATE = np.arange(1, MONTHS + 1) / MONTHS
"""Cumulative shares of a year without season."""

FloatArray = npt.NDArray[np.float64]


class Spread(NamedTuple):
    """Past errors in short: root mean square of the log errors, and how many are known."""

    sd: float
    known: int


@dataclass(frozen=True)
class Landing:
    """The year's end as the known months announce it; amounts in the unit of the flows.

    Attributes:
        total: what the known months have brought.
        value: the landing; None where no month is known.
        lower, upper: ends of the interval; None where there is no value.
        probability: chance to reach the objective, in [0, 1]; None without a positive objective,
            without a direction, or where nothing tells how far the rest of the year may go.
        method: whose months give the share: the territory's own former years (``seasonal``), the
            profile given (``profile``), or months / 12 (``run_rate``).
        months: number of known months.
        share_reached: share of the year that the known months stand for, by this method.
        season_weight: weight of the own season against months / 12 in that share; 1 for a profile,
            0 for the run-rate.
        monthly_effort: flow a month that the objective still takes, see ``monthly_effort()``.
    """

    total: float
    value: float | None
    lower: float | None
    upper: float | None
    probability: float | None
    method: Method
    months: int
    share_reached: float
    season_weight: float
    monthly_effort: float | None


class PastErrors(NamedTuple):
    """Log errors, log(year's total / landing), of the two ways to land.

    ``season`` and ``pace`` have the shape of the history: (..., years, 12), NaN where a year could
    not be landed. ``is_tested`` is False where there was one year only: ``season`` then says how
    units differ from their common shares, not how years differ.
    """

    season: FloatArray
    pace: FloatArray
    is_tested: bool

    def blended(self, season_weights: FloatArray) -> FloatArray:
        """The errors of shares blended with these weights by month, shape (..., years, 12)."""
        mixed = season_weights * self.season + (1 - season_weights) * self.pace
        return np.where(season_weights > 0, mixed, self.pace)


class UsualYear(NamedTuple):
    """What former years say of an indicator, ready for the landings of one open year.

    Attributes:
        shares: cumulative shares, shape (12,), by group: a profile for ``landing()``.
        season_weight: weight of the season in these shares by month, shape (12,).
        errors: log errors of landings by these shares, shape (units, years, 12).
    """

    shares: Mapping[str, FloatArray]
    season_weight: FloatArray
    errors: FloatArray

    def spread(self, months: int) -> Spread:
        """The past errors at this number of known months (1 to 12), for ``landing()``."""
        return spread_of(self.errors[..., months - 1])


class _Shares(NamedTuple):
    """The shares a landing divides by, and the own errors they are known by."""

    method: Method
    by_month: FloatArray
    season_weight: float
    own_errors: FloatArray
    own_degrees: int


def landing(
    history: Any,
    current: Any,
    objective: float | None,
    profile: Any = None,
    coverage: float = 0.8,
    *,
    errors: Any = None,
    better: str = "higher",
) -> Landing:
    """The landing of a cumulated indicator, its interval and the chance to reach the objective.

    ``value = Σ current / share``. The share of the year reached comes from own former years where
    there is no profile, or where ``OWN_YEARS`` of them have been landed by one another at least as
    well as by the profile; else from the profile; else it is months / 12.
    Own shares are blended with months / 12 by what the errors of both were in own former years.
    The interval is that of a Student law of the log error, whose scale comes from own past errors
    and from ``errors``; it never falls under what is reached, unless a flow is negative.

    A total of zero or less cannot be divided by a share: the landing then is that total, and the
    interval what former years added after this month, from the least to the most.

    Args:
        history: former years' monthly flows, shape (years, 12); NaN where missing. A year with a
            month missing, or whose total is not positive, is left out.
        current: flows of the known months from January on, 0 to 12 of them, none missing.
        objective: the year's; None, NaN or 0 for none.
        profile: 12 cumulative shares, never falling, the last one 1 (the region's, as
            ``blended_shares()`` gives them).
        coverage: share of years whose total the interval should hold, in (0, 1).
        errors: past log errors of the peers at this number of months, as ``PastErrors.blended()``
            gives them in column months - 1, or their ``Spread``.
        better: ``higher`` (reached from the objective on), ``lower`` (up to it) or ``none``.

    Raises: ValueError on another shape, a missing or infinite flow, a negative objective, a
        profile that falls or does not end at 1, or a coverage out of (0, 1).
    Source: Bates and Granger 1969, doi:10.1057/jors.1969.103, for the blend.
    """
    _check_options(coverage, better)
    years = _complete_years(_as_history(history))
    flows = _as_current(current)
    aim = _as_objective(objective)
    months, total = len(flows), float(flows.sum())
    given = None if profile is None else _as_profile(profile)
    peers = _as_spread(errors)
    shares = _choose_shares(years, given, months)
    share = float(shares.by_month[months - 1]) if months else 0.0

    def landed(
        value: float | None, lower: float | None, upper: float | None, probability: float | None
    ) -> Landing:
        return Landing(
            total=total,
            value=value,
            lower=lower,
            upper=upper,
            probability=probability if aim is not None and better != "none" else None,
            method=shares.method,
            months=months,
            share_reached=share,
            season_weight=shares.season_weight,
            monthly_effort=monthly_effort(total, months, aim),
        )

    if not months:
        return landed(None, None, None, None)
    if months == MONTHS:
        return landed(total, total, total, _as_probability(_is_reached(total, aim, better)))
    if total <= 0:
        ends = total + _rests(years, months)
        lower, upper = min(total, *ends, total), max(total, *ends, total)
        return landed(total, lower, upper, _share_reaching(ends, aim, better))
    value = total / share
    scale, degrees = _error_law(shares, flows, peers)
    reach = math.exp(min(_student_quantile((1 + coverage) / 2, degrees) * scale, 700.0))
    only_grows = not (flows < 0).any() and not (years < 0).any()
    lower = max(value / reach, total) if only_grows else value / reach
    floor = total if only_grows else -math.inf
    chance = _chance(value, scale, degrees, floor, aim, better)
    return landed(value, lower, value * reach, chance)


def monthly_effort(current_total: float, months: int, objective: float | None) -> float | None:
    """The flow a month needed from now to December for the year to equal its objective.

    Where lower is better it is the flow that is still allowed. Zero once the objective is reached
    or passed; None without a positive objective or once the year is over.

    Raises: ValueError on a number of months out of 0..12, or a negative objective.
    """
    if not 0 <= months <= MONTHS:
        raise ValueError(f"months must lie between 0 and {MONTHS}, got {months}.")
    aim = _as_objective(objective)
    if aim is None or months == MONTHS:
        return None
    return max(aim - float(current_total), 0.0) / (MONTHS - months)


def seasonal_shares(flows: Any) -> FloatArray | None:
    """The usual share of a year reached by the end of each month: ratio of sums, shape (12,).

    Args:
        flows: monthly flows of former years, shape (..., 12), of one territory or of several.
            Years with a month missing or without a positive total are left out.

    Returns: None where no year is left. The last share is 1.
    Raises: ValueError on another shape or an infinite flow.
    """
    years = _complete_years(_as_history(flows))
    return _shares_of(years) if len(years) else None


def past_errors(history: Any) -> PastErrors:
    """How wrong former years would have been landed, month by month, had they been landed.

    Each year is landed with the shares of the *other* years, pooled over all units; and by the
    run-rate (total × 12 / months). A year that stands alone is landed with its own pooled shares,
    and the result says that it was not tested.

    Args:
        history: monthly flows, shape (years, 12) for one territory, (units, years, 12) for the
            territories that share one profile; NaN where missing.

    Raises: ValueError on another shape or an infinite flow.
    """
    flows = _as_floats(history, "history")
    if flows.ndim not in (2, 3) or flows.shape[-1] != MONTHS:
        raise ValueError(f"history must have shape (..., years, {MONTHS}), got {flows.shape}.")
    if np.isinf(flows).any():
        raise ValueError("history holds an infinite flow.")
    panel = flows if flows.ndim == 3 else flows[np.newaxis]
    cumulated = np.cumsum(panel, axis=2)
    usable = np.where(cumulated[:, :, -1:] > 0, cumulated, np.nan)
    by_year = np.nansum(usable, axis=0)
    others = by_year.sum(axis=0) - by_year
    is_tested = len(by_year) > 1
    reached = others if is_tested else by_year
    with np.errstate(divide="ignore", invalid="ignore"):
        shares = reached / reached[:, -1:]
        pace = np.log(usable[:, :, -1:] * RUN_RATE / usable)
        season = np.log(usable[:, :, -1:] * shares / usable)
    season, pace = (np.where(np.isfinite(part), part, np.nan) for part in (season, pace))
    shape = flows.shape
    return PastErrors(season.reshape(shape), pace.reshape(shape), is_tested)


def usual_year(history: Any, groups: Sequence[str] | npt.NDArray[np.object_]) -> UsualYear | None:
    """Profiles by group and past errors, from former years only; None where these hold no total.

    Shares are those of the group (a caisse's region); how far to trust them against the run-rate,
    and how they err, is learnt from all units together.

    Args:
        history: monthly flows of peers, shape (units, years, 12); NaN where missing.
        groups: group of each unit, shape (units,).

    Raises: ValueError on another shape, an infinite flow, or another number of groups.
    """
    flows = _as_floats(history, "history")
    names = np.asarray(groups, dtype=object)
    if flows.ndim != 3 or names.shape != flows.shape[:1]:
        raise ValueError(
            f"history of shape (units, years, {MONTHS}) needs a group a unit, "
            f"got {flows.shape} and {names.shape}."
        )
    common = seasonal_shares(flows)
    if common is None:
        return None
    # A year with a month missing has a NaN total, which is not above zero.
    has_total = (flows.sum(axis=2) > 0).any(axis=1)
    everyone = past_errors(flows)
    season, shares = everyone.season.copy(), {}
    for name in dict.fromkeys(names):
        is_member = names == name
        shares[name] = common
        if has_total[is_member].sum() >= LEAST_TERRITORIES:
            shares[name] = _shares_of(_complete_years(flows[is_member].reshape(-1, MONTHS)))
            season[is_member] = past_errors(flows[is_member]).season
    errors = everyone._replace(season=season)
    weights = season_weights(errors)
    profiles = {name: blended_shares(part, weights) for name, part in shares.items()}
    return UsualYear(profiles, weights, errors.blended(weights))


def season_weights(errors: PastErrors) -> FloatArray:
    """How far each month's landing trusts the season rather than the run-rate, shape (12,).

    The inverse of the mean square errors (Bates and Granger 1969): 1 where the season has made no
    error, 0.5 where both have erred alike or where it could not be tested, 0 where several years
    are given and none could be landed by another one: a service that was being launched.
    """
    season = errors.season.reshape(-1, MONTHS)
    is_known = np.isfinite(season)
    in_season = np.where(is_known, season**2, 0.0).sum(axis=0)
    in_pace = np.where(is_known, errors.pace.reshape(-1, MONTHS) ** 2, 0.0).sum(axis=0)
    both = in_season + in_pace
    weights = np.divide(in_pace, both, out=np.ones(MONTHS), where=both > 0)
    if not errors.is_tested:
        weights = np.full(MONTHS, EQUAL_WEIGHT)
    return np.where(is_known.any(axis=0), weights, 0.0)


def blended_shares(shares: FloatArray, weights: FloatArray) -> FloatArray:
    """Seasonal shares brought nearer to months / 12, shape (12,): ``shares^w (months / 12)^(1-w)``.

    Landings by these shares are the weighted geometric means of the landings by both. The result
    can serve as a profile: it never falls and ends at 1.
    """
    return np.minimum(np.maximum.accumulate(_geometric_mean(shares, weights)), 1.0)


def _geometric_mean(shares: FloatArray, weights: FloatArray) -> FloatArray:
    """Shares blended with months / 12; 0 where a share in use is not positive."""
    is_used = (shares > 0) | (weights == 0)
    return np.where(is_used, np.maximum(shares, 0) ** weights * RUN_RATE ** (1 - weights), 0.0)


def spread_of(errors: Any) -> Spread:
    """Root mean square and number of log errors; those that are missing don't count.

    About zero and not about their mean: an error that all peers made alike is an error.
    """
    values = _as_floats(errors, "errors").ravel()
    known = values[np.isfinite(values)]
    return Spread(float(np.sqrt(np.mean(known**2))) if len(known) else 0.0, len(known))


def _choose_shares(years: FloatArray, profile: FloatArray | None, months: int) -> _Shares:
    """Own shares, the profile or the run-rate, whichever can be had and serves best this month."""
    position = max(months, 1) - 1
    own = _own_shares(years, position) if len(years) else None
    if own is not None and not own.by_month[position] > 0:
        own = None
    if profile is None or not profile[position] > 0:
        return own or _Shares("run_rate", RUN_RATE, 0.0, np.empty((0, MONTHS)), 0)
    with np.errstate(divide="ignore", invalid="ignore"):
        cumulated = np.cumsum(years, axis=1)
        errors = np.log(cumulated[:, -1:] * profile / cumulated)
    given = _Shares("profile", profile, 1.0, errors, DEGREES_A_YEAR * len(years))
    if own is None or len(years) < OWN_YEARS:
        return given
    squares = _sum_of_squares(own, position)
    is_as_good = math.isfinite(squares) and squares <= _sum_of_squares(given, position)
    return own if is_as_good else given


def _sum_of_squares(shares: _Shares, position: int) -> float:
    """Own errors at this month; without end where a year had nothing to land yet."""
    at_month = shares.own_errors[:, position]
    return float(np.sum(at_month**2)) if np.isfinite(at_month).all() else math.inf


def _own_shares(years: FloatArray, position: int) -> _Shares:
    """Own pooled shares, blended with the run-rate where two years or more tell how both err."""
    shares = _shares_of(years)
    if len(years) == 1:
        return _Shares("seasonal", shares, 1.0, np.empty((0, MONTHS)), 0)
    errors = past_errors(years)
    weights = season_weights(errors)
    blended = _geometric_mean(shares, weights)
    degrees = DEGREES_A_YEAR * (len(years) - 1)
    return _Shares("seasonal", blended, float(weights[position]), errors.blended(weights), degrees)


def _shares_of(years: FloatArray) -> FloatArray:
    cumulated = np.cumsum(years.sum(axis=0))
    return cumulated / cumulated[-1]


def _error_law(shares: _Shares, flows: FloatArray, peers: Spread | None) -> tuple[float, int]:
    """Scale and degrees of freedom of the Student law of the log error at this month.

    Months that vary independently give a year's total known to c √((1 - s) / s) at share s: by
    that measure errors of all months of the own years are one sample. Peers' errors are those of
    this very month and need no such shape.
    """
    position = len(flows) - 1
    shape = np.sqrt(np.maximum(1 - shares.by_month, 0) / np.maximum(shares.by_month, 1e-12))
    with np.errstate(divide="ignore", invalid="ignore"):
        standard = shares.own_errors[:, :-1] / shape[:-1]
    known = standard[np.isfinite(standard)]
    square, degrees = 0.0, 0
    if len(known):
        square, degrees = float(np.mean(known**2)), shares.own_degrees
    elif peers is None:
        square, degrees = _current_square(shares.by_month, flows), len(flows) - 1
    at_month = float(shape[position]) ** 2
    parts = [(square * at_month, degrees)]
    parts.append(
        (LEAST_SPREAD**2 * at_month, 1)
        if peers is None
        else (peers.sd**2, min(peers.known, PEER_DEGREES))
    )
    freedom = sum(weight for _, weight in parts)
    variance = sum(part * weight for part, weight in parts) / freedom
    if shares.method == "run_rate" and peers is None:
        variance += (GROWTH_SPREAD * (1 - float(shares.by_month[position])) / 2) ** 2
    return math.sqrt(variance), freedom


def _current_square(by_month: FloatArray, flows: FloatArray) -> float:
    """How the known months vary about their shares: the square of c, 0 for a single month."""
    months = len(flows)
    steps = np.diff(by_month[:months], prepend=0.0)
    if months < 2 or (steps <= 0).any():
        return 0.0
    year = flows.sum() / by_month[months - 1]
    return float(np.sum((flows - year * steps) ** 2 / (year**2 * steps)) / (months - 1))


def _chance(
    value: float, scale: float, degrees: int, floor: float, aim: float | None, better: str
) -> float | None:
    """Chance that the year's total reaches the aim, from the Student law of the log error."""
    if aim is None:
        return None
    if aim <= floor:
        above = 1.0
    elif scale == 0:
        return _as_probability(_is_reached(value, aim, better))
    else:
        above = float(stdtr(degrees, (math.log(value) - math.log(aim)) / scale))
    if better == "lower":
        return 1.0 - above
    return above


def _share_reaching(ends: FloatArray, aim: float | None, better: str) -> float | None:
    """Chance from the ends of few former years; one more, half in, half out, keeps from 0 and 1."""
    if aim is None or not len(ends):
        return None
    reached = sum(bool(_is_reached(float(end), aim, better)) for end in ends)
    return (reached + 0.5) / (len(ends) + 1)


def _is_reached(value: float, aim: float | None, better: str) -> bool | None:
    if aim is None:
        return None
    return value <= aim if better == "lower" else value >= aim


def _as_probability(is_reached: bool | None) -> float | None:
    return None if is_reached is None else float(is_reached)


def _rests(years: FloatArray, months: int) -> FloatArray:
    """What each former year added after this month."""
    return years[:, months:].sum(axis=1)


@lru_cache(maxsize=256)
def _student_quantile(probability: float, degrees: int) -> float:
    return float(stdtrit(degrees, probability))


def _check_options(coverage: float, better: str) -> None:
    if not 0 < coverage < 1:
        raise ValueError(f"coverage must lie between 0 and 1, got {coverage!r}.")
    if better not in DIRECTIONS:
        raise ValueError(f"better must be one of {', '.join(DIRECTIONS)}, got {better!r}.")


def _as_floats(values: Any, name: str) -> FloatArray:
    """Values of a sequence, an array or a frame as float64, missing ones (None, NA) as NaN."""
    if hasattr(values, "to_numpy"):
        return values.to_numpy(dtype=np.float64, na_value=np.nan)
    try:
        return np.asarray(values, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise ValueError(f"{name} must hold numbers, in rows of one length.") from error


def _as_history(history: Any) -> FloatArray:
    flows = _as_floats([] if history is None else history, "history")
    if flows.size == 0:
        return np.empty((0, MONTHS))
    if flows.shape[-1] != MONTHS:
        raise ValueError(f"history must have {MONTHS} months a year, got shape {flows.shape}.")
    if np.isinf(flows).any():
        raise ValueError("history holds an infinite flow.")
    return flows.reshape(-1, MONTHS)


def _complete_years(flows: FloatArray) -> FloatArray:
    """The rows without a missing month whose total is positive."""
    return flows[flows.sum(axis=1) > 0]


def _as_current(current: Any) -> FloatArray:
    flows = _as_floats([] if current is None else current, "current")
    if flows.ndim != 1 or len(flows) > MONTHS:
        raise ValueError(f"current must hold at most {MONTHS} months, got shape {flows.shape}.")
    if not np.isfinite(flows).all():
        raise ValueError(
            "current holds a missing or infinite month: give the months up to the first gap."
        )
    return flows


def _as_objective(objective: float | None) -> float | None:
    """The objective as a float; None where there is none (missing or zero)."""
    if objective is None or pd.isna(objective) or objective == 0:
        return None
    if not 0 < objective < math.inf:
        raise ValueError(f"objective must be a positive number, got {objective!r}.")
    return float(objective)


def _as_profile(profile: Any) -> FloatArray:
    shares = _as_floats(profile, "profile")
    if shares.shape != (MONTHS,):
        raise ValueError(f"profile must hold {MONTHS} cumulative shares, got {shares.shape}.")
    if not np.isfinite(shares).all() or shares[0] < 0:
        raise ValueError("profile holds a missing, infinite or negative share.")
    if (np.diff(shares) < -1e-9).any() or abs(shares[-1] - 1) > 1e-6:
        raise ValueError("profile must hold cumulative shares that never fall and end at 1.")
    return np.minimum(shares, 1.0)


def _as_spread(errors: Any) -> Spread | None:
    """Peers' errors in short; None where none is known."""
    if errors is None:
        return None
    spread = errors if isinstance(errors, Spread) else spread_of(errors)
    if not 0 <= spread.sd < math.inf or spread.known < 0:
        raise ValueError(f"errors need a finite spread and a count, got {spread}.")
    return spread if spread.known else None
