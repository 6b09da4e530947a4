"""Published rates beside the roll-up of what caisses sent, with a verdict in words."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

import pandas as pd

from figures.formats import ABSENT, counted, is_absent, number, percent, points
from figures.grammar import territory_label
from figures.markup import definition_link, table, text
from figures.provenance import ORIGINS
from figures.records import records
from figures.status import HIDDEN

VERDICTS = {
    "equal": ("▲", "Concordant", "fav"),
    "different": ("▼", "Écart", "unf"),
    "not_computable": ("–", "Non calculable", "neu"),
}
HEADINGS = (
    "Territoire",
    "Objectif",
    "Taux publié",
    "Taux recalculé",
    "Écart",
    "Réalisé publié",
    "Réalisé recalculé",
    "Depuis les seuls taux publiés",
    "Verdict",
)


def sendings_words(origins: Collection[str]) -> str:
    """What the roll-up is made of, from the origins of the monthly extracts."""
    fictitious = {origin for origin in origins if ORIGINS.get(origin) == ORIGINS["demonstration"]}
    if not fictitious:
        return "les envois des caisses"
    if fictitious == set(origins):
        return "les envois de démonstration"
    return "des envois en partie de démonstration"


def reconciliation_finding(rows: pd.DataFrame, sendings: str = "les envois des caisses") -> str:
    """How many published rates the roll-up gives back.

    Args:
        rows: the published rates.
        sendings: what the roll-up is made of, with its article.
    """
    if rows.empty:
        return "Aucun taux publié pour cette année et ce territoire"
    equal = int((rows["verdict"] == "equal").sum())
    total = counted(len(rows), "taux publié", "taux publiés")
    if equal == len(rows):
        return f"{total} : tous retrouvés, à l’arrondi, depuis {sendings}"
    return f"{equal} sur {total} retrouvés, à l’arrondi, depuis {sendings}"


def reconciliation_table(rows: pd.DataFrame, titles: Mapping[str, str], caption: str) -> str:
    """One line a published rate, as the query orders them."""
    lines = [_line(row, titles) for row in records(rows, list(rows.columns))]
    return table(caption, HEADINGS, lines, numeric=(2, 3, 4, 5, 6), is_stacked=True)


def _line(row: dict[Any, Any], titles: Mapping[str, str]) -> tuple[str, ...]:
    icon, word, hue = VERDICTS.get(str(row["verdict"]), VERDICTS["not_computable"])
    is_hidden = bool(row.get("is_hidden")) and is_absent(row["computed_attainment"])
    masked = f"{HIDDEN.icon} {HIDDEN.word}" if is_hidden else None
    alone = ABSENT if is_absent(row["from_published_rates"]) else "– Non recalculable"
    return (
        text(territory_label(row["territory_code"], row["territory_name"])),
        definition_link(row["indicator_code"], titles.get(row["indicator_code"])),
        percent(row["published_attainment"], 0),
        masked or percent(row["computed_attainment"], 1),
        masked or points(row["attainment_difference"], 1),
        number(row["published_realised"]),
        masked or number(row["computed_realised"]),
        alone,
        f'<span class="{hue}">{icon} {word}</span>',
    )


def reconciliation_records(rows: pd.DataFrame, titles: Mapping[str, str]) -> pd.DataFrame:
    """The same rows, for a file."""
    return pd.DataFrame(
        {
            "territoire_code": row["territory_code"],
            "territoire": territory_label(row["territory_code"], row["territory_name"]),
            "objectif_libelle": titles.get(row["indicator_code"], row["indicator_code"]),
            "taux_publie": row["published_attainment"],
            "taux_recalcule": row["computed_attainment"],
            "ecart": row["attainment_difference"],
            "realise_publie": row["published_realised"],
            "realise_recalcule": row["computed_realised"],
            "depuis_les_taux_publies": ""
            if is_absent(row["from_published_rates"])
            else "non recalculable",
            "verdict": VERDICTS.get(str(row["verdict"]), VERDICTS["not_computable"])[1],
        }
        for row in records(rows, list(rows.columns))
    )
