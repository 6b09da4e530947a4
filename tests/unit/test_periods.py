import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from indicators.periods import merged_quarters

YEARS = arrays(np.int64, st.tuples(st.integers(1, 8), st.just(4)), elements=st.integers(0, 30))


@pytest.mark.parametrize(
    ("requests", "first", "last"),
    [
        ([11, 12, 13, 14], [1, 2, 3, 4], [1, 2, 3, 4]),
        ([5, 6, 20, 20], [1, 1, 3, 4], [2, 2, 3, 4]),
        ([20, 20, 20, 3], [1, 2, 3, 3], [1, 2, 4, 4]),
        ([20, 3, 3, 3], [1, 1, 1, 1], [4, 4, 4, 4]),
        ([2, 2, 2, 2], [1, 1, 1, 1], [4, 4, 4, 4]),
        ([0, 0, 0, 0], [1, 1, 1, 1], [4, 4, 4, 4]),
        ([11, 0, 0, 11], [1, 2, 2, 2], [1, 4, 4, 4]),
        ([np.nan, 11, 11, np.nan], [1, 1, 3, 3], [2, 2, 4, 4]),
    ],
)
def test_periods_by_hand(requests, first, last):
    found = merged_quarters([requests])
    assert found.first.tolist() == [first]
    assert found.last.tolist() == [last]


@given(YEARS)
def test_every_period_holds_enough_requests_where_its_year_does(requests):
    found = merged_quarters(requests)
    for counts, first, last in zip(requests, found.first, found.last, strict=True):
        periods = sorted(set(zip(first.tolist(), last.tolist(), strict=True)))
        # Runs of quarters, one after another, that make the year.
        assert periods[0][0] == 1
        assert periods[-1][1] == 4
        assert all(before[1] + 1 == after[0] for before, after in itertools.pairwise(periods))
        sums = [counts[start - 1 : end].sum() for start, end in periods]
        assert sum(sums) == counts.sum()
        assert min(sums) >= 11 or len(sums) == 1


@pytest.mark.parametrize(
    ("requests", "at_least"), [([1, 2, 3], 11), ([[1, 2, 3]], 11), ([[1, 2, 3, -1]], 11)]
)
def test_wrong_counts_are_refused(requests, at_least):
    with pytest.raises(ValueError, match="requests"):
        merged_quarters(requests, at_least)


def test_a_period_of_no_request_is_refused():
    with pytest.raises(ValueError, match="at_least"):
        merged_quarters([[1, 2, 3, 4]], 0)
