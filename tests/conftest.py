"""A demonstration home, loaded once by the ordinary import and shared by whoever only reads."""

from __future__ import annotations

from pathlib import Path

import pytest

from data.demo.load import PERSON, demonstration_publications
from data.ingestion.publish import Request, publish
from data.store.home import Home
from data.store.registry import Registry


@pytest.fixture(scope="session")
def loaded_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with the demonstration data; never write to it."""
    home = Home(tmp_path_factory.mktemp("home"))
    Registry(home).set_setting("demonstration", "1")
    for publication in demonstration_publications(home.root / "demonstration"):
        request = Request(person=PERSON, origin="demonstration", reason=publication.reason)
        outcomes = publish(publication.files, home, request)
        assert {outcome.state for outcome in outcomes} == {"published"}
    return home.root


@pytest.fixture
def demo_home(loaded_home: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The demonstration home, as the environment names it."""
    monkeypatch.setenv("VIGIE_HOME", str(loaded_home))
    return loaded_home


@pytest.fixture
def empty_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home where nothing was published."""
    monkeypatch.setenv("VIGIE_HOME", str(tmp_path / "home"))
    return tmp_path / "home"
