"""Which publication a page shows: the one being served, or the one its link names."""

from __future__ import annotations

from data.store.home import TRIAL, Home
from queries.run import QuestionError


def current_build(requested: str | None = None) -> str | None:
    """The build to show; None where nothing was published yet.

    The pointer is read at each call, so that an import shows at the next rerun.

    Args:
        requested: the ``?build=`` of a link, if any.

    Raises: QuestionError where the requested build does not exist here.
    """
    home = Home.from_environment()
    if not requested:
        return home.current_build_id()
    try:
        # A build on trial is shown by the page that makes it, to whoever brings it in.
        exists = not requested.startswith(TRIAL) and home.build_path(requested).is_file()
    except ValueError as error:
        raise QuestionError(str(error)) from error
    if not exists:
        raise QuestionError(
            f"La publication « {requested} » n’existe pas ici. "
            "Retirez « build » de l’adresse pour voir la publication en cours."
        )
    return requested
