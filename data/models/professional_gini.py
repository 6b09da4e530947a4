"""The Gini index of every profession, with its interval: filled at build, so that a page reads it.

Only what SQL can't do is here: the bootstrap. Counts and people come from the mart
``professional_counts``.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from indicators.arguments import FloatArray
from indicators.inequality import gini, gini_interval

NATIONAL = "FR"
NATIONAL_DRAWS, REGIONAL_DRAWS = 1000, 500
"""Bootstrap samples of one interval: a build makes hundreds of them."""

COVERAGE = 0.95
ESTIMATED = ("estimated", "census")
"""Sources of a population that is not the territory's own of the year."""

KEPT_INTERVALS = 20_000
"""Intervals kept in memory: an import builds several times from the same counts."""

COLUMNS = [
    "grain",
    "year",
    "practice",
    "is_usual_practice",
    "profession_code",
    "profession_name",
    "is_group",
    "territory_code",
    "gini",
    "lower",
    "upper",
    "territories",
    "territories_expected",
    "territories_estimated",
    "professionals",
    "population",
]
_KEYS = COLUMNS[:7]


def professional_gini(counts: pd.DataFrame, places: pd.DataFrame) -> pd.DataFrame:
    """The index of the country and of each region, one row a grain, year, practice and profession.

    Args:
        counts: the mart ``professional_counts``.
        places: ``professional_territories``: ``grain, territory_code, region_code``.

    Returns: a frame of ``COLUMNS``. ``territories`` are those counted, ``territories_expected``
        those of the grain; ``territories_estimated`` had their people estimated from a share.
        ``lower`` and ``upper`` (95 %) are missing with too few territories. No row where there is
        no professional.
    """
    expected = places.groupby(["grain", "region_code"]).size().to_dict()
    country = places.groupby("grain").size().to_dict()
    rows: list[tuple[object, ...]] = []
    for key, group in counts.groupby(_KEYS, sort=False):
        grain = str(key[0])
        own = _Territories.of(group)
        rows += _rows(key, NATIONAL, own, country[grain], NATIONAL_DRAWS)
        regions = group["region_code"].to_numpy(dtype=object)
        for region in sorted(set(regions)):
            part = own.among(regions == region)
            rows += _rows(key, region, part, expected[(grain, region)], REGIONAL_DRAWS)
    return pd.DataFrame(rows, columns=COLUMNS)


class _Territories(NamedTuple):
    """Professionals, people and whether these are estimated, shape (n,) each."""

    heads: FloatArray
    people: FloatArray
    is_estimated: npt.NDArray[np.bool_]

    @classmethod
    def of(cls, counts: pd.DataFrame) -> _Territories:
        return cls(
            counts["headcount"].to_numpy(dtype=float),
            counts["population"].to_numpy(dtype=float),
            counts["population_source"].isin(ESTIMATED).to_numpy(dtype=bool),
        )

    def among(self, is_kept: npt.NDArray[np.bool_]) -> _Territories:
        return _Territories(self.heads[is_kept], self.people[is_kept], self.is_estimated[is_kept])


def _rows(
    key: tuple[object, ...], territory: str, own: _Territories, expected: int, draws: int
) -> Iterator[tuple[object, ...]]:
    if not own.heads.sum():
        return
    yield (
        *key,
        territory,
        *_measured(own.heads.tobytes(), own.people.tobytes(), draws),
        len(own.heads),
        expected,
        int(own.is_estimated.sum()),
        int(own.heads.sum()),
        round(float(own.people.sum())),
    )


@lru_cache(maxsize=KEPT_INTERVALS)
def _measured(heads: bytes, people: bytes, draws: int) -> tuple[float, float | None, float | None]:
    """Index and bounds; none of the latter with too few territories."""
    counts, population = np.frombuffer(heads, dtype=float), np.frombuffer(people, dtype=float)
    lower, upper = gini_interval(counts, population, COVERAGE, draws=draws)
    index = gini(counts, population)
    return (index, None, None) if np.isnan(lower) else (index, float(lower), float(upper))
