"""Hiding counts that go together, over many sums: one mask for several measures of a cell.

The rule is that of ``indicators.suppression.complementary``, for cells that carry several counts
hidden together (approvals, refusals and pending requests of one establishment), laid flat so that
a hundred thousand sums take a fraction of a second.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from indicators.suppression import SMALLEST_SHOWN

BoolArray = npt.NDArray[np.bool_]
IntArray = npt.NDArray[np.intp]
FloatArray = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Sums:
    """Relations "this cell is the sum of those", one item per (relation, cell).

    ``relation`` numbers the relations, ``cell`` is a position among the cells; each relation has
    its total once, marked by ``is_total``, and at least one part.
    """

    relation: IntArray
    cell: IntArray
    is_total: BoolArray

    @classmethod
    def of(cls, relation: npt.ArrayLike, total: npt.ArrayLike, part: npt.ArrayLike) -> Sums:
        """From (relation, total, part) triples; the total is the same all over a relation."""
        number = np.asarray(relation, dtype=np.intp)
        _, first = np.unique(number, return_index=True)
        totals = np.asarray(total, dtype=np.intp)[first]
        return cls(
            np.concatenate([number[first], number]),
            np.concatenate([totals, np.asarray(part, dtype=np.intp)]),
            np.concatenate([np.ones(len(first), dtype=bool), np.zeros(len(number), dtype=bool)]),
        )


def small_together(amounts: FloatArray, threshold: int = SMALLEST_SHOWN) -> BoolArray:
    """Which cells carry a count from 1 to ``threshold`` - 1.

    Args:
        amounts: shape (cells, measures), missing allowed.
        threshold: the smallest count shown.
    """
    is_small: BoolArray = (amounts > 0) & (amounts < threshold)
    return np.asarray(is_small.any(axis=1), dtype=np.bool_)


def hidden_together(
    amounts: FloatArray, hidden: BoolArray, sums: Sums, threshold: int = SMALLEST_SHOWN
) -> BoolArray:
    """What is hidden once no sum lets a reader work out a hidden cell or a small count.

    A relation tells too much with exactly one hidden cell, or with a total that is shown while the
    hidden parts count 1 to ``threshold`` - 1 together in one of the measures. One more of its
    cells is hidden then: the smallest part that is not zero, else the total, else the first zero,
    else a missing value. This repeats until no relation tells too much, so that no chain of
    subtractions finds a hidden cell. What that leaves open is told in ``complementary``.

    Args:
        amounts: counts hidden together, shape (cells, measures), missing allowed.
        hidden: what is hidden already, shape (cells,).
        sums: the relations, positions within the cells.
        threshold: the smallest count shown.

    Returns: mask of shape (cells,) that contains ``hidden``; the same input gives the same mask.
    """
    return LaidOut.of(amounts, sums).hidden(hidden, threshold)


@dataclass(frozen=True)
class LaidOut:
    """Counts in the order in which each relation would hide them, for ``hidden_together``.

    One item per (relation, cell): ``cell`` and its ``counts``, shape (items, measures); relations
    begin at ``starts``, their totals are ``total``.
    """

    cell: IntArray
    counts: FloatArray
    starts: IntArray
    total: IntArray

    @classmethod
    def of(cls, amounts: FloatArray, sums: Sums) -> LaidOut:
        """Lay out counts of shape (cells, measures), missing allowed."""
        size: FloatArray = np.nansum(amounts, axis=1)
        preference = np.where(np.isnan(amounts).all(axis=1), 3, np.where(size == 0, 2, 0))
        rank = np.empty(len(size), dtype=np.int64)
        rank[np.lexsort((size, preference))] = 2 * np.arange(len(size))
        # A total comes after the parts that count something and before the zeros.
        after_parts = 2 * np.count_nonzero(preference == 0) - 1
        is_late = sums.is_total & (preference[sums.cell] == 0)
        place = np.where(is_late, after_parts, rank[sums.cell])
        order = np.argsort(sums.relation * 2 * len(size) + place, kind="stable")
        cell, relation = sums.cell[order], sums.relation[order]
        starts = np.flatnonzero(np.diff(relation, prepend=-1))
        by_relation = np.argsort(sums.relation[sums.is_total], kind="stable")
        total = sums.cell[sums.is_total][by_relation]
        return cls(cell, np.nan_to_num(amounts)[cell], starts, total)

    def hidden(self, hidden: BoolArray, threshold: int = SMALLEST_SHOWN) -> BoolArray:
        """``hidden_together`` of these counts."""
        mask = hidden.copy()
        if not len(self.cell) or not mask.any():
            return mask
        places = np.arange(len(self.cell))
        while True:
            is_hidden = mask[self.cell]
            is_open = np.add.reduceat(is_hidden, self.starts, dtype=np.int32) == 1
            is_shown = ~mask[self.total]
            for counts in self.counts.T:
                together = np.add.reduceat(np.where(is_hidden, counts, 0.0), self.starts)
                is_open |= is_shown & (together > 0) & (together < threshold)
            if not is_open.any():
                return mask
            first = np.where(is_hidden, len(self.cell), places)
            mask[self.cell[np.minimum.reduceat(first, self.starts)[is_open]]] = True
