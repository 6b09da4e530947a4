"""The blocks of « Répartition »: a distribution in, HTML and files out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from urllib.parse import parse_qsl

from access.scope import Scope
from components.address import GRAIN, OVERSEAS, PROFESSION, choose, keep, several
from components.address import asked as address_of
from components.blocks import last_event
from components.controls import search_field
from components.crumbs import crumbs
from components.professionals_view import (
    DEPARTMENT,
    WITH,
    WITHOUT,
    ProfessionalsAsked,
    Shown,
    choice_controls,
    counted_otherwise,
    load_shown,
    missing_names,
    series_of,
    spread_of,
    widened_words,
    with_interval,
)
from data.reference.epci import epci
from figures import counting_ways, density_map, gini, lorenz
from figures.counting_ways import CountingWay
from figures.exportable import Exportable
from figures.formats import number
from figures.gini import GiniSeries
from figures.grammar import typeset
from figures.lorenz import NAMED_AT_MOST, NAMED_PARAMETER, Curve
from figures.markup import definition_link, figure_block, fold, text
from figures.professions import (
    exploratory_words,
    ir41_professions,
    profession_name,
    several_readings,
)
from figures.small_map import WIDTH
from indicators.distribution import Distribution
from indicators.inequality import gini as gini_index
from queries.cached import kept

WORDS = "repere_nom"
LONGEST_WORDS = 40
COUNTING = "count"
"""What a click on another way of counting is called."""

EPCI_NOTE = (
    "L’indice est calculé par EPCI ; la carte montre les départements, seuls contours connus ici, "
    "chacun étant la somme de ses EPCI."
)


@cache
def _spanning_words() -> str:
    """How many EPCI lie over several departments or regions, and where they are counted."""
    frame = epci()
    return typeset(
        f"{number(frame['spans_departments'].sum())} EPCI s’étendent sur plusieurs départements, "
        f"dont {number(frame['spans_regions'].sum())} sur plusieurs régions : chacun est compté en "
        "entier là où vivent la plupart de ses habitants."
    )


def named_on_curve(asked: ProfessionalsAsked, spread: Distribution) -> tuple[str, ...]:
    """The territories to name: those chosen, then those that the words typed find."""
    chosen = [code for code in several(NAMED_PARAMETER) if code in spread.place]
    if not chosen and asked.own_department in spread.place:
        chosen = [str(asked.own_department)]
    words = address_of(WORDS).strip()[:LONGEST_WORDS]
    keep(WORDS, words or None)
    found = lorenz.found_by_name(spread, words, chosen) if words else []
    return tuple([*chosen, *found][:NAMED_AT_MOST])


@kept
def curve_drawing(
    scope: Scope, build_id: str, asked: ProfessionalsAsked, named: tuple[str, ...], words: str
) -> str | None:
    """Title, controls and the Lorenz curve; None where nothing can be measured."""
    shown = load_shown(scope, build_id, asked)
    series = None if shown is None else _series(scope, build_id, shown)
    if shown is None or series is None:
        return None
    title = gini.gini_finding(series, shown.about)
    if not shown.is_whole:
        return _partial_head(shown, title)
    lead = gini.scope_words(series, shown.about) + widened_words(asked)
    ways = _ways_block(shown, _ways(scope, build_id, shown))
    return (
        f"{crumbs(shown.path)}<h1>{text(title)}</h1>"
        f'<p class="v-lead">{text(lead)}</p>{choice_controls(asked)}'
        f'<div class="v-below v-grid v-duo"><div class="v-column">'
        f'{_curve_block(shown, named, words)}</div><div class="v-column">'
        f"{_verdict_block(shown, series)}{ways}</div></div>"
    )


def _partial_head(shown: Shown, title: str) -> str:
    """Title and controls where too few territories were sent for an index, and who lacks."""
    said = gini.missing_words(missing_names(shown.asked, shown.spread))
    return (
        f"{crumbs(shown.path)}<h1>{text(title)}</h1>"
        f'<p class="v-lead">{text(said)}</p>{choice_controls(shown.asked)}'
    )


@kept
def spread_drawing(scope: Scope, build_id: str, asked: ProfessionalsAsked) -> str:
    """What lies under the curve: the professions over the years, and the map."""
    shown = load_shown(scope, build_id, asked)
    if shown is None:
        return ""
    parts = [_multiples_block(shown, _all_series(scope, build_id, asked))]
    parts.append(_map_block(shown))
    return "".join(f'<div class="v-below">{part}</div>' for part in parts if part)


def exported(
    scope: Scope,
    build_id: str,
    asked: ProfessionalsAsked,
    named: tuple[str, ...],
    wanted: tuple[str, str] | None,
) -> tuple[Exportable, str] | None:
    """The figure and format of a file asked for by block and format, or None."""
    shown = load_shown(scope, build_id, asked) if wanted else None
    if wanted is None or shown is None:
        return None
    block, kind = wanted
    if not shown.is_whole and block in {"lorenz", "manieres"}:
        return None
    made = {
        "lorenz": lambda: _curve_file(shown, named),
        "professions": lambda: _multiples_file(shown, _all_series(scope, build_id, asked)),
        "densite": lambda: _map_file(shown),
        "manieres": lambda: _ways_file(shown, _ways(scope, build_id, shown)),
    }
    return (made[block](), kind) if block in made else None


def take_counting() -> None:
    """Take a click on another way of counting, before the page reruns."""
    event = last_event() or {}
    if event.get("act") == COUNTING:
        for name, value in parse_qsl(str(event.get("value", ""))):
            if name in {GRAIN, OVERSEAS}:
                choose(name, value)


def _series(scope: Scope, build_id: str, shown: Shown) -> GiniSeries | None:
    """The profession looked at, its verdicts read beside those of the others below."""
    every = gini.read_together(_all_series(scope, build_id, shown.asked))
    own = (one for one in every if one.profession == shown.asked.profession)
    return next((with_interval(one, shown.spread) for one in own), None)


def _all_series(scope: Scope, build_id: str, asked: ProfessionalsAsked) -> Sequence[GiniSeries]:
    """The professions of the COG, then the one looked at where it is another."""
    codes = [code for code in ir41_professions() if code in asked.professions]
    codes += [asked.profession] if asked.profession not in codes else []
    found = (series_of(scope, build_id, asked, code) for code in codes)
    return [series for series in found if series is not None]


def _curve_block(shown: Shown, named: tuple[str, ...], words: str) -> str:
    curve, about = Curve(shown.spread, named), shown.about
    table = lorenz.lorenz_table(curve, about, f"{about.title} par {about.grain_noun.one}")
    picture = lorenz.lorenz_svg(curve, lorenz.lorenz_alt(curve, about))
    field = search_field(WORDS, "Nommer un territoire", words, "Début du nom")
    hint = "Un nom dans le tableau ou un point de la courbe le nomme aussi."
    if words.strip() and not lorenz.found_by_name(shown.spread, words, ()):
        hint = f"Aucun {about.grain_noun.one} d’ici n’a « {words.strip()} » dans son nom."
    return figure_block(
        "lorenz",
        lorenz.lorenz_finding(curve, about),
        f"Courbe de Lorenz, {about.year}. La diagonale : tout le monde aussi bien doté.",
        f'<div class="v-head">{field}</div><div class="v-picture-lorenz">{picture}</div>'
        f'<p class="v-note">{text(hint)}</p>'
        + fold("Voir le tableau des territoires", table, "territoires"),
        shown.foot,
        ("csv", "png"),
    )


def _curve_file(shown: Shown, named: tuple[str, ...]) -> Exportable:
    curve, about = Curve(shown.spread, named), shown.about
    return Exportable(
        f"{shown.asked.file_stem}-lorenz",
        lorenz.lorenz_finding(curve, about),
        f"{about.title}, {about.place}, {about.year}, par {about.grain_noun.one}."
        f"{exploratory_words(len(shown.spread), about.grain_noun)}",
        shown.foot,
        lambda: lorenz.lorenz_records(curve),
        lambda: lorenz.lorenz_svg(curve, lorenz.lorenz_alt(curve, about)),
    )


def _verdict_block(shown: Shown, series: GiniSeries) -> str:
    """The verdict of the profession looked at, and why."""
    yearly, three = gini.yearly_word(series), gini.cumulated_word(series)
    facts = "".join(
        f"<div><dt>{text(name)}</dt><dd>{said}</dd></div>"
        for name, said in (
            (
                f"Cible sur 1 an ({shown.asked.year})",
                f'<b class="{yearly.hue}">{yearly.icon} {text(yearly.word)}</b>',
            ),
            ("Cible sur 3 ans", f'<b class="{three.hue}">{three.icon} {text(three.word)}</b>'),
        )
    )
    return (
        '<section class="v-block" id="bloc-verdict" data-key="verdict" '
        'aria-labelledby="titre-verdict"><header><h2 id="titre-verdict">L’objectif de la COG '
        f'(IR 4.1) est-il tenu ?</h2></header><dl class="v-facts">{facts}</dl>'
        f'<p class="v-reason">{text(gini.verdict_reason(series))}</p>'
        f"{_readings_note(series)}"
        '<p class="v-note">Atteinte : la baisse va aussi loin que la cible et le hasard seul y va '
        "rarement (moins d’une fois sur 20). Non atteinte : elle n’y va pas, et n’en serait pas si "
        "loin par hasard. Dans le bruit : la variation ne dépasse pas ce que le hasard fait une "
        "fois sur 20, on ne peut pas dire si l’objectif est atteint. Correction (Holm) : parmi les "
        "verdicts de plusieurs professions lus ensemble, ceux qui tiennent encore. L’intervalle "
        "répond d’une autre question : ce que vaudrait l’indice avec d’autres territoires du même "
        "genre. "
        f"{definition_link('gini_ir41', 'Définition de l’indice')}</p></section>"
    )


def _readings_note(series: GiniSeries) -> str:
    """What so many verdicts at once are worth: those of the other professions stand below."""
    said = several_readings(series.together.yearly_count)
    return f'<p class="v-note">{text(said)}</p>' if said else ""


def _multiples_block(shown: Shown, series: Sequence[GiniSeries]) -> str:
    about = shown.about
    caption = f"Indice de Gini par profession et par an, par {about.grain_noun.one}, {about.place}"
    body = gini.small_multiples(series, shown.asked.profession, PROFESSION)
    body += gini.multiples_legend(series)
    body += fold(
        "Voir le tableau des professions", gini.multiples_table(series, caption), "professions"
    )
    return figure_block(
        "professions",
        gini.multiples_finding(series),
        f"{caption}. Chaque échelle est propre à sa profession. {gini.multiples_readings(series)}",
        body,
        shown.foot,
        ("csv", "png"),
    )


def _multiples_file(shown: Shown, series: Sequence[GiniSeries]) -> Exportable:
    about = shown.about
    return Exportable(
        replace(shown.asked, profession="professions").file_stem,
        gini.multiples_finding(series),
        f"Indice de Gini par {about.grain_noun.one}, {about.place}. Tirets : −0,001 par an. "
        f"Gris : on ne peut pas dire si la cible est atteinte. {gini.multiples_readings(series)}"
        f"{_practices(series)}",
        shown.foot,
        lambda: gini.multiples_records(series),
        lambda: gini.multiples_svg(series, gini.multiples_finding(series)),
    )


def _practices(series: Sequence[GiniSeries]) -> str:
    """Who is counted in which year, for the professions where it changes."""
    parts = (
        f" {profession_name(one.profession)}, {said}."
        for one in series
        if (said := gini.practices_words(one))
    )
    return "".join(parts)


def _map_block(shown: Shown) -> str:
    """The map of densities and its table; the table alone where there is nothing to draw."""
    about, departments = shown.about, shown.departments
    note = f"{about.title} {about.per}, {about.year}."
    if shown.asked.grain != DEPARTMENT:
        note = f"{note} {EPCI_NOTE} {_spanning_words()}"
    table = density_map.density_table(departments, about, f"Densité par département : {about.many}")
    picture = density_map.density_map_svg(departments, density_map.density_alt(departments, about))
    if not picture:
        return ""
    height = density_map.density_map_height(departments)
    body = (
        f'<div class="v-mapped"><div><div style="aspect-ratio:{WIDTH}/{height}">{picture}</div>'
        f"{density_map.density_legend(departments, about)}</div>{table}</div>"
    )
    return figure_block(
        "densite",
        density_map.density_finding(departments, about),
        note,
        body,
        shown.foot,
        ("csv", "png"),
    )


def _map_file(shown: Shown) -> Exportable:
    about, departments = shown.about, shown.departments
    return Exportable(
        f"{shown.asked.file_stem}-densite",
        density_map.density_finding(departments, about),
        density_map.density_classes_words(departments, about),
        shown.foot,
        lambda: density_map.density_records(departments),
        lambda: density_map.density_map_svg(
            departments, density_map.density_alt(departments, about)
        ),
    )


def _ways(scope: Scope, build_id: str, shown: Shown) -> Sequence[CountingWay]:
    """The index by every grain, with and without overseas, weighted and not."""
    asked = shown.asked
    found = []
    for grain in asked.grains:
        for overseas in (WITH, WITHOUT) if asked.has_overseas else (asked.overseas,):
            other = counted_otherwise(scope, build_id, asked, grain, overseas)
            spread = spread_of(scope, build_id, other, asked.profession, asked.year)
            for is_weighted in (True, False):
                found.append(_way(other, asked, spread, is_weighted))
    return found


def _way(
    way: ProfessionalsAsked,
    asked: ProfessionalsAsked,
    spread: Distribution | None,
    is_weighted: bool,
) -> CountingWay:
    value = None
    if spread is not None:
        with_people = spread.kept(spread.population > 0)
        value = (
            gini_index(spread.count, spread.population)
            if is_weighted
            else gini_index(with_people.density, 1)
        )
    return CountingWay(
        way.grain,
        is_weighted,
        way.overseas == WITH,
        value,
        0 if spread is None else len(spread),
        is_weighted and (way.grain, way.overseas) == (asked.grain, asked.overseas),
        "" if way.area == asked.area else way.about.where,
    )


def _ways_block(shown: Shown, ways: Sequence[CountingWay]) -> str:
    caption = f"L’indice selon la manière de compter, {shown.about.many}, {shown.asked.year}"
    return figure_block(
        "manieres",
        counting_ways.counting_finding(ways),
        f"{caption}. Les indices publiés (IR 4.1) sont sur la page « Comparer à l’IR 4.1 ».",
        counting_ways.counting_table(ways, caption, shown.asked.has_overseas),
        shown.foot,
        ("csv",),
    )


def _ways_file(shown: Shown, ways: Sequence[CountingWay]) -> Exportable:
    return Exportable(
        f"{shown.asked.file_stem}-manieres",
        counting_ways.counting_finding(ways),
        f"{shown.about.title}, {shown.asked.year}",
        shown.foot,
        lambda: counting_ways.counting_records(ways),
    )
