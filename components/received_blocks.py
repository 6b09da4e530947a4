"""Blocks of the data pages: extracts, findings, senders, reconciliation."""

from __future__ import annotations

import pandas as pd
import streamlit as st

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


def chosen_findings(findings: pd.DataFrame) -> pd.DataFrame:
    """Draw the filters (contract and severity, both in the address); returns what they keep."""
    contracts = [EVERY, *sorted(set(findings["contract"].dropna()))]
    row = st.container(horizontal=True, vertical_alignment="bottom")
    with row:
        contract = st.selectbox(
            "Contrat",
            contracts,
            format_func=lambda code: "Tous" if code == EVERY else contract_name(code),
            key="signalements_contrat",
            bind="query-params",
            width=280,
        )
        severity = st.segmented_control(
            "Gravité",
            list(SEVERITY_LABELS),
            format_func=lambda code: SEVERITY_LABELS[code],
            default=EVERY,
            key="signalements_gravite",
            bind="query-params",
            required=True,
        )
    kept = findings
    if contract in contracts[1:]:
        kept = kept[kept["contract"] == contract]
    if severity in {"error", "warning"}:
        kept = kept[kept["severity"] == severity]
    return kept


def extracts_html(extracts: pd.DataFrame, foot: str) -> str:
    """Title of the page and the extracts."""
    block = figure_block(
        "extraits",
        extracts_finding(extracts),
        "Un extrait est immuable une fois publié ; le plus récent d’abord.",
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
    findings: pd.DataFrame, known_senders: list[Sender], year: int | None, foot: str
) -> str:
    """The findings kept by the filters, and the caisses that are late."""
    body = (
        findings_table(findings, "Signalements")
        if len(findings)
        else '<p class="v-empty">▲ Rien à signaler avec ces filtres.</p>'
    )
    blocks = figure_block(
        "signalements",
        findings_finding(findings),
        "Chaque constat nomme le fichier, la ligne et la colonne ; rien n’est corrigé en silence.",
        body,
        foot,
        ("csv",),
    )
    if year is not None:
        blocks += figure_block(
            "envois",
            senders_finding(known_senders, year),
            "Mois reçus sur mois connus d’au moins une caisse.",
            senders_table(known_senders, f"Caisses en retard d’envoi en {year}", is_linked=False),
            foot,
            ("csv",),
        )
    return blocks


def reconciliation_html(block: str, year: int) -> str:
    """Title of the page around the reconciliation of one year."""
    return (
        f"<h1>{text(f'Publié et recalculé, {year}')}</h1>"
        '<p class="v-lead">Les taux publiés à côté de ceux que donnent les envois des caisses. '
        "Un écart est montré, jamais corrigé. Un taux national ne se recalcule pas depuis des taux "
        f'publiés : il y faut les objectifs.</p><div class="v-below">{block}</div>'
    )
