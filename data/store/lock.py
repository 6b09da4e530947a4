"""One publication at a time: a lock of the operating system, freed when its process dies."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from filelock import FileLock, Timeout

from data.store.home import Home

PATIENCE_SECONDS = 900


@contextmanager
def publication_lock(
    home: Home, when_waiting: Callable[[str], None] | None = None
) -> Iterator[None]:
    """Hold the right to publish; wait for another import, telling ``when_waiting`` once.

    Raises: TimeoutError with a French sentence after ``PATIENCE_SECONDS``.
    """
    home.prepare()
    lock = FileLock(home.lock)
    try:
        try:
            lock.acquire(timeout=0)
        except Timeout:
            if when_waiting:
                when_waiting("Un autre import est en cours ; celui-ci attend son tour.")
            lock.acquire(timeout=PATIENCE_SECONDS)
    except Timeout as error:
        raise TimeoutError(
            "Un autre import occupe la base depuis trop longtemps. Réessayez quand il sera terminé."
        ) from error
    try:
        yield
    finally:
        lock.release()
