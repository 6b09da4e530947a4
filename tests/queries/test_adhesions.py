"""Adhesions: published totals, one truth with the CPG, and what whoever lacks the right is told."""

import duckdb
import pandas as pd
import pytest

from access.policy import operator_scope, policy
from data.ingestion.publish import Request, publish
from data.store.home import Home
from queries import adhesions, cpg
from queries.run import CONNECTION

NATIONAL = "national:FR"


@pytest.fixture
def build_id(demo_home):
    return Home.from_environment().current_build_id()


@pytest.fixture
def build(demo_home, build_id):
    path = Home.from_environment().build_path(build_id)
    with duckdb.connect(str(path), read_only=True, config=dict(CONNECTION)) as connection:
        yield connection


def country(build_id, programme, **asked):
    found = adhesions.by_territory(operator_scope(), build_id, programme, "national", **asked)
    return found.iloc[0]


def test_sophia_at_the_end_of_2016(build_id):
    found = country(build_id, "sophia", first="2016-01", last="2016-12")
    assert found["cumulated"] == 827_000
    assert found["care_gap_share"] == pytest.approx(0.46, abs=0.0005)
    assert found["coverage"] == pytest.approx(827_000 / 2_205_000)
    assert found["attainment"] == pytest.approx(827_000 / 780_000)


def test_sante_active_at_the_end_of_2016(build_id):
    found = country(build_id, "sante_active", last="2016-12")
    assert found["adhesions"] == found["cumulated"] == 189_641
    assert found["attainment"] == pytest.approx(189_641 / 466_000)


@pytest.mark.parametrize(
    ("level", "territory", "cumulated", "of_2019"),
    [
        ("national", "FR", 6_575_509, 3_110_611),
        ("region", "REG-76", 632_337, 290_601),
        ("departement", "DEP-81", 37_092, 16_605),
    ],
)
def test_records_on_28_july_2019(level, territory, cumulated, of_2019, build_id):
    found = adhesions.by_territory(operator_scope(), build_id, "dmp", level, first="2019-01")
    row = found.set_index("territory_code").loc[territory]
    assert (row["cumulated"], row["adhesions"]) == (cumulated, of_2019)


def test_prado_is_that_of_the_board_in_counts_and_in_what_is_hidden(build):
    differences = build.execute(
        "select count(*), count(*) filter (where a.adhesions <> c.realised), "
        "count(*) filter (where a.is_hidden <> c.is_hidden) from adhesions_monthly as a "
        "inner join cpg_monthly as c on a.level = c.level and a.month = c.month "
        "and a.territory_code = c.territory_code and c.indicator_code = case a.volet "
        "when 'ensemble' then 'prado_adhesions' else concat('prado_', a.volet, '_adhesions') end "
        "where a.programme = 'prado'"
    ).fetchone()
    assert differences[0] > 50_000
    assert differences[1:] == (0, 0)


def test_a_year_of_prado_is_that_of_the_board(build_id):
    asked = adhesions.by_territory(
        operator_scope(), build_id, "prado", "caisse", "chirurgie", "2016-01", "2016-12"
    ).set_index("territory_code")
    board = cpg.attainment(operator_scope(), build_id, "caisse", 2016)
    board = board[board["indicator_code"] == "prado_chirurgie_adhesions"]
    board = board.set_index("territory_code").loc[asked.index]
    assert (asked["adhesions"] == board["realised"]).all()
    assert asked["attainment"].to_numpy() == pytest.approx(board["attainment"].to_numpy())


BOARD = {
    ("prado", None): "prado_adhesions",
    ("prado", "maternite"): "prado_maternite_adhesions",
    ("prado", "chirurgie"): "prado_chirurgie_adhesions",
    ("prado", "insuffisance_cardiaque"): "prado_insuffisance_cardiaque_adhesions",
    ("prado", "bpco"): "prado_bpco_adhesions",
    ("sophia", None): "sophia_adherents",
}


@pytest.mark.parametrize(("asked", "indicator"), BOARD.items())
@pytest.mark.parametrize("level", ["national", "region", "drsm", "departement", "caisse"])
def test_an_open_year_is_judged_as_on_the_board(asked, indicator, level, build_id):
    programme, volet = asked
    for scope in (operator_scope(), policy().scope(NATIONAL)):
        found = adhesions.by_territory(
            scope, build_id, programme, level, volet, "2017-01", "2017-09"
        ).set_index("territory_code")
        board = cpg.attainment(scope, build_id, level, 2017)
        board = board[board["indicator_code"] == indicator].set_index("territory_code")
        board = board.loc[found.index]
        shown = ~found["is_hidden"]
        for own, other in (
            ("objective", "objective_to_date"),
            ("attainment", "attainment_to_date"),
        ):
            pd.testing.assert_series_equal(
                found.loc[shown, own].astype(float),
                board.loc[shown, other].astype(float),
                check_names=False,
            )
        assert found.loc[board["is_hidden"], "is_hidden"].all()
    assert found["attainment"].notna().any()


def test_months_have_the_share_of_the_objective_that_the_board_gives_them(build_id):
    months = [f"2017-{month:02d}" for month in range(1, 10)]
    alone = [country(build_id, "prado", first=month, last=month)["objective"] for month in months]
    whole = country(build_id, "prado", first="2017-01")["objective"]
    assert sum(alone) == pytest.approx(whole)
    assert whole == pytest.approx(341_983, abs=1)
    twelve = country(build_id, "prado", first="2016-10")["objective"]
    before = country(build_id, "prado", first="2016-01", last="2016-09")["objective"]
    assert twelve == pytest.approx(whole + 384_937 - before)


def test_the_country_is_to_reach_what_its_departments_are(build_id):
    for programme, volet in BOARD:
        asked = (operator_scope(), build_id, programme)
        parts = adhesions.by_territory(*asked, "departement", volet, "2017-01")["objective"]
        whole = adhesions.by_territory(*asked, "national", volet, "2017-01")["objective"]
        assert parts.sum() == pytest.approx(whole.iloc[0])


def test_what_is_on_no_board_is_judged_at_the_end_of_a_year_alone(build_id):
    assert country(build_id, "sante_active", last="2016-12")["objective"] == 466_000
    found = country(build_id, "sante_active", last="2017-09")
    assert pd.isna(found["objective"])
    assert pd.isna(found["attainment"])


def test_levels_add_up_to_the_country(build_id):
    for programme in ("prado", "sophia", "sante_active", "dmp"):
        totals = {
            level: adhesions.by_territory(operator_scope(), build_id, programme, level)[
                ["adhesions", "eligible"]
            ]
            .sum()
            .tolist()
            for level in ("caisse", "departement", "region", "drsm", "national")
        }
        assert all(found == totals["national"] for found in totals.values())


def test_no_small_count_and_no_span_that_holds_one_is_told_without_the_right(build_id):
    scope, everything = policy().scope(NATIONAL), operator_scope()
    for volet in ("bpco", "chirurgie", "insuffisance_cardiaque"):
        asked = (build_id, "prado", "departement", volet)
        months = adhesions.timeline(scope, *asked)
        assert not months["adhesions"].between(1, 10).any()
        shown = months[months["month"].dt.year == 2016]
        partly = shown[shown["month"] <= "2016-05-01"].groupby("territory_code")["is_hidden"].any()
        spans = adhesions.by_territory(scope, *asked, "2016-01", "2016-05")
        spans = spans.set_index("territory_code")
        assert (spans["is_hidden"] == partly[spans.index]).all()
        assert (
            spans.loc[spans["is_hidden"], ["adhesions", "coverage", "attainment"]]
            .isna()
            .all(axis=None)
        )
        whole = adhesions.by_territory(everything, *asked, "2016-01", "2016-05")
        assert whole["adhesions"].notna().all()


def test_spans_subtracted_give_no_hidden_month(build_id):
    scope = policy().scope(NATIONAL)
    asked = (build_id, "prado", "departement", "chirurgie", "2016-01")
    hidden = adhesions.timeline(scope, *asked[:-1]).query("is_hidden")
    told = {
        month: adhesions.by_territory(scope, *asked, f"2016-{month:02d}").set_index(
            "territory_code"
        )["adhesions"]
        for month in range(1, 12)
    }
    for month in range(2, 12):
        at = hidden[hidden["month"] == f"2016-{month:02d}-01"]["territory_code"]
        step = (told[month] - told[month - 1]).reindex(at)
        assert len(at)
        assert step.isna().all()


def test_a_cell_sent_again_counts_once_and_an_empty_one_is_withdrawn(empty_home, tmp_path):
    head = "Caisse;Mois;Programme;Volet;Adhésions;Éligibles"
    sent = [
        ["CPAM-43;2016-01;PRADO;chirurgie;31;60", "CPAM-43;2016-02;PRADO;chirurgie;40;60"],
        ["CPAM-43;2016-01;PRADO;chirurgie;35;60", "CPAM-43;2016-02;PRADO;chirurgie;;"],
    ]
    for number, lines in enumerate(sent):
        file = tmp_path / f"adhesions_{number}.csv"
        file.write_text("\n".join([head, *lines]), encoding="utf-8")
        (outcome,) = publish([file], Home.from_environment(), Request(person="essai"))
    found = adhesions.timeline(operator_scope(), outcome.build_id, "prado", "caisse", "chirurgie")
    assert found[["month", "adhesions"]].astype(str).to_numpy().tolist() == [["2016-01-01", "35"]]
