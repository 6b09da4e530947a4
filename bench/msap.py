"""Does the MSAP hold ten million rows? Ten years, 1 400 establishments, 60 procedures.

Rows are written straight into lake files, one a year, then built as an import would build them;
the questions are asked on that build and on the demonstration's.
"""

from __future__ import annotations

import time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import duckdb
import numpy as np
import pandas as pd

from bench.child import measured_in_child
from bench.demonstration import served_build
from bench.measured import Line, median, spread
from bench.questions import scopes
from data.demo.senders import senders
from data.models.build import build
from data.reference.procedures import procedures
from data.store.home import Home
from data.store.registry import Extract
from indicators.suppression import suppress
from queries.run import run

YEARS = range(2007, 2017)
ESTABLISHMENTS = 1400
PROCEDURES = 60
BUILD_AIM_SECONDS = 60.0
SUPPRESSION_AIM_MS = 200.0
RATIO_AIM = 1.5
REPETITIONS = 7
LARGE_BUILD = "msap10years"

QUESTIONS: dict[str, dict[str, Any]] = {
    "msap/by_status": {"territory": "REG-84", "year": 2016},
    "msap/by_procedure": {"territory": "REG-84", "year": 2016},
    "msap/by_territory": {"level": "departement", "year": 2016},
    "msap/by_establishment": {"year": 2016, "within": "REG-84"},
    "msap/timeline": {"territory": "REG-84"},
    "msap/periods": {"territory": "REG-84"},
}
"""What the pages ask first, on a year and a region."""


def measure_msap(home: Home) -> list[Line]:
    """The build of ten million rows, its questions, and the hiding of one large table."""
    made = measured_in_child("bench.msap:build_ten_years", str(home.build_path(LARGE_BUILD)))
    short = served_build(home)
    asked = measured_in_child("bench.msap:ask_both", short, LARGE_BUILD, home=home)
    home.build_path(LARGE_BUILD).unlink()
    rows = f"{made['rows']:,} rows".replace(",", " ")
    lines = [
        Line("msap", "build of ten years", made["seconds"], "s", BUILD_AIM_SECONDS, rows),
        Line("msap", "peak memory of that build", made["peak_mb"], "MB"),
        Line("msap", "size of that build", made["size_mb"], "MB"),
    ]
    return [*lines, *_ratios(asked, short), _suppression_line()]


def _ratios(asked: dict[str, Any], short: str) -> list[Line]:
    """All questions of the pages together over the demonstration's, then one by one."""
    medians = {
        name: (median(taken[short]), median(taken[LARGE_BUILD]))
        for name, taken in asked["milliseconds"].items()
    }
    before, after = (sum(pair[at] for pair in medians.values()) for at in (0, 1))
    name = "questions of the pages, ten years / demonstration"
    note = f"{before:.0f} to {after:.0f} ms"
    lines = [Line("msap", name, after / before, "×", RATIO_AIM, note)]
    for name, (short_ms, long_ms) in medians.items():
        note = f"p50 {short_ms:.1f} to {long_ms:.1f} ms, {asked['rows'][name]} rows"
        lines.append(Line("msap", name, long_ms / short_ms, "×", note=note))
    return lines


def build_ten_years(target: str) -> dict[str, Any]:
    """Write the lake files, then time the build of all marts from them."""
    with TemporaryDirectory(prefix="vigie-msap-") as folder:
        rows_of = {f"msap-{year}": Path(folder) / f"{year}.parquet" for year in YEARS}
        counts = {
            name: write_year(path, int(name.removeprefix("msap-")))
            for name, path in rows_of.items()
        }
        extracts = [_extract(name, count) for name, count in counts.items()]
        Path(target).unlink(missing_ok=True)
        started = time.perf_counter()
        build(extracts, rows_of, [], Path(target))
        seconds = time.perf_counter() - started
    size = Path(target).stat().st_size / 1024**2
    return {"seconds": seconds, "rows": sum(counts.values()), "size_mb": size}


def write_year(path: Path, year: int) -> int:
    """One year of rows: every establishment, month and procedure; returns how many."""
    with duckdb.connect() as connection:
        connection.register("caisses", senders()[["caisse_code"]])
        connection.register("items", _items())
        connection.execute(
            f"""copy (
            with places as (
                select number, (select list(caisse_code order by caisse_code) from caisses)
                    [number % (select count(*) from caisses) + 1] as territory_code
                from range({ESTABLISHMENTS}) as numbers(number)
            ), drawn as (
                select *, cast(hash(number, item, month, {year}) % 1000 as integer) as chance
                from places cross join items cross join range(1, 13) as months(month)
            ), counted as (
                select *, case when chance < 550 then 0 else chance % 5 end as requests from drawn
            )
            select make_date({year}, cast(month as integer), 1) as month, territory_code,
            '00' || lpad(cast(number as varchar), 7, '0') as finess,
            'Établissement fictif ' || number as establishment_name,
            case when number % 2 = 0 then 'public' else 'prive' end as status,
            case when number % 2 = 0 then 'autre_public' else 'prive_bl' end as category,
            domain, procedure, cast(requests as bigint) as requests,
            cast(requests - (requests > 0 and chance % 23 = 0)::int as bigint) as approvals,
            cast((requests > 0 and chance % 23 = 0)::int as bigint) as refusals,
            cast(0 as bigint) as pending, cast(0 as bigint) as emergencies_excluded,
            cast(requests + chance % 60 as bigint) as stays,
            cast(requests as bigint) as answered_within_48h,
            cast(null as date) as window_start, cast(null as date) as window_end,
            cast(null as varchar) as source_sheet,
            row_number() over () + 1 as source_row
            from counted order by month, finess
            ) to '{path}' (format parquet, compression zstd, compression_level 1)"""
        )
        counted = connection.execute("select count(*) from read_parquet(?)", [str(path)]).fetchone()
    return int(counted[0]) if counted else 0


def _items() -> pd.DataFrame:
    """Sixty procedures: those of the referential, then texts that are in none."""
    known = procedures()[["domain", "procedure_name"]].rename(
        columns={"procedure_name": "procedure"}
    )
    others = pd.DataFrame(
        {
            "domain": "chirurgie_ambulatoire",
            "procedure": [f"Geste {number}" for number in range(PROCEDURES - len(known))],
        }
    )
    items = pd.concat([known, others], ignore_index=True)
    return items.assign(item=range(len(items)))


def _extract(name: str, row_count: int) -> Extract:
    return Extract(
        extract_id=name,
        sha256=name,
        contract="msap",
        file_name=f"{name}.csv",
        state="accepted",
        origin="demonstration",
        replaces=False,
        received_by="bench",
        received_at="2017-01-31T00:00:00+00:00",
        row_count=row_count,
    )


def ask_both(short: str, long: str) -> dict[str, Any]:
    """Milliseconds of the pages' questions on both builds in turn, and the rows of the long one."""
    scope = scopes()[0]
    milliseconds: dict[str, dict[str, list[float]]] = {}
    rows: dict[str, int] = {}
    for name, parameters in QUESTIONS.items():
        taken: dict[str, list[float]] = {short: [], long: []}
        for turn in range(REPETITIONS + 1):
            for build_id in (short, long):
                started = time.perf_counter()
                rows[name] = len(run(name, scope, build_id, **parameters))
                if turn:
                    taken[build_id].append((time.perf_counter() - started) * 1000)
        milliseconds[name] = taken
    return {"milliseconds": milliseconds, "rows": rows}


def _suppression_line() -> Line:
    """A table of departments by procedures: half of its counts are small."""
    random = np.random.default_rng(2016)
    table = random.poisson(random.lognormal(2.0, 1.2, (101, PROCEDURES)))
    taken = []
    for _ in range(REPETITIONS):
        started = time.perf_counter()
        suppress(table)
        taken.append((time.perf_counter() - started) * 1000)
    return Line(
        "msap", "hiding in a 101 × 60 table", median(taken), "ms", SUPPRESSION_AIM_MS, spread(taken)
    )
