"""The CPG page's blocks: a view and its details in, HTML and files out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from access.scope import Scope
from components.cpg_view import CpgAsked, CpgDetails, CpgView, load_details, load_view
from components.crumbs import crumbs
from components.level import level_control
from components.peers import peers_control
from components.perimeter import LEVEL_NOUNS
from figures import board as boards
from figures import provenance, ranking, received, senders, series
from figures.exportable import Exportable
from figures.formats import counted
from figures.markup import figure_block, fold, text
from figures.objective import Objective
from figures.records import records
from queries.cached import cached_briefly

TURNED_FROM = 10
"""Territories from which a ranking can be turned round."""

MANY_VALUES, MANY_CAISSES = 60, 25
ROWS_IN_SIGHT = 30
"""Territories of the board that a first painting holds: what the highest screen shows."""


@dataclass(frozen=True)
class BoardDrawing:
    """The board's block: whole, and as a first painting holds it.

    ``drills`` says whether a click on a territory opens the level below.
    """

    html: str
    in_sight: str
    drills: bool


@cached_briefly
def board_drawing(scope: Scope, build_id: str, asked: CpgAsked) -> BoardDrawing | None:
    """The board asked for; None where the year holds nothing."""
    view = load_view(scope, build_id, asked)
    if view is None:
        return None
    html = board_html(view)
    is_long = len(view.rows.territories) > ROWS_IN_SIGHT
    return BoardDrawing(html, board_html(view, ROWS_IN_SIGHT) if is_long else html, view.drills)


@cached_briefly
def details_drawing(scope: Scope, build_id: str, asked: CpgAsked) -> str:
    """What lies under the board asked for; nothing where there is no board."""
    view = load_view(scope, build_id, asked)
    return "" if view is None else details_html(view, load_details(scope, build_id, view))


def exported(
    scope: Scope, build_id: str, asked: CpgAsked, wanted: tuple[str, str] | None
) -> tuple[Exportable, str] | None:
    """The figure and format of a file asked for by block and format, or None."""
    view = load_view(scope, build_id, asked) if wanted else None
    if wanted is None or view is None:
        return None
    block, kind = wanted
    return exportables(view, load_details(scope, build_id, view))[block], kind


def board_html(view: CpgView, rows_at_most: int | None = None) -> str:
    """Breadcrumb, the finding in one sentence, the board and its legend.

    Args:
        view: what is shown.
        rows_at_most: territories drawn, all of them without it.
    """
    own = records(view.frames.total, boards.CELL_COLUMNS)
    names = {objective.code: objective.title for objective in view.objectives}
    known = [cell for cell in own if cell["indicator_code"] in names]
    title = boards.finding(view.perimeter.label, known, names)
    caption = (
        f"Atteinte des objectifs du CPG en {view.year}, en % de l’objectif"
        f"{' à date' if view.is_open_year else ''}, par {LEVEL_NOUNS[view.level]}. "
        "Les flèches du clavier déplacent la sélection."
    )
    total = boards.BoardCells.from_frame(view.frames.total.assign(territory_name=_total_name(view)))
    is_own_level = view.perimeter.level == view.level
    choice = boards.BoardChoice(
        view.chosen_territory, view.chosen_indicator, view.drills, "Ouvrir le territoire"
    )
    table = boards.board_table(
        view.rows.first(rows_at_most),
        view.objectives,
        caption,
        choice,
        None if is_own_level else total,
        (view.comparator, view.compared) if view.compared else None,
    )
    partial = boards.partial_sentence(known)
    warning = f'<p class="v-warn">▼ {text(partial)}</p>' if partial else ""
    exports = "".join(
        f'<button type="button" class="v-export" data-act="export" data-block="tableau" '
        f'data-format="{kind}" aria-label="Télécharger le tableau en {kind.upper()}">'
        f"{kind.upper()}</button>"
        for kind in ("csv", "png")
    )
    return (
        f"{crumbs(view.path)}<h1>{text(title)}</h1>"
        f'<p class="v-lead">Contrat pluriannuel de gestion, {text(view.period)} · en % de '
        f"l’objectif{' à date' if view.is_open_year else ' annuel'} · une case ouvre son histoire "
        f"à côté</p>{warning}{_row_choices(view)}"
        f"{table}{boards.legend(view.is_open_year, view.rows, total)}"
        f'<p class="v-foot"><span>{text(view.foot)}</span>'
        f'<span class="v-exports">{exports}</span></p>'
    )


def _row_choices(view: CpgView) -> str:
    """What the rows are, and whom they are compared with."""
    peers = "" if view.group is None else peers_control(view.group)
    inside = level_control(view.perimeter, view.level) + peers
    return f'<div class="v-head">{inside}</div>' if inside else ""


def _total_name(view: CpgView) -> str:
    return f"Ensemble : {view.perimeter.label}"


def ranking_block(view: CpgView, details: CpgDetails) -> str:
    """The ranking of the chosen objective, with its definition one click away."""
    objective = view.objective
    bars = ranking.dated(view.bars, details.under_since)
    caption = f"{objective.title} en {view.year} : classement"
    body = ranking.ranking_table(
        view.in_order(bars),
        objective,
        caption,
        view.chosen_territory,
        view.peers,
        view.is_open_year,
    )
    return figure_block(
        "classement",
        ranking.ranking_finding(view.bars, objective, view.is_open_year),
        f"En % de l’objectif, {view.period}. Trait plein : objectif ; pointillé : "
        f"{view.compared_words}.{ranking.cut_words(view.bars)}",
        _order_button(view) + body + _definition_link(objective),
        view.foot,
        ("csv", "png"),
    )


def _order_button(view: CpgView) -> str:
    """Turns the ranking round, where it is long enough to hide one of its ends."""
    if len(view.bars) < TURNED_FROM:
        return ""
    words = "Voir les plus avancés d’abord" if view.is_worst_first else "Voir les derniers d’abord"
    return f'<p><button type="button" class="link" data-act="order">{words}</button></p>'


def _definition_link(objective: Objective) -> str:
    return (
        f'<p class="v-note"><a href="methode?definition={text(objective.code)}" '
        f'data-act="definition" data-i="{text(objective.code)}">Définition : '
        f"{text(objective.title)}</a></p>"
    )


def series_block(view: CpgView, points: Sequence[series.MonthPoint]) -> str:
    """The months of the chosen objective and territory against the objective to date."""
    title = series.series_finding(
        points,
        view.objective,
        view.name_of_chosen,
        view.year,
        is_open_year=view.is_open_year,
    )
    alt = series.series_alt(points, view.objective, view.year, view.name_of_chosen)
    picture = series.series_svg(points, view.objective, view.year, alt)
    table = series.series_table(
        points,
        view.objective,
        view.year,
        f"{view.objective.title}, {view.name_of_chosen}, par mois",
    )
    return figure_block(
        "serie",
        title,
        f"{view.objective.title}. {view.period.capitalize()}.",
        f'<div class="v-picture">{picture}</div>'
        + series.series_legend(view.objective, view.year, points)
        + fold("Voir le tableau des mois", table, "mois"),
        view.foot,
        # Nothing drawn, nothing to save as a picture.
        ("csv", "png") if "<svg" in picture else ("csv",),
    )


def senders_block(view: CpgView, known: Sequence[senders.Sender]) -> str:
    """What has not been sent in the perimeter."""
    return figure_block(
        "envois",
        senders.senders_finding(known, view.year),
        "Mois reçus sur mois connus d’au moins une caisse, tous objectifs confondus.",
        senders.senders_table(known, f"Caisses en retard d’envoi en {view.year}"),
        view.foot,
        ("csv",),
    )


def provenance_block(view: CpgView, rows: pd.DataFrame, findings: pd.DataFrame) -> str:
    """Which caisse, since when, from which file, and what was found on the way."""
    names = caisse_names(rows)
    caption = f"Provenance : {view.objective.title}, {view.name_of_chosen}, {view.year}"
    if rows.empty:
        body = (
            '<p class="v-empty">Aucun fichier reçu ne contient cette valeur. Demandez l’extrait '
            "mensuel à la caisse.</p>"
        )
    elif len(names) > MANY_CAISSES:
        body = provenance.files_table(rows, caption) + (
            '<p class="v-note">Ouvrez un territoire pour voir chaque caisse, puis chaque ligne.</p>'
        )
    elif len(names) > 1:
        body = provenance.caisses_table(rows, names, caption)
        if len(rows) <= MANY_VALUES:
            values = provenance.values_table(rows, view.objective, names, f"{caption}, par mois")
            body += fold("Voir chaque valeur et sa ligne de fichier", values, "valeurs")
    else:
        body = provenance.values_table(rows, view.objective, names, caption)
    return figure_block(
        "provenance",
        provenance.provenance_finding(rows, view.name_of_chosen),
        f"{view.objective.title} : caisse, mois, fichier, feuille, ligne, dépositaire et jour.",
        _findings(findings) + body,
        view.foot,
        ("csv",),
    )


def _findings(findings: pd.DataFrame) -> str:
    if findings.empty:
        return ""
    table = received.findings_table(findings, "Signalements sur ces valeurs")
    said = counted(len(findings), "signalement")
    return fold(f"● {said} sur ces valeurs, non corrigés", table, "signalements")


def caisse_names(rows: pd.DataFrame) -> dict[str, str]:
    """Names of the caisses in rows of ``cpg/provenance``."""
    return dict(zip(rows["caisse_code"], rows["caisse_name"], strict=True))


def details_html(view: CpgView, details: CpgDetails) -> str:
    """Everything under the board, two columns wide, one on a phone."""
    return (
        '<div data-part="cpg"><div class="v-grid">'
        f'<div class="v-column">{ranking_block(view, details)}</div>'
        f'<div class="v-column">{series_block(view, details.points)}'
        f"{senders_block(view, details.senders)}</div></div>"
        f'<div class="v-below">'
        f"{provenance_block(view, details.sources, details.findings)}</div>{_closer(view)}</div>"
    )


def _closer(view: CpgView) -> str:
    words = "Fermer la vue détaillée" if view.is_closer else "Regarder de plus près"
    return (
        f'<p class="v-below"><button type="button" class="link" data-act="closer" '
        f'aria-expanded="{str(view.is_closer).lower()}">{words} : quatre années, mois par mois'
        "</button></p>"
    )


def exportables(view: CpgView, details: CpgDetails) -> dict[str, Exportable]:
    """The page's figures as files, by the name of their block."""
    points, known_senders, sources = details.points, details.senders, details.sources
    objective, territory = view.objective, view.name_of_chosen
    board_title = f"Objectifs du CPG {view.year}, {view.perimeter.label}"
    month_title = series.series_finding(
        points, objective, territory, view.year, is_open_year=view.is_open_year
    )
    alt = series.series_alt(points, objective, view.year, territory)
    note = f"En % de l’objectif, {view.period}"
    return {
        "tableau": Exportable(
            f"cpg-{view.year}-{view.perimeter.code}-{view.level}",
            board_title,
            note,
            view.foot,
            lambda: boards.board_records(view.rows, view.objectives),
            lambda: boards.board_svg(view.rows, view.objectives, board_title),
        ),
        "classement": Exportable(
            f"cpg-{view.year}-{objective.code}-classement",
            ranking.ranking_finding(view.bars, objective, view.is_open_year),
            note,
            view.foot,
            lambda: ranking.ranking_records(
                ranking.dated(view.bars, details.under_since), objective
            ),
            lambda: ranking.ranking_svg(view.bars, objective, view.peers, view.is_open_year),
        ),
        "serie": Exportable(
            f"cpg-{view.year}-{objective.code}-{view.chosen_territory}-mois",
            month_title,
            objective.title,
            view.foot,
            lambda: series.series_records(points, objective),
            lambda: series.series_svg(points, objective, view.year, alt),
        ),
        "envois": Exportable(
            f"cpg-{view.year}-{view.perimeter.code}-envois",
            senders.senders_finding(known_senders, view.year),
            note,
            view.foot,
            lambda: senders.senders_records(known_senders),
        ),
        "provenance": Exportable(
            f"cpg-{view.year}-{objective.code}-{view.chosen_territory}-provenance",
            provenance.provenance_finding(sources, territory),
            objective.title,
            view.foot,
            lambda: provenance.provenance_records(sources, caisse_names(sources)),
        ),
    }
