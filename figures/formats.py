"""French numbers, dates and order, as a reader of the Assurance maladie writes them."""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from indicators.attainment import DEFAULT_THRESHOLDS, STATUS_TOLERANCE

NARROW_SPACE = "\u202f"
MINUS = "\u2212"
ABSENT = "–"
MONTHS = (
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
)
SHORT_MONTHS = (
    "janv.",
    "févr.",
    "mars",
    "avr.",
    "mai",
    "juin",
    "juil.",
    "août",
    "sept.",
    "oct.",
    "nov.",
    "déc.",
)


def is_absent(value: Any) -> bool:
    """Whether there is no value: None, NaN, NaT or pandas' NA."""
    if value is None:
        return True
    if isinstance(value, float):
        return math.isnan(value)
    return type(value).__name__ in {"NAType", "NaTType"}


def known_float(value: Any) -> float | None:
    """The value as a float; None when absent."""
    return None if is_absent(value) else float(value)


def number(value: Any, decimals: int = 0) -> str:
    """``1234.5`` as ``1 234,5`` with narrow no-break spaces; an absent value as a dash."""
    if is_absent(value):
        return ABSENT
    text = f"{abs(float(value)):,.{decimals}f}".replace(",", NARROW_SPACE).replace(".", ",")
    is_negative = float(value) < 0 and text.strip("0,") != ""
    return f"{MINUS}{text}" if is_negative else text


def percent(proportion: Any, decimals: int = 1) -> str:
    """``0.1234`` as ``12,3 %``; an absent value as a dash."""
    if is_absent(proportion):
        return ABSENT
    return f"{number(float(proportion) * 100, decimals)}{NARROW_SPACE}%"


def attainment_number(proportion: Any, decimals: int = 0) -> str:
    """An attainment in per cent, rounded without reaching a threshold that it does not reach.

    ``0.9996`` is ``99`` and not ``100``: the figure must not say the contrary of its status.
    """
    if is_absent(proportion):
        return ABSENT
    value, step = float(proportion), 10.0**-decimals
    for threshold in (DEFAULT_THRESHOLDS.attained, DEFAULT_THRESHOLDS.close):
        if value < threshold - STATUS_TOLERANCE <= round(value * 100, decimals) / 100:
            return number(threshold * 100 - step, decimals)
    return number(value * 100, decimals)


def attainment_percent(proportion: Any, decimals: int = 1) -> str:
    """``attainment_number`` with its sign: ``99,9 %``."""
    shown = attainment_number(proportion, decimals)
    return shown if shown == ABSENT else f"{shown}{NARROW_SPACE}%"


def points(difference: Any, decimals: int = 1) -> str:
    """A difference of proportions in signed percentage points: ``+3,2 pts``, ``+1,9 pt``.

    The plural begins at two, as shown once rounded.
    """
    if is_absent(difference):
        return ABSENT
    value = float(difference) * 100
    unit = "pts" if round(abs(value), decimals) >= 2 else "pt"
    return f"{signed(value, decimals)}{NARROW_SPACE}{unit}"


def signed(value: Any, decimals: int = 0) -> str:
    """A number that always carries its sign, zero apart."""
    if is_absent(value):
        return ABSENT
    text = number(value, decimals)
    is_positive = float(value) > 0 and text.strip(f"0,{NARROW_SPACE}") != ""
    return f"+{text}" if is_positive else text


def quantity(value: Any, unit: str | None) -> str:
    """A measure written in its unit, as declared by the indicator's definition."""
    if is_absent(value):
        return ABSENT
    if unit == "proportion":
        return percent(value)
    if unit in {"eur", "euro", "euros"}:
        return f"{number(value)}{NARROW_SPACE}€"
    if unit in {"meur", "million_eur", "millions_eur"}:
        return f"{number(value, 1)}{NARROW_SPACE}M€"
    if unit in {"days", "jours"}:
        return f"{number(value, 1)}{NARROW_SPACE}j"
    if unit in {"index", "indice"}:
        return number(value, 3)
    return number(value, 0 if abs(float(value)) >= 100 or float(value).is_integer() else 1)


def quantity_gap(value: Any, unit: str | None) -> str:
    """A signed difference of two measures in their unit; rates differ in points."""
    if is_absent(value):
        return ABSENT
    if unit == "proportion":
        return points(value)
    text = quantity(value, unit)
    return f"+{text}" if float(value) > 0 else text


def long_date(value: Any) -> str:
    """``2017-09-30`` as ``30 septembre 2017``; the first of a month as ``1er``."""
    day = as_date(value)
    if day is None:
        return ABSENT
    ordinal = "1er" if day.day == 1 else str(day.day)
    return f"{ordinal} {MONTHS[day.month - 1]} {day.year}"


def date_time(value: Any) -> str:
    """A moment as ``30 septembre 2017 à 14 h 05``, in the zone the value carries."""
    day = as_date(value)
    if day is None:
        return ABSENT
    moment = value if isinstance(value, datetime) else None
    if moment is None and isinstance(value, str) and len(value) > 10:
        moment = datetime.fromisoformat(value.replace("Z", "+00:00"))
    return f"{long_date(day)} à {moment.hour} h {moment.minute:02d}" if moment else long_date(day)


def month_name(value: Any) -> str:
    """``2017-09-01`` as ``septembre 2017``."""
    day = as_date(value)
    return ABSENT if day is None else f"{MONTHS[day.month - 1]} {day.year}"


def short_month(value: Any) -> str:
    """``2017-09-01`` as ``sept. 2017``."""
    day = as_date(value)
    return ABSENT if day is None else f"{SHORT_MONTHS[day.month - 1]} {day.year}"


def as_date(value: Any) -> date | None:
    """The day of a date, a moment or an ISO text; None when absent."""
    if is_absent(value) or value == "":
        return None
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    return date.fromisoformat(str(value)[:10])


def counted(count: int, singular: str, plural: str | None = None) -> str:
    """``3 caisses``, ``1 caisse``, ``0 caisse``: French puts zero in the singular."""
    word = singular if abs(count) < 2 else (plural or f"{singular}s")
    return f"{number(count)} {word}"


def listed(words: Iterable[str]) -> str:
    """``a, b et c``."""
    *first, last = list(words) or [""]
    return f"{', '.join(first)} et {last}" if first else last


def french_key(text: str) -> str:
    """Sort key in French order: accents, case and ligatures don't separate words."""
    plain = text.replace("œ", "oe").replace("Œ", "Oe").replace("æ", "ae").replace("Æ", "Ae")
    decomposed = unicodedata.normalize("NFKD", plain)
    letters = "".join(letter for letter in decomposed if not unicodedata.combining(letter))
    return letters.casefold().replace("-", " ").replace("'", " ").replace("’", " ")
