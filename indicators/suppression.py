"""Which small counts must be hidden, and what else so that no total gives them away.

Order of use: ``primary`` on the counts, ``complementary`` over the totals that tie them, and
``release`` as the last step before a component or a file. Source of the threshold: SNDS practice,
counts of fewer than 11 patients are not shown.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

SMALLEST_SHOWN = 11
"""The smallest count of patients that everybody may see; 0 may be seen too."""

BoolArray = npt.NDArray[np.bool_]
IntArray = npt.NDArray[np.intp]
FloatArray = npt.NDArray[np.float64]


def primary(values: npt.ArrayLike | pd.Series) -> BoolArray:
    """Which counts of patients are too small to be shown: 1 to 10.

    Args:
        values: counts, shape (n,); missing ones (None, NaN, NA) and zeros are not hidden.

    Returns: mask of shape (n,), True where hidden.
    """
    counts = _as_counts(values)
    return (counts > 0) & (counts < SMALLEST_SHOWN)


def complementary(
    values: npt.ArrayLike | pd.Series,
    hidden: npt.ArrayLike,
    equations: Sequence[npt.ArrayLike],
) -> BoolArray:
    """What is hidden once no sum lets a reader work a hidden cell out.

    An equation with exactly one hidden cell gives it away by subtraction, so one more of its
    cells is hidden, the first of: the smallest non-zero child; the total; the smallest zero; a
    missing value. The total comes before the zeros because zeros are public by rule: whoever
    knows that rule would read through a hidden zero, while a hidden total protects, and is
    protected in turn where it is itself part of a larger sum. A missing cell adds nothing to its
    sum and a reader knows it, so it counts as known. This repeats until no equation is left with
    one hidden cell, so that no chain of subtractions finds one.

    What it does not cover: bounds (a hidden cell below a small total is known to be smaller), sums
    that are not among the equations, and cells that only several equations solved together
    determine (three totals over three pairs).

    Args:
        values: counts, shape (n,); missing allowed.
        hidden: mask of shape (n,), as ``primary`` returns it.
        equations: arrays of distinct positions in ``values``: the first cell is the sum of the
            others. Those with fewer than two cells say nothing and are left out.

    Returns: mask of shape (n,), True where hidden; it contains ``hidden``. The same input gives
        the same mask; ties go to the lower position.
    Raises: ValueError on masks of another shape; IndexError on a position out of range.
    """
    counts = _as_counts(values)
    mask = np.array(hidden, dtype=bool)
    if mask.shape != counts.shape:
        raise ValueError(f"hidden has shape {mask.shape}, values have {counts.shape}.")
    sums = _Sums.of(counts, equations)
    while True:
        is_single = sums.hidden_counts(mask) == 1
        if not is_single.any():
            return mask
        mask[sums.next_to_hide(mask, is_single)] = True


def release(
    frame: pd.DataFrame,
    columns: Sequence[str],
    hidden_column: str = "is_hidden",
    *,
    allowed: npt.ArrayLike | pd.Series,
) -> pd.DataFrame:
    """The frame as a person may see it: small numbers missing unless allowed.

    Args:
        frame: rows as computed; never changed.
        columns: what is withheld where the row is hidden: counts, and every rate, interval and
            status computed from them.
        hidden_column: boolean column; a missing value there withholds, to be on the safe side.
        allowed: mask of shape (rows,), by position: rows whose small numbers the person may see.

    Returns: a new frame with the same columns and index.
    Raises: KeyError on a column that is not there; ValueError on a mask of another length.
    """
    absent = [name for name in (*columns, hidden_column) if name not in frame.columns]
    if absent:
        raise KeyError(f"Columns not in the frame: {', '.join(absent)}.")
    may_see = np.asarray(allowed, dtype=bool)
    if may_see.shape != (len(frame),):
        raise ValueError(f"allowed has shape {may_see.shape} for {len(frame)} rows.")
    is_hidden = frame[hidden_column].astype("boolean").fillna(True).to_numpy(dtype=bool)
    is_withheld = is_hidden & ~may_see
    return frame.assign(**{name: frame[name].mask(is_withheld) for name in columns})


@dataclass(frozen=True)
class _Sums:
    """The equations laid flat, each one's cells in the order in which they would be hidden.

    ``cell`` and ``equation`` have one item per (equation, cell); ``count`` is the number of
    equations.
    """

    cell: IntArray
    equation: IntArray
    count: int

    @classmethod
    def of(cls, counts: FloatArray, equations: Sequence[npt.ArrayLike]) -> _Sums:
        """Lay flat the equations that tie at least two cells."""
        given = [np.asarray(cells, dtype=np.intp) for cells in equations]
        tied = [cells for cells in given if len(cells) > 1]
        lengths = np.array([len(cells) for cells in tied], dtype=np.intp)
        cell = np.concatenate([*tied, np.empty(0, dtype=np.intp)])
        equation = np.repeat(np.arange(len(tied)), lengths)
        is_total = np.zeros(len(cell), dtype=bool)
        is_total[np.cumsum(lengths) - lengths] = True
        value = counts[cell]
        preference = np.select([np.isnan(value), value == 0, is_total], [3, 2, 1], default=0)
        order = np.lexsort((cell, np.nan_to_num(value), preference, equation))
        return cls(cell[order], equation[order], len(tied))

    def hidden_counts(self, mask: BoolArray) -> IntArray:
        """Number of hidden cells per equation."""
        return np.bincount(self.equation[mask[self.cell]], minlength=self.count)

    def next_to_hide(self, mask: BoolArray, in_equations: BoolArray) -> IntArray:
        """The first visible cell of each equation marked, where there is one."""
        candidates = np.flatnonzero(in_equations[self.equation] & ~mask[self.cell])
        _, first = np.unique(self.equation[candidates], return_index=True)
        return self.cell[candidates[first]]


def _as_counts(values: npt.ArrayLike | pd.Series) -> FloatArray:
    return pd.Series(values).to_numpy(dtype=np.float64, na_value=np.nan)
