"""Which territories of a map stand out: beyond what such territories usually vary, at 99.8 %."""

from __future__ import annotations

from dataclasses import replace

from figures.adhesion_map import ShownMap, total_coverage
from figures.formats import counted, number, percent
from figures.funnel import (
    SIGNS,
    SPREAD_FROM,
    Funnel,
    FunnelUnit,
    Subject,
    funnel,
    has_spread,
)
from figures.grammar import LEVEL_NOUNS

JUDGED = frozenset({"couverture", "ecart"})
"""Measures that are a share of eligible people, whose chance is known."""

COVERAGE = Subject(
    one="territoire",
    many="territoires",
    gender="",
    rate="Couverture",
    against="le nombre de personnes éligibles",
    axis="Personnes éligibles",
    trial=("personne éligible", "personnes éligibles"),
    said=percent,
    tick=lambda rate: percent(rate, 0),
    parameter="choisi",
    base="Ensemble",
)


def judged_map(shown: ShownMap) -> Funnel | None:
    """The coverages of a map around that of its perimeter; None where nothing is to be judged.

    Whose data are incomplete, and whose adhesions outnumber the eligible people, are not judged;
    nor is anybody where too few are seen to measure what they vary by beyond chance.
    """
    whole = total_coverage(shown)
    if whole is None or not 0 < whole < 1 or shown.measure.code not in JUDGED:
        return None
    noun = LEVEL_NOUNS[shown.level]
    subject = replace(
        COVERAGE, one=noun.one, many=noun.many, gender="e" if noun.gender == "f" else ""
    )
    units, hidden = _units(shown), _hidden(shown)
    if not has_spread(len(units), hidden):
        return None
    return funnel(units, "surdispersion", hidden, target=whole, subject=subject)


def unjudged_words(shown: ShownMap) -> str:
    """Why nobody can be said to stand out of a share; empty of other measures, and of one alone."""
    if shown.measure.code not in JUDGED or len(shown.drawn) < 2:
        return ""
    noun, seen = LEVEL_NOUNS[shown.level], len(_units(shown))
    of_many = f"{'d’' if noun.many[0] in 'aé' else 'de '}{noun.many}"
    if _hidden(shown) > seen:
        lacking = f"Trop {of_many} ont une couverture masquée"
    elif seen < SPREAD_FROM:
        lacking = f"Trop peu {of_many} comparables (moins de {SPREAD_FROM})"
    else:
        return ""
    return f"{lacking} pour dire qui s’écarte plus que d’ordinaire."


def _hidden(shown: ShownMap) -> int:
    return sum(bool(shown.spread.is_hidden[shown.t, i]) for i in shown.drawn)


def _units(shown: ShownMap) -> list[FunnelUnit]:
    return [
        FunnelUnit(
            shown.spread.codes[i],
            shown.spread.names[i],
            "",
            float(shown.spread.figures["held"][shown.t, i]),
            float(shown.spread.figures["eligible"][shown.t, i]),
        )
        for i in shown.drawn
        if shown.spread.interval(shown.t, i) is not None and not shown.senders(i)
    ]


def standing_title(judged: Funnel) -> str:
    """``4 départements sur 93 sortent du lot``."""
    count, total, subject = len(judged.beyond), len(judged.units), judged.subject
    if not count:
        return f"Aucun{subject.gender} {subject.one} ne sort du lot"
    verb = "sort" if count == 1 else "sortent"
    return f"{subject.counted(count)} sur {number(total)} {verb} du lot"


def standing_words(judged: Funnel) -> str:
    """How many lie above and under the limits, and by what rule."""
    sides = judged.judged
    over, under = sides.count(1), sides.count(-1)
    many = judged.subject.many
    said = f"{number(over)} au-dessus de l’ensemble ({percent(judged.target)}), "
    said += f"{number(under)} en dessous, au-delà des limites à 99,8 %"
    if judged.tau2 > 0:
        return (
            f"{said} élargies de ce que les {many} varient d’ordinaire : "
            f"{number(judged.phi, 1)} fois plus que le hasard (φ)."
        )
    return f"{said} du hasard seul."


def side_sign(judged: Funnel | None, code: str) -> str:
    """``▲`` or ``▼`` where a territory lies beyond the limits; empty otherwise."""
    if judged is None:
        return ""
    return next((f"{SIGNS[side]} " for unit, side in judged.beyond if unit.code == code), "")


def side_words(judged: Funnel | None, code: str) -> str:
    """Whether a territory stands out among those of its level; empty where it isn't judged."""
    if judged is None or code not in {unit.code for unit in judged.units}:
        return ""
    subject = judged.subject
    among = counted(len(judged.units), subject.one, subject.many)
    side = {unit.code: side for unit, side in judged.beyond}.get(code, 0)
    if side:
        where = "au-dessus" if side > 0 else "en dessous"
        return f"Sort du lot parmi {among} : {where} des limites à 99,8 %."
    return f"Ne sort pas du lot parmi {among} : dans les limites à 99,8 %."
