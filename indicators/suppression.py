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

_ZERO = 1e-7
"""Below this a coordinate of a random solution counts as zero; a wrong zero only hides more."""

_CONVERGED = 1e-22
"""Squared size of the gradient from which the projection is taken as exact (about 1e-11)."""

_SEED = 20170930
"""Fixed: the same input must give the same build."""


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
    one hidden cell; then, where several equations together still determine a cell (three totals
    over three pairs), one more cell is hidden and it starts again.

    What it does not cover: bounds (a hidden cell below a small total is known to be smaller), and
    sums that are not among the equations.

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
        _hide_beside_single_cells(mask, sums)
        if not _hide_beside_given_away(mask, _given_away(mask, sums), sums):
            return mask


def deducible(hidden: npt.ArrayLike, equations: Sequence[npt.ArrayLike]) -> BoolArray:
    """Which hidden cells the equations, taken together, determine exactly.

    A cell is determined when it is the same in all solutions, that is, when every solution of the
    homogeneous system is zero there; a random one is zero elsewhere with probability 0.

    Args:
        hidden: mask of shape (n,).
        equations: as for ``complementary``.

    Returns: mask of shape (n,), a part of ``hidden``.
    """
    mask = np.asarray(hidden, dtype=bool)
    return _given_away(mask, _Sums.of(np.ones(mask.shape), equations))


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

    ``cell``, ``equation`` and ``coefficient`` (-1 for the total, 1 for a part) have one item per
    (equation, cell); ``count`` is the number of equations.
    """

    cell: IntArray
    equation: IntArray
    coefficient: FloatArray
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
        coefficient = np.where(is_total, -1.0, 1.0)
        return cls(cell[order], equation[order], coefficient[order], len(tied))

    def hidden_counts(self, mask: BoolArray) -> IntArray:
        """Number of hidden cells per equation."""
        return np.bincount(self.equation[mask[self.cell]], minlength=self.count)

    def next_to_hide(self, mask: BoolArray, in_equations: BoolArray) -> tuple[IntArray, IntArray]:
        """The first visible cell of each equation marked, where there is one, and that equation."""
        candidates = np.flatnonzero(in_equations[self.equation] & ~mask[self.cell])
        numbers, first = np.unique(self.equation[candidates], return_index=True)
        return self.cell[candidates[first]], numbers


def _hide_beside_single_cells(mask: BoolArray, sums: _Sums) -> None:
    """Hide, in ``mask``, until no equation has exactly one hidden cell."""
    while True:
        is_single = sums.hidden_counts(mask) == 1
        if not is_single.any():
            return
        mask[sums.next_to_hide(mask, is_single)[0]] = True


def _hide_beside_given_away(mask: BoolArray, given_away: BoolArray, sums: _Sums) -> bool:
    """Hide, in ``mask``, one cell per group of those given away; whether there was one to hide.

    Cells given away that share equations hang together: one more hidden cell often frees them
    all, so the others are left to the next round.
    """
    if not given_away.any():
        return False
    group = _groups(given_away, sums)
    cells, numbers = sums.next_to_hide(mask, group < mask.size)
    if not cells.size:
        cells, numbers = sums.next_to_hide(mask, sums.hidden_counts(mask) > 0)
    _, first = np.unique(group[numbers], return_index=True)
    mask[cells[first]] = True
    return bool(cells.size)


def _groups(given_away: BoolArray, sums: _Sums) -> IntArray:
    """Per equation, the lowest given-away cell it is tied to through others; n where none."""
    entries = given_away[sums.cell]
    cell, equation = sums.cell[entries], sums.equation[entries]
    label = np.arange(given_away.size)
    while True:
        of_equation = np.full(sums.count, given_away.size)
        np.minimum.at(of_equation, equation, label[cell])
        spread = label.copy()
        np.minimum.at(spread, cell, of_equation[equation])
        if (spread == label).all():
            return of_equation
        label = spread


def _given_away(mask: BoolArray, sums: _Sums) -> BoolArray:
    """The hidden cells at which a random solution of the homogeneous system is zero."""
    entries = mask[sums.cell]
    cell, equation = sums.cell[entries], sums.equation[entries]
    given_away = np.zeros(mask.shape, dtype=bool)
    if cell.size:
        solution = _random_solution(cell, equation, sums.coefficient[entries])
        given_away[cell[np.abs(solution[cell]) < _ZERO]] = True
    return given_away


def _random_solution(cell: IntArray, equation: IntArray, coefficient: FloatArray) -> FloatArray:
    """A random vector projected onto the solutions of the equations with right-hand side zero.

    Conjugate gradients on the normal equations: the residual of the least-squares fit of a random
    vector by the equations is its projection. The seed is fixed, so the outcome is too. Entries
    (cell, equation, coefficient), shape (k,); returns shape (highest cell + 1,).
    Raises: ArithmeticError if the iterations do not converge (the entries are 0, 1 and -1).
    Source: Hestenes and Stiefel 1952, J Res Nat Bur Stand 49:409, section 10.
    """

    def over_equations(vector: FloatArray) -> FloatArray:
        return np.bincount(equation, coefficient * vector[cell]).astype(np.float64, copy=False)

    def over_cells(vector: FloatArray) -> FloatArray:
        return np.bincount(cell, coefficient * vector[equation]).astype(np.float64, copy=False)

    residual = np.random.default_rng(_SEED).uniform(1.0, 2.0, int(cell.max()) + 1)
    gradient = over_equations(residual)
    direction, size = gradient, float(gradient @ gradient)
    for _ in range(10 * (cell.size + 1)):
        if size <= _CONVERGED:
            return residual
        step_in_cells = over_cells(direction)
        step = size / float(step_in_cells @ step_in_cells)
        residual = residual - step * step_in_cells
        gradient = over_equations(residual)
        former, size = size, float(gradient @ gradient)
        direction = gradient + (size / former) * direction
    raise ArithmeticError("Complementary suppression did not converge on these equations.")


def _as_counts(values: npt.ArrayLike | pd.Series) -> FloatArray:
    return pd.Series(values).to_numpy(dtype=np.float64, na_value=np.nan)
