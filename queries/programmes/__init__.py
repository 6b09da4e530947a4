"""Questions about the programmes: PRADO, Sophia, DMP, online services, delays after hospital.

Published figures are public: whoever may see something sees them all. What caisses sent in the same
form is seen by whoever sees the caisse, its counts by whoever has the right to small numbers.
"""

from __future__ import annotations

import pandas as pd

from access.scope import Scope
from queries.cached import cached
from queries.run import run


@cached
def prado_productivity(scope: Scope, build_id: str, volet: str | None = None) -> pd.DataFrame:
    """Adhesions per counsellor (FTE) and month, by period and volet, and the counsellors.

    ``adhesions_per_month`` is what both make together. A period is told by its last ``month`` and
    its ``month_count``.
    """
    return run("programmes/prado_productivity", scope, build_id, volet=volet)


@cached
def prado_totals(scope: Scope, build_id: str) -> pd.DataFrame:
    """Published adhesions over all volets by year and source, with the objective and its revision.

    Two rows of one year are two sources: both are kept. ``attainment`` is a proportion.
    """
    return run("programmes/prado_totals", scope, build_id)


@cached
def prado_coverage(scope: Scope, build_id: str, year: int | None = None) -> pd.DataFrame:
    """Sites and establishments that propose each volet, against those that could; rates in [0, 1].

    ``published_establishments_rate`` is the printed one, rounded to a whole per cent.
    """
    return run("programmes/prado_coverage", scope, build_id, year=year)


@cached
def costs(
    scope: Scope, build_id: str, programme: str | None = None, year: int | None = None
) -> pd.DataFrame:
    """Items of cost and yield, each ``value`` in its ``unit``; ``hypothesis`` may be changed."""
    return run("programmes/costs", scope, build_id, programme=programme, year=year)


@cached
def savings(
    scope: Scope, build_id: str, programme: str | None = None, year: int | None = None
) -> pd.DataFrame:
    """Savings expected by volet in millions of euros, negative; a blank was not published."""
    return run("programmes/savings", scope, build_id, programme=programme, year=year)


@cached
def sophia_funnel(scope: Scope, build_id: str, year: int | None = None) -> pd.DataFrame:
    """The steps of each call campaign in order, and the share of the patients reached, in [0, 1].

    There are more calls made than patients aimed at: one patient may be called several times.
    """
    return run("programmes/sophia_funnel", scope, build_id, year=year)


@cached
def dmp(scope: Scope, build_id: str) -> pd.DataFrame:
    """Shared medical records open at a date, a stock, and for 1 000 inhabitants."""
    return run("programmes/dmp", scope, build_id)


@cached
def first_contact_delay(scope: Scope, build_id: str, year: int | None = None) -> pd.DataFrame:
    """Mean days to the first contact with each professional, with PRADO and without."""
    return run("programmes/first_contact_delay", scope, build_id, year=year)


@cached
def consultation_delay(scope: Scope, build_id: str, year: int | None = None) -> pd.DataFrame:
    """Consultations by class of days, with the class's width, density and share."""
    return run("programmes/consultation_delay", scope, build_id, year=year)


@cached
def teleservices(scope: Scope, build_id: str, year: int | None = None) -> pd.DataFrame:
    """Rates of online services by source, in [0, 1], and acts at a distance by ``volume_span``."""
    return run("programmes/teleservices", scope, build_id, year=year)
