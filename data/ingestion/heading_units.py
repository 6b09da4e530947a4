"""What a heading says beside a column's name: unit, scale, note, or that it is another column.

``Population (en milliers)`` is the population, a thousand times smaller; ``Population (femmes)`` is
not the population at all. What is not known to be harmless makes another column of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from data.contracts.model import NUMBER_TYPES, Column
from data.reference.french_text import fold

_GROUP = re.compile(r"\(([^)]*)\)|\[([^\]]*)\]")
_TAIL = re.compile(r"\ben ((?:(?!\ben\b).){1,40})$")
_SCALES = (
    (re.compile(r"\bmilliers?\b|\bk ?eur\b|\bkeuros?\b|\bk (?:hab|habitants)\b|\bx ?1 ?000$"), 1e3),
    (re.compile(r"\bmillions?\b|\bm ?eur\b|\bmio\b|\bx ?1 ?000 ?000$"), 1e6),
    (re.compile(r"\bmilliards?\b|\bmds? ?eur\b|\bmrds?\b"), 1e9),
    (re.compile(r"\bcentaines?\b|\bx ?100$"), 1e2),
)
_UNIT_OF_ALL = re.compile(r"\b(?:en|unites?) (milliers|millions|milliards|centaines)\b")
_LONE_WORDS = frozenset({"provisoire", "provisoires", "definitif", "definitifs", "arrondi"})
_COMMON_WORDS = frozenset(
    [
        "en",
        "de",
        "d",
        "du",
        "des",
        "la",
        "le",
        "l",
        "les",
        "et",
        "a",
        "au",
        "nombre",
        "nb",
        "n",
        "valeur",
        "valeurs",
        "brut",
        "brute",
        "bruts",
        "absolu",
        "absolue",
        "unite",
        "unites",
        "facultatif",
        "facultative",
        "obligatoire",
        "entier",
        "entiere",
        "si",
        "connu",
        "connue",
        "vide",
    ]
)
_MONEY = frozenset({"eur", "euro", "euros"})
_PERCENT = frozenset({"pct", "pourcentage", "pour", "cent"})
_THINGS = _MONEY | frozenset(
    [
        "adhesions",
        "adhesion",
        "adherents",
        "dossiers",
        "patients",
        "personnes",
        "assures",
        "actes",
        "sejours",
        "sites",
        "appels",
        "consultations",
        "etablissements",
        "effectif",
        "effectifs",
        "professionnels",
        "points",
        "jours",
        "habitants",
    ]
)
"""What values may be counted in where the unit is that of each row's indicator."""

_GENERIC_UNITS = ("celle de", "unite de")


def plain_heading(heading: str) -> str:
    """The heading folded, its signs written as words."""
    signs = (("%", " pct "), ("°", "o"), ("€", " eur "), ("×", " x "))
    for sign, word in signs:
        heading = heading.replace(sign, word)
    return fold(heading)


def said_scale(text: str) -> float:
    """What the values are to be multiplied by, as a heading or a title says it; 1 where it doesn't.

    ``en milliers``, ``k€``, ``M€``, ``x 1 000``.
    """
    plain = plain_heading(text)
    return next((factor for pattern, factor in _SCALES if pattern.search(plain)), 1.0)


def said_above(texts: Iterable[str]) -> float:
    """The scale that titles above a table give to all of it; 1 where none or several do.

    Amounts of money have their own: ``en milliers d’euros`` says nothing of people.
    """
    said = {
        said_scale(found[1])
        for text in texts
        for found in _UNIT_OF_ALL.finditer(plain_heading(text))
        if not speaks_of_money(text)
    }
    return said.pop() if len(said) == 1 else 1.0


def speaks_of_money(text: str) -> bool:
    """Whether a text is about euros, whose scale is none of other values."""
    return bool(_MONEY & set(re.sub(r"\b[km]eur\b", "eur", plain_heading(text)).split()))


def scale_of(heading: str, column: Column) -> int | None:
    """What the cells under a heading are to be multiplied by to be in the unit of the column.

    Null where it can't be said: percentages have no scale, and a unit may be the larger one.
    """
    said = said_scale(heading)
    if said == 1 or column.type not in NUMBER_TYPES:
        return 1
    own = max(said_scale(text) for text in (column.unit or "", column.title))
    factor = said / own
    if column.type == "percent" or factor < 1:
        return None
    return int(factor)


def another_sense(heading: str, column: Column) -> str | None:
    """What a heading adds to the name of a column of numbers that makes it another one, or null.

    Looked at: what stands in parentheses, and what follows ``en``.
    """
    if column.type not in NUMBER_TYPES:
        return None
    if scale_of(heading, column) is None:
        return heading
    added = [first or second for first, second in _GROUP.findall(heading)]
    tail = _TAIL.search(plain_heading(_GROUP.sub(" ", heading)))
    added += [tail[1]] if tail else []
    return next((" ".join(text.split()) for text in added if not _is_harmless(text, column)), None)


def _is_harmless(text: str, column: Column) -> bool:
    plain = plain_heading(text)
    # The mark of a note: (1), (a), (p).
    if len(plain) <= 1 or plain in _LONE_WORDS:
        return True
    for pattern, _ in _SCALES:
        plain = pattern.sub(" ", plain)
    return not set(plain.split()) - _words_of(column)


def _words_of(column: Column) -> frozenset[str]:
    """The words that say nothing new of a column: its names, its unit and what it may count."""
    unit = fold(column.unit or "")
    words = {
        word
        for text in (column.unit or "", column.title, column.name, *column.headings)
        for word in plain_heading(text).split()
        # « pour 1 000 » is not « pour 100 000 ».
        if not word.isdigit() or word in unit.split()
    }
    if "habitants" in words:
        words.add("hab")
    if column.type == "percent" or column.percent_sign != "refused":
        words |= _PERCENT
    if column.type != "percent" and unit.startswith(_GENERIC_UNITS):
        words |= _THINGS
    return frozenset(words) | _COMMON_WORDS | (_MONEY if speaks_of_money(unit) else frozenset())
