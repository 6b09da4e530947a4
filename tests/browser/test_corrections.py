"""A wrong value, from the story of its figure to its correction, by two persons."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from bench.serving import served
from data.ingestion.publish import Request, publish
from data.store.home import PROJECT, Home
from tests.browser.test_accessibility import faults_of, said
from tests.store.extracts import MATERNITY, write_extract

pytestmark = pytest.mark.browser

MANAGER = "profil=cpam&profil_territoire=CPAM-43"
DCGDR = "profil=dcgdr&profil_territoire=REG-84"
FIGURE = f"annee=2016&objectif={MATERNITY}&detail=CPAM-43"
MONTHS = [(year, month) for year in (2015, 2016) for month in range(1, 13)]
YEARS = [("CPAM-43", f"{year}-{month:02d}", 20 + month) for year, month in MONTHS]
PATIENCE = 60_000


@pytest.fixture
def correcting(tmp_path):
    """Where an app of a small home answers: the shared one is never written to."""
    home = Home(tmp_path / "home")
    request = Request(person="démonstration", origin="demonstration")
    publish([write_extract(tmp_path / "envoi.csv", YEARS, 300)], home, request)
    with served(PROJECT / "serve.py", home) as server:
        yield server.address


def test_one_proposes_another_accepts_and_the_chart_says_so(page, correcting):
    page.goto(f"{correcting}/cpg?{FIGURE}&{MANAGER}")
    page.locator(".v-story").get_by_role("link", name="Proposer une correction").click()
    form = page.locator("#bloc-proposer")
    expect(form.locator("select[data-name=indicateur]")).to_have_value(MATERNITY)
    form.locator("select[data-name=mois]").select_option("3")
    expect(form).to_contain_text("envoi.csv, ligne 16")
    form.locator("input[name=valeur]").fill("abc")
    form.locator("textarea[name=motif]").fill("Saisie en double")
    form.locator("textarea[name=source]").fill("Relevé OMV")
    form.get_by_role("button", name="Proposer cette correction").click()
    expect(form.get_by_role("alert")).to_contain_text("n’est pas un nombre")
    expect(form.locator("textarea[name=motif]")).to_have_value("Saisie en double")
    form.locator("input[name=valeur]").fill("75")
    form.get_by_role("button", name="Proposer cette correction").click()
    opened = page.locator("#bloc-correction")
    expect(opened).to_contain_text("de 23 à 75")
    expect(opened.locator("table")).to_contain_text("370", timeout=PATIENCE)
    expect(opened.get_by_role("button", name="Accepter et publier")).to_have_count(0)

    page.goto(f"{correcting}/corrections?annee=2016&{DCGDR}")
    page.locator("#bloc-attente").get_by_role("button", name="n° 1").click()
    expect(opened.locator("table")).to_contain_text("370")
    assert said(fault for fault in faults_of(page) if not fault["known"]) == []
    opened.get_by_role("button", name="Accepter et publier").click()
    expect(opened).to_contain_text("Appliquée", timeout=PATIENCE)
    with page.expect_download() as saved:
        page.locator("#bloc-historique").get_by_role("button", name="CSV").click()
    assert saved.value.suggested_filename == "corrections.csv"

    page.goto(f"{correcting}/cpg?{FIGURE}&{MANAGER}")
    story = page.locator(".v-story")
    expect(story).to_contain_text("corrigé de 23 à 75")
    expect(story.locator("svg.v-control g.note text")).to_have_text("≠")
    story.get_by_text("Voir le tableau des mois").click()
    expect(story.locator("[data-key=controle] tbody tr", has_text="mars 2016")).to_contain_text("≠")
    expect(page.locator("#bloc-provenance tbody tr", has_text="mars 2016")).to_contain_text(
        "réalisé corrigé de 23 à 75"
    )
    assert said(fault for fault in faults_of(page) if not fault["known"]) == []
