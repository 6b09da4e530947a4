"""What is kept in memory: home, scope and build are part of every key, so no row crosses any."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import ParamSpec, TypeVar

import streamlit as st

from access.scope import Scope
from data.store.home import Home

Given = ParamSpec("Given")
Answer = TypeVar("Answer")

OUTSIDE_A_SERVER = "No runtime found, using MemoryCacheStorageManager"
"""What Streamlit warns of at each ``cache_data`` outside a server, as on the command line."""


def _is_news(record: logging.LogRecord) -> bool:
    """Whether a warning tells something: answers kept in the process alone are what is wanted."""
    return record.getMessage() != OUTSIDE_A_SERVER


# A filter, not a level: Streamlit sets the level of its loggers again at each import.
logging.getLogger("streamlit.runtime.caching.cache_data_api").addFilter(_is_news)


def cached(ask: Callable[Given, Answer]) -> Callable[Given, Answer]:
    """Keep the answers of a typed question; each reader gets a copy of its own.

    A build never changes once written, so answers need no lifetime, only a bound on their number:
    the months of a territory weigh 100 kB, and asking again takes milliseconds.
    """
    return st.cache_data(max_entries=24, show_spinner=False, hash_funcs={Scope: _key})(ask)


def cached_briefly(ask: Callable[Given, Answer]) -> Callable[Given, Answer]:
    """Keep the few latest answers of what weighs 100 kB and more: several blocks of a page ask."""
    return st.cache_data(max_entries=4, show_spinner=False, hash_funcs={Scope: _key})(ask)


def kept(draw: Callable[Given, Answer]) -> Callable[Given, Answer]:
    """Keep the latest drawings of a block; what it draws follows from its arguments alone.

    Going back to a year or a territory, or looking where a colleague of the same scope looked,
    sends what was drawn then. Few are kept: the drawing of a large board weighs 200 kB.
    """
    return st.cache_data(max_entries=16, show_spinner=False, hash_funcs={Scope: _key})(draw)


def shared(entries: int) -> Callable[[Callable[Given, Answer]], Callable[Given, Answer]]:
    """Keep what follows from scope and build and is never changed by who reads it: no copies."""
    return st.cache_resource(max_entries=entries, show_spinner=False, hash_funcs={Scope: _key})


def _key(scope: Scope) -> tuple[str, str]:
    """What the scope allows, not whom, and in which home: a build is named by what it holds."""
    return str(Home.from_environment().root), scope.key
