"""A campaign of calls of Sophia, step by step: people aimed at, calls made, people who join.

People and calls are not the same: one is called several times. Both lie on one scale, in two
colours, and no step is drawn as a part of a step that it is no part of.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import pandas as pd

from figures.formats import ABSENT, known_float, number, percent
from figures.grammar import capitalised, typeset
from figures.markup import table, text
from figures.prado import MASKED
from figures.programme_bars import Bar, bar_cell, bars_svg, ceiling
from figures.records import records
from indicators.programme_costs import ratio

Unit = Literal["people", "calls"]


@dataclass(frozen=True)
class StepWords:
    """A step: its name, what is counted, the hue of its bar."""

    name: str
    unit: Unit
    hue: str


STEPS: Mapping[str, StepWords] = {
    "targeted": StepWords("Personnes visées", "people", "fav"),
    "calls_made": StepWords("Appels passés", "calls", "neu"),
    "calls_reached": StepWords("Appels aboutis", "calls", "neu"),
    "adhesion_promises": StepWords("Promesses d’adhésion", "people", "fav"),
    "refusals": StepWords("Refus", "people", "unf"),
    "adhesions": StepWords("Adhésions", "people", "fav"),
}
UNITS: Mapping[Unit, str] = {"people": "personnes", "calls": "appels"}


@dataclass(frozen=True)
class Campaign:
    """A campaign: its counts by step; None where withheld."""

    code: str
    name: str
    territory_code: str
    year: int
    counts: Mapping[str, float | None]
    is_published: bool

    def count(self, step: str) -> float | None:
        """The count of a step; None where unknown or withheld."""
        return self.counts.get(step)

    @property
    def is_hidden(self) -> bool:
        """Whether a count is withheld."""
        return any(value is None for value in self.counts.values())


def campaigns(rows: pd.DataFrame) -> dict[str, Campaign]:
    """Rows of ``programmes/sophia_funnel`` by campaign, the published ones first."""
    columns = ("campaign", "territory_code", "year", "step", "step_count", "is_published")
    found: dict[tuple[bool, str, str, int], dict[str, float | None]] = {}
    for row in records(rows, columns):
        key = (
            not bool(row["is_published"]),
            str(row["territory_code"]),
            str(row["campaign"]),
            int(row["year"]),
        )
        found.setdefault(key, {})[str(row["step"])] = known_float(row["step_count"])
    return {
        f"{territory}-{year}-{place}": Campaign(
            f"{territory}-{year}-{place}", name, territory, year, counts, not is_sent
        )
        for place, ((is_sent, territory, name, year), counts) in enumerate(sorted(found.items()), 1)
    }


def campaign_finding(one: Campaign) -> str:
    """How many joined, of those reached and of those aimed at."""
    joined = one.count("adhesions")
    if joined is None:
        why = "effectifs masqués (petits nombres)" if one.is_hidden else "adhésions inconnues"
        return typeset(f"Campagne {one.name} : {why}")
    said = f"Campagne {one.name} : {number(joined)} adhésions"
    reached = ratio(joined, one.count("calls_reached"))
    aimed = ratio(joined, one.count("targeted"))
    if reached is not None:
        said += f", {percent(reached, 0)} des appels aboutis"
    if aimed is not None:
        said += f", {percent(aimed, 0)} des personnes visées"
    return typeset(said)


def campaign_bars(one: Campaign) -> list[Bar]:
    """The steps in order, one scale for people and calls."""
    return [
        Bar(
            words.name,
            one.count(step),
            "Masqué" if one.count(step) is None else number(one.count(step)),
            words.hue,
        )
        for step, words in STEPS.items()
        if step in one.counts
    ]


def campaign_table(one: Campaign, caption: str) -> str:
    """Each step with what is counted and the share that can be said of it."""
    top = ceiling(campaign_bars(one))
    rows = []
    for step, words in STEPS.items():
        if step not in one.counts:
            continue
        value = one.count(step)
        bar = Bar(words.name, value, number(value), words.hue)
        rows.append(
            (
                text(words.name),
                text(UNITS[words.unit]),
                MASKED if value is None else bar_cell(bar, top),
                text(capitalised(share_words(one, step))) or ABSENT,
            )
        )
    heads = ("Étape", "Ce qui est compté", "Nombre", "Ce qu’on peut en dire")
    return table(caption, heads, rows, is_stacked=True)


def share_words(one: Campaign, step: str) -> str:
    """What a step is of another one, where both can be compared; empty where nothing can be."""
    value = one.count(step)
    if value is None:
        return ""
    reached, made = one.count("calls_reached"), one.count("calls_made")
    said = {
        "calls_made": _times(ratio(made, one.count("targeted"))),
        "calls_reached": _share(ratio(reached, made), "des appels passés"),
        "adhesion_promises": _share(ratio(value, reached), "des appels aboutis"),
        "refusals": _share(ratio(value, reached), "des appels aboutis"),
        "adhesions": ", ".join(
            part
            for part in (
                _share(ratio(value, reached), "des appels aboutis"),
                _share(ratio(value, one.count("adhesion_promises")), "des promesses"),
                _share(ratio(value, one.count("targeted")), "des personnes visées"),
            )
            if part
        ),
    }.get(step, "")
    return typeset(said)


def _times(times: float | None) -> str:
    return "" if times is None else f"{number(times, 2)} appel par personne visée"


def _share(share: float | None, of: str) -> str:
    return "" if share is None else f"{percent(share)} {of}"


def campaign_words(one: Campaign) -> str:
    """What the steps leave unsaid."""
    said = [
        "Des personnes et des appels : une même personne peut être appelée plusieurs fois. Les "
        "appels ne sont donc pas une part des personnes visées, et la part des personnes jointes "
        "n’est pas publiée."
    ]
    reached = one.count("calls_reached")
    promises, refusals = one.count("adhesion_promises"), one.count("refusals")
    if reached is not None and promises is not None and refusals is not None:
        rest = reached - promises - refusals
        if rest > 0:
            said.append(f"{number(rest)} appels aboutis n’ont donné ni promesse ni refus.")
    return typeset(" ".join(said))


def campaign_svg(one: Campaign, alt: str) -> str:
    """The steps as bars of one scale; calls are grey."""
    named = [
        Bar(f"{bar.name} ({UNITS[words.unit]})", bar.value, bar.said, bar.hue)
        for bar, words in zip(
            campaign_bars(one),
            (words for step, words in STEPS.items() if step in one.counts),
            strict=True,
        )
    ]
    return bars_svg(named, alt)


def campaign_records(one: Campaign) -> pd.DataFrame:
    """The steps for a file; withheld counts are empty."""
    return pd.DataFrame(
        {
            "campagne": one.name,
            "caisse": one.territory_code,
            "annee": one.year,
            "etape": words.name,
            "unite": UNITS[words.unit],
            "nombre": one.count(step),
            "part_des_appels_aboutis": None
            if step in ("targeted", "calls_made", "calls_reached")
            else ratio(one.count(step), one.count("calls_reached")),
        }
        for step, words in STEPS.items()
        if step in one.counts
    )
