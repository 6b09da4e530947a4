"""What the fuzz run looks for at length, on a few files that are the same each time."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.contracts.model import contracts
from data.ingestion.numbers import read_number
from data.ingestion.periods import read_date, read_month, read_year
from data.ingestion.values import read_values
from exports.csv_file import FORMULA_STARTS, harmless
from tests.ingestion import fuzz

STARTS = fuzz.seeds()
READ_BY_TEXT = [
    column
    for contract in contracts().values()
    for column in contract.columns
    if column.type not in {"text", "integer", "number", "percent"}
]


@pytest.mark.parametrize("seed", range(40))
def test_a_damaged_file_is_told_and_breaks_nothing(seed, tmp_path):
    chance = random.Random(seed)
    path = tmp_path / "file"
    path.write_bytes(fuzz.damaged(chance.choice(STARTS), chance, STARTS))
    assert fuzz.broken_promise(path, chance.choice([None, *contracts()])) is None


def test_no_file_changes_what_is_served(tmp_path):
    home = fuzz.served_home(tmp_path)
    build_id = home.current_build_id()
    digest = fuzz.sha256_of(home.build_path(build_id))
    chance = random.Random(1)
    for _ in range(3):
        path = tmp_path / "file"
        path.write_bytes(fuzz.damaged(chance.choice(STARTS), chance, STARTS))
        assert fuzz._changes_what_is_served(path, home, build_id, digest) is None


@given(st.text(max_size=40))
def test_no_text_of_a_cell_makes_a_reader_raise(text):
    number = read_number(text)
    assert number.value is None or number.problem is None
    for read in (read_month, read_date, read_year):
        value, problem = read(text)
        assert (value is None) == (problem is not None)


@given(st.text(max_size=30), st.sampled_from(READ_BY_TEXT))
def test_a_text_is_read_or_its_problem_ends_in_what_to_do(text, column):
    (found,) = read_values(column, [text])
    assert found.value is None or found.problem is None
    assert found.problem is None or found.problem.strip().endswith((".", "?", "»"))


@given(st.text(max_size=20))
def test_no_text_leaves_as_a_formula(text):
    written = harmless(text)
    assert not written.startswith(FORMULA_STARTS) or read_number(written).value is not None
    assert written.endswith(text)
