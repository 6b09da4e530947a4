"""From the matrix to a reminder ready to be sent, in a real browser."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.test_accessibility import AXE, HEIGHT

pytestmark = pytest.mark.browser

MATRIX = "#bloc-collecte table[data-grid]"
URL = "collecte?annee=2017&profil=dcgdr&profil_territoire=REG-76"


def test_a_cell_leads_to_a_reminder_and_back(page, address):
    page.goto(f"{address}/{URL}")
    expect(page.locator(f"{MATRIX} td[tabindex='0']")).to_be_visible()
    page.locator(f"{MATRIX} tr[data-t='CPAM-81'] td[data-m='9']").click()
    block = page.locator("#bloc-caisse")
    expect(block.locator("h2")).to_contain_text("CPAM Tarn")
    expect(page).to_have_url(re.compile("collecte_caisse=CPAM-81.*collecte_mois=9"))
    link = block.locator("a[href^='mailto:']")
    expect(link).to_have_attribute("href", re.compile("subject=CPAM%20Tarn.*%0D%0A"))
    expect(block.locator("textarea")).to_have_value(re.compile("^Bonjour,\n\nSauf erreur"))
    block.get_by_role("radio", name="Tous les contrats").click()
    expect(block.locator(".v-subject")).to_contain_text("Adhésions (4 mois)")
    expect(block.locator("textarea")).to_have_value(re.compile("Adhésions aux programmes"))
    block.get_by_role("button", name="Fermer").click()
    expect(block).to_have_count(0)
    expect(page).not_to_have_url(re.compile("collecte_caisse"))


def test_the_late_caisses_of_a_contract_are_one_click_away(page, address):
    page.goto(f"{address}/collecte?annee=2017")
    page.locator("#bloc-contrats").get_by_role("button", name="7 caisses en retard : Adh").click()
    expect(page.locator(f"{MATRIX} tbody tr:not(.total)")).to_have_count(7)
    expect(page.locator("#bloc-collecte h2")).to_contain_text("Adhésions 2017")


def test_from_a_month_of_all_caisses_to_a_mail_for_each_in_one_click_more(page, address):
    page.goto(f"{address}/{URL}")
    head = page.locator(f"{MATRIX} thead button[data-m='9']")
    head.click()
    expect(page).to_have_url(re.compile("collecte_mois=9"))
    expect(page.locator("#bloc-collecte h2")).to_contain_text("CPG, septembre")
    expect(head).to_have_attribute("aria-pressed", "true")
    mails = page.locator("#bloc-relances a[href^='mailto:']")
    expect(mails).to_have_count(2)
    expect(mails.first).to_have_attribute("href", re.compile("septembre%202017"))
    head.click()
    expect(page).not_to_have_url(re.compile("collecte_mois"))


def test_arrows_move_in_the_matrix_and_enter_chooses(page, address):
    page.goto(f"{address}/{URL}")
    page.locator(f"{MATRIX} td[tabindex='0']").focus()
    for key in ("ArrowDown", "ArrowRight", "Enter"):
        page.keyboard.press(key)
    expect(page.locator("#bloc-caisse h2")).to_contain_text("CPAM Aude")
    expect(page).to_have_url(re.compile("collecte_mois=2"))


@pytest.mark.parametrize(
    ("block", "kind", "start"),
    [
        ("collecte", "csv", "contrat;region;caisse_code"),
        ("relances", "csv", "caisse_code;caisse;objet;texte"),
        ("relances", "txt", "Objet : "),
    ],
)
def test_matrix_and_reminders_leave_as_files(page, address, block, kind, start):
    page.goto(f"{address}/{URL}")
    with page.expect_download() as download:
        page.locator(f"#bloc-{block} button[data-format='{kind}']").click()
    assert download.value.suggested_filename == f"{block}-2017.{kind}"
    with open(download.value.path(), encoding="utf-8-sig") as file:
        assert file.read().startswith(start)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 390])
def test_axe_finds_no_fault_and_nothing_is_cut(browser, address, scheme, width):
    size = {"width": width, "height": HEIGHT}
    context = browser.new_context(viewport=size, locale="fr-FR", color_scheme=scheme)
    page = context.new_page()
    page.goto(f"{address}/{URL}&collecte_caisse=CPAM-81&collecte_mois=9")
    expect(page.locator("#bloc-caisse textarea")).to_be_visible(timeout=60_000)
    page.evaluate(AXE)
    faults = page.evaluate(
        "async () => (await axe.run('.vigie', { rules: { 'target-size': { enabled: true } } }))"
        ".violations.map(v => [v.id, v.nodes.map(n => n.target.join(' '))])"
    )
    cut = page.evaluate(
        "() => [...document.querySelectorAll('.vigie :is(tbody th, td, p, h2, button, textarea)')]"
        ".filter(e => e.offsetParent && e.getBoundingClientRect().right > innerWidth + 1)"
        ".map(e => e.textContent.slice(0, 40))"
    )
    context.close()
    assert faults == []
    assert cut == []
