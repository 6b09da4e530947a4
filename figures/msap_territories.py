"""Requests of territories against their stays: the funnel that stands where establishments' can't.

Whoever lacks the right to small numbers sees hardly any decision of an establishment: refusals are
few. Requests and stays of whole territories are rarely small.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import pandas as pd

from figures.formats import number
from figures.funnel import (
    Funnel,
    FunnelUnit,
    Subject,
    judged_records,
    side_cell,
    unit_button,
)
from figures.markup import table, text
from figures.msap_counts import MsapCounts

FEWEST = 5
"""Territories from which a funnel of them is drawn."""

REGIONS = Subject(
    one="région",
    many="régions",
    gender="e",
    rate="Demandes pour 1 000 séjours",
    against="le nombre de séjours sous MSAP",
    axis="Séjours sous MSAP",
    trial=("séjour", "séjours"),
    said=lambda rate: f"{number(rate * 1000, 1)} demandes pour 1 000 séjours",
    tick=lambda rate: number(rate * 1000),
    parameter="territoire",
    base="France",
    joint=", sur ",
    starts_at_zero=True,
    caution="Les gestes diffèrent d’une région à l’autre : un écart ne dit pas encore pourquoi",
)
DEPARTMENTS = replace(
    REGIONS,
    one="département",
    many="départements",
    gender="",
    caution="Les gestes diffèrent d’un département à l’autre : un écart ne dit pas encore pourquoi",
)
SUBJECTS: Mapping[str, Subject] = {"departement": DEPARTMENTS, "region": REGIONS}
"""By level, the finest first."""


def territory_units(counts: Mapping[str, MsapCounts], names: Mapping[str, str]) -> list[FunnelUnit]:
    """The territories whose requests and stays the reader may see.

    A funnel is one of proportions: more requests than stays, which no right extract holds, would
    stand at its edge.

    Args:
        counts: by code of territory.
        names: by code of territory.
    """
    return [
        FunnelUnit(code, names.get(code, code), "", min(own.requests, own.stays), own.stays)
        for code, own in counts.items()
        if own.requests is not None and own.stays
    ]


def withheld_count(counts: Mapping[str, MsapCounts]) -> int:
    """How many territories are not drawn because their requests or stays are withheld."""
    return sum(own.requests is None or own.stays is None for own in counts.values())


def is_comparable(units: Sequence[FunnelUnit], withheld: int) -> bool:
    """Whether those seen are enough, and most of all: else they are no fair sample."""
    return len(units) >= FEWEST and withheld <= len(units)


def territories_table(plot: Funnel, caption: str) -> str:
    """Every territory that may be shown, with both judgements."""
    chance, widened = plot.sides("hasard"), plot.sides("surdispersion")
    rows = [
        (
            unit_button(unit.code, unit.name, plot.subject),
            number(unit.trials),
            number(unit.events),
            f"<b>{text(plot.subject.tick(unit.rate))}</b>",
            side_cell(chance[place]),
            side_cell(widened[place]),
        )
        for place, unit in enumerate(plot.units)
    ]
    heads = (
        *(plot.subject.one.capitalize(), "Séjours", "Demandes", "Pour 1 000 séjours"),
        *("Hasard seul", "Avec surdispersion"),
    )
    return table(caption, heads, rows, numeric=(1, 2, 3), is_stacked=True)


def territories_records(plot: Funnel) -> pd.DataFrame:
    """Every territory that may be shown, for a file; rates and limits are proportions."""
    return judged_records(
        plot,
        lambda unit: {
            "territoire_code": unit.code,
            "territoire": unit.name,
            "sejours": unit.trials,
            "demandes": unit.events,
            "demandes_par_sejour": unit.rate,
        },
    )
