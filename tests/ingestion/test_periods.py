from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.contracts.model import contracts
from data.ingestion.periods import read_date, read_month, read_year
from data.ingestion.values import read_values

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


@pytest.mark.parametrize(
    ("text", "advised"),
    [
        ("03/15/2017", "Écrivez 2017-03."),
        ("03-15-17", "Écrivez 2017-03, si l’année est à la fin."),
        ("04-03-16", "Écrivez 2016-03 (jour d’abord) ou 2016-04 (mois d’abord)"),
        ("31/02/2016", "Écrivez 2016-02 si c’est bien lui."),
        ("fin mars 2016", "Écrivez 2016-03 si c’est bien lui."),
        ("T3 2016", "une ligne par mois, de 2016-07 à 2016-09."),
        ("2T2016", "une ligne par mois, de 2016-04 à 2016-06."),
        ("S2 2016", "une ligne par mois, de 2016-07 à 2016-12."),
        ("1er trimestre", "une ligne par mois, écrite 2016-03 par exemple."),
        ("floréal 2016", "comme ceci : 2016-03, ou mars 2016."),
        ("janvier-mars 2016", "comme ceci : 2016-03, ou mars 2016."),
    ],
)
def test_a_refused_month_is_advised_as_far_as_it_is_known(text, advised):
    value, problem = read_month(text)
    assert value is None
    assert advised in problem


def problems(name, texts):
    column = contracts()[name].column({"cpg": "month", "dmp": "counted_on"}[name])
    return {found.text: found.problem for found in read_values(column, texts)}


def test_a_day_beside_american_ones_is_doubted_with_both_its_readings():
    told = problems("cpg", ["01/10/2017", "03/15/2017", "01/01/2017", "13/02/2017", "2017-10"])
    assert "contient « 03/15/2017 », écrit mois d’abord" in told["01/10/2017"]
    assert "2017-10 (jour d’abord) ou 2017-01 (mois d’abord)" in told["01/10/2017"]
    assert {text for text, problem in told.items() if problem} == {"01/10/2017", "03/15/2017"}
    assert (
        "2017-01-10 (mois d’abord)" in problems("dmp", ["01/10/2017", "03/15/2017"])["01/10/2017"]
    )


def test_days_alone_are_read_day_first():
    assert set(problems("cpg", ["01/10/2017", "15/03/2017"]).values()) == {None}


def test_firsts_of_months_written_month_first_are_advised_one_by_one():
    told = problems("cpg", ["02/01/2016 00:00", "03/01/2016 00:00"])
    assert "Écrivez 2016-01 (jour d’abord) ou 2016-03 (mois d’abord)" in told["03/01/2016 00:00"]
