"""The simulator's words: what a plan does, beside an equal spread, the best plan and the target."""

import re
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from figures import simulator
from figures.professions import Named
from indicators.inequality import marginal_effect
from indicators.plan import simulated
from tests.figures.professionals_frames import NURSES, departments, many

SPREAD = departments()
EFFECT = marginal_effect(SPREAD.count, SPREAD.population)


@pytest.mark.parametrize(
    ("plan", "said"),
    [
        ({"DEP-03": 20}, "20 infirmiers de plus en Auvergne-Rhône-Alpes\u00a0: G baisse de"),
        ({"DEP-15": 20}, "20 infirmiers de plus en Auvergne-Rhône-Alpes\u00a0: G monte de"),
        ({"DEP-15": -5, "DEP-03": 5}, "5 infirmiers à déplacer en Auvergne-Rhône-Alpes"),
        ({"DEP-15": -5}, "5 infirmiers de moins en Auvergne-Rhône-Alpes\u00a0: G baisse de"),
        ({}, "où en installer"),
    ],
)
def test_the_title_says_what_the_plan_does(plan, said):
    assert said in simulator.simulator_finding(simulated(SPREAD, plan), NURSES)


@pytest.mark.parametrize(
    ("profession", "one", "two"),
    [
        ("infirmiers", "1 infirmier", "2 infirmiers"),
        ("sages_femmes", "1 sage-femme", "2 sages-femmes"),
        ("omnipraticiens", "1 médecin généraliste", "2 médecins généralistes"),
        ("chirurgiens_dentistes", "1 chirurgien-dentiste", "2 chirurgiens-dentistes"),
    ],
)
def test_professionals_are_counted_in_french(profession, one, two):
    about = replace(NURSES, profession=profession)
    assert (about.counted(1), about.counted(2)) == (one, two)


def test_the_facts_compare_with_an_equal_spread_the_best_and_the_target():
    facts = simulator.simulator_facts(simulated(SPREAD, {"DEP-03": 20}), NURSES, 12)
    assert "Réparties au prorata de la population" in facts
    assert "fois cela" in facts
    assert "mieux placées" not in facts
    assert "12 installations bien placées" in facts
    assert "−0,001" in facts
    assert "France entière" not in facts
    plan = simulated(SPREAD, {"DEP-03": 2})
    country = simulator.simulator_facts(plan, NURSES, 3, (0.27071, 0.27068))
    assert "0,270680 (−0,000030)" in country
    assert "plus de 1 000" in simulator.simulator_facts(simulated(SPREAD, {}), NURSES, None)


def test_the_best_plan_is_not_measured_against_itself_and_others_are():
    spread_out = simulator.simulator_facts(
        simulated(SPREAD, {"DEP-03": 10, "DEP-43": 10}), NURSES, 12
    )
    assert "Les 20 mieux placées, sans déplacer personne" in spread_out
    assert "ce plan en fait 100" not in spread_out


def test_without_a_plan_nothing_is_said_to_change():
    facts = simulator.simulator_facts(simulated(SPREAD, {}), NURSES, 3, (0.27, 0.27))
    assert "Variation" not in facts
    assert "(0,00000)" not in facts


def test_a_plan_that_raises_the_country_says_so_in_title_and_warning():
    found = simulated(SPREAD, {"DEP-03": 20})
    country = (0.27071, 0.27081)
    assert simulator.simulator_finding(found, NURSES, country).endswith(
        "\u202f; celui de la France entière monte"
    )
    (said,) = simulator.plan_warnings(found, NURSES, 1000.0, country)
    assert said.startswith("Ce plan augmente l’inégalité de la France entière")
    assert "(+0,000100)" in said
    assert simulator.plan_warnings(found, NURSES, 1000.0, (0.27, 0.26)) == []
    assert "entière" not in simulator.simulator_finding(found, NURSES, (0.27, 0.26))


def test_installations_where_many_are_already_are_named():
    found = simulated(SPREAD, {"DEP-15": 3, "DEP-03": 2})
    said = simulator.plan_warnings(found, NURSES, 250.0)
    assert said[-1].startswith("3 installations là où la densité dépasse déjà la moyenne nationale")
    assert said[-1].endswith("Cantal (300,0).")
    assert "Ce plan augmente l’inégalité en Auvergne-Rhône-Alpes." in said


def test_what_the_address_asks_in_vain_is_said():
    said = simulator.unread_plan_words(["DEP-99:3", "<b>" * 40], NURSES, True)
    assert "«\u00a0DEP-99:3\u00a0»" in said
    assert len(said) < 300
    assert said.endswith("Aucun plan n’est montré.")
    assert "Le reste du plan" in simulator.unread_plan_words(["x"] * 9, NURSES, False)
    assert "5 autres" in simulator.unread_plan_words(["x"] * 9, NURSES, False)
    assert simulator.unread_plan_words([], NURSES, True) == ""
    assert "de 1 à 500" in simulator.unread_budget_words("²")
    assert simulator.unread_budget_words("20") == simulator.unread_budget_words("") == ""


def test_a_small_change_is_told_by_two_digits():
    spread = many(200)
    said = simulator.simulator_finding(simulated(spread, {"EPCI-000000100": 1}), NURSES)
    assert not re.search(r"de 0,0+ ", said)
    assert simulator.decimals_for(-0.0012) == 4
    assert simulator.decimals_for(-0.000012) == 6
    assert simulator.decimals_for(0.0) == 4


@given(st.floats(0.01, 0.6), st.floats(-0.01, 0.01))
def test_the_printed_change_is_that_between_the_two_printed_indices(before, change):
    after = before + change
    decimals = simulator.decimals_between(before, after)
    printed = [Decimal(f"{value:.{decimals}f}") for value in (before, after, after - before)]
    assert printed[1] - printed[0] == printed[2]
    assert decimals >= simulator.decimals_for(after - before)


def test_a_country_without_overseas_says_so_in_finding_and_file():
    spread = departments()
    found = simulated(spread, {"DEP-03": 10})
    mainland = Named("infirmiers", "en France", "departement", 2017, False)
    said = simulator.simulator_finding(found, mainland)
    assert said.startswith("10 infirmiers de plus en France hors outre-mer\u00a0: G baisse")
    records = simulator.plan_records(found, mainland, 150.0)
    assert set(records["perimetre"]) == {"en France hors outre-mer"}


def test_a_plan_that_lowers_nothing_is_said_so():
    facts = simulator.simulator_facts(simulated(SPREAD, {"DEP-15": 20}), NURSES, 12)
    assert facts.count("ce plan, lui, ne baisse rien") == 2
    assert "fois cela" not in facts


def test_the_table_starts_where_one_more_helps_most_and_offers_both_steps():
    table = simulator.plan_table(simulated(SPREAD, {"DEP-03": 2}), EFFECT, NURSES, "x")
    assert table.index("Allier") < table.index("Cantal")
    assert "<output><b>+2</b></output>" in table
    assert 'data-act="more" data-t="DEP-03"' in table
    assert 'aria-label="Un de moins : Allier"' in table


def test_nobody_can_be_taken_from_where_nobody_is():
    spread = departments(("DEP-03", "Allier", 0, 100), ("DEP-15", "Cantal", 3, 100))
    effect = marginal_effect(spread.count, spread.population)
    table = simulator.plan_table(simulated(spread, {}), effect, NURSES, "x")
    assert 'aria-label="Un de moins : Allier" disabled' in table
    assert 'aria-label="Un de moins : Cantal">' in table


def test_a_long_table_is_cut_but_keeps_what_the_plan_changes():
    spread = many(200)
    effect = marginal_effect(spread.count, spread.population)
    found = simulated(spread, {"EPCI-000000199": 1})
    table = simulator.plan_table(found, effect, NURSES, "x")
    assert "CC 199" in table
    assert "139 autres" in table


def test_map_and_words_say_the_changes_by_department():
    found = simulated(SPREAD, {"DEP-03": 2, "DEP-15": -1})
    assert simulator.plan_labels(found) == {"DEP-03": "+2", "DEP-15": "−1"}
    assert "Allier +2, Cantal −1" in simulator.plan_alt(found, NURSES)
    assert "aucune installation" in simulator.plan_alt(simulated(SPREAD, {}), NURSES)


def test_the_file_holds_every_territory_before_and_after():
    rows = simulator.plan_records(simulated(SPREAD, {"DEP-03": 2}), NURSES, 138.6, (0.27, 0.28))
    assert set(rows["gini_france_apres"]) == {0.28}
    assert set(rows["densite_moyenne_nationale"]) == {138.6}
    assert rows["installations"].tolist() == [2, 0, 0, 0]
    assert rows["professionnels_apres"].tolist() == [102, 300, 200, 800]
    assert (rows["gini_apres"] < rows["gini_avant"]).all()


def test_the_form_keeps_the_budget_and_escapes_it():
    assert 'value="20"' in simulator.budget_form("20")
    assert "<script>" not in simulator.budget_form("<script>")
    assert "Vider le plan" in simulator.budget_form("20")
    assert "Vider le plan" not in simulator.budget_form("20", has_plan=False)
