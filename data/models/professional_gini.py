"""The Gini index of every profession, with its interval: filled at build, so that a page reads it.

Only what SQL can't do is here: the bootstrap. Counts and people come from the mart
``professional_counts``.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

import numpy as np
import numpy.typing as npt
import pandas as pd

from indicators.inequality import gini, gini_interval
from indicators.intervals import Interval

NATIONAL = "FR"
NATIONAL_DRAWS, REGIONAL_DRAWS = 1000, 500
"""Bootstrap samples of one interval: a build makes hundreds of them."""

COVERAGE = 0.95
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
    expected = places.groupby(["grain", "region_code"]).size()
    country = places.groupby("grain").size()
    rows: list[tuple[object, ...]] = []
    for key, group in counts.groupby(_KEYS, sort=False):
        grain = str(key[0])
        rows += _rows(key, NATIONAL, group, int(country[grain]), NATIONAL_DRAWS)
        for region, own in group.groupby("region_code", sort=True):
            size = int(expected[(grain, region)])
            rows += _rows(key, str(region), own, size, REGIONAL_DRAWS)
    return pd.DataFrame(rows, columns=COLUMNS)


def _rows(
    key: tuple[object, ...], territory: str, own: pd.DataFrame, expected: int, draws: int
) -> Iterator[tuple[object, ...]]:
    heads = own["headcount"].to_numpy(dtype=float)
    people = own["population"].to_numpy(dtype=float)
    if not heads.sum():
        return
    interval = _interval(heads.tobytes(), people.tobytes(), draws)
    yield (
        *key,
        territory,
        gini(heads, people),
        _known(interval.lower),
        _known(interval.upper),
        len(own),
        expected,
        int(own["population_source"].isin(["estimated", "census"]).sum()),
        int(heads.sum()),
        round(float(people.sum())),
    )


@lru_cache(maxsize=KEPT_INTERVALS)
def _interval(heads: bytes, people: bytes, draws: int) -> Interval:
    return gini_interval(_array(heads), _array(people), COVERAGE, draws=draws)


def _array(content: bytes) -> npt.NDArray[np.float64]:
    return np.frombuffer(content, dtype=float)


def _known(bound: float) -> float | None:
    return None if np.isnan(bound) else float(bound)
