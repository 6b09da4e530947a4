"""Blocks of the anomalies page: its filters, all in the address, the rules and the breaches."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

import pandas as pd

from components.address import choice, link
from components.controls import choice_buttons, choice_select
from data.reference.procedures import spelling_of
from figures.anomalies import (
    LINES_SHOWN,
    Anomaly,
    anomalies,
    anomalies_finding,
    anomalies_records,
    anomalies_table,
    rules_records,
    rules_table,
)
from figures.exportable import Exportable
from figures.formats import counted, number
from figures.markup import figure_block, text
from figures.received import contract_name

RULE, YEAR, SEVERITY, CONTRACT = (
    "anomalies_regle",
    "anomalies_annee",
    "anomalies_gravite",
    "anomalies_contrat",
)
EVERY = "tous"
SEVERITY_LABELS = {EVERY: "Toutes", "error": "Bloquantes", "warning": "À vérifier"}
NOTHING = (
    '<p class="v-empty">▲ Rien à signaler avec ces filtres. Revenez à « Toutes » pour voir les '
    "autres.</p>"
)
PAGES: Mapping[str, tuple[str, str]] = {
    "cog": ("cog", "Voir l’indicateur à la COG"),
    "engagements": ("cog", "Voir les engagements"),
    "cpg_published": ("rapprochement", "Voir le publié et le recalculé"),
    "prado_activity": ("prado", "Voir PRADO"),
    "teleservices": ("numerique", "Voir les téléservices"),
}
"""Contract to the address of the page where its figures stand, and what the link says."""


@dataclass(frozen=True)
class AnomalyBlock:
    """A figure of the page; ``body`` is empty where the filters keep nothing."""

    figure: Exportable
    controls: str
    body: str

    def html(self, block_id: str) -> str:
        """The block named ``block_id``, titled by its finding, with its file."""
        head = f'<div class="v-head">{self.controls}</div>' if self.controls else ""
        figure = self.figure
        return figure_block(
            block_id,
            figure.title,
            figure.note,
            head + (self.body or NOTHING),
            figure.foot,
            ("csv",) if self.body else (),
        )


@dataclass(frozen=True)
class _Filters:
    """What the address chooses among the anomalies; ``EVERY`` chooses all."""

    rule: str
    year: str
    severity: str
    contract: str
    controls: str

    def kept(self, found: list[Anomaly], with_rule: bool = True) -> list[Anomaly]:
        """Those that the filters keep; without the rule's, to count them by rule."""
        return [
            one
            for one in found
            if self.year in (EVERY, str(one.year))
            and self.severity in (EVERY, one.severity)
            and self.contract in (EVERY, one.contract)
            and (not with_rule or self.rule in (EVERY, one.rule))
        ]


def _filters(found: list[Anomaly]) -> _Filters:
    rules = {one.rule: one.words.title for one in found}
    years = sorted({one.year for one in found if one.year is not None}, reverse=True)
    contracts = {one.contract: contract_name(one.contract) for one in found}
    offered = {
        RULE: {EVERY: "Toutes"} | rules,
        YEAR: {EVERY: "Toutes"} | {str(year): str(year) for year in years},
        CONTRACT: {EVERY: "Tous"} | contracts,
    }
    chosen = {name: choice(name, options, EVERY) for name, options in offered.items()}
    severity = choice(SEVERITY, SEVERITY_LABELS, EVERY)
    labels = {RULE: "Règle", YEAR: "Année", CONTRACT: "Contrat"}
    controls = "".join(
        choice_select(name, labels[name], {"": options}, chosen[name])
        for name, options in offered.items()
    )
    controls += choice_buttons(SEVERITY, "Gravité", SEVERITY_LABELS, severity)
    return _Filters(chosen[RULE], chosen[YEAR], severity, chosen[CONTRACT], controls)


def anomaly_blocks(findings: pd.DataFrame, foot: str) -> tuple[AnomalyBlock, AnomalyBlock]:
    """The counts by rule and the list, as the filters of the address keep them.

    The rule chosen holds for the list alone: the counts are there to choose another.
    """
    found = anomalies(findings)
    filters = _filters(found)
    counted_ones = filters.kept(found, with_rule=False)
    return (
        _rules_block(counted_ones, len(found), foot, filters),
        _list_block(filters.kept(found), len(counted_ones), foot),
    )


def _rules_block(kept: list[Anomaly], total: int, foot: str, filters: _Filters) -> AnomalyBlock:
    figure = Exportable(
        "anomalies-par-regle",
        anomalies_finding(kept, total),
        "Par règle de contrôle, et ce que chaque anomalie interdit de conclure. Une règle choisie "
        "ne laisse que les siennes dans la liste.",
        foot,
        partial(rules_records, kept),
    )
    button = partial(_rule_button, filters.rule)
    body = rules_table(kept, "Anomalies par règle", button) if kept else ""
    return AnomalyBlock(figure, filters.controls, body)


def _rule_button(chosen: str, rule: str, title: str) -> str:
    """The name of a rule, which shows its breaches alone, or all of them again."""
    is_chosen = rule == chosen
    return (
        f'<button type="button" class="link" data-act="choose" data-name="{RULE}" '
        f'data-value="{"" if is_chosen else text(rule)}" '
        f'aria-pressed="{str(is_chosen).lower()}">{text(title)}</button>'
    )


def _list_block(kept: list[Anomaly], total: int, foot: str) -> AnomalyBlock:
    count = counted(len(kept), "anomalie")
    among = f" sur {number(total)}" if len(kept) < total else ""
    note = (
        "Rien n’est corrigé : le chiffre publié ou envoyé reste affiché, à côté de ce que donne le "
        "calcul. Une cellule vide n’est jamais un zéro."
    )
    if len(kept) > LINES_SHOWN:
        note += f" Les {number(LINES_SHOWN)} premières sont ici, le fichier CSV les tient toutes."
    figure = Exportable(
        "anomalies", f"Liste : {count}{among}", note, foot, partial(anomalies_records, kept)
    )
    body = anomalies_table(kept, "Anomalies", _target) if kept else ""
    return AnomalyBlock(figure, "", body)


def _target(one: Anomaly) -> tuple[str, str] | None:
    """Address of the page where the figure of an anomaly stands, and what the link says."""
    if one.contract == "cpg" and one.indicator_code and one.territory_code and one.year:
        story = link(
            "cpg",
            annee=one.year,
            niveau="caisse",
            objectif=one.indicator_code,
            detail=one.territory_code,
        )
        return story, "Voir l’objectif"
    if one.contract == "msap_published":
        is_procedure = spelling_of(one.label) is not None
        page = "msap_gestes" if is_procedure else "msap"
        return link(page, annee=one.year, domaine=one.domain or None), "Voir le chiffre publié"
    if one.contract == "msap":
        found = link("msap_etablissements", annee=one.year, territoire=one.territory_code or None)
        return found, "Voir les établissements"
    if one.contract not in PAGES:
        return None
    page, said = PAGES[one.contract]
    return link(page, annee=one.year), said


def anomalies_heading() -> str:
    """Title of the page and what it covers."""
    return (
        "<h1>Anomalies</h1>"
        '<p class="v-lead">Ce que les contrôles ont relevé dans les extraits de cette '
        "publication, tous territoires de votre périmètre et toutes années : ce qui est publié, "
        "ce que donne le calcul, ce qu’il ne faut pas en conclure.</p>"
    )
