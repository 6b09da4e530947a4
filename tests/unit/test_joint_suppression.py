import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from indicators.joint_suppression import Sums, hidden_together, small_together
from indicators.suppression import complementary, primary


def sums_of(*equations):
    triples = [
        (number, cells[0], part) for number, cells in enumerate(equations) for part in cells[1:]
    ]
    return Sums.of(*(list(column) for column in zip(*triples, strict=True)))


@st.composite
def tables(draw):
    """A table with its totals: amounts of (rows + 1) × (columns + 1) cells, and its equations."""
    rows, columns = draw(st.integers(1, 4)), draw(st.integers(1, 4))
    measures = draw(st.integers(1, 3))
    shape = (rows, columns, measures)
    size = rows * columns * measures
    inner = np.array(draw(st.lists(st.integers(0, 40), min_size=size, max_size=size))).reshape(
        shape
    )
    framed = np.zeros((rows + 1, columns + 1, measures))
    framed[:-1, :-1] = inner
    framed[-1, :-1] = inner.sum(axis=0)
    framed[:, -1] = framed[:, :-1].sum(axis=1)
    number = np.arange((rows + 1) * (columns + 1)).reshape(rows + 1, columns + 1)
    equations = [[line[-1], *line[:-1]] for line in (*number, *number.T)]
    return framed.reshape(-1, measures), equations


@given(tables())
def test_one_measure_is_hidden_as_the_rule_of_one_measure_says(table):
    amounts, equations = table
    counts = amounts[:, 0]
    hidden = primary(counts)
    found = hidden_together(amounts[:, :1], hidden, sums_of(*equations))
    assert (found == complementary(counts, hidden, equations)).all()


@given(tables())
def test_no_relation_gives_a_hidden_cell_or_a_small_sum_away(table):
    amounts, equations = table
    hidden = hidden_together(amounts, small_together(amounts), sums_of(*equations))
    assert hidden[small_together(amounts)].all()
    for total, *parts in equations:
        cells = [total, *parts]
        assert hidden[cells].sum() != 1
        if not hidden[total]:
            together = amounts[parts][hidden[parts]].sum(axis=0)
            assert not ((together > 0) & (together < 11)).any()


def test_cells_are_hidden_together_when_one_of_their_counts_is_small():
    amounts = np.array([[100.0, 30.0], [60.0, 25.0], [40.0, 5.0]])
    assert small_together(amounts).tolist() == [False, False, True]
    hidden = hidden_together(amounts, small_together(amounts), sums_of([0, 1, 2]))
    assert hidden.tolist() == [False, True, True]


def test_the_total_is_hidden_where_nothing_else_protects():
    amounts = np.array([[5.0], [5.0], [0.0]])
    assert hidden_together(
        amounts, np.array([False, True, False]), sums_of([0, 1, 2])
    ).tolist() == [
        True,
        True,
        False,
    ]


def test_a_missing_count_is_known_to_be_missing():
    amounts = np.array([[25.0], [5.0], [20.0], [np.nan]])
    hidden = hidden_together(amounts, small_together(amounts), sums_of([0, 1, 2, 3]))
    assert hidden.tolist() == [False, True, True, False]


@pytest.mark.parametrize("hidden", [[False, False], [True, False]])
def test_without_relations_nothing_more_is_hidden(hidden):
    empty = Sums.of([], [], [])
    found = hidden_together(np.array([[5.0], [50.0]]), np.array(hidden), empty)
    assert found.tolist() == hidden
