from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.ingestion.periods import read_date, read_month, read_year

MARCH = date(2016, 3, 1)


@pytest.mark.parametrize(
    "text",
    [
        "2016-03", "2016/3", "03/2016", "3-2016", "mars 2016", "Mars-16", "MARS 16", "201603",
        "2016M03", "20160301", "01/03/2016", "31/03/2016", "2016-03-01", "2016-03-01 00:00:00",
        "2016-03-01T00:00:00", "42430", "1er mars 2016", "2016 mars",
    ],
)  # fmt: skip
def test_months_as_people_write_them(text):
    assert read_month(text) == (MARCH, None)


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("2016", "année"),
        ("T1 2016", "trimestre"),
        ("2016-T1", "trimestre"),
        ("1er trimestre 2016", "trimestre"),
        ("S2 2016", "semestre"),
        ("2016-13", "mois"),
        ("31/02/2016", "mois"),
        ("floréal 2016", "mois"),
    ],
)
def test_what_is_no_month_is_told(text, word):
    value, problem = read_month(text)
    assert value is None
    assert word in problem


@pytest.mark.parametrize("text", ["2016", "2016.0", "Année 2016", "01/01/2016", "2016-12-31"])
def test_years(text):
    assert read_year(text) == (2016, None)


@pytest.mark.parametrize("text", ["16", "2014-2017", "20181", "0016", "3016"])
def test_what_is_no_year_is_told(text):
    assert read_year(text)[0] is None


@given(st.dates(date(1990, 1, 1), date(2090, 12, 31)))
def test_dates_are_read_back_in_french_and_iso(day):
    assert read_date(day.strftime("%d/%m/%Y")) == (day, None)
    assert read_date(day.isoformat()) == (day, None)
    assert read_month(day.strftime("%m/%Y")) == (day.replace(day=1), None)


@given(st.text(max_size=20))
def test_no_text_makes_reading_fail(text):
    for read in (read_month, read_date, read_year):
        value, problem = read(text)
        assert (value is None) != (problem is None)
