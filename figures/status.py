"""How a status is said: an icon and a word, so that colour never carries it alone."""

from __future__ import annotations

from dataclasses import dataclass

from indicators.few_patients import TOO_FEW


@dataclass(frozen=True)
class StatusWord:
    """Icon and word of a status; ``hue`` is the CSS class of its colour."""

    icon: str
    word: str
    hue: str


STATUSES = {
    "attained": StatusWord("▲", "Atteint", "fav"),
    "close": StatusWord("●", "Proche", "neu"),
    "behind": StatusWord("▼", "En retard", "unf"),
    TOO_FEW: StatusWord("◇", "Trop peu de patients pour conclure", "neu"),
    "not_applicable": StatusWord("–", "Non applicable", "neu"),
}
HIDDEN = StatusWord("◌", "Masqué (petit nombre)", "neu")


def status_word(status: str | None) -> StatusWord:
    """Icon and word of ``status``; anything unknown reads as not applicable."""
    return STATUSES.get(status or "", STATUSES["not_applicable"])
