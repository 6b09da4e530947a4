"""What a person may see and do: an argument of every query and part of every cache key."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cached_property

ACTIONS = ("see", "annotate", "import", "publish", "rollback")


@dataclass(frozen=True)
class Scope:
    """The rights of one person, resolved once at the door.

    Attributes:
        person: identifier of the person, as the policy and the audit write it.
        role: ``dcgdr | cpam | analyste | service_medical | national | operateur``.
        territories: codes of the territories whose rows may be seen, of every level, sorted.
        small_numbers: codes among them whose counts of patients from 1 to 10 may be seen.
        actions: subset of ``ACTIONS``.
        home_territory: the territory a page opens on (``FR``, ``REG-84``, ``CPAM-43``...).
        label: the role and territory in French, for the header.
        own: codes among ``territories`` that lie wholly in what the role is held for: their every
            caisse is seen in detail.
    """

    person: str
    role: str
    territories: tuple[str, ...]
    small_numbers: tuple[str, ...]
    actions: tuple[str, ...]
    home_territory: str
    label: str
    own: tuple[str, ...] = ()

    @cached_property
    def key(self) -> str:
        """Digest of what the scope allows: two scopes with the same rights share cached rows."""
        allowed = "\n".join(("|".join(self.territories), "|".join(self.small_numbers)))
        return hashlib.sha256(allowed.encode()).hexdigest()

    def may(self, action: str) -> bool:
        """Whether the person may do ``action``; an unknown action is a programming error."""
        if action not in ACTIONS:
            raise ValueError(f"Unknown action {action!r}: one of {ACTIONS}.")
        return action in self.actions

    def may_annotate(self, territory: str) -> bool:
        """Whether the person may write beside the figures of that territory."""
        return self.may("annotate") and territory in self.own
