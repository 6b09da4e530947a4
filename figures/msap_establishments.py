"""Establishments under MSAP: which deserve a call and why, and what one of them asks."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from figures.formats import ABSENT, counted, french_key, number, percent
from figures.funnel import DESCRIBES, SIDES, SIGNS, Funnel, FunnelUnit, unit_button
from figures.grammar import capitalised, named, typeset
from figures.markup import table, text
from figures.msap_counts import STATUSES, MsapCounts, interval_words, masked_sign, rate_cell
from figures.msap_procedures import Procedure
from figures.p_chart import Window
from indicators.funnel import Standardised, observed_to_expected

CATEGORIES = {
    "chr_chu": "CHR/CHU",
    "autre_public": "autre public",
    "clcc": "CLCC",
    "prive_bl": "privé à but lucratif",
    "prive_nbl": "privé à but non lucratif",
    "espic": "ESPIC",
}
CALLS = 3
MIX_EXPLAINS = 1.96
"""Distance to the expected, in standard errors, under which the mix explains what is observed."""


@dataclass(frozen=True)
class Establishment:
    """An establishment of one year.

    ``expected`` are the approvals of its mix of procedures at the country's rates, among its
    decided requests; None where unknown or withheld.
    """

    code: str
    name: str
    place: str
    territory_code: str
    status: str
    category: str
    counts: MsapCounts
    expected: float | None = None
    windows: Sequence[Window] = ()

    @property
    def kind(self) -> str:
        """``privé, à but lucratif``."""
        category = CATEGORIES.get(self.category, self.category)
        return category or STATUSES.get(self.status, self.status).lower()

    @property
    def approvals_ratio(self) -> Standardised | None:
        """Observed approvals over those expected, with Byar's interval."""
        return _ratio(self.counts.approved, self.expected)

    @property
    def refusals_ratio(self) -> Standardised | None:
        """Observed refusals over those expected: rare, they tell more than approvals do."""
        decided = self.counts.decided
        if decided is None or self.expected is None:
            return None
        refused = decided - (self.counts.approved or 0.0)
        return _ratio(refused, max(decided - self.expected, 0.0))

    @property
    def score(self) -> float | None:
        """Distance of the approvals to those expected, in standard errors; negative when fewer."""
        decided, observed = self.counts.decided, self.counts.approved
        if not decided or observed is None or self.expected is None:
            return None
        error = math.sqrt(max(self.expected * (1 - self.expected / decided), 0.0))
        return (observed - self.expected) / error if error else None


def _ratio(observed: float | None, expected: float | None) -> Standardised | None:
    if observed is None or not expected:
        return None
    return observed_to_expected(observed, expected)


def funnel_units(establishments: Sequence[Establishment]) -> list[FunnelUnit]:
    """The establishments that a funnel can draw: counts known, at least one decision."""
    return [
        FunnelUnit(
            one.code,
            one.name,
            one.place,
            *one.counts.decisions,
            one.expected,
        )
        for one in establishments
        if one.counts.rate is not None
    ]


def hidden_count(establishments: Sequence[Establishment]) -> int:
    """How many are withheld from the reader."""
    return sum(one.counts.is_hidden for one in establishments)


def undecided_count(establishments: Sequence[Establishment]) -> int:
    """How many have no decided request at all."""
    return sum(one.counts.rate is None and not one.counts.is_hidden for one in establishments)


@dataclass(frozen=True)
class Call:
    """An establishment that deserves a call.

    ``side`` is that of its rate; ``is_beyond`` says that it lies beyond the limits that judge at
    99.8 %, otherwise beyond those at 95 % only; ``since`` says when its rate began to be a signal.
    """

    establishment: Establishment
    side: int
    is_beyond: bool
    is_beyond_both: bool
    since: str = ""


def calls(plot: Funnel | None, establishments: Sequence[Establishment]) -> list[Call]:
    """The three establishments furthest from what their procedures lead to expect.

    Those beyond the 99.8 % limits that judge come first; where they are fewer than three, those
    beyond the 95 % limits follow. Within each, by the distance to the expected approvals.
    """
    if plot is None:
        return []
    known = {one.code: one for one in establishments}
    alarmed = plot.judged
    other = plot.sides("surdispersion" if plot.judge == "hasard" else "hasard")
    described = plot.sides(plot.judge, DESCRIBES)
    found = [
        Call(known[unit.code], near, bool(far), bool(far and also))
        for unit, far, also, near in zip(plot.units, alarmed, other, described, strict=True)
        if near
    ]
    found.sort(
        key=lambda call: (not call.is_beyond, -_distance(call, plot), call.establishment.name)
    )
    return found[:CALLS]


def _distance(call: Call, plot: Funnel) -> float:
    one = call.establishment
    score = one.score
    if score is None:
        unit = FunnelUnit(one.code, one.name, one.place, *one.counts.decisions)
        score = plot.score(unit)
    return abs(score)


def calls_finding(found: Sequence[Call], hidden: int, when: str) -> str:
    """How many establishments deserve a call, by name."""
    if not found:
        if hidden:
            return typeset(f"Aucun établissement à appeler parmi ceux que vous voyez {when}")
        return typeset(f"Aucun établissement ne s’écarte assez pour mériter un appel {when}")
    sure = [call.establishment.name for call in found if call.is_beyond]
    near = [call.establishment.name for call in found if not call.is_beyond]
    if not sure:
        verb = "approche" if len(near) == 1 else "approchent"
        return typeset(f"Aucun établissement hors limites {when} ; s’en {verb} {named(near)}")
    words = {1: "Un établissement mérite", 2: "Deux établissements méritent"}
    start = words.get(len(sure), "Trois établissements méritent")
    more = f" ; à suivre : {named(near)}" if near else ""
    return typeset(f"{start} un appel {when} : {named(sure)}{more}")


def call_sentences(call: Call, plot: Funnel) -> list[str]:
    """Why this establishment: counts, mix, limits, window; one plain sentence each."""
    one = call.establishment
    counts = one.counts
    return [
        typeset(said)
        for said in (_observed(counts), _mix(one), _limits(call, plot), _time(call))
        if said
    ]


def _observed(counts: MsapCounts) -> str:
    approved = counted(int(counts.approved or 0), "accord")
    decided = counted(int(counts.decided or 0), "demande décidée", "demandes décidées")
    return (
        f"{approved} sur {decided}, soit {percent(counts.rate)} "
        f"({interval_words(counts.interval)})."
    )


def _mix(one: Establishment) -> str:
    """Observed against expected from the mix of procedures, refusals too."""
    ratio, refusals = one.approvals_ratio, one.refusals_ratio
    if ratio is None:
        return "Accords attendus de ses gestes : inconnus."
    said = (
        f"Ses gestes, aux taux nationaux, laissaient attendre {number(ratio.expected, 1)} "
        f"accords : rapport observé sur attendu {number(ratio.ratio, 2)} "
        f"(de {number(ratio.lower, 2)} à {number(ratio.upper, 2)})"
    )
    if refusals is not None:
        said += (
            f", et {number(refusals.expected, 1)} refus pour "
            f"{number(refusals.observed)} observés, {number(refusals.ratio, 1)} fois "
            f"l’attendu (de {number(refusals.lower, 1)} à {number(refusals.upper, 1)})"
        )
    score = one.score
    if score is not None and abs(score) < MIX_EXPLAINS:
        said += ". Ses gestes suffisent à l’expliquer"
    return f"{said}."


def _limits(call: Call, plot: Funnel) -> str:
    """Which limits the rate passes, those of the other judge too."""
    judge, other = "hasard seul", "surdispersion comprise"
    if plot.judge == "surdispersion":
        judge, other = other, judge
    passes = f"Son taux passe {SIDES[call.side]}"
    if not call.is_beyond:
        return f"{passes} à 95 % ({judge}), non celles à 99,8 %."
    if plot.tau2 <= 0:
        return f"{passes} à 99,8 % ({judge})."
    if call.is_beyond_both:
        return f"{passes} à 99,8 %, celles du hasard seul comme celles de la surdispersion."
    return f"{passes} à 99,8 % ({judge}), mais reste dans les autres ({other})."


def _time(call: Call) -> str:
    windows = call.establishment.windows
    parts = []
    if windows:
        parts.append(f"fenêtre MSAP {windows[-1].words}")
    if call.since:
        parts.append(call.since)
    return f"{capitalised(' ; '.join(parts))}." if parts else ""


def calls_html(found: Sequence[Call], plot: Funnel) -> str:
    """The calls as a list of sentences; a name opens the establishment."""
    items = "".join(_call_item(call, plot) for call in found)
    return f'<ol class="v-calls">{items}</ol>' if items else ""


def _call_item(call: Call, plot: Funnel) -> str:
    one = call.establishment
    return (
        f'<li class="v-call"><p class="v-call-name">{unit_button(one.code, one.name)} '
        f"<span>{text(_who(one))}</span> <b>{SIGNS[call.side]} {percent(one.counts.rate)}</b></p>"
        f"<p>{text(' '.join(call_sentences(call, plot)))}</p></li>"
    )


def _who(one: Establishment) -> str:
    return ", ".join(part for part in (one.place, one.kind) if part)


def establishment_finding(one: Establishment, year: int) -> str:
    """The establishment's rate against what its mix leads to expect."""
    counts = one.counts
    if counts.is_hidden:
        return typeset(f"{one.name} : effectifs de {year} masqués (petits nombres)")
    if counts.rate is None:
        return typeset(f"{one.name} : aucune demande décidée en {year}")
    said = f"{one.name} : {percent(counts.rate)} d’accords en {year}"
    score = one.score
    if score is None or not counts.decided or one.expected is None:
        return typeset(said)
    expected = percent(one.expected / counts.decided)
    if abs(score) < MIX_EXPLAINS:
        return typeset(f"{said}, ce que ses gestes laissent attendre ({expected})")
    than = "moins" if score < 0 else "plus"
    return typeset(f"{said}, {than} que les {expected} attendus de ses gestes")


def expected_table(one: Establishment) -> str:
    """Approvals and refusals, observed and expected, with the interval of their ratio."""
    rows = [
        _ratio_row("Accords", one.approvals_ratio),
        _ratio_row("Refus", one.refusals_ratio),
    ]
    heads = ("Décisions", "Observées", "Attendues de ses gestes", "Rapport", "Intervalle à 95 %")
    return table("Observé et attendu", heads, rows, numeric=(1, 2, 3, 4))


def _ratio_row(name: str, ratio: Standardised | None) -> tuple[str, ...]:
    if ratio is None:
        return (text(name), ABSENT, ABSENT, ABSENT, ABSENT)
    return (
        text(name),
        number(ratio.observed),
        number(ratio.expected, 1),
        f"<b>{number(ratio.ratio, 2)}</b>",
        f"de {number(ratio.lower, 2)} à {number(ratio.upper, 2)}",
    )


def mix_finding(procedures: Sequence[Procedure], one: Establishment) -> str:
    """What the establishment asks for most."""
    known = [p for p in procedures if p.counts.requests]
    if not known:
        withheld = any(p.counts.is_hidden for p in procedures)
        return "Gestes masqués (petits nombres)" if withheld else "Aucun geste demandé"
    total = sum(p.counts.requests or 0 for p in known)
    first = known[0]
    share = percent((first.counts.requests or 0) / total, 0)
    more = counted(len(procedures), "geste demandé", "gestes demandés")
    return typeset(f"{more} ; d’abord {first.name} ({share} des demandes connues)")


def mix_table(procedures: Sequence[Procedure], caption: str) -> str:
    """The procedures of an establishment beside the country's rate for each."""
    rows = [
        (
            text(p.name),
            number(p.counts.requests) if p.counts.requests is not None else masked_sign(),
            rate_cell(p.counts),
            number(p.counts.stays),
        )
        for p in procedures
    ]
    return table(
        caption, ("Geste", "Demandes", "Taux d’accord", "Séjours"), rows, numeric=(1, 2, 3)
    )


def answers_sentence(counts: MsapCounts, country: MsapCounts | None) -> str:
    """The share answered within 48 hours, with its denominator, beside the territory's."""
    if counts.is_hidden:
        return "Réponses sous 48 h : masquées (petits nombres)."
    share = counts.share_within_48h
    if share is None:
        return "Réponses sous 48 h : non renseignées."
    said = (
        f"{number(counts.within_48h)} réponses sous 48 h pour {number(counts.requests)} demandes "
        f"({percent(share)})"
    )
    whole = None if country is None else country.share_within_48h
    if whole is not None:
        said += f", contre {percent(whole)} en France"
    return typeset(f"{said}.")


def establishments_records(establishments: Sequence[Establishment]) -> pd.DataFrame:
    """Every establishment for a file, withheld counts empty."""
    return pd.DataFrame(
        {
            "finess": one.code,
            "etablissement": one.name,
            "departement": one.place,
            "statut": STATUSES.get(one.status, one.status),
            "categorie": CATEGORIES.get(one.category, one.category),
            "demandes": one.counts.requests,
            "accords": one.counts.approvals,
            "refus": one.counts.refusals,
            "en_attente": one.counts.pending,
            "taux_accord": one.counts.rate,
            "accords_attendus": one.expected,
            "masque": one.counts.is_hidden,
        }
        for one in sorted(establishments, key=lambda one: french_key(one.name))
    )
