"""What a draft would change for the person who looks: statuses, first gaps, and who will see it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from access.policy import policy
from access.scope import Scope
from components.perimeter import Perimeter
from components.publication import territory_map
from components.weighing import agreement_weights, contract_points
from data.reference.territories import bridge, territories
from figures.flips import Flip, flips
from figures.formats import counted, listed
from figures.import_effect import GapMove, tells_patients
from figures.markup import fold, text
from indicators.catalogue import catalogue
from indicators.stakes import stakes
from queries import cpg
from queries.cached import shared

FIRST_GAPS = 5
MOST_TERRITORIES = 12
TELLING_OF_THE_SERVED = ("value_withdrawn", "objective_changed", "correction_superseded")
"""The rules whose sentences tell what is served, not what the file holds."""
LEVEL_GROUPS = {
    "national": "France",
    "region": "Régions",
    "ancienne_region": "Anciennes régions",
    "drsm": "DRSM",
    "departement": "Départements",
    "caisse": "Caisses",
}


def territory_names() -> Mapping[str, str]:
    """The name of every territory by its code."""
    frame = territories()
    return dict(zip(frame["territory_code"], frame["territory_name"], strict=True))


@shared(8)
def flips_by_level(
    scope: Scope, trial: str, served: str, years: tuple[int, ...]
) -> dict[str, list[Flip]]:
    """The statuses that would flip, by the name of their level, where the person sees them."""
    titles = {code: indicator.title for code, indicator in catalogue().items()}
    found: dict[str, list[Flip]] = {}
    for level, name in LEVEL_GROUPS.items():
        for year in years:
            label = f"{name}, {year}" if len(years) > 1 else name
            found[label] = flips(cpg.flips(scope, trial, served, level, year), titles)
    return found


@shared(8)
def gap_moves(
    scope: Scope, trial: str, served: str, years: tuple[int, ...], touched: tuple[str, ...]
) -> list[GapMove]:
    """Which gaps would enter or leave the first five of the caisses touched and those above."""
    year = max(years)
    choices = territory_map(scope, trial).choices
    looked_at = [choices[code] for code in _above(touched) if code in choices]
    moves: list[GapMove] = []
    for perimeter in looked_at[:MOST_TERRITORIES]:
        before = _first_gaps(scope, served, perimeter, year)
        after = _first_gaps(scope, trial, perimeter, year)
        moves += [_move(perimeter, code, after, True) for code in after if code not in before]
        moves += [_move(perimeter, code, before, False) for code in before if code not in after]
    return moves


def _move(perimeter: Perimeter, code: str, gaps: Sequence[str], is_in: bool) -> GapMove:
    return GapMove(perimeter.label, catalogue()[code].title, gaps.index(code) + 1, is_in)


def _above(touched: Sequence[str]) -> list[str]:
    """The caisses, then their departments and regions."""
    pairs = bridge()
    known = pairs[pairs["descendant_code"].isin(touched) & (pairs["hierarchy"] == "regionale")]
    wider = [code for code in dict.fromkeys(known["ancestor_code"]) if code not in touched]
    regions = [code for code in wider if code.startswith("REG-")]
    return [*regions, *touched, *(code for code in wider if code not in regions)]


def _first_gaps(scope: Scope, build_id: str, perimeter: Perimeter, year: int) -> list[str]:
    rows = cpg.attainment(scope, build_id, perimeter.level, year, within=perimeter.code)
    own: pd.DataFrame = rows[rows["territory_code"] == perimeter.code]
    if own.empty:
        return []
    ranked = stakes(
        own,
        agreement_weights(scope, build_id),
        perimeter.level,
        contract_points(scope, build_id, perimeter, year),
    )
    return [str(code) for code in ranked["indicator_code"].head(FIRST_GAPS)]


@shared(8)
def readers_html(scope: Scope, touched: tuple[str, ...]) -> str:
    """Who will see the change, role by role, as the policy allows."""
    pairs = bridge()
    around = {*pairs.loc[pairs["descendant_code"].isin(touched), "ancestor_code"], *touched}
    names = territory_names()
    by_role: dict[str, list[str]] = {}
    for person in policy().demonstration_people():
        if person.territory_code not in around:
            continue
        seen = policy().scope_of(person.role, person.territory_code, person.person)
        if set(touched) & set(seen.territories):
            by_role.setdefault(person.role_title, []).append(names[person.territory_code])
    if not by_role:
        return "<p>Toute personne habilitée, selon son périmètre.</p>"
    items = "".join(
        f"<li><b>{text(role)}</b> : {_places(places, role)}</li>"
        for role, places in by_role.items()
    )
    return (
        f'<ul class="v-said">{items}</ul><p class="v-note">Les effectifs de 1 à 10 restent masqués '
        "pour qui n’en a pas le droit.</p>"
    )


def _places(places: Sequence[str], role: str) -> str:
    shown = places[:6]
    if len(places) <= len(shown):
        return text(listed(shown))
    others = fold(
        f"et {counted(len(places) - len(shown), 'autre')}",
        text(listed(places[len(shown) :])),
        f"voient-{role}",
    )
    return f"{text(', '.join(shown))} {others}"


def may_see_small(scope: Scope, code: str | None) -> bool:
    """Whether the person may see counts of 1 to 10 of a territory."""
    return code is not None and code in scope.small_numbers


def told_to(scope: Scope, report: Mapping[str, Any]) -> dict[str, Any]:
    """The report without what would tell a small count of a caisse that is not the person's.

    That of a publication holds no findings, and stays as it is.
    """
    files = [
        {**file, "warnings": [_told_to(scope, found) for found in file["warnings"]]}
        if "warnings" in file
        else file
        for file in report["files"]
    ]
    return {**report, "files": files}


def _told_to(scope: Scope, found: Mapping[str, Any]) -> Mapping[str, Any]:
    if not found["rule"].endswith(TELLING_OF_THE_SERVED):
        return found
    is_small = tells_patients(found["measure"] or "", found["expected"], found["indicator_code"])
    if not is_small or may_see_small(scope, found["territory_code"]):
        return found
    place = found["sentence"].partition(" : ")[0]
    said = (
        f"{place} : une valeur publiée de 1 à 10, que vous n’avez pas le droit de voir, change ou "
        "est retirée. Vérifiez celle du fichier."
    )
    return {**found, "sentence": said, "expected": None}
