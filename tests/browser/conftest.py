"""A served app on the demonstration home, and a real Chromium to open it with."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from bench.serving import served
from data.store.home import PROJECT, Home

PATIENCE_MS = 60_000  # What is waited for at most: a loaded machine is slow, not wrong.
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="session")
def address(loaded_home: Path) -> Iterator[str]:
    """Where the app answers."""
    with served(PROJECT / "serve.py", Home(loaded_home)) as server:
        yield server.address


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium, as the front door found it."""
    path = os.environ.get("VIGIE_CHROMIUM") or shutil.which("chromium")
    assert path, "No Chromium: run the tests by `make test`."
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield opened
        opened.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page of a new visitor, French, on a desk."""
    context = browser.new_context(viewport={"width": 1440, "height": 1000}, locale="fr-FR")
    page = context.new_page()
    page.set_default_timeout(PATIENCE_MS)
    expect.set_options(timeout=PATIENCE_MS)
    yield page
    context.close()
