"""Small counts stay hidden, and no sum gives them away."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from indicators.suppression import (
    SMALLEST_SHOWN,
    complementary,
    is_small,
    primary,
    release,
)


def hidden_cells(values, equations):
    return np.flatnonzero(complementary(values, primary(values), equations)).tolist()


def determined_by_algebra(hidden, equations):
    """The hidden cells at which the null space of the equations is zero, the dense way."""
    hidden = np.asarray(hidden)
    unknown = np.flatnonzero(hidden)
    matrix = np.zeros((len(equations), hidden.size))
    for row, cells in enumerate(equations):
        matrix[row, cells] = [-1.0] + [1.0] * (len(cells) - 1)
    _, singular, basis = np.linalg.svd(matrix[:, unknown])
    null_space = basis[(singular > 1e-9).sum() :]
    return unknown[(np.abs(null_space) < 1e-9).all(axis=0)].tolist()


@st.composite
def cross_tables(draw):
    """Counts by department and month, with totals over two maps of regions and over months."""
    departments = draw(st.integers(1, 6))
    months = draw(st.integers(1, 3))
    counts = draw(
        st.lists(
            st.one_of(st.integers(0, 15), st.integers(0, 200)),
            min_size=departments * months,
            max_size=departments * months,
        )
    )
    maps = [
        draw(st.lists(st.integers(0, 2), min_size=departments, max_size=departments))
        for _ in range(2)
    ]
    table = np.array(counts, dtype=float).reshape(months, departments)
    table = np.vstack([table, table.sum(axis=0)])
    values = list(table.ravel())
    equations = []
    for department in range(departments):
        column = [month * departments + department for month in range(months)]
        equations.append([months * departments + department, *column])
    for month in range(months + 1):
        for regions in maps:
            totals = []
            for region in sorted(set(regions)):
                parts = [month * departments + d for d, r in enumerate(regions) if r == region]
                totals.append(len(values))
                equations.append([len(values), *parts])
                values.append(sum(values[part] for part in parts))
            equations.append([len(values), *totals])
            values.append(table[month].sum())
    return np.array(values), equations


@pytest.mark.parametrize(
    ("count", "is_hidden"),
    [(0, False), (1, True), (10, True), (11, False), (12, False), (None, False), (np.nan, False)],
)
def test_both_sides_of_the_threshold(count, is_hidden):
    assert primary([count]).tolist() == [is_hidden]
    assert SMALLEST_SHOWN == 11


def test_nullable_counts_that_are_missing_are_not_hidden():
    assert primary(pd.Series([3, pd.NA, 30], dtype="Int64")).tolist() == [True, False, False]


def test_the_smallest_other_part_is_hidden_and_the_total_kept():
    total, seven, forty, fifty_three = range(4)
    values = [100, 7, 40, 53]
    assert hidden_cells(values, [[total, seven, forty, fifty_three]]) == [seven, forty]


def test_a_zero_and_a_missing_value_are_passed_over():
    assert hidden_cells([100, 7, 0, np.nan, 93], [[0, 1, 2, 3, 4]]) == [1, 4]


def test_two_small_counts_protect_one_another_from_eleven_together():
    assert hidden_cells([100, 7, 4, 89], [[0, 1, 2, 3]]) == [1, 2]
    assert hidden_cells([100, 7, 3, 90], [[0, 1, 2, 3]]) == [1, 2, 3]


def test_the_patients_of_two_masked_volets_are_not_told_by_the_total_of_all():
    every, heart, lung, surgery, births = range(5)
    values = [1147, 3, 3, 72, 1069]
    equations = [[every, heart, lung, surgery, births]]
    assert hidden_cells(values, equations) == [heart, lung, surgery]


def test_zeros_and_missing_values_add_nothing_to_what_is_hidden_together():
    assert hidden_cells([106, 3, 3, 0, np.nan, 100], [[0, 1, 2, 3, 4, 5]]) == [1, 2, 5]
    found = complementary([106, 6, 0, 100], [False, True, True, False], [[0, 1, 2, 3]])
    assert found.tolist() == [False, True, True, True]


def test_under_a_hidden_total_nothing_is_told_of_the_sum_of_its_parts():
    assert hidden_cells([6, 3, 3], [[0, 1, 2]]) == [0, 1, 2]
    found = complementary([86, 3, 3, 80], [True, True, True, False], [[0, 1, 2, 3]])
    assert found.tolist() == [True, True, True, False]


def test_small_parts_are_added_up_over_every_map():
    region, north, south, one, two, three, four = range(7)
    values = [500, 203, 297, 3, 200, 4, 293]
    equations = [[region, north, south], [north, one, two], [south, three, four]]
    assert hidden_cells(values, equations) == [one, two, three, four]
    across = [*equations, [region, one, three, two, four]]
    assert hidden_cells([500, 43, 457, 3, 40, 457, np.nan], across) == [one, two]
    alone = [[region, north, south], [region, one, two, three, four]]
    assert hidden_cells(values, alone) == [one, two, three]


def test_a_department_of_one_caisse_is_hidden_with_it():
    assert hidden_cells([4, 4], [[0, 1]]) == [0, 1]
    assert np.flatnonzero(complementary([40, 40], [False, True], [[0, 1]])).tolist() == [0, 1]


def test_beside_zeros_alone_the_total_is_hidden():
    found = complementary([40, 40, 0, np.nan], [False, True, False, False], [[0, 1, 2, 3]])
    assert found.tolist() == [True, True, False, False]


def test_a_hidden_total_takes_its_smallest_part_with_it():
    found = complementary([50, 20, 30], [True, False, False], [[0, 1, 2]])
    assert found.tolist() == [True, True, False]


def test_hiding_climbs_until_nothing_can_be_subtracted():
    nation, north, south, one, two = range(5)
    values = [130, 40, 90, 7, 33]
    equations = [[nation, north, south], [north, one, two]]
    assert hidden_cells(values, equations) == [one, two]
    alone = [[nation, north, south], [north, one]]
    assert hidden_cells([130, 7, 123, 7], alone) == [north, south, one]


def test_equations_of_fewer_than_two_cells_say_nothing():
    assert hidden_cells([5, 50], [[0], []]) == [0]
    assert complementary([5.0], [True], []).tolist() == [True]
    assert complementary([], [], []).tolist() == []


def test_nothing_hidden_hides_nothing():
    assert hidden_cells([100, 40, 60], [[0, 1, 2]]) == []


def test_what_was_given_is_left_as_it_was():
    values, hidden = np.array([100.0, 7, 40, 53]), np.array([False, True, False, False])
    complementary(values, hidden, [[0, 1, 2, 3]])
    assert hidden.tolist() == [False, True, False, False]
    assert values.tolist() == [100, 7, 40, 53]


def test_a_mask_of_another_length_is_refused():
    with pytest.raises(ValueError, match="hidden has shape"):
        complementary([1, 2], [True], [[0, 1]])


@given(cross_tables())
@example((np.array([3.0, 3.0]), [[0, 1]]))
def test_no_reader_can_work_a_hidden_cell_out(table):
    values, equations = table
    small = primary(values)
    mask = complementary(values, small, equations)
    assert mask[small].all()
    for cells in equations:
        assert len(cells) < 2 or mask[cells].sum() != 1
        if len(cells) > 1 and not mask[cells[0]]:
            assert not primary([values[cells][mask[cells]].sum()]).any()


@given(cross_tables())
def test_the_same_table_is_hidden_in_the_same_way_and_once_for_all(table):
    values, equations = table
    mask = complementary(values, primary(values), equations)
    assert (complementary(values, primary(values), equations) == mask).all()
    assert (complementary(values, mask, equations) == mask).all()


def board():
    return pd.DataFrame(
        {
            "territory_code": ["CPAM-01", "CPAM-02", "CPAM-03", "CPAM-04"],
            "realised": [7, 40, 53, 8],
            "attainment": [0.7, 1.0, 1.1, 0.8],
            "status": ["behind", "attained", "attained", "behind"],
            "is_hidden": [True, False, False, True],
        },
        index=[4, 3, 2, 1],
    )


def test_hidden_rows_lose_every_column_named_unless_allowed():
    frame = board()
    columns = ["realised", "attainment", "status"]
    shown = release(frame, columns, allowed=[False, False, False, True])
    assert shown.loc[4, columns].isna().all()
    assert shown.loc[[3, 2, 1], "realised"].tolist() == [40, 53, 8]
    assert shown["status"].tolist()[1:] == ["attained", "attained", "behind"]
    assert shown["territory_code"].tolist() == frame["territory_code"].tolist()
    pd.testing.assert_frame_equal(frame, board())


def test_a_row_that_does_not_say_whether_it_is_hidden_is_withheld():
    frame = board().assign(is_hidden=[None, False, pd.NA, True])
    shown = release(frame, ["realised"], allowed=np.zeros(4, dtype=bool))
    assert shown["realised"].isna().tolist() == [True, False, True, True]


def test_allowed_counts_by_position():
    shown = release(board(), ["realised"], allowed=pd.Series([True, False, False, False]))
    assert shown["realised"].isna().tolist() == [False, False, False, True]


def test_an_unknown_column_and_a_short_mask_are_refused():
    with pytest.raises(KeyError, match="numerator"):
        release(board(), ["numerator"], allowed=[True] * 4)
    with pytest.raises(KeyError, match="is_secret"):
        release(board(), ["realised"], "is_secret", allowed=[True] * 4)
    with pytest.raises(ValueError, match="4 rows"):
        release(board(), ["realised"], allowed=[True])


@pytest.mark.parametrize(
    ("value", "expected"),
    [(0, False), (1, True), (10, True), (10.9, True), (11, False), (-3, False), (True, False)]
    + [(None, False), ("3", False), (float("nan"), False)],
)
def test_a_small_count_is_told_from_what_is_none(value, expected):
    assert is_small(value) is expected


def test_a_small_count_follows_the_setting(monkeypatch):
    monkeypatch.setenv("VIGIE_SMALLEST_SHOWN", "6")
    assert (is_small(5), is_small(6)) == (True, False)
