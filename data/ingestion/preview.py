"""What an import would change: cells added, moved, withdrawn, and statuses that flip."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import duckdb

SAMPLE = 20
LOSSES_KEPT = 1000
# A rate's objective is weighted month by month: its last digits follow the months sent.
SAME_WITHIN = 1e-9

# Compared cell by cell on the marts themselves, so that what is announced is what will be served.
COMPARED = {
    "cpg": (
        "cpg_provenance",
        ("caisse_code", "indicator_code", "month"),
        ("realised", "numerator", "denominator", "objective", "provisional"),
    ),
    "cpg_points": ("cpg_points", ("territory_code", "year", "indicator_code"), ("points",)),
    "cpg_published": (
        "cpg_published",
        ("territory_code", "year", "indicator_code"),
        ("realised", "attainment"),
    ),
    "msap": (
        "msap_establishment_monthly",
        ("finess", "month", "domain", "territory_code"),
        ("requests", "approvals", "refusals", "pending", "stays", "answered_within_48h"),
    ),
    "cog": ("cog", ("cog_code", "year"), ("realised", "objective", "published_verdict")),
    "interessement": ("interessement", ("year", "share", "label"), ("weight_pct",)),
    "engagements": ("engagements", ("party", "number"), ("achieved", "on_time", "due")),
    "msap_published": (
        "msap_published",
        ("table_code", "year", "domain", "perimeter", "label", "source_line"),
        ("establishments", "requests", "approvals", "refusals", "stays"),
    ),
    "professionals": (
        "professional_published",
        ("year", "practice", "profession_code", "territory_code"),
        ("headcount", "fte", "published_density"),
    ),
    "population": (
        "population",
        ("year", "territory_code", "population_group"),
        ("population",),
    ),
    "gini_published": (
        "gini_published",
        ("profession_code", "year", "kind"),
        ("gini", "published_delta"),
    ),
    "adhesions": (
        "adhesions_provenance",
        ("caisse_code", "month", "programme", "volet"),
        ("adhesions", "eligible", "objective", "new_in_care_gap"),
    ),
    "prado_activity": (
        "prado_activity",
        ("territory_code", "month", "month_count", "volet", "source"),
        ("adhesions", "cam_fte", "sites_active", "establishments_active"),
    ),
    "sophia_calls": (
        "sophia_calls",
        ("campaign", "territory_code", "year", "step"),
        ("step_count",),
    ),
    "programme_cost": ("programme_cost", ("programme", "volet", "year", "item"), ("value", "unit")),
    "programme_savings": (
        "programme_savings",
        ("programme", "year", "volet"),
        ("adhesions", "hospital_meur", "city_meur"),
    ),
    "dmp": ("dmp", ("territory_code", "counted_on"), ("cumulated", "of_which_year")),
    "first_contact_delay": (
        "first_contact_delay",
        ("year", "surgery", "professional"),
        ("prado_days", "eligible_days"),
    ),
    "consultation_delay": (
        "consultation_delay",
        ("year", "days_from"),
        ("days_to", "consultations"),
    ),
    "teleservices": (
        "teleservices",
        ("service", "year", "period", "source"),
        ("rate_pct", "objective_pct", "volume"),
    ),
    "vaccination": (
        "vaccination_rates",
        ("territory_code", "year", "vaccine_code"),
        ("rate_pct",),
    ),
    "barometer": (
        "barometer_values",
        ("barometer_code", "territory_code", "measured_on"),
        ("initial_value", "actual_value", "target_value", "published_progress_pct"),
    ),
    "barometer_indicators": (
        "barometer_indicators",
        ("barometer_code",),
        ("title", "description", "better"),
    ),
}


@dataclass(frozen=True)
class Preview:
    """The effect of an import on what is served.

    ``added``, ``moved`` and ``withdrawn`` count cells of the contract; the samples hold at most
    ``SAMPLE`` rows each, as mappings. ``value_losses`` (months of ``cpg`` whose served measure
    would be blank or gone) and ``objective_changes`` (yearly objectives of a caisse) hold the
    first ``LOSSES_KEPT`` of their totals; ``overtaken`` the corrections that would no longer apply.
    """

    added: int = 0
    moved: int = 0
    withdrawn: int = 0
    unchanged: int = 0
    flips: int = 0
    moved_sample: list[dict[str, Any]] = field(default_factory=list)
    withdrawn_sample: list[dict[str, Any]] = field(default_factory=list)
    flip_sample: list[dict[str, Any]] = field(default_factory=list)
    value_loss_total: int = 0
    objective_change_total: int = 0
    value_losses: list[dict[str, Any]] = field(default_factory=list, repr=False)
    objective_changes: list[dict[str, Any]] = field(default_factory=list, repr=False)
    overtaken: list[dict[str, Any]] = field(default_factory=list, repr=False)

    def sentence(self) -> str:
        """The effect in one French sentence."""
        counted = [
            _count(self.added, "valeur ajoutée", "valeurs ajoutées"),
            _count(self.moved, "modifiée", "modifiées"),
            _count(self.withdrawn, "retirée", "retirées"),
            _count(self.unchanged, "inchangée", "inchangées"),
            _count(self.flips, "statut qui bascule", "statuts qui basculent"),
        ]
        return ", ".join(counted) + "."


def _count(number: int, one: str, several: str) -> str:
    grouped = f"{number:,}".replace(",", "\u202f")
    return f"{grouped} {one if number < 2 else several}"


def preview(contract: str, live: Path | None, candidate: Path) -> Preview:
    """Compare the build being served with the one that the import would publish.

    Args:
        contract: the contract of the new extract.
        live: DuckDB file of the build being served, None before the first publication.
        candidate: DuckDB file of the build that would replace it.
    """
    connection = duckdb.connect(":memory:")
    try:
        attach(connection, candidate, "candidate")
        mart, key, values = COMPARED[contract]
        if live is not None:
            attach(connection, live, "live")
        if live is None or not has_table(connection, "live", mart):
            counted = connection.execute(f'select count(*) from candidate."{mart}"').fetchone()
            return Preview(added=int(counted[0]) if counted else 0)
        found = _compare(connection, mart, key, values)
        return _with_losses(connection, found) if contract == "cpg" else found
    finally:
        connection.close()


def attach(connection: duckdb.DuckDBPyConnection, path: Path, name: str) -> None:
    """Attach a build to read from it under a name."""
    quoted = str(path).replace("'", "''")
    connection.execute(f"attach '{quoted}' as {name} (read_only)")


def has_table(connection: duckdb.DuckDBPyConnection, database: str, table: str) -> bool:
    """Whether the file holds the table: one built by a former version lacks what came since."""
    found = connection.execute(
        "select 1 from duckdb_tables() where database_name = ? and table_name = ?",
        [database, table],
    ).fetchone()
    return found is not None


def _compare(
    connection: duckdb.DuckDBPyConnection, mart: str, key: tuple[str, ...], values: tuple[str, ...]
) -> Preview:
    match = " and ".join(f"old.{name} = new.{name}" for name in key)
    keys = ", ".join(f"coalesce(old.{name}, new.{name}) as {name}" for name in key)
    moved = " or ".join(f"old.{name} is distinct from new.{name}" for name in values)
    pairs = ", ".join(f"old.{name} as former_{name}, new.{name} as new_{name}" for name in values)
    connection.execute(
        f"create temp table compared as select {keys}, {pairs}, "
        f"case when old.{key[0]} is null then 'added' when new.{key[0]} is null then 'withdrawn' "
        f"when {moved} then 'moved' else 'unchanged' end as effect "
        f'from live."{mart}" as old full outer join candidate."{mart}" as new on {match}'
    )
    counts = dict(
        connection.execute("select effect, count(*) from compared group by effect").fetchall()
    )
    connection.execute(
        "create temp table flips as select new.year, new.territory_name, new.territory_code, "
        "new.indicator_code, old.status as former_status, new.status as new_status "
        "from live.cpg_attainment as old inner join candidate.cpg_attainment as new "
        "using (year, territory_code, indicator_code) where old.status <> new.status"
    )
    flips = connection.execute("select count(*) from flips").fetchone()
    return Preview(
        added=counts.get("added", 0),
        moved=counts.get("moved", 0),
        withdrawn=counts.get("withdrawn", 0),
        unchanged=counts.get("unchanged", 0),
        flips=int(flips[0]) if flips else 0,
        moved_sample=_sample(connection, "compared where effect = 'moved'"),
        withdrawn_sample=_sample(connection, "compared where effect = 'withdrawn'"),
        flip_sample=_sample(connection, "flips"),
    )


def _with_losses(connection: duckdb.DuckDBPyConnection, effect: Preview) -> Preview:
    """The effect with what it takes back from the figures of ``compared``."""
    lost = " or ".join(
        f"(former_{name} is not null and new_{name} is null)"
        for name in ("realised", "numerator", "denominator")
    )
    connection.execute(
        "create temp table losses as select *, cast(year(month) as integer) as year "
        f"from compared where {lost}"
    )
    connection.execute(
        "create temp table objective_changes as select old.year, "
        "old.territory_code as caisse_code, old.indicator_code, "
        "old.objective as former_objective, new.objective as new_objective "
        "from live.cpg_attainment as old left join candidate.cpg_attainment as new "
        "using (year, level, territory_code, indicator_code) where old.level = 'caisse' "
        "and old.objective is not null and (new.objective is null "
        f"or abs(old.objective - new.objective) > {SAME_WITHIN} * greatest(abs(old.objective), 1))"
    )
    losses, changes = _count_of(connection, "losses"), _count_of(connection, "objective_changes")
    return replace(
        effect,
        value_loss_total=losses,
        objective_change_total=changes,
        value_losses=_rows(
            connection, "losses order by caisse_code, indicator_code, month", LOSSES_KEPT
        ),
        objective_changes=_rows(
            connection, "objective_changes order by caisse_code, indicator_code, year", LOSSES_KEPT
        ),
        overtaken=_overtaken(connection),
    )


def _overtaken(connection: duckdb.DuckDBPyConnection) -> list[dict[str, Any]]:
    """The corrections that apply to what is served and would not to what would be."""
    if not has_table(connection, "live", "cpg_corrections"):
        return []
    return _rows(
        connection,
        "(select new.correction_id, new.caisse_code, new.indicator_code, new.year, "
        "case when new.column_name <> 'objective' then new.month end as month, "
        "new.column_name, new.sent_value, new.new_value, new.given_value "
        "from live.cpg_corrections as old inner join candidate.cpg_corrections as new "
        "using (correction_id) where old.state = 'applied' and new.state = 'superseded') "
        "order by correction_id",
        LOSSES_KEPT,
    )


def _count_of(connection: duckdb.DuckDBPyConnection, table: str) -> int:
    return int(connection.execute(f"select count(*) from {table}").fetchall()[0][0])


def _rows(connection: duckdb.DuckDBPyConnection, source: str, limit: int) -> list[dict[str, Any]]:
    cursor = connection.execute(f"select * from {source} limit {limit}")
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, values, strict=True)) for values in cursor.fetchall()]


def _sample(connection: duckdb.DuckDBPyConnection, source: str) -> list[dict[str, Any]]:
    return [
        {
            name: value.isoformat() if hasattr(value, "isoformat") else value
            for name, value in row.items()
        }
        for row in _rows(connection, source, SAMPLE)
    ]
