"""The blocks of « Comparer à l’IR 4.1 »: published indices in, HTML and files out."""

from __future__ import annotations

from collections.abc import Sequence

from access.scope import Scope
from components.professionals_view import sources
from figures import gini_published as figures
from figures.exportable import Exportable
from figures.gini_published import Published
from figures.markup import figure_block, text
from queries import professionals
from queries.cached import kept

SOURCE = "indices publiés (Igas, 2017) ; effectifs de professionnels de santé importés"
BLOCK = "ir41"
NOTE = (
    "France entière. Publié : tel qu’imprimé, évolution comprise. Ici : nos indices, avec la "
    "population de référence de chaque profession. Les cibles n’ont pas d’équivalent calculé."
)


def load_published(scope: Scope, build_id: str) -> Sequence[Published]:
    """The published indices beside ours; empty where none was imported."""
    return figures.published(professionals.gini_published(scope, build_id))


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
        NOTE,
        figures.published_panels(rows)
        + figures.published_table(rows, "Indice de Gini publié (IR 4.1) et recalculé"),
        sources(scope, build_id, SOURCE),
        ("csv", "png"),
    )
    return (
        f"<h1>{text(figures.published_title(rows))}</h1>"
        '<p class="v-lead">Indicateur IR 4.1 de la COG 2014-2017 : −0,001 par an pour chaque '
        "profession. Chiffres nationaux : le territoire du bandeau n’y change rien.</p>"
        f'<div class="v-below v-grid v-duo"><div class="v-column">{doubts}</div>'
        f'<div class="v-column">{differences}</div></div>'
        f'<div class="v-below">{table}</div>'
    )


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
        figures.published_title(rows),
        "Indice de Gini, France entière. Épais : publié ; fin : ici, par EPCI ; pointillé : par "
        "département",
        sources(scope, build_id, SOURCE),
        lambda: figures.published_records(rows),
        lambda: figures.published_svg(rows, figures.published_title(rows)),
    )
    return figure, wanted[1]
