"""The small map: outlines, classes, what is clicked, what is said."""

from __future__ import annotations

import re

import pytest

from data.reference.territories import territories
from figures.small_map import (
    WIDTH,
    MapShape,
    map_classes,
    map_height,
    map_legend,
    map_svg,
)
from tests.figures.page_tree import page_tree


def shapes(level: str, region: str | None = None) -> list[MapShape]:
    """The regions, or the departments of a region, each with a value of its own."""
    frame = territories()
    rows = frame[frame["level"] == "departement"]
    if region is not None:
        rows = rows[rows["region_code"] == region]
    column = "region_code" if level == "region" else "territory_code"
    groups = rows.groupby(column, sort=False)["territory_code"]
    return [
        MapShape(code, code, tuple(c.removeprefix("DEP-") for c in codes), place, "dit")
        for place, (code, codes) in enumerate(groups)
    ]


def points(svg: str) -> list[tuple[int, int]]:
    """Where each closed path starts."""
    return [(int(x), int(y)) for x, y in re.findall(r"M(\d+) (\d+)l", svg)]


@pytest.mark.parametrize(
    ("level", "region", "count"), [("region", None, 18), ("departement", "REG-84", 12)]
)
def test_every_territory_is_drawn_inside_the_picture(level, region, count):
    known = shapes(level, region)
    svg = map_svg(known, "carte", drills=True)
    drawn = {path.attributes["data-t"] for path in page_tree(svg).all("path")}
    assert len(drawn) == count
    assert all(0 <= x <= WIDTH and 0 <= y <= map_height(known) for x, y in points(svg))


def test_departments_of_one_region_become_one_outline():
    apart = map_svg(shapes("departement", "REG-53"), "carte", drills=False)
    together = [MapShape("REG-53", "Bretagne", ("22", "29", "35", "56"), 1, "dit")]
    whole = map_svg([*together, *shapes("departement", "REG-52")], "carte", drills=False)
    inside = re.search(r'data-t="REG-53"', whole)
    assert inside is not None
    brittany = next(
        p.attributes["d"]
        for p in page_tree(whole).all("path")
        if p.attributes["data-t"] == "REG-53"
    )
    assert brittany.count("M") < apart.count("M")


def test_the_map_of_the_regions_weighs_little():
    assert len(map_svg(shapes("region"), "carte", drills=True)) < 30_000


def test_one_territory_alone_is_no_map():
    assert map_svg([MapShape("DEP-976", "Mayotte", ("976",), 3, "dit")], "carte", True) == ""


def test_paris_and_its_ring_are_drawn_in_place_in_the_map_of_their_region():
    known = shapes("departement", "REG-11")
    svg = map_svg(known, "carte", drills=True)
    assert "<rect" in svg  # The ground of the hatching alone.
    assert 'class="frame"' not in svg
    assert len(page_tree(svg).all("path")) == 8


def test_the_values_are_in_the_picture_and_in_the_words():
    svg = map_svg(shapes("departement", "REG-94"), "Carte : 2 départements.", drills=False)
    root = page_tree(svg)
    assert root.all("svg")[0].attributes["aria-label"] == "Carte : 2 départements."
    assert [one.text for one in root.all("text")] == ["0", "1"]
    assert all("data-act" not in path.attributes for path in root.all("path"))


def test_what_cannot_be_judged_is_hatched_and_the_legend_says_so():
    known = [
        MapShape("DEP-2A", "Corse-du-Sud", ("2A",), None, "non applicable"),
        MapShape("DEP-2B", "Haute-Corse", ("2B",), 5, "5 sur 21"),
    ]
    classes = {p.attributes["class"] for p in page_tree(map_svg(known, "carte", True)).all("path")}
    assert classes == {"none", "q4"}
    legend = page_tree(map_legend(known, "Objectifs atteints")).text
    assert "non applicable" in legend
    assert "IGN Admin Express (Licence Ouverte)" in legend


@pytest.mark.parametrize("values", [[3], [0, 1], [4, 11], [0, 22], [7, 8, 9], [1, 5, 6]])
def test_the_classes_hold_every_value_once_and_the_darkest_the_most(values):
    classes = map_classes(values)
    assert 1 <= len(classes) <= 4
    for value in values:
        assert sum(c.lower <= value <= c.upper for c in classes) == 1
    assert classes[-1].css == "q4"
    assert classes[-1].upper == max(values)
    assert classes[0].lower == min(values)
    assert map_classes([]) == []


def test_a_hostile_name_stays_a_name():
    known = [
        MapShape("DEP-2A", '"><script>x</script>', ("2A",), 1, "dit"),
        MapShape("DEP-2B", "Haute-Corse", ("2B",), 5, "dit"),
    ]
    assert "<script" not in map_svg(known, '"><script>', True)
