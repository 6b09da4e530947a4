"""Serve the app: ``python serve.py [options of streamlit run]``.

Streamlit runs the ASGI app below, found by its name: Streamlit's own, with the document of ours.
"""

from __future__ import annotations

import ctypes
import sys
import threading
from contextlib import suppress

import streamlit as st
from starlette.middleware import Middleware
from streamlit.runtime.pages_manager import PagesManager
from streamlit.web import cli

from components.blocks import leave_to_document
from components.document import AppDocument
from components.warmth import read_figures

M_ARENA_MAX, ARENAS = -8, 2
M_MMAP_THRESHOLD, M_TRIM_THRESHOLD, LARGE_BYTES = -3, -1, 128 * 1024

# Streamlit serves the folder ``pages/`` by itself until a session has reached ``st.navigation``:
# the first visitor of a deep address would be told that the page doesn't exist. Said once, before
# anyone comes, that the router is ours.
PagesManager.uses_pages_directory = False

leave_to_document()

app = st.App("app.py", middleware=[Middleware(AppDocument)])


def share_memory_among_threads() -> None:
    """Have the C library keep two pools of memory instead of eight a core.

    Streamlit runs each interaction in a new thread. Each may take a pool of its own, and what is
    freed in one is of no use to another: the server grows as if it leaked. What is large is asked
    of the system and given back to it: left alone, the library raises what it calls large to the
    largest block ever freed, and keeps the rest in pieces. Without effect where the C library is
    not GNU's.
    """
    with suppress(AttributeError, OSError, TypeError):
        library = ctypes.CDLL(None)
        library.mallopt(M_ARENA_MAX, ARENAS)
        library.mallopt(M_MMAP_THRESHOLD, LARGE_BYTES)
        library.mallopt(M_TRIM_THRESHOLD, LARGE_BYTES)


if __name__ == "__main__":
    share_memory_among_threads()
    threading.Thread(target=read_figures, name="read-figures", daemon=True).start()
    sys.argv = ["streamlit", "run", __file__, *sys.argv[1:]]
    sys.exit(cli.main())
