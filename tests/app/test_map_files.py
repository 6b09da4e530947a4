"""The geometry of maps: served by our own server, named by content, kept by browsers."""

import gzip
import json

import pytest

from components import blocks
from components.map_files import KINDS, LEVELS, asked_file, map_file, sources
from tests.app.test_document import ask

LIMIT = 400_000


@pytest.fixture(autouse=True)
def _as_served(monkeypatch):
    """Geometry by address, as the app serves it."""
    monkeypatch.setattr(blocks, "_in_document", True)


@pytest.mark.parametrize("level", LEVELS)
def test_a_level_reaches_the_browser_in_less_than_the_limit(level):
    # Whole, not as compressed on the way.
    assert sum(len(map_file(level, kind).content) for kind in KINDS) < LIMIT


def test_a_file_is_kept_and_named_by_its_content():
    file = map_file("departement", "areas")
    answer = ask(file.address)
    assert answer.status == 200
    assert "immutable" in answer.headers["cache-control"]
    assert answer.headers["vary"] == "Accept-Encoding"
    assert json.loads(answer.text) == json.loads(file.content)
    assert gzip.decompress(file.compressed) == file.content
    assert len(file.compressed) < len(file.content) / 2


def test_few_territories_have_thinner_borders():
    near, far = sources("departement", is_close=True), sources("departement")
    assert near["areas"] != far["areas"]
    assert {kind for kind in KINDS if near[kind] != far[kind]} == {"areas"}
    assert ask(map_file("departement", "close").address).status == 200


def test_another_content_is_another_address():
    file = map_file("region", "areas")
    assert asked_file(file.address) is file
    former = file.address.replace(file.address[-17:-5], "0" * 12)
    assert asked_file(former) is None
    assert asked_file("/carte.commune.areas.000000000000.json") is None


def test_without_our_document_the_rows_go_with_the_drawing(monkeypatch):
    monkeypatch.setattr(blocks, "_in_document", False)
    assert len({row["i"] for row in sources("departement")["areas"]}) == 101
    monkeypatch.setattr(blocks, "_in_document", True)
    assert sources("departement")["areas"] == f".{map_file('departement', 'areas').address}"
