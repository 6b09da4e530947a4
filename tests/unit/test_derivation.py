"""What all sums together tell is found, as whole numbers say, and is told no more once hidden."""

import dataclasses

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indicators.derivation import (
    Solved,
    Ties,
    hidden_from_solving,
    known_zeros,
    not_worked_out,
    told,
)
from indicators.joint_suppression import Sums, hidden_together, small_together
from indicators.suppression import smallest_shown
from tests.exact import free_solution, is_determined


def ties_of(equations, cells, within=()):
    """Every equation is a relation, its total first."""
    triples = [
        (at, cells_of[0], part) for at, cells_of in enumerate(equations) for part in cells_of[1:]
    ]
    sums = Sums.of(*(list(column) for column in zip(*triples, strict=True)))
    pairs = np.array(within, dtype=np.intp).reshape(-1, 2)
    return Ties(sums, sums, pairs, np.zeros(cells, dtype=np.intp), np.zeros(cells, dtype=bool))


@st.composite
def maps(draw, measures=(1, 2), counts=(0, 0, 2, 5, 12, 20, 31)):
    """Places counted under several maps that cross: amounts, equations (total first), pairs."""
    places = draw(st.integers(3, 7))
    measures = draw(st.sampled_from(measures))
    small = st.lists(st.sampled_from(counts), min_size=places, max_size=places)
    inner = np.array([draw(small) for _ in range(measures)], dtype=float).T
    groups = draw(
        st.lists(
            st.sets(st.integers(0, places - 1), min_size=1), min_size=2, max_size=6, unique_by=tuple
        )
    )
    amounts = np.vstack([inner, *(inner[sorted(group)].sum(axis=0) for group in groups)])
    equations = [[places + at, *sorted(group)] for at, group in enumerate(groups)]
    pairs = [
        (places + one, places + other)
        for one, whole in enumerate(groups)
        for other, part in enumerate(groups)
        if part < whole
    ]
    return amounts, equations, pairs


def determined(counts, hidden, equations):
    """The hidden cells that all sums determine, and whether a combination of cells is, exactly."""
    sums = ties_of(equations, len(counts)).relations
    unknown = hidden & ~known_zeros(counts, ~hidden, sums)
    rows = [
        {cell: (-1 if at == 0 else 1) for at, cell in enumerate(cells) if unknown[cell]}
        for cells in equations
    ]
    value = free_solution([row for row in rows if row])

    def is_told(factors):
        return is_determined({c: f for c, f in factors.items() if unknown[c]}, value)

    return is_told


@given(maps())
def test_what_is_told_is_what_whole_numbers_say(world):
    amounts, equations, pairs = world
    hidden = small_together(amounts)
    for measure in range(amounts.shape[1]):
        counts = amounts[:, measure]
        ties = ties_of(equations, len(counts), pairs)
        is_told = determined(counts, hidden, equations)
        cells = [c for c in range(len(counts)) if 0 < counts[c] < 11 and is_told({c: 1})]
        found = told(counts, hidden, ties)
        assert len(found) >= len(cells)
        for proof in found:
            # A combination of shown counts, and of no other, that makes a small one.
            assert proof
            assert not hidden[list(proof)][counts[list(proof)] > 0].any() or is_told(proof)


@settings(max_examples=60)
@given(maps())
def test_nothing_is_told_once_hidden(world):
    amounts, equations, pairs = world
    ties = ties_of(equations, len(amounts), pairs)
    hidden = hidden_from_solving(amounts, small_together(amounts), ties)
    assert hidden[small_together(amounts)].all()
    assert hidden[hidden_together(amounts, small_together(amounts), ties.relations)].all()
    for measure in range(amounts.shape[1]):
        counts = amounts[:, measure]
        is_told = determined(counts, hidden, equations)
        for cell in np.flatnonzero((counts > 0) & (counts < 11)).tolist():
            assert not is_told({cell: 1})
        for whole, part in pairs:
            if 0 < counts[whole] - counts[part] < 11:
                assert not is_told({whole: 1, part: -1})


def test_the_difference_of_crossing_maps_is_protected():
    # Places 0, 1, 2 under the totals 3 (0, 1, 2) and 4 (0, 1): their difference is place 2.
    amounts = np.array([[30.0], [40.0], [2.0], [72.0], [70.0]])
    equations = [[3, 0, 1, 2], [4, 0, 1]]
    hidden = hidden_from_solving(amounts, small_together(amounts), ties_of(equations, 5))
    assert hidden[2]
    assert hidden.sum() > 1
    assert determined(amounts[:, 0], hidden, equations)({2: 1}) is False


def determined_together(amounts, hidden, equations, whole_hidden):
    """As ``determined``, for somebody who solves the measures and what they make together."""
    sums = ties_of(equations, len(amounts)).relations
    counts = [*amounts.T, amounts.sum(axis=1)]
    masks = [hidden] * amounts.shape[1] + [whole_hidden]
    unknown = np.column_stack(
        [mask & ~known_zeros(own, ~mask, sums) for own, mask in zip(counts, masks, strict=True)]
    )
    rows = [
        {(cell, at): (-1 if cell == cells[0] else 1) for cell in cells if unknown[cell, at]}
        for cells in equations
        for at in range(len(counts))
    ]
    last = len(counts) - 1
    rows += [
        {(cell, int(at)): (-1 if at == last else 1) for at in np.flatnonzero(own)}
        for cell, own in enumerate(unknown)
    ]
    value = free_solution([row for row in rows if row])

    def is_told(cell, at):
        return is_determined({(cell, at): 1} if unknown[cell, at] else {}, value)

    return is_told


def test_what_a_zero_tells_of_one_measure_is_not_taken_from_the_whole_for_another():
    # Answered and unanswered. Totals 0 (1, 2, 3) and 4 (3, 5); nothing of 4 was answered, so that
    # the 30 answers of 2 are known: no harm, were its 33 requests not known as well.
    amounts = np.array([[70, 53], [40, 30], [30, 3], [0, 20], [0, 60], [0, 40]], dtype=float)
    equations = [[0, 1, 2, 3], [4, 3, 5]]
    ties, first, shown = ties_of(equations, 6), small_together(amounts), np.zeros(6, dtype=bool)
    alone = hidden_from_solving(amounts, first, ties)
    assert determined_together(amounts, alone, equations, shown)(2, 1)
    together = hidden_from_solving(amounts, first, ties, whole_unknown=shown)
    assert not determined_together(amounts, together, equations, shown)(2, 1)
    assert (hidden_from_solving(amounts, first, ties, whole_unknown=~shown) == alone).all()


@settings(max_examples=300, deadline=None)
@given(maps(measures=(2, 3), counts=(0, 0, 0, 3, 20, 31, 47)))
def test_no_small_count_is_what_the_others_leave_of_a_known_whole(world):
    amounts, equations, _ = world
    ties, whole = ties_of(equations, len(amounts)), amounts.sum(axis=1)
    small = small_together(whole[:, np.newaxis])
    whole_hidden = hidden_from_solving(whole[:, np.newaxis], small, ties)
    hidden = hidden_from_solving(
        amounts,
        small_together(amounts) | whole_hidden,
        ties,
        whole_unknown=not_worked_out(whole, whole_hidden, ties),
    )
    is_told = determined_together(amounts, hidden, equations, whole_hidden)
    counts = np.column_stack([amounts, whole])
    for cell, at in zip(*np.nonzero((counts > 0) & (counts < 11)), strict=True):
        assert hidden[cell]
        assert not is_told(int(cell), int(at)), (cell, at)


def test_the_most_reluctant_is_hidden_last():
    amounts = np.array([[30.0], [40.0], [2.0], [72.0], [70.0]])
    ties = ties_of([[3, 0, 1, 2], [4, 0, 1]], 5, [(3, 4)])
    for reluctance, expected in (([0] * 5, [False, True]), ([0, 0, 0, 0, 1], [True, False])):
        own = dataclasses.replace(ties, reluctance=np.array(reluctance))
        found = hidden_from_solving(amounts, small_together(amounts), own)
        assert found[3:].tolist() == expected


def test_cells_that_nothing_ties_are_told_by_nothing():
    none = np.array([], dtype=np.intp)
    sums = Sums(none, none, np.array([], dtype=bool))
    ties = Ties(sums, sums, none.reshape(-1, 2), none, np.zeros(2, dtype=bool))
    counts = np.array([5.0, 50.0])
    assert told(counts, np.array([True, False]), ties) == []


def test_a_zero_tells_what_it_is_made_of():
    sums = ties_of([[2, 0, 1], [3, 2]], 4).relations
    counts = np.array([0.0, 0.0, 0.0, 0.0])
    assert known_zeros(counts, np.array([False, False, False, True]), sums).all()


def test_unsolvable_precision_is_said_not_guessed():
    ties = ties_of([[2, 0, 1]], 3)
    solved = Solved.of(np.ones(3, dtype=bool), ties.defining)
    with pytest.raises(ArithmeticError):
        solved._projected(np.array([1e30, 3e29, np.nan]))


@pytest.mark.parametrize(("text", "expected"), [("", 11), (" ", 11), ("5", 5), (" 20 ", 20)])
def test_the_smallest_count_shown_is_a_setting(text, expected):
    assert smallest_shown({"VIGIE_SMALLEST_SHOWN": text}) == expected


@pytest.mark.parametrize("text", ["1", "0", "-3", "onze", "11,5", "²"])
def test_a_setting_that_is_no_threshold_is_refused_in_a_sentence(text):
    with pytest.raises(ValueError, match="VIGIE_SMALLEST_SHOWN doit être un nombre entier"):
        smallest_shown({"VIGIE_SMALLEST_SHOWN": text})
