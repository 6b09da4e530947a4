"""How a profession, its people and its territories are named in sentences and headings."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from data.reference.professions import Profession, population_groups, professions
from figures.formats import NARROW_SPACE, counted, number, percent, signed
from figures.grammar import LevelNoun, typeset
from figures.status import StatusWord
from indicators.distribution import PER
from indicators.inequality import Verdict
from indicators.spatial import EXPLORATORY_BELOW

GRAIN_NOUNS: Mapping[str, LevelNoun] = MappingProxyType(
    {
        "departement": LevelNoun("département", "départements", "m"),
        "epci": LevelNoun("EPCI", "EPCI", "m"),
    }
)
VERDICTS: Mapping[Verdict, StatusWord] = MappingProxyType(
    {
        "attained": StatusWord("▲", "Atteinte", "fav"),
        "not_attained": StatusWord("▼", "Non atteinte", "unf"),
        "within_noise": StatusWord("≈", "Dans le bruit", "neu"),
    }
)
NO_VERDICT = StatusWord("–", "Sans verdict", "neu")
THRESHOLD = 0.05
"""How often chance alone makes one verdict."""


@dataclass(frozen=True)
class Named:
    """What is looked at, in words.

    Attributes:
        profession: its code.
        where: the perimeter after its preposition (``en Occitanie``, ``en France``).
        grain: ``departement`` or ``epci``.
        year: the year of the counts.
        is_open: whether everything overseas is counted in; None where there is nothing overseas.
    """

    profession: str
    where: str
    grain: str
    year: int
    is_overseas_counted: bool | None = None

    @property
    def title(self) -> str:
        """``Infirmiers``."""
        return profession_name(self.profession)

    @property
    def many(self) -> str:
        """``infirmiers``."""
        return self.title[:1].lower() + self.title[1:]

    def counted(self, count: int) -> str:
        """``20 infirmiers``, ``1 sage-femme``: what stands in parentheses is left out."""
        noun = self.many.split(" (")[0]
        return counted(count, re.sub(r"s(?=[ -]|$)", "", noun), noun)

    @property
    def people(self) -> str:
        """``habitants``, ``femmes de 15 à 49 ans``."""
        return people_of(self.profession)

    @property
    def grain_noun(self) -> LevelNoun:
        """The territories counted."""
        return GRAIN_NOUNS[self.grain]

    @property
    def overseas(self) -> str:
        """``, outre-mer compris``, ``, sans l’outre-mer``; empty where there is none."""
        if self.is_overseas_counted is None:
            return ""
        return ", outre-mer compris" if self.is_overseas_counted else ", sans l’outre-mer"

    @property
    def place(self) -> str:
        """``en France hors outre-mer`` where overseas is left out, ``where`` otherwise."""
        return f"{self.where} hors outre-mer" if self.is_overseas_counted is False else self.where

    @property
    def per(self) -> str:
        """``pour 100 000 habitants``."""
        return f"pour {number(PER)} {self.people}"


def ir41_professions() -> tuple[str, ...]:
    """The six professions that the COG's IR 4.1 follows, in the order of the pages."""
    return tuple(code for code, found in professions().items() if found.is_ir41)


def profession_name(code: str) -> str:
    """The profession's name; one that the referential lacks is called as its file does."""
    found = professions().get(code)
    return found.name if found is not None else code.replace("_", " ").capitalize()


def people_of(code: str) -> str:
    """The people whom a profession is held to, in the plural."""
    found: Profession | None = professions().get(code)
    group = "all" if found is None else found.population_group
    if group == "all":
        return "habitants"
    name = population_groups()[group].name
    return name[:1].lower() + name[1:]


def index_words(value: float | None) -> str:
    """A Gini index: ``0,249``."""
    return number(value, 3)


def change_words(value: float | None) -> str:
    """A change of the index: ``−0,0012``."""
    return signed(value, 4)


def density_words(value: float | None) -> str:
    """A density: ``148,2``."""
    return number(value, 1)


def share_words(value: float) -> str:
    """A share of people or professionals, in whole per cent."""
    return f"{number(value * 100)}{NARROW_SPACE}%"


def exploratory_tag(territories: int) -> str:
    """`` (exploratoire)`` behind a finding that rests on few territories; empty otherwise."""
    return " (exploratoire)" if 0 < territories < EXPLORATORY_BELOW else ""


def exploratory_words(territories: int, noun: LevelNoun) -> str:
    """Why a result is exploratory, as a sentence that follows another; empty otherwise."""
    if not exploratory_tag(territories):
        return ""
    said = counted(territories, noun.one, noun.many)
    sentence = typeset(
        f"Résultat exploratoire : {said}, moins de {EXPLORATORY_BELOW} ; une indication d’où "
        "regarder."
    )
    return f" {sentence}"


def several_readings(verdicts: int) -> str:
    """What several verdicts at once are worth; empty for one or none."""
    if verdicts < 2:
        return ""
    at_least_one = 1 - (1 - THRESHOLD) ** verdicts
    return typeset(
        f"{number(verdicts)} lectures à {percent(THRESHOLD, 0)} chacune : une peut être due au "
        f"hasard (jusqu’à {percent(at_least_one, 0)} de chances qu’une au moins le soit)."
    )
