"""The choices of a page, all of them in its address: read, checked, kept from page to page.

An address holds codes and only what differs from the default, so that a link says what it opens.
Nothing of it is trusted: a choice counts only if it is offered.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import urlencode

import streamlit as st

TERRITORY, YEAR, COMPARATOR, LEVEL = "territoire", "annee", "comparateur", "niveau"
PEERS = "pairs"
ESTABLISHMENT = "etablissement"
PROFESSION, GRAIN, OVERSEAS = "profession", "maille", "outremer"
ROLE, HOLDER, BUILD = "profil", "profil_territoire", "build"
KEPT_OVER_PAGES = (TERRITORY, YEAR, COMPARATOR, PEERS, ROLE, HOLDER, BUILD)

PAGES_OF_PROFESSIONALS = ("repartition", "inegalite", "simulateur", "ir41")
KEPT_AMONG: Mapping[str, tuple[str, ...]] = dict.fromkeys(
    (PROFESSION, GRAIN, OVERSEAS), PAGES_OF_PROFESSIONALS
)
"""Choices that follow the reader among some pages only, those that know them."""

FORGOTTEN_WITH: Mapping[str, tuple[str, ...]] = {
    ROLE: (HOLDER, TERRITORY, LEVEL, COMPARATOR, PEERS, ESTABLISHMENT),
    HOLDER: (TERRITORY, LEVEL, COMPARATOR, PEERS, ESTABLISHMENT),
    TERRITORY: (ESTABLISHMENT,),
    BUILD: (YEAR,),
}
"""Choices that no longer make sense once another is made."""

CODE = re.compile(r"[A-Z0-9]+(-[A-Z0-9]+)*")

PAGE, ASKED, CHOSEN, TO_WRITE = "vigie_page", "vigie_asked", "vigie_chosen", "vigie_to_write"


def read_address(page: str) -> None:
    """Start a run: what the address asks for, completed with what the former page had chosen.

    Streamlit drops the parameters when a reader moves to another page.
    """
    asked = st.query_params.to_dict()
    written: dict[str, str | None] = {}
    if st.session_state.get(PAGE, page) != page:
        former = st.session_state.get(CHOSEN, {})
        written = {
            name: value
            for name, value in former.items()
            if name not in asked and (name in KEPT_OVER_PAGES or page in KEPT_AMONG.get(name, ()))
        }
    st.session_state[PAGE] = page
    st.session_state[ASKED] = asked | written
    st.session_state[CHOSEN] = {}
    st.session_state[TO_WRITE] = written


def read_again() -> None:
    """Take what a click has just put in the address, where a fragment reruns by itself."""
    former = st.session_state.get(ASKED, {})
    kept = {
        name: value
        for name, value in former.items()
        if name in KEPT_OVER_PAGES or name in KEPT_AMONG
    }
    st.session_state[ASKED] = kept | st.query_params.to_dict()


def asked(name: str) -> str:
    """What the address asks for under ``name``, unchecked; empty without it."""
    return str(st.session_state.get(ASKED, {}).get(name, ""))


def choice(
    name: str, offered: Mapping[str, str], default: str, is_always_written: bool = False
) -> str:
    """The code chosen among ``offered`` (label by code), else ``default``.

    A label is taken for its code. The address is corrected where it says more or else.

    Args:
        name: parameter of the address.
        offered: label by code.
        default: code chosen where the address asks for none, or for another.
        is_always_written: whether the address holds the default too, for pages whose default
            other pages do not share.
    """
    value = asked(name)
    code = (
        value if value in offered else {label: code for code, label in offered.items()}.get(value)
    )
    chosen = default if code is None else code
    keep(name, None if chosen == default and not is_always_written else chosen)
    return chosen


def several(name: str) -> tuple[str, ...]:
    """The codes asked for under ``name``, joined there by commas: sorted, each once, unchecked."""
    codes = {code.strip() for code in asked(name).split(",")}
    found = tuple(sorted(code for code in codes if CODE.fullmatch(code)))
    keep(name, ",".join(found) or None)
    return found


def keep(name: str, value: str | None) -> None:
    """Have the address hold ``value``, or nothing, without a rerun."""
    if value is not None:
        st.session_state[CHOSEN][name] = value
    if value != (asked(name) or None):
        st.session_state[TO_WRITE][name] = value


def to_write() -> dict[str, str | None]:
    """What the browser has to write in the address; None removes a parameter."""
    return dict(st.session_state.get(TO_WRITE, {}))


def choose(name: str, value: str) -> None:
    """Take a reader's choice, before the rerun that shows it."""
    forget(FORGOTTEN_WITH.get(name, ()))
    if value:
        st.query_params[name] = value
    else:
        forget((name,))


def forget(names: Iterable[str]) -> None:
    """Take choices out of the address."""
    for name in names:
        st.query_params.pop(name, None)


def address() -> dict[str, str]:
    """What the address holds, to be taken along to another page."""
    return dict(st.session_state.get(ASKED, {}))


def link(page: str, **choices: Any) -> str:
    """Address of another page with the choices kept and ``choices``, to stand in an ``href``."""
    kept = {n: v for n, v in st.session_state.get(CHOSEN, {}).items() if n in KEPT_OVER_PAGES}
    asked_for = {name: value for name, value in (kept | choices).items() if value is not None}
    return f"{page}?{urlencode(asked_for)}" if asked_for else page
