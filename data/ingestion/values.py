"""Distinct texts of a column → typed values, read once each and joined back to the rows."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any

from data.contracts.model import Column
from data.ingestion.date_advice import (
    american_among,
    are_month_first,
    as_day,
    as_month,
    told_beside,
    told_of_firsts,
)
from data.ingestion.numbers import is_excel_error, is_missing
from data.ingestion.periods import read_date, read_month, read_year
from data.reference.caisses import read_caisse
from data.reference.departments import TerritoryReading
from data.reference.french_text import fold, plain_text, quoted
from data.reference.professions import read_profession
from data.reference.territories import territories
from data.reference.territory_reading import read_place, read_territory
from data.reference.zone_reading import read_zone
from indicators.catalogue import Indicator, catalogue

ALL_CLASSES = "all"
_ALL_CLASSES = frozenset(
    {
        "all",
        "ensemble",
        "total",
        "tous",
        "toutes",
        "tout age",
        "tous ages",
        "tous les ages",
        "tout sexe",
        "tous sexes",
        "deux sexes",
        "hommes et femmes",
    }
)
_TOTALS = ("total", "totaux", "sous total", "ensemble", "cumul", "somme")
_FOLLOWS_THE_CELL = ("ne désigne", "désigne", "est ", "peut ", ": ")


@dataclass(frozen=True)
class ValueReading:
    """What one text means in its column.

    ``problem``: why it means nothing, ending in what to do; ``remark``: what the sender should
    know though a value was read.
    """

    text: str
    value: Any = None
    problem: str | None = None
    remark: str | None = None


def read_values(column: Column, texts: Iterable[str]) -> list[ValueReading]:
    """Each distinct text of a column that is neither a number nor free text, read."""
    reader = _reader(column)
    if column.type not in {"month", "date"}:
        return [_one(reader, text) for text in texts]
    listed = list(texts)
    write = as_month if column.type == "month" else as_day
    if are_month_first(listed):
        return [
            ValueReading(text, problem=told_of_firsts(text, write) if text.strip() else None)
            for text in listed
        ]
    american = american_among(listed)
    doubts = {text: told_beside(american, text, write) for text in listed} if american else {}
    return [
        ValueReading(text, problem=doubts[text]) if doubts.get(text) else _one(reader, text)
        for text in listed
    ]


def _one(reader: Callable[[str], ValueReading], text: str) -> ValueReading:
    bare = text.strip()
    if is_excel_error(bare):
        problem = "est une erreur de tableur. Corrigez la formule ou videz la cellule."
        return ValueReading(text, problem=problem)
    found = reader(bare)
    # A choice such as ``s.o.`` may be a value of its column: the reader goes first.
    if found.problem and is_missing(bare):
        return ValueReading(text)
    return ValueReading(text, found.value, found.problem, found.remark)


def _reader(column: Column) -> Callable[[str], ValueReading]:
    if column.type == "caisse":
        return lambda text: _territory(text, read_caisse(text), "une caisse connue")
    if column.type == "territory":
        return lambda text: _territory(text, read_territory(text), "un territoire connu")
    if column.type == "place":
        return lambda text: _territory(text, read_place(text), "une caisse ou un département connu")
    if column.type == "indicator":
        return _indicator
    if column.type == "procedure":
        # Kept as printed: what it names is a fact of the row, and may depend on its year.
        return lambda text: ValueReading(text, None if is_missing(text) else plain_text(text))
    if column.type == "zone":
        return lambda text: _zone(text, read_zone(text, column.level))
    if column.type == "profession":
        return lambda text: ValueReading(
            text, None if is_missing(text) else read_profession(text).code
        )
    if column.type == "breakdown":
        return lambda text: ValueReading(text, None if is_missing(text) else _class(text))
    if column.type in {"boolean", "choice"}:
        return lambda text: _choice(column, text)
    read = {"month": read_month, "date": read_date, "year": read_year}[column.type]
    return lambda text: ValueReading(text, *read(text))


def _zone(text: str, reading: TerritoryReading) -> ValueReading:
    """A zone's code; what is kept without being counted comes with a remark."""
    if is_missing(text):
        return ValueReading(text)
    if reading.code is None:
        told = (reading.finding or "").removeprefix(quoted(text)).lstrip()
        return ValueReading(text, problem=f"{told}{_advice(told, text)}")
    return ValueReading(text, reading.code, None, reading.finding)


def _class(text: str) -> str:
    """A class of age or a sex, by its folded name; ``all`` for their total."""
    folded = fold(text)
    return ALL_CLASSES if folded in _ALL_CLASSES else folded.replace(" ", "_")


def _territory(text: str, reading: Any, wanted: str) -> ValueReading:
    if reading.code is None:
        told = (reading.finding or "").removeprefix(quoted(text)).lstrip()
        # What the reading says of the cell follows the cell, quoted once.
        problem = told if told.startswith(_FOLLOWS_THE_CELL) else f"n’est pas {wanted}. {told}"
        return ValueReading(text, problem=f"{problem.rstrip()}{_advice(told, text)}")
    return ValueReading(text, reading.code, None, reading.finding)


def _advice(told: str, text: str) -> str:
    """What to do about a cell, unless the reading has said it."""
    if "est un total" in told:
        return " Retirez la ligne."
    if fold(text).startswith(_TOTALS):
        return " Si c’est un total, retirez la ligne : les totaux sont recalculés."
    return "" if "crire" in told else " Corrigez la cellule ou retirez la ligne."


def _indicator(text: str) -> ValueReading:
    code = indicator_aliases().get(fold(text))
    if code is None:
        near = _near_indicators(fold(text))
        advice = f"Vouliez-vous dire {near} ?" if near else "Prenez un code du catalogue."
        return ValueReading(text, problem=f"n’est pas un indicateur connu. {advice}")
    return ValueReading(text, code)


def _near_indicators(folded: str) -> str:
    words = set(folded.split())
    scored = [
        (len(words & set(fold(f"{found.code} {found.title}").split())), found.code)
        for found in catalogue().values()
        if found.in_cpg
    ]
    best = sorted((pair for pair in scored if pair[0] >= 2), reverse=True)[:2]
    return " ou ".join(f"« {code} »" for _, code in best)


@cache
def indicator_aliases() -> dict[str, str]:
    """Folded code, title and, where only one indicator bears it, COG code → indicator code."""
    aliases: dict[str, str | None] = {}
    for found in catalogue().values():
        if found.cog_code:
            key = fold(found.cog_code)
            aliases[key] = found.code if aliases.get(key, found.code) == found.code else None
    for found in catalogue().values():
        aliases[fold(found.title)] = found.code
    for found in catalogue().values():
        aliases[fold(found.code)] = found.code
    return {alias: code for alias, code in aliases.items() if code}


def _choice(column: Column, text: str) -> ValueReading:
    value = _choices(column).get(fold(text))
    if value is None:
        accepted = ", ".join(f"« {names[0]} »" for names in column.choices.values())
        return ValueReading(text, problem=f"n’est pas une valeur admise. Écrivez {accepted}.")
    return ValueReading(text, value == "true" if column.type == "boolean" else value)


@cache
def _folded_choices(choices: tuple[tuple[str, tuple[str, ...]], ...]) -> dict[str, str]:
    return {fold(name): value for value, names in choices for name in (value, *names)}


def _choices(column: Column) -> dict[str, str]:
    return _folded_choices(tuple(column.choices.items()))


@dataclass(frozen=True)
class IndicatorFacts:
    """What checks need to know of an indicator."""

    code: str
    indicator_is_rate: bool
    indicator_is_proportion: bool
    indicator_is_whole: bool
    indicator_in_cpg: bool


def indicator_facts() -> list[IndicatorFacts]:
    """The facts that checks may name, for every indicator of the catalogue."""
    return [_facts(found) for found in catalogue().values()]


def _facts(found: Indicator) -> IndicatorFacts:
    return IndicatorFacts(
        found.code,
        found.aggregation.territories == "ratio_of_sums",
        found.unit == "proportion",
        found.unit == "count" and found.aggregation.territories == "sum",
        found.in_cpg,
    )


def components() -> dict[str, tuple[str, ...]]:
    """Indicators that are the sum of others, and which."""
    return {found.code: found.components for found in catalogue().values() if found.components}


def territories_without_cpg() -> frozenset[str]:
    """Codes of the territories where no CPG is signed."""
    frame = territories()
    return frozenset(frame.loc[~frame["has_cpg"].astype(bool), "territory_code"])
