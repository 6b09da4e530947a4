"""Questions about the publication itself: its extracts, findings, years."""

from __future__ import annotations

import pandas as pd

from access.scope import Scope
from queries.cached import cached
from queries.run import run


@cached
def extracts(scope: Scope, build_id: str) -> pd.DataFrame:
    """The extracts served, in the order in which they count."""
    return run("store/extracts", scope, build_id)


@cached
def findings(scope: Scope, build_id: str) -> pd.DataFrame:
    """What was found in them, about territories of the scope or about none.

    ``sentence`` gives no figure that is withheld from the person.
    """
    frame = run("store/findings", scope, build_id)
    return frame.assign(sentence=frame["sentence"].fillna(frame["sentence_without_figures"]))


@cached
def build(scope: Scope, build_id: str) -> pd.DataFrame:
    """One row: identifier, counts of extracts by origin, newest receipt (UTC), last month."""
    return run("store/build", scope, build_id)


@cached
def years(scope: Scope, build_id: str) -> pd.DataFrame:
    """The years with CPG figures, newest first: ``year, last_month, is_open_year``."""
    return run("store/years", scope, build_id)
