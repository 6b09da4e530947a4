"""Fictitious establishments, spread over the departments by population."""

from __future__ import annotations

import numpy as np
import pandas as pd

from data.demo.allotment import allot
from data.demo.counts import stream
from data.demo.msap_stories import ATYPICAL
from data.demo.senders import senders
from data.reference.procedures import DOMAINS
from data.reference.territories import territories

__all__ = ["DOMAINS", "MEMBERS", "TOTALS", "establishments"]

TOTALS = {"prive": 122, "public": 112}
UNIVERSITY_HOSPITALS = 26
NON_PROFIT = 9

MEMBERS = {
    "chirurgie_ambulatoire": {"prive": 74, "public": 72},
    "hors_chirurgie_ambulatoire": {"prive": 27, "public": 23},
    "ssr": {"prive": 40, "public": 34},
}
"""Establishments drawn for each domain, besides those of the stories; some stand in two."""

CATEGORIES = {
    "chr_chu": "CHR/CHU",
    "autre_public": "Autres publics",
    "prive_bl": "Privé BL",
    "prive_nbl": "Privé NBL",
}
CORSICA = {"2A": "120", "2B": "220"}
"""A FINESS has a letter in its second place only."""

KINDS = {"public": "Centre hospitalier fictif", "prive": "Clinique fictive"}


def establishments(seed: int) -> pd.DataFrame:
    """Every establishment of the demonstration, with the domains in which it is under MSAP.

    Columns: ``finess`` (``00``, the department, a number), ``establishment_name``,
    ``territory_code`` (caisse), ``status``, ``category`` (as files write it), ``size`` (weight of
    its requests) and one boolean column a domain. Mayotte, where no CPG is signed, has none.
    """
    rng = stream(seed, "msap establishments")
    names = territories().set_index("territory_code")["territory_name"]
    parts = [_of_status(senders(), names, status) for status in TOTALS]
    places = pd.concat(parts, ignore_index=True)
    places["size"] = rng.lognormal(0.0, 0.55, len(places))
    places.loc[places["category"] == CATEGORIES["chr_chu"], "size"] *= 1.6
    for domain, wanted in MEMBERS.items():
        chosen = np.zeros(len(places), dtype=bool)
        for status, count in wanted.items():
            own = np.flatnonzero(places["status"] == status)
            chosen[rng.choice(own, count, replace=False)] = True
        planted = [story.finess for story in ATYPICAL if story.domain == domain]
        chosen |= places["finess"].isin(planted).to_numpy()
        places[domain] = chosen
    return places


def _of_status(caisses: pd.DataFrame, names: pd.Series, status: str) -> pd.DataFrame:
    """The establishments of one status: numbers go on over the caisses of a department."""
    population = caisses["population"].to_numpy(dtype=float)
    counts = allot(TOTALS[status], population)
    at = np.repeat(np.arange(len(caisses)), counts)
    places = caisses.iloc[at][["caisse_code", "department_code", "population"]].reset_index(
        drop=True
    )
    number = places.groupby("department_code").cumcount() + 1
    digits = places["department_code"].replace(CORSICA).str.zfill(3)
    rank = number + (500 if status == "public" else 0)
    large = places["population"].rank(method="first", ascending=False)
    first = number == 1
    if status == "public":
        is_large = first & (large.where(first).rank() <= UNIVERSITY_HOSPITALS)
        category = np.where(is_large, CATEGORIES["chr_chu"], CATEGORIES["autre_public"])
    else:
        is_small = large > len(places) - NON_PROFIT
        category = np.where(is_small, CATEGORIES["prive_nbl"], CATEGORIES["prive_bl"])
    department = ("DEP-" + places["department_code"]).map(names)
    return pd.DataFrame(
        {
            "finess": "00" + digits + _four(rank),
            "establishment_name": KINDS[status] + " " + department + " " + number.astype(str),
            "territory_code": places["caisse_code"],
            "status": status,
            "category": category,
        }
    )


def _four(number: pd.Series) -> pd.Series:
    return number.astype(str).str.zfill(4)
