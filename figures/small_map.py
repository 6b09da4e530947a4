"""A small map of territories: inline SVG from the display contours, without a base map.

The contours of the departments are laid out for display by ``data.reference``; territories that
hold several are drawn by their common outline. Colours are classes of the style sheet.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from data.reference.geometry import CREDIT, DISPLAY_ASPECT, display
from figures.formats import number
from figures.markup import attributes, text

WIDTH = 520
"""Width of the drawing in its own units: contours are rounded to one, which the eye cannot see."""

MARGIN = 4
LABEL_ROOM = 12
FRAME_NAME = 9
"""How far under the top of its frame a name is written."""

CLASSES = 4
LEAST_SHAPES = 2

PARIS = ("75",)
"""Drawn as a department of the country, it is enlarged with its ring. A map of its region shows it
large enough, and a map of regions does not show it."""

Point = tuple[float, float]
Ring = list[Point]
Box = tuple[float, float, float, float]


@dataclass(frozen=True)
class MapShape:
    """One territory of the map.

    Attributes:
        code: of the territory.
        name: as the reader sees it.
        departments: codes of its departments (``43``).
        value: what the colour says; None where nothing can be said (hatched).
        said: the value in words.
    """

    code: str
    name: str
    departments: tuple[str, ...]
    value: int | None
    said: str


@dataclass(frozen=True)
class MapClass:
    """A class of the legend, both ends included; ``css`` colours it, the palest first."""

    lower: int
    upper: int
    css: str

    @property
    def label(self) -> str:
        """``4 à 7``, ``8``."""
        return str(self.lower) if self.lower == self.upper else f"{self.lower} à {self.upper}"


def map_classes(values: Iterable[int]) -> list[MapClass]:
    """At most four classes of equal width over the counts met, none of them empty by design."""
    known = sorted(set(values))
    if not known:
        return []
    low, high = known[0], known[-1]
    count = min(CLASSES, high - low + 1)
    width = -(-(high - low + 1) // count)
    count = -(-(high - low + 1) // width)
    return [
        MapClass(
            low + place * width,
            min(low + (place + 1) * width - 1, high),
            f"q{CLASSES - count + place + 1}",
        )
        for place in range(count)
    ]


def map_svg(shapes: Sequence[MapShape], alt: str, drills: bool) -> str:
    """The territories coloured by their class; empty where fewer than two can be drawn.

    Args:
        shapes: what is drawn; they must not overlap.
        alt: what the map shows, in words.
        drills: whether a click opens a territory.
    """
    classes = map_classes(shape.value for shape in shapes if shape.value is not None)
    drawn = [
        DrawnShape(
            shape.code,
            shape.departments,
            _css(shape.value, classes),
            f"{shape.name} : {shape.said}",
            "" if shape.value is None else number(shape.value),
        )
        for shape in shapes
    ]
    return drawn_map(drawn, alt, "drill" if drills else None)


@dataclass(frozen=True)
class DrawnShape:
    """A territory as any map draws it.

    Attributes:
        code: of the territory.
        departments: codes of its departments (``43``).
        css: class of its colour: ``q1`` to ``q4``, ``none`` where hatched, or a map's own.
        said: what is said of it when pointed at.
        label: short text written on it where there is room.
    """

    code: str
    departments: tuple[str, ...]
    css: str
    said: str
    label: str = ""


@dataclass(frozen=True)
class MapDisc:
    """A disc over the territories: its middle in degrees of the display, its radius as drawn.

    ``css`` is the class of its colour, ``said`` what is said of it when pointed at.
    """

    place: Point
    radius: float
    css: str
    said: str


def drawn_map(
    shapes: Sequence[DrawnShape],
    alt: str,
    act: str | None = None,
    discs: Sequence[MapDisc] = (),
    is_named: bool = False,
    least: int = LEAST_SHAPES,
) -> str:
    """The territories in their colours; empty where fewer than ``least`` can be drawn.

    Args:
        shapes: what is drawn; they must not overlap.
        alt: what the map shows, in words.
        act: what a click on a territory asks for, as the page's listener names it.
        discs: drawn over the territories.
        is_named: whether frames bear their names: read in a file, too small on a page.
        least: how many territories make a map.
    """
    drawn = outlines(tuple((shape.code, shape.departments) for shape in shapes))
    if len(drawn.paths) < least:
        return ""
    paths = "".join(
        f'<path class="{shape.css}" d="{drawn.paths[shape.code]}"'
        f"{attributes(data_act=act, data_t=shape.code)}><title>{text(shape.said)}</title></path>"
        for shape in shapes
        if shape.code in drawn.paths
    )
    labels = "".join(
        f'<text class="count" x="{x}" y="{y}">{text(shape.label)}</text>'
        for shape in shapes
        if shape.label and shape.code in drawn.places
        for x, y in (drawn.places[shape.code],)
    )
    frames = "".join(
        f'<rect class="frame" x="{x}" y="{y}" width="{width}" height="{height}"/>'
        for x, y, width, height in drawn.frames
    )
    if is_named:
        frames += "".join(
            f'<text class="framed" x="{x + width / 2:.0f}" y="{y + FRAME_NAME}">{text(name)}</text>'
            for name, (x, y, width, _) in zip(drawn.frame_names, drawn.frames, strict=True)
        )
    return (
        f'<svg class="v-map{" drills" if act else ""}" xmlns="http://www.w3.org/2000/svg" '
        f'viewBox="0 0 {WIDTH} {drawn.height}" role="img" aria-label="{text(alt)}">'
        f"{_hatches(shapes, is_named)}{frames}{paths}{_discs(discs, drawn)}{labels}</svg>"
    )


def _discs(discs: Sequence[MapDisc], drawn: Outlines) -> str:
    written = []
    for disc in discs:
        x, y = drawn.project(disc.place)
        written.append(
            f'<circle class="{disc.css}" cx="{x}" cy="{y}" r="{disc.radius:.1f}">'
            f"<title>{text(disc.said)}</title></circle>"
        )
    return "".join(written)


HATCH = (
    '<pattern id="v-hatch" width="6" height="6" patternUnits="userSpaceOnUse" '
    'patternTransform="rotate(45)"><rect class="ground" width="6" height="6"/>'
    '<line class="stripe" x1="0" y1="0" x2="0" y2="6"/></pattern>'
)
OTHER_HATCHES: Mapping[str, str] = {
    "rien": '<pattern id="v-cross" width="6" height="6" patternUnits="userSpaceOnUse" '
    'patternTransform="rotate(45)"><rect class="ground" width="6" height="6"/>'
    '<path class="thread" d="M0 0V6M0 0H6"/></pattern>',
    "incomparable": '<pattern id="v-fall" width="6" height="6" patternUnits="userSpaceOnUse" '
    'patternTransform="rotate(-45)"><rect class="ground" width="6" height="6"/>'
    '<line class="stripe" x1="0" y1="0" x2="0" y2="6"/></pattern>',
}
"""Patterns of what is neither a class nor withheld, by the class of the style sheet."""


def _hatches(shapes: Sequence[DrawnShape], is_file: bool) -> str:
    """The patterns that a map needs: those that some territory wears; all, where keys follow."""
    worn = {shape.css for shape in shapes}
    others = "".join(pattern for css, pattern in OTHER_HATCHES.items() if is_file or css in worn)
    return f"<defs>{HATCH}{others}</defs>"


def map_height(shapes: Sequence[MapShape]) -> int:
    """Height of the drawing for a width of ``WIDTH``, so that its room can be kept."""
    return outlines(tuple((shape.code, shape.departments) for shape in shapes)).height


def map_legend(shapes: Sequence[MapShape], unit: str) -> str:
    """The bounds of the classes, what is hatched, and whose contours they are."""
    classes = map_classes(shape.value for shape in shapes if shape.value is not None)
    keys = "".join(f'<span><b class="k {c.css}"></b> {text(c.label)}</span>' for c in classes)
    if any(shape.value is None for shape in shapes):
        keys += '<span><b class="k none"></b> non applicable ou sans envoi</span>'
    return (
        f'<p class="v-legend v-mapkey"><span>{text(unit)} :</span>{keys}</p>'
        f'<p class="v-note">{text(CREDIT)}</p>'
    )


def _css(value: int | None, classes: Sequence[MapClass]) -> str:
    if value is None:
        return "none"
    return next(c.css for c in classes if c.lower <= value <= c.upper)


@dataclass(frozen=True)
class Outlines:
    """Outlines in the units of the drawing.

    ``paths`` are SVG paths by territory, ``places`` where a number fits in, ``frames`` the insets.
    ``project`` takes degrees of the display to the drawing.
    """

    paths: Mapping[str, str]
    places: Mapping[str, tuple[int, int]]
    frames: tuple[tuple[int, int, int, int], ...]
    frame_names: tuple[str, ...]
    height: int
    project: Callable[[Point], tuple[int, int]]


@lru_cache(maxsize=64)
def outlines(territories: tuple[tuple[str, tuple[str, ...]], ...]) -> Outlines:
    """The outlines of territories, cropped to them; kept, since contours never change in a run."""
    wanted = {code for _, departments in territories for code in departments}
    is_country = len(wanted) > len(_contours()) // 2
    enlarges = is_country and any(departments == PARIS for _, departments in territories)
    insets = [inset for inset in display()["insets"] if _is_shown(inset, wanted, enlarges)]
    rings = {
        code: _outline([ring for d in departments for ring in _rings(d, enlarges)])
        for code, departments in territories
    }
    rings = {code: found for code, found in rings.items() if found}
    boxes = [tuple(inset["box"]) for inset in insets]
    if not rings:
        return Outlines({}, {}, (), (), 0, lambda point: (0, 0))
    project, height = _projection(rings.values(), boxes)
    paths = {code: "".join(_path(ring, project) for ring in found) for code, found in rings.items()}
    places = {
        code: _place([project(p) for p in max(found, key=len)]) for code, found in rings.items()
    }
    known = {code: place for code, place in places.items() if place is not None}
    frames = tuple(_frame(box, project) for box in boxes)
    names = tuple(str(inset["name"]) for inset in insets)
    return Outlines(paths, known, frames, names, height, project)


def _place(ring: Sequence[tuple[int, int]]) -> tuple[int, int] | None:
    """The centre of gravity of a closed ring; None where it is too small for a number."""
    across = max(x for x, _ in ring) - min(x for x, _ in ring)
    down = max(y for _, y in ring) - min(y for _, y in ring)
    crossed = [(a, b, a[0] * b[1] - b[0] * a[1]) for a, b in zip(ring, ring[1:], strict=False)]
    area = sum(cross for _, _, cross in crossed)
    if min(across, down) < LABEL_ROOM or area == 0:
        return None
    x = sum((a[0] + b[0]) * cross for a, b, cross in crossed) / (3 * area)
    y = sum((a[1] + b[1]) * cross for a, b, cross in crossed) / (3 * area)
    return round(x), round(y)


def _is_shown(inset: Mapping[str, Any], wanted: set[str], enlarges: bool) -> bool:
    """Whether an inset's frame stands on the map: overseas, and Paris where it is enlarged."""
    is_overseas = all(len(code) == 3 for code in inset["codes"])
    return bool(wanted & set(inset["codes"])) and (enlarges or is_overseas)


@lru_cache(maxsize=1)
def _contours() -> dict[str, list[Ring]]:
    """Every ring of every department as laid out, by code."""
    found: dict[str, list[Ring]] = {}
    for feature in display()["features"]:
        shape = feature["geometry"]
        is_many = shape["type"] == "MultiPolygon"
        polygons = shape["coordinates"] if is_many else [shape["coordinates"]]
        found[feature["properties"]["code"]] = [
            [(float(x), float(y)) for x, y in ring] for polygon in polygons for ring in polygon
        ]
    return found


def _rings(department: str, enlarges: bool) -> list[Ring]:
    """The rings of a department, those in the inset of Paris where it is enlarged only."""
    rings = _contours().get(department, [])
    if enlarges or len(department) == 3:
        return rings
    boxes = [tuple(inset["box"]) for inset in display()["insets"]]
    return [ring for ring in rings if not any(_is_inside(ring[0], box) for box in boxes)]


def _is_inside(point: Point, box: Sequence[float]) -> bool:
    west, south, east, north = box
    return west <= point[0] <= east and south <= point[1] <= north


def _outline(rings: Sequence[Ring]) -> list[Ring]:
    """The common outline of contours that share their borders: what both sides draw is dropped."""
    edges = {(a, b) for ring in rings for a, b in zip(ring, ring[1:], strict=False)}
    onward: dict[Point, list[Point]] = {}
    for start, end in edges:
        if (end, start) not in edges:
            onward.setdefault(start, []).append(end)
    outline = []
    while onward:
        start = point = next(iter(onward))
        ring = [start]
        while point in onward:
            ends = onward[point]
            point_after = ends.pop()
            if not ends:
                del onward[point]
            point = point_after
            ring.append(point)
        outline.append(ring)
    return outline


def _projection(rings: Iterable[list[Ring]], boxes: Sequence[Box]) -> tuple[Any, int]:
    """From longitude and latitude of the display to the drawing, and its height."""
    points = [point for found in rings for ring in found for point in ring]
    points += [corner for w, s, e, n in boxes for corner in ((w, s), (e, n))]
    west, east = min(x for x, _ in points), max(x for x, _ in points)
    south, north = min(y for _, y in points), max(y for _, y in points)
    across, down = east - west, (north - south) * DISPLAY_ASPECT
    scale = min((WIDTH - 2 * MARGIN) / across, WIDTH / down)
    left = (WIDTH - across * scale) / 2

    def project(point: Point) -> tuple[int, int]:
        x, y = point
        return (
            round(left + (x - west) * scale),
            round(MARGIN + (north - y) * DISPLAY_ASPECT * scale),
        )

    return project, round(down * scale) + 2 * MARGIN


def _path(ring: Ring, project: Any) -> str:
    """A ring as a relative path of whole units; nothing where it has less than three points."""
    points = [project(point) for point in ring]
    kept = [p for place, p in enumerate(points) if place == 0 or p != points[place - 1]]
    kept = _without_straight(kept)
    if len(kept) < 4:
        return ""
    steps = [(b[0] - a[0], b[1] - a[1]) for a, b in zip(kept, kept[1:-1], strict=False)]
    said = " ".join(f"{dx} {dy}" for dx, dy in steps).replace(" -", "-")
    return f"M{kept[0][0]} {kept[0][1]}l{said}z"


def _without_straight(points: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """The points at which a line turns: those on the way between two others say nothing."""
    kept: list[tuple[int, int]] = []
    for point in points:
        while len(kept) > 1 and _is_straight(kept[-2], kept[-1], point):
            kept.pop()
        kept.append(point)
    return kept


def _is_straight(a: tuple[int, int], b: tuple[int, int], c: tuple[int, int]) -> bool:
    first, second = (b[0] - a[0], b[1] - a[1]), (c[0] - b[0], c[1] - b[1])
    turns = first[0] * second[1] - first[1] * second[0]
    goes_on = first[0] * second[0] + first[1] * second[1] > 0
    return turns == 0 and goes_on


def _frame(box: Sequence[float], project: Any) -> tuple[int, int, int, int]:
    west, south, east, north = box
    (x, y), (right, bottom) = project((west, north)), project((east, south))
    return x, y, right - x, bottom - y
