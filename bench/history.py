"""Do the pages' questions cost the same when a hundred times the facts have been published?"""

from __future__ import annotations

import time
from typing import Any

import duckdb

from bench.child import measured_in_child
from bench.demonstration import served_build
from bench.measured import Line, median
from data.store.home import Home

FOLD = 100
RATIO_AIM = 1.5
LONG_BUILD = "history"
LENGTHENED = ("cpg_", "msap_")
# Below this, what is compared is the call itself and not the query.
NOTICEABLE_MS = 1.0


def lengthen(build_path: str, target_path: str, fold: str) -> dict[str, Any]:
    """Write the build again with ``fold`` times its years, each period set before the former.

    The marts keep their order (year first), their columns and the years that people ask for; years
    run back into the Middle Ages, which costs the same as any other years.
    """
    started = time.perf_counter()
    connection = duckdb.connect(target_path)
    connection.execute(f"attach '{build_path}' as former (read_only)")
    names = connection.execute(
        "select table_name from duckdb_tables() where database_name = 'former'"
    ).fetchall()
    rows = 0
    for (name,) in names:
        rows += _lengthen_table(connection, name, int(fold))
    connection.close()
    return {"seconds": time.perf_counter() - started, "rows": rows}


def _lengthen_table(connection: duckdb.DuckDBPyConnection, name: str, fold: int) -> int:
    columns = dict(
        connection.execute(
            "select column_name, data_type from duckdb_columns() "
            "where database_name = 'former' and table_name = ?",
            [name],
        ).fetchall()
    )
    # Findings and extracts tell of files; the reference has no year.
    if "year" not in columns or not name.startswith(LENGTHENED):
        connection.execute(f'create table "{name}" as select * from former."{name}"')
    else:
        months = [column for column, kind in columns.items() if kind == "DATE"]
        shifted = ["cast(year - past * span as integer) as year"]
        shifted += [
            f"cast({column} - to_years(cast(past * span as integer)) as date) as {column}"
            for column in months
        ]
        connection.execute(
            f'create table "{name}" as '
            f"select source.* replace ({', '.join(shifted)}) "
            f'from former."{name}" as source '
            f"cross join range({fold}) as pasts(past) "
            f'cross join (select max(year) - min(year) + 1 as span from former."{name}") as spans '
            "order by past desc, source.rowid"
        )
    counted = connection.execute(f'select count(*) from "{name}"').fetchone()
    return int(counted[0]) if counted else 0


def measure_history(home: Home) -> list[Line]:
    """Time of the questions on the long history over their time on the demonstration build."""
    short = served_build(home)
    made = measured_in_child(
        "bench.history:lengthen",
        str(home.build_path(short)),
        str(home.build_path(LONG_BUILD)),
        str(FOLD),
    )
    asked = measured_in_child("bench.questions:ask_all", short, LONG_BUILD, home=home)
    samples = asked["milliseconds"]
    home.build_path(LONG_BUILD).unlink()
    return compared(samples[short], samples[LONG_BUILD], made["rows"])


def compared(short: dict[str, list[float]], long: dict[str, list[float]], rows: int) -> list[Line]:
    """The ratio over all questions, then question by question."""
    total = sum(map(sum, long.values())) / sum(map(sum, short.values()))
    note = f"{rows:,} rows in the marts".replace(",", " ")
    lines = [
        Line("history", f"all questions, {FOLD} × the facts / 1 ×", total, "×", RATIO_AIM, note)
    ]
    for name, taken in long.items():
        before, after = median(short[name]), median(taken)
        aim = RATIO_AIM if after >= NOTICEABLE_MS else None
        lines.append(
            Line("history", name, after / before, "×", aim, f"p50 {before:.1f} to {after:.1f} ms")
        )
    return lines
