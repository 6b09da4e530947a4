"""The territories that make one: how many objectives each attains, as a map, words and a table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from figures.formats import ABSENT, attainment_percent, counted, french_key, number
from figures.grammar import LEVEL_NOUNS, named, typeset
from figures.markup import table, text
from figures.sentences import subject
from figures.small_map import MapShape
from indicators.summary import Tally


@dataclass(frozen=True)
class Part:
    """A territory of the small map: its objectives by status and the one furthest behind.

    ``departments`` are codes (``43``); ``furthest`` is the title and attainment of that objective,
    None where nothing is judged.
    """

    code: str
    name: str
    departments: tuple[str, ...]
    counts: Tally
    furthest: tuple[str, float] | None

    @property
    def said(self) -> str:
        """``7 objectifs atteints sur 21``."""
        if not self.counts.judged:
            return "non applicable"
        done = counted(self.counts.attained, "objectif atteint", "objectifs atteints")
        return f"{done} sur {number(self.counts.judged)}"


def ordered_parts(parts: Sequence[Part]) -> list[Part]:
    """Those that attain most first, those of which nothing is judged last."""
    return sorted(
        parts, key=lambda p: (not p.counts.judged, -p.counts.attained, french_key(p.name))
    )


def part_shapes(parts: Sequence[Part]) -> list[MapShape]:
    """The parts as the map draws them."""
    return [
        MapShape(
            part.code,
            part.name,
            part.departments,
            part.counts.attained if part.counts.judged else None,
            part.said,
        )
        for part in parts
    ]


def parts_finding(parts: Sequence[Part], level: str) -> str:
    """From how few to how many objectives are attained, and where."""
    judged = [part for part in ordered_parts(parts) if part.counts.judged]
    if not judged:
        return "Aucun objectif jugé"
    most, least = judged[0].counts.attained, judged[-1].counts.attained
    if most == least:
        return typeset(f"Partout le même nombre d’objectifs atteints : {most}")
    best = [part.name for part in judged if part.counts.attained == most]
    last = [part.name for part in judged if part.counts.attained == least]
    return (
        typeset(
            f"De {least} objectifs atteints ({_some(last, level)}) à {most} ({_some(best, level)})"
        )
        .replace("De 0 objectifs", "De 0 objectif")
        .replace("De 1 objectifs", "De 1 objectif")
    )


def _some(names: Sequence[str], level: str) -> str:
    """The names of a few, else how many they are."""
    if len(names) <= 2:
        return named(list(names))
    noun = LEVEL_NOUNS[level]
    return counted(len(names), noun.one, noun.many)


def parts_alt(parts: Sequence[Part], level: str, when: str) -> str:
    """What the map shows, in words."""
    noun = LEVEL_NOUNS[level]
    judged = [part for part in ordered_parts(parts) if part.counts.judged]
    others = [part.name for part in parts if not part.counts.judged]
    hatched = f" Hachuré, non applicable : {named(others)}." if others else ""
    return typeset(
        f"Carte {when} : {counted(len(judged), noun.one, noun.many)} selon le nombre d’objectifs "
        f"atteints. {parts_finding(parts, level)}.{hatched} Le tableau à côté donne chaque "
        "territoire."
    )


def parts_table(parts: Sequence[Part], caption: str, drills: bool) -> str:
    """Each territory with its objectives attained and the one furthest behind.

    Args:
        parts: the territories.
        caption: plain text.
        drills: whether a name opens the territory.
    """
    rows = [(_name(part, drills), _count(part), _furthest(part)) for part in ordered_parts(parts)]
    return table(caption, ("Territoire", "Atteints", "Le plus loin de l’objectif"), rows, (1,))


def _name(part: Part, drills: bool) -> str:
    if not drills:
        return text(part.name)
    return (
        f'<button type="button" class="link" data-act="drill" data-t="{text(part.code)}">'
        f"{text(part.name)}</button>"
    )


def _count(part: Part) -> str:
    if not part.counts.judged:
        return '<span class="neu">– n. a.</span>'
    hidden = part.counts.hidden
    masked = f" <small>◌ {counted(hidden, 'masqué')}</small>" if hidden else ""
    return f"{number(part.counts.attained)}/{number(part.counts.judged)}{masked}"


def _furthest(part: Part) -> str:
    if part.furthest is None:
        return ABSENT
    title, attained = part.furthest
    return f"{text(subject(title))}, {text(attainment_percent(attained, 0))}"


def parts_records(parts: Sequence[Part]) -> pd.DataFrame:
    """Every territory for a file."""
    return pd.DataFrame(
        {
            "territoire_code": part.code,
            "territoire": part.name,
            "objectifs_atteints": part.counts.attained,
            "objectifs_proches": part.counts.close,
            "objectifs_en_retard": part.counts.behind,
            "objectifs_masques": part.counts.hidden,
            "objectif_le_plus_loin": part.furthest[0] if part.furthest else "",
            "atteinte_la_plus_basse": part.furthest[1] if part.furthest else None,
        }
        for part in ordered_parts(parts)
    )
