"""What chance does to the Gini index where nothing changes, drift left out.

``inequality.gini_change_noise`` starts from the counts as they are and lets professionals come and
go around them: a random walk, in which the index rises by itself, year after year. Held against
it, a change of nothing looks like a fall. Here the world is at rest instead: each territory keeps
the number that it has on average, professionals leave it with the probability of the turnover, and
as many settle as its average asks for. The first year is as much a matter of chance as the last
one, so that a change is as often a rise as a fall and its mean is 0.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from indicators.arguments import FloatArray, refuse_share, whole
from indicators.inequality import (
    DRAWS,
    FEWEST_DRAWS,
    ChangeNoise,
    counted_territories,
    index_by_density,
)

PlaceArray = npt.NDArray[np.int64]

WORLDS = 120
"""Worlds at rest that are played side by side, where one is not asked for by ``draws``."""

YEARS_PLAYED = 13
"""Years of each: 12 changes of one year, 10 of three, each of them as likely as its opposite."""

BLOCK_CELLS = 400_000


@dataclass(frozen=True)
class Turnover:
    """The share of professionals who leave in a year, as far as counts tell.

    Attributes:
        rate: the share, in (0, 1).
        freedom: degrees of freedom of its estimate: with few territories and years the rate is a
            guess, and the noise is wider for it. None where the rate is known.
    """

    rate: float
    freedom: float | None = None


@dataclass(frozen=True, eq=False)
class SteadyNoise:
    """The changes of an index in a world at rest, by the number of years that they take.

    Attributes:
        turnover: the rate that was played.
        professionals: how many this world has on average.
        changes: years to changes of the index, as many falls as rises of each size.
    """

    turnover: float
    professionals: float
    changes: Mapping[int, FloatArray]

    def over(self, years: int, professionals: float | None = None) -> ChangeNoise:
        """The noise of a change over ``years``, in a world of so many professionals.

        The world that was played stands for years in which there were more or fewer of them:
        chance moves an index by one over the root of their number.
        """
        scale = 1.0 if professionals is None else np.sqrt(self.professionals / professionals)
        found = self.changes[years] * scale
        return ChangeNoise(found, 0.0, float(np.sqrt((found**2).mean())), years)


def steady_noise(
    count: Any,
    population: Any,
    turnover: float | Turnover,
    seed: int = 0,
    *,
    years: int = 1,
    draws: int = DRAWS,
) -> ChangeNoise:
    """How far chance alone moves the Gini index between two years of a world at rest.

    Args:
        count: professionals, one year's or the mean of several, shape (n,).
        population: as in ``inequality.gini``.
        turnover: share of professionals who leave in a year, in (0, 1).
        seed: the same seed gives the same draws.
        years: over how many years the change is taken.
        draws: how many pairs of years are played, at least 100.

    Returns: ``2 * draws`` changes, each with its opposite; their drift is 0.
    Raises: ValueError as ``inequality.gini`` does, on a turnover out of (0, 1), less than one year,
        too few draws, or so few professionals that a draw loses them all.
    Source: the immigration-death process, at rest Poisson (Bartlett 1955, An Introduction to
        Stochastic Processes, Cambridge University Press, ch. 3).
    """
    years = whole(years, "years", 1)
    draws = whole(draws, "draws", FEWEST_DRAWS)
    rate = turnover if isinstance(turnover, Turnover) else Turnover(turnover)
    refuse_share(rate.rate, "turnover")
    heads, people = counted_territories(count, population)
    is_kept = people > 0
    level = steady_level(heads[is_kept], people[is_kept])
    everywhere = [np.arange(level.size)]
    rows = played(level, people[is_kept], [rate], everywhere, seed, worlds=draws, length=years + 1)
    return noise_of(rows[0], rate.rate, float(level.sum()), (years,)).over(years)


def steady_level(count: FloatArray, population: FloatArray) -> FloatArray:
    """The professionals that each territory has on average, as far as one count tells.

    A count is partly chance: it is drawn towards what its people would have at the common density,
    the more the smaller it is and the less densities differ beyond chance (gamma-Poisson).
    """
    expected = population * (count.sum() / population.sum())
    beyond = ((count - expected) ** 2 - expected).sum() / (expected**2).sum()
    spread = max(float(beyond), 0.0)
    return np.asarray(expected * (1 + spread * count) / (1 + spread * expected), dtype=np.float64)


def played(
    level: FloatArray,
    population: FloatArray,
    turnovers: Sequence[Turnover],
    areas: Sequence[PlaceArray],
    seed: int,
    *,
    group: PlaceArray | None = None,
    worlds: int = WORLDS,
    length: int = YEARS_PLAYED,
) -> FloatArray:
    """The index of each area in each year of worlds at rest, shape (areas, worlds, length).

    Args:
        level: professionals that each territory has on average, shape (n,).
        population: its people, positive, shape (n,).
        turnovers: of each group of territories.
        areas: positions of the territories of each area; they may overlap.
        seed: the same seed gives the same worlds.
        group: position in ``turnovers`` of each territory, shape (n,); the first by default.
        worlds: how many are played.
        length: years of each.

    Returns: NaN where chance left an area without any professional.
    """
    random = np.random.default_rng(whole(seed, "seed", 0))
    member = np.zeros(level.size, dtype=np.int64) if group is None else group
    found = np.empty((len(areas), worlds, length))
    first = 0
    for rows in _blocks(worlds, level.size):
        leaving = np.stack([_rates(one, rows, random) for one in turnovers], axis=1)[:, member]
        settling = level * leaving
        now = random.poisson(np.broadcast_to(level, (rows, level.size)))
        for year in range(length):
            if year:
                now = random.binomial(now, 1 - leaving) + random.poisson(settling)
            for at, places in enumerate(areas):
                found[at, first : first + rows, year] = index_by_density(
                    now[:, places], population[places]
                )
        first += rows
    return found


def noise_of(
    indices: FloatArray, turnover: float, professionals: float, spans: Sequence[int]
) -> SteadyNoise:
    """The changes that an area's indices (worlds, years) hold, and their opposites.

    Raises: ValueError if chance left a world without any professional.
    """
    if np.isnan(indices).any():
        raise ValueError("count is too small: chance alone takes every professional away.")
    changes = {}
    for span in spans:
        found = (indices[:, span:] - indices[:, :-span]).ravel()
        # Time has no direction in a world at rest: each change is as likely as its opposite.
        changes[span] = np.concatenate([found, -found])
    return SteadyNoise(turnover, professionals, changes)


def _rates(turnover: Turnover, rows: int, random: np.random.Generator) -> FloatArray:
    """A turnover for each world: as uncertain as its estimate is."""
    if turnover.freedom is None:
        return np.full(rows, turnover.rate)
    doubt = turnover.freedom / random.chisquare(turnover.freedom, rows)
    return np.clip(turnover.rate * doubt, *RATE_BOUNDS)


RATE_BOUNDS = (0.005, 0.5)
"""What an uncertain turnover may be drawn as."""


def _blocks(worlds: int, size: int) -> Iterator[int]:
    """Numbers of worlds, in all ``worlds``, that are played at once."""
    step = max(1, BLOCK_CELLS // size)
    for start in range(0, worlds, step):
        yield min(step, worlds - start)
