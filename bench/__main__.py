"""Measure pages, memory, queries, import, history and more: ``python -m bench [SECTION ...]``.

Prints a table and stores it as JSON under ``bench/results/``. A line above its aim is told, never
an error: a measure depends on the machine, a test must not.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
import time
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from bench.demonstration import load_demonstration, temporary_home
from bench.history import measure_history
from bench.import_page import measure_import_page
from bench.imports import measure_import
from bench.landing import measure_landing
from bench.maps import measure_maps
from bench.measured import Line, table
from bench.memory import measure_memory
from bench.msap import measure_msap
from bench.pages import measure_pages
from bench.professionals import measure_professionals
from bench.questions import measure_questions
from data.store.home import Home

RESULTS = Path(__file__).with_name("results")
SECTIONS: dict[str, Callable[[Home], list[Line]]] = {
    "pages": measure_pages,
    "memory": measure_memory,
    "queries": measure_questions,
    "import": measure_import,
    "importing": measure_import_page,
    "history": measure_history,
    "landing": measure_landing,
    "msap": measure_msap,
    "professionals": measure_professionals,
    "maps": measure_maps,
}
WITHOUT_HOME = {"landing", "professionals"}
"""Sections that need no home: what they measure is the same in every one."""


def machine() -> dict[str, Any]:
    """What the figures were taken on; nothing that names the machine or its user."""
    return {
        "cores": os.cpu_count(),
        "python": platform.python_version(),
        "system": f"{platform.system()} {platform.machine()}",
        "load_average": os.getloadavg()[0] if hasattr(os, "getloadavg") else None,
    }


def measure(sections: Sequence[str]) -> list[Line]:
    """All lines of the named sections, taken on a demonstration home made for the run."""
    with temporary_home() as home:
        lines = []
        if set(sections) - WITHOUT_HOME:
            _say("demonstration data")
            loading = load_demonstration(home)
            lines = [loading] if "import" in sections else []
        for section in sections:
            _say(section)
            lines += SECTIONS[section](home)
    return sorted(lines, key=lambda line: list(SECTIONS).index(line.section))


def store(lines: Sequence[Line], conditions: dict[str, Any], target: Path) -> None:
    """Write the run as JSON."""
    target.parent.mkdir(parents=True, exist_ok=True)
    run = {**conditions, "lines": [line.as_dict() for line in lines]}
    target.write_text(json.dumps(run, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def _say(what: str) -> None:
    print(f"… {what}", file=sys.stderr, flush=True)


def main() -> None:
    """Read the command line, measure, print, store."""
    parser = argparse.ArgumentParser(prog="bench", description=__doc__)
    parser.add_argument(
        "sections", nargs="*", metavar="SECTION", help=f"any of {', '.join(SECTIONS)}; default all"
    )
    parser.add_argument("--only", choices=SECTIONS, action="append", help="measure this section")
    parser.add_argument("--output", type=Path, help="where the JSON goes")
    asked = parser.parse_args()
    unknown = set(asked.sections) - set(SECTIONS)
    if unknown:
        parser.error(f"unknown section: {', '.join(sorted(unknown))}")
    sections = [*asked.sections, *(asked.only or [])] or list(SECTIONS)
    now = datetime.now()
    started = time.perf_counter()
    conditions = {"taken_at": now.isoformat(timespec="seconds"), **machine()}
    lines = measure(sections)
    conditions["duration_seconds"] = round(time.perf_counter() - started)
    target = asked.output or RESULTS / f"{now:%Y-%m-%dT%H%M%S}.json"
    store(lines, conditions, target)
    print(table(lines))
    print(f"\n{conditions['duration_seconds']} s; stored in {os.path.relpath(target)}")


if __name__ == "__main__":
    main()
