"""Questions about the publication itself: its extracts, findings, years, and those before it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

import pandas as pd

from access.scope import Scope
from data.demo.timeline import DAY as DEMONSTRATION_DAY
from data.store.home import Home
from queries.cached import cached
from queries.run import run


@cached
def extracts(scope: Scope, build_id: str) -> pd.DataFrame:
    """The extracts served, in the order in which they count."""
    return run("store/extracts", scope, build_id)


@cached
def findings(scope: Scope, build_id: str) -> pd.DataFrame:
    """What was found in them, about territories of the scope or about none.

    ``sentence`` gives no figure that is withheld from the person.
    """
    frame = run("store/findings", scope, build_id)
    return frame.assign(sentence=frame["sentence"].fillna(frame["sentence_without_figures"]))


@cached
def build(scope: Scope, build_id: str) -> pd.DataFrame:
    """One row: identifier, counts of extracts by origin, newest receipt (UTC), last month."""
    return run("store/build", scope, build_id)


@cached
def years(scope: Scope, build_id: str) -> pd.DataFrame:
    """The years with CPG figures, newest first: ``year, last_month, is_open_year``."""
    return run("store/years", scope, build_id)


def day_looked_at(scope: Scope, build_id: str) -> date:
    """The day that lateness is counted to: the demonstration's own where it is one, else today."""
    is_demonstration = build(scope, build_id)["demonstration_count"].iloc[0] > 0
    return DEMONSTRATION_DAY if is_demonstration else datetime.now(UTC).date()


BUILD_COLUMNS = [
    "build_id",
    "published_at",
    "action",
    "reason",
    "extract_count",
    "new_extract_count",
    "is_current",
]


def builds() -> pd.DataFrame:
    """The publications that a page may go back to, newest first: one row per build on the disk.

    ``published_at`` (UTC, ISO 8601) is when it was last put in service, ``action`` how (``import |
    rebuild | rollback``), ``reason`` what was said of it, ``new_extract_count`` how many of its
    extracts the publication before did not serve. Read from the registry at each call.
    """
    current = Home.from_environment().current_build_id()
    rows = [
        {name: publication[name] for name in BUILD_COLUMNS if name in publication}
        | {"is_current": publication["build_id"] == current}
        for publication in _publications()
        if publication["is_newest"] and publication["is_on_disk"]
    ]
    return pd.DataFrame(rows, columns=BUILD_COLUMNS)


def former_build(build_id: str) -> str | None:
    """The build served before this one with other extracts, None where there is none.

    A build made again of the same extracts is passed by: it is the same news by new models.
    """
    publications = list(_publications())
    mine = [publication["build_id"] == build_id for publication in publications]
    if True not in mine:
        return None
    start = mine.index(True)
    extracts = publications[start]["extracts"]
    for publication in publications[start + 1 :]:
        if publication["is_on_disk"] and publication["extracts"] != extracts:
            return str(publication["build_id"])
    return None


def _publications() -> Iterator[dict[str, Any]]:
    """Every publication, newest first, with its extracts and what is left of its build."""
    # SQLAlchemy is not loaded by whoever only asks the marts.
    from data.store.registry import Registry

    home = Home.from_environment()
    registry = Registry(home)
    publications = registry.publications()
    extracts_of = registry.extract_ids_by_build()
    seen: set[str] = set()
    for position, publication in enumerate(publications):
        build_id = str(publication["build_id"])
        extracts = extracts_of.get(build_id, ())
        before = publications[position + 1]["build_id"] if position + 1 < len(publications) else ""
        yield publication | {
            "extracts": extracts,
            "extract_count": len(extracts),
            "new_extract_count": len(set(extracts) - set(extracts_of.get(str(before), ()))),
            "is_newest": build_id not in seen,
            "is_on_disk": home.build_path(build_id).is_file(),
        }
        seen.add(build_id)
