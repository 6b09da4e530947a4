"""What the MSAP pages have in common: choices of the address, counts of a territory, findings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import pandas as pd

from access.scope import Scope
from components.address import ESTABLISHMENT, asked, choice, keep, link
from components.header import View
from components.perimeter import PARENT_COLUMN, Perimeter
from components.publication import publication, territory_map
from figures.choropleth import MEASURES
from figures.exportable import Exportable
from figures.formats import is_absent, known_float
from figures.funnel import JUDGES, Judge
from figures.msap_anomalies import Anomaly, anomalies_of
from figures.msap_counts import DOMAINS, MsapCounts, counts_of
from figures.msap_procedures import Published
from figures.p_chart import Chart, Window, control_chart_of, periods_of
from figures.records import records
from indicators.suppression import smallest_shown
from queries import msap, store

DOMAIN, MEASURE, JUDGE, SPAN = "domaine", "carte", "limites", "duree"
TERRITORY_JUDGE = "limites_territoires"
SPANS = {"annee": "L’année", "fenetres": "Les fenêtres MSAP"}
TABLE = "tableau"
SOURCE = "extraits MSAP des caisses"
PUBLISHED_SOURCE = "extraits MSAP des caisses ; tableaux publiés (Igas, 2017)"
NATIONAL = "national"
LONGEST_CODE = 20


@dataclass(frozen=True)
class MsapAsked:
    """All that the drawings of the MSAP pages follow from, besides scope and publication.

    ``judge`` chooses the limits of the funnel, which counts the year or, with ``spans_windows``,
    the MSAP windows of the year; ``territory_judge`` those of the funnel of territories, which
    differ in what they ask for, so that chance alone would name most. ``establishment`` is
    unchecked; ``anomalies`` and ``sent_anomalies`` are addresses of the page that lists those of
    the published tables and those of the extracts, ``overview`` that of the page of requests.
    """

    perimeter: Perimeter
    year: int
    domain: str
    measure: str
    judge: Judge
    establishment: str
    shows_table: bool
    anomalies: str
    sent_anomalies: str = ""
    spans_windows: bool = False
    territory_judge: Judge = "surdispersion"
    overview: str = ""

    @property
    def where(self) -> str:
        """The perimeter as written in a title."""
        return self.perimeter.label

    @property
    def when(self) -> str:
        """``en 2016``, or with the domain: ``en 2016 (SSR)``."""
        domain = "" if self.domain == "total" else f" ({DOMAINS[self.domain]})"
        return f"en {self.year}{domain}"


def asked_msap(scope: Scope, shown: View) -> MsapAsked | None:
    """What the header and the address ask for; None where no year is known."""
    if shown.year is None:
        return None
    wanted = asked(ESTABLISHMENT).strip()[:LONGEST_CODE]
    keep(ESTABLISHMENT, wanted or None)
    # Without the right to small numbers, refusals hide nearly every department's rate.
    measure = "taux" if shown.perimeter.code in scope.small_numbers else "recours"
    judge = choice(JUDGE, JUDGES, "hasard")
    return MsapAsked(
        perimeter=shown.perimeter,
        year=shown.year,
        domain=choice(DOMAIN, DOMAINS, "total"),
        measure=choice(MEASURE, {code: m.short for code, m in MEASURES.items()}, measure),
        judge=_judge(judge),
        establishment=wanted,
        shows_table=choice(TABLE, {"non": "Masqué", "oui": "Affiché"}, "non") == "oui",
        anomalies=link("anomalies", anomalies_contrat="msap_published", anomalies_annee=shown.year),
        sent_anomalies=link("anomalies", anomalies_contrat="msap", anomalies_annee=shown.year),
        spans_windows=choice(SPAN, SPANS, "annee") == "fenetres",
        overview=link("msap", annee=shown.year),
        territory_judge=_judge(choice(TERRITORY_JUDGE, JUDGES, "surdispersion")),
    )


def _judge(code: str) -> Judge:
    return "surdispersion" if code == "surdispersion" else "hasard"


def sources(scope: Scope, build_id: str, source: str = SOURCE) -> str:
    """Source, publication and day, under a figure."""
    return publication(scope, build_id).sources_line(source)


def not_to_circulate(scope: Scope, found: Exportable) -> Exportable:
    """A file that tells, by name and content, that it holds small numbers.

    Whoever has the right to them has it for management: a file meant to circulate has none.
    Without the right, small numbers are already hidden and the file is returned as it is.
    """
    if not scope.small_numbers:
        return found
    warning = f"Petits nombres (moins de {smallest_shown()}) : fichier à ne pas diffuser"
    return replace(
        found,
        stem=f"{found.stem}-petits-nombres",
        note=f"{found.note.rstrip('. ')}. {warning}.",
        records=lambda: found.records().assign(diffusion=warning),
    )


StatusCounts = Mapping[tuple[str, str], MsapCounts]


def status_counts(scope: Scope, build_id: str, perimeter: Perimeter) -> Mapping[int, StatusCounts]:
    """The counts of a territory in each year by domain and status, ``total`` among both."""
    frame = msap.by_status(scope, build_id, perimeter.code)
    found: dict[int, dict[tuple[str, str], MsapCounts]] = {}
    for row in records(frame, list(frame.columns)):
        own = found.setdefault(int(row["year"]), {})
        own[str(row["domain"]), str(row["status"])] = counts_of(row)
    return found


def departments_under(scope: Scope, build_id: str, perimeter: Perimeter) -> dict[str, str]:
    """Names of the departments of a perimeter by code; empty under a region."""
    rows = territory_map(scope, build_id).rows
    column = PARENT_COLUMN.get(perimeter.level)
    if perimeter.level in {"departement", "caisse"}:
        return {}
    return {
        code: str(row["territory_name"])
        for code, row in rows.items()
        if row["level"] == "departement" and (column is None or row[column] == perimeter.code)
    }


def department_counts(scope: Scope, build_id: str, asked: MsapAsked) -> Mapping[str, MsapCounts]:
    """The counts of the departments of the perimeter by code; those without request are absent."""
    frame = msap.by_territory(
        scope,
        build_id,
        "departement",
        asked.year,
        domain=asked.domain,
        within=None if asked.perimeter.level == NATIONAL else asked.perimeter.code,
    )
    names = list(frame.columns)
    return {str(row["territory_code"]): counts_of(row) for row in records(frame, names)}


def territory_chart(scope: Scope, build_id: str, asked: MsapAsked) -> Chart:
    """The rate of approval of the perimeter, by month for whoever has the right to small numbers.

    Others are shown the quarters, merged so that none holds a small number of requests.
    """
    code = asked.perimeter.code
    ask = msap.timeline if code in scope.small_numbers else msap.periods
    return control_chart_of(periods_of(ask(scope, build_id, code, domain=asked.domain)), ())


def establishment_chart(
    scope: Scope, build_id: str, finess: str, territory: str, domain: str, windows: Sequence[Window]
) -> Chart:
    """The rate of approval of an establishment, by month or by quarters as for a territory."""
    if territory in scope.small_numbers:
        frame = msap.establishment_timeline(scope, build_id, finess, domain=domain)
    else:
        frame = msap.periods(scope, build_id, finess=finess, domain=domain)
    return control_chart_of(periods_of(frame), windows)


def anomalies_found(scope: Scope, build_id: str, year: int) -> Sequence[Anomaly]:
    """The anomalies of the published tables of a year."""
    return anomalies_of(store.findings(scope, build_id), year)


def findings_sent(scope: Scope, build_id: str, year: int) -> int:
    """How many findings lie on the MSAP extracts of a year, about territories of the person."""
    found = store.findings(scope, build_id)
    return int(((found["contract"] == "msap") & (found["year"] == year)).sum())


def of_row(anomalies: Sequence[Anomaly], published: Published | None) -> list[Anomaly]:
    """The anomalies found on a printed line."""
    row = None if published is None else published.row
    return [one for one in anomalies if row is not None and one.row == row]


def renumbered(anomalies: Sequence[Anomaly], kept: set[int]) -> list[Anomaly]:
    """The anomalies whose places are ``kept``, numbered from one in the order of the file."""
    return [one.at(new) for new, one in enumerate((a for a in anomalies if a.place in kept), 1)]


def printed_line(row: Mapping[str, object]) -> Published:
    """A printed line of a published table: an empty cell stays empty."""
    line = known_float(row.get("source_row"))
    return Published(
        requests=known_float(row.get("requests")),
        approvals=known_float(row.get("approvals")),
        refusals=known_float(row.get("refusals")),
        establishments=known_float(row.get("establishments")),
        row=None if line is None else int(line),
    )


def published_statuses(
    scope: Scope, build_id: str, year: int
) -> Mapping[tuple[str, str], Published]:
    """The printed lines of a year's national table by domain and status, ``total`` among them."""
    frame = msap.published_by_status(scope, build_id, year)
    status = {"privé": "prive", "public": "public"}
    found = {}
    for row in records(frame, list(frame.columns)):
        if not _is_printed(row):
            continue
        name = "total" if row["is_total"] else status.get(str(row["status"]).casefold(), "")
        found[str(row["domain"]), name] = printed_line(row)
    return found


def published_procedures(
    scope: Scope, build_id: str, year: int
) -> Mapping[tuple[str, str], Sequence[Published]]:
    """The printed lines of a year by domain and procedure; two where a name was printed twice."""
    frame = msap.published_by_procedure(scope, build_id, year)
    found: dict[tuple[str, str], list[Published]] = {}
    for row in records(frame, list(frame.columns)):
        if _is_printed(row) and not row["is_total"] and not is_absent(row["procedure_code"]):
            key = str(row["domain"]), str(row["procedure_code"])
            found.setdefault(key, []).append(printed_line(row))
    return found


def published_totals(
    scope: Scope, build_id: str, year: int
) -> Mapping[str, tuple[Published, Published]]:
    """The total printed under each domain's procedures, and the sum of the lines above it."""
    frame = msap.published_by_procedure(scope, build_id, year)
    found = {}
    for row in records(frame, list(frame.columns)):
        if _is_printed(row) and row["is_total"]:
            summed = Published(
                requests=known_float(row["computed_requests"]),
                approvals=known_float(row["computed_approvals"]),
                refusals=known_float(row["computed_refusals"]),
            )
            found[str(row["domain"])] = printed_line(row), summed
    return found


def _is_printed(row: Mapping[str, object]) -> bool:
    return bool(row.get("is_printed", True))


def msap_windows(frame: pd.DataFrame) -> Mapping[str, list[Window]]:
    """The windows of rows of ``msap/windows`` by establishment, each once, in time order."""
    found: dict[str, set[Window]] = {}
    for row in records(frame, ["finess", "window_start", "window_end"]):
        window = Window.of(row["window_start"], row["window_end"])
        if window is not None:
            found.setdefault(str(row["finess"]), set()).add(window)
    return {code: sorted(own, key=lambda w: w.start) for code, own in found.items()}
