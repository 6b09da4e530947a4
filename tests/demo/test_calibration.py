"""Rolled up as any reader would, the demonstration meets what was published."""

from __future__ import annotations

import pandas as pd
import pytest

from data.demo.rates import RATES
from data.demo.senders import REFERENCE

PUBLISHED = pd.read_csv(
    REFERENCE / "igas_2017" / "cpg_published_2016.csv", sep=";", keep_default_na=False
).rename(columns={"Taux d'atteinte (%)": "rate_pct"})
NATIONAL_2016 = [
    ("prado_maternite_adhesions", 392_527, 112),
    ("prado_chirurgie_adhesions", 34_170, 114),
    ("prado_chirurgie_etablissements", 547, 103),
    ("prado_pathologies_chroniques_etablissements", 204, 110),
]


def of_2016(year_results: pd.DataFrame, indicator_code: str) -> pd.DataFrame:
    is_wanted = (year_results["year"] == 2016) & (year_results["Indicateur"] == indicator_code)
    return year_results[is_wanted]


@pytest.mark.parametrize(("indicator_code", "count", "rate_pct"), NATIONAL_2016)
def test_national_counts_and_rates_of_2016(
    year_results: pd.DataFrame, indicator_code: str, count: int, rate_pct: int
) -> None:
    results = of_2016(year_results, indicator_code)
    assert len(results) == 106
    assert results["realised"].sum() == count
    assert round(100 * count / results["objective"].sum()) == rate_pct


@pytest.mark.parametrize("indicator_code", [code for code, _, _ in NATIONAL_2016])
def test_rates_by_drsm_of_2016_round_to_the_published_ones(
    year_results: pd.DataFrame, indicator_code: str
) -> None:
    by_drsm = of_2016(year_results, indicator_code).groupby("drsm_code")
    sums = by_drsm[["realised", "objective"]].sum()
    published = PUBLISHED[
        (PUBLISHED["Indicateur"] == indicator_code) & (PUBLISHED["Territoire"] != "FR")
    ].set_index("Territoire")["rate_pct"]
    assert len(published) == 20
    exact_pct = 100 * sums["realised"] / sums["objective"]
    distance = (exact_pct - published).abs()
    is_small = indicator_code.endswith("_etablissements")
    assert distance.max() <= (0.37 if is_small else 0.3)
    assert (sums["objective"] >= 1).all()
    assert (sums["realised"][published == 0] == 0).all()


@pytest.mark.parametrize(
    ("indicator_code", "low", "high"),
    [
        ("prado_maternite_adhesions", 349_000, 351_000),
        ("prado_chirurgie_adhesions", 29_800, 30_200),
        ("prado_chirurgie_etablissements", 531, 531),
        ("prado_pathologies_chroniques_etablissements", 185, 185),
    ],
)
def test_sums_of_objectives(
    year_results: pd.DataFrame, indicator_code: str, low: int, high: int
) -> None:
    assert low <= of_2016(year_results, indicator_code)["objective"].sum() <= high


@pytest.mark.parametrize(("year", "count"), [(2014, 234_120), (2015, 338_960), (2016, 430_920)])
def test_prado_over_all_volets(year_results: pd.DataFrame, year: int, count: int) -> None:
    is_wanted = (year_results["year"] == year) & (year_results["Indicateur"] == "prado_adhesions")
    assert year_results.loc[is_wanted, "realised"].sum() == count


def test_spread_of_surgery_in_2016(year_results: pd.DataFrame) -> None:
    results = of_2016(year_results, "prado_chirurgie_adhesions").set_index("Caisse")
    rate = results["realised"] / results["objective"]
    assert (rate < 0.5).sum() == 11
    assert (rate > 2.0).sum() == 11
    assert round(100 * rate["CPAM-43"]) == 846
    assert rate.max() == rate["CPAM-43"]


@pytest.mark.parametrize(
    ("indicator_code", "year"),
    [(code, year) for code, rate in RATES.items() for year in rate.rate_pct if year < 2017],
)
def test_national_rates_meet_the_figures_of_the_cog(
    rows: pd.DataFrame, indicator_code: str, year: int
) -> None:
    sent = rows[(rows["Indicateur"] == indicator_code) & (rows["year"] == year)]
    rate_pct = 100 * sent["Numérateur"].sum() / sent["Dénominateur"].sum()
    assert rate_pct == pytest.approx(RATES[indicator_code].rate_pct[year], abs=0.05)


@pytest.mark.parametrize(
    ("cog_code", "indicator_code"),
    [
        ("IR13-GEN", "generiques_penetration"),
        ("IR13-ROSP", "rosp_taux_moyen"),
        ("IR10-SEIN", "depistage_sein"),
        ("IR10-CCR", "depistage_colorectal"),
        ("IR10-COL", "depistage_col_uterus"),
        ("IR10-GRIPPE", "vaccination_grippe"),
        ("IR8-AAT", "aat_dematerialisation"),
        ("IR8-PSE", "pse_dematerialisation"),
        ("IR8-DMT", "dmt_dematerialisation"),
        ("IR7-SOPHIA-ECART", "sophia_ecart_soins"),
    ],
)
def test_targets_of_rates_are_the_published_ones(cog_code: str, indicator_code: str) -> None:
    cog = pd.read_csv(REFERENCE / "igas_2017" / "cog.csv", sep=";", decimal=",")
    published = cog[(cog["Code"] == cog_code) & cog["Réalisé"].notna()]
    by_year = dict(zip(published["Année"], published["Réalisé"], strict=True))
    assert len(by_year) >= 2
    assert by_year == {year: RATES[indicator_code].rate_pct[year] for year in by_year}


@pytest.mark.parametrize(("year", "stock"), [(2014, 610_000), (2015, 718_238), (2016, 827_000)])
def test_sophia_adherents_at_year_end(year_results: pd.DataFrame, year: int, stock: int) -> None:
    is_wanted = (year_results["year"] == year) & (year_results["Indicateur"] == "sophia_adherents")
    assert year_results.loc[is_wanted, "realised"].sum() == stock
