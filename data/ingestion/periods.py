"""Months, years and dates as people type them → dates."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import TypeVar

from data.ingestion.date_advice import (
    MONTHS,
    as_day,
    as_month,
    month_to_write,
    months_of_period,
    told_of_odd_day,
)
from data.reference.french_text import fold

FIRST_YEAR = 1950
LAST_YEAR = 2100
_EXCEL_EPOCH = date(1899, 12, 30)
_ISO = re.compile(
    r"(\d{4})[-/.](\d{1,2})(?:[-/.](\d{1,2}))?"
    r"(?:[ T]\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?)?"
)
_FRENCH = re.compile(r"(?:(\d{1,2})[-/. ])?(\d{1,2})[-/. ](\d{4})(?: \d{1,2}:\d{2}(?::\d{2})?)?")
_COMPACT = re.compile(r"(\d{4})(?:M|m)?(\d{2})(\d{2})?")
_SERIAL = re.compile(r"[34]\d{4}|50\d{3}")
_NAMED = re.compile(r"(?:(\d{1,2})(?:er)? )?([a-z]+) (\d{2}|\d{4})")
_NOTE_AFTER_YEAR = re.compile(r"((?:19|20)\d{2})\s*(?:\d|[¹²³⁴-⁹]|[a-z]|\*+)", re.IGNORECASE)
_MONTH_AS_WRITTEN = "Écrivez-le comme ceci : 2016-03, ou mars 2016."
_NAMED_YEAR_FIRST = re.compile(r"(\d{4}) ([a-z]+)")

Value = TypeVar("Value")
Read = tuple[Value | None, str | None]


def read_month(text: str) -> Read[date]:
    """The first day of the month that a cell means, or null and why; never raises.

    Reads ``2016-03``, ``03/2016``, ``mars 2016``, ``mars-16``, ``201603``, ``2016M03``,
    ``01/03/2016`` (day first), ``2016-03-01`` and the day numbers of spreadsheets. A year alone or
    a quarter is no month.
    """
    bare = text.strip()
    folded = fold(bare)
    if re.fullmatch(r"(?:annee )?(?:19|20)\d{2}", folded):
        return None, (
            "est une année seule. Donnez le mois (par exemple "
            f"{folded[-4:]}-03) : le CPG se suit mois par mois."
        )
    months = months_of_period(bare)
    if months is not None:
        told = months or "écrite 2016-03 par exemple"
        return None, f"est un trimestre ou un semestre. Donnez une ligne par mois, {told}."
    day = _read_day(bare, folded)
    if day is None:
        meant = month_to_write(bare)
        advice = f"Écrivez {meant} si c’est bien lui." if meant else _MONTH_AS_WRITTEN
        return None, told_of_odd_day(bare, as_month) or f"n’est pas un mois. {advice}"
    return day.replace(day=1), None


def read_date(text: str) -> Read[date]:
    """The day that a cell means, or null and why; never raises."""
    bare = text.strip()
    day = _read_day(bare, fold(text))
    if day:
        return day, None
    problem = told_of_odd_day(bare, as_day)
    return None, problem or "n’est pas une date. Écrivez-la comme ceci : 31/12/2016."


def read_year(text: str) -> Read[int]:
    """The year that a cell means, or null and why; never raises."""
    match = re.fullmatch(r"(?:annee )?(\d{4})(?: 0)?", fold(text))
    if match and FIRST_YEAR <= int(match.group(1)) <= LAST_YEAR:
        return int(match.group(1)), None
    # A day at the start or the end of a year is how spreadsheets store a year column.
    day = _read_day(text.strip(), fold(text))
    if day and (day.month, day.day) in {(1, 1), (12, 31)}:
        return day.year, None
    if match := _NOTE_AFTER_YEAR.fullmatch(text.strip()):
        year = match.group(1)
        return None, f"semble l’année {year} suivie d’un appel de note. Écrivez {year} seul."
    return None, "n’est pas une année. Écrivez-la sur quatre chiffres (2016)."


def _read_day(bare: str, folded: str) -> date | None:
    if match := _ISO.fullmatch(bare):
        return _day(match.group(1), match.group(2), match.group(3))
    if match := _FRENCH.fullmatch(bare):
        return _day(match.group(3), match.group(2), match.group(1))
    if match := _COMPACT.fullmatch(bare):
        return _day(*match.groups())
    if _SERIAL.fullmatch(bare):
        return _EXCEL_EPOCH + timedelta(days=int(bare))
    if match := _NAMED.fullmatch(folded):
        name, year = match.group(2), match.group(3)
        year = f"20{year}" if len(year) == 2 else year
        return _day(year, str(MONTHS.get(name, 0)), match.group(1))
    if match := _NAMED_YEAR_FIRST.fullmatch(folded):
        return _day(match.group(1), str(MONTHS.get(match.group(2), 0)), None)
    return None


def _day(year: str, month: str, day: str | None) -> date | None:
    try:
        found = date(int(year), int(month), int(day or 1))
    except ValueError:
        return None
    return found if FIRST_YEAR <= found.year <= LAST_YEAR else None
