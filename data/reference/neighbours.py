"""Which departments touch which, as their contours share a border; islands have no neighbour."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType
from typing import Any

from data.reference.geometry import departments


@cache
def department_neighbours() -> Mapping[str, frozenset[str]]:
    """The codes (``43``) of the departments that share a stretch of border, by department.

    A point in common is not enough. The two of Corsica are neighbours of each other alone.
    """
    holders: dict[frozenset[tuple[float, float]], set[str]] = {}
    codes = []
    for feature in departments()["features"]:
        code = feature["properties"]["code"]
        codes.append(code)
        for ring in _rings(feature["geometry"]):
            points = [(float(x), float(y)) for x, y in ring]
            for edge in zip(points, points[1:], strict=False):
                holders.setdefault(frozenset(edge), set()).add(code)
    touching: dict[str, set[str]] = {code: set() for code in codes}
    for sharing in holders.values():
        for code in sharing:
            touching[code] |= sharing - {code}
    return MappingProxyType({code: frozenset(found) for code, found in touching.items()})


def _rings(shape: Mapping[str, Any]) -> list[Any]:
    is_many = shape["type"] == "MultiPolygon"
    polygons = shape["coordinates"] if is_many else [shape["coordinates"]]
    return [ring for polygon in polygons for ring in polygon]
