"""What an interactive map draws: all departments, none twice too large, overseas in sight."""

import numpy as np
import pytest
import shapely

from data.reference.geometry import display
from figures import map_geometry as geometry
from figures.deck_map import view_of


def polygon(row):
    """The polygon that deck.gl reads in a row: corners in one list, holes by where they start."""
    flat, starts = row["p"], []
    if isinstance(flat, dict):
        flat, starts = flat["positions"], flat["holeIndices"]
    rings = np.split(np.array(flat), starts)
    shell, *holes = [ring.reshape(-1, 2) for ring in rings]
    return shapely.Polygon(shell, holes)


def shapes_of(level, rows=geometry.area_rows):
    found = {}
    for row in rows(level):
        found.setdefault(row["i"], []).append(polygon(row))
    return found


def test_101_departments_are_drawn_each_once_in_the_order_of_the_reference():
    areas = geometry.areas("departement")
    assert len({area.code for area in areas}) == len(areas) == 101
    drawn = shapes_of("departement")
    assert sorted(drawn) == list(range(101))
    for place, shapes in drawn.items():
        assert sum(shape.area for shape in shapes) > 0.01, areas[place].name


def test_no_department_floods_another():
    # Rounding makes a few islets touch themselves: no area is lost by mending them.
    whole = {
        i: shapely.union_all(shapely.make_valid(shapes))
        for i, shapes in shapes_of("departement").items()
    }
    tree = shapely.STRtree(list(whole.values()))
    left, right = tree.query(list(whole.values()), predicate="intersects")
    for one, other in zip(left, right, strict=True):
        if one < other:
            shared = shapely.intersection(whole[int(one)], whole[int(other)]).area
            assert shared < 1e-3


def test_what_is_drawn_keeps_the_size_of_each_department():
    areas = geometry.areas("departement")
    for place, shapes in shapes_of("departement").items():
        whole = sum(shape.area for shape in areas[place].shapes)
        assert sum(shape.area for shape in shapes) > 0.75 * whole


def test_overseas_departments_lie_in_their_frames_and_in_the_first_view():
    frames = {code: inset["box"] for inset in display()["insets"] for code in inset["codes"]}
    view = view_of([], "departement", 760, 620, leans=False)
    half = 360 * 760 / (512 * 2**view.zoom) / 2
    for area in geometry.areas("departement"):
        own = area.code.removeprefix("DEP-")
        if len(own) == 3:
            west, south, east, north = frames[own]
            x, y = area.place
            assert west < x < east
            assert south < y < north
            assert view.longitude - half < west


@pytest.mark.parametrize(("level", "count"), [("region", 18), ("drsm", 20)])
def test_larger_territories_are_drawn_without_the_enlarged_paris(level, count):
    assert len(geometry.areas(level)) == count
    assert {row["n"] for row in geometry.frame_rows(level)} == {
        "Guadeloupe",
        "Martinique",
        "Guyane",
        "La Réunion",
        "Mayotte",
    }


def test_caisses_of_a_department_stand_apart_inside_it():
    known = geometry.caisses_by_department()
    places = geometry.places("caisse")
    assert len(places) == sum(len(own) for own in known.values()) == 107
    (north,) = [area for area in geometry.areas("departement") if area.code == "DEP-59"]
    own = {places[code] for code in known["DEP-59"]}
    assert len(own) == 4
    ground = shapely.MultiPolygon(north.shapes)
    assert all(ground.contains(shapely.Point(place)) for place in own)


def test_hatching_stays_inside_its_territory():
    areas = geometry.areas("region")
    for row in geometry.hatch_rows("region"):
        west, south, east, north, place, way = row["l"]
        outside = shapely.MultiPolygon(areas[place].shapes).buffer(0.01)
        assert outside.contains(shapely.LineString([(west, south), (east, north)]))
        # Lines that rise and lines that cross them tell what is withheld from what is unknown.
        assert ((north - south) * (east - west) >= 0) == (way == 0)
    for way in (0, 1):
        hatched = {row["l"][4] for row in geometry.hatch_rows("region") if row["l"][5] == way}
        assert hatched == set(range(18))


def test_a_frame_has_a_name_short_enough_for_a_phone():
    short = {row["n"]: row["k"] for row in geometry.frame_rows("departement")}
    assert short["La Réunion"] == "974"
    assert short["Paris et petite couronne"] == "Paris"
    assert max(map(len, short.values())) <= 5


def test_what_a_click_meets_has_no_gap_between_territories():
    def met(rows):
        # Rounding makes a few islets touch themselves.
        return shapely.union_all([shapely.make_valid(polygon(row)) for row in rows])

    # Where the border of two departments runs: lost to a click on the polygons as drawn.
    indre = next(area for area in geometry.areas("departement") if area.code == "DEP-36").shapes[0]
    creuse = next(area for area in geometry.areas("departement") if area.code == "DEP-23").shapes[0]
    between = shapely.line_interpolate_point(
        shapely.line_merge(shapely.intersection(indre, creuse)), 0.5, normalized=True
    )
    near = between.buffer(0.002)
    assert met(geometry.touch_rows("departement")).intersection(near).area == pytest.approx(
        near.area, rel=0.05
    )
    assert met(geometry.area_rows("departement")).intersection(near).area < near.area / 4
