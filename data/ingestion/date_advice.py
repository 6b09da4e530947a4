"""What to write in the place of a month or a day that is refused, as far as it can be known."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import date

from data.reference.french_text import fold, quoted

FEWEST_MONTHS_FIRST = 2
MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "janvier janv jan january",
            "fevrier fevr fev february feb",
            "mars mar march",
            "avril avr april apr",
            "mai may",
            "juin jun june",
            "juillet juil jul july",
            "aout aou august aug",
            "septembre sept sep september",
            "octobre oct october",
            "novembre nov november",
            "decembre dec december",
        ),
        1,
    )
    for name in names.split()
}
"""Month by its folded names, French and English, whole and cut."""

_NUMBERS = re.compile(
    r"(\d{1,2})[-/. ](\d{1,2})[-/. ](?:(\d{4})(?: \d{1,2}:\d{2}(?::\d{2})?)?|(\d{2}))"
)
_YEAR_FIRST = re.compile(r"((?:19|20)\d{2})[-/. ]?(\d{1,2})(?:[-/. ]?\d{1,2})?")
_PERIOD = re.compile(
    r"\b(?:(?P<letter>[tqs]) ?(?P<rank>[1-4])\b"
    r"|(?P<first>[1-4]) ?(?:er|e|eme|nd|nde)? ?(?P<name>trimestre|semestre|quarter|trim|t|s)"
    r"(?![a-z]))"
)
_YEAR = re.compile(r"(?<!\d)((?:19|20)\d{2})(?!\d)")
_WORD = re.compile(r"[a-z]+")

Writing = Callable[[date], str]
"""How a day is written where it is advised: its month, or itself."""


def as_month(day: date) -> str:
    """``2016-03``, which nobody reads in two ways."""
    return f"{day:%Y-%m}"


def as_day(day: date) -> str:
    """The ISO writing, which nobody reads in two ways."""
    return f"{day:%Y-%m-%d}"


def are_month_first(texts: Iterable[str]) -> bool:
    """Whether days of a column, ``02/01/2016, 03/01/2016``, may all be first days of months.

    Read day first, all would fall in January, on days of 1 to 12: nothing tells which is meant.
    """
    days = [_parts(text) for text in texts if text.strip()]
    known = [day for day in days if day and len(day[2]) == 4]
    firsts = {first for first, _, _ in known}
    return (
        len(known) == len(days)
        and len(firsts) >= FEWEST_MONTHS_FIRST
        and max(firsts) <= 12
        and {second for _, second, _ in known} == {1}
    )


def told_of_firsts(text: str, write: Writing) -> str:
    """What to say of one day of a column that ``are_month_first``."""
    return (
        "peut être écrit mois d’abord : toutes les dates de la colonne tombent en janvier si on "
        f"lit le jour d’abord. {_either(text, write)}"
    )


def american_among(texts: Iterable[str]) -> str | None:
    """The first day of a column that can only be written month first, null for none."""
    return next((text.strip() for text in texts if _is_american(text)), None)


def told_beside(american: str, text: str, write: Writing) -> str | None:
    """What to say of a day that may be written month first as another of its column is."""
    found = _parts(text)
    if found is None or len(found[2]) != 4 or len(_readings(text)) < 2:
        return None
    return (
        f"est douteux : la même colonne contient {quoted(american)}, écrit mois d’abord. "
        f"{_either(text, write)}"
    )


def told_of_odd_day(text: str, write: Writing) -> str | None:
    """Why a date that a spreadsheet may well have written is refused rather than guessed."""
    found = _parts(text)
    if found is None:
        return None
    if _is_american(text):
        return (
            "est une date écrite mois d’abord, à l’américaine. "
            f"Écrivez {write(_readings(text)[0])}."
        )
    if len(found[2]) == 4:
        return None
    readings = _readings(text)
    if len(readings) == 1:
        meant = write(readings[0])
        return f"n’a que deux chiffres pour l’année. Écrivez {meant}, si l’année est à la fin."
    why = "peut se lire de deux façons (jour-mois-année ou mois-jour-année)"
    return f"{why}. {_either(text, write)}"


def month_to_write(text: str) -> str:
    """The month that a text seems to speak of, ``2016-03``; empty where nothing tells it."""
    folded = fold(text)
    years = set(_YEAR.findall(folded)) or set(re.findall(r"(?:19|20)\d{2}", folded))
    named = {MONTHS[word] for word in _WORD.findall(folded) if word in MONTHS}
    if len(years) == len(named) == 1:
        return f"{years.pop()}-{named.pop():02d}"
    found = _parts(text)
    if found and len(found[2]) == 4 and 1 <= found[1] <= 12:
        return f"{found[2]}-{found[1]:02d}"
    if (match := _YEAR_FIRST.fullmatch(text.strip())) and 1 <= int(match[2]) <= 12:
        return f"{match[1]}-{int(match[2]):02d}"
    return ""


def months_of_period(text: str) -> str | None:
    """``de 2016-01 à 2016-03`` for a quarter or half a year, empty without its year.

    Null where the text speaks of neither.
    """
    folded = fold(text)
    match = _PERIOD.search(folded)
    if match is None:
        return None
    rank = int(match["rank"] or match["first"])
    length = 6 if (match["letter"] or match["name"]).startswith("s") else 3
    years = set(_YEAR.findall(folded))
    if len(years) != 1 or rank * length > 12:
        return ""
    year = years.pop()
    return f"de {year}-{(rank - 1) * length + 1:02d} à {year}-{rank * length:02d}"


def _parts(text: str) -> tuple[int, int, str] | None:
    match = _NUMBERS.fullmatch(text.strip())
    return (int(match[1]), int(match[2]), match[3] or match[4]) if match else None


def _is_american(text: str) -> bool:
    found = _parts(text)
    return bool(found and len(found[2]) == 4 and found[0] <= 12 < found[1] and _readings(text))


def _readings(text: str) -> list[date]:
    """The days that a text may mean, day first then month first, each once."""
    found = _parts(text)
    if found is None:
        return []
    first, second, year = found
    whole = int(year) if len(year) == 4 else 2000 + int(year)
    days = []
    for month, day in ((second, first), (first, second)):
        try:
            days.append(date(whole, month, day))
        except ValueError:
            continue
    return list(dict.fromkeys(days))


def _either(text: str, write: Writing) -> str:
    """What to write: the one reading, or both and what tells them apart."""
    told = list(dict.fromkeys(write(day) for day in _readings(text)))
    if not told:
        return "Écrivez l’année sur quatre chiffres, le mois en lettres."
    if len(told) == 1:
        return f"Écrivez {told[0]}."
    return f"Écrivez {told[0]} (jour d’abord) ou {told[1]} (mois d’abord), selon ce qu’il en est."
