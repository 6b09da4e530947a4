"""Whole numbers whose sums are known in advance: largest remainders, search in small totals."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Counts = NDArray[np.int64]


def allot(total: int, weights: Floats, minimum: int = 0) -> Counts:
    """Whole numbers proportional to ``weights`` that sum to ``total``, by largest remainder.

    Args:
        total: the sum to reach, at least ``minimum * len(weights)``.
        weights: shape (n,), >= 0, not all zero.
        minimum: given to every part before the rest is shared out.
    """
    rest = total - minimum * len(weights)
    if rest < 0:
        raise ValueError(f"{total} cannot give {minimum} to each of {len(weights)} parts")
    exact = weights / weights.sum() * rest
    parts = np.floor(exact).astype(np.int64)
    most_cut = np.argsort(-(exact - parts), kind="stable")[: rest - int(parts.sum())]
    parts[most_cut] += 1
    return parts + minimum


def tilted_weights(weights: Floats, rates: Floats, mean_rate: float) -> Floats:
    """Weights leaned towards high (or low) ``rates`` until their weighted mean is ``mean_rate``.

    The lean is exponential, found by bisection. Shapes (n,); ``mean_rate`` lies within the rates.
    """
    low, high = -50.0, 50.0
    for _ in range(200):
        lean = (low + high) / 2
        leaned = weights * np.exp(lean * (rates - mean_rate))
        low, high = (lean, high) if leaned @ rates < mean_rate * leaned.sum() else (low, lean)
    return leaned / leaned.sum()


def fitting_objective(target: float, rate: float) -> int:
    """The objective within 3 % of ``target`` whose whole-number attainment is nearest ``rate``."""
    options = np.arange(max(1, int(target * 0.97)), int(target * 1.03) + 2)
    misfit = np.abs(np.rint(options * rate) / options - rate)
    return int(options[np.argmin(misfit + 1e-6 * np.abs(options - target))])


@dataclass(frozen=True)
class Option:
    """An objective and a realised count whose ratio rounds to the wanted rate, and its cost."""

    objective: int
    realised: int
    cost: float


def small_options(rate_pct: int, target: float, minimum: int, tolerance_pct: float) -> list[Option]:
    """Every option up to twice ``target`` that lies within ``tolerance_pct`` points of the rate."""
    found = []
    for objective in range(max(1, minimum), int(2 * target) + 12):
        realised = round(objective * rate_pct / 100)
        if abs(100 * realised / objective - rate_pct) <= tolerance_pct:
            cost = (objective - target) ** 2 / target
            found.append(Option(objective, realised, cost))
    return found


def choose_options(
    options: list[list[Option]], objective_total: int, realised_total: int
) -> list[Option]:
    """One option a territory, of least total cost, such that both sums are exact.

    Dynamic programming over (sum of objectives, sum of realised).

    Raises:
        ValueError: no combination reaches both sums.
    """
    shape = (objective_total + 1, realised_total + 1)
    cost = np.full(shape, np.inf)
    cost[0, 0] = 0.0
    choices = np.full((len(options), *shape), -1, dtype=np.int16)
    for step, candidates in enumerate(options):
        reached = np.full(shape, np.inf)
        for number, option in enumerate(candidates):
            if option.objective > objective_total or option.realised > realised_total:
                continue
            source = cost[: shape[0] - option.objective, : shape[1] - option.realised]
            window = reached[option.objective :, option.realised :]
            better = source + option.cost < window
            window[better] = source[better] + option.cost
            choices[step, option.objective :, option.realised :][better] = number
        cost = reached
    if not np.isfinite(cost[objective_total, realised_total]):
        raise ValueError("no combination of whole numbers reaches both sums")
    return _walk_back(options, choices, objective_total, realised_total)


def _walk_back(
    options: list[list[Option]], choices: NDArray[np.int16], objective: int, realised: int
) -> list[Option]:
    """The chosen options, read from the last table of choices to the first."""
    chosen: list[Option] = []
    for step in range(len(options) - 1, -1, -1):
        option = options[step][choices[step, objective, realised]]
        chosen.append(option)
        objective -= option.objective
        realised -= option.realised
    return chosen[::-1]
