"""Which values of a file can hardly be what its sender meant, next to what was sent before.

Two slips that no rule over one file sees: a unit that changed by 10, 100 or 1 000, and the values
of two neighbouring lines written each in the place of the other. Both are advisories: the value is
kept as sent.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from data.contracts.finding import Finding
from data.ingestion.losses import Sent, Taken
from data.ingestion.sentences import caisse_named, indicator_named, place, written
from indicators.catalogue import catalogue

CONTRACT = "cpg"
UNIT_CHANGED = "cpg.unit_changed"
VALUES_SWAPPED = "cpg.values_swapped"
FINDINGS_KEPT = 200

FEWEST_MONTHS = 4
LATEST_MONTHS = 12
MONTHS_JUDGED = 24
"""Older months than these are not held against what is usual now."""

TOLERANCE = 0.25
"""How far from the usual value, or from ten times it, a month still passes for it."""

STEADY_RATIO = 1.7
"""A series whose high months (8th tenth) are more than so many times its low ones tells nothing."""

LEAST_VALUE = 20.0
"""Below it, ten times more or less is chance, and a sentence would tell a small count."""

SWAP_TOLERANCE = 0.15
LEAST_SWAPPED = 100.0
"""Two counts below it take each other's value by chance now and then."""

APART = 1.6
"""Two neighbours are told apart where their usual values differ by this much."""

_MEASURE = "coalesce(realised, denominator)"


@dataclass(frozen=True)
class _Doubtful:
    """The two kinds of doubtful lines of a file, as rows."""

    scaled: list[dict[str, Any]]
    scaled_total: int
    swapped: list[dict[str, Any]]
    swapped_total: int


def doubtful(live: Path | None, file: Sent) -> Taken:
    """The advisories over one file of the contract ``cpg``, and how many there are by rule.

    Args:
        live: the build served, None before the first: the other months of the file then tell what
            is usual.
        file: the file on its way, its typed rows.
    """
    found = _looked_for(live, file.rows)
    findings = [_unit_changed(file, row) for row in found.scaled]
    findings += [_swapped(file, row) for row in found.swapped]
    counts = {UNIT_CHANGED: found.scaled_total, VALUES_SWAPPED: found.swapped_total}
    return Taken(tuple(findings), {rule: count for rule, count in counts.items() if count})


def _looked_for(live: Path | None, rows: Path) -> _Doubtful:
    with duckdb.connect(":memory:", config={"threads": 2}) as connection:
        _measure(connection, live, rows)
        _find_scaled(connection)
        _find_swapped(connection)
        return _Doubtful(*_told(connection, "scaled"), *_told(connection, "swapped"))


def _measure(connection: duckdb.DuckDBPyConnection, live: Path | None, rows: Path) -> None:
    """Fill ``sent``: the values of the file with the usual one, of served months or of its own."""
    connection.execute(
        f"create temp table read as select caisse_code::varchar as caisse_code, "
        f"indicator_code::varchar as indicator_code, month, {_MEASURE} as value, "
        f"source_sheet, source_row from read_parquet($rows) where {_MEASURE} is not null",
        {"rows": str(rows)},
    )
    connection.execute("create temp table served as select * from read limit 0")
    if live is not None:
        quoted = str(live).replace("'", "''")
        connection.execute(f"attach '{quoted}' as live (read_only)")
        connection.execute(
            f"insert into served select caisse_code::varchar, indicator_code::varchar, month, "
            f"{_MEASURE}, null, null from live.cpg_provenance where {_MEASURE} is not null "
            "and caisse_code::varchar in (select distinct caisse_code from read)"
        )
    for name in ("served", "read"):
        connection.execute(
            f"create temp table usual_{name} as select caisse_code, indicator_code, "
            "median(value) as usual, "
            "quantile_cont(value, 0.8) / nullif(quantile_cont(value, 0.2), 0) as spread, "
            "count(*) as months from (select *, row_number() over (partition by caisse_code, "
            f"indicator_code order by month desc) as latest from {name}) "
            f"where latest <= {LATEST_MONTHS} group by all having months >= {FEWEST_MONTHS}"
        )
    connection.execute(
        "create temp table sent as select r.*, coalesce(s.usual, o.usual) as usual "
        "from read as r left join usual_served as s using (caisse_code, indicator_code) "
        "left join usual_read as o using (caisse_code, indicator_code) "
        f"where coalesce(s.spread, o.spread) < {STEADY_RATIO} and month >= (select max(month) "
        f"from read) - to_months({MONTHS_JUDGED})"
    )


def _find_scaled(connection: duckdb.DuckDBPyConnection) -> None:
    connection.execute(
        "create temp table scaled as select *, power(10, abs(digits)) as factor from "
        "(select *, round(log10(value / usual)) as digits from sent where usual > 0 and value > 0 "
        f"and least(value, usual) >= {LEAST_VALUE}) "
        "where abs(digits) between 1 and 3 "
        f"and abs(value / (usual * power(10, digits)) - 1) <= {TOLERANCE}"
    )


def _find_swapped(connection: duckdb.DuckDBPyConnection) -> None:
    connection.execute(
        "create temp table swapped as select * from (select *, "
        "lead(caisse_code) over near as other_code, lead(value) over near as other_value, "
        "lead(usual) over near as other_usual, lead(source_row) over near as other_row "
        "from sent window near as "
        "(partition by indicator_code, month order by source_sheet, source_row)) "
        f"where least(usual, other_usual) >= {LEAST_SWAPPED} "
        f"and greatest(usual, other_usual) >= {APART} * least(usual, other_usual) "
        f"and abs(value / other_usual - 1) <= {SWAP_TOLERANCE} "
        f"and abs(other_value / usual - 1) <= {SWAP_TOLERANCE} "
        f"and abs(value / usual - 1) > {SWAP_TOLERANCE} "
        f"and abs(other_value / other_usual - 1) > {SWAP_TOLERANCE}"
    )


def _told(connection: duckdb.DuckDBPyConnection, table: str) -> tuple[list[dict[str, Any]], int]:
    counted = connection.execute(f"select count(*) from {table}").fetchone()
    cursor = connection.execute(f"select * from {table} order by source_row limit {FINDINGS_KEPT}")
    names = [column[0] for column in cursor.description or []]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()], (
        int(counted[0]) if counted else 0
    )


def _unit_changed(file: Sent, row: dict[str, Any]) -> Finding:
    way = "fois plus" if row["digits"] > 0 else "fois moins"
    whose = f"la {caisse_named(row['caisse_code'])} pour {indicator_named(row['indicator_code'])}"
    sentence = (
        f"{written(row['value'])} est environ {written(row['factor'])} {way} que les autres mois "
        f"de {whose} (médiane {written(row['usual'])}) : l’unité a-t-elle changé ? Vérifiez la "
        "valeur et son unité."
    )
    return _finding(UNIT_CHANGED, file, sentence, row)


def _swapped(file: Sent, row: dict[str, Any]) -> Finding:
    other = caisse_named(row["other_code"])
    sentence = (
        f"les valeurs de la {caisse_named(row['caisse_code'])} ({written(row['value'])}) et de "
        f"la {other} ({written(row['other_value'])}, ligne {row['other_row']}) semblent "
        f"échangées : leurs autres mois tournent autour de {written(row['usual'])} et de "
        f"{written(row['other_usual'])}. Vérifiez les deux lignes."
    )
    return _finding(VALUES_SWAPPED, file, sentence, row)


def _finding(rule: str, file: Sent, sentence: str, row: dict[str, Any]) -> Finding:
    is_rate = catalogue()[row["indicator_code"]].unit == "proportion"
    column = file.heading("denominator" if is_rate else "realised", row["source_row"])
    return Finding(
        rule,
        CONTRACT,
        "warning",
        place(file.file_name, row["source_sheet"], row["source_row"], column) + sentence,
        sheet=row["source_sheet"],
        row=row["source_row"],
        column=column,
        value=written(row["value"]),
        expected=row["usual"],
        found=row["value"],
        year=row["month"].year,
        measure="realised",
        territory_code=row["caisse_code"],
        indicator_code=row["indicator_code"],
        month=row["month"],
    )
