"""The first screen in a real browser: the map, the stories, the comparison, the files."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser


def open_screen(page, url):
    page.goto(url)
    # The map arrives with the component: what it draws can be clicked.
    expect(page.locator("#bloc-ecarts .v-gap").first).to_be_visible()
    expect(page.locator("#bloc-manques h2")).to_be_visible()


def test_the_map_opens_a_region_and_back_closes_it(page, address):
    open_screen(page, f"{address}/?annee=2017")
    # A point of the path, not of its box: an outline may leave its middle empty.
    page.locator('#bloc-carte path[data-t="REG-53"]').dispatch_event("click")
    expect(page.locator("#vigie-synthese h1")).to_contain_text("En Bretagne")
    assert "territoire=REG-53" in page.url
    expect(page.locator('#bloc-carte path[data-t="DEP-35"]')).to_have_count(1)
    page.go_back()
    expect(page.locator("#vigie-synthese h1")).to_contain_text("En France, ")


def test_a_territory_is_opened_with_the_keyboard(page, address):
    open_screen(page, f"{address}/synthese?annee=2017")
    page.locator("#bloc-carte").get_by_role("button", name="Bretagne", exact=True).press("Enter")
    expect(page.locator("#vigie-synthese h1")).to_contain_text("En Bretagne")


def test_a_gap_leads_to_its_story_with_the_same_numbers(page, address):
    open_screen(page, f"{address}/?annee=2017&profil=dcgdr&profil_territoire=REG-84")
    gap = page.locator("#bloc-ecarts .v-gap").first
    attained = gap.locator(".v-gap-facts b").inner_text()
    gap.get_by_role("link").click()
    story = page.locator(".v-story")
    expect(story).to_contain_text("Maîtrise médicalisée")
    expect(story).to_contain_text(attained)
    page.wait_for_url(re.compile(r"/cpg\?.*objectif=maitrise_medicalisee_economies"))
    assert "detail=REG-84" in page.url


def test_the_link_of_a_gap_opens_the_same_story_by_itself(page, address):
    open_screen(page, f"{address}/?annee=2017&profil=dcgdr&profil_territoire=REG-84")
    href = page.locator("#bloc-ecarts .v-gap a").first.get_attribute("href")
    page.goto(f"{address}/{href}")
    expect(page.locator(".v-story")).to_contain_text("Maîtrise médicalisée")
    expect(page.locator(".v-crumbs")).to_contain_text("Auvergne-Rhône-Alpes")


def test_the_extracts_are_one_click_away_from_what_lacks(page, address):
    open_screen(page, f"{address}/?annee=2017")
    page.locator("#bloc-manques table a").first.click()
    expect(page.locator("h1")).to_contain_text(re.compile("extrait|fichier", re.I))
    expect(page).to_have_url(re.compile("/extraits"))


@pytest.mark.parametrize("block", ["ecarts", "carte", "changements", "manques"])
def test_each_block_is_saved_as_a_file(page, address, block):
    open_screen(page, f"{address}/?annee=2017&profil=dcgdr&profil_territoire=REG-84")
    with page.expect_download() as download:
        page.locator(f'#bloc-{block} [data-format="csv"]').click()
    assert download.value.suggested_filename == f"synthese-2017-REG-84-{block}.csv"
    assert len(Path(download.value.path()).read_bytes()) > 50
