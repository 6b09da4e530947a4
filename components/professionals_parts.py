"""The blocks of « Qui fait l’inégalité »: a distribution in, HTML and files out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import streamlit as st

from access.scope import Scope
from components.blocks import FileToSend, Part
from components.clicks import file_asked
from components.crumbs import crumbs
from components.professionals_view import (
    DEPARTMENT,
    EPCI,
    NATIONAL,
    ProfessionalsAsked,
    Shown,
    choice_controls,
    expected_territories,
    load_shown,
    widened_words,
)
from data.reference.neighbours import department_neighbours
from figures import clusters, theil
from figures.density_map import density_map_height
from figures.exportable import Exportable
from figures.grammar import typeset
from figures.markup import figure_block, text
from figures.professions import exploratory_tag, exploratory_words
from figures.small_map import WIDTH
from figures.theil import Contribution
from indicators.distribution import Distribution
from indicators.inequality import INTERVAL_FROM, Theil, gini_contribution
from indicators.inequality import theil as theil_index
from indicators.spatial import SMALLEST_MAP, LocalClusters, Moran, local_clusters, moran
from queries.cached import kept, shared

CLUSTERS = "voisins"
PART = Part(CLUSTERS, (CLUSTERS,))
SMALLEST = max(SMALLEST_MAP, INTERVAL_FROM)
"""Departments under which no group of neighbours is looked for."""

EPCI_MAP_NOTE = "Les contours des EPCI ne sont pas connus ici : les groupes sont de départements. "


@dataclass(frozen=True, eq=False)
class Parts:
    """What makes the inequality of a distribution.

    ``split`` is Theil's index by ``groups`` (in words), None where there is one group only or each
    group is one territory.
    """

    shown: Shown
    contributions: tuple[Contribution, ...]
    split: Theil | None
    groups: str

    @property
    def is_too_small(self) -> bool:
        """Whether there are too few territories for the part of one to mean anything."""
        return len(self.shown.spread) < INTERVAL_FROM


def load_parts(scope: Scope, build_id: str, asked: ProfessionalsAsked) -> Parts | None:
    """The parts of the inequality asked for; None where it can't be measured."""
    shown = load_shown(scope, build_id, asked)
    if shown is None or not shown.is_whole:
        return None
    spread = shown.spread
    found = theil.contributions(spread, gini_contribution(spread.count, spread.population))
    is_country = asked.area.level == NATIONAL
    groups = spread.regions if is_country else spread.departments
    several = 1 < len(set(groups)) < len(spread)
    return Parts(
        shown,
        tuple(found),
        theil_index(spread.count, spread.population, groups) if several else None,
        "régions" if is_country else "départements",
    )


@kept
def parts_drawing(scope: Scope, build_id: str, asked: ProfessionalsAsked) -> str | None:
    """The page but for its groups of neighbours; None where nothing can be measured."""
    parts = load_parts(scope, build_id, asked)
    if parts is None:
        return None
    shown = parts.shown
    noun = shown.about.grain_noun
    note = theil.index_note(shown.gini, shown.about) + widened_words(asked)
    note += exploratory_words(len(shown.spread), noun)
    finding = theil.contribution_finding(parts.contributions, shown.about)
    blocks = f'<div class="v-below">{_theil_block(parts)}</div>'
    blocks += f'<div class="v-below">{_contribution_block(parts)}</div>'
    if parts.is_too_small:
        finding = theil.too_few_finding(len(shown.spread), shown.about)
        blocks = _too_few_parts(asked)
    title = f"{shown.about.title} : {finding}"
    return (
        f"{crumbs(shown.path)}<h1>{text(typeset(title))}</h1>"
        f'<p class="v-lead">{text(note)}</p>'
        f"{choice_controls(asked)}{blocks}"
    )


def _too_few_parts(asked: ProfessionalsAsked) -> str:
    """Why no part of a territory is given, and where there would be some."""
    finer = "la maille EPCI ou " if asked.grain == DEPARTMENT and EPCI in asked.grains else ""
    return (
        f'<div class="v-below"><p class="v-empty">Moins de {INTERVAL_FROM} territoires : avec si '
        "peu, ni la part de chacun ni ses voisins n’apprennent rien. "
        f"Choisissez {finer}un territoire plus large.</p></div>"
    )


def exported(
    scope: Scope, build_id: str, asked: ProfessionalsAsked, wanted: tuple[str, str] | None
) -> tuple[Exportable, str] | None:
    """The figure and format of a file asked for by block and format, or None."""
    parts = load_parts(scope, build_id, asked) if wanted else None
    if wanted is None or parts is None or parts.is_too_small:
        return None
    block, kind = wanted
    if block == "theil" and parts.split is not None:
        return _theil_file(parts, parts.split), kind
    return (_contribution_file(parts), kind) if block == "contributions" else None


def _theil_block(parts: Parts) -> str:
    shown, split = parts.shown, parts.split
    if split is None:
        return (
            '<p class="v-note">Un seul groupe de territoires ici : pas de partage entre groupes et '
            f"à l’intérieur. {_way_out(shown.asked)}</p>"
        )
    return figure_block(
        "theil",
        _theil_title(parts, split),
        f"Indice de Theil, {shown.about.many}, par {shown.about.grain_noun.one}, "
        f"{shown.about.year} : il se partage sans reste, ce que l’indice de Gini ne fait pas.",
        theil.theil_bar(split, parts.groups),
        shown.foot,
        ("csv",),
    )


def _way_out(asked: ProfessionalsAsked) -> str:
    """Which other choices have several groups: only those that can be made here."""
    if asked.grain == DEPARTMENT and EPCI in asked.grains:
        return "Choisissez la maille EPCI, ou un territoire plus large."
    return "Choisissez un territoire plus large, de plusieurs départements."


def _theil_title(parts: Parts, split: Theil) -> str:
    finding = theil.theil_finding(split, parts.groups)
    return f"{finding}{exploratory_tag(len(parts.shown.spread))}"


def _theil_file(parts: Parts, split: Theil) -> Exportable:
    return Exportable(
        f"{parts.shown.asked.file_stem}-theil",
        _theil_title(parts, split),
        f"{parts.shown.about.title}, {parts.shown.about.year}",
        parts.shown.foot,
        lambda: theil.theil_records(split),
    )


def _contribution_block(parts: Parts) -> str:
    shown, found = parts.shown, parts.contributions
    caption = f"Part de chaque {shown.about.grain_noun.one} dans l’indice, {shown.about.many}"
    return figure_block(
        "contributions",
        theil.contribution_finding(found, shown.about),
        "La part d’un territoire : la moitié de ses écarts avec tous les autres, pondérés par la "
        "population. Un territoire bien doté y contribue autant qu’un territoire démuni.",
        theil.contribution_table(found, shown.about, caption),
        shown.foot,
        ("csv", "png"),
    )


def _contribution_file(parts: Parts) -> Exportable:
    shown, found = parts.shown, parts.contributions
    return Exportable(
        f"{shown.asked.file_stem}-contributions",
        theil.contribution_finding(found, shown.about),
        f"Part dans l’indice de Gini, {shown.about.title}, {shown.about.place}, "
        f"{shown.about.year}. ▲ mieux doté que la moyenne, ▼ moins doté",
        shown.foot,
        lambda: theil.contribution_records(found),
        lambda: theil.contribution_svg(found, theil.contribution_alt(found, shown.about)),
    )


@dataclass(frozen=True, eq=False)
class Neighbourhood:
    """Departments, whether neighbours look alike, and the local groups."""

    shown: Shown
    overall: Moran
    local: LocalClusters


@shared(32)
def neighbourhood(scope: Scope, build_id: str, asked: ProfessionalsAsked) -> Neighbourhood | None:
    """The groups of neighbouring departments; None where there are too few to look for any."""
    shown = load_shown(scope, build_id, asked)
    if shown is None or not shown.is_whole:
        return None
    departments = shown.departments.kept(~np.isnan(shown.departments.density))
    lists = _neighbour_lists(departments)
    is_flat = len(departments) and (departments.density == departments.density[0]).all()
    if len(departments) < SMALLEST or is_flat or not any(lists):
        return None
    drawn = Shown(shown.asked, shown.spread, departments, shown.path, shown.foot)
    return Neighbourhood(
        drawn, moran(departments.density, lists), local_clusters(departments.density, lists)
    )


def _neighbour_lists(departments: Distribution) -> list[list[int]]:
    touching = department_neighbours()
    place = {code.removeprefix("DEP-"): at for code, at in departments.place.items()}
    return [
        sorted(place[other] for other in touching.get(code, ()) if other in place) for code in place
    ]


@st.fragment
def clusters_part(scope: Scope, build_id: str, asked: ProfessionalsAsked, files: Any) -> None:
    """Draw the groups of neighbours, last: the libraries take seconds to load once a process.

    Args:
        scope: what the person may see.
        build_id: the publication.
        asked: what is looked at.
        files: makes a file of an ``Exportable`` and a format (``exports.figure_file``).
    """
    PART.open()
    found = neighbourhood(scope, build_id, asked)
    event = PART.last_event() or {}
    file = None
    if found is not None and (wanted := file_asked(event)) and wanted[0] == CLUSTERS:
        file = FileToSend(*files(_clusters_file(found), wanted[1]))
    html = _too_few(asked) if found is None else _clusters_block(found)
    PART.connect({CLUSTERS: f'<div data-part="{CLUSTERS}">{html}</div>'}, _nothing, file)


def _nothing(event: Mapping[str, Any]) -> None:
    """A click here asks for a file only."""


def _too_few(asked: ProfessionalsAsked) -> str:
    """Why no group is looked for; nothing where the page has said it already."""
    if asked.grain == DEPARTMENT and len(expected_territories(asked)) < SMALLEST:
        return ""
    return (
        f'<p class="v-note">Pas de groupe de départements voisins à chercher ici : il en faut '
        f"{SMALLEST} au moins, qui se touchent et n’aient pas tous la même densité.</p>"
    )


def _clusters_block(found: Neighbourhood) -> str:
    shown, departments = found.shown, found.shown.departments
    about = shown.about
    alt = clusters.clusters_alt(found.local, found.overall, about)
    picture = clusters.clusters_svg(departments, found.local, alt)
    height = density_map_height(departments)
    table = clusters.clusters_table(
        departments, found.local, about, "Départements et leurs voisins"
    )
    epci = "" if shown.asked.grain == DEPARTMENT else EPCI_MAP_NOTE
    return figure_block(
        CLUSTERS,
        clusters.clusters_finding(found.overall, found.local),
        f"{epci}{clusters.clusters_note(found.overall, found.local, about)}",
        f'<div class="v-mapped"><div><div style="aspect-ratio:{WIDTH}/{height}">{picture}</div>'
        f"{clusters.clusters_legend(found.local)}</div>{table}</div>",
        shown.foot,
        ("csv", "png"),
    )


def _clusters_file(found: Neighbourhood) -> Exportable:
    shown, departments = found.shown, found.shown.departments
    alt = clusters.clusters_alt(found.local, found.overall, shown.about)
    return Exportable(
        f"{shown.asked.file_stem}-voisins",
        clusters.clusters_finding(found.overall, found.local),
        f"{shown.about.title} {shown.about.per}, {shown.about.year}. ▼ peu dotés parmi des peu "
        "dotés, ▲ bien dotés parmi des bien dotés",
        shown.foot,
        lambda: clusters.clusters_records(departments, found.local),
        lambda: clusters.clusters_svg(departments, found.local, alt),
    )
