"""The blocks around the map: what it found, its choices, its legend, its table, its files."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from access.scope import Scope
from components.address import LEVEL
from components.adhesion_map import positions, time_bar
from components.adhesion_view import (
    ASIDE,
    BY_VOLET,
    MEASURE,
    METHOD,
    OF_WHAT,
    PROGRAMME,
    RELIEF,
    SPAN,
    VOLET,
    MapAsked,
    asides,
    known_programmes,
    offered_levels,
    offered_measures,
    shown_map,
    sources,
    spread_of,
)
from components.controls import choice_buttons, choice_select
from components.crumbs import crumbs
from components.msap_view import not_to_circulate
from components.publication import territory_map
from figures import adhesion_map as figures
from figures.adhesion_words import PRADO, PROGRAMMES, SPANS, VOLETS
from figures.exportable import Exportable
from figures.formats import month_name
from figures.map_classes import BOUNDS, METHODS, map_classes
from figures.map_measures import MEASURES, FloatArray
from figures.markup import figure_block, text
from figures.small_map import WIDTH, outlines
from queries.cached import kept

ROWS_IN_SIGHT = 12
FOUND = "carte"


@dataclass(frozen=True)
class MapDrawing:
    """What stands above the map, what stands under it, and what a first painting holds of that."""

    head: str
    table: str
    in_sight: str


@kept
def map_drawing(scope: Scope, build_id: str, asked: MapAsked) -> MapDrawing | None:
    """The page around its map; None where nothing is known."""
    shown = shown_map(scope, build_id, asked)
    if shown is None:
        return None
    path = crumbs(territory_map(scope, build_id).path_to(asked.perimeter))
    at = shown.spread.month_place(shown.month)
    head = (
        f"{path}<h1>{text(figures.map_finding(shown))}</h1>"
        f'<p class="v-lead">{text(figures.total_words(shown))} D’après les '
        f"envois des caisses, à fin {text(month_name(shown.spread.months[-1]))}.</p>"
        f"{_controls(scope, build_id, asked, len(shown.drawn) > 1)}"
        f"{time_bar(shown.spread.months, at)}"
    )
    return MapDrawing(
        head,
        _table_block(scope, build_id, asked, shown),
        _table_block(scope, build_id, asked, shown, ROWS_IN_SIGHT),
    )


def _controls(scope: Scope, build_id: str, asked: MapAsked, is_several: bool) -> str:
    """Programme, volet, measure, level; then the span, the classes and what stands beside.

    Of one territory alone, what tells several apart is not offered.
    """
    known = known_programmes(scope, build_id)
    volets = known[asked.programme]
    measures = offered_measures(spread_of(scope, build_id, asked, asked.level))
    first = [
        choice_buttons(PROGRAMME, "Programme", {c: PROGRAMMES[c] for c in known}, asked.programme)
    ]
    if len(volets) > 1:
        named = {code: VOLETS[code][:1].upper() + VOLETS[code][1:] for code in volets}
        first.append(choice_select(VOLET, "Volet", {"": named}, asked.volet))
    first.append(choice_buttons(MEASURE, "Mesure", measures, asked.measure))
    levels = offered_levels(asked.perimeter)
    if len(levels) > 1:
        first.append(choice_buttons(LEVEL, "Maille", levels, asked.level))
    of_several = [
        choice_select(OF_WHAT, "Classes de", {"": BOUNDS}, asked.bounds),
        choice_select(METHOD, "Sorte de classes", {"": METHODS}, asked.method),
    ]
    relief = choice_select(
        RELIEF,
        "Volumes",
        {"": {"non": "Cercles", "oui": "Colonnes en 3D"}},
        "oui" if asked.is_relief else "non",
    )
    second = [
        choice_select(SPAN, "Période", {"": SPANS}, asked.span),
        *(of_several if is_several else []),
        choice_select(ASIDE, "À côté", _asides(known, measures, asked), asked.aside),
        *([relief] if is_several else []),
    ]
    if asked.programme == PRADO and len(volets) > 1 and is_several:
        second.append(
            choice_select(
                BY_VOLET,
                "Une carte par volet",
                {"": {"non": "Masquées", "oui": "Affichées"}},
                "oui" if asked.by_volet else "non",
            )
        )
    return (
        f'<div class="v-head v-choices">{"".join(first)}</div>'
        '<input type="checkbox" id="carte-plus" class="v-more">'
        '<label for="carte-plus" class="v-more">Plus de choix</label>'
        f'<div class="v-head v-choices v-second">{"".join(second)}</div>'
    )


def _asides(
    known: Mapping[str, tuple[str, ...]], measures: Mapping[str, str], asked: MapAsked
) -> dict[str, dict[str, str]]:
    """What may stand beside, by kind."""
    offered = asides(known, asked.programme, measures, asked.measure)
    heads = {"mesure": "Autre mesure", "programme": "Autre programme", "date": "Autre date"}
    groups: dict[str, dict[str, str]] = {"": {"": offered[""]}}
    for code, label in offered.items():
        if code:
            groups.setdefault(heads[code.partition("-")[0]], {})[code] = label
    return groups


def _table_block(
    scope: Scope, build_id: str, asked: MapAsked, shown: figures.ShownMap, first: int | None = None
) -> str:
    """Every territory: what the map shows, to be read and sorted."""
    noun = figures.LEVEL_NOUNS[shown.level]
    body = figures.table_html(shown, asked.column, asked.is_rising, asked.chosen, first)
    block = figure_block(
        FOUND,
        f"{noun.many[:1].upper()}{noun.many[1:]}, {shown.when}",
        f"{figures.measure_title(shown)}. {shown.about.title}, {shown.about.where}. "
        f"{_table_words(shown)}",
        body,
        sources(scope, build_id),
        ("csv", "geojson", "png"),
    )
    small = _volets_block(scope, build_id, asked) if asked.by_volet and first is None else ""
    return f'<div class="v-below">{block}</div>{small}'


def _table_words(shown: figures.ShownMap) -> str:
    """What a click does, where it does something, and what the signs of the table mean."""
    clicks = "Un clic sur un en-tête trie ; sur un nom, ouvre sa fiche à côté de la carte."
    said = [clicks if len(shown.drawn) > 1 else "", figures.table_notes(shown)]
    return " ".join(filter(None, said))


def _volets_block(scope: Scope, build_id: str, asked: MapAsked) -> str:
    """One small map a volet, all in the same classes."""
    found = {}
    for volet in known_programmes(scope, build_id)[asked.programme]:
        one = shown_map(scope, build_id, replace(asked, volet=volet))
        if one is not None:
            found[volet] = one
    if len(found) < 2:
        return ""
    measure = MEASURES[asked.measure]
    together = np.concatenate([_classed(one) for one in found.values()])
    classes = map_classes(together, measure, asked.method)
    same = {volet: replace(one, classes=classes) for volet, one in found.items()}
    pictures = "".join(
        f"<figure><figcaption>{text(VOLETS[volet][:1].upper() + VOLETS[volet][1:])}</figcaption>"
        f'<div style="aspect-ratio:{WIDTH}/{_height(one)}">'
        f"{figures.map_svg(one, figures.map_alt(one), {}, None)}</div></figure>"
        for volet, one in same.items()
    )
    keys = "".join(
        f'<li><b class="k {one.css}">{figures.class_sign(one, measure)}</b> '
        f"{text(figures.bounds_words(one, measure))}</li>"
        for one in classes
    )
    worn = {shape.css for one in same.values() for shape in figures.shapes(one)}
    keys += "".join(
        f'<li><b class="k {state}"></b> {text(words)}</li>'
        for state, words in figures.apart_words(measure).items()
        if figures.drawn_as(state) in worn
    )
    block = figure_block(
        "volets",
        f"{measure.short} par volet",
        f"{measure.title}, {next(iter(same.values())).when}. Mêmes classes pour tous les volets. "
        f"{figures.PARTIAL_WORDS}.",
        f'<ul class="v-classes">{keys}</ul><div class="v-volets">{pictures}</div>',
        sources(scope, build_id),
    )
    return f'<div class="v-below">{block}</div>'


def _classed(shown: figures.ShownMap) -> FloatArray:
    """The values that classes are of: those of the month, or of the whole period."""
    cells = shown.cells if shown.bounds == "periode" else shown.cells[shown.t]
    return cells.ravel()


def _height(shown: figures.ShownMap) -> int:
    keys = tuple((s.code, s.departments) for s in figures.shapes(shown))
    return outlines(keys).height


def exported(
    scope: Scope, build_id: str, asked: MapAsked, wanted: tuple[str, str] | None
) -> tuple[Exportable, str] | None:
    """The map and the format of the file asked for, or None."""
    if wanted is None or wanted[0] != FOUND:
        return None
    shown = shown_map(scope, build_id, asked)
    if shown is None:
        return None
    return not_to_circulate(scope, map_file(scope, build_id, asked, shown)), wanted[1]


def map_file(scope: Scope, build_id: str, asked: MapAsked, shown: figures.ShownMap) -> Exportable:
    """Exactly what the map shows, as a file."""
    foot = sources(scope, build_id)
    return Exportable(
        f"adhesions-{asked.programme}-{asked.volet}-{asked.measure}-{asked.perimeter.code}-"
        f"{asked.level}-{asked.month}",
        figures.map_finding(shown),
        f"{figures.measure_title(shown)}, {shown.when}. {figures.total_words(shown)}",
        foot,
        lambda: figures.map_records(shown).assign(source=foot),
        lambda: figures.map_picture(shown, positions(shown.level)),
        asked.level,
    )
