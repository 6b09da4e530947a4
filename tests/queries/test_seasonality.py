"""The question of usual years: one row an indicator and month, the same for whoever asks."""

from dataclasses import replace

import pandas as pd
import pytest

from access.policy import operator_scope, policy
from data.store.home import Home
from indicators.landings import cumulated, landings
from queries import cpg
from queries.run import QuestionError, run


@pytest.fixture
def build_id(demo_home):
    return Home.from_environment().current_build_id()


@pytest.mark.parametrize(("level", "profile"), [("caisse", "REG-44"), ("drsm", None)])
def test_each_cumulated_indicator_has_twelve_months(level, profile, build_id):
    found = cpg.seasonality(operator_scope(), build_id, level, 2017, profile)
    assert not found.duplicated(["indicator_code", "month"]).any()
    assert set(found.groupby("indicator_code").size()) == {12}
    assert set(found["indicator_code"]) <= set(cumulated())
    assert set(found["profile_code"]) == {"FR", "REG-44"} if profile else {"FR"}


def test_a_region_without_its_own_profile_takes_the_country_s(build_id):
    found = cpg.seasonality(operator_scope(), build_id, "region", 2017, "REG-44")
    assert set(found["profile_code"]) == {"FR"}


def test_everybody_reads_the_same_usual_year_and_nobody_without_a_scope(build_id):
    rows = [
        cpg.seasonality(policy().scope(person), build_id, "caisse", 2017, "REG-44")
        for person in ("cpam:CPAM-43", "analyste:REG-84", "national:FR")
    ]
    for other in rows[1:]:
        pd.testing.assert_frame_equal(rows[0], other)
    nobody = replace(operator_scope(), territories=(), small_numbers=())
    assert cpg.seasonality(nobody, build_id, "caisse", 2017, "REG-44").empty


def test_an_unknown_level_is_refused(build_id):
    with pytest.raises(QuestionError, match="n’accepte pas"):
        run("cpg/seasonality", operator_scope(), build_id, level="commune", year=2017)


def landed(scope, build_id, level, territory, region, year=2017):
    board = cpg.attainment(scope, build_id, level, year)
    own = board[board["territory_code"] == territory].set_index("indicator_code")
    return landings(
        cpg.territory_months(scope, build_id, territory, year),
        own["objective"].to_dict(),
        cpg.seasonality(scope, build_id, level, year, region),
        cumulated(),
        year,
        is_open_year=bool(own["is_open_year"].iloc[0]),
    ), own


@pytest.mark.parametrize(
    ("level", "territory", "region", "months", "received", "expected"),
    [
        ("national", "FR", None, 8, 104, 106),
        ("region", "REG-44", None, 9, 9, 10),
        ("drsm", "DRSM-AUVERGNE", None, 9, 4, 4),
        # September has not come in yet; sending stopped after March.
        ("caisse", "CPAM-13", "REG-93", 8, 1, 1),
        ("departement", "DEP-52", "REG-44", 3, 1, 1),
    ],
)
def test_landings_say_which_caisses_they_speak_of(
    level, territory, region, months, received, expected, build_id
):
    found, _ = landed(operator_scope(), build_id, level, territory, region)
    assert len(found) == 8
    for one in found.values():
        assert one.months == months
        assert (one.senders_received, one.senders_expected) == (received, expected)
        assert one.is_partial == (received < expected)
        assert one.total <= one.lower <= one.value <= one.upper


def test_the_objective_of_a_landing_leaves_out_what_stopped_coming(build_id):
    found, own = landed(operator_scope(), build_id, "region", "REG-44", None)
    _, stopped = landed(operator_scope(), build_id, "caisse", "CPAM-52", "REG-44")
    whole, aim = own["objective"]["contacts_ps_es"], found["contacts_ps_es"].objective
    lost = stopped["objective"]["contacts_ps_es"]
    assert whole - lost < aim < whole - lost / 2
    auvergne, own = landed(operator_scope(), build_id, "drsm", "DRSM-AUVERGNE", None)
    assert {code: one.objective for code, one in auvergne.items()} == {
        code: own["objective"][code] for code in auvergne
    }


def test_a_department_of_one_caisse_lands_as_it_does(build_id):
    for caisse, department in (("CPAM-43", "DEP-43"), ("CPAM-52", "DEP-52")):
        region = {"CPAM-43": "REG-84", "CPAM-52": "REG-44"}[caisse]
        of_caisse, _ = landed(operator_scope(), build_id, "caisse", caisse, region)
        of_department, _ = landed(operator_scope(), build_id, "departement", department, region)
        assert of_caisse == of_department


def test_a_closed_year_lands_on_the_board_s_total(build_id):
    found, own = landed(operator_scope(), build_id, "region", "REG-44", None, 2016)
    assert len(found) == 8
    for code, one in found.items():
        assert one.lower == one.value == one.upper == pytest.approx(own["realised"][code])
        assert one.objective == own["objective"][code]
        assert not one.is_partial


def test_an_indicator_with_a_month_withheld_has_no_landing(build_id):
    everything, _ = landed(operator_scope(), build_id, "caisse", "CPAM-48", "REG-76")
    circulating, _ = landed(policy().scope("national:FR"), build_id, "caisse", "CPAM-48", "REG-76")
    months = cpg.territory_months(operator_scope(), build_id, "CPAM-48", 2017)
    months = months[(months["year"] == 2017) & months["indicator_code"].isin(everything)]
    withheld = set(months.loc[months["is_hidden"], "indicator_code"])
    assert "prado_chirurgie_adhesions" in withheld
    assert set(circulating) == set(everything) - withheld
    for code in {"contacts_ps_es", "ij_montants"}:
        assert circulating[code] == everything[code]
