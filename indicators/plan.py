"""A plan of installations and moves: what it does to the distribution, beside the best one."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from indicators.distribution import Distribution
from indicators.inequality import ROUNDING, best_installations, gini

LARGEST_BUDGET = 500
"""Installations that a plan may place at once."""

LARGEST_CHANGE = 999
_STEP = re.compile(r"([A-Z]+-[0-9A-Z]+):(-?\d{1,3})")


@dataclass(frozen=True, eq=False)
class Simulated:
    """A distribution before and after a plan.

    ``added`` has the change of each territory, shape (n,), negative where professionals leave.
    ``gini_equal`` is the index with as many installations given in proportion to people,
    ``gini_best`` with as many placed best; None where the plan adds nobody on the whole.
    """

    before: Distribution
    after: Distribution
    added: npt.NDArray[np.int64]
    gini_before: float
    gini_after: float
    gini_equal: float | None
    gini_best: float | None

    @property
    def total(self) -> int:
        """Professionals added on the whole; 0 where the plan only moves some."""
        return int(self.added.sum())

    @property
    def moved(self) -> int:
        """Professionals whom the plan takes away somewhere."""
        return int(-self.added[self.added < 0].sum())

    @property
    def change(self) -> float:
        """Index points; negative where inequality falls."""
        return self.gini_after - self.gini_before

    @property
    def share_of_equal(self) -> float | None:
        """The fall over that of an equal spread: 4 means four times as much; None without one."""
        return self._share(self.gini_equal)

    @property
    def share_of_best(self) -> float | None:
        """The fall over the best one with as many installations; None without one."""
        return self._share(self.gini_best)

    def _share(self, other: float | None) -> float | None:
        fall = 0.0 if other is None else self.gini_before - other
        return -self.change / fall if fall > ROUNDING else None


def read_plan(words: str, spread: Distribution) -> dict[str, int]:
    """The changes by territory of ``DEP-43:3,DEP-15:-1``; what isn't one is left out.

    Nobody can be taken away where nobody is.
    """
    plan: dict[str, int] = {}
    for step in words.split(","):
        found = _STEP.fullmatch(step.strip())
        place = None if found is None else spread.place.get(found[1])
        if found is None or place is None or spread.population[place] <= 0:
            continue
        change = max(int(found[2]), -int(spread.count[place]))
        if change:
            plan[found[1]] = change
    return plan


def read_budget(words: str) -> int | None:
    """How many installations the words ask for, None where that is no budget."""
    # Digits alone may be long, or superscripts, which are no number.
    if not words.isdecimal() or len(words) > len(str(LARGEST_BUDGET)):
        return None
    return int(words) if 1 <= int(words) <= LARGEST_BUDGET else None


def unread_steps(words: str, spread: Distribution) -> list[str]:
    """The steps of an address that ``read_plan`` leaves out or can't take whole, as written."""
    plan = read_plan(words, spread)
    steps = [step.strip() for step in words.split(",") if step.strip()]
    taken = {f"{code}:{change}" for code, change in plan.items()}
    return [step for step in steps if step not in taken]


def written_plan(plan: Mapping[str, int]) -> str:
    """The plan as an address holds it, in the order of the codes; empty without a change."""
    return ",".join(f"{code}:{change}" for code, change in sorted(plan.items()) if change)


def with_step(
    plan: Mapping[str, int], code: str, step: int, spread: Distribution
) -> dict[str, int]:
    """The plan with one more (or one less) professional in a territory."""
    place = spread.place.get(code)
    if place is None:
        return dict(plan)
    lowest = -int(spread.count[place])
    change = min(max(plan.get(code, 0) + step, lowest), LARGEST_CHANGE)
    return {name: value for name, value in (dict(plan) | {code: change}).items() if value}


def best_plan(spread: Distribution, budget: int) -> dict[str, int]:
    """Where ``budget`` installations lower the index most.

    Raises: ValueError as ``best_installations`` does.
    """
    found = best_installations(spread.count, spread.population, budget)
    return {spread.codes[place]: int(found.added[place]) for place in np.flatnonzero(found.added)}


def simulated(spread: Distribution, plan: Mapping[str, int]) -> Simulated:
    """What the plan does, and what as many installations would do spread equally or placed best."""
    added = np.zeros(len(spread), dtype=np.int64)
    for code, change in plan.items():
        added[spread.place[code]] = change
    after = spread.with_count(spread.count + added)
    total = int(added.sum())
    equal = best = None
    if total > 0:
        share = spread.population / spread.total_population
        equal = gini(spread.count + total * share, spread.population)
        best = best_installations(spread.count, spread.population, total).gini
    return Simulated(
        spread,
        after,
        added,
        gini(spread.count, spread.population),
        gini(after.count, after.population) if after.is_measurable else 0.0,
        equal,
        best,
    )
