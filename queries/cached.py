"""The cache of answers: scope and build are part of every key, so no row crosses either."""

from __future__ import annotations

from collections.abc import Callable
from typing import ParamSpec, TypeVar

import streamlit as st

from access.scope import Scope

Given = ParamSpec("Given")
Answer = TypeVar("Answer")


def cached(ask: Callable[Given, Answer]) -> Callable[Given, Answer]:
    """Keep the answers of a typed question.

    A build never changes once written, so answers need no lifetime, only a bound on their number:
    the months of a territory weigh 100 kB, and asking again takes milliseconds.
    The scope is hashed by what it allows: a person's name is not part of the answer.
    """
    keep = st.cache_data(max_entries=24, show_spinner=False, hash_funcs={Scope: _key})
    return keep(ask)


def _key(scope: Scope) -> str:
    return scope.key
