"""A whole home in one file, and a home made again from it.

The archive is a compressed tar: a manifest with the digest of every file, the registry as a SQLite
file wherever it is kept, and what lies in the home. What an archive holds is checked before it is
believed: only plain files, inside the home, of the digest announced.
"""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import os
import shutil
import tarfile
import zlib
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory
from typing import Any

import sqlalchemy as sa

from data.store.files import sha256_of
from data.store.home import Home
from data.store.lock import publication_lock
from data.store.registry import METADATA, Registry, now

MANIFEST = "vigie.json"
REGISTRY = "registry.sqlite"
FORMAT = 1
LARGEST_MANIFEST_BYTES = 50_000_000
BLOCK_BYTES = 1_000_000
_COMPRESSION = 1
_NOT_KEPT = frozenset({"work", "publish.lock", REGISTRY, f"{REGISTRY}-wal", f"{REGISTRY}-shm"})


class BackupError(Exception):
    """Nothing was saved or restored; the message is a French sentence and what to do."""


@dataclass(frozen=True)
class Saved:
    """What an archive holds: when it was made, the build it serves, its files and their size."""

    made_at: str
    build_id: str | None
    file_count: int
    size_bytes: int


def backup(home: Home, target: Path) -> Saved:
    """Write the home into ``target``, whole or not at all.

    Raises: BackupError where there is nothing to save or ``target`` can't be the place.
    """
    if not home.root.is_dir() or home.current_build_id() is None:
        raise BackupError(f"Rien à sauvegarder : aucune donnée publiée dans {home.root}.")
    if target.exists():
        raise BackupError(f"« {target} » existe déjà. Donnez un autre nom.")
    if target.resolve().is_relative_to(home.root):
        raise BackupError("La sauvegarde irait dans le dossier qu’elle sauve. Écrivez-la ailleurs.")
    partial = target.with_name(f"{target.name}.partiel")
    registry = Registry(home)
    try:
        with publication_lock(home), TemporaryDirectory(dir=home.work) as folder:
            kept = Path(folder) / REGISTRY
            _copy_registry(registry.engine, _sqlite(kept))
            saved = _write(home, kept, partial)
        os.replace(partial, target)
    finally:
        partial.unlink(missing_ok=True)
    return saved


def restore(archive: Path, home: Home) -> Saved:
    """Fill an empty home with what ``archive`` holds.

    Raises: BackupError where the home holds anything, or the archive is not one of ``backup``; the
        home is then left as it was.
    """
    if _holds_a_file(home.root):
        raise BackupError(
            f"{home.root} n’est pas vide : rien n’y est écrasé. Nommez un dossier vide par "
            "VIGIE_HOME."
        )
    arrival = home.root / "work" / "restauration"
    shutil.rmtree(arrival, ignore_errors=True)
    arrival.mkdir(parents=True)
    try:
        saved = _take_out(archive, arrival)
        _put_in_place(home, arrival)
    except (tarfile.TarError, zlib.error, EOFError, gzip.BadGzipFile) as error:
        raise BackupError(f"« {archive} » n’est pas une sauvegarde, ou elle est abîmée.") from error
    finally:
        shutil.rmtree(arrival, ignore_errors=True)
    return saved


def _holds_a_file(root: Path) -> bool:
    return root.exists() and (not root.is_dir() or any(p.is_file() for p in root.rglob("*")))


def _sqlite(path: Path) -> sa.Engine:
    return sa.create_engine(f"sqlite:///{path}", poolclass=sa.pool.NullPool)


def _copy_registry(source: sa.Engine, target: sa.Engine) -> None:
    """Every row of every table, read at one moment."""
    METADATA.create_all(target)
    with source.connect() as reading, target.begin() as writing:
        for table in METADATA.sorted_tables:
            rows = [dict(row) for row in reading.execute(sa.select(table)).mappings()]
            if rows:
                writing.execute(sa.insert(table), rows)


# Writing


def _write(home: Home, registry: Path, target: Path) -> Saved:
    files = {REGISTRY: registry} | dict(_files(home))
    listed: list[dict[str, Any]] = [
        {"path": name, "size": path.stat().st_size, "sha256": sha256_of(path)}
        for name, path in files.items()
    ]
    made_at, build_id = now(), home.current_build_id()
    manifest = {"format": FORMAT, "made_at": made_at, "build_id": build_id, "files": listed}
    with tarfile.open(target, "w:gz", compresslevel=_COMPRESSION) as archive:
        content = json.dumps(manifest).encode()
        told = tarfile.TarInfo(MANIFEST)
        told.size = len(content)
        archive.addfile(told, io.BytesIO(content))
        for name, path in files.items():
            archive.add(path, name, recursive=False)
    return Saved(made_at, build_id, len(listed), sum(int(one["size"]) for one in listed))


def _files(home: Home) -> Iterator[tuple[str, Path]]:
    for path in sorted(home.root.rglob("*")):
        name = path.relative_to(home.root)
        if path.is_file() and not path.is_symlink() and name.parts[0] not in _NOT_KEPT:
            yield name.as_posix(), path


# Reading


def _take_out(archive: Path, folder: Path) -> Saved:
    with tarfile.open(archive, "r:gz") as source:
        manifest = _manifest(source)
        announced: dict[str, str] = manifest["digests"]
        size: int = manifest["size"]
        if size > shutil.disk_usage(folder).free:
            raise BackupError("Il n’y a pas assez de place libre pour cette sauvegarde.")
        found: set[str] = set()
        for member in islice(source, 1, None):
            told = announced.get(member.name)
            is_plain = member.isreg() and _is_inside(member.name) and member.name not in found
            if told is None or not is_plain:
                raise BackupError(
                    f"« {member.name} » n’a rien à faire dans une sauvegarde : rien n’est restauré."
                )
            if _written(source, member, folder / member.name) != told:
                raise BackupError(f"« {member.name} » est abîmé dans la sauvegarde.")
            found.add(member.name)
    if found != set(announced) or REGISTRY not in found:
        raise BackupError("La sauvegarde est incomplète : rien n’est restauré.")
    return Saved(str(manifest["made_at"]), manifest["build_id"], len(found), size)


def _manifest(source: tarfile.TarFile) -> dict[str, Any]:
    first = source.next()
    stream = source.extractfile(first) if first and first.isreg() else None
    if first is None or stream is None or first.name != MANIFEST:
        raise BackupError("Ce fichier n’est pas une sauvegarde de Vigie GDR.")
    try:
        manifest = json.loads(stream.read(min(first.size, LARGEST_MANIFEST_BYTES)))
        manifest["digests"] = {str(one["path"]): str(one["sha256"]) for one in manifest["files"]}
        manifest["size"] = sum(int(one["size"]) for one in manifest["files"])
        is_ours = {"format", "made_at", "build_id"} <= set(manifest)
    except (ValueError, TypeError, KeyError) as error:
        raise BackupError("La liste de la sauvegarde est illisible.") from error
    if not is_ours or manifest["format"] != FORMAT:
        raise BackupError("Cette sauvegarde vient d’une autre version de Vigie GDR.")
    return manifest


def _is_inside(name: str) -> bool:
    path = PurePosixPath(name)
    return not path.is_absolute() and ".." not in path.parts and "\\" not in name


def _written(source: tarfile.TarFile, member: tarfile.TarInfo, target: Path) -> str:
    """The digest of the bytes written, which are those of the archive and no others."""
    target.parent.mkdir(parents=True, exist_ok=True)
    digest = hashlib.sha256()
    stream = source.extractfile(member)
    if stream is None:
        return ""
    with stream, target.open("xb") as out:
        while block := stream.read(BLOCK_BYTES):
            digest.update(block)
            out.write(block)
    return digest.hexdigest()


def _put_in_place(home: Home, arrival: Path) -> None:
    """Give every file its place; the pointer comes last, so that nothing is served before."""
    kept = arrival / REGISTRY
    if home.registry_url.startswith("sqlite") and "VIGIE_REGISTRY_URL" not in os.environ:
        os.replace(kept, home.root / REGISTRY)
    else:
        _fill_registry(home, kept)
    pointer = arrival / home.current_pointer.relative_to(home.root)
    files = [path for path in sorted(arrival.rglob("*")) if path.is_file() and path != kept]
    for path in sorted(files, key=lambda path: path == pointer):
        place = home.root / path.relative_to(arrival)
        place.parent.mkdir(parents=True, exist_ok=True)
        os.replace(path, place)
        if place.parent == home.builds and place.suffix == ".duckdb":
            with suppress(OSError):
                place.chmod(0o444)


def _fill_registry(home: Home, kept: Path) -> None:
    engine = Registry(home).engine
    with engine.connect() as connection:
        for table in METADATA.sorted_tables:
            if connection.execute(sa.select(table).limit(1)).first() is not None:
                raise BackupError(
                    "Le registre nommé par VIGIE_REGISTRY_URL n’est pas vide : rien n’y est écrasé."
                )
    _copy_registry(_sqlite(kept), engine)
