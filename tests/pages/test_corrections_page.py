"""The page of corrections, as each person sees it."""

import re

import pandas as pd
import pytest

from access.policy import policy
from components.shown_corrections import corrected_figures
from data.ingestion import correction_work
from data.ingestion import corrections as steps
from data.ingestion.publish import Request, publish
from data.store.corrections import Cell
from data.store.home import Home
from queries import corrections as written
from tests.pages.apps import open_app, readable, sent
from tests.store.extracts import MATERNITY, write_extract

PAGE, BOARD = "pages/donnees/corrections.py", "pages/pilotage/cpg.py"
SHEET = "pages/pilotage/departement.py"
MARK, LEGEND = "valeur corrigée", "Valeur corrigée : une correction acceptée y compte"
CAISSE = policy().scope("cpam:CPAM-43")
MANAGER = {"profil": "cpam", "profil_territoire": "CPAM-43"}
DCGDR = {"profil": "dcgdr", "profil_territoire": "REG-84"}
ANALYST = {"profil": "analyste", "profil_territoire": "REG-84"}
YEARS = [
    (caisse, f"{year}-{month:02d}", 20 + month)
    for caisse in ("CPAM-43", "CPAM-63")
    for year in (2015, 2016)
    for month in range(1, 13)
]


@pytest.fixture
def home(empty_home, tmp_path, monkeypatch):
    """Two caisses published as a demonstration; the work of corrections is done at once."""

    def at_once(home, correction_id, number):
        correction_work.work(home, correction_id, number)
        return 0

    monkeypatch.setattr(steps, "_spawn", at_once)
    home = Home(empty_home)
    request = Request(person="démonstration", origin="demonstration")
    publish([write_extract(tmp_path / "envoi.csv", YEARS, 300)], home, request)
    return home


def proposed(new_value=75.0, month=3):
    build = Home.from_environment().current_build_id()
    frame = written.cells(CAISSE, build, "CPAM-43", 2016)
    row = frame[pd.to_datetime(frame["month"]).dt.month == month].iloc[0]
    cell = Cell(
        "cpg",
        "CPAM-43",
        MATERNITY,
        row["month"].date(),
        "realised",
        float(row["realised"]),
        float(row["realised"]),
        str(row["extract_id"]),
        "envoi.csv",
        None,
        int(row["source_row"]),
        bool(row["is_hidden"]),
    )
    told = {"motive": "Saisie en double", "source": "Relevé OMV de mars"}
    return steps.propose(CAISSE, cell, new_value=new_value, **told)


def accepted(new_value=75.0):
    one = proposed(new_value)
    return steps.accept(policy().scope("dcgdr:REG-84"), one.correction_id, "Relevé vu")


def test_the_form_shows_the_value_and_the_line_of_the_file_that_it_comes_from(home):
    app = open_app(PAGE, annee="2016", indicateur=MATERNITY, mois="3", **MANAGER)
    assert not app.exception
    said = readable(app)
    assert "réalisé, mars 2016" in said
    assert "Réalisé aujourd’hui 23" in said
    assert "envoi.csv, ligne 16" in said
    assert "se corrigent par un nouvel extrait" in said


def test_the_address_chooses_the_objective_of_the_year(home):
    said = readable(open_app(PAGE, annee="2016", colonne="objective", **MANAGER))
    assert "Objectif annuel aujourd’hui 300" in said
    assert 'data-name="mois"' not in sent(open_app(PAGE, colonne="objective", **MANAGER))


def test_who_may_not_import_reads_and_is_told_who_proposes(home):
    app = open_app(PAGE, annee="2016")
    said = readable(app)
    assert "lit les corrections, sans en proposer" in said
    assert "Analyste, DCGDR et Responsable CPAM" in said
    assert 'data-do="propose"' not in sent(app)


def test_nothing_is_proposed_on_a_publication_of_the_past(home):
    app = open_app(PAGE, annee="2016", build=home.current_build_id(), **MANAGER)
    assert "Publication figée" in readable(app)
    assert 'data-do="propose"' not in sent(app)


def test_an_empty_home_says_that_nothing_is_published(empty_home):
    assert "Aucune donnée publiée" in readable(open_app(PAGE, **MANAGER))


def test_who_decides_sees_the_effect_first_and_who_proposed_does_not_decide(home):
    number = str(proposed().correction_id)
    decider = open_app(PAGE, annee="2016", numero=number, **DCGDR)
    said = readable(decider)
    assert "1 proposition en attente, dont 1 à votre décision" in said
    assert "de 23 à 75" in said
    assert "318 → devient 370" in said
    assert "1 état change" in said or "Aucun état ne change" in said
    assert 'data-do="accept"' in sent(decider)
    author = open_app(PAGE, annee="2016", numero=number, **MANAGER)
    assert 'data-do="accept"' not in sent(author)
    assert 'data-do="withdraw"' in sent(author)
    assert "une autre personne en décide" in readable(author)


def test_the_history_says_what_became_of_each(home):
    accepted()
    said = readable(open_app(PAGE, annee="2016", **DCGDR))
    assert "1 correction proposée, 1 appliquée" in said
    assert "Saisie en double" in said
    assert "« Relevé vu »" in said
    none = readable(open_app(PAGE, annee="2016", etat="refused", **DCGDR))
    assert "Aucune correction dans cet état" in none


def test_another_region_reads_nothing_of_it(home):
    number = str(accepted().correction_id)
    other = {"profil": "dcgdr", "profil_territoire": "REG-44"}
    said = readable(open_app(PAGE, annee="2016", numero=number, **other))
    assert "Aucune correction proposée" in said
    assert "Saisie en double" not in said


def test_a_small_count_is_masked_for_who_lacks_the_right(home):
    number = str(accepted(7.0).correction_id)
    shown = open_app(PAGE, annee="2016", numero=number, **ANALYST)
    said = readable(shown)
    assert "Masqué (petit nombre)" in said
    assert "de 23 à 7" not in said
    assert "Saisie en double" not in said
    board = open_app(BOARD, annee="2016", objectif=MATERNITY, detail="CPAM-43", **ANALYST)
    assert "à 7" not in readable(board)
    own = readable(open_app(PAGE, annee="2016", numero=number, **MANAGER))
    assert "de 23 à 7" in own


def test_the_story_of_a_figure_marks_the_month_and_tells_the_correction(home):
    accepted()
    address = {"annee": "2016", "objectif": MATERNITY, "detail": "CPAM-43"}
    app = open_app(BOARD, **address, **MANAGER)
    assert not app.exception
    said = readable(app)
    assert "1 valeur corrigée" in said
    assert "corrigé de 23 à 75 le" in said
    assert "motif : Saisie en double" in said
    assert "≠ valeur corrigée" in said
    (link,) = re.findall(r'<a href="(corrections[^"]*)">Proposer une correction', sent(app))
    assert f"caisse=CPAM-43&amp;indicateur={MATERNITY}&amp;annee=2016" in link
    region = readable(open_app(BOARD, annee="2016", objectif=MATERNITY, detail="REG-84", **DCGDR))
    assert "CPAM Haute-Loire, réalisé, mars 2016 : corrigé de 23 à 75" in region


def corrected_cells(html):
    """Territories whose cells bear the mark of a correction, as read aloud."""
    rows = re.findall(r'<tr data-t="([^"]+)".*?</tr>', html, re.S)
    marked = [row for row in re.findall(r"<tr data-t=.*?</tr>", html, re.S) if MARK in row]
    assert rows
    return {re.search(r'data-t="([^"]+)"', row)[1] for row in marked}


def test_the_board_and_the_sheet_mark_a_corrected_figure_and_say_what_the_mark_is(home):
    accepted()
    region = {"annee": "2016", "niveau": "caisse"}
    board = open_app(BOARD, **region, **DCGDR)
    assert corrected_cells(sent(board)) == {"REG-84", "CPAM-43"}
    assert LEGEND in readable(board)
    sheet = open_app(SHEET, annee="2016", **MANAGER)
    assert "≠ valeur corrigée" in readable(sheet)
    assert LEGEND in readable(sheet)
    elsewhere = open_app(BOARD, annee="2015", niveau="caisse", **DCGDR)
    assert not corrected_cells(sent(elsewhere))
    assert LEGEND not in readable(elsewhere)


def test_a_neighbour_reads_that_the_total_was_corrected_and_nothing_of_whose(home):
    accepted()
    neighbour = {"profil": "cpam", "profil_territoire": "CPAM-63"}
    own = open_app(SHEET, annee="2016", **neighbour)
    assert "valeur corrigée" not in readable(own)
    scope, build = policy().scope("cpam:CPAM-63"), home.current_build_id()
    assert corrected_figures(scope, build, "caisse", 2016) == frozenset()
    assert corrected_figures(scope, build, "region", 2016) == {("REG-84", MATERNITY)}
    assert list(written.touched(scope, build, "region", 2016).columns) == [
        "territory_code",
        "indicator_code",
    ]


def test_where_nothing_was_ever_corrected_nothing_is_asked(home, monkeypatch):
    def asked(*arguments):
        raise AssertionError("asked of a publication without correction")

    monkeypatch.setattr(written, "touched", asked)
    for page in (BOARD, SHEET):
        app = open_app(page, annee="2016", **MANAGER)
        assert not app.exception
        assert LEGEND not in readable(app)


def test_a_total_says_that_a_value_of_an_unseen_caisse_was_corrected_and_no_more(home):
    accepted()
    neighbour = {"profil": "cpam", "profil_territoire": "CPAM-63"}
    asked = {"annee": "2016", "objectif": MATERNITY, "detail": "REG-84"}
    said = readable(open_app(BOARD, **asked, **neighbour))
    assert "Réalisé, mars 2016 : 1 valeur corrigée d’une caisse que votre profil ne lit pas" in said
    assert "Haute-Loire, réalisé" not in said
    assert "Saisie en double" not in said and "de 23 à 75" not in said
    own = readable(open_app(BOARD, **asked | {"detail": "CPAM-63"}, **neighbour))
    assert "valeur corrigée" not in own
