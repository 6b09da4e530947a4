"""Questions about rates that are published without their counts, vaccination among them."""

from __future__ import annotations

from functools import cache

import pandas as pd

from access.scope import Scope
from data.contracts.model import contracts
from queries.cached import cached
from queries.run import run

CONTRACT = "vaccination"
PERCENT = "_pct"


@cached
def vaccination(
    scope: Scope,
    build_id: str,
    year: int | None = None,
    territory: str | None = None,
    vaccine: str | None = None,
) -> pd.DataFrame:
    """Vaccinated share by year, department and vaccine, in [0, 1], as published; no total.

    ``title`` names the vaccine and the people; a rate that is not published has no row.
    """
    found = run(
        "rates/vaccination", scope, build_id, year=year, territory=territory, vaccine=vaccine
    )
    return found.assign(title=found["vaccine_code"].map(vaccine_titles()))


@cache
def vaccine_titles() -> dict[str, str]:
    """The vaccines that the contract has a column for, by code, and the people they are for."""
    return {
        column.name.removesuffix(PERCENT): column.title
        for column in contracts()[CONTRACT].columns
        if column.name.endswith(PERCENT)
    }
