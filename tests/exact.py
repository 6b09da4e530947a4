"""What a set of equations determines, in whole numbers modulo a prime: nothing is rounded.

A sum of unknowns is determined exactly when it is nothing in every solution of the equations with
all known amounts at nothing. One such solution drawn at random tells: a sum that is determined is
nothing in it, another one is so by chance once in two thousand million.
"""

import heapq
import random

PRIME = 2**31 - 1


def free_solution(equations, seed=11):
    """A random solution of equations whose sums are nothing, of all solutions alike.

    Args:
        equations: factors by unknown, one mapping an equation.
        seed: of the draw.

    Returns: value by unknown; unknowns in no equation are absent: nothing binds them.
    """
    rows = {at: {k: v % PRIME for k, v in row.items()} for at, row in enumerate(equations)}
    holders = {}
    for at, row in rows.items():
        for unknown in row:
            holders.setdefault(unknown, set()).add(at)
    unknowns = list(holders)
    waiting = [(len(row), at) for at, row in rows.items()]
    heapq.heapify(waiting)
    solved = []
    while waiting:
        length, at = heapq.heappop(waiting)
        row = rows.get(at)
        if row is None or len(row) != length:
            continue
        del rows[at]
        for unknown in row:
            holders[unknown].discard(at)
        if not row:
            continue
        pivot = min(row, key=lambda unknown: len(holders[unknown]))
        inverse = pow(row[pivot], -1, PRIME)
        for other in holders.pop(pivot):
            reduce_row(rows[other], row, rows[other][pivot] * inverse % PRIME, other, holders)
            rows[other].pop(pivot, None)
            heapq.heappush(waiting, (len(rows[other]), other))
        solved.append((pivot, inverse, row))
    drawn = random.Random(seed)
    pivots = {pivot for pivot, _, _ in solved}
    value = {unknown: drawn.randrange(1, PRIME) for unknown in unknowns if unknown not in pivots}
    for pivot, inverse, row in reversed(solved):
        others = sum(factor * value[k] for k, factor in row.items() if k != pivot)
        value[pivot] = -others * inverse % PRIME
    return value


def reduce_row(row, by, factor, at, holders):
    """Take ``factor`` times a row from another one, number ``at``."""
    for unknown, own in by.items():
        before = row.get(unknown, 0)
        after = (before - factor * own) % PRIME
        if after:
            row[unknown] = after
            if not before and unknown in holders:
                holders[unknown].add(at)
        elif before:
            del row[unknown]
            if unknown in holders:
                holders[unknown].discard(at)


def is_determined(combination, value):
    """Whether a sum of unknowns (factor by unknown) is the same in every solution.

    ``value`` is a free solution; a known amount has no place in ``combination``.
    """
    if any(unknown not in value for unknown in combination):
        return False
    return sum(factor * value[unknown] for unknown, factor in combination.items()) % PRIME == 0
