"""Made-up distributions of professionals for the tests of their drawings."""

from __future__ import annotations

import pandas as pd

from figures.professions import Named
from indicators.distribution import Distribution

NURSES = Named("infirmiers", "en Auvergne-Rhône-Alpes", "departement", 2017)
DEPARTMENTS = (
    ("DEP-03", "Allier", 100, 100_000),
    ("DEP-15", "Cantal", 300, 100_000),
    ("DEP-43", "Haute-Loire", 200, 100_000),
    ("DEP-63", "Puy-de-Dôme", 800, 400_000),
)


def departments(*rows: tuple[str, str, int, int]) -> Distribution:
    """Departments of one region: code, name, professionals, people."""
    codes, names, counts, people = zip(*(rows or DEPARTMENTS), strict=True)
    return Distribution.from_frame(
        pd.DataFrame(
            {
                "territory_code": codes,
                "territory_name": names,
                "department_code": codes,
                "region_code": "REG-84",
                "professionals": counts,
                "population": people,
            }
        )
    )


def many(size: int) -> Distribution:
    """As many EPCI, in one department, from the least to the best served."""
    return Distribution.from_frame(
        pd.DataFrame(
            {
                "territory_code": [f"EPCI-{place:09d}" for place in range(size)],
                "territory_name": [f"CC {place}" for place in range(size)],
                "department_code": "DEP-43",
                "region_code": "REG-84",
                "professionals": range(1, size + 1),
                "population": 1000,
            }
        )
    )
