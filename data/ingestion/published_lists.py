"""Checks over published lists of counts: totals that stand among the rows, names nobody knows.

A total is held against the sum of its parts where all of them are in the file; it is never counted
and never corrected.
"""

from __future__ import annotations

from functools import cache, partial

import pandas as pd

from data.contracts.finding import Finding
from data.contracts.model import Check
from data.ingestion.collected import Collected, Row, Rows
from data.ingestion.sentences import filled, quoted, written
from data.reference.epci import counting_territories
from data.reference.professions import part_frame, professions
from data.reference.territories import territories
from data.reference.zone_reading import MAINLAND, OVERSEAS, WITHOUT_MAYOTTE

NAMED_AT_MOST = 10
"""Departments that a finding names; it counts them all."""

FEWEST_OF_A_LIST = 2
"""Territories from which rows are a list that others are missing from: one row corrects another."""

ZONE_NAMES = {
    MAINLAND: "France métropolitaine",
    OVERSEAS: "outre-mer",
    WITHOUT_MAYOTTE: "France hors Mayotte",
}


def zone_totals(rows: Rows, collected: Collected, check: Check) -> None:
    """The total of each region, of the country or of a part of it, against its departments."""
    _against_parts(rows, collected, check, "territory_code", _departments_of_zones())


def group_totals(rows: Rows, collected: Collected, check: Check) -> None:
    """Each *ensemble* of professions against the professions that it is made of.

    In a zone, what is counted are its departments: the published total of a profession there only
    stands for them where the file gives none.
    """
    parts = part_frame().rename(columns={"group_code": "whole", "profession_code": "part"})
    _count_zones(rows, check)
    _against_parts(rows, collected, check, "profession_code", parts, "counted_zones")


def _count_zones(rows: Rows, check: Check) -> None:
    """Make ``counted_zones``: the rows, those of a zone summed from its departments if there."""
    others = ", ".join(f'p."{name}"' for name in rows.contract.key if name != "territory_code")
    same = " and ".join(
        f'z."{name}" is not distinct from p."{name}"'
        for name in rows.contract.key
        if name != "territory_code"
    )
    summed, published = (
        ", ".join(f'{made.format(measure)} as "{measure}"' for measure in check.columns)
        for made in ('case when count(p."{0}") = m.part_count then sum(p."{0}") end', 'p."{0}"')
    )
    rows.connection.register("departments_of_zones", _departments_of_zones())
    rows.connection.execute(
        f"create or replace temp table counted_zones as with z as (select {others}, "
        f"m.whole as territory_code, {summed} from typed as p join departments_of_zones as m "
        f"on cast(p.territory_code as varchar) = m.part group by {others}, m.whole, m.part_count) "
        f"select * from z union all by name select {others}, "
        f"cast(p.territory_code as varchar) as territory_code, {published} from typed as p "
        f"where not exists (select 1 from z where {same} "
        "and z.territory_code = cast(p.territory_code as varchar))"
    )
    rows.connection.unregister("departments_of_zones")


def _against_parts(
    rows: Rows,
    collected: Collected,
    check: Check,
    column: str,
    parts: pd.DataFrame,
    counted: str = "typed",
) -> None:
    """Wholes of ``column`` against their parts; ``parts`` is ``whole, part, part_count``.

    ``counted``: the table whose rows are summed.
    """
    others = [name for name in rows.contract.key if name != column]
    listed = ", ".join(f'p."{name}"' for name in others)
    same = " and ".join(f't."{name}" is not distinct from s."{name}"' for name in others)
    rows.connection.register("parts_of_wholes", parts)
    for measure in check.columns:
        rows.connection.execute(
            f"create or replace temp table summed as select {listed}, m.whole, m.part_count, "
            f'sum(p."{measure}") as expected, count(p."{measure}") as counted from {counted} as p '
            f'join parts_of_wholes as m on cast(p."{column}" as varchar) = m.part '
            f"group by {listed}, m.whole, m.part_count having counted = m.part_count"
        )
        source = (
            f'from typed as t join summed as s on cast(t."{column}" as varchar) = s.whole '
            f'and {same} where abs(t."{measure}" - s.expected) > '
            f"{check.tolerance} * greatest(s.expected, 1)"
        )
        columns = (
            f't.*, s.expected, t."{measure}" as found, '
            f'abs(t."{measure}" - s.expected) as difference'
        )
        finding_of = partial(_of_whole, rows, check, measure)
        rows.collect(collected, columns, source, "t.source_row", finding_of)
    rows.connection.unregister("parts_of_wholes")


def _of_whole(rows: Rows, check: Check, measure: str, row: Row) -> Finding:
    zone, profession = row.get("territory_code"), row.get("profession_code")
    facts = row | {
        "zone": _zone_names().get(str(zone), str(zone)),
        "profession": _profession_name(profession),
        "measure": rows.contract.column(measure).title.lower(),
        "label": _profession_name(profession) or None,
    }
    return rows.finding(
        check.id,
        check.severity,
        rows.said(check.sentence, facts),
        row["source_row"],
        measure,
        written(row["found"]),
        facts,
    )


def over_former_year(rows: Rows, collected: Collected, check: Check) -> None:
    """Rows that contradict the row of the year before, within what ``check.within`` names."""
    same = " and ".join(f't."{name}" is not distinct from f."{name}"' for name in check.within)
    former = ", ".join(f'f."{name}" as "former_{name}"' for name in check.columns)
    rows.connection.execute(
        f"create or replace temp table compared as select t.*, {former} from typed as t "
        f"join (select * from typed where {check.former}) as f on {same} and f.year = t.year - 1"
    )
    nothing = "cast(null as double)"
    total = rows.fetch(f"select count(*) as n from compared where {check.breach}")[0]["n"]
    found = rows.fetch(
        f"select *, abs(expected - found) as difference from (select *, "
        f"{check.expected or nothing} as expected, {check.found or nothing} as found "
        f"from compared where {check.breach} order by source_row limit {collected.limit})"
    )
    findings = [_of_whole(rows, check, check.columns[0], row) for row in found]
    collected.add_all(findings, total)


def absent_column(rows: Rows, collected: Collected, check: Check) -> None:
    """One finding where the file has no column of that name at all."""
    if not rows.is_mapped(check.columns[0]):
        row = rows.candidate.header_row
        collected.add(rows.finding(check.id, check.severity, check.sentence, row))


def unknown_professions(rows: Rows, collected: Collected, check: Check) -> None:
    """Names that the referential lacks, each told once, on its first line."""
    column = check.columns[0]
    if not rows.is_mapped(column):
        return
    found = rows.fetch(
        f'select m.text, min(r.source_row) as line, count(*) as row_count from "map_{column}" as m '
        f'join raw_rows as r on r."{column}" = m.text where not m.is_known and m.value is not null '
        "group by m.text order by line"
    )
    findings = [
        rows.finding(
            check.id,
            check.severity,
            filled(check.sentence, {"name": quoted(row["text"]), "row_count": row["row_count"]}),
            row["line"],
            column,
            row["text"],
            {"label": row["text"]},
        )
        for row in found
    ]
    collected.add_all(findings, len(findings))


def missing_departments(rows: Rows, collected: Collected, check: Check) -> None:
    """Years and professions that lack territories of many people, told by what they lack."""
    if not rows.is_mapped("headcount"):
        return
    found = rows.fetch(
        "select year, profession_code, practice, min(source_row) as line, "
        "list(distinct cast(territory_code as varchar)) as codes from typed "
        "where headcount is not null and (cast(territory_code as varchar) like 'DEP-%' "
        "or cast(territory_code as varchar) like 'EPCI-%') "
        f"group by all having count(distinct territory_code) >= {FEWEST_OF_A_LIST} order by line"
    )
    by_missing: dict[frozenset[str], list[Row]] = {}
    for row in found:
        missing, share = _missing_among(row["codes"])
        if share > check.tolerance:
            by_missing.setdefault(missing, []).append(row)
    findings = [_of_missing(rows, check, missing, own) for missing, own in by_missing.items()]
    collected.add_all(findings, len(findings))


def _missing_among(codes: list[str]) -> tuple[frozenset[str], float]:
    """The territories of the codes' grain that are not among them, and their share of people."""
    grain = "departement" if any(code.startswith("DEP-") for code in codes) else "epci"
    people = _people_by_grain()[grain]
    missing = people.index.difference(codes)
    return frozenset(missing), float(people[missing].sum() / people.sum())


def _of_missing(rows: Rows, check: Check, missing: frozenset[str], own: list[Row]) -> Finding:
    years = sorted({row["year"] for row in own})
    professions_told = list(dict.fromkeys(_profession_name(row["profession_code"]) for row in own))
    one = len(professions_told) == 1
    facts = {
        "who": professions_told[0] if one else f"{len(professions_told)} professions",
        "when": str(years[0]) if len(years) == 1 else f"{years[0]} à {years[-1]}",
        "missing": _missing_words(missing),
        "share": _percent_words(_missing_share(missing)),
        "year": years[-1],
        "label": professions_told[0] if one else None,
    }
    sentence = filled(check.sentence, facts)
    return rows.finding(check.id, check.severity, sentence, own[0]["line"], facts=facts)


def _missing_words(missing: frozenset[str]) -> str:
    """``12 départements (Ain, Aisne, … et 2 autres)``; EPCI by the departments that they lie in."""
    places = _places()[_places().index.isin(missing)]
    names = places["department_name"].drop_duplicates().tolist()
    told = ", ".join(names[:NAMED_AT_MOST])
    if len(names) > NAMED_AT_MOST:
        told += f" et {len(names) - NAMED_AT_MOST} autres"
    if next(iter(missing)).startswith("EPCI-"):
        return f"{written(float(len(missing)))} EPCI ({told})"
    return f"{len(missing)} département{'s' if len(missing) > 1 else ''} ({told})"


def _missing_share(missing: frozenset[str]) -> float:
    people = _people_by_grain()[
        "epci" if next(iter(missing)).startswith("EPCI-") else "departement"
    ]
    return float(people[sorted(missing)].sum() / people.sum())


def _percent_words(share: float) -> str:
    return written(float(round(100 * share)))


@cache
def _places() -> pd.DataFrame:
    """The territories counted on by code, with the name of their department."""
    frame = counting_territories().set_index("territory_code")
    names = territories().set_index("territory_code")["territory_name"]
    return frame.assign(department_name=frame["department_code"].map(names))


@cache
def _people_by_grain() -> dict[str, pd.Series]:
    """The people of each territory by code, by grain."""
    return {str(grain): own["population"] for grain, own in _places().groupby("grain")}


def _profession_name(code: object) -> str:
    found = professions().get(str(code))
    return found.name if found else str(code or "").replace("_", " ")


@cache
def _zone_names() -> dict[str, str]:
    frame = territories()
    names = dict(zip(frame["territory_code"], frame["territory_name"], strict=True))
    return names | ZONE_NAMES


@cache
def _departments_of_zones() -> pd.DataFrame:
    """Departments of each zone that may have a total: ``whole, part, part_count``."""
    frame = territories()
    departments = frame[frame["level"] == "departement"]
    code = departments["territory_code"]
    is_overseas = code.str.startswith("DEP-97")
    wholes = [
        pd.DataFrame({"whole": "FR", "part": code}),
        pd.DataFrame({"whole": MAINLAND, "part": code[~is_overseas]}),
        pd.DataFrame({"whole": OVERSEAS, "part": code[is_overseas]}),
        pd.DataFrame({"whole": WITHOUT_MAYOTTE, "part": code[code != "DEP-976"]}),
    ]
    wholes += [
        departments[[column, "territory_code"]].set_axis(["whole", "part"], axis=1)
        for column in ("region_code", "ancienne_region_code")
    ]
    found = pd.concat(wholes, ignore_index=True)
    return found.assign(part_count=found.groupby("whole")["part"].transform("size"))
