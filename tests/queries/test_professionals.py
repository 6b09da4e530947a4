"""Questions on professionals, asked of the demonstration by people of several places."""

import pandas as pd
import pytest

from access.policy import operator_scope, policy
from data.store.home import Home
from indicators.inequality import gini, lorenz
from queries import professionals
from queries.run import QuestionError, run

IR41 = {
    "omnipraticiens",
    "infirmiers",
    "masseurs_kinesitherapeutes",
    "sages_femmes",
    "orthophonistes",
    "chirurgiens_dentistes",
}


@pytest.fixture
def build_id(demo_home):
    return Home.from_environment().current_build_id()


def test_the_index_of_each_profession_year_and_grain(build_id):
    found = professionals.gini(operator_scope(), build_id)
    assert list(found.columns)[:9] == [
        "profession",
        "year",
        "grain",
        "gini",
        "lower",
        "upper",
        "territories",
        "professionals",
        "population",
    ]
    assert set(found["profession"]) == IR41
    assert len(found) == 6 * 6 * 2
    assert set(found["territory_code"]) == {"FR"}
    assert found["gini"].between(found["lower"], found["upper"]).all()
    assert found.groupby("grain")["territories"].first().to_dict() == {
        "departement": 101,
        "epci": 1270,
    }


@pytest.mark.parametrize(
    "name", ["infirmiers", "Infirmières", "INFIRMIERS libéraux", "infirmier-", "Infirmiers"]
)
def test_a_profession_is_asked_by_any_of_its_spellings(name, build_id):
    found = professionals.gini(operator_scope(), build_id, "epci", 2016, name)
    assert found["profession"].tolist() == ["infirmiers"]


def test_an_unknown_profession_has_no_row(build_id):
    assert professionals.gini(operator_scope(), build_id, profession="astrologues").empty
    assert professionals.density(operator_scope(), build_id, "epci", 2016, "astrologues").empty


def test_a_region_s_index_is_that_of_its_territories(build_id):
    asked = (operator_scope(), build_id, "epci", 2016, "infirmiers", "REG-76")
    places = professionals.density(*asked)
    row = professionals.gini(*asked).iloc[0]
    assert set(places["region_code"]) == {"REG-76"}
    assert row["gini"] == pytest.approx(gini(places["professionals"], places["population"]))
    assert row["territories"] == len(places) == row["territories_expected"]
    assert row["professionals"] == places["professionals"].sum()


def test_the_curve_is_that_of_the_statistics(build_id):
    asked = (operator_scope(), build_id, "departement", 2016, "sages_femmes")
    curve = professionals.lorenz(*asked)
    places = professionals.density(*asked)
    expected = lorenz(places["professionals"], places["population"])
    assert curve["population_share"].to_numpy() == pytest.approx(expected.population[1:])
    assert curve["professional_share"].to_numpy() == pytest.approx(expected.professionals[1:])
    assert curve["density_per_100000"].is_monotonic_increasing
    assert set(places["population_group"]) == {"women_15_49"}


def test_a_department_s_epci_alone(build_id):
    found = professionals.density(operator_scope(), build_id, "epci", 2016, "infirmiers", "DEP-43")
    assert set(found["department_code"]) == {"DEP-43"}
    assert (found["density_per_100000"] * found["population"] / 100_000).round(6).tolist() == (
        found["professionals"].tolist()
    )


def test_everybody_reads_the_same_public_figures(build_id):
    answers = [
        professionals.gini(policy().scope(person), build_id, "departement", 2016, None, "REG-44")
        for person in ("cpam:CPAM-43", "dcgdr:REG-84", "national:FR")
    ]
    assert len(answers[0]) == 6
    for other in answers[1:]:
        pd.testing.assert_frame_equal(answers[0], other)


def test_the_published_index_stands_beside_ours(build_id):
    found = professionals.gini_published(operator_scope(), build_id)
    assert len(found) == 22
    assert (found["kind"] == "target").sum() == 4
    realised = found[found["kind"] == "realised"]
    assert (realised["gini"] - realised["gini_epci"]).abs().max() < 0.002
    assert found.loc[found["kind"] == "target", "gini_epci"].isna().all()
    midwives = professionals.gini_published(operator_scope(), build_id, "sage-femme", 2016)
    assert midwives[["published_delta", "computed_delta"]].iloc[0].tolist() == [0.01, -0.01]


def test_what_can_be_chosen(build_id):
    found = professionals.choices(operator_scope(), build_id)
    assert set(found["profession"]) == IR41
    assert sorted(set(found["year"])) == list(range(2012, 2018))
    assert found["is_ir41"].all()
    assert found["is_usual_practice"].all()


def test_a_grain_that_does_not_exist_is_refused(build_id):
    with pytest.raises(QuestionError, match="departement, epci"):
        run("professionals/gini", operator_scope(), build_id, grain="canton")
