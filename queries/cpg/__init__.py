"""Questions about the CPG: attainment of the objectives, and what lies behind it."""

from __future__ import annotations

import pandas as pd

from access.scope import Scope
from indicators.changes import Changes, counted_cells, flipped
from queries.cached import cached, cached_briefly
from queries.run import OtherVersionError, allowed, run

POINTS_COLUMNS = [
    "territory_code",
    "year",
    "indicator_code",
    "points",
    "is_average",
    "caisses_with_points",
    "caisses_expected",
    "file_name",
]


@cached
def attainment(
    scope: Scope, build_id: str, level: str, year: int, within: str | None = None
) -> pd.DataFrame:
    """Attainment of every objective of a year, by territory of a level.

    One row per territory in the scope (under ``within`` when given) and indicator, whether
    anything was sent or not. Rates and attainment are proportions, other values in the
    indicator's unit; missing where not applicable, not sent or hidden (``is_hidden``).
    ``peer_rank`` among the ``peer_count`` shown figures of the level: 1 is the best. ``status``
    is ``too_few`` where it would rest on a handful of patients.
    """
    return run("cpg/attainment", scope, build_id, level=level, year=year, within=within)


@cached
def peers(scope: Scope, build_id: str, level: str, year: int) -> pd.DataFrame:
    """Quartiles of attainment over all territories of a level, one row per indicator."""
    return run("cpg/peers", scope, build_id, level=level, year=year)


@cached
def peer_group(
    scope: Scope, build_id: str, level: str, year: int, members: tuple[str, ...]
) -> pd.DataFrame:
    """Quartiles of attainment over chosen territories of a level, with the columns of ``peers``.

    One row per indicator, hidden figures left out; ``territory_count`` and the quartiles are
    missing where fewer than five are known. Whoever asks, the answer is the same.

    Args:
        scope: who asks.
        build_id: the publication.
        level: the members' level.
        year: the year judged.
        members: codes of the territories, in any order; those of another level do not count.

    Raises: QuestionError for fewer than five different codes.
    """
    return run("cpg/peer_group", scope, build_id, level=level, year=year, members=members)


@cached
def monthly(scope: Scope, build_id: str, territory: str, indicator: str, year: int) -> pd.DataFrame:
    """The months of one figure, those of the three former years included.

    ``realised`` is the month's own value, ``cumulated`` the year's so far (a rate, or a stock's
    last value), ``objective_to_date`` what the objective asks by that month. A rate comes with
    the month's ``numerator`` and ``denominator``.
    """
    return run("cpg/monthly", scope, build_id, territory=territory, indicator=indicator, year=year)


@cached_briefly
def territory_months(scope: Scope, build_id: str, territory: str, year: int) -> pd.DataFrame:
    """The months of every figure of one territory: ``monthly`` of all its indicators at once."""
    return run("cpg/territory_months", scope, build_id, territory=territory, year=year)


@cached
def indicator_months(
    scope: Scope, build_id: str, level: str, indicator: str, year: int, within: str | None = None
) -> pd.DataFrame:
    """The months of one objective in every territory of a level: what each had reached by when.

    ``cumulated`` and ``objective_to_date`` of the year and the three before, by
    ``territory_code`` and ``month``.
    """
    return run(
        "cpg/indicator_months",
        scope,
        build_id,
        level=level,
        indicator=indicator,
        year=year,
        within=within,
    )


@cached
def steady_months(scope: Scope, build_id: str, territory: str, year: int) -> pd.DataFrame:
    """The months of the caisses that sent all of them: what a chart compares like with like.

    For the indicators of ``territory`` of which some caisses left a month out in the year or the
    three before and eight in ten did not; the columns of ``territory_months`` that a chart needs.
    ``senders_received`` caisses of ``caisse_count`` that sent anything. Nothing is told from which
    a month of a caisse that the person may not see could be worked back.
    """
    return run("cpg/steady_months", scope, build_id, territory=territory, year=year)


@cached
def seasonality(
    scope: Scope, build_id: str, level: str, year: int, profile: str | None = None
) -> pd.DataFrame:
    """How far the year usually is by each month, for ``indicators.landings.landings``.

    One row per cumulated indicator and month (1 to 12) of the territories of ``level``; ``profile``
    is the region of the territory, the country's profile stands in where it has none of its own.
    ``usual_share`` is a proportion of the year, missing without a former year; ``error_sd`` the
    root mean square of ``error_count`` past log errors of the peers, none for the country;
    ``objective_share`` the proportion of the year's objective due by then.
    """
    return run("cpg/seasonality", scope, build_id, level=level, year=year, profile=profile)


@cached
def senders(scope: Scope, build_id: str, year: int) -> pd.DataFrame:
    """What each caisse of the scope has sent of a year: months received, missing, last one."""
    return run("cpg/senders", scope, build_id, year=year)


@cached_briefly
def provenance(
    scope: Scope, build_id: str, territory: str, indicator: str, year: int
) -> pd.DataFrame:
    """File, sheet, row, person and day of each caisse's month behind one figure."""
    return run(
        "cpg/provenance", scope, build_id, territory=territory, indicator=indicator, year=year
    )


@cached
def points(
    scope: Scope, build_id: str, level: str, year: int, within: str | None = None
) -> pd.DataFrame:
    """What each indicator weighs in the CPG's score: ``POINTS_COLUMNS``, a row per indicator.

    A caisse has the points of its contract, a DRSM those of its own; a wider territory the mean of
    its caisses (``is_average`` where their contracts differ), missing while ``caisses_with_points``
    is short of ``caisses_expected``. ``file_name`` names the extracts, joined by `` / ``. Empty
    where none of the year is known, and in a publication of a version that knew no points.
    """
    try:
        return run("cpg/points", scope, build_id, level=level, year=year, within=within)
    except OtherVersionError:
        return pd.DataFrame(columns=POINTS_COLUMNS)


@cached
def published(scope: Scope, build_id: str, level: str, year: int) -> pd.DataFrame:
    """Attainment as published, with the keys of ``attainment``; objectives were not published."""
    return run("cpg/published", scope, build_id, level=level, year=year)


@cached
def reconciliation(scope: Scope, build_id: str, year: int) -> pd.DataFrame:
    """Published attainment beside the roll-up of what caisses sent, with the verdict.

    ``verdict``: ``equal`` to the rounding of what was published, ``different`` or
    ``not_computable``; ``from_published_rates`` is ``not_recomputable`` for an aggregate.
    """
    return run("cpg/reconciliation", scope, build_id, year=year)


@cached
def changes(
    scope: Scope,
    build_id: str,
    former_build_id: str,
    level: str,
    year: int,
    within: str | None = None,
) -> Changes:
    """What a publication changed of a year since a former one, as far as the person may see.

    ``flips`` holds the territories of ``level``, judged by the attainment to date; ``cells`` counts
    what the caisses of the scope sent (under ``within`` when given).
    """
    cells = [
        _with_withheld(run("cpg/cells", scope, build, year=year, within=within), scope)
        for build in (former_build_id, build_id)
    ]
    return Changes(
        flips(scope, build_id, former_build_id, level, year, within), counted_cells(*cells)
    )


@cached
def flips(
    scope: Scope,
    build_id: str,
    former_build_id: str,
    level: str,
    year: int,
    within: str | None = None,
) -> pd.DataFrame:
    """The ``flips`` of ``changes`` alone: statuses of the territories of ``level``."""
    asked = {"level": level, "year": year, "within": within}
    figures = [
        _with_withheld(run("cpg/judgements", scope, build, **asked), scope)
        for build in (former_build_id, build_id)
    ]
    return flipped(*figures)


def _with_withheld(frame: pd.DataFrame, scope: Scope) -> pd.DataFrame:
    """The rows with ``is_withheld``: what ``run`` kept from the person, told from what is empty."""
    return frame.assign(is_withheld=frame["is_hidden"].astype(bool) & ~allowed(frame, scope))
