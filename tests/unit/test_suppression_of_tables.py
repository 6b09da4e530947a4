"""No count hidden in a table with its totals can be found again: every case, and by witness.

A reader knows what is shown, that counts are whole, and that no zero is hidden. The first check
tries all tables near the true one that agree with that; the second one builds, for each hidden
count of a larger table, another table that agrees. Neither shares code with the method.
"""

import itertools
from collections import deque

import numpy as np
import pandas as pd
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from indicators.funnel import limits_around, standardised
from indicators.intervals import rate, wilson
from indicators.suppression import complementary, primary, rates_hidden, suppress, withhold

ALL_SHOWN = (True, True, True)
EVERY_CHOICE = list(itertools.product([True, False], repeat=3))


def suppressed(table, shown=ALL_SHOWN, **settings_of_table):
    rows, columns, grand = shown
    return suppress(
        table, row_totals=rows, column_totals=columns, grand_total=grand, **settings_of_table
    )


def with_totals(table):
    """The table, or tables in the last dimensions, with totals in a last column and row."""
    wide = np.concatenate([table, table.sum(axis=-1, keepdims=True)], axis=-1)
    return np.concatenate([wide, wide.sum(axis=-2, keepdims=True)], axis=-2)


def hidden_with_totals(found, shape):
    """What a reader does not see, of the table with its totals."""
    unseen = np.ones((shape[0] + 1, shape[1] + 1), dtype=bool)
    unseen[:-1, :-1] = found.is_hidden
    for place, mask in [
        ((slice(None, -1), -1), found.is_row_total_hidden),
        ((-1, slice(None, -1)), found.is_column_total_hidden),
        ((-1, -1), found.is_grand_total_hidden),
    ]:
        if mask is not None:
            unseen[place] = mask
    return unseen


def to_be_guarded(table, unseen, shown, threshold, smallest=1):
    """Hidden cells and totals, and totals that are small though not shown."""
    framed = with_totals(table)
    is_hidden = unseen.copy()
    for place, is_shown in zip([np.s_[:-1, -1], np.s_[-1, :-1], np.s_[-1, -1]], shown, strict=True):
        is_hidden[place] &= is_shown
    return is_hidden | ((framed >= smallest) & (framed < threshold))


def agreeing(table, unseen, reach, smallest=1):
    """All tables that show what this one shows, each hidden count at most ``reach`` away."""
    choices = [
        range(max(smallest, count - reach), count + reach + 1) if is_hidden else [count]
        for count, is_hidden in zip(table.ravel(), unseen[:-1, :-1].ravel(), strict=True)
    ]
    grid = np.meshgrid(*choices, indexing="ij")
    tables = with_totals(
        np.stack([part.ravel() for part in grid], axis=-1).reshape(-1, *table.shape)
    )
    agrees = ((tables == with_totals(table)) | unseen).all(axis=(1, 2))
    return tables[agrees]


def assert_ranges(table, shown, threshold, margin=1, hides_zeros=False):
    """Every hidden count takes a whole range of values over the tables that agree."""
    found = suppressed(table, shown, threshold=threshold, margin=margin, hides_zeros=hides_zeros)
    smallest = 0 if hides_zeros else 1
    unseen = hidden_with_totals(found, table.shape)
    is_small = (table >= smallest) & (table < threshold)
    assert found.is_hidden[is_small].all()
    assert hides_zeros or not found.is_hidden[table == 0].any()
    guarded = to_be_guarded(table, unseen, shown, threshold, smallest)
    if not guarded.any():
        return
    tables = agreeing(table, unseen, margin, smallest)
    for row, column in np.argwhere(guarded):
        values = np.unique(tables[:, row, column])
        assert len(values) > margin, (table.tolist(), found)
        assert (np.diff(values) == 1).all()


def another_table(table, unseen, cell, margin):
    """A table that shows the same but differs in one hidden cell or total, or None.

    Looks for a closed chain: an amount added to a hidden cell, taken from another one of its
    column, added to one of that one's row, and so on. A total is a cell that counts negatively.
    """
    framed = with_totals(table) * np.where(totals_of(table.shape), -1, 1)
    for way in (1, -1):
        moves = chain(framed, unseen, cell, way, margin)
        if moves is not None:
            changed = framed + moves
            return changed[:-1, :-1]
    return None


def totals_of(shape):
    is_total = np.zeros((shape[0] + 1, shape[1] + 1), dtype=bool)
    is_total[:-1, -1] = is_total[-1, :-1] = True
    return is_total


def chain(framed, unseen, cell, way, margin):
    is_total = totals_of((framed.shape[0] - 1, framed.shape[1] - 1))
    is_inner = np.zeros_like(is_total)
    is_inner[:-1, :-1] = True

    def can(place, amount):
        is_other = place != cell and unseen[place]
        return is_other and (amount > 0 or not is_inner[place] or framed[place] - margin >= 1)

    if way < 0 and is_inner[cell] and framed[cell] - margin < 1:
        return None
    # From the column of the cell: each step takes from a row's cell, then adds in that row.
    start, goal = ("column", cell[1]), ("row", cell[0])
    before = {start: None}
    queue = deque([start])
    while queue and goal not in before:
        side, number = queue.popleft()
        amount = -way if side == "column" else way
        for other in range(framed.shape[0 if side == "column" else 1]):
            place = (other, number) if side == "column" else (number, other)
            node = ("row" if side == "column" else "column", other)
            if node not in before and can(place, amount):
                before[node] = ((side, number), place, amount)
                queue.append(node)
    if goal not in before:
        return None
    moves = np.zeros_like(framed)
    moves[cell] = way * margin
    node = goal
    while before[node] is not None:
        node, place, amount = before[node]
        moves[place] += amount * margin
    return moves


def assert_witnesses(table, shown=ALL_SHOWN, threshold=11, margin=1):
    found = suppressed(table, shown, threshold=threshold, margin=margin)
    unseen = hidden_with_totals(found, table.shape)
    true = with_totals(table)
    for row, column in np.argwhere(to_be_guarded(table, unseen, shown, threshold)):
        other = another_table(table, unseen, (int(row), int(column)), margin)
        assert other is not None, (row, column, table.tolist())
        assert (other[found.is_hidden] >= 1).all()
        assert ((with_totals(other) == true) | unseen).all()
        assert with_totals(other)[row, column] != true[row, column]


@st.composite
def tables(draw, rows=7, columns=7, highest=60):
    shape = (draw(st.integers(1, rows)), draw(st.integers(1, columns)))
    count = st.one_of(st.integers(0, 2), st.integers(0, 14), st.integers(0, highest))
    size = shape[0] * shape[1]
    return np.array(draw(st.lists(count, min_size=size, max_size=size))).reshape(shape)


CHOICES = st.tuples(st.booleans(), st.booleans(), st.booleans())


def test_the_published_row_hides_seven_and_the_smallest_other_and_keeps_its_total():
    found = suppress([7, 40, 53])
    assert found.is_hidden.tolist() == [True, True, False]
    assert found.row_totals == 100
    assert not found.is_row_total_hidden
    assert found.table[2] == 53
    assert np.isnan(found.table[:2]).all()
    assert found.column_totals is None and found.grand_total is None


def test_the_published_row_within_a_table_whose_other_totals_are_not_shown():
    found = suppress([[7, 40, 53]], column_totals=False, grand_total=False)
    assert found.is_hidden.tolist() == [[True, True, False]]
    assert found.row_totals.tolist() == [100]
    assert found.is_column_total_hidden is None


def test_a_lone_small_count_takes_the_cheapest_rectangle():
    found = suppress([[7, 40, 53], [20, 30, 40], [12, 13, 50]])
    assert found.is_hidden.tolist() == [
        [True, True, False],
        [False, False, False],
        [True, True, False],
    ]
    assert found.row_totals.tolist() == [100, 90, 75]
    assert found.column_totals.tolist() == [39, 83, 143]
    assert found.grand_total == 265


def test_a_zero_is_shown_and_never_hides_another():
    found = suppress([[7, 0, 53], [20, 0, 40]])
    assert not found.is_hidden[:, 1].any()
    assert found.is_hidden[:, [0, 2]].all()
    assert found.column_totals[1] == 0


def test_a_count_alone_in_its_row_takes_the_total_with_it():
    found = suppress([7, 0, 0])
    assert found.is_hidden.tolist() == [True, False, False]
    assert found.is_row_total_hidden
    assert np.isnan(found.row_totals)


def test_a_count_alone_in_a_table_takes_every_total_with_it():
    found = suppress([[1]])
    assert found.is_hidden.all()
    assert found.is_row_total_hidden.all()
    assert found.is_column_total_hidden.all()
    assert found.is_grand_total_hidden
    assert np.isnan(found.grand_total)


def test_a_small_total_is_hidden_and_another_one_for_its_sake():
    found = suppress([[0, 3, 2], [20, 30, 40], [50, 60, 70]])
    assert found.is_row_total_hidden.tolist() == [True, True, False]
    assert found.is_hidden[0].tolist() == [False, True, True]
    assert found.grand_total == 275


def test_a_small_total_that_is_not_shown_is_not_given_away_either():
    found = suppress([[3, 4], [20, 30]], row_totals=False, column_totals=False)
    assert found.grand_total == 57
    assert found.is_hidden[0].all()
    assert found.is_hidden[1].any()


def test_totals_are_hidden_last_even_where_they_are_smaller():
    table = [[7, 900, 0], [12, 0, 50], [0, 800, 700]]
    found = suppress(table)
    assert found.is_hidden.tolist() == (np.array(table) > 0).tolist()
    assert found.row_totals.tolist() == [907, 62, 1500]


def test_two_ones_do_not_protect_one_another_as_no_zero_is_hidden():
    assert suppress([1, 1, 50]).is_hidden.tolist() == [True, True, True]
    assert suppress([1, 2, 50]).is_hidden.tolist() == [True, True, False]
    assert suppress([1, 1, 50], hides_zeros=True).is_hidden.tolist() == [True, True, False]


def test_a_wider_margin_hides_more():
    assert suppress([2, 3, 50]).is_hidden.tolist() == [True, True, False]
    assert suppress([2, 3, 50], margin=3).is_hidden.tolist() == [True, True, True]


def test_zeros_are_hidden_where_asked():
    found = suppress([[0, 20], [30, 40]], hides_zeros=True)
    assert found.is_hidden.all()
    assert not found.is_row_total_hidden.any()
    assert not suppress([[0, 20], [30, 40]]).is_hidden.any()


@pytest.mark.parametrize(("threshold", "hidden"), [(1, 0), (7, 0), (8, 4), (21, 4)])
def test_the_threshold_is_the_smallest_count_shown(threshold, hidden):
    assert suppress([[7, 40], [30, 50]], threshold).is_hidden.sum() == hidden
    assert primary([7, 40], threshold).sum() == sum(count < threshold for count in (7, 40))


def test_missing_counts_are_known_to_be_missing_and_protect_nothing():
    found = suppress([[7, None, 53], [20, np.nan, 40]])
    assert not found.is_hidden[:, 1].any()
    assert found.is_hidden[:, [0, 2]].all()
    assert np.isnan(found.column_totals[1])
    assert not found.is_column_total_hidden[1]
    assert found.row_totals.tolist() == [60, 60]


def test_a_frame_keeps_its_labels_and_is_left_as_it_was():
    frame = pd.DataFrame(
        {"main": [7, 20], "épaule": [40, 30], "genou": [53, 40]},
        index=["public", "privé"],
        dtype="Int64",
    )
    before = frame.copy()
    found = suppress(frame)
    pd.testing.assert_frame_equal(frame, before)
    assert found.is_hidden.loc["public"].tolist() == [True, True, False]
    assert found.table.loc["privé", "genou"] == 40
    assert found.table.isna().equals(found.is_hidden)
    assert found.row_totals["public"] == 100
    assert found.column_totals.index.tolist() == ["main", "épaule", "genou"]
    assert found.is_row_total_hidden.index.tolist() == ["public", "privé"]


def test_tables_without_rows_or_without_small_counts_lose_nothing():
    assert suppress(np.empty((0, 3))).table.shape == (0, 3)
    assert suppress(np.empty((2, 0))).is_hidden.shape == (2, 0)
    shown = suppress([[11, 0], [30, 50]])
    assert not hidden_with_totals(shown, (2, 2)).any()
    assert shown.table.tolist() == [[11, 0], [30, 50]]


@pytest.mark.parametrize(
    ("table", "sentence"),
    [
        ([[-1, 2]], "whole numbers from 0"),
        ([[1.5, 2]], "whole numbers from 0"),
        ([[np.inf, 2]], "table must be finite"),
        ([["seven", 2]], "table must hold numbers"),
        (7, "rows and columns"),
        ([[[7]]], "rows and columns"),
    ],
)
def test_bad_tables_are_refused_by_a_sentence(table, sentence):
    with pytest.raises(ValueError, match=sentence):
        suppress(table)


def test_bad_settings_are_refused_by_a_sentence():
    for bad in (0, -1, 2.5):
        with pytest.raises(ValueError, match="threshold must be"):
            suppress([[7]], bad)
        with pytest.raises(ValueError, match="margin must be"):
            suppress([[7]], margin=bad)


def test_the_check_itself_finds_what_one_equation_gives_away():
    row = np.array([[7, 40, 53]])
    unseen = np.array([[True, False, False, False], [True, True, True, True]])
    assert len(agreeing(row, unseen, reach=5)) == 1
    assert another_table(row, unseen, (0, 0), 1) is None
    unseen[0, 1] = True
    assert len(agreeing(row, unseen, reach=5)) == 11
    assert another_table(row, unseen, (0, 0), 1) is not None


def test_a_count_that_only_all_equations_together_give_away_is_protected():
    table = np.full((4, 4), 50)
    for block in (slice(0, 2), slice(2, 4)):
        table[block, block] = 6
    table[1, 2] = 6
    framed = with_totals(table)
    positions = np.arange(framed.size).reshape(framed.shape)
    lines = [*positions, *positions.T]
    equations = [[line[-1], *line[:-1]] for line in lines]
    small = primary(framed.ravel())
    unseen = complementary(framed.ravel(), small, equations).reshape(framed.shape)
    assert {other[1, 2] for other in agreeing(table, unseen, reach=1)} == {6}
    assert_ranges(table, ALL_SHOWN, 11)
    assert suppress(table).is_hidden.sum() > unseen.sum()


@pytest.mark.parametrize("shown", EVERY_CHOICE)
def test_every_table_of_two_by_two_up_to_four(shown):
    for counts in itertools.product(range(5), repeat=4):
        assert_ranges(np.array(counts).reshape(2, 2), shown, threshold=3)


@pytest.mark.parametrize("hides_zeros", [False, True])
def test_every_table_of_two_by_three_of_few_counts(hides_zeros):
    for counts in itertools.product([0, 1, 2, 3], repeat=6):
        if list(counts[:3]) <= list(counts[3:]):
            table = np.array(counts).reshape(2, 3)
            assert_ranges(table, ALL_SHOWN, threshold=3, hides_zeros=hides_zeros)


def test_every_row_of_four_and_every_column():
    for counts in itertools.product([0, 1, 2, 3, 5], repeat=4):
        row = np.array([counts])
        assert_ranges(row, (True, False, False), threshold=3)
        assert_ranges(row.T, (False, True, False), threshold=3)


@settings(max_examples=60)
@given(tables(rows=3, columns=3, highest=20), CHOICES)
@example(np.array([[1, 1, 0], [1, 1, 0], [0, 0, 20]]), ALL_SHOWN)
@example(np.array([[1, 12, 0], [0, 1, 12], [12, 0, 1]]), ALL_SHOWN)
def test_tables_of_up_to_nine_counts(table, shown):
    assert_ranges(table, shown, threshold=11)


@settings(max_examples=60)
@given(tables(rows=2, columns=3, highest=30), CHOICES, st.integers(2, 3), st.booleans())
def test_the_margin_is_the_width_of_every_range(table, shown, margin, hides_zeros):
    assert_ranges(table, shown, 11, margin, hides_zeros)


@given(tables(), CHOICES, st.integers(2, 25), st.integers(1, 6))
def test_each_hidden_count_has_another_table_to_witness(table, shown, threshold, margin):
    assert_witnesses(table, shown, threshold, margin)


@pytest.mark.parametrize("mean", [0.5, 4, 40])
def test_each_hidden_count_of_a_large_table_has_a_witness(mean):
    random = np.random.default_rng(20161231)
    size = random.gamma(1, 1, 40)[:, None] * random.gamma(0.7, 1, 25)
    assert_witnesses(random.poisson(mean * size))


@given(tables(), CHOICES)
def test_nothing_is_hidden_without_need_and_the_same_table_in_the_same_way(table, shown):
    found, again = suppressed(table, shown), suppressed(table.copy(), shown)
    np.testing.assert_array_equal(found.is_hidden, again.is_hidden)
    if not primary(with_totals(table).ravel()).any():
        assert not found.is_hidden.any()
    visible = ~found.is_hidden
    assert (found.table[visible] == table[visible]).all()


@given(tables(rows=6, columns=6, highest=400))
def test_a_lone_small_count_costs_no_more_than_the_cheapest_rectangle(table):
    table = np.maximum(table, 11)
    table[0, 0] = 7
    found = suppress(table)
    rectangles = [
        table[0, column] + table[row, 0] + table[row, column]
        for row in range(1, table.shape[0])
        for column in range(1, table.shape[1])
    ]
    if rectangles:
        assert table[found.is_hidden].sum() - 7 <= min(rectangles)
        assert not hidden_with_totals(found, table.shape)[-1].any()


def test_a_hidden_count_takes_its_rate_with_it():
    approvals_hidden, requests_hidden = [True, False, False], [False, False, True]
    assert rates_hidden(approvals_hidden).tolist() == [True, False, False]
    assert rates_hidden(approvals_hidden, requests_hidden).tolist() == [True, False, True]
    assert rates_hidden(approvals_hidden, True).all()
    assert rates_hidden([[True], [False]]).shape == (2, 1)
    with pytest.raises(ValueError, match="denominator_hidden"):
        rates_hidden([True, False], [True])


def test_a_hidden_rate_takes_its_interval_and_limits_with_it():
    hidden = [True, False]
    for figures in (
        wilson([7, 40], [100, 100]),
        rate([7, 40], [100, 100], per=100),
        standardised([[7], [40]], [[100], [100]]),
    ):
        shown = withhold(figures, hidden)
        assert type(shown) is type(figures)
        for before, after in zip(figures, shown, strict=True):
            assert np.isnan(after[0])
            assert after[1] == before[1]
    assert not np.isnan(wilson([7, 40], 100).lower).any()


def test_one_target_of_all_is_left_and_one_unit_is_withheld_whole():
    shown = withhold(limits_around(0.4, [10, 20]), [True, False])
    assert shown.target == 0.4
    assert np.isnan(shown.lower).tolist() == [True, False]
    assert np.isnan(withhold(wilson(7, 100), True)).all()
    assert withhold(wilson(7, 100), False) == wilson(7, 100)
    with pytest.raises(ValueError, match="lower has shape"):
        withhold(wilson([7, 40], 100), [True])
