"""How many milliseconds do the statistics of the distribution of professionals take?"""

from __future__ import annotations

import time
from collections.abc import Callable

import numpy as np

from bench.measured import Line, median, spread
from data.store.home import Home
from indicators.distribution import Distribution
from indicators.inequality import (
    best_installations,
    gini_interval,
    marginal_effect,
)
from indicators.plan import best_plan, simulated
from indicators.steady_noise import steady_noise

TERRITORIES, INSTALLATIONS, DRAWS = 1255, 100, 2000
REPETITIONS = 7
INTERVAL_AIM_MS, INSTALLATIONS_AIM_MS = 150.0, 300.0
SEED = 20


def made_up_territories() -> Distribution:
    """As many EPCI as the country has, their people and nurses drawn at random, always the same."""
    random = np.random.default_rng(SEED)
    people = np.round(np.exp(random.normal(10, 1, TERRITORIES))).astype(np.float64) + 500
    count = random.poisson(people * 1.5e-3 * np.exp(random.normal(0, 0.4, TERRITORIES)))
    names = tuple(f"EPCI-{place:09d}" for place in range(TERRITORIES))
    regions = tuple(f"REG-{place % 13}" for place in range(TERRITORIES))
    return Distribution(names, names, names, regions, count.astype(np.float64), people)


def measure_professionals(home: Home | None = None) -> list[Line]:
    """Interval, noise, best places and a plan over 1 255 territories.

    Args:
        home: not used: the territories are made up, and the same in every home.
    """
    given = made_up_territories()
    count, people = given.count, given.population
    plan = best_plan(given, INSTALLATIONS)
    return [
        _line(
            f"Gini of {TERRITORIES} EPCI with {DRAWS} bootstrap draws",
            lambda: gini_interval(count, people, draws=DRAWS),
            INTERVAL_AIM_MS,
        ),
        _line(
            f"{INSTALLATIONS} best installations over {TERRITORIES} EPCI",
            lambda: best_installations(count, people, INSTALLATIONS),
            INSTALLATIONS_AIM_MS,
        ),
        _line("a plan and what it is compared with", lambda: simulated(given, plan)),
        _line("effect of one more in each", lambda: marginal_effect(count, people)),
        _line(
            f"noise of a year at rest, {DRAWS} draws",
            lambda: steady_noise(count, people, 0.05, draws=DRAWS),
        ),
    ]


def _line(name: str, ask: Callable[[], object], aim: float | None = None) -> Line:
    """The median of some repetitions, after one that warms the processor's cache."""
    ask()
    taken = []
    for _ in range(REPETITIONS):
        start = time.perf_counter()
        ask()
        taken.append((time.perf_counter() - start) * 1000)
    return Line("professionals", name, median(taken), "ms", aim, spread(taken))
