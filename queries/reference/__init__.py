"""Questions about the territories."""

from __future__ import annotations

import pandas as pd

from access.scope import Scope
from queries.cached import cached
from queries.run import run


@cached
def territories(scope: Scope, build_id: str) -> pd.DataFrame:
    """The territories seen in detail, by level and French order of names."""
    return run("reference/territories", scope, build_id)


@cached
def peer_candidates(scope: Scope, build_id: str) -> pd.DataFrame:
    """The territories that a group of peers may hold: name, population, region where it has one.

    The same for every ``scope``: what caisses exist and how many people they cover is public.
    """
    return run("reference/peer_candidates", scope, build_id)
