"""Seconds until a page, or what a click changes on it, is painted in headless Chromium."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

SCRIPT = Path(__file__).with_suffix(".js").read_text(encoding="utf-8")
VIEWPORT = {"width": 1440, "height": 900}
PATIENCE_MS = 30_000
FLAGS = ("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-sync")


@dataclass(frozen=True)
class Mark:
    """What shows that something is painted: nodes of a CSS selector whose text holds ``contains``.

    ``{value}`` in either stands for the value of the filter; at least ``count`` nodes are needed.
    """

    selector: str
    contains: str = ""
    count: int = 1

    def at(self, value: str) -> Mark:
        """The mark for one value of the filter."""
        return Mark(
            self.selector.replace("{value}", value),
            self.contains.replace("{value}", value),
            self.count,
        )


def chromium_path() -> str:
    """The Chromium to drive: ``VIGIE_CHROMIUM``, else the one on the path."""
    named = os.environ.get("VIGIE_CHROMIUM") or shutil.which("chromium")
    if not named:
        raise FileNotFoundError("No Chromium: name one in VIGIE_CHROMIUM.")
    return named


@contextmanager
def chromium() -> Iterator[Browser]:
    """A headless Chromium until the block ends."""
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=chromium_path(), args=list(FLAGS))
        try:
            yield browser
        finally:
            browser.close()


def _context(browser: Browser) -> BrowserContext:
    context = browser.new_context(viewport=VIEWPORT, locale="fr-FR")  # type: ignore[arg-type]
    context.set_default_timeout(PATIENCE_MS)
    context.add_init_script(SCRIPT)
    return context


def _until(*stages: tuple[Sequence[Mark], bool]) -> str:
    described = [
        {"marks": [asdict(mark) for mark in marks], "settled": settled} for marks, settled in stages
    ]
    return f"window.vigieStopwatch.until({json.dumps(described)})"


def _painted_at(page: Page) -> list[float]:
    page.wait_for_function("() => window.vigieStopwatch?.paintedAt != null", timeout=PATIENCE_MS)
    return [float(moment) for moment in page.evaluate("() => window.vigieStopwatch.paintedAt")]


def load_seconds(
    browser: Browser, url: str, first: Sequence[Mark], whole: Sequence[Mark]
) -> tuple[float, float]:
    """From the start of the navigation to the painted frame of first and whole, empty cache.

    For the whole, the script has also run to its end and no placeholder is left.
    """
    context = _context(browser)
    try:
        context.add_init_script(_until((first, False), (whole, True)))
        page = context.new_page()
        page.goto(url, wait_until="commit")
        first_at, whole_at = _painted_at(page)
        return first_at / 1000, whole_at / 1000
    finally:
        context.close()


class OpenPage:
    """A page kept open, on which a filter is changed again and again."""

    def __init__(self, browser: Browser, url: str, marks: Sequence[Mark]) -> None:
        """Open ``url`` and wait until ``marks`` are painted."""
        self._context = _context(browser)
        self._context.add_init_script(_until((marks, True)))
        self._page = self._context.new_page()
        self._page.goto(url, wait_until="commit")
        _painted_at(self._page)

    def change_seconds(self, click: str, marks: Sequence[Mark]) -> float:
        """From the click on ``click`` (a Playwright selector) to the painted frame of ``marks``."""
        target = self._page.locator(click).first
        target.scroll_into_view_if_needed()
        self._page.evaluate(f"() => {_until((marks, True))}")
        target.click()
        (painted,) = _painted_at(self._page)
        clicked = float(self._page.evaluate("() => window.vigieStopwatch.clickedAt"))
        return (painted - clicked) / 1000

    def after(self, act: Callable[[Page], Sequence[Mark]]) -> None:
        """Do something on the page and wait until the marks that it gives back are painted."""
        self._page.evaluate(f"() => {_until((act(self._page), True))}")
        _painted_at(self._page)

    def close(self) -> None:
        """Close the page and its cache."""
        self._context.close()
