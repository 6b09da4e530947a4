"""Builds the marts of one publication from the live extracts, into one DuckDB file.

Staging tables live in memory; only marts reach the file. The models are SQL files that name their
inputs as plain tables, so that another engine can provide the same tables and run the same text.
"""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd

from data.contracts.finding import Finding
from data.contracts.model import SQL_TYPES, Contract, contracts
from data.models.adhesion_hiding import hidden_adhesions
from data.models.corrections import provide_corrections
from data.models.hiding import NATIONAL, hidden_cells
from data.models.msap_hiding import hidden_counts, periods
from data.models.msap_items import msap_inclusions, msap_items, msap_territory_sums
from data.models.professional_changes import professional_changes
from data.models.professional_gini import professional_gini
from data.models.seasonality import seasonality
from data.models.workings import Workings
from data.reference.epci import counting_territories
from data.reference.procedures import procedures
from data.reference.professions import (
    part_frame,
    population_group_frame,
    profession_frame,
    professions,
    spelling_frame,
)
from data.reference.territories import bridge, territories
from data.store.registry import Extract
from indicators.attainment import STATUS_TOLERANCE, Thresholds
from indicators.catalogue import catalogue
from indicators.suppression import smallest_shown

MODELS = Path(__file__).parent
PROJECT = MODELS.parents[1]
# Two threads add floats in an order of their own: the same build would differ in the last digit.
THREADS = 1
MEMORY_LIMIT = "500MB"
"""What DuckDB holds before it writes to the disk: a million rows are imported in under 1 GB."""

CELLS_AT_ONCE = 400_000
THREADS_OF_COUNTS = 2

# In the order in which they depend on each other.
CPG_STAGING = (
    "rollup_paths",
    "expected_senders",
    "stg_cpg_rows",
    "stg_cpg_sent",
    "stg_cpg_sent_objectives",
    "stg_cpg_corrections",
    "stg_cpg_cells",
    "stg_cpg_years",
    "stg_cpg_objectives",
    "stg_cpg_last_months",
    "stg_cpg_caisse_months",
    "stg_cpg_profile",
    "stg_cpg_level_months",
    "stg_cpg_attainment",
)
# Those of the MSAP, around what Python adds to them: the periods, then the hidden counts.
MSAP_COUNTS = (
    "stg_msap_rows",
    "stg_msap_latest",
    "stg_msap_months",
    "stg_msap_items",
    "stg_msap_establishments",
    "stg_msap_paths",
    "stg_msap_status",
    "stg_msap_procedures",
    "stg_msap_establishment_months",
    "stg_msap_territory_months",
    "stg_msap_quarters",
)
MSAP_CELLS = ("stg_msap_cells", "stg_msap_sums", "stg_msap_within")
PROFESSIONALS_STAGING = (
    "stg_professional_cells",
    "stg_professional_counts",
    "stg_professional_grains",
    "stg_professional_population",
)
ADHESIONS_STAGING = (
    "stg_adhesion_latest",
    "stg_adhesion_cells",
    "stg_adhesion_months",
    "stg_adhesion_years",
)
STAGING = (
    *CPG_STAGING,
    *MSAP_COUNTS,
    *MSAP_CELLS,
    *PROFESSIONALS_STAGING,
    *ADHESIONS_STAGING,
)
MARTS = (
    "cpg_attainment",
    "cpg_peers",
    "cpg_monthly",
    "cpg_provenance",
    "cpg_corrections",
    "cpg_objectives",
    "cpg_senders",
    "cpg_years",
    "cpg_extract_caisses",
    "findings",
    "cpg_points",
    "cpg_published",
    "cpg_reconciliation",
    "cog",
    "interessement",
    "engagements",
    "msap_published",
    "msap_by_status",
    "msap_by_procedure",
    "msap_by_establishment",
    "msap_establishment_procedures",
    "msap_monthly",
    "msap_establishment_monthly",
    "msap_periods",
    "msap_windows",
    "msap_provenance",
    "professional_counts",
    "professional_ages",
    "professional_published",
    "population",
    "gini_published",
    "prado_activity",
    "sophia_calls",
    "programme_cost",
    "programme_savings",
    "dmp",
    "first_contact_delay",
    "consultation_delay",
    "teleservices",
    "vaccination_rates",
    "barometer_values",
    "barometer_indicators",
    "adhesions_monthly",
    "adhesions_yearly",
    "adhesions_objectives",
    "adhesions_eligible",
    "adhesions_provenance",
)
# Marts that a model in Python fills.
COMPUTED = ("cpg_seasonality", "professional_gini", "professional_changes")
# What the model of the findings reads.
FINDINGS_FROM = (
    "raw_findings",
    "hiding",
    "extracts",
    "indicators",
    "stg_cpg_cells",
    "hidden_months",
)
REFERENCE = (
    "territories",
    "territory_bridge",
    "indicators",
    "procedures",
    "professional_territories",
    "professions",
    "profession_spellings",
    "extracts",
    "build_info",
)


def model_sql(name: str) -> str:
    """The text of one model."""
    return (MODELS / f"{name}.sql").read_text(encoding="utf-8")


def build_inputs(extracts: Sequence[Extract]) -> dict[str, Any]:
    """What a build depends on: extracts in order, models, catalogue, references, thresholds."""
    sources = [
        *sorted(MODELS.glob("*.sql")),
        *sorted(MODELS.glob("*.py")),
        *sorted((PROJECT / "indicators").glob("*.py")),
        *sorted((PROJECT / "indicators" / "definitions").glob("*.yaml")),
        *sorted((PROJECT / "data" / "contracts").glob("*.yaml")),
        *sorted((PROJECT / "data" / "reference").glob("*.csv")),
    ]
    digest = hashlib.sha256()
    for source in sources:
        digest.update(source.name.encode() + b"\0" + source.read_bytes())
    return {
        "extracts": [[e.sha256, e.contract, e.replaces, e.origin, _reading(e)] for e in extracts],
        "sources": digest.hexdigest(),
        "thresholds": asdict(Thresholds.from_environment()),
        "smallest_shown": smallest_shown(),
    }


def _reading(extract: Extract) -> list[Any]:
    """How the bytes were read: another sheet or other headings give other rows."""
    mapping = sorted((extract.mapping or {}).items())
    return [extract.sheet, extract.header_row, [list(pair) for pair in mapping]]


def build_id(extracts: Sequence[Extract]) -> str:
    """Identifier of what these extracts give: the same inputs, the same 16 hexadecimal digits."""
    text = repr(sorted(build_inputs(extracts).items()))
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def build(
    extracts: Sequence[Extract],
    rows_of: Mapping[str, Path],
    findings: Sequence[Mapping[str, Any]],
    target: Path,
    workings: Path | None = None,
    compare: Callable[[Path], Sequence[Mapping[str, Any]]] | None = None,
) -> None:
    """Write the marts of ``extracts`` to ``target``, a file that does not exist yet.

    Args:
        extracts: the live ones, in the order in which they count.
        rows_of: Parquet file of each extract, by ``extract_id``.
        findings: what was found in them, as the registry keeps it.
        target: where the DuckDB file goes.
        workings: folder of the tables kept from one build to the next; None keeps none.
        compare: called with the finished file; the findings that it returns come into it too.
    """
    kept = _Kept(Workings(workings), extracts)
    connection = duckdb.connect(
        ":memory:",
        config={
            "threads": THREADS,
            "memory_limit": MEMORY_LIMIT,
            "temp_directory": f"{target}.spill",
        },
    )
    # Text that went through Python frames keeps its order; parallel Parquet scans need not.
    connection.execute("set preserve_insertion_order = false")
    try:
        _provide_reference(connection, extracts, findings)
        for contract in contracts().values():
            _provide_rows(connection, contract, extracts, rows_of)
        provide_corrections(connection, extracts, rows_of)
        _provide_calendar(connection)
        for name in CPG_STAGING:
            _create(connection, name)
        _provide_hidden(connection)
        _provide_seasonality(connection)
        _stage_msap(connection, kept)
        for name in PROFESSIONALS_STAGING:
            _create(connection, name)
        _stage_adhesions(connection)
        for name in MARTS:
            _create(connection, name)
        _provide_gini(connection, kept)
        _write(connection, target)
        if compare is not None:
            _tell_compared(connection, target, compare)
    finally:
        connection.close()
        shutil.rmtree(f"{target}.spill", ignore_errors=True)


@dataclass(frozen=True)
class _Kept:
    """Takes from former builds what follows from the same extracts of its contracts."""

    workings: Workings
    extracts: Sequence[Extract]

    def fill(
        self,
        connection: duckdb.DuckDBPyConnection,
        table: str,
        follows_from: Collection[str],
        work_out: Callable[[], None],
    ) -> None:
        """Make a table that follows from the extracts of these contracts alone."""
        own = [extract for extract in self.extracts if extract.contract in follows_from]
        self.workings.fill(connection, table, build_id(own), work_out)


def _create(connection: duckdb.DuckDBPyConnection, name: str) -> None:
    connection.execute(f'create table "{name}" as {model_sql(name)}')


def _provide(connection: duckdb.DuckDBPyConnection, name: str, frame: pd.DataFrame) -> None:
    connection.register("provided", frame)
    connection.execute(f'create table "{name}" as select * from provided')
    connection.unregister("provided")


def _provide_reference(
    connection: duckdb.DuckDBPyConnection,
    extracts: Sequence[Extract],
    findings: Sequence[Mapping[str, Any]],
) -> None:
    _provide(connection, "territories", territories())
    _provide(connection, "territory_bridge", bridge())
    _provide(connection, "indicators", indicator_frame())
    _provide(connection, "interessement_lines", _interessement_frame())
    _provide(connection, "thresholds", _threshold_frame())
    _provide(connection, "hiding", pd.DataFrame({"largest_small": [smallest_shown() - 1]}))
    _provide(connection, "procedures", procedures())
    _provide(connection, "professional_territories", counting_territories())
    _provide(connection, "professions", profession_frame())
    _provide(connection, "profession_parts", part_frame())
    _provide(connection, "profession_spellings", spelling_frame())
    _provide(connection, "population_groups", population_group_frame())
    _create_typed(
        connection,
        "extracts",
        "extract_id varchar, position integer, contract varchar, file_name varchar, "
        "origin varchar, replaces boolean, received_by varchar, received_at varchar, "
        "row_count bigint, sha256 varchar, sheet varchar",
        [
            (
                e.extract_id,
                position,
                e.contract,
                e.file_name,
                e.origin,
                e.replaces,
                e.received_by,
                e.received_at,
                e.row_count,
                e.sha256,
                e.sheet,
            )
            for position, e in enumerate(extracts)
        ],
    )
    connection.execute(
        "create view live_extracts as select extract_id, position, contract, replaces from extracts"
    )
    _provide_findings(connection, findings)
    inputs = build_inputs(extracts)
    _create_typed(
        connection,
        "build_info",
        "build_id varchar, extract_count integer, sources varchar, smallest_shown integer",
        [(build_id(extracts), len(extracts), inputs["sources"], inputs["smallest_shown"])],
    )


def _provide_findings(
    connection: duckdb.DuckDBPyConnection, findings: Sequence[Mapping[str, Any]]
) -> None:
    names = ("extract_id", *(field.name for field in fields(Finding)))
    whole = {"row", "year"}
    _create_typed(
        connection,
        "raw_findings",
        ", ".join(f'"{name}" {"integer" if name in whole else "varchar"}' for name in names),
        [tuple(finding.get(name) for name in names) for finding in findings],
    )


def _create_typed(
    connection: duckdb.DuckDBPyConnection, name: str, columns: str, rows: Sequence[tuple[Any, ...]]
) -> None:
    connection.execute(f'create table "{name}" ({columns})')
    if rows:
        marks = ", ".join("?" for _ in rows[0])
        connection.executemany(f'insert into "{name}" values ({marks})', rows)


def indicator_frame() -> pd.DataFrame:
    """The catalogue as the mart ``indicators``: one row per indicator, in the catalogue's order."""
    return pd.DataFrame(
        [
            {
                "indicator_code": indicator.code,
                "title": indicator.title,
                "short": indicator.short,
                "unit": indicator.unit,
                "better": indicator.better,
                "aggregation_territory": indicator.aggregation.territories,
                "aggregation_months": indicator.aggregation.months,
                "objective_kind": indicator.objective_kind,
                "counts_patients": indicator.counts_patients,
                "area": indicator.area,
                "in_cpg": indicator.in_cpg,
                "sort_order": position,
            }
            for position, indicator in enumerate(catalogue().values())
        ]
    )


def _threshold_frame() -> pd.DataFrame:
    """The bounds of a status, lowered by the slack that ``indicators.attainment`` allows."""
    thresholds = Thresholds.from_environment()
    return pd.DataFrame(
        {
            "attained": [thresholds.attained - STATUS_TOLERANCE],
            "close": [thresholds.close - STATUS_TOLERANCE],
        }
    )


def _interessement_frame() -> pd.DataFrame:
    """Which indicator each published line of the intéressement rests on."""
    return pd.DataFrame(
        [
            (line.year, line.share, line.label, indicator.code)
            for indicator in catalogue().values()
            for line in indicator.interessement
        ],
        columns=["year", "share", "label", "indicator_code"],
    )


def _provide_rows(
    connection: duckdb.DuckDBPyConnection,
    contract: Contract,
    extracts: Sequence[Extract],
    rows_of: Mapping[str, Path],
) -> None:
    """One view of all live rows of a contract, each row with its extract."""
    name = f"raw_{contract.contract}"
    has_month = any(column.name == "month" for column in contract.columns)
    year = ", cast(extract(year from month) as integer) as year" if has_month else ""
    paths = {
        str(rows_of[e.extract_id]): e.extract_id
        for e in extracts
        if e.contract == contract.contract
    }
    if paths:
        _create_typed(
            connection, f"{name}_files", "path varchar, extract_id varchar", list(paths.items())
        )
        files = ", ".join("'" + path.replace("'", "''") + "'" for path in paths)
        connection.execute(
            f"create view {name} as "
            f"select rows.* exclude (filename){year}, files.extract_id "
            f"from read_parquet([{files}], filename = true, union_by_name = true) as rows "
            f"inner join {name}_files as files on rows.filename = files.path"
        )
        return
    columns = ", ".join(f'"{column.name}" {SQL_TYPES[column.type]}' for column in contract.columns)
    if has_month:
        columns += ", year integer"
    connection.execute(
        f"create table {name} "
        f"({columns}, source_sheet varchar, source_row bigint, extract_id varchar)"
    )


def _provide_calendar(connection: duckdb.DuckDBPyConnection) -> None:
    years = connection.execute("select distinct year from raw_cpg order by year").fetchall()
    months = [(year, date(year, month, 1)) for (year,) in years for month in range(1, 13)]
    _create_typed(connection, "calendar", "year integer, month date", months)


def _provide_hidden(connection: duckdb.DuckDBPyConnection) -> None:
    """The cells that whoever lacks the right to small numbers must not see."""
    patients = (
        "case when i.aggregation_territory = 'ratio_of_sums' then {0}.numerator "
        "else {0}.realised end as patients, i.aggregation_months = 'last' as is_stock"
    )
    connection.execute(
        "create temp view patient_cells as "
        "select b.year, null::date as month, b.territory_code, b.indicator_code, "
        + patients.format("b")
        + " from stg_cpg_attainment as b inner join indicators as i using (indicator_code) "
        "where i.counts_patients and b.last_month is not null union all "
        "select m.year, m.month, m.territory_code, m.indicator_code, "
        + patients.format("m")
        + " from stg_cpg_level_months as m inner join indicators as i using (indicator_code) "
        "where i.counts_patients"
    )
    components = {
        indicator.code: indicator.components
        for indicator in catalogue().values()
        if indicator.components
    }
    hidden = pd.concat(
        [
            hidden_cells(
                _patient_cells(connection, years), territories(), components, smallest_shown()
            )
            for years in _batches_of_years(connection)
        ]
    )
    connection.execute("drop view patient_cells")
    _provide(connection, "hidden_years", hidden[hidden["month"].isna()].drop(columns="month"))
    _provide(connection, "hidden_months", hidden[hidden["month"].notna()])


def _patient_cells(connection: duckdb.DuckDBPyConnection, years: Sequence[int]) -> pd.DataFrame:
    """The counts of patients of some years, as ``hidden_cells`` takes them."""
    return connection.execute(
        "select year, month, territory_code, indicator_code, patients, is_stock "
        "from patient_cells where year in (select unnest($years)) "
        "order by year, indicator_code, territory_code, month",
        {"years": list(years)},
    ).df()


def _batches_of_years(connection: duckdb.DuckDBPyConnection) -> list[list[int]]:
    """Years looked at together: what is hidden in one never depends on another.

    One empty batch where there is no year, so that the tables have their columns all the same.
    """
    batches: list[list[int]] = [[]]
    room = CELLS_AT_ONCE
    for year, count in connection.execute(
        "select year, count(*) from patient_cells group by year order by year"
    ).fetchall():
        if batches[-1] and count > room:
            batches.append([])
            room = CELLS_AT_ONCE
        batches[-1].append(year)
        room -= count
    return batches


def _stage_msap(connection: duckdb.DuckDBPyConnection, kept: _Kept) -> None:
    """Everything the MSAP marts are made of: counts, then which of them are hidden."""
    # Whole numbers add up to the same whatever the order.
    connection.execute(f"set threads = {THREADS_OF_COUNTS}")
    sent = connection.execute("select distinct domain, procedure, year from raw_msap").df()
    items, spellings = msap_items(sent)
    _provide(connection, "msap_items", items)
    _provide(connection, "msap_spellings", spellings)
    _provide(connection, "msap_territory_sums", msap_territory_sums(territories()))
    _provide(connection, "msap_inclusions", msap_inclusions(territories()))
    for name in MSAP_COUNTS:
        _create(connection, name)
    quarters = connection.execute(
        "select place, year, domain, quarter, requests from stg_msap_quarters"
    ).df()
    _provide(connection, "stg_msap_periods", periods(quarters, smallest_shown()))
    for name in MSAP_CELLS:
        _create(connection, name)
    connection.execute(f"set threads = {THREADS}")
    kept.fill(connection, "msap_hidden", ("msap",), partial(_provide_msap_hidden, connection))


def _provide_msap_hidden(connection: duckdb.DuckDBPyConnection) -> None:
    """The MSAP counts that whoever lacks the right to small numbers must not see."""
    cells = connection.execute(
        "select * exclude (kind, place, domain, item) from stg_msap_cells order by cell_id"
    ).df()
    sums = connection.execute("select * from stg_msap_sums").df()
    within = connection.execute("select * from stg_msap_within").df()
    _provide(connection, "msap_flags", hidden_counts(cells, sums, within, smallest_shown()))
    connection.execute(
        "create table msap_hidden as select c.kind, c.year, c.place, c.domain, c.item, f.* "
        "from stg_msap_cells as c inner join msap_flags as f using (cell_id) order by cell_id"
    )


def _provide_seasonality(connection: duckdb.DuckDBPyConnection) -> None:
    """How far the year usually is by each month, from what the caisses sent of flows."""
    cells = connection.execute(
        "select m.caisse_code, m.indicator_code, m.year, m.realised, i.counts_patients, "
        "cast(extract(month from m.month) as integer) as month, "
        "h.territory_code is not null as is_hidden "
        "from stg_cpg_caisse_months as m inner join indicators as i using (indicator_code) "
        "inner join expected_senders using (caisse_code) "
        "left join hidden_months as h on m.caisse_code = h.territory_code "
        "and m.indicator_code = h.indicator_code and m.month = h.month "
        "where i.aggregation_months = 'sum' and i.aggregation_territory = 'sum' "
        "and m.realised is not null"
    ).df()
    national = connection.execute(
        "select indicator_code, year, cast(extract(month from month) as integer) as month "
        "from hidden_months where territory_code = ?",
        [NATIONAL],
    ).df()
    paths = connection.execute("select * from rollup_paths").df()
    due = connection.execute(
        "select indicator_code, year, cast(extract(month from month) as integer) as month, "
        "usual_share as objective_share from stg_cpg_profile"
    ).df()
    computed = seasonality(cells, national, paths, due, smallest_shown())
    _create_typed(
        connection,
        "cpg_seasonality",
        "year integer, indicator_code varchar, level varchar, profile_code varchar, "
        "month integer, usual_share double, season_weight double, error_sd double, "
        "error_count integer, objective_share double",
        [],
    )
    connection.register("provided", computed)
    connection.execute("insert into cpg_seasonality select * from provided")
    connection.unregister("provided")


def _stage_adhesions(connection: duckdb.DuckDBPyConnection) -> None:
    """Adhesions of every territory, then which of them are hidden, here as on the CPG's board."""
    for name in ADHESIONS_STAGING:
        _create(connection, name)
    board = (
        "exists (select 1 from {0} as h where h.territory_code = c.territory_code and {1} and "
        "h.indicator_code = case c.programme when 'sophia' then 'sophia_ecart_soins' "
        "when 'prado' then case c.volet when 'ensemble' then 'prado_adhesions' "
        "else concat('prado_', c.volet, '_adhesions') end end) as is_withheld"
    )
    measures = "programme, volet, territory_code, year, {}, adhesions, new_in_care_gap, "
    cells = connection.execute(
        f"select {measures.format('month')}"
        + board.format("hidden_months", "h.month = c.month")
        + f" from stg_adhesion_months as c union all select {measures.format('null::date')}"
        + board.format("hidden_years", "h.year = c.year")
        + " from stg_adhesion_years as c "
        "order by programme, volet, territory_code, year, month"
    ).df()
    _create_typed(
        connection,
        "adhesion_hidden",
        "programme varchar, volet varchar, territory_code varchar, year integer, month date, "
        "is_hidden boolean",
        [],
    )
    hidden = hidden_adhesions(cells, territories(), smallest_shown())
    if not hidden.empty:
        connection.register("provided", hidden)
        connection.execute("insert into adhesion_hidden select * from provided")
        connection.unregister("provided")


def _provide_gini(connection: duckdb.DuckDBPyConnection, kept: _Kept) -> None:
    """The Gini index of each profession and its changes, from the counts of the marts."""
    follows = ("professionals", "population")
    for table, work_out in (
        ("professional_gini", _provide_indices),
        ("professional_changes", _provide_changes),
    ):
        kept.fill(connection, table, follows, partial(work_out, connection))


GINI_KEYS = (
    "grain varchar, year integer, practice varchar, is_usual_practice boolean, "
    "profession_code varchar, profession_name varchar, is_group boolean, territory_code varchar, "
)


def _counts_and_places(connection: duckdb.DuckDBPyConnection) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The counts of professionals in order, and the territories that they are counted in."""
    counts = connection.execute(
        "select * from professional_counts order by grain, year, profession_code, practice, "
        "territory_code"
    ).df()
    return counts, connection.execute("select * from professional_territories").df()


def _provide_indices(connection: duckdb.DuckDBPyConnection) -> None:
    _fill(
        connection,
        "professional_gini",
        GINI_KEYS + "gini double, lower double, upper double, territories integer, "
        "territories_expected integer, territories_estimated integer, professionals bigint, "
        "population bigint, territories_missing integer, missing_names varchar, "
        "people_share double, is_exploratory boolean, is_too_small boolean",
        professional_gini(*_counts_and_places(connection)),
    )


def _provide_changes(connection: duckdb.DuckDBPyConnection) -> None:
    followed = [code for code, one in professions().items() if one.is_ir41]
    _fill(
        connection,
        "professional_changes",
        GINI_KEYS + "span integer, base_year integer, gini_before double, gini_after double, "
        "change double, target double, turnover double, noise_sd double, noise_reach double, "
        "attained_under double, missed_over double, chance_without_change double, "
        "chance_on_target double, verdict varchar, reason varchar, verdict_adjusted varchar, "
        "judged_together integer, expected_by_chance double",
        professional_changes(*_counts_and_places(connection), followed),
    )


def _fill(
    connection: duckdb.DuckDBPyConnection, name: str, columns: str, computed: pd.DataFrame
) -> None:
    """A mart of these typed columns with the rows computed, none where there are none."""
    _create_typed(connection, name, columns, [])
    if not computed.empty:
        connection.register("provided", computed)
        connection.execute(f'insert into "{name}" select * from provided')
        connection.unregister("provided")


def _tell_compared(
    connection: duckdb.DuckDBPyConnection,
    target: Path,
    compare: Callable[[Path], Sequence[Mapping[str, Any]]],
) -> None:
    """Have the finished file compared, and write its findings anew with those of that."""
    tables = connection.execute("select table_name from duckdb_tables()").fetchall()
    # Comparing takes memory of its own.
    for (name,) in tables:
        if name not in FINDINGS_FROM:
            connection.execute(f'drop table "{name}"')
    told = compare(target)
    if not told:
        return
    connection.execute("create table told_before as from raw_findings; drop table raw_findings")
    _provide_findings(connection, told)
    connection.execute("insert into raw_findings from told_before")
    _create(connection, "findings")
    _attach_publication(connection, target)
    connection.execute(
        "create or replace table publication.findings as from findings; detach publication"
    )


def _attach_publication(connection: duckdb.DuckDBPyConnection, target: Path) -> None:
    path = str(target).replace("'", "''")
    connection.execute(f"attach '{path}' as publication")


def _write(connection: duckdb.DuckDBPyConnection, target: Path) -> None:
    _attach_publication(connection, target)
    # The file keeps the order that the marts were sorted in: filters by year and level then
    # skip whole row groups however long the history is.
    connection.execute("set preserve_insertion_order = true")
    for name in (*REFERENCE, *MARTS, *COMPUTED):
        connection.execute(f'create table publication."{name}" as select * from "{name}"')
    connection.execute("detach publication")
