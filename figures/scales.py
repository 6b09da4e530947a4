"""What a gap weighs by, in words: the intéressement's weights or the points of the CPG."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from figures.formats import listed
from indicators.stakes import Weighing, WeightSource

SENDINGS = "envois mensuels des caisses (CPG)"
AGREEMENT = "poids de l’intéressement (Igas, 2017)"


@dataclass(frozen=True)
class Scale:
    """How a scale is named.

    Attributes:
        name: the scale itself.
        of_points: whose points they are, after ``1,2 point``.
        without: an objective that has none of it.
        heading: over the gaps that have none of it.
    """

    name: str
    of_points: str
    without: str
    heading: str


SCALES: Mapping[WeightSource, Scale] = MappingProxyType(
    {
        "interessement": Scale(
            "intéressement", "d’intéressement", "sans poids", "Sans poids dans l’intéressement"
        ),
        "cpg_points": Scale("points du CPG", "du CPG", "sans points", "Sans points dans le CPG"),
    }
)


def weighed_source(known: Weighing) -> str:
    """Where ranked gaps come from: the sendings, and the extract of points or the agreement."""
    weighed_by = f"points du CPG ({files_words(known.files)})" if known.files else AGREEMENT
    return f"{SENDINGS} et {weighed_by}"


def files_words(files: tuple[str, ...]) -> str:
    """``extrait points.csv``, ``extraits a.csv et b.csv``."""
    return f"{'extraits' if len(files) > 1 else 'extrait'} {listed(files)}"
