"""What an interactive map draws of each territory: polygons, places for symbols, hatching.

Made once a process from the display contours (``data.reference.geometry``): overseas departments
and Paris with its ring in their frames. No public map cuts a department into caisses: several of
them stand side by side inside it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import shapely

from data.reference.geometry import DISPLAY_ASPECT, display
from data.reference.territories import territories
from figures.adhesion_words import caisses_by_department
from figures.map_measures import NOUGHT, UNDER

DECIMALS = 3
"""Of a degree: a hundred metres, less than a pixel at the closest look at a department."""

HATCH_STEP = 0.22
"""Degrees of longitude between two lines of the hatching."""

FALLING_STEPS = 2.5
"""How much further apart the lines are that cross them."""

BORDER, CLOSE_BORDER = 0.022, 0.006
"""Width of a border, in degrees: a pixel, so that it is whole without smoothing; and where some
of its territories are looked at from near."""

PLAIN, TOUCHED = 0.004, 0.024
"""Detail that contours lose, in degrees: a sixth of a pixel over the country for what is drawn, a
pixel for what a click meets, which is seen in the tint of what is pointed at alone."""

SPREAD = 0.5
"""How far symbols stand from the middle of their department, in its inscribed radius."""

PARIS_FRAME = "75"
LEVEL_COLUMNS = {"region": "region_code", "drsm": "drsm_code"}
Point = tuple[float, float]


@dataclass(frozen=True)
class Area:
    """A territory as drawn: ``shapes`` are all its polygons, ``place`` where its symbol stands.

    ``radius`` is that of the largest circle inside, in degrees of longitude.
    """

    code: str
    name: str
    shapes: tuple[shapely.Polygon, ...]
    place: Point
    radius: float


@lru_cache(maxsize=8)
def areas(level: str) -> tuple[Area, ...]:
    """The polygons of a level, in the order of the reference.

    Args:
        level: ``departement``, ``region`` or ``drsm``; ``caisse`` has those of the departments.
    """
    reference = territories()
    departments = _departments()
    if level in {"departement", "caisse"}:
        known = reference[reference["level"] == "departement"]
        members = {code: (code,) for code in known["territory_code"]}
    else:
        known = reference[reference["level"] == level]
        own = reference[reference["level"] == "departement"]
        grouped = own.groupby(LEVEL_COLUMNS[level])["territory_code"]
        members = {code: tuple(found) for code, found in grouped}
    names = dict(zip(known["territory_code"], known["territory_name"], strict=True))
    is_whole = level in LEVEL_COLUMNS
    drawn = []
    for code, name in names.items():
        shapes = [shape for member in members.get(code, ()) for shape in departments[member]]
        if is_whole:
            shapes = _united([shape for shape in shapes if not _is_in(shape, _paris_box())])
        if shapes:
            place, radius = _place(shapes)
            drawn.append(Area(str(code), str(name), tuple(shapes), place, radius))
    return tuple(drawn)


@lru_cache(maxsize=8)
def places(level: str, is_enlarged: bool = True) -> Mapping[str, Point]:
    """Where the symbol of each territory of a level stands, in display degrees, by code.

    ``is_enlarged``: whether Paris and its ring stand in their frame, which larger territories don't
    have.
    """
    if level != "caisse":
        return {area.code: area.place for area in areas(level)}
    known = caisses_by_department()
    found = {}
    for area in areas("departement"):
        own = known.get(area.code, ())
        middle, radius = area.place, area.radius
        if not is_enlarged:
            middle, radius = _place([s for s in area.shapes if not _is_in(s, _paris_box())])
        for code, place in zip(own, _side_by_side(middle, radius, len(own)), strict=True):
            found[code] = place
    return found


def area_rows(level: str, border: float = BORDER) -> list[dict[str, Any]]:
    """One row a polygon: place ``i`` of its territory, rings ``p``.

    Drawn a little smaller than it is: what shows of the ground between two is their border. Lines
    would have cost five times as much to draw, and stood twice on each border.
    """
    return [
        {"i": i, "p": _flat(part)}
        for i, area in enumerate(areas(level))
        for shape in area.shapes
        for part in _drawn_in(shape, border)
    ]


def close_rows(level: str) -> list[dict[str, Any]]:
    """The same for a map of few territories: from near, the usual border would be a road."""
    return area_rows(level, CLOSE_BORDER)


def touch_rows(level: str) -> list[dict[str, Any]]:
    """One row a polygon: what a click meets, code ``c`` of its territory, rings ``p``.

    Without the borders' gaps, where a pointer would meet nothing, and with fewer turns: both sides
    of a border lose the same ones.
    """
    owned = [(area.code, shape) for area in areas(level) for shape in area.shapes]
    plain = shapely.coverage_simplify([shape for _, shape in owned], TOUCHED)
    return [{"c": code, "p": _flat(shape)} for (code, _), shape in zip(owned, plain, strict=True)]


def ground_rows(level: str) -> list[dict[str, Any]]:
    """One row a piece of the country: what lies under the territories, rings ``p``."""
    shapes = [shape for area in areas(level) for shape in area.shapes]
    return [{"p": _flat(shape)} for shape in _united(shapes)]


def hatch_rows(level: str) -> list[dict[str, Any]]:
    """One row a line of the hatching: in ``l`` both its ends, the place of its territory, its way.

    The way is 0 for the lines that rise, 1 for those that cross them.
    """
    return [
        {"l": [*start, *end, i, way]}
        for i, area in enumerate(areas(level))
        for shape in area.shapes
        for way, is_rising in enumerate((True, False))
        for start, end in _hatching(shape, is_rising)
    ]


def place_rows(level: str) -> list[dict[str, Any]]:
    """One row a territory: its place ``i``, where a sign stands on it, ``q``, and both signs."""
    return [
        {"i": i, "q": list(area.place), "s": UNDER, "z": NOUGHT}
        for i, area in enumerate(areas(level))
    ]


def outline(level: str, code: str) -> list[list[list[float]]]:
    """The outlines of one territory; empty where the level has none of that code."""
    shapes = [shape for area in areas(level) if area.code == code for shape in area.shapes]
    return [_rings(shape)[0] for shape in shapes]


def frame_rows(level: str) -> list[dict[str, Any]]:
    """The frames of what is moved or enlarged: outline ``p``, name ``n`` and where it stands.

    ``k`` is the name that a phone has room for: the code of a department.
    """
    is_whole = level in LEVEL_COLUMNS
    rows = []
    for inset in display()["insets"]:
        if is_whole and PARIS_FRAME in inset["codes"]:
            continue
        west, south, east, north = inset["box"]
        outline = [[west, south], [east, south], [east, north], [west, north], [west, south]]
        is_one = len(inset["codes"]) == 1
        rows.append(
            {
                "n": inset["name"],
                "k": inset["codes"][0] if is_one else inset["name"].split()[0],
                "p": outline,
                "q": [(west + east) / 2, north],
            }
        )
    return rows


def bounds(codes: Sequence[str], level: str) -> tuple[float, float, float, float]:
    """West, south, east, north of some territories in place, or of the whole drawing."""
    wanted = set(codes) or {area.code for area in areas(level)}
    shapes = [s for area in areas(level) if area.code in wanted for s in area.shapes]
    if len(wanted) < len(areas(level)):
        # A region is looked at in its place: the enlarged copy of Paris would take the view away.
        own = [shape for shape in shapes if not _is_in(shape, _paris_box())]
        shapes = own or shapes
    else:
        shapes += [shapely.box(*inset["box"]) for inset in display()["insets"]]
    west, south, east, north = shapely.total_bounds(shapes or [shapely.box(-5.2, 41.3, 9.6, 51.1)])
    return float(west), float(south), float(east), float(north)


@lru_cache(maxsize=1)
def _departments() -> Mapping[str, tuple[shapely.Polygon, ...]]:
    found: dict[str, list[shapely.Polygon]] = {}
    whole, codes = [], []
    for feature in display()["features"]:
        parts = shapely.get_parts(shapely.geometry.shape(feature["geometry"]))
        whole += list(parts)
        codes += [f"DEP-{feature['properties']['code']}"] * len(parts)
    for code, shape in zip(codes, shapely.coverage_simplify(whole, PLAIN), strict=True):
        found.setdefault(code, []).append(shape)
    return {code: tuple(shapes) for code, shapes in found.items()}


def _paris_box() -> tuple[float, float, float, float]:
    inset = next(found for found in display()["insets"] if PARIS_FRAME in found["codes"])
    west, south, east, north = inset["box"]
    return west, south, east, north


def _is_in(shape: shapely.Polygon, box: tuple[float, float, float, float]) -> bool:
    west, south, east, north = box
    x, y = shape.exterior.coords[0]
    return west <= x <= east and south <= y <= north


def _united(shapes: Sequence[shapely.Polygon]) -> list[shapely.Polygon]:
    return [*shapely.get_parts(shapely.union_all(list(shapes)))]


def _place(shapes: Sequence[shapely.Polygon]) -> tuple[Point, float]:
    """The middle of the largest circle inside the largest polygon, and its radius."""
    largest = max(shapes, key=lambda shape: shape.area)
    circle = shapely.maximum_inscribed_circle(largest, tolerance=0.02)
    (x, y), _ = circle.coords
    return (round(x, DECIMALS), round(y, DECIMALS)), float(circle.length)


def _side_by_side(middle: Point, radius: float, count: int) -> list[Point]:
    """Places of the caisses of a department: alone in the middle, two by two otherwise."""
    x, y = middle
    if count < 2:
        return [middle][:count]
    across = min(count, 2)
    step = radius * SPREAD
    found = []
    for place in range(count):
        right = (place % across) * 2 - (across - 1)
        down = (place // across) * 2 - (-(-count // across) - 1)
        found.append((round(x + right * step, DECIMALS), round(y - down * step * 0.7, DECIMALS)))
    return found


def _drawn_in(shape: shapely.Polygon, border: float) -> list[shapely.Polygon]:
    """A polygon without its edge; as it is where nothing would be left of it."""
    inner = shapely.buffer(shape, -border / 2, join_style="mitre", mitre_limit=2.0)
    parts = [part for part in shapely.get_parts(inner) if not part.is_empty]
    return parts or [shape]


def _flat(shape: shapely.Polygon) -> list[float] | dict[str, list[Any]]:
    """All corners in one list, as deck.gl takes them: an eighth less to send than pairs.

    With holes: ``positions``, and in ``holeIndices`` where each hole starts in them.
    """
    rings = [np.round(np.asarray(ring.coords), DECIMALS).ravel().tolist() for ring in _lines(shape)]
    if len(rings) == 1:
        return rings[0]
    starts = np.cumsum([len(ring) for ring in rings])[:-1].tolist()
    return {"positions": [value for ring in rings for value in ring], "holeIndices": starts}


def _lines(shape: shapely.Polygon) -> list[shapely.LinearRing]:
    return [shape.exterior, *shape.interiors]


def _rings(shape: shapely.Polygon) -> list[list[list[float]]]:
    return [np.round(np.asarray(ring.coords), DECIMALS).tolist() for ring in _lines(shape)]


def _hatching(shape: shapely.Polygon, is_rising: bool) -> list[tuple[list[float], list[float]]]:
    """Parallel lines inside a polygon, at 45 degrees as drawn, that rise or fall eastwards."""
    west, south, east, north = shape.bounds
    rise = (east - west) / DISPLAY_ASPECT
    # At least two lines, however small the territory.
    step = min(HATCH_STEP, (north - south + rise) / 4) / DISPLAY_ASPECT
    step *= 1 if is_rising else FALLING_STEPS
    starts = np.arange(np.floor((south - rise) / step) * step, north, step)
    lows, highs = (starts, starts + rise) if is_rising else (starts + rise, starts)
    lines = shapely.linestrings(
        [[(west, low), (east, high)] for low, high in zip(lows, highs, strict=True)]
    )
    cut = shapely.intersection(shape, lines)
    ends = []
    for line in shapely.get_parts(cut):
        if line.geom_type == "LineString" and line.length > 0.02:
            first, last = np.round(np.asarray(line.coords), DECIMALS).tolist()[
                :: len(line.coords) - 1
            ]
            ends.append((first, last))
    return ends
