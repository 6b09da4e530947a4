"""Which cells an import would change outside of what their series has been doing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb
import numpy as np

from data.ingestion.preview import COMPARED, attach, has_table
from indicators.control_chart import XmrChart, xmr

FEWEST_POINTS = 8
LATEST_POINTS = 37
MOST_CELLS = 5000
ROWS_OF = {
    "cpg": ("cpg_provenance", "caisse_code"),
    "adhesions": ("adhesions_provenance", "caisse_code"),
    "msap": ("msap_provenance", "territory_code"),
}
"""Of what senders send: the mart that tells which extract a row comes from, and whose it is."""
MSAP = "msap"
_VALUE = "coalesce(realised, numerator / nullif(denominator, 0))"


Cells = list[tuple[date, float | None, float]]
Series = list[tuple[date, float]]
Key = tuple[str, str]


@dataclass(frozen=True)
class UnusualCell:
    """A month of a caisse whose new value lies outside the limits of its series.

    ``former`` is null for a month that is added; ``lower`` and ``upper`` are where the series was
    expected that month, from the months served today, the changed ones left out.
    """

    caisse_code: str
    indicator_code: str
    month: date
    former: float | None
    new: float
    lower: float
    upper: float
    side: str


def unusual_cells(live: Path | None, candidate: Path) -> tuple[list[UnusualCell], int]:
    """The cells outside the limits, the furthest first, and how many changed cells were judged.

    Args:
        live: the build served, None before the first.
        candidate: the build that would be.

    What is judged is the step from the month before, since most series climb: its limits are those
    of ``indicators.control_chart.xmr`` over the latest steps. A series of fewer than
    ``FEWEST_POINTS`` months, or that never moves, is not judged.
    """
    if live is None:
        return [], 0
    changed, series = _changed(live, candidate)
    found: list[tuple[float, UnusualCell]] = []
    judged = 0
    for key, cells in changed.items():
        moved = {month for month, _, _ in cells}
        known = [pair for pair in series.get(key, []) if pair[0] not in moved]
        limits = _limits(known)
        if limits is None:
            continue
        for month, former, new in cells:
            before = [value for earlier, value in known if earlier < month]
            if not before:
                continue
            judged += 1
            lower, upper = before[-1] + limits.lower, before[-1] + limits.upper
            if lower <= new <= upper:
                continue
            side = "above" if new > upper else "below"
            beyond = max(lower - new, new - upper) / limits.moving_range
            found.append((beyond, UnusualCell(*key, month, former, new, lower, upper, side)))
    found.sort(key=lambda pair: -pair[0])
    return [cell for _, cell in found], judged


def _limits(known: Series) -> XmrChart | None:
    """The chart of the latest steps of a series; None where it cannot be judged."""
    values = np.array([value for _, value in known[-LATEST_POINTS:]], dtype=float)
    if len(values) < FEWEST_POINTS:
        return None
    chart = xmr(np.diff(values))
    return chart if chart.moving_range > 0 else None


def _changed(live: Path, candidate: Path) -> tuple[dict[Key, Cells], dict[Key, Series]]:
    """The cells added or moved, and the served months of their series."""
    with duckdb.connect(":memory:") as connection:
        attach(connection, live, "live")
        attach(connection, candidate, "candidate")
        rows = connection.execute(
            f"""with old as (select *, {_VALUE} as value from live.cpg_provenance),
            new as (select *, {_VALUE} as value from candidate.cpg_provenance)
            select new.caisse_code, new.indicator_code, new.month, old.value, new.value
            from new left join old using (caisse_code, indicator_code, month)
            where new.value is not null and new.value is distinct from old.value
            order by all limit {MOST_CELLS}"""
        ).fetchall()
        series = connection.execute(
            f"""select caisse_code, indicator_code, month, {_VALUE} as value
            from live.cpg_provenance where value is not null
            and caisse_code in (select unnest($caisses)) order by month""",
            {"caisses": sorted({row[0] for row in rows})},
        ).fetchall()
    changed: dict[Key, Cells] = {}
    for caisse, indicator, month, former, new in rows:
        changed.setdefault((caisse, indicator), []).append((month, former, new))
    known: dict[Key, Series] = {}
    for caisse, indicator, month, value in series:
        if (caisse, indicator) in changed:
            known.setdefault((caisse, indicator), []).append((month, value))
    return changed, known


def touched(live: Path | None, candidate: Path, contract: str) -> tuple[list[str], list[int]]:
    """The caisses or territories, and the years, of which an import says something else, sorted.

    Args:
        live: the build served, None before the first.
        candidate: the build that would be.
        contract: the contract whose mart is compared, by what the preview compares of it.
    """
    if contract == MSAP:
        return spoken_of(live, candidate, contract), []
    mart, key, values = COMPARED[contract]
    place = next((f'"{name}"' for name in ("caisse_code", "territory_code") if name in key), "null")
    year = "year" if "year" in key else "year(month)" if "month" in key else "null"
    columns = ", ".join(f'"{name}"' for name in (*key, *values))
    with duckdb.connect(":memory:") as connection:
        attach(connection, candidate, "candidate")
        sides = [f'select {columns} from candidate."{mart}"']
        if live is not None:
            attach(connection, live, "live")
            if has_table(connection, "live", mart):
                sides.append(f'select {columns} from live."{mart}"')
        one, other = " except ".join(sides), " except ".join(reversed(sides))
        both = one if len(sides) == 1 else f"({one}) union all ({other})"
        rows = connection.execute(f"select distinct {place}, {year} from ({both})").fetchall()
    return (
        sorted({row[0] for row in rows if row[0] is not None}),
        sorted({int(row[1]) for row in rows if row[1] is not None}),
    )


def spoken_of(live: Path | None, candidate: Path, contract: str) -> list[str]:
    """The caisses or territories that extracts not served yet speak of, changed or not, sorted.

    An establishment of the MSAP speaks of the territory that it is served in too.

    Args:
        live: the build served, None before the first.
        candidate: the build that would be.
        contract: one of ``ROWS_OF``.
    """
    mart, place = ROWS_OF[contract]
    with duckdb.connect(":memory:") as connection:
        attach(connection, candidate, "candidate")
        if live is not None:
            attach(connection, live, "live")
        if live is None or not has_table(connection, "live", mart):
            new = f'from candidate."{mart}"'
            query = f'select distinct "{place}" as place {new}'
        else:
            served = f'select extract_id from live."{mart}"'
            new = f'from candidate."{mart}" where extract_id not in ({served})'
            query = f'select distinct "{place}" as place {new}'
            if contract == MSAP:
                query += (
                    f' union select territory_code from live."{mart}" '
                    f"where finess in (select finess {new})"
                )
        rows = connection.execute(
            f"select place from ({query}) where place is not null order by 1"
        ).fetchall()
    return [row[0] for row in rows]
