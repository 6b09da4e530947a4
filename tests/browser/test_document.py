"""What a browser asks of the server for a first painting."""

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser


def test_a_deep_address_costs_no_failed_request(page, address):
    answers = []
    page.on("response", lambda answer: answers.append((answer.status, answer.url)))
    page.goto(f"{address}/cpg?annee=2016")
    expect(page.locator("table[data-grid] caption")).to_contain_text("CPG en 2016")
    page.wait_for_load_state("networkidle")
    assert [answer for answer in answers if answer[0] >= 400] == []
    assert {url.split("/_stcore")[0] for _, url in answers if "/_stcore/" in url} == {address}
    assert page.evaluate("document.documentElement.lang") == "fr"
    assert page.title() == "Objectifs du CPG · Vigie GDR"


def test_the_modules_of_a_block_come_before_the_first_message(page, address):
    page.goto(f"{address}/cpg?annee=2016")
    expect(page.locator("#bloc-serie svg").first).to_be_visible()
    late = page.evaluate(
        """() => {
            const files = performance.getEntriesByType("resource");
            const stylesheet = files.find((file) => file.name.endsWith(".css"));
            return files
                .filter((file) => file.name.endsWith(".js"))
                .filter((file) => file.startTime > stylesheet.startTime + 100)
                .map((file) => file.name.split("/").pop());
        }"""
    )
    assert late == [] or all("_arrayReduce" in name for name in late), late
