"""What others publish of a territory: vaccination coverage, the barometer; source and date."""

from __future__ import annotations

from access.scope import Scope
from components.perimeter import Perimeter
from components.publication import publication, territory_map
from figures.exportable import Exportable
from figures.formats import listed
from figures.markup import figure_block
from figures.published_rates import (
    progresses,
    rates_finding,
    rates_records,
    rates_tables,
    vaccine_rates,
)
from queries import barometer, rates, store
from queries.run import OtherVersionError

BLOCK = "taux"
CONTRACTS = ("vaccination", "barometer")
NOTE = (
    "Publiés sans leurs effectifs : rien n’est additionné. Rang : 1er, le taux le plus élevé. "
    "Avancement : chemin fait du départ à la cible, recalculé ; le publié s’arrête à 0 et à 100 %."
)


def rates_block(scope: Scope, build_id: str, perimeter: Perimeter) -> tuple[Exportable, str] | None:
    """The figures of the territory and their tables, a caisse having those of its department.

    None where none was received.
    """
    sent = store.extracts(scope, build_id)
    own = sent[sent["contract"].isin(CONTRACTS)]
    if own.empty:
        return None
    code = _department_or_own(scope, build_id, perimeter)
    try:
        shown = vaccine_rates(rates.vaccination(scope, build_id), code)
        known = progresses(barometer.progress(scope, build_id, territory=code))
    except OtherVersionError:
        return None
    if not shown and not known:
        return None
    files = listed(dict.fromkeys(str(name) for name in own["file_name"]))
    return Exportable(
        f"taux-{code}",
        rates_finding(shown, known),
        NOTE,
        publication(scope, build_id).sources_line(files),
        lambda: rates_records(shown, known),
    ), rates_tables(shown, known)


def rates_html(scope: Scope, build_id: str, perimeter: Perimeter) -> str:
    """The block, or nothing."""
    found = rates_block(scope, build_id, perimeter)
    if found is None:
        return ""
    figure, body = found
    block = figure_block(BLOCK, figure.title, figure.note, body, figure.foot, ("csv",))
    return f'<div class="v-below">{block}</div>'


def _department_or_own(scope: Scope, build_id: str, perimeter: Perimeter) -> str:
    if perimeter.level != "caisse":
        return perimeter.code
    row = territory_map(scope, build_id).rows.get(perimeter.code)
    return perimeter.code if row is None else str(row["department_code"])
