"""From the first screen to which caisse, since when, from which file; and what never happens."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser

BOARD = "table[data-grid]"
PAGES = (
    "",
    "synthese",
    "cpg",
    "departement",
    "cog",
    "repartition",
    "inegalite",
    "simulateur?plan=DEP-69:3",
    "ir41",
    "prado?annee=2016",
    "sophia?annee=2016",
    "numerique",
    "delais",
    "collecte",
    "corrections",
    "extraits",
    "rapprochement",
    "methode",
)


def open_board(page, url):
    page.goto(url)
    # Painted first, then made to listen: a cell that Tab reaches says that it does.
    expect(page.locator(f'{BOARD} td[tabindex="0"]')).to_be_visible()


def test_from_the_first_screen_to_the_row_of_a_file(page, address, loaded_home):
    open_board(page, f"{address}/cpg?annee=2016")
    for name in ("Auvergne-Rhône-Alpes", "Haute-Loire"):
        page.locator(BOARD).get_by_role("button", name=name).click()
    expect(page.locator(f"{BOARD} tbody tr", has_text="CPAM Haute-Loire")).to_be_visible()
    page.locator(f"{BOARD} tbody tr", has_text="CPAM Haute-Loire").locator("td").nth(1).click()
    provenance = page.locator("#bloc-provenance")
    expect(provenance.locator("caption")).to_contain_text("PRADO maternité : adhésions")
    expect(provenance).to_contain_text("cpg_demo_2016.csv")
    expect(page.locator("#bloc-serie h2")).to_contain_text("CPAM Haute-Loire")
    row = provenance.locator("tbody tr", has_text="janv. 2016")
    expect(row).to_have_count(1)
    cells = [re.sub(r"\s", "", text) for text in row.locator("th, td").all_inner_texts()]
    line = next(int(cell) for cell in cells if cell.isdigit() and int(cell) > 1000)
    written = (loaded_home / "demonstration" / "cpg_demo_2016.csv").read_text("utf-8").splitlines()
    assert written[line - 1].startswith("CPAM-43;prado_maternite_adhesions;2016-01;")
    assert "territoire=" in page.url and "objectif=prado_maternite_adhesions" in page.url


def test_a_link_opens_the_same_view(page, browser, address):
    open_board(page, f"{address}/cpg?annee=2016&territoire=REG-84&objectif=generiques_penetration")
    title = page.locator("#bloc-classement h2")
    expect(title).to_contain_text("territoires sur 12")
    other = browser.new_page()
    open_board(other, page.url)
    expect(other.locator("#bloc-classement h2")).to_have_text(title.text_content())
    rows = [p.locator("#bloc-classement tbody").text_content() for p in (page, other)]
    assert rows[0] == rows[1]
    other.close()


def test_the_year_changes_every_block(page, address):
    open_board(page, f"{address}/cpg?annee=2016")
    page.get_by_role("radio", name="2015").click()
    expect(page.locator(f"{BOARD} caption")).to_contain_text("2015")
    expect(page.locator("#bloc-provenance caption")).to_contain_text("2015")
    expect(page.locator("#bloc-classement caption")).to_contain_text("2015")


def test_going_back_shows_the_former_view(page, address):
    open_board(page, f"{address}/cpg?annee=2016")
    page.get_by_role("radio", name="2015").click()
    expect(page.locator(f"{BOARD} caption")).to_contain_text("2015")
    page.go_back()
    expect(page.locator(f"{BOARD} caption")).to_contain_text("2016")
    assert page.get_by_role("radio", name="2016").get_attribute("aria-checked") == "true"


def test_the_header_is_used_with_the_keyboard(page, address):
    open_board(page, f"{address}/cpg?annee=2016")
    page.get_by_role("radio", name="2016").focus()
    page.keyboard.press("ArrowLeft")
    expect(page.locator(f"{BOARD} caption")).to_contain_text("2015")
    expect(page.get_by_role("radio", name="2015")).to_be_focused()
    page.get_by_label("Territoire", exact=True).select_option("REG-53")
    expect(page.locator("h1")).to_contain_text("Bretagne")
    assert "territoire=REG-53" in page.url


def test_the_choices_follow_from_page_to_page(page, address):
    open_board(page, f"{address}/cpg?annee=2016&territoire=REG-53")
    page.get_by_text("Données", exact=True).click()
    page.get_by_text("Publié et recalculé").click()
    expect(page.locator("h1")).to_contain_text("Publié et recalculé, 2016")
    page.wait_for_url(re.compile("rapprochement.*territoire=REG-53"))
    assert "annee=2016" in page.url


@pytest.mark.parametrize("path", PAGES)
def test_nothing_leaves_the_machine_and_nothing_fails(page, address, path):
    outside, failed = [], []
    page.on(
        "request",
        lambda request: (
            None
            if request.url.startswith((address, address.replace("http", "ws"), "data:", "blob:"))
            else outside.append(request.url)
        ),
    )
    page.on("pageerror", lambda error: failed.append(str(error)))
    page.goto(f"{address}/{path}")
    expect(page.locator("h1, h2").first).to_be_visible()
    page.wait_for_timeout(800)
    assert page.locator('[data-testid="stException"]').count() == 0
    assert outside == []
    assert failed == []


@pytest.mark.parametrize("path", PAGES)
def test_a_phone_never_scrolls_the_page_sideways(page, address, path):
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(f"{address}/{path}")
    expect(page.locator("h1, h2").first).to_be_visible()
    page.wait_for_timeout(800)
    wider = page.evaluate(
        "() => [document.documentElement, document.querySelector('[data-testid=stMain]')]"
        ".map(e => e.scrollWidth - e.clientWidth)"
    )
    assert wider == [0, 0]


def test_the_board_is_walked_with_the_keyboard(page, address):
    open_board(page, f"{address}/cpg?annee=2016")
    page.locator(f'{BOARD} tbody [tabindex="0"]').first.focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowRight")
    focused = page.evaluate("() => document.activeElement.closest('table[data-grid]') !== null")
    assert focused
    before = page.url
    page.keyboard.press("Enter")
    page.wait_for_function("before => location.href !== before", arg=before)


def test_a_csv_and_a_png_can_be_saved(page, address):
    open_board(page, f"{address}/cpg?annee=2016")
    for kind, start in (("csv", None), ("png", b"\x89PNG")):
        with page.expect_download() as download:
            page.locator(f'#bloc-classement [data-format="{kind}"]').click()
        content = Path(download.value.path()).read_bytes()
        assert download.value.suggested_filename.endswith(f".{kind}")
        assert len(content) > 500
        assert start is None or content.startswith(start)


def test_a_person_of_one_department_sees_no_other(page, address):
    open_board(page, f"{address}/cpg?annee=2016&profil=cpam&profil_territoire=CPAM-43")
    rows = page.locator(f"{BOARD} tbody th").all_inner_texts()
    assert any("Haute-Loire" in row for row in rows)
    assert not any("Puy-de-Dôme" in row or row.strip() == "Ain" for row in rows)
    assert "Puy-de-Dôme" not in page.locator("body").inner_text()


def test_the_chosen_cell_stays_in_sight_beside_its_story(page, address):
    open_board(page, f"{address}/cpg?annee=2017")
    page.locator(f"{BOARD} tbody tr").nth(2).locator("td").last.click()
    expect(page.locator("#vigie-cpg_histoire h2").first).to_be_visible()
    page.wait_for_function(
        """() => {
          const [box, cell] = [".v-boardbox", ".v-boardbox td[aria-selected]"].map(
            (name) => document.querySelector(name).getBoundingClientRect())
          return cell.right <= box.right + 1 && cell.left >= box.left
        }"""
    )
    assert page.evaluate("document.documentElement.scrollLeft") == 0


def test_beside_a_story_no_column_of_board_or_ranking_is_out_of_sight(page, address):
    open_board(page, f"{address}/cpg?annee=2017&territoire=REG-84")
    page.locator(f"{BOARD} tbody tr").nth(2).locator("td").last.click()
    expect(page.locator("#vigie-cpg_histoire h2").first).to_be_visible()
    page.locator("#bloc-classement").scroll_into_view_if_needed()
    page.wait_for_function(
        """() => [".v-boardbox", "#bloc-classement .v-scroll"].every((name) => {
          const box = document.querySelector(name)
          return box.clientWidth > 0 && box.scrollWidth <= box.clientWidth
        })"""
    )


def test_a_search_follows_the_address_back(page, address):
    page.goto(f"{address}/cog")
    field = page.locator('input[data-name="engagement_texte"]')
    expect(field).to_be_visible()
    expect(page.locator("#bloc-engagements h2")).to_contain_text("170 engagements")
    field.fill("PRADO")
    field.press("Enter")
    expect(page.locator("#bloc-engagements h2")).to_contain_text(": 12 engagements")
    page.go_back()
    expect(page.locator("#bloc-engagements h2")).to_contain_text("170 engagements")
    expect(field).to_have_value("")
