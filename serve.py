"""Serve the app: ``python serve.py [options of streamlit run]``.

Streamlit serves the folder ``pages/`` by itself until a session has reached ``st.navigation``: the
first visitor of a deep address would be told that the page doesn't exist. Said once, before anyone
comes, that the router is ours.
"""

from __future__ import annotations

import sys
from pathlib import Path

from streamlit.runtime.pages_manager import PagesManager
from streamlit.web import cli

if __name__ == "__main__":
    PagesManager.uses_pages_directory = False
    sys.argv = ["streamlit", "run", str(Path(__file__).with_name("app.py")), *sys.argv[1:]]
    sys.exit(cli.main())
