"""The shared header: territory, comparator, year, whose view; all of it in the address."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from access.policy import DemonstrationPerson, Policy, policy
from components.address import (
    COMPARATOR,
    HOLDER,
    PEERS,
    ROLE,
    TERRITORY,
    YEAR,
    asked,
    choice,
    several,
)
from components.blocks import last_event
from components.controls import choice_buttons, choice_select, menu
from components.perimeter import LEVEL_LABELS, Perimeter

COMPARATORS = {
    "mediane": "Médiane des pairs",
    "region": "Région",
    "national": "France entière",
    "taille": "Pairs de même taille",
    "choisis": "Pairs choisis",
}


@dataclass(frozen=True)
class View:
    """What the header chose. ``year`` is None where no year is known.

    ``peers`` are the codes that the address gives for peers chosen by hand, unchecked.
    """

    perimeter: Perimeter
    year: int | None
    comparator: str
    peers: tuple[str, ...] = ()


def demonstration_person() -> tuple[str, str]:
    """« Voir comme… »: the role and territory to try as the policy names a person, and its menu."""
    people = _people(policy())
    roles = _roles(people)
    role = choice(ROLE, roles, next(iter(roles)))
    holders = {p.territory_code: p.territory_name for p in people if p.role == role}
    holder = choice(HOLDER, holders, next(iter(holders)))
    controls = choice_select(ROLE, "Rôle", {"": roles}, role) + choice_select(
        HOLDER, "Territoire du rôle", {"": holders}, holder, is_disabled=len(holders) < 2
    )
    # Another role paints the page anew: its territory is still to be chosen.
    is_open = len(holders) > 1 and _has_just_chosen(ROLE)
    return f"{role}:{holder}", menu(f"Voir comme : {roles[role]}", controls, "voir-comme", is_open)


def _has_just_chosen(name: str) -> bool:
    """Whether this run follows a choice of ``name``."""
    event = last_event() or {}
    return event.get("act") == "choose" and event.get("name") == name


def _roles(people: Sequence[DemonstrationPerson]) -> dict[str, str]:
    """Titles of the roles to try by code, the usual one first."""
    roles = {person.role: person.role_title for person in people}
    usual = "national" if "national" in roles else next(iter(roles))
    return {usual: roles[usual]} | roles


@lru_cache(maxsize=4)
def _people(known: Policy) -> list[DemonstrationPerson]:
    return known.demonstration_people()


def chosen_view(
    choices: Mapping[str, Perimeter], years: Sequence[int], has_own_years: bool = False
) -> View:
    """The view that the address asks for, checked against what is offered.

    Args:
        choices: perimeters by code.
        years: years offered, the last one by default.
        has_own_years: whether other pages offer other years: then the address says it always, so
            that the next page shows the year that was looked at.
    """
    codes = list(choices)
    territory = choice(TERRITORY, {code: choices[code].label for code in codes}, codes[0])
    perimeter = choices[territory]
    offered = _years(years)
    year = int(choice(YEAR, offered, list(offered)[-1], has_own_years)) if offered else None
    comparators = comparators_of(perimeter)
    comparator = choice(COMPARATOR, comparators, next(iter(comparators)))
    return View(perimeter, year, comparator, several(PEERS))


def refused_territory(choices: Mapping[str, Perimeter]) -> str | None:
    """The territory of the address that this person may not choose, or None."""
    wanted = asked(TERRITORY)
    is_known = wanted in choices or wanted in {choice.label for choice in choices.values()}
    return wanted if wanted and not is_known else None


def refused_year(years: Sequence[int]) -> str | None:
    """The year of the address that the page does not hold, or None."""
    wanted = asked(YEAR)
    return wanted if wanted and years and wanted not in _years(years) else None


def refused_person() -> str | None:
    """The role, or the territory of a role, of the address that no person to try has, or None."""
    people = _people(policy())
    role, holder = asked(ROLE) or next(iter(_roles(people))), asked(HOLDER)
    held = [person for person in people if role in {person.role, person.role_title}]
    if not held:
        return role
    known = {name for person in held for name in (person.territory_code, person.territory_name)}
    return holder if holder and holder not in known else None


def view_controls(
    view: View,
    choices: Mapping[str, Perimeter],
    years: Sequence[int],
    has_comparator: bool = True,
    is_alone: bool = False,
) -> tuple[str, ...]:
    """Territory, comparator (on the pages that compare) and year as controls.

    ``is_alone``: the page compares the territory itself, not those under it.
    """
    groups: dict[str, dict[str, str]] = {}
    for code, perimeter in choices.items():
        groups.setdefault(LEVEL_LABELS.get(perimeter.level, ""), {})[code] = perimeter.label
    controls = [choice_select(TERRITORY, "Territoire", groups, view.perimeter.code)]
    if has_comparator:
        offered = comparators_of(view.perimeter, is_alone)
        shown = view.comparator if view.comparator in offered else next(iter(offered))
        controls.append(choice_buttons(COMPARATOR, "Comparer à", offered, shown))
    if view.year is not None:
        controls.append(choice_buttons(YEAR, "Année", _years(years), str(view.year)))
    return tuple(controls)


def _years(years: Sequence[int]) -> dict[str, str]:
    return {str(year): str(year) for year in years}


def comparators_of(perimeter: Perimeter, is_alone: bool = False) -> dict[str, str]:
    """What a perimeter can be compared with, the usual one first.

    ``is_alone``: it is compared itself, and nothing is compared with itself.
    """
    offered = dict(COMPARATORS)
    if is_alone:
        offered.pop(perimeter.level if perimeter.level in {"region", "national"} else "", None)
    if perimeter.level not in {"departement", "caisse", "region"}:
        offered.pop("region", None)
    if perimeter.level == "national" or perimeter.population is None:
        del offered["taille"]
    return offered
