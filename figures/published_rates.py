"""Rates and barometer values that are published without their counts, of one territory."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import pandas as pd

from figures.formats import as_date, counted, is_absent, long_date, number, percent, points
from figures.grammar import ordinal
from figures.markup import table, text

VALUE_DECIMALS = 1


@dataclass(frozen=True)
class VaccineRate:
    """The latest rate of a vaccine in a department, the one of the year before, its place."""

    title: str
    year: int
    rate: float
    former: float | None
    rank: int
    known: int


@dataclass(frozen=True)
class Progress:
    """An indicator of the barometer; values in its own unit, progress as proportions."""

    title: str
    better: str | None
    actual: float
    actual_on: date | None
    initial: float | None
    initial_on: date | None
    target: float | None
    target_on: date | None
    progress: float | None
    published_progress: float | None


def vaccine_rates(rates: pd.DataFrame, department: str) -> list[VaccineRate]:
    """The latest rate of each vaccine there, with its place among the departments of that year.

    ``rates``: rows of ``rates/vaccination``, of all departments.
    """
    found = []
    for title, rows in rates.groupby("title", sort=False):
        own = rows[rows["territory_code"] == department].set_index("year")["rate"]
        if own.empty:
            continue
        year = int(own.index.max())
        peers = rows[(rows["year"] == year) & rows["territory_code"].str.startswith("DEP-")]
        rate = float(own[year])
        found.append(
            VaccineRate(
                title=str(title),
                year=year,
                rate=rate,
                former=float(own[year - 1]) if year - 1 in own.index else None,
                rank=int((peers["rate"] > rate).sum()) + 1,
                known=len(peers),
            )
        )
    return found


def progresses(rows: pd.DataFrame) -> list[Progress]:
    """The indicators of one territory that have a value; ``rows`` of ``barometer/progress``."""
    return [
        Progress(
            title=str(row["title"]),
            better=None if is_absent(row["better"]) else str(row["better"]),
            actual=float(row["actual_value"]),
            actual_on=as_date(row["actual_on"]),
            initial=_known(row["initial_value"]),
            initial_on=as_date(row["initial_on"]),
            target=_known(row["target_value"]),
            target_on=as_date(row["target_on"]),
            progress=_known(row["progress"]),
            published_progress=_known(row["published_progress"]),
        )
        for row in rows.to_dict("records")
        if not is_absent(row["actual_value"])
    ]


def _known(value: object) -> float | None:
    return None if is_absent(value) else float(str(value))


def rates_finding(rates: list[VaccineRate], known: list[Progress]) -> str:
    """How many figures there are, and of what."""
    said = []
    if rates:
        said.append(counted(len(rates), "couverture vaccinale", "couvertures vaccinales"))
    if known:
        said.append(counted(len(known), "indicateur du baromètre", "indicateurs du baromètre"))
    return f"Publiés ailleurs : {' et '.join(said)}"


def rates_tables(rates: list[VaccineRate], known: list[Progress]) -> str:
    """One table a kind, as safe HTML."""
    html = ""
    if rates:
        html += table(
            "Couvertures vaccinales publiées",
            ("Vaccin et personnes", "Année", "Vaccinés", "Sur un an", "Rang"),
            [
                (
                    text(one.title),
                    str(one.year),
                    percent(one.rate),
                    "–" if one.former is None else points(one.rate - one.former),
                    f"{ordinal(one.rank)} sur {one.known}",
                )
                for one in rates
            ],
            (2, 3),
            is_stacked=True,
        )
    if known:
        html += table(
            "Baromètre des résultats de l’action publique",
            ("Indicateur", "Valeur", "Départ", "Cible", "Avancement", "Publié"),
            [
                (
                    text(one.title),
                    _dated(one.actual, one.actual_on),
                    _dated(one.initial, one.initial_on),
                    _dated(one.target, one.target_on),
                    percent(one.progress),
                    percent(one.published_progress),
                )
                for one in known
            ],
            (1, 2, 3, 4, 5),
            is_stacked=True,
        )
    return html


def _dated(value: float | None, day: date | None) -> str:
    if value is None:
        return "–"
    decimals = 0 if float(value).is_integer() else VALUE_DECIMALS
    return f"{number(value, decimals)} <small>{text(long_date(day))}</small>"


def rates_records(rates: list[VaccineRate], known: list[Progress]) -> pd.DataFrame:
    """The same figures as rows of a file, both kinds below each other."""
    rows = [
        {
            "Source": "Couverture vaccinale",
            "Intitulé": one.title,
            "Date": str(one.year),
            "Valeur": one.rate,
            "Valeur précédente": one.former,
            "Rang": one.rank,
            "Départements comparés": one.known,
        }
        for one in rates
    ]
    rows += [
        {
            "Source": "Baromètre",
            "Intitulé": one.title,
            "Date": str(one.actual_on),
            "Valeur": one.actual,
            "Valeur de départ": one.initial,
            "Date de départ": str(one.initial_on or ""),
            "Cible": one.target,
            "Échéance": str(one.target_on or ""),
            "Avancement recalculé": one.progress,
            "Avancement publié": one.published_progress,
        }
        for one in known
    ]
    return pd.DataFrame(rows)
