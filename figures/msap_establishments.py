"""Establishments under MSAP: which deserve a call and why, and what one of them asks."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from statistics import NormalDist

import pandas as pd

from figures.formats import ABSENT, counted, french_key, listed, number, percent
from figures.funnel import ALARMS, DESCRIBES, SIGNS, SPREAD_FROM, FunnelUnit, Judge, unit_button
from figures.grammar import capitalised, elided, named, typeset
from figures.markup import table, text
from figures.msap_counts import (
    STATUSES,
    MsapCounts,
    count_cell,
    interval_words,
    masked_sign,
    rate_cell,
)
from figures.msap_procedures import Procedure, procedures_records, ranked_procedures
from figures.p_chart import Window
from indicators.funnel import Standardised, dispersion, observed_to_expected

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
    decided requests; ``expected_requests`` the requests of its stays at the country's requests per
    stay of each procedure; None where unknown or withheld.
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
    expected_requests: float | None = None

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
    def requests_ratio(self) -> Standardised | None:
        """Observed requests over those that its stays lead to expect, with Byar's interval."""
        return _ratio(self.counts.requests, self.expected_requests)

    @property
    def requests_score(self) -> float | None:
        """Distance of the requests to those expected, in standard errors; negative when fewer."""
        if self.counts.requests is None or not self.expected_requests:
            return None
        return (self.counts.requests - self.expected_requests) / math.sqrt(self.expected_requests)

    def answers_score(self, share: float) -> float | None:
        """Distance of the answers within 48 h to a share of the requests, in standard errors."""
        asked, answered = self.counts.requests, self.counts.within_48h
        if not asked or answered is None or not 0 < share < 1:
            return None
        return (answered - asked * share) / math.sqrt(asked * share * (1 - share))

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
class Reason:
    """One thing that sets an establishment apart.

    ``kind`` is ``accords``, ``demandes`` or ``delais``; ``score`` its distance in standard errors,
    divided by what establishments vary beyond chance where that judges; ``said`` a sentence.
    """

    kind: str
    score: float
    said: str

    @property
    def is_beyond(self) -> bool:
        """Whether it lies beyond the 99.8 % limits."""
        return abs(self.score) > _distance_of(ALARMS)


@dataclass(frozen=True)
class Call:
    """An establishment that deserves a call, the strongest reason first.

    ``since`` says from which year its strongest reason has been beyond the limits.
    """

    establishment: Establishment
    reasons: Sequence[Reason]
    since: str = ""

    @property
    def is_beyond(self) -> bool:
        """Whether its strongest reason lies beyond the 99.8 % limits, not those at 95 % only."""
        return self.reasons[0].is_beyond


def _distance_of(coverage: float) -> float:
    return NormalDist().inv_cdf((1 + coverage) / 2)


def calls(
    establishments: Sequence[Establishment], judge: Judge, answered: float | None = None
) -> list[Call]:
    """The three establishments furthest from the others, for any of three reasons.

    Fewer or more approvals than its mix of procedures leads to expect; fewer or more requests
    than its stays lead to expect; fewer answers within 48 hours than the country gives. Those
    beyond the 99.8 % limits come first; where they are fewer than three, those beyond 95 % follow.

    Args:
        establishments: those of a territory and year.
        judge: which limits.
        answered: the country's share of requests answered within 48 hours, a proportion; None
            where unknown or withheld: then no delay deserves a call.
    """
    scores = _scores(establishments, judge, answered)
    said: Mapping[str, Callable[[Establishment], str]] = {
        "accords": _approvals_said,
        "demandes": _requests_said,
        "delais": partial(_answers_said, answered or 0.0),
    }
    found = []
    for place, one in enumerate(establishments):
        reasons = [
            Reason(kind, values[place], said[kind](one))
            for kind, values in scores.items()
            if abs(values[place]) > _distance_of(DESCRIBES)
        ]
        if reasons:
            reasons.sort(key=lambda reason: -abs(reason.score))
            strong = [reason for reason in reasons if reason.is_beyond]
            found.append(Call(one, strong or reasons[:1]))
    found.sort(key=lambda call: (-abs(call.reasons[0].score), call.establishment.name))
    return found[:CALLS]


def since_words(
    call: Call,
    former: Mapping[int, Sequence[Establishment]],
    judge: Judge,
    answered: Mapping[int, float | None] | None = None,
) -> str:
    """From which year the strongest reason has been beyond the 99.8 % limits, year after year.

    Args:
        call: of the year looked at.
        former: the establishments of each former year known.
        judge: which limits.
        answered: the country's share of requests answered within 48 hours, by year.
    """
    reason = call.reasons[0]
    if not reason.is_beyond or not former:
        return ""
    since = None
    for year in sorted(former, reverse=True):
        known = former[year]
        scores = _scores(known, judge, (answered or {}).get(year))[reason.kind]
        places = [i for i, one in enumerate(known) if one.code == call.establishment.code]
        score = scores[places[0]] if places else 0.0
        if score * reason.score <= 0 or abs(score) <= _distance_of(ALARMS):
            break
        since = year
    if since is None:
        return f"{KINDS[reason.kind]} dans les limites en {max(former)}"
    at_least = " au moins" if since == min(former) else ""
    return f"{KINDS[reason.kind]} hors des limites depuis {since}{at_least}"


def _scores(
    establishments: Sequence[Establishment], judge: Judge, share: float | None
) -> dict[str, list[float]]:
    """The distance of each establishment by reason; 0 where nothing is known or no call follows."""
    raw = {
        "accords": [one.score for one in establishments],
        "demandes": [one.requests_score for one in establishments],
        # Answers that come early deserve no call.
        "delais": [
            _late(None if share is None else one.answers_score(share)) for one in establishments
        ],
    }
    return {kind: _judged(values, judge) for kind, values in raw.items()}


def _late(score: float | None) -> float | None:
    return None if score is None else min(score, 0.0)


def _judged(values: Sequence[float | None], judge: Judge) -> list[float]:
    known = [value for value in values if value is not None]
    spread = 1.0
    if judge == "surdispersion" and len(known) >= SPREAD_FROM:
        spread = math.sqrt(max(dispersion(known), 1.0))
    return [0.0 if value is None else value / spread for value in values]


def _approvals_said(one: Establishment) -> str:
    """Observed approvals beside those expected of the mix; the ratio is that of the refusals.

    Refusals are rare: where they are five times those expected, approvals hardly leave theirs.
    """
    counts, ratio, refusals = one.counts, one.approvals_ratio, one.refusals_ratio
    approved = counted(int(counts.approved or 0), "accord")
    decided = counted(int(counts.decided or 0), "demande décidée", "demandes décidées")
    said = (
        f"{approved} sur {decided}, soit {percent(counts.rate)} ({interval_words(counts.interval)})"
    )
    if ratio is None:
        return f"{said}."
    said += (
        f", quand ses gestes en laissent attendre {number(ratio.expected, 1)} aux taux nationaux"
    )
    if refusals is None:
        return f"{said}."
    refused = counted(int(refusals.observed), "refus", "refus")
    return f"{said} ; {refused} pour {number(refusals.expected, 1)} attendus, {_times(refusals)}."


def _requests_said(one: Establishment) -> str:
    """Observed requests against those that the stays lead to expect."""
    ratio = one.requests_ratio
    if ratio is None:
        return ""
    return (
        f"{counted(int(ratio.observed), 'demande')} pour {number(one.counts.stays)} séjours, quand "
        f"ses gestes en laissent attendre {number(ratio.expected, 1)} : {_times(ratio)}."
    )


def _times(ratio: Standardised) -> str:
    return (
        f"{number(ratio.ratio, 1)} fois l’attendu "
        f"(de {number(ratio.lower, 1)} à {number(ratio.upper, 1)})"
    )


def _answers_said(share: float, one: Establishment) -> str:
    counts = one.counts
    return (
        f"{counted(int(counts.within_48h or 0), 'réponse')} sous 48 h pour "
        f"{counted(int(counts.requests or 0), 'demande')} ({percent(counts.share_within_48h)}), "
        f"contre {percent(share)} en France."
    )


def calls_finding(found: Sequence[Call], hidden: int, seen: int, when: str) -> str:
    """How many establishments deserve a call, by name.

    Args:
        found: the calls.
        hidden: how many establishments are withheld from the reader.
        seen: how many are not.
        when: ``en 2016``.
    """
    if not found:
        if hidden:
            return typeset(f"Aucun établissement à appeler parmi ceux que vous voyez {when}")
        return typeset(f"Aucun établissement ne s’écarte assez pour mériter un appel {when}")
    if hidden:
        when += f", parmi les {number(seen)} que vous voyez"
    sure = [call.establishment.name for call in found if call.is_beyond]
    near = [call.establishment.name for call in found if not call.is_beyond]
    if not sure:
        verb = "approche" if len(near) == 1 else "approchent"
        return typeset(f"Aucun établissement hors limites {when} ; s’en {verb} {named(near)}")
    words = {1: "Un établissement mérite", 2: "Deux établissements méritent"}
    start = words.get(len(sure), "Trois établissements méritent")
    more = f" ; à suivre : {named(near)}" if near else ""
    return typeset(f"{start} un appel {when} : {named(sure)}{more}")


def calls_note(judge: Judge) -> str:
    """What makes a call, and which limits judge."""
    by = (
        "du hasard seul"
        if judge == "hasard"
        else "élargies de ce que les établissements varient d’ordinaire (surdispersion)"
    )
    return (
        "Accords au regard de ses gestes, demandes au regard de ses séjours, réponses sous 48 h au "
        f"regard du pays : au-delà des limites à 99,8 % {by}, les plus écartés d’abord."
    )


def call_sentences(call: Call, judge: Judge) -> list[str]:
    """Why this establishment: each reason, the limits it passes, since when."""
    said = [reason.said for reason in call.reasons]
    return [
        typeset(sentence) for sentence in (*said, _limits(call, judge), _time(call)) if sentence
    ]


def _limits(call: Call, judge: Judge) -> str:
    """Which limits are passed."""
    by = "hasard seul" if judge == "hasard" else "surdispersion comprise"
    if not call.is_beyond:
        return f"Hors des limites à 95 % ({by}), non de celles à 99,8 %."
    return f"Hors des limites à 99,8 % ({by})."


def _time(call: Call) -> str:
    windows = call.establishment.windows
    parts = []
    if windows:
        parts.append(f"fenêtre MSAP {windows[-1].words}")
    if call.since:
        parts.append(call.since)
    return f"{capitalised(' ; '.join(parts))}." if parts else ""


KINDS = {
    "accords": "taux d’accord",
    "demandes": "nombre de demandes",
    "delais": "délai de réponse",
}


def calls_html(found: Sequence[Call], judge: Judge) -> str:
    """The calls as a list of sentences; a name opens the establishment."""
    items = "".join(_call_item(call, judge) for call in found)
    return f'<ol class="v-calls">{items}</ol>' if items else ""


def _call_item(call: Call, judge: Judge) -> str:
    one = call.establishment
    why = listed(_why(reason) for reason in call.reasons)
    return (
        f'<li class="v-call"><p class="v-call-name">{unit_button(one.code, one.name)} '
        f"<span>{text(_who(one))}</span> <b>{text(why)}</b></p>"
        f"<p>{text(' '.join(call_sentences(call, judge)))}</p></li>"
    )


def _why(reason: Reason) -> str:
    """``▼ taux d’accord``."""
    return f"{SIGNS[1 if reason.score > 0 else -1]} {KINDS[reason.kind]}"


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


def expected_finding(one: Establishment) -> str:
    """What the ratios of observed to expected say, those beyond chance first."""
    counts = one.counts
    if counts.is_hidden and one.expected is None:
        return "Observé et attendu masqués (petits nombres)"
    found = (
        ("accords", one.approvals_ratio),
        ("refus", one.refusals_ratio),
        ("demandes", one.requests_ratio),
    )
    told = [
        f"{'plus' if ratio.ratio > 1 else 'moins'} {elided('de', name)} qu’attendu "
        f"({number(ratio.ratio, 2 if name == 'accords' else 1)} fois)"
        for name, ratio in found
        if ratio is not None and (ratio.lower > 1 or ratio.upper < 1)
    ]
    if not told:
        known = any(ratio is not None for _, ratio in found)
        return "Rien ne s’écarte de l’attendu plus que le hasard" if known else "Attendu inconnu"
    return typeset(capitalised(listed(told)))


def expected_table(one: Establishment) -> str:
    """Approvals, refusals and requests, observed and expected, with the interval of their ratio."""
    rows = [
        _ratio_row("Accords", one.approvals_ratio, one.counts),
        _ratio_row("Refus", one.refusals_ratio, one.counts),
        _ratio_row("Demandes", one.requests_ratio, one.counts),
    ]
    heads = ("Mesure", "Observé", "Attendu", "Rapport", "Intervalle à 95 %")
    return table("Observé et attendu", heads, rows, numeric=(1, 2, 3, 4), is_stacked=True)


def _ratio_row(name: str, ratio: Standardised | None, counts: MsapCounts) -> tuple[str, ...]:
    if ratio is None:
        lacking = masked_sign() if counts.is_hidden else ABSENT
        return (text(name), lacking, lacking, lacking, lacking)
    return (
        text(name),
        number(ratio.observed),
        number(ratio.expected, 1),
        f"<b>{number(ratio.ratio, 2)}</b>",
        f"de {number(ratio.lower, 2)} à {number(ratio.upper, 2)}",
    )


def mix_finding(procedures: Sequence[Procedure]) -> str:
    """What the establishment asks for most."""
    known = [p for p in ranked_procedures(procedures) if p.counts.requests]
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
            count_cell(p.counts.requests, p.counts),
            rate_cell(p.counts),
            count_cell(p.counts.stays, p.counts),
        )
        for p in procedures
    ]
    return table(
        caption,
        ("Geste", "Demandes", "Taux d’accord", "Séjours"),
        rows,
        numeric=(1, 2, 3),
        is_stacked=True,
    )


def mix_records(procedures: Sequence[Procedure]) -> pd.DataFrame:
    """The procedures of an establishment for a file, withheld counts empty."""
    return procedures_records(procedures).reindex(columns=MIX_COLUMNS)


MIX_COLUMNS = [
    "domaine",
    "geste_code",
    "geste",
    "demandes",
    "accords",
    "refus",
    "taux_accord",
    "sejours",
    "masque",
]


def answers_sentence(counts: MsapCounts) -> str:
    """The share answered within 48 hours, with its denominator."""
    share = counts.share_within_48h
    if share is not None:
        return typeset(
            f"{number(counts.within_48h)} réponses sous 48 h pour {number(counts.requests)} "
            f"demandes ({percent(share)})."
        )
    if counts.is_hidden:
        return "Réponses sous 48 h : masquées (petits nombres)."
    return "Réponses sous 48 h : non renseignées."


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
            "demandes_attendues": one.expected_requests,
            "sejours": one.counts.stays,
            "reponses_48h": one.counts.within_48h,
            "masque": one.counts.is_hidden,
        }
        for one in sorted(establishments, key=lambda one: french_key(one.name))
    )
