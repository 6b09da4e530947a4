"""What somebody without the right may know of the MSAP, written as equations over what was sent.

Unknowns are the smallest counts (an establishment's procedure, its quarter) and the sums that
join them, each in its parts: approvals and refusals of complete rows, those of rows that lack the
other, pending requests, what no part explains; answers within 48 hours and the others. Whoever
reads a zero knows all the zeros it is made of. To be on the safe side, the reader is taken to know
also which rows were incomplete. Nothing here is taken from the build but the marts.
"""

from collections import defaultdict
from dataclasses import dataclass

import duckdb
import numpy as np
import pandas as pd

from data.reference.territories import bridge
from queries.run import CONNECTION
from tests.exact import free_solution, is_determined

MARTS = (
    "msap_by_status",
    "msap_by_procedure",
    "msap_by_establishment",
    "msap_establishment_procedures",
    "msap_periods",
    "msap_monthly",
    "msap_establishment_monthly",
)
DOMAINS = ("chirurgie_ambulatoire", "hors_chirurgie_ambulatoire", "ssr")
REQUESTS = ("approved", "refused", "approved_alone", "refused_alone", "pending", "unexplained")
COUNTS = {
    "requests": REQUESTS,
    "decided_approvals": ("approved",),
    "decided_refusals": ("refused",),
    "undecided": ("approved_alone", "refused_alone", "pending", "unexplained"),
    "approvals": ("approved", "approved_alone"),
    "refusals": ("refused", "refused_alone"),
    "pending": ("pending",),
    "approvals_alone": ("approved_alone",),
    "refusals_alone": ("refused_alone",),
    "unexplained": ("unexplained",),
    "answered_within_48h": ("answered",),
    "unanswered": ("unanswered",),
    "stays": ("stays",),
    "emergencies_excluded": ("emergencies",),
}
"""Each count by the unknowns that it is the sum of."""
SHOWN_UNLESS = {
    "requests": ("is_requests_hidden",),
    "decided_approvals": ("is_decisions_hidden",),
    "decided_refusals": ("is_decisions_hidden",),
    "undecided": ("is_requests_hidden", "is_decisions_hidden"),
    "approvals": ("is_parts_hidden",),
    "refusals": ("is_parts_hidden",),
    "pending": ("is_parts_hidden",),
    "answered_within_48h": ("is_answers_hidden",),
    "unanswered": ("is_requests_hidden", "is_answers_hidden"),
    "stays": ("is_stays_hidden",),
    "emergencies_excluded": ("is_emergencies_hidden",),
}
"""The counts that a reader has, and what takes them away."""
TABLES = (
    tuple(name for name in COUNTS if name not in ("stays", "emergencies_excluded")),
    ("stays",),
    ("emergencies_excluded",),
)


@dataclass(frozen=True)
class Cell:
    """A count of a page: its name, the blocks it is the sum of, its counts, what hides it.

    ``key`` and ``place`` tell which cells lie within which: the same key in a smaller place.
    """

    kind: str
    place: str
    key: tuple
    blocks: tuple
    counts: dict
    flags: dict


def read_marts(path):
    with duckdb.connect(str(path), read_only=True, config=dict(CONNECTION)) as connection:
        return {name: connection.execute(f"select * from {name}").df() for name in MARTS}


def with_leftovers(frame):
    """The frame with every count of ``COUNTS``, empty counts as nothing."""
    known = frame.reindex(columns=[*frame.columns])
    sent = ["requests", "approvals", "refusals", "pending", "decided", "decided_approvals"]
    for name in (*sent, "answered_within_48h", "stays", "emergencies_excluded"):
        known[name] = frame[name].astype(float).fillna(0.0)
    known["decided_refusals"] = known["decided"] - known["decided_approvals"]
    known["undecided"] = known["requests"] - known["decided"]
    known["approvals_alone"] = known["approvals"] - known["decided_approvals"]
    known["refusals_alone"] = known["refusals"] - known["decided_refusals"]
    parts = known["approvals"] + known["refusals"] + known["pending"]
    known["unexplained"] = known["requests"] - parts
    known["unanswered"] = known["requests"] - known["answered_within_48h"]
    return known


class World:
    """One year of the marts."""

    def __init__(self, marts, year):
        frames = {n: with_leftovers(f[f["year"] == year]) for n, f in marts.items()}
        places = frames["msap_by_establishment"]
        self.unit_of = dict(zip(places["finess"], places["territory_code"], strict=True))
        self.status_of = dict(zip(places["finess"], places["status"], strict=True))
        held = bridge()[["descendant_code", "ancestor_code"]].drop_duplicates()
        held = held[held["descendant_code"].isin(set(self.unit_of.values()))]
        self.units = held.groupby("ancestor_code")["descendant_code"].agg(frozenset).to_dict()
        self.children = defaultdict(set)
        self.sent = {}
        self._join(frames)
        self.cells = list(self._cells(frames))

    def _join(self, frames):
        for row in frames["msap_establishment_procedures"].to_dict("records"):
            block = ("x", row["finess"], row["domain"], row["procedure_code"])
            unit = self.unit_of[row["finess"]]
            self.children["z", row["finess"], row["domain"], "items"].add(block)
            self.children["up", unit, row["domain"], row["procedure_code"]].add(block)
            self.sent[block] = row
        monthly = frames["msap_establishment_monthly"]
        monthly = monthly[monthly["domain"] != "total"]
        quarter = pd.to_datetime(monthly["month"]).dt.quarter
        by_quarter = monthly.groupby(["finess", "domain", quarter])[list(COUNTS)].sum()
        for (finess, domain, number), row in zip(
            by_quarter.index, by_quarter.to_dict("records"), strict=True
        ):
            block, unit = ("y", finess, domain, int(number)), self.unit_of[finess]
            self.children["z", finess, domain, "quarters"].add(block)
            self.children["uq", unit, domain, int(number)].add(block)
            self.sent[block] = row
        for _, finess, domain, way in [key for key in self.children if key[0] == "z"]:
            if way == "items":
                unit = self.unit_of[finess]
                self.children["us", unit, domain, self.status_of[finess]].add(("z", finess, domain))

    def _cells(self, frames):
        def cell(kind, row, place, key, blocks):
            flags = {name: bool(value) for name, value in row.items() if name.startswith("is_")}
            return Cell(kind, place, key, tuple(blocks), {n: row[n] for n in COUNTS}, flags)

        for row in frames["msap_by_status"].to_dict("records"):
            place, domain, status = row["territory_code"], row["domain"], row["status"]
            blocks = [
                ("us", unit, own, kind)
                for unit in self.units[place]
                for own in self._domains(domain)
                for kind in (("public", "prive") if status == "total" else (status,))
            ]
            yield cell("status", row, place, (domain, status), self._known(blocks))
        for row in frames["msap_by_procedure"].to_dict("records"):
            key = (row["domain"], row["procedure_code"])
            blocks = [("up", unit, *key) for unit in self.units[row["territory_code"]]]
            yield cell("procedure", row, row["territory_code"], key, self._known(blocks))
        for row in frames["msap_by_establishment"].to_dict("records"):
            blocks = [("z", row["finess"], own) for own in self._domains(row["domain"])]
            blocks = [block for block in blocks if (*block, "items") in self.children]
            for key in ((row["domain"], row["status"]), (row["domain"], "total")):
                yield cell("status", row, row["finess"], key, blocks)
        for row in frames["msap_establishment_procedures"].to_dict("records"):
            key = (row["domain"], row["procedure_code"])
            yield cell("procedure", row, row["finess"], key, [("x", row["finess"], *key)])
        for row in frames["msap_periods"].to_dict("records"):
            yield self._span(cell, row, row["first_month"], row["last_month"])
        for name in ("msap_monthly", "msap_establishment_monthly"):
            frame = frames[name]
            start = pd.to_datetime(frame["month"]).dt.to_period("Q").dt.start_time
            keys = [c for c in ("finess", "territory_code", "domain") if c in frame]
            summed = frame.assign(start=start).groupby([*keys, "start"])[list(COUNTS)].sum()
            for row in summed.reset_index().to_dict("records"):
                hidden = dict.fromkeys({f for flags in SHOWN_UNLESS.values() for f in flags}, True)
                end = row["start"] + pd.DateOffset(months=2)
                yield self._span(cell, {**row, **hidden}, row["start"], end)

    def _span(self, cell, row, first, last):
        finess = row.get("finess")
        is_place = isinstance(finess, str)
        quarters = range(pd.Timestamp(first).quarter, pd.Timestamp(last).quarter + 1)
        units = [finess] if is_place else self.units[row["territory_code"]]
        blocks = [
            ("y" if is_place else "uq", unit, own, number)
            for unit in units
            for own in self._domains(row["domain"])
            for number in quarters
        ]
        kept = [b for b in blocks if b in self.sent] if is_place else self._known(blocks)
        place = finess if is_place else row["territory_code"]
        return cell("period", row, place, (row["domain"], quarters[0], quarters[-1]), kept)

    def _known(self, blocks):
        return [block for block in blocks if block in self.children]

    @staticmethod
    def _domains(domain):
        return DOMAINS if domain == "total" else (domain,)

    def zeros(self, counts):
        """The (block, unknown) that a reader knows to be zero."""
        known = set()
        for cell in self.cells:
            for count in counts:
                flags = SHOWN_UNLESS.get(count)
                if flags and cell.counts[count] == 0 and not any(cell.flags[f] for f in flags):
                    known |= {(block, part) for block in cell.blocks for part in COUNTS[count]}
        for top in ("us", "z", "up", "uq"):
            for key, parts in self.children.items():
                if key[0] == top:
                    own = key[:3] if top == "z" else key
                    for count in {part for names in counts for part in COUNTS[names]}:
                        if (own, count) in known:
                            known |= {(block, count) for block in parts}
        for block, row in self.sent.items():
            for part, count in (
                ("approved_alone", "approvals_alone"),
                ("refused_alone", "refusals_alone"),
                ("unexplained", "unexplained"),
            ):
                if row[count] == 0:
                    known.add((block, part))
        return known

    def equations(self, counts, zeros):
        """Everything a reader knows of these counts, as sums that are nothing once it is known."""
        unknowns = sorted({part for name in counts for part in COUNTS[name]})
        rows = []
        for key, parts in self.children.items():
            own = key[:3] if key[0] == "z" else key
            for unknown in unknowns:
                row = {(block, unknown): 1 for block in parts}
                rows.append({**row, (own, unknown): -1})
        if "requests" in counts:
            for block in self.sent:
                row = {(block, part): 1 for part in REQUESTS}
                rows.append({**row, (block, "answered"): -1, (block, "unanswered"): -1})
        for cell in self.cells:
            for count in counts:
                flags = SHOWN_UNLESS.get(count)
                if flags and not any(cell.flags[flag] for flag in flags):
                    rows.append({(b, part): 1 for b in cell.blocks for part in COUNTS[count]})
        return [{k: v for k, v in row.items() if k not in zeros} for row in rows]

    def small(self, counts, threshold=11):
        """Every count from 1 to 10, and difference of one within another: (name, factors)."""
        by_key = defaultdict(list)
        for cell in self.cells:
            by_key[cell.kind, cell.key].append(cell)
            for count in counts:
                if 0 < cell.counts[count] < threshold:
                    yield (
                        (count, cell.kind, cell.place, cell.key, cell.counts[count]),
                        {(block, part): 1 for block in cell.blocks for part in COUNTS[count]},
                    )
        over = self._places_over()
        for (kind, key), cells in by_key.items():
            at = {cell.place: cell for cell in cells}
            for part in cells:
                for whole in over[part.place] & at.keys():
                    yield from self._differences(kind, key, at[whole], part, counts, threshold)

    def _places_over(self):
        """The places that each place lies within, those of the same units left out."""
        over = defaultdict(set)
        for whole, held in self.units.items():
            for part, own in self.units.items():
                if own < held:
                    over[part].add(whole)
            for finess, unit in self.unit_of.items():
                if unit in held:
                    over[finess].add(whole)
        return over

    def _differences(self, kind, key, whole, part, counts, threshold):
        for count in counts:
            left = whole.counts[count] - part.counts[count]
            if 0 < left < threshold:
                row = defaultdict(int)
                for sign, cell in ((1, whole), (-1, part)):
                    for block in cell.blocks:
                        for name in COUNTS[count]:
                            row[block, name] += sign
                row = {unknown: factor for unknown, factor in row.items() if factor}
                yield (count, kind, whole.place, part.place, key, left), row


def told(marts, threshold=11):
    """What of the small counts is determined by all that is shown: (year, name) of each."""
    found = []
    for year in sorted(int(y) for y in np.unique(marts["msap_by_status"]["year"])):
        world = World(marts, year)
        for counts in TABLES:
            zeros = world.zeros(counts)
            solution = free_solution(world.equations(counts, zeros))
            for name, factors in world.small(counts, threshold):
                unknown = {k: v for k, v in factors.items() if k not in zeros}
                if is_determined(unknown, solution):
                    found.append((year, *name))
    return found
