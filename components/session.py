"""Who is here, what they may see, and which publication they look at."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import streamlit as st
from streamlit.errors import StreamlitSecretNotFoundError

from access.policy import AccessError, may_show_without_sign_in, policy
from access.scope import Scope
from components.address import BUILD, asked, keep
from components.header import View
from components.publication import publication
from components.states import forbidden_state
from queries.current import current_build as build_to_show

PERSON = "vigie_person"
VIEW = "vigie_view"


@dataclass(frozen=True)
class Visitor:
    """Who opens the app: known with a scope, signed out, unknown to the policy, or kept out."""

    state: Literal["known", "signed_out", "unknown", "closed"]
    scope: Scope | None = None
    sentence: str = ""


def sign_in_is_configured() -> bool:
    """Whether the secrets name a sign-in provider."""
    try:
        return "auth" in st.secrets
    except StreamlitSecretNotFoundError:
        return False


def signed_in_visitor() -> Visitor:
    """The visitor as the sign-in provider names them."""
    if not st.user.get("is_logged_in", False):
        return Visitor("signed_out")
    address = str(st.user.get("email") or "")
    try:
        return Visitor("known", policy().scope_of_address(address))
    except AccessError as error:
        return Visitor("unknown", sentence=str(error))


def demonstration_visitor(person: str) -> Visitor:
    """The visitor of a demonstration, under the role and territory they chose to try."""
    try:
        return Visitor("known", policy().scope(person))
    except AccessError as error:
        return Visitor("unknown", sentence=str(error))


def remember(scope: Scope | None) -> None:
    """Keep for this run whose view the pages show; None closes them all."""
    st.session_state[PERSON] = None if scope is None else scope.person


def require_scope() -> Scope:
    """The scope of who is here; stops the page where there is none.

    The first line of every page. The sign-in is looked at again, since a fragment may rerun long
    after the frame.
    """
    if sign_in_is_configured():
        visitor = signed_in_visitor()
    else:
        visitor = demonstration_visitor(str(st.session_state.get(PERSON) or ""))
    if visitor.scope is None or st.session_state.get(PERSON) != visitor.scope.person:
        forbidden_state(visitor.sentence)
        st.stop()
    return visitor.scope


def current_build() -> str | None:
    """The publication shown: the one served now, or the one that the address pins (``?build=``).

    Raises: QuestionError where the pinned one does not exist here.
    """
    pinned = asked(BUILD) or None
    shown = build_to_show(pinned)
    # Kept once it is known to exist: an unknown one must not follow from page to page.
    keep(BUILD, pinned)
    return shown


def may_demonstrate(build_id: str | None, scope: Scope) -> bool:
    """Whether a home without sign-in may be shown: demonstration and published data only."""
    if build_id is None:
        return True
    shown = publication(scope, build_id)
    return may_show_without_sign_in(shown.demonstration_count > 0, shown.received_count)


def keep_view(view: View) -> None:
    """Keep what the header chose for the page of this run."""
    st.session_state[VIEW] = view


def current_view() -> View:
    """What the header chose."""
    return st.session_state[VIEW]
