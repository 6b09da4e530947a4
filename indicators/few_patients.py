"""Which counts of patients are too small for a verdict. Pure.

Where fewer than eleven patients joined and fewer than eleven were aimed at, one patient more or
less moves the attainment by ten points or more: neither a lead nor a delay can be told from it.
The figure is shown, and gets no verdict. Eleven is also the smallest count of patients that
everybody may see (``suppression.SMALLEST_SHOWN``): one number is to be remembered. A build may
hide more by its setting; what a verdict rests on does not follow it.
"""

from __future__ import annotations

from functools import cache

import pandas as pd

from indicators.attainment import Status
from indicators.catalogue import catalogue
from indicators.suppression import SMALLEST_SHOWN

TOO_FEW = "too_few"
"""What stands for the status of such a figure, in place of attained, close or behind."""

JUDGED: tuple[Status, ...] = ("attained", "close", "behind")
"""The statuses that are a verdict."""

_VERDICT = {"indicator_code", "realised", "objective_to_date", "status"}


def is_too_few(realised: float | None, objective: float | None) -> bool:
    """Whether both the patients counted and those aimed at are too few for a verdict.

    Args:
        realised: patients of the year so far; None where unknown or withheld.
        objective: those aimed at, to date while the year is open; None where unknown.
    """
    return all(count is not None and count < SMALLEST_SHOWN for count in (realised, objective))


@cache
def counts_of_patients() -> frozenset[str]:
    """The indicators that count patients: neither rates nor days, nor counts of other things."""
    return frozenset(
        code
        for code, indicator in catalogue().items()
        if indicator.counts_patients and indicator.unit == "count"
    )


def has_verdicts(figures: pd.DataFrame) -> bool:
    """Whether the rows hold verdicts on a year beside what these rest on."""
    return set(figures.columns) >= _VERDICT


def without_verdict_on_few(figures: pd.DataFrame) -> pd.DataFrame:
    """The figures of a year with ``too_few`` in place of the verdicts that rest on too few.

    Args:
        figures: shape (n, …), with ``indicator_code``, ``realised``, ``status`` and
            ``objective_to_date``, which is the year's objective once the year is closed.

    Returns: the same rows, a copy; what is not applicable or withheld stays so.
    """
    realised = pd.to_numeric(figures["realised"])
    is_few = (
        figures["indicator_code"].isin(counts_of_patients())
        & figures["status"].isin(JUDGED)
        & (realised < SMALLEST_SHOWN)
        & (pd.to_numeric(figures["objective_to_date"]) < SMALLEST_SHOWN)
    )
    return figures.assign(status=figures["status"].mask(is_few, TOO_FEW))
