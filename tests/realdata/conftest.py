"""Where the real public files lie; without them the group is left out, and the run says so."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

BESIDE_THE_PROJECT = Path(__file__).resolve().parents[3] / "shared" / "realdata"


def _folder() -> Path:
    return Path(os.environ.get("VIGIE_REALDATA") or BESIDE_THE_PROJECT)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave the group out where nobody named a folder and there is none beside the project."""
    if _folder().is_dir() or os.environ.get("VIGIE_REALDATA"):
        return
    left_out = [item for item in items if item.get_closest_marker("realdata")]
    items[:] = [item for item in items if item not in left_out]
    config.hook.pytest_deselected(items=left_out)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say that the real files were not tried."""
    if not _folder().is_dir():
        terminalreporter.section("real files not tried", sep="=", yellow=True)
        terminalreporter.line(f"No folder {_folder()}: name it by VIGIE_REALDATA.")


@pytest.fixture(scope="session")
def realdata() -> Path:
    """The folder named by ``VIGIE_REALDATA``, beside the project by default."""
    folder = _folder()
    if not folder.is_dir():
        pytest.fail(f"VIGIE_REALDATA names {folder}, which is no folder.", pytrace=False)
    return folder
