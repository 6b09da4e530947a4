"""What the CPG page shows: read from the address, asked in at most six questions."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

import pandas as pd

from access.scope import Scope
from components.address import LEVEL, TERRITORY, asked, choose, forget
from components.blocks import last_event
from components.header import COMPARATORS, View
from components.level import chosen_level
from components.objectives import objectives
from components.peers import BY_HAND, PeerGroup, peer_group, peers_comparison
from components.perimeter import Perimeter
from components.publication import publication, territory_map
from components.shown_corrections import (
    applied_corrections,
    with_corrected,
    with_corrections,
)
from figures import board as boards
from figures import ranking
from figures.formats import is_absent, month_name
from figures.objective import Objective
from figures.senders import Sender
from figures.senders import senders as read_senders
from figures.series import MonthPoint, month_points
from indicators.few_patients import JUDGED
from indicators.reading import under_since
from queries import cpg, store

INDICATOR_PARAM, CELL_PARAM, CLOSER_PARAM = "objectif", "detail", "loupe"
ORDER_PARAM = "derniers"
SOURCE = "envois mensuels des caisses (CPG)"


def take_click(drills: bool) -> Callable[[], None]:
    """What a click on the board changes in the address, before the page reruns."""

    def taken() -> None:
        event = last_event() or {}
        territory = event.get("t")
        if event.get("act") == "drill" and territory and drills:
            choose(TERRITORY, territory)
            forget((LEVEL, CELL_PARAM))

    return taken


def take_choice(event: Mapping[str, Any]) -> None:
    """What a click in the board or its details chooses: a cell, an objective, a territory."""
    act, territory, indicator = event.get("act"), event.get("t"), event.get("i")
    if act in {"cell", "indicator"} and indicator:
        choose(INDICATOR_PARAM, str(indicator))
    if act in {"cell", "territory"} and territory:
        choose(CELL_PARAM, str(territory))
    if act == "close":
        forget((CELL_PARAM,))
    if act == "closer":
        choose(CLOSER_PARAM, "" if asked(CLOSER_PARAM) else "1")
    if act == "order":
        choose(ORDER_PARAM, "" if asked(ORDER_PARAM) else "1")


@dataclass(frozen=True)
class CpgAsked:
    """What the header and the address ask for; not checked yet but for the perimeter and level."""

    perimeter: Perimeter
    level: str
    year: int
    comparator: str
    indicator: str
    territory: str
    is_closer: bool
    peers: tuple[str, ...] = ()
    is_worst_first: bool = False


@dataclass(frozen=True)
class CpgFrames:
    """What the queries gave for the board. ``total`` holds the perimeter's own rows."""

    attainment: pd.DataFrame
    total: pd.DataFrame
    comparison: pd.DataFrame


@dataclass(frozen=True)
class CpgView:
    """One drawing of the page: what is shown, chosen and compared."""

    perimeter: Perimeter
    path: Sequence[Perimeter]
    level: str
    year: int
    comparator: str
    frames: CpgFrames
    objectives: Sequence[Objective]
    chosen_indicator: str
    chosen_territory: str
    drills: bool
    is_closer: bool
    foot: str
    group: PeerGroup | None = None
    chosen_name: str = ""
    is_worst_first: bool = False

    @cached_property
    def rows(self) -> boards.BoardCells:
        """The board's cells."""
        return boards.BoardCells.from_frame(self.frames.attainment)

    @cached_property
    def objective(self) -> Objective:
        """The objective chosen."""
        return next(o for o in self.objectives if o.code == self.chosen_indicator)

    @property
    def is_open_year(self) -> bool:
        """Whether the year's December is still to come."""
        return bool(self.frames.total["is_open_year"].any())

    @property
    def period(self) -> str:
        """``janvier à septembre 2017, année en cours``."""
        months = [m for m in self.frames.total["last_sent_month"] if not is_absent(m)]
        if not months:
            return str(self.year)
        state = ", année en cours" if self.is_open_year else ""
        return f"janvier à {month_name(max(months))}{state}"

    @cached_property
    def compared(self) -> Mapping[str, float]:
        """The comparator's attainment by objective, proportions."""
        frame = self.frames.comparison
        if "attainment_median" in frame.columns:
            column = "attainment_median"
        else:
            column = "attainment_to_date" if self.is_open_year else "attainment"
        known = frame[frame[column].notna()]
        return dict(zip(known["indicator_code"], known[column].astype(float), strict=True))

    @property
    def compared_words(self) -> str:
        """What the dotted line of the ranking stands for, in a sentence."""
        if self.group is None:
            name = self.comparator
            if name == COMPARATORS["mediane"]:
                return ranking.median_words(self.bars)
            return name if name == COMPARATORS["national"] else f"{name[:1].lower()}{name[1:]}"
        return self.group.median_words(self.frames.comparison, self.chosen_indicator)

    @property
    def peers(self) -> tuple[str, float] | None:
        """Name and value of the comparator for the chosen objective."""
        value = self.compared.get(self.chosen_indicator)
        return None if value is None else (self.comparator, value)

    @cached_property
    def bars(self) -> list[ranking.RankedTerritory]:
        """The ranking of the chosen objective."""
        value = self.compared.get(self.chosen_indicator)
        return ranking.ranked(self.frames.attainment, self.chosen_indicator, value)

    def in_order(
        self, bars: Sequence[ranking.RankedTerritory]
    ) -> Sequence[ranking.RankedTerritory]:
        """The ranking from the end that is asked first; those without value stay last."""
        if not self.is_worst_first:
            return bars
        known = [bar for bar in bars if bar.attainment is not None]
        return [*known[::-1], *bars[len(known) :]]

    @cached_property
    def name_of_chosen(self) -> str:
        """Name of the territory whose months and sources are shown."""
        names = dict(self.rows.territories) | {self.perimeter.code: self.perimeter.label}
        return names.get(self.chosen_territory, self.chosen_name or self.chosen_territory)


@dataclass(frozen=True)
class CpgDetails:
    """What lies behind the chosen cell: its months, who sends, where each value comes from.

    ``under_since`` tells since which month each territory has been under the chosen objective.
    """

    points: Sequence[MonthPoint]
    senders: Sequence[Sender]
    sources: pd.DataFrame
    findings: pd.DataFrame
    under_since: Mapping[str, date]


def asked_view(shown: View) -> CpgAsked | None:
    """What the address asks of the board; None where no year is known."""
    if shown.year is None:
        return None
    return CpgAsked(
        perimeter=shown.perimeter,
        level=chosen_level(shown.perimeter),
        year=shown.year,
        comparator=shown.comparator,
        indicator=asked(INDICATOR_PARAM),
        territory=asked(CELL_PARAM),
        is_closer=bool(asked(CLOSER_PARAM)),
        peers=shown.peers if shown.comparator == BY_HAND else (),
        is_worst_first=bool(asked(ORDER_PARAM)),
    )


def load_view(scope: Scope, build_id: str, wanted: CpgAsked) -> CpgView | None:
    """The board that the header and the address ask for; None where the year holds nothing."""
    perimeter, level, year = wanted.perimeter, wanted.level, wanted.year
    territories = territory_map(scope, build_id)
    crossing = territories.overlapping(perimeter, level)
    within = perimeter.code if crossing is None else None
    attainment = cpg.attainment(scope, build_id, level, year, within=within)
    if crossing is not None:
        attainment = attainment[attainment["territory_code"].isin(crossing)]
    total = cpg.attainment(scope, build_id, perimeter.level, year, within=perimeter.code)
    total = total[total["territory_code"] == perimeter.code]
    if attainment.empty or total.empty:
        return None
    attainment = with_corrected(attainment, scope, build_id, level, year)
    total = with_corrected(total, scope, build_id, perimeter.level, year)
    shown_objectives = objectives(total["indicator_code"].tolist())
    region = territories.region_of(perimeter)
    group = peer_group(scope, build_id, perimeter, level, wanted.comparator, wanted.peers)
    if group is None:
        comparison = _comparison(scope, build_id, level, year, wanted.comparator, region)
    else:
        comparison = peers_comparison(scope, build_id, group, year)
    chosen = _chosen_territory(wanted.territory, scope, perimeter)
    return CpgView(
        perimeter=perimeter,
        path=territories.path_to(perimeter),
        level=level,
        year=year,
        comparator=COMPARATORS[wanted.comparator],
        frames=CpgFrames(attainment, total, comparison),
        objectives=shown_objectives,
        chosen_indicator=_chosen_indicator(
            wanted.indicator, total, [o.code for o in shown_objectives]
        ),
        chosen_territory=chosen,
        chosen_name=str(territories.rows.get(chosen, {}).get("territory_name", "")),
        drills=level != "caisse" and crossing is None,
        is_closer=wanted.is_closer,
        is_worst_first=wanted.is_worst_first,
        foot=publication(scope, build_id).sources_line(SOURCE),
        group=group,
    )


def load_details(scope: Scope, build_id: str, view: CpgView) -> CpgDetails:
    """Months, senders and sources of the chosen cell."""
    chosen = (view.chosen_territory, view.chosen_indicator, view.year)
    senders = cpg.senders(scope, build_id, view.year)
    under = territory_map(scope, build_id).caisses_under(view.perimeter)
    return CpgDetails(
        month_points(cpg.monthly(scope, build_id, *chosen)),
        read_senders(senders[senders["caisse_code"].isin(under)]),
        with_corrections(
            cpg.provenance(scope, build_id, *chosen),
            applied_corrections(scope, build_id, *chosen[:2]),
        ),
        _findings(scope, build_id, view, under),
        _under_since(scope, build_id, view),
    )


def _under_since(scope: Scope, build_id: str, view: CpgView) -> Mapping[str, date]:
    """Since which month each territory of the board has been under the chosen objective."""
    crossing = territory_map(scope, build_id).overlapping(view.perimeter, view.level)
    within = view.perimeter.code if crossing is None else None
    months = cpg.indicator_months(
        scope, build_id, view.level, view.chosen_indicator, view.year, within
    )
    return under_since(months, view.objective.better)


def _findings(scope: Scope, build_id: str, view: CpgView, under: set[str]) -> pd.DataFrame:
    """What was found in the CPG's extracts about the chosen objective, territory and year."""
    found = store.findings(scope, build_id)
    own = {view.chosen_territory} if view.chosen_territory != view.perimeter.code else under
    return found[
        (found["contract"] == "cpg")
        & (found["indicator_code"].isna() | (found["indicator_code"] == view.chosen_indicator))
        & (found["territory_code"].isna() | found["territory_code"].isin(own))
        & (found["year"].isna() | (found["year"] == view.year))
    ]


def _comparison(
    scope: Scope, build_id: str, level: str, year: int, comparator: str, region: str | None
) -> pd.DataFrame:
    """Rows of the comparator: the peers' median, or one aggregate that the role may see."""
    if comparator == "national":
        return cpg.attainment(scope, build_id, "national", year)
    if comparator == "region" and region is not None:
        rows = cpg.attainment(scope, build_id, "region", year, within=region)
        return rows[rows["territory_code"] == region]
    return cpg.peers(scope, build_id, level, year)


def _chosen_indicator(wanted: str, total: pd.DataFrame, offered: Sequence[str]) -> str:
    """The objective asked, else the one that lags most in the perimeter."""
    if wanted in offered:
        return wanted
    known = total[total["status"].isin(JUDGED) & total["indicator_code"].isin(offered)]
    known = known[known["attainment_to_date"].notna()]
    if known.empty:
        return offered[0]
    return str(known.loc[known["attainment_to_date"].idxmin(), "indicator_code"])


def _chosen_territory(wanted: str, scope: Scope, perimeter: Perimeter) -> str:
    """The territory asked where the scope sees it, else the perimeter."""
    return wanted if wanted in scope.territories else perimeter.code
