"""The page of sendings: what each reader sees of it, what a link opens, what may be written."""

import re
from html import unescape

import pytest

from data.ingestion.publish import Request, publish
from data.store.home import PROJECT, Home
from indicators.catalogue import catalogue
from tests.pages.apps import address_to_write, chosen_option, open_app, readable, sent

PAGE = "pages/donnees/collecte.py"
REGION = {"profil": "dcgdr", "profil_territoire": "REG-76"}
CAISSE = {"profil": "cpam", "profil_territoire": "CPAM-48"}


def opened(**address):
    app = open_app(PAGE, annee="2017", **address)
    assert not app.exception
    return app


def plain(app):
    return readable(app).replace("\u202f", " ").replace("\u00a0", " ")


def test_the_country_s_title_says_who_is_late_and_since_which_day(demo_home):
    said = plain(opened())
    assert (
        "CPG 2017 : 7 caisses sur 106 en retard au 30 novembre 2017 : CPAM Haute-Marne, CPAM Tarn, "
        "CGSS Guadeloupe et 4 autres ; 2 mois provisoires" in said
    )
    assert "7 caisses pour le CPG, 7 caisses pour les adhésions et 81 caisses pour les MSAP" in said
    assert "En retard : 15 mois (7 caisses)" in said
    assert "Rien attendu : 12 mois (1 caisse)" in said


def test_a_region_sees_its_caisses_alone(demo_home):
    app = opened(**REGION)
    assert "2 caisses sur 13 en retard au 30 novembre 2017" in plain(app)
    rows = re.findall(r'<tr data-t="([^"]+)"', sent(app))
    assert len(set(rows)) == 13
    assert "CPAM Haute-Marne" not in plain(app)


def test_a_caisse_sees_its_own_and_is_not_asked_to_remind_itself(demo_home):
    app = opened(**CAISSE, collecte_caisse="CPAM-48")
    said = plain(app)
    assert "CPG 2017, CPAM Lozère : 1 mois en retard au 30 novembre 2017" in said
    assert set(re.findall(r'<tr data-t="([^"]+)"', sent(app))) == {"CPAM-48"}
    assert "mailto:" not in sent(app) and "relance prête" not in said
    assert "sur la page Importer" in said


def test_a_year_that_is_complete_says_so(demo_home):
    said = plain(open_app(PAGE, annee="2016"))
    assert "CPG 2016 : 106 caisses à jour au 30 novembre 2017" in said
    assert "Envois de 2016, en retard" in said  # One caisse sent no MSAP of that year.


def test_a_cell_opens_what_lacks_with_a_reminder_ready_to_send(demo_home):
    app = opened(**REGION, collecte_caisse="CPAM-81", collecte_mois="9")
    said = plain(app)
    assert "CPAM Tarn, 2017 : 8 mois en retard au 30 novembre 2017" in said
    assert "CPG, septembre 2017 : en retard de 31 jours" in said
    assert "CPAM Tarn : CPG de septembre 2017, envoi attendu depuis le 30 octobre 2017" in said
    (link,) = set(re.findall(r'main" href="(mailto:[^"]*)"', sent(app)))
    assert unescape(link).startswith("mailto:?subject=CPAM%20Tarn%20%3A%20CPG%20de%20septembre")
    assert "%0D%0A" in link and len(unescape(link)) <= 1900
    assert "DCGDR · Occitanie" in said


def test_one_reminder_may_speak_of_all_that_a_caisse_lacks(demo_home):
    said = plain(opened(**REGION, collecte_caisse="CPAM-81", collecte_envoi="tout"))
    assert "CPAM Tarn : envois en retard, CPG (4 mois) et Adhésions (4 mois)" in said
    assert "Résultats du CPG, de juin à septembre 2017 : attendus à partir du 30 juillet" in said


def test_a_month_that_came_is_told_and_leaves_nothing_to_remind_of(demo_home):
    said = plain(opened(**REGION, collecte_caisse="CPAM-09", collecte_mois="9"))
    assert "CPG, septembre 2017 : provisoire" in said
    assert "Tout ce qui était attendu à ce jour est arrivé." in said


def test_the_filter_leaves_the_late_caisses(demo_home):
    app = opened(collecte_etat="late")
    rows = set(re.findall(r'<tr data-t="([^"]+)"', sent(app)))
    assert len(rows) == 7
    assert "7 caisses" in chosen_option(app, "collecte_etat")
    assert "1 sur 10 caisses" in plain(app)


def links(app):
    return re.findall(r'href="(mailto:[^"]*)"', sent(app))


def test_a_month_alone_asks_of_all_caisses_with_one_mail_ready_for_each(demo_home):
    app = opened(**REGION, collecte_mois="9")
    said = plain(app)
    assert "CPG, septembre 2017 : 2 caisses sur 13 en retard au 30 novembre 2017" in said
    assert "2 relances prêtes : CPG, septembre 2017" in said
    assert 'id="bloc-caisse"' not in sent(app)
    found = [unescape(link) for link in links(app)]
    assert len(found) == 2
    assert all("septembre" in link and "juin" not in link for link in found)
    assert sum("Tarn" in link for link in found) == sum("Loz" in link for link in found) == 1


def test_the_filter_looks_at_the_month_chosen(demo_home):
    app = opened(collecte_mois="7", collecte_etat="late")
    assert set(re.findall(r'<tr data-t="(C[^"]+)"', sent(app))) == {"CPAM-52", "CPAM-81"}
    assert "Caisses dont juillet est…" in plain(app)


def test_reminders_speak_of_the_contract_shown_or_of_all(demo_home):
    assert "2 relances prêtes : CPG 2017" in plain(opened(**REGION))
    of_all = opened(**REGION, collecte_envoi="tout")
    assert "relances prêtes : tous contrats, 2017" in plain(of_all)
    assert any("MSAP" in unescape(link) for link in links(of_all))


def test_the_last_month_received_is_none_to_come(demo_home):
    assert "2019" not in plain(opened(**REGION, collecte_caisse="CPAM-81"))


def test_choices_that_are_not_offered_leave_the_address(demo_home):
    app = opened(collecte_contrat="cog", collecte_etat="x", collecte_mois="13", collecte_envoi="z")
    written = address_to_write(app)
    names = ("collecte_contrat", "collecte_etat", "collecte_mois", "collecte_envoi")
    assert [written[name] for name in names] == [None] * 4


def test_a_caisse_of_elsewhere_opens_nothing(demo_home):
    app = opened(**REGION, collecte_caisse="CPAM-52")
    assert 'id="bloc-caisse"' not in sent(app)


def test_nobody_sent_any_msap_of_the_year_and_it_is_said(demo_home):
    said = plain(opened(**REGION, collecte_contrat="msap"))
    assert "la collecte est-elle lancée ?" in said
    assert "Rien attendu" in said


def test_mayotte_has_no_cpg_and_nothing_is_expected_of_it(demo_home):
    said = plain(opened(territoire="DEP-976"))
    assert "CPG 2017 : rien n’est attendu de CSS Mayotte" in said


def test_national_tables_are_listed_with_their_next_day(demo_home):
    said = plain(opened())
    assert "Tableaux nationaux :" in said
    assert "gini_published.csv" in said and "29 juin 2018" in said


def test_an_empty_home_says_what_to_do(empty_home):
    said = plain(open_app(PAGE))
    assert "Aucune donnée publiée pour l’instant" in said
    assert "Importer un premier fichier" in said


def test_a_home_without_sendings_says_what_to_do(empty_home):
    files = [PROJECT / "data" / "reference" / "igas_2017" / "cog.csv"]
    outcomes = publish(files, Home(empty_home), Request(person="x", origin="published"))
    assert [outcome.state for outcome in outcomes] == ["published"]
    assert "Aucun envoi de caisse pour l’instant" in plain(open_app(PAGE))


@pytest.fixture
def small_home(empty_home, tmp_path):
    """Two caisses; one sends January and February, the other January, then a file to correct."""
    headings = "Caisse;Indicateur;Mois;Réalisé;Numérateur;Dénominateur;Objectif annuel;Statut"

    def written(name, *rows):
        path = tmp_path / name
        lines = [f"{c};prado_maternite_adhesions;{m};{v};;;120;définitif" for c, m, v in rows]
        path.write_text("\n".join((headings, *lines)), encoding="utf-8")
        return path

    good = written(
        "janvier.csv",
        ("CPAM-48", "2017-01", 12),
        ("CPAM-81", "2017-01", 14),
        ("CPAM-81", "2017-02", 13),
    )
    bad = written("cpg_CPAM-48_2017-02.csv", ("CPAM-48", "2017-02", "abc"))
    home = Home(empty_home)
    request = Request(person="dcgdr:REG-76", origin="demonstration")
    states = [outcome.state for outcome in publish([good, bad], home, request)]
    assert states == ["published", "rejected"]
    return home


def test_a_refused_file_is_a_state_of_its_month_and_asked_for_again(small_home):
    app = open_app(PAGE, annee="2017", collecte_caisse="CPAM-48", collecte_mois="2", **REGION)
    said = plain(app)
    assert "1 fichier refusé" in said
    assert "Refusé : 1 mois (1 caisse)" in said
    assert "cpg_CPAM-48_2017-02.csv (CPG)" in said
    assert "a été refusé (1 erreur). À corriger et à renvoyer." in said
    assert "CPAM Lozère : CPG de février 2017, fichier à corriger et à renvoyer" in said


def test_an_indicator_outside_the_cpg_is_asked_of_nobody(small_home, tmp_path):
    outside = next(
        code
        for code, one in catalogue().items()
        if not one.in_cpg and one.frequency == "monthly" and one.denominator is None
    )
    path = tmp_path / "hors_cpg.csv"
    path.write_text(
        "Caisse;Indicateur;Mois;Réalisé;Numérateur;Dénominateur;Objectif annuel;Statut\n"
        f"CPAM-81;{outside};2017-01;40;;;;définitif\n",
        encoding="utf-8",
    )
    request = Request(person="dcgdr:REG-76", origin="demonstration")
    assert [one.state for one in publish([path], small_home, request)] == ["published"]
    said = plain(open_app(PAGE, annee="2017", collecte_caisse="CPAM-48", **REGION))
    assert catalogue()[outside].title not in said
    assert "sur 2 reçus" not in said
