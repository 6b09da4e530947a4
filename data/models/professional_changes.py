"""What each index did from year to year, beside its target and chance: filled at build.

All areas of a profession are played in the same worlds at rest (``indicators.steady_noise``), where
professionals of a region leave and settle by its own turnover.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache

import numpy as np
import pandas as pd

from data.models.professional_areas import KEYS, NATIONAL, Areas, CountedYear, by_series
from data.reference.zone_reading import MAINLAND
from indicators.arguments import FloatArray
from indicators.gini_changes import (
    GiniChange,
    YearCount,
    area_turnover,
    gini_changes,
    judged_together,
    mean_year,
    noise_or_none,
)
from indicators.steady_noise import SteadyNoise, Turnover, played, steady_level

SEED = 0
KEPT_WORLDS = 64
"""Professions whose worlds are kept in memory: an import builds several times from the same."""

COLUMNS = [
    *KEYS,
    "territory_code",
    *GiniChange._fields[1:],
    "verdict_adjusted",
    "judged_together",
    "expected_by_chance",
]


def professional_changes(
    counts: pd.DataFrame, places: pd.DataFrame, followed: Sequence[str]
) -> pd.DataFrame:
    """The changes of every index over one, two and three years, with their verdicts.

    Args:
        counts: as for ``professional_gini``.
        places: as for ``professional_gini``.
        followed: the professions that the COG follows: their verdicts are given side by side.

    Returns: a frame of ``COLUMNS``: those of ``GiniChange``, then what is left of the verdict as
        several are given at once (``indicators.gini_changes.judged_together``), for the usual
        practice of the professions followed. The areas are those of ``professional_gini`` and
        ``FR-METROPOLE``, the country without overseas.
    """
    areas = Areas.of(places)
    rows = by_series(counts, lambda years: [*_changes(years, areas)])
    return _with_adjusted(pd.DataFrame(rows, columns=COLUMNS[:-3]), followed)


def _with_adjusted(frame: pd.DataFrame, followed: Sequence[str]) -> pd.DataFrame:
    """The frame with what stands of the verdicts that are given together."""
    adjusted, judged, by_chance = (np.full(len(frame), None, dtype=object) for _ in range(3))
    is_given = (frame["is_usual_practice"] & frame["profession_code"].isin(followed)).to_numpy()
    together = frame[is_given].groupby(["grain", "year", "territory_code", "span"], sort=False)
    verdicts, without_change, on_target = (
        frame[name].to_numpy(dtype=object)
        for name in ("verdict", "chance_without_change", "chance_on_target")
    )
    places = np.flatnonzero(is_given)
    for own in together.indices.values():
        rows = places[own]
        found = judged_together(verdicts[rows].tolist(), without_change[rows], on_target[rows])
        adjusted[rows] = found.adjusted
        judged[rows] = found.judged
        by_chance[rows] = found.expected_by_chance
    return frame.assign(
        verdict_adjusted=adjusted, judged_together=judged, expected_by_chance=by_chance
    )


def _changes(years: Sequence[CountedYear], areas: Areas) -> Iterator[tuple[object, ...]]:
    """The changes of every area of a series."""
    grain = years[0].grain
    codes = [NATIONAL, MAINLAND, *areas.regions(grain)]
    counted = {code: [one.among(code, areas).counted() for one in years] for code in codes}
    counted = {code: own for code, own in counted.items() if any(one.codes for one in own)}
    noises = _noises(counted, areas, grain)
    keys = {int(str(one.key[1])): one.key for one in years}
    for code, own in counted.items():
        known = [one for one in own if one.count.any()]
        for change in gini_changes(known, noises.get(code)):
            yield (*keys[change.year], code, *change[1:])


def _noises(
    counted: Mapping[str, Sequence[YearCount]], areas: Areas, grain: str
) -> dict[str, SteadyNoise]:
    """What chance does to the index of each area: all of them in the same worlds at rest.

    Professionals of a region leave and settle by its own turnover; a region too small to tell its
    own follows the country's, and has no noise of its own.
    """
    turnovers = {code: area_turnover(own) for code, own in counted.items()}
    national = turnovers.get(NATIONAL)
    regions = [
        code
        for code in areas.regions(grain)
        if any(one.is_measurable for one in counted.get(code, ()))
        and (turnovers[code] or national) is not None
    ]
    if not regions:
        return {}
    means = [mean_year(counted[code]) for code in regions]
    sizes = [count.size for count, _ in means]
    group = np.repeat(np.arange(len(regions)), sizes)
    level = steady_level(
        np.concatenate([m[0] for m in means]), np.concatenate([m[1] for m in means])
    )
    population = np.concatenate([people for _, people in means])
    is_overseas = np.array([areas.is_overseas(grain, code) for code in regions])[group]
    members = {NATIONAL: np.arange(level.size), MAINLAND: np.flatnonzero(~is_overseas)}
    members |= {code: np.flatnonzero(group == at) for at, code in enumerate(regions)}
    judged = [code for code in members if turnovers.get(code) is not None]
    rates = [turnovers[code] or national for code in regions]
    indices = _worlds(
        level.tobytes(),
        population.tobytes(),
        tuple(rate for rate in rates if rate is not None),
        group.tobytes(),
        tuple(members[code].tobytes() for code in judged),
    )
    found = {}
    for code, own in zip(judged, indices, strict=True):
        rate = turnovers[code]
        size = float(level[members[code]].sum())
        noise = None if rate is None else noise_or_none(own, rate.rate, size)
        if noise is not None:
            found[code] = noise
    return found


@lru_cache(maxsize=KEPT_WORLDS)
def _worlds(
    level: bytes,
    population: bytes,
    turnovers: tuple[Turnover, ...],
    group: bytes,
    areas: tuple[bytes, ...],
) -> FloatArray:
    """The indices of each area in worlds at rest, as ``played`` gives them."""
    return played(
        np.frombuffer(level, dtype=float),
        np.frombuffer(population, dtype=float),
        turnovers,
        [np.frombuffer(places, dtype=np.int64) for places in areas],
        SEED,
        group=np.frombuffer(group, dtype=np.int64),
    )
