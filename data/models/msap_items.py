"""What the MSAP marts need of the reference: procedures as sent, territories as sums of others."""

from __future__ import annotations

import pandas as pd

from data.models.hiding import LEVEL_COLUMNS, NATIONAL, territory_sums
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
    """Every territory as the sum of others, Mayotte included.

    Returns: ``sum_id, total_code, part_code, is_defining``. Those that define a territory have its
        departments for parts, the country's its regions, or are two names of one territory: an
        establishment may name its department alone, so that caisses may hold less than it.
    """
    everywhere = territories.assign(has_cpg=True)
    level = dict(zip(territories["territory_code"], territories["level"], strict=True))
    rows = []
    for number, (total, parts) in enumerate(territory_sums(everywhere)):
        defining = "region" if total == NATIONAL else "departement"
        is_defining = len(parts) == 1 or level[parts[0]] == defining
        rows += [(number, total, part, is_defining) for part in parts]
    return pd.DataFrame(rows, columns=["sum_id", "total_code", "part_code", "is_defining"])


def msap_inclusions(territories: pd.DataFrame) -> pd.DataFrame:
    """The pairs of territories of which one lies within the other: ``whole_code, part_code``."""
    caisses = territories[territories["level"] == "caisse"].assign(national=NATIONAL)
    codes = caisses["territory_code"]
    columns = (*LEVEL_COLUMNS.values(), "national")
    held = {
        str(code): frozenset(own)
        for column in columns
        for code, own in codes.groupby(caisses[column])
    }
    pairs = [
        (whole, part)
        for whole, covered in held.items()
        for part, own in held.items()
        if own < covered
    ]
    return pd.DataFrame(pairs, columns=["whole_code", "part_code"])
