"""Questions about health professionals: where they are, how unequally, and what was published.

Counts of professionals are public figures: whoever may see something sees them all. A profession is
named by its code or by any accepted spelling; ``territory`` is ``FR`` or a region (``REG-76``).
Without a ``practice``, the usual one of each profession and year answers: *libéraux* where known.
"""

from __future__ import annotations

import pandas as pd

from access.scope import Scope
from queries.cached import cached
from queries.run import run


@cached
def gini(
    scope: Scope,
    build_id: str,
    grain: str | None = None,
    year: int | None = None,
    profession: str | None = None,
    territory: str | None = None,
    practice: str | None = None,
) -> pd.DataFrame:
    """The Gini index over the territories of a grain, with its 95 % interval.

    Columns ``profession, year, grain, gini, lower, upper, territories, professionals, population``,
    then ``territory_code, profession_name, practice, is_group, territories_expected,
    territories_estimated`` (whose people are a share of others), ``territories_missing`` (not
    sent; ``missing_names`` names the first of them), ``people_share`` (who lives in those counted),
    ``is_exploratory`` (less than thirty territories) and ``is_too_small`` (less than five: no
    bounds, verdict nor clusters). The index is missing where ``people_share`` is under 0.95.
    """
    return run(
        "professionals/gini",
        scope,
        build_id,
        grain=grain,
        year=year,
        profession=profession,
        territory=territory,
        practice=practice,
    )


@cached
def changes(
    scope: Scope,
    build_id: str,
    grain: str | None = None,
    year: int | None = None,
    profession: str | None = None,
    territory: str | None = None,
    practice: str | None = None,
) -> pd.DataFrame:
    """What each index did over one, two and three years (``span``), beside its target and chance.

    ``territory`` may be ``FR-METROPOLE`` too, the country without overseas. The ``verdict`` is
    ``attained | not_attained | within_noise``; where there is none ``reason`` says why:
    ``no_former_year``, ``not_computed`` (a year without index), ``other_territories``,
    ``other_people`` (counts or people from other sources; the change is then missing too) or
    ``too_few``. From ``base_year`` on, the index attains the target under ``attained_under`` and
    misses it over ``missed_over``: the band of the very verdict. ``noise_sd`` is what chance does
    where nothing changes, ``noise_reach`` how far it goes on one side once in twenty.
    ``verdict_adjusted`` is what stands of the verdict beside those of the ``judged_together``
    professions of the COG, ``expected_by_chance`` of which would attain the target by chance, at
    most, if nothing changed.
    """
    return run(
        "professionals/changes",
        scope,
        build_id,
        grain=grain,
        year=year,
        profession=profession,
        territory=territory,
        practice=practice,
    )


@cached
def ages(
    scope: Scope,
    build_id: str,
    year: int,
    profession: str,
    territory: str | None = None,
    grain: str | None = None,
    practice: str | None = None,
) -> pd.DataFrame:
    """The professionals of an area by age class, in order, with the ``share`` of each class.

    ``territory`` is ``FR``, a region, a department or an EPCI; ``territories`` how many of them
    the classes are known for. By department where these were sent with classes, else by EPCI.
    """
    return run(
        "professionals/ages",
        scope,
        build_id,
        year=year,
        profession=profession,
        territory=territory,
        grain=grain,
        practice=practice,
    )


def density(
    scope: Scope,
    build_id: str,
    grain: str,
    year: int,
    profession: str,
    territory: str | None = None,
    practice: str | None = None,
) -> pd.DataFrame:
    """Professionals, people and density (per 100 000) of each territory, by department and code.

    ``population_group`` is who the profession is held to; ``population_source`` is ``sent``,
    ``implied`` by the published density, ``estimated`` or of the last ``census``. ``territory`` may
    be a department too.
    """
    return run(
        "professionals/density",
        scope,
        build_id,
        grain=grain,
        year=year,
        profession=profession,
        territory=territory,
        practice=practice,
    )


@cached
def lorenz(
    scope: Scope,
    build_id: str,
    grain: str,
    year: int,
    profession: str,
    territory: str | None = None,
    practice: str | None = None,
) -> pd.DataFrame:
    """The Lorenz curve: territories from the least to the best served, shares cumulated in [0, 1].

    The curve starts at (0, 0), which has no row.
    """
    return run(
        "professionals/lorenz",
        scope,
        build_id,
        grain=grain,
        year=year,
        profession=profession,
        territory=territory,
        practice=practice,
    )


@cached
def gini_published(
    scope: Scope, build_id: str, profession: str | None = None, year: int | None = None
) -> pd.DataFrame:
    """The index as published (``kind``: ``realised | target``), beside ours by grain.

    ``published_delta`` is the change as printed, ``computed_delta`` that of the printed indices:
    they contradict each other where a finding says so.
    """
    return run("professionals/gini_published", scope, build_id, profession=profession, year=year)


@cached
def choices(scope: Scope, build_id: str) -> pd.DataFrame:
    """The professions, years, grains and practices that are known for the country."""
    return run("professionals/choices", scope, build_id)


@cached
def origins(scope: Scope, build_id: str) -> pd.DataFrame:
    """Which of the country's indices rest on demonstration counts, wholly or in part.

    Columns ``profession, year, grain, is_demonstration``, one row an index of the usual practice.
    """
    return run("professionals/origins", scope, build_id)
