"""When the next figure is expected, and how late it is."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indicators.calendar import MONTHS_OF_PERIOD, next_expected, overdue_days
from indicators.catalogue import catalogue


@pytest.mark.parametrize(
    ("last_month", "frequency", "delay_days", "expected"),
    [
        (date(2017, 8, 1), "monthly", 0, date(2017, 9, 30)),
        (date(2017, 8, 1), "monthly", 30, date(2017, 10, 30)),
        (date(2017, 8, 31), "monthly", 60, date(2017, 11, 29)),
        (date(2016, 12, 1), "monthly", 30, date(2017, 3, 2)),
        (date(2016, 1, 1), "monthly", 0, date(2016, 2, 29)),
        (date(2017, 3, 1), "quarterly", 90, date(2017, 9, 28)),
        (date(2017, 2, 1), "quarterly", 0, date(2017, 6, 30)),
        (date(2016, 12, 1), "quarterly", 0, date(2017, 3, 31)),
        (date(2016, 12, 1), "yearly", 180, date(2018, 6, 29)),
        (date(2016, 5, 1), "yearly", 0, date(2017, 12, 31)),
    ],
)
def test_the_period_after_the_last_known_one(last_month, frequency, delay_days, expected):
    assert next_expected(last_month, frequency, delay_days) == expected


@pytest.mark.parametrize(
    ("last_month", "expected"),
    [
        (date(2016, 12, 1), date(2017, 12, 30)),
        (date(2017, 10, 1), date(2018, 1, 29)),
        (date(2017, 6, 1), date(2017, 12, 30)),
    ],
)
def test_out_of_season_nothing_is_expected_before_the_season_comes_back(last_month, expected):
    assert next_expected(last_month, "monthly", 60, (10, 11, 12)) == expected


def test_a_season_within_a_longer_period_is_that_period_s():
    assert next_expected(date(2016, 12, 1), "quarterly", 0, (11,)) == date(2017, 12, 31)
    assert next_expected(date(2016, 12, 1), "yearly", 0, (11,)) == date(2017, 12, 31)


@given(
    last_month=st.dates(date(2000, 1, 1), date(2090, 12, 31)),
    frequency=st.sampled_from(sorted(MONTHS_OF_PERIOD)),
    delay_days=st.integers(0, 400),
)
def test_what_is_expected_is_never_in_a_period_that_is_known(last_month, frequency, delay_days):
    expected = next_expected(last_month, frequency, delay_days)
    end = expected - timedelta(days=delay_days)
    assert (end + timedelta(days=1)).day == 1
    months = (end.year - last_month.year) * 12 + end.month - last_month.month
    assert 1 <= months < 2 * MONTHS_OF_PERIOD[frequency]


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"frequency": "weekly"}, "frequency"),
        ({"delay_days": -1}, "delay_days"),
        ({"sent_months": ()}, "sent_months"),
        ({"sent_months": (0, 1)}, "sent_months"),
    ],
)
def test_what_cannot_be_is_refused(wrong, sentence):
    asked = {"last_month": date(2017, 8, 1), "frequency": "monthly", "delay_days": 30} | wrong
    with pytest.raises(ValueError, match=sentence):
        next_expected(**asked)


def test_lateness_begins_the_day_after():
    expected = date(2017, 10, 30)
    assert overdue_days(expected, date(2017, 10, 1)) == 0
    assert overdue_days(expected, expected) == 0
    assert overdue_days(expected, date(2017, 11, 30)) == 31


def test_every_definition_has_an_expected_day():
    for indicator in catalogue().values():
        expected = next_expected(
            date(2016, 12, 1), indicator.frequency, indicator.delay_days, indicator.sent_months
        )
        assert date(2017, 1, 31) <= expected <= date(2018, 6, 29)
    assert catalogue()["vaccination_grippe"].sent_months == (10, 11, 12)
