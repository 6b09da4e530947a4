"""The choice of a person to try, and what Streamlit's own frame says, in a real browser."""

import pytest
from playwright.sync_api import expect

from tests.browser.test_accessibility import faults_of, said, settle

pytestmark = pytest.mark.browser

HOLDER = "profil_territoire"
SAID = """() => [...document.querySelectorAll("body *")]
  .filter((e) => !e.closest(".vigie, .stSidebarNavItems, [data-testid=stTopNav] *"))
  .map((e) => e.ariaLabel).filter(Boolean)"""


def test_role_then_territory_are_chosen_without_opening_the_menu_again(page, address):
    page.goto(f"{address}/synthese?annee=2017")
    expect(page.locator("#bloc-ecarts")).to_be_visible()
    menu = page.locator("#vigie-entete details.v-menu", has_text="Voir comme")
    menu.locator("summary").click()
    role, holder = (menu.locator(f"select[data-name={name}]") for name in ("profil", HOLDER))
    role.select_option("cpam")
    expect(menu.locator("summary")).to_contain_text("CPAM")
    expect(holder).to_be_visible()
    expect(role).to_be_focused()
    settle(page)
    assert said(fault for fault in faults_of(page) if not fault["known"]) == []
    holder.select_option("CPAM-43")
    expect(page.locator("h1")).to_contain_text("Haute-Loire")
    expect(holder).to_be_hidden()
    expect(menu.locator("summary")).to_be_focused()
    assert f"profil=cpam&{HOLDER}=CPAM-43" in page.url


@pytest.mark.parametrize("width", [1440, 390])
def test_the_frame_around_the_pages_speaks_french(page, address, width):
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(f"{address}/methode")
    expect(page.locator(".v-def").first).to_be_visible()
    if width < 760:
        page.get_by_role("button", name="Ouvrir le volet de navigation").click()
        expect(page.locator("[aria-label='Fermer le volet de navigation']")).to_be_attached()
    expect(page.get_by_role("navigation", name="Pages de l’application")).to_be_visible()
    expect(page.get_by_text("Aller au contenu")).to_be_attached()
    names = " ".join(page.evaluate(SAID))
    assert "Vigie GDR, aller à l’accueil" in names
    assert [word for word in ("Navigate", "App pages", "sidebar", "Sidebar") if word in names] == []
