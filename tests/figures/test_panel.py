"""The frame of a small picture: round values on its axis, whatever it holds."""

import re

import pytest

from figures.panel import Panel


@pytest.mark.parametrize(
    ("values", "ticks"),
    [
        ((0.136, 0.167), [0.14, 0.15, 0.16]),
        ((0.271, 0.295), [0.27, 0.28, 0.29]),
        ((0.2401, 0.2402), [0.235, 0.24, 0.245]),
        ((0.0, 0.7), [0.0, 0.2, 0.4, 0.6]),
        ((0.067, 0.078), [0.07, 0.075]),
    ],
)
def test_the_values_of_the_axis_are_round(values, ticks):
    panel = Panel.around(values, (2012, 2017))
    assert panel.ticks() == pytest.approx(ticks)
    assert all(panel.low <= tick <= panel.high for tick in panel.ticks())


def test_the_axis_writes_its_values_in_french_and_both_years():
    axis = Panel.around((0.136, 0.167), (2012, 2017)).axis()
    assert re.findall(r">([0-9,]+)</text>", axis) == ["0,140", "0,150", "0,160", "2012", "2017"]
