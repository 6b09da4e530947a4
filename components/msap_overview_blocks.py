"""The blocks of « MSAP – vue d’ensemble »: a territory and year in, HTML and files out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from access.scope import Scope
from components.controls import choice_buttons
from components.crumbs import crumbs
from components.msap_view import (
    DOMAIN,
    MEASURE,
    NATIONAL,
    PUBLISHED_SOURCE,
    SOURCE,
    MsapAsked,
    StatusCounts,
    anomalies_found,
    department_counts,
    departments_under,
    findings_sent,
    not_to_circulate,
    of_row,
    published_statuses,
    renumbered,
    sources,
    status_counts,
    territory_chart,
)
from components.publication import territory_map
from figures import choropleth as maps
from figures import msap_overview as figures
from figures import p_chart as charts
from figures.choropleth import MEASURES, Place
from figures.exportable import Exportable
from figures.grammar import capitalised
from figures.markup import figure_block, fold, text
from figures.msap_anomalies import Anomaly, anomaly_list, sent_anomalies
from figures.msap_counts import DOMAINS, MsapCounts, rate_words
from figures.msap_overview import FIRST_YEAR, LAST_YEAR, Compared, StatusLine
from figures.small_map import WIDTH
from queries.cached import kept

YEARS = (FIRST_YEAR, LAST_YEAR)
STATUS_ORDER = ("total", "public", "prive")


@dataclass(frozen=True)
class Overview:
    """The MSAP of a territory and year.

    ``anomalies`` are those of the year's published tables, ``sent_findings`` counts those of the
    extracts that caisses sent.
    """

    asked: MsapAsked
    total: MsapCounts
    lines: Sequence[StatusLine]
    compared: Sequence[Compared]
    anomalies: Sequence[Anomaly]
    sent_findings: int
    foot: str

    @property
    def is_national(self) -> bool:
        """Whether published figures can stand beside the computed ones."""
        return self.asked.perimeter.level == NATIONAL


def load_overview(scope: Scope, build_id: str, asked: MsapAsked) -> Overview | None:
    """What the overview shows; None where the territory has no request in the year."""
    years = status_counts(scope, build_id, asked.perimeter)
    counts = years.get(asked.year)
    if not counts:
        return None
    is_national = asked.perimeter.level == NATIONAL
    lines = [
        StatusLine(domain, status, counts[domain, status])
        for domain in DOMAINS
        for status in STATUS_ORDER
        if (domain, status) in counts
    ]
    anomalies: Sequence[Anomaly] = ()
    if is_national:
        lines, anomalies = _with_published(scope, build_id, asked.year, lines)
    return Overview(
        asked=asked,
        total=counts.get(("total", "total"), MsapCounts()),
        lines=lines,
        compared=_compared(years),
        anomalies=anomalies,
        sent_findings=findings_sent(scope, build_id, asked.year),
        foot=sources(scope, build_id, PUBLISHED_SOURCE if is_national else SOURCE),
    )


def _with_published(
    scope: Scope, build_id: str, year: int, lines: Sequence[StatusLine]
) -> tuple[list[StatusLine], list[Anomaly]]:
    """The lines with what was printed of them, and the anomalies that they bear."""
    printed = published_statuses(scope, build_id, year)
    found = anomalies_found(scope, build_id, year)
    rows = {line.row for line in printed.values()}
    shown = renumbered(found, {one.place for one in found if one.row in rows})
    with_published = [
        replace(
            line,
            published=(own := printed.get((line.domain, line.status))),
            anomalies=of_row(shown, own),
        )
        for line in lines
    ]
    return with_published, shown


def _compared(years: Mapping[int, StatusCounts]) -> list[Compared]:
    first, last = (years.get(year, {}) for year in YEARS)
    return [
        Compared(domain, first[domain, "total"], last[domain, "total"])
        for domain in DOMAINS
        if (domain, "total") in first and (domain, "total") in last
    ]


@dataclass(frozen=True)
class OverviewDrawing:
    """The head of the page whole, and what a first painting holds of it."""

    html: str
    in_sight: str


@kept
def overview_drawing(scope: Scope, build_id: str, asked: MsapAsked) -> OverviewDrawing | None:
    """The head of the page: key figures, domains and statuses, both years compared."""
    view = load_overview(scope, build_id, asked)
    if view is None:
        return None
    path = crumbs(territory_map(scope, build_id).path_to(asked.perimeter))
    head = (
        f"{path}<h1>{text(_title(view))}</h1>"
        f'<p class="v-lead">Mises sous accord préalable : demandes des établissements au service '
        f"médical. {text(_rate_sentence(view.total))}</p>"
        f"{figures.key_figures(view.total, asked.year, 'extraits MSAP')}"
    )
    return OverviewDrawing(
        f'{head}<div class="v-below">{_status_block(view)}</div>'
        f'<div class="v-below">{_compared_block(view)}</div>',
        f'{head}<div class="v-below">{_status_block(view, is_first=True)}</div>',
    )


def _rate_sentence(total: MsapCounts) -> str:
    said = rate_words(total)
    return f"{capitalised(said)}." if total.rate is None else f"Taux d’accord : {said}."


@kept
def territory_drawing(scope: Scope, build_id: str, asked: MsapAsked) -> str:
    """The departments of the perimeter and its months, in the domain chosen."""
    control = choice_buttons(DOMAIN, "Domaine", DOMAINS, asked.domain)
    return (
        f'<div class="v-below"><div class="v-head">{control}</div></div>'
        f"{_map_block(scope, build_id, asked)}{_chart_block(scope, build_id, asked)}"
    )


def _map_block(scope: Scope, build_id: str, asked: MsapAsked) -> str:
    """The departments coloured by the measure chosen, their table beside."""
    places = load_places(scope, build_id, asked)
    if not places:
        return ""
    measure = MEASURES[asked.measure]
    alt = maps.choropleth_alt(places, measure, f"{asked.where}, {asked.when}")
    is_known = any(measure.value(place.counts) is not None for place in places)
    picture = maps.choropleth_svg(places, measure, alt, drills=True) if is_known else ""
    caption = f"{measure.short} par département {asked.when}"
    body = maps.choropleth_table(places, measure, caption, drills=True)
    if picture:
        height = maps.choropleth_height(places)
        body = (
            f'<div class="v-mapped"><div><div class="v-picture-map" '
            f'style="aspect-ratio:{WIDTH} / {height}">{picture}</div>'
            f"{maps.choropleth_legend(places, measure)}</div>{body}</div>"
        )
    control = choice_buttons(
        MEASURE, "Mesure", {code: found.short for code, found in MEASURES.items()}, measure.code
    )
    block = figure_block(
        "carte",
        maps.choropleth_finding(places, measure),
        f"{measure.title}, {asked.where}, {asked.when}. Autant de départements par classe. "
        f"{maps.few_words(places, measure)}".rstrip(),
        f'<div class="v-head">{control}</div>{body}',
        sources(scope, build_id),
        ("csv", "png") if picture else ("csv",),
    )
    return f'<div class="v-below">{block}</div>'


def _chart_block(scope: Scope, build_id: str, asked: MsapAsked) -> str:
    """The rate of approval of the perimeter over time, with its limits."""
    chart = territory_chart(scope, build_id, asked)
    alt = charts.chart_alt(chart, asked.where)
    picture = charts.p_chart_svg(chart, alt)
    drawn = (
        f'<div class="v-picture-p">{picture}</div>{charts.chart_legend(chart)}' if picture else ""
    )
    domain = DOMAINS[asked.domain]
    table = charts.chart_table(chart, f"Taux d’accord par période, {asked.where}, {domain}")
    block = figure_block(
        "mois",
        charts.chart_finding(chart, asked.where),
        f"{domain}. {charts.chart_note(chart)}",
        drawn + fold("Voir le tableau des périodes", table, "periodes"),
        sources(scope, build_id),
        ("csv", "png") if picture else ("csv",),
    )
    return f'<div class="v-below">{block}</div>'


def load_places(scope: Scope, build_id: str, asked: MsapAsked) -> list[Place]:
    """The departments of the perimeter with their counts of the year, empty without any."""
    names = departments_under(scope, build_id, asked.perimeter)
    counts = department_counts(scope, build_id, asked) if names else {}
    return [Place(code, name, counts.get(code, MsapCounts())) for code, name in names.items()]


def _title(view: Overview) -> str:
    return figures.overview_finding(view.total, view.asked.year, view.asked.where)


def _status_block(view: Overview, is_first: bool = False) -> str:
    """Domains and statuses; a first painting leaves the sentences of the anomalies for later."""
    asked = view.asked
    caption = f"Demandes et accords par domaine et statut, {asked.where}, {asked.year}"
    published = (
        " « Publié » : chiffres nationaux publiés, gardés tels quels, à côté de ceux que donnent "
        "les extraits."
        if view.is_national
        else ""
    )
    table = figures.status_table(view.lines, caption, view.is_national)
    found = sent_anomalies(view.sent_findings, asked.year, asked.sent_anomalies)
    return figure_block(
        "statuts",
        figures.status_finding(view.lines),
        f"{asked.where}, {asked.year}. Le taux d’accord est celui des demandes décidées ; "
        "les accords et refus aussi, là où les autres sont masqués."
        f"{published}",
        table if is_first else table + anomaly_list(view.anomalies, asked.anomalies) + found,
        view.foot,
        ("csv",),
    )


def _compared_block(view: Overview) -> str:
    asked, rows = view.asked, view.compared
    if not rows:
        return ""
    alt = figures.compared_alt(rows, YEARS, asked.where)
    picture = figures.compared_svg(rows, YEARS, alt)
    height = figures.compared_height(rows)
    drawn = (
        f'<div class="v-picture-compared" style="aspect-ratio:{figures.COMPARED_WIDTH} / {height}">'
        f"{picture}</div>{figures.compared_legend(YEARS)}"
        if picture
        else ""
    )
    caption = f"Taux d’accord en {FIRST_YEAR} et en {LAST_YEAR}, {asked.where}"
    return figure_block(
        "comparaison",
        figures.compared_finding(rows, YEARS),
        f"{asked.where}. Écart des taux et son intervalle à 95 % (méthode de Newcombe).",
        drawn + figures.compared_table(rows, YEARS, caption),
        view.foot,
        ("csv", "png") if picture else ("csv",),
    )


def exported(
    scope: Scope, build_id: str, asked: MsapAsked, wanted: tuple[str, str] | None
) -> tuple[Exportable, str] | None:
    """The figure and format of a file asked for by block and format, or None."""
    if wanted is None:
        return None
    block, kind = wanted
    if block == "carte":
        return not_to_circulate(scope, _map_export(scope, build_id, asked)), kind
    if block == "mois":
        return not_to_circulate(scope, _chart_export(scope, build_id, asked)), kind
    view = load_overview(scope, build_id, asked)
    found = None if view is None else _exports(view).get(block)
    return None if found is None else (not_to_circulate(scope, found), kind)


def _map_export(scope: Scope, build_id: str, asked: MsapAsked) -> Exportable:
    places, measure = load_places(scope, build_id, asked), MEASURES[asked.measure]
    alt = maps.choropleth_alt(places, measure, asked.when)
    return Exportable(
        f"msap-{asked.year}-{asked.perimeter.code}-carte",
        maps.choropleth_finding(places, measure),
        f"{measure.title}, {asked.when}",
        sources(scope, build_id),
        lambda: maps.choropleth_records(places),
        lambda: maps.choropleth_picture(places, measure, alt),
    )


def _chart_export(scope: Scope, build_id: str, asked: MsapAsked) -> Exportable:
    chart = territory_chart(scope, build_id, asked)
    alt = charts.chart_alt(chart, asked.where)
    return Exportable(
        f"msap-{asked.perimeter.code}-{asked.domain}-mois",
        charts.chart_finding(chart, asked.where),
        f"{DOMAINS[asked.domain]}. {chart.key}",
        sources(scope, build_id),
        lambda: charts.chart_records(chart),
        lambda: charts.p_chart_svg(chart, alt),
    )


def _exports(view: Overview) -> dict[str, Exportable]:
    asked, rows = view.asked, view.compared
    stem = f"msap-{asked.year}-{asked.perimeter.code}"
    alt = figures.compared_alt(rows, YEARS, asked.where)
    return {
        "statuts": Exportable(
            f"{stem}-statuts",
            figures.status_finding(view.lines),
            f"{asked.where}, {asked.year}",
            view.foot,
            lambda: figures.status_records(view.lines),
        ),
        "comparaison": Exportable(
            f"{stem}-{FIRST_YEAR}-{LAST_YEAR}",
            figures.compared_finding(rows, YEARS),
            f"{asked.where}. Rond vide : {FIRST_YEAR}, plein : {LAST_YEAR}. Trait : intervalle à "
            "95 %.",
            view.foot,
            lambda: figures.compared_records(rows, YEARS),
            lambda: figures.compared_svg(rows, YEARS, alt),
        ),
    }
