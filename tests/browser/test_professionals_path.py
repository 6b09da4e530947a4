"""From the first screen to where twenty nurses would go, and what a plan shows, keeps and sends."""

import re

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser

TITLE = "[data-testid=stMain] h1"
PLAN = "#bloc-plan h2"
OCCITANIE = "simulateur?territoire=REG-76&annee=2017&maille=departement"


def plain(words):
    return words.replace("\u202f", " ").replace("\u00a0", " ")


def test_from_the_first_screen_to_where_twenty_nurses_would_go_in_occitanie(page, address):
    page.goto(f"{address}/")
    expect(page.locator("#bloc-ecarts")).to_be_visible()
    page.locator("select[data-name=territoire]").select_option("REG-76")
    expect(page.locator(TITLE)).to_contain_text("Occitanie")
    page.get_by_role("button", name="Professionnels de santé", exact=True).click()
    page.get_by_role("menuitem", name="Simulateur d’installations").click()
    expect(page.locator(TITLE)).to_contain_text("Où installer des infirmiers en Occitanie")
    expect(page.locator(PLAN)).to_contain_text("où en installer")
    page.get_by_role("spinbutton", name="Installations à placer").fill("20")
    page.get_by_role("button", name="Où les installer").click()
    expect(page.locator(PLAN)).to_contain_text("20 infirmiers de plus en Occitanie")
    expect(page.locator("#bloc-plan svg.v-map .count").first).to_be_visible()
    assert re.search(r"budget=20", page.url)
    assert re.search(r"plan=EPCI-", page.url)


def test_enter_in_the_number_places_the_installations(page, address):
    page.goto(f"{address}/{OCCITANIE}")
    number = page.get_by_role("spinbutton", name="Installations à placer")
    number.fill("7")
    number.press("Enter")
    expect(page.locator(PLAN)).to_contain_text("7 infirmiers de plus en Occitanie")


def test_a_step_changes_the_index_at_once_and_the_link_opens_the_same_plan(page, browser, address):
    page.goto(f"{address}/{OCCITANIE}")
    page.get_by_role("button", name="Un de plus : Lozère").click()
    expect(page.locator(PLAN)).to_contain_text("1 infirmier de plus")
    page.get_by_role("button", name="Un de plus : Lozère").click()
    expect(page.locator(PLAN)).to_contain_text("2 infirmiers de plus")
    expect(page).to_have_url(re.compile(r"plan=DEP-48"))
    other = browser.new_page()
    other.goto(f"{address}/{page.locator('.v-share a').get_attribute('href')}")
    expect(other.locator(PLAN)).to_have_text(page.locator(PLAN).text_content())
    other.close()
    page.get_by_role("button", name="Vider le plan").click()
    expect(page.locator(PLAN)).to_contain_text("où en installer")
    assert "plan=" not in page.url


def test_a_department_of_the_map_takes_an_installation(page, address):
    page.goto(f"{address}/{OCCITANIE}")
    page.locator("#bloc-plan svg.v-map path", has_text="Gers").click()
    expect(page.locator(PLAN)).to_contain_text("1 infirmier de plus")
    expect(page).to_have_url(re.compile(r"plan=DEP-32"))


def test_the_plan_leaves_as_a_file(page, address):
    page.goto(f"{address}/{OCCITANIE}&plan=DEP-31:3")
    expect(page.locator(PLAN)).to_contain_text("3 infirmiers de plus")
    with page.expect_download() as waited:
        page.locator("#bloc-plan [data-format=csv]").click()
    rows = waited.value.path().read_text("utf-8-sig").splitlines()
    assert len(rows) == 14
    assert any(";DEP-31;Haute-Garonne;31;" in row and ";3;" in row for row in rows)


def test_a_territory_is_named_on_the_curve_by_its_row(page, address):
    page.goto(f"{address}/repartition?territoire=REG-76&annee=2017")
    expect(page.locator("#bloc-lorenz svg")).to_be_visible()
    page.locator("#bloc-lorenz summary").click()
    page.locator("#bloc-lorenz table").get_by_role("button", name="Lozère").click()
    expect(page.locator("#bloc-lorenz svg text.end")).to_contain_text("Lozère")
    expect(page).to_have_url(re.compile("repere=DEP-48"))


def test_choices_follow_among_the_pages_of_professionals(page, address):
    page.goto(f"{address}/repartition?profession=sages_femmes&maille=epci&annee=2016")
    expect(page.locator(TITLE)).to_contain_text("Sages-femmes")
    page.get_by_role("button", name="Professionnels de santé", exact=True).click()
    page.get_by_role("menuitem", name="Qui fait l’inégalité").click()
    expect(page.locator(TITLE)).to_contain_text("Sages-femmes")
    expect(page.locator("#bloc-voisins h2")).to_contain_text("voisins")
    expect(page).to_have_url(re.compile("profession=sages_femmes"))
