"""Questions about the government's barometer of results (DITP), the public twin of the CPG."""

from __future__ import annotations

import pandas as pd

from access.scope import Scope
from queries.cached import cached
from queries.run import run


@cached
def progress(
    scope: Scope,
    build_id: str,
    indicator: str | None = None,
    level: str | None = None,
    territory: str | None = None,
) -> pd.DataFrame:
    """How far each territory is from the initial value to the target, by indicator.

    ``progress`` is worked out again from the values, ``published_progress`` is as sent, kept by its
    producer between 0 and 1; values are in the indicator's own unit, dates are those of each value.
    """
    return run(
        "barometer/progress",
        scope,
        build_id,
        indicator=indicator,
        level=level,
        territory=territory,
    )
