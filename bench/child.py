"""Runs one measure in a process of its own, so that memory and warm caches are its own."""

from __future__ import annotations

import importlib
import json
import os
import resource
import subprocess
import sys
from pathlib import Path
from typing import Any

from data.store.home import PROJECT, Home


def measured_in_child(measure: str, *arguments: str, home: Home | None = None) -> dict[str, Any]:
    """Result of ``bench.<module>:<function>`` called with text arguments in a new process.

    The function returns a mapping; ``peak_mb``, the largest resident memory of the process in MB,
    is added to it. Process start and imports are outside of what the function times.

    Raises: RuntimeError with the last words of a process that failed.
    """
    environment = dict(os.environ)
    if home:
        environment["VIGIE_HOME"] = str(home.root)
    done = subprocess.run(
        [sys.executable, "-m", "bench.child", measure, *arguments],
        cwd=PROJECT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"{measure}: {done.stderr.strip()[-400:]}")
    result: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return result


def peak_memory_mb(process_id: int | str = "self") -> float:
    """Largest resident memory of a process so far.

    Linux tells it in ``/proc``; the system call would count what the parent held when it forked.
    """
    told = _told_by_linux(process_id, "VmHWM")
    # Bytes on macOS, the one other system the product is developed on.
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2 if told is None else told


def resident_memory_mb(process_id: int) -> float:
    """Resident memory of a process now.

    Raises: LookupError where the system or the process doesn't tell.
    """
    told = _told_by_linux(process_id, "VmRSS")
    if told is None:
        raise LookupError(f"No resident memory of the process {process_id}.")
    return told


def _told_by_linux(process_id: int | str, field: str) -> float | None:
    """MB of a field of ``/proc/<id>/status``; None where there is none."""
    status = Path(f"/proc/{process_id}/status")
    if status.exists():
        for line in status.read_text(encoding="utf-8").splitlines():
            if line.startswith(f"{field}:"):
                return int(line.split()[1]) / 1024
    return None


def _main() -> None:
    module, function = sys.argv[1].split(":")
    result = getattr(importlib.import_module(module), function)(*sys.argv[2:])
    print(json.dumps(result | {"peak_mb": peak_memory_mb()}))


if __name__ == "__main__":
    _main()
