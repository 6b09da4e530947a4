"""From the first screen to the funnel, from the funnel to an establishment, and back."""

import re

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser

DCGDR = "profil=dcgdr&profil_territoire=REG-84&annee=2016"
TITLE = "[data-testid=stMain] h1"
POINT = 'svg.v-funnel a.outside[aria-label*="Rhône 3"]'


def test_from_the_first_screen_to_an_establishment_by_the_funnel(page, address):
    page.goto(f"{address}/?{DCGDR}")
    expect(page.locator("#bloc-ecarts")).to_be_visible()
    page.get_by_role("button", name="MSAP", exact=True).click()
    page.get_by_role("menuitem", name="MSAP – établissements").click()
    expect(page.locator("h1", has_text="méritent un appel en 2016")).to_be_visible()
    point = page.locator(POINT)
    expect(point).to_be_visible()
    point.click()
    expect(page.locator(TITLE)).to_contain_text("Clinique fictive Rhône 3 :")
    expect(page.locator("#bloc-mois svg rect.window")).to_have_count(1)
    assert re.search(r"etablissement=\d{9}", page.url)
    page.get_by_role("button", name="Établissements, Auvergne-Rhône-Alpes").click()
    expect(page.locator("#bloc-entonnoir svg.v-funnel")).to_be_visible()
    assert "etablissement=" not in page.url


def test_a_point_opens_by_the_keyboard(page, address):
    page.goto(f"{address}/msap_etablissements?{DCGDR}")
    point = page.locator(POINT)
    expect(point).to_be_visible()
    point.focus()
    page.keyboard.press("Enter")
    expect(page.locator(TITLE)).to_contain_text("Clinique fictive Rhône 3 :")


def test_the_switch_of_limits_changes_the_finding_and_the_address(page, address):
    page.goto(f"{address}/msap_etablissements?{DCGDR}")
    finding = page.locator("#bloc-entonnoir h2")
    expect(finding).to_contain_text("plus que le hasard")
    page.get_by_role("radio", name="Avec surdispersion").click()
    expect(finding).to_contain_text("plus que leur variation habituelle")
    expect(page).to_have_url(re.compile("limites=surdispersion"))


def test_a_department_of_the_map_opens_it(page, address):
    page.goto(f"{address}/msap?{DCGDR}")
    page.locator("#bloc-carte svg path", has_text="Puy-de-Dôme").click()
    expect(page.locator(TITLE)).to_contain_text("Puy-de-Dôme")
    expect(page).to_have_url(re.compile("territoire=DEP-63"))


def test_a_mark_leads_to_its_sentence_on_the_same_page(page, address):
    page.goto(f"{address}/msap?annee=2016")
    mark = page.locator("#bloc-statuts a.v-flag").first
    expect(mark).to_be_visible()
    sentence = page.locator(f"#bloc-statuts {mark.get_attribute('href')}")
    mark.click()
    expect(sentence).to_be_in_viewport()
    expect(page.locator("#bloc-statuts")).to_be_visible()


def test_names_of_points_stay_within_the_picture_and_apart(page, address):
    page.goto(f"{address}/msap_etablissements?{DCGDR}")
    expect(page.locator(POINT)).to_be_visible()
    boxes = page.evaluate(
        """() => [...document.querySelectorAll("svg.v-funnel .name")].map((name) => {
          const own = name.getBoundingClientRect()
          const all = name.closest("svg").getBoundingClientRect()
          return [own.left, own.top, own.right, own.bottom, all.left, all.right]
        })"""
    )
    assert boxes
    for place, (left, top, right, bottom, start, end) in enumerate(boxes):
        assert left >= start
        assert right <= end
        for other in boxes[place + 1 :]:
            is_apart = (
                right <= other[0] or other[2] <= left or bottom <= other[1] or other[3] <= top
            )
            assert is_apart
