"""Questions about the intéressement."""

from __future__ import annotations

import pandas as pd

from access.scope import Scope
from queries.cached import cached
from queries.run import run


@cached
def weights(scope: Scope, build_id: str) -> pd.DataFrame:
    """Weights by year and share (per cent), each line with the indicators it rests on."""
    return run("interessement/weights", scope, build_id)
