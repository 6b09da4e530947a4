"""The blocks of « Sophia »: who joins, in care gap or not, what calls yield, what it costs."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from access.scope import Scope
from components.address import choice
from components.controls import choice_select
from components.crumbs import crumbs
from components.header import View
from components.perimeter import Perimeter
from components.programmes_curve import (
    Month,
    caisses_expected,
    load_months,
    load_points,
    withheld_words,
)
from components.programmes_fields import Field, Hypotheses, as_published, asked_hypotheses
from components.programmes_view import (
    IGAS,
    PUBLISHED,
    Drawing,
    ProgrammeAsked,
    ProgrammeBlock,
    below,
    map_link,
    origin_of,
    side_by_side,
    sources,
)
from components.publication import territory_map
from figures import cumulated_curve as curves
from figures import programme_costs as costs
from figures import sophia as figures
from figures import sophia_calls as calls
from figures.exportable import Exportable
from figures.formats import attainment_percent, known_float, month_name, number, percent
from figures.frames import framed_twice
from figures.grammar import typeset
from figures.key_figures import NOT_COMPARED, KeyFigure, key_figures_html
from figures.markup import text
from figures.programme_bars import bars_svg
from figures.records import records
from figures.sophia import AdherentsYear
from figures.status import StatusWord, status_word
from indicators.attainment import status
from queries import adhesions, cog, cpg, programmes
from queries.cached import kept

PROGRAMME, INDICATOR = "sophia", "sophia_adherents"
CAMPAIGN = "sophia_campagne"
ADHESIONS_CODE, CARE_GAP_CODE = "IR7-SOPHIA", "IR7-SOPHIA-ECART"
COST_YEAR = 2016
CALL_FIELDS = ("sophia_appels", "sophia_infirmiers", "sophia_jours")
COST_FIELDS = ("sophia_cout", "sophia_fin_annee", "sophia_moyenne")


HEAD_BLOCKS = ("adherents", "ecart", "publics", "examens")
BLOCKS = (*HEAD_BLOCKS, "campagne", "effectifs")


@dataclass(frozen=True)
class SophiaAsked(ProgrammeAsked):
    """What the page looks at; ``campaign`` is the campaign of calls shown, empty without any."""

    campaign: str


def asked_sophia(scope: Scope, build_id: str, shown: View) -> SophiaAsked:
    """What the header and the address ask for; where no year was sent, that of the report."""
    known = calls.campaigns(programmes.sophia_funnel(scope, build_id))
    names = {code: one.name for code, one in known.items()}
    campaign = choice(CAMPAIGN, names, next(iter(names))) if names else ""
    return SophiaAsked(shown.perimeter, shown.year or COST_YEAR, campaign)


def load_years(scope: Scope, build_id: str, asked: ProgrammeAsked) -> list[AdherentsYear]:
    """The years of the territory, as caisses sent them."""
    months = load_months(scope, build_id, PROGRAMME, asked.perimeter)
    expected = caisses_expected(months)
    found = []
    for year in sorted({month.year for month, _, _ in months}):
        own = [kept for kept in months if kept[0].year == year]
        # The first line holds all adhesions before the first year: it is no year of its own.
        if len(own) > 1:
            found.append(_year(scope, build_id, asked.perimeter, own, expected))
    return found


def _year(
    scope: Scope, build_id: str, perimeter: Perimeter, months: Sequence[Month], expected: int
) -> AdherentsYear:
    """One year, from its months."""
    year = months[0][0].year
    row = _row(scope, build_id, perimeter, f"{year}-01", f"{year}-12")
    judged = _judged(scope, build_id, perimeter, year)
    return AdherentsYear(
        year=year,
        joined=known_float(row["adhesions"]),
        cumulated=known_float(row["cumulated"]),
        objective=known_float(judged.get("objective", row["objective"])),
        attainment=known_float(judged.get("attainment", row["attainment"])),
        is_open=bool(judged.get("is_open_year")),
        in_care_gap=known_float(row["new_in_care_gap"]),
        received=int(row["caisses_received"]),
        expected=expected,
        is_hidden=bool(row["is_hidden"]) or bool(row["is_cumulated_hidden"]),
        last_month=months[-1][0],
        eligible=known_float(row["eligible"]),
    )


def _judged(scope: Scope, build_id: str, perimeter: Perimeter, year: int) -> dict[str, Any]:
    """Objective and attainment as the board of the CPG judges them; empty where it does not."""
    within = None if perimeter.level == "national" else perimeter.code
    board = cpg.attainment(scope, build_id, perimeter.level, year, within)
    own = board[
        (board["territory_code"] == perimeter.code) & (board["indicator_code"] == INDICATOR)
    ]
    if own.empty:
        return {}
    row = records(own, list(own.columns))[0]
    end = "_to_date" if row["is_open_year"] else ""
    return {
        "objective": row[f"objective{end}"],
        "attainment": row[f"attainment{end}"],
        "is_open_year": row["is_open_year"],
    }


def _row(
    scope: Scope, build_id: str, perimeter: Perimeter, first: str, last: str
) -> dict[str, Any]:
    """The territory from one month to another."""
    rows = adhesions.by_territory(scope, build_id, PROGRAMME, perimeter.level, None, first, last)
    return records(rows[rows["territory_code"] == perimeter.code], list(rows.columns))[0]


def published_items(
    scope: Scope, build_id: str, volet: str = "ensemble"
) -> dict[int, dict[str, float]]:
    """What was published of Sophia, by year and item."""
    rows = programmes.costs(scope, build_id, "sophia")
    years = sorted({int(year) for year in rows["year"]})
    return {year: costs.items_of(rows, volet, year) for year in years}


def sophia_fields(scope: Scope, build_id: str) -> tuple[Field, ...]:
    """The hypotheses of calls and costs, from the report; none where it was not imported."""
    known = published_items(scope, build_id).get(COST_YEAR, {})
    wanted = (
        ("sophia_appels", "Appels fructueux dans l’année", "successful_calls", 1, 50_000_000),
        ("sophia_infirmiers", "Infirmiers conseillers (ICS), en ETP", "ics_fte", 1, 20_000),
        ("sophia_jours", "Jours travaillés par an", "ics_working_days", 1, 366),
        ("sophia_cout", "Coût total (k€)", "total_cost", 1, 10_000_000),
        ("sophia_fin_annee", "Adhérents en fin d’année", "adherents_year_end", 1, 50_000_000),
        ("sophia_moyenne", "Adhérents en moyenne", "adherents_year_mean", 1, 50_000_000),
    )
    if any(item not in known for _, _, item, _, _ in wanted):
        return ()
    return tuple(
        Field(param, label, known[item], lower, upper)
        for param, label, item, lower, upper in wanted
    )


def asked_costs(scope: Scope, build_id: str) -> Hypotheses | None:
    """The hypotheses of the address; None where the report's were not imported."""
    fields = sophia_fields(scope, build_id)
    return asked_hypotheses(fields) if fields else None


@kept
def sophia_head(scope: Scope, build_id: str, asked: SophiaAsked) -> Drawing | None:
    """Title, key figures, adherents and care gap; None where there is nothing to show."""
    blocks = sophia_blocks(scope, build_id, asked, HEAD_BLOCKS)
    if not blocks and not sophia_blocks(scope, build_id, asked):
        return None
    years = load_years(scope, build_id, asked)
    path = crumbs(territory_map(scope, build_id).path_to(asked.perimeter))
    head = (
        f"{path}<h1>{text(figures.adherents_finding(years, asked.year, asked.where))}</h1>"
        f'<p class="v-lead">{text(_lead(scope, build_id, years, asked))}</p>'
        f"{key_figures_html(_key_figures(scope, build_id, years, asked))}"
    )
    first = below(blocks, "adherents")
    rest = below(blocks, "ecart") + side_by_side(blocks, "publics", "examens")
    return Drawing(f"{head}{first}{rest}", head)


@kept
def sophia_calls_drawing(scope: Scope, build_id: str, asked: SophiaAsked) -> str:
    """The campaign of calls."""
    return below(sophia_blocks(scope, build_id, asked, ("campagne",)), "campagne")


@kept
def sophia_cost_drawing(scope: Scope, build_id: str, hypotheses: Hypotheses) -> str:
    """Calls by nurse and day, cost by adherent, with the fields that change them."""
    return side_by_side(cost_blocks(scope, build_id, hypotheses), "appels", "cout")


@kept
def sophia_rest(scope: Scope, build_id: str, asked: SophiaAsked) -> str:
    """The staff."""
    return below(sophia_blocks(scope, build_id, asked, ("effectifs",)), "effectifs")


def _lead(scope: Scope, build_id: str, years: list[AdherentsYear], asked: SophiaAsked) -> str:
    origin = origin_of(scope, build_id, "adhesions")
    own = next((one for one in years if one.year == asked.year), None)
    is_partial = own is not None and own.senders and own.expected > 1
    senders = f", {own.senders}" if own is not None and is_partial else ""
    sent = load_months(scope, build_id, PROGRAMME, asked.perimeter)
    months = [month for month, _, _ in sent if month.year == asked.year]
    until = f", à fin {month_name(max(months))}" if months else ""
    return typeset(
        "Accompagnement par téléphone des patients diabétiques ou asthmatiques. "
        f"{origin}{until}{senders}. Les adhésions cumulées comptent aussi ceux qui sont partis."
    )


def _key_figures(
    scope: Scope, build_id: str, years: list[AdherentsYear], asked: SophiaAsked
) -> list[KeyFigure]:
    found = []
    own = next((one for one in years if one.year == asked.year), None)
    if own is not None:
        found.append(_adherents_figure(own, asked, origin_of(scope, build_id, "adhesions")))
    gaps = [
        one
        for one in figures.care_gaps(cog.indicators(scope, build_id), years, CARE_GAP_CODE)
        if one.attainment is not None
    ]
    if gaps:
        found.append(_care_gap_figure(gaps[-1]))
    fields = sophia_fields(scope, build_id)
    if fields:
        calls_row, end_row, mean_row = cost_rows(scope, build_id, as_published(fields))
        found.append(
            KeyFigure(
                "Appels fructueux par jour",
                calls_row.said(calls_row.value, 1),
                "par infirmier à temps plein",
                StatusWord("", calls_row.working, "neu"),
                f"{COST_YEAR}, France",
                f"recalculé ({IGAS})",
            )
        )
        found.append(
            KeyFigure(
                "Coût par adhérent",
                end_row.said(end_row.value, 0),
                "adhérents de fin d’année",
                StatusWord("", f"{mean_row.said(mean_row.value, 0)} en moyenne d’année", "neu"),
                f"{COST_YEAR}, France",
                f"recalculé ({IGAS})",
            )
        )
    return found


def _adherents_figure(own: AdherentsYear, asked: SophiaAsked, origin: str) -> KeyFigure:
    word = status_word(status(own.attainment))
    return KeyFigure(
        "Adhésions cumulées",
        "Masqué" if own.cumulated is None and own.is_hidden else number(own.cumulated),
        _coverage_words(own),
        NOT_COMPARED
        if own.attainment is None
        else StatusWord(
            word.icon, f"{word.word} : {attainment_percent(own.attainment)} de {own.aim}", word.hue
        ),
        f"{asked.year}, {asked.where}",
        origin.lower(),
    )


def _coverage_words(own: AdherentsYear) -> str:
    """The share of the eligible patients, and whose they are where a caisse is late."""
    if own.coverage is None:
        return ""
    whose = f" ({own.eligible_words})" if own.eligible_words else ""
    return f"{percent(own.coverage)} des {number(own.eligible)} éligibles{whose}"


def _care_gap_figure(one: figures.CareGapYear) -> KeyFigure:
    word = status_word(status(one.attainment))
    return KeyFigure(
        "Nouveaux adhérents en écart aux soins",
        percent(one.published, 0),
        f"pour un objectif de {percent(one.objective, 0)}",
        word,
        f"{one.year}, France",
        f"publié ({IGAS})",
    )


def sophia_blocks(
    scope: Scope, build_id: str, asked: SophiaAsked, names: Sequence[str] = BLOCKS
) -> dict[str, ProgrammeBlock]:
    """The blocks asked by name that have something to show, those with fields apart."""
    years = load_years(scope, build_id, asked)
    made: Mapping[str, Callable[[], ProgrammeBlock | None]] = {
        "adherents": lambda: adherents_block(scope, build_id, asked, years),
        "ecart": lambda: care_gap_block(scope, build_id, asked, years),
        "publics": lambda: groups_block(scope, build_id),
        "examens": lambda: exams_block(scope, build_id),
        "campagne": lambda: campaign_block(scope, build_id, asked),
        "effectifs": lambda: staff_block(scope, build_id),
    }
    found = {name: made[name]() for name in names if name in made}
    return {name: block for name, block in found.items() if block is not None}


def adherents_block(
    scope: Scope, build_id: str, asked: SophiaAsked, years: list[AdherentsYear]
) -> ProgrammeBlock | None:
    """All adhesions of the territory month by month, and its years."""
    if not years:
        return None
    curve = _curve(scope, build_id, asked, years)
    name = f"Adhésions cumulées, {asked.where}"
    alt = curves.curve_alt(curve, name)
    picture = curves.curve_svg(curve, alt)
    body = ""
    if picture:
        body = framed_twice(partial(curves.curve_svg, curve, alt))
        body += curves.curve_legend(curve, name)
    body += figures.adherents_table(years, f"Sophia par année, {asked.where}")
    body += _aims_note(scope, build_id, years)
    body += map_link(PROGRAMME)
    figure = Exportable(
        f"sophia-{asked.perimeter.code}-adhesions",
        figures.joined_finding(years, asked.year),
        f"{origin_of(scope, build_id, 'adhesions')} : {asked.where}. Adhésions depuis le début du "
        "service, départs compris ; couverture : ces adhésions pour cent patients éligibles, "
        f"{figures.LAST_TOLD}. Traits sur la courbe : objectifs de fin d’année, à date en cours "
        "d’année." + withheld_words(load_months(scope, build_id, PROGRAMME, asked.perimeter)),
        sources(scope, build_id, "adhésions envoyées par les caisses"),
        partial(figures.adherents_records, years),
        (lambda: curves.curve_svg(curve, alt)) if picture else None,
    )
    return ProgrammeBlock(figure, body)


def _aims_note(scope: Scope, build_id: str, years: Sequence[AdherentsYear]) -> str:
    """Joins the objective that judges the table and those of the COG, where it has two."""
    aim = figures.cog_aim(cog.indicators(scope, build_id), ADHESIONS_CODE, COST_YEAR)
    if aim is None:
        return ""
    own = next((one for one in years if one.year == aim.year), None)
    said = figures.aims_words(aim, own)
    return f'<p class="v-reason">{text(said)}</p>' if said else ""


def _curve(
    scope: Scope, build_id: str, asked: SophiaAsked, years: list[AdherentsYear]
) -> curves.Curve:
    objectives = [
        curves.Mark(one.last_day, one.objective, f"Objectif {one.year} : {number(one.objective)}")
        for one in years
        if one.objective is not None
    ]
    points = load_points(scope, build_id, PROGRAMME, asked.perimeter)
    return curves.Curve(points, (), objectives)


def care_gap_block(
    scope: Scope, build_id: str, asked: SophiaAsked, years: list[AdherentsYear]
) -> ProgrammeBlock | None:
    """The share of new adherents in care gap against the COG's objective."""
    known = figures.care_gaps(cog.indicators(scope, build_id), years, CARE_GAP_CODE)
    if not known:
        return None
    title = figures.care_gap_finding(known)
    origin = origin_of(scope, build_id, "adhesions")
    figure = Exportable(
        f"sophia-{asked.perimeter.code}-ecart-aux-soins",
        title,
        f"Part des nouveaux adhérents qui ne suivent pas les soins recommandés : plus elle est "
        f"haute, mieux le service choisit. {PUBLISHED} pour la France ; {origin.lower()} pour la "
        "dernière colonne, intervalle à 95 % (Wilson).",
        sources(scope, build_id, f"évaluation de la COG ({IGAS}) ; envois des caisses"),
        partial(figures.care_gap_records, known),
        partial(figures.care_gap_svg, known, asked.where, title),
    )
    table = figures.care_gap_table(known, asked.where, "Nouveaux adhérents en écart aux soins")
    return ProgrammeBlock(figure, table)


def groups_block(scope: Scope, build_id: str) -> ProgrammeBlock | None:
    """Adherents out of the eligible, as published."""
    diabetes = published_items(scope, build_id, "diabete")
    asthma = published_items(scope, build_id, "asthme")
    known = figures.groups(diabetes, asthma)
    if not known:
        return None
    title = figures.groups_finding(known)
    said = figures.left_words(
        diabetes.get(COST_YEAR, {}),
        published_items(scope, build_id).get(COST_YEAR, {}).get("adherents_year_end"),
        asthma.get(COST_YEAR, {}).get("adherents"),
        figures.cog_aim(cog.indicators(scope, build_id), ADHESIONS_CODE, COST_YEAR),
    )
    body = figures.groups_table(known, "Adhérents et patients éligibles publiés")
    body += f'<p class="v-reason">{text(said)}</p>' if said else ""
    figure = Exportable(
        "sophia-adherents-publies",
        title,
        f"{PUBLISHED}, France entière. Adhérents en fin d’année, parmi les patients éligibles.",
        sources(scope, build_id, f"annexe 8 du rapport ({IGAS}) ; presse, 2014"),
        partial(figures.groups_records, known),
        partial(figures.groups_svg, known, title),
    )
    return ProgrammeBlock(figure, body)


def exams_block(scope: Scope, build_id: str) -> ProgrammeBlock | None:
    """Exams of adherents against those of others."""
    items = published_items(scope, build_id).get(COST_YEAR, {})
    people = published_items(scope, build_id, "diabete").get(COST_YEAR, {})
    known = figures.exams(items, people.get("adherents", 0.0), people.get("eligible", 0.0))
    if not known:
        return None
    title = figures.exams_finding(known)
    said = figures.exams_words(known, items.get("smoking_cessation_pct"))
    body = figures.exams_table(known, "Examens des adhérents et des autres éligibles")
    figure = Exportable(
        "sophia-examens",
        title,
        f"{PUBLISHED}, France entière, {COST_YEAR}. Part des patients qui ont passé l’examen ; "
        "écart et intervalle (Newcombe) calculés ici.",
        sources(scope, build_id, f"annexe 8 du rapport ({IGAS})"),
        partial(figures.exams_records, known),
        partial(figures.exams_svg, known, title),
    )
    return ProgrammeBlock(figure, f'{body}<p class="v-reason">{text(said)}</p>')


def campaign_block(scope: Scope, build_id: str, asked: SophiaAsked) -> ProgrammeBlock | None:
    """The campaign chosen, step by step."""
    known = calls.campaigns(programmes.sophia_funnel(scope, build_id))
    one = known.get(asked.campaign)
    if one is None:
        return None
    title = calls.campaign_finding(one)
    names = {code: found.name for code, found in known.items()}
    control = choice_select(CAMPAIGN, "Campagne", {"": names}, one.code) if len(known) > 1 else ""
    origin = PUBLISHED if one.is_published else origin_of(scope, build_id, "sophia_calls")
    figure = Exportable(
        f"sophia-campagne-{one.territory_code}-{one.year}",
        title,
        f"{origin}, {one.year}. Personnes et appels sur une même échelle : en gris, des appels.",
        sources(
            scope,
            build_id,
            f"annexe 8 du rapport ({IGAS})" if one.is_published else "campagnes des caisses",
        ),
        partial(calls.campaign_records, one),
        partial(calls.campaign_svg, one, title),
    )
    body = calls.campaign_table(one, f"Campagne {one.name}, étape par étape")
    body += f'<p class="v-reason">{text(calls.campaign_words(one))}</p>'
    return ProgrammeBlock(figure, body, control)


def staff_block(scope: Scope, build_id: str) -> ProgrammeBlock | None:
    """The staff of Sophia by year."""
    items = published_items(scope, build_id)
    staff: Mapping[int, float] = {
        year: known["staff_fte"] for year, known in items.items() if "staff_fte" in known
    }
    if not staff:
        return None
    title = figures.staff_finding(staff)
    figure = Exportable(
        "sophia-effectifs",
        title,
        f"{PUBLISHED}, France entière. Équivalents temps plein (ETP).",
        sources(scope, build_id, f"annexe 8 du rapport ({IGAS})"),
        partial(figures.staff_records, staff),
        lambda: bars_svg(figures.staff_bars(staff), title),
    )
    table = figures.staff_table(staff, "ETP de Sophia par année")
    return ProgrammeBlock(figure, table)


def cost_rows(
    scope: Scope, build_id: str, hypotheses: Hypotheses
) -> tuple[costs.Rebuilt, costs.Rebuilt, costs.Rebuilt]:
    """Calls by nurse and day, cost by adherent of the end of the year, and of its mean."""
    known = published_items(scope, build_id).get(COST_YEAR, {})
    value, report = hypotheses.value, hypotheses.published
    calls_asked, calls_report = (
        (of("sophia_appels"), of("sophia_infirmiers"), of("sophia_jours")) for of in (value, report)
    )
    return (
        costs.calls_row(calls_asked, calls_report, known.get("successful_calls_per_ics_per_day")),
        costs.adherent_cost_row(
            "en fin d’année",
            (value("sophia_cout"), value("sophia_fin_annee")),
            (report("sophia_cout"), report("sophia_fin_annee")),
            known.get("cost_per_adherent_year_end"),
        ),
        costs.adherent_cost_row(
            "en moyenne d’année",
            (value("sophia_cout"), value("sophia_moyenne")),
            (report("sophia_cout"), report("sophia_moyenne")),
            known.get("cost_per_adherent_mean"),
        ),
    )


def cost_blocks(scope: Scope, build_id: str, hypotheses: Hypotheses) -> dict[str, ProgrammeBlock]:
    """Calls by nurse and day, and cost by adherent, with their fields."""
    calls_row, *cost = cost_rows(scope, build_id, hypotheses)
    return {
        "appels": _rebuilt_block(
            scope, build_id, hypotheses, CALL_FIELDS, [calls_row], "Appels d’un infirmier par jour"
        ),
        "cout": _rebuilt_block(
            scope, build_id, hypotheses, COST_FIELDS, cost, "Coût de Sophia par adhérent"
        ),
    }


def _rebuilt_block(
    scope: Scope,
    build_id: str,
    hypotheses: Hypotheses,
    params: tuple[str, ...],
    rows: list[costs.Rebuilt],
    subject: str,
) -> ProgrammeBlock:
    own = [one for one in hypotheses.known if one.param in params]
    labels = {one.label for one in own}
    refused = [found for found in hypotheses.refused if found.label in labels]
    is_changed = any(one.is_changed for one in own)
    title = costs.rows_finding(rows, subject, is_changed)
    figure = Exportable(
        f"sophia-{'appels' if params == CALL_FIELDS else 'cout'}",
        title,
        costs.made_from(is_changed, COST_YEAR),
        sources(scope, build_id, f"annexe 8 du rapport ({IGAS})"),
        partial(costs.rebuilt_records, rows, own),
        partial(costs.rebuilt_svg, rows, title),
    )
    body = (
        costs.refused_words(refused)
        + costs.fields_html(own, "appels" if params == CALL_FIELDS else "cout", bool(refused))
        + costs.rebuilt_table(rows, subject, is_changed)
    )
    return ProgrammeBlock(figure, body)


RESETS: Mapping[str, tuple[str, ...]] = {"appels": CALL_FIELDS, "cout": COST_FIELDS}


def exported(
    scope: Scope, build_id: str, asked: SophiaAsked, wanted: tuple[str, str] | None
) -> tuple[Exportable, str] | None:
    """The figure and format of a file asked for by block and format, or None."""
    if wanted is None:
        return None
    name, kind = wanted
    if name in RESETS:
        hypotheses = asked_costs(scope, build_id)
        blocks = {} if hypotheses is None else cost_blocks(scope, build_id, hypotheses)
    else:
        blocks = sophia_blocks(scope, build_id, asked, (name,))
    return (blocks[name].figure, kind) if name in blocks else None
