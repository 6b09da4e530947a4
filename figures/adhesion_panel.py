"""What stands beside a map: the story of the territory chosen, or who stands out without one."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from figures.adhesion_judgement import (
    judged_map,
    side_sign,
    side_words,
    standing_title,
    standing_words,
    unjudged_words,
)
from figures.adhesion_map import (
    ShownMap,
    country_rank,
    ordered,
    place_words,
    ranks,
    total_coverage,
)
from figures.formats import (
    MONTHS,
    counted,
    long_date,
    month_name,
    number,
    percent,
    points,
    short_month,
)
from figures.funnel import Funnel
from figures.grammar import LEVEL_NOUNS, ordinal, typeset
from figures.map_measures import (
    GAP,
    FloatArray,
    Measure,
    Spread,
    is_under,
    signed_percent,
)
from figures.markup import fold, table, text
from figures.records import records

WIDTH, HEIGHT = 460, 170
LEFT, RIGHT, TOP, BOTTOM = 52, 10, 12, 24
WIDEST = 560
"""Pixels of the course of a territory where its story has the whole page."""

NAMED, BEYOND = 4, 6
"""Territories named at each end where none is chosen, and beyond the limits besides them."""

UNRANKED = 8
"""Territories without a rank that are named."""


@dataclass(frozen=True)
class Beside:
    """What is known of a territory besides its figures.

    Attributes:
        link: address of « Mon département » on it; empty where it has none.
        notes: rows of ``queries.notes.notes``.
        files: rows of ``adhesions/provenance``.
    """

    link: str
    notes: pd.DataFrame
    files: pd.DataFrame


def story_html(shown: ShownMap, place: int, beside: Beside) -> str:
    """The territory chosen: value, rank, course over the months, peers, notes and files."""
    code, name = shown.spread.codes[place], shown.spread.names[place]
    value = shown.value(place)
    said = "masqué" if shown.is_masked(place) else shown.why(place)
    if not math.isnan(value):
        said = shown.measure.said(value)
    sign = "▼ " if not math.isnan(value) and is_under(value, shown.measure) else ""
    link = (
        f'<p><a href="{text(beside.link)}">Ouvrir « Mon département »</a></p>'
        if beside.link
        else ""
    )
    # Where one territory is all there is, its story has nothing behind it.
    close = (
        '<button type="button" class="v-close" data-act="choose" data-name="choisi" data-value="" '
        'aria-label="Fermer la fiche du territoire">×</button>'
        if len(shown.drawn) > 1
        else ""
    )
    return (
        f'<section class="v-block v-mapstory" data-key="{text(code)}" aria-label="{text(name)}" '
        'data-focus tabindex="-1">'
        f'<header><p class="v-kicker">{text(LEVEL_NOUNS[shown.level].one)}</p><h2>{text(name)}</h2>'
        f'{close}</header><p class="v-big"><strong>{sign}{text(said)}</strong> '
        f'<span class="v-note">{text(shown.measure.short)}, {text(shown.when)}</span></p>'
        f"{_sentences(shown, place)}{_series(shown, place)}{_peers(shown, place)}"
        f"{_notes(beside.notes)}{_files(beside.files)}{link}</section>"
    )


def _sentences(shown: ShownMap, place: int) -> str:
    found = [_counts(shown, place), _rank(shown, place), _interval(shown, place)]
    found += [*_against(shown, place), _growth(shown, place)]
    said = "".join(f"<li>{text(typeset(sentence))}</li>" for sentence in found if sentence)
    return f'<ul class="v-said">{said}</ul>' if said else ""


def _counts(shown: ShownMap, place: int) -> str:
    held, eligible = shown.figure("held", place), shown.figure("eligible", place)
    objective = shown.figure("objective", place)
    if held is None:
        if shown.is_masked(place):
            return "Comptes masqués : petit nombre (1 à 10 personnes), ou protège un petit nombre."
        return "Aucun envoi connu pour cette période."
    total = " en tout" if shown.about.is_cumulated else ""
    said = f"{counted(int(held), 'adhésion')}{total}"
    if eligible:
        said += f" pour {counted(int(eligible), 'personne éligible', 'personnes éligibles')}"
    if objective:
        reached = percent(held / objective, 0)
        said += f" ; {reached} de l’objectif à date ({number(objective)})"
    sent = shown.senders(place)
    if sent and not shown.spread.received[shown.t, place]:
        return f"{said} ; rien n’est arrivé pour {month_name(shown.month)} ({sent})."
    return f"{said}, d’après {sent}." if sent else f"{said}."


def _rank(shown: ShownMap, place: int) -> str:
    """The place on the map, in the whole country, or why there is none."""
    noun, found, said = LEVEL_NOUNS[shown.level], ranks(shown), []
    if shown.senders(place) and not math.isnan(shown.value(place)):
        return f"Non classé{'e' if noun.gender == 'f' else ''} : envois incomplets."
    if place in found and len(found) > 1:
        among = counted(len(found), noun.one, noun.many)
        where = f" ({shown.about.where})" if shown.standing is not None else ""
        said.append(f"{ordinal(found[place], noun.gender)} sur {among}{where}")
    country = country_rank(shown, place)
    if country is not None:
        among = counted(country.among, noun.one, noun.many)
        said.append(f"{ordinal(country.place, noun.gender)} sur {among} en France")
    return f"{', '.join(said)} : du plus haut au plus bas." if said else ""


def _interval(shown: ShownMap, place: int) -> str:
    interval, coverage = shown.spread.interval(shown.t, place), shown.figure("coverage", place)
    if interval is None or coverage is None:
        return ""
    low, high = interval
    said = f"Couverture de {percent(coverage)}, entre {percent(low)} et {percent(high)} à 95 %"
    whole = total_coverage(shown)
    if whole is None or shown.spread.codes[place] in shown.total.codes:
        return f"{said}."
    judged = side_words(judged_map(shown), shown.spread.codes[place])
    return f"{said} ; ensemble : {percent(whole)}. {judged}".rstrip()


def _against(shown: ShownMap, place: int) -> list[str]:
    """What the territory is held against: medians of the map, of the country, of its peers."""
    return [_against_median(shown, place), *_against_country(shown)]


def _against_country(shown: ShownMap) -> list[str]:
    """The medians of the whole level and of the peers by size, for a part of the country."""
    standing, measure = shown.standing, shown.measure
    if standing is None or measure.code == GAP:
        return []
    noun = LEVEL_NOUNS[shown.level]
    of_peers = counted(standing.peer_count, noun.one, noun.many)
    named = (
        (f"des {noun.many} de France", standing.median(measure.code, shown.month)),
        (f"des {of_peers} de même taille", standing.peer_median(measure.code, shown.month)),
    )
    told = [f"{words}, {measure.said(value)}" for words, value in named if value is not None]
    return [f"{measure.short}, médiane {' ; '.join(told)}."] if told else []


def _against_median(shown: ShownMap, place: int) -> str:
    coverage = shown.figure("coverage", place)
    if coverage is None or math.isnan(shown.median):
        return _against_wider(shown)
    known = int((~np.isnan(shown.spread.figures["coverage"][shown.t])).sum())
    noun = LEVEL_NOUNS[shown.level]
    return (
        f"{points(coverage - shown.median)} par rapport à la médiane de "
        f"{counted(known, noun.one, noun.many)} ({percent(shown.median)})."
    )


def _against_wider(shown: ShownMap) -> str:
    """The region and the country, where too few are seen for a median; no volume compares."""
    if shown.measure.kind == "volume":
        return ""
    known = [
        f"{wider.names[0]}, {shown.measure.said(value)}"
        for wider in shown.wider
        for value in (float(_months_of(shown, wider)[shown.t]),)
        if not math.isnan(value)
    ]
    return f"{shown.measure.short}, pour comparer : {' ; '.join(known)}." if known else ""


def _months_of(shown: ShownMap, wider: Spread) -> FloatArray:
    """The measure of a larger territory at each month of the map."""
    values = shown.measure.values(wider)[:, 0]
    at = {month: place for place, month in enumerate(wider.months)}
    found = [values[at[month]] if month in at else math.nan for month in shown.spread.months]
    return np.array(found, dtype=np.float64)


def _growth(shown: ShownMap, place: int) -> str:
    growth = shown.figure("growth", place)
    if growth is not None:
        return f"{signed_percent(growth)} en douze mois."
    if shown.spread.is_growth_hidden[shown.t, place]:
        return "Évolution masquée : petit nombre, ou protège un petit nombre."
    if not shown.spread.is_comparable[shown.t, place]:
        return "Évolution non comparable : des mois manquent."
    if shown.spread.starts_from_nothing(shown.t, place):
        return "Évolution non applicable : 0 l’an dernier."
    return ""


def _series(shown: ShownMap, place: int) -> str:
    """The measure over the months; dotted, the median of the level, else the country."""
    own = shown.cells[:, place]
    if (~np.isnan(own)).sum() < 2:
        return ""
    months = shown.spread.months
    alt = typeset(
        f"{shown.measure.short} de {shown.spread.names[place]}, de {short_month(months[0])} à "
        f"{short_month(months[-1])} ; mois montré : {place_words(shown, place)}."
    )
    dotted, name = _reference(shown)
    picture = series_svg(own, dotted, months, shown.t, shown.measure, alt)
    said = f"Trait plein : {shown.spread.names[place]}"
    said += f" ; pointillé : {name}." if name else "."
    if (shown.spread.is_hidden[:, place] & np.isnan(own)).any():
        said += " Les mois masqués manquent."
    return (
        f'<div style="aspect-ratio:{WIDTH}/{HEIGHT};max-width:{WIDEST}px">{picture}</div>'
        f'<p class="v-note">{text(typeset(said))}</p>'
    )


def _reference(shown: ShownMap) -> tuple[FloatArray, str]:
    """What a course is held against at each month, and its name; empty where nothing is known."""
    medians = _medians(shown)
    if not np.isnan(medians).all():
        return medians, f"médiane des {LEVEL_NOUNS[shown.level].many}"
    if shown.wider and shown.measure.kind != "volume":
        whole = _months_of(shown, shown.wider[-1])
        if not np.isnan(whole).all():
            return whole, shown.wider[-1].names[0]
    return medians, ""


def _medians(shown: ShownMap) -> FloatArray:
    known = (~np.isnan(shown.cells)).sum(axis=1) >= 5
    found = np.full(shown.cells.shape[0], np.nan)
    found[known] = np.nanmedian(shown.cells[known], axis=1)
    return found


def series_svg(
    own: FloatArray,
    median: FloatArray,
    months: Sequence[date],
    t: int,
    measure: Measure,
    alt: str,
) -> str:
    """A course over the months as a small picture; gaps where nothing is known."""
    known = np.concatenate([own[~np.isnan(own)], median[~np.isnan(median)]])
    low, high = min(0.0, float(known.min())), float(known.max())
    if measure.kind == "diverging":
        low, high = min(float(known.min()), measure.pivot), max(high, measure.pivot)
    high = high if high > low else low + measure.step

    def at(i: int, value: float) -> tuple[float, float]:
        x = LEFT + i / max(len(months) - 1, 1) * (WIDTH - LEFT - RIGHT)
        y = TOP + (high - value) / (high - low) * (HEIGHT - TOP - BOTTOM)
        return round(x, 1), round(y, 1)

    def line(values: FloatArray, css: str) -> str:
        path, is_drawing = "", False
        for i, value in enumerate(values):
            if np.isnan(value):
                is_drawing = False
                continue
            x, y = at(i, float(value))
            path += f"{'L' if is_drawing else 'M'}{x} {y}"
            is_drawing = True
        return f'<path class="{css}" fill="none" d="{path}"/>' if path else ""

    axis = "".join(
        f'<line class="grid" x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{y}" y2="{y}"/>'
        f'<text x="{LEFT - 6}" y="{y + 4}" text-anchor="end">{text(measure.said(value))}</text>'
        for value in (low, high)
        for y in (at(0, value)[1],)
    )
    years = "".join(
        f'<text x="{at(i, low)[0]}" y="{HEIGHT - 6}" text-anchor="middle">{month.year}</text>'
        for i, month in enumerate(months)
        if month.month == 7 or (len(months) < 12 and i == 0)
    )
    dot = ""
    if not np.isnan(own[t]):
        x, y = at(t, float(own[t]))
        dot = f'<circle class="dot" cx="{x}" cy="{y}" r="4"/>'
    return (
        f'<svg class="v-small" xmlns="http://www.w3.org/2000/svg" role="img" '
        f'viewBox="0 0 {WIDTH} {HEIGHT}" aria-label="{text(alt)}">{axis}{years}'
        f"{line(median, 'median')}{line(own, 'line')}{dot}</svg>"
    )


def _peers(shown: ShownMap, place: int) -> str:
    """Those just above and just below in the ranking."""
    order = sorted(ranks(shown), key=lambda i: -shown.value(i))
    if place not in order or len(order) < 3:
        return ""
    at = order.index(place)
    near = [i for i in order[max(at - 2, 0) : at + 3] if i != place]
    return (
        f'<h3>Au même niveau</h3><ul class="v-near">{"".join(_choice(shown, i) for i in near)}</ul>'
    )


def _sent(shown: ShownMap, place: int) -> str:
    said = shown.senders(place)
    return f"<small>{text(said)}</small> " if said else ""


def _choice(shown: ShownMap, place: int, judged: Funnel | None = None) -> str:
    code, name = shown.spread.codes[place], shown.spread.names[place]
    return (
        f'<li><button type="button" class="link" data-act="choose" data-name="choisi" '
        f'data-value="{text(code)}">{text(name)}</button> {_sent(shown, place)}'
        f"<b>{side_sign(judged, code)}{text(shown.measure.said(shown.value(place)))}</b></li>"
    )


def _notes(notes: pd.DataFrame) -> str:
    if notes.empty:
        return ""
    written = "".join(
        f"<li>{text(row['body'])} <span class='v-note'>{text(row['author'])}, "
        f"{text(long_date(str(row['created_at'])[:10]))}</span></li>"
        for row in records(notes, ["body", "author", "created_at"])
    )
    return f'<h3>{counted(len(notes), "note")}</h3><ul class="v-said">{written}</ul>'


def _files(files: pd.DataFrame) -> str:
    if files.empty:
        return ""
    rows = [_file_row(row) for row in records(files, list(files.columns))]
    listed = table(
        "Fichiers d’où viennent les adhésions de l’année",
        ("Caisse", "Fichier", "Lignes", "Mois"),
        rows,
        numeric=(2, 3),
    )
    return fold("D’où viennent ces chiffres", listed, "carte-fichiers")


def _file_row(row: dict[str, Any]) -> tuple[str, str, str, str]:
    lines = f"{number(row['first_row'])} à {number(row['last_row'])}"
    first, last = row["first_month"], row["last_month"]
    span = MONTHS[first.month - 1]
    if last.month != first.month:
        span = f"{span} à {MONTHS[last.month - 1]}"
    return (
        text(row["caisse_name"]),
        f"{text(row['file_name'])} <small>{text(long_date(str(row['received_at'])[:10]))}</small>",
        lines,
        text(span),
    )


def standing_out_html(shown: ShownMap) -> str:
    """Both ends of the map, to choose from; where a share is mapped, those beyond the limits."""
    known = _comparable(shown)
    if not known:
        return (
            '<section class="v-block v-mapstory"><h2>Rien à montrer ici</h2>'
            "<p>Aucun territoire n’a de valeur à montrer pour ce mois.</p></section>"
        )
    judged = judged_map(shown)
    title = "Les plus hauts et les plus bas" if judged is None else standing_title(judged)
    named = min(NAMED, (len(known) + 1) // 2)
    high, low = known[:named], known[len(known) - named :][::-1] if len(known) > 1 else []
    lists = _beyond(shown, judged, {*high, *low})
    lists += f"<h3>Les plus hauts</h3>{_list(shown, high, judged)}"
    if low:
        lists += f"<h3>Les plus bas</h3>{_list(shown, low, judged)}"
    said = unjudged_words(shown) if judged is None else standing_words(judged)
    rule = f"<p>{text(typeset(said))}</p>" if said else ""
    return (
        f'<section class="v-block v-mapstory" aria-label="{text(typeset(title))}" data-focus '
        f'tabindex="-1"><header><h2>{text(typeset(title))}</h2></header>'
        f'{rule}{lists}<p class="v-note">{text(typeset(_unranked(shown)))} '
        "Choisissez un territoire sur la carte, ici ou dans le tableau.</p></section>"
    )


def _comparable(shown: ShownMap) -> list[int]:
    """Territories with a value from the highest; incomplete senders only where all are."""
    known = [i for i in ordered_by_measure(shown) if not math.isnan(shown.value(i))]
    return [i for i in known if not shown.senders(i)] or known


def _unranked(shown: ShownMap) -> str:
    """How many are left out of the ranking, and why."""
    left_out = [
        shown.spread.names[i]
        for i in ordered(shown, "nom", True)
        if shown.senders(i) and not math.isnan(shown.value(i))
    ]
    count = len(left_out)
    if not count:
        return ""
    more = "…" if count > UNRANKED else ""
    noun = LEVEL_NOUNS[shown.level]
    verb = "n’est pas classé" if count == 1 else "ne sont pas classé"
    ending = f"{'e' if noun.gender == 'f' else ''}{'s' if count > 1 else ''}"
    named = f"{', '.join(left_out[:UNRANKED])}{more}"
    many = counted(count, noun.one, noun.many)
    return f"{many} {verb}{ending}, envois incomplets : {named}."


def _beyond(shown: ShownMap, judged: Funnel | None, named: set[int]) -> str:
    """Those beyond the limits whom neither end of the map names."""
    if judged is None:
        return ""
    places = [shown.spread.place_of(unit.code) for unit, _ in judged.beyond]
    others = [place for place in places if place is not None and place not in named][:BEYOND]
    if not others:
        return ""
    return f"<h3>Au-delà des limites aussi</h3>{_list(shown, others, judged)}"


def ordered_by_measure(shown: ShownMap) -> list[int]:
    """Territories of the perimeter from the highest value to the lowest."""
    return sorted(
        ordered(shown, "nom", True),
        key=lambda i: math.inf if math.isnan(shown.value(i)) else -shown.value(i),
    )


def _list(shown: ShownMap, places: Sequence[int], judged: Funnel | None) -> str:
    return f'<ul class="v-near">{"".join(_choice(shown, i, judged) for i in places)}</ul>'
