"""Which territories each area is made of, and what is counted there: for index and changes alike.

An index is that of an area whose territories hold ``LEAST_SHARE`` of its people at least.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from data.reference.zone_reading import MAINLAND
from indicators.arguments import FloatArray
from indicators.gini_changes import YearCount

Row = tuple[object, ...]

NATIONAL = "FR"
WORKERS = 2
LEAST_SHARE = 0.95
"""Share of an area's people whose territories must be counted for an index."""

OVERSEAS_PREFIX = "DEP-97"
ESTIMATED = ("estimated", "census")
"""Sources of a population that is not the territory's own of the year."""

KEYS = [
    "grain",
    "year",
    "practice",
    "is_usual_practice",
    "profession_code",
    "profession_name",
    "is_group",
]
SERIES = ["grain", "practice", "profession_code"]


@dataclass(frozen=True)
class Areas:
    """The territories of each grain and area, by code: their names and people.

    ``members``: grain and area to the people of each territory; ``region``: grain and territory to
    its region; ``names``: grain and territory to its name.
    """

    members: Mapping[tuple[str, str], Mapping[str, float]]
    region: Mapping[tuple[str, str], str]
    names: Mapping[tuple[str, str], str]

    @classmethod
    def of(cls, places: pd.DataFrame) -> Areas:
        """The areas that ``professional_territories`` makes."""
        members: dict[tuple[str, str], dict[str, float]] = {}
        region, names = {}, {}
        for row in places.itertuples():
            place = (str(row.grain), str(row.territory_code))
            region[place], names[place] = str(row.region_code), str(row.territory_name)
            areas = [NATIONAL, str(row.region_code)]
            if not str(row.department_code).startswith(OVERSEAS_PREFIX):
                areas.append(MAINLAND)
            for area in areas:
                people = members.setdefault((place[0], area), {})
                people[place[1]] = float(row.population)
        return cls(members, region, names)

    def regions(self, grain: str) -> list[str]:
        """The regions of a grain."""
        return sorted({region for (own, _), region in self.region.items() if own == grain})

    def is_overseas(self, grain: str, region: str) -> bool:
        """Whether a region lies overseas: nobody of it in the mainland."""
        mainland = self.members.get((grain, MAINLAND), {})
        return not any(code in mainland for code in self.members[(grain, region)])


@dataclass(frozen=True, eq=False)
class CountedYear:
    """One profession, practice and year: what is counted in each territory, by code."""

    key: tuple[object, ...]
    codes: npt.NDArray[np.object_]
    regions: npt.NDArray[np.object_]
    heads: FloatArray
    people: FloatArray
    sources: npt.NDArray[np.object_]
    is_estimated: npt.NDArray[np.bool_]

    @property
    def grain(self) -> str:
        """The grain of its territories."""
        return str(self.key[0])

    def among(self, area: str, areas: Areas) -> Area:
        """The part of it that lies in an area."""
        expected = areas.members.get((self.grain, area), {})
        if area == NATIONAL:
            is_in = np.ones(self.codes.size, dtype=bool)
        elif area == MAINLAND:
            is_in = np.array([code in expected for code in self.codes], dtype=bool)
        else:
            is_in = self.regions == area
        return Area(area, self, is_in, expected)


@dataclass(frozen=True, eq=False)
class Area:
    """An area in one year."""

    code: str
    whole: CountedYear
    is_in: npt.NDArray[np.bool_]
    expected: Mapping[str, float]

    @property
    def heads(self) -> FloatArray:
        """Professionals of its territories."""
        return self.whole.heads[self.is_in]

    @property
    def people(self) -> FloatArray:
        """People of its territories."""
        return self.whole.people[self.is_in]

    @property
    def codes(self) -> tuple[str, ...]:
        """Its territories that were counted."""
        return tuple(self.whole.codes[self.is_in].tolist())

    @property
    def missing(self) -> list[str]:
        """The territories of the area that have no count."""
        known = set(self.codes)
        return [code for code in self.expected if code not in known]

    @property
    def people_share(self) -> float:
        """The share of the area's people who live in the territories counted."""
        total = sum(self.expected.values())
        return 1 - sum(self.expected[code] for code in self.missing) / total if total else 0.0

    @property
    def is_whole(self) -> bool:
        """Whether enough of it was counted for an index."""
        return self.people_share >= LEAST_SHARE

    def counted(self) -> YearCount:
        """The area as its changes are taken from."""
        sources = tuple(self.whole.sources[self.is_in].tolist())
        year = int(str(self.whole.key[1]))
        return YearCount(year, self.codes, self.heads, self.people, sources, self.is_whole)


def by_series(counts: pd.DataFrame, rows_of: Callable[[list[CountedYear]], list[Row]]) -> list[Row]:
    """The rows of each series (grain, practice and profession over the years), in order.

    Two series are worked on at once: most of the time goes by in NumPy, which lets others run.
    """
    years = [_counted_years(series) for _, series in counts.groupby(SERIES, sort=False)]
    with ThreadPoolExecutor(max_workers=WORKERS) as pool:
        return [row for rows in pool.map(rows_of, years) for row in rows]


def _counted_years(series: pd.DataFrame) -> list[CountedYear]:
    """The years of a series, in order."""
    found = []
    for key, group in series.groupby(KEYS, sort=False):
        group = group.sort_values("territory_code")
        found.append(
            CountedYear(
                tuple(key),
                group["territory_code"].to_numpy(dtype=object),
                group["region_code"].to_numpy(dtype=object),
                group["headcount"].to_numpy(dtype=float),
                group["population"].to_numpy(dtype=float),
                group["sources"].to_numpy(dtype=object),
                group["population_source"].isin(ESTIMATED).to_numpy(dtype=bool),
            )
        )
    return sorted(found, key=lambda one: int(str(one.key[1])))
