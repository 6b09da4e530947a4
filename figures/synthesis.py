"""The first screen: what is found, in one sentence, and the gaps that matter, one sentence each."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import pandas as pd

from figures.figure_line import (
    as_of,
    assurance_sign,
    attainment_bar,
    attainment_text,
    gap_of,
    landed_of,
    months_strip,
    objective_text,
    sign,
    status_of,
    value_text,
    variation_sign,
)
from figures.formats import NARROW_SPACE, listed, number, percent
from figures.grammar import capitalised, in_territory, is_plural, typeset
from figures.markup import text
from figures.scales import SCALES, files_words
from figures.sentences import (
    INTERVAL_CHANCE,
    gap_sentence,
    gap_words,
    landing_sentence,
    subject,
)
from figures.status import status_word
from indicators.few_patients import TOO_FEW
from indicators.reading import Reading
from indicators.stakes import Weighing, WeightSource
from indicators.summary import Tally

CONTRIBUTORS_NAMED = 3
LEAST_SHARE = 0.05
"""Share of what lacks under which a caisse is not worth a name."""

SHARE_WORDS = {
    "nationale": "part nationale",
    "locale_cpam": "part locale des CPAM",
    "locale_drsm": "part locale des DRSM",
}


@dataclass(frozen=True)
class Contribution:
    """A territory that makes a gap; ``share`` of what lacks (a proportion), None where unknown."""

    code: str
    name: str
    share: float | None


@dataclass(frozen=True)
class GapLine:
    """One gap of the list.

    Attributes:
        reading: the figure.
        territory_name: of the territory that the gap is of.
        gap: what the attainment lacks to 1.
        weight, stake: points of the year, None for a gap without weight.
        weight_lines: labels of the agreement's lines that weigh.
        is_proxy: whether one of these lines has a criterion of its own.
        is_average: whether the points are a mean of contracts that differ.
        scale: what the territory's gaps are weighed by, this one or not.
        contributions: where it comes from, the largest first.
        link: address of its story.
    """

    reading: Reading
    territory_name: str
    gap: float
    weight: float | None
    stake: float | None
    weight_lines: str
    is_proxy: bool
    contributions: tuple[Contribution, ...]
    link: str
    is_average: bool = False
    scale: WeightSource = "interessement"


def synthesis_finding(
    territory: tuple[str, str], counts: Tally, first: GapLine | None, when: str
) -> str:
    """The page in one sentence: how many objectives are attained, and which gap matters most.

    Args:
        territory: its code and name.
        counts: its objectives by status.
        first: the gap at the head of the list; None where every objective is attained.
        when: ``à fin septembre 2017``, ``en 2016``.
    """
    where = capitalised(in_territory(*territory))
    if not counts.judged:
        return typeset(f"{where}, aucun objectif ne peut être jugé {when}")
    verb = "est atteint" if counts.attained < 2 else "sont atteints"
    attained = number(counts.attained) if counts.attained else "aucun"
    noun = "objectif" if counts.attained < 2 else "objectifs"
    done = f"{attained} {noun} sur {number(counts.judged)} {verb} {when}"
    if not counts.attained:
        done = f"aucun des {number(counts.judged)} objectifs n’est atteint {when}"
    if first is None:
        return typeset(f"{where}, {done} : aucun écart à l’objectif")
    most = "l’écart qui pèse le plus" if first.stake is not None else "le plus grand écart"
    title = subject(first.reading.indicator.title)
    return typeset(f"{where}, {done} ; {most} : {title}, {_far(first.reading)}")


def gap_said(line: GapLine) -> str:
    """One gap in one sentence: what, how far, where, since when, from whom, landing."""
    reading = line.reading
    gap = gap_of(reading, reading.territory_code, line.territory_name)
    said = gap_sentence(gap, reading.year)
    parts = [said, contributions_words(line.contributions)]
    if reading.is_open_year and reading.landing is not None:
        parts.append(landing_sentence(landed_of(reading)))
    return typeset(" ; ".join(part for part in parts if part))


def contributions_words(known: Sequence[Contribution]) -> str:
    """``41 % du manque vient de CPAM Rhône, 12 % de CPAM Isère``; empty where one is alone."""
    named = [
        one for one in known[:CONTRIBUTORS_NAMED] if one.share is None or one.share >= LEAST_SHARE
    ] or list(known[:1])
    if not named:
        return ""
    if any(one.share is None for one in named):
        return f"d’abord {listed(one.name for one in named)}"
    said = listed(f"{one.name} ({percent(one.share, 0)} du manque)" for one in named[:1])
    others = [f"{one.name} ({percent(one.share, 0)})" for one in named[1:]]
    return f"d’abord {listed([said, *others])}"


def weighing_note(year: int, shares: Sequence[str], known: Weighing, is_open: bool) -> str:
    """By what the gaps are ranked: the year and the scale of the weights, said under the title.

    Args:
        year: of the weights.
        shares: those of the agreement that count for the territory.
        known: what its objectives weigh.
        is_open: whether the gap is to the objective to date.
    """
    far = f"écart à l’objectif{' à date' if is_open else ''}"
    landing = f" La fourchette d’un atterrissage {INTERVAL_CHANCE}."
    return f"{_weighing_said(year, shares, known, far)}{landing if is_open else ''}"


def _weighing_said(year: int, shares: Sequence[str], known: Weighing, far: str) -> str:
    """The scale of the weights, and what keeps another from being used."""
    if known.source == "cpg_points":
        return _points_note(year, known, far)
    if known.carried is None:
        said = f"Aucun poids d’intéressement connu pour {year} : tous les écarts sont sans poids, "
        said += f"classés par {far}."
    else:
        counted_in = " et ".join(SHARE_WORDS[share] for share in shares)
        said = f"Classés par {far} × poids de l’intéressement {year} ({counted_in}, "
        said += f"{points_text(known.carried)} sur des objectifs du CPG) ; les écarts sans poids "
        said += "viennent après."
    if known.contracts is None:
        return said
    have, expected = known.contracts
    return (
        f"{said} Les points du CPG ne sont connus que pour {number(have)} de ses "
        f"{number(expected)} caisses : ils ne classent rien ici."
    )


def _points_note(year: int, known: Weighing, far: str) -> str:
    said = (
        f"Classés par {far} × points du CPG {year} ({points_text(known.carried)} en tout, "
        f"{files_words(known.files)}) ; les écarts sans points viennent après, sans que "
        "l’intéressement s’y mêle."
    )
    if not known.averaged:
        return said
    return f"{said} Points moyens : la moyenne des caisses, dont les contrats diffèrent."


def points_text(points: float | None) -> str:
    """``1,2 point``, ``10 points``; a stake below a twentieth is not rounded to nothing."""
    if points is None:
        return "sans poids"
    if 0 < points < 0.05:
        return f"moins de {number(0.1, 1)}{NARROW_SPACE}point"
    decimals = 0 if float(points).is_integer() else 1
    return f"{number(points, decimals)} {'points' if is_plural(points, decimals) else 'point'}"


def few_note(readings: Iterable[Reading]) -> str:
    """Which objectives have no verdict, for too few patients; empty without any."""
    few = [reading for reading in readings if reading.status == TOO_FEW]
    if not few:
        return ""
    said = listed(
        f"{subject(one.indicator.title)} ({value_text(one)} pour {objective_text(one)})"
        for one in few
    )
    return typeset(f"{status_word(TOO_FEW).word} : {said}.")


def gaps_html(lines: Sequence[GapLine]) -> str:
    """The gaps in order, those without weight under a heading of their own."""
    if not lines:
        return '<p class="v-empty">▲ Aucun écart : tous les objectifs jugés sont atteints.</p>'
    weighed = [line for line in lines if line.stake is not None]
    others = lines[len(weighed) :]
    html = _gap_list(weighed, 1, "Écarts qui pèsent") if weighed else ""
    if others:
        scale = SCALES[others[0].scale]
        html += f'<p class="v-gap-kicker v-kicker">{scale.heading}</p>'
        html += _gap_list(others, len(weighed) + 1, f"Écarts {scale.without}")
    return html


def other_gaps_html(lines: Sequence[GapLine]) -> str:
    """The gaps that are not among the first, a line each: what, and how far."""
    items = "".join(f"<li>{_story_link(line)} : {text(_far(line.reading))}</li>" for line in lines)
    return f'<ul class="v-flips">{items}</ul>'


def _far(reading: Reading) -> str:
    return gap_words(reading.attainment, reading.indicator.better, reading.is_open_year)


def _story_link(line: GapLine) -> str:
    declared = line.reading.indicator
    return (
        f'<a href="{text(line.link)}" data-act="story" data-i="{text(declared.code)}" '
        f'data-t="{text(line.reading.territory_code)}">{text(subject(declared.title))}</a>'
    )


def _gap_list(lines: Sequence[GapLine], start: int, name: str) -> str:
    items = "".join(_gap_item(line, start + place) for place, line in enumerate(lines))
    return f'<ol class="v-gaps" start="{start}" aria-label="{text(name)}">{items}</ol>'


def _gap_item(line: GapLine, rank: int) -> str:
    reading = line.reading
    code = reading.indicator.code
    title = subject(reading.indicator.title)
    said = gap_said(line).removeprefix(title)
    return (
        f'<li class="v-gap" data-key="{text(code)}">'
        f'<p class="v-gap-rank" aria-hidden="true">{rank}</p>{_stake(line)}'
        f'<div class="v-gap-said"><p>{_story_link(line)}{text(said)}.</p>'
        f'<p class="v-gap-facts"><span class="v-val">{sign(status_of(reading), is_short=True)} '
        f"{attainment_bar(reading)}<b>{attainment_text(reading)}</b></span> "
        f"<span>{value_text(reading)} pour {objective_text(reading)}"
        f"{' à date' if reading.is_open_year else ''}</span> "
        f"<span>{text(as_of(reading))}</span></p></div>"
        f'<p class="v-gap-signs">{months_strip(reading)}{variation_sign(reading)}'
        f"{assurance_sign(reading)}</p></li>"
    )


def _stake(line: GapLine) -> str:
    scale = SCALES[line.scale]
    if line.stake is None or line.weight is None:
        return f'<p class="v-gap-stake"><span class="neu">– {scale.without}</span></p>'
    weight = points_text(line.weight)
    weight += f" {scale.of_points}" if line.scale == "cpg_points" else ""
    title = f' title="{text(line.weight_lines)}"' if line.weight_lines else ""
    return (
        f'<p class="v-gap-stake"{title}><b>{text(points_text(line.stake))}</b>'
        f"<small>{text(percent(line.gap))} × {text(weight)}</small>{_doubt(line)}</p>"
    )


def _doubt(line: GapLine) -> str:
    """What keeps the weight from being the one written for the territory."""
    if line.is_proxy:
        return (
            '<small title="La ligne de l’accord a un critère propre, que le CPG ne mesure pas : '
            'elle est lue sur cet objectif.">poids approché</small>'
        )
    if line.is_average:
        return (
            '<small title="Ses caisses n’ont pas toutes les mêmes points pour cet objectif : '
            'leur moyenne est prise.">points moyens</small>'
        )
    return ""


def gaps_records(lines: Sequence[GapLine]) -> pd.DataFrame:
    """Every gap for a file: rates are proportions, weights and stakes points."""
    return pd.DataFrame(
        {
            "rang": rank,
            "territoire_code": line.reading.territory_code,
            "territoire": line.territory_name,
            "annee": line.reading.year,
            "objectif_code": line.reading.indicator.code,
            "objectif": line.reading.indicator.title,
            "atteinte": line.reading.attainment,
            "ecart": line.gap,
            "poids_points": line.weight,
            "enjeu_points": line.stake,
            "points_de": None if line.stake is None else SCALES[line.scale].name,
            "points_moyens": line.is_average,
            "en_retard_depuis": line.reading.behind_since,
            "phrase": gap_said(line),
        }
        for rank, line in enumerate(lines, start=1)
    )
