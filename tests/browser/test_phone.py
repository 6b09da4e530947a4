"""The board and the menus on a phone's screen, in a real browser."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import PATIENCE_MS

pytestmark = pytest.mark.browser


@pytest.fixture
def phone(browser: Browser) -> Iterator[Page]:
    """A page of a new visitor, French, on a phone."""
    context = browser.new_context(viewport={"width": 390, "height": 844}, locale="fr-FR")
    page = context.new_page()
    page.set_default_timeout(PATIENCE_MS)
    yield page
    context.close()


def test_the_chosen_cell_is_in_sight_beside_its_territory_and_the_page_stays(
    phone: Page, address: str
):
    phone.goto(f"{address}/cpg?territoire=REG-84&annee=2017&objectif=aat_dematerialisation")
    box = phone.locator(".v-boardbox")
    phone.wait_for_function("document.querySelector('.v-boardbox')?.scrollLeft > 0")
    cell = box.locator("td[aria-selected]")
    outer, inner = box.bounding_box(), cell.bounding_box()
    head = box.locator("tbody tr").first.locator("th").bounding_box()
    assert outer is not None and inner is not None and head is not None
    assert head["x"] == pytest.approx(outer["x"], abs=2)
    assert head["x"] + head["width"] <= inner["x"]
    assert inner["x"] + inner["width"] <= outer["x"] + outer["width"]
    assert phone.evaluate("document.querySelector('[data-testid=stMain]').scrollTop") == 0


@pytest.mark.parametrize(
    "path",
    [
        "rapprochement",
        "collecte?annee=2017",
        "extraits?annee=2017",
        "cpg?annee=2017&territoire=REG-76",
    ],
)
def test_a_line_of_a_table_is_a_card_that_names_each_value(phone: Page, address: str, path: str):
    phone.goto(f"{address}/{path}")
    cells = phone.locator(".v-cards tbody td")
    expect(cells.first).to_be_attached(timeout=PATIENCE_MS)
    named = cells.evaluate_all(
        "cells => cells.map(c => [c.dataset.label, getComputedStyle(c, '::before').content,"
        " c.getBoundingClientRect().right <= innerWidth])"
    )
    assert named
    assert all(content == f'"{label}"' for label, content, _ in named)
    assert all(is_inside for _, _, is_inside in named)


@pytest.mark.parametrize("page", ["cpg", "extraits"])
def test_the_menu_of_the_header_opens_within_the_screen(phone: Page, address: str, page: str):
    phone.goto(f"{address}/{page}?annee=2016")
    menu = phone.locator("#vigie-entete details.v-menu")
    menu.locator("summary").click()
    panel = menu.locator(".v-panel")
    expect(panel).to_be_visible(timeout=PATIENCE_MS)
    place = panel.bounding_box()
    assert place is not None
    assert place["x"] >= 0
    assert place["x"] + place["width"] <= 390
