"""The policy: which role of which territory may see, and do, what.

A person is known by the address of the sign-in provider, through the policy's ``people``. In
demonstration, ``role:territory`` names anyone that the roles allow (``dcgdr:REG-84``).
"""

from __future__ import annotations

import functools
import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import pandas as pd
import yaml
from pydantic import BaseModel, ConfigDict

from access.scope import ACTIONS, Scope
from data.reference.territories import bridge, territories

NATIONAL = "FR"
DEFAULT_POLICY = Path(__file__).with_name("policy.yaml")


class AccessError(PermissionError):
    """The person is unknown, or the role does not exist there; a French sentence."""


class Role(BaseModel):
    """What one role allows around the territory it is held for."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    title: str
    of: tuple[str, ...]
    descendants: tuple[str, ...]
    overlapping: tuple[str, ...]
    ancestors: tuple[str, ...]
    small_numbers: Literal["descendants", "none"]
    actions: tuple[Literal["see", "annotate", "import", "publish", "rollback"], ...]


class Person(BaseModel):
    """A person of the sign-in provider, and the role held."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    person: str
    role: str
    territory: str


class _PolicyFile(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    roles: dict[str, Role]
    people: tuple[Person, ...] = ()


@dataclass(frozen=True)
class DemonstrationPerson:
    """A choice of « voir comme… »."""

    person: str
    role: str
    role_title: str
    territory_code: str
    territory_name: str


class Policy:
    """The roles and people of one policy file."""

    def __init__(self, content: _PolicyFile) -> None:
        """Take a validated policy."""
        self._roles = content.roles
        self._people = {person.person.casefold(): person for person in content.people}
        frame = territories()
        self._territories = frame.set_index("territory_code")
        self._bridge = bridge()

    def scope_of_address(self, address: str) -> Scope:
        """The scope of a signed-in person.

        Raises: AccessError where the policy does not know the address.
        """
        known = self._people.get(address.casefold())
        if known is None:
            raise AccessError(
                f"« {address} » n’est pas dans la liste des personnes habilitées. "
                "Demandez votre habilitation à la cellule de coordination de votre région."
            )
        return self.scope_of(known.role, known.territory, person=known.person)

    def scope(self, person: str) -> Scope:
        """The scope of ``role:territory``, or of an address that the policy knows.

        Raises: AccessError with a sentence that gives the accepted form.
        """
        role, separator, territory = person.partition(":")
        if not separator:
            return self.scope_of_address(person)
        return self.scope_of(role, territory, person=person)

    @functools.lru_cache(maxsize=512)  # noqa: B019 - one policy a process, and few scopes
    def label_of(self, person: str) -> str:
        """How a person who wrote something is named to readers; as kept, where unknown here."""
        try:
            return self.scope(person).label
        except AccessError:
            return person

    # Asked for at each run of a page, and the same as long as the policy is.
    @functools.lru_cache(maxsize=512)  # noqa: B019 - one policy a process, and few scopes
    def scope_of(self, role_name: str, territory: str, person: str) -> Scope:
        """The scope of a role held for a territory.

        Raises: AccessError where the role is unknown, or not held at that level.
        """
        role = self._roles.get(role_name)
        if role is None:
            raise AccessError(
                f"Le rôle « {role_name} » n’existe pas. Rôles : {', '.join(self._roles)}."
            )
        if territory not in self._territories.index:
            raise AccessError(f"Le territoire « {territory} » n’existe pas.")
        level = str(self._territories.loc[territory, "level"])
        if level not in role.of:
            raise AccessError(
                f"Le rôle « {role.title} » s’exerce pour : {', '.join(role.of)} ; "
                f"« {territory} » est de niveau {level}."
            )
        detailed = self._descendants(territory, role.descendants)
        seen = detailed | self._overlapping(detailed, role.overlapping)
        seen |= self._ancestors(territory, role.ancestors)
        own = self._within(seen, detailed)
        small = own if role.small_numbers == "descendants" else set()
        name = self._territories.loc[territory, "territory_name"]
        return Scope(
            person=person,
            role=role_name,
            territories=tuple(sorted(seen)),
            small_numbers=tuple(sorted(small)),
            actions=role.actions,
            home_territory=territory,
            label=f"{role.title} · {name}",
            own=tuple(sorted(own)),
        )

    def demonstration_people(self) -> list[DemonstrationPerson]:
        """Everyone whose view can be tried, by role, in the order of the policy and of names."""
        return [
            DemonstrationPerson(
                person=f"{role_name}:{code}",
                role=role_name,
                role_title=role.title,
                territory_code=str(code),
                territory_name=str(row["territory_name"]),
            )
            for role_name, role in self._roles.items()
            for code, row in self._of_levels(role.of).iterrows()
        ]

    def _of_levels(self, levels: Iterable[str]) -> pd.DataFrame:
        chosen = self._territories[self._territories["level"].isin(levels)]
        chosen = chosen[chosen["has_cpg"] | (chosen["level"] == "national")]
        return chosen.sort_values(["level", "sort_key"])

    def _descendants(self, territory: str, hierarchies: Iterable[str]) -> set[str]:
        pairs = self._bridge
        own = pairs[
            (pairs["ancestor_code"] == territory) & pairs["hierarchy"].isin(list(hierarchies))
        ]
        return {territory, *own["descendant_code"]}

    def _overlapping(self, codes: set[str], levels: Iterable[str]) -> set[str]:
        pairs = self._bridge
        shared = pairs[
            pairs["descendant_code"].isin(codes)
            & (pairs["descendant_level"] == "departement")
            & pairs["ancestor_level"].isin(list(levels))
        ]
        return set(shared["ancestor_code"])

    def _within(self, codes: set[str], detailed: set[str]) -> set[str]:
        """Those of ``codes`` whose every caisse is seen in detail."""
        pairs = self._bridge[self._bridge["descendant_level"] == "caisse"]
        of_codes = pairs[pairs["ancestor_code"].isin(codes)]
        foreign = of_codes[~of_codes["descendant_code"].isin(detailed)]
        return codes - set(foreign["ancestor_code"])

    def _ancestors(self, territory: str, levels: Iterable[str]) -> set[str]:
        pairs = self._bridge
        above = pairs[
            (pairs["descendant_code"] == territory) & pairs["ancestor_level"].isin(list(levels))
        ]
        return set(above["ancestor_code"])


def operator_scope() -> Scope:
    """The local operator of the command line: national, with the right to small numbers."""
    codes = tuple(sorted(territories()["territory_code"]))
    return Scope(
        person="operateur",
        role="operateur",
        territories=codes,
        small_numbers=codes,
        actions=ACTIONS,
        home_territory=NATIONAL,
        label="Opérateur local",
        own=codes,
    )


def policy() -> Policy:
    """The policy of ``VIGIE_POLICY``, or the one shipped here."""
    return _load(Path(os.environ.get("VIGIE_POLICY") or DEFAULT_POLICY))


@functools.lru_cache(maxsize=4)
def _load(path: Path) -> Policy:
    content = yaml.safe_load(path.read_text(encoding="utf-8"))
    return Policy(_PolicyFile.model_validate(content))


def may_show_without_sign_in(is_demonstration_home: bool, received_count: int) -> bool:
    """Whether a home may be shown to whoever comes: demonstration and published data only.

    In a home opened as a demonstration, what is imported afterwards counts as demonstration data.
    """
    return is_demonstration_home or received_count == 0
