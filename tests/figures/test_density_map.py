"""The map of densities: classes, extremes, labels of a plan."""

import numpy as np

from figures import density_map
from tests.figures.professionals_frames import NURSES, departments

SPREAD = departments()


def test_the_finding_names_both_ends_and_their_ratio():
    said = density_map.density_finding(SPREAD, NURSES)
    assert "de 100,0 (Allier) à 300,0 (Cantal), 3,0 fois plus" in said


def test_each_department_is_drawn_with_its_density_in_words():
    svg = density_map.density_map_svg(SPREAD, "alt")
    assert svg.count('<path class="q') == 4
    assert "Haute-Loire : 200,0" in svg


def test_a_plan_keeps_the_classes_of_before_and_says_its_changes():
    after = SPREAD.with_count(SPREAD.count + np.array([500, 0, 0, 0]))
    svg = density_map.density_map_svg(after, "alt", SPREAD, {"DEP-03": "+500"})
    assert ">+500</text>" in svg
    assert "Allier : 600,0" in svg
    assert svg.count('class="q4"') == 2


def test_legend_and_file_tell_the_same_bounds():
    legend = density_map.density_legend(SPREAD, NURSES)
    words = density_map.density_classes_words(SPREAD, NURSES)
    for bounds in ("100,0", "200,0", "300,0"):
        assert bounds in legend
        assert bounds in words
    assert "IGN Admin Express" in legend


def test_without_people_a_department_is_hatched_and_comes_last():
    spread = departments(
        ("DEP-03", "Allier", 0, 0), ("DEP-15", "Cantal", 3, 10), ("DEP-43", "H", 1, 9)
    )
    assert density_map.density_map_svg(spread, "alt").count('class="none"') == 1
    table = density_map.density_table(spread, NURSES, "x")
    assert table.index("Cantal") < table.index("Allier")


def test_one_department_makes_no_map():
    assert density_map.density_map_svg(departments(("DEP-03", "Allier", 1, 10)), "alt") == ""


def test_densities_that_are_nearly_the_same_are_not_compared_by_times():
    near = departments(("DEP-2A", "Corse-du-Sud", 420, 100), ("DEP-2B", "Haute-Corse", 410, 100))
    assert "fois plus" not in density_map.density_finding(near, NURSES)
    assert "fois plus" in density_map.density_finding(SPREAD, NURSES)
