"""The geometry of interactive maps as files that browsers keep, named by their content."""

from __future__ import annotations

import gzip
import hashlib
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from components import blocks

LEVELS = ("departement", "region", "drsm")
KINDS = ("ground", "areas", "hatches", "places", "frames", "touch")
"""What a map of the country loads."""

CLOSE = "close"
"""What a map of few territories loads in place of ``areas``."""
ADDRESS = re.compile(r"/carte\.(?P<level>[a-z]+)\.(?P<kind>[a-z]+)\.(?P<digest>[0-9a-f]{12})\.json")

Rows = list[dict[str, Any]]


@dataclass(frozen=True)
class MapFile:
    """A file: its address below the server's, its JSON and the same compressed."""

    address: str
    content: bytes
    compressed: bytes


def sources(level: str, is_close: bool = False) -> Mapping[str, str | Rows]:
    """Where the browser finds each part of the geometry of a level.

    Addresses where our own document serves them; else the rows, sent with the drawing. ``is_close``
    says whether few territories are looked at: their borders are then thinner.
    """
    named = {kind: CLOSE if is_close and kind == "areas" else kind for kind in KINDS}
    if not blocks.is_in_document():
        return {kind: _rows(level, own) for kind, own in named.items()}
    return {kind: f".{map_file(level, own).address}" for kind, own in named.items()}


def asked_file(path: str) -> MapFile | None:
    """The file at that path of the server, None where there is none of that content."""
    found = ADDRESS.fullmatch(path)
    if found is None or found["level"] not in LEVELS or found["kind"] not in (*KINDS, CLOSE):
        return None
    file = map_file(found["level"], found["kind"])
    return file if file.address == path else None


@lru_cache(maxsize=24)
def map_file(level: str, kind: str) -> MapFile:
    """The file of a level and kind; made once a process."""
    content = json.dumps(_rows(level, kind), ensure_ascii=False, separators=(",", ":")).encode()
    digest = hashlib.sha256(content).hexdigest()[:12]
    # Without a date inside, the same content is the same file.
    return MapFile(f"/carte.{level}.{kind}.{digest}.json", content, gzip.compress(content, mtime=0))


def _rows(level: str, kind: str) -> Rows:
    # Shapely is loaded by the first map, not by every page.
    from figures import map_geometry

    ways: Mapping[str, Callable[[str], Rows]] = {
        "ground": map_geometry.ground_rows,
        "areas": map_geometry.area_rows,
        CLOSE: map_geometry.close_rows,
        "hatches": map_geometry.hatch_rows,
        "places": map_geometry.place_rows,
        "frames": map_geometry.frame_rows,
        "touch": map_geometry.touch_rows,
    }
    return ways[kind](level)
