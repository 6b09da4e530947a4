"""The sheet of a territory on paper, on a phone, and as the way to a story."""

import re

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser

SHEET = "table.v-sheet"
CODE = "aat_dematerialisation"


def open_sheet(page, url):
    page.goto(url)
    expect(page.locator(f"{SHEET} tbody tr").first).to_be_visible()
    expect(page.locator("#bloc-manque")).to_be_attached()
    expect(page.locator("#vigie-pied .v-pagefoot")).to_be_attached()


def pages_of(pdf):
    return len(re.findall(rb"/Type\s*/Page\b(?!s)", pdf))


@pytest.mark.parametrize("territory", ["DEP-43", "DEP-59", "DEP-77"])
@pytest.mark.parametrize("year", [2016, 2017])
def test_a_department_prints_on_two_pages(page, address, territory, year):
    open_sheet(page, f"{address}/departement?annee={year}&territoire={territory}")
    assert 1 <= pages_of(page.pdf(format="A4")) <= 2


def test_paper_shows_the_figures_and_no_control(page, address):
    open_sheet(page, f"{address}/departement?annee=2017&territoire=DEP-43")
    interval = page.locator(f'{SHEET} tr[data-i="{CODE}"] .interval')
    expect(interval).to_be_hidden()
    page.emulate_media(media="print")
    expect(interval).to_be_visible()
    for hidden in ('[data-testid="stHeader"]', "#vigie-entete .v-head", ".v-seg", ".v-export"):
        expect(page.locator(hidden).first).to_be_hidden()
    for shown in ("h1", "#bloc-fiche h2", "#bloc-fiche .v-foot", "#bloc-manque h2", ".v-pagefoot"):
        expect(page.locator(shown).first).to_be_visible()
    box = page.locator(".v-sheetbox").first
    assert box.evaluate("box => box.scrollHeight - box.clientHeight") <= 1


def test_paper_is_light_whatever_the_screen(browser, address):
    context = browser.new_context(color_scheme="dark", locale="fr-FR")
    page = context.new_page()
    open_sheet(page, f"{address}/departement?annee=2016&territoire=DEP-43")
    title = page.locator("h1").first
    on_screen = title.evaluate("e => getComputedStyle(e).color")
    page.emulate_media(media="print", color_scheme="dark")
    assert title.evaluate("e => getComputedStyle(e).color") == "rgb(27, 28, 33)" != on_screen
    context.close()


def test_a_line_opens_the_story_of_its_figure(page, address):
    open_sheet(page, f"{address}/departement?annee=2016&territoire=DEP-43")
    line = page.locator(f'{SHEET} tr[data-i="{CODE}"]')
    attained = line.locator(".v-att a").evaluate("e => e.firstChild.textContent")
    line.locator("td").nth(7).click()
    page.wait_for_url(re.compile(rf"/cpg\?.*objectif={CODE}"))
    assert "detail=DEP-43" in page.url
    story = page.locator("#vigie-cpg_histoire")
    expect(story).to_contain_text("Avis d’arrêt de travail dématérialisés")
    expect(story).to_contain_text(attained)


def test_a_title_opens_its_definition(page, address):
    open_sheet(page, f"{address}/departement?annee=2016&territoire=DEP-43")
    page.locator(f'{SHEET} tr[data-i="{CODE}"] th a').click()
    expect(page.locator("h1")).to_contain_text("Méthode et définitions")
    expect(page.locator(".v-def.on h3")).to_have_text("Avis d’arrêt de travail dématérialisés")


def test_a_department_of_several_caisses_leads_to_their_sheets(page, address):
    open_sheet(page, f"{address}/departement?annee=2016&territoire=DEP-59")
    page.locator(".v-parts").get_by_role("link", name="CPAM Hainaut").click()
    expect(page.locator("h1")).to_contain_text("CPAM Hainaut : ")
    assert "territoire=CPAM-59-HAINAUT" in page.url


def test_intervals_are_shown_on_demand_and_kept_in_the_address(page, address):
    open_sheet(page, f"{address}/departement?annee=2016&territoire=DEP-43")
    page.get_by_role("radiogroup", name="en chiffres").get_by_text("Oui").click()
    expect(page.locator(f'{SHEET} tr[data-i="{CODE}"] .interval')).to_be_visible()
    assert "intervalles=oui" in page.url


def test_on_a_phone_a_line_is_a_card_that_names_each_number(page, address):
    page.set_viewport_size({"width": 390, "height": 844})
    open_sheet(page, f"{address}/departement?annee=2017&territoire=DEP-43")
    cells = page.locator(f'{SHEET} tr[data-i="{CODE}"] td')
    named = cells.evaluate_all(
        "cells => cells.map(c => [c.dataset.label, getComputedStyle(c, '::before').content,"
        " c.getBoundingClientRect().right <= innerWidth])"
    )
    assert len(named) == 12
    assert all(content == f'"{label}"' for label, content, _ in named)
    assert all(is_inside for _, _, is_inside in named)


def test_the_table_is_saved_as_a_file(page, address):
    open_sheet(page, f"{address}/departement?annee=2016&territoire=DEP-43")
    with page.expect_download() as download:
        page.locator('#bloc-fiche [data-format="csv"]').click()
    assert download.value.suggested_filename == "fiche-2016-DEP-43.csv"
    with open(download.value.path(), encoding="utf-8-sig") as file:
        heads, *rows = file.read().splitlines()
    assert heads.startswith("domaine;objectif_code")
    assert len(rows) == 22
