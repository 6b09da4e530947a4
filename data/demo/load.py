"""The files of a demonstration home: generated extracts, and the published figures."""

from __future__ import annotations

from pathlib import Path

from data.demo.generate import write_demonstration
from data.reference.published import published_files

PERSON = "démonstration"


def demonstration_files(folder: Path) -> list[Path]:
    """Write the generated extracts into ``folder``; returns all files to load, in order."""
    folder.mkdir(parents=True, exist_ok=True)
    return [*published_files(), *write_demonstration(folder)]
