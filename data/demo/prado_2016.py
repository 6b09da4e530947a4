"""PRADO objectives and results of 2016 by caisse, calibrated on the published table by DRSM.

The published table gives attainment in whole per cent by DRSM, and national counts. What is
invented here: the objectives, their sharing among DRSM and caisses, and the spread of the caisses
around their DRSM. What must come out: the published rates to the rounding, the national counts
exactly, and for surgery the spread that the report tells (11 caisses under 50 %, 11 over 200 %,
Haute-Loire at 846 %).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from data.demo.allotment import (
    Counts,
    Floats,
    allot,
    choose_options,
    fitting_objective,
    small_options,
    tilted_weights,
)
from data.demo.senders import REFERENCE

PUBLISHED = REFERENCE / "igas_2017" / "cpg_published_2016.csv"

OBJECTIVE_TOTALS = {
    "prado_maternite_adhesions": 350_000,
    "prado_chirurgie_adhesions": 30_000,
    "prado_chirurgie_etablissements": 531,
    "prado_pathologies_chroniques_etablissements": 185,
}
"""National sums of objectives: about (adhesions) or exactly (establishments) these."""

SMALL_COUNT_TOLERANCE_PCT = 0.37
"""How far a ratio of small counts may lie from its whole per cent: 15/11 must do for 136 %."""

HAUTE_LOIRE = ("CPAM-43", 26, 220)
"""Caisse, objective and surgery adhesions of 2016: 220 / 26 = 846 %."""

OVER_200_PCT = (
    "CPAM-05",
    "CPAM-07",
    "CPAM-43",
    "CPAM-48",
    "CPAM-56",
    "CPAM-59-HAINAUT",
    "CPAM-62-ARTOIS",
    "CPAM-66",
    "CPAM-84",
    "CPAM-88",
    "CGSS-973",
)
"""The 11 caisses made to pass 200 % of their surgery objective in 2016."""

UNDER_50_PCT = (
    "CPAM-09",
    "CPAM-36",
    "CPAM-47",
    "CPAM-58",
    "CPAM-61",
    "CPAM-65",
    "CPAM-70",
    "CPAM-77",
    "CPAM-90",
    "CPAM-93",
    "CPAM-95",
)
"""The 11 caisses made to stay under 50 % of their surgery objective in 2016."""


@dataclass(frozen=True)
class YearResult:
    """Objective and realised count of a year, one value a caisse (shape (106,))."""

    objective: Counts
    realised: Counts


@dataclass(frozen=True)
class PublishedIndicator:
    """What was published of one indicator: rate in whole per cent by DRSM, national count."""

    rate_pct_by_drsm: pd.Series
    national_count: int


def published(indicator_code: str) -> PublishedIndicator:
    """The published figures of 2016 of one indicator, from their extract file."""
    table = pd.read_csv(PUBLISHED, sep=";", dtype=str, keep_default_na=False)
    table = table[table["Indicateur"] == indicator_code].set_index("Territoire")
    rates = table["Taux d'atteinte (%)"].drop("FR").astype(int)
    return PublishedIndicator(rates, int(str(table.loc["FR", "Réalisé"])))


def calibrated(indicator_code: str, caisses: pd.DataFrame, rng: np.random.Generator) -> YearResult:
    """Objectives and results of 2016 by caisse of one of the four published indicators."""
    known = published(indicator_code)
    population = caisses.groupby("drsm_code")["population"].sum()
    drsm_codes = known.rate_pct_by_drsm.index
    weights = population.loc[drsm_codes].to_numpy()
    rates_pct = known.rate_pct_by_drsm.to_numpy()
    total = OBJECTIVE_TOTALS[indicator_code]
    if indicator_code.endswith("_adhesions"):
        by_drsm = _large_totals(rates_pct / 100, weights, total, known.national_count)
    else:
        least = caisses.groupby("drsm_code").size().loc[drsm_codes].to_numpy().astype(np.int64)
        by_drsm = _small_totals(rates_pct, weights, least, total, known.national_count)
    objective = np.zeros(len(caisses), dtype=np.int64)
    realised = np.zeros(len(caisses), dtype=np.int64)
    for position, drsm_code in enumerate(drsm_codes):
        members = np.flatnonzero(caisses["drsm_code"] == drsm_code)
        share = SHARING[indicator_code](
            caisses.iloc[members],
            int(by_drsm.objective[position]),
            int(by_drsm.realised[position]),
            rng,
        )
        objective[members], realised[members] = share.objective, share.realised
    return YearResult(objective, realised)


def _large_totals(
    rates: Floats, weights: Floats, objective_total: int, realised_total: int
) -> YearResult:
    """DRSM totals in the thousands: lean the objectives, round; the largest DRSM takes the rest."""
    shares = tilted_weights(weights, rates, realised_total / objective_total)
    objective = np.array(
        [
            fitting_objective(share * objective_total, rate)
            for share, rate in zip(shares, rates, strict=True)
        ]
    )
    realised = np.rint(objective * rates).astype(np.int64)
    largest = int(np.argmax(objective))
    realised[largest] += realised_total - int(realised.sum())
    objective[largest] = round(realised[largest] / rates[largest])
    return YearResult(objective, realised)


def _small_totals(
    rates_pct: Counts, weights: Floats, least: Counts, objective_total: int, realised_total: int
) -> YearResult:
    """DRSM totals in the tens: search the whole numbers that round to the rates and sum exactly."""
    targets = weights / weights.sum() * objective_total
    options = [
        small_options(int(rate), target, int(minimum), SMALL_COUNT_TOLERANCE_PCT)
        for rate, target, minimum in zip(rates_pct, targets, least, strict=True)
    ]
    chosen = choose_options(options, objective_total, realised_total)
    return YearResult(
        np.array([option.objective for option in chosen]),
        np.array([option.realised for option in chosen]),
    )


def _share_maternity(
    members: pd.DataFrame, objective: int, realised: int, rng: np.random.Generator
) -> YearResult:
    """Objectives by population and birth effect; results close around the DRSM's rate."""
    births = members["population"].to_numpy() * rng.lognormal(0, 0.10, len(members))
    objectives = allot(objective, births, minimum=1)
    results = allot(realised, objectives * rng.lognormal(0, 0.07, len(members)))
    return YearResult(objectives, results)


def _share_surgery(
    members: pd.DataFrame, objective: int, realised: int, rng: np.random.Generator
) -> YearResult:
    """Objectives by population; results spread so that only the chosen caisses pass 50 or 200 %."""
    codes = members["caisse_code"].to_numpy()
    weights = members["population"].to_numpy() * rng.lognormal(0, 0.15, len(members))
    is_given = codes == HAUTE_LOIRE[0]
    objectives = np.where(is_given, HAUTE_LOIRE[1], 0)
    results = np.where(is_given, HAUTE_LOIRE[2], 0)
    if is_given.all() or len(members) == 1:
        return YearResult(np.array([objective]), np.array([realised]))
    rest = ~is_given
    objectives[rest] = allot(objective - int(objectives.sum()), weights[rest], minimum=10)
    rates = np.exp(rng.normal(0, 0.16, len(members)))
    is_low, is_high = np.isin(codes, UNDER_50_PCT), np.isin(codes, OVER_200_PCT)
    rates[is_low] = rng.uniform(0.24, 0.43, is_low.sum())
    rates[is_high] = rng.uniform(2.15, 2.9, is_high.sum())
    is_free = rest & ~is_low & ~is_high
    fixed = rest & ~is_free
    results[fixed] = np.rint(objectives[fixed] * rates[fixed]).astype(np.int64)
    left = realised - int(results.sum())
    results[is_free] = allot(left, _within(rates[is_free], objectives[is_free], left))
    return YearResult(objectives, results)


def _within(rates: Floats, objectives: Counts, total: int) -> Floats:
    """Results that sum to ``total`` with every rate kept between 58 % and 185 %."""
    for _ in range(100):
        rates = np.clip(rates * total / (rates @ objectives), 0.58, 1.85)
    return rates * objectives


def _share_surgery_establishments(
    members: pd.DataFrame, objective: int, realised: int, rng: np.random.Generator
) -> YearResult:
    """At least one establishment a caisse; results close to objectives."""
    weights = members["population"].to_numpy() * rng.lognormal(0, 0.12, len(members))
    objectives = allot(objective, weights, minimum=1)
    results = allot(realised, objectives * rng.lognormal(0, 0.09, len(members)), minimum=1)
    return YearResult(objectives, results)


def _share_chronic_establishments(
    members: pd.DataFrame, objective: int, realised: int, rng: np.random.Generator
) -> YearResult:
    """At least one establishment aimed at by caisse; a few caisses still without any."""
    weights = members["population"].to_numpy() * rng.lognormal(0, 0.12, len(members))
    objectives = allot(objective, weights, minimum=1)
    results = allot(realised, objectives * rng.lognormal(0, 0.35, len(members)))
    return YearResult(objectives, results)


SHARING = {
    "prado_maternite_adhesions": _share_maternity,
    "prado_chirurgie_adhesions": _share_surgery,
    "prado_chirurgie_etablissements": _share_surgery_establishments,
    "prado_pathologies_chroniques_etablissements": _share_chronic_establishments,
}
"""How the totals of a DRSM are shared among its caisses, by indicator."""
