"""What the sheet of a territory says: its title, its two ends, what is missing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from figures.figure_line import gap_of, landed_of
from figures.formats import attainment_percent, counted, french_key, number
from figures.grammar import capitalised, is_plural, month_range, named, typeset
from figures.markup import text
from figures.scales import SCALES
from figures.sentences import gap_sentence, next_expected_sentence, subject
from figures.synthesis import points_text
from figures.territory_sheet import SheetLinks
from indicators.catalogue import catalogue
from indicators.few_patients import JUDGED
from indicators.reading import Reading
from indicators.stakes import WeightSource
from indicators.summary import AtStake, Awaited

ENDS = 3
LATE_NAMED = 8


@dataclass(frozen=True)
class SheetStake:
    """What the gaps hold of the intéressement, or of the CPG's points.

    Attributes:
        gaps: points that they hold, and those that the judged objectives carry.
        first: code of the dearest gap, and its points; None without a gap that weighs.
        unmeasured: weight of the agreement's lines that no indicator of the CPG measures.
        scale: what the gaps are weighed by.
    """

    gaps: AtStake
    first: tuple[str, float] | None
    unmeasured: float
    scale: WeightSource = "interessement"


@dataclass(frozen=True)
class Named:
    """A territory as sentences name it: ``label`` stands alone, ``name`` takes its article."""

    code: str
    name: str
    label: str


def judged(readings: Mapping[str, Reading]) -> list[Reading]:
    """The figures that have a verdict, as the board counts them."""
    return [
        reading
        for reading in readings.values()
        if reading.attainment is not None and reading.status in JUDGED
    ]


def sheet_finding(label: str, readings: Mapping[str, Reading], stake: SheetStake | None) -> str:
    """How many objectives hold, which one lags most, what is at stake."""
    known = judged(readings)
    if not known:
        return f"{label} : aucun objectif mesurable sur cette période"
    attained = sum(reading.status == "attained" for reading in known)
    start = f"{label} : {counted(attained, 'objectif')} sur {number(len(known))} "
    start += "atteint" if attained < 2 else "atteints"
    worst = min(known, key=_attained)
    if worst.status == "attained":
        return typeset(start)
    said = f"{start}. Le plus en retard : {subject(worst.indicator.title)}, "
    said += f"{attainment_percent(worst.attainment)} de l’objectif"
    said += " à date" if worst.is_open_year else ""
    return typeset(said if stake is None else f"{said}. {_at_stake(stake)}")


def _at_stake(stake: SheetStake) -> str:
    of_points = SCALES[stake.scale].of_points
    if stake.first is None:
        return f"Aucun point {of_points} en jeu"
    return f"En jeu : {points_text(stake.gaps.points)} {of_points}"


def stake_sentence(stake: SheetStake | None, readings: Mapping[str, Reading], year: int) -> str:
    """What the points at stake rest on, and what the sheet can't see of them."""
    if stake is None:
        return f"Aucun poids d’intéressement n’est connu pour {year}."
    name = capitalised(SCALES[stake.scale].name)
    whole = f"les objectifs jugés ici portent {points_text(stake.gaps.carried)} en {year}"
    if stake.first is None:
        said = f"{name} : {whole}, sans écart."
    else:
        code, first = stake.first
        title = subject(readings[code].indicator.title)
        by = "points" if stake.scale == "cpg_points" else "poids"
        said = f"{name} : écart × {by}, d’abord {title} ({points_text(first)}) ; {whole}."
    if stake.unmeasured > 0:
        verb = "se mesurent" if is_plural(stake.unmeasured) else "se mesure"
        said += f" {number(stake.unmeasured)} autres ne {verb} pas dans le CPG."
    return typeset(said)


def ends(readings: Mapping[str, Reading]) -> tuple[list[Reading], list[Reading]]:
    """The three lowest attainments, lowest first, and the three highest; none is in both."""
    ordered = sorted(judged(readings), key=_attained)
    lowest = ordered[: min(ENDS, (len(ordered) + 1) // 2)]
    highest = ordered[len(lowest) :][-ENDS:]
    return lowest, highest[::-1]


def ends_html(
    lowest: Sequence[Reading], highest: Sequence[Reading], named: Named, story: str
) -> str:
    """Both ends side by side, one sentence each, each a way to its story."""
    is_late = bool(lowest) and all(_attained(reading) < 1 for reading in lowest)
    late = "Les plus en retard" if is_late else "Les moins avancés"
    parts = ((late, lowest), ("Les plus avancés", highest))
    return "".join(
        f'<section class="v-block v-ends"><h2>{title}</h2>'
        f"<ol>{''.join(_end(reading, named, story) for reading in own)}</ol></section>"
        for title, own in parts
        if own
    )


def _end(reading: Reading, named: Named, story: str) -> str:
    landed = landed_of(reading) if reading.is_open_year and reading.landing else None
    sentence = gap_sentence(gap_of(reading, named.code, named.name, landed), reading.year)
    head, colon, rest = sentence.partition("\u00a0: ")
    code = text(reading.indicator.code)
    return (
        f'<li><a href="{text(story)}{code}" data-act="story" data-i="{code}">{text(head)}</a>'
        f"{text(colon + rest)}.</li>"
    )


@dataclass(frozen=True)
class Missing:
    """What a territory's sheet lacks.

    Attributes:
        senders: sentence on the caisses that have not sent.
        late: codes and names of the late caisses.
        is_one_caisse: whether one caisse alone is expected to send.
        provisional: the months that are provisional, in order.
        provisional_count: figures whose last month is.
        awaited: the figures due, by day.
        today: the day that lateness is counted to.
        findings: findings on the extracts behind these figures.
        hidden: titles of the figures hidden from the person.
        without_objective: titles of the figures that have no objective.
    """

    senders: str
    late: Sequence[tuple[str, str]]
    is_one_caisse: bool
    provisional: Sequence[date]
    provisional_count: int
    awaited: Sequence[Awaited]
    today: date
    findings: int
    hidden: Sequence[str]
    without_objective: Sequence[str]


def missing_finding(missing: Missing) -> str:
    """What is missing in one sentence: who, and what is overdue."""
    overdue = sum(len(one.codes) for one in missing.awaited if one.overdue)
    late = len(missing.late)
    parts = []
    if late:
        parts.append(f"{counted(late, 'caisse')} en retard d’envoi")
    if overdue:
        parts.append(f"{counted(overdue, 'objectif')} au-delà de la date attendue")
    if missing.provisional:
        parts.append(counted(len(missing.provisional), "mois provisoire", "mois provisoires"))
    said = ", ".join(parts)
    return f"Ce qui manque : {said}" if parts else "Rien ne manque : tout est reçu et définitif"


def missing_html(missing: Missing, links: SheetLinks) -> str:
    """What is missing, one line a kind."""
    lines = [text(missing.senders) + _late(missing, links)]
    if missing.provisional:
        first, last = missing.provisional[0], missing.provisional[-1]
        many = counted(missing.provisional_count, "objectif")
        lines.append(text(typeset(f"Provisoire : {month_range(first, last)}, {many}.")))
    lines += [
        text(typeset(f"{_awaited(one, missing.today)} : {_titles(_titles_of(one))}."))
        for one in sorted(missing.awaited, key=lambda one: one.expected)
    ]
    if missing.hidden:
        lines.append(
            text(typeset(f"Masqué (petits nombres de patients) : {_titles(missing.hidden)}."))
        )
    if missing.without_objective:
        lines.append(text(typeset(f"Sans objectif : {_titles(missing.without_objective)}.")))
    said = counted(missing.findings, "signalement") if missing.findings else "Aucun signalement"
    link = f'<a href="{text(links.findings)}">{said}</a>' if missing.findings else said
    lines.append(f"{link} sur les extraits de ces chiffres.")
    items = "".join(f"<li>{line}</li>" for line in lines)
    return f'<ul class="v-missing">{items}</ul>'


def _late(missing: Missing, links: SheetLinks) -> str:
    """The late caisses, each a way to its own sheet; one that stands alone has been said."""
    if len(missing.late) == 0 or missing.is_one_caisse:
        return "."
    shown = [territory_link(code, name, links) for code, name in missing.late[:LATE_NAMED]]
    others = len(missing.late) - len(shown)
    more = f" et {counted(others, 'autre')}" if others else ""
    return f"\u00a0: {', '.join(shown)}{more}."


def territory_link(code: str, name: str, links: SheetLinks) -> str:
    """A way to the sheet of another territory."""
    return (
        f'<a href="{text(links.sheet + code)}" data-act="choose" data-name="territoire" '
        f'data-value="{text(code)}">{text(name)}</a>'
    )


def _titles(titles: Sequence[str]) -> str:
    """One title by name, several by number and the first names."""
    if len(titles) == 1:
        return subject(titles[0])
    ordered = sorted((subject(title) for title in titles), key=french_key)
    return f"{counted(len(titles), 'objectif')}, {named(ordered)}"


def _awaited(one: Awaited, today: date) -> str:
    return capitalised(next_expected_sentence(one.expected, today))


def _titles_of(one: Awaited) -> list[str]:
    return [catalogue()[code].title for code in one.codes]


def _attained(reading: Reading) -> float:
    return reading.attainment if reading.attainment is not None else 0.0
