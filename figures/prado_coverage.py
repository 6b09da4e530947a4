"""Where each volet of PRADO is proposed: sites and establishments, active ones of eligible ones."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from figures.formats import ABSENT, known_float, number, percent
from figures.grammar import typeset
from figures.markup import table, text
from figures.prado import VOLETS
from figures.programme_bars import Bar, bar_cell, bars_svg
from figures.programme_sources import named
from figures.records import records
from indicators.programme_costs import ratio


@dataclass(frozen=True)
class Coverage:
    """Where a volet was proposed in a year, as published; ``printed_rate`` as printed."""

    volet: str
    adhesions: float | None
    adhesion_rate: float | None
    sites_active: float | None
    sites_total: float | None
    active: float | None
    eligible: float | None
    printed_rate: float | None

    @property
    def rate(self) -> float | None:
        """Establishments that propose it over those that could."""
        return ratio(self.active, self.eligible)


def coverages(rows: pd.DataFrame) -> list[Coverage]:
    """Published rows of ``programmes/prado_coverage`` for the country, the best covered first."""
    measures = (
        "adhesions",
        "adhesion_rate",
        "sites_active",
        "sites_total",
        "establishments_active",
        "establishments_eligible",
        "published_establishments_rate",
    )
    found = []
    for row in records(rows, ("volet", "territory_code", "is_published", *measures)):
        if row["territory_code"] != "FR" or not row["is_published"]:
            continue
        values = [known_float(row[name]) for name in measures]
        found.append(Coverage(str(row["volet"]), *values))
    return sorted(found, key=lambda one: -(one.rate or 0.0))


def coverage_finding(known: Sequence[Coverage], year: int) -> str:
    """From the volet most often proposed to the one least often."""
    rated = [one for one in known if one.rate is not None]
    if len(rated) < 2:
        return typeset(f"PRADO {year} : couverture des établissements non publiée")
    first, last = rated[0], rated[-1]
    return typeset(
        f"En {year}, {percent(first.rate, 0)} des établissements éligibles ont inclus des patients "
        f"en {_lower(first.volet)}, {percent(last.rate, 0)} en {_lower(last.volet)}"
    )


def _lower(volet: str) -> str:
    name = named(VOLETS, volet)
    return name if name.isupper() else name.lower()


def coverage_table(known: Sequence[Coverage], caption: str, total: float | None = None) -> str:
    """Adhesions, rate of adhesion, sites and establishments of each volet.

    Args:
        known: the volets.
        caption: of the table.
        total: the adhesions of all volets as published, with their own row where they were.
    """
    rows: list[tuple[str, ...]] = [
        (
            text(named(VOLETS, one.volet)),
            number(one.adhesions),
            percent(one.adhesion_rate, 0),
            _out_of(one.sites_active, one.sites_total),
            _out_of(one.active, one.eligible),
            bar_cell(Bar("", one.rate, percent(one.rate)), 1.0),
            _printed(one),
        )
        for one in known
    ]
    if total is not None:
        told = f"{number(total)} <small>{text(_sum_words(known, total))}</small>"
        rows.append(("<b>Total publié</b>", told, *[ABSENT] * 5))
    heads = (
        "Volet",
        "Adhésions",
        "Taux d’adhésion",
        "Sites actifs",
        "Établissements avec inclusion",
        "Part recalculée",
        "Part publiée",
    )
    return table(caption, heads, rows, numeric=(1, 2, 3, 4, 6), is_stacked=True)


def _sum_words(known: Sequence[Coverage], total: float) -> str:
    """Whether the adhesions of the volets make the published total."""
    made = sum(one.adhesions or 0 for one in known)
    return "somme retrouvée" if made == total else typeset(f"somme des volets : {number(made)}")


def _out_of(part: float | None, whole: float | None) -> str:
    return ABSENT if part is None else f"{number(part)} / {number(whole)}"


def _printed(one: Coverage) -> str:
    """The rate as printed, and whether ours rounds to it."""
    if one.printed_rate is None or one.rate is None:
        return percent(one.printed_rate, 0)
    is_same = round(one.rate, 2) == round(one.printed_rate, 2)
    return f"{percent(one.printed_rate, 0)} <small>{'égale' if is_same else 'diffère'}</small>"


def coverage_svg(known: Sequence[Coverage], alt: str) -> str:
    """The share of establishments by volet."""
    return bars_svg(
        [Bar(named(VOLETS, one.volet), one.rate, percent(one.rate)) for one in known], alt
    )


def coverage_records(known: Sequence[Coverage], total: float | None = None) -> pd.DataFrame:
    """Volets for a file, and the published ``total`` of their adhesions where it is known."""
    volets = pd.DataFrame(
        {
            "volet": named(VOLETS, one.volet),
            "adhesions": one.adhesions,
            "taux_adhesion": one.adhesion_rate,
            "sites_actifs": one.sites_active,
            "sites": one.sites_total,
            "etablissements_avec_inclusion": one.active,
            "etablissements_eligibles": one.eligible,
            "part_recalculee": one.rate,
            "part_publiee": one.printed_rate,
        }
        for one in known
    )
    if total is None:
        return volets
    return pd.concat(
        [volets, pd.DataFrame({"volet": ["Total publié"], "adhesions": [total]})],
        ignore_index=True,
    )
