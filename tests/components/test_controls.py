"""Controls are plain HTML: labelled, escaped, one option shown."""

import re

from components.controls import choice_buttons, choice_many, choice_select, menu, search_field
from components.header import View, comparators_of, view_controls
from components.perimeter import Perimeter

YEARS = {"2015": "2015", "2016": "2016"}


def test_a_list_marks_the_one_option_chosen_and_groups_the_others():
    html = choice_select(
        "territoire", "Territoire", {"": {"FR": "France"}, "Régions": {"REG-53": "Bretagne"}}, "FR"
    )
    assert re.findall(r'value="([^"]+)" selected', html) == ["FR"]
    assert '<optgroup label="Régions"><option value="REG-53">Bretagne</option></optgroup>' in html
    assert 'aria-label="Territoire"' in html


def test_a_list_without_choice_is_disabled():
    assert " disabled" in choice_select("x", "X", {"": {"a": "A"}}, "a", is_disabled=True)
    assert " disabled" not in choice_select("x", "X", {"": {"a": "A"}}, "a")


def test_buttons_are_one_stop_of_the_tab_key():
    html = choice_buttons("annee", "Année", YEARS, "2016")
    assert re.findall(r'aria-checked="(\w+)" tabindex="(-?\d)"', html) == [
        ("false", "-1"),
        ("true", "0"),
    ]
    assert 'role="radiogroup" aria-labelledby="nom-annee"' in html


def test_boxes_are_ticked_grouped_and_counted():
    groups = {"": {"DRSM-A": "A"}, "Bretagne": {"CPAM-22": "Côtes-d'Armor", "CPAM-35": "Rennes"}}
    html = choice_many("pairs", "Pairs", groups, {"CPAM-35", "CPAM-99"}, "Comparer")
    assert re.findall(r'value="([^"]+)" checked', html) == ["CPAM-35"]
    assert html.count('type="checkbox"') == 3
    assert html.count("<fieldset>") == 1
    assert "<legend>Bretagne</legend>" in html
    assert "<output>1</output>" in html
    assert 'data-act="choose" data-gather data-name="pairs"' in html


def test_a_menu_is_folded_unless_a_choice_is_being_made():
    assert '<details class="v-menu" data-key="k"><summary>' in menu("Voir", "", "k")
    assert '<details class="v-menu" data-key="k" open><summary>' in menu("Voir", "", "k", True)


def test_a_territory_compared_itself_is_not_compared_with_itself():
    country = Perimeter("FR", "national", "France", "France entière")
    region = Perimeter("REG-53", "region", "Bretagne", "Bretagne", 3_000_000)
    assert list(comparators_of(country)) == ["mediane", "national", "choisis"]
    assert list(comparators_of(country, is_alone=True)) == ["mediane", "choisis"]
    assert "region" in comparators_of(region)
    alone = comparators_of(region, is_alone=True)
    assert list(alone) == ["mediane", "national", "taille", "choisis"]
    # The address may still hold what another page compares with: the usual one is lit here.
    view = View(region, 2017, "region")
    html = "".join(view_controls(view, {"REG-53": region}, [2017], is_alone=True))
    assert re.findall(r'aria-checked="true"[^>]*data-value="(\w+)"', html) == ["mediane", "2017"]


def test_what_comes_from_data_is_escaped():
    mark = '<b title="x">'
    shown = (
        choice_select("t", mark, {mark: {mark: mark}}, mark)
        + choice_buttons("t", mark, {mark: mark}, mark)
        + search_field("t", mark, mark, mark)
        + choice_many("t", mark, {mark: {mark: mark}}, [mark], mark)
        + menu(mark, "", "k")
    )
    assert mark not in shown
    assert "&lt;b title=&quot;x&quot;&gt;" in shown
