"""The blocks of « MSAP – gestes »: a territory and year in, HTML and files out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from access.scope import Scope
from components.controls import choice_buttons
from components.crumbs import crumbs
from components.msap_view import (
    DOMAIN,
    NATIONAL,
    PUBLISHED_SOURCE,
    SOURCE,
    MsapAsked,
    StatusCounts,
    anomalies_found,
    not_to_circulate,
    of_row,
    published_procedures,
    published_totals,
    renumbered,
    sources,
    status_counts,
)
from components.publication import territory_map
from figures import msap_procedures as figures
from figures.exportable import Exportable
from figures.markup import figure_block, fold, text
from figures.msap_anomalies import Anomaly, anomaly_list
from figures.msap_counts import DOMAINS, MsapCounts, counts_of
from figures.msap_procedures import Procedure, ProcedureYears, PublishedTotal
from figures.records import records
from queries import msap
from queries.cached import kept

ROWS_IN_SIGHT = 14


@dataclass(frozen=True)
class Procedures:
    """The procedures of a territory and year, those of all years for the panels."""

    asked: MsapAsked
    ranked: Sequence[Procedure]
    panels: Sequence[ProcedureYears]
    years: Sequence[int]
    anomalies: Sequence[Anomaly]
    totals: Sequence[PublishedTotal]
    together: float | None
    foot: str

    @property
    def is_national(self) -> bool:
        """Whether published figures stand beside the computed ones."""
        return self.asked.perimeter.level == NATIONAL

    @property
    def is_partial(self) -> bool:
        """Whether rates of the year are withheld from the reader."""
        return any(one.counts.is_hidden for one in self.ranked)


@dataclass(frozen=True)
class ProceduresDrawing:
    """The page whole, and what a first painting holds of it."""

    html: str
    in_sight: str


def load_procedures(scope: Scope, build_id: str, asked: MsapAsked) -> Procedures | None:
    """The procedures asked for; None where the year holds none."""
    frame = msap.by_procedure(scope, build_id, asked.perimeter.code, domain=asked.domain)
    of_years: dict[tuple[str, str], ProcedureYears] = {}
    ranked, years = [], set()
    for row in records(frame, list(frame.columns)):
        year, counts = int(row["year"]), counts_of(row)
        years.add(year)
        # A text that is in no referential has no code: it is its own name.
        code = str(row["procedure_code"] or row["procedure_name"])
        one = Procedure(code, str(row["procedure_name"]), str(row["domain"]), counts)
        key = one.domain, one.code
        own = of_years.setdefault(key, ProcedureYears(one.code, one.name, {}))
        of_years[key] = replace(own, years={**own.years, year: counts})
        if year == asked.year:
            ranked.append(one)
    if not ranked:
        return None
    anomalies: Sequence[Anomaly] = ()
    totals: Sequence[PublishedTotal] = ()
    is_national = asked.perimeter.level == NATIONAL
    computed = status_counts(scope, build_id, asked.perimeter).get(asked.year, {})
    if is_national:
        ranked, totals, anomalies = _with_published(scope, build_id, asked, ranked, computed)
    return Procedures(
        asked=asked,
        ranked=figures.ranked_procedures(ranked),
        panels=figures.panels(list(of_years.values()), asked.year),
        years=sorted(years),
        anomalies=anomalies,
        totals=totals,
        together=computed.get((asked.domain, "total"), MsapCounts()).rate,
        foot=sources(scope, build_id, PUBLISHED_SOURCE if is_national else SOURCE),
    )


def _with_published(
    scope: Scope,
    build_id: str,
    asked: MsapAsked,
    ranked: Sequence[Procedure],
    computed: StatusCounts,
) -> tuple[list[Procedure], list[PublishedTotal], list[Anomaly]]:
    """The procedures with the lines printed of them, the totals, and the anomalies of both.

    ``computed`` are the counts of the year by domain and status.
    """
    printed = published_procedures(scope, build_id, asked.year)
    found = anomalies_found(scope, build_id, asked.year)
    sums = {
        domain: pair
        for domain, pair in published_totals(scope, build_id, asked.year).items()
        if asked.domain in ("total", domain)
    }
    lines = [line for one in ranked for line in printed.get((one.domain, one.code), ())]
    lines += [total for total, _ in sums.values()]
    rows = {line.row for line in lines}
    shown = renumbered(found, {one.place for one in found if one.row in rows})
    with_published = []
    for one in ranked:
        own = printed.get((one.domain, one.code), ())
        marks = [anomaly for line in own for anomaly in of_row(shown, line)]
        with_published.append(replace(one, published=own, anomalies=marks))
    totals = [
        PublishedTotal(
            domain,
            total,
            summed,
            computed.get((domain, "total"), MsapCounts()),
            of_row(shown, total),
        )
        for domain, (total, summed) in sums.items()
    ]
    return with_published, totals, shown


@kept
def procedures_drawing(scope: Scope, build_id: str, asked: MsapAsked) -> ProceduresDrawing | None:
    """The page asked for; None where the year holds nothing."""
    view = load_procedures(scope, build_id, asked)
    if view is None:
        return None
    path = crumbs(territory_map(scope, build_id).path_to(asked.perimeter))
    title = figures.procedures_finding(view.ranked, asked.when)
    head = (
        f"{path}<h1>{text(title)}</h1>"
        f'<p class="v-lead">Gestes soumis à accord préalable, {text(asked.where)}, '
        f'{text(asked.when)}.</p><div class="v-below"><div class="v-head">'
        f"{choice_buttons(DOMAIN, 'Domaine', DOMAINS, asked.domain)}</div></div>"
    )
    return ProceduresDrawing(
        f'{head}<div class="v-below">{_ranking_block(view)}</div>'
        f'<div class="v-below">{_panels_block(view)}</div>',
        f'{head}<div class="v-below">{_ranking_block(view, ROWS_IN_SIGHT)}</div>',
    )


def _ranking_block(view: Procedures, rows_at_most: int | None = None) -> str:
    asked = view.asked
    caption = f"Gestes, {asked.where}, {asked.when}"
    table = figures.procedures_table(view.ranked, caption, view.is_national, rows_at_most)
    published = (
        " « Publié » : tableau national par geste ; deux lignes d’un même geste restent séparées."
        if view.is_national
        else ""
    )
    listed = ""
    if rows_at_most is None and view.totals:
        totals = figures.totals_table(view.totals, f"Totaux publiés par geste, {asked.when}")
        listed = f'<div class="v-below">{totals}</div>'
    if rows_at_most is None:
        listed += anomaly_list(view.anomalies, asked.anomalies)
    return figure_block(
        "gestes",
        _count_title(view),
        figures.procedures_note(figures.rates_floor(view.ranked)) + published,
        table + listed,
        view.foot,
        ("csv", "png"),
    )


def _count_title(view: Procedures) -> str:
    return figures.rates_finding(view.ranked, view.together)


def _panels_block(view: Procedures) -> str:
    if not view.panels:
        return ""
    caption = f"Taux d’accord par an, {view.asked.where}"
    return figure_block(
        "annees",
        figures.panels_finding(view.panels, view.is_partial),
        figures.panels_note(view.panels, view.years, view.is_partial),
        figures.panels_html(view.panels, view.years)
        + fold(
            "Voir le tableau des années",
            figures.panels_table(view.panels, view.years, caption),
            "annees",
        ),
        view.foot,
        ("csv",),
    )


def exported(
    scope: Scope, build_id: str, asked: MsapAsked, wanted: tuple[str, str] | None
) -> tuple[Exportable, str] | None:
    """The figure and format of a file asked for by block and format, or None."""
    view = load_procedures(scope, build_id, asked) if wanted else None
    if wanted is None or view is None:
        return None
    block, kind = wanted
    found = _exports(view).get(block)
    return None if found is None else (not_to_circulate(scope, found), kind)


def _exports(view: Procedures) -> dict[str, Exportable]:
    asked = view.asked
    stem = f"msap-{asked.year}-{asked.perimeter.code}-{asked.domain}"
    alt = figures.procedures_alt(view.ranked, asked.when)
    return {
        "gestes": Exportable(
            f"{stem}-gestes",
            figures.procedures_finding(view.ranked, asked.when),
            f"{asked.where}, {asked.when}",
            view.foot,
            lambda: figures.procedures_records(view.ranked),
            lambda: figures.procedures_svg(view.ranked, alt),
        ),
        "annees": Exportable(
            f"{stem}-gestes-annees",
            figures.panels_finding(view.panels, view.is_partial),
            asked.where,
            view.foot,
            lambda: figures.panels_records(view.panels),
        ),
    }
