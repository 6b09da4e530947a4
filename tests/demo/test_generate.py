"""What the demonstration's files hold: rows, headings, senders, months, whole numbers."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from data.demo.generate import HEADINGS, demonstration, write_demonstration
from data.demo.senders import LAST_MONTH_SENT, WITHOUT_SEPTEMBER_2017

STOCKS = [
    "prado_chirurgie_etablissements",
    "prado_pathologies_chroniques_etablissements",
    "sophia_adherents",
    "msap_etablissements",
]
VOLETS = [
    "prado_maternite_adhesions",
    "prado_chirurgie_adhesions",
    "prado_insuffisance_cardiaque_adhesions",
    "prado_bpco_adhesions",
]


def test_files_are_written_by_sending_and_twice_the_same(tmp_path: Path) -> None:
    first = write_demonstration(tmp_path / "first")
    second = write_demonstration(tmp_path / "second")
    assert [path.name for path in first] == [
        *(f"cpg_demo_{year}.csv" for year in range(2014, 2018)),
        "cpg_demo_2017_septembre.csv",
    ]
    assert [path.read_bytes() for path in first] == [path.read_bytes() for path in second]
    lines = first[0].read_text(encoding="utf-8").splitlines()
    assert lines[0].split(";") == HEADINGS
    assert {line.count(";") for line in lines} == {len(HEADINGS) - 1}


def test_another_seed_gives_other_figures_with_the_same_totals(rows: pd.DataFrame) -> None:
    other = demonstration(seed=1)
    is_2016 = other["Mois"].str.startswith("2016") & (other["Indicateur"] == "prado_adhesions")
    assert other.loc[is_2016, "Réalisé"].sum() == 430_920
    assert not other["Réalisé"].equals(rows["Réalisé"])


def test_one_row_a_caisse_indicator_and_month(rows: pd.DataFrame) -> None:
    assert not rows.duplicated(["Caisse", "Indicateur", "Mois"]).any()
    assert rows["Indicateur"].nunique() == 22
    assert (rows["Mois"].min(), rows["Mois"].max()) == ("2014-01", "2017-09")


def test_106_caisses_send_and_mayotte_does_not(rows: pd.DataFrame) -> None:
    assert rows["Caisse"].nunique() == 106
    assert "CSS-976" not in set(rows["Caisse"])


def test_every_caisse_sends_every_month_until_it_stops(rows: pd.DataFrame) -> None:
    last_month = rows.groupby("Caisse")["Mois"].max()
    months_sent = rows.groupby("Caisse")["Mois"].nunique()
    expected = {**LAST_MONTH_SENT, **dict.fromkeys(WITHOUT_SEPTEMBER_2017, "2017-08")}
    assert last_month[last_month < "2017-09"].to_dict() == expected
    assert months_sent.drop(list(expected)).eq(45).all()
    assert months_sent["CPAM-52"] == 39
    assert months_sent["CPAM-81"] == 41


def test_the_last_two_months_are_provisional(rows: pd.DataFrame) -> None:
    provisional = rows.loc[rows["Statut"] == "provisoire", "Mois"]
    assert set(provisional) == {"2017-08", "2017-09"}
    assert set(rows.loc[rows["Statut"] == "définitif", "Mois"]).isdisjoint(set(provisional))
    assert set(rows["Statut"]) == {"provisoire", "définitif"}


def test_total_of_adhesions_is_the_sum_of_volets_each_month(rows: pd.DataFrame) -> None:
    wide = rows.pivot_table(
        index=["Caisse", "Mois"], columns="Indicateur", values="Réalisé", aggfunc="sum"
    )
    assert (wide["prado_adhesions"] == wide[VOLETS].sum(axis=1)).all()
    assert len(wide) == rows.groupby(["Caisse", "Mois"]).ngroups


def test_objective_of_all_volets_is_the_sum_of_theirs(year_results: pd.DataFrame) -> None:
    wide = year_results.pivot_table(
        index=["year", "Caisse"], columns="Indicateur", values="objective", aggfunc="sum"
    )
    assert (wide["prado_adhesions"] == wide[VOLETS].sum(axis=1)).all()


def test_counts_are_whole_and_not_negative(rows: pd.DataFrame) -> None:
    counted = rows["Réalisé"].dropna()
    assert str(counted.dtype) == "Int64"
    assert (counted >= 0).all()


def test_numerators_do_not_pass_denominators(rows: pd.DataFrame) -> None:
    rates = rows[rows["Dénominateur"].notna()]
    assert rates["Réalisé"].isna().all()
    assert rates["Numérateur"].between(0, rates["Dénominateur"]).all()
    assert (rates["Dénominateur"] >= 1).all()
    assert rates["Indicateur"].nunique() == 10


def test_a_row_is_a_count_or_a_rate(rows: pd.DataFrame) -> None:
    has_count = rows["Réalisé"].notna()
    has_rate = rows["Numérateur"].notna() & rows["Dénominateur"].notna()
    assert (has_count ^ has_rate).all()


@pytest.mark.parametrize("indicator_code", STOCKS)
def test_stocks_do_not_fall(rows: pd.DataFrame, indicator_code: str) -> None:
    stock = rows[rows["Indicateur"] == indicator_code].sort_values(["Caisse", "Mois"])
    assert (stock.groupby("Caisse")["Réalisé"].diff().dropna() >= 0).all()


def test_objectives_repeat_over_the_year_and_are_at_least_one(rows: pd.DataFrame) -> None:
    by_year = rows.groupby(["Caisse", "Indicateur", "year"])["Objectif annuel"]
    assert (by_year.agg("min") == by_year.agg("max")).all()
    given = rows.loc[rows["Réalisé"].notna() & (rows["Objectif annuel"] != ""), "Objectif annuel"]
    assert given.str.fullmatch(r"\d+").all()
    assert (given.astype(int) >= 1).all()


def test_objectives_of_rates_are_percentages(rows: pd.DataFrame) -> None:
    given = rows.loc[rows["Dénominateur"].notna(), "Objectif annuel"]
    assert given.str.fullmatch(r"\d{1,2},\d %").all()


def test_adhesions_only_where_an_establishment_proposes_them(rows: pd.DataFrame) -> None:
    wide = rows.pivot_table(
        index=["Caisse", "Mois"], columns="Indicateur", values="Réalisé", aggfunc="sum"
    )
    bare = wide["prado_pathologies_chroniques_etablissements"] == 0
    assert bare.any()
    assert (wide.loc[bare, "prado_insuffisance_cardiaque_adhesions"] == 0).all()
    assert (wide.loc[bare, "prado_bpco_adhesions"] == 0).all()
    bare = wide["prado_chirurgie_etablissements"] == 0
    assert (wide.loc[bare, "prado_chirurgie_adhesions"] == 0).all()


def test_vaccination_is_sent_in_the_campaign_only(rows: pd.DataFrame) -> None:
    campaign = rows[rows["Indicateur"] == "vaccination_grippe"]
    assert set(campaign["Mois"].str[5:]) == {"10", "11", "12"}
    assert set(campaign["year"]) == {2014, 2015, 2016}
