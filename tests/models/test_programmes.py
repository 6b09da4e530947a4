"""The marts of the programmes' tables: what was published, and who reads what caisses sent."""

import duckdb
import pytest

from access.policy import operator_scope, policy
from data.ingestion.publish import Request, publish
from data.store.home import Home
from queries import store
from queries.run import CONNECTION


@pytest.fixture
def build(demo_home):
    home = Home.from_environment()
    with duckdb.connect(
        str(home.build_path(home.current_build_id())), read_only=True, config=CONNECTION
    ) as found:
        yield found


def test_both_sources_of_a_year_stay_in_the_mart(build):
    rows = build.execute(
        "select source, adhesions, objective, revised_objective from prado_activity "
        "where year = 2015 and volet = 'ensemble' order by source"
    ).fetchall()
    assert rows == [
        ("IGAS 2017, annexe 11", 335_938, 333_600, 310_000),
        ("IGAS 2017, annexe 7", 338_960, 333_600, None),
    ]


def test_the_volets_of_2018_make_their_total(build):
    total, parts = build.execute(
        "select max(adhesions) filter (where volet = 'ensemble'), "
        "sum(adhesions) filter (where volet <> 'ensemble') from prado_activity where year = 2018"
    ).fetchone()
    assert total == parts == 175_373


def test_published_rows_are_hidden_from_nobody(build):
    for mart in ("prado_activity", "sophia_calls", "dmp"):
        flags = build.execute(f"select distinct is_published, is_hidden from {mart}").fetchall()
        assert flags == [(True, False)]


def test_a_published_figure_walks_back_to_its_line(build):
    found = build.execute(
        "select value, unit, hypothesis, file_name, source_row from programme_cost "
        "where programme = 'prado' and item = 'cam_annual_salary'"
    ).fetchone()
    assert found == (50_982, "€", True, "programme_cost.csv", 3)


def test_what_a_caisse_sends_is_hidden_and_so_is_what_is_found_in_it(empty_home, tmp_path):
    file = tmp_path / "prado.csv"
    file.write_text(
        "Caisse;Mois;Volet;Adhésions;ETP de CAM\n"
        "CPAM-43;2016-01;chirurgie;4;1\nCPAM-43;2016-01;BPCO;3;1\nCPAM-43;2016-01;ensemble;9;2\n",
        encoding="utf-8",
    )
    home = Home.from_environment()
    (outcome,) = publish([file], home, Request(person="essai"))
    with duckdb.connect(
        str(home.build_path(outcome.build_id)), read_only=True, config=CONNECTION
    ) as found:
        flags = found.execute("select distinct is_published, is_hidden from prado_activity")
        assert flags.fetchall() == [(False, True)]
    seen = store.findings(operator_scope(), outcome.build_id).iloc[0]
    assert "9 adhésions" in seen["sentence"]
    told = store.findings(policy().scope("analyste:REG-84"), outcome.build_id).iloc[0]
    assert "masqué" in told["sentence"]
