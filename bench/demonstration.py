"""A home of the bench's own with the demonstration data in it, made by the ordinary command."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.measured import Line
from data.store.home import PROJECT, Home


@contextmanager
def temporary_home() -> Iterator[Home]:
    """An empty home that is removed when the block ends."""
    with TemporaryDirectory(prefix="vigie-bench-") as folder:
        yield Home(Path(folder)).prepare()


def load_demonstration(home: Home) -> Line:
    """Bring the demonstration data in, as the first ``make run`` does; the time it took.

    Raises: RuntimeError with the last words of the command where it failed.
    """
    started = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "cli.py", "demo"],
        cwd=PROJECT,
        env={**os.environ, "VIGIE_HOME": str(home.root)},
        capture_output=True,
        text=True,
        check=False,
    )
    seconds = time.perf_counter() - started
    if done.returncode:
        raise RuntimeError(f"cli.py demo: {done.stderr.strip().splitlines()[-1:]}")
    return Line("import", "demonstration data from an empty home", seconds, "s", note="one run")


def served_build(home: Home) -> str:
    """The build that the home serves.

    Raises: LookupError where nothing was published.
    """
    build_id = home.current_build_id()
    if build_id is None:
        raise LookupError(f"Nothing was published in {home.root}.")
    return build_id
