"""Counts by caisse and month: PRADO, Sophia, MSAP, contacts, savings and sick-leave amounts."""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from data.demo.allotment import Counts, Floats, allot
from data.demo.prado_2016 import YearResult, calibrated
from data.demo.timeline import MONTHS, YEARS, months_of, position, season, smooth_path

NO_OBJECTIVE = 0
"""Stands for an objective that was not given; an objective given is at least 1."""


@dataclass(frozen=True)
class MonthlyCounts:
    """Realised counts, shape (caisses, 45 months), and objectives, shape (caisses, 4 years)."""

    realised: Counts
    objective: Counts


PRADO_VOLETS = {
    "prado_maternite_adhesions": {2014: 223_720, 2015: 320_430, 2016: 392_527, 2017: 404_000},
    "prado_chirurgie_adhesions": {2014: 9_000, 2015: 16_500, 2016: 34_170, 2017: 50_500},
    "prado_insuffisance_cardiaque_adhesions": {2014: 1_400, 2015: 1_900, 2016: 3_601, 2017: 6_300},
    "prado_bpco_adhesions": {2014: 0, 2015: 130, 2016: 622, 2017: 1_250},
}
"""National adhesions of a whole year by volet; they sum to the published
234 120 (2014), 338 960 (2015) and 430 920 (2016). 2017 is a forecast."""

PRADO_OBJECTIVES = {
    "prado_maternite_adhesions": {2014: 210_000, 2015: 292_500, 2017: 425_000},
    "prado_chirurgie_adhesions": {2014: 8_500, 2015: 15_000, 2017: 45_000},
    "prado_insuffisance_cardiaque_adhesions": {2014: 1_500, 2015: 2_300, 2016: 4_300, 2017: 6_500},
    "prado_bpco_adhesions": {2015: 200, 2016: 700, 2017: 1_400},
}
"""National sums of objectives: with surgery and maternity, near the COG's revised totals."""

ESTABLISHMENTS_AT_YEAR_END = {
    "prado_chirurgie_etablissements": {2013: 190, 2014: 330, 2015: 452, 2016: 547, 2017: 586},
    "prado_pathologies_chroniques_etablissements": {
        2013: 12,
        2014: 45,
        2015: 112,
        2016: 204,
        2017: 288,
    },
    "msap_etablissements": {2013: 238, 2014: 311, 2015: 420, 2016: 559, 2017: 606},
}
"""National stocks at the end of December."""

MATERNITY_SEASON = (1.00, 0.95, 1.02, 0.99, 1.00, 1.02, 1.05, 0.91, 1.06, 1.06, 1.00, 0.92)
SURGERY_SEASON = (1.04, 1.02, 1.12, 1.05, 0.98, 1.10, 0.82, 0.58, 1.04, 1.16, 1.12, 0.80)
CHRONIC_SEASON = (1.18, 1.12, 1.10, 1.00, 0.96, 0.96, 0.86, 0.74, 0.94, 1.04, 1.06, 0.98)
CONTACTS_SEASON = (1.02, 1.00, 1.16, 1.06, 1.02, 1.14, 0.82, 0.52, 1.10, 1.18, 1.12, 0.76)
SICK_LEAVE_SEASON = (1.10, 1.09, 1.08, 1.00, 0.97, 0.98, 0.95, 0.88, 0.96, 1.00, 1.00, 0.99)
CHRONIC_PRACTICE = np.linspace(1.0, 1.35, len(MONTHS))
"""Adhesions by establishment and month rise with practice."""

FLAT_SEASON = (1.0,) * 12


def stream(seed: int, name: str) -> np.random.Generator:
    """An own random stream for each indicator, so that one can change without the others."""
    return np.random.default_rng([seed, zlib.crc32(name.encode())])


def growth(by_year: Mapping[int, float]) -> Floats:
    """The path of yearly totals over the months, kept above zero where it starts steeply."""
    return np.maximum(smooth_path(by_year), 0.15 * min(by_year.values()))


def split_over_months(totals: Counts, weights: Floats, rng: np.random.Generator) -> Counts:
    """Totals of caisses thrown over months: shape (caisses, months), each row sums to its total."""
    return rng.multinomial(totals, weights / weights.sum(axis=1, keepdims=True)).astype(np.int64)


def whole_year_share(by_month: Floats, year: int) -> float:
    """The usual share of a year that its months sent reach: 1 but in 2017 (nine months)."""
    return 1.0 if year != 2017 else float(by_month[months_of(2016)][:9].sum() / 12)


def prado(caisses: pd.DataFrame, seed: int) -> dict[str, MonthlyCounts]:
    """The seven PRADO indicators; ``prado_adhesions`` is the sum of its four volets."""
    results = {code: calibrated(code, caisses, stream(seed, code)) for code in CALIBRATED}
    surgery_sites = establishments(
        "prado_chirurgie_etablissements",
        results["prado_chirurgie_etablissements"],
        caisses,
        seed,
        every_caisse_by="2014-07",
    )
    chronic_sites = establishments(
        "prado_pathologies_chroniques_etablissements",
        results["prado_pathologies_chroniques_etablissements"],
        caisses,
        seed,
    )
    maternity, surgery = "prado_maternite_adhesions", "prado_chirurgie_adhesions"
    heart, lung = "prado_insuffisance_cardiaque_adhesions", "prado_bpco_adhesions"
    volets = {
        maternity: adhesions(
            maternity, results[maternity], np.ones(surgery_sites.realised.shape), caisses, seed
        ),
        surgery: adhesions(
            surgery, results[surgery], np.sqrt(surgery_sites.realised), caisses, seed
        ),
        heart: chronic_adhesions(heart, chronic_sites.realised.astype(float), caisses, seed),
        lung: chronic_adhesions(lung, _bpco_sites(chronic_sites.realised), caisses, seed),
    }
    total = MonthlyCounts(
        np.sum([volet.realised for volet in volets.values()], axis=0),
        np.sum([volet.objective for volet in volets.values()], axis=0),
    )
    return {
        "prado_adhesions": total,
        **volets,
        "prado_chirurgie_etablissements": surgery_sites,
        "prado_pathologies_chroniques_etablissements": chronic_sites,
    }


CALIBRATED = (
    "prado_maternite_adhesions",
    "prado_chirurgie_adhesions",
    "prado_chirurgie_etablissements",
    "prado_pathologies_chroniques_etablissements",
)
"""The four indicators whose 2016 rates by DRSM were published."""


def adhesions(
    code: str,
    result_2016: YearResult,
    presence: Floats,
    caisses: pd.DataFrame,
    seed: int,
) -> MonthlyCounts:
    """Monthly adhesions of a calibrated volet: 2016 as given, other years around it.

    Args:
        code: the volet's indicator code.
        result_2016: objective and realised count by caisse in 2016.
        presence: weight of each caisse and month, zero where the service is not open yet.
        caisses: as ``senders()`` gives them.
        seed: of the whole demonstration.
    """
    rng = stream(seed, f"{code} months")
    by_month = season(MATERNITY_SEASON if "maternite" in code else SURGERY_SEASON)
    weights = presence * growth(PRADO_VOLETS[code]) * by_month
    weights = weights * rng.lognormal(0, 0.05, weights.shape)
    if "maternite" in code:
        _maternity_stoppage(weights, caisses)
    population_share = caisses["population"].to_numpy() / caisses["population"].sum()
    usual = 0.7 * result_2016.realised / result_2016.realised.sum() + 0.3 * population_share
    realised = np.zeros(weights.shape, dtype=np.int64)
    objective = np.zeros((len(caisses), len(YEARS)), dtype=np.int64)
    for column, year in enumerate(YEARS):
        months = months_of(year)
        if year == 2016:
            totals, objective[:, column] = result_2016.realised, result_2016.objective
        else:
            national = round(PRADO_VOLETS[code][year] * whole_year_share(by_month, year))
            reach = weights[:, months].sum(axis=1) * rng.lognormal(0, 0.05, len(caisses))
            totals = allot(national, usual * reach)
            aimed = 0.75 * result_2016.objective / result_2016.objective.sum() + 0.25 * usual
            objective[:, column] = allot(PRADO_OBJECTIVES[code][year], aimed, minimum=1)
        realised[:, months] = split_over_months(totals, weights[:, months], rng)
    return MonthlyCounts(realised, objective)


def _maternity_stoppage(weights: Floats, caisses: pd.DataFrame) -> None:
    """Bas-Rhin, May to July 2015: a team short of advisers takes a third of its adhesions."""
    row = int(np.flatnonzero(caisses["caisse_code"] == "CPAM-67")[0])
    weights[row, position("2015-05") : position("2015-07") + 1] *= 0.35


def _bpco_sites(chronic_sites: Counts) -> Floats:
    """Establishments that propose the COPD service: 11 caisses in March 2015, 35 in 2016, then all.

    The caisses with most establishments come first (11 departments and 35 sites are the report's).
    """
    rank = np.argsort(np.argsort(-chronic_sites[:, position("2016-12")], kind="stable"))
    start = np.select(
        [rank < 11, rank < 35], [position("2015-03"), position("2016-01")], position("2017-01")
    )
    return np.where(np.arange(len(MONTHS)) >= start[:, None], chronic_sites, 0.0)


def chronic_adhesions(
    code: str, open_sites: Floats, caisses: pd.DataFrame, seed: int
) -> MonthlyCounts:
    """Monthly adhesions of heart failure or COPD: only where an establishment proposes them."""
    rng = stream(seed, f"{code} months")
    by_month = season(CHRONIC_SEASON)
    effect = rng.lognormal(0, 0.25, (len(caisses), 1))
    weights = open_sites * effect * by_month * CHRONIC_PRACTICE
    realised = np.zeros(weights.shape, dtype=np.int64)
    objective = np.full((len(caisses), len(YEARS)), NO_OBJECTIVE)
    for column, year in enumerate(YEARS):
        months = months_of(year)
        national = round(PRADO_VOLETS[code][year] * whole_year_share(by_month, year))
        if national == 0:
            continue
        throw = rng.multinomial(national, (weights[:, months] / weights[:, months].sum()).ravel())
        realised[:, months] = throw.reshape(len(caisses), -1)
        is_open = open_sites[:, months].any(axis=1)
        aimed = open_sites[is_open][:, months].sum(axis=1) * rng.lognormal(0, 0.2, is_open.sum())
        objective[is_open, column] = allot(PRADO_OBJECTIVES[code][year], aimed, minimum=1)
    return MonthlyCounts(realised, objective)


def establishments(
    code: str,
    result_2016: YearResult,
    caisses: pd.DataFrame,
    seed: int,
    every_caisse_by: str | None = None,
) -> MonthlyCounts:
    """Month-end stocks of establishments: each opens once, and none closes.

    The stock of December 2016 by caisse is given; every establishment of it gets an opening month
    such that national year ends are met. Openings of 2017 come on top, and reach the caisses that
    had none. With ``every_caisse_by`` each caisse has its first establishment by that month.
    """
    rng = stream(seed, f"{code} openings")
    ends = ESTABLISHMENTS_AT_YEAR_END[code]
    owners = np.repeat(np.arange(len(caisses)), result_2016.realised)
    order = rng.permutation(len(owners))
    if every_caisse_by is not None:
        is_first = np.zeros(len(owners), dtype=bool)
        is_first[np.unique(owners[order], return_index=True)[1]] = True
        order = np.concatenate([order[is_first], order[~is_first]])
    months = np.sort(_opening_months(ends, rng))
    new_owners = _new_owners(result_2016, caisses, ends[2017] - ends[2016], rng)
    owners = np.concatenate([owners[order], new_owners])
    opened = np.zeros((len(caisses), 48), dtype=np.int64)
    np.add.at(opened, (owners, months), 1)
    stock = opened.cumsum(axis=1)
    objective = _establishment_objectives(stock[:, 11::12], result_2016, rng)
    return MonthlyCounts(stock[:, : len(MONTHS)], objective)


def _opening_months(ends: dict[int, int], rng: np.random.Generator) -> Counts:
    """The opening month (0 to 47) of each establishment; 0 for those open before 2014.

    Weighted away from August and December, as openings are signed in working months.
    """
    pace = np.array([1, 1, 1.2, 1.1, 1, 1.2, 0.7, 0.2, 1.1, 1.3, 1.1, 0.5])
    months = [np.zeros(ends[2013], dtype=np.int64)]
    for number, year in enumerate(YEARS):
        opened = ends[year] - ends[year - 1]
        months.append(12 * number + rng.choice(12, opened, p=pace / pace.sum()))
    return np.concatenate(months)


def _new_owners(
    result_2016: YearResult, caisses: pd.DataFrame, number: int, rng: np.random.Generator
) -> Counts:
    """The caisses in which the establishments of 2017 open: by population, the bare ones first."""
    is_bare = result_2016.realised == 0
    weights = caisses["population"].to_numpy() * np.where(is_bare, 3.0, 1.0)
    return rng.choice(len(caisses), number, p=weights / weights.sum())


def _establishment_objectives(
    year_ends: Counts, result_2016: YearResult, rng: np.random.Generator
) -> Counts:
    """Yearly objectives near the year's end; none where the service was not planned yet."""
    aimed = year_ends / rng.uniform(0.88, 1.12, year_ends.shape)
    aimed += rng.choice([-1, 0, 0, 0, 1], year_ends.shape) * (year_ends > 0)
    objective = np.maximum(np.rint(aimed), 0).astype(np.int64)
    objective[:, YEARS.index(2016)] = result_2016.objective
    objective[:, YEARS.index(2017)] = np.maximum(
        objective[:, YEARS.index(2017)], result_2016.objective
    )
    return np.where((objective == 0) & (year_ends > 0), 1, objective)


def msap(caisses: pd.DataFrame, seed: int) -> MonthlyCounts:
    """Establishments under prior approval, month-end stock (invented by caisse)."""
    code = "msap_etablissements"
    rng = stream(seed, code)
    weights = caisses["population"].to_numpy() * rng.lognormal(0, 0.25, len(caisses))
    realised = allot(ESTABLISHMENTS_AT_YEAR_END[code][2016], weights, minimum=1)
    objective = allot(MSAP_OBJECTIVE_2016, realised * rng.lognormal(0, 0.1, len(caisses)), 1)
    return establishments(code, YearResult(objective, realised), caisses, seed, "2015-01")


MSAP_OBJECTIVE_2016 = 500

SOPHIA_AT_YEAR_END = {2013: 512_000, 2014: 610_000, 2015: 718_238, 2016: 827_000, 2017: 928_000}
SOPHIA_OBJECTIVES = {2014: 610_000, 2015: 750_000, 2016: 780_000, 2017: 940_000}
"""2016 is the COG's revised objective; 2017 lies under its target of 1 200 000, given up since."""


def sophia(caisses: pd.DataFrame, seed: int) -> MonthlyCounts:
    """Cumulated Sophia adherents, month-end stock; it never falls, and rises by one at least."""
    rng = stream(seed, "sophia_adherents")
    shape = (len(caisses), 48)
    need = caisses["population"].to_numpy()[:, None] * rng.lognormal(0, 0.14, (len(caisses), 1))
    start = allot(SOPHIA_AT_YEAR_END[2013], (need * rng.lognormal(0, 0.08, need.shape)).ravel())
    weights = need * np.tile(np.array(CONTACTS_SEASON), 4) * rng.lognormal(0, 0.12, shape)
    joined = np.ones(shape, dtype=np.int64)
    for number, year in enumerate(YEARS):
        months = slice(12 * number, 12 * number + 12)
        shares = weights[:, months] / weights[:, months].sum()
        wanted = SOPHIA_AT_YEAR_END[year] - SOPHIA_AT_YEAR_END[year - 1] - shares.size
        joined[:, months] += rng.multinomial(wanted, shares.ravel()).reshape(shares.shape)
    stock = start[:, None] + joined.cumsum(axis=1)
    year_ends = stock[:, 11::12]
    objective = np.stack(
        [
            allot(SOPHIA_OBJECTIVES[year], year_ends[:, n] * rng.lognormal(0, 0.04, len(caisses)))
            for n, year in enumerate(YEARS)
        ],
        axis=1,
    )
    return MonthlyCounts(stock[:, : len(MONTHS)], objective)


@dataclass(frozen=True)
class YearlyLevel:
    """An invented national level: realised and aimed at by whole year, season and spreads.

    ``caisse_spread``, ``result_spread`` and ``objective_spread`` are standard deviations of
    logarithms: lasting level per head, result of a year, objective around the expected result.
    """

    realised: dict[int, float]
    objective: dict[int, float]
    by_month: tuple[float, ...]
    caisse_spread: float
    result_spread: float
    objective_spread: float


YEARLY_LEVELS = {
    "ij_montants": YearlyLevel(
        {2014: 6.66e9, 2015: 6.87e9, 2016: 7.09e9, 2017: 7.31e9},
        {2014: 6.70e9, 2015: 6.80e9, 2016: 7.00e9, 2017: 7.20e9},
        SICK_LEAVE_SEASON,
        0.13,
        0.012,
        0.02,
    ),
    "contacts_ps_es": YearlyLevel(
        {2014: 611e3, 2015: 655e3, 2016: 694e3, 2017: 716e3},
        {2014: 600e3, 2015: 650e3, 2016: 700e3, 2017: 720e3},
        CONTACTS_SEASON,
        0.12,
        0.06,
        0.06,
    ),
    "maitrise_medicalisee_economies": YearlyLevel(
        {2014: 498e6, 2015: 472e6, 2016: 567e6, 2017: 588e6},
        {2014: 600e6, 2015: 550e6, 2016: 700e6, 2017: 700e6},
        FLAT_SEASON,
        0.18,
        0.12,
        0.08,
    ),
}
"""Realised and aimed at, in euros (``ij_montants``, savings) or contacts, for the whole country."""


def yearly_flow(code: str, caisses: pd.DataFrame, seed: int) -> MonthlyCounts:
    """A monthly flow invented by population, with a lasting level for each caisse."""
    level = YEARLY_LEVELS[code]
    rng = stream(seed, code)
    size = len(caisses)
    by_month = season(level.by_month)
    usual = caisses["population"].to_numpy() * rng.lognormal(0, level.caisse_spread, size)
    usual = usual / usual.sum()
    path = growth(level.realised) * by_month * epidemics(code)
    noise = rng.lognormal(0, 0.02 + 0.5 * level.result_spread, (size, len(MONTHS)))
    weights = usual[:, None] * path * noise
    _suspended_visits(code, weights, caisses)
    objective = np.zeros((size, len(YEARS)), dtype=np.int64)
    realised = np.zeros(weights.shape, dtype=np.int64)
    for column, year in enumerate(YEARS):
        months = months_of(year)
        national = level.realised[year] * whole_year_share(by_month, year)
        result = rng.lognormal(0, level.result_spread, size)[:, None]
        share = weights[:, months] * result
        realised[:, months] = np.rint(national * share / share.sum())
        aimed = usual * rng.lognormal(0, level.objective_spread, size)
        objective[:, column] = np.rint(level.objective[year] * aimed / aimed.sum())
    return MonthlyCounts(realised, objective)


def epidemics(code: str) -> Floats:
    """Sick-leave peaks of the long influenza epidemics of early 2015 and of January 2017."""
    factor = np.ones(len(MONTHS))
    if code == "ij_montants":
        factor[position("2015-02")] = 1.08
        factor[position("2015-03")] = 1.04
        factor[position("2017-01")] = 1.07
    return factor


def _suspended_visits(code: str, weights: Floats, caisses: pd.DataFrame) -> None:
    """Somme, February to June 2016: visits to professionals nearly stop."""
    if code == "contacts_ps_es":
        row = int(np.flatnonzero(caisses["caisse_code"] == "CPAM-80")[0])
        weights[row, position("2016-02") : position("2016-06") + 1] *= 0.3


def all_counts(caisses: pd.DataFrame, seed: int) -> dict[str, MonthlyCounts]:
    """The twelve indicators counted by caisse and month, by indicator code."""
    return {
        **prado(caisses, seed),
        "sophia_adherents": sophia(caisses, seed),
        "msap_etablissements": msap(caisses, seed),
        **{code: yearly_flow(code, caisses, seed) for code in YEARLY_LEVELS},
    }
