"""What a figure says, in French sentences written from its data: plain text, never HTML.

Sentences begin in lower case where they go on after a name or a colon; ``capitalised`` starts a
line with them. Whatever is unknown (None, NaN) is said to be unknown. Proportions lie in [0, 1].
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from figures.formats import (
    NARROW_SPACE,
    as_date,
    attainment_number,
    attainment_percent,
    counted,
    long_date,
    number,
    percent,
    quantity,
)
from figures.grammar import (
    LEVEL_NOUNS,
    Gender,
    amount,
    capitalised,
    chance_percent,
    contracted,
    elided,
    end_of_month,
    in_month,
    in_territory,
    is_plural_territory,
    known,
    month_range,
    month_words,
    named,
    ordinal,
    points_in_words,
    quoted,
    since_month,
    the_territory,
    typeset,
)
from figures.status import status_word
from indicators import control_chart
from indicators.attainment import STATUS_TOLERANCE

DECEMBER = 12

RULE_WORDS = {
    "beyond_limits": "hors des limites habituelles",
    "seven_point_trend": "au moins sept mois de suite dans le même sens",
    "two_of_three_near_limit": "deux mois sur trois près de la limite",
    "seven_one_side": "au moins sept mois de suite du même côté de la moyenne",
}

NO_SIGNAL = "sans signal : les écarts d’un mois à l’autre restent dans la variation habituelle"


INTERVAL_CHANCE = "a 8 chances sur 10 de contenir le résultat de l’année"
"""What the interval of a landing promises: its coverage of 80 %, in words."""


AS_WANTED = ", comme voulu"
"""Said below an objective that is not to be exceeded, since *sous l’objectif* sounds like a lag."""


@dataclass(frozen=True)
class Move:
    """What a control chart says of its last known month.

    ``side`` is 1 for a rise, -1 for a fall, 0 for no signal, None where there is no chart;
    ``rule`` one of ``control_chart.RULES``; ``since`` the first month of the signal; ``better`` is
    ``higher | lower | none``; ``is_trial`` says that the limits rest on few months; ``sent_to``
    is the last month that the figure itself counts, which may be later than the last one charted.
    """

    side: int | None
    rule: str | None = None
    since: date | None = None
    last_month: date | None = None
    better: str = "higher"
    is_trial: bool = False
    sent_to: date | None = None

    @property
    def judged_to(self) -> date | None:
        """The last month charted, where the figure counts later ones; else None."""
        if self.last_month is None or self.sent_to is None or self.last_month >= self.sent_to:
            return None
        return self.last_month

    @classmethod
    def of_chart(
        cls,
        chart: control_chart.XmrChart | control_chart.ProportionChart,
        months: Sequence[date],
        better: str,
        sent_to: date | None = None,
    ) -> Move:
        """The move of a chart whose points are those of ``months``, in time order."""
        since = control_chart.since(chart)
        last = max(i for i, value in enumerate(chart.observed) if not math.isnan(value))
        return cls(
            side=int(chart.side[last]),
            rule=chart.signal[last],
            since=None if since is None else months[since],
            last_month=months[last],
            better=better,
            is_trial=chart.is_trial,
            sent_to=sent_to,
        )


@dataclass(frozen=True)
class Landed:
    """The year's end as announced, and the objective, in the indicator's unit.

    ``chance`` is that of reaching the objective (of not exceeding it where lower is better).
    ``is_too_few`` says that too few events are known to tell the year's end. ``senders`` are the
    caisses that the landing is of and those expected, None where it is of all.
    """

    value: float | None
    lower: float | None = None
    upper: float | None = None
    objective: float | None = None
    chance: float | None = None
    better: str = "higher"
    unit: str = "count"
    unit_label: str = ""
    is_too_few: bool = False
    senders: tuple[int, int] | None = None


@dataclass(frozen=True)
class Gap:
    """One territory's gap to one objective, and what explains it.

    ``attainment`` is the proportion that the status judges (to date while the year is open);
    ``senders`` are the caisses up to date and those expected; ``behind_since`` the first month of
    the present run below the objective.
    """

    title: str
    territory_code: str
    territory_name: str
    attainment: float | None
    better: str = "higher"
    is_open_year: bool = True
    is_hidden: bool = False
    senders: tuple[int, int] | None = None
    behind_since: date | None = None
    under_since: date | None = None
    move: Move | None = None
    landed: Landed | None = None


@dataclass(frozen=True)
class Effort:
    """What the year's objective still takes, in the indicator's unit; ``better`` as elsewhere.

    ``needed`` is the flow a month from now to December (the flow still allowed where lower is
    better); ``mean`` that of the known months, the first and last of which are given; ``best``
    that of the best month ever known. ``is_level``: the objective is a level (a rate, a stock) and
    not a sum of months; ``total`` is then the level reached, and only what lacks is said.
    ``senders`` are the caisses up to date and those expected.
    """

    needed: float | None
    mean: float | None
    total: float | None
    objective: float | None
    first_month: date | None
    last_month: date | None
    better: str = "higher"
    unit: str = "count"
    unit_label: str = ""
    best: float | None = None
    is_level: bool = False
    needed_rate: float | None = None
    senders: tuple[int, int] | None = None


@dataclass(frozen=True)
class PeersPlace:
    """Where a territory stands among its peers: ``rank`` 1 is the best of ``count``.

    ``median``, ``lower`` and ``upper`` (the territory's interval) are in ``unit``, which is
    ``attainment`` or that of the indicator; ``better`` is that of the figure ranked, hence
    ``higher`` for an attainment. ``comparison`` is ``better | worse | similar | not_compared``.
    """

    level: str
    rank: int | None
    count: int
    median: float | None = None
    comparison: str = "not_compared"
    lower: float | None = None
    upper: float | None = None
    better: str = "higher"
    unit: str = "attainment"
    qualifier: str = ""
    benchmark: str = "la médiane"


def subject(title: str) -> str:
    """A title fit for a sentence that has its own colon: ``PRADO chirurgie (adhésions)``."""
    head, *rest = re.split(r"\s:\s", title, maxsplit=1)
    return typeset(f"{head} ({rest[0]})" if rest else head)


def gap_sentence(gap: Gap, year: int | None = None) -> str:
    """What, how far from the objective, where, since when, and where the year will land.

    ``PRADO chirurgie : 12 % sous l’objectif à date en Haute-Loire, en baisse depuis avril ;
    atterrissage à 91 % de l’objectif (entre 84 et 98 %), chance de l’atteindre : 6 %``.
    """
    where = in_territory(gap.territory_code, gap.territory_name)
    distance, wanted = _gap_start(gap)
    start = f"{subject(gap.title)} : {distance} {where}{senders_words(gap.senders)}{wanted}"
    parts = [start, *_since_words(gap, year)]
    landing = "" if gap.landed is None else f" ; {landing_sentence(gap.landed)}"
    return typeset(", ".join(parts) + landing)


def _gap_start(gap: Gap) -> tuple[str, str]:
    """The distance, and what comes after the place it is in."""
    if gap.is_hidden and known(gap.attainment) is None:
        return "valeur masquée (petits nombres de patients)", ""
    said = gap_words(gap.attainment, gap.better, gap.is_open_year)
    distance = said.removesuffix(AS_WANTED)
    return distance, said.removeprefix(distance)


def _since_words(gap: Gap, year: int | None) -> list[str]:
    late = []
    if gap.behind_since is not None:
        late = [f"en retard {since_month(gap.behind_since, year)}"]
    elif gap.under_since is not None:
        # Its own words and year: what follows may have begun in another one.
        side = "au-dessus de" if gap.better == "lower" else "sous"
        late = [f"{side} l’objectif {since_month(gap.under_since)}"]
    return late + (_moved(gap.move, year) if gap.move and gap.move.side else [])


def _moved(move: Move, year: int | None) -> list[str]:
    return [f"{_direction(move, year)}{judged_words(move)}"]


def gap_words(attainment: Any, better: str = "higher", is_to_date: bool = False) -> str:
    """How far from the objective: ``12 % sous l’objectif à date``, ``à l’objectif``.

    Where more is better the figure is what the attainment lacks to 100 %, as rounded elsewhere;
    where less is better, how much the realised value exceeds the objective (1 / attainment - 1).
    """
    goal = "l’objectif à date" if is_to_date else "l’objectif"
    value = known(attainment)
    if value is None or better == "none" or (better == "lower" and value <= 0):
        return f"écart à {goal} inconnu"
    if abs(value - 1) <= STATUS_TOLERANCE:
        return f"à {goal}"
    if better == "lower":
        side = f"au-dessus de {goal}" if value < 1 else f"sous {goal}{AS_WANTED}"
        return f"{_far(abs(1 / value - 1) * 100)} {side}"
    shown = 100 - _shown_attainment(value) if value < 1 else (value - 1) * 100
    return f"{_far(shown, abs(value - 1) * 100)} {'sous' if value < 1 else 'au-dessus de'} {goal}"


def _shown_attainment(value: float) -> float:
    """The attainment in per cent as it is written, so that it and the gap make 100."""
    written = attainment_number(value).replace(NARROW_SPACE, "").replace("\u2212", "-")
    return float(written)


def _far(shown: float, exact: float | None = None) -> str:
    """A distance in per cent; one below a half is not rounded to nothing."""
    if (shown if exact is None else exact) < 0.5:
        return f"moins de {percent(0.01, 0)}"
    return percent(shown / 100, 0)


def _side(is_above: bool, reference: str) -> str:
    """``au-dessus du taux national``, ``sous la médiane``."""
    return f"au-dessus {contracted('de', reference)}" if is_above else f"sous {reference}"


def senders_words(senders: tuple[int, int] | None) -> str:
    """`` (8/10 caisses)`` where some are missing, else nothing."""
    if senders is None or senders[0] >= senders[1]:
        return ""
    received, expected = senders
    noun = "caisse" if expected < 2 else "caisses"
    return f" ({number(received)}/{number(expected)} {noun})"


def variation_words(move: Move | None, year: int | None = None) -> str:
    """Whether the last months are signal or noise, in which direction, since when, by which rule.

    ``en baisse depuis avril : signal défavorable (hors des limites habituelles)``.
    """
    if move is None or move.side is None:
        return typeset("variation inconnue : trop peu de mois")
    trial = "limites provisoires, peu de mois connus" if move.is_trial else ""
    if move.side == 0:
        said = NO_SIGNAL.replace("sans signal", f"sans signal{judged_words(move)}", 1)
        return typeset(f"{said} ({trial})" if trial else said)
    reasons = ", ".join(reason for reason in (RULE_WORDS.get(move.rule or "", ""), trial) if reason)
    said = f"{_direction(move, year)}{judged_words(move)} : {_signal(move)}"
    return typeset(f"{said} ({reasons})" if reasons else said)


def judged_words(move: Move | None) -> str:
    """``, jugé jusqu’à mars 2017``: until when, where the figure goes further; else nothing."""
    if move is None or move.judged_to is None:
        return ""
    return f", jugé jusqu’à {month_words(move.judged_to)}"


def _direction(move: Move, year: int | None) -> str:
    """``en baisse depuis avril``; ``en baisse en avril`` where the last month alone is a signal."""
    way = "en hausse" if (move.side or 0) > 0 else "en baisse"
    if move.since is None:
        return way
    is_single = move.since == move.last_month
    return f"{way} {(in_month if is_single else since_month)(move.since, year)}"


def _signal(move: Move) -> str:
    if move.better == "none":
        return "signal"
    is_good = ((move.side or 0) > 0) == (move.better == "higher")
    return "signal favorable" if is_good else "signal défavorable"


def assurance_words(assurance: str | None) -> str:
    """Whether the process can be trusted to reach its objective; follows a territory's name."""
    words = {
        "passes": "atteint son objectif de façon régulière",
        "fails": "manque régulièrement son objectif",
        "hit_or_miss": "est tantôt au-dessus, tantôt au-dessous de son objectif",
    }
    return words.get(assurance or "", "a une régularité inconnue")


def peers_sentence(place: PeersPlace) -> str:
    """Rank, median and whether the difference is more than chance.

    ``9e sur 12 départements ; médiane 97 % ; significativement sous la médiane``.
    """
    parts = [_rank(place)]
    if known(place.median) is not None:
        parts.append(f"médiane {_in_unit(place.median, place.unit)}")
    parts.append(_against_benchmark(place))
    return typeset(" ; ".join(part for part in parts if part))


def _rank(place: PeersPlace) -> str:
    noun = LEVEL_NOUNS.get(place.level, LEVEL_NOUNS["national"])
    qualifier = f" {place.qualifier}" if place.qualifier else ""
    agreed = "e" if noun.gender == "f" else ""
    if place.count < 1:
        none = "aucune" if noun.gender == "f" else "aucun"
        return f"{none} {noun.one}{qualifier} à comparer"
    if place.rank is None:
        return f"non classé{agreed} parmi {counted(place.count, noun.one, noun.many)}{qualifier}"
    if place.count == 1:
        return f"{'seule' if noun.gender == 'f' else 'seul'} {noun.one}{qualifier} comparé{agreed}"
    gender: Gender = noun.gender
    return f"{ordinal(place.rank, gender)} sur {number(place.count)} {noun.many}{qualifier}"


def _in_unit(value: Any, unit: str) -> str:
    return attainment_percent(value, 0) if unit == "attainment" else quantity(value, unit)


def _against_benchmark(place: PeersPlace) -> str:
    if place.count < 2:
        return ""
    low, high = known(place.lower), known(place.upper)
    interval = ""
    if low is not None and high is not None:
        ends = [_in_unit(low, place.unit), _in_unit(high, place.unit)]
        if ends[0] == ends[1] and place.unit == "attainment":
            ends = [attainment_percent(low, 1), attainment_percent(high, 1)]
        bounds = " et ".join(ends)
        interval = f" (intervalle : entre {bounds})"
    if place.comparison in {"better", "worse"}:
        is_above = (place.comparison == "better") != (place.better == "lower")
        return f"significativement {_side(is_above, place.benchmark)}{interval}"
    if place.comparison == "similar":
        return f"pas de différence significative avec {place.benchmark}{interval}"
    return f"écart {contracted('à', place.benchmark)} non testé{interval}"


def landing_sentence(landed: Landed) -> str:
    """Where the year will end against the objective, how surely, and the chance to reach it.

    Where less is better the share is landing / objective, and exceeds 100 % when it is missed.
    """
    value, aim = known(landed.value), known(landed.objective)
    if landed.is_too_few:
        of_what = elided("de", landed.unit_label or "cas")
        return typeset(f"trop peu {of_what} pour prévoir l’atterrissage")
    if value is None:
        return "atterrissage inconnu"
    if aim is None or aim <= 0:
        said = f"atterrissage à {amount(value, landed.unit, landed.unit_label)}"
        return typeset(f"{said}, sans objectif à comparer")
    ceiling = " à ne pas dépasser" if landed.better == "lower" else ""
    said = f"atterrissage à {_share(value / aim, landed.better)}{NARROW_SPACE}% de l’objectif"
    said = f"{said}{ceiling}{_interval(landed, aim)}{_landed_of(landed)}"
    if landed.better == "none" or known(landed.chance) is None:
        return typeset(said)
    verb = "de le tenir" if landed.better == "lower" else "de l’atteindre"
    return typeset(f"{said}, chance {verb} : {chance_percent(landed.chance)}")


def _share(ratio: float, better: str) -> str:
    """Landing / objective in per cent, never rounded onto an objective that is missed."""
    if better == "lower" and ratio > 1 + STATUS_TOLERANCE and round(ratio * 100) == 100:
        return number(101)
    return number(ratio * 100) if better == "lower" else attainment_number(ratio)


def _landed_of(landed: Landed) -> str:
    """`` pour 104 caisses sur 106``: whose landing it is, where some sent nothing to land."""
    if landed.senders is None:
        return ""
    received, expected = landed.senders
    return f" pour {counted(received, 'caisse')} sur {number(expected)}"


def _interval(landed: Landed, aim: float) -> str:
    low, high = known(landed.lower), known(landed.upper)
    if low is None or high is None:
        return " (marge inconnue)"
    first, last = _share(low / aim, landed.better), _share(high / aim, landed.better)
    if first == last:
        return " (à moins d’un point près)"
    return f" (entre {first} et {last}{NARROW_SPACE}%)"


def effort_sentence(effort: Effort) -> str:
    """What each month left must bring, against what months have brought so far.

    The months left are named: those after the last one received.
    ``il faut 42 adhésions par mois d’octobre à décembre, contre 31 en moyenne depuis janvier``.
    """
    aim, total, needed = known(effort.objective), known(effort.total), known(effort.needed)
    if aim is None or aim <= 0 or effort.better == "none":
        return "sans objectif chiffré à atteindre"
    if effort.last_month is not None and effort.last_month.month == DECEMBER:
        return typeset(_year_closed(effort, total, aim))
    if total is not None and effort.is_level:
        return typeset(_level(effort, total, aim))
    if total is not None and total >= aim:
        return typeset(_already(effort, total, aim))
    if needed is None:
        return typeset("effort inconnu : le réalisé de l’année manque")
    said = f"{_needed(effort, needed)}{_so_far(effort)}{_best(effort, needed)}"
    return typeset(f"{said}{_not_sent(effort)}")


def _year_closed(effort: Effort, total: float | None, aim: float) -> str:
    if total is None:
        return "année close, réalisé inconnu"
    gap = _distance(effort, total - aim)
    if effort.better == "lower":
        held = "année close, objectif tenu"
        return f"année close, objectif dépassé de {gap}" if total > aim else held
    return "année close, objectif atteint" if total >= aim else f"année close : il a manqué {gap}"


def _distance(effort: Effort, gap: float) -> str:
    """An amount without sign; rates differ in points."""
    if effort.unit != "proportion":
        return amount(abs(gap), effort.unit, effort.unit_label)
    if abs(gap) < 0.0005:
        return f"moins de {number(0.1, 1)}{NARROW_SPACE}point"
    return points_in_words(abs(gap)).removeprefix("+")


def _level(effort: Effort, total: float, aim: float) -> str:
    if effort.needed_rate is not None and (total > aim) == (effort.better == "lower"):
        return _rate_needed(effort, effort.needed_rate, total)
    gap = _distance(effort, total - aim)
    if effort.better == "lower":
        return (
            "objectif tenu à ce jour" if total <= aim else f"il faut {gap} de moins d’ici décembre"
        )
    return "objectif atteint à ce jour" if total >= aim else f"il faut {gap} de plus d’ici décembre"


def _rate_needed(effort: Effort, needed: float, total: float) -> str:
    """The rate that the months left must hold, so that the year's own reaches the objective."""
    so_far = f"contre {quantity(total, effort.unit)} depuis janvier"
    left = _months_left(effort.last_month)
    left = left if left.startswith("en ") else f"sur les {left.removeprefix('par ')}"
    if needed < 0 or (effort.unit == "proportion" and needed > 1):
        return (
            f"hors d’atteinte d’ici décembre : il faudrait {quantity(needed, effort.unit)} {left}, "
            f"{so_far}"
        )
    verb = "il ne faut pas dépasser" if effort.better == "lower" else "il faut"
    return f"{verb} {quantity(needed, effort.unit)} {left}, {so_far}"


def _already(effort: Effort, total: float, aim: float) -> str:
    if effort.better == "higher":
        return "objectif de l’année déjà atteint"
    if total <= aim:
        return "objectif de l’année déjà consommé : plus rien ne peut s’y ajouter d’ici décembre"
    excess = _distance(effort, total - aim)
    return f"objectif de l’année déjà dépassé de {excess} : il ne peut plus être tenu"


def _needed(effort: Effort, needed: float) -> str:
    """The flow needed, rounded to the side on which the objective is reached."""
    if effort.unit in {"count", "eur"}:
        needed = math.floor(needed) if effort.better == "lower" else math.ceil(needed - 1e-9)
    said = amount(needed, effort.unit, effort.unit_label)
    verb = "il ne faut pas dépasser" if effort.better == "lower" else "il faut"
    return f"{verb} {said} {_months_left(effort.last_month)}"


def _months_left(last: date | None) -> str:
    """``par mois d’octobre à décembre``: the months after the last one received."""
    if last is None:
        return "par mois d’ici décembre"
    if last.month == DECEMBER - 1:
        return "en décembre"
    start, end = last.replace(month=last.month + 1), last.replace(month=DECEMBER)
    return f"par mois {month_range(start, end, last.year)}"


def _not_sent(effort: Effort) -> str:
    """Whose months are still counted as to come."""
    received, expected = effort.senders or (0, 0)
    if received >= expected or effort.last_month is None:
        return ""
    if expected == 1:
        return f" ; rien n’est reçu après {month_words(effort.last_month, effort.last_month.year)}"
    late = expected - received
    verb, sent = ("n’est", "elle enverra") if late == 1 else ("ne sont", "elles enverront")
    return f" ; {counted(late, 'caisse')} {verb} pas à jour, ce qu’{sent} s’en déduira"


def _so_far(effort: Effort) -> str:
    mean, first, last = known(effort.mean), effort.first_month, effort.last_month
    if mean is None or last is None:
        return " ; aucun mois connu cette année"
    said = _bare(mean, effort)
    if first is None or first.month == last.month:
        return f", contre {said} {in_month(last, last.year)}"
    return f", contre {said} en moyenne {since_month(first, last.year)}"


def _best(effort: Effort, needed: float) -> str:
    """Says that no month has ever brought so much, where that is so."""
    best = known(effort.best)
    if best is None or effort.better != "higher" or best >= needed:
        return ""
    return f" ; le meilleur mois connu est à {_bare(best, effort)}"


def _bare(value: float, effort: Effort) -> str:
    """The amount without the unit just named; months' means are rounded from ten on."""
    if effort.unit == "count":
        return number(value, 0 if value >= 10 or float(value).is_integer() else 1)
    return amount(value, effort.unit, effort.unit_label)


def flip_sentence(
    territory_code: str, territory_name: str, before: str | None, after: str | None, what: str
) -> str:
    """Who passes from which state to which: ``La CPAM Allier passe de Proche à En retard sur …``.

    Args:
        territory_code: code of the territory.
        territory_name: its name, without article.
        before: status (``attained | close | behind | not_applicable``), None if none was known.
        after: status now, None if none is known.
        what: a noun phrase in lower case (``le taux de génériques``), or a title, then quoted.
    """
    label = the_territory(territory_code, territory_name)
    pluralised = is_plural_territory(territory_code)
    on = f"sur {what if what[:1].islower() else quoted(what)}"
    old, new = (None if status is None else status_word(status).word for status in (before, after))
    if old is None and new is None:
        said = f"{'sont' if pluralised else 'est'} sans état connu {on}"
    elif new is None:
        said = f"{'n’ont' if pluralised else 'n’a'} plus d’état connu {on} (était : {old})"
    elif old is None:
        said = f"{'entrent' if pluralised else 'entre'} à l’état {new} {on}"
    elif old == new:
        said = f"{'restent' if pluralised else 'reste'} à l’état {new} {on}"
    else:
        said = f"{'passent' if pluralised else 'passe'} {elided('de', old)} à {new} {on}"
    return typeset(f"{capitalised(label)} {said}")


def missing_sentence(
    received: int,
    expected: int,
    names: Sequence[str] = (),
    month: date | None = None,
    year: int | None = None,
) -> str:
    """How many caisses are up to date, and who is not.

    ``8 caisses sur 10 à jour à fin août ; manquent CPAM Allier et CPAM Cantal``.
    """
    when = "" if month is None else f" {end_of_month(month, year)}"
    if expected < 1:
        return "aucun envoi attendu"
    missing = expected - received
    if expected == 1:
        verb = "est" if missing <= 0 else "n’est pas"
        return typeset(f"la caisse attendue {verb} à jour{when}")
    if missing <= 0:
        return typeset(f"les {number(expected)} caisses attendues sont à jour{when}")
    count = "aucune caisse" if received < 1 else counted(received, "caisse")
    start = f"{count} sur {number(expected)} à jour{when}"
    if not names:
        return typeset(f"{start} ; il en manque {number(missing)}")
    verb = "manque" if missing == 1 else "manquent"
    return typeset(f"{start} ; {verb} {named(list(names))}")


def next_expected_sentence(expected: date | None, today: date) -> str:
    """When the next extract is due, or how late it is, in days.

    The day that lateness is counted to is not always today: it is said beside, never here.
    """
    if expected is None:
        return "date du prochain envoi inconnue"
    late = (today - expected).days
    if late > 0:
        days = counted(late, "jour")
        return typeset(f"envoi attendu le {long_date(expected)}, en retard de {days}")
    return typeset(f"prochain envoi attendu le {long_date(expected)}")


def note_line(text: str, author: str | None, written: Any, period: date | None = None) -> str:
    """A person's note on a figure: the day, who wrote it, the month it concerns, what it says."""
    day = as_date(written)
    head = "note sans date" if day is None else f"note du {long_date(day)}"
    about = "" if period is None else f" sur {month_words(period)}"
    said = text.strip() or "sans texte"
    return typeset(f"{capitalised(head)}{about}, {(author or '').strip() or 'sans nom'} : {said}")
