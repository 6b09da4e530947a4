"""The Gini index of every profession, with its interval: filled at build, so that a page reads it.

Only what SQL can't do is here: the bootstrap. Counts and people come from the mart
``professional_counts``.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

import numpy as np
import pandas as pd

from data.models.professional_areas import KEYS, NATIONAL, Areas, CountedYear, by_series
from indicators.inequality import INTERVAL_FROM, gini, gini_interval
from indicators.spatial import EXPLORATORY_BELOW

COVERAGE = 0.95
NAMED_AT_MOST = 10
"""Missing territories that a row names; it counts them all."""

KEPT_INTERVALS = 20_000
"""Intervals kept in memory: an import builds several times from the same counts."""

COLUMNS = [
    *KEYS,
    "territory_code",
    "gini",
    "lower",
    "upper",
    "territories",
    "territories_expected",
    "territories_estimated",
    "professionals",
    "population",
    "territories_missing",
    "missing_names",
    "people_share",
    "is_exploratory",
    "is_too_small",
]


def professional_gini(counts: pd.DataFrame, places: pd.DataFrame) -> pd.DataFrame:
    """The index of the country and of each region, one row a grain, year, practice and profession.

    Args:
        counts: the mart ``professional_counts``.
        places: ``professional_territories``: ``grain, territory_code, territory_name,
            department_code, region_code, population``.

    Returns: a frame of ``COLUMNS``. ``territories`` are those counted, ``territories_expected``
        those of the area, ``territories_missing`` the others (``missing_names`` the first of
        them); ``territories_estimated`` had their people estimated from a share. The index is
        missing where ``people_share`` is under ``LEAST_SHARE``, ``lower`` and ``upper`` (95 %) with
        too few territories (``is_too_small``); ``is_exploratory`` says that they are few. No row
        where there is no professional.
    """
    areas = Areas.of(places)
    rows = by_series(counts, lambda years: [row for one in years for row in _rows(one, areas)])
    return pd.DataFrame(rows, columns=COLUMNS)


def _rows(year: CountedYear, areas: Areas) -> Iterator[tuple[object, ...]]:
    """The rows of the country and of each region that has a count."""
    for code in (NATIONAL, *sorted(set(year.regions))):
        own = year.among(code, areas)
        if not own.heads.sum():
            continue
        measured: tuple[float | None, float | None, float | None] = (None, None, None)
        if own.is_whole:
            measured = _measured(own.heads.tobytes(), own.people.tobytes())
        missing = own.missing
        size = len(own.heads)
        yield (
            *year.key,
            code,
            *measured,
            size,
            len(own.expected),
            int(year.is_estimated[own.is_in].sum()),
            int(own.heads.sum()),
            round(float(own.people.sum())),
            len(missing),
            ", ".join(areas.names[(year.grain, one)] for one in missing[:NAMED_AT_MOST]) or None,
            own.people_share,
            size < EXPLORATORY_BELOW,
            size < INTERVAL_FROM,
        )


@lru_cache(maxsize=KEPT_INTERVALS)
def _measured(heads: bytes, people: bytes) -> tuple[float, float | None, float | None]:
    """Index and bounds; none of the latter with too few territories."""
    counts, population = np.frombuffer(heads, dtype=float), np.frombuffer(people, dtype=float)
    lower, upper = gini_interval(counts, population, COVERAGE)
    index = gini(counts, population)
    return (index, None, None) if np.isnan(lower) else (index, float(lower), float(upper))
