"""One objective, territory by territory: who stands where, how far from objective and peers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import pandas as pd

from figures.board import CELL_COLUMNS, incomplete_mark, senders_of, shown_attainment
from figures.formats import (
    ABSENT,
    NARROW_SPACE,
    attainment_percent,
    counted,
    french_key,
    known_float,
    number,
    percent,
    points,
    quantity,
    quantity_gap,
)
from figures.grammar import LEVEL_NOUNS, month_words, ordinal
from figures.markup import attributes, text
from figures.objective import Objective
from figures.records import records
from figures.sentences import subject
from figures.status import HIDDEN, status_word
from indicators.few_patients import TOO_FEW

SHORT = ("close", "behind")
WIDEST = 2.0
"""Attainment at which a bar stops: beyond 200 % it is cut and says so."""

RANK_COLUMNS = (*CELL_COLUMNS, "level", "peer_rank", "peer_count")


@dataclass(frozen=True)
class RankedTerritory:
    """One bar. ``attainment`` and ``gap_to_peers`` are proportions; the others in the unit.

    ``under_since`` is the month since which it has been under the objective to date, where it is.
    ``rank`` is the place among the ``peer_count`` territories of the level, in the whole country,
    whose figure is shown; ``mark`` says what is short of complete, as written and as read aloud.
    """

    code: str
    name: str
    status: str
    attainment: float | None
    realised: float | None
    objective: float | None
    gap: float | None
    gap_to_peers: float | None
    senders: str | None
    is_hidden: bool
    level: str = "national"
    rank: int | None = None
    peer_count: int = 0
    mark: tuple[str, str] = ("", "")
    under_since: date | None = None


def ranked(attainment: pd.DataFrame, indicator: str, peers: float | None) -> list[RankedTerritory]:
    """Territories from the highest attainment to the lowest, those without value last.

    Args:
        attainment: rows of ``cpg/attainment`` of one level and year.
        indicator: code of the objective.
        peers: attainment to compare with, a proportion, or None.
    """
    rows = records(attainment[attainment["indicator_code"] == indicator], RANK_COLUMNS)
    bars = [_ranked_row(row, peers) for row in rows]
    return sorted(
        bars,
        key=lambda bar: (
            bar.attainment is None,
            -(bar.attainment or 0.0),
            french_key(bar.name),
        ),
    )


def dated(bars: Sequence[RankedTerritory], since: Mapping[str, date]) -> list[RankedTerritory]:
    """The bars in their order, each that is under its objective with the month since which it is.

    Args:
        bars: those of ``ranked``.
        since: first month of the present stretch under the objective to date, by territory.
    """
    return [
        replace(bar, under_since=since.get(bar.code)) if bar.status in SHORT else bar
        for bar in bars
    ]


def _ranked_row(row: dict[Any, Any], peers: float | None) -> RankedTerritory:
    value = shown_attainment(row)
    column = "objective_to_date" if row.get("is_open_year") else "objective"
    realised, objective = known_float(row.get("realised")), known_float(row.get(column))
    received, expected = senders_of(row)
    return RankedTerritory(
        code=row["territory_code"],
        name=row["territory_name"],
        status=str(row["status"]),
        attainment=value,
        realised=realised,
        objective=objective,
        gap=None if realised is None or objective is None else realised - objective,
        gap_to_peers=None if value is None or peers is None else value - peers,
        senders=f"{received}/{expected}" if received < expected else None,
        is_hidden=bool(row.get("is_hidden")) and value is None,
        level=str(row.get("level") or "national"),
        rank=_whole(row.get("peer_rank")),
        peer_count=_whole(row.get("peer_count")) or 0,
        mark=incomplete_mark(row),
    )


def _whole(value: Any) -> int | None:
    known = known_float(value)
    return None if known is None else int(known)


def rank_words(bar: RankedTerritory) -> str:
    """``9e sur 102 caisses``; nothing where the territory has no rank or no peer."""
    if bar.rank is None or bar.peer_count < 2:
        return ""
    noun = LEVEL_NOUNS[bar.level]
    return f"{ordinal(bar.rank, noun.gender)} sur {number(bar.peer_count)} {noun.many}"


def median_words(bars: Sequence[RankedTerritory]) -> str:
    """The peers' median, and of how many: ``médiane des 102 caisses``."""
    first = next((bar for bar in bars if bar.peer_count > 1), None)
    if first is None:
        return "médiane des pairs"
    return f"médiane des {number(first.peer_count)} {LEVEL_NOUNS[first.level].many}"


def ranking_finding(
    bars: Sequence[RankedTerritory], objective: Objective, is_open_year: bool = False
) -> str:
    """How many territories reach the objective, to date while the year is open, and the two ends.

    Those of too few patients are at neither end; how many they are is told.

    Args:
        bars: in the order of ``ranked``.
        objective: what is ranked.
        is_open_year: objectives are those to date.
    """
    aim = "l’objectif à date" if is_open_year else "l’objectif"
    told = [bar for bar in bars if bar.attainment is not None]
    title = subject(objective.title)
    if not told:
        return f"{title} : aucune valeur à classer"
    few = status_word(TOO_FEW).word.lower()
    known = [bar for bar in told if bar.status != TOO_FEW]
    if not known and len(told) > 1:
        return f"{title} : {few}"
    others = len(told) - len(known)
    more = f" ; {few} dans {counted(others, 'territoire')}" if others and known else ""
    if len(known) < 2:
        one = next(iter(known or told))
        place = few if not known else rank_words(one)
        said = f"{title} : {one.name}, {attainment_percent(one.attainment)} de {aim}"
        return f"{said}, {place}{more}" if place else f"{said}{more}"
    attained = sum(bar.status == "attained" for bar in known)
    if attained == 0:
        start = f"{title} : aucun des {len(known)} territoires n’atteint {aim}"
    elif attained == len(known):
        start = f"{title} : les {len(known)} territoires atteignent {aim}"
    else:
        verb = "atteint" if attained == 1 else "atteignent"
        start = f"{title} : {attained} territoires sur {len(known)} {verb} {aim}"
        start = start.replace(" 1 territoires", " 1 territoire")
    first, last = known[0], known[-1]
    return (
        f"{start}, de {attainment_percent(last.attainment, 0)} ({last.name}) "
        f"à {attainment_percent(first.attainment, 0)} ({first.name}){more}"
    )


def ranking_table(
    bars: Sequence[RankedTerritory],
    objective: Objective,
    caption: str,
    chosen: str | None,
    peers: tuple[str, float] | None,
    is_open_year: bool,
) -> str:
    """The ranking as a table whose second column is the bar; each row a button that selects it.

    Args:
        bars: rows in order.
        objective: the objective ranked.
        caption: what the table shows.
        chosen: code of the selected territory.
        peers: name of the comparator and its attainment, a proportion.
        is_open_year: objectives are those to date.
    """
    target = "Objectif à date" if is_open_year else "Objectif"
    heads = ["Territoire", "Taux d’atteinte", "Réalisé", target, "Écart à l’objectif"]
    heads.append("Écart au comparateur")
    head = "".join(
        f'<th scope="col"{attributes(class_="num" if i > 1 else None)}>{text(word)}</th>'
        for i, word in enumerate(heads)
    )
    has_ranks = any(bar.rank is not None for bar in bars)
    head += _rank_head(bars) if has_ranks else ""
    tells_since = any(bar.under_since is not None for bar in bars)
    head += '<th scope="col">Sous l’objectif depuis</th>' if tells_since else ""
    body = "".join(_bar_row(bar, objective, chosen, peers, has_ranks, tells_since) for bar in bars)
    return (
        f'<div class="v-scroll" role="region" tabindex="0" aria-label="{text(caption)}">'
        f'<table class="v-rank"><caption>{text(caption)}</caption><thead><tr>{head}</tr></thead>'
        f"<tbody>{body}</tbody></table></div>"
    )


def _rank_head(bars: Sequence[RankedTerritory]) -> str:
    """``Rang sur 102``, with the peers in words for who points at it."""
    ranked_bar = next(bar for bar in bars if bar.rank is not None)
    peers = f"{number(ranked_bar.peer_count)} {LEVEL_NOUNS[ranked_bar.level].many}"
    return (
        f'<th scope="col" class="num" title="{text(f"Rang parmi les {peers} de France")}">'
        f"Rang sur {number(ranked_bar.peer_count)}</th>"
    )


def _bar_row(
    bar: RankedTerritory,
    objective: Objective,
    chosen: str | None,
    peers: tuple[str, float] | None,
    has_ranks: bool,
    tells_since: bool,
) -> str:
    pressed = ' aria-pressed="true"' if bar.code == chosen else ""
    head = (
        f'<th scope="row"><button type="button" data-act="cell" data-t="{text(bar.code)}" '
        f'data-i="{text(objective.code)}"{pressed}>{text(bar.name)}</button></th>'
    )
    shown, words = bar.mark
    mark = f' <small title="{text(words)}">{text(shown)}</small>' if shown else ""
    place = f'<td class="num">{number(bar.rank)}</td>' if has_ranks else ""
    since = f"<td>{_since(bar)}</td>" if tells_since else ""
    decimals = decimals_of(bar, objective.unit)
    return (
        f"<tr{' class=on' if bar.code == chosen else ''}>{head}<td>{_bar(bar, peers)}</td>"
        f'<td class="num">{_measure(bar.realised, objective.unit, decimals)}{mark}</td>'
        f'<td class="num">{_measure(bar.objective, objective.unit, decimals)}</td>'
        f'<td class="num">{_gap(bar, objective, decimals)}</td>'
        f'<td class="num">{points(bar.gap_to_peers)}</td>{place}{since}</tr>'
    )


def _since(bar: RankedTerritory) -> str:
    return ABSENT if bar.under_since is None else text(month_words(bar.under_since))


def decimals_of(bar: RankedTerritory, unit: str) -> int:
    """Decimals of a rate and its objective: more where one would hide that they differ."""
    value, aim = bar.realised, bar.objective
    if unit != "proportion" or value is None or aim is None or bar.status == "attained":
        return 1
    return next((d for d in (1, 2) if percent(value, d) != percent(aim, d)), 3)


def _measure(value: float | None, unit: str, decimals: int) -> str:
    """A quantity in its unit; a rate to so many decimals."""
    return quantity(value, unit) if unit != "proportion" else percent(value, decimals)


def _gap(bar: RankedTerritory, objective: Objective, decimals: int) -> str:
    gap = bar.gap
    if gap is None:
        return ABSENT
    hue = "fav" if objective.gap_is_favourable(gap) else "unf"
    hue = status_word(TOO_FEW).hue if bar.status == TOO_FEW else hue
    is_rate = objective.unit == "proportion"
    said = points(gap, decimals) if is_rate else quantity_gap(gap, objective.unit)
    return f'<span class="{hue}">{said}</span>'


def cut_words(bars: Sequence[RankedTerritory]) -> str:
    """Says that bars are cut, where one is; else nothing."""
    is_cut = any((bar.attainment or 0.0) > WIDEST for bar in bars)
    return f" Barres coupées à {percent(WIDEST, 0)}." if is_cut else ""


def _bar(bar: RankedTerritory, peers: tuple[str, float] | None) -> str:
    if bar.is_hidden:
        return f'<span class="v-val">{HIDDEN.icon} {HIDDEN.word}</span>'
    word = status_word(bar.status)
    if bar.attainment is None:
        return f'<span class="v-val">{word.icon} {word.word}</span>'
    width = min(bar.attainment, WIDEST) / WIDEST * 100
    cut = '<b aria-hidden="true">»</b>' if bar.attainment > WIDEST else ""
    median = ""
    if peers is not None:
        place = min(peers[1], WIDEST) / WIDEST * 100
        median = f'<s class="m" style="left:{place:.1f}%" title="{text(peers[0])}"></s>'
    return (
        f'<span class="v-bar" aria-hidden="true"><u class="{word.hue}" style="width:{width:.1f}%">'
        f'{cut}</u><s class="o" style="left:50%" title="Objectif : 100{NARROW_SPACE}%"></s>{median}'
        f'</span><span class="v-val"><b>{attainment_percent(bar.attainment)}</b> '
        f'<i class="{word.hue}">{word.icon} {word.word}</i></span>'
    )


def ranking_svg(
    bars: Sequence[RankedTerritory],
    objective: Objective,
    peers: tuple[str, float] | None,
    is_open_year: bool = False,
) -> str:
    """The same ranking as a picture, for a file: one bar a line, values written beside."""
    finding = ranking_finding(bars, objective, is_open_year)
    line, left, plot = 22, 250, 420
    height = 34 + line * len(bars)
    unit = plot / WIDEST
    parts = [f'<line class="axis" x1="{left + unit}" x2="{left + unit}" y1="22" y2="{height}"/>']
    parts.append(
        f'<text class="small" x="{left + unit}" y="16" text-anchor="middle">Objectif</text>'
    )
    if peers is not None:
        x = left + min(peers[1], WIDEST) * unit
        parts.append(f'<line class="median" x1="{x:.1f}" x2="{x:.1f}" y1="22" y2="{height}"/>')
    for i, bar in enumerate(bars):
        y = 26 + line * i
        word = status_word(bar.status)
        parts.append(f'<text x="{left - 8}" y="{y + 14}" text-anchor="end">{text(bar.name)}</text>')
        width = 0.0 if bar.attainment is None else min(bar.attainment, WIDEST) * unit
        parts.append(
            f'<rect class="{word.hue}" x="{left}" y="{y + 3}" width="{width:.1f}" height="14"/>'
        )
        said = (
            HIDDEN.word
            if bar.is_hidden
            else f"{attainment_percent(bar.attainment)} {word.icon} {word.word}"
        )
        said = word.word if bar.attainment is None and not bar.is_hidden else said
        parts.append(f'<text x="{left + width + 6:.1f}" y="{y + 14}">{text(said)}</text>')
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {left + plot + 190} {height + 6}" '
        f'role="img" aria-label="{text(finding)}">{"".join(parts)}</svg>'
    )


def ranking_records(bars: Sequence[RankedTerritory], objective: Objective) -> pd.DataFrame:
    """The ranking as flat rows for a file."""
    return pd.DataFrame(
        {
            "rang": bar.rank,
            "rang_sur": bar.peer_count if bar.rank is not None else None,
            "territoire_code": bar.code,
            "territoire": bar.name,
            "objectif_libelle": objective.title,
            "taux_atteinte": bar.attainment,
            "statut": HIDDEN.word if bar.is_hidden else status_word(bar.status).word,
            "realise": bar.realised,
            "objectif": bar.objective,
            "ecart_objectif": bar.gap,
            "ecart_pairs": bar.gap_to_peers,
            "caisses_a_jour": bar.senders,
            "sous_objectif_depuis": bar.under_since,
        }
        for bar in bars
    )
