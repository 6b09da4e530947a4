"""Professionals and people by territory: what every measure of their distribution is taken from."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from sys import intern
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from indicators.arguments import FloatArray

PER = 100_000
"""People for whom a density counts professionals."""

OVERSEAS_DIGITS = 3
COLUMNS = (
    "territory_code",
    "territory_name",
    "department_code",
    "region_code",
    "professionals",
    "population",
)


@dataclass(frozen=True, eq=False)
class Distribution:
    """The professionals of one profession and year, and the people whom they serve.

    All have one item a territory, in the same order. ``departments`` and ``regions`` are codes
    (``DEP-43``, ``REG-84``); ``count`` are heads, ``population`` the people of the profession's
    reference group.
    """

    codes: tuple[str, ...]
    names: tuple[str, ...]
    departments: tuple[str, ...]
    regions: tuple[str, ...]
    count: FloatArray
    population: FloatArray

    @classmethod
    def from_frame(cls, frame: pd.DataFrame) -> Distribution:
        """Rows of ``professionals/density``, one a territory; those without a count left out."""
        known = frame[frame["professionals"].notna() & frame["population"].notna()]
        codes, names, departments, regions = (
            # The years of a country name the same territories: each name is held once.
            tuple(map(intern, known[column].astype(object).tolist()))
            for column in COLUMNS[:4]
        )
        count, population = (known[column].to_numpy(dtype=np.float64) for column in COLUMNS[4:])
        return cls(codes, names, departments, regions, count, population)

    def __len__(self) -> int:
        """Number of territories."""
        return len(self.codes)

    @property
    def total_count(self) -> float:
        """All professionals."""
        return float(self.count.sum())

    @property
    def total_population(self) -> float:
        """All people of the reference group."""
        return float(self.population.sum())

    @property
    def is_measurable(self) -> bool:
        """Whether there is something to share, among several territories with people."""
        return bool((self.population > 0).sum() > 1 and self.count.sum() > 0)

    @cached_property
    def density(self) -> FloatArray:
        """Professionals for ``PER`` people, shape (n,); NaN without people."""
        return density(self.count, self.population)

    @property
    def mean_density(self) -> float:
        """Professionals for ``PER`` people of the whole."""
        return float(density(self.total_count, self.total_population))

    @cached_property
    def is_overseas(self) -> npt.NDArray[np.bool_]:
        """Which territories lie overseas, shape (n,)."""
        digits = [len(code.removeprefix("DEP-")) for code in self.departments]
        return np.array(digits, dtype=int) == OVERSEAS_DIGITS

    @cached_property
    def place(self) -> dict[str, int]:
        """Position of each territory by its code."""
        return {code: place for place, code in enumerate(self.codes)}

    def kept(self, is_kept: Any) -> Distribution:
        """The territories for which ``is_kept`` (booleans, shape (n,)) is true."""
        places = np.flatnonzero(np.asarray(is_kept, dtype=bool)).tolist()

        def chosen(words: Sequence[str]) -> tuple[str, ...]:
            return tuple(words[place] for place in places)

        return Distribution(
            chosen(self.codes),
            chosen(self.names),
            chosen(self.departments),
            chosen(self.regions),
            self.count[places],
            self.population[places],
        )

    def with_count(self, count: FloatArray) -> Distribution:
        """The same territories with other numbers of professionals."""
        return replace(self, count=count)

    def by_department(self, name_of: Callable[[str], str]) -> Distribution:
        """The same people and professionals summed by department, by code.

        Args:
            name_of: the name of a department by its code.
        """
        codes = tuple(sorted(set(self.departments)))
        place = {code: index for index, code in enumerate(codes)}
        member = np.array([place[code] for code in self.departments], dtype=np.int64)
        region = dict(zip(self.departments, self.regions, strict=True))
        return Distribution(
            codes,
            tuple(name_of(code) for code in codes),
            codes,
            tuple(region[code] for code in codes),
            np.bincount(member, self.count, len(codes)).astype(np.float64),
            np.bincount(member, self.population, len(codes)).astype(np.float64),
        )


def density(count: Any, population: Any) -> Any:
    """Professionals for ``PER`` people; NaN without people."""
    heads, people = np.asarray(count, dtype=np.float64), np.asarray(population, dtype=np.float64)
    found = np.full(np.broadcast(heads, people).shape, np.nan)
    np.divide(heads * PER, people, out=found, where=people > 0)
    return found if found.ndim else found.item()
