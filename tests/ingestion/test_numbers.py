import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.ingestion.numbers import comma_role, read_number


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1234", 1234),
        ("1 234,5", 1234.5),
        ("1\u202f234,5", 1234.5),
        ("1\u00a0234\u00a0567", 1234567),
        ("1,234.5", 1234.5),
        ("1.234,5", 1234.5),
        ("1,234,567", 1234567),
        ("0,125", 0.125),
        ("12,", 12),
        ("-3", -3),
        ("\u22123", -3),
        ("(12)", -12),
        ("12 €", 12),
        ("1,5e3", 1500),
    ],
)
def test_numbers_french_and_english(text, value):
    assert read_number(text).value == value


@pytest.mark.parametrize("text", ["", " ", "-", "–", "nd", "N.D.", "n.c.", "s.o.", "n/a", "…"])
def test_missing_markers_are_neither_values_nor_mistakes(text):
    reading = read_number(text)
    assert (reading.value, reading.problem) == (None, None)


@pytest.mark.parametrize("text", ["abc", "12 k€", "1_000", "inf", "1 23", "1,2,3", "٣", "#REF!"])
def test_what_is_no_number_is_told(text):
    reading = read_number(text)
    assert reading.value is None
    assert "Corrigez" in reading.problem


def test_per_cent_sign_is_kept_apart():
    reading = read_number("85,5 %")
    assert (reading.value, reading.is_percent) == (85.5, True)


@pytest.mark.parametrize(
    ("others", "role"),
    [
        (["1,234"], None),
        (["1,234", "1,5"], "decimal"),
        (["1,234", "1 234,5"], "decimal"),
        (["1,234", "2,345.6"], "thousands"),
        (["1,234", "1,234,567"], "thousands"),
        (["1,234", "12.5"], "thousands"),
        (["1,234", "12.5", "1,5"], "decimal"),
    ],
)
def test_comma_before_three_digits_follows_the_other_values(others, role):
    assert comma_role(others) == role
    assert read_number("1,234", role or "decimal").value == (1234 if role == "thousands" else 1.234)


def french(value: float) -> str:
    return f"{value:,.2f}".replace(",", "\u202f").replace(".", ",")


@given(st.integers(-(10**11), 10**11).map(lambda cents: cents / 100))
def test_what_is_written_in_french_or_english_is_read_back(value):
    assert math.isclose(read_number(french(value)).value, value)
    assert math.isclose(read_number(f"{value:,.2f}").value, value)
    assert read_number(repr(value)).value == value


@given(st.text(max_size=30))
def test_no_text_makes_reading_fail(text):
    reading = read_number(text)
    assert reading.value is None or math.isfinite(reading.value)
