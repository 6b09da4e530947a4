"""Contours: complete, valid, without gaps, light, and of the right areas."""

import json
import os
from pathlib import Path

import numpy as np
import pytest
import shapely
from shapely.geometry import shape

from data.reference import geometry
from data.reference.display_layout import INSETS
from data.reference.equal_area import area_km2, to_degrees, to_km
from data.reference.make_geometry import (
    Commune,
    clean,
    department_of,
    dissolve,
    simplify,
    write,
)
from data.reference.territories import territories

FOLDER = Path(geometry.__file__).parent
FILES = ["departements", "regions", "drsm", "departements_affichage"]
KNOWN_AREAS_KM2 = {"01": 5_762, "48": 5_167, "75": 105, "973": 83_534, "974": 2_512}
"""Areas as published by INSEE, in km²."""


def contours(collection: geometry.GeoJson) -> dict[str, shapely.Geometry]:
    return {each["properties"]["code"]: shape(each["geometry"]) for each in collection["features"]}


def codes_of(level: str) -> set[str]:
    frame = territories()
    return set(frame.loc[frame["level"] == level, "territory_code"])


def test_each_territory_has_its_contour() -> None:
    departments = {code.removeprefix("DEP-") for code in codes_of("departement")}
    assert set(contours(geometry.departments())) == departments
    assert set(contours(geometry.display())) == departments
    assert set(contours(geometry.regions())) == codes_of("region")
    assert set(contours(geometry.drsm())) == codes_of("drsm")


@pytest.mark.parametrize("name", FILES)
def test_files_are_light(name: str) -> None:
    assert (FOLDER / f"{name}.geojson").stat().st_size < 400_000


@pytest.mark.parametrize(
    "collection", [geometry.departments(), geometry.regions(), geometry.drsm(), geometry.display()]
)
def test_every_contour_is_valid(collection: geometry.GeoJson) -> None:
    assert all(shapely.is_valid(contour) for contour in contours(collection).values())


@pytest.mark.parametrize(
    "collection", [geometry.departments(), geometry.regions(), geometry.drsm()]
)
def test_neighbours_share_their_borders(collection: geometry.GeoJson) -> None:
    assert shapely.coverage_is_valid(list(contours(collection).values()))


@pytest.mark.parametrize("collection", [geometry.departments(), geometry.regions()])
def test_no_gap_is_left_but_the_spanish_enclave(collection: geometry.GeoJson) -> None:
    country = shapely.coverage_union_all(list(contours(collection).values()))
    holes = [ring for part in shapely.get_parts(country) for ring in shapely.get_rings(part)[1:]]
    assert len(holes) == 1
    assert shapely.Polygon(holes[0]).contains(shapely.Point(1.98, 42.465))


def test_regions_cover_what_their_departments_cover() -> None:
    departments = contours(geometry.departments())
    frame = territories()
    frame = frame[frame["level"] == "departement"]
    for code, region in contours(geometry.regions()).items():
        parts = frame.loc[frame["region_code"] == code, "department_code"]
        area = sum(area_km2(departments[part.removeprefix("DEP-")]) for part in parts)
        assert area_km2(region) == pytest.approx(area, rel=1e-9)


def test_the_drsm_paca_corse_reaches_over_both_regions() -> None:
    drsm = contours(geometry.drsm())["DRSM-PROVENCE-ALPES-COTE-D-AZUR-CORSE"]
    regions = contours(geometry.regions())
    both = area_km2(regions["REG-93"]) + area_km2(regions["REG-94"])
    assert area_km2(drsm) == pytest.approx(both, rel=1e-9)


@pytest.mark.parametrize(("code", "area"), KNOWN_AREAS_KM2.items())
def test_areas_are_the_published_ones(code: str, area: float) -> None:
    assert area_km2(contours(geometry.departments())[code]) == pytest.approx(area, rel=0.02)


def area_differences() -> list[float]:
    """Relative differences with the contours to compare with; empty where they aren't at hand."""
    shared = Path(os.environ.get("VIGIE_SHARED", "../shared"))
    path = shared / "reference" / "departements_101_check.geojson"
    if not path.exists():
        return []
    reference = contours(json.loads(path.read_text(encoding="utf-8")))
    ours = contours(geometry.departments())
    return [abs(area_km2(ours[code]) / area_km2(reference[code]) - 1) for code in reference]


def test_areas_differ_little_from_other_contours_of_the_same_source() -> None:
    differences = area_differences() or [0.0]
    assert np.median(differences) <= 0.02
    assert max(differences) <= 0.05


def test_insets_hold_their_departments_and_touch_nothing_else() -> None:
    display = contours(geometry.display())
    inset_codes = {code for inset in INSETS for code in inset.codes}
    frames = {inset.name: shapely.box(*inset.box) for inset in INSETS}
    for inset in INSETS:
        for code in inset.codes:
            inside = [p for p in shapely.get_parts(display[code]) if frames[inset.name].contains(p)]
            assert inside
            outside = len(shapely.get_parts(display[code])) - len(inside)
            assert (outside > 0) == inset.is_repeated
    mainland = shapely.union_all([c for code, c in display.items() if code not in inset_codes])
    assert not any(frame.intersects(mainland) for frame in frames.values())
    boxes = list(frames.values())
    assert not any(a.intersects(b) for i, a in enumerate(boxes) for b in boxes[i + 1 :])


def test_paris_is_enlarged_and_keeps_its_shape() -> None:
    frame = next(each for each in geometry.display()["insets"] if "75" in each["codes"])
    assert frame["scale"] > 3
    west, south, east, north = frame["box"]
    parts = shapely.get_parts(contours(geometry.display())["75"])
    inset = next(part for part in parts if shapely.box(west, south, east, north).contains(part))
    original = contours(geometry.departments())["75"]
    growth = area_km2(inset) / area_km2(original)
    assert growth == pytest.approx(frame["scale"] ** 2, rel=0.05)


def test_the_credit_names_the_source_and_its_licence() -> None:
    assert geometry.CREDIT == "Contours : IGN Admin Express (Licence Ouverte)"


def square(west: float, south: float, side: float = 1.0) -> shapely.Geometry:
    return shapely.box(west, south, west + side, south + side)


def test_communes_dissolve_into_departments_and_a_lost_one_is_closed_by_its_former_contour() -> (
    None
):
    around = [Commune(f"01{i}", "COM", "", square(i % 3, i // 3)) for i in range(9) if i != 4]
    former = Commune("02999", "COMD", "7", square(1, 1))
    elsewhere = Commune("02001", "COM", "", square(3, 0))
    made = dissolve([*around, former, elsewhere], {"7": "01007"})
    assert made["01"].area == pytest.approx(9)
    assert made["02"].equals(elsewhere.contour)


def test_cleaning_closes_gaps_and_drops_islets() -> None:
    gap = square(0.4, 0.4, 0.1).union(square(5, 5, 0.001))
    made = clean(
        {"01": square(0, 0).difference(gap).union(square(3, 3, 0.001)), "02": square(1, 0)}
    )
    assert made["01"].equals(square(0, 0))


def test_simplifying_keeps_shared_borders() -> None:
    wave = [(1 + 0.001 * (-1) ** i, i / 50) for i in range(51)]
    left = shapely.Polygon([(0, 0), *wave, (0, 1)])
    right = shapely.Polygon([(2, 0), *wave, (2, 1)])
    made = simplify({"01": left, "02": right}, 5.0)
    assert shapely.get_num_coordinates(made["01"]) < shapely.get_num_coordinates(left) / 4
    assert shapely.coverage_is_valid(list(made.values()))


@pytest.mark.parametrize(("commune", "code"), [("01004", "01"), ("2A004", "2A"), ("97105", "971")])
def test_the_department_of_a_commune(commune: str, code: str) -> None:
    assert department_of(commune) == code


def test_kilometres_come_back_to_degrees() -> None:
    there = to_km([square(2, 46)], 46.5)
    assert shapely.equals_exact(to_degrees(there, 46.5), [square(2, 46)], tolerance=1e-9).all()


def test_writing_twice_gives_the_same_bytes(tmp_path: Path) -> None:
    ours = contours(geometry.departments())
    write(tmp_path / "again.geojson", ours, "DEP-")
    written = (tmp_path / "again.geojson").read_bytes()
    assert written == (FOLDER / "departements.geojson").read_bytes()
