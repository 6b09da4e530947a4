"""The home folder: where received files, the lake, the builds and the registry lie."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
TRIAL = "essai"
"""How the id of a build that is not published begins; others are hexadecimal."""


@dataclass(frozen=True)
class Home:
    """Paths under ``VIGIE_HOME``; nothing is created before ``prepare()``."""

    root: Path

    @classmethod
    def from_environment(cls) -> Home:
        """The home named by ``VIGIE_HOME`` (default ``var/`` in the project)."""
        return cls(Path(os.environ.get("VIGIE_HOME") or PROJECT / "var").resolve())

    @property
    def raw(self) -> Path:
        """Files as received, each named by its SHA-256 alone."""
        return self.root / "raw"

    @property
    def lake(self) -> Path:
        """Validated rows, ``<contract>/<extract_id>.parquet``, never changed once written."""
        return self.root / "lake"

    @property
    def builds(self) -> Path:
        """One read-only DuckDB file a publication, and the pointer ``CURRENT``."""
        return self.root / "builds"

    @property
    def current_pointer(self) -> Path:
        """The file that names the build being served."""
        return self.builds / "CURRENT"

    @property
    def work(self) -> Path:
        """Files being written; renamed into place when whole, swept when their writer is dead."""
        return self.root / "work"

    @property
    def drafts(self) -> Path:
        """Uploads on their way, one folder each, until they are published or given up."""
        return self.root / "drafts"

    @property
    def workings(self) -> Path:
        """Tables kept from one build to the next; all of them can be worked out again."""
        return self.root / "workings"

    @property
    def lock(self) -> Path:
        """Held by the one process that publishes."""
        return self.root / "publish.lock"

    @property
    def registry_url(self) -> str:
        """SQLAlchemy address of the registry; ``VIGIE_REGISTRY_URL`` or SQLite in the home."""
        return os.environ.get("VIGIE_REGISTRY_URL") or f"sqlite:///{self.root / 'registry.sqlite'}"

    def prepare(self) -> Home:
        """Create the folders; returns itself."""
        for folder in (self.raw, self.lake, self.builds, self.work):
            folder.mkdir(parents=True, exist_ok=True)
        return self

    def current_build_id(self) -> str | None:
        """The build being served, or None where nothing was published yet."""
        try:
            return self.current_pointer.read_text(encoding="utf-8").strip() or None
        except FileNotFoundError:
            return None

    def build_path(self, build_id: str) -> Path:
        """Where the build lies; the id is checked, since it may come from a URL."""
        if not build_id.isalnum():
            raise ValueError(f"« {build_id} » n’est pas un identifiant de publication.")
        if build_id.startswith(TRIAL):
            draft_id, _, check = build_id.removeprefix(TRIAL).partition("x")
            return self.drafts / draft_id / f"candidate-{check}.duckdb"
        return self.builds / f"{build_id}.duckdb"
