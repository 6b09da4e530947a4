"""The group of peers that a perimeter is compared with: by size, or chosen by hand."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import pandas as pd

from access.scope import Scope
from components.address import PEERS
from components.controls import choice_many, menu
from components.perimeter import Perimeter, label_of
from figures.formats import french_key, is_absent, known_float
from figures.grammar import LEVEL_NOUNS
from figures.markup import text
from figures.peers import (
    by_size_words,
    chosen_words,
    median_words,
    too_few_sentence,
)
from figures.records import records
from indicators.peers import FEWEST, nearest_in_size
from queries import cpg, reference
from queries.cached import shared

BY_SIZE, BY_HAND = "taille", "choisis"
CANDIDATE_COLUMNS = ("territory_code", "level", "territory_name", "population", "region_name")
NOTHING = pd.DataFrame(columns=["indicator_code", "territory_count", "attainment_median"])


@dataclass(frozen=True)
class PeerGroup:
    """Territories of one level to compare with: ``members`` among ``offered``, labels by code.

    ``offered`` is by region where the level has some, else under an empty name; a group by size
    offers its members alone.
    """

    kind: str
    level: str
    members: tuple[str, ...]
    offered: Mapping[str, Mapping[str, str]]

    @property
    def words(self) -> str:
        """``12 caisses de même taille``, ``7 départements choisis``."""
        named = by_size_words if self.kind == BY_SIZE else chosen_words
        return named(self.level, len(self.members))

    @property
    def is_enough(self) -> bool:
        """Whether a median of them may be told."""
        return len(self.members) >= FEWEST

    def median_words(self, comparison: pd.DataFrame, indicator: str) -> str:
        """What the comparator of one objective is, from rows of ``cpg/peer_group``."""
        if not self.is_enough:
            return f"pairs à choisir ({FEWEST} au moins)"
        row = comparison[comparison["indicator_code"] == indicator]
        count = None if row.empty else known_float(row["territory_count"].iloc[0])
        known = None if count is None else int(count)
        return median_words(self.words, self.level, known, len(self.members))


def peer_group(
    scope: Scope,
    build_id: str,
    perimeter: Perimeter,
    level: str,
    comparator: str,
    codes: Collection[str],
) -> PeerGroup | None:
    """The group that a comparator stands for; None where it stands for none.

    Peers by size are of the perimeter's own level; those chosen by hand of the board's ``level``,
    so that a region may look for departments like its own. The perimeter is never its own peer.

    Args:
        scope: what the person may see.
        build_id: the publication.
        perimeter: what is compared.
        level: that of the board's rows.
        comparator: what the header chose.
        codes: what the address gives for peers chosen by hand; what does not exist at ``level``
            does not count.
    """
    if comparator == BY_SIZE and perimeter.population is not None:
        return _by_size(_candidates(scope, build_id, perimeter.level), perimeter)
    if comparator == BY_HAND:
        return _by_hand(_candidates(scope, build_id, level), perimeter, level, codes)
    return None


def _by_size(candidates: Mapping[str, Mapping[str, Any]], perimeter: Perimeter) -> PeerGroup:
    sizes = {code: known_float(row["population"]) for code, row in candidates.items()}
    sizes[perimeter.code] = perimeter.population
    known = {code: int(size) for code, size in sizes.items() if size is not None}
    members = nearest_in_size(known, perimeter.code)
    names = {code: label_of(candidates[code]) for code in members}
    return PeerGroup(BY_SIZE, perimeter.level, members, {"": names})


def _by_hand(
    candidates: Mapping[str, Mapping[str, Any]],
    perimeter: Perimeter,
    level: str,
    codes: Collection[str],
) -> PeerGroup:
    offered: dict[str, dict[str, str]] = {}
    for code, row in candidates.items():
        if code != perimeter.code:
            region = "" if is_absent(row["region_name"]) else str(row["region_name"])
            offered.setdefault(region, {})[code] = label_of(row)
    members = sorted(set(codes) & (set(candidates) - {perimeter.code}))
    by_name = sorted(offered.items(), key=lambda region: french_key(region[0]))
    return PeerGroup(BY_HAND, level, tuple(members), dict(by_name))


def peers_comparison(scope: Scope, build_id: str, group: PeerGroup, year: int) -> pd.DataFrame:
    """Rows of ``cpg/peer_group``; none where the group is too small to be told."""
    if not group.is_enough:
        return NOTHING
    return cpg.peer_group(scope, build_id, group.level, year, tuple(sorted(group.members)))


def peers_control(group: PeerGroup) -> str:
    """Who the peers are, folded; those chosen by hand as boxes, and what is missing to compare."""
    if group.kind == BY_SIZE:
        names = "".join(f"<li>{text(name)}</li>" for name in group.offered[""].values())
        said = "Rangés par population, du plus proche au moins proche."
        return menu(group.words, f"<p>{text(said)}</p><ol>{names}</ol>", "pairs")
    title = group.words if group.members else "Choisir les pairs"
    label = f"Pairs choisis parmi les {LEVEL_NOUNS[group.level].many}"
    boxes = choice_many(PEERS, label, group.offered, group.members, "Comparer à ces pairs")
    lacking = ""
    if not group.is_enough:
        sentence = too_few_sentence(group.level, len(group.members), FEWEST)
        lacking = f'<p class="v-note" role="status">{text(sentence)}</p>'
    return menu(title, boxes, "pairs") + lacking


@shared(32)
def _candidates(scope: Scope, build_id: str, level: str) -> Mapping[str, Mapping[str, Any]]:
    """The territories of a level that anybody may be compared with, by code, in French order."""
    frame = reference.peer_candidates(scope, build_id)
    rows = records(frame[frame["level"] == level], CANDIDATE_COLUMNS)
    return MappingProxyType({row["territory_code"]: row for row in rows})
