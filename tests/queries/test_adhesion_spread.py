"""Adhesions month after month: the same as over each span, and hidden alike."""

import pandas as pd
import pytest

from access.policy import policy
from data.store.home import Home
from queries import adhesions, cpg

SPANS = [
    ("annee", "2016-01", "2016-12"),
    ("annee", "2017-01", "2017-05"),
    ("douze", "2015-07", "2016-06"),
    ("mois", "2016-03", "2016-03"),
]
COMPARED = ("adhesions", "eligible", "objective", "coverage", "attainment")


@pytest.fixture
def build_id(demo_home):
    return Home.from_environment().current_build_id()


@pytest.fixture
def national():
    return policy().scope("national:FR")


@pytest.mark.parametrize("programme", ["prado", "sophia"])
@pytest.mark.parametrize(("span", "first", "last"), SPANS)
def test_a_month_is_the_span_that_ends_with_it(programme, span, first, last, build_id, national):
    months = adhesions.spread(national, build_id, programme, "departement", span)
    found = months[months["month"] == f"{last}-01"].set_index("territory_code").sort_index()
    asked = adhesions.by_territory(
        national, build_id, programme, "departement", None, first, last
    ).set_index("territory_code")
    asked = asked.sort_index()
    assert len(found) == len(asked) == 100
    assert (found["is_hidden"] == asked["is_hidden"]).all()
    for name in COMPARED:
        pd.testing.assert_series_equal(
            found[name].astype(float), asked[name].astype(float), check_names=False
        )


def test_the_year_is_that_of_the_board(build_id, national):
    months = adhesions.spread(national, build_id, "prado", "departement", "annee")
    found = months[months["month"] == "2016-12-01"].set_index("territory_code")["adhesions"]
    board = cpg.attainment(national, build_id, "departement", 2016)
    board = board[board["indicator_code"] == "prado_adhesions"].set_index("territory_code")
    # The board has a line for Mayotte, which has no contract.
    shown = board["realised"].dropna().astype(float)
    pd.testing.assert_series_equal(
        found.astype(float).sort_index(), shown.sort_index(), check_names=False
    )


@pytest.mark.parametrize("programme", ["prado", "sophia", "sante_active", "dmp"])
@pytest.mark.parametrize("level", ["caisse", "departement", "drsm", "region", "national"])
@pytest.mark.parametrize("span", ["annee", "mois"])
def test_the_last_month_is_the_span_that_ends_with_it(programme, level, span, build_id, national):
    months = adhesions.spread(national, build_id, programme, level, span)
    last = months["month"].max()
    first = last.replace(month=1) if span == "annee" else last
    found = months[months["month"] == last].set_index("territory_code").sort_index()
    asked = adhesions.by_territory(
        national, build_id, programme, level, None, f"{first:%Y-%m}", f"{last:%Y-%m}"
    )
    asked = asked.set_index("territory_code").sort_index()
    assert len(found)
    assert (found["is_hidden"] == asked["is_hidden"]).all()
    for name in COMPARED:
        pd.testing.assert_series_equal(
            found[name].astype(float), asked[name].astype(float), check_names=False
        )


def test_a_late_caisse_keeps_the_people_that_it_told_last(build_id, national):
    months = adhesions.spread(national, build_id, "sophia", "region", "annee")
    own = months[months["territory_code"] == "REG-93"].set_index("month").sort_index()
    assert own["eligible"].iloc[-1] == own["eligible"].max()
    assert own["coverage"].iloc[-1] < 0.5


@pytest.mark.parametrize("programme", ["prado", "sophia"])
def test_growth_compares_caisses_that_sent_the_same_months(programme, build_id, national):
    caisses = adhesions.spread(national, build_id, programme, "caisse", "annee")
    last = caisses["month"].max()
    late = caisses[(caisses["month"] == last) & ~caisses["is_growth_comparable"]]
    assert len(late) == 7
    assert late["growth"].isna().all()
    for level in ("departement", "region", "national"):
        months = adhesions.spread(national, build_id, programme, level, "annee")
        unlike = months[(months["month"] == last) & ~months["is_growth_comparable"]]
        assert len(unlike)
        assert unlike["growth"].isna().all()
    before = months[months["month"] == "2016-12-01"].iloc[0]
    assert before["is_growth_comparable"]
    assert before["growth"] > 0


def test_growth_is_against_twelve_months_before_and_hidden_with_either(build_id, national):
    months = adhesions.spread(national, build_id, "prado", "departement", "annee")
    own = months[months["territory_code"] == "DEP-59"].set_index("month")
    now, before = own.loc["2016-06-01"], own.loc["2015-06-01"]
    assert now["growth"] == pytest.approx(now["held"] / before["held"] - 1)
    hidden = months[months["is_growth_hidden"]]
    assert len(hidden)
    assert hidden["growth"].isna().all()
    former = months.assign(month=months["month"] + pd.DateOffset(months=12))
    both = months.merge(former, on=["territory_code", "month"], suffixes=("", "_before"))
    assert both[both["is_hidden_before"]]["is_growth_hidden"].all()


def test_twelve_months_are_twelve(build_id, national):
    months = adhesions.spread(national, build_id, "prado", "region", "douze")
    assert str(months["month"].min())[:7] == "2014-12"


def test_who_lacks_the_right_is_told_no_small_count(build_id, national):
    months = adhesions.spread(national, build_id, "prado", "caisse", "mois", "chirurgie")
    assert months["is_hidden"].any()
    assert (
        months[months["is_hidden"]][["adhesions", "held", "coverage", "attainment"]]
        .isna()
        .all(axis=None)
    )
    shown = months["adhesions"].dropna()
    assert not shown.between(1, 10).any()


def test_two_people_of_two_regions_see_their_own(build_id):
    for region in ("REG-84", "REG-53"):
        scope = policy().scope(f"dcgdr:{region}")
        months = adhesions.spread(scope, build_id, "prado", "departement", "annee")
        assert set(months["territory_code"]) <= set(scope.territories)
        assert len(months)


def test_files_and_lines_of_a_department_are_those_of_its_caisses(build_id, national):
    found = adhesions.provenance(national, build_id, "prado", "DEP-59", 2016)
    assert found["caisse_code"].nunique() == 4
    assert found["row_count"].sum() == 4 * 12 * 4
    assert found["file_name"].str.startswith("adhesions").all()
    assert adhesions.provenance(
        policy().scope("dcgdr:REG-84"), build_id, "prado", "DEP-59", 2016
    ).empty
