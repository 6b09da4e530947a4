"""How long what was received is kept, and what is deleted after that.

Raw files hold management data of health, and so do the rows of withdrawn extracts and the builds
that served them. Once their time is over they are deleted; the registry keeps what says that they
existed: digest, sender, day, report and effect.
"""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from data.store.home import Home
from data.store.lock import publication_lock
from data.store.registry import Registry

SETTING = "VIGIE_RETENTION_DAYS"


@dataclass(frozen=True)
class Expired:
    """What has outlived its time.

    Attributes:
        raw: digests of received files.
        rows: extracts that no longer count, and whose rows are still in the lake.
        builds: former publications that hold rows of these, so that none can be served again.
        drafts: uploads that were neither published nor given up.
    """

    raw: tuple[str, ...] = ()
    rows: tuple[str, ...] = ()
    builds: tuple[str, ...] = ()
    drafts: tuple[str, ...] = ()

    def __len__(self) -> int:
        """How many files and folders that is."""
        return len(self.raw) + len(self.rows) + len(self.builds) + len(self.drafts)


def retention_days() -> int | None:
    """The days that ``VIGIE_RETENTION_DAYS`` gives, null where everything is kept.

    Raises: ValueError with a French sentence where it is no whole number of days.
    """
    told = os.environ.get(SETTING, "").strip()
    if not told:
        return None
    if not told.isdecimal() or int(told) < 1:
        raise ValueError(f"{SETTING} vaut « {told} » : donnez un nombre entier de jours.")
    return int(told)


def expired(home: Home, registry: Registry, days: int, today: datetime | None = None) -> Expired:
    """What was received, or stopped counting, more than ``days`` ago."""
    limit = (today or datetime.now(UTC)) - timedelta(days=days)
    extracts = registry.extracts()
    live = {extract.extract_id for extract in registry.extracts_of(home.current_build_id())}
    ended = _ends(registry)
    latest: dict[str, datetime] = {}
    for extract in extracts:
        received = datetime.fromisoformat(extract.received_at)
        latest[extract.sha256] = max(received, latest.get(extract.sha256, received))
    rows = [
        extract.extract_id
        for extract in extracts
        if extract.extract_id not in live
        and ended.get(extract.extract_id, datetime.fromisoformat(extract.received_at)) < limit
    ]
    held = registry.extract_ids_by_build()
    builds = [
        build_id
        for build_id, extract_ids in held.items()
        if build_id != home.current_build_id() and not set(rows).isdisjoint(extract_ids)
    ]
    return Expired(
        raw=tuple(
            digest
            for digest, received in latest.items()
            if received < limit and (home.raw / digest).exists()
        ),
        rows=tuple(name for name in rows if _rows_of(home, name)),
        builds=tuple(name for name in builds if home.build_path(name).exists()),
        drafts=tuple(path.name for path in _drafts(home) if _touched(path) < limit),
    )


def forget(home: Home, days: int, person: str, today: datetime | None = None) -> Expired:
    """Delete what has outlived its time, one line of audit each; returns what was deleted."""
    registry = Registry(home)
    with publication_lock(home):
        found = expired(home, registry, days, today)
        for build_id in found.builds:
            home.build_path(build_id).unlink(missing_ok=True)
            registry.audit(person, "retention: build deleted", build_id)
        for extract_id in found.rows:
            for path in _rows_of(home, extract_id):
                path.unlink(missing_ok=True)
            registry.audit(person, "retention: rows deleted", extract_id)
        for digest in found.raw:
            (home.raw / digest).unlink(missing_ok=True)
            registry.audit(person, "retention: raw file deleted", digest)
        for name in found.drafts:
            shutil.rmtree(home.drafts / name)
            registry.audit(person, "retention: draft deleted", name)
    return found


def _ends(registry: Registry) -> dict[str, datetime]:
    """When each extract ever served was last taken out of what is served."""
    held = registry.extract_ids_by_build()
    ends: dict[str, datetime] = {}
    former: set[str] = set()
    for publication in reversed(registry.publications()):
        served = set(held.get(publication["build_id"], ()))
        moment = datetime.fromisoformat(publication["published_at"])
        ends |= dict.fromkeys(former - served, moment)
        former = served
    return ends


def _rows_of(home: Home, extract_id: str) -> list[Path]:
    return list(home.lake.glob(f"*/{extract_id}.parquet"))


def _drafts(home: Home) -> list[Path]:
    return [path for path in home.drafts.glob("*") if path.is_dir()]


def _touched(path: Path) -> datetime:
    moments = [one.stat().st_mtime for one in (path, *path.rglob("*"))]
    return datetime.fromtimestamp(max(moments), UTC)
