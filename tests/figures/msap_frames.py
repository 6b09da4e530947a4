"""Establishments, months and procedures made up for the figures of the MSAP."""

from __future__ import annotations

from datetime import date

from figures.msap_counts import MsapCounts
from figures.msap_establishments import Establishment
from figures.p_chart import Period, Window

WINDOW = Window(date(2016, 3, 1), date(2016, 8, 31))


def counts(approvals: int, refusals: int, pending: int = 0, **more: float) -> MsapCounts:
    """Counts that add up."""
    return MsapCounts(
        requests=approvals + refusals + pending,
        approvals=approvals,
        refusals=refusals,
        pending=pending,
        **more,
    )


def establishment(
    number: int, found: MsapCounts, expected: float | None = None, name: str = ""
) -> Establishment:
    """An establishment with a made-up FINESS."""
    return Establishment(
        code=f"99{number:07d}",
        name=name or f"Clinique fictive {number}",
        place="Haute-Loire",
        territory_code="DEP-43",
        status="prive",
        category="prive_bl",
        counts=found,
        expected=expected,
        windows=(WINDOW,),
    )


def many_establishments() -> list[Establishment]:
    """Forty ordinary ones, one far below, one withheld, one without decision."""
    ordinary = [
        establishment(i, counts(19 + i % 5 * 10 - i % 2, i % 2 + 1), 19.4 + i % 5 * 10)
        for i in range(40)
    ]
    return [
        *ordinary,
        establishment(90, counts(70, 30), 96.0, "Clinique <b>des</b> Tilleuls"),
        establishment(91, MsapCounts(is_hidden=True)),
        establishment(92, MsapCounts(requests=0, approvals=0, refusals=0, pending=0)),
    ]


def months(start: date, found: list[MsapCounts]) -> list[Period]:
    """A month for each of the counts, from ``start`` on."""
    days = [
        date(start.year + (start.month - 1 + i) // 12, (start.month - 1 + i) % 12 + 1, 1)
        for i in range(len(found))
    ]
    return [Period(day, day, one) for day, one in zip(days, found, strict=True)]
