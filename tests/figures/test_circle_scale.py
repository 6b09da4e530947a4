"""One scale of circles: areas proportional to volumes, round numbers in the legend."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as some

from figures.circle_scale import CircleScale, sizes_html, sizes_svg

SCALE = CircleScale(14_825, 13.0)


def test_four_times_as_many_have_a_circle_twice_as_wide():
    assert SCALE.radius_of(14_825) == 13.0
    assert SCALE.radius_of(4 * 900) == pytest.approx(2 * SCALE.radius_of(900))
    assert SCALE.times(0.5).radius_of(14_825) == 6.5


def test_the_legend_shows_round_volumes_under_the_largest():
    assert SCALE.examples() == [10_000, 2_000, 500]
    assert CircleScale(56, 13.0).examples() == [50, 10, 2]
    assert CircleScale(1, 13.0).examples() == [1]
    assert CircleScale(0, 13.0).examples() == []


@given(some.integers(1, 10**7))
def test_every_example_is_met_and_each_is_smaller_than_the_one_before(largest):
    examples = CircleScale(largest, 13.0).examples()
    assert largest / 2.5 < examples[0] <= largest
    assert examples == sorted(set(examples), reverse=True)


def test_what_the_legend_draws_has_the_size_of_the_map():
    widths = [float(one) for one in re.findall(r"width:([\d.]+)px", sizes_html(SCALE))]
    assert widths == [round(2 * SCALE.radius_of(volume), 1) for volume in SCALE.examples()]
    radii = [float(one) for one in re.findall(r' r="([\d.]+)"', sizes_svg(SCALE, 8, 0))]
    assert radii == [round(SCALE.radius_of(volume), 1) for volume in SCALE.examples()]


def test_without_a_volume_nothing_is_drawn():
    assert sizes_html(CircleScale(0, 13.0)) == ""
    assert sizes_svg(CircleScale(0, 13.0), 8, 0) == ""
