"""What is loaded once: the figures at the start, and what a first visit imports."""

from __future__ import annotations

import gc
import logging
from functools import lru_cache

LOG = logging.getLogger(__name__)


@lru_cache(maxsize=64)
def keep_what_is_loaded(page: str) -> None:
    """Freeze what the first run of ``page`` in this process has imported and cached.

    Streamlit looks through every object for garbage at the end of each run, with the interpreter
    held: with pandas and DuckDB loaded that costs more than drawing the page. Frozen objects are
    left out. Once a page, so that little of a session is ever among them.
    """
    gc.collect()
    gc.freeze()


def read_figures() -> None:
    """Have the figures in memory before the first visitor asks for them."""
    # Loaded beside the server's start, which does not need it.
    from queries.current import current_build
    from queries.run import QuestionError, read_into_memory

    try:
        if (build_id := current_build(None)) is not None:
            read_into_memory(build_id)
    except QuestionError as error:
        # The page says it to whoever comes.
        LOG.warning("The figures were not read at the start: %s", error)
