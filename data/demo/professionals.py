"""Invented counts of six professions by EPCI and year, 2012 to 2017, and the people beside them.

Densities follow three gradients (coast, south, town) and chance, whose strength is set for each
profession and year so that the index over the EPCI comes near what was published of IR 4.1. From
one year to the next, professionals retire one by one and others settle; see
``docs/demonstration-data.md``.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd

from data.demo.counts import stream
from data.reference.epci import epci
from data.reference.professions import population_groups, professions
from indicators.inequality import gini

YEARS = tuple(range(2012, 2018))
PROFESSIONALS_FILE = "professionnels_demo_2012_2017.csv"
POPULATION_FILE = "population_demo_2012_2017.csv"

COASTAL = (
    "06 11 13 14 17 22 29 30 33 34 35 40 44 50 56 59 62 64 66 76 80 83 85 2A 2B 971 972 973 974 976"
)
SOUTHERN = "04 05 06 07 09 11 12 13 26 30 31 32 34 46 48 64 65 66 81 82 83 84 2A 2B"
"""Departments by the sea, and those of the South."""

SEARCH_STEPS = 14
STRONGEST_GRADIENT = 2.0
WOMEN_15_49 = population_groups()["women_15_49"].share
REFERENCE_YEAR = 2023

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Course:
    """How one profession goes from 2012 to 2017.

    ``first``, ``last``: professionals in the country in 2012 and 2017. ``leaving``: share who stop
    in a year. ``coast, south, town``: what the gradients weigh beside chance (1). ``gini``: the
    index to come near, a year each; published for 2014 to 2016, continued on both sides.
    """

    first: int
    last: int
    leaving: float
    coast: float
    south: float
    town: float
    gini: tuple[float, ...]


COURSES = {
    "omnipraticiens": Course(
        61_000, 59_300, 0.045, 0.5, 0.5, 0.3, (0.190, 0.194, 0.198, 0.203, 0.217, 0.224)
    ),
    "infirmiers": Course(
        80_000, 92_500, 0.06, 0.6, 1.4, -0.4, (0.334, 0.329, 0.324, 0.319, 0.315, 0.312)
    ),
    "masseurs_kinesitherapeutes": Course(
        57_500, 66_000, 0.05, 0.6, 0.9, 0.5, (0.265, 0.270, 0.275, 0.280, 0.288, 0.292)
    ),
    "sages_femmes": Course(
        3_700, 5_500, 0.06, 0.5, 0.6, 0.3, (0.262, 0.250, 0.242, 0.225, 0.215, 0.211)
    ),
    "orthophonistes": Course(
        15_600, 17_700, 0.04, 0.4, 0.6, 0.7, (0.328, 0.328, 0.329, 0.330, 0.331, 0.331)
    ),
    "chirurgiens_dentistes": Course(
        36_900, 36_500, 0.045, 0.6, 0.6, 0.6, (0.277, 0.278, 0.278, 0.278, 0.280, 0.281)
    ),
}


def write_professionals(folder: Path, seed: int) -> list[Path]:
    """Write the counts and the people into ``folder``; returns the paths.

    UTF-8, semicolons, French headings. The same seed gives the same bytes.
    """
    territories = epci()
    people = population(territories, seed)
    counts = headcounts(territories, people, seed)
    files = {PROFESSIONALS_FILE: counts, POPULATION_FILE: _population_rows(territories, people)}
    for name, rows in files.items():
        rows.to_csv(folder / name, sep=";", index=False, encoding="utf-8", lineterminator="\n")
    return [folder / name for name in files]


def population(territories: pd.DataFrame, seed: int) -> dict[str, IntArray]:
    """People by group, each of shape (territories, years); seeded drifts around the census."""
    rng = stream(seed, "people of the EPCI")
    size = len(territories)
    growth = rng.normal(0.003, 0.005, size)[:, None]
    years = np.array(YEARS)[None, :] - REFERENCE_YEAR
    everybody = territories["population"].to_numpy(dtype=float)[:, None] * (1 + growth) ** years
    share = WOMEN_15_49 * np.exp(0.06 * _standard(np.log(territories["population"]))[:, None])
    share = share * np.exp(rng.normal(0, 0.03, size))[:, None]
    return {
        "toute la population": np.rint(everybody).astype(np.int64),
        "femmes de 15 à 49 ans": np.rint(everybody * share).astype(np.int64),
    }


def headcounts(territories: pd.DataFrame, people: dict[str, IntArray], seed: int) -> pd.DataFrame:
    """Professionals by EPCI, profession and year: one row each, territories without any included.

    Columns ``Année, Profession, EPCI, Effectif``.
    """
    everybody, women = people.values()
    parts = []
    for code, course in COURSES.items():
        held_to = women if professions()[code].population_group == "women_15_49" else everybody
        grid = _grid(code, course, territories, held_to.astype(float), seed)
        parts.append(_rows(professions()[code].name, territories, grid))
    return pd.concat(parts, ignore_index=True)


def _grid(
    code: str, course: Course, territories: pd.DataFrame, people: FloatArray, seed: int
) -> IntArray:
    """Professionals of shape (territories, years)."""
    rng = stream(seed, f"professionals {code}")
    attraction = _attraction(course, territories, rng)
    wanted = np.rint(np.linspace(course.first, course.last, len(YEARS))).astype(int)
    rounding = rng.random(len(territories))
    grid = np.zeros((len(territories), len(YEARS)), dtype=np.int64)
    for year, total in enumerate(wanted):
        own = people[:, year]
        draw = int(rng.integers(2**32))
        if year:
            staying = grid[:, year - 1] - rng.binomial(grid[:, year - 1], course.leaving)
            settled = partial(_joined, staying, own, attraction, int(total), draw)
        else:
            settled = partial(_spread, own, attraction, int(total), rounding)
        grid[:, year] = _nearest(settled, own, course.gini[year])
    return grid


def _aim(own: FloatArray, attraction: FloatArray, total: int, strength: float) -> FloatArray:
    """What each territory would have if the gradients decided alone."""
    aim = own * np.exp(strength * attraction)
    return aim * total / aim.sum()


def _spread(
    own: FloatArray, attraction: FloatArray, total: int, rounding: FloatArray, strength: float
) -> IntArray:
    """The professionals of the first year."""
    return np.floor(_aim(own, attraction, total, strength) + rounding).astype(np.int64)


def _joined(
    staying: IntArray,
    own: FloatArray,
    attraction: FloatArray,
    total: int,
    draw: int,
    strength: float,
) -> IntArray:
    """Those who stay and, by chance, those who settle where some are missing."""
    missing = np.maximum(_aim(own, attraction, total, strength) - staying, 0)
    missing *= max(total - staying.sum(), 0) / missing.sum()
    return staying + np.random.default_rng(draw).poisson(missing)


def _nearest(settled: Callable[[float], IntArray], own: FloatArray, aim: float) -> IntArray:
    """The counts whose index comes nearest to the aim, by halving the strength of gradients."""
    low, high = 0.0, STRONGEST_GRADIENT
    best, gap = settled(low), np.inf
    for _ in range(SEARCH_STEPS):
        middle = (low + high) / 2
        counts = settled(middle)
        found = gini(counts, own)
        if abs(found - aim) < gap:
            best, gap = counts, abs(found - aim)
        low, high = (middle, high) if found < aim else (low, middle)
    return best


def _attraction(course: Course, territories: pd.DataFrame, rng: np.random.Generator) -> FloatArray:
    """What draws professionals to each territory, of mean 0 and spread 1."""
    department = territories["department_code"].str.removeprefix("DEP-")
    coast = _standard(department.isin(COASTAL.split()))
    south = _standard(department.isin(SOUTHERN.split()))
    town = _standard(np.log(territories["population"]))
    chance = rng.normal(0, 1, len(territories))
    return _standard(course.coast * coast + course.south * south + course.town * town + chance)


def _standard(values: pd.Series | FloatArray) -> FloatArray:
    array = np.asarray(values, dtype=float)
    return (array - array.mean()) / array.std()


def _rows(profession: str, territories: pd.DataFrame, grid: IntArray) -> pd.DataFrame:
    codes = territories["epci_code"].to_numpy()
    return pd.DataFrame(
        {
            "Année": np.tile(YEARS, len(codes)),
            "Profession": profession,
            "EPCI": np.repeat(codes, len(YEARS)),
            "Effectif": grid.ravel(),
        }
    )


def _population_rows(territories: pd.DataFrame, people: dict[str, IntArray]) -> pd.DataFrame:
    codes = territories["epci_code"].to_numpy()
    return pd.concat(
        [
            pd.DataFrame(
                {
                    "Année": np.tile(YEARS, len(codes)),
                    "EPCI": np.repeat(codes, len(YEARS)),
                    "Groupe": group,
                    "Population": grid.ravel(),
                }
            )
            for group, grid in people.items()
        ],
        ignore_index=True,
    )
