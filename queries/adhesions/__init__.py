"""Questions about adhesions to PRADO, Sophia, Santé active and the DMP.

``volet`` is ``ensemble`` where none is asked. Counts of 1 to 10 people, and those that would give
one away, are withheld from whoever lacks the right; so is every span of months that holds one.
"""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from access.scope import Scope
from figures.adhesion_standing import Standing, standing_among
from figures.map_measures import Spread
from queries import reference
from queries.cached import cached, shared
from queries.run import run


@cached
def by_territory(
    scope: Scope,
    build_id: str,
    programme: str,
    level: str,
    volet: str | None = None,
    first: str | None = None,
    last: str | None = None,
) -> pd.DataFrame:
    """Adhesions of each territory of a level from the month ``first`` to ``last`` (``YYYY-MM``).

    ``coverage`` and ``attainment`` are proportions: of the adhesions of these months for PRADO, of
    all those ``cumulated`` to the last month for the other programmes, whose eligible people and
    objective are a level. The objective is that of the board of the CPG: the year's, or to date
    while the year goes on; of some months, what was to be reached in them. Without a board
    (``sante_active``, ``dmp``) it is known at the end of a year alone.
    """
    return run(
        "adhesions/by_territory",
        scope,
        build_id,
        programme=programme,
        level=level,
        volet=volet,
        **{"from": first, "to": last},
    )


@cached
def timeline(
    scope: Scope,
    build_id: str,
    programme: str,
    level: str,
    volet: str | None = None,
    territory: str | None = None,
) -> pd.DataFrame:
    """Adhesions of each month and territory of a level, or of one territory of it."""
    return run(
        "adhesions/timeline",
        scope,
        build_id,
        programme=programme,
        level=level,
        volet=volet,
        territory=territory,
    )


def spread(
    scope: Scope,
    build_id: str,
    programme: str,
    level: str,
    span: str,
    volet: str | None = None,
) -> pd.DataFrame:
    """Every month of every territory of a level, each for the span that ends with it.

    ``span`` is ``annee`` (since January), ``douze`` (the last twelve months) or ``mois``. Figures
    and what is hidden of them are those of ``by_territory`` over the same months; ``growth`` is
    that of ``held`` against twelve months before, missing where caisses did not send the same
    months in both years (``is_growth_comparable`` is then false).

    Not kept: 5 000 rows that maps read once and keep as arrays.
    """
    return run(
        "adhesions/spread",
        scope,
        build_id,
        programme=programme,
        level=level,
        span=span,
        volet=volet,
    )


@shared(32)
def standing(
    scope: Scope,
    build_id: str,
    programme: str,
    level: str,
    span: str,
    volet: str,
    peers: tuple[str, ...] = (),
) -> Standing | None:
    """Where the territories that the person sees stand among all those of their level.

    Ranks of her own and medians alone leave here: the comparison open to everyone, as in
    ``cpg/peers``. Nobody's small number counts in it. None where she sees none of that level.
    """
    known = reference.peer_candidates(scope, build_id)
    codes = [str(code) for code in known.loc[known["level"] == level, "territory_code"]]
    # Rows of all of them are read here, and what is returned names none that the person can't see.
    everyone = replace(scope, territories=tuple(codes), small_numbers=())
    seen = [code for code in codes if code in scope.territories]
    frames = [spread(who, build_id, programme, level, span, volet) for who in (everyone, scope)]
    if not seen or any(frame.empty for frame in frames):
        return None
    whole, own = (
        Spread.from_frame(frame, level, dict(zip(named, named, strict=True)))
        for frame, named in zip(frames, (codes, seen), strict=True)
    )
    return standing_among(whole, own, peers)


@cached
def provenance(
    scope: Scope, build_id: str, programme: str, territory: str, year: int
) -> pd.DataFrame:
    """The files and lines that hold the adhesions of a territory's caisses in a year."""
    return run(
        "adhesions/provenance",
        scope,
        build_id,
        programme=programme,
        territory=territory,
        year=year,
    )


@cached
def choices(scope: Scope, build_id: str) -> pd.DataFrame:
    """The programmes and volets that are known for the country, with their months."""
    return run("adhesions/choices", scope, build_id)
