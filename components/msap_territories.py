"""The funnel of territories, for whoever may see too few decisions of establishments."""

from __future__ import annotations

from access.scope import Scope
from components.msap_view import NATIONAL, MsapAsked
from components.publication import territory_map
from figures import funnel as funnels
from figures.funnel import Funnel
from figures.msap_counts import MsapCounts, counts_of
from figures.msap_territories import SUBJECTS, is_comparable, territory_units, withheld_count
from figures.records import records
from queries import msap


def territory_funnel(
    scope: Scope, build_id: str, asked: MsapAsked, country: MsapCounts | None
) -> Funnel | None:
    """Requests against stays of the finest territories of which enough are seen.

    Args:
        scope: who asks.
        build_id: the publication.
        asked: perimeter, year and domain; ``territory_judge`` chooses the limits.
        country: the country's counts of the year and domain.

    Returns: the funnel around the country's requests per stay, that of all territories seen where
        it is withheld; None where neither departments nor regions can be compared.
    """
    within = None if asked.perimeter.level == NATIONAL else asked.perimeter.code
    rows = territory_map(scope, build_id).rows
    names = {code: str(row["territory_name"]) for code, row in rows.items()}
    target = None if country is None else country.requests_per_stay
    for level, subject in SUBJECTS.items():
        frame = msap.by_territory(
            scope, build_id, level, asked.year, domain=asked.domain, within=within
        )
        counts = {
            str(row["territory_code"]): counts_of(row)
            for row in records(frame, list(frame.columns))
        }
        units, withheld = territory_units(counts, names), withheld_count(counts)
        if is_comparable(units, withheld):
            return funnels.funnel(
                units, asked.territory_judge, withheld, target=target, subject=subject
            )
    return None
