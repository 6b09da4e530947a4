"""Corrections as a person may read them: named, with what became of each and what it changes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import pandas as pd

from access.policy import policy
from access.scope import Scope
from components.import_effect import territory_names
from components.publication import publication, territory_map
from data.ingestion.corrections import job_of
from data.store.corrections import Correction
from figures.corrections import (
    COLUMNS,
    WITHHELD,
    Effect,
    Elsewhere,
    ShownCorrection,
    correction_sentence,
    exact,
    unit_of,
)
from figures.formats import is_absent, long_date
from indicators.catalogue import catalogue
from queries import corrections as written
from queries import cpg
from queries.corrections import Known

LEVELS = (
    ("caisse", None),
    ("departement", "department_code"),
    ("region", "region_code"),
    ("national", None),
)
ABSENT_NOW = (
    "Retirée par un retour en arrière, ou publication interrompue : les chiffres sont ceux de "
    "l’extrait."
)


def shown_correction(scope: Scope, build_id: str, known: Known) -> ShownCorrection:
    """A correction of the registry as the person may read it.

    Args:
        scope: who reads.
        build_id: the publication.
        known: what the registry and the publication say of it.
    """
    one, is_withheld = known.correction, known.is_withheld
    state = _state(known)
    sheet = f", feuille « {one.source_sheet} »" if one.source_sheet else ""
    row = f", ligne {one.source_row}" if one.source_row else ""
    is_sentence = one.state == "superseded"
    return ShownCorrection(
        number=one.correction_id,
        caisse_code=one.caisse_code,
        caisse=territory_names().get(one.caisse_code, one.caisse_code),
        indicator_code=one.indicator_code,
        month=one.month,
        column=one.column_name,
        old_value=None if is_withheld else one.old_value,
        new_value=None if is_withheld else one.new_value,
        motive=None if is_withheld else one.motive,
        source=None if is_withheld else one.source,
        origin=f"{one.file_name}{sheet}{row}",
        proposed_by=policy().label_of(one.proposed_by),
        proposed_at=one.proposed_at,
        state=state,
        decided_by=policy().label_of(one.decided_by) if one.decided_by else None,
        decided_at=one.decided_at,
        reason=None if is_sentence or is_withheld else one.decision_reason,
        deadlock=_deadlock(known, state),
    )


def _state(known: Known) -> str:
    one = known.correction
    if one.state == "proposed":
        return "waiting"
    if one.state != "accepted":
        return one.state
    if known.served:
        return known.served
    job = job_of(one.correction_id)
    return "publishing" if job is not None and job.is_at_work else "absent"


def _deadlock(known: Known, state: str) -> str:
    """Why an accepted correction does not count, a sentence; empty where it does."""
    one = known.correction
    if state == "absent":
        job = job_of(one.correction_id)
        failure = job.report["failure"] if job is not None and job.report else None
        return str(failure or ABSENT_NOW)
    if state != "superseded":
        return ""
    if one.state == "superseded":
        return WITHHELD if known.is_withheld else one.decision_reason or ""
    if known.given_by_file is None:
        return "L’extrait a retiré la valeur : la correction ne s’applique plus."
    value = (
        WITHHELD
        if known.is_withheld
        else exact(known.given_value, unit_of(one.indicator_code, one.column_name))
    )
    return (
        f"L’extrait « {known.given_by_file} » du {long_date(known.given_at)} donne désormais "
        f"{value} : la correction ne s’applique plus."
    )


def effects_of(scope: Scope, trial: str, served: str, one: Correction) -> list[Effect]:
    """The figure of the year before and after, for the caisse and what holds it, as seen.

    Args:
        scope: who looks.
        trial: the build that would follow.
        served: the build that is served.
        one: the correction.
    """
    row = territory_map(scope, served).rows.get(one.caisse_code, {})
    unit = catalogue()[one.indicator_code].unit
    names = territory_names()
    effects = []
    for level, column in LEVELS:
        code = "FR" if level == "national" else row.get(column) if column else one.caisse_code
        if is_absent(code) or code not in scope.territories:
            continue
        before, after = (_figure(scope, build, level, str(code), one) for build in (served, trial))
        if before or after:
            effects.append(Effect(names.get(str(code), str(code)), unit, before, after))
    return effects


def _figure(
    scope: Scope, build_id: str, level: str, code: str, one: Correction
) -> Mapping[str, Any]:
    rows = cpg.attainment(scope, build_id, level, one.month.year, within=code)
    own = rows[(rows["territory_code"] == code) & (rows["indicator_code"] == one.indicator_code)]
    return {} if own.empty else {str(k): v for k, v in own.iloc[0].to_dict().items()}


def applied_corrections(
    scope: Scope, build_id: str, territory: str, indicator: str
) -> list[ShownCorrection]:
    """The corrections that count in a figure, all years, as the person may read them."""
    served = written.served(scope, build_id, territory, indicator)
    numbers = set(served.loc[served["state"] == "applied", "correction_id"])
    if not numbers:
        return []
    caisses = sorted(set(served["caisse_code"]))
    return [
        shown_correction(scope, build_id, one)
        for one in written.known(scope, build_id, caisses)
        if one.correction.correction_id in numbers
    ]


def corrected_elsewhere(
    scope: Scope, build_id: str, territory: str, indicator: str
) -> list[Elsewhere]:
    """What counts in a total of the corrections of caisses that the person does not see."""
    return [
        Elsewhere(
            pd.Timestamp(row["month"]).date(), str(row["column_name"]), int(row["correction_count"])
        )
        for row in written.elsewhere(scope, build_id, territory, indicator).to_dict("records")
    ]


def corrected_figures(
    scope: Scope, build_id: str, level: str, year: int
) -> frozenset[tuple[str, str]]:
    """Territory and indicator of each figure of a year that rests on an accepted correction.

    Nothing is asked of a publication that holds none, as most do.
    """
    if not publication(scope, build_id).correction_count:
        return frozenset()
    rows = written.touched(scope, build_id, level, year)
    return frozenset(zip(rows["territory_code"], rows["indicator_code"], strict=True))


def with_corrected(
    figures: pd.DataFrame, scope: Scope, build_id: str, level: str, year: int
) -> pd.DataFrame:
    """Rows of ``cpg/attainment`` of one level with ``is_corrected``, where any figure is."""
    corrected = corrected_figures(scope, build_id, level, year)
    if not corrected:
        return figures
    keys = zip(figures["territory_code"], figures["indicator_code"], strict=True)
    return figures.assign(is_corrected=[key in corrected for key in keys])


def in_year(shown: Sequence[ShownCorrection], year: int) -> list[ShownCorrection]:
    """Those of the values of one year."""
    return [one for one in shown if one.month.year == year]


def with_corrections(sources: pd.DataFrame, shown: Sequence[ShownCorrection]) -> pd.DataFrame:
    """Rows of ``cpg/provenance`` with ``corrected``: what was corrected of each, else blank."""
    words: dict[tuple[str, date], str] = {}
    for one in shown:
        if one.column != "objective":
            said = f"{COLUMNS[one.column].lower()} {correction_sentence(one)}"
            at = (one.caisse_code, one.month)
            words[at] = f"{words[at]} ; {said}" if at in words else said
    if not words:
        return sources
    months = pd.to_datetime(sources["month"]).dt.date
    keys = zip(sources["caisse_code"], months, strict=True)
    return sources.assign(corrected=[words.get((str(code), day), "") for code, day in keys])
