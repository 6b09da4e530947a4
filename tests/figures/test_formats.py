"""French numbers, dates and order."""

import math
from datetime import UTC, date, datetime

import numpy as np
import pandas as pd
import pytest

from figures import formats

ABSENT_VALUES = [None, math.nan, np.nan, pd.NA, pd.NaT, np.float64("nan")]


@pytest.mark.parametrize(
    ("value", "decimals", "written"),
    [
        (0, 0, "0"),
        (999, 0, "999"),
        (1000, 0, "1\u202f000"),
        (1234.5, 1, "1\u202f234,5"),
        (392527, 0, "392\u202f527"),
        (1234567.891, 2, "1\u202f234\u202f567,89"),
        (-1234.5, 1, "\u22121\u202f234,5"),
        (-0.04, 1, "0,0"),
        (0.7, 0, "1"),
        (np.int64(12345), 0, "12\u202f345"),
        (np.float64(0.25), 2, "0,25"),
    ],
)
def test_numbers_have_a_narrow_no_break_space_and_a_comma(value, decimals, written):
    assert formats.number(value, decimals) == written


@pytest.mark.parametrize(
    ("proportion", "decimals", "written"),
    [
        (0.1234, 1, "12,3\u202f%"),
        (0.0, 1, "0,0\u202f%"),
        (1.0, 0, "100\u202f%"),
        (8.46, 0, "846\u202f%"),
        (12.345, 1, "1\u202f234,5\u202f%"),
        (-0.05, 1, "\u22125,0\u202f%"),
    ],
)
def test_percentages(proportion, decimals, written):
    assert formats.percent(proportion, decimals) == written


@pytest.mark.parametrize(
    ("difference", "written"),
    [
        (0.032, "+3,2\u202fpts"),
        (-0.5, "\u221250,0\u202fpts"),
        (0.0, "0,0\u202fpt"),
        (-0.019, "\u22121,9\u202fpt"),
        (0.0196, "+2,0\u202fpts"),
    ],
)
def test_differences_of_rates_are_signed_points(difference, written):
    assert formats.points(difference) == written


@pytest.mark.parametrize(
    ("value", "decimals", "written"),
    [(5, 0, "+5"), (-5, 0, "\u22125"), (0, 0, "0"), (0.01, 1, "0,0"), (2500, 0, "+2\u202f500")],
)
def test_signed_numbers(value, decimals, written):
    assert formats.signed(value, decimals) == written


@pytest.mark.parametrize("value", ABSENT_VALUES)
@pytest.mark.parametrize(
    "write",
    [
        formats.number,
        formats.percent,
        formats.points,
        formats.signed,
        formats.long_date,
        formats.date_time,
        formats.month_name,
        formats.short_month,
        lambda value: formats.quantity(value, "eur"),
        lambda value: formats.quantity_gap(value, "proportion"),
    ],
)
def test_a_missing_value_is_a_dash_never_nan_nor_zero(write, value):
    assert formats.is_absent(value)
    assert write(value) == "–"


@pytest.mark.parametrize("value", [0, 0.0, "", False, "nan"])
def test_zero_and_empty_texts_are_values(value):
    assert not formats.is_absent(value)


@pytest.mark.parametrize(
    ("value", "unit", "written"),
    [
        (0.456, "proportion", "45,6\u202f%"),
        (1234567, "eur", "1\u202f234\u202f567\u202f€"),
        (12.34, "meur", "12,3\u202fM€"),
        (5.26, "days", "5,3\u202fj"),
        (0.215, "index", "0,215"),
        (34170, "count", "34\u202f170"),
        (12.5, "count", "12,5"),
        (12.0, None, "12"),
    ],
)
def test_a_measure_is_written_in_its_unit(value, unit, written):
    assert formats.quantity(value, unit) == written


@pytest.mark.parametrize(
    ("value", "unit", "written"),
    [
        (20, "count", "+20"),
        (-1200, "count", "\u22121\u202f200"),
        (0, "count", "0"),
        (-0.034, "proportion", "\u22123,4\u202fpts"),
    ],
)
def test_a_gap_is_signed_and_that_of_rates_is_in_points(value, unit, written):
    assert formats.quantity_gap(value, unit) == written


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (date(2017, 9, 30), "30 septembre 2017"),
        (date(2016, 1, 1), "1er janvier 2016"),
        ("2014-08-02", "2 août 2014"),
        (datetime(2016, 12, 31, 23, 59, tzinfo=UTC), "31 décembre 2016"),
        (pd.Timestamp("2015-02-28"), "28 février 2015"),
        ("", "–"),
    ],
)
def test_long_dates(value, written):
    assert formats.long_date(value) == written


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (datetime(2017, 9, 30, 14, 5, tzinfo=UTC), "30 septembre 2017 à 14 h 05"),
        ("2017-10-01T09:30:00Z", "1er octobre 2017 à 9 h 30"),
        (date(2017, 9, 30), "30 septembre 2017"),
        ("2017-09-30", "30 septembre 2017"),
    ],
)
def test_moments(value, written):
    assert formats.date_time(value) == written


def test_the_twelve_months_in_full_and_short():
    days = [date(2016, number, 1) for number in range(1, 13)]
    assert " ".join(formats.month_name(day).removesuffix(" 2016") for day in days) == (
        "janvier février mars avril mai juin juillet août septembre octobre novembre décembre"
    )
    assert " ".join(formats.short_month(day).removesuffix(" 2016") for day in days) == (
        "janv. févr. mars avr. mai juin juil. août sept. oct. nov. déc."
    )


@pytest.mark.parametrize(
    ("count", "written"),
    [(0, "0 caisse"), (1, "1 caisse"), (2, "2 caisses"), (1060, "1\u202f060 caisses")],
)
def test_zero_and_one_are_singular(count, written):
    assert formats.counted(count, "caisse") == written


def test_a_plural_may_be_irregular():
    assert formats.counted(3, "taux publié", "taux publiés") == "3 taux publiés"


@pytest.mark.parametrize(
    ("words", "written"),
    [([], ""), (["Ain"], "Ain"), (["Ain", "Jura"], "Ain et Jura"), (list("abc"), "a, b et c")],
)
def test_lists_in_words(words, written):
    assert formats.listed(words) == written


def test_names_are_sorted_as_a_french_index():
    in_order = [
        "Ain",
        "Ardèche",
        "Ardennes",
        "Côte-d’Or",
        "Côtes-d'Armor",
        "Creuse",
        "Eure",
        "Eure-et-Loir",
        "Évreux",
        "Hérault",
        "Île-de-France",
        "Isère",
        "Lœuilly",
        "Lyon",
        "Yonne",
        "Yvelines",
    ]
    by_code_point = sorted(in_order)
    assert by_code_point != in_order
    assert sorted(by_code_point, key=formats.french_key) == in_order


def test_accents_case_and_signs_do_not_separate_words():
    assert formats.french_key("ÎLE DE FRANCE") == formats.french_key("Ile-de-France")
    assert formats.french_key("Côte-d’Or") == formats.french_key("cote d'or")


@pytest.mark.parametrize(
    ("proportion", "decimals", "shown"),
    [
        (1.0, 0, "100"),
        (0.9996, 0, "99"),
        (0.9996, 1, "99,9"),
        (0.9999999999, 0, "100"),
        (0.9496, 0, "94"),
        (0.95, 0, "95"),
        (0.9449, 0, "94"),
        (1.204, 0, "120"),
        (None, 0, "–"),
    ],
)
def test_a_rounded_attainment_never_says_the_contrary_of_its_status(proportion, decimals, shown):
    assert formats.attainment_number(proportion, decimals) == shown
