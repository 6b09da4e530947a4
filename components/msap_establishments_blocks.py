"""The blocks of « MSAP – établissements »: who deserves a call, the funnel, one establishment."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from access.scope import Scope
from components.address import ESTABLISHMENT
from components.controls import choice_buttons
from components.crumbs import crumbs
from components.msap_territories import territory_funnel
from components.msap_view import (
    DOMAIN,
    JUDGE,
    NATIONAL,
    SPAN,
    SPANS,
    TABLE,
    TERRITORY_JUDGE,
    MsapAsked,
    establishment_chart,
    msap_windows,
    not_to_circulate,
    sources,
)
from components.publication import msap_years, territory_map
from figures import funnel as funnels
from figures import msap_establishments as figures
from figures import msap_territories as territories
from figures import p_chart as charts
from figures.exportable import Exportable
from figures.formats import counted, is_absent, known_float, number
from figures.funnel import JUDGES, Funnel, FunnelUnit, Judge
from figures.grammar import typeset
from figures.markup import figure_block, fold, text
from figures.msap_counts import DOMAINS, MsapCounts, counts_of
from figures.msap_establishments import Call, Establishment
from figures.msap_procedures import Procedure, ranked_procedures
from figures.p_chart import Chart, Phase, Window
from figures.records import records
from queries import msap
from queries.cached import kept, shared


@dataclass(frozen=True)
class Establishments:
    """The establishments of a territory, year and domain, and their funnel.

    ``judge`` is the one asked for, or chance where over-dispersion cannot be measured.
    ``windows_plot`` counts their MSAP windows of the year alone; None where fewer than two have
    one, or where the reader lacks the right to the counts of windows. ``territory_plot`` stands in
    for the year's where too few of them are seen.
    """

    asked: MsapAsked
    known: Sequence[Establishment]
    year_plot: Funnel | None
    windows_plot: Funnel | None
    calls: Sequence[Call]
    judge: Judge
    foot: str
    territory_plot: Funnel | None = None

    @property
    def spans_windows(self) -> bool:
        """Whether the funnel counts MSAP windows: asked for, and possible."""
        return self.asked.spans_windows and self.windows_plot is not None

    @property
    def plot(self) -> Funnel | None:
        """The funnel shown; None where nothing could be concluded from one."""
        if self.spans_windows:
            return self.windows_plot
        if self.territory_plot is not None or _tells_nothing(self.year_plot):
            return self.territory_plot
        return self.year_plot

    @property
    def is_of_territories(self) -> bool:
        """Whether territories are compared, since establishments can't be."""
        return self.plot is not None and self.plot is self.territory_plot

    @property
    def when(self) -> str:
        """What the funnel counts: ``en 2016``, ``pendant les fenêtres MSAP de 2016 (SSR)``."""
        if not self.spans_windows:
            return self.asked.when
        return f"pendant les fenêtres MSAP {self.asked.when.replace('en ', 'de ', 1)}"

    @property
    def hidden(self) -> int:
        """How many are withheld from the reader."""
        return figures.hidden_count(self.known)

    @property
    def title(self) -> str:
        """Which establishments deserve a call."""
        seen = len(self.known) - self.hidden
        return figures.calls_finding(self.calls, self.hidden, seen, self.asked.when)

    @property
    def has_spread(self) -> bool:
        """Whether the limits of over-dispersion can judge."""
        return _has_spread(self.known)


def _tells_nothing(plot: Funnel | None) -> bool:
    """Whether most units are withheld from the reader and none of the others stands out.

    Those seen are no fair sample then: refusals are few, so that whoever has some is withheld.
    """
    return plot is None or (plot.hidden > len(plot.units) and not plot.beyond)


def _has_spread(known: Sequence[Establishment]) -> bool:
    units, hidden = figures.funnel_units(known), figures.hidden_count(known)
    return funnels.has_spread(len(units), hidden)


def establishment_of(
    row: Mapping[str, Any], places: Mapping[str, str], windows: Mapping[str, list[Window]]
) -> Establishment:
    """An establishment as a row of the questions tells it."""
    code = str(row["finess"])
    return Establishment(
        code=code,
        name=str(row["establishment_name"]),
        place=places.get(str(row["department_code"]), ""),
        territory_code=str(row["territory_code"]),
        status=str(row["status"]),
        category="" if is_absent(row["category"]) else str(row["category"]),
        counts=counts_of(row),
        expected=known_float(row["expected_approvals"]),
        windows=windows.get(code, []),
        expected_requests=known_float(row["expected_requests"]),
    )


@shared(8)
def load_establishments(scope: Scope, build_id: str, asked: MsapAsked) -> Establishments | None:
    """The establishments asked for; None where the territory has none in the year."""
    within = None if asked.perimeter.level == NATIONAL else asked.perimeter.code
    frame = msap.by_establishment(scope, build_id, asked.year, domain=asked.domain, within=within)
    if frame.empty:
        return None
    window_rows = msap.windows(scope, build_id, domain=asked.domain, within=within)
    windows = _windows_of_year(window_rows, asked.year)
    places = _department_names(scope, build_id)
    known = [establishment_of(row, places, windows) for row in records(frame, [*frame.columns])]
    judge: Judge = asked.judge if _has_spread(known) else "hasard"
    country = _country(scope, build_id, asked.domain)
    rate = country[asked.year].rate if asked.year in country else None
    plot = funnels.funnel(
        figures.funnel_units(known),
        judge,
        figures.hidden_count(known),
        figures.undecided_count(known),
        rate,
    )
    windows_plot = funnels.funnel(window_units(window_rows, asked.year, known), judge, target=rate)
    former = {
        year: _of_year(scope, build_id, asked, year, within)
        for year in msap_years(scope, build_id)
        if year < asked.year
    }
    answered = {year: counts.share_within_48h for year, counts in country.items()}
    found = [
        replace(call, since=figures.since_words(call, former, judge, answered))
        for call in figures.calls(known, judge, answered.get(asked.year))
    ]
    standing_in = None
    if _tells_nothing(plot) and windows_plot is None:
        standing_in = territory_funnel(scope, build_id, asked, country.get(asked.year))
    foot = sources(scope, build_id)
    return Establishments(asked, known, plot, windows_plot, found, judge, foot, standing_in)


def _of_year(
    scope: Scope, build_id: str, asked: MsapAsked, year: int, within: str | None
) -> list[Establishment]:
    """The same establishments in another year."""
    frame = msap.by_establishment(scope, build_id, year, domain=asked.domain, within=within)
    return [establishment_of(row, {}, {}) for row in records(frame, [*frame.columns])]


def _country(scope: Scope, build_id: str, domain: str) -> dict[int, MsapCounts]:
    """The country's counts of each year, which everybody may see unless they are hidden."""
    frame = msap.by_status(scope, build_id, domain=domain)
    own = frame[frame["status"] == "total"]
    return {int(row["year"]): counts_of(row) for row in records(own, [*own.columns])}


def _windows_of_year(frame: pd.DataFrame, year: int) -> dict[str, list[Window]]:
    """Windows that share a day with the year, by establishment."""
    return {
        code: own
        for code, found in msap_windows(frame).items()
        if (own := [w for w in found if w.start.year <= year <= w.end.year])
    }


def window_units(
    frame: pd.DataFrame, year: int, known: Sequence[Establishment]
) -> list[FunnelUnit]:
    """The establishments by what was decided during their MSAP windows of a year.

    Args:
        frame: rows of ``msap/windows``; those withheld from the reader are left out.
        year: a window that shares a day with it counts whole.
        known: the establishments of the year, which tell the places.
    """
    within = [
        row
        for row in records(frame, [*frame.columns])
        if row["phase"] == "during"
        and row["window_start"].year <= year <= row["window_end"].year
        and known_float(row["decided"])
    ]
    places = {one.code: one.place for one in known}
    units: dict[str, FunnelUnit] = {}
    for row in within:
        code, counts = str(row["finess"]), counts_of(row)
        before = units.get(code)
        units[code] = FunnelUnit(
            code,
            str(row["establishment_name"]),
            places.get(code, ""),
            (counts.approved or 0.0) + (before.events if before else 0.0),
            (counts.decided or 0.0) + (before.trials if before else 0.0),
        )
    return list(units.values())


def _department_names(scope: Scope, build_id: str) -> dict[str, str]:
    return {
        code: str(row["territory_name"])
        for code, row in territory_map(scope, build_id).rows.items()
        if row["level"] == "departement"
    }


@kept
def calls_drawing(scope: Scope, build_id: str, asked: MsapAsked) -> str | None:
    """The head of the page: which establishments deserve a call and why."""
    view = load_establishments(scope, build_id, asked)
    if view is None:
        return None
    path = crumbs(territory_map(scope, build_id).path_to(asked.perimeter))
    controls = choice_buttons(DOMAIN, "Domaine", DOMAINS, asked.domain)
    if view.has_spread:
        controls += choice_buttons(JUDGE, "Limites qui jugent", JUDGES, view.judge)
    calls = figures.calls_html(view.calls, view.judge)
    body = calls or f'<p class="v-empty">{text(_no_call(view))}</p>'
    block = figure_block(
        "appels",
        "Qui appeler, et pourquoi",
        figures.calls_note(view.judge),
        body,
        view.foot,
        ("csv",),
    )
    return (
        f"{path}<h1>{text(view.title)}</h1>"
        f'<p class="v-lead">{text(_lead(view))}</p>'
        f'<div class="v-below"><div class="v-head">{controls}</div></div>'
        f'<div class="v-below">{block}</div>'
    )


def _lead(view: Establishments) -> str:
    """Whose establishments, and how many of them the reader does not see."""
    asked = view.asked
    said = f"{asked.where}, {asked.when} : {counted(len(view.known), 'établissement')}."
    if view.hidden:
        verb = "a ses décisions masquées" if view.hidden == 1 else "ont leurs décisions masquées"
        said += f" Pour vous, {number(view.hidden)} {verb} (petits nombres)."
    return typeset(said)


def _no_call(view: Establishments) -> str:
    if view.hidden:
        return (
            f"{view.hidden} établissements sur {len(view.known)} vous sont masqués (petits "
            "nombres) : demandez l’analyse à la cellule de coordination de la région."
        )
    return "Aucun établissement ne sort des limites."


def _no_funnel(view: Establishments) -> str:
    """Why nothing is drawn, and where to look instead."""
    if not view.hidden:
        return text(_no_call(view))
    return (
        "Les refus d’un établissement sont presque toujours un petit nombre, masqué pour vous. "
        f'<a href="{text(view.asked.overview)}">Voir les demandes du territoire.</a>'
    )


@kept
def funnel_drawing(scope: Scope, build_id: str, asked: MsapAsked) -> str:
    """The funnel of the establishments, those beyond the limits by name, the table on demand."""
    view = load_establishments(scope, build_id, asked)
    if view is None:
        return ""
    plot = view.plot
    if plot is None:
        block = figure_block(
            "entonnoir",
            "Pas assez d’établissements à comparer",
            f"{asked.where}, {asked.when}.",
            f'<p class="v-empty">{_no_funnel(view)}</p>',
            view.foot,
        )
        return f'<div class="v-below">{block}</div>'
    alt = funnels.funnel_alt(plot, view.when)
    block = figure_block(
        "entonnoir",
        funnels.funnel_finding(plot),
        f"{_standing_in(view, plot)}{funnels.funnel_note(plot, view.when)}",
        f"{_span_choice(view)}"
        f'<div class="v-picture-funnel" tabindex="0" role="region" aria-label="Entonnoir">'
        f"{funnels.funnel_svg(plot, alt)}</div>{funnels.funnel_legend(plot)}"
        f'<p class="v-note">{text(funnels.hidden_words(plot))}</p>'
        f"{funnels.outside_list(plot)}{_table(view, plot)}",
        view.foot,
        ("csv", "png"),
    )
    return f'<div class="v-below">{block}</div>'


def _standing_in(view: Establishments, plot: Funnel) -> str:
    """What is compared in place of the establishments and why; empty where they are compared."""
    if not view.is_of_territories:
        return ""
    return (
        "Les refus d’un établissement sont presque toujours un petit nombre, masqué pour vous : à "
        f"la place, les {plot.subject.many}. "
    )


def _span_choice(view: Establishments) -> str:
    """What the funnel counts, where windows can be compared, or the limits of territories."""
    plot = view.plot
    if view.is_of_territories and plot is not None and plot.tau2 > 0:
        control = choice_buttons(TERRITORY_JUDGE, "Limites qui jugent", JUDGES, plot.judge)
        return f'<div class="v-head">{control}</div>'
    if view.windows_plot is None:
        return ""
    chosen = "fenetres" if view.spans_windows else "annee"
    return f'<div class="v-head">{choice_buttons(SPAN, "Compter", SPANS, chosen)}</div>'


def _table(view: Establishments, plot: Funnel) -> str:
    """The table of the points, drawn once asked for: a country has hundreds."""
    asked = view.asked
    value, words = (
        ("non", "Masquer le tableau") if asked.shows_table else ("oui", "Voir le tableau")
    )
    is_open = str(asked.shows_table).lower()
    button = (
        f'<p class="v-below"><button type="button" class="link" data-act="choose" '
        f'data-name="{TABLE}" data-value="{value}" aria-expanded="{is_open}">'
        f"{words} ({plot.subject.counted(len(plot.units))})</button></p>"
    )
    if not asked.shows_table:
        return button
    caption = f"{plot.subject.many.capitalize()}, {asked.where}, {view.when}"
    draw = territories.territories_table if view.is_of_territories else funnels.funnel_table
    return button + draw(plot, caption)


@dataclass(frozen=True)
class Sheet:
    """One establishment: its year, its months, its windows with phases, its procedures."""

    asked: MsapAsked
    one: Establishment
    chart: Chart
    phases: Sequence[tuple[str, Window, Sequence[Phase]]]
    procedures: Sequence[Procedure]
    country: Establishment | None
    foot: str


def load_sheet(scope: Scope, build_id: str, asked: MsapAsked) -> Sheet | None:
    """The establishment asked for; None where it is unknown or outside the person's territories."""
    finess = asked.establishment
    frame = msap.establishment(scope, build_id, finess)
    if frame.empty:
        return None
    own = frame[(frame["year"] == asked.year) & (frame["domain"] == asked.domain)]
    # Without a request in the year or domain, the sheet still says who it is.
    row = records(own if not own.empty else frame.tail(1), [*frame.columns])[0]
    window_rows = msap.windows(scope, build_id, finess=finess, domain=asked.domain)
    windows = msap_windows(window_rows)
    one = establishment_of(row, _department_names(scope, build_id), windows)
    if own.empty:
        one = replace(one, counts=counts_of({}), expected=None, expected_requests=None)
    procedures = msap.establishment_procedures(
        scope, build_id, finess, year=asked.year, domain=asked.domain
    )
    chart = establishment_chart(
        scope, build_id, finess, one.territory_code, asked.domain, one.windows
    )
    return Sheet(
        asked=asked,
        one=one,
        chart=chart,
        phases=_phases(window_rows),
        procedures=ranked_procedures(
            [
                Procedure(
                    str(r["procedure_code"]),
                    str(r["procedure_name"]),
                    str(r["domain"]),
                    counts_of(r),
                )
                for r in records(procedures, [*procedures.columns])
            ]
        ),
        country=None,
        foot=sources(scope, build_id),
    )


def _phases(frame: pd.DataFrame) -> list[tuple[str, Window, Sequence[Phase]]]:
    """Each window of a domain with what was asked before, during and after it."""
    found: dict[tuple[str, Window], dict[str, Phase]] = {}
    for row in records(frame, [*frame.columns]):
        window = Window.of(row["window_start"], row["window_end"])
        if window is not None:
            phase = str(row["phase"])
            own = found.setdefault((str(row["domain"]), window), {})
            own[phase] = Phase(charts.PHASES[phase], counts_of(row))
    return [
        (domain, window, [own[name] for name in charts.PHASES if name in own])
        for (domain, window), own in sorted(found.items(), key=lambda pair: pair[0][1].start)
    ]


@kept
def sheet_drawing(scope: Scope, build_id: str, asked: MsapAsked) -> str | None:
    """One establishment; None where it is unknown or outside the person's territories."""
    sheet = load_sheet(scope, build_id, asked)
    if sheet is None:
        return None
    one = sheet.one
    back = (
        f'<nav aria-label="Fil d’Ariane"><ol class="v-crumbs"><li>'
        f'<button type="button" class="link" data-act="choose" data-name="{ESTABLISHMENT}" '
        f'data-value="">Établissements, {text(asked.where)}</button></li>'
        f'<li><span aria-current="page">{text(one.name)}</span></li></ol></nav>'
    )
    controls = choice_buttons(DOMAIN, "Domaine", DOMAINS, asked.domain)
    lead = ", ".join(part for part in (one.place, one.kind, f"FINESS {one.code}") if part)
    return (
        f"{back}<h1>{text(figures.establishment_finding(one, asked.year))}</h1>"
        f'<p class="v-lead">{text(lead)} · {text(asked.when)}</p>'
        f'<div class="v-below"><div class="v-head">{controls}</div></div>'
        f'<div class="v-below">{_chart_block(sheet)}</div>'
        f'<div class="v-grid v-duo"><div class="v-column">{_expected_block(sheet)}</div>'
        f'<div class="v-column">{_mix_block(sheet)}</div></div>'
    )


def _chart_block(sheet: Sheet) -> str:
    chart, name = sheet.chart, sheet.one.name
    picture = charts.p_chart_svg(chart, charts.chart_alt(chart, name))
    drawn = (
        f'<div class="v-picture-p">{picture}</div>{charts.chart_legend(chart)}' if picture else ""
    )
    table = charts.chart_table(chart, f"Taux d’accord par période, {name}")
    windows = "".join(_window_html(*found) for found in sheet.phases)
    return figure_block(
        "mois",
        charts.chart_finding(chart, name),
        f"{DOMAINS[sheet.asked.domain]}. {charts.chart_note(chart)} Bandes : fenêtres MSAP.",
        f"{drawn}{windows}{fold('Voir le tableau des périodes', table, 'periodes')}",
        sheet.foot,
        ("csv", "png") if picture else ("csv",),
    )


def _window_html(domain: str, window: Window, phases: Sequence[Phase]) -> str:
    said = charts.phases_sentence(window, phases)
    is_withheld = all(phase.counts.is_hidden for phase in phases)
    table = "" if is_withheld else charts.phases_table(window, phases)
    return (
        f'<div class="v-below"><h3>{text(DOMAINS.get(domain, domain))}</h3>'
        f"<p>{text(said)}</p>{table}</div>"
    )


def _expected_block(sheet: Sheet) -> str:
    one = sheet.one
    answers = figures.answers_sentence(one.counts)
    ratios = (one.approvals_ratio, one.refusals_ratio, one.requests_ratio)
    is_withheld = one.counts.is_hidden and not any(ratios)
    table = "" if is_withheld else figures.expected_table(one)
    return figure_block(
        "attendu",
        figures.expected_finding(one),
        "Attendu : les demandes décidées de chaque geste au taux d’accord national de ce geste ; "
        "les séjours de chaque geste au recours national. Intervalles de Byar.",
        f'{table}<p class="v-answers">{text(answers)}</p>',
        sheet.foot,
        ("csv",),
    )


def _mix_block(sheet: Sheet) -> str:
    caption = f"Gestes de {sheet.one.name}, {sheet.asked.when}"
    body = (
        figures.mix_table(sheet.procedures, caption)
        if sheet.procedures
        else '<p class="v-empty">Aucun geste demandé dans l’année et le domaine choisis.</p>'
    )
    return figure_block(
        "gestes_etablissement",
        figures.mix_finding(sheet.procedures),
        f"Demandes et taux d’accord par geste, {sheet.asked.when}.",
        body,
        sheet.foot,
        ("csv",) if sheet.procedures else (),
    )


def exported(
    scope: Scope, build_id: str, asked: MsapAsked, wanted: tuple[str, str] | None
) -> tuple[Exportable, str] | None:
    """The figure and format of a file asked for by block and format, or None."""
    if wanted is None:
        return None
    block, kind = wanted
    if asked.establishment and (sheet := load_sheet(scope, build_id, asked)) is not None:
        found = _sheet_exports(sheet).get(block)
    else:
        view = load_establishments(scope, build_id, asked)
        found = None if view is None else _exports(view).get(block)
    return None if found is None else (not_to_circulate(scope, found), kind)


def _exports(view: Establishments) -> dict[str, Exportable]:
    asked, plot = view.asked, view.plot
    stem = f"msap-{asked.year}-{asked.perimeter.code}-{asked.domain}"
    found = {
        "appels": Exportable(
            f"{stem}-etablissements",
            view.title,
            asked.where,
            view.foot,
            lambda: figures.establishments_records(view.known),
        )
    }
    if plot is not None:
        alt = funnels.funnel_alt(plot, view.when)
        kind = "-fenetres" if view.spans_windows else ""
        if view.is_of_territories:
            kind = f"-{plot.subject.many}"
        tell = territories.territories_records if view.is_of_territories else funnels.funnel_records
        found["entonnoir"] = Exportable(
            f"{stem}-entonnoir{kind}",
            funnels.funnel_finding(plot),
            f"{asked.where}, {view.when}. Trait plein : {JUDGES[plot.judge].lower()}, 99,8 % "
            f"(juge) ; pointillé : l’autre. {plot.target_words}.",
            view.foot,
            lambda: tell(plot),
            lambda: funnels.funnel_svg(plot, alt, opens=False),
        )
    return found


def _sheet_exports(sheet: Sheet) -> dict[str, Exportable]:
    one, asked, chart = sheet.one, sheet.asked, sheet.chart
    stem = f"msap-{one.code}-{asked.year}-{asked.domain}"
    alt = charts.chart_alt(chart, one.name)
    title = figures.establishment_finding(one, asked.year)
    return {
        "mois": Exportable(
            f"{stem}-mois",
            charts.chart_finding(chart, one.name),
            f"{DOMAINS[asked.domain]}. {chart.key}",
            sheet.foot,
            lambda: charts.chart_records(chart),
            lambda: charts.p_chart_svg(chart, alt),
        ),
        "attendu": Exportable(
            f"{stem}-attendu",
            title,
            asked.when,
            sheet.foot,
            lambda: figures.establishments_records([one]),
        ),
        "gestes_etablissement": Exportable(
            f"{stem}-gestes",
            figures.mix_finding(sheet.procedures),
            asked.when,
            sheet.foot,
            lambda: figures.mix_records(sheet.procedures),
        ),
    }
