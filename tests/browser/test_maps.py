"""The maps of adhesions in a real browser: what is drawn, chosen, played, and asked of whom."""

import base64
import re

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser
CANVAS = ".st-key-carte canvas"
FRAMES = 5


@pytest.fixture
def opened(page, address):
    """A map opened at an address, drawn, with everything that it asked for on the way."""
    asked, failed = [], []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda said: failed.append(said.text) if said.type == "error" else None)

    def at(choices="annee=2016"):
        page.goto(f"{address}/adhesions?{choices}")
        expect(page.locator(CANVAS).first).to_be_visible()
        expect(page.locator(".v-mapstory")).to_be_visible()
        page.wait_for_function("() => window.vigieMap?.codes?.length > 0")
        until_coloured(page)
        return page

    at.asked, at.failed = asked, failed
    return at


# What the browser shows, counted in the browser: a drawing of WebGL can't be read after its frame.
BLUE = """(picture) => new Promise((done) => {
  const image = new Image()
  image.onload = () => {
    const copy = document.createElement('canvas')
    copy.width = image.width; copy.height = image.height
    const drawing = copy.getContext('2d')
    drawing.drawImage(image, 0, 0)
    const { data } = drawing.getImageData(0, 0, copy.width, copy.height)
    let blue = 0
    for (let i = 0; i < data.length; i += 4) if (data[i + 2] - data[i] > 60) blue += 1
    done(blue / (data.length / 4))
  }
  image.src = 'data:image/png;base64,' + picture
})"""
LEAST_BLUE = 0.08
"""Share of the map that is coloured once the country is drawn; it is a fifth or more."""


def until_coloured(page):
    """Wait until the territories have their colours."""
    for _ in range(60):
        picture = page.locator(".st-key-carte").screenshot()
        if page.evaluate(BLUE, base64.b64encode(picture).decode("ascii")) > LEAST_BLUE:
            return
        page.wait_for_timeout(500)
    raise AssertionError("the map was never coloured")


def point_at_the_middle(page):
    """Move over the middle of the country until the map says what lies there."""
    for step in range(60):
        box = page.locator(CANVAS).first.bounding_box()
        page.mouse.move(box["x"] + box["width"] * 0.55 + step % 2, box["y"] + box["height"] * 0.5)
        page.wait_for_timeout(500)
        if page.locator(".deck-tooltip .v-tip").count():
            return


def test_nothing_is_fetched_from_outside_and_nothing_fails(opened, address):
    opened("annee=2016&mesure=atteinte&choisi=DEP-43")
    outside = [url for url in opened.asked if not url.startswith((address, "ws", "blob:", "data:"))]
    assert outside == []
    assert opened.failed == []
    contours = [url for url in opened.asked if "/carte." in url]
    assert {re.search(r"departement\.(\w+)", url)[1] for url in contours} >= {"areas", "ground"}


SMOOTHED = (
    "() => document.querySelector('.st-key-carte canvas').getContext('webgl2')"
    ".getContextAttributes().antialias"
)
WITH_A_CARD = """
const asked = WebGLRenderingContext.prototype.getParameter
WebGLRenderingContext.prototype.getParameter = function (name) {
  return name === 0x9246 ? 'ANGLE (a graphics card)' : asked.call(this, name)
}
"""


def test_edges_are_smoothed_by_a_graphics_card_only(page, opened):
    """The browser of these tests has none."""
    opened()
    assert page.evaluate(SMOOTHED) is False
    page.add_init_script(WITH_A_CARD)
    opened()
    assert page.evaluate(SMOOTHED) is True


def test_another_measure_sends_values_and_no_contour(opened):
    page = opened()
    before = len([url for url in opened.asked if "/carte." in url])
    page.click("[data-name=mesure][data-value=ecart]")
    expect(page.locator("#vigie-adhesions h1")).to_contain_text("écart à la médiane")
    until_coloured(page)
    assert len([url for url in opened.asked if "/carte." in url]) <= before + 1


def test_a_click_on_the_map_opens_a_territory_and_marks_its_line(opened):
    page = opened()
    point_at_the_middle(page)
    # What is pointed at is said: the contours that a click meets are there.
    expect(page.locator(".deck-tooltip .v-tip")).to_contain_text("adhésions")
    page.mouse.down()
    page.mouse.up()
    expect(page.locator(".v-mapstory .v-close")).to_be_visible()
    name = page.locator(".v-mapstory h2").inner_text()
    expect(page.locator(".v-adhesions tr.on th")).to_contain_text(name)
    assert "choisi=DEP-" in page.url


# What Streamlit keeps of a drawing: the view that deck.gl draws.
VIEWS = """() => window.vigieMap.maps.map((place) => {
  const wrapper = document.querySelector(`${place} #deckgl-wrapper`)
  const name = Object.keys(wrapper).find((key) => key.startsWith("__reactFiber$"))
  for (let fiber = wrapper[name]; fiber; fiber = fiber.return) {
    for (let hook = fiber.memoizedState; hook; hook = hook.next) {
      const view = hook.memoizedState?.current?.deck?.getViewports()[0]
      if (view) return [view.longitude, view.latitude, view.zoom].map((at) => at.toFixed(3)).join()
    }
  }
  return ""
})"""


@pytest.mark.parametrize("place", [".st-key-carte", ".st-key-carte_cote"])
def test_what_moves_one_of_two_maps_moves_the_other(place, opened):
    page = opened("annee=2016&cote=mesure-atteinte")
    expect(page.locator(".st-key-carte_cote canvas").first).to_be_visible()
    page.wait_for_function(f"() => ({VIEWS})().every(Boolean)")

    def moved_from(former):
        page.wait_for_function(
            f"(was) => {{ const [a, b] = ({VIEWS})(); return a === b && a !== was }}",
            arg=former,
        )
        return page.evaluate(VIEWS)[0]

    first = page.evaluate(VIEWS)[0]
    box = page.locator(f"{place} canvas").first.bounding_box()
    page.mouse.move(box["x"] + 300, box["y"] + 250)
    page.mouse.down()
    page.mouse.move(box["x"] + 340, box["y"] + 270, steps=4)
    page.mouse.up()
    dragged = moved_from(first)
    page.keyboard.press("Minus")
    further = moved_from(dragged)
    assert float(further.split(",")[2]) < float(dragged.split(",")[2])


def test_the_keyboard_chooses_sorts_and_closes(opened):
    page = opened()
    first = page.locator(".v-adhesions tbody th button").first
    name = first.inner_text()
    first.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".v-mapstory h2")).to_have_text(name)
    page.locator(".v-mapstory .v-close").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".v-mapstory h2")).to_contain_text("du lot")
    page.locator(".v-adhesions thead th button", has_text="Département").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".v-adhesions tbody th").first).to_contain_text("Ain")


def test_the_story_takes_the_focus_of_the_name_that_opened_it(opened):
    page = opened()
    page.locator(".v-mapstory .v-near button").first.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".v-mapstory[data-key]")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator(".v-mapstory:not([data-key])")).to_be_focused()


def test_the_slider_moves_by_the_keyboard(opened):
    page = opened()
    page.focus("#carte-mois")
    page.keyboard.press("ArrowLeft")
    expect(page.locator("#vigie-adhesions h1")).to_contain_text("de janvier à novembre 2016")
    assert "mois=2016-11" in page.url


def test_months_play_to_the_last_and_the_page_follows(opened):
    page = opened("mois=2017-04")
    page.click("#carte-lecture")
    page.wait_for_function(f"() => window.vigieMap.drawn.length >= {FRAMES}")
    expect(page.locator("#vigie-adhesions h1")).to_contain_text("de janvier à septembre 2017")
    expect(page.locator("#carte-mois-dit")).to_have_text("septembre 2017")


def test_a_file_of_the_map_is_saved(opened):
    page = opened()
    with page.expect_download() as saved:
        page.click("#bloc-carte [data-format=geojson]")
    assert saved.value.suggested_filename.endswith(".geojson")


def test_a_phone_holds_the_map(page, opened):
    page.set_viewport_size({"width": 390, "height": 844})
    page = opened()
    page.wait_for_function(
        "() => document.querySelector('.st-key-carte canvas').clientHeight <= 420"
    )
    assert page.evaluate("() => document.documentElement.scrollWidth") <= 390
