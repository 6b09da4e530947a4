"""The cache of drawings: a page follows from who looks, the publication and the address."""

from __future__ import annotations

from collections.abc import Callable
from typing import ParamSpec, TypeVar

import streamlit as st

from access.scope import Scope

Given = ParamSpec("Given")
Drawing = TypeVar("Drawing")


def kept(draw: Callable[Given, Drawing]) -> Callable[Given, Drawing]:
    """Keep the latest drawings of a block; scope and build are arguments, so part of every key.

    Going back to a year or a territory, or looking where a colleague of the same scope looked,
    sends what was drawn then. Few are kept: the drawing of a large board weighs 200 kB.
    """
    keep = st.cache_data(max_entries=16, show_spinner=False, hash_funcs={Scope: _key})
    return keep(draw)


def _key(scope: Scope) -> str:
    return scope.key
