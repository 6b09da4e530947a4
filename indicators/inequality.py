"""How unequally are professionals spread over territories, and is the change real? Pure functions.

Two numbers a territory come in: ``count``, its professionals (heads, or full-time equivalents where
nothing says whole), and ``population``, its people; lists, arrays or Series of one length. Every
measure weighs a territory by its people and depends on the grain (department, EPCI, *bassin de
vie*): say which beside the figure.

A territory without professional is kept: it is the very inequality. One without people nor
professionals is left out, as it has no density; professionals without people are an error, and so
is a country without any professional, which leaves nothing to share.

The sums over pairs of territories are made on counts, not on shares: with whole numbers they are
exact, so that equal densities give 0 and nothing depends on the order of the rows.
"""

from __future__ import annotations

from collections.abc import Iterator
from statistics import NormalDist
from typing import Any, Literal, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from indicators.arguments import (
    FloatArray,
    is_finite,
    refuse_missing,
    refuse_other_than_numbers,
    refuse_share,
    series,
    whole,
)
from indicators.intervals import Interval

Verdict = Literal["attained", "not_attained", "within_noise"]
IntArray = npt.NDArray[np.int64]

DRAWS = 2000
FEWEST_DRAWS = 100
"""Draws under which one in twenty says little."""

INTERVAL_FROM = 5
"""Territories under which resampling them says nothing: the interval is missing."""

YEARLY_TARGET = -0.001
"""What the COG asks of the Gini index of each profession, a year (IR 4.1)."""

CUMULATED_YEARS = 3
ROUNDING = 1e-12
"""Gini points under which a difference is a rounding error."""

TURNOVER_BOUNDS = (0.01, 0.25)
"""What a yearly turnover may be taken for: none at all would make any change significant."""

BLOCK_CELLS = 60_000
"""Draws times territories worked on at once: what the processor's cache holds."""


class Lorenz(NamedTuple):
    """The Lorenz curve, from the least to the best served territory.

    ``population`` and ``professionals`` are cumulated shares, both from 0 to 1, shape (k + 1,), for
    the k territories with people; ``order`` has their positions in the input, shape (k,), so that
    the segment between points i and i + 1 is territory ``order[i]``.
    """

    population: FloatArray
    professionals: FloatArray
    order: IntArray


class Theil(NamedTuple):
    """Theil's index (nats) and its two parts, ``between`` groups and ``within`` them."""

    total: float
    between: float
    within: float


class ChangeNoise(NamedTuple):
    """What the Gini index does by chance alone over ``years``, when nothing really changes.

    ``changes`` has one change a draw, in Gini points; ``drift`` is their mean, above 0 as random
    moves make a flat distribution less so; ``spread`` their standard deviation.
    """

    changes: FloatArray
    drift: float
    spread: float
    years: int


class TargetVerdict(NamedTuple):
    """Whether a change attains its target, and what chance has to do with it.

    ``target`` is that of the whole period. ``chance_without_change`` is how often chance alone
    takes the index at least as low; ``chance_on_target`` how often it takes it at least as high
    although the real change is the target. Both lie in [0, 1].
    """

    verdict: Verdict
    change: float
    target: float
    chance_without_change: float
    chance_on_target: float


class Installations(NamedTuple):
    """Where n installations lower the Gini index most.

    ``added`` has the installations of each territory, shape of the input, whole, n in all. ``gini``
    is the index after them, ``gini_before`` without, ``gini_equal_spread`` with the same n given to
    the candidates in proportion to their people. ``gini_floor`` is what no spread of n can go
    under, even one in fractions of a professional: how far the answer can be from the optimum.
    ``share_of_equal_spread`` is the fall of the index over that of the equal spread: 4 means four
    times as much; None where that one lowers nothing.
    """

    added: IntArray
    gini: float
    gini_before: float
    gini_equal_spread: float
    gini_floor: float
    share_of_equal_spread: float | None


def gini(count: Any, population: Any) -> float:
    """The Gini index of professionals over people, in [0, 1): 0 where all densities are equal.

    With territories sorted by density, F the cumulated share of people and L that of professionals,
    ``1 - Σ (F_k - F_k-1) (L_k + L_k-1)``. No small-sample factor. Unweighted, for a comparison
    only: ``gini(density, 1)``.

    Args:
        count: professionals, not negative, shape (n,).
        population: people, not negative, same shape, or a scalar for equal weights.

    Raises: ValueError on missing, infinite or negative values, two lengths, professionals without
        people, or no professional at all.
    Source: Brown 1994, Soc Sci Med 38:1243, doi:10.1016/0277-9536(94)90189-9.
    """
    heads, people, _ = _by_density(count, population)
    return float(_index(heads, people))


def lorenz(count: Any, population: Any) -> Lorenz:
    """The Lorenz curve of professionals over people, whose area to the diagonal is half the Gini.

    Args: as ``gini``.
    Raises: ValueError as ``gini`` does.
    """
    heads, people, order = _by_density(count, population)
    return Lorenz(_cumulated_share(people), _cumulated_share(heads), order)


def gini_contribution(count: Any, population: Any) -> FloatArray:
    """The part of the Gini index that each territory makes, shape of the input; their sum is G.

    Half of what a territory's differences with all others weigh: one far above and one far below
    the common density both contribute. NaN for a territory left out.

    Args: as ``gini``.
    Raises: ValueError as ``gini`` does.
    """
    heads, people, order = _by_density(count, population)
    heads_so_far, people_so_far = np.cumsum(heads), np.cumsum(people)
    all_heads, all_people = heads_so_far[-1], people_so_far[-1]
    # The terms with itself cancel out, so that both sums may hold the territory.
    below = heads * people_so_far - people * heads_so_far
    above = people * (all_heads - heads_so_far) - heads * (all_people - people_so_far)
    return _placed((below + above) / (2 * all_heads * all_people), order, count, population)


def theil(count: Any, population: Any, groups: Any) -> Theil:
    """Theil's index T, and how much of it lies between groups of territories and within them.

    ``Σ s ln(s / p)`` with s the share of professionals and p that of people; ``between`` is the
    same over the groups, ``within`` the index of each group weighted by its professionals. From 0,
    without upper bound of its own: compare its parts, not its height.

    Args:
        count: as in ``gini``.
        population: as in ``gini``.
        groups: the group of each territory (its region), shape (n,), none missing.

    Raises: ValueError as ``gini`` does, and on groups that are missing or of another length.
    Source: Theil 1967, Economics and Information Theory, North-Holland, ch. 4.
    """
    heads, people = counted_territories(count, population)
    labels = pd.Series(np.asarray(groups, dtype=object))
    if labels.size != heads.size or labels.isna().any():
        raise ValueError("groups must name the group of each territory.")
    is_kept = people > 0
    heads, people, member = heads[is_kept], people[is_kept], labels[is_kept].factorize()[0]
    group_heads = np.bincount(member, heads).astype(np.float64)
    group_people = np.bincount(member, people).astype(np.float64)
    return Theil(
        _divergence(heads, people, heads.sum(), people.sum()),
        _divergence(group_heads, group_people, heads.sum(), people.sum()),
        _divergence(heads, people, group_heads[member], group_people[member]),
    )


def atkinson(count: Any, population: Any, epsilon: float) -> float:
    """Atkinson's index of professionals over people, in [0, 1]: the larger, the less equal.

    The share of professionals that could be spared without loss if all densities were equal, for
    someone whose aversion to inequality is ``epsilon``. A territory without professional makes it
    1 from epsilon 1 on: such an aversion accepts no desert.

    Args:
        count: as in ``gini``.
        population: as in ``gini``.
        epsilon: positive; 0.5 looks at the whole, 1 and 2 more and more at the worst served.

    Raises: ValueError as ``gini`` does, and on an epsilon that isn't positive and finite.
    Source: Atkinson 1970, J Econ Theory 2:244, doi:10.1016/0022-0531(70)90039-6.
    """
    if not is_finite(epsilon) or epsilon <= 0:
        raise ValueError(f"epsilon must be positive, got {epsilon!r}.")
    heads, people, _ = _by_density(count, population)
    relative = heads * people.sum() / (people * heads.sum())
    weights = people / people.sum()
    if epsilon >= 1 and not relative.all():
        return 1.0
    if epsilon == 1:
        equivalent = np.exp((weights * np.log(relative)).sum())
    else:
        equivalent = (weights * relative ** (1 - epsilon)).sum() ** (1 / (1 - epsilon))
    return float(np.clip(1 - equivalent, 0.0, 1.0))


def gini_interval(
    count: Any, population: Any, coverage: float = 0.95, seed: int = 0, *, draws: int = DRAWS
) -> Interval:
    """Between which bounds would the Gini index lie with other territories of the same kind?

    Bias-corrected and accelerated bootstrap over territories. It answers for the map, of which
    these territories are one possible outcome; for what comes and goes from one year to the next
    on the same map, see ``gini_change_noise``. Draws without any professional are left out.

    Args:
        count: as in ``gini``.
        population: as in ``gini``.
        coverage: share of such intervals that hold the index, in (0, 1).
        seed: the same seed gives the same interval.
        draws: bootstrap samples, at least 100.

    Returns: bounds in [0, 1]; NaN with less than ``INTERVAL_FROM`` territories.
    Raises: ValueError as ``gini`` does, on a coverage out of (0, 1) or too few draws.
    Source: Efron 1987, J Am Stat Assoc 82:171, doi:10.1080/01621459.1987.10478410; for the Gini
        index Dixon et al. 1987, Ecology 68:1548, doi:10.2307/1939238.
    """
    refuse_share(coverage, "coverage")
    draws = whole(draws, "draws", FEWEST_DRAWS)
    random = np.random.default_rng(whole(seed, "seed", 0))
    heads, people, _ = _by_density(count, population)
    if heads.size < INTERVAL_FROM:
        return Interval(np.nan, np.nan)
    sampled = np.concatenate([*_bootstrap(heads, people, random, draws)])
    sampled = sampled[~np.isnan(sampled)]
    return _bias_corrected(
        float(_index(heads, people)), sampled, _jackknife(heads, people), coverage
    )


def gini_change_noise(
    count: Any,
    population: Any,
    turnover: float,
    seed: int = 0,
    *,
    years: int = 1,
    draws: int = DRAWS,
) -> ChangeNoise:
    """How far chance alone moves the Gini index in a year, when nothing really changes.

    Each professional leaves with the probability ``turnover``; as many arrive on average, in each
    territory by chance (Poisson) around those who left: every territory keeps the number that it
    has on average. People stay. With several years, the moves follow one another.

    Args:
        count: professionals of the first year, whole numbers, shape (n,).
        population: as in ``gini``.
        turnover: share of professionals who leave in a year, in (0, 1).
        seed: the same seed gives the same draws.
        years: over how many years the change is taken.
        draws: how many times the years are played, at least 100.

    Raises: ValueError as ``gini`` does, on counts that aren't whole, a turnover out of (0, 1), less
        than one year, too few draws, or so few professionals that a draw loses them all.
    """
    refuse_share(turnover, "turnover")
    draws = whole(draws, "draws", FEWEST_DRAWS)
    years = whole(years, "years", 1)
    heads, people, _ = _by_density(count, population)
    if (heads != np.floor(heads)).any():
        raise ValueError("count must be whole: professionals come and go one by one.")
    random = np.random.default_rng(whole(seed, "seed", 0))
    played = np.concatenate([*_turned_over(heads, people, turnover, random, years, draws)])
    if np.isnan(played).any():
        raise ValueError("count is too small: chance alone takes every professional away.")
    changes = played - _index(heads, people)
    return ChangeNoise(changes, float(changes.mean()), float(changes.std(ddof=1)), years)


def apparent_turnover(before: Any, after: Any) -> float | None:
    """The share of professionals who leave in a year, as far as the territories' counts tell.

    Where each leaves by chance and about as many arrive, counts move by a known amount: the
    turnover is the one that moves them as much as they did, the growth of the whole left out. What
    really changes from place to place counts as turnover too, so that it errs on the high side and
    a verdict on the side of caution. Those who are replaced within the year are not seen.

    Args:
        before: professionals by territory, shape (n,).
        after: the same a year later.

    Returns: a share in ``TURNOVER_BOUNDS``; None with less than ``INTERVAL_FROM`` territories that
        had professionals.
    Raises: ValueError on missing, infinite or negative values, or two lengths.
    Source: method of moments, on the binomial departures and Poisson arrivals that
        ``gini_change_noise`` plays.
    """
    refuse_other_than_numbers(before=before, after=after)
    first, later = series(before=before, after=after)
    refuse_missing(before=first, after=later)
    if (first < 0).any() or (later < 0).any():
        raise ValueError("before and after must not be negative.")
    is_kept = first > 0
    if is_kept.sum() < INTERVAL_FROM or not later[is_kept].any():
        return None
    expected = first[is_kept] * (later[is_kept].sum() / first[is_kept].sum())
    moved = float(((later[is_kept] - expected) ** 2 / expected).sum() / (is_kept.sum() - 1))
    # A count moves by t (2 - t) of itself: departures t (1 - t), arrivals t.
    lowest, highest = TURNOVER_BOUNDS
    return float(np.clip(1 - np.sqrt(max(1 - moved, 0.0)), lowest, highest))


def target_verdict(
    change: float, noise: ChangeNoise, yearly_target: float = YEARLY_TARGET, coverage: float = 0.95
) -> TargetVerdict:
    """Is the COG's target attained, missed, or can't the change be told from chance?

    ``attained``: the change goes as far as the target and chance alone would seldom go there.
    ``not_attained``: it doesn't, and would seldom fall so short if the real change were the target.
    ``within_noise``: neither can be said.

    Args:
        change: Gini points gained or lost over ``noise.years``; less is better.
        noise: what chance does over the same years, from the territories' own turnover.
        yearly_target: change asked for a year, negative.
        coverage: 1 - coverage is what "seldom" means, in (0, 1).

    Raises: ValueError on a missing change, a target that isn't negative, or a coverage out of
        (0, 1).
    """
    refuse_share(coverage, "coverage")
    if not is_finite(change):
        raise ValueError("change must be a number: without both years there is no verdict.")
    if not is_finite(yearly_target) or yearly_target >= 0:
        raise ValueError(f"yearly_target must be negative, got {yearly_target!r}.")
    target = yearly_target * noise.years
    without_change = _share_of(noise.changes <= change)
    on_target = _share_of(target + noise.changes >= change)
    verdict: Verdict = "within_noise"
    if change <= target and without_change <= 1 - coverage:
        verdict = "attained"
    elif change > target and on_target <= 1 - coverage:
        verdict = "not_attained"
    return TargetVerdict(verdict, float(change), target, without_change, on_target)


def cumulated_verdict(
    yearly_gini: Any,
    noise: ChangeNoise,
    yearly_target: float = YEARLY_TARGET,
    coverage: float = 0.95,
) -> TargetVerdict:
    """The same over several years at once: three yearly targets stand out where one does not.

    Args:
        yearly_gini: index of each year, shape (years + 1,), the first one before any change; those
            between may be missing.
        noise: ``gini_change_noise`` with ``years``, usually ``CUMULATED_YEARS``.
        yearly_target: as in ``target_verdict``.
        coverage: as in ``target_verdict``.

    Raises: ValueError as ``target_verdict`` does, or if the years are not those of the noise.
    """
    refuse_other_than_numbers(yearly_gini=yearly_gini)
    (values,) = series(yearly_gini=yearly_gini)
    if values.size != noise.years + 1:
        raise ValueError(f"yearly_gini must hold {noise.years + 1} years, got {values.size}.")
    return target_verdict(values[-1] - values[0], noise, yearly_target, coverage)


def marginal_effect(count: Any, population: Any) -> FloatArray:
    """The change of the Gini index for one more professional in each territory, alone.

    Exact, with the new rank that the territory takes; negative where it lowers inequality. Shape of
    the input, in Gini points; NaN for a territory without people.

    Args: as ``gini``.
    Raises: ValueError as ``gini`` does.
    """
    heads, people, order = _by_density(count, population)
    all_heads, all_people = heads.sum(), people.sum()
    gaps = _gaps(heads, people)
    # The two indices over one denominator: their plain difference would lose half the digits.
    effect = (all_heads * _gaps_of_one_more(heads, people) - gaps) / (
        all_people * all_heads * (all_heads + 1)
    )
    return _placed(effect, order, count, population)


def best_installations(
    count: Any, population: Any, n: int, candidates: Any = None
) -> Installations:
    """Where would n more professionals lower the Gini index most?

    One after the other, each where it lowers the index most; then single installations are moved
    as long as a move lowers it further. Of 6 000 random cases small enough to try every spread, the
    first step alone missed the best one in 55 and both in 14, all with a few professionals and
    people; ``gini_floor`` bounds what is missed where trying all is out of reach.

    Args:
        count: as in ``gini``.
        population: as in ``gini``.
        n: installations, at least 1.
        candidates: which territories may receive some, booleans of shape (n,); all by default. The
            index is always that of all territories.

    Raises: ValueError as ``gini`` does, on n < 1, on candidates of another length, or without
        people in any of them.
    """
    n = whole(n, "n", 1)
    heads, people = counted_territories(count, population)
    is_open = _open(candidates, people)
    before = gini(heads, people)
    equal = gini(heads + n * np.where(is_open, people, 0) / people[is_open].sum(), people)
    floor = gini(_levelled(heads, people, is_open, n), people)
    is_kept = people > 0
    added = np.zeros(heads.size, dtype=np.int64)
    added[is_kept] = _exchanged(
        heads[is_kept],
        people[is_kept],
        is_open[is_kept],
        _one_by_one(heads[is_kept], people[is_kept], is_open[is_kept], n),
    )
    after = gini(heads + added, people)
    fall = before - equal
    share = (before - after) / fall if fall > ROUNDING else None
    return Installations(added, after, before, equal, floor, share)


def fewest_installations(
    count: Any, population: Any, fall: float, candidates: Any = None, at_most: int = 1000
) -> int | None:
    """How many installations lower the Gini index by ``fall``, each where it helps most.

    Args:
        count: as in ``gini``.
        population: as in ``gini``.
        fall: Gini points, positive.
        candidates: as in ``best_installations``.
        at_most: installations tried.

    Returns: their number; None where ``at_most`` are not enough.
    Raises: ValueError as ``best_installations`` does, and on a fall that isn't positive.
    """
    if not is_finite(fall) or fall <= 0:
        raise ValueError(f"fall must be positive, got {fall!r}.")
    at_most = whole(at_most, "at_most", 1)
    heads, people = counted_territories(count, population)
    is_open = _open(candidates, people)
    aim = gini(heads, people) - fall
    is_kept = people > 0
    heads, people, is_open = heads[is_kept], people[is_kept], is_open[is_kept]
    for tried in range(1, at_most + 1):
        effect = _effect_anywhere(heads, people)
        heads[np.where(is_open, effect, np.inf).argmin()] += 1
        if gini(heads, people) <= aim:
            return tried
    return None


def _one_by_one(
    heads: FloatArray, people: FloatArray, is_open: npt.NDArray[np.bool_], n: int
) -> IntArray:
    """Installations of each territory when each goes where it lowers the index most."""
    added = np.zeros(heads.size, dtype=np.int64)
    for _ in range(n):
        effect = _effect_anywhere(heads + added, people)
        added[np.where(is_open, effect, np.inf).argmin()] += 1
    return added


def _exchanged(
    heads: FloatArray, people: FloatArray, is_open: npt.NDArray[np.bool_], added: IntArray
) -> IntArray:
    """The same number, once no single installation can be moved to lower the index."""
    added = added.copy()
    while True:
        now = heads + added
        givers = np.flatnonzero(added)
        moves = _effect_of_moves(now, people, givers)
        moves[:, ~is_open] = np.inf
        giver, taker = np.unravel_index(moves.argmin(), moves.shape)
        # A move within rounding of nothing would be taken back for ever.
        if moves[giver, taker] >= -ROUNDING * now.sum() * people.sum():
            return added
        added[givers[giver]] -= 1
        added[taker] += 1


def _levelled(
    heads: FloatArray, people: FloatArray, is_open: npt.NDArray[np.bool_], n: int
) -> FloatArray:
    """Professionals once n, in fractions, have raised the lowest candidates to one density.

    Any other spread leaves a transfer from a denser to a less dense territory, which lowers G.
    """
    places = np.flatnonzero(is_open)
    places = places[_density_order(heads[places], people[places])]
    levels = (n + np.cumsum(heads[places])) / np.cumsum(people[places])
    # The common density is the lowest that raising the first k, for some k, would give.
    level = levels.min()
    raised = heads.copy()
    raised[places] = np.maximum(heads[places], level * people[places])
    return raised


def _effect_of_moves(heads: FloatArray, people: FloatArray, givers: IntArray) -> FloatArray:
    """What one move changes in the sum of gaps, shape (givers, territories)."""
    one_more = _effect_anywhere(heads, people)
    own, others = heads[givers, None], heads[None, :]
    own_people, other_people = people[givers, None], people[None, :]

    def gap(leave: int, arrive: int) -> FloatArray:
        return np.abs((own - leave) * other_people - (others + arrive) * own_people)

    # Each alone, but for the gap between both, which the move changes at once.
    one_less = (gap(1, 0) - gap(0, 0)).sum(axis=1)
    moves = one_less[:, None] + one_more[None, :]
    moves += gap(1, 1) + gap(0, 0) - gap(1, 0) - gap(0, 1)
    moves[np.arange(givers.size), givers] = np.inf
    return moves


def _effect_anywhere(heads: FloatArray, people: FloatArray) -> FloatArray:
    """What one more professional changes in the sum of gaps, in any order of territories."""
    order = _density_order(heads, people)
    effect = np.empty_like(heads)
    effect[order] = _gaps_of_one_more(heads[order], people[order])
    return effect


def _gaps_of_one_more(heads: FloatArray, people: FloatArray) -> FloatArray:
    """What one more professional in each changes in the sum of gaps; sorted by density.

    A gap with a territory below grows by that one's people, one with a territory above shrinks by
    them, and those overtaken do both.
    """
    density = heads / people
    people_so_far = np.concatenate([[0.0], np.cumsum(people)])
    heads_so_far = np.concatenate([[0.0], np.cumsum(heads)])
    below = np.searchsorted(density, density, side="right")
    overtaken = np.searchsorted(density, (heads + 1) / people, side="left")
    shrink = people_so_far[-1] - people_so_far[overtaken]
    people_overtaken = people_so_far[overtaken] - people_so_far[below]
    heads_overtaken = heads_so_far[overtaken] - heads_so_far[below]
    grow = people_so_far[below] - people
    return grow - shrink + (2 * heads + 1) * people_overtaken - 2 * people * heads_overtaken


def index_by_density(counts: npt.NDArray[Any], population: FloatArray) -> FloatArray:
    """The Gini index of many counts of the same territories; NaN without any professional.

    Args:
        counts: professionals, shape (draws, n).
        population: people of the territories, positive, shape (n,).

    Returns: shape (draws,).
    """
    order = np.argsort(counts / population, axis=1)
    ranked = np.take_along_axis(counts, order, axis=1).astype(np.float64)
    return np.asarray(_index(ranked, population[order]), dtype=np.float64)


def _gaps(heads: FloatArray, people: FloatArray) -> Any:
    """Σ |N_j P_k - N_k P_j| over pairs, sorted by density: G times all people and professionals."""
    people_so_far = np.cumsum(people, axis=-1)
    double = (heads * (2 * people_so_far - people)).sum(axis=-1)
    return np.maximum(double - people_so_far[..., -1] * heads.sum(axis=-1), 0.0)


def _index(heads: FloatArray, people: FloatArray) -> Any:
    """The Gini index along the last axis, sorted by density; NaN without any professional."""
    with np.errstate(invalid="ignore"):
        return _gaps(heads, people) / (heads.sum(axis=-1) * people.sum(axis=-1))


def _divergence(heads: FloatArray, people: FloatArray, of_heads: Any, of_people: Any) -> float:
    """Σ s ln((heads / of_heads) / (people / of_people)), s the share of all professionals."""
    ratio = np.divide(
        heads * of_people, people * of_heads, out=np.ones_like(heads), where=heads > 0
    )
    return max(float((heads * np.log(ratio)).sum() / heads.sum()), 0.0)


def _bootstrap(
    heads: FloatArray, people: FloatArray, random: np.random.Generator, draws: int
) -> Iterator[FloatArray]:
    """The index of resampled territories, sorted once: a draw is how often each was taken."""
    size = heads.size
    for rows in _blocks(draws, size):
        taken = random.integers(0, size, size=(rows, size), dtype=np.int32)
        taken += size * np.arange(rows, dtype=np.int32)[:, None]
        times = np.bincount(taken.ravel(), minlength=rows * size).reshape(rows, size)
        yield _resampled(times.astype(np.float64), heads, people)


def _resampled(times: FloatArray, heads: FloatArray, people: FloatArray) -> FloatArray:
    """The index where each territory is there so many times, shape (draws, n); as ``_index``."""
    people_so_far = np.cumsum(times * people, axis=1)
    all_heads, all_people = times @ heads, people_so_far[:, -1]
    double = 2 * np.einsum("ij,ij->i", times * heads, people_so_far)
    gaps = double - (times * times) @ (heads * people) - all_people * all_heads
    with np.errstate(invalid="ignore"):
        return np.asarray(np.maximum(gaps, 0.0) / (all_heads * all_people), dtype=np.float64)


def _turned_over(
    heads: FloatArray,
    people: FloatArray,
    turnover: float,
    random: np.random.Generator,
    years: int,
    draws: int,
) -> Iterator[FloatArray]:
    """The index after years in which professionals leave and arrive by chance."""
    first = heads.astype(np.int64)
    for rows in _blocks(draws, heads.size):
        now = np.tile(first, (rows, 1))
        for _ in range(years):
            stay = random.binomial(now, 1 - turnover)
            now = stay + random.poisson(turnover * now)
        yield index_by_density(now, people)


def _blocks(draws: int, size: int) -> Iterator[int]:
    """Numbers of draws, in all ``draws``, that are worked on at once."""
    step = max(1, BLOCK_CELLS // size)
    for start in range(0, draws, step):
        yield min(step, draws - start)


def _jackknife(heads: FloatArray, people: FloatArray) -> FloatArray:
    """The index without each territory in turn; NaN where no professional would be left."""
    people_so_far, heads_so_far = np.cumsum(people), np.cumsum(heads)
    all_people, all_heads = people_so_far[-1], heads_so_far[-1]
    double = (heads * (2 * people_so_far - people)).sum()
    own = heads * (2 * people_so_far - people)
    others = 2 * people * (all_heads - heads_so_far)
    left = (all_people - people) * (all_heads - heads)
    with np.errstate(divide="ignore", invalid="ignore"):
        without = (double - own - others) / left - 1
    return np.where(left > 0, without, np.nan)


def _bias_corrected(
    value: float, sampled: FloatArray, left_out: FloatArray, coverage: float
) -> Interval:
    """The bounds of Efron's BCa interval: quantiles of the draws, moved for bias and skewness."""
    normal = NormalDist()
    below = ((sampled < value).mean() + (sampled <= value).mean()) / 2
    # Every draw on one side would move the bounds to infinity.
    edge = 0.5 / sampled.size
    bias = normal.inv_cdf(float(np.clip(below, edge, 1 - edge)))
    deviation = np.nanmean(left_out) - left_out
    spread = np.nansum(deviation**2)
    acceleration = np.nansum(deviation**3) / (6 * spread**1.5) if spread > 0 else 0.0
    places = []
    for tail in ((1 - coverage) / 2, (1 + coverage) / 2):
        reached = bias + normal.inv_cdf(tail)
        places.append(normal.cdf(bias + reached / (1 - acceleration * reached)))
    lower, upper = np.quantile(sampled, places)
    return Interval(float(lower), float(upper))


def _by_density(count: Any, population: Any) -> tuple[FloatArray, FloatArray, IntArray]:
    """Professionals and people from the lowest density on, and their positions in the input."""
    heads, people = counted_territories(count, population)
    kept = np.flatnonzero(people > 0)
    order = kept[_density_order(heads[kept], people[kept])]
    return heads[order], people[order], order


def _density_order(heads: FloatArray, people: FloatArray) -> IntArray:
    """Positions by density; equal ones by people, so that no sum depends on the input's order."""
    return np.lexsort((people, heads / people))


def counted_territories(count: Any, population: Any) -> tuple[FloatArray, FloatArray]:
    """Professionals and people of the territories as given, checked."""
    refuse_other_than_numbers(count=count, population=population)
    heads, people = series(count=count, population=population)
    refuse_missing(count=heads, population=people)
    if (heads < 0).any() or (people < 0).any():
        raise ValueError("count and population must not be negative.")
    if ((people == 0) & (heads > 0)).any():
        raise ValueError("population must be positive where there are professionals.")
    if not heads.any():
        raise ValueError("count holds no professional: there is nothing to share.")
    return heads, people


def _open(candidates: Any, people: FloatArray) -> npt.NDArray[np.bool_]:
    """Which territories may receive an installation: candidates with people."""
    if candidates is None:
        return people > 0
    given = np.asarray(candidates, dtype=object)
    is_answered = all(isinstance(one, (bool, np.bool_)) for one in given.ravel())
    chosen = given.astype(bool) if is_answered else np.zeros(0, dtype=bool)
    if chosen.shape != people.shape:
        raise ValueError("candidates must say yes or no for each territory.")
    if not (chosen & (people > 0)).any():
        raise ValueError("candidates must hold a territory with people.")
    return chosen & (people > 0)


def _placed(values: FloatArray, order: IntArray, count: Any, population: Any) -> FloatArray:
    """The values at their territories' positions in the input, NaN elsewhere."""
    placed = np.full(counted_territories(count, population)[0].size, np.nan)
    placed[order] = values
    return placed


def _cumulated_share(values: FloatArray) -> FloatArray:
    so_far = np.cumsum(values)
    return np.concatenate([[0.0], so_far / so_far[-1]])


def _share_of(is_so: npt.NDArray[np.bool_]) -> float:
    """The share of draws, the observed one counted with them: never 0 from a few draws."""
    return float((is_so.sum() + 1) / (is_so.size + 1))
