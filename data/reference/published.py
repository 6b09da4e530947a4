"""The published figures that come with the project, as extract files."""

from __future__ import annotations

import functools
from pathlib import Path

from data.store.files import sha256_of

FOLDER = Path(__file__).parent / "igas_2017"


def published_files() -> list[Path]:
    """The extract files, most of them of the IGAS report of 2017, in the order of loading."""
    return sorted(FOLDER.glob("*.csv"))


@functools.cache
def _digests() -> frozenset[str]:
    return frozenset(sha256_of(path) for path in published_files())


def is_published_figure(sha256: str) -> bool:
    """Whether bytes are those of a published file shipped here: public, and shown as such."""
    return sha256 in _digests()
