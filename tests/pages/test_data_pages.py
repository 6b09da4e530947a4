"""Extracts, reconciliation and definitions."""

import re

import pytest

from access.policy import policy
from components.received_blocks import year_control
from figures.reconciliation import sendings_words
from indicators.catalogue import catalogue
from queries import store
from queries.current import current_build
from tests.pages.apps import open_app, readable, sent

WITHOUT_VIEW = ("donnees/anomalies", "donnees/rapprochement", "reperes/methode")


def test_extracts_are_named_with_their_origin_and_the_late_caisses(demo_home):
    said = readable(open_app("pages/donnees/extraits.py", annee="2017"))
    assert "cpg_demo_2017.csv" in said
    assert "Démonstration" in said
    assert "cpg_published_2016.csv" in said
    assert "n’ont pas tout envoyé pour 2017" in said


def test_published_rates_are_found_again_and_the_national_ones_are_not_recomputable(demo_home):
    said = readable(open_app("pages/donnees/rapprochement.py", annee="2016"))
    assert (
        "84 taux publiés : tous retrouvés, à l’arrondi, depuis les envois de démonstration" in said
    )
    assert "non que les caisses ont envoyé ces chiffres" in said
    assert said.count("Non recalculable") == 4


@pytest.mark.parametrize(
    ("origins", "said"),
    [
        ({"demonstration"}, "les envois de démonstration"),
        ({"received"}, "les envois des caisses"),
        ({"received", "demonstration"}, "des envois en partie de démonstration"),
        (set(), "les envois des caisses"),
    ],
)
def test_the_sendings_that_rates_are_computed_from_are_named(origins, said):
    assert sendings_words(origins) == said


@pytest.mark.parametrize("page", ["pilotage/cog", *WITHOUT_VIEW])
def test_no_control_stands_where_it_changes_nothing(page, demo_home):
    html = sent(open_app(f"pages/{page}.py"))
    assert 'data-name="profil"' in html
    assert 'data-name="territoire"' not in html
    assert 'data-name="annee"' not in html


def test_years_are_offered_where_several_were_published():
    assert year_control([2016], 2016) == ""
    assert 'aria-checked="true"' in year_control([2015, 2016], 2016)


@pytest.mark.parametrize(
    "word",
    [
        "Atterrissage",
        "Chance d’atteindre l’objectif",
        "Effort mensuel",
        "Intervalle à 95 %",
        "Pairs de même taille",
        "Variation",
        "Régularité",
        "Verdict douteux",
        "Réserve",
    ],
)
def test_the_words_that_qualify_a_figure_are_explained(word, demo_home):
    said = readable(open_app("pages/reperes/methode.py"))
    assert word in said.split("Lire un chiffre")[1].split("Indicateurs")[0]


def test_the_definitions_need_no_data(empty_home):
    app = open_app("pages/reperes/methode.py")
    assert not app.exception
    assert "Règles de calcul" in readable(app)
    assert "Aucune donnée publiée" not in readable(app)


def test_a_definition_can_be_linked_to(demo_home):
    app = open_app("pages/reperes/methode.py", definition="sophia_adherents")
    assert not app.exception
    assert 'id="sophia_adherents"' in sent(app)
    assert "Règles de calcul" in readable(app)


@pytest.mark.parametrize(
    "page",
    [
        "donnees/collecte",
        "donnees/extraits",
        "donnees/rapprochement",
        "pilotage/cpg",
        "pilotage/cog",
        "reperes/methode",
    ],
)
def test_no_line_of_a_page_can_begin_with_a_sign(page, demo_home):
    html = sent(open_app(f"pages/{page}.py", annee="2016"))
    words = re.sub(r"<(style|script)>.*?</\1>", "", html, flags=re.S)
    assert re.findall(r"[\w>] [:;?!»].{0,20}|« .{0,20}|\d %", words) == []


def test_the_counts_of_findings_are_those_of_the_filters(demo_home):
    found = store.findings(policy().scope("national:FR"), current_build())
    count, files = len(found), found["file_name"].nunique()
    everything = readable(open_app("pages/donnees/extraits.py", annee="2017"))
    assert f"{count} signalements en tout, dans {files} fichiers" in everything
    filtered = readable(open_app("pages/donnees/extraits.py", signalements_gravite="error"))
    assert f"Aucun des {count} signalements avec ces filtres" in filtered
    of_cog = readable(open_app("pages/donnees/extraits.py", signalements_contrat="cog"))
    assert f"3 signalements sur {count} avec ces filtres, dans 1 fichier" in of_cog


@pytest.mark.parametrize("page", ["pages/donnees/rapprochement.py", "pages/pilotage/cog.py"])
def test_each_line_leads_to_its_definition(demo_home, page):
    linked = set(
        re.findall(r'href="methode\?definition=(\w+)"', sent(open_app(page, annee="2016")))
    )
    assert linked
    assert linked <= set(catalogue())
    assert len(linked) >= 4
