"""A group of peers in words: how many, of which kind, how chosen."""

from __future__ import annotations

from figures.formats import counted
from figures.grammar import LEVEL_NOUNS


def level_words(level: str, count: int) -> str:
    """``12 caisses``, ``1 département``."""
    noun = LEVEL_NOUNS[level]
    return counted(count, noun.one, noun.many)


def by_size_words(level: str, count: int) -> str:
    """``12 caisses de même taille``."""
    return f"{level_words(level, count)} de même taille"


def chosen_words(level: str, count: int) -> str:
    """``7 caisses choisies``, ``7 départements choisis``."""
    return f"{level_words(level, count)} choisi{_feminine(level)}{'s' if count > 1 else ''}"


def median_words(group: str, level: str, known_count: int | None, group_count: int) -> str:
    """``médiane des 12 caisses de même taille (11 connues)``, or why there is none.

    Args:
        group: the group in words, its number first.
        level: level of its members.
        known_count: figures behind the median; None where too few are known for one.
        group_count: members of the group.
    """
    if known_count is None:
        return f"pas de médiane des {group} : trop peu de chiffres connus"
    lacking = f" ({known_count} connu{_feminine(level)}s)" if known_count < group_count else ""
    return f"médiane des {group}{lacking}"


def too_few_sentence(level: str, count: int, fewest: int) -> str:
    """``Choisissez au moins 5 caisses : il en manque 2.``, and why."""
    return (
        f"Choisissez au moins {level_words(level, fewest)} : il en manque {fewest - count}. "
        f"Moins {'nombreuses, elles' if _feminine(level) else 'nombreux, ils'} laisseraient "
        "deviner un chiffre isolé."
    )


def _feminine(level: str) -> str:
    return "e" if LEVEL_NOUNS[level].gender == "f" else ""
