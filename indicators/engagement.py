"""Was a commitment of the COG held, and in time?"""

from __future__ import annotations

from typing import Any, Literal, get_args

EngagementVerdict = Literal[
    "held_on_time", "held_late", "held_undated", "partly_held", "not_held", "unknown"
]
VERDICTS: tuple[EngagementVerdict, ...] = get_args(EngagementVerdict)
"""From the best to the worst, then what is not known."""


def engagement_verdict(achieved: Any, on_time: Any) -> EngagementVerdict:
    """What became of a commitment.

    ``held_undated`` is held without a word on the date (the State's table never says); a
    commitment that is not held has no timeliness, whatever the second column says.

    Args:
        achieved: ``Oui``, ``Non``, ``Partiellement``, ``Oui avec retard`` or missing.
        on_time: ``Oui``, ``Non``, ``s.o.`` or missing.
    """
    if achieved == "Oui avec retard":
        return "held_late"
    if achieved == "Oui":
        if on_time == "Oui":
            return "held_on_time"
        return "held_late" if on_time == "Non" else "held_undated"
    if achieved == "Partiellement":
        return "partly_held"
    return "not_held" if achieved == "Non" else "unknown"


def fiche_of(number: str) -> str:
    """The fiche of a commitment: ``7`` for ``7.10``."""
    return str(number).partition(".")[0]
