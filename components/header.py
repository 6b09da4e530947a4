"""The shared header: territory, year, comparator, whose view; all of it in the address."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import streamlit as st

from access.policy import DemonstrationPerson, Policy, policy
from components.blocks import write_in_address
from components.perimeter import Perimeter

COMPARATORS = {
    "mediane": "Médiane des pairs",
    "region": "Région",
    "national": "France entière",
}
TERRITORY, YEAR, COMPARATOR, ROLE, HOLDER = (
    "territoire",
    "annee",
    "comparateur",
    "profil",
    "profil_territoire",
)
REFUSED = "vigie_refused"


@dataclass(frozen=True)
class View:
    """What the header chose. ``year`` is None where no year is known."""

    perimeter: Perimeter
    year: int | None
    comparator: str


def accept_codes(key: str, labels: Mapping[str, str]) -> None:
    """Take the choice of an address before its widget is drawn; forget what is not offered.

    Streamlit writes labels in addresses, reads them only when it draws the widget, and drops what
    it doesn't know: a code is taken as a choice too, and its label written back.

    Args:
        key: key of the widget and name of the parameter.
        labels: label of each option by code.
    """
    if key not in st.session_state:
        asked = st.query_params.get(key, "")
        code = asked if asked in labels else {name: c for c, name in labels.items()}.get(asked)
        if code is not None:
            st.session_state[key] = code
        if asked in labels:
            write_in_address(key, labels[asked])
    elif st.session_state[key] not in labels:
        del st.session_state[key]


def demonstration_person() -> str:
    """« Voir comme… »: the role and territory to try, as the policy names a person."""
    people = _people(policy())
    roles = {person.role: person.role_title for person in people}
    default = "national" if "national" in roles else next(iter(roles))
    ordered = [default, *(role for role in roles if role != default)]
    accept_codes(ROLE, roles)
    chosen = st.session_state.get(ROLE, default)
    with st.popover(f"Voir comme : {roles.get(chosen, '')}", icon=":material/person:"):
        role = st.selectbox(
            "Rôle",
            ordered,
            format_func=lambda code: roles[code],
            key=ROLE,
            bind="query-params",
            on_change=_forget_choices,
        )
        holders = {p.territory_code: p.territory_name for p in people if p.role == role}
        codes = list(holders)
        accept_codes(HOLDER, holders)
        holder = st.selectbox(
            "Territoire du rôle",
            codes,
            format_func=lambda code: holders[code],
            key=HOLDER,
            bind="query-params",
            on_change=_forget_choices,
            disabled=len(codes) < 2,
        )
    # Options are enforced in the browser only: what is not offered is not taken.
    return f"{role}:{holder if holder in holders else codes[0]}"


@lru_cache(maxsize=4)
def _people(known: Policy) -> list[DemonstrationPerson]:
    return known.demonstration_people()


def _forget_choices() -> None:
    """Another person looks: the page opens on their territory again."""
    for key in (TERRITORY, "niveau", "comparateur"):
        st.session_state.pop(key, None)


def choose_comparator(perimeter: Perimeter) -> str:
    """What the perimeter is compared with, checked against what is offered."""
    offered = _comparators(perimeter)
    accept_codes(COMPARATOR, {code: COMPARATORS[code] for code in offered})
    chosen = st.segmented_control(
        "Comparer à",
        offered,
        format_func=lambda code: COMPARATORS[code],
        default=offered[0],
        key=COMPARATOR,
        bind="query-params",
        required=True,
    )
    return chosen if chosen in offered else offered[0]


def choose_territory(choices: Mapping[str, Perimeter]) -> Perimeter:
    """The territory chosen, checked against what is offered.

    The list is folded: a list that searches is the slowest thing of a page to draw, and most
    readers move by clicking a row.
    """
    codes = list(choices)
    labels = {code: choice.label for code, choice in choices.items()}
    asked = st.query_params.get(TERRITORY, "")
    is_refused = bool(asked) and asked not in labels and asked not in labels.values()
    st.session_state[REFUSED] = asked if is_refused else None
    accept_codes(TERRITORY, labels)
    shown = choices.get(st.session_state.get(TERRITORY, codes[0]), choices[codes[0]])
    with st.popover(shown.label, icon=":material/location_on:", key="territoire_ouvert"):
        chosen = st.selectbox(
            "Territoire",
            codes,
            format_func=lambda code: choices[code].label,
            key=TERRITORY,
            bind="query-params",
        )
    return choices.get(str(chosen), choices[codes[0]])


def _comparators(perimeter: Perimeter) -> list[str]:
    if perimeter.level in {"departement", "caisse", "region"}:
        return ["mediane", "region", "national"]
    return ["mediane", "national"]


def choose_year(years: Sequence[int]) -> int | None:
    """The year chosen, the latest at first; None where no year is known."""
    offered = [str(year) for year in years]
    if not offered:
        return None
    chosen = st.segmented_control(
        "Année", offered, default=offered[-1], key=YEAR, bind="query-params", required=True
    )
    return int(chosen if chosen in offered else offered[-1])
