"""When the next figure of an indicator is expected, and how late it is.

An indicator's definition says how often it is sent (``frequency``), how many days after the end of
the period (``delay_days``) and, where it has a season, for which months (``sent_months``).
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, timedelta

MONTHS_OF_PERIOD = {"monthly": 1, "quarterly": 3, "yearly": 12}
EVERY_MONTH = tuple(range(1, 13))


def next_expected(
    last_month: date,
    frequency: str,
    delay_days: int,
    sent_months: Collection[int] = EVERY_MONTH,
) -> date:
    """The day by which the period after the last known one is expected.

    Args:
        last_month: any day of the last month known; the period that it lies in counts as known.
        frequency: ``monthly | quarterly | yearly``, by calendar months, quarters and years.
        delay_days: days from the end of a period until its figures are usually available, >= 0.
        sent_months: months of the year (1 to 12) that figures are sent for: the next period is the
            first one that holds such a month.

    Raises: ValueError on another frequency, a negative delay, or months that are none.
    """
    if frequency not in MONTHS_OF_PERIOD:
        raise ValueError(f"frequency must be one of {', '.join(MONTHS_OF_PERIOD)}: {frequency!r}.")
    if delay_days < 0:
        raise ValueError(f"delay_days must not be negative, got {delay_days!r}.")
    if not sent_months or not set(sent_months) <= set(EVERY_MONTH):
        raise ValueError(f"sent_months must be some of 1 to 12, got {tuple(sent_months)!r}.")
    length = MONTHS_OF_PERIOD[frequency]
    start = _months_after(_period_start(last_month, length), length)
    while not any(_months_after(start, rank).month in sent_months for rank in range(length)):
        start = _months_after(start, length)
    end = _months_after(start, length) - timedelta(days=1)
    return end + timedelta(days=delay_days)


def overdue_days(expected: date, today: date) -> int:
    """How many days late on ``today`` is what was expected; 0 up to the day itself."""
    return max(0, (today - expected).days)


def _period_start(day: date, length: int) -> date:
    """The first day of the period of ``length`` months that a day lies in."""
    return date(day.year, (day.month - 1) // length * length + 1, 1)


def _months_after(first_day: date, months: int) -> date:
    """The first day of the month so many months later."""
    years, month = divmod(first_day.month - 1 + months, 12)
    return date(first_day.year + years, month + 1, 1)
