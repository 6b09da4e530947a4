"""The contours that maps draw, as GeoJSON mappings. Every map carries ``CREDIT``."""

from __future__ import annotations

import json
import math
from functools import cache
from pathlib import Path
from typing import Any

CREDIT = "Contours : IGN Admin Express (Licence Ouverte)"
DISPLAY_ASPECT = 1 / math.cos(math.radians(46.5))
"""Length of a degree of latitude over one of longitude when the display geometry is drawn flat."""

GeoJson = dict[str, Any]
_HERE = Path(__file__).parent


def departments() -> GeoJson:
    """The 101 departments in longitude and latitude; properties ``code`` (``01``) and ``nom``.

    Shared by all callers, as are the others: don't change it.
    """
    return _read("departements")


def regions() -> GeoJson:
    """The 18 regions of 2016; property ``code`` is the territory's (``REG-84``)."""
    return _read("regions")


def drsm() -> GeoJson:
    """The 20 DRSM of 2016 (Mayotte has none); ``code`` is the territory's (``DRSM-AUVERGNE``)."""
    return _read("drsm")


def display() -> GeoJson:
    """The 101 departments as laid out for display, overseas and Paris with its ring in insets.

    The member ``insets`` lists the frames: ``name, codes, box`` (west, south, east, north) and
    ``scale`` against the mainland. 75, 92, 93 and 94 are drawn twice, in place and enlarged.
    """
    return _read("departements_affichage")


@cache
def _read(name: str) -> GeoJson:
    contours: GeoJson = json.loads((_HERE / f"{name}.geojson").read_text(encoding="utf-8"))
    return contours
