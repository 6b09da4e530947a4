"""What a first visit loads is kept out of the searches for garbage that end every later run."""

from __future__ import annotations

import gc
from functools import lru_cache


@lru_cache(maxsize=64)
def keep_what_is_loaded(page: str) -> None:
    """Freeze what the first run of ``page`` in this process has imported and cached.

    Streamlit looks through every object for garbage at the end of each run, with the interpreter
    held: with pandas and DuckDB loaded that costs more than drawing the page. Frozen objects are
    left out. Once a page, so that little of a session is ever among them.
    """
    gc.collect()
    gc.freeze()
