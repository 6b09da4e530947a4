"""What a sender's month is worth on the day looked at: states around the day it is due."""

from datetime import date

import pytest

from indicators.catalogue import catalogue
from indicators.collection import Item, Missing, cell, due_days, item, months_of, worst

SEPTEMBER = date(2017, 9, 1)
DUE = {"a": date(2017, 10, 30), "b": date(2017, 11, 29)}


def monthly(code="a", delay=30, months=tuple(range(1, 13)), first=date(2014, 1, 1), years=(2017,)):
    return Item(code, "monthly", delay, months, first, frozenset(years))


@pytest.mark.parametrize(
    ("today", "state", "overdue"),
    [
        (date(2017, 10, 29), "awaited", 0),
        (date(2017, 10, 30), "awaited", 0),
        (date(2017, 10, 31), "late", 1),
        (date(2017, 11, 30), "late", 31),
    ],
)
def test_a_month_is_late_from_the_day_after_it_was_due(today, state, overdue):
    found = cell(SEPTEMBER, DUE, set(), set(), today)
    assert (found.state, found.overdue, found.due) == (state, overdue, date(2017, 10, 30))
    assert found.is_open == (state == "late")


@pytest.mark.parametrize(
    ("received", "provisional", "today", "state"),
    [
        ("ab", "", date(2018, 1, 1), "received"),
        ("ab", "b", date(2018, 1, 1), "provisional"),
        ("a", "", date(2017, 11, 29), "received"),
        ("a", "", date(2017, 11, 30), "late"),
        ("a", "a", date(2017, 11, 29), "provisional"),
        ("a", "a", date(2017, 11, 30), "late"),
        ("b", "", date(2017, 10, 31), "late"),
    ],
)
def test_what_lacks_counts_before_what_is_provisional(received, provisional, today, state):
    assert cell(SEPTEMBER, DUE, set(received), set(provisional), today).state == state


def test_what_lacks_is_named_by_the_day_it_was_due_and_later_ones_are_not_late():
    found = cell(SEPTEMBER, DUE, set(), set(), date(2017, 11, 15))
    assert found.missing == (Missing("a", DUE["a"]), Missing("b", DUE["b"]))
    assert found.late_codes(date(2017, 11, 15)) == ("a",)
    assert (found.received_count, found.expected_count, found.is_partial) == (0, 2, False)
    partial = cell(SEPTEMBER, DUE, {"b"}, set(), date(2017, 11, 15))
    assert partial.is_partial and partial.received_count == 1


def test_a_refused_file_counts_while_something_lacks():
    early = date(2017, 10, 1)
    assert cell(SEPTEMBER, DUE, set(), set(), early, is_refused=True).state == "refused"
    assert cell(SEPTEMBER, DUE, {"a"}, {"a"}, early, is_refused=True).state == "refused"
    assert cell(SEPTEMBER, DUE, {"a", "b"}, set(), early, is_refused=True).state == "received"
    refused = cell(SEPTEMBER, DUE, set(), set(), early, is_refused=True)
    assert refused.late_codes(early) == ("a", "b")


def test_nothing_is_expected_where_nothing_is_due_and_what_came_all_the_same_is_received():
    assert cell(SEPTEMBER, {}, set(), set(), date(2030, 1, 1)).state == "not_expected"
    assert cell(SEPTEMBER, {}, {"a"}, set(), date(2030, 1, 1)).state == "received"


def test_a_month_is_due_some_days_after_its_end():
    assert monthly(delay=30).due(SEPTEMBER) == date(2017, 10, 30)
    assert monthly(delay=60).due(date(2017, 12, 1)) == date(2018, 3, 1)


def test_what_has_a_season_is_asked_for_its_months_alone():
    flu = monthly(months=(10, 11, 12), delay=60)
    assert [month.month for month in months_of(2017) if flu.due(month)] == [10, 11, 12]
    assert flu.due(date(2017, 11, 1)) == date(2018, 1, 29)


def test_what_nobody_sends_is_asked_of_nobody():
    stopped = monthly(years=(2014, 2015))
    assert stopped.due(date(2016, 5, 1)) == date(2016, 6, 30)
    assert stopped.due(date(2017, 5, 1)) is None
    begun = monthly(first=date(2017, 4, 1))
    assert begun.due(date(2017, 3, 1)) is None and begun.due(date(2017, 4, 1)) is not None


def test_a_quarter_is_due_once_by_its_last_month():
    quarterly = Item("a", "quarterly", 30, tuple(range(1, 13)), date(2014, 1, 1), frozenset({2017}))
    days = {month.month: quarterly.due(month) for month in months_of(2017)}
    assert [month for month, day in days.items() if day] == [3, 6, 9, 12]
    assert days[9] == date(2017, 10, 30)


@pytest.mark.parametrize(
    ("contract", "code", "delay"),
    [
        ("cpg", "depistage_sein", 90),
        ("adhesions", "prado:maternite", 30),
        ("adhesions", "sante_active:ensemble", 30),
        ("msap", "demandes", 60),
    ],
)
def test_the_delay_is_that_of_the_definition_or_of_the_indicator_it_feeds(contract, code, delay):
    found = item(contract, code, date(2014, 1, 1), [2014, 2015], catalogue())
    assert (found.delay_days, found.frequency) == (delay, "monthly")
    assert found.sent_years == {2014, 2015}


def test_the_days_of_a_month_leave_out_what_is_not_asked():
    items = [monthly("a"), monthly("flu", months=(10, 11, 12))]
    assert due_days(items, SEPTEMBER) == {"a": date(2017, 10, 30)}


def test_the_worst_state_is_the_one_to_act_on():
    assert worst(["received", "late", "refused"]) == "late"
    assert worst(["received", "provisional"]) == "provisional"
    assert worst([]) == "not_expected"
