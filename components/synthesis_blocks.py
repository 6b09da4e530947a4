"""The first screen's blocks: what was loaded in, HTML and files out."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from access.scope import Scope
from components.controls import choice_select
from components.crumbs import crumbs
from components.publication import territory_map
from components.synthesis_view import (
    GAPS_SHOWN,
    LEVEL_UNDER,
    PARTS_LEVEL,
    SINCE_PARAM,
    ChangesShown,
    Gaps,
    Overview,
    SynthesisAsked,
    foot,
    load_changes,
    load_gaps,
    load_missing,
    load_overview,
    load_parts,
)
from figures import key_figures, lacking, small_map, synthesis
from figures.exportable import Exportable
from figures.flips import Flip, cells_words, flips_finding, flips_html, flips_records
from figures.formats import counted, long_date
from figures.grammar import LEVEL_NOUNS, typeset
from figures.markup import figure_block, fold, text
from figures.parts import part_shapes, parts_alt, parts_finding, parts_records, parts_table
from figures.scales import weighed_source
from figures.senders import senders_records
from figures.sentences import senders_words, subject
from indicators.catalogue import catalogue
from indicators.summary import likely_by_december
from indicators.suppression import smallest_shown
from queries.cached import kept

CSV = ("csv",)
GAP_TITLES = (
    "Aucun écart à l’objectif",
    "L’écart qui compte",
    "Les deux écarts qui comptent",
    "Les trois écarts qui comptent",
    "Les quatre écarts qui comptent",
    "Les cinq écarts qui comptent",
)
"""By the number of gaps shown."""


@kept
def head_drawing(scope: Scope, build_id: str, asked: SynthesisAsked) -> str | None:
    """Title, key figures and the gaps that matter; None where the year holds nothing."""
    overview = load_overview(scope, build_id, asked)
    if overview is None:
        return None
    way = crumbs(territory_map(scope, build_id).path_to(asked.perimeter))
    if not overview.has_contract:
        return f"{way}{_no_contract(overview)}"
    gaps = load_gaps(scope, build_id, asked)
    title = f"{way}<h1>{text(_title(overview, gaps))}</h1>"
    if not overview.counts.judged:
        return f'{title}<p class="v-lead">{text(_nothing_judged(overview))}</p>'
    return (
        f"{title}"
        f'<p class="v-lead">{text(_lead(overview))}</p>'
        f"{_peers_wanted(overview, asked)}"
        f"{key_figures.key_figures_html(_key_figures(overview))}"
        f"{_gaps_block(overview, gaps, foot(scope, build_id, weighed_source(gaps.weighing)))}"
    )


def _title(overview: Overview, gaps: Gaps) -> str:
    perimeter = overview.perimeter
    return synthesis.synthesis_finding(
        (perimeter.code, perimeter.name),
        overview.counts,
        next(iter(gaps.lines), None),
        overview.when,
    )


def _no_contract(overview: Overview) -> str:
    """The one state of a territory of which no caisse has a contract."""
    title = f"{overview.perimeter.label} : pas de CPG, aucun objectif applicable"
    said = (
        f"Aucune caisse de ce territoire n’a de contrat pluriannuel de gestion en {overview.year} "
        ": ses objectifs sont non applicables. Choisissez un autre territoire."
    )
    return f'<h1>{text(typeset(title))}</h1><p class="v-lead">{text(typeset(said))}</p>'


def _peers_wanted(overview: Overview, asked: SynthesisAsked) -> str:
    """Why the peers chosen by hand are not compared with, and where they are chosen."""
    if not overview.peers_wanted:
        return ""
    page = f'<a href="{text(asked.story_link)}" data-act="story">Objectifs du CPG</a>'
    said = typeset(f"Comparer à des pairs choisis : {overview.peers_wanted}")
    if said.endswith("."):
        return f'<p class="v-note" role="status">{text(said)} Ouvrez {page} pour les choisir.</p>'
    said = typeset(f"{said} :")
    return f'<p class="v-note" role="status">{text(said)} ouvrez {page} pour les choisir.</p>'


def _nothing_judged(overview: Overview) -> str:
    """Why no objective of the territory can be judged, and what to do."""
    if overview.counts.hidden:
        small = f"moins de {smallest_shown()} patients"
        return f"Ses valeurs sont masquées : {small}, ou de quoi les retrouver."
    return "Aucune de ses caisses n’a envoyé de quoi juger un objectif cette année."


def _lead(overview: Overview) -> str:
    state = (
        "année en cours, jugée sur l’objectif à date" if overview.is_open_year else "année close"
    )
    received = sum(not sender.is_late for sender in overview.senders)
    partial = senders_words((received, len(overview.senders)))
    said = f"Synthèse du contrat pluriannuel de gestion, {overview.period} · {state}"
    return f"{said} · données partielles{partial}" if partial else said


def _key_figures(overview: Overview) -> list[key_figures.KeyFigure]:
    counts, other = overview.counts, overview.compared_with
    period = overview.period
    if overview.is_open_year:
        likely = likely_by_december(overview.readings.values())
        third = key_figures.landing_figure(likely, overview.year, period)
    else:
        third = key_figures.behind_figure(counts, other, period)
    return [
        key_figures.attained_figure(counts, other, period, overview.is_open_year),
        key_figures.stake_figure(
            overview.stake, other, overview.year, overview.weighing.source or "interessement"
        ),
        third,
        key_figures.completeness_figure(overview.senders, overview.year),
    ]


def _gaps_block(overview: Overview, gaps: Gaps, written: str) -> str:
    shown, others = gaps.lines[:GAPS_SHOWN], gaps.lines[GAPS_SHOWN:]
    body = synthesis.gaps_html(shown)
    if others:
        said = counted(len(others), "autre écart", "autres écarts")
        body += fold(f"{said}, moins lourds", synthesis.other_gaps_html(others), "autres-ecarts")
    few = synthesis.few_note(overview.readings.values())
    body += f'<p class="v-note">{text(few)}</p>' if few else ""
    note = synthesis.weighing_note(overview.year, gaps.shares, gaps.weighing, overview.is_open_year)
    block = figure_block("ecarts", GAP_TITLES[len(shown)], note, body, written, CSV)
    return f'<div class="v-below">{block}</div>'


def rest_html(scope: Scope, build_id: str, asked: SynthesisAsked) -> str:
    """The map, what changed, what lacks; nothing where no caisse has a contract.

    Each is kept by itself: another former publication draws what changed again, and that alone.
    """
    lacks = lacking_drawing(scope, build_id, asked.alone)
    if not lacks:
        return ""
    parts = parts_drawing(scope, build_id, asked.alone)
    changes = changes_drawing(scope, build_id, asked)
    above = f'<div class="v-below">{parts}</div>' if parts else ""
    return f'{above}<div class="v-grid v-duo"><div>{changes}</div><div>{lacks}</div></div>'


@kept
def parts_drawing(scope: Scope, build_id: str, asked: SynthesisAsked) -> str:
    """The small map and its table; empty where there is nothing to draw."""
    parts = load_parts(scope, build_id, asked)
    if len(parts) < small_map.LEAST_SHAPES:
        return ""
    level = PARTS_LEVEL[asked.perimeter.level]
    shapes = part_shapes(parts)
    choices = territory_map(scope, build_id).choices
    drills = all(part.code in choices for part in parts)
    noun = LEVEL_NOUNS[level]
    caption = f"Objectifs atteints en {asked.year}, par {noun.one}"
    body = (
        f'<div class="v-mapped"><div><div class="v-picture-map" '
        f'style="aspect-ratio:{small_map.WIDTH}/{small_map.map_height(shapes)}">'
        f"{small_map.map_svg(shapes, parts_alt(parts, level, f'en {asked.year}'), drills)}</div>"
        f"{small_map.map_legend(shapes, 'Objectifs atteints')}</div>"
        f"{parts_table(parts, caption, drills)}</div>"
    )
    note = f"Objectifs atteints{' à date' if _is_open(scope, build_id, asked) else ''}, "
    note += f"par {noun.one}, en {asked.year}."
    if drills:
        note += f" {'Une' if noun.gender == 'f' else 'Un'} {noun.one} s’ouvre d’un clic."
    return figure_block(
        "carte", parts_finding(parts, level), note, body, foot(scope, build_id), CSV
    )


def _is_open(scope: Scope, build_id: str, asked: SynthesisAsked) -> bool:
    overview = load_overview(scope, build_id, asked)
    return overview is not None and overview.is_open_year


@kept
def changes_drawing(scope: Scope, build_id: str, asked: SynthesisAsked) -> str:
    """What changed since the former publication asked, with the choice of another."""
    found = load_changes(scope, build_id, asked)
    written = foot(scope, build_id, "deux publications comparées")
    if found is None:
        body = (
            '<p class="v-empty">C’est la première publication de cette installation : il n’y en a '
            "pas d’autre à laquelle la comparer. Le prochain import dira ici ce qui change.</p>"
        )
        return figure_block("changements", "Rien à comparer pour l’instant", "", body, written)
    labels = dict(asked.publications)
    control = choice_select(SINCE_PARAM, "Depuis la publication", {"": labels}, asked.since or "")
    if found.cells is None:
        body = f'<p class="v-warn">▼ {text(found.failure)}</p>'
        title = "Ces deux publications ne se comparent pas"
        return figure_block("changements", title, "", f"{control}{body}", written)
    body = (
        f'<div class="v-head">{control}</div>{flips_html(_groups(found, asked), found.is_whole)}'
        f'<p class="v-note">{text(cells_words(found.cells))}</p>'
    )
    return figure_block(
        "changements",
        _changes_finding(found, asked),
        f"États de {asked.year} d’une publication à l’autre : les mêmes mois corrigés, et les mois "
        "arrivés depuis.",
        body,
        written,
        CSV,
    )


def _changes_finding(found: ChangesShown, asked: SynthesisAsked) -> str:
    level = LEVEL_UNDER.get(asked.perimeter.level)
    noun = LEVEL_NOUNS[level or asked.perimeter.level]
    names = (asked.perimeter.label, noun.one, noun.many)
    return flips_finding(found.own, found.under, names, found.is_whole)


def _groups(found: ChangesShown, asked: SynthesisAsked) -> dict[str, Sequence[Flip]]:
    level = LEVEL_UNDER.get(asked.perimeter.level)
    groups: dict[str, Sequence[Flip]] = {asked.perimeter.label: found.own}
    if level:
        groups[f"Par {LEVEL_NOUNS[level].one}"] = found.under
    return groups


@kept
def lacking_drawing(scope: Scope, build_id: str, asked: SynthesisAsked) -> str:
    """What the figures lack; empty where no caisse has a contract."""
    missing = load_missing(scope, build_id, asked)
    if not missing.senders or not missing.has_contract:
        return ""
    titles = {code: subject(indicator.title) for code, indicator in catalogue().items()}
    body = (
        lacking.senders_list(missing.senders, asked.extracts_link)
        + f"<p>{text(lacking.provisional_words(missing.provisional, asked.year))}</p>"
        + lacking.awaited_list(missing.awaited, titles)
        + f'<p class="v-note"><a href="{text(asked.extracts_link)}" data-act="extracts">'
        "Voir les extraits reçus</a></p>"
    )
    return figure_block(
        "manques",
        lacking.lacking_finding(missing.senders, missing.awaited, asked.year),
        f"Mois reçus sur mois connus d’au moins une caisse ; retards comptés au "
        f"{long_date(asked.today)}.",
        body,
        foot(scope, build_id, "registre des extraits"),
        CSV,
    )


def asked_export(
    scope: Scope, build_id: str, asked: SynthesisAsked, wanted: tuple[str, str] | None
) -> tuple[Exportable, str] | None:
    """The figure and format of the file that the last click asked for, or None."""
    if wanted is None:
        return None
    stem = f"synthese-{asked.year}-{asked.perimeter.code}"
    where = f"{asked.perimeter.label}, {asked.year}"
    written = foot(scope, build_id)
    figures = {
        "ecarts": lambda: synthesis.gaps_records(load_gaps(scope, build_id, asked).lines),
        "carte": lambda: parts_records(load_parts(scope, build_id, asked)),
        "changements": lambda: _changes_records(scope, build_id, asked),
        "manques": lambda: senders_records(load_missing(scope, build_id, asked).senders),
    }
    block, kind = wanted
    return Exportable(f"{stem}-{block}", where, "", written, figures[block]), kind


def _changes_records(scope: Scope, build_id: str, asked: SynthesisAsked) -> pd.DataFrame:
    found = load_changes(scope, build_id, asked)
    return flips_records([] if found is None else [*found.own, *found.under])
