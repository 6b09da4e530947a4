"""The weights of the publication, and the gaps that they rank, on the demonstration."""

import pytest

from access.policy import operator_scope, policy
from data.store.home import Home
from indicators.catalogue import catalogue
from indicators.stakes import carried_weights, contributions, lines_without_indicator, stakes
from queries import cpg, interessement

REGION = "REG-84"


@pytest.fixture
def build_id(demo_home):
    return Home.from_environment().current_build_id()


def test_every_published_line_is_there_with_its_indicator_and_its_place(build_id):
    weights = interessement.weights(operator_scope(), build_id)
    assert len(weights) == 44
    assert set(weights["indicator_code"]) <= set(catalogue())
    assert weights["file_name"].notna().all()
    sums = weights.groupby(["year", "share"])["weight_pct"].sum()
    assert sums.xs("nationale", level="share").tolist() == [30, 30, 30, 35]
    assert sums.xs("locale_cpam", level="share").tolist() == [30, 30, 30, 30]
    assert sums.xs("locale_drsm", level="share").tolist() == [50, 45, 45, 45]


def test_weights_are_public(build_id):
    own = interessement.weights(policy().scope("cpam:CPAM-43"), build_id)
    assert own.equals(interessement.weights(operator_scope(), build_id))


@pytest.mark.parametrize("level", ["caisse", "region", "drsm"])
def test_nothing_of_a_year_s_weights_is_lost(build_id, level):
    weights = interessement.weights(operator_scope(), build_id)
    carried = carried_weights(weights, level)["weight"].sum()
    left = lines_without_indicator(weights, level)["weight_pct"].sum()
    assert carried + left == {"caisse": 245, "region": 245, "drsm": 185}[level]


@pytest.mark.parametrize("year", [2016, 2017])
@pytest.mark.parametrize("level", ["region", "drsm", "caisse"])
def test_the_gaps_of_a_territory_are_what_the_board_judges_late(build_id, level, year):
    scope = policy().scope(f"dcgdr:{REGION}")
    board = cpg.attainment(scope, build_id, level, year)
    found = stakes(board, interessement.weights(scope, build_id), level)
    late = board[board["status"].isin(["close", "behind"])]
    keys = ["territory_code", "indicator_code"]
    assert set(map(tuple, found[keys].to_numpy())) == set(map(tuple, late[keys].to_numpy()))
    assert (found["weight_year"] == year).all()
    assert (found["gap"] == 1 - found["attainment_to_date"]).all()


@pytest.mark.parametrize("year", [2016, 2017])
def test_the_caisses_make_up_the_region_s_gap(build_id, year):
    scope = policy().scope(f"dcgdr:{REGION}")
    region = cpg.attainment(scope, build_id, "region", year, within=REGION)
    caisses = cpg.attainment(scope, build_id, "caisse", year, within=REGION)
    compared = 0
    for row in region.itertuples():
        found = contributions(caisses, row.indicator_code, row.senders_expected)
        has_all_objectives = caisses[
            (caisses["indicator_code"] == row.indicator_code) & caisses["realised"].notna()
        ]["objective"].notna()
        if found.empty or not has_all_objectives.all():
            continue
        indicator = catalogue()[row.indicator_code]
        of_whole = row.denominator if indicator.aggregation.territories == "ratio_of_sums" else 1
        sign = -1 if indicator.better == "lower" else 1
        whole = sign * (row.objective_to_date - row.realised) * of_whole
        assert found["is_complete"].all()
        assert found["shortfall"].sum() == pytest.approx(whole, rel=1e-9, abs=1e-6)
        compared += 1
    assert compared >= 15


def test_a_caisse_s_manager_learns_no_share_of_the_region_s_gap(build_id):
    scope = policy().scope("cpam:CPAM-43")
    region = cpg.attainment(scope, build_id, "region", 2016, within=REGION)
    own = cpg.attainment(scope, build_id, "caisse", 2016, within=REGION)
    expected = region["senders_expected"].iloc[0]
    found = contributions(own, "generiques_penetration", expected)
    assert found["territory_code"].tolist() == ["CPAM-43"]
    assert found["share"].isna().all()
