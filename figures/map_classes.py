"""Classes of a map: at most seven, with exact bounds, of one month or of a whole span."""

from __future__ import annotations

import math
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from figures.map_measures import FloatArray, Measure
from figures.palette import Theme, mixed

IntArray = npt.NDArray[np.int64]

METHODS: Mapping[str, str] = {
    "quantiles": "Effectifs égaux",
    "naturelles": "Seuils naturels",
    "rondes": "Nombres ronds",
}
METHOD_WORDS: Mapping[str, str] = {
    "quantiles": "Classes d’effectifs égaux",
    "naturelles": "Classes de Fisher-Jenks (écarts les plus faibles dans chaque classe)",
    "rondes": "Classes aux bornes rondes",
}
SEQUENTIAL, SIDE = 5, 3
MOST = 7
BOUNDS: Mapping[str, str] = {"mois": "Ce mois", "periode": "Toute la période"}
BOUNDS_WORDS: Mapping[str, str] = {
    "mois": "du mois montré",
    "periode": "de toute la période, les mêmes à chaque mois",
}
SAMPLE = 160
"""Values from which natural breaks are sought: evenly spaced ranks of the whole span."""

SEQUENTIAL_SHARES = (0.10, 0.30, 0.52, 0.76, 1.0)
SIDE_SHARES = (0.28, 0.60, 1.0)
GROUND_SHARES: Mapping[str, float] = {"hors": 0.16, "plusieurs": 0.05, "incomparable": 0.0}
"""How grey what has no colour of its own is: outside of the perimeter, and inside it."""


CLASS_NAMES = (
    *(f"s{place + 1}" for place in range(SEQUENTIAL)),
    *(f"{side}{place + 1}" for side in "op" for place in range(SIDE)),
    "rien",
    "incomparable",
    "hors",
    "plusieurs",
)
"""Names of all colours of a map, in style sheets."""


@dataclass(frozen=True)
class MapClass:
    """A class: its bounds, both included and on the measure's step; ``css`` names its colour.

    ``s1`` to ``s5`` from pale to dark; ``o3 o2 o1`` under a pivot from the furthest, ``p1 p2 p3``
    from it on.
    """

    lower: float
    upper: float
    css: str


def map_classes(values: FloatArray, measure: Measure, method: str) -> tuple[MapClass, ...]:
    """The classes of all the values known of a span; empty without any.

    Args:
        values: any shape; NaN where nothing is known.
        measure: what they are.
        method: ``quantiles``, ``naturelles`` (Fisher-Jenks) or ``rondes`` (round numbers).
    """
    known = values[~np.isnan(values)]
    ranks = np.sort(np.round(known / measure.step).astype(np.int64))
    if not ranks.size:
        return ()
    if measure.kind != "diverging":
        if ranks[0] == 0 and ranks[-1] > 0:
            # Nobody is not few: the lightest colour is theirs alone.
            rest = _bounds(ranks[ranks > 0], SEQUENTIAL - 1, method, measure.step)
            first = SEQUENTIAL - len(rest)
            named = ["s1", *(f"s{first + place + 1}" for place in range(len(rest)))]
            return _classes([(0, 0), *rest], named, measure.step)
        bounds = _bounds(ranks, SEQUENTIAL, method, measure.step)
        first = SEQUENTIAL - len(bounds)
        names = [f"s{first + place + 1}" for place in range(len(bounds))]
        return _classes(bounds, names, measure.step)
    pivot = round(measure.pivot / measure.step)
    under, over = ranks[ranks < pivot], ranks[ranks >= pivot]
    low = _bounds(under, SIDE, method, measure.step) if under.size else []
    high = _bounds(over, SIDE, method, measure.step) if over.size else []
    if low:
        # The two sides meet at the pivot: no value can fall between them.
        low[-1] = (low[-1][0], pivot - 1)
    if high:
        high[0] = (pivot, high[0][1])
    names = [f"o{len(low) - place}" for place in range(len(low))]
    return _classes([*low, *high], [*names, *(f"p{i + 1}" for i in range(len(high)))], measure.step)


def _classes(
    bounds: Sequence[tuple[int, int]], names: Sequence[str], step: float
) -> tuple[MapClass, ...]:
    return tuple(
        MapClass(low * step, high * step, css)
        for (low, high), css in zip(bounds, names, strict=True)
    )


def _bounds(
    ranks: IntArray,
    count: int,
    method: str,
    step: float,
) -> list[tuple[int, int]]:
    """Bounds of at most ``count`` classes, in steps, that follow each other without a gap."""
    different = np.unique(ranks)
    # Round bounds of one value alone do not exist.
    if different.size == 1 or (different.size <= count and method != "rondes"):
        ends = [int(value) for value in different]
    else:
        # A bound between two values belongs to the lower one.
        ends = sorted({math.floor(end + 1e-9) for end in _ends(ranks, count, method, step)})
    last = int(ranks[-1])
    ends = [end for end in ends if int(ranks[0]) <= end < last] + [last]
    starts = [int(ranks[0]), *(end + 1 for end in ends[:-1])]
    return list(zip(starts, ends, strict=True))


def _ends(ranks: IntArray, count: int, method: str, step: float) -> list[float]:
    """Upper bounds that mapclassify finds, in steps."""
    if method == "quantiles":
        # What ``mapclassify.Quantiles`` answers, without what comes with it: the usual map would
        # wait two seconds for scikit-learn and keep 80 MB of it for good.
        return [float(end) for end in np.unique(np.percentile(ranks, _shares(count)))]
    import mapclassify

    with warnings.catch_warnings():
        # It warns where fewer different values than classes are left: fewer classes are drawn.
        warnings.simplefilter("ignore")
        if method == "rondes":
            found = mapclassify.PrettyBreaks(ranks * step, k=count).bins / step
            # A round bound is the first value of the next class: « 10 % à … ».
            return [float(end) - 1 for end in found[:-1]][: count - 1]
        places = np.linspace(0, ranks.size - 1, min(SAMPLE, ranks.size)).astype(int)
        sample = ranks[places].astype(np.float64)
        wanted = min(count, np.unique(sample).size)
        return [float(end) for end in mapclassify.FisherJenks(sample, k=wanted).bins]


def _shares(count: int) -> FloatArray:
    """The percentiles that end ``count`` classes of equal size."""
    return np.linspace(0, 100, count + 1)[1:]


def class_place(value: float, classes: Sequence[MapClass], step: float) -> int | None:
    """The place of a value's class; None where it is unknown."""
    if np.isnan(value):
        return None
    rank = round(value / step)
    for place, own in enumerate(classes):
        if rank <= round(own.upper / step):
            return place
    return len(classes) - 1 if classes else None


def colour_of(css: str, theme: Theme) -> str:
    """``#rrggbb`` of a class; also ``rien`` (no value), ``masque`` and ``hors``."""
    kind, place = css[0], css[1:]
    if css in GROUND_SHARES:
        return mixed(theme.neutral, theme.background, GROUND_SHARES[css])
    if not place.isdigit():
        return theme.background
    if kind == "s":
        return mixed(theme.favourable, theme.background, SEQUENTIAL_SHARES[int(place) - 1])
    hue = theme.unfavourable if kind == "o" else theme.favourable
    return mixed(hue, theme.background, SIDE_SHARES[int(place) - 1])
