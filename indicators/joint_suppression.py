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
    mask = hidden.copy()
    if not len(sums.cell) or not mask.any():
        return mask
    size: FloatArray = np.nansum(amounts, axis=1)[sums.cell]
    is_missing: BoolArray = np.asarray(np.isnan(amounts).all(axis=1))[sums.cell]
    preference = np.where(is_missing, 3, np.where(size == 0, 2, np.where(sums.is_total, 1, 0)))
    order = np.lexsort((sums.cell, size, preference, sums.relation))
    cell, relation = sums.cell[order], sums.relation[order]
    starts = np.flatnonzero(np.diff(relation, prepend=relation[0] - 1))
    by_relation = np.argsort(sums.relation[sums.is_total], kind="stable")
    total = sums.cell[sums.is_total][by_relation]
    counts = np.nan_to_num(amounts)[cell]
    places = np.arange(len(cell))
    while True:
        is_hidden = mask[cell]
        is_open = np.add.reduceat(is_hidden, starts, dtype=np.int32) == 1
        is_shown = ~mask[total]
        for measure in range(counts.shape[1]):
            together = np.add.reduceat(np.where(is_hidden, counts[:, measure], 0.0), starts)
            is_open |= is_shown & (together > 0) & (together < threshold)
        if not is_open.any():
            return mask
        first = np.minimum.reduceat(np.where(is_hidden, len(cell), places), starts)
        mask[cell[first[is_open]]] = True
