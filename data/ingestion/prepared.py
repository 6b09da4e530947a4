"""A publication worked out and not served yet; a check keeps it, so that publishing is a rename."""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from data.ingestion.outcome import ImportRecord
from data.models.build import build_id
from data.store.drafts import read_json, write_json
from data.store.files import move_into_place
from data.store.home import PROJECT, Home
from data.store.registry import Extract, Registry

MANIFEST = "prepared.json"


@dataclass(frozen=True)
class NewExtract:
    """An extract that is not registered yet: its typed rows and what was found in it."""

    extract: Extract
    rows: Path
    findings: Sequence[Mapping[str, Any]]


@dataclass(frozen=True)
class Prepared:
    """Everything that a publication needs.

    Attributes:
        served: the build that it was compared with.
        extracts: what the build serves, in the order in which they count.
        new: those of them that are not registered yet.
        brought: identifiers of those that the files of this import are.
        rejected: files that stay out, to be registered with their report.
        unread: names of files too large to be read.
        candidate: the build, a file.
        record: what history keeps.
    """

    served: str | None
    extracts: Sequence[Extract]
    new: Sequence[NewExtract]
    brought: Sequence[str]
    rejected: Sequence[NewExtract]
    unread: Sequence[str]
    candidate: Path
    record: ImportRecord

    @property
    def build_id(self) -> str:
        """The identifier of the build, by the extracts and by the code and references of now."""
        return build_id(self.extracts)


def keep(prepared: Prepared, folder: Path, candidate: Path) -> None:
    """Move a publication into ``folder`` and its build to ``candidate``; the manifest comes last.

    The rows of rejected files are not kept, there are none.
    """
    folder.mkdir(parents=True)
    for found in prepared.new:
        move_into_place(found.rows, folder / f"{found.extract.extract_id}.parquet")
    move_into_place(prepared.candidate, candidate)
    write_json(
        folder / MANIFEST,
        {
            "code": code_digest(),
            "build_id": prepared.build_id,
            "served": prepared.served,
            "extracts": [asdict(extract) for extract in prepared.extracts],
            "new": [_manifest_of(found) for found in prepared.new],
            "brought": list(prepared.brought),
            "rejected": [_manifest_of(found) for found in prepared.rejected],
            "unread": list(prepared.unread),
            "record": asdict(prepared.record),
        },
    )


def _manifest_of(found: NewExtract) -> dict[str, Any]:
    return {"extract": asdict(found.extract), "findings": [dict(one) for one in found.findings]}


def kept(
    home: Home, registry: Registry, folder: Path, candidate: Path, origin: str
) -> Prepared | None:
    """The publication that a check kept, where publishing anew would give the same; else None.

    The same extracts over the same served build, read and built by the same code, references and
    settings, under identifiers that nobody took since. Call it while holding the lock.

    Args:
        home: where to publish.
        registry: of that home.
        folder: what ``keep`` was given.
        candidate: the build, as ``keep`` was given it.
        origin: the origin that the new extracts are to be published under.
    """
    told = read_json(folder / MANIFEST)
    if told is None or told["code"] != code_digest() or not candidate.is_file():
        return None
    found = _read(told, folder, candidate)
    live = [extract.extract_id for extract in registry.extracts_of(home.current_build_id())]
    before = [extract.extract_id for extract in found.extracts][: len(live)]
    taken = {extract.extract_id for extract in registry.extracts()}
    fresh = [*found.new, *found.rejected]
    is_same = (
        found.served == home.current_build_id()
        and before == live
        and found.build_id == told["build_id"]
        and all(one.extract.origin in {origin, "published"} for one in found.new)
        and not taken & {one.extract.extract_id for one in fresh}
        and all(one.rows.is_file() for one in found.new)
    )
    return found if is_same else None


def _read(told: Mapping[str, Any], folder: Path, candidate: Path) -> Prepared:
    return Prepared(
        served=told["served"],
        extracts=[Extract(**extract) for extract in told["extracts"]],
        new=[_new(one, folder) for one in told["new"]],
        brought=told["brought"],
        rejected=[_new(one, folder) for one in told["rejected"]],
        unread=told["unread"],
        candidate=candidate,
        record=ImportRecord(**told["record"]),
    )


def _new(told: Mapping[str, Any], folder: Path) -> NewExtract:
    extract = Extract(**told["extract"])
    return NewExtract(extract, folder / f"{extract.extract_id}.parquet", told["findings"])


@functools.cache
def code_digest() -> str:
    """Digest of the code that reads and checks files; that of models is part of ``build_id``."""
    digest = hashlib.sha256()
    for folder in ("data/contracts", "data/ingestion", "data/reference"):
        for source in sorted((PROJECT / folder).glob("*.py")):
            digest.update(source.name.encode() + b"\0" + source.read_bytes())
    return digest.hexdigest()
