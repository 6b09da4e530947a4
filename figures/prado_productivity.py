"""What the counsellors of PRADO make: adhesions by full-time equivalent and month, by volet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from figures.formats import ABSENT, NARROW_SPACE, known_float, listed, number, signed
from figures.grammar import capitalised, typeset
from figures.markup import table, text
from figures.prado import VOLETS, YearTotal
from figures.programme_bars import Bar, bar_cell, bars_svg
from figures.programme_sources import named
from figures.records import records
from indicators.programme_costs import adhesions_made

CLOSE_TO = 0.05
"""A difference of counts that roundings of the published figures may make."""


@dataclass(frozen=True)
class Team:
    """Counsellors of a volet over a period, and what each makes a month."""

    volet: str
    fte: float | None
    per_fte_month: float | None


@dataclass(frozen=True)
class Period:
    """A year or a month of work of the counsellors, by volet."""

    name: str
    year: int
    month_count: int
    teams: Sequence[Team]

    @property
    def yearly(self) -> float | None:
        """The adhesions that they make in twelve months at this pace."""
        return adhesions_made([(team.fte, team.per_fte_month) for team in self.teams], 12)


def periods(rows: pd.DataFrame) -> list[Period]:
    """Published rows of ``programmes/prado_productivity`` for the country, in time order."""
    columns = ("territory_code", "year", "month", "month_count", "volet", "cam_fte")
    found: dict[tuple[str, int, int], list[Team]] = {}
    for row in records(rows, (*columns, "adhesions_per_fte_month", "is_published")):
        if row["territory_code"] != "FR" or not row["is_published"]:
            continue
        key = str(row["month"])[:7], int(row["year"]), int(row["month_count"])
        team = Team(
            str(row["volet"]),
            known_float(row["cam_fte"]),
            known_float(row["adhesions_per_fte_month"]),
        )
        found.setdefault(key, []).append(team)
    return [
        Period(_period_name(year, months), year, months, _ordered(teams))
        for (_, year, months), teams in sorted(found.items())
    ]


def _period_name(year: int, month_count: int) -> str:
    return f"juin {year}" if month_count == 1 else str(year)


def _ordered(teams: Sequence[Team]) -> list[Team]:
    order = list(VOLETS)
    return sorted(teams, key=lambda team: order.index(team.volet) if team.volet in order else 99)


def productivity_finding(known: Sequence[Period]) -> str:
    """What a counsellor makes a month, by volet, in the last period."""
    if not known:
        return "Productivité des conseillers : rien de publié"
    last = known[-1]
    first, *others = last.teams
    said = [f"{_pace(first)} patients par mois en {named(VOLETS, first.volet).lower()}"]
    said += [f"{_pace(team)} en {named(VOLETS, team.volet).lower()}" for team in others]
    return typeset(f"Un conseiller à temps plein fait adhérer {listed(said)} ({last.name})")


def _pace(team: Team) -> str:
    """``81``, ``6,5``."""
    value = team.per_fte_month
    return number(value, 0 if value is None or value.is_integer() else 1)


def productivity_table(known: Sequence[Period], caption: str) -> str:
    """By volet, the adhesions of one counsellor and month in each period, and the counsellors."""
    volets = list(dict.fromkeys(team.volet for period in known for team in period.teams))
    teams = {(p.name, team.volet): team for p in known for team in p.teams}
    top = max((team.per_fte_month or 0.0 for team in teams.values()), default=1.0) or 1.0
    rows = []
    for volet in volets:
        cells = [text(named(VOLETS, volet))]
        for period in known:
            team = teams.get((period.name, volet))
            cells.append(ABSENT if team is None else _team_cell(team, top))
        rows.append(cells)
    heads = ("Volet", *(capitalised(period.name) for period in known))
    return table(caption, heads, rows, is_stacked=True)


def _team_cell(team: Team, top: float) -> str:
    bar = Bar("", team.per_fte_month, _pace(team), "fav")
    return f"{bar_cell(bar, top)}<small>{number(team.fte)} ETP</small>"


def productivity_svg(known: Sequence[Period], alt: str) -> str:
    """Adhesions of one counsellor and month, by volet and period."""
    volets = list(dict.fromkeys(team.volet for period in known for team in period.teams))
    bars = [
        Bar(
            f"{named(VOLETS, team.volet)}, {period.name}",
            team.per_fte_month,
            _pace(team),
        )
        for volet in volets
        for period in known
        for team in period.teams
        if team.volet == volet
    ]
    return bars_svg(bars, alt)


def productivity_records(known: Sequence[Period]) -> pd.DataFrame:
    """Periods and volets for a file."""
    return pd.DataFrame(
        {
            "periode": period.name,
            "mois": period.month_count,
            "volet": named(VOLETS, team.volet),
            "adhesions_par_etp_et_mois": team.per_fte_month,
            "etp_cam": team.fte,
        }
        for period in known
        for team in period.teams
    )


@dataclass(frozen=True)
class Remade:
    """The adhesions of twelve months at a period's pace, beside what was published of the year."""

    period: Period
    published: Sequence[float]

    @property
    def gaps(self) -> list[float]:
        """By how much the remade count differs from each published one, as proportions."""
        made = self.period.yearly
        return [] if made is None else [made / value - 1 for value in self.published if value]


def remade(known: Sequence[Period], totals: Sequence[YearTotal]) -> list[Remade]:
    """Periods of which adhesions can be made again from counsellors and pace."""
    return [
        Remade(
            period,
            sorted({t.adhesions for t in totals if t.year == period.year and t.adhesions}),
        )
        for period in known
        if period.yearly is not None
    ]


def remade_table(rows: Sequence[Remade], caption: str) -> str:
    """What counsellors times pace gives for a year, what was published, and the difference."""
    cells = [
        (
            capitalised(row.period.name),
            number(row.period.yearly),
            " ou ".join(number(value) for value in row.published) or ABSENT,
            " ou ".join(f"{signed(gap * 100, 0)}{NARROW_SPACE}%" for gap in dict.fromkeys(row.gaps))
            or ABSENT,
        )
        for row in rows
    ]
    heads = ("Période", "ETP × productivité, sur douze mois", "Adhésions publiées", "Écart")
    return table(caption, heads, cells, numeric=(1, 2, 3), is_stacked=True)


def remade_words(rows: Sequence[Remade]) -> str:
    """What the differences tell: the two published series don't always make one."""
    gaps = [gap for row in rows for gap in row.gaps]
    wide = [row for row in rows if any(abs(gap) > CLOSE_TO for gap in row.gaps)]
    if not gaps or not wide:
        return typeset("Effectifs et productivité publiés redonnent les adhésions publiées.")
    years = listed(row.period.name for row in wide)
    low, high = (f"{signed(gap * 100, 0)}{NARROW_SPACE}%" for gap in (min(gaps), max(gaps)))
    return typeset(
        f"Attention : en {years}, ETP × productivité × 12 mois ne redonne pas les adhésions "
        f"publiées (écarts de {low} à {high}). Ce qui peut l’expliquer : des ETP comptés à une "
        "date et non en moyenne, des volets absents du tableau. Ne multipliez pas l’un par l’autre "
        "sans le dire."
    )
