"""What the MSAP marts need of the reference: procedures as sent, territories as sums of others."""

from __future__ import annotations

import pandas as pd

from data.models.hiding import territory_sums
from data.reference.procedures import procedure_name, procedures, read_procedure

UNKNOWN_PREFIX = "hors_referentiel:"


def msap_items(sent: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The procedures that were sent, under one number for each domain and procedure.

    A text that is in no table is a procedure of its own, named as it was sent: never guessed.

    Args:
        sent: ``domain, procedure, year``, each text once.

    Returns: ``item_id, domain, procedure_code, procedure_name, is_known, sort_order`` and
        ``domain, spelling, year, item_id``.
    """
    order = {code: at for at, code in enumerate(procedures()["procedure_code"])}
    spellings = sent.rename(columns={"procedure": "spelling"}).sort_values(
        ["domain", "spelling", "year"], ignore_index=True
    )
    spellings["procedure_code"] = [
        read_procedure(text, int(year)).code or UNKNOWN_PREFIX + text
        for text, year in zip(spellings["spelling"], spellings["year"], strict=True)
    ]
    items = spellings[["domain", "procedure_code"]].drop_duplicates(ignore_index=True)
    is_known = items["procedure_code"].isin(order)
    items = items.assign(
        item_id=range(len(items)),
        procedure_name=[
            procedure_name(code) if known else code.removeprefix(UNKNOWN_PREFIX)
            for code, known in zip(items["procedure_code"], is_known, strict=True)
        ],
        is_known=is_known,
        sort_order=items["procedure_code"].map(order).fillna(len(order)).astype(int),
    )
    return items, spellings.merge(items[["domain", "procedure_code", "item_id"]])


def msap_territory_sums(territories: pd.DataFrame) -> pd.DataFrame:
    """Every territory as the sum of others, Mayotte included: ``sum_id, total_code, part_code``."""
    everywhere = territories.assign(has_cpg=True)
    return pd.DataFrame(
        [
            (number, total, part)
            for number, (total, parts) in enumerate(territory_sums(everywhere))
            for part in parts
        ],
        columns=["sum_id", "total_code", "part_code"],
    )
