"""Professionals and people by territory: densities, choices of territories, sums."""

import numpy as np
import pandas as pd
import pytest

from indicators.distribution import Distribution, density


def distribution(**changed):
    rows = {
        "territory_code": ["EPCI-1", "EPCI-2", "EPCI-3", "EPCI-4"],
        "territory_name": ["A", "B", "C", "D"],
        "department_code": ["DEP-43", "DEP-43", "DEP-63", "DEP-971"],
        "region_code": ["REG-84", "REG-84", "REG-84", "REG-01"],
        "professionals": [10, 20, 30, 0],
        "population": [10_000, 10_000, 20_000, 5_000],
    }
    return Distribution.from_frame(pd.DataFrame(rows | changed))


def test_density_counts_for_a_hundred_thousand_people():
    assert distribution().density.tolist() == [100, 200, 150, 0]
    assert distribution().mean_density == pytest.approx(60 / 45_000 * 100_000)
    assert np.isnan(density(0, 0))


def test_rows_without_a_count_are_left_out():
    found = distribution(professionals=[10, None, 30, 0])
    assert found.codes == ("EPCI-1", "EPCI-3", "EPCI-4")


def test_overseas_departments_have_three_digits():
    assert distribution().is_overseas.tolist() == [False, False, False, True]


def test_departments_are_the_sum_of_their_territories():
    found = distribution().by_department(str.lower)
    assert found.codes == ("DEP-43", "DEP-63", "DEP-971")
    assert found.names == ("dep-43", "dep-63", "dep-971")
    assert found.count.tolist() == [30, 30, 0]
    assert found.population.tolist() == [20_000, 20_000, 5_000]
    assert found.regions == ("REG-84", "REG-84", "REG-01")


def test_kept_territories_keep_their_own_numbers():
    found = distribution().kept([False, True, True, False])
    assert found.names == ("B", "C")
    assert found.count.tolist() == [20, 30]
    assert found.place == {"EPCI-2": 0, "EPCI-3": 1}


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({}, True),
        ({"professionals": [0, 0, 0, 0]}, False),
        ({"population": [10_000, 0, 0, 0]}, False),
    ],
)
def test_there_is_something_to_measure_among_several_territories(changed, expected):
    assert distribution(**changed).is_measurable is expected
