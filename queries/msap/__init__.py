"""Questions about the MSAP: what was published, and what establishments sent."""

from __future__ import annotations

import pandas as pd

from access.scope import Scope
from queries.cached import cached
from queries.run import run

# What was published: national figures, open to all, kept with their anomalies.


@cached
def published_by_status(
    scope: Scope, build_id: str, year: int | None = None, domain: str | None = None
) -> pd.DataFrame:
    """Published counts by status of the establishments, one row per printed line.

    ``year, domain, source_line, status, is_total``, the printed ``establishments, requests,
    approvals, refusals`` (null where not published), ``decided`` (approvals + refusals), and on
    totals ``computed_*`` (the sum of the table's other lines, blanks left out) and ``blank_*`` (how
    many of them are blank).
    """
    return run("msap/published_by_status", scope, build_id, year=year, domain=domain)


@cached
def published_by_procedure(
    scope: Scope, build_id: str, year: int | None = None, domain: str | None = None
) -> pd.DataFrame:
    """Published counts by procedure, one row per printed line: columns as by status.

    ``procedure`` is the label as printed; ``procedure_code, procedure_name`` what it names, null
    for totals and unknown procedures: two lines may name one procedure. A table that prints no
    total has one more row, ``is_printed`` false, with the computed values alone.
    """
    return run("msap/published_by_procedure", scope, build_id, year=year, domain=domain)


@cached
def published_by_category(scope: Scope, build_id: str, year: int | None = None) -> pd.DataFrame:
    """Published establishments, requests and stays by category, one row per printed line.

    ``perimeter`` (``55_procedures``, ``48_procedures_excluding_ophthalmology``) tells apart the
    tables of one year; ``computed_*`` on totals as by status. Ambulatory surgery only.
    """
    return run("msap/published_by_category", scope, build_id, year=year)


@cached
def published_stays(scope: Scope, build_id: str, year: int | None = None) -> pd.DataFrame:
    """Published requests against stays by procedure, and a total made of the lines.

    ``requests_per_stay_pct`` is as printed, per cent. Ambulatory surgery only.
    """
    return run("msap/published_stays", scope, build_id, year=year)
