"""Rates by caisse and month, as numerators and denominators whose yearly ratio is known."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from data.demo.allotment import Counts, Floats
from data.demo.counts import CONTACTS_SEASON, FLAT_SEASON, SICK_LEAVE_SEASON, MonthlyCounts, stream
from data.demo.timeline import MONTHS, YEARS, months_of, position, season, smooth_path


@dataclass(frozen=True)
class NationalRate:
    """What a rate is drawn from.

    Attributes:
        rate_pct: national rate of each year, published for 2014-2016 unless noted beside it.
        objective_pct: national objective of each year, the COG's unless noted beside it.
        yearly_per_inhabitant: denominator of a whole year per inhabitant (invented).
        by_month: twelve monthly weights of the denominator.
        spread: standard deviation of the caisses' logits.
    """

    rate_pct: dict[int, float]
    objective_pct: dict[int, float]
    yearly_per_inhabitant: float
    by_month: tuple[float, ...] = FLAT_SEASON
    spread: float = 0.2


SCREENING_SEASON = (1.04, 1.02, 1.08, 1.00, 0.94, 1.00, 0.86, 0.62, 1.00, 1.26, 1.22, 0.96)
ENROLMENT_SEASON = (1.06, 1.02, 1.06, 0.98, 0.96, 1.00, 0.92, 0.74, 1.14, 1.10, 1.04, 0.98)
CAMPAIGN_SEASON = (0, 0, 0, 0, 0, 0, 0, 0, 0, 0.58, 0.30, 0.12)


RATES = {
    "sophia_ecart_soins": NationalRate(
        # 2014 and 2017 are invented.
        {2014: 27.5, 2015: 31.0, 2016: 46.0, 2017: 48.0},
        {2014: 30.0, 2015: 35.0, 2016: 40.0, 2017: 40.0},
        0.0,  # the denominator is the new adherents of the month
        CONTACTS_SEASON,
        0.22,
    ),
    "generiques_penetration": NationalRate(
        {2014: 83.3, 2015: 83.4, 2016: 85.4, 2017: 86.2},  # 2017 invented
        {2014: 85.0, 2015: 85.0, 2016: 85.0, 2017: 87.0},  # 2014 and 2017 invented
        11.8,
        SICK_LEAVE_SEASON,
        0.11,
    ),
    "rosp_taux_moyen": NationalRate(
        {2014: 65.3, 2015: 68.3, 2016: 67.7, 2017: 69.1},  # 2017 invented
        {2014: 63.7, 2015: 65.7, 2016: 67.7, 2017: 69.7},
        0.8,
        FLAT_SEASON,
        0.13,
    ),
    "depistage_sein": NationalRate(
        {2014: 61.5, 2015: 61.5, 2016: 61.7, 2017: 61.4},  # 2017 invented
        {2014: 63.4, 2015: 64.4, 2016: 65.4, 2017: 63.4},
        0.076,
        SCREENING_SEASON,
        0.22,
    ),
    "depistage_colorectal": NationalRate(
        {2014: 27.8, 2015: 30.0, 2016: 29.3, 2017: 31.2},  # 2017 invented
        # "+5 points on 2014, then +1 a year"; 2014 invented.
        {2014: 30.0, 2015: 32.8, 2016: 33.8, 2017: 34.8},
        0.127,
        SCREENING_SEASON,
        0.24,
    ),
    "depistage_col_uterus": NationalRate(
        {2014: 56.0, 2015: 56.3, 2016: 55.5, 2017: 55.9},  # 2017 invented
        {2014: 60.0, 2015: 61.0, 2016: 62.0, 2017: 63.0},
        0.087,
        SCREENING_SEASON,
        0.20,
    ),
    "vaccination_grippe": NationalRate(
        {2014: 46.1, 2015: 48.6, 2016: 47.4},
        {2014: 50.0, 2015: 52.0, 2016: 54.0},
        0.155,
        CAMPAIGN_SEASON,
        0.15,
    ),
    "aat_dematerialisation": NationalRate(
        {2014: 22.6, 2015: 19.2, 2016: 22.7, 2017: 33.5},  # 2017 invented after February's 31
        {2014: 40.0, 2015: 40.0, 2016: 50.0, 2017: 60.0},
        0.31,
        SICK_LEAVE_SEASON,
        0.35,
    ),
    "pse_dematerialisation": NationalRate(
        {2014: 20.1, 2015: 22.5, 2016: 34.8, 2017: 59.5},  # 2017 invented after March's 57,9
        {2014: 40.0, 2015: 40.0, 2016: 50.0, 2017: 60.0},
        0.026,
        ENROLMENT_SEASON,
        0.40,
    ),
    "dmt_dematerialisation": NationalRate(
        {2014: 55.2, 2015: 61.6, 2016: 65.0, 2017: 81.8},  # 2014 invented; February 2017: 80,6
        {2014: 60.0, 2015: 60.0, 2016: 80.0, 2017: 85.0},
        0.075,
        ENROLMENT_SEASON,
        0.30,
    ),
}
"""The ten rates. Where two places of the source disagree, the COG scorecard's value is taken."""


@dataclass(frozen=True)
class MonthlyRates:
    """Numerators and denominators, shape (caisses, 45 months), and objectives in per cent.

    ``objective_pct`` has the shape (caisses, 4 years), not a number where none was set.
    A month that is not sent has a denominator of 0.
    """

    numerator: Counts
    denominator: Counts
    objective_pct: Floats


def all_rates(
    caisses: pd.DataFrame, sophia_adherents: MonthlyCounts, seed: int
) -> dict[str, MonthlyRates]:
    """The ten rates by caisse and month, by indicator code."""
    rates = {}
    for code, national in RATES.items():
        rng = stream(seed, code)
        if code == "sophia_ecart_soins":
            denominator = _new_adherents(sophia_adherents)
        else:
            denominator = _denominators(code, national, caisses, rng)
        numerator = _numerators(code, national, denominator, caisses, rng)
        objective = _objectives(national, numerator, denominator, rng)
        rates[code] = MonthlyRates(numerator, denominator, objective)
    return rates


def _new_adherents(sophia_adherents: MonthlyCounts) -> Counts:
    """New adherents of each month: the rise of the stock (January 2014 takes February's)."""
    rise = np.diff(sophia_adherents.realised, axis=1)
    return np.concatenate([rise[:, :1], rise], axis=1)


def _denominators(
    code: str, national: NationalRate, caisses: pd.DataFrame, rng: np.random.Generator
) -> Counts:
    """Denominators by population, season and noise; whole numbers, at least 1 in a month sent."""
    by_month = season(national.by_month)
    monthly = caisses["population"].to_numpy() * national.yearly_per_inhabitant / 12
    effect = rng.lognormal(0, 0.06, len(caisses))
    noise = rng.lognormal(0, 0.025, (len(caisses), len(MONTHS)))
    level = (monthly * effect)[:, None] * by_month * noise
    if code == "depistage_colorectal":
        # Old tests withdrawn, new ones delivered from May 2015: few invitations in between.
        level[:, position("2015-01") : position("2015-04") + 1] *= 0.25
    return np.where(by_month > 0, np.maximum(np.rint(level), 1), 0).astype(np.int64)


def _numerators(
    code: str,
    national: NationalRate,
    denominator: Counts,
    caisses: pd.DataFrame,
    rng: np.random.Generator,
) -> Counts:
    """Numerators around the caisse's level, such that each national year meets its rate."""
    shape = denominator.shape
    caisse_effect = rng.normal(0, national.spread, (shape[0], 1))
    drift = rng.normal(0, 0.15 * national.spread, (shape[0], len(YEARS))).cumsum(axis=1)
    year_column = np.array([YEARS.index(int(month[:4])) for month in MONTHS])
    path = smooth_path({year: _logit(pct / 100) for year, pct in national.rate_pct.items()})
    path = path + rng.normal(0, 0.012, len(MONTHS))
    chance = 1 / np.sqrt(np.maximum(denominator, 4) * 0.2)
    noise = rng.normal(0, 1, shape) * np.hypot(0.02, np.minimum(chance, 0.6))
    logit = caisse_effect + drift[:, year_column] + path + noise
    _planted_breaks(code, logit, caisses)
    numerator = np.zeros(shape, dtype=np.int64)
    for year, rate_pct in national.rate_pct.items():
        months = months_of(year)
        numerator[:, months] = _meeting(rate_pct / 100, logit[:, months], denominator[:, months])
    return numerator


def _logit(proportion: float) -> float:
    """The logarithm of the odds."""
    return float(np.log(proportion / (1 - proportion)))


def _planted_breaks(code: str, logit: Floats, caisses: pd.DataFrame) -> None:
    """Two caisses change course: Finistère's sick-leave notices, Gironde's generics."""
    row_of = {caisse: row for row, caisse in enumerate(caisses["caisse_code"])}
    if code == "aat_dematerialisation":
        logit[row_of["CPAM-29"], position("2015-09") :] += 1.0
    if code == "generiques_penetration":
        logit[row_of["CPAM-33"], position("2016-03") :] -= 0.22


def _meeting(rate: float, logit: Floats, denominator: Counts) -> Counts:
    """Numerators of one year whose ratio of sums is ``rate``, by bisection of a common shift."""
    low, high = -8.0, 8.0
    for _ in range(40):
        shift = (low + high) / 2
        proportion = 1 / (1 + np.exp(-(logit + shift)))
        too_low = (proportion * denominator).sum() < rate * denominator.sum()
        low, high = (shift, high) if too_low else (low, shift)
    return np.minimum(np.rint(proportion * denominator).astype(np.int64), denominator)


def _objectives(
    national: NationalRate,
    numerator: Counts,
    denominator: Counts,
    rng: np.random.Generator,
) -> Floats:
    """Yearly objectives in per cent: the national one, leaned half-way to the caisse's level.

    Weighted by denominators they average to the national objective (one decimal by caisse).
    """
    objective: NDArray[np.float64] = np.full((len(numerator), len(YEARS)), np.nan)
    for column, year in enumerate(YEARS):
        if year not in national.objective_pct:
            continue
        months = months_of(year)
        weight = denominator[:, months].sum(axis=1)
        level_pct = 100 * numerator[:, months].sum(axis=1) / weight
        lean = 0.5 * (level_pct - np.average(level_pct, weights=weight))
        lean += rng.normal(0, 0.4, len(lean))
        lean -= np.average(lean, weights=weight)
        aimed = np.clip(national.objective_pct[year] + lean, 2.0, 97.0)
        objective[:, column] = np.round(aimed, 1)
    return objective
