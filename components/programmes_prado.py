"""The blocks of « PRADO »: a territory's volets, and what was published of the programme."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import pandas as pd

from access.scope import Scope
from components.address import choice, link
from components.controls import choice_buttons
from components.crumbs import crumbs
from components.header import View
from components.programmes_fields import Field, Hypotheses, as_published, asked_hypotheses
from components.programmes_view import (
    IGAS,
    PUBLISHED,
    Blocks,
    Drawing,
    ProgrammeAsked,
    ProgrammeBlock,
    below,
    origin_of,
    side_by_side,
    sources,
)
from components.publication import territory_map
from data.reference.territories import territories
from figures import prado as figures
from figures import prado_care as care
from figures import prado_coverage as coverage
from figures import prado_productivity as work
from figures import programme_costs as costs
from figures.exportable import Exportable
from figures.formats import as_date, attainment_percent, known_float, month_name, number, percent
from figures.grammar import typeset
from figures.key_figures import NOT_COMPARED, KeyFigure, key_figures_html
from figures.markup import fold, text
from figures.msap_anomalies import anomaly_list
from figures.prado import DRSM_OBJECTIVES, VOLETS, VoletLine
from figures.programme_sources import disagreements
from figures.records import records
from figures.status import StatusWord, status_word
from indicators.attainment import status
from indicators.programme_costs import PradoCost, PradoHypotheses, ratio
from queries import adhesions, cpg, programmes, store
from queries.cached import kept

OBJECTIVE = "prado_objectif"
COST_YEAR = 2016
SAVINGS_YEAR = CONTACT_YEAR = 2015
COVERAGE_YEAR = 2018
DRSM_YEAR = 2016
VOLET_INDICATORS: Mapping[str, str] = {
    "ensemble": "prado_adhesions",
    "maternite": "prado_maternite_adhesions",
    "chirurgie": "prado_chirurgie_adhesions",
    "insuffisance_cardiaque": "prado_insuffisance_cardiaque_adhesions",
    "bpco": "prado_bpco_adhesions",
}
ESTABLISHMENT_INDICATORS: Mapping[str, str] = {
    "prado_chirurgie_etablissements": "PRADO chirurgie",
    "prado_pathologies_chroniques_etablissements": "PRADO pathologies chroniques",
}


HEAD_BLOCKS = ("volets", "objectifs", "drsm")
WORK_BLOCKS = ("productivite",)
REST_BLOCKS = ("contact", "economies", "couverture")
BLOCKS = (*HEAD_BLOCKS, *WORK_BLOCKS, *REST_BLOCKS)


@dataclass(frozen=True)
class PradoAsked(ProgrammeAsked):
    """What the page looks at; ``objective`` is the one by which DRSM are ranked."""

    objective: str


def asked_prado(shown: View) -> PradoAsked:
    """What the header and the address ask for; where no year was sent, that of the report."""
    objective = choice(OBJECTIVE, DRSM_OBJECTIVES, "prado_chirurgie_adhesions")
    return PradoAsked(shown.perimeter, shown.year or COST_YEAR, objective)


@dataclass(frozen=True)
class Volets:
    """The volets of a territory and year, and the establishments that propose them."""

    lines: tuple[VoletLine, ...]
    establishments: tuple[VoletLine, ...]
    is_open: bool
    is_provisional: bool
    last_month: Any
    senders: tuple[int, int]

    @property
    def total(self) -> VoletLine | None:
        """All volets."""
        return self.lines[0] if self.lines else None

    @property
    def as_of(self) -> str:
        """``jusqu’à septembre 2017, provisoire, 99/106 caisses``."""
        received, expected = self.senders
        said = [f"jusqu’à {month_name(self.last_month)}" if as_date(self.last_month) else ""]
        said.append("provisoire" if self.is_provisional else "")
        is_partial = received < expected and expected > 1
        said.append(f"{received}/{expected} caisses" if is_partial else "")
        return ", ".join(part for part in said if part)


def load_volets(scope: Scope, build_id: str, asked: PradoAsked) -> Volets:
    """What the caisses of the territory sent of the year, volet by volet."""
    level, code = asked.perimeter.level, asked.perimeter.code
    within = None if level == "national" else code
    board = cpg.attainment(scope, build_id, level, asked.year, within)
    own = board[board["territory_code"] == code]
    rows = {str(row["indicator_code"]): row for row in records(own, list(own.columns))}
    lines = tuple(
        line
        for volet, indicator in VOLET_INDICATORS.items()
        if (line := _volet_line(scope, build_id, asked, volet, rows.get(indicator))) is not None
    )
    establishments = tuple(
        _line(name, rows[indicator], None, is_of_patients=False)
        for indicator, name in ESTABLISHMENT_INDICATORS.items()
        if indicator in rows and known_float(rows[indicator]["objective"]) is not None
    )
    first = rows.get("prado_adhesions", {})
    return Volets(
        lines,
        establishments,
        bool(first.get("is_open_year")),
        bool(first.get("is_provisional")),
        first.get("last_sent_month"),
        (int(first.get("senders_received") or 0), int(first.get("senders_expected") or 0)),
    )


def _volet_line(
    scope: Scope, build_id: str, asked: PradoAsked, volet: str, row: Mapping[str, Any] | None
) -> VoletLine | None:
    """A volet with its eligible patients; None where the territory sent none of it."""
    found = adhesions.by_territory(
        scope, build_id, "prado", asked.perimeter.level, volet, asked.first, asked.last
    )
    own = found[found["territory_code"] == asked.perimeter.code]
    if row is None or own.empty:
        return None
    line = _line(VOLETS[volet], row, known_float(own["eligible"].iloc[0]))
    is_hidden = line.is_hidden or bool(own["is_hidden"].iloc[0]) and line.realised is None
    return line if is_hidden == line.is_hidden else _hidden(line)


def _hidden(line: VoletLine) -> VoletLine:
    return VoletLine(line.name, None, line.eligible, line.objective, None, "", is_hidden=True)


def _line(
    name: str, row: Mapping[str, Any], eligible: float | None, is_of_patients: bool = True
) -> VoletLine:
    is_open = bool(row["is_open_year"])
    realised = known_float(row["realised"])
    return VoletLine(
        name,
        realised,
        eligible,
        known_float(row["objective_to_date"] if is_open else row["objective"]),
        known_float(row["attainment_to_date"] if is_open else row["attainment"]),
        str(row["status"]),
        is_hidden=bool(row["is_hidden"]) and realised is None,
        is_of_patients=is_of_patients,
    )


def prado_fields(scope: Scope, build_id: str) -> tuple[Field, ...]:
    """The hypotheses of the cost of PRADO, from the report; none where it was not imported."""
    known = costs.items_of(programmes.costs(scope, build_id, "prado", COST_YEAR))
    needed = ("cam_fte", "cam_annual_salary", "managers", "manager_annual_salary", "overhead_rate")
    made = published_adhesions(scope, build_id, COST_YEAR)
    divided = known.get("published_adhesions_hypothesis")
    if any(name not in known for name in needed) or made is None or divided is None:
        return ()
    return (
        Field("prado_cam", "Conseillers (CAM), en ETP", known["cam_fte"], 1, 20_000),
        Field("prado_salaire", "Coût annuel d’un ETP (€)", known["cam_annual_salary"], 1, 500_000),
        Field("prado_responsables", "Responsables, en personnes", known["managers"], 0, 20_000),
        Field("prado_quotite", "Quotité des responsables (%)", 50, 0, 100),
        Field(
            "prado_salaire_resp",
            "Coût annuel d’un responsable (€)",
            known["manager_annual_salary"],
            0,
            500_000,
        ),
        Field("prado_frais", "Frais de gestion (% des salaires)", known["overhead_rate"], 0, 300),
        Field("prado_div_salaires", "Adhésions divisant les salaires", divided, 1, 10_000_000),
        Field("prado_div_budget", "Adhésions divisant le budget", made, 1, 10_000_000),
    )


def published_adhesions(scope: Scope, build_id: str, year: int) -> float | None:
    """The adhesions published of a year; of two sources, the higher count."""
    totals = programmes.prado_totals(scope, build_id)
    own = totals[(totals["year"] == year) & totals["objective"].notna()]["adhesions"].dropna()
    return None if own.empty else float(own.max())


def cost_of(hypotheses: Hypotheses, is_report: bool = False) -> PradoCost:
    """The cost under the hypotheses asked for, or under those of the report."""
    of = hypotheses.published if is_report else hypotheses.value
    return PradoCost(
        PradoHypotheses(
            cam_fte=of("prado_cam"),
            cam_salary_eur=of("prado_salaire"),
            managers=of("prado_responsables"),
            manager_share=of("prado_quotite") / 100,
            manager_salary_eur=of("prado_salaire_resp"),
            overhead_rate=of("prado_frais") / 100,
            salary_adhesions=of("prado_div_salaires"),
            budget_adhesions=of("prado_div_budget"),
        )
    )


def asked_costs(scope: Scope, build_id: str) -> Hypotheses | None:
    """The hypotheses of the address; None where the report's were not imported."""
    fields = prado_fields(scope, build_id)
    return asked_hypotheses(fields) if fields else None


@kept
def prado_head(scope: Scope, build_id: str, asked: PradoAsked) -> Drawing | None:
    """Title, key figures and volets; None where neither the territory nor anybody sent a thing."""
    volets = load_volets(scope, build_id, asked)
    blocks = prado_blocks(scope, build_id, asked, HEAD_BLOCKS)
    if not blocks and not prado_blocks(scope, build_id, asked):
        return None
    path = crumbs(territory_map(scope, build_id).path_to(asked.perimeter))
    head = (
        f"{path}<h1>{text(_title(volets, asked))}</h1>"
        f'<p class="v-lead">{text(_lead(scope, build_id, volets))}</p>'
        f"{key_figures_html(_key_figures(scope, build_id, volets, asked))}"
    )
    first = below(blocks, "volets")
    return Drawing(f"{head}{first}{below(blocks, 'objectifs', 'drsm')}", f"{head}{first}")


@kept
def prado_work(scope: Scope, build_id: str, asked: PradoAsked) -> str:
    """What counsellors make."""
    return below(prado_blocks(scope, build_id, asked, WORK_BLOCKS), *WORK_BLOCKS)


@kept
def prado_rest(scope: Scope, build_id: str, asked: PradoAsked) -> str:
    """Delays, expected savings, where it is proposed."""
    blocks = prado_blocks(scope, build_id, asked, REST_BLOCKS)
    return side_by_side(blocks, "contact", "economies") + below(blocks, "couverture")


@kept
def prado_cost_drawing(scope: Scope, build_id: str, hypotheses: Hypotheses) -> str:
    """The cost, with the fields that change it."""
    block = cost_block(scope, build_id, hypotheses)
    return f'<div class="v-below">{block.html("cout")}</div>'


def _title(volets: Volets, asked: PradoAsked) -> str:
    total = volets.total
    start = f"PRADO {asked.year}, {asked.where}"
    if total is None:
        return typeset(f"{start} : aucun envoi des caisses")
    if total.is_hidden:
        return typeset(f"{start} : effectifs masqués (petits nombres)")
    if total.realised is None:
        return typeset(f"{start} : aucune adhésion connue")
    aim = "l’objectif à date" if volets.is_open else "l’objectif"
    said = f"{start} : {number(total.realised)} adhésions"
    if total.attainment is not None:
        said += f", {attainment_percent(total.attainment)} de {aim} du CPG"
    return typeset(said)


def _lead(scope: Scope, build_id: str, volets: Volets) -> str:
    origin = origin_of(scope, build_id, "adhesions")
    coverage_words = ""
    total = volets.total
    if total is not None and total.coverage is not None and not total.is_hidden:
        coverage_words = f" Couverture : {percent(total.coverage)} des patients éligibles."
    as_of = f", {volets.as_of}" if volets.as_of else ""
    return typeset(
        "Accompagnement du retour à domicile : adhésions saisies par les conseillers de "
        f"l’Assurance maladie. {origin}{as_of}.{coverage_words}"
    )


def _key_figures(scope: Scope, build_id: str, volets: Volets, asked: PradoAsked) -> list[KeyFigure]:
    total = volets.total
    found = []
    if total is not None:
        origin = origin_of(scope, build_id, "adhesions")
        found.append(_adhesions_figure(total, asked, origin, volets.is_open))
    found += _cog_figure(scope, build_id, asked.year)
    periods = work.periods(programmes.prado_productivity(scope, build_id))
    if periods:
        found.append(_productivity_figure(periods[-1]))
    fields = prado_fields(scope, build_id)
    if fields:
        known = costs.items_of(programmes.costs(scope, build_id, "prado", COST_YEAR))
        found.append(_cost_figure(cost_of(as_published(fields)), known.get("published_budget")))
    return found


def _adhesions_figure(total: VoletLine, asked: PradoAsked, origin: str, is_open: bool) -> KeyFigure:
    word = total.verdict
    aim = "l’objectif à date" if is_open else "l’objectif"
    said = f"{word.word} : {attainment_percent(total.attainment)} de {aim}"
    return KeyFigure(
        "Adhésions",
        "Masqué" if total.is_hidden else number(total.realised),
        "" if total.eligible is None else f"pour {number(total.eligible)} patients éligibles",
        NOT_COMPARED if total.attainment is None else StatusWord(word.icon, said, word.hue),
        f"{asked.year}, {asked.where}",
        origin.lower(),
    )


def _cog_figure(scope: Scope, build_id: str, year: int) -> list[KeyFigure]:
    """The COG's objective of the year looked at; of the last one published where it has none."""
    totals = figures.year_totals(programmes.prado_totals(scope, build_id))
    signed = [one for one in totals if one.attainment is not None]
    if not signed:
        return []
    last = max(signed, key=lambda one: (one.year == year, one.year, one.revised is not None))
    word = status_word(status(last.attainment))
    revised = status_word(status(last.revised_attainment)).word.lower()
    return [
        KeyFigure(
            "Objectif de la COG",
            attainment_percent(last.attainment, 0),
            f"de {number(last.objective)} adhésions",
            word
            if last.revised is None
            else StatusWord(
                word.icon,
                f"{word.word} ; {revised} à {attainment_percent(last.revised_attainment, 0)} "
                f"pour l’objectif revu à {number(last.revised)}",
                word.hue,
            ),
            f"{last.year}, France",
            f"publié ({IGAS})",
        )
    ]


def _productivity_figure(period: work.Period) -> KeyFigure:
    first, *others = period.teams
    more = ", ".join(
        f"{number(team.per_fte_month)} en {VOLETS.get(team.volet, team.volet).lower()}"
        for team in others
    )
    return KeyFigure(
        "Adhésions par ETP et par mois",
        number(first.per_fte_month),
        f"en {VOLETS.get(first.volet, first.volet).lower()}",
        StatusWord("", more, "neu"),
        f"{period.name}, France",
        f"publié ({IGAS})",
    )


def _cost_figure(cost: PradoCost, printed_budget: float | None) -> KeyFigure:
    """Salaries and budget over the adhesions, the budget as printed where it was."""
    budget = cost.budget / 1e6 if printed_budget is None else printed_budget
    over = cost.hypotheses.budget_adhesions
    return KeyFigure(
        "Coût d’une adhésion",
        costs.euros(cost.salaries_per_adhesion, 0),
        f"en salaires (÷ {number(cost.hypotheses.salary_adhesions)})",
        StatusWord(
            "",
            f"{costs.euros(ratio(budget * 1e6, over), 0)} en budget "
            f"({costs.meur(budget, 0)} ÷ {number(over)})",
            "neu",
        ),
        f"{COST_YEAR}, France",
        f"recalculé ({IGAS})",
    )


def prado_blocks(
    scope: Scope, build_id: str, asked: PradoAsked, names: Sequence[str] = BLOCKS
) -> dict[str, ProgrammeBlock]:
    """The blocks asked by name that have something to show, the cost apart."""
    made: Mapping[str, Callable[[], ProgrammeBlock | None]] = {
        "volets": lambda: volets_block(scope, build_id, asked),
        "objectifs": lambda: totals_block(scope, build_id),
        "drsm": lambda: drsm_block(scope, build_id, asked),
        "productivite": lambda: work_block(scope, build_id),
        "contact": lambda: contact_block(scope, build_id),
        "economies": lambda: savings_block(scope, build_id),
        "couverture": lambda: coverage_block(scope, build_id),
    }
    found = {name: made[name]() for name in names if name in made}
    return {name: block for name, block in found.items() if block is not None}


def volets_block(scope: Scope, build_id: str, asked: PradoAsked) -> ProgrammeBlock | None:
    """The volets of the territory against their objectives, and its establishments."""
    volets = load_volets(scope, build_id, asked)
    if not volets.lines:
        return None
    # A file has one list: what is counted is said in the name.
    places = [replace(one, name=f"{one.name} (établissements)") for one in volets.establishments]
    shown = [*volets.lines, *places]
    where = f"{asked.where}, {asked.year}"
    title = figures.volets_finding(volets.lines, asked.year, asked.where, volets.is_open)
    aim = "à date " if volets.is_open else ""
    body = figures.volets_table(volets.lines, f"PRADO par volet, {where}", volets.is_open, "Volet")
    if volets.establishments:
        body += figures.establishments_table(
            volets.establishments, f"Établissements proposant PRADO, {where}"
        )
    board, plan = link("cpg", annee=asked.year), link("adhesions", programme="prado")
    body += (
        f'<p class="v-note"><a href="{text(board)}">Les mêmes objectifs au tableau du CPG</a> · '
        f'<a href="{text(plan)}">Où adhère-t-on : la carte</a></p>'
    )
    figure = Exportable(
        f"prado-{asked.year}-{asked.perimeter.code}-volets",
        title,
        f"{origin_of(scope, build_id, 'adhesions')} : {where}. Atteinte de l’objectif {aim}du CPG "
        "(trait : 100 %) ; couverture : adhésions pour cent patients éligibles.",
        sources(scope, build_id, "adhésions et objectifs envoyés par les caisses"),
        partial(figures.volets_records, shown, volets.is_open),
        partial(figures.volets_svg, shown, title),
    )
    return ProgrammeBlock(figure, body)


def totals_block(scope: Scope, build_id: str) -> ProgrammeBlock | None:
    """The adhesions of the country against the COG's objectives, signed and revised."""
    totals = figures.year_totals(programmes.prado_totals(scope, build_id))
    if not totals:
        return None
    found = disagreements(store.findings(scope, build_id), "prado_activity")
    title = figures.totals_finding(totals)
    body = figures.totals_table(totals, found, "PRADO : adhésions et objectifs de la COG")
    body += anomaly_list(found, link("anomalies", anomalies_contrat="prado_activity"))
    figure = Exportable(
        "prado-objectifs-cog",
        title,
        f"{PUBLISHED}, France entière, tous volets. Deux annexes du même rapport : les deux sont "
        "gardées. L’objectif revu est celui que la Cnamts a abaissé en cours de convention ; ceux "
        "du CPG, signés avec chaque caisse, sont dans le tableau précédent.",
        sources(scope, build_id, f"annexes 7 et 11 du rapport ({IGAS})"),
        partial(figures.totals_records, totals),
        partial(figures.totals_svg, totals, title),
    )
    return ProgrammeBlock(figure, body)


def drsm_of(code: str) -> frozenset[str]:
    """The DRSM that a territory lies in, or that lie in it; none of the country."""
    rows = territories()
    mine = rows[(rows["territory_code"] == code) | (rows["region_code"] == code)]
    return frozenset(str(drsm) for drsm in mine["drsm_code"].dropna())


def drsm_block(scope: Scope, build_id: str, asked: PradoAsked) -> ProgrammeBlock | None:
    """The published attainment of the DRSM, ranked by one of four objectives."""
    objective, own = asked.objective, drsm_of(asked.perimeter.code)
    lines, national = figures.drsm_lines(
        cpg.published(scope, build_id, "drsm", DRSM_YEAR),
        cpg.published(scope, build_id, "national", DRSM_YEAR),
    )
    if not lines:
        return None
    title = figures.drsm_finding(lines, objective, own)
    table = figures.drsm_table(
        lines, national, objective, f"PRADO : atteinte publiée par DRSM, {DRSM_YEAR}", own
    )
    control = choice_buttons(OBJECTIVE, "Classer par", DRSM_OBJECTIVES, objective)
    figure = Exportable(
        f"prado-{DRSM_YEAR}-drsm",
        title,
        f"{PUBLISHED}, {DRSM_YEAR}. Atteinte de l’objectif du CPG (trait : 100 %) ; "
        "le national vient des effectifs, non de la moyenne des DRSM.",
        sources(scope, build_id, f"annexe 7 du rapport ({IGAS})"),
        partial(figures.drsm_records, lines, national),
        partial(figures.drsm_svg, lines, objective, title),
    )
    return ProgrammeBlock(figure, table, control)


def work_block(scope: Scope, build_id: str) -> ProgrammeBlock | None:
    """Adhesions by counsellor and month, and whether they make the adhesions of the year."""
    periods = work.periods(programmes.prado_productivity(scope, build_id))
    if not periods:
        return None
    totals = figures.year_totals(programmes.prado_totals(scope, build_id))
    rows = work.remade(periods, totals)
    title = work.productivity_finding(periods)
    body = work.productivity_table(periods, "Adhésions par ETP de conseiller et par mois")
    body += f'<p class="v-reason">{text(work.remade_words(rows))}</p>'
    body += fold(
        "Voir le calcul : ETP × productivité × 12, à côté des adhésions publiées",
        work.remade_table(rows, "Adhésions que donnent les ETP et la productivité"),
        "productivite-calcul",
    )
    figure = Exportable(
        "prado-productivite",
        title,
        f"{PUBLISHED}, France entière. Adhésions par équivalent temps plein (ETP) de conseiller "
        "et par mois ; années entières, puis juin 2016 seul. Même échelle pour tous les volets.",
        sources(scope, build_id, f"annexe 7 du rapport ({IGAS})"),
        partial(work.productivity_records, periods),
        partial(work.productivity_svg, periods, title),
    )
    return ProgrammeBlock(figure, body)


def cost_block(scope: Scope, build_id: str, hypotheses: Hypotheses) -> ProgrammeBlock:
    """Salaries, budget and cost of an adhesion, worked out from the hypotheses asked for."""
    known = costs.items_of(programmes.costs(scope, build_id, "prado", COST_YEAR))
    published = {
        "salary_cost": known.get("published_salary_cost"),
        "budget": known.get("published_budget"),
        "cost_per_adhesion": known.get("published_cost_per_adhesion"),
    }
    cost, report = cost_of(hypotheses), cost_of(hypotheses, is_report=True)
    rows = costs.prado_rows(cost, report, published)
    title = costs.prado_finding(cost, published["budget"], hypotheses.is_changed)
    body = (
        costs.refused_words(hypotheses.refused)
        + costs.fields_html(hypotheses.known, "prado", bool(hypotheses.refused))
        + costs.rebuilt_table(rows, "Coût de PRADO, recalculé", hypotheses.is_changed)
        + f'<p class="v-reason">{text(costs.steps_words(cost, hypotheses.is_changed))}</p>'
    )
    figure = Exportable(
        "prado-cout",
        title,
        costs.made_from(hypotheses.is_changed, COST_YEAR),
        sources(scope, build_id, f"annexe 7 du rapport ({IGAS})"),
        partial(costs.rebuilt_records, rows, hypotheses.known),
        partial(costs.rebuilt_svg, rows[:5], title),
    )
    return ProgrammeBlock(figure, body)


def contact_block(scope: Scope, build_id: str) -> ProgrammeBlock | None:
    """Days to the first contact with a professional, with PRADO and without."""
    known = care.contacts(programmes.first_contact_delay(scope, build_id, CONTACT_YEAR))
    if not known:
        return None
    title = care.contacts_finding(known, CONTACT_YEAR)
    figure = Exportable(
        "prado-premier-contact",
        title,
        f"{PUBLISHED}, France entière, {CONTACT_YEAR}. Délai moyen en jours après une opération, "
        "adhérents et patients éligibles. Des moyennes publiées sans effectif ni dispersion : on "
        "ne peut pas dire ce qui tient au hasard, ni au choix des adhérents.",
        sources(scope, build_id, f"annexe 7 du rapport ({IGAS})"),
        partial(care.contacts_records, known),
        partial(care.contacts_svg, known, title),
    )
    return ProgrammeBlock(figure, care.contacts_table(known, "Délai du premier contact"))


def savings_block(scope: Scope, build_id: str) -> ProgrammeBlock | None:
    """The savings that were expected of a year."""
    known = care.savings(programmes.savings(scope, build_id, "prado", SAVINGS_YEAR))
    if not known:
        return None
    title = care.savings_finding(known, SAVINGS_YEAR)
    made = published_adhesions(scope, build_id, SAVINGS_YEAR)
    body = care.savings_table(known, "Économies attendues par volet")
    body += f'<p class="v-reason">{text(care.savings_words(known, made, SAVINGS_YEAR))}</p>'
    figure = Exportable(
        f"prado-{SAVINGS_YEAR}-economies-attendues",
        title,
        f"{PUBLISHED}, France entière : impact attendu sur les dépenses de {SAVINGS_YEAR}, établi "
        "en mai 2014. Négatif : économie. Une case vide n’a pas été publiée.",
        sources(scope, build_id, f"annexe 7 du rapport ({IGAS})"),
        partial(care.savings_records, known),
        partial(care.savings_svg, known, title),
    )
    return ProgrammeBlock(figure, body)


def coverage_block(scope: Scope, build_id: str) -> ProgrammeBlock | None:
    """Sites and establishments that propose each volet."""
    rows: pd.DataFrame = programmes.prado_coverage(scope, build_id, COVERAGE_YEAR)
    known = coverage.coverages(rows)
    if not known:
        return None
    title = coverage.coverage_finding(known, COVERAGE_YEAR)
    totals = programmes.prado_totals(scope, build_id)
    printed = totals.loc[totals["year"] == COVERAGE_YEAR, "adhesions"].dropna()
    total = None if printed.empty else float(printed.iloc[0])
    figure = Exportable(
        f"prado-{COVERAGE_YEAR}-couverture",
        title,
        f"{PUBLISHED}, France entière, {COVERAGE_YEAR}. Établissements qui ont inclus au moins un "
        "patient, parmi les éligibles ; le taux d’adhésion est publié sans sa définition. En "
        "maternité, la seule sortie précoce : à ne pas comparer aux adhésions de 2016.",
        sources(scope, build_id, "CPAM du Tarn, 2019"),
        partial(coverage.coverage_records, known, total),
        partial(coverage.coverage_svg, known, title),
    )
    body = coverage.coverage_table(known, f"PRADO par volet, {COVERAGE_YEAR}", total)
    return ProgrammeBlock(figure, body)


def exported(
    scope: Scope, build_id: str, asked: PradoAsked, wanted: tuple[str, str] | None
) -> tuple[Exportable, str] | None:
    """The figure and format of a file asked for by block and format, or None."""
    if wanted is None:
        return None
    name, kind = wanted
    if name == "cout":
        hypotheses = asked_costs(scope, build_id)
        return (
            None
            if hypotheses is None
            else (
                cost_block(scope, build_id, hypotheses).figure,
                kind,
            )
        )
    blocks: Blocks = prado_blocks(scope, build_id, asked, (name,))
    return (blocks[name].figure, kind) if name in blocks else None
