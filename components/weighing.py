"""What the objectives of a territory weigh: asked of the publication, the same on every page."""

from __future__ import annotations

import pandas as pd

from access.scope import Scope
from components.perimeter import Perimeter
from indicators.stakes import Weighing, weighing
from queries import cpg, interessement
from queries.cached import shared


@shared(64)
def agreement_weights(scope: Scope, build_id: str) -> pd.DataFrame:
    """The weights of the intéressement of every year: a publication's own, asked once."""
    return interessement.weights(scope, build_id)


def contract_points(scope: Scope, build_id: str, perimeter: Perimeter, year: int) -> pd.DataFrame:
    """The rows of ``cpg.points`` of the territory itself; none where no contract is known."""
    rows = cpg.points(scope, build_id, perimeter.level, year, within=perimeter.code)
    return rows[rows["territory_code"] == perimeter.code]


def territory_weighing(scope: Scope, build_id: str, perimeter: Perimeter, year: int) -> Weighing:
    """What its objectives weigh that year: CPG points where known, else the intéressement."""
    weights = agreement_weights(scope, build_id)
    points = contract_points(scope, build_id, perimeter, year)
    return weighing(weights, points, perimeter.level, year)
