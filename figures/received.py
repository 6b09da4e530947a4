"""Extracts received and what was found in them, as tables."""

from __future__ import annotations

from typing import Any

import pandas as pd

from figures.formats import ABSENT, counted, date_time, is_absent, listed, number, short_month
from figures.markup import table, text
from figures.provenance import ORIGINS

CONTRACTS = {
    "cpg": "Résultats CPG des caisses",
    "cpg_corrections": "Corrections du CPG",
    "cpg_points": "Points du CPG",
    "cpg_published": "Taux CPG publiés",
    "cog": "Indicateurs de la COG",
    "interessement": "Intéressement",
    "engagements": "Engagements",
    "msap": "Demandes de MSAP",
    "msap_published": "MSAP publiées",
    "professionals": "Effectifs de professionnels",
    "population": "Population",
    "gini_published": "Indices de Gini publiés",
    "adhesions": "Adhésions aux programmes",
    "prado_activity": "Activité de PRADO",
    "sophia_calls": "Campagnes d’appels Sophia",
    "programme_cost": "Chiffres et coûts des programmes",
    "programme_savings": "Économies attendues des programmes",
    "dmp": "DMP ouverts",
    "first_contact_delay": "Premier contact après l’hôpital",
    "consultation_delay": "Consultations après une opération",
    "teleservices": "Téléservices et télémédecine",
    "vaccination": "Couvertures vaccinales",
    "barometer": "Baromètre : valeurs et cibles",
    "barometer_indicators": "Baromètre : indicateurs",
}
SEVERITIES = {"error": ("▼", "Bloquant", "unf"), "warning": ("●", "À vérifier", "neu")}


def contract_name(contract: str) -> str:
    """The contract as readers name it."""
    return CONTRACTS.get(contract, contract)


ORIGIN_COUNTS = {
    "Reçu": ("reçu des caisses et des services", "reçus des caisses et des services"),
    "Démonstration": ("de démonstration", "de démonstration"),
    "Publié": ("de chiffres publiés", "de chiffres publiés"),
}
"""What so many files of an origin are, one and several."""


def extracts_finding(extracts: pd.DataFrame) -> str:
    """How many files, how many rows, from how many of which origin."""
    if extracts.empty:
        return "Aucun extrait dans cette publication"
    counts = extracts["origin"].map(lambda o: ORIGINS.get(str(o), str(o))).value_counts()
    said = [
        f"{number(count)} {_origin_words(str(origin), int(count))}"
        for origin, count in counts.items()
    ]
    verb = "fait" if len(extracts) == 1 else "font"
    rows = counted(int(extracts["row_count"].sum()), "ligne")
    start = f"{counted(len(extracts), 'extrait')} {verb} cette publication ({rows})"
    return f"{start} : {listed(said)}"


def _origin_words(origin: str, count: int) -> str:
    one, several = ORIGIN_COUNTS.get(origin, (origin, origin))
    return one if count == 1 else several


def extracts_table(extracts: pd.DataFrame, caption: str) -> str:
    """One line an extract, the latest first."""
    lines = [_extract_line(row) for row in extracts.iloc[::-1].to_dict("records")]
    headings = (
        "Fichier",
        "Contrat",
        "Déposé par",
        "Le",
        "Lignes du fichier",
        "Caisses vues",
        "Période",
        "Origine",
    )
    return table(caption, headings, lines, numeric=(4, 5), is_stacked=True)


def _extract_line(row: dict[Any, Any]) -> tuple[str, ...]:
    first, last = row.get("first_month"), row.get("last_month")
    period = ABSENT if is_absent(first) else f"{short_month(first)} – {short_month(last)}"
    return (
        text(row["file_name"]),
        text(contract_name(str(row["contract"]))),
        text(row["received_by"]),
        date_time(row["received_at"]),
        number(row["row_count"]),
        number(row.get("caisse_count")),
        period,
        text(ORIGINS.get(str(row["origin"]), row["origin"])),
    )


def _said(row: dict[Any, Any]) -> str:
    """The finding's sentence, or the one that tells no small number."""
    column = "sentence_without_figures" if is_absent(row["sentence"]) else "sentence"
    return str(row[column])


def findings_finding(kept: pd.DataFrame, total: int | None = None) -> str:
    """How many findings, in how many files, and of how many where filters leave some out.

    Args:
        kept: the findings shown.
        total: how many there are without filter; those shown when not given.
    """
    whole = len(kept) if total is None else total
    if whole == 0:
        return "Aucun signalement dans les extraits de cette publication"
    if kept.empty and whole == 1:
        return "L’unique signalement est hors de ces filtres"
    if kept.empty:
        return f"Aucun des {number(whole)} signalements avec ces filtres"
    files = f"dans {counted(kept['file_name'].nunique(), 'fichier')}"
    if len(kept) < whole:
        said = counted(len(kept), "signalement")
        return f"{said} sur {number(whole)} avec ces filtres, {files}"
    return f"{counted(whole, 'signalement')} en tout, {files}"


def findings_table(findings: pd.DataFrame, caption: str) -> str:
    """One line a finding: how grave, what, where."""
    lines = []
    for row in findings.to_dict("records"):
        icon, word, hue = SEVERITIES.get(str(row["severity"]), SEVERITIES["warning"])
        lines.append(
            (
                f'<span class="{hue}">{icon} {word}</span>',
                text(_said(row)),
                text(row["file_name"]),
                number(row["row"]) if not is_absent(row["row"]) else ABSENT,
                text(contract_name(str(row["contract"]))),
            )
        )
    headings = ("Gravité", "Constat", "Fichier", "Ligne", "Contrat")
    return table(caption, headings, lines, (3,), css_class="v-table prose", is_stacked=True)
