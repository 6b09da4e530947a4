"""Streamlit servers for the time of a measure."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bench.child import peak_memory_mb
from data.store.home import PROJECT, Home

PATIENCE_SECONDS = 60


@dataclass(frozen=True)
class Server:
    """A served script: its address and its process."""

    address: str
    process_id: int

    def peak_memory_mb(self) -> float | None:
        """Largest resident memory so far; None where the system doesn't tell."""
        return peak_memory_mb(self.process_id) if Path("/proc").exists() else None


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_until_healthy(address: str, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise RuntimeError(f"The server of {address} stopped before it answered.")
        try:
            with urllib.request.urlopen(f"{address}/_stcore/health", timeout=1) as answer:
                if answer.status == 200:
                    return
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.1)
    raise TimeoutError(f"{address} did not answer within {PATIENCE_SECONDS} s.")


@contextmanager
def served(script: Path, home: Home) -> Iterator[Server]:
    """Serve ``script`` on a free port of this machine until the block ends.

    The product's own front door takes the options of Streamlit; any other script is run by it.
    """
    port = _free_port()
    by_streamlit = [] if script.name == "serve.py" else ["-m", "streamlit", "run"]
    command = [sys.executable, *by_streamlit, str(script)]
    options = {
        "server.address": "127.0.0.1",
        "server.port": str(port),
        "server.headless": "true",
        "server.fileWatcherType": "none",
        "browser.gatherUsageStats": "false",
    }
    process = subprocess.Popen(
        [*command, *(f"--{name}={value}" for name, value in options.items())],
        cwd=PROJECT,
        env={**os.environ, "VIGIE_HOME": str(home.root)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    address = f"http://127.0.0.1:{port}"
    try:
        _wait_until_healthy(address, process)
        yield Server(address, process.pid)
    finally:
        process.terminate()
        process.wait(timeout=20)
