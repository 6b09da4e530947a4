"""The four figures that a meeting opens with: value, unit, comparison, period, source."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from figures.figure_line import sign
from figures.formats import ABSENT, counted, listed, number, percent
from figures.grammar import capitalised, end_of_month, is_plural, typeset
from figures.markup import text
from figures.scales import SCALES
from figures.senders import Sender
from figures.status import StatusWord
from indicators.stakes import WeightSource
from indicators.summary import LIKELY, AtStake, Likely, Tally, month_before, up_to_date

NOT_COMPARED = StatusWord("", "Sans comparaison", "neu")
MORE, LESS = "↑", "↓"
"""Which way a value differs: not the icons of a status, for more is not always better."""

CPG = "CPG"


@dataclass(frozen=True)
class KeyFigure:
    """One key figure: plain texts, and how it compares.

    Attributes:
        name: what is counted.
        value, unit: as written, the unit after the value.
        comparison: icon, words and hue of the comparison.
        period: the months or the year.
        source: where it comes from.
    """

    name: str
    value: str
    unit: str
    comparison: StatusWord
    period: str
    source: str


@dataclass(frozen=True)
class Other:
    """What the key figures are compared with: a territory, or each objective's own median.

    The medians of objectives make no territory: their objectives are counted, never set against
    the territory's count.

    Attributes:
        words: name of a territory after a value (``en France``); of medians, whose they are
            (``la médiane des caisses``).
        is_median: whether it is the medians.
        counts: objectives by status; None where none is known.
        stake: what the gaps hold; None where unknown, or of medians.
    """

    words: str
    is_median: bool
    counts: Tally | None
    stake: AtStake | None


def compared(
    value: float, other: float, words: str, more_is_better: bool = True, decimals: int = 0
) -> StatusWord:
    """How a value compares as written: the arrow says which way, the word whether that is good.

    Args:
        value: of the territory.
        other: what it is compared with.
        words: name of the other one, with its value.
        more_is_better: the direction.
        decimals: as both are written; what reads the same is said equal.
    """
    if round(value, decimals) == round(other, decimals):
        return StatusWord("≈", f"comme {words}", "neu")
    is_good = (value > other) == more_is_better
    return StatusWord(
        MORE if value > other else LESS,
        f"{'mieux' if is_good else 'moins bien'} que {words}",
        "fav" if is_good else "unf",
    )


def attained_figure(counts: Tally, other: Other | None, period: str, is_open: bool) -> KeyFigure:
    """Objectives attained out of those judged, against the comparison's.

    Args:
        counts: the territory's objectives.
        other: the comparison; None without one.
        period: of the figures.
        is_open: whether attainment is to date.
    """
    return KeyFigure(
        "Objectifs atteints à date" if is_open else "Objectifs atteints",
        number(counts.attained),
        f"sur {number(counts.judged)} ({not_attained_words(counts)})",
        _counts_compared(counts, other, "attained"),
        period,
        CPG,
    )


def _counts_compared(
    own: Tally, other: Other | None, counted_as: str, more_is_better: bool = True
) -> StatusWord:
    """How a count compares with a territory's; of medians, how many of them are the same.

    Args:
        own: the territory's objectives.
        other: the comparison.
        counted_as: the status counted, a field of both tallies.
        more_is_better: the direction.
    """
    if other is None or other.counts is None:
        return NOT_COMPARED
    count = getattr(other.counts, counted_as)
    if other.is_median:
        medians = capitalised(other.words.removeprefix("la "))
        said = f"{medians} : {count} sur {other.counts.judged}"
        return StatusWord("", typeset(said), "neu")
    words = f"{_out_of(count, other.counts, own)} {other.words}"
    return compared(getattr(own, counted_as), count, words, more_is_better)


def _out_of(count: int, other: Tally, own: Tally) -> str:
    """The count of the comparison, with how many it is out of where these are not ours."""
    return number(count) if other.judged == own.judged else f"{count} sur {other.judged}"


def not_attained_words(counts: Tally) -> str:
    """``4 proches, 3 en retard``: what is not attained; hidden figures are said hidden."""
    said = [
        counted(counts.close, "proche") if counts.close else "",
        f"{number(counts.behind)} en retard" if counts.behind else "",
        counted(counts.hidden, "masqué") if counts.hidden else "",
    ]
    return listed(part for part in said if part) or "aucun en retard"


def stake_figure(
    stake: AtStake | None,
    other: Other | None,
    year: int,
    weighed_by: WeightSource = "interessement",
) -> KeyFigure:
    """Points that the gaps hold, of the scale weighed by, against those of another territory."""
    scale = SCALES[weighed_by]
    name, source = f"Points {scale.of_points} en jeu", f"{scale.name} {year} × écarts"
    if stake is None:
        return KeyFigure(
            name, ABSENT, "aucun poids connu", NOT_COMPARED, str(year), f"{scale.name} {year}"
        )
    return KeyFigure(
        name,
        number(stake.points, 1),
        f"{'points' if is_plural(stake.points, 1) else 'point'} sur {_carried(stake.carried)} "
        "portés par des objectifs du CPG",
        NOT_COMPARED
        if other is None or other.stake is None
        else compared(
            stake.points,
            other.stake.points,
            f"{number(other.stake.points, 1)} {other.words}",
            more_is_better=False,
            decimals=1,
        ),
        str(year),
        source,
    )


def _carried(points: float) -> str:
    return number(points, 0 if points.is_integer() else 1)


def landing_figure(likely: Likely, year: int, period: str) -> KeyFigure:
    """Cumulated objectives that the year is likely to reach, against those reached to date."""
    if not likely.landed:
        return KeyFigure(
            f"Objectifs probables fin {year}",
            ABSENT,
            "aucun atterrissage calculable",
            NOT_COMPARED,
            period,
            CPG,
        )
    return KeyFigure(
        f"Objectifs probables fin {year}",
        number(likely.likely),
        f"sur {number(likely.landed)} objectifs cumulés (chance d’au moins {percent(LIKELY, 0)})",
        compared(likely.likely, likely.to_date, f"{number(likely.to_date)} à date parmi eux"),
        period,
        f"atterrissage, {CPG}",
    )


def behind_figure(counts: Tally, other: Other | None, period: str) -> KeyFigure:
    """Objectives behind once the year is closed, against the comparison's."""
    return KeyFigure(
        "Objectifs en retard",
        number(counts.behind),
        f"sur {number(counts.judged)}, sous 95 % de l’objectif",
        _counts_compared(counts, other, "behind", more_is_better=False),
        period,
        CPG,
    )


def completeness_figure(senders: Sequence[Sender], year: int) -> KeyFigure:
    """Caisses that have sent every month known, against those that had at the month before."""
    name, source = "Caisses à jour", "registre des envois"
    last_months = [sender.last_month for sender in senders]
    known = [month for month in last_months if month is not None]
    if not known:
        return KeyFigure(name, ABSENT, "aucun envoi", NOT_COMPARED, str(year), source)
    last, done = max(known), sum(not sender.is_late for sender in senders)
    comparison = NOT_COMPARED
    if last.month > 1:
        before = month_before(last)
        reached = up_to_date(last_months, before)
        comparison = compared(done, reached, f"{number(reached)} {end_of_month(before, last.year)}")
    return KeyFigure(
        name,
        number(done),
        f"sur {number(len(senders))}",
        comparison,
        end_of_month(last),
        source,
    )


def key_figures_html(figures: Sequence[KeyFigure]) -> str:
    """The key figures as cards, in order."""
    cards = "".join(
        f'<li class="v-kpi"><h2>{text(figure.name)}</h2>'
        f'<p class="v-kpi-value"><strong>{text(figure.value)}</strong> '
        f"<span>{text(figure.unit)}</span></p>"
        f'<p class="v-kpi-cmp">{sign(figure.comparison)}</p>'
        f'<p class="v-note">{text(figure.period)} · {text(figure.source)}</p></li>'
        for figure in figures
    )
    return f'<ul class="v-kpis" aria-label="Chiffres clés">{cards}</ul>'
