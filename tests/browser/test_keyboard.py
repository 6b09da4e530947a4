"""From the header to a story and back with the keyboard alone, and always seeing where one is."""

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser

BOARD = "table[data-grid]"
STOP = f'{BOARD} [tabindex="0"]'
MANY = 60  # Presses of Tab at most: who needs more has been forgotten on the way.

FOCUSED = """() => {
  const stop = document.activeElement
  const style = getComputedStyle(stop)
  const box = stop.getBoundingClientRect()
  return {
    name: stop.getAttribute("aria-label") || stop.textContent.trim(),
    tag: stop.tagName,
    isOurs: stop.closest(".vigie") !== null,
    inBoard: stop.closest("table[data-grid]") !== null,
    inStory: stop.closest(".v-story") !== null,
    outline: style.outlineStyle === "none" ? 0 : parseFloat(style.outlineWidth),
    inSight: box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth,
  }
}"""


def open_board(page, url):
    page.goto(url)
    expect(page.locator(f"{BOARD} td[tabindex='0']")).to_be_visible()


def press(page, *keys):
    """Press the keys; what then has the focus, which is seen if it is ours."""
    for key in keys:
        page.keyboard.press(key)
    focused = page.evaluate(FOCUSED)
    if focused["isOurs"]:
        assert focused["outline"] >= 2, focused
        assert focused["inSight"], focused
    return focused


def tab_until(page, is_there):
    """Press Tab until ``is_there`` says so of what has the focus; all that was passed."""
    passed = []
    for _ in range(MANY):
        passed.append(press(page, "Tab"))
        if is_there(passed[-1]):
            return passed
    raise AssertionError([stop["name"][:40] for stop in passed])


def test_a_story_is_opened_read_and_closed_without_a_mouse(page, address):
    open_board(page, f"{address}/cpg?annee=2016&territoire=REG-84")
    tab_until(page, lambda stop: stop["tag"] == "SELECT")
    tab_until(page, lambda stop: stop["inBoard"])
    press(page, "ArrowDown")
    opened_from = press(page, "ArrowDown", "ArrowRight")
    press(page, "Enter")
    story = page.locator(".v-story")
    expect(story).to_be_visible()
    assert press(page, "ArrowRight", "ArrowLeft") == opened_from

    assert tab_until(page, lambda stop: stop["inStory"])[-1]["inStory"]
    tab_until(page, lambda stop: stop["inStory"] and stop["tag"] == "SUMMARY")
    press(page, "Enter")
    expect(story.locator("details[open] table")).to_be_visible()

    assert press(page, "Escape") == opened_from
    expect(story).to_have_count(0)
    assert page.evaluate(FOCUSED) == opened_from
    assert "detail=" not in page.url


def test_the_close_button_gives_the_focus_back_too(page, address):
    open_board(page, f"{address}/cpg?annee=2016&territoire=REG-84")
    page.locator(STOP).focus()
    opened_from = press(page, "ArrowDown", "ArrowRight")
    press(page, "Enter")
    expect(page.locator(".v-story")).to_be_visible()
    tab_until(page, lambda stop: "Fermer" in stop["name"])
    press(page, "Enter")
    expect(page.locator(".v-story")).to_have_count(0)
    assert page.evaluate(FOCUSED) == opened_from


def test_the_board_is_one_stop_and_its_headings_are_walked(page, address):
    open_board(page, f"{address}/cpg?annee=2016")
    expect(page.locator(STOP)).to_have_count(1)
    page.locator(STOP).focus()
    assert press(page, "ArrowUp")["tag"] == "BUTTON"
    first_row = page.locator(f"{BOARD} tbody tr").first
    assert press(page, "ArrowDown", "Home")["name"] == first_row.locator("th").inner_text().strip()
    assert press(page, "End")["tag"] == "TD"
    expect(first_row.locator("td").last).to_be_focused()
    expect(page.locator(STOP)).to_have_count(1)
    assert not press(page, "Tab")["inBoard"]
    assert press(page, "Shift+Tab")["inBoard"]


def test_a_note_begun_is_not_thrown_away(page, address):
    cell = "detail=CPAM-43&objectif=generiques_penetration"
    open_board(page, f"{address}/cpg?annee=2016&profil=cpam&profil_territoire=CPAM-43&{cell}")
    story = page.locator(".v-story")
    story.locator("[data-key=notes] summary").first.click()
    story.locator("textarea").first.fill("Commencé")
    press(page, "Escape")
    expect(story.locator("textarea").first).to_have_value("Commencé")
    story.locator("textarea").first.fill("")
    press(page, "Escape")
    expect(story).to_have_count(0)


def test_escape_closes_a_menu_before_the_story(page, address):
    cell = "detail=DEP-43&objectif=generiques_penetration"
    open_board(page, f"{address}/cpg?annee=2016&territoire=REG-84&{cell}")
    story, menu = page.locator(".v-story"), page.locator(".v-menu", has_text="Voir comme")
    expect(story).to_be_visible()
    menu.locator("summary").focus()
    press(page, "Enter")
    expect(menu.locator(".v-panel")).to_be_visible()
    assert press(page, "Tab", "Escape")["tag"] == "SUMMARY"
    expect(menu.locator(".v-panel")).to_be_hidden()
    expect(story).to_be_visible()
    press(page, "Escape")
    expect(story).to_have_count(0)
