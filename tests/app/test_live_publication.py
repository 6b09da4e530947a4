"""The app follows the publication without a restart, and closes on real data without sign-in."""

import pytest
from streamlit.testing.v1 import AppTest

from data.ingestion.publish import Request, publish
from data.store.home import PROJECT, Home
from tests.drawn import drawn
from tests.store.extracts import write_extract

FIRST = [("CPAM-01", "2016-01", 10)]
SECOND = [("CPAM-02", "2016-01", 20)]


@pytest.fixture
def home(empty_home):
    return Home(empty_home)


def bring_in(home, path, cells, origin="demonstration"):
    request = Request(person="analyste", origin=origin)
    return publish([write_extract(path, cells)], home, request)[0].build_id


def open_app(**address):
    app = AppTest.from_file(str(PROJECT / "app.py"), default_timeout=60)
    for name, value in address.items():
        app.query_params[name] = value
    return app.run()


def test_an_import_shows_at_the_next_rerun(home, tmp_path):
    first = bring_in(home, tmp_path / "a.csv", FIRST)
    app = open_app()
    assert first[:8] in drawn(app)
    second = bring_in(home, tmp_path / "b.csv", SECOND)
    app.run()
    assert second[:8] in drawn(app)
    assert first[:8] not in drawn(app)


def test_a_pinned_publication_stays_what_it_was(home, tmp_path):
    first = bring_in(home, tmp_path / "a.csv", FIRST)
    second = bring_in(home, tmp_path / "b.csv", SECOND)
    assert f"Publication {first[:8]}" in drawn(open_app(build=first))
    assert f"Publication {second[:8]}" in drawn(open_app())


def test_an_unknown_publication_is_said_in_a_sentence(home, tmp_path):
    bring_in(home, tmp_path / "a.csv", FIRST)
    assert "n’existe pas ici" in drawn(open_app(build="0123456789abcdef"))


def test_real_extracts_are_closed_to_whoever_has_not_signed_in(home, tmp_path):
    built = bring_in(home, tmp_path / "a.csv", FIRST, origin="received")
    shown = drawn(open_app())
    assert built[:8] not in shown
    assert "<table" not in shown


def test_an_empty_home_says_what_to_do(home):
    assert "python cli.py demo" in drawn(open_app())
