"""Which cells an import would change outside of what their series has been doing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb
import numpy as np

from indicators.control_chart import xmr

FEWEST_POINTS = 8
MOST_CELLS = 5000
_VALUE = "coalesce(realised, numerator / nullif(denominator, 0))"


@dataclass(frozen=True)
class UnusualCell:
    """A month of a caisse whose new value lies outside the limits of its series.

    ``former`` is null for a month that is added; ``lower`` and ``upper`` are the natural limits of
    the months served today, the changed ones left out.
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

    A series of fewer than ``FEWEST_POINTS`` months is not judged; its limits are those of
    ``indicators.control_chart.xmr``.
    """
    if live is None:
        return [], 0
    changed, series = _changed(live, candidate)
    found: list[tuple[float, UnusualCell]] = []
    judged = 0
    for (caisse, indicator), cells in changed.items():
        moved = {month for month, _, _ in cells}
        known = [
            value for month, value in series.get((caisse, indicator), []) if month not in moved
        ]
        if len(known) < FEWEST_POINTS:
            continue
        chart = xmr(np.array(known, dtype=float))
        for month, former, new in cells:
            judged += 1
            if chart.lower <= new <= chart.upper:
                continue
            beyond = max(chart.lower - new, new - chart.upper)
            cell = UnusualCell(
                caisse,
                indicator,
                month,
                former,
                new,
                chart.lower,
                chart.upper,
                "above" if new > chart.upper else "below",
            )
            found.append((beyond / max(chart.moving_range, 1e-12), cell))
    found.sort(key=lambda pair: -pair[0])
    return [cell for _, cell in found], judged


Cells = list[tuple[date, float | None, float]]
Series = list[tuple[date, float]]
Key = tuple[str, str]


def _changed(live: Path, candidate: Path) -> tuple[dict[Key, Cells], dict[Key, Series]]:
    """The cells added or moved, and the served months of their series."""
    with duckdb.connect(":memory:") as connection:
        for path, name in ((live, "live"), (candidate, "candidate")):
            quoted = str(path).replace("'", "''")
            connection.execute(f"attach '{quoted}' as {name} (read_only)")
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


def territories_touched(live: Path | None, candidate: Path, mart: str) -> list[str]:
    """The caisses or territories of a mart that the import says something else of, sorted.

    Rows are compared by all that the mart holds of a territory.
    """
    with duckdb.connect(":memory:") as connection:
        quoted = str(candidate).replace("'", "''")
        connection.execute(f"attach '{quoted}' as candidate (read_only)")
        columns = [
            row[0]
            for row in connection.execute(
                "select column_name from duckdb_columns() where database_name = 'candidate' "
                "and table_name = ?",
                [mart],
            ).fetchall()
        ]
        place = next((name for name in ("caisse_code", "territory_code") if name in columns), None)
        if place is None:
            return []
        told = f'select distinct "{place}" from ({{}}) where "{place}" is not null order by 1'
        listed = ", ".join(
            f'"{name}"' for name in columns if name not in {"received_at", "received_by"}
        )
        source = f'select {listed} from candidate."{mart}"'
        if live is not None:
            quoted = str(live).replace("'", "''")
            connection.execute(f"attach '{quoted}' as live (read_only)")
            had = connection.execute(
                "select count(*) from duckdb_columns() where database_name = 'live' "
                "and table_name = ? and column_name in (select unnest(?))",
                [mart, columns],
            ).fetchall()[0][0]
            if had == len(columns):
                source += f' except select {listed} from live."{mart}"'
        return [row[0] for row in connection.execute(told.format(source)).fetchall()]
