"""What can be worked out of shown counts by solving all their sums together.

Chains of subtractions are ``indicators.joint_suppression``'s. Here every combination is covered: a
hidden count is found by somebody who solves all the sums at once exactly when it is the same in
all solutions. So one solution is drawn at random, of what may be added to the hidden counts
without changing a sum or a shown count: where it adds nothing, the count is found. The solutions
are solved for in floating point, to a rounding error that is checked; that no count is found is
tested once more in whole numbers.
"""

from __future__ import annotations

import functools
import heapq
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from indicators.joint_suppression import LaidOut, Sums
from indicators.suppression import SMALLEST_SHOWN

SEED = 2017
"""The draw is the same for the same counts: a build made again hides the same cells."""

NOTHING = 1e-9
"""What is added to a count that is found: rounding errors stay far below, all else far above."""

PROOFS_AT_ONCE = 200
PROJECTIONS = 8
SOLUTIONS_KEPT = 6
PRIME = 2**31 - 1

BoolArray = npt.NDArray[np.bool_]
IntArray = npt.NDArray[np.intp]
FloatArray = npt.NDArray[np.float64]


def known_zeros(amounts: FloatArray, shown: BoolArray, sums: Sums) -> BoolArray:
    """Cells that are known to be zero: those shown as zero, and what such a total is made of.

    Args:
        amounts: one count a cell, shape (cells,), missing allowed.
        shown: which cells are shown.
        sums: the relations.
    """
    is_zero: BoolArray = shown & (amounts == 0)
    total = _totals(sums)[sums.relation[~sums.is_total]]
    part = sums.cell[~sums.is_total]
    while True:
        further = part[is_zero[total] & ~is_zero[part]]
        if not len(further):
            return is_zero
        is_zero[further] = True


@dataclass(frozen=True)
class Solved:
    """The sums of some cells, solved for those that are unknown.

    ``matrix`` has one row a relation with unknown cells and one column an unknown cell; ``factors``
    are those of the product of its rows, from which every solution follows by a projection.
    """

    unknown: BoolArray
    relations: IntArray
    matrix: Any
    factors: Any

    @classmethod
    def of(cls, unknown: BoolArray, sums: Sums) -> Solved:
        """Solve the relations for the unknown cells."""
        # A build of no MSAP count and a page never need it.
        from scipy import sparse
        from scipy.sparse.linalg import splu

        kept = unknown[sums.cell]
        relations, row = np.unique(sums.relation[kept], return_inverse=True)
        column = (np.cumsum(unknown) - 1)[sums.cell[kept]]
        sign = np.where(sums.is_total[kept], -1.0, 1)
        shape = (len(relations), int(unknown.sum()))
        matrix = sparse.csr_matrix((sign, (row, column)), shape=shape)
        if not len(relations):
            return cls(unknown, relations, matrix, None)
        # Relations that follow from others make the product singular: a little keeps it solvable,
        # and the projection is repeated until nothing of it is left.
        product = (matrix @ matrix.T + NOTHING * sparse.eye(len(relations))).tocsc()
        factors = splu(
            product,
            permc_spec="MMD_AT_PLUS_A",
            diag_pivot_thresh=0.0,
            options={"SymmetricMode": True},
        )
        return cls(unknown, relations, matrix, factors)

    @functools.cached_property
    def free_amounts(self) -> FloatArray:
        """What may be added to each cell at once, drawn at random: 0 where nothing can be."""
        drawn = np.random.default_rng(SEED).normal(size=self.matrix.shape[1])
        amounts = self._projected(drawn)[0]
        amounts[np.abs(amounts) < NOTHING] = 0.0
        everywhere = np.zeros(len(self.unknown))
        everywhere[self.unknown] = amounts
        return everywhere

    def _projected(self, amounts: FloatArray) -> tuple[FloatArray, FloatArray]:
        """What of the amounts changes no relation, and the factors of the relations in the rest.

        Raises: ArithmeticError where rounding errors would decide.
        """
        used = np.zeros(len(self.relations))
        for _ in range(PROJECTIONS):
            left = self.matrix @ amounts
            if np.abs(left).max(initial=0.0) < NOTHING**1.5:
                return amounts, used
            step = self.factors.solve(left)
            used += step
            amounts = amounts - self.matrix.T @ step
        raise ArithmeticError("The sums of the counts could not be solved precisely enough.")

    def used_for(self, combinations: Sequence[Mapping[int, int]]) -> IntArray:
        """The relations that take part in working out these combinations of cells."""
        everywhere = np.zeros(len(self.unknown))
        weights = np.random.default_rng(SEED).normal(size=len(combinations))
        for combination, weight in zip(combinations, weights, strict=True):
            cells = list(combination)
            everywhere[cells] += weight * np.array(list(combination.values()))
        _, used = self._projected(everywhere[self.unknown])
        return self.relations[np.abs(used) > NOTHING]


@dataclass(frozen=True)
class Eliminated:
    """The sums of some cells, solved for those that are unknown, in whole numbers modulo a prime.

    ``steps`` are the eliminated rows in order, each with the cell it was solved for; ``taken`` the
    earlier steps that were subtracted from each relation's row, with their factors.
    """

    unknown: BoolArray
    relations: list[int]
    pivots: list[int]
    rows: list[dict[int, int]]
    taken: Mapping[int, list[tuple[int, int]]]
    step_of: Mapping[int, int] = field(default_factory=dict)

    @classmethod
    def of(cls, unknown: BoolArray, sums: Sums) -> Eliminated:
        """Solve the relations for the unknown cells; the shortest row first, the rarest cell."""
        rows, holders = _sparse_rows(unknown, sums)
        taken: dict[int, list[tuple[int, int]]] = {}
        waiting = [(len(row), number) for number, row in rows.items()]
        heapq.heapify(waiting)
        relations: list[int] = []
        pivots: list[int] = []
        kept: list[dict[int, int]] = []
        while waiting:
            length, number = heapq.heappop(waiting)
            row = rows.get(number)
            if row is None or len(row) != length:
                continue
            del rows[number]
            for cell in row:
                holders[cell].discard(number)
            if not row:
                continue
            pivot = min(row, key=lambda cell: len(holders[cell]))
            inverse = pow(row[pivot], -1, PRIME)
            for other in holders.pop(pivot):
                factor = rows[other].pop(pivot) * inverse % PRIME
                _subtract(rows[other], row, factor, pivot, other, holders)
                taken.setdefault(other, []).append((len(pivots), factor))
                heapq.heappush(waiting, (len(rows[other]), other))
            relations.append(number)
            pivots.append(pivot)
            kept.append(row)
        steps = {pivot: step for step, pivot in enumerate(pivots)}
        return cls(unknown, relations, pivots, kept, taken, steps)

    def proof(self, combination: Mapping[int, int]) -> dict[int, int] | None:
        """The relations, with their factors, that together leave nothing but these cells.

        Args:
            combination: factors of cells, those that are not unknown are left out.

        Returns: factor by relation; None where the combination cannot be worked out.
        """
        left = {cell: factor % PRIME for cell, factor in combination.items() if self.unknown[cell]}
        steps = [self.step_of[cell] for cell in left if cell in self.step_of]
        heapq.heapify(steps)
        used: dict[int, int] = {}
        while steps:
            step = heapq.heappop(steps)
            pivot, row = self.pivots[step], self.rows[step]
            if pivot not in left:
                continue
            factor = left[pivot] * pow(row[pivot], -1, PRIME) % PRIME
            used[step] = factor
            for cell, own in row.items():
                value = (left.get(cell, 0) - factor * own) % PRIME
                if not value:
                    left.pop(cell, None)
                    continue
                if cell not in left and cell in self.step_of:
                    heapq.heappush(steps, self.step_of[cell])
                left[cell] = value
        return None if left else self._by_relation(used)

    def _by_relation(self, used: dict[int, int]) -> dict[int, int]:
        """Factors of steps as factors of the relations that the steps are made of."""
        factors: dict[int, int] = {}
        waiting = [-step for step in used]
        heapq.heapify(waiting)
        while waiting:
            step = -heapq.heappop(waiting)
            factor = used.pop(step, 0)
            if not factor:
                continue
            relation = self.relations[step]
            factors[relation] = factor
            for earlier, own in self.taken.get(relation, ()):
                if earlier not in used:
                    heapq.heappush(waiting, -earlier)
                used[earlier] = (used.get(earlier, 0) - factor * own) % PRIME
        return factors


def _subtract(
    row: dict[int, int],
    other: dict[int, int],
    factor: int,
    pivot: int,
    number: int,
    holders: dict[int, set[int]],
) -> None:
    """Take ``factor`` times another row from the row of that number, the pivot already gone."""
    for cell, own in other.items():
        if cell == pivot:
            continue
        before = row.get(cell)
        if before is None:
            row[cell] = -factor * own % PRIME
            holders[cell].add(number)
            continue
        after = (before - factor * own) % PRIME
        if after:
            row[cell] = after
        else:
            del row[cell]
            holders[cell].discard(number)


def _sparse_rows(
    unknown: BoolArray, sums: Sums
) -> tuple[dict[int, dict[int, int]], dict[int, set[int]]]:
    """Each relation's unknown cells with their signs, and the relations that hold each of them."""
    kept = unknown[sums.cell]
    rows: dict[int, dict[int, int]] = {}
    holders: dict[int, set[int]] = {}
    for relation, cell, is_total in zip(
        sums.relation[kept].tolist(),
        sums.cell[kept].tolist(),
        sums.is_total[kept].tolist(),
        strict=True,
    ):
        rows.setdefault(relation, {})[cell] = PRIME - 1 if is_total else 1
        holders.setdefault(cell, set()).add(relation)
    return rows, holders


def _totals(sums: Sums) -> IntArray:
    """The total of each relation, by its number."""
    total = np.full(int(sums.relation.max(initial=-1)) + 1, -1, dtype=np.intp)
    total[sums.relation[sums.is_total]] = sums.cell[sums.is_total]
    return total


@dataclass(frozen=True)
class Ties:
    """How cells hang together.

    Attributes:
        relations: every sum that a reader can write.
        defining: those from which the others follow: each cell as a sum of smaller ones. They must
            be exact; the others may leave out what no smaller cell holds.
        within: pairs of cells, shape (n, 2), of which the second lies within the first though no
            relation says so: their difference is a count as well.
        reluctance: shape (cells,): cells of the highest number are hidden last.
        never_shown: shape (cells,): counts of which the relations speak and no page does. They are
            found as the others are, but a large one among them needs no protection.
    """

    relations: Sums
    defining: Sums
    within: IntArray
    reluctance: IntArray
    never_shown: BoolArray
    solved: dict[bytes, Solved] = field(default_factory=dict, repr=False)
    """The latest solutions: measures that are hidden alike are solved once."""

    @functools.cached_property
    def differences(self) -> IntArray:
        """Pairs of cells whose difference is a count: totals with one part, and ``within``."""
        sums = self.relations
        parts = ~sums.is_total
        totals = _totals(sums)[sums.relation[parts]]
        return np.concatenate([np.column_stack([totals, sums.cell[parts]]), self.within])

    def solved_for(self, unknown: BoolArray) -> Solved:
        """The defining relations, solved for these cells."""
        key = np.packbits(unknown).tobytes()
        if key not in self.solved:
            while len(self.solved) >= SOLUTIONS_KEPT:
                del self.solved[next(iter(self.solved))]
            self.solved[key] = Solved.of(unknown, self.defining)
        return self.solved[key]


def hidden_from_solving(
    amounts: FloatArray,
    hidden: BoolArray,
    ties: Ties,
    threshold: int = SMALLEST_SHOWN,
    whole_unknown: BoolArray | None = None,
) -> BoolArray:
    """What is hidden once no combination of sums tells a count below the threshold.

    First ``hidden_together``, which knows subtractions along one relation, then whatever solving
    all of them together still tells of one measure: a hidden cell, what the unknown parts of a
    known total count together, the difference of two cells one within the other. For each of those
    one more cell is hidden among the shown ones that tell it: the least reluctant, then the
    smallest. This repeats until nothing is told.

    Args:
        amounts: counts hidden together, shape (cells, measures), missing allowed.
        hidden: what is hidden already, shape (cells,).
        ties: the relations among cells.
        threshold: the smallest count shown.
        whole_unknown: the cells of which nobody can tell what the measures make together, shape
            (cells,). Everywhere else the last measure that is not known is what the others leave.
            None where what they make together is told nowhere.

    Returns: mask of shape (cells,) that contains ``hidden``, of what is never shown only what has
        to be unknown; the same input gives the same mask.
    """
    laid_out = LaidOut.of(amounts, ties.relations)
    mask = laid_out.hidden(hidden, threshold)
    size: FloatArray = np.nansum(amounts, axis=1)
    while True:
        for counts in amounts.T:
            while True:
                # What is not told before is not told once more is hidden: one measure after the
                # other.
                unseen = mask | ties.never_shown
                more = _to_hide(told(counts, unseen, ties, threshold), size, unseen, ties)
                if not more:
                    break
                mask[more] = True
                mask = laid_out.hidden(mask, threshold)
        if whole_unknown is None:
            return mask
        unseen = mask | ties.never_shown
        proofs = _told_by_the_rest(amounts, unseen, whole_unknown, ties, threshold)
        more = _to_hide(proofs, size, unseen, ties)
        if not more:
            return mask
        mask[more] = True
        mask = laid_out.hidden(mask, threshold)


def not_worked_out(counts: FloatArray, hidden: BoolArray, ties: Ties) -> BoolArray:
    """The cells whose count no combination of sums tells, large or small.

    Args:
        counts: one count a cell, shape (cells,), missing allowed.
        hidden: which cells are hidden.
        ties: the relations among cells.
    """
    unknown = _unknown(counts, hidden | ties.never_shown, ties)
    return np.asarray(unknown & (ties.solved_for(unknown).free_amounts != 0))


def _unknown(counts: FloatArray, unseen: BoolArray, ties: Ties) -> BoolArray:
    unknown: BoolArray = unseen & ~known_zeros(np.nan_to_num(counts), ~unseen, ties.relations)
    return unknown


Proof = dict[int, int]
"""The factors of the shown cells whose combination a small count is."""


def told(
    counts: FloatArray, hidden: BoolArray, ties: Ties, threshold: int = SMALLEST_SHOWN
) -> list[Proof]:
    """Counts below the threshold that all sums together tell, each as what tells it.

    Args:
        counts: one count a cell, shape (cells,), missing allowed.
        hidden: which cells are hidden.
        ties: the relations among cells.
        threshold: the smallest count shown.

    Returns: none if nothing is told; up to ``PROOFS_AT_ONCE`` of them otherwise.
    """
    return _told(counts, _unknown(counts, hidden, ties), hidden, ties, threshold)


def _told(
    counts: FloatArray, unknown: BoolArray, hidden: BoolArray, ties: Ties, threshold: int
) -> list[Proof]:
    """``told`` where the hidden cells that are not unknown are known from elsewhere."""
    if not hidden.any():
        return []
    known: FloatArray = np.nan_to_num(counts)
    solved = ties.solved_for(unknown)
    free = solved.free_amounts
    found = [
        *_small_cells(known, free, hidden, threshold),
        *_small_leftovers(known, free, ties.relations, threshold),
        *_small_differences(known, free, ties.differences, threshold),
    ]
    return _proofs(found[:PROOFS_AT_ONCE], solved, ties.defining) if found else []


def _told_by_the_rest(
    amounts: FloatArray,
    hidden: BoolArray,
    whole_unknown: BoolArray,
    ties: Ties,
    threshold: int,
) -> list[Proof]:
    """``told`` by what the measures of a cell make together.

    Where that is known and all measures but one can be worked out, however large, the last one is
    what they leave. A proof then holds what tells the others.
    """
    unknown = [_unknown(counts, hidden, ties) for counts in amounts.T]
    is_open = np.column_stack([own & (ties.solved_for(own).free_amounts != 0) for own in unknown])
    is_left = hidden & ~whole_unknown & (is_open.sum(axis=1) == 1)
    proofs: list[Proof] = []
    for measure, counts in enumerate(amounts.T):
        left = is_left & is_open[:, measure]
        if not left.any():
            continue
        others = [own for other, own in enumerate(unknown) if other != measure]
        for proof in _told(counts, unknown[measure] & ~left, hidden, ties, threshold):
            cells = [cell for cell in proof if left[cell]]
            proofs.append(proof | _proof_of_all(cells, others, ties))
    return proofs


def _proof_of_all(cells: Sequence[int], unknown: Sequence[BoolArray], ties: Ties) -> Proof:
    """What tells these cells in each of the measures, unknown in each as said."""
    whole: Proof = {}
    for own in unknown:
        combinations = [{cell: 1} for cell in cells if own[cell]]
        if combinations:
            for proof in _proofs(combinations, ties.solved_for(own), ties.defining):
                whole |= proof
    return whole


def _proofs(found: list[dict[int, int]], solved: Solved, sums: Sums) -> list[Proof]:
    """What tells each of these combinations, by the few relations that take part in it."""
    taking_part = np.isin(sums.relation, solved.used_for(found))
    few = Sums(sums.relation[taking_part], sums.cell[taking_part], sums.is_total[taking_part])
    eliminated = Eliminated.of(solved.unknown, few)
    proofs = []
    for combination in found:
        used = eliminated.proof(combination)
        if used is not None:
            proofs.append(_shown_factors(combination, used, solved.unknown, few))
    return proofs


def _is_small(counts: FloatArray, threshold: int) -> BoolArray:
    is_small: BoolArray = (counts > 0) & (counts < threshold)
    return is_small


def _small_cells(
    counts: FloatArray, free: FloatArray, hidden: BoolArray, threshold: int
) -> list[dict[int, int]]:
    """The hidden cells that are found."""
    is_told = hidden & (free == 0) & _is_small(counts, threshold)
    return [{cell: 1} for cell in np.flatnonzero(is_told).tolist()]


def _small_leftovers(
    counts: FloatArray, free: FloatArray, sums: Sums, threshold: int
) -> list[dict[int, int]]:
    """The unknown parts of each known total that count little together."""
    is_open = ~sums.is_total & (free[sums.cell] != 0)
    relation, cell = sums.relation[is_open], sums.cell[is_open]
    total = _totals(sums)
    together: FloatArray = np.bincount(relation, weights=counts[cell], minlength=len(total)).astype(
        np.float64
    )
    is_told = (free[total] == 0) & _is_small(together, threshold)
    return [
        dict.fromkeys(cell[relation == number].tolist(), 1) for number in np.flatnonzero(is_told)
    ]


def _small_differences(
    counts: FloatArray, free: FloatArray, pairs: IntArray, threshold: int
) -> list[dict[int, int]]:
    """The pairs of cells that differ by little, and by as much in every solution."""
    is_small = _is_small(counts[pairs[:, 0]] - counts[pairs[:, 1]], threshold)
    whole, part = pairs[is_small].T
    is_told = np.abs(free[whole] - free[part]) < NOTHING
    return [
        {one: 1, other: -1}
        for one, other in zip(whole[is_told].tolist(), part[is_told].tolist(), strict=True)
    ]


def _shown_factors(
    combination: Mapping[int, int], used: Mapping[int, int], unknown: BoolArray, sums: Sums
) -> Proof:
    """What is left of a combination once the relations are used: factors of known cells."""
    by_relation = np.zeros(int(sums.relation.max(initial=-1)) + 1, dtype=np.int64)
    by_relation[list(used)] = list(used.values())
    factor = by_relation[sums.relation]
    kept = (factor != 0) & ~unknown[sums.cell]
    factors = {cell: own for cell, own in combination.items() if not unknown[cell]}
    for cell, own, is_total in zip(
        sums.cell[kept].tolist(), factor[kept].tolist(), sums.is_total[kept].tolist(), strict=True
    ):
        factors[cell] = factors.get(cell, 0) + (own if is_total else -own)
    return {cell: own for cell, own in factors.items() if own % PRIME}


def _to_hide(proofs: list[Proof], size: FloatArray, hidden: BoolArray, ties: Ties) -> list[int]:
    """One shown cell of each proof that none chosen before breaks."""
    chosen: set[int] = set()
    for proof in proofs:
        if chosen.isdisjoint(proof):
            shown = [cell for cell in proof if not hidden[cell] and size[cell] > 0]
            if shown:
                chosen.add(min(shown, key=lambda cell: (ties.reluctance[cell], size[cell], cell)))
    return sorted(chosen)
