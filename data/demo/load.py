"""What a demonstration home is loaded with: two publications, so that there is a former one.

The first holds the published figures, the extracts to August 2017, those of the MSAP, the health
professionals and the adhesions, the second September 2017 with the corrections of the two months
before.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from data.demo.adhesions import write_adhesions
from data.demo.generate import SEED, write_demonstration
from data.demo.msap import write_msap
from data.demo.professionals import write_professionals
from data.reference.published import published_files

PERSON = "démonstration"


@dataclass(frozen=True)
class Publication:
    """Files that are published together, and what is said of them."""

    reason: str
    files: tuple[Path, ...]


def demonstration_publications(folder: Path) -> list[Publication]:
    """Write the generated extracts into ``folder``; returns what to publish, in order."""
    *first, september = cpg = write_demonstration(folder)
    adhesions, adhesions_of_september = write_adhesions(folder, cpg, SEED)
    others = (*write_msap(folder, SEED), *write_professionals(folder, SEED))
    return [
        Publication("Envoi d'août 2017", (*published_files(), *first, *others, adhesions)),
        Publication("Envoi de septembre 2017", (september, adhesions_of_september)),
    ]
