"""Which territories are peers by size, and how few make no group."""

from __future__ import annotations

from collections.abc import Mapping

FEWEST = 5
"""Known figures under which a group's median is not told; see ``docs/decisions``."""

NEAREST = 12


def nearest_in_size(
    populations: Mapping[str, int], code: str, count: int = NEAREST
) -> tuple[str, ...]:
    """The territories nearest in population to one of them, itself left out, nearest first.

    Args:
        populations: inhabitants by code of territory, of one level; all that may be peers.
        code: the territory that looks for peers.
        count: how many are wanted; fewer where there are fewer.

    Returns: codes by the difference in inhabitants, then by code, so that it never depends on the
        order of ``populations``.
    Raises: ValueError where the population of ``code`` is unknown or ``count`` is not positive.
    """
    if code not in populations:
        raise ValueError(f"The population of {code!r} is unknown: no peers by size.")
    if count < 1:
        raise ValueError(f"At least one peer is wanted, not {count}.")
    own = populations[code]
    others = (other for other in populations if other != code)
    return tuple(sorted(others, key=lambda other: (abs(populations[other] - own), other))[:count])
