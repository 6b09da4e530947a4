"""Writing files so that a crash leaves either the former content or the new one."""

from __future__ import annotations

import hashlib
import os
import shutil
from pathlib import Path

from data.store.home import Home


def sha256_of(path: Path) -> str:
    """Digest of a file's bytes, in hexadecimal."""
    with path.open("rb") as source:
        return hashlib.file_digest(source, "sha256").hexdigest()


def sync(path: Path) -> None:
    """Force a file or a folder to the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def move_into_place(source: Path, target: Path) -> Path:
    """Give ``source`` its final name at once; both lie in the same home."""
    target.parent.mkdir(parents=True, exist_ok=True)
    sync(source)
    os.replace(source, target)
    sync(target.parent)
    return target


def keep_raw(home: Home, path: Path, digest: str) -> Path:
    """Keep the received bytes under their digest; nothing is written twice."""
    kept = home.raw / digest
    if not kept.exists():
        copy = home.work / f"raw-{digest}-{os.getpid()}"
        shutil.copyfile(path, copy)
        move_into_place(copy, kept)
    return kept


def point_current(home: Home, build_id: str) -> None:
    """Make ``build_id`` the build being served."""
    pointer = home.work / f"CURRENT-{os.getpid()}"
    pointer.write_text(build_id + "\n", encoding="utf-8")
    move_into_place(pointer, home.current_pointer)


def sweep_work(home: Home) -> None:
    """Remove what dead imports left half written; call it while holding the publication lock."""
    for left in home.work.iterdir():
        if left.is_dir():
            shutil.rmtree(left)
        else:
            left.unlink(missing_ok=True)
