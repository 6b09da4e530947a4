"""A territory's year in a few figures."""

from datetime import date

import pandas as pd
import pytest

from indicators.summary import (
    AtStake,
    Likely,
    Tally,
    at_stake,
    awaited,
    likely_by_december,
    month_before,
    provisional_months,
    tally,
    tally_of,
    up_to_date,
)
from tests.figures.readings import GENERICS, MATERNITY, landing, reading


def test_what_is_not_applicable_is_counted_nowhere_and_what_is_hidden_apart():
    known = [
        reading(status="attained", attainment=1.0),
        reading(status="close", attainment=0.96),
        reading(),
        reading(status="not_applicable", attainment=None),
        reading(status="not_applicable", attainment=None, is_hidden=True),
    ]
    counts = tally(known)
    assert counts == Tally(attained=1, close=1, behind=1, hidden=1)
    assert counts.judged == 3


def test_another_tally_holds_the_same_objectives_alone():
    others = {"a": 1.0, "b": 0.96, "c": 0.5, "d": float("nan"), "e": 1.2}
    assert tally_of(others, ["a", "b", "c", "d"]) == Tally(1, 1, 1, 0)
    assert tally_of({}, ["a"]) is None


def test_a_stake_is_gap_times_weight_and_what_is_ahead_gives_nothing_back():
    held = at_stake({"a": 0.9, "b": 1.3, "c": 0.2}, {"a": 10.0, "b": 5.0})
    assert held == AtStake(points=pytest.approx(1.0), carried=15.0)


def test_without_weight_nothing_is_at_stake():
    assert at_stake({"a": 0.5}, {}) is None
    assert at_stake({"a": float("nan")}, {"a": 10.0}) is None


def test_an_even_chance_is_likely_and_rates_are_not_landed():
    known = [
        reading(landing=landing(0.5), status="attained"),
        reading(landing=landing(0.49)),
        reading(landing=landing(None)),
        reading(GENERICS),
    ]
    assert likely_by_december(known) == Likely(likely=1, landed=2, to_date=1)


def test_a_sender_is_up_to_date_from_the_month_on():
    sent = [date(2017, 9, 1), date(2017, 8, 1), None]
    assert up_to_date(sent, date(2017, 9, 1)) == 1
    assert up_to_date(sent, month_before(date(2017, 9, 1))) == 2
    assert month_before(date(2017, 1, 1)) == date(2016, 12, 1)


def test_what_is_due_on_one_day_stands_together_and_says_how_late_it_is():
    unsent = reading("contacts_ps_es", last_month=None, senders_expected=0)
    known = [reading(), unsent, reading(GENERICS, last_month=date(2017, 8, 1))]
    found = awaited(known, date(2017, 12, 2))
    assert sorted(code for one in found for code in one.codes) == sorted([GENERICS, MATERNITY])
    maternity = next(one for one in found if MATERNITY in one.codes)
    assert maternity.expected == date(2017, 11, 30)
    assert maternity.overdue == 2


def test_a_figure_of_the_open_year_that_nobody_has_sent_is_due_since_the_former_december():
    unsent = reading(last_month=None, points=())
    (found,) = awaited([unsent], date(2017, 11, 30))
    # 30 days after the end of January.
    assert (found.expected, found.codes) == (date(2017, 3, 2), (MATERNITY,))
    assert awaited([reading(last_month=None, is_open_year=False)], date(2017, 11, 30)) == []


def test_provisional_months_are_those_of_the_year_each_once():
    months = pd.DataFrame(
        {
            "year": [2016, 2017, 2017, 2017],
            "month": pd.to_datetime(["2016-12-01", "2017-09-01", "2017-09-01", "2017-01-01"]),
            "is_provisional": [True, True, True, False],
        }
    )
    assert provisional_months(months, 2017) == [date(2017, 9, 1)]
