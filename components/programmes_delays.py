"""The block of « Délais post-opératoires »: a published distribution, drawn by its areas."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from access.scope import Scope
from components.address import choice
from components.controls import choice_buttons, choice_select
from components.programmes_view import PUBLISHED, ProgrammeBlock, sources
from figures import consultation_delay as figures
from figures.exportable import Exportable
from figures.formats import number, percent
from figures.frames import framed_twice
from figures.grammar import capitalised, ordinal, typeset
from figures.key_figures import KeyFigure, key_figures_html
from figures.markup import text
from figures.status import StatusWord
from queries import programmes
from queries.cached import kept

YEAR, END = "delais_annee", "delais_fin"
ENDS = {"ouverte": "Laissée ouverte", "60": "Jour 60", "90": "Jour 90", "180": "Jour 180"}
SOURCE = "ATIH, PMSI et activité externe, annexe 9 du rapport (Igas, 2017)"


@dataclass(frozen=True)
class DelaysAsked:
    """The year shown, and where the open class is supposed to end; None where it stays open."""

    year: int
    years: tuple[int, ...]
    end: int | None


def asked_delays(scope: Scope, build_id: str) -> DelaysAsked | None:
    """What the address asks for; None where nothing was imported."""
    rows = programmes.consultation_delay(scope, build_id)
    years = tuple(sorted({int(year) for year in rows["year"]}))
    if not years:
        return None
    year = int(choice(YEAR, {str(year): str(year) for year in years}, str(years[-1])))
    end = choice(END, ENDS, "ouverte")
    return DelaysAsked(year, years, None if end == "ouverte" else int(end))


@kept
def delays_drawing(scope: Scope, build_id: str, asked: DelaysAsked) -> str:
    """The whole page."""
    classes = load_classes(scope, build_id, asked)
    block = densities_block(scope, build_id, asked)
    return (
        f"<h1>{text(figures.delay_finding(classes, asked.year))}</h1>"
        '<p class="v-lead">Première consultation dans le même établissement public après un acte '
        f"opératoire, de l’acte à la consultation. {PUBLISHED} en {asked.year + 1}, France entière."
        f"</p>{key_figures_html(_key_figures(classes, asked.year))}"
        f'<div class="v-below">{block.html("delais")}</div>'
    )


def load_classes(scope: Scope, build_id: str, asked: DelaysAsked) -> list[figures.DelayClass]:
    """The classes of the year."""
    return figures.delay_classes(programmes.consultation_delay(scope, build_id), asked.year)


def _key_figures(classes: list[figures.DelayClass], year: int) -> list[KeyFigure]:
    period, source = f"{year}, France", "publié (ATIH, Igas 2017)"
    median = figures.median_day(classes)
    first, last = classes[0], classes[-1]
    return [
        KeyFigure(
            "Consultations de suivi",
            number(figures.total(classes)),
            "premières après l’acte",
            StatusWord("", f"en {len(classes)} classes de délai", "neu"),
            period,
            source,
        ),
        _class_figure(first, period, source),
        _class_figure(last, period, source),
        KeyFigure(
            "Médiane",
            "Au-delà" if median is None else f"{ordinal(median)} jour",
            "" if median is None else "après l’acte",
            StatusWord("", "la moitié des consultations ont eu lieu", "neu"),
            period,
            "calculée, classes supposées régulières",
        ),
    ]


def _class_figure(one: figures.DelayClass, period: str, source: str) -> KeyFigure:
    each = "classe ouverte, sans densité"
    if one.per_day is not None:
        each = f"{number(one.per_day)} par jour"
    return KeyFigure(
        capitalised(one.name),
        percent(one.share),
        f"{number(one.count)} consultations",
        StatusWord("", each, "neu"),
        period,
        source,
    )


def densities_block(scope: Scope, build_id: str, asked: DelaysAsked) -> ProgrammeBlock:
    """The distribution, with the choice of where the open class ends."""
    classes = load_classes(scope, build_id, asked)
    alt = figures.densities_alt(classes, asked.year)
    picture = figures.densities_svg(classes, alt, asked.end)
    has_open = any(one.last is None for one in classes)
    drawn = ""
    if picture:
        drawn = framed_twice(partial(figures.densities_svg, classes, alt, asked.end))
        drawn += figures.densities_legend(has_open, asked.end)
    body = drawn + figures.densities_table(
        classes, f"Délai de la première consultation, {asked.year}", asked.end
    )
    controls = (
        choice_buttons(
            END,
            "Fin supposée de la dernière classe",
            ENDS,
            "ouverte" if asked.end is None else str(asked.end),
        )
        if has_open
        else ""
    )
    if len(asked.years) > 1:
        years = {str(year): str(year) for year in asked.years}
        controls += choice_select(YEAR, "Année", {"": years}, str(asked.year))
    figure = Exportable(
        f"delais-post-operatoires-{asked.year}",
        figures.density_finding(classes),
        typeset(
            f"{PUBLISHED}, France entière, {asked.year}. Les classes n’ont pas la même largeur : "
            "la hauteur est un nombre de consultations par jour, la surface leur nombre. La "
            "dernière classe est ouverte : sa densité n’est pas connue"
            + (
                "."
                if asked.end is None
                else f", celle dessinée suppose qu’elle finit au jour {asked.end}."
            )
        ),
        sources(scope, build_id, SOURCE),
        partial(figures.densities_records, classes),
        (lambda: picture) if picture else None,
    )
    return ProgrammeBlock(figure, body, controls)
