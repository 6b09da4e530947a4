"""Do neighbours look alike, and where."""

import itertools
import subprocess
import sys
import threading

import numpy as np
import pytest

from indicators.spatial import FALSE_SHARE, local_clusters, moran
from tests.unit.golden_statistics import cases, number, numbers


def lattice(rows, columns):
    """Positions of the neighbours of each square of a board, by their sides."""
    return [
        [
            (row + down) * columns + column + right
            for down, right in ((-1, 0), (0, -1), (0, 1), (1, 0))
            if 0 <= row + down < rows and 0 <= column + right < columns
        ]
        for row in range(rows)
        for column in range(columns)
    ]


def two_sided(values, observed):
    """How often values lie as far out as the observed one, on its side, twice."""
    above, below = np.mean(values >= observed - 1e-12), np.mean(values <= observed + 1e-12)
    return min(1.0, 2 * min(above, below))


def board_with_a_group():
    """A 12 × 12 board of noise with a group of high values and one high square among low ones."""
    values = np.random.default_rng(8).normal(size=(12, 12))
    values[1:5, 1:5] += 4
    values[7:12, 7:12] -= 4
    values[9, 9] = 6
    return values.ravel(), lattice(12, 12)


@pytest.mark.parametrize("row", cases("moran"))
def test_moran_of_worked_cases(row):
    neighbours = lattice(int(row["rows"]), int(row["columns"]))
    found = moran(numbers(row["values"]), neighbours, row["weighting"], permutations=99)
    assert found.value == pytest.approx(number(row["value"]), abs=1e-9)
    assert found.expected == pytest.approx(number(row["expected"]), abs=1e-9)


def test_moran_is_as_rare_as_among_all_ways_to_deal_the_values():
    values, neighbours = [1, 2, 4, 5, 8, 3], lattice(2, 3)
    found = moran(values, neighbours, seed=1, permutations=9999)
    deviations = np.array(list(itertools.permutations(np.array(values) - np.mean(values))))
    pairs = [(i, j) for i, listed in enumerate(neighbours) for j in listed]
    products = sum(deviations[:, i] * deviations[:, j] for i, j in pairs)
    every = products * len(values) / len(pairs) / (deviations[0] ** 2).sum()
    assert found.value == pytest.approx(every[0])
    assert found.p_value == pytest.approx(two_sided(every, every[0]), abs=0.02)


def test_local_p_values_are_those_of_all_ways_to_draw_the_neighbours():
    values, neighbours = np.array([1.0, 2, 4, 5, 8, 3, 9, 7, 6]), lattice(3, 3)
    found = local_clusters(values, neighbours, seed=1)
    deviations = values - values.mean()
    for own, listed in enumerate(neighbours):
        others = np.delete(deviations, own)
        means = np.array([np.mean(drawn) for drawn in itertools.combinations(others, len(listed))])
        local = deviations[own] * means / deviations.var(ddof=1)
        observed = deviations[own] * deviations[listed].mean() / deviations.var(ddof=1)
        assert found.value[own] == pytest.approx(observed)
        assert found.p_value[own] == pytest.approx(two_sided(local, observed), abs=0.03)


def test_local_values_add_up_to_the_whole():
    values, neighbours = board_with_a_group()
    local = local_clusters(values, neighbours, permutations=99)
    whole = moran(values, neighbours, "row_standardised", permutations=99)
    assert local.value.sum() / (values.size - 1) == pytest.approx(whole.value)


def test_clusters_are_found_where_they_were_put():
    values, neighbours = board_with_a_group()
    found = local_clusters(values, neighbours, seed=2)
    board = found.cluster.reshape(12, 12)
    assert set(board[2:4, 2:4].ravel()) == {"high_high"}
    assert board[8, 8] == board[10, 10] == "low_low"
    assert board[9, 9] == "high_low"
    assert (found.cluster != "none").sum() == (found.adjusted <= FALSE_SHARE).sum()
    assert (found.adjusted >= found.p_value).all()
    assert not found.is_exploratory


def test_noise_makes_no_cluster():
    values = np.random.default_rng(3).normal(size=144)
    assert set(local_clusters(values, lattice(12, 12), seed=2).cluster) == {"none"}
    assert moran(values, lattice(12, 12)).p_value > FALSE_SHARE


def test_an_island_is_not_tested_and_takes_no_part():
    values, neighbours = board_with_a_group()
    with_island = [*values, 50.0], [*neighbours, []]
    found = local_clusters(*with_island, seed=2)
    assert found.cluster[-1] == "not_tested"
    assert np.isnan([found.value[-1], found.p_value[-1], found.adjusted[-1]]).all()
    assert not np.isnan(found.p_value[:-1]).any()
    assert moran(*with_island, permutations=99).isolated == 1


def test_few_territories_are_exploratory():
    values = np.arange(30.0)
    line = lattice(1, 30)
    assert not moran(values, line, permutations=99).is_exploratory
    assert not local_clusters(values, line, permutations=99).is_exploratory
    assert moran(values[:29], lattice(1, 29), permutations=99).is_exploratory
    assert local_clusters(values[:29], lattice(1, 29), permutations=99).is_exploratory


def test_a_seed_gives_the_same_answer_whatever_else_is_drawn_meanwhile():
    values, neighbours = board_with_a_group()
    alone = local_clusters(values, neighbours, seed=4, permutations=999)
    found = []

    def ask():
        found.append(local_clusters(values, neighbours, seed=4, permutations=999))

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 4
    for answer in found:
        np.testing.assert_array_equal(answer.p_value, alone.p_value)
    other = local_clusters(values, neighbours, seed=5, permutations=999)
    assert (other.p_value != alone.p_value).any()


def test_the_process_wide_generator_is_given_back_as_it_was():
    before = np.random.get_state()[1].copy()
    moran(range(9), lattice(3, 3), permutations=99)
    np.testing.assert_array_equal(np.random.get_state()[1], before)


def test_the_libraries_are_not_imported_before_a_question():
    code = "import sys, indicators.spatial; print('esda' in sys.modules, 'libpysal' in sys.modules)"
    answer = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert answer.stdout.split() == ["False", "False"]


@pytest.mark.parametrize(
    ("values", "neighbours", "sentence"),
    [
        ([1, 2, 3], lattice(1, 3), "at least 4 territories"),
        ([5, 5, 5, 5], lattice(2, 2), "values must differ"),
        ([1, 2, 3, None], lattice(2, 2), "must not be missing"),
        ([1, 2, 3, 4], lattice(1, 3), "those of each territory"),
        ([1, 2, 3, 4], [[], [], [], []], "empty everywhere"),
        ([1, 2, 3, 4], [[0], [0], [1], [2]], "neighbours of territory 0"),
        ([1, 2, 3, 4], [[1, 1], [0], [1], [2]], "neighbours of territory 0"),
        ([1, 2, 3, 4], [[1], [0], [1], [4]], "neighbours of territory 3"),
        ([1, 2, 3, 4], [[1], [0], [1], [-1]], "neighbours of territory 3"),
    ],
)
def test_both_refuse_maps_that_cannot_be(values, neighbours, sentence):
    for question in (moran, local_clusters):
        with pytest.raises(ValueError, match=sentence):
            question(values, neighbours)


def test_permutations_and_weighting_are_checked():
    with pytest.raises(ValueError, match="permutations must be at least 99"):
        moran([1, 2, 3, 4], lattice(2, 2), permutations=98)
    with pytest.raises(ValueError, match="weighting must be one of"):
        moran([1, 2, 3, 4], lattice(2, 2), "queen")
    with pytest.raises(ValueError, match="weighting must be one of"):
        moran([1, 2, 3, 4], lattice(2, 2), ["binary"])


@pytest.mark.parametrize("seed", ["1", None, 1.5, -1, 2**32])
def test_a_seed_that_cannot_be_repeated_is_refused(seed):
    for question in (moran, local_clusters):
        with pytest.raises(ValueError, match="seed must"):
            question([1, 2, 3, 4], lattice(2, 2), seed=seed)


@pytest.mark.parametrize("neighbours", [None, 4, [1, 0, 3, 2], "1032", [None] * 4])
def test_neighbours_that_are_no_lists_are_refused(neighbours):
    for question in (moran, local_clusters):
        with pytest.raises(ValueError, match="neighbours must be lists of positions"):
            question([1, 2, 3, 4], neighbours)
