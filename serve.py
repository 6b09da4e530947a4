"""Serve the app: ``python serve.py [options of streamlit run]``.

Streamlit runs the ASGI app below, found by its name: Streamlit's own, with the document of ours.
"""

from __future__ import annotations

import ctypes
import sys
from contextlib import suppress

import streamlit as st
from starlette.middleware import Middleware
from streamlit.runtime.pages_manager import PagesManager
from streamlit.web import cli

from components.blocks import leave_to_document
from components.document import AppDocument

M_ARENA_MAX, ARENAS = -8, 2

# Streamlit serves the folder ``pages/`` by itself until a session has reached ``st.navigation``:
# the first visitor of a deep address would be told that the page doesn't exist. Said once, before
# anyone comes, that the router is ours.
PagesManager.uses_pages_directory = False

leave_to_document()

app = st.App("app.py", middleware=[Middleware(AppDocument)])


def share_memory_among_threads() -> None:
    """Have the C library keep two pools of memory instead of eight a core.

    Streamlit runs each interaction in a new thread. Each may take a pool of its own, and what is
    freed in one is of no use to another: the server grows as if it leaked. Without effect where the
    C library is not GNU's.
    """
    with suppress(AttributeError, OSError, TypeError):
        ctypes.CDLL(None).mallopt(M_ARENA_MAX, ARENAS)


if __name__ == "__main__":
    share_memory_among_threads()
    sys.argv = ["streamlit", "run", __file__, *sys.argv[1:]]
    sys.exit(cli.main())
