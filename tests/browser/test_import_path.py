"""From a dropped file to what is published, a bad file to its report, and back by the history."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from bench.serving import served
from data.store.home import PROJECT, Home
from tests.browser.test_accessibility import faults_of, said

pytestmark = pytest.mark.browser

HEADINGS = "Caisse;Indicateur;Mois;Réalisé;Numérateur;Dénominateur;Objectif annuel;Statut"
IMPORTER = "importer?profil=dcgdr&profil_territoire=REG-84"
DROP = "[data-testid=stFileUploaderDropzoneInput]"


@pytest.fixture
def importing(tmp_path):
    """Where an app of an empty home answers: the shared one is never written to."""
    with served(PROJECT / "serve.py", Home(tmp_path / "home")) as server:
        yield server.address


def dropped(name, *values):
    lines = [HEADINGS]
    lines += [
        f"CPAM-43;prado_maternite_adhesions;2017-{month:02d};{value};;;120;définitif"
        for month, value in enumerate(values, start=1)
    ]
    content = "\n".join(lines).encode()
    return {"name": name, "mimeType": "text/csv", "buffer": content}


def test_from_a_dropped_file_to_published_and_back(page, importing):
    page.goto(f"{importing}/{IMPORTER}")
    expect(page.get_by_role("button", name="Choisir des fichiers")).to_be_visible()
    page.set_input_files(DROP, [dropped("janvier.csv", 10)])
    expect(page.locator("#bloc-progres")).to_be_visible()
    expect(page.locator("#bloc-controle h2")).to_have_text("janvier.csv peut être publié")
    assert "brouillon=" in page.url
    page.locator("[data-key=publier] textarea").fill("Envoi de janvier")
    page.get_by_role("button", name="Publier 1 fichier").click()
    expect(page.locator("#bloc-publie")).to_contain_text("1 valeur ajoutée")
    page.get_by_role("button", name="Terminer").click()

    page.set_input_files(DROP, [dropped("fevrier.csv", 10, 12), dropped("faux.csv", 10, "douze")])
    expect(page.locator("#bloc-controle h2")).to_contain_text("1 refusé")
    bad = page.locator("#bloc-fichier-1")
    expect(bad.locator("td.bad")).to_contain_text("douze")
    assert said(fault for fault in faults_of(page) if not fault["known"]) == []
    with page.expect_download() as saved:
        bad.get_by_role("button", name="Fichier annoté (XLSX)").click()
    assert saved.value.suggested_filename == "faux_annote.xlsx"
    page.get_by_role("button", name="Publier 1 fichier").click()
    expect(page.locator("#bloc-publie")).to_contain_text("faux.csv : fichier rejeté, 1 erreur")
    page.get_by_role("button", name="Terminer").click()

    history = page.locator("#bloc-historique")
    expect(history.locator("h2")).to_have_text("2 publications")
    history.get_by_text("Revenir ici").first.click()
    history.locator("textarea[name=reason]").first.fill("Février était faux")
    history.get_by_role("button", name="Revenir à cette publication").first.click()
    expect(history.locator("h2")).to_have_text("3 publications")
    expect(history.locator("tbody tr").first).to_contain_text("Février était faux")


def test_a_manager_tells_the_sender_asks_and_somebody_else_publishes(page, importing):
    page.goto(f"{importing}/importer?profil=cpam&profil_territoire=CPAM-43")
    page.set_input_files(DROP, [dropped("octobre.csv", 10)])
    control = page.locator("#bloc-controle")
    expect(control.locator("h2")).to_have_text("octobre.csv peut être publié")
    control.get_by_text("Changer l’expéditeur").first.click()
    control.locator("select[name=sender]").select_option("CPAM-43")
    control.get_by_role("button", name="Changer l’expéditeur").click()
    expect(control).to_contain_text("Expéditeur retenu : CPAM")
    control.get_by_text("Annule et remplace").first.click()
    control.get_by_role("button", name="Passer en annule et remplace").click()
    expect(control).to_contain_text("0 valeur publiée disparaît")
    decision = page.locator("#bloc-decision")
    decision.locator("textarea[name=reason]").fill("Envoi d’octobre")
    decision.get_by_role("button", name="Demander la publication de 1 fichier").click()
    expect(decision).to_contain_text("Demandé le")

    page.goto(f"{importing}/{IMPORTER}")
    page.locator("#bloc-demandes").get_by_role("button", name="Examiner").click()
    expect(page.locator("[data-key=publier] textarea")).to_have_value("Envoi d’octobre")
    assert said(fault for fault in faults_of(page) if not fault["known"]) == []
    page.get_by_role("button", name="Publier 1 fichier").click()
    expect(page.locator("#bloc-publie")).to_contain_text("1 valeur ajoutée")
    page.get_by_role("button", name="Terminer").click()
    row = page.locator("#bloc-historique tbody tr").first
    expect(row).to_contain_text("Envoi d’octobre")
    expect(row).to_contain_text("DCGDR")
