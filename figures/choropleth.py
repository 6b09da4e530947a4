"""A map of the departments coloured by a measure: classes with a legend, hatched where unknown."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from data.reference.geometry import CREDIT
from figures.formats import NARROW_SPACE, counted, french_key, listed, number, percent
from figures.grammar import typeset
from figures.markup import table, text
from figures.msap_counts import NAMED_FROM, MsapCounts, count_cell, interval_cell, masked_sign
from figures.small_map import WIDTH, DrawnShape, drawn_map, outlines

CLASSES = 4


@dataclass(frozen=True)
class Measure:
    """What a map colours.

    Attributes:
        code: as the address says it.
        title: what it is, with its denominator.
        short: heading of the column.
        value: of the counts of a department; None where unknown, withheld or undefined.
        said: a value in words.
        step: what values are rounded to before they are classed, so that the legend is exact.
    """

    code: str
    title: str
    short: str
    value: Callable[[MsapCounts], float | None]
    said: Callable[[float], str]
    step: float


def _per_thousand(counts: MsapCounts) -> float | None:
    share = counts.requests_per_stay
    return None if share is None else share * 1000


MEASURES = {
    measure.code: measure
    for measure in (
        Measure(
            "taux",
            "Taux d’accord, en % des demandes décidées",
            "Taux d’accord",
            lambda counts: counts.rate,
            lambda value: percent(value),
            0.001,
        ),
        Measure(
            "recours",
            "Demandes pour 1 000 séjours sous MSAP",
            "Demandes pour 1 000 séjours",
            _per_thousand,
            lambda value: number(value, 1),
            0.1,
        ),
    )
}


@dataclass(frozen=True)
class Place:
    """A department of the map: its territory code (``DEP-43``), name and counts."""

    code: str
    name: str
    counts: MsapCounts

    @property
    def department(self) -> str:
        """``43``."""
        return self.code.removeprefix("DEP-")


@dataclass(frozen=True)
class ValueClass:
    """A class of the legend, both ends included and met; ``css`` colours it, palest first."""

    lower: float
    upper: float
    css: str


def value_classes(values: Sequence[float], step: float) -> list[ValueClass]:
    """At most four classes of about as many values each; equal values share a class."""
    rounded = np.sort(np.round(np.asarray(values, dtype=float) / step).astype(int))
    if not rounded.size:
        return []
    cuts = {int(np.quantile(rounded, share, method="lower")) for share in (0.25, 0.5, 0.75)}
    ends = sorted(cuts | {int(rounded[-1])})
    starts = [int(rounded[0]) - 1, *ends[:-1]]
    classes = []
    for place, (after, until) in enumerate(zip(starts, ends, strict=True)):
        own = rounded[(rounded > after) & (rounded <= until)]
        css = f"q{CLASSES - len(ends) + place + 1}"
        classes.append(ValueClass(float(own[0] * step), float(own[-1] * step), css))
    return classes


def class_of(value: float, classes: Sequence[ValueClass], step: float) -> str:
    """The colour of a value."""
    rounded = round(value / step)
    return next(c.css for c in classes if round(c.lower / step) <= rounded <= round(c.upper / step))


def choropleth_svg(places: Sequence[Place], measure: Measure, alt: str, drills: bool) -> str:
    """The departments coloured by the measure; empty where fewer than two can be drawn.

    Args:
        places: departments, once each.
        measure: what colours them.
        alt: what the map shows, in words.
        drills: whether a click opens a department.
    """
    classes = value_classes(_known(places, measure), measure.step)
    shapes = [
        DrawnShape(
            place.code,
            (place.department,),
            _css(place, measure, classes),
            place_words(place, measure),
        )
        for place in places
    ]
    return drawn_map(shapes, alt, "drill" if drills else None)


def choropleth_picture(places: Sequence[Place], measure: Measure, alt: str) -> str:
    """The map with its legend under it, for a file."""
    svg = choropleth_svg(places, measure, alt, drills=False)
    height = choropleth_height(places)
    keys = [
        (found.css, _bounds(found, measure))
        for found in value_classes(_known(places, measure), measure.step)
    ]
    if any(measure.value(place.counts) is None for place in places):
        keys.append(("none", "masqué ou sans demande"))
    drawn = "".join(
        f'<path class="{css}" d="M8 {height + 8 + 18 * place}h18v12h-18z"/>'
        f'<text x="34" y="{height + 18 + 18 * place}">{text(words)}</text>'
        for place, (css, words) in enumerate(keys)
    )
    total = height + 26 + 18 * len(keys)
    credit = f'<text class="small" x="8" y="{total - 6}">{text(CREDIT)}</text>'
    former, taller = f'viewBox="0 0 {WIDTH} {height}"', f'viewBox="0 0 {WIDTH} {total}"'
    return svg.replace(former, taller, 1).replace("</svg>", f"{drawn}{credit}</svg>")


def choropleth_height(places: Sequence[Place]) -> int:
    """Height of the drawing for a width of ``small_map.WIDTH``, so that its room can be kept."""
    return outlines(_keys(places)).height


def _keys(places: Sequence[Place]) -> tuple[tuple[str, tuple[str, ...]], ...]:
    return tuple((place.code, (place.department,)) for place in places)


def _known(places: Sequence[Place], measure: Measure) -> list[float]:
    return [v for place in places if (v := measure.value(place.counts)) is not None]


def _css(place: Place, measure: Measure, classes: Sequence[ValueClass]) -> str:
    value = measure.value(place.counts)
    return "none" if value is None else class_of(value, classes, measure.step)


def place_words(place: Place, measure: Measure) -> str:
    """``Haute-Loire : 96,2 % (52 demandes décidées)``, or why nothing is said."""
    value = measure.value(place.counts)
    if place.counts.is_hidden and value is None:
        return typeset(f"{place.name} : masqué (petit nombre)")
    if value is None:
        return typeset(f"{place.name} : aucune demande")
    if measure.code == "taux":
        decided = counted(int(place.counts.decided or 0), "demande décidée", "demandes décidées")
        return typeset(f"{place.name} : {measure.said(value)} ({decided})")
    stays = number(place.counts.stays)
    return typeset(f"{place.name} : {measure.said(value)} pour 1 000 ({stays} séjours)")


def choropleth_legend(places: Sequence[Place], measure: Measure) -> str:
    """The bounds of the classes, what is hatched, and whose contours they are."""
    classes = value_classes(_known(places, measure), measure.step)
    keys = "".join(
        f'<span><b class="k {c.css}"></b> {text(_bounds(c, measure))}</span>' for c in classes
    )
    hidden = sum(p.counts.is_hidden and measure.value(p.counts) is None for p in places)
    unknown = sum(measure.value(p.counts) is None for p in places) - hidden
    said = [
        f"{counted(hidden, 'masqué')} (petits nombres)" if hidden else "",
        f"{number(unknown)} sans demande" if unknown else "",
    ]
    if hidden or unknown:
        words = ", ".join(part for part in said if part)
        keys += f'<span><b class="k none"></b> {text(words)}</span>'
    return (
        f'<p class="v-legend v-mapkey"><span>{text(measure.short)} :</span>{keys}</p>'
        f'<p class="v-note">{text(CREDIT)}</p>'
    )


def _bounds(found: ValueClass, measure: Measure) -> str:
    low, high = measure.said(found.lower), measure.said(found.upper)
    if low == high:
        return low
    return f"{low.replace(f'{NARROW_SPACE}%', '')} à {high}"


def choropleth_finding(places: Sequence[Place], measure: Measure) -> str:
    """From the lowest department to the highest, among those of enough decided requests."""
    valued = [p for p in places if measure.value(p.counts) is not None]
    named = [p for p in valued if _is_named(p, measure)]
    known = sorted((measure.value(p.counts) or 0.0, french_key(p.name), p.name) for p in named)
    if valued and not named:
        return f"{measure.short} : trop peu de demandes décidées dans chaque département"
    if not known:
        return f"{measure.short} : aucun département à montrer"
    low, high = known[0], known[-1]
    if len(known) == 1 or measure.said(low[0]) == measure.said(high[0]):
        return typeset(f"{measure.short} : {measure.said(low[0])} ({low[2]})")
    return typeset(
        f"{measure.short} : de {measure.said(low[0])} ({low[2]}) "
        f"à {measure.said(high[0])} ({high[2]})"
    )


def _is_named(place: Place, measure: Measure) -> bool:
    """Whether the value of a department rests on enough to stand in a title."""
    return measure.code != "taux" or (place.counts.decided or 0) >= NAMED_FROM


def few_words(places: Sequence[Place], measure: Measure) -> str:
    """Which departments have too few decided requests to be named as an end; empty without any."""
    few = [
        p.name for p in places if measure.value(p.counts) is not None and not _is_named(p, measure)
    ]
    if not few:
        return ""
    names = listed(sorted(few, key=french_key))
    return typeset(f"Trop peu de demandes (moins de {NAMED_FROM} décidées) : {names}.")


def choropleth_alt(places: Sequence[Place], measure: Measure, when: str) -> str:
    """What the map shows, in words."""
    known = len(_known(places, measure))
    others = len(places) - known
    hatched = (
        f" Hachuré : {counted(others, 'département')} sans valeur à montrer." if others else ""
    )
    return typeset(
        f"Carte, {when} : {counted(known, 'département')} selon le {_lower(measure)}. "
        f"{choropleth_finding(places, measure)}.{hatched} Le tableau à côté donne chacun."
    )


def _lower(measure: Measure) -> str:
    if measure.code == "taux":
        return "taux d’accord"
    return "nombre de demandes pour 1 000 séjours"


def choropleth_table(places: Sequence[Place], measure: Measure, caption: str, drills: bool) -> str:
    """Every department, the lowest value first, those without value last."""
    rows = []
    for place in ordered_places(places, measure):
        counts, value = place.counts, measure.value(place.counts)
        masked = masked_sign() if counts.is_hidden and value is None else None
        is_rate = measure.code == "taux"
        about = interval_cell(counts) if is_rate else count_cell(counts.stays, counts)
        base = counts.decided if is_rate else counts.requests
        rows.append(
            (
                _name(place, drills),
                masked or ("–" if value is None else f"<b>{text(measure.said(value))}</b>"),
                count_cell(base, counts),
                about,
            )
        )
    heads = (
        ("Département", measure.short, "Décidées", "Intervalle à 95 %")
        if measure.code == "taux"
        else ("Département", measure.short, "Demandes", "Séjours")
    )
    return table(caption, heads, rows, numeric=(1, 2, 3))


def _name(place: Place, drills: bool) -> str:
    if not drills:
        return text(place.name)
    return (
        f'<button type="button" class="link" data-act="drill" data-t="{text(place.code)}">'
        f"{text(place.name)}</button>"
    )


def ordered_places(places: Sequence[Place], measure: Measure) -> list[Place]:
    """The lowest value first, those without value last, by name."""

    def key(place: Place) -> tuple[bool, float, str]:
        value = measure.value(place.counts)
        return value is None, value or 0.0, french_key(place.name)

    return sorted(places, key=key)


def choropleth_records(places: Sequence[Place]) -> pd.DataFrame:
    """Every department for a file: counts, rate and requests per stay, withheld ones empty."""
    return pd.DataFrame(
        {
            "departement_code": place.department,
            "departement": place.name,
            "demandes": place.counts.requests,
            "accords": place.counts.approvals,
            "demandes_decidees": place.counts.decided,
            "taux_accord": place.counts.rate,
            "sejours": place.counts.stays,
            "demandes_pour_1000_sejours": _per_thousand(place.counts),
            "masque": place.counts.is_hidden,
        }
        for place in sorted(places, key=lambda place: french_key(place.name))
    )
