"""Sophia: who joins out of the eligible, in care gap or not, who is examined, what calls yield.

Proportions lie in [0, 1]; a count withheld is None with ``is_hidden``.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import pandas as pd

from figures.formats import (
    ABSENT,
    NARROW_SPACE,
    attainment_percent,
    known_float,
    month_name,
    number,
    percent,
    signed,
)
from figures.grammar import points_in_words, typeset
from figures.markup import table, text
from figures.prado import MASKED, attained_cell
from figures.programme_bars import Bar, bar_cell, bars_svg, ceiling
from figures.records import records
from figures.status import status_word
from indicators.attainment import status
from indicators.difference import Difference, proportion_difference
from indicators.intervals import Interval, wilson
from indicators.programme_costs import ratio

ROUNDING = 0.0005
"""What printing one decimal of a per cent may hide in a rate."""

LAST_TOLD = "dernier effectif envoyé par chaque caisse"


@dataclass(frozen=True)
class AdherentsYear:
    """A year of a territory, as caisses sent it; ``last_month`` is the last that one of them sent.

    ``objective`` and ``attainment`` are to date while the year is open, as on the board of the CPG.
    ``eligible`` are the patients that each caisse told last: a late one keeps its own, as it keeps
    its adhesions.
    """

    year: int
    joined: float | None
    cumulated: float | None
    objective: float | None
    attainment: float | None
    is_open: bool
    in_care_gap: float | None
    received: int
    expected: int
    is_hidden: bool
    last_month: date
    eligible: float | None = None

    @property
    def coverage(self) -> float | None:
        """All adhesions over the eligible patients."""
        return ratio(self.cumulated, self.eligible)

    @property
    def eligible_words(self) -> str:
        """Whose eligible patients these are, where a caisse is late; nothing where none is."""
        if self.received >= self.expected:
            return ""
        return LAST_TOLD if self.expected > 1 else "dernier effectif envoyé"

    @property
    def last_day(self) -> date:
        """The day that the objective is of: the end of the last month sent."""
        month = self.last_month
        return month.replace(day=monthrange(month.year, month.month)[1])

    @property
    def aim(self) -> str:
        """``l’objectif``, to date while the year is open."""
        return "l’objectif à date" if self.is_open else "l’objectif de fin d’année"

    @property
    def care_gap_share(self) -> float | None:
        """New adherents in care gap over new adherents."""
        return ratio(self.in_care_gap, self.joined)

    @property
    def care_gap_interval(self) -> Interval | None:
        """Its interval at 95 %."""
        if self.in_care_gap is None or not self.joined:
            return None
        return wilson(self.in_care_gap, self.joined)

    @property
    def senders(self) -> str:
        """``99/106 caisses``; of one caisse, until when it sent; nothing where all is there."""
        if self.received >= self.expected:
            return ""
        if self.expected == 1:
            return f"envoyé jusqu’à {month_name(self.last_month)}"
        return f"{self.received}/{self.expected} caisses"


def adherents_finding(years: Sequence[AdherentsYear], year: int, where: str) -> str:
    """How many have joined, out of how many, and against the objective."""
    own = next((one for one in years if one.year == year), None)
    start = f"Sophia {year}, {where}"
    if own is None:
        return typeset(f"{start} : aucun envoi des caisses")
    if own.cumulated is None:
        return typeset(f"{start} : effectifs masqués (petits nombres)")
    said = f"{start} : {number(own.cumulated)} adhésions cumulées"
    if own.senders:
        said += f" ({own.senders})"
    if own.coverage is not None:
        said += f", {percent(own.coverage)} des {number(own.eligible)} patients éligibles"
        said += f" ({own.eligible_words})" if own.eligible_words else ""
    return typeset(said)


def joined_finding(years: Sequence[AdherentsYear], year: int) -> str:
    """How many joined in the year, against the year before, and the objective."""
    known = {one.year: one for one in years}
    own = known.get(year)
    if own is None or own.joined is None:
        return typeset(f"Sophia {year} : nouvelles adhésions inconnues ou masquées")
    said = f"{number(own.joined)} nouvelles adhésions à Sophia en {year}"
    if own.senders:
        said += f" ({own.senders})"
    before = known.get(year - 1)
    if before is not None and before.joined is not None and not own.senders:
        said += f", {number(before.joined)} en {year - 1}"
    if own.attainment is not None:
        said += f" ; {attainment_percent(own.attainment)} de {own.aim}"
    return typeset(said)


def adherents_table(years: Sequence[AdherentsYear], caption: str) -> str:
    """By year: new adhesions, all of them, the eligible, coverage and attainment."""
    rows = [
        (
            f"{one.year} <small>{text(one.senders)}</small>" if one.senders else str(one.year),
            _count(one.joined, one),
            _count(one.cumulated, one),
            number(one.eligible),
            _coverage_cell(one),
            number(one.objective) + ("<small>à date</small>" if one.is_open else ""),
            MASKED
            if one.is_hidden and one.attainment is None
            else attained_cell(one.attainment, status(one.attainment)),
        )
        for one in years
    ]
    heads = (
        "Année",
        "Nouvelles adhésions",
        "Adhésions cumulées",
        "Patients éligibles",
        "Couverture",
        "Objectif",
        "Atteinte",
    )
    return table(caption, heads, rows, numeric=(1, 2, 3, 5), is_stacked=True)


def _coverage_cell(one: AdherentsYear) -> str:
    if one.is_hidden and one.coverage is None:
        return MASKED
    whose = f"<small>{text(one.eligible_words)}</small>" if one.eligible_words else ""
    return bar_cell(Bar("", one.coverage, percent(one.coverage)), 1.0) + whose


def _count(value: float | None, one: AdherentsYear) -> str:
    return MASKED if value is None and one.is_hidden else number(value)


def adherents_records(years: Sequence[AdherentsYear]) -> pd.DataFrame:
    """Years for a file; withheld counts are empty."""
    return pd.DataFrame(
        {
            "annee": one.year,
            "nouvelles_adhesions": one.joined,
            "adhesions_cumulees": one.cumulated,
            "eligibles": one.eligible,
            "couverture": one.coverage,
            "objectif": one.objective,
            "taux_atteinte": one.attainment,
            "objectif_a_date": one.is_open,
            "en_ecart_aux_soins": one.in_care_gap,
            "part_en_ecart": one.care_gap_share,
            "caisses_recues": one.received,
            "caisses_attendues": one.expected,
            "masque": one.is_hidden,
        }
        for one in years
    )


@dataclass(frozen=True)
class CareGapYear:
    """The share of new adherents in care gap: published with its objective, and a territory's."""

    year: int
    published: float | None
    objective: float | None
    own: AdherentsYear | None

    @property
    def attainment(self) -> float | None:
        """Of the COG's objective, from the published share."""
        return ratio(self.published, self.objective)


def care_gaps(cog: pd.DataFrame, years: Sequence[AdherentsYear], code: str) -> list[CareGapYear]:
    """The rows of the COG's indicator ``code`` beside the years of a territory."""
    printed = {
        int(row["year"]): (known_float(row["realised"]), known_float(row["objective"]))
        for row in records(cog[cog["cog_code"] == code], ("year", "realised", "objective"))
    }
    own = {one.year: one for one in years}
    found = []
    for year in sorted(printed.keys() | own.keys()):
        realised, objective = printed.get(year, (None, None))
        found.append(CareGapYear(year, _rate(realised), _rate(objective), own.get(year)))
    return found


def _rate(per_cent: float | None) -> float | None:
    return None if per_cent is None else per_cent / 100


def care_gap_finding(known: Sequence[CareGapYear]) -> str:
    """The last published share against its objective, and the one before."""
    judged = [one for one in known if one.attainment is not None]
    if not judged:
        return "Écart aux soins : rien de publié à comparer à l’objectif"
    last = judged[-1]
    verb = "dépasse" if (last.attainment or 0.0) >= 1 else "n’atteint pas"
    said = (
        f"{percent(last.published, 0)} des nouveaux adhérents de {last.year} sont en écart aux "
        f"soins, ce qui {verb} l’objectif de {percent(last.objective, 0)}"
    )
    if len(judged) > 1:
        before = judged[-2]
        former, aim = percent(before.published, 0), percent(before.objective, 0)
        said += f" ; {former} en {before.year} pour {aim}"
    return typeset(said)


def care_gap_table(known: Sequence[CareGapYear], where: str, caption: str) -> str:
    """By year: the published share, the objective, the attainment, and the territory's share."""
    rows = [
        (
            str(one.year),
            percent(one.published),
            percent(one.objective, 0),
            attained_cell(one.attainment, status(one.attainment)),
            _own_share(one),
        )
        for one in known
    ]
    heads = (
        "Année",
        "Publié, France",
        "Objectif de la COG",
        "Atteinte (publié)",
        f"{where} (trait : objectif)",
    )
    return table(caption, heads, rows, numeric=(1, 2), is_stacked=True)


def _own_share(one: CareGapYear) -> str:
    own = one.own
    if own is None or own.care_gap_share is None:
        return MASKED if own is not None and own.is_hidden else ABSENT
    said = percent(own.care_gap_share)
    interval = own.care_gap_interval
    bounds = ""
    if interval is not None:
        low, high = percent(interval.lower), percent(interval.upper)
        bounds = f"<small>{low.removesuffix(f'{NARROW_SPACE}%')} à {high}</small>"
    return bar_cell(Bar("", own.care_gap_share, said, goal=one.objective), 1.0) + bounds


def care_gap_svg(known: Sequence[CareGapYear], where: str, alt: str) -> str:
    """The published shares and the territory's, objectives marked."""
    bars = []
    for one in known:
        if one.published is not None:
            hue = status_word(status(one.attainment)).hue
            said = percent(one.published)
            bars.append(
                Bar(f"{one.year}, France (publié)", one.published, said, hue, one.objective)
            )
        if one.own is not None and one.own.care_gap_share is not None:
            share = one.own.care_gap_share
            bars.append(Bar(f"{one.year}, {where}", share, percent(share), "neu", one.objective))
    return bars_svg(bars, alt)


def care_gap_records(known: Sequence[CareGapYear]) -> pd.DataFrame:
    """Years for a file."""
    return pd.DataFrame(
        {
            "annee": one.year,
            "part_publiee": one.published,
            "objectif_cog": one.objective,
            "part_du_territoire": None if one.own is None else one.own.care_gap_share,
            "nouveaux_en_ecart": None if one.own is None else one.own.in_care_gap,
            "nouveaux_adherents": None if one.own is None else one.own.joined,
        }
        for one in known
    )


@dataclass(frozen=True)
class Group:
    """Patients that a programme is for, as published: adherents of so many eligible."""

    name: str
    adherents: float
    eligible: float
    note: str = ""

    @property
    def share(self) -> float | None:
        """Adherents over the eligible."""
        return ratio(self.adherents, self.eligible)


def groups(
    diabetes: Mapping[int, Mapping[str, float]], asthma: Mapping[int, Mapping[str, float]]
) -> list[Group]:
    """What was published of adherents and eligible patients, by year and item.

    The national eligible of asthma are of a later year than the adherents, and say so.
    """
    found = []
    for year, items in sorted(diabetes.items()):
        if "adherents" in items and "eligible" in items:
            note = "presse" if year == 2014 else ""
            name = f"Diabète, {year}"
            found.append(Group(name, items["adherents"], items["eligible"], note))
    for year, items in sorted(asthma.items()):
        if "adherents" not in items:
            continue
        if "eligible_experiment" in items:
            found.append(
                Group(
                    f"Asthme, {year}, départements de l’expérimentation",
                    items["adherents"],
                    items["eligible_experiment"],
                )
            )
        after = asthma.get(year + 1, {})
        if "eligible_national" in after:
            found.append(
                Group(
                    f"Asthme, {year}, France entière",
                    items["adherents"],
                    after["eligible_national"],
                    f"éligibles de {year + 1}",
                )
            )
    return found


def groups_finding(known: Sequence[Group]) -> str:
    """From the best reached group to the least."""
    rated = sorted(
        (one for one in known if one.share is not None), key=lambda one: -(one.share or 0)
    )
    if not rated:
        return "Adhérents et éligibles : rien de publié"
    first, last = rated[0], rated[-1]
    said = f"{first.name} : {percent(first.share)} des patients éligibles adhèrent"
    if last is not first:
        said += f" ; {last.name[0].lower()}{last.name[1:]} : {percent(last.share)}"
    return typeset(said)


def groups_table(known: Sequence[Group], caption: str) -> str:
    """Adherents, eligible patients and the share of each group."""
    rows = [
        (
            text(one.name) + (f" <small>{text(one.note)}</small>" if one.note else ""),
            number(one.adherents),
            number(one.eligible),
            bar_cell(Bar("", one.share, percent(one.share)), 1.0),
        )
        for one in known
    ]
    heads = ("Public", "Adhérents", "Patients éligibles", "Part")
    return table(caption, heads, rows, numeric=(1, 2), is_stacked=True)


@dataclass(frozen=True)
class CogAim:
    """The COG's objective of cumulated adhesions in a year: signed, and as revised since."""

    year: int
    signed: float
    revised: float | None
    published: float | None

    def shares(self) -> str:
        """What the published adhesions are of one objective and of the other."""
        if self.published is None:
            return ""
        signed_share = percent(self.published / self.signed)
        said = f"{signed_share} de l’objectif signé dans la COG ({number(self.signed)})"
        if self.revised:
            revised_share = percent(self.published / self.revised)
            said += f", {revised_share} de l’objectif revu ({number(self.revised)})"
        return said


def cog_aim(cog: pd.DataFrame, code: str, year: int) -> CogAim | None:
    """The objectives of the COG's indicator ``code`` in a year; None where none was signed.

    The revised one is known by the note beside the indicator alone.
    """
    own = cog[(cog["cog_code"] == code) & (cog["year"] == year)]
    for row in records(own, ("objective", "realised", "note")):
        signed_aim = known_float(row["objective"])
        if signed_aim:
            note = row["note"] if isinstance(row["note"], str) else ""
            return CogAim(year, signed_aim, _revised_in(note, year), known_float(row["realised"]))
    return None


def _revised_in(note: str, year: int) -> float | None:
    found = re.search(rf"objectif {year} révisé à ([\d\s]+)", note)
    return None if found is None else float("".join(found[1].split()))


def aims_words(aim: CogAim, own: AdherentsYear | None) -> str:
    """Why the table's attainment of a year and that of the COG differ: they have two objectives.

    Args:
        aim: the COG's objectives.
        own: the same year of the territory in the table above, None where it has none.
    """
    shares = aim.shares()
    if not shares or aim.revised is None:
        return ""
    said = f"Deux objectifs nationaux pour {aim.year} : les {number(aim.published)} adhésions "
    said += f"publiées font {shares}."
    if own is not None and own.objective is not None:
        is_revised = abs(own.objective - aim.revised) < 1
        said += (
            f" Le tableau juge {aim.year} sur l’objectif revu."
            if is_revised
            else f" Le tableau juge {aim.year} sur l’objectif envoyé par les caisses, "
            f"{number(own.objective)}."
        )
    return typeset(said)


def left_words(
    diabetes: Mapping[str, float],
    year_end: float | None,
    asthma: float | None,
    aim: CogAim | None = None,
) -> str:
    """Why adhesions are more than adherents, and whether two counts of adherents agree.

    Args:
        diabetes: published items of the year.
        year_end: adherents that the table of costs counts.
        asthma: published adherents of the service for asthma.
        aim: the COG's objectives of cumulated adhesions.
    """
    said = []
    total, left = diabetes.get("cumulative_adhesions"), diabetes.get("adherents")
    if total and aim is not None and aim.shares():
        said.append(f"{number(total)} adhésions cumulées : {aim.shares()}.")
    if total and left:
        said.append(
            f"Il reste {number(left)} adhérents : {percent(1 - left / total)} des inscrits sont "
            "partis."
        )
    if total and left and (eligible := diabetes.get("eligible")):
        said.append(
            f"Rapportées aux éligibles, les adhésions font {percent(total / eligible)}, les "
            f"adhérents {percent(left / eligible)}."
        )
    if year_end and left and asthma and abs(year_end - left - asthma) > 1:
        said.append(
            f"Le tableau des coûts compte {number(year_end)} adhérents en fin d’année, diabète et "
            f"asthme en font {number(left + asthma)} : les deux sont publiés, l’écart de "
            f"{number(abs(year_end - left - asthma))} n’est pas expliqué."
        )
    return typeset(" ".join(said))


def groups_svg(known: Sequence[Group], alt: str) -> str:
    """The share of each group."""
    return bars_svg([Bar(one.name, one.share, percent(one.share)) for one in known], alt)


def groups_records(known: Sequence[Group]) -> pd.DataFrame:
    """Groups for a file."""
    return pd.DataFrame(
        {
            "public": one.name,
            "adherents": one.adherents,
            "eligibles": one.eligible,
            "part": one.share,
            "note": one.note,
        }
        for one in known
    )


@dataclass(frozen=True)
class Exam:
    """An exam among adherents and among others; how many they are gives the interval."""

    name: str
    adherents_rate: float
    others_rate: float
    adherents: float
    others: float

    @property
    def gap(self) -> Difference:
        """Adherents less others, with its interval at 95 %."""
        return proportion_difference(
            (self.others_rate * self.others, self.others),
            (self.adherents_rate * self.adherents, self.adherents),
        )


EXAMS: Mapping[str, str] = {"eye_exam": "Fond d’œil", "kidney_check": "Bilan rénal"}


def exams(items: Mapping[str, float], adherents: float, eligible: float) -> list[Exam]:
    """The exams that were published for adherents and others; rates come in per cent."""
    found = []
    for code, name in EXAMS.items():
        own, others = items.get(f"{code}_adherents_pct"), items.get(f"{code}_non_adherents_pct")
        if own is not None and others is not None and eligible > adherents > 0:
            found.append(Exam(name, own / 100, others / 100, adherents, eligible - adherents))
    return found


def exams_finding(known: Sequence[Exam]) -> str:
    """By how many points adherents are examined more."""
    if not known:
        return "Examens : rien de publié"
    said = " et ".join(f"{one.name.lower()} {points_in_words(one.gap.value)}" for one in known)
    return typeset(f"Les adhérents passent plus d’examens que les autres : {said}")


def exams_table(known: Sequence[Exam], caption: str) -> str:
    """Both rates, their difference, its interval, and what rounding hides."""
    rows = [
        (
            text(one.name),
            bar_cell(Bar("", one.adherents_rate, percent(one.adherents_rate)), 1.0),
            bar_cell(Bar("", one.others_rate, percent(one.others_rate), "neu"), 1.0),
            f"<b>{text(points_in_words(one.gap.value))}</b>",
            f"de {signed(one.gap.lower * 100, 2)} à {signed(one.gap.upper * 100, 2)}",
        )
        for one in known
    ]
    heads = (
        "Examen",
        "Adhérents",
        "Éligibles non adhérents",
        "Écart",
        "Intervalle à 95 % (points)",
    )
    return table(caption, heads, rows, numeric=(3, 4), is_stacked=True)


def exams_words(known: Sequence[Exam], stopped_pct: float | None) -> str:
    """What the interval rests on, and what the difference does not say."""
    if not known:
        return ""
    one = known[0]
    said = (
        f"Intervalle calculé sur {number(one.adherents)} adhérents et {number(one.others)} autres "
        "éligibles, effectifs publiés à côté des taux et non avec eux ; l’arrondi des taux publiés "
        f"peut encore déplacer l’écart de {number(200 * ROUNDING, 1)} point. L’écart ne mesure pas "
        "l’effet du service : ceux qui adhèrent l’ont choisi, et peuvent se soigner davantage de "
        "toute façon."
    )
    if stopped_pct is not None:
        said += (
            f" Publié aussi, sans comparaison : {percent(stopped_pct / 100)} des adhérents fumeurs "
            "ont déclaré avoir arrêté."
        )
    return typeset(said)


def exams_svg(known: Sequence[Exam], alt: str) -> str:
    """Both rates of each exam."""
    bars = [
        Bar(f"{one.name}, {who}", rate, percent(rate), hue)
        for one in known
        for who, rate, hue in (
            ("adhérents", one.adherents_rate, "fav"),
            ("autres éligibles", one.others_rate, "neu"),
        )
    ]
    return bars_svg(bars, alt)


def exams_records(known: Sequence[Exam]) -> pd.DataFrame:
    """Exams for a file; differences are proportions."""
    return pd.DataFrame(
        {
            "examen": one.name,
            "taux_adherents": one.adherents_rate,
            "taux_autres_eligibles": one.others_rate,
            "ecart": one.gap.value,
            "ecart_bas": one.gap.lower,
            "ecart_haut": one.gap.upper,
        }
        for one in known
    )


STAFF_TITLE = "ETP consacrés à Sophia"


def staff_finding(known: Mapping[int, float]) -> str:
    """The last year's staff and its growth."""
    if not known:
        return f"{STAFF_TITLE} : rien de publié"
    first, last = min(known), max(known)
    said = f"{number(known[last])} {STAFF_TITLE} en {last}"
    if first != last:
        growth = known[last] / known[first] - 1
        said += f", {signed(growth * 100, 0)}{NARROW_SPACE}% depuis {first}"
    return typeset(said)


def staff_bars(known: Mapping[int, float]) -> list[Bar]:
    """The staff of each year."""
    return [Bar(str(year), value, number(value)) for year, value in sorted(known.items())]


def staff_table(known: Mapping[int, float], caption: str) -> str:
    """The staff of each year as bars."""
    bars = staff_bars(known)
    top = ceiling(bars)
    return table(caption, ("Année", "ETP"), [(bar.name, bar_cell(bar, top)) for bar in bars])


def staff_records(known: Mapping[int, float]) -> pd.DataFrame:
    """Years for a file."""
    return pd.DataFrame({"annee": year, "etp": value} for year, value in sorted(known.items()))
