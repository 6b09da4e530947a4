"""Peers by size: the nearest, deterministic, never oneself."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indicators.peers import nearest_in_size

SIZES = {"A": 100, "B": 130, "C": 70, "D": 100, "E": 500, "F": 99}


def test_the_nearest_come_first_and_equals_by_code():
    assert nearest_in_size(SIZES, "A", 4) == ("D", "F", "B", "C")


def test_all_the_others_where_there_are_fewer():
    assert nearest_in_size(SIZES, "E") == ("B", "A", "D", "F", "C")


@pytest.mark.parametrize(("code", "count"), [("Z", 12), ("A", 0)])
def test_what_makes_no_sense_is_refused(code, count):
    with pytest.raises(ValueError):
        nearest_in_size(SIZES, code, count)


populations = st.dictionaries(st.text(min_size=1, max_size=3), st.integers(1, 50), min_size=1)


@given(populations, st.integers(1, 15), st.data())
def test_nobody_left_out_is_nearer_and_order_does_not_matter(sizes, count, data):
    code = data.draw(st.sampled_from(sorted(sizes)))
    peers = nearest_in_size(sizes, code, count)
    assert code not in peers
    assert len(set(peers)) == len(peers) == min(count, len(sizes) - 1)
    left = set(sizes) - {code} - set(peers)
    distances = [abs(sizes[peer] - sizes[code]) for peer in peers]
    assert distances == sorted(distances)
    assert all(abs(sizes[other] - sizes[code]) >= max(distances) for other in left)
    assert nearest_in_size(dict(reversed(sizes.items())), code, count) == peers
