"""Whence the people of a distribution come, in words: what stands under figures and in files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from figures.formats import counted
from figures.grammar import LevelNoun, typeset
from figures.professions import people_of

CENSUS = "census"
"""The source of people who are those of the last census, whatever the year of the counts."""


def people_words(
    territories: Mapping[str, int],
    profession: str,
    year: int,
    census: str,
    noun: LevelNoun,
    same_years: Sequence[int] = (),
    is_every_year: bool = False,
) -> str:
    """``population municipale 2023, la même pour toutes les années : …``; empty without any.

    Args:
        territories: how many have their people from each ``population_source``.
        profession: whose reference group the people are.
        year: of the counts.
        census: what the population of the census is called, with its year.
        noun: the territories.
        same_years: the years that people of the census serve, in order.
        is_every_year: whether those are all the years of the counts.
    """
    own = _phrases(people_of(profession), year, census, _same(same_years, is_every_year))
    known = sorted(
        ((source, number) for source, number in territories.items() if number and source in own),
        key=lambda one: -one[1],
    )
    if len(known) == 1:
        return typeset(own[known[0][0]])
    parts = (f"{own[source]} ({counted(number, noun.one, noun.many)})" for source, number in known)
    return typeset(" ; ".join(parts))


def _same(years: Sequence[int], is_every_year: bool) -> str:
    """That several years have the same people; empty for one."""
    if len(years) < 2:
        return ""
    which = "pour toutes les années" if is_every_year else f"de {years[0]} à {years[-1]}"
    return f", la même {which} : l’évolution ne tient compte que des effectifs"


def _phrases(people: str, year: int, census: str, same: str) -> Mapping[str, str]:
    share = "" if people == "habitants" else f"part nationale des {people} dans la "
    return {
        "sent": f"population reçue pour {year}",
        "implied": f"population déduite des densités publiées de {year}",
        "estimated": f"{share}population de {year}",
        CENSUS: f"{share}{census}{same}",
    }
