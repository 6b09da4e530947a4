"""Which column an unknown heading may stand for: a proposal by likeness, never applied unseen."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from data.contracts.model import Column, contracts
from data.ingestion.recognise import forms

LIKE_ENOUGH = 0.62
SHORTEST_CONTAINED = 4


@dataclass(frozen=True)
class Proposal:
    """What an unknown heading may be.

    ``column`` is null where no column resembles it, or where it was told not to be kept;
    ``likeness`` is in [0, 1]; ``is_remembered`` says that the sender's heading was told before.
    """

    heading: str
    column: str | None
    likeness: float = 0.0
    is_remembered: bool = False


def proposals(
    contract: str,
    unmapped: Sequence[str],
    held: Collection[str],
    remembered: Mapping[str, str | None],
) -> list[Proposal]:
    """One proposal a heading, each column proposed once, to the heading most like it.

    Args:
        contract: the contract the file was read by.
        unmapped: headings that no column takes.
        held: columns that the file has already.
        remembered: heading → column, None for not kept, as told before for this sender.
    """
    free = [column for column in contracts()[contract].columns if column.name not in held]
    known = {heading: remembered[heading] for heading in unmapped if heading in remembered}
    pairs = sorted(
        (
            (likeness(heading, column), heading, column.name)
            for heading in unmapped
            if heading not in known
            for column in free
        ),
        reverse=True,
    )
    taken = {column for column in known.values() if column}
    found: dict[str, tuple[str, float]] = {}
    for score, heading, column in pairs:
        if score >= LIKE_ENOUGH and heading not in found and column not in taken:
            found[heading] = (column, score)
            taken.add(column)
    return [
        Proposal(heading, known[heading], 1.0, is_remembered=True)
        if heading in known
        else Proposal(heading, *found.get(heading, (None, 0.0)))
        for heading in dict.fromkeys(unmapped)
    ]


def likeness(heading: str, column: Column) -> float:
    """How much a heading resembles those of a column, in [0, 1]."""
    written = forms(heading)
    accepted = {form for known in (column.title, *column.headings) for form in forms(known)[:1]}
    return max((_alike(one, other) for one in written for other in accepted), default=0.0)


def _alike(one: str, other: str) -> float:
    ratio = SequenceMatcher(None, one, other).ratio()
    shorter, longer = sorted((one, other), key=len)
    if len(shorter) >= SHORTEST_CONTAINED and shorter in longer:
        ratio = max(ratio, 0.75)
    words = set(one.split()), set(other.split())
    common = words[0] & words[1]
    shared = 2 * len(common) / (len(words[0]) + len(words[1]))
    return max(ratio, shared)
