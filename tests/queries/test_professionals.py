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


def test_the_index_says_what_is_missing_and_how_far_it_can_be_trusted(build_id):
    found = professionals.gini(operator_scope(), build_id, "departement", 2017)
    assert (found["territories_missing"] == 0).all()
    assert found["missing_names"].isna().all()
    assert (found["people_share"] == 1).all()
    assert not found["is_exploratory"].any()
    region = professionals.gini(operator_scope(), build_id, "departement", 2017, territory="REG-84")
    assert region["is_exploratory"].all()
    assert not region["is_too_small"].any()
    corsica = professionals.gini(
        operator_scope(), build_id, "departement", 2017, territory="REG-94"
    )
    assert corsica["is_too_small"].all()
    assert corsica["lower"].isna().all()


def test_each_change_stands_beside_its_target_its_chance_and_its_verdict(build_id):
    found = professionals.changes(operator_scope(), build_id, "epci", 2017)
    assert list(found.columns)[:11] == [
        "profession",
        "year",
        "grain",
        "span",
        "base_year",
        "gini_before",
        "gini_after",
        "change",
        "target",
        "verdict",
        "reason",
    ]
    assert len(found) == 6 * 3
    assert found["base_year"].tolist() == (2017 - found["span"]).tolist()
    assert found["reason"].isna().all()
    index = professionals.gini(operator_scope(), build_id, "epci")
    known = index.set_index(["profession", "year"])["gini"]
    for row in found.itertuples():
        gap = known[row.profession, row.year] - known[row.profession, row.base_year]
        assert row.change == pytest.approx(gap)
        assert row.target == pytest.approx(-0.001 * row.span)
    assert set(found["judged_together"]) == {6}
    assert found["expected_by_chance"].tolist() == pytest.approx([0.3] * len(found))


def test_the_band_of_a_change_is_that_of_its_verdict(build_id):
    found = professionals.changes(operator_scope(), build_id, territory="REG-76")
    judged = found[found["verdict"].notna()]
    assert set(judged["verdict"]) == {"attained", "not_attained", "within_noise"}
    for verdict, own in judged.groupby("verdict"):
        under, over = (
            own["gini_after"] < own["attained_under"],
            own["gini_after"] > own["missed_over"],
        )
        assert (under == (verdict == "attained")).all()
        assert (over == (verdict == "not_attained")).all()
    first = found[found["year"] == 2012]
    assert set(first["reason"]) == {"no_former_year"}


def test_the_country_without_overseas_has_its_own_changes(build_id):
    asked = (operator_scope(), build_id, "departement", 2017, "infirmiers")
    mainland = professionals.changes(*asked, territory="FR-METROPOLE")
    places = professionals.density(*asked)
    is_mainland = ~places["department_code"].str.startswith("DEP-97")
    expected = gini(places.loc[is_mainland, "professionals"], places.loc[is_mainland, "population"])
    assert mainland["gini_after"].tolist() == pytest.approx([expected] * 3)


def test_ages_are_unknown_where_no_class_was_sent(build_id):
    assert professionals.ages(operator_scope(), build_id, 2017, "infirmiers").empty


def test_a_grain_that_does_not_exist_is_refused(build_id):
    with pytest.raises(QuestionError, match="departement, epci"):
        run("professionals/gini", operator_scope(), build_id, grain="canton")
