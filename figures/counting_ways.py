"""The same inequality counted otherwise: by grain, with or without overseas, weighted or not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from figures.formats import ABSENT, number
from figures.grammar import typeset
from figures.markup import table, text
from figures.professions import GRAIN_NOUNS, index_words

WEIGHTED_WORDS = {True: "pondéré par la population", False: "un territoire, une voix"}


@dataclass(frozen=True)
class CountingWay:
    """One way to count the index; ``gini`` is None where it can't be.

    ``elsewhere`` says where, if another area than the one shown is looked at by that grain.
    """

    grain: str
    is_weighted: bool
    is_overseas_counted: bool
    gini: float | None
    territories: int
    is_shown: bool
    elsewhere: str = ""

    @property
    def address(self) -> dict[str, str]:
        """The choices that show it; an index without weights stands here only, to compare."""
        return {
            "maille": self.grain,
            "outremer": "avec" if self.is_overseas_counted else "sans",
        }


def counting_finding(ways: Sequence[CountingWay]) -> str:
    """From which index to which, by the way of counting alone."""
    known = sorted(way.gini for way in ways if way.gini is not None)
    if len(known) < 2:
        return "Une seule manière de compter est possible ici"
    return typeset(
        f"Selon la manière de compter, l’indice va de {index_words(known[0])} à "
        f"{index_words(known[-1])} : dire toujours laquelle"
    )


def counting_table(ways: Sequence[CountingWay], caption: str, has_overseas: bool) -> str:
    """One row a way; the one shown is marked, the others are one click away."""
    rows = []
    for way in ways:
        noun = GRAIN_NOUNS[way.grain]
        name = f"Par {noun.one}, {WEIGHTED_WORDS[way.is_weighted]}"
        if has_overseas:
            name += ", outre-mer compris" if way.is_overseas_counted else ", sans l’outre-mer"
        if way.elsewhere:
            name += f", {way.elsewhere}"
        rows.append(
            (
                _link(way, name),
                ABSENT if way.gini is None else f"<b>{index_words(way.gini)}</b>",
                number(way.territories),
            )
        )
    return table(caption, ("Manière de compter", "Indice de Gini", "Territoires"), rows, (1, 2))


def _link(way: CountingWay, name: str) -> str:
    if way.is_shown:
        return f"<b>{text(name)}</b> <small>affichée</small>"
    if not way.is_weighted:
        return text(name)
    choices = "&".join(f"{key}={value}" for key, value in way.address.items())
    return (
        f'<button type="button" class="link" data-act="count" data-value="{text(choices)}">'
        f"{text(name)}</button>"
    )


def counting_records(ways: Sequence[CountingWay]) -> pd.DataFrame:
    """The ways of counting for a file."""
    return pd.DataFrame(
        {
            "maille": way.grain,
            "pondere": way.is_weighted,
            "outre_mer_compris": way.is_overseas_counted,
            "gini": way.gini,
            "territoires": way.territories,
        }
        for way in ways
    )
