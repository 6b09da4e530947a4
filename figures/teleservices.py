"""Online services of professionals: rates by source against objectives, and acts at a distance."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from figures.formats import (
    ABSENT,
    NARROW_SPACE,
    SHORT_MONTHS,
    attainment_percent,
    counted,
    known_float,
    number,
    percent,
)
from figures.grammar import capitalised, typeset
from figures.markup import table, text
from figures.msap_anomalies import Anomaly, anomaly_marks
from figures.prado import attained_cell
from figures.programme_bars import Bar, bar_cell, bars_svg
from figures.programme_sources import named, of_figure
from figures.records import records
from figures.status import status_word
from indicators.attainment import status
from indicators.programme_costs import ratio

SERVICES: Mapping[str, str] = {
    "AAT": "Avis d’arrêt de travail (AAT)",
    "PSE": "Protocole de soins électronique (PSE)",
    "DMT": "Déclaration de médecin traitant (DMT)",
    "SCOR": "Ordonnances numérisées (SCOR)",
    "teleconsultation": "Téléconsultation",
    "teleexpertise": "Téléexpertise",
}
SHORT: Mapping[str, str] = {
    "AAT": "arrêts de travail",
    "PSE": "protocoles de soins",
    "DMT": "médecin traitant",
}
COG_CODE = "IR8-"
COG_SERVICES = ("DMT", "SCOR")
"""Services whose rates the scorecard of the COG alone gives."""

COG_SOURCE = "Tableau de la COG"
SPANS: Mapping[str, str] = {"month": "par mois", "week": "par semaine", "period": "en tout"}
WEEKS_A_MONTH = 52 / 12


@dataclass(frozen=True)
class ServiceRate:
    """The rate of a service in a period, by one source; proportions.

    ``profession`` is whose rate it is, empty for that of all.
    """

    service: str
    year: int
    period: str
    source: str
    rate: float | None
    objective: float | None
    profession: str = ""

    @property
    def name(self) -> str:
        """The service, and whose it is where it is told by profession."""
        known = named(SERVICES, self.service)
        return f"{known}, {self.profession}" if self.profession else known

    @property
    def attainment(self) -> float | None:
        """Of the objective that the same source gives."""
        return ratio(self.rate, self.objective)


def service_rates(rows: pd.DataFrame) -> list[ServiceRate]:
    """Rows of ``programmes/teleservices`` that give a rate or an objective, in order of service."""
    columns = ("service", "year", "period", "source", "rate", "objective_rate")
    found = [
        ServiceRate(
            str(row["service"]),
            int(row["year"]),
            str(row["period"]),
            str(row["source"]).replace("IGAS 2017, a", "A"),
            known_float(row["rate"]),
            known_float(row["objective_rate"]),
        )
        for row in records(rows, columns)
        if known_float(row["rate"]) is not None or known_float(row["objective_rate"]) is not None
    ]
    return sorted(
        found, key=lambda one: (one.service, one.year, one.period, len(one.source), one.source)
    )


def cog_rates(cog: pd.DataFrame) -> list[ServiceRate]:
    """The services that the scorecard of the COG alone follows, in the last year of each.

    Of a service told by profession, every profession has its own row.
    """
    found: dict[str, ServiceRate] = {}
    columns = ("cog_code", "year", "realised", "objective")
    for row in sorted(records(cog, columns), key=lambda row: int(row["year"])):
        service, _, profession = str(row["cog_code"]).removeprefix(COG_CODE).partition("-")
        rate, objective = known_float(row["realised"]), known_float(row["objective"])
        if service in COG_SERVICES and rate is not None:
            found[str(row["cog_code"])] = ServiceRate(
                service,
                int(row["year"]),
                str(int(row["year"])),
                COG_SOURCE,
                rate / 100,
                None if objective is None else objective / 100,
                profession,
            )
    return sorted(found.values(), key=lambda one: (one.service, -(one.rate or 0.0)))


def rates_finding(known: Sequence[ServiceRate]) -> str:
    """Each service in the last year that has an objective; professions are counted."""
    said = []
    for service in dict.fromkeys(one.service for one in known):
        judged = [one for one in known if one.service == service and one.attainment is not None]
        if judged and not judged[-1].profession:
            last = judged[-1]
            name = SHORT.get(service, last.name)
            said.append(
                f"{name}, {percent(last.rate)} en {last.year} pour un objectif de "
                f"{percent(last.objective, 0)}"
            )
        elif judged:
            attained = sum(status(one.attainment) == "attained" for one in judged)
            said.append(
                f"{service}, {counted(attained, 'profession')} sur {len(judged)} à l’objectif"
            )
    return typeset(capitalised(" ; ".join(said)) or "Téléservices : rien à comparer à un objectif")


def period_words(one: ServiceRate) -> str:
    """``2016``, ``févr. 2017``."""
    return _month_words(one.period) or one.period


def _month_words(period: str) -> str:
    parts = period.split("-")
    if len(parts) == 2 and len(parts[0]) == 4 and parts[1].isdigit():
        return f"{SHORT_MONTHS[int(parts[1]) - 1]}{NARROW_SPACE}{parts[0]}"
    return ""


def rates_table(known: Sequence[ServiceRate], found: Sequence[Anomaly], caption: str) -> str:
    """Each service, period and source: rate with the objective marked, attainment, doubts."""
    rows = [
        (
            f"{text(one.name)} <small>{text(period_words(one))}</small>",
            text(one.source),
            bar_cell(_rate_bar(one), 1.0)
            + anomaly_marks(of_figure(found, one.year, "rate_pct", f"{one.service},")),
            percent(one.objective, 0),
            attained_cell(one.attainment, status(one.attainment))
            if one.attainment is not None
            else ABSENT,
        )
        for one in known
        if one.rate is not None
    ]
    heads = ("Téléservice et période", "Source", "Taux (trait : objectif)", "Objectif", "Atteinte")
    return table(caption, heads, rows, numeric=(3,), is_stacked=True)


def _rate_bar(one: ServiceRate) -> Bar:
    hue = "neu" if one.attainment is None else status_word(status(one.attainment)).hue
    whose = f" {one.profession}" if one.profession else ""
    name = f"{one.service}{whose} {period_words(one)}, {one.source.lower()}"
    return Bar(
        name, one.rate, percent(one.rate, 2 if _has_two(one.rate) else 1), hue, one.objective
    )


def _has_two(rate: float | None) -> bool:
    """Whether the printed per cent has two decimals."""
    return rate is not None and abs(round(rate * 1000) - rate * 1000) > 1e-6


def rates_svg(known: Sequence[ServiceRate], alt: str) -> str:
    """The rates of every source, objectives marked."""
    return bars_svg([_rate_bar(one) for one in known if one.rate is not None], alt)


def rates_records(known: Sequence[ServiceRate]) -> pd.DataFrame:
    """Rates for a file."""
    return pd.DataFrame(
        {
            "teleservice": one.service,
            "profession": one.profession,
            "annee": one.year,
            "periode": one.period,
            "source": one.source,
            "taux": one.rate,
            "objectif": one.objective,
            "atteinte": one.attainment,
        }
        for one in known
    )


@dataclass(frozen=True)
class Volume:
    """Acts at a distance in a period, by month, by week, or in all."""

    service: str
    period: str
    count: float
    span: str
    source: str

    @property
    def monthly(self) -> float | None:
        """Acts a month; None where only a total of some other span is known."""
        if self.span == "month":
            return self.count
        return self.count * WEEKS_A_MONTH if self.span == "week" else None


def volumes(rows: pd.DataFrame) -> list[Volume]:
    """Rows of ``programmes/teleservices`` that count acts, in time order."""
    columns = ("service", "year", "period", "volume", "volume_span", "source")
    found = [
        (
            int(row["year"]),
            _order(str(row["period"])),
            Volume(
                str(row["service"]),
                str(row["period"]),
                float(row["volume"]),
                str(row["volume_span"]),
                str(row["source"]),
            ),
        )
        for row in records(rows, columns)
        if known_float(row["volume"]) is not None
    ]
    return [one for _, _, one in sorted(found, key=lambda kept: (kept[2].service, *kept[:2]))]


def _order(period: str) -> int:
    """The month that a period ends with, summer counted as July."""
    last = period.split("/")[-1].split("-")
    if len(last) == 2 and last[1].isdigit():
        return int(last[1])
    return 7 if period.startswith("été") else 12


def volumes_finding(known: Sequence[Volume]) -> str:
    """From the first monthly count of teleconsultations to the last."""
    monthly = [one for one in known if one.service == "teleconsultation" and one.monthly]
    if len(monthly) < 2:
        return "Actes à distance : pas de série à comparer"
    first, last = monthly[0], monthly[-1]
    times = (last.monthly or 0.0) / (first.monthly or 1.0)
    return typeset(
        f"Téléconsultations : de {number(first.monthly)} par mois ({volume_period(first)}) à "
        f"environ {number(round(last.monthly or 0.0, -2))} ({volume_period(last)}), "
        f"{number(times, 0)} fois plus"
    )


def volume_period(one: Volume) -> str:
    """``déc. 2018``, ``été 2019``, ``sept. 2018 à sept. 2019``."""
    ends = [_month_words(part) or part for part in one.period.split("/")]
    return " à ".join(ends)


def volumes_table(known: Sequence[Volume], caption: str) -> str:
    """Each count with its span, and what it makes a month."""
    rows = [
        (
            text(named(SERVICES, one.service)),
            text(volume_period(one)),
            number(one.count),
            SPANS.get(one.span, one.span),
            ABSENT
            if one.monthly is None
            else f"{'' if one.span == 'month' else '≈ '}{number(round(one.monthly))}",
        )
        for one in known
    ]
    heads = ("Acte", "Période", "Actes", "Comptés", "Ramenés au mois")
    return table(caption, heads, rows, numeric=(2, 4), is_stacked=True)


def volumes_svg(known: Sequence[Volume], alt: str) -> str:
    """The counts that can be brought to a month."""
    return bars_svg(
        [
            Bar(
                f"{named(SERVICES, one.service)}, {volume_period(one)}",
                one.monthly,
                f"{number(round(one.monthly or 0.0))} par mois",
            )
            for one in known
            if one.monthly is not None
        ],
        alt,
    )


def volumes_records(known: Sequence[Volume]) -> pd.DataFrame:
    """Counts for a file."""
    return pd.DataFrame(
        {
            "acte": named(SERVICES, one.service),
            "periode": one.period,
            "actes": one.count,
            "comptes": SPANS.get(one.span, one.span),
            "par_mois": one.monthly,
            "source": one.source,
        }
        for one in known
    )


def attained_words(one: ServiceRate) -> str:
    """``45,4 % de l’objectif``."""
    return f"{attainment_percent(one.attainment)} de l’objectif"
