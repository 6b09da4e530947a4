"""Which small counts must be hidden, and what else so that no total gives them away.

One table with its totals is ``suppress``'s. Where other sums tie the counts (levels of
territories, months of a year), use ``primary`` on them, then ``complementary``. Rates follow their
counts by ``rates_hidden``. Either way ``release`` or ``withhold`` is the last step before a
component or a file. Source of the threshold: SNDS practice, counts of fewer than 11 patients are
not shown.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, TypeVar

import numpy as np
import numpy.typing as npt
import pandas as pd

from indicators.arguments import numbers, refuse_other_than_numbers, whole

SMALLEST_SHOWN = 11
"""The smallest count of patients that everybody may see; 0 may be seen too. A setting may tell
otherwise: a build takes ``smallest_shown()``."""

BoolArray = npt.NDArray[np.bool_]
IntArray = npt.NDArray[np.intp]
FloatArray = npt.NDArray[np.float64]
Figures = TypeVar("Figures", bound=NamedTuple)


class Suppressed(NamedTuple):
    """A table as it may be shown, missing where hidden, and masks of what is hidden.

    Frames and Series with the labels of a table given as a frame, arrays otherwise. A total that
    is not shown at all is None, and so is its mask.
    """

    table: Any
    row_totals: Any
    column_totals: Any
    grand_total: float | None
    is_hidden: Any
    is_row_total_hidden: Any
    is_column_total_hidden: Any
    is_grand_total_hidden: bool | None


class SettingError(ValueError):
    """A setting that cannot be used; the message is a French sentence."""


def smallest_shown(environment: Mapping[str, str] | None = None) -> int:
    """The smallest count that everybody may see, as VIGIE_SMALLEST_SHOWN sets it, else 11.

    Raises: SettingError naming the variable unless it is a whole number from 2.
    """
    variables = os.environ if environment is None else environment
    text = variables.get("VIGIE_SMALLEST_SHOWN", "").strip()
    if not text:
        return SMALLEST_SHOWN
    if not (text.isascii() and text.isdigit() and int(text) >= 2):
        raise SettingError(
            "VIGIE_SMALLEST_SHOWN doit être un nombre entier d’au moins 2, le plus petit effectif "
            f"montré à tous ; « {text} » n’en est pas un."
        )
    return int(text)


def is_small(value: object) -> bool:
    """Whether a value is a count that whoever lacks the right must not see: 1 to 10, as set."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    return 0 < value < smallest_shown()


def primary(values: npt.ArrayLike | pd.Series, threshold: int = SMALLEST_SHOWN) -> BoolArray:
    """Which counts of patients are too small to be shown: 1 to 10.

    Args:
        values: counts, shape (n,); missing ones (None, NaN, NA) and zeros are not hidden.
        threshold: the smallest count shown.

    Returns: mask of shape (n,), True where hidden.
    """
    counts = _as_counts(values)
    return (counts > 0) & (counts < threshold)


def suppress(
    table: pd.DataFrame | npt.ArrayLike,
    threshold: int = SMALLEST_SHOWN,
    *,
    row_totals: bool = True,
    column_totals: bool = True,
    grand_total: bool = True,
    hides_zeros: bool = False,
    margin: int = 1,
) -> Suppressed:
    """The table with its small counts hidden, and what else would give them away.

    Guaranteed: among the tables of whole numbers that agree with all that is shown, with the
    rule that no zero is hidden included, every hidden cell and every hidden total takes a whole
    range of at least ``margin`` + 1 values; so does a total below the threshold that is not
    shown. No solving of all equations together narrows it further, as each range is proved by a
    closed chain of hidden cells, alternately in a row and in a column, along which ``margin`` can
    be moved without changing anything shown (a cycle of the network of rows and columns; Cox
    1980, J Am Stat Assoc 75:377, doi:10.1080/01621459.1980.10477481). Chains are closed with the
    smallest counts that do, cells before totals. Other hidden cells may suffice with a smaller
    sum: finding the smallest is no matter of milliseconds.

    Not covered: sums across several such tables (one measure the sum of two others, a table of
    another year), other totals than the three, the same table hidden twice in two states, what
    the ranges themselves tell (a hidden cell of a row of 20 is at most 20), and whoever reasons
    from which counts this method would have hidden for which others.

    Args:
        table: counts that add up, shape (rows, columns), or (columns,) for one row with its
            total; whole numbers, missing ones allowed, which count as known to be missing.
        threshold: the smallest count shown.
        row_totals: whether the sums of rows are shown beside the table.
        column_totals: whether the sums of columns are shown.
        grand_total: whether the sum of all is shown.
        hides_zeros: whether zeros count as small; if not, none is ever hidden.
        margin: width of the range that is guaranteed.

    Raises: ValueError on counts that are no whole numbers, negative, or of another dimension,
        and on a threshold or a margin below 1.
    """
    cells = _whole_counts(table)
    whole(threshold, "threshold", 1)
    whole(margin, "margin", 1)
    has_columns = cells.ndim == 2
    shown = (row_totals, column_totals and has_columns, grand_total and has_columns)
    framed = _framed(np.atleast_2d(cells))
    network = _Network.of(framed, _is_shown(framed.shape, *shown), threshold, hides_zeros, margin)
    hidden = network.hide()
    return Suppressed(
        *_parts(np.where(hidden, np.nan, framed), table, cells.ndim, shown),
        *_parts(hidden, table, cells.ndim, shown),
    )


def rates_hidden(
    numerator_hidden: npt.ArrayLike, denominator_hidden: npt.ArrayLike = False
) -> BoolArray:
    """Which rates are hidden, with their interval, point, rank and status.

    A rate beside its denominator is its numerator, and its interval alone gives both away. What
    is left of the denominator (refusals beside approvals) is a count of its own: put both into
    one table of ``suppress``.

    Args:
        numerator_hidden: mask of any shape.
        denominator_hidden: mask of the same shape, or one for all.

    Returns: mask of that shape.
    Raises: ValueError on two shapes.
    """
    numerator, denominator = (
        np.asarray(mask, dtype=bool) for mask in (numerator_hidden, denominator_hidden)
    )
    if denominator.ndim and denominator.shape != numerator.shape:
        raise ValueError(
            f"numerator_hidden has shape {numerator.shape}, denominator_hidden {denominator.shape}."
        )
    return numerator | denominator


def withhold(figures: Figures, hidden: npt.ArrayLike) -> Figures:
    """The figures with NaN where they are hidden: an interval, a rate, limits, what has fields.

    Args:
        figures: named tuple whose fields are arrays of the mask's shape, or one number for all
            units (a target), which is left: it must not give hidden counts away by itself.
        hidden: mask of shape (n,), or one for a single unit.

    Returns: a new named tuple of the same kind.
    Raises: ValueError on a field of another shape.
    """
    mask = np.asarray(hidden, dtype=bool)
    return figures._make(_withheld(getattr(figures, name), mask, name) for name in figures._fields)


def complementary(
    values: npt.ArrayLike | pd.Series,
    hidden: npt.ArrayLike,
    equations: Sequence[npt.ArrayLike],
    threshold: int = SMALLEST_SHOWN,
) -> BoolArray:
    """What is hidden once no sum lets a reader work out a hidden cell or a small count.

    An equation tells too much in two cases. With exactly one hidden cell, that cell is found by
    subtraction. With a total that is shown, what is hidden together is found by subtraction, and
    1 to 10 patients are a small count, however many cells they are spread over. In both cases one
    more of its cells is hidden, the first of: the smallest non-zero child; the total; the
    smallest zero; a missing value. The total comes before the zeros because zeros are public by
    rule: whoever knows that rule would read through a hidden zero, while a hidden total protects,
    and is protected in turn where it is itself part of a larger sum. A missing cell adds nothing
    to its sum and a reader knows it, so it counts as known. This repeats until no equation tells
    too much, so that no chain of subtractions finds a hidden cell.

    What it does not cover: bounds (a hidden cell below a small total is known to be smaller), sums
    that are not among the equations, and cells or sums of cells that only several equations solved
    together determine (three totals over three pairs).

    Args:
        values: counts, shape (n,); missing allowed.
        hidden: mask of shape (n,), as ``primary`` returns it.
        equations: arrays of distinct positions in ``values``: the first cell is the sum of the
            others. Those with fewer than two cells say nothing and are left out.
        threshold: the smallest count shown, and the smallest sum of hidden cells under a total
            that is shown.

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
        hidden_sums = sums.hidden_sums(mask)
        is_told = (hidden_sums > 0) & (hidden_sums < threshold) & ~mask[sums.total]
        is_open = (sums.hidden_counts(mask) == 1) | is_told
        if not is_open.any():
            return mask
        mask[sums.next_to_hide(mask, is_open)] = True


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
    flag = frame[hidden_column]
    if flag.dtype != np.bool_:
        flag = flag.astype("boolean").fillna(True)
    is_withheld = flag.to_numpy(dtype=bool) & ~may_see
    if not is_withheld.any():
        return frame.copy(deep=False)
    return frame.assign(**{name: frame[name].mask(is_withheld) for name in columns})


@dataclass(frozen=True)
class _Sums:
    """The equations laid flat, each one's cells in the order in which they would be hidden.

    ``cell``, ``equation`` and ``amount`` (the cell's count, 0 where missing) have one item per
    (equation, cell); ``total`` has the position of each equation's total.
    """

    cell: IntArray
    equation: IntArray
    amount: FloatArray
    total: IntArray

    @classmethod
    def of(cls, counts: FloatArray, equations: Sequence[npt.ArrayLike]) -> _Sums:
        """Lay flat the equations that tie at least two cells."""
        given = [np.asarray(cells, dtype=np.intp) for cells in equations]
        tied = [cells for cells in given if len(cells) > 1]
        lengths = np.array([len(cells) for cells in tied], dtype=np.intp)
        cell = np.concatenate([*tied, np.empty(0, dtype=np.intp)])
        equation = np.repeat(np.arange(len(tied)), lengths)
        starts = np.cumsum(lengths) - lengths
        is_total = np.zeros(len(cell), dtype=bool)
        is_total[starts] = True
        value = counts[cell]
        preference = np.select([np.isnan(value), value == 0, is_total], [3, 2, 1], default=0)
        amount = np.nan_to_num(value)
        order = np.lexsort((cell, amount, preference, equation))
        return cls(cell[order], equation[order], amount[order], cell[starts])

    def hidden_counts(self, mask: BoolArray) -> IntArray:
        """Number of hidden cells per equation."""
        return np.bincount(self.equation[mask[self.cell]], minlength=len(self.total))

    def hidden_sums(self, mask: BoolArray) -> FloatArray:
        """Sum of the hidden cells per equation; the total's own count is in it where hidden."""
        sums = np.zeros(len(self.total))
        is_hidden = mask[self.cell]
        np.add.at(sums, self.equation[is_hidden], self.amount[is_hidden])
        return sums

    def next_to_hide(self, mask: BoolArray, in_equations: BoolArray) -> IntArray:
        """The first visible cell of each equation marked, where there is one."""
        candidates = np.flatnonzero(in_equations[self.equation] & ~mask[self.cell])
        _, first = np.unique(self.equation[candidates], return_index=True)
        return self.cell[candidates[first]]


@dataclass
class _Network:
    """Rows and columns as nodes, cells and totals as the arcs between them.

    All arrays have shape (rows + 1, columns + 1), the totals in the last column and row. A cell
    is an arc from its row to its column, a column's total one back from the column to the last
    row, the grand total one from there to the last column, a row's total one from there to its
    row: what enters a node leaves it, since totals are sums. Moving an amount around a closed
    chain of hidden arcs changes nothing that is shown: an arc followed grows, an arc followed
    backwards shrinks, where it is large enough. So ``is_outward`` tells which arcs may be
    followed from row to column, ``is_inward`` which from column to row.
    """

    cost: FloatArray
    is_outward: BoolArray
    is_inward: BoolArray
    is_free: BoolArray
    is_guarded: BoolArray
    is_shown: BoolArray

    @classmethod
    def of(
        cls, framed: FloatArray, is_shown: BoolArray, threshold: int, hides_zeros: bool, margin: int
    ) -> _Network:
        """The network of a table with its totals, small counts and totals not shown being free."""
        smallest = 0 if hides_zeros else 1
        is_total = _is_total(framed.shape)
        is_small = (framed >= smallest) & (framed < threshold)
        grows_outward = ~is_total
        grows_outward[-1, -1] = True
        # A total shrinks with a cell on the same chain, whose own bound decides.
        can_shrink = is_total | (framed >= smallest + margin)
        is_there = (framed > 0) | is_small | ~is_shown
        grand = np.nan_to_num(framed[-1, -1])
        # Free arcs cost one each, so that chains are finite; no number of them is worth a count.
        steps = sum(framed.shape) + 1
        price = np.nan_to_num(framed + grand * is_total) * steps
        return cls(
            cost=np.where(is_there, np.maximum(price, 1.0), np.inf),
            is_outward=grows_outward | can_shrink,
            is_inward=~grows_outward | can_shrink,
            is_free=is_small | ~is_shown,
            is_guarded=is_small,
            is_shown=is_shown,
        )

    def hide(self) -> BoolArray:
        """What is hidden of cells and totals once each hidden one lies on a closed chain."""
        is_safe = self._on_chain()
        while True:
            waiting = np.argwhere(self.is_guarded & ~is_safe)
            if not len(waiting):
                return self.is_guarded & self.is_shown
            chain = self._cheapest_chain(*waiting[0])
            self.is_free[chain] = True
            self.is_guarded[chain] |= self.is_shown[chain]
            is_safe[chain] = True

    def _on_chain(self) -> BoolArray:
        """Which free arcs lie on a closed chain of free arcs already.

        An arc of one direction does where its ends reach each other; one of both directions does
        where, besides, another way joins them (Boesch and Tindell 1980, Am Math Mon 87:716: such
        an edge can be given a direction and its ends still reach each other).
        """
        outward, inward = self.is_free & self.is_outward, self.is_free & self.is_inward
        tied = (outward | inward) & _reach_each_other(outward, inward)
        return tied & ~(outward & inward & _is_bridge(tied))

    def _cheapest_chain(self, row: int, column: int) -> tuple[IntArray, IntArray]:
        """The arcs of the closed chain through one that hides the least, as rows and columns."""
        price = np.where(self.is_free, 1.0, self.cost)
        price[row, column] = np.inf
        outward = np.where(self.is_outward, price, np.inf)
        inward = np.where(self.is_inward, price, np.inf)
        found = []
        if self.is_outward[row, column]:
            found.append(_cheapest_path(inward, outward, column, row))
        if self.is_inward[row, column]:
            total, columns, rows = _cheapest_path(outward.T, inward.T, row, column)
            found.append((total, rows, columns))
        _, rows, columns = min(found, key=lambda path: path[0])
        return np.append(rows, row), np.append(columns, column)


def _reach_each_other(outward: BoolArray, inward: BoolArray) -> BoolArray:
    """For each row and column, whether arcs lead from either to the other and back."""
    rows, columns = outward.shape
    reached = np.eye(rows + columns, dtype=np.float32)
    reached[:rows, rows:] = outward
    reached[rows:, :rows] = inward.T
    while True:
        further = np.minimum(reached @ reached, 1.0)
        if (further == reached).all():
            return (reached[:rows, rows:] > 0) & (reached[rows:, :rows].T > 0)
        reached = further


def _is_bridge(tied: BoolArray) -> BoolArray:
    """Which ties between rows and columns are the only way between their two sides.

    A tie outside a spanning tree closes a circle with the ties of the tree between its ends; those
    of the tree that no such circle runs over are bridges.
    """
    rows = tied.shape[0]
    parent, depth, others = _spanning_tree(tied)
    top = list(range(len(parent)))
    for one, other in others:
        one, other = _top(top, one), _top(top, other)
        while one != other:
            if depth[one] < depth[other]:
                one, other = other, one
            top[one] = parent[one]
            one = _top(top, one)
    bridge = np.zeros_like(tied)
    for node, above in enumerate(parent):
        if above >= 0 and top[node] == node:
            bridge[min(node, above), max(node, above) - rows] = True
    return bridge


def _spanning_tree(tied: BoolArray) -> tuple[list[int], list[int], list[tuple[int, int]]]:
    """Parent (-1 at a root) and depth of rows, then columns, and the ties that are left over."""
    rows = tied.shape[0]
    neighbours = [(np.flatnonzero(row) + rows).tolist() for row in tied]
    neighbours += [np.flatnonzero(column).tolist() for column in tied.T]
    parent, depth = [-1] * len(neighbours), [-1] * len(neighbours)
    others = []
    for root in range(rows):
        if depth[root] >= 0:
            continue
        depth[root], queue = 0, [root]
        for node in queue:
            for other in neighbours[node]:
                if depth[other] < 0:
                    parent[other], depth[other] = node, depth[node] + 1
                    queue.append(other)
                elif node < rows and other != parent[node] and parent[other] != node:
                    others.append((node, other))
    return parent, depth, others


def _top(top: list[int], node: int) -> int:
    """The highest node that circles join to this one, shortening the way for the next time."""
    while top[node] != node:
        top[node] = top[top[node]]
        node = top[node]
    return node


def _cheapest_path(
    inward: FloatArray, outward: FloatArray, start: int, end: int
) -> tuple[float, IntArray, IntArray]:
    """Price and arcs (rows, columns) of the cheapest way from a column to a row."""
    to_column = np.full(inward.shape[1], np.inf)
    to_column[start] = 0
    to_row = (inward + to_column).min(axis=1)
    while True:
        nearer = np.minimum(to_column, (outward + to_row[:, None]).min(axis=0))
        if (nearer == to_column).all():
            break
        to_column = nearer
        to_row = (inward + to_column).min(axis=1)
    rows, columns, row = [], [], end
    while True:
        column = int((inward[row] + to_column).argmin())
        rows.append(row)
        columns.append(column)
        if column == start:
            return to_row[end], np.array(rows), np.array(columns)
        row = int((outward[:, column] + to_row).argmin())
        rows.append(row)
        columns.append(column)


def _framed(cells: FloatArray) -> FloatArray:
    """The table with its totals in a last column and row; those of missing cells are missing."""
    known = np.nan_to_num(cells)
    framed = np.full((cells.shape[0] + 1, cells.shape[1] + 1), np.nan)
    framed[:-1, :-1] = cells
    is_known = ~np.isnan(cells)
    framed[:-1, -1] = np.where(is_known.any(axis=1), known.sum(axis=1), np.nan)
    framed[-1, :-1] = np.where(is_known.any(axis=0), known.sum(axis=0), np.nan)
    framed[-1, -1] = known.sum() if is_known.any() else np.nan
    return framed


def _is_total(shape: tuple[int, ...]) -> BoolArray:
    is_total = np.zeros(shape, dtype=bool)
    is_total[-1, :] = is_total[:, -1] = True
    return is_total


def _is_shown(shape: tuple[int, ...], rows: bool, columns: bool, grand: bool) -> BoolArray:
    is_shown = np.ones(shape, dtype=bool)
    is_shown[:-1, -1], is_shown[-1, :-1], is_shown[-1, -1] = rows, columns, grand
    return is_shown


def _parts(
    framed: npt.NDArray[Any], table: Any, dimensions: int, shown: tuple[bool, bool, bool]
) -> tuple[Any, Any, Any, Any]:
    """Cells and totals of rows, of columns and of all, labelled as the table was given."""
    cells: Any = framed[:-1, :-1]
    rows: Any = framed[:-1, -1]
    columns: Any = framed[-1, :-1]
    if dimensions == 1:
        cells, rows = cells[0], rows[0].item()
    elif isinstance(table, pd.DataFrame):
        cells = pd.DataFrame(cells, index=table.index, columns=table.columns)
        rows, columns = pd.Series(rows, index=table.index), pd.Series(columns, index=table.columns)
    totals = (rows, columns, framed[-1, -1].item())
    kept = [part if is_kept else None for part, is_kept in zip(totals, shown, strict=True)]
    return cells, kept[0], kept[1], kept[2]


def _withheld(part: Any, mask: BoolArray, name: str) -> Any:
    array = np.asarray(part, dtype=np.float64)
    if array.shape == mask.shape:
        kept = np.where(mask, np.nan, array)
        return kept.item() if kept.ndim == 0 else kept
    if array.ndim == 0:
        return part
    raise ValueError(f"{name} has shape {array.shape}, hidden has {mask.shape}.")


def _whole_counts(table: Any) -> FloatArray:
    refuse_other_than_numbers(table=table)
    given = table.to_numpy(dtype=object) if isinstance(table, pd.DataFrame | pd.Series) else table
    counts = numbers(given, "table")
    if counts.ndim not in (1, 2):
        raise ValueError(f"table must have rows and columns, got {counts.ndim} dimensions.")
    known = counts[~np.isnan(counts)]
    if (known < 0).any() or (known != np.floor(known)).any():
        raise ValueError("table must hold whole numbers from 0: it counts patients or requests.")
    return counts


def _as_counts(values: npt.ArrayLike | pd.Series) -> FloatArray:
    return pd.Series(values).to_numpy(dtype=np.float64, na_value=np.nan)
