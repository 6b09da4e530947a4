"""Anomalies of published MSAP tables, marked beside the figure that they concern."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import pandas as pd

from figures.formats import counted, is_absent, known_float
from figures.markup import fold, text
from figures.records import records

COLUMNS = ("rule", "contract", "severity", "sentence", "year", "domain", "label", "measure", "row")

LISTED_AT_MOST = 5


@dataclass(frozen=True)
class Anomaly:
    """What contradicts itself in a published table; ``place`` numbers it on the page."""

    place: int
    rule: str
    year: int | None
    domain: str
    label: str
    measure: str
    sentence: str
    row: int | None = None

    def at(self, place: int) -> Anomaly:
        """The same under another number."""
        return replace(self, place=place)

    @property
    def anchor(self) -> str:
        """Name of its place in the list."""
        return f"anomalie-{self.place}"


def anomalies_of(
    findings: pd.DataFrame, year: int, contract: str = "msap_published"
) -> list[Anomaly]:
    """The anomalies of a year in the published tables, numbered in the order of the file."""
    rows = [
        row
        for row in records(findings, COLUMNS)
        if row.get("contract") == contract and known_float(row.get("year")) in (None, float(year))
    ]
    return [
        Anomaly(
            place,
            str(row["rule"]),
            _whole(row.get("year")),
            _words(row.get("domain")),
            _words(row.get("label")),
            _words(row.get("measure")),
            _words(row.get("sentence")),
            _whole(row.get("row")),
        )
        for place, row in enumerate(rows, start=1)
    ]


def _whole(value: object) -> int | None:
    known = known_float(value)
    return None if known is None else int(known)


def _words(value: object) -> str:
    return "" if is_absent(value) else str(value)


def anomaly_marks(found: Sequence[Anomaly]) -> str:
    """The numbers of the anomalies of a figure, each pointing at its sentence in the list."""
    marks = "".join(
        f'<a class="v-flag" href="#{one.anchor}" title="{text(one.sentence)}">'
        f'<span aria-hidden="true">⚑</span><span class="sr">Anomalie </span>{one.place}</a>'
        for one in found
    )
    return f' <span class="v-flags">{marks}</span>' if marks else ""


def sent_anomalies(count: int, year: int, link: str) -> str:
    """How many findings lie on the extracts of a year, with the way to them; nothing without."""
    if not count:
        return ""
    said = counted(count, "signalement")
    return (
        f'<p class="v-note">⚑ <a href="{text(link)}">{text(said)} sur les extraits MSAP de '
        f"{year}</a>, non corrigés.</p>"
    )


def _items(found: Sequence[Anomaly]) -> str:
    items = "".join(
        f'<li id="{one.anchor}" value="{one.place}">{text(one.sentence)}</li>' for one in found
    )
    return f'<ol class="v-anomalies">{items}</ol>'


def anomaly_list(found: Sequence[Anomaly], link: str) -> str:
    """The sentences of the anomalies, numbered as they are marked; a link leads to all of them.

    Beyond ``LISTED_AT_MOST``, they are folded: what follows on the page stays within reach.
    """
    if not found:
        return ""
    first, others = found[:LISTED_AT_MOST], found[LISTED_AT_MOST:]
    listed = _items(first)
    if others:
        summary = f"Voir {counted(len(others), 'autre anomalie', 'autres anomalies')}"
        listed += fold(summary, _items(others), "anomalies")
    return (
        f"<h3>⚑ {text(counted(len(found), 'anomalie publiée', 'anomalies publiées'))}, "
        f"non corrigées</h3>{listed}"
        f'<p class="v-note"><a href="{text(link)}">Toutes les anomalies des extraits</a></p>'
    )
