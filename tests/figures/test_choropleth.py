"""The map of departments: classes, legend, hatching, and what is withheld."""

import re

import pytest

from figures import choropleth as maps
from figures.choropleth import MEASURES, Place, value_classes
from figures.msap_counts import MsapCounts
from tests.figures.msap_frames import counts

RATE, PER_STAY = MEASURES["taux"], MEASURES["recours"]
PLACES = [
    Place("DEP-43", "Haute-Loire", counts(90, 10, stays=2000)),
    Place("DEP-63", "Puy-de-Dôme", counts(97, 3, stays=1000)),
    Place("DEP-15", "Cantal", MsapCounts(is_hidden=True)),
    Place("DEP-03", "Allier", MsapCounts()),
]


@pytest.mark.parametrize(
    "values", [[0.5], [0.5, 0.5], [0.91, 0.92, 0.93, 0.94, 0.95], [0.1 * i for i in range(10)]]
)
def test_each_value_has_one_class_and_no_class_is_empty(values):
    classes = value_classes(values, 0.001)
    assert 1 <= len(classes) <= maps.CLASSES
    met = {maps.class_of(value, classes, 0.001) for value in values}
    assert met == {found.css for found in classes}
    bounds = [bound for found in classes for bound in (found.lower, found.upper)]
    assert bounds == sorted(bounds)


def test_what_is_withheld_or_unknown_is_hatched_and_told_apart():
    svg = maps.choropleth_svg(PLACES, RATE, "alt", drills=True)
    assert svg.count('class="none"') == 2
    assert "Cantal : masqué (petit nombre)" in svg.replace("\u00a0", " ")
    assert "Allier : aucune demande" in svg.replace("\u00a0", " ")
    legend = maps.choropleth_legend(PLACES, RATE)
    assert "1 masqué (petits nombres), 1 sans demande" in legend
    assert "IGN Admin Express" in legend


def test_both_measures_say_their_value_and_denominator():
    assert "90,0\u202f% (100 demandes décidées)" in maps.place_words(PLACES[0], RATE)
    assert "50,0 pour 1 000 (2\u202f000 séjours)" in maps.place_words(PLACES[0], PER_STAY)


def test_finding_names_both_ends():
    said = maps.choropleth_finding(PLACES, RATE)
    assert "90,0\u202f% (Haute-Loire)" in said
    assert "97,0\u202f% (Puy-de-Dôme)" in said


def test_a_department_of_few_decided_requests_is_no_end_of_the_title():
    few = Place("DEP-26", "Drôme", counts(7, 0, stays=90))
    said = maps.choropleth_finding([*PLACES, few], RATE)
    assert said == maps.choropleth_finding(PLACES, RATE)
    words = maps.few_words([*PLACES, few], RATE).replace("\u00a0", " ").replace("\u202f", " ")
    assert words == "Trop peu de demandes (moins de 11 décidées) : Drôme."
    assert maps.few_words([*PLACES, few], PER_STAY) == maps.few_words(PLACES, RATE) == ""
    assert "trop peu de demandes" in maps.choropleth_finding([few], RATE)


def test_table_puts_the_unknown_last():
    table = maps.choropleth_table(PLACES, RATE, "x", drills=False)
    order = [table.index(place.name) for place in PLACES]
    assert order == sorted(order[:2]) + sorted(order[2:], reverse=True)
    assert "Masqué" in table


def test_a_single_department_makes_no_map():
    assert maps.choropleth_svg(PLACES[:1], RATE, "alt", drills=False) == ""
    assert maps.choropleth_height(PLACES) > 0


def test_the_picture_of_a_file_has_its_legend_and_credit():
    svg = maps.choropleth_picture(PLACES, RATE, "alt")
    assert "masqué ou sans demande" in svg
    assert "IGN Admin Express" in svg
    assert svg.count("<svg") == svg.count("</svg>") == 1
    height = int(re.search(r'viewBox="0 0 \d+ (\d+)"', svg)[1])
    assert height > maps.choropleth_height(PLACES)


def test_records_leave_withheld_counts_empty():
    records = maps.choropleth_records(PLACES).set_index("departement_code")
    assert records.loc["15", "masque"]
    assert records.loc["15", ["demandes", "taux_accord", "demandes_pour_1000_sejours"]].isna().all()
