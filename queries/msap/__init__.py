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


# What establishments sent: counts of patients' requests, hidden by the scope's right.
#
# Frames share `requests, approvals, refusals, pending, emergencies_excluded, stays,
# answered_within_48h`, `decided` (approvals + refusals of the rows that give both),
# `decided_approvals` (their approvals: what a rate and a funnel are made of), `incomplete_rows`
# (rows with requests but without decisions), `approval_rate` (a proportion). Flags tell what is
# hidden: `is_requests_hidden`, `is_decisions_hidden` (the decided requests and their rate, with all
# that follows), `is_parts_hidden` (approvals, refusals and pending requests as they were sent),
# `is_answers_hidden`, `is_stays_hidden`, `is_emergencies_hidden`, and `is_hidden` (requests or
# decisions).


@cached
def by_status(
    scope: Scope,
    build_id: str,
    territory: str | None = None,
    year: int | None = None,
    domain: str | None = None,
) -> pd.DataFrame:
    """Counts of a territory (France if None) by domain and status, `total` among both.

    One row per year, domain and status; `establishments` counts those with a row.
    """
    return run("msap/by_status", scope, build_id, territory=territory, year=year, domain=domain)


@cached
def by_procedure(
    scope: Scope,
    build_id: str,
    territory: str | None = None,
    year: int | None = None,
    domain: str | None = None,
) -> pd.DataFrame:
    """Counts of a territory (France if None) by procedure: the most asked for first, hidden last.

    `is_known` is false for a text that is in no referential; `procedure_name` is that text then.
    """
    return run("msap/by_procedure", scope, build_id, territory=territory, year=year, domain=domain)


@cached
def by_territory(
    scope: Scope,
    build_id: str,
    level: str,
    year: int,
    domain: str | None = None,
    within: str | None = None,
) -> pd.DataFrame:
    """Counts of every territory of a level, one row each; a territory without rows is absent.

    Args:
        scope: who asks.
        build_id: the publication.
        level: the rows' level.
        year: the year.
        domain: all of them together if None.
        within: only territories under this one.
    """
    return run(
        "msap/by_territory", scope, build_id, level=level, year=year, domain=domain, within=within
    )


@cached
def by_establishment(
    scope: Scope,
    build_id: str,
    year: int,
    domain: str | None = None,
    within: str | None = None,
) -> pd.DataFrame:
    """Counts of every establishment, one row each, all domains together if None.

    `expected_approvals` are its decided requests at the country's approval rate of each procedure,
    `expected_requests` its stays at the country's requests per stay of each. `territory_code` is
    its caisse where known, else its department.
    """
    return run("msap/by_establishment", scope, build_id, year=year, domain=domain, within=within)


@cached
def establishment(
    scope: Scope, build_id: str, finess: str, year: int | None = None
) -> pd.DataFrame:
    """One establishment by year and domain, `total` among them: columns of `by_establishment`."""
    return run("msap/establishment", scope, build_id, finess=finess, year=year)


@cached
def establishment_procedures(
    scope: Scope,
    build_id: str,
    finess: str,
    year: int | None = None,
    domain: str | None = None,
) -> pd.DataFrame:
    """The procedures of one establishment by year."""
    return run(
        "msap/establishment_procedures", scope, build_id, finess=finess, year=year, domain=domain
    )


@cached
def timeline(
    scope: Scope, build_id: str, territory: str | None = None, domain: str | None = None
) -> pd.DataFrame:
    """The months of a territory (France if None), all withheld without the right: see `periods`."""
    return run("msap/timeline", scope, build_id, territory=territory, domain=domain)


@cached
def establishment_timeline(
    scope: Scope, build_id: str, finess: str, domain: str | None = None
) -> pd.DataFrame:
    """The months of one establishment, all withheld without the right: see `periods`."""
    return run("msap/establishment_timeline", scope, build_id, finess=finess, domain=domain)


@cached
def periods(
    scope: Scope,
    build_id: str,
    territory: str | None = None,
    finess: str | None = None,
    domain: str | None = None,
) -> pd.DataFrame:
    """Years in periods of whole quarters with at least 11 requests: what everybody may see.

    Of one establishment where `finess` is given, else of a territory (France if None). A period
    runs from `first_month` to `last_month`, both included; it never leaves its year.
    """
    return run("msap/periods", scope, build_id, territory=territory, finess=finess, domain=domain)


@cached
def windows(
    scope: Scope,
    build_id: str,
    finess: str | None = None,
    domain: str | None = None,
    within: str | None = None,
) -> pd.DataFrame:
    """MSAP windows, three rows each: `phase` before (six months), during, after (six months).

    The dates are everybody's; the counts are withheld without the right. `first_month` and
    `last_month` are the months that sent something.
    """
    return run("msap/windows", scope, build_id, finess=finess, domain=domain, within=within)


@cached
def provenance(scope: Scope, build_id: str, finess: str, year: int | None = None) -> pd.DataFrame:
    """File, lines, person and day of each month of one establishment."""
    return run("msap/provenance", scope, build_id, finess=finess, year=year)
