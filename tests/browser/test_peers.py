"""Peers chosen by hand, by mouse and by link, in a real browser."""

import re
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser

FIRST, MORE = ("CPAM-35", "CPAM-05", "CPAM-04"), ("CPAM-22", "CPAM-29", "CPAM-48")


def ticked(page: Page, codes) -> None:
    page.locator("details[data-key=pairs] summary").click()
    for code in codes:
        page.locator(f'[data-many] input[value="{code}"]').check()
    expect(page.locator("[data-many] output")).to_have_text(
        str(page.locator("[data-many] input:checked").count())
    )
    page.locator("[data-many] button").click()


def test_peers_are_ticked_then_compared_and_the_link_says_which(page: Page, address: str):
    page.goto(f"{address}/cpg?territoire=REG-84&annee=2016&niveau=caisse")
    comparator = page.locator("#vigie-cpg_tableau tfoot")
    expect(comparator).to_contain_text("Médiane des pairs")
    page.locator("[data-name=comparateur][data-value=choisis]").click()
    lacking = page.locator("#vigie-cpg_tableau [role=status]")
    expect(lacking).to_contain_text("il en manque 5")
    ticked(page, FIRST)
    expect(lacking).to_contain_text("il en manque 2")
    expect(page.locator("details[data-key=pairs] summary")).to_be_focused()
    ticked(page, MORE)
    expect(comparator).to_contain_text("Pairs choisis")
    expect(page).to_have_url(re.compile("CPAM-48"))
    asked = parse_qs(urlsplit(page.url).query)
    assert asked["pairs"] == [",".join(sorted(FIRST + MORE))]
    values = comparator.inner_text()
    page.goto(page.url)
    expect(comparator).to_contain_text("Pairs choisis")
    assert comparator.inner_text() == values
    expect(page.locator("[data-many] input:checked")).to_have_count(6)
