"""The blocks of « Comparer à l’IR 4.1 »: published indices in, HTML and files out."""

from __future__ import annotations

from collections.abc import Sequence

from access.scope import Scope
from components.professionals_view import made_up, sources
from figures import gini_published as figures
from figures.exportable import Exportable
from figures.gini_published import Published
from figures.markup import figure_block, fold, text
from queries import professionals
from queries.cached import kept

PRINTED = "indices publiés (Igas, 2017)"
SOURCE = f"{PRINTED} ; effectifs de professionnels de santé importés"
MADE_UP_SOURCE = f"{PRINTED} ; effectifs fictifs de professionnels de santé (démonstration)"
BLOCK = "ir41"
NOTE = (
    "France entière. Publié : tel qu’imprimé, évolution comprise. Ici : nos indices, avec la "
    "population de référence de chaque profession. Les cibles n’ont pas d’équivalent calculé."
)


def load_published(scope: Scope, build_id: str) -> Sequence[Published]:
    """The published indices beside ours; empty where none was imported."""
    return figures.published(
        professionals.gini_published(scope, build_id), made_up(scope, build_id)
    )


@kept
def published_drawing(scope: Scope, build_id: str) -> str | None:
    """The page; None where nothing was published."""
    rows = load_published(scope, build_id)
    if not rows:
        return None
    findings = "".join(f"<li>{text(said)}</li>" for said in figures.published_findings(rows))
    why = "".join(
        f"<div><dt>{text(name)}</dt><dd>{text(words)}</dd></div>"
        for name, words in figures.reasons()
    )
    doubts = _section(
        "constats",
        "Ce que les chiffres publiés ont de douteux",
        f'<ul class="v-rules">{findings}</ul>',
    )
    differences = _section(
        "raisons", "Pourquoi nos indices diffèrent", f'<dl class="v-why">{why}</dl>'
    )
    table = figure_block(
        BLOCK,
        figures.gap_finding(rows),
        _note(rows),
        figures.published_panels(rows)
        + fold(
            "Voir le tableau des indices publiés",
            figures.published_table(rows, "Indice de Gini publié (IR 4.1) et recalculé"),
            "publies",
        ),
        _source(scope, build_id, rows),
        ("csv", "png"),
    )
    return (
        f"<h1>{text(figures.published_title(rows))}</h1>"
        '<p class="v-lead">Indicateur IR 4.1 de la COG 2014-2017 : −0,001 par an pour chaque '
        "profession, France entière.</p>"
        f'<div class="v-below v-grid v-duo"><div class="v-column">{doubts}</div>'
        f'<div class="v-column">{differences}</div></div>'
        f'<div class="v-below">{table}</div>'
    )


def _warning(rows: Sequence[Published]) -> str:
    """What demonstration counts are worth beside published indices; empty with real ones."""
    said = figures.made_up_words(rows)
    return f"{said}." if said else ""


def _note(rows: Sequence[Published]) -> str:
    """The note of the comparison; its title says already that all counts are made up."""
    said = _warning(rows)
    return NOTE if figures.gap_finding(rows) == said.removesuffix(".") else f"{NOTE} {said}"


def _source(scope: Scope, build_id: str, rows: Sequence[Published]) -> str:
    is_made_up = figures.has_made_up(rows)
    return sources(scope, build_id, MADE_UP_SOURCE if is_made_up else SOURCE)


def _section(name: str, title: str, body: str) -> str:
    return (
        f'<section class="v-block" id="bloc-{name}" data-key="{name}" '
        f'aria-labelledby="titre-{name}"><header><h2 id="titre-{name}">{text(title)}</h2></header>'
        f"{body}</section>"
    )


def exported(
    scope: Scope, build_id: str, wanted: tuple[str, str] | None
) -> tuple[Exportable, str] | None:
    """The figure and format of a file asked for by block and format, or None."""
    if wanted is None or wanted[0] != BLOCK:
        return None
    rows = load_published(scope, build_id)
    figure = Exportable(
        "ir41-publie-et-recalcule",
        _file_title(rows),
        "Indice de Gini, France entière. Épais : publié ; fin : ici, par EPCI ; pointillé : par "
        f"département. {_warning(rows)}",
        _source(scope, build_id, rows),
        lambda: figures.published_records(rows),
        lambda: figures.published_svg(rows, figures.published_title(rows)),
    )
    return figure, wanted[1]


def _file_title(rows: Sequence[Published]) -> str:
    """The finding, and on the picture itself what demonstration counts are worth."""
    said = figures.made_up_words(rows)
    return f"{figures.published_title(rows)} – {said}" if said else figures.published_title(rows)
