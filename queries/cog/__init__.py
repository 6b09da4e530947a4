"""Questions about the COG."""

from __future__ import annotations

import pandas as pd

from access.scope import Scope
from queries.cached import cached
from queries.run import run


@cached
def indicators(scope: Scope, build_id: str) -> pd.DataFrame:
    """The COG's indicators as published, one row per code and year."""
    return run("cog/indicators", scope, build_id)


@cached
def engagements(scope: Scope, build_id: str) -> pd.DataFrame:
    """The commitments of the Cnam (``cnamts``) and of the State (``etat``)."""
    return run("cog/engagements", scope, build_id)
