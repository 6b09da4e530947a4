"""The registry: extracts, findings, builds, publications and audit, written by several processes.

SQLAlchemy over SQLite in WAL mode by default, PostgreSQL by ``VIGIE_REGISTRY_URL``. A build serves
the extracts listed for it, so that a rollback is a change of pointer and what comes next starts
from there.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.pool import NullPool

from data.store.home import Home

METADATA = sa.MetaData()

EXTRACTS = sa.Table(
    "extracts",
    METADATA,
    sa.Column("extract_id", sa.String(40), primary_key=True),
    sa.Column("sha256", sa.String(64), nullable=False, index=True),
    sa.Column("contract", sa.String(40)),
    sa.Column("file_name", sa.String(300), nullable=False),
    # rejected | accepted | interrupted: what became of the file, whatever build is served
    sa.Column("state", sa.String(20), nullable=False),
    # demonstration | published | received: decides whether it may be shown without sign-in
    sa.Column("origin", sa.String(20), nullable=False),
    sa.Column("replaces", sa.Boolean, nullable=False, default=False),
    sa.Column("received_by", sa.String(200), nullable=False),
    sa.Column("received_at", sa.String(40), nullable=False),
    sa.Column("row_count", sa.Integer, nullable=False, default=0),
    sa.Column("sheet", sa.String(200)),
    sa.Column("header_row", sa.Integer),
    sa.Column("mapping", sa.JSON),
    sa.Column("reason", sa.Text),
)

FINDINGS = sa.Table(
    "findings",
    METADATA,
    sa.Column("finding_id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("extract_id", sa.String(40), sa.ForeignKey("extracts.extract_id"), index=True),
    *(
        sa.Column(name, sa.Text)
        for name in (
            *("rule", "contract", "severity", "sentence", "sheet", "column", "value"),
            *("expected", "found", "domain", "label", "measure"),
            *("territory_code", "indicator_code", "month"),
        )
    ),
    sa.Column("row", sa.Integer),
    sa.Column("year", sa.Integer),
)

BUILDS = sa.Table(
    "builds",
    METADATA,
    sa.Column("build_id", sa.String(40), primary_key=True),
    sa.Column("built_at", sa.String(40), nullable=False),
    sa.Column("inputs", sa.JSON, nullable=False),
)

BUILD_EXTRACTS = sa.Table(
    "build_extracts",
    METADATA,
    sa.Column("build_id", sa.String(40), sa.ForeignKey("builds.build_id"), primary_key=True),
    sa.Column("position", sa.Integer, primary_key=True),
    sa.Column("extract_id", sa.String(40), sa.ForeignKey("extracts.extract_id"), nullable=False),
)

PUBLICATIONS = sa.Table(
    "publications",
    METADATA,
    sa.Column("publication_id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("build_id", sa.String(40), sa.ForeignKey("builds.build_id"), nullable=False),
    sa.Column("published_at", sa.String(40), nullable=False),
    sa.Column("published_by", sa.String(200), nullable=False),
    # import | correction | rebuild | rollback
    sa.Column("action", sa.String(20), nullable=False),
    sa.Column("reason", sa.Text),
)

AUDIT = sa.Table(
    "audit",
    METADATA,
    sa.Column("audit_id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("at", sa.String(40), nullable=False),
    sa.Column("person", sa.String(200), nullable=False),
    sa.Column("action", sa.String(60), nullable=False),
    sa.Column("subject", sa.String(200)),
)

# What people write beside the figures: never deleted, withdrawn by a person at a moment.
NOTES = sa.Table(
    "notes",
    METADATA,
    sa.Column("note_id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("territory_code", sa.String(60), nullable=False, index=True),
    sa.Column("indicator_code", sa.String(80), nullable=False),
    sa.Column("year", sa.Integer, nullable=False),
    sa.Column("month", sa.Integer),  # 1 to 12, null for the year's own figure
    sa.Column("body", sa.Text, nullable=False),
    sa.Column("author", sa.String(200), nullable=False),
    sa.Column("created_at", sa.String(40), nullable=False),
    sa.Column("withdrawn_at", sa.String(40)),
    sa.Column("withdrawn_by", sa.String(200)),
)

REBASES = sa.Table(
    "rebases",
    METADATA,
    sa.Column("rebase_id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("territory_code", sa.String(60), nullable=False, index=True),
    sa.Column("indicator_code", sa.String(80), nullable=False),
    sa.Column("month", sa.Date, nullable=False),  # the first month of the new limits
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("author", sa.String(200), nullable=False),
    sa.Column("created_at", sa.String(40), nullable=False),
    sa.Column("withdrawn_at", sa.String(40)),
    sa.Column("withdrawn_by", sa.String(200)),
)

# What an import did, as it was shown to whoever published it.
IMPORTS = sa.Table(
    "imports",
    METADATA,
    sa.Column("import_id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("build_id", sa.String(40), nullable=False, index=True),
    sa.Column("former_build_id", sa.String(40)),
    sa.Column("at", sa.String(40), nullable=False),
    sa.Column("person", sa.String(200), nullable=False),
    sa.Column("files", sa.JSON, nullable=False),
    sa.Column("effect", sa.JSON, nullable=False),
    sa.Column("signed", sa.JSON, nullable=False),
)

# Headings that a person told the meaning of, remembered for the sender that writes them.
HEADINGS = sa.Table(
    "headings",
    METADATA,
    sa.Column("heading_id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("sender", sa.String(200), nullable=False, index=True),
    sa.Column("contract", sa.String(40), nullable=False),
    sa.Column("heading", sa.String(300), nullable=False),
    # Null where the person said that the heading is not to be kept.
    sa.Column("column_name", sa.String(80)),
    sa.Column("confirmed_by", sa.String(200), nullable=False),
    sa.Column("confirmed_at", sa.String(40), nullable=False),
)

# Corrections of single values, as proposed and as decided: rows are added, never deleted.
CORRECTIONS = sa.Table(
    "corrections",
    METADATA,
    sa.Column("correction_id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("contract", sa.String(40), nullable=False),
    sa.Column("caisse_code", sa.String(60), nullable=False, index=True),
    sa.Column("indicator_code", sa.String(80), nullable=False),
    sa.Column("month", sa.Date, nullable=False),  # January for the year's objective
    sa.Column("column_name", sa.String(40), nullable=False),
    sa.Column("old_value", sa.Float, nullable=False),  # as served when it was proposed
    sa.Column("sent_value", sa.Float, nullable=False),  # as the extract gives it
    sa.Column("new_value", sa.Float, nullable=False),
    sa.Column("of_extract_id", sa.String(40), nullable=False),
    sa.Column("file_name", sa.String(300), nullable=False),
    sa.Column("source_sheet", sa.String(200)),
    sa.Column("source_row", sa.Integer),
    # Whether its month was hidden from whoever lacks the right when it was proposed.
    sa.Column("was_hidden", sa.Boolean, nullable=False),
    sa.Column("motive", sa.Text, nullable=False),
    sa.Column("source", sa.Text, nullable=False),
    sa.Column("proposed_by", sa.String(200), nullable=False),
    sa.Column("proposed_at", sa.String(40), nullable=False),
    # proposed | accepted | refused | withdrawn | superseded
    sa.Column("state", sa.String(20), nullable=False),
    sa.Column("decided_by", sa.String(200)),
    sa.Column("decided_at", sa.String(40)),
    sa.Column("decision_reason", sa.Text),
)

SETTINGS = sa.Table(
    "settings",
    METADATA,
    sa.Column("name", sa.String(60), primary_key=True),
    sa.Column("value", sa.Text, nullable=False),
)


@dataclass(frozen=True)
class Extract:
    """One received file and what became of it."""

    extract_id: str
    sha256: str
    contract: str | None
    file_name: str
    state: str
    origin: str
    replaces: bool
    received_by: str
    received_at: str
    row_count: int
    sheet: str | None = None
    header_row: int | None = None
    mapping: dict[str, str] | None = None
    reason: str | None = None


def now() -> str:
    """The present moment in UTC, ISO 8601 to the second."""
    return datetime.now(UTC).isoformat(timespec="seconds")


@functools.lru_cache(maxsize=8)
def _engine(url: str) -> sa.Engine:
    # NullPool: a connection a call, closed at once, so that no reader keeps the WAL from shrinking
    # and threads of the server never share one.
    engine = sa.create_engine(url, poolclass=NullPool)
    if engine.dialect.name == "sqlite":

        @sa.event.listens_for(engine, "connect")
        def _configure(connection: Any, _record: Any) -> None:
            connection.execute("pragma journal_mode = wal")
            connection.execute("pragma busy_timeout = 30000")
            connection.execute("pragma foreign_keys = on")

    METADATA.create_all(engine)
    return engine


class Registry:
    """Reads and writes the registry of one home."""

    def __init__(self, home: Home) -> None:
        """Open the registry of ``home``, creating its tables where they are missing."""
        home.prepare()
        self._engine = _engine(home.registry_url)

    @property
    def engine(self) -> sa.Engine:
        """Where the tables lie, for the modules of this folder that keep some of them."""
        return self._engine

    def setting(self, name: str) -> str | None:
        """The value stored under ``name``, or None."""
        with self._engine.connect() as connection:
            query = sa.select(SETTINGS.c.value).where(SETTINGS.c.name == name)
            return connection.execute(query).scalar_one_or_none()

    def set_setting(self, name: str, value: str) -> None:
        """Store ``value`` under ``name``."""
        with self._engine.begin() as connection:
            connection.execute(sa.delete(SETTINGS).where(SETTINGS.c.name == name))
            connection.execute(sa.insert(SETTINGS).values(name=name, value=value))

    def extracts(self, states: Sequence[str] = ()) -> list[Extract]:
        """Every received file in order of arrival, of the given states when any is given."""
        query = sa.select(EXTRACTS).order_by(EXTRACTS.c.extract_id)
        if states:
            query = query.where(EXTRACTS.c.state.in_(states))
        with self._engine.connect() as connection:
            return [Extract(**row) for row in connection.execute(query).mappings()]

    def extracts_of(self, build_id: str | None) -> list[Extract]:
        """The extracts that a build serves, in the order in which they count; none for no build."""
        query = (
            sa.select(EXTRACTS)
            .join(BUILD_EXTRACTS, BUILD_EXTRACTS.c.extract_id == EXTRACTS.c.extract_id)
            .where(BUILD_EXTRACTS.c.build_id == (build_id or ""))
            .order_by(BUILD_EXTRACTS.c.position)
        )
        with self._engine.connect() as connection:
            return [Extract(**row) for row in connection.execute(query).mappings()]

    def extract_ids_by_build(self) -> dict[str, tuple[str, ...]]:
        """The extracts of every build ever published, in the order in which they count."""
        query = sa.select(BUILD_EXTRACTS.c.build_id, BUILD_EXTRACTS.c.extract_id).order_by(
            BUILD_EXTRACTS.c.build_id, BUILD_EXTRACTS.c.position
        )
        found: dict[str, list[str]] = {}
        with self._engine.connect() as connection:
            for build_id, extract_id in connection.execute(query):
                found.setdefault(build_id, []).append(extract_id)
        return {build_id: tuple(extracts) for build_id, extracts in found.items()}

    def accepted_like(self, sha256: str, contract: str, replaces: bool) -> Extract | None:
        """The accepted extract of the same bytes read by the same contract, or None."""
        query = sa.select(EXTRACTS).where(
            EXTRACTS.c.sha256 == sha256,
            EXTRACTS.c.contract == contract,
            EXTRACTS.c.replaces == replaces,
            EXTRACTS.c.state == "accepted",
        )
        with self._engine.connect() as connection:
            row = connection.execute(query).mappings().first()
        return Extract(**row) if row else None

    def next_extract_id(self, sha256: str, ahead: int = 0) -> str:
        """An identifier that sorts by arrival; call it while holding the publication lock.

        ``ahead`` counts the files of the same import that come before it.
        """
        with self._engine.connect() as connection:
            count = connection.execute(
                sa.select(sa.func.count()).select_from(EXTRACTS)
            ).scalar_one()
        return f"{count + 1 + ahead:06d}x{sha256[:10]}"

    def add_extract(self, extract: Extract, findings: Iterable[Mapping[str, Any]]) -> None:
        """Record a received file with its findings, in one transaction."""
        rows = [_as_text(finding) | {"extract_id": extract.extract_id} for finding in findings]
        with self._engine.begin() as connection:
            connection.execute(sa.insert(EXTRACTS).values(**extract.__dict__))
            if rows:
                connection.execute(sa.insert(FINDINGS), rows)

    def findings_of(self, extract_ids: Sequence[str]) -> list[dict[str, Any]]:
        """The findings of the given extracts, in the order in which they were made."""
        query = (
            sa.select(FINDINGS)
            .where(FINDINGS.c.extract_id.in_(extract_ids))
            .order_by(FINDINGS.c.finding_id)
        )
        with self._engine.connect() as connection:
            return [dict(row) for row in connection.execute(query).mappings()]

    def interrupt_pending(self) -> None:
        """Mark the imports whose process died before publishing: they count for nothing."""
        with self._engine.begin() as connection:
            connection.execute(
                sa.update(EXTRACTS).where(EXTRACTS.c.state == "pending").values(state="interrupted")
            )

    def publish(
        self,
        build_id: str,
        extract_ids: Sequence[str],
        *,
        inputs: dict[str, Any],
        person: str,
        action: str,
        accepted: Sequence[str] = (),
        reason: str | None = None,
        told: Mapping[str, Any] | None = None,
    ) -> None:
        """Make ``build_id`` the one to serve, its new extracts accepted, in one transaction.

        ``told``: what history keeps of an import (``former_build_id, files, effect, signed``).
        """
        with self._engine.begin() as connection:
            known = connection.execute(
                sa.select(BUILDS.c.build_id).where(BUILDS.c.build_id == build_id)
            ).first()
            if known is None:
                connection.execute(
                    sa.insert(BUILDS).values(build_id=build_id, built_at=now(), inputs=inputs)
                )
                rows = [
                    {"build_id": build_id, "position": position, "extract_id": identifier}
                    for position, identifier in enumerate(extract_ids)
                ]
                if rows:
                    connection.execute(sa.insert(BUILD_EXTRACTS), rows)
            if accepted:
                connection.execute(
                    sa.update(EXTRACTS)
                    .where(EXTRACTS.c.extract_id.in_(accepted))
                    .values(state="accepted")
                )
            connection.execute(
                sa.insert(PUBLICATIONS).values(
                    build_id=build_id,
                    published_at=now(),
                    published_by=person,
                    action=action,
                    reason=reason,
                )
            )
            if told is not None:
                connection.execute(
                    sa.insert(IMPORTS).values(build_id=build_id, at=now(), person=person, **told)
                )

    def knows_build(self, build_id: str) -> bool:
        """Whether the build was ever published."""
        query = sa.select(BUILDS.c.build_id).where(BUILDS.c.build_id == build_id)
        with self._engine.connect() as connection:
            return connection.execute(query).first() is not None

    def last_publication(self) -> dict[str, Any] | None:
        """What is to be served now: the newest publication, or None before the first."""
        publications = self.publications(limit=1)
        return publications[0] if publications else None

    def publications(self, limit: int | None = None) -> list[dict[str, Any]]:
        """Publications, newest first, with the moment their build was made."""
        query = (
            sa.select(PUBLICATIONS, BUILDS.c.built_at)
            .join(BUILDS, BUILDS.c.build_id == PUBLICATIONS.c.build_id)
            .order_by(PUBLICATIONS.c.publication_id.desc())
            .limit(limit)
        )
        with self._engine.connect() as connection:
            return [dict(row) for row in connection.execute(query).mappings()]

    def audit(self, person: str, action: str, subject: str | None = None) -> None:
        """Record that ``person`` did ``action``; never a value of a row."""
        with self._engine.begin() as connection:
            connection.execute(
                sa.insert(AUDIT).values(at=now(), person=person, action=action, subject=subject)
            )


def _as_text(finding: Mapping[str, Any]) -> dict[str, Any]:
    whole = {"row", "year"}
    return {
        name: value if value is None or name in whole else str(value)
        for name, value in finding.items()
    }
