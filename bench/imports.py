"""What does the import of a million rows cost, next to DuckDB just reading the file?"""

from __future__ import annotations

import itertools
import shutil
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import duckdb
import openpyxl
import pandas as pd
import python_calamine

from bench.child import measured_in_child
from bench.demonstration import served_build, temporary_home
from bench.measured import Line, median, spread
from data.ingestion.draft_work import work
from data.ingestion.publish import Request, lake_path, publish
from data.ingestion.read import read
from data.ingestion.validate import validate
from data.models.build import build
from data.reference.territories import territories
from data.store import drafts
from data.store.home import Home
from data.store.registry import Registry
from indicators.catalogue import catalogue

ROWS = 1_000_000
WARM_UP_ROWS = 5_000
RATIO_AIM = 4.0
MEMORY_AIM_MB = 1000.0
WORKBOOK_ROWS = 100_000
WORKBOOK_RATIO_AIM = 2.0
REPETITIONS = 3
LAST_MONTH = "2013-12-01"  # just before the demonstration begins: every row is a new one


def indicators_of_cpg() -> pd.DataFrame:
    """What caisses send: ``indicator_code, is_rate, components`` (their number), ``sort_order``."""
    return pd.DataFrame(
        [
            {
                "indicator_code": indicator.code,
                "is_rate": indicator.aggregation.territories == "ratio_of_sums",
                "components": len(indicator.components),
                "sort_order": position,
            }
            for position, indicator in enumerate(catalogue().values())
            if indicator.in_cpg
        ]
    )


def write_extract(path: Path, rows: int) -> None:
    """A valid extract of exactly ``rows`` lines: caisse × indicator × month, back from 2013.

    Values come from a hash of caisse and month: the same file each time, and a total over several
    indicators is what its parts add up to.
    """
    connection = duckdb.connect()
    caisses = territories().query("level == 'caisse' and has_cpg")[["territory_code"]]
    connection.register("caisses", caisses)
    connection.register("indicators", indicators_of_cpg())
    connection.execute(
        f"""
        copy (
            with keys as (
                select
                    territory_code, indicator_code, is_rate, components,
                    date '{LAST_MONTH}' - to_months(cast(past as integer)) as month,
                    hash(territory_code, past) % 900 + 100 as level
                from range(600) as pasts(past) cross join caisses cross join indicators
                order by past, territory_code, sort_order
                limit {rows}
            )
            select
                territory_code as "Caisse",
                indicator_code as "Indicateur",
                strftime(month, '%Y-%m') as "Mois",
                case when not is_rate then level * greatest(components, 1) end as "Réalisé",
                case when is_rate then level * 8 end as "Numérateur",
                case when is_rate then level * 10 end as "Dénominateur",
                case when is_rate then 0.85 else 6000 end as "Objectif annuel",
                'définitif' as "Statut"
            from keys
        ) to '{path}' (header, delimiter ';')
        """
    )
    connection.close()


def read_with_duckdb(path: str) -> dict[str, Any]:
    """The yardstick: ``read_csv`` into a table in memory, nothing checked."""
    connection = duckdb.connect()
    started = time.perf_counter()
    connection.execute("create table facts as select * from read_csv(?)", [path])
    seconds = time.perf_counter() - started
    counted = connection.execute("select count(*) from facts").fetchone()
    return {"seconds": seconds, "rows": counted[0] if counted else 0}


def write_workbook(extract: Path, workbook: Path) -> None:
    """The extract as a workbook whose months are days and whose values are numbers."""
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("CPG")
    rows = pd.read_csv(extract, sep=";")
    sheet.append(list(rows.columns))
    rows["Mois"] = pd.to_datetime(rows["Mois"])
    blank = rows.astype(object).where(rows.notna(), None)
    for row in blank.itertuples(index=False):
        sheet.append(list(row))
    book.save(workbook)


def read_with_calamine(path: str) -> dict[str, Any]:
    """The yardstick: every cell of the workbook as a Python object, nothing looked at."""
    started = time.perf_counter()
    with Path(path).open("rb") as stream:
        sheet = python_calamine.CalamineWorkbook.from_filelike(stream).get_sheet_by_index(0)
        rows = sheet.to_python()
    return {"seconds": time.perf_counter() - started, "rows": len(rows)}


def read_workbook(path: str) -> dict[str, Any]:
    """The workbook read as an import does: in another process, under limits, as text."""
    started = time.perf_counter()
    received = read(Path(path))
    return {"seconds": time.perf_counter() - started, "rows": len(received.sheets[0].rows)}


def measure_workbook() -> list[Line]:
    """A workbook of ``WORKBOOK_ROWS`` lines, next to the library that parses it alone."""
    with TemporaryDirectory() as folder:
        extract, path = Path(folder) / "extract.csv", Path(folder) / "extract.xlsx"
        write_extract(extract, WORKBOOK_ROWS)
        write_workbook(extract, path)
        bare, whole = [], []
        for _ in range(REPETITIONS):
            bare.append(measured_in_child("bench.imports:read_with_calamine", str(path)))
            whole.append(measured_in_child("bench.imports:read_workbook", str(path)))
    alone, ours = [one["seconds"] for one in bare], [one["seconds"] for one in whole]
    rows = f"{WORKBOOK_ROWS:,}".replace(",", " ")
    ratio = median(ours) / median(alone)
    return [
        Line("import", f"calamine alone, {rows} rows", median(alone), "s", note=spread(alone)),
        Line("import", "workbook read as text, apart", median(ours), "s", note=spread(ours)),
        Line("import", "workbook read / calamine alone", ratio, "×", WORKBOOK_RATIO_AIM),
    ]


def validate_into_lake(path: str, warm_up: str, out: str) -> dict[str, Any]:
    """From the file to validated rows in Parquet, in a process that has read one small file."""
    validate(Path(warm_up), "warm-up.csv", None, Path(out).with_suffix(".warm-up.parquet"))
    started = time.perf_counter()
    validation = validate(Path(path), "million.csv", None, Path(out))
    seconds = time.perf_counter() - started
    if validation.errors or validation.row_count != ROWS:
        raise ValueError(f"The bench's own file is not valid: {validation.errors[:2]}")
    return {"seconds": seconds}


def publish_whole(path: str) -> dict[str, Any]:
    """The whole import into the home of the environment, seconds of each stage beside it."""
    marks: list[tuple[str, float]] = []
    started = time.perf_counter()
    (outcome,) = publish(
        [Path(path)],
        Home.from_environment(),
        Request(person="bench", progress=lambda stage: marks.append((stage, time.perf_counter()))),
    )
    ended = time.perf_counter()
    if outcome.state != "published":
        raise ValueError(outcome.sentence)
    after = [moment for _, moment in marks[1:]] + [ended]
    stages: dict[str, float] = {}
    for (stage, began), finished in zip(marks, after, strict=True):
        stages[stage] = stages.get(stage, 0.0) + finished - began
    return {"seconds": ended - started, "stages": stages}


def upload_and_publish(path: str) -> dict[str, Any]:
    """As the page does: a dépôt in the home of the environment, its check, its publication."""
    home = Home.from_environment()
    marks = [time.perf_counter()]
    with Path(path).open("rb") as stream:
        draft = drafts.new_draft(
            home,
            person="national:FR",
            label="bench",
            sender="bench",
            received=[("million.csv", None, stream)],
        )
    marks.append(time.perf_counter())
    for kind in ("check", "publish"):
        draft = drafts.begun(draft, "check" if kind == "check" else "publish", 0)
        drafts.save(home, draft)
        work(home, draft)
        report = drafts.read_json(drafts.report_path(home, draft))
        if report["failure"] or any(file["state"] == "rejected" for file in report["files"]):
            raise ValueError(str(report)[:400])
        marks.append(time.perf_counter())
    upload, check, publication = (after - before for before, after in itertools.pairwise(marks))
    return {"upload": upload, "check": check, "publish": publication}


def build_again() -> dict[str, Any]:
    """The build of what the home of the environment serves, into a file of its own."""
    home = Home.from_environment()
    registry = Registry(home)
    extracts = registry.extracts_of(home.current_build_id())
    rows_of = {extract.extract_id: lake_path(home, extract) for extract in extracts}
    findings = registry.findings_of(list(rows_of))
    with TemporaryDirectory() as folder:
        started = time.perf_counter()
        build(extracts, rows_of, findings, Path(folder) / "again.duckdb")
        return {"seconds": time.perf_counter() - started}


def measure_import(home: Home) -> list[Line]:
    """The yardstick, validation, the whole import, the build, and the memory of each."""
    with temporary_home() as copy:
        path, warm_up = copy.root / "million.csv", copy.root / "warm-up.csv"
        write_extract(path, ROWS)
        write_extract(warm_up, WARM_UP_ROWS)
        yardstick, validated = [], []
        for _ in range(REPETITIONS):
            yardstick.append(measured_in_child("bench.imports:read_with_duckdb", str(path)))
            out = copy.work / "million.parquet"
            arguments = (str(path), str(warm_up), str(out))
            validated.append(measured_in_child("bench.imports:validate_into_lake", *arguments))
        again = measured_in_child("bench.imports:build_again", home=home)
        shutil.rmtree(copy.root / "work")
        shutil.copytree(home.root, copy.root, dirs_exist_ok=True)
        whole = measured_in_child("bench.imports:publish_whole", str(path), home=copy)
        served_build(copy)
    with temporary_home() as copy:
        path = copy.root / "million.csv"
        write_extract(path, ROWS)
        shutil.copytree(home.root, copy.root, dirs_exist_ok=True)
        page = measured_in_child("bench.imports:upload_and_publish", str(path), home=copy)
    return [
        *_lines(yardstick, validated, again, whole),
        *_page_lines(yardstick, page),
        *measure_workbook(),
    ]


def _page_lines(yardstick: list[dict[str, Any]], page: dict[str, Any]) -> list[Line]:
    """From the upload to what is served, without the time that a person takes to read."""
    whole = page["upload"] + page["check"] + page["publish"]
    read = median([one["seconds"] for one in yardstick])
    parts = ", ".join(f"{name} {page[name]:.1f}" for name in ("upload", "check", "publish"))
    return [
        Line("import", "from upload to published, by the page", whole, "s", note=parts),
        Line("import", "from upload to published / read_csv", whole / read, "×", RATIO_AIM),
        Line(
            "import", "published after the check / read_csv", page["publish"] / read, "×", RATIO_AIM
        ),
        _memory("from upload to published", page, MEMORY_AIM_MB),
    ]


def _lines(
    yardstick: list[dict[str, Any]],
    validated: list[dict[str, Any]],
    again: dict[str, Any],
    whole: dict[str, Any],
) -> list[Line]:
    read = [one["seconds"] for one in yardstick]
    checked = [one["seconds"] for one in validated]
    million = f"{ROWS:,}".replace(",", " ")
    stages = ", ".join(f"{stage} {seconds:.1f}" for stage, seconds in whole["stages"].items())
    ratio = median(checked) / median(read)
    return [
        Line("import", f"DuckDB's read_csv, {million} rows", median(read), "s", note=spread(read)),
        Line("import", "validated rows in the lake", median(checked), "s", note=spread(checked)),
        Line("import", "validated rows in the lake / read_csv", ratio, "×", RATIO_AIM),
        Line(
            "import", "whole import, difference and build too", whole["seconds"], "s", note=stages
        ),
        Line("import", "whole import / read_csv", whole["seconds"] / median(read), "×"),
        Line("import", "build of the demonstration", again["seconds"], "s"),
        _memory("read_csv", yardstick[0]),
        _memory("validation", validated[0]),
        _memory("whole import", whole, MEMORY_AIM_MB),
        _memory("build of the demonstration", again),
    ]


def _memory(what: str, measured: dict[str, Any], aim: float | None = None) -> Line:
    return Line("import", f"peak memory, {what}", measured["peak_mb"], "MB", aim)
