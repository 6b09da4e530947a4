"""Blocks of the data pages: extracts, findings, senders, reconciliation."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from components.address import YEAR, choice
from components.controls import choice_buttons, choice_select
from figures.markup import figure_block, text
from figures.received import (
    contract_name,
    extracts_finding,
    extracts_table,
    findings_finding,
    findings_table,
)
from figures.senders import Sender, senders_finding, senders_table

EVERY = "tous"
SEVERITY_LABELS = {EVERY: "Tous", "error": "Bloquants", "warning": "À vérifier"}


@dataclass(frozen=True)
class ChosenFindings:
    """The findings that the filters of the address keep, and the filters as controls.

    ``total`` is how many there are without filter.
    """

    kept: pd.DataFrame
    total: int
    controls: str

    @property
    def finding(self) -> str:
        """How many are kept, and of how many."""
        return findings_finding(self.kept, self.total)


def chosen_findings(findings: pd.DataFrame) -> ChosenFindings:
    """Read the filters: contract and severity."""
    codes = sorted(set(findings["contract"].dropna()))
    contracts = {EVERY: "Tous"} | {code: contract_name(code) for code in codes}
    contract = choice("signalements_contrat", contracts, EVERY)
    severity = choice("signalements_gravite", SEVERITY_LABELS, EVERY)
    controls = choice_select("signalements_contrat", "Contrat", {"": contracts}, contract)
    controls += choice_buttons("signalements_gravite", "Gravité", SEVERITY_LABELS, severity)
    kept = findings
    if contract != EVERY:
        kept = kept[kept["contract"] == contract]
    if severity != EVERY:
        kept = kept[kept["severity"] == severity]
    return ChosenFindings(kept, len(findings), f'<div class="v-head">{controls}</div>')


def extracts_html(extracts: pd.DataFrame, foot: str) -> str:
    """Title of the page and the extracts."""
    block = figure_block(
        "extraits",
        extracts_finding(extracts),
        "Tous contrats, territoires et années ; un extrait est immuable une fois publié ; le plus "
        "récent d’abord.",
        extracts_table(extracts, "Extraits de cette publication"),
        foot,
        ("csv",),
    )
    return (
        "<h1>Extraits reçus et signalements</h1>"
        '<p class="v-lead">Ce que contient cette publication, qui l’a déposé, et ce qui a été '
        f'relevé à la lecture.</p><div class="v-below">{block}</div>'
    )


def findings_html(
    chosen: ChosenFindings, known_senders: list[Sender], place: str, year: int | None, foot: str
) -> str:
    """The findings kept by the filters, and the caisses of ``place`` that are late."""
    body = chosen.controls + (
        findings_table(chosen.kept, "Signalements")
        if len(chosen.kept)
        else '<p class="v-empty">▲ Rien à signaler avec ces filtres.</p>'
    )
    blocks = figure_block(
        "signalements",
        chosen.finding,
        "Tous territoires et années. Chaque constat nomme le fichier, la ligne et la colonne ; "
        "rien n’est corrigé en silence.",
        body,
        foot,
        ("csv",),
    )
    if year is not None:
        blocks += figure_block(
            "envois",
            senders_finding(known_senders, year),
            f"{place}. Mois reçus sur mois connus d’au moins une caisse.",
            senders_table(known_senders, f"Caisses en retard d’envoi en {year}", is_linked=False),
            foot,
            ("csv",),
        )
    return f'<div class="v-below">{blocks}</div>'


def year_control(published: Sequence[int], year: int) -> str:
    """The years published as buttons; nothing where there is no choice."""
    if len(published) < 2:
        return ""
    return choice_buttons(YEAR, "Année", {str(one): str(one) for one in published}, str(year))


def reconciliation_html(block: str, year: int, sendings: str, control: str = "") -> str:
    """Title of the page around the reconciliation of one year.

    Args:
        block: the figure.
        year: the year shown.
        sendings: what the rates are computed from, with its article.
        control: the choice among the years published; empty where there is none.
    """
    head = f'<div class="v-head">{control}</div>' if control else ""
    return (
        f"<h1>{text(f'Publié et recalculé, {year}')}</h1>"
        f'<p class="v-lead">Les taux publiés à côté de ceux que donnent {text(sendings)}. '
        "Un écart est montré, jamais corrigé. Un taux national ne se recalcule pas depuis des taux "
        f'publiés : il y faut les objectifs.</p>{head}<div class="v-below">{block}</div>'
    )
