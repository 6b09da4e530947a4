"""The figures are in memory before anybody asks, and nothing fails where there are none."""

import logging

import pytest

from components.warmth import read_figures
from data.store.home import Home
from queries import run
from queries.run import QuestionError, read_into_memory


def blocks_in_memory(build_id):
    row = (
        run._cursor(build_id)
        .execute("select memory_usage_bytes from duckdb_memory() where tag = 'BASE_TABLE'")
        .fetchone()
    )
    return row[0]


@pytest.fixture
def build_id(demo_home, monkeypatch):
    monkeypatch.setattr(run, "_connections", type(run._connections)())
    return Home.from_environment().current_build_id()


def test_a_build_is_read_whole(build_id):
    read_into_memory(build_id)
    size = Home.from_environment().build_path(build_id).stat().st_size
    # A file has free blocks too.
    assert blocks_in_memory(build_id) > 0.8 * size


def test_a_large_build_is_left_to_its_questions(build_id, monkeypatch):
    monkeypatch.setattr(run, "READ_AT_START_BYTES", 0)
    before = blocks_in_memory(build_id)
    read_into_memory(build_id)
    assert blocks_in_memory(build_id) == before


def test_an_unknown_build_is_refused_in_a_sentence(demo_home):
    with pytest.raises(QuestionError, match="n’existe pas ici"):
        read_into_memory("0123456789abcdef")


def test_an_empty_home_is_no_error(empty_home, caplog):
    with caplog.at_level(logging.WARNING):
        read_figures()
    assert caplog.records == []


def test_a_build_that_is_gone_is_logged(demo_home, caplog, monkeypatch):
    monkeypatch.setattr("queries.current.current_build", lambda _: "0123456789abcdef")
    read_figures()
    assert "n’existe pas ici" in caplog.text
