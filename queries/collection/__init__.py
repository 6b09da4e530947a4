"""Questions about what caisses send: what is received, from which file, what was refused."""

from __future__ import annotations

import pandas as pd

from access.scope import Scope
from data.ingestion.refusals import Refusal
from data.ingestion.refusals import refusals as all_refusals
from data.store.home import Home
from queries.cached import cached
from queries.run import run


def sent(scope: Scope, build_id: str, year: int) -> pd.DataFrame:
    """What each caisse of the scope sent of a year: ``contract, caisse_code, month, items``.

    ``items`` and ``provisional_items`` (missing where there are none) are codes joined by spaces:
    indicators of the CPG, ``programme:volet`` of the adhesions, ``demandes`` of the MSAP.
    ``caisse_code`` is a department where the caisse of an establishment is not known. No count.
    """
    return run("collection/sent", scope, build_id, year=year)


@cached
def extracts(scope: Scope, build_id: str) -> pd.DataFrame:
    """The extracts that each caisse's figures come from, the latest received last."""
    return run("collection/extracts", scope, build_id)


@cached
def items(scope: Scope, build_id: str) -> pd.DataFrame:
    """What anybody sends: ``contract, item, year, first_month, last_month, month_count``."""
    return run("collection/items", scope, build_id)


def refusals(scope: Scope) -> list[Refusal]:
    """The refused files of the scope's caisses, the latest first; read at each call.

    Neither their errors nor their values: only which file, whose, of which month, and how many
    errors.
    """
    visible = set(scope.territories)
    return [one for one in all_refusals(Home.from_environment()) if one.caisse_code in visible]
