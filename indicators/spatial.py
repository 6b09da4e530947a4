"""Do neighbours look alike, and where? Spatial autocorrelation by the PySAL libraries.

``neighbours`` names, for each territory, the positions of those that it touches; contours stay
out of here. Under thirty territories, a region's departments, the answer is ``is_exploratory``: too
few of them for a permutation test to find anything but a very strong pattern.

The libraries take seconds to import, and are when a question is asked. They draw from NumPy's
process-wide generator: one question at a time, and the generator is given back as it was.
"""

from __future__ import annotations

import threading
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Literal, NamedTuple

import numpy as np
import numpy.typing as npt

from indicators.arguments import FloatArray, WordArray, refuse_missing, series, whole
from indicators.comparison import benjamini_hochberg

Weighting = Literal["binary", "row_standardised"]
Cluster = Literal["high_high", "low_low", "high_low", "low_high", "none", "not_tested"]

EXPLORATORY_BELOW = 30
"""Territories under which clusters are only a hint where to look."""

SMALLEST_MAP = 4
PERMUTATIONS = 999
LOCAL_PERMUTATIONS = 9999
FEWEST_PERMUTATIONS = 99
LARGEST_SEED = 2**32 - 1
BATCH = 1000
ROUNDING = 1e-9
FALSE_SHARE = 0.05
QUADRANTS: tuple[Cluster, ...] = ("high_high", "low_high", "low_low", "high_low")
"""Own value beside that of the neighbours, in esda's order of quadrants."""

_TRANSFORMS: dict[Weighting, str] = {"binary": "B", "row_standardised": "R"}
_ONE_AT_A_TIME = threading.Lock()


class Moran(NamedTuple):
    """Moran's I over a whole map, and whether chance alone makes it.

    ``value`` is near ``expected`` (-1 / (n - 1)) where values lie at random, above it where
    neighbours look alike, below where they differ. ``p_value`` is two-sided, in (0, 1].
    ``isolated`` counts territories without a neighbour, which weigh nothing.
    """

    value: float
    expected: float
    p_value: float
    isolated: int
    is_exploratory: bool


class LocalClusters(NamedTuple):
    """What each territory and its neighbours are together, one item a territory, shape (n,).

    ``cluster`` is ``high_high`` or ``low_low`` in the heart of a group, ``high_low`` or
    ``low_high`` for one unlike its neighbours (its own value first), ``none`` where chance suffices
    and ``not_tested`` without a neighbour. ``value`` is the local Moran's I, whose sum over n - 1
    is the row-standardised I where everyone has a neighbour; ``p_value`` is two-sided and
    ``adjusted`` the same once all are tested together (false discovery rate); NaN where not tested.
    """

    cluster: WordArray
    value: FloatArray
    p_value: FloatArray
    adjusted: FloatArray
    is_exploratory: bool


def moran(
    values: Any,
    neighbours: Sequence[Sequence[int]],
    weighting: Weighting = "binary",
    seed: int = 0,
    *,
    permutations: int = PERMUTATIONS,
) -> Moran:
    """Moran's I: do neighbouring territories have values more alike than chance would make them?

    Args:
        values: one a territory (a density), shape (n,), n >= 4, not all equal.
        neighbours: positions of each territory's neighbours, n sequences.
        weighting: every pair of neighbours weighs the same (``binary``), or every territory does
            (``row_standardised``).
        seed: the same seed gives the same p-value.
        permutations: how many times the values are dealt anew to the territories, at least 99.

    Raises: ValueError on missing, infinite or all equal values, fewer than four, neighbours of
        another length, out of range, named twice or of oneself, or if nobody has any.
    Source: Moran 1950, Biometrika 37:17, doi:10.1093/biomet/37.1-2.17, by esda.
    """
    figures, lists = _checked(values, neighbours, permutations, seed)
    if not isinstance(weighting, str) or weighting not in _TRANSFORMS:
        raise ValueError(f"weighting must be one of {', '.join(_TRANSFORMS)}, got {weighting!r}.")
    with _pysal(int(seed)):
        from esda.moran import Moran as PysalMoran

        found = PysalMoran(
            figures,
            _weights(lists),
            transformation=_TRANSFORMS[weighting],
            permutations=int(permutations),
        )
    return Moran(
        value=float(found.I),
        expected=float(found.EI),
        p_value=float(_two_sided(_tails(found.I, np.asarray(found.sim)), permutations)),
        isolated=sum(not listed for listed in lists),
        is_exploratory=figures.size < EXPLORATORY_BELOW,
    )


def local_clusters(
    values: Any,
    neighbours: Sequence[Sequence[int]],
    seed: int = 0,
    *,
    permutations: int = LOCAL_PERMUTATIONS,
) -> LocalClusters:
    """Which territories lie in a group of high or low values, or stand out from their neighbours?

    Args:
        values: as in ``moran``.
        neighbours: as in ``moran``.
        seed: the same seed gives the same clusters.
        permutations: as in ``moran``. No p-value falls under 2 / (permutations + 1), which must be
            small beside ``FALSE_SHARE`` over the number of territories for a lone one to be found.

    Raises: ValueError as ``moran`` does.
    Source: Anselin 1995, Geogr Anal 27:93, doi:10.1111/j.1538-4632.1995.tb00338.x, by esda, with
        conditional permutations; false discovery rate as Caldas de Castro and Singer 2006, Geogr
        Anal 38:180, doi:10.1111/j.0016-7363.2006.00682.x.
    """
    figures, lists = _checked(values, neighbours, permutations, seed)
    with _pysal(int(seed)):
        from esda.moran import Moran_Local

        tails = np.zeros((2, figures.size), dtype=np.int64)
        for drawn in _batches(int(permutations)):
            found = Moran_Local(
                figures,
                _weights(lists),
                transformation="R",
                permutations=drawn,
                seed=int(np.random.randint(2**31 - 1)),
            )
            tails += _tails(found.Is, found.sim)
    has_neighbours = np.array([bool(listed) for listed in lists])
    p_value = np.where(has_neighbours, _two_sided(tails, permutations), np.nan)
    discovery = benjamini_hochberg(p_value, FALSE_SHARE)
    quadrant = np.array(QUADRANTS, dtype=object)[np.asarray(found.q, dtype=int) - 1]
    cluster = np.where(discovery.is_different, quadrant, "none")
    cluster[~has_neighbours] = "not_tested"
    return LocalClusters(
        cluster=cluster,
        value=np.where(has_neighbours, found.Is, np.nan),
        p_value=p_value,
        adjusted=discovery.adjusted,
        is_exploratory=figures.size < EXPLORATORY_BELOW,
    )


def _checked(
    values: Any, neighbours: Sequence[Sequence[int]], permutations: int, seed: int
) -> tuple[FloatArray, list[list[int]]]:
    """Values and lists of neighbours, as PySAL may take them."""
    (figures,) = series(values=values)
    refuse_missing(values=figures)
    if figures.size < SMALLEST_MAP or (figures == figures[0]).all():
        raise ValueError(f"values must differ, over at least {SMALLEST_MAP} territories.")
    whole(permutations, "permutations", FEWEST_PERMUTATIONS)
    if whole(seed, "seed", 0) > LARGEST_SEED:
        raise ValueError(f"seed must not be above {LARGEST_SEED}, got {seed!r}.")
    if not _are_lists(neighbours):
        raise ValueError("neighbours must be lists of positions, one a territory.")
    lists = [
        [whole(place, "neighbours", -figures.size) for place in listed] for listed in neighbours
    ]
    if len(lists) != figures.size:
        raise ValueError("neighbours must list those of each territory.")
    if not any(lists):
        raise ValueError("neighbours must not be empty everywhere.")
    for own, listed in enumerate(lists):
        is_known = all(0 <= place < figures.size and place != own for place in listed)
        if not is_known or len(set(listed)) < len(listed):
            raise ValueError(f"neighbours of territory {own} must be others, each once.")
    return figures, lists


def _are_lists(given: Any) -> bool:
    """Whether it is a sequence of sequences; a text is none."""
    kinds = (Sequence, np.ndarray, set, frozenset)

    def is_list(one: Any) -> bool:
        return isinstance(one, kinds) and not isinstance(one, (str, bytes))

    return is_list(given) and all(map(is_list, given))


def _tails(observed: Any, drawn: npt.NDArray[Any]) -> npt.NDArray[np.int64]:
    """How many draws lie at least as high, and at least as low, as each value: shape (2, ...).

    esda's own p-values leave draws equal to the value out of the lower tail: with many territories
    at 0, or one at the very mean, they would call an ordinary value rare.
    """
    slack = ROUNDING * max(float(np.abs(drawn).max()), 1.0)
    return np.array(
        [(drawn >= observed - slack).sum(axis=0), (drawn <= observed + slack).sum(axis=0)]
    )


def _two_sided(tails: npt.NDArray[np.int64], permutations: int) -> FloatArray:
    """The p-value of both tails; the observed map counts as one of the draws."""
    return np.minimum(2 * (tails.min(axis=0) + 1) / (permutations + 1), 1.0)


def _batches(permutations: int) -> Iterator[int]:
    """Numbers of permutations, in all ``permutations``, whose draws are held at once."""
    for start in range(0, permutations, BATCH):
        yield min(BATCH, permutations - start)


def _weights(lists: list[list[int]]) -> Any:
    """The neighbours as PySAL's weights, 1 a pair."""
    from libpysal.weights import W

    return W(dict(enumerate(lists)), id_order=list(range(len(lists))), silence_warnings=True)


@contextmanager
def _pysal(seed: int) -> Iterator[None]:
    """Runs PySAL alone and from this seed; leaves generator and warning filters as they were."""
    with _ONE_AT_A_TIME, warnings.catch_warnings():
        # They announce the next version's defaults; this one is pinned.
        warnings.simplefilter("ignore")
        state = np.random.get_state()
        np.random.seed(seed)
        try:
            yield
        finally:
            np.random.set_state(state)
