"""Counts in part, or beside other people than the year before: said on the pages, not guessed."""

import re

import pytest

from data.ingestion.publish import Request, publish
from data.reference.epci import counting_territories
from data.store.home import Home
from tests.pages.apps import open_app, readable, sent
from tests.pages.test_professionals_pages import PARTS, SIMULATOR, SPREAD, plain

HEAD = "Année;Profession;Département;Effectif;Densité"
LARGEST = {"59", "75", "13", "69", "93", "92"}
SMALLEST = {"48"}


def rows(year, density="130", without=frozenset()):
    frame = counting_territories()
    codes = frame.loc[frame["grain"] == "departement", "territory_code"].str.removeprefix("DEP-")
    return [
        f"{year};Infirmiers;{code};{500 + 7 * place};{density}"
        for place, code in enumerate(codes)
        if code not in without
    ]


@pytest.fixture(scope="module")
def partial_home(tmp_path_factory):
    """2014 by the people of the census; 2015 to 2017 by those implied; 2016 and 2017 in part."""
    folder = tmp_path_factory.mktemp("partial")
    path = folder / "effectifs.csv"
    lines = [HEAD, *rows(2014, ""), *rows(2015), *rows(2016, without=SMALLEST)]
    path.write_text("\n".join([*lines, *rows(2017, without=LARGEST)]), encoding="utf-8")
    home = Home(folder / "home")
    request = Request(person="essai", origin="demonstration")
    assert [one.state for one in publish([path], home, request)] == ["published"]
    return home.root


@pytest.fixture
def said_of(partial_home, monkeypatch):
    """What a page says in words, of a year."""
    monkeypatch.setenv("VIGIE_HOME", str(partial_home))
    return lambda page, **address: plain(readable(open_app(page, **address)))


@pytest.mark.parametrize("page", [SPREAD, PARTS, SIMULATOR])
def test_an_index_without_the_largest_departments_is_not_computed(page, said_of):
    said = said_of(page, annee="2017")
    assert "Infirmiers en 2017 : indice non calculé : 6 départements sur 101 manquent" in said
    assert "Non reçus : Bouches-du-Rhône, Nord" in said
    assert "G = " not in said
    assert "Courbe de Lorenz" not in said


def test_the_densities_known_are_still_on_the_map(said_of):
    assert "Densité pour 100 000 habitants" in said_of(SPREAD, annee="2017")


def test_an_area_that_was_sent_whole_has_its_index(said_of):
    assert "13 départements (exploratoire)" in said_of(SPREAD, annee="2017", territoire="REG-76")
    alone = said_of(SPREAD, annee="2017", territoire="DRSM-AUVERGNE")
    assert "G = " in alone
    assert "indice non calculé" in said_of(PARTS, annee="2017", territoire="REG-32")


def test_a_small_department_that_lacks_is_told_beside_the_index(said_of):
    said = said_of(SPREAD, annee="2016")
    assert "en 2016, 100 départements sur 101" in said
    assert "Les territoires comptés en 2015 et en 2016 ne sont pas les mêmes" in said


def test_years_by_the_people_of_two_sources_are_not_compared(said_of):
    said = said_of(SPREAD, annee="2015")
    assert "populations de sources différentes, années non comparables" in said
    assert "La population de 2015 ne vient pas de la même source que celle de 2014" in said
    assert "Atteinte" not in said.split("Atteinte :")[0]


def test_no_line_of_the_small_pictures_joins_years_that_can_t_be_compared(partial_home, said_of):
    drawn = sent(open_app(SPREAD, annee="2015"))
    picture = drawn[drawn.index('class="v-small"') :].split("</svg>")[0]
    assert picture.count("<circle") == 3
    assert 'class="line"' not in picture


def test_a_home_of_professionals_alone_has_a_footer_without_a_month(said_of):
    said = said_of(SPREAD, annee="2015")
    assert "Résultats du CPG jusqu’à" not in said
    assert re.search(r"\d extrait · Vue : ", said)


def test_people_of_the_census_say_their_year_under_the_figures(said_of):
    assert "; population municipale 2023 (Mayotte : 2017). Publication" in said_of(
        SPREAD, annee="2014"
    )
    assert "population déduite des densités publiées de 2015" in said_of(SPREAD, annee="2015")


def test_no_band_is_drawn_over_years_that_can_t_be_compared(partial_home, said_of):
    drawn = sent(open_app(SPREAD, annee="2017", territoire="REG-76"))
    assert 'class="v-small"' in drawn
    assert 'class="habit"' not in drawn
