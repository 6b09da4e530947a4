"""Demonstration extracts of the MSAP: requests by establishment, month and procedure, 2014-2016.

Establishments are fictitious and say so: their names bear « fictif », their FINESS begins with
``00``, which no department has. National requests by domain, status and year equal the published
parts; the mix of procedures and their stays follow the published tables of 2014 and 2016. The rest
is drawn with a seed; ``docs/demonstration-data.md`` tells what is which.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd

from data.demo.allotment import Counts, Floats, allot
from data.demo.counts import stream
from data.demo.msap_establishments import DOMAINS, establishments
from data.demo.msap_procedures import PROCEDURES, spelling
from data.demo.msap_stories import ATYPICAL, WINDOW_MONTHS, Story, with_breaches

MSAP_YEARS = (2014, 2015, 2016)

REQUESTS = {
    (2014, "chirurgie_ambulatoire"): {"prive": 1782, "public": 1314},
    (2014, "hors_chirurgie_ambulatoire"): {"prive": 546, "public": 694},
    (2014, "ssr"): {"prive": 1315, "public": 789},
    (2015, "chirurgie_ambulatoire"): {"prive": 1604, "public": 1093},
    (2015, "hors_chirurgie_ambulatoire"): {"prive": 652, "public": 401},
    (2015, "ssr"): {"prive": 1228, "public": 904},
    (2016, "chirurgie_ambulatoire"): {"prive": 1405, "public": 866},
    (2016, "hors_chirurgie_ambulatoire"): {"prive": 761, "public": 89},
    (2016, "ssr"): {"prive": 1145, "public": 1032},
}
"""National requests: 2014 and 2016 are the published parts, 2015 is invented between them."""

REFUSAL_SHARES = {
    (2014, "chirurgie_ambulatoire"): {"prive": 28 / 1788, "public": 16 / 1290},
    (2014, "hors_chirurgie_ambulatoire"): {"prive": 38 / 535, "public": 18 / 653},
    (2014, "ssr"): {"prive": 24 / 1311, "public": 11 / 789},
    (2015, "chirurgie_ambulatoire"): {"prive": 0.022, "public": 0.013},
    (2015, "hors_chirurgie_ambulatoire"): {"prive": 0.14, "public": 0.05},
    (2015, "ssr"): {"prive": 0.030, "public": 0.017},
    (2016, "chirurgie_ambulatoire"): {"prive": 47 / 1447, "public": 12 / 915},
    (2016, "hors_chirurgie_ambulatoire"): {"prive": 190 / 762, "public": 9 / 89},
    (2016, "ssr"): {"prive": 51 / 1149, "public": 21 / 1025},
}
"""Refusals over decided requests, as published for 2014 and 2016; the planted stories included."""

SEASON: Floats = np.array([9.2, 8.8, 9.4, 8.6, 7.9, 9.0, 7.0, 4.6, 9.1, 10.0, 9.3, 7.1])
PENDING: dict[int, Floats] = {2016: np.array([0.0] * 10 + [0.06, 0.17])}
"""Share of a month's requests that still wait: those of the last months known."""
EMERGENCIES = 0.012
WITHIN_48H = 0.93

HEADINGS = {
    "month": "Mois",
    "territory_code": "Caisse",
    "finess": "FINESS",
    "establishment_name": "Établissement",
    "status": "Statut",
    "category": "Catégorie",
    "domain": "Domaine",
    "procedure": "Geste marqueur",
    "requests": "Demandes",
    "approvals": "Accords",
    "refusals": "Refus",
    "pending": "En attente",
    "emergencies_excluded": "Urgences exclues",
    "stays": "Séjours concernés",
    "answered_within_48h": "Réponses sous 48 h",
    "window_start": "Début MSAP",
    "window_end": "Fin MSAP",
}
"""Columns of the contract and the headings of the files, in order."""


@dataclass(frozen=True)
class Pairs:
    """Establishments and the procedures they are under MSAP for, one domain of one year.

    Arrays of shape (pairs,): ``establishment`` is a position in the list of establishments,
    ``procedure`` one in the domain's list, ``weight`` how much of the requests falls to it.
    """

    establishment: Counts
    procedure: Counts
    weight: Floats


def msap_demonstration(seed: int) -> pd.DataFrame:
    """All rows as sent, ordered by month, establishment, domain and procedure.

    Columns: those of ``HEADINGS`` by their contract names; counts are whole numbers, missing where
    a cell was left empty; windows are ISO dates or empty.
    """
    places = establishments(seed)
    parts = [_year_rows(places, year, domain, seed) for year, domain in REQUESTS]
    rows = pd.concat(parts, ignore_index=True)
    rows = rows.sort_values(["month", "finess", "domain", "procedure"], ignore_index=True)
    return with_breaches(rows)[list(HEADINGS)]


def write_msap(folder: Path, seed: int) -> list[Path]:
    """Write one CSV file a year into ``folder``; the same seed gives the same bytes."""
    rows = msap_demonstration(seed)
    labels = {"public": "Public", "prive": "Privé"}
    sent = rows.assign(
        status=rows["status"].map(labels), domain=rows["domain"].map(DOMAINS)
    ).rename(columns=HEADINGS)
    paths = []
    for year in MSAP_YEARS:
        path = folder / f"msap_demo_{year}.csv"
        own = sent[sent["Mois"].str.startswith(str(year))]
        own.to_csv(path, sep=";", index=False, encoding="utf-8", lineterminator="\n")
        paths.append(path)
    return paths


def _year_rows(places: pd.DataFrame, year: int, domain: str, seed: int) -> pd.DataFrame:
    """The rows of one domain and year."""
    rng = stream(seed, f"msap {year} {domain}")
    stories = {
        int(places.index[places["finess"] == story.finess][0]): story
        for story in ATYPICAL
        if story.domain == domain
    }
    # Which establishments and procedures go together lasts over the years.
    pairs = _pairs(places, domain, stories, stream(seed, f"msap pairs {domain}"))
    requests = _requests(places, pairs, year, domain, rng)
    stays = _stays(pairs, requests.sum(axis=1), year, domain, stories, rng)
    return _as_rows(places, pairs, year, domain, requests, stays, stories, rng)


def _pairs(
    places: pd.DataFrame, domain: str, stories: dict[int, Story], rng: np.random.Generator
) -> Pairs:
    """Every establishment of the domain with one to four procedures, the frequent ones first."""
    procedures = PROCEDURES[domain]
    weights = np.array([(p.requests_2014 + p.requests_2016 + 1) ** 0.55 for p in procedures])
    members = places.index[places[domain]].to_numpy()
    establishment, procedure = [], []
    for member in members:
        most = min(len(procedures), 4)
        wanted = min(most, 1 + int(rng.poisson(1.1)))
        chosen = rng.choice(len(procedures), wanted, replace=False, p=weights / weights.sum())
        if member in stories:
            chosen = np.array(stories[member].procedures)
        establishment += [member] * len(chosen)
        procedure += list(chosen)
    pairs_at = np.array(establishment)
    boost = np.array([stories[at].size if at in stories else 1.0 for at in pairs_at])
    weight = places["size"].to_numpy()[pairs_at] * rng.lognormal(0.0, 0.4, len(pairs_at)) * boost
    return Pairs(pairs_at, np.array(procedure), weight)


def _requests(
    places: pd.DataFrame, pairs: Pairs, year: int, domain: str, rng: np.random.Generator
) -> Counts:
    """Requests by pair and month, shape (pairs, 12), exact by status and near by procedure."""
    procedures = PROCEDURES[domain]
    totals = REQUESTS[year, domain]
    national = np.array([p.requests(year) for p in procedures], dtype=float)
    done = np.isin(np.arange(len(procedures)), pairs.procedure)
    by_procedure = allot(sum(totals.values()), np.where(done, national, 0.0))
    tokens = rng.permutation(np.repeat(np.arange(len(procedures)), by_procedure))
    status = places["status"].to_numpy()[pairs.establishment]
    requests = np.zeros((len(pairs.weight), 12), dtype=np.int64)
    taken = 0
    for name, total in totals.items():
        wanted = np.bincount(tokens[taken : taken + total], minlength=len(procedures))
        taken += total
        own = status == name
        left = 0
        for number, count in enumerate(wanted):
            candidates = np.flatnonzero(own & (pairs.procedure == number))
            if not len(candidates):
                left += int(count)
                continue
            requests[candidates] += _thrown(int(count), pairs.weight[candidates], rng)
        rest = np.flatnonzero(own & (national[pairs.procedure] > 0))
        requests[rest] += _thrown(left, pairs.weight[rest], rng)
    return requests


def _thrown(count: int, weights: Floats, rng: np.random.Generator) -> Counts:
    """A count thrown over pairs, then over the months of the year."""
    by_pair = rng.multinomial(count, weights / weights.sum())
    return rng.multinomial(by_pair, SEASON / SEASON.sum())


def _stays(
    pairs: Pairs,
    requests: Counts,
    year: int,
    domain: str,
    stories: dict[int, Story],
    rng: np.random.Generator,
) -> Counts:
    """Stays by pair and month: the national ones of each procedure, shared out near requests."""
    size = len(requests)
    asks_more = np.array([stories[at].asks if at in stories else 1.0 for at in pairs.establishment])
    weight = (requests + 0.5) / asks_more * rng.lognormal(0.0, 0.35, size)
    by_pair = np.zeros(size, dtype=np.int64)
    for number, procedure in enumerate(PROCEDURES[domain]):
        own = pairs.procedure == number
        if own.any():
            asked = int(requests[own].sum())
            by_pair[own] = allot(procedure.stays(year, asked), weight[own])
    by_pair = np.maximum(by_pair, requests)
    return rng.multinomial(by_pair, SEASON / SEASON.sum())


def _as_rows(
    places: pd.DataFrame,
    pairs: Pairs,
    year: int,
    domain: str,
    requests: Counts,
    stays: Counts,
    stories: dict[int, Story],
    rng: np.random.Generator,
) -> pd.DataFrame:
    """One row a pair and month in which something happened."""
    shares = REFUSAL_SHARES[year, domain]
    status = places["status"].to_numpy()[pairs.establishment]
    refusal = _refusal_shares(pairs, requests, status, shares, year, stories)
    pending = rng.binomial(requests, PENDING.get(year, np.zeros(12)))
    refused = rng.binomial(requests - pending, refusal)
    prompt = np.array(
        [stories[at].within_48h if at in stories else WITHIN_48H for at in pairs.establishment]
    )
    answered = rng.binomial(requests - pending, prompt[:, None])
    # A request is about a stay of the month at least.
    stays = np.maximum(stays, requests)
    grids = {
        "requests": requests,
        "approvals": requests - pending - refused,
        "refusals": refused,
        "pending": pending,
        "emergencies_excluded": rng.binomial(stays - requests, EMERGENCIES),
        "stays": stays,
        "answered_within_48h": answered,
    }
    of_pair = places.loc[np.repeat(pairs.establishment, 12)].reset_index(drop=True)
    names = [spelling(domain, int(number), year) for number in pairs.procedure]
    month = np.tile(np.arange(1, 13), len(names))
    starts, ends = _windows(pairs, year, stories)
    rows = of_pair[["territory_code", "finess", "establishment_name", "status", "category"]].assign(
        month=[f"{year}-{number:02d}" for number in month],
        domain=domain,
        procedure=np.repeat(np.array(names, dtype=object), 12),
        window_start=starts,
        window_end=ends,
        **{name: pd.array(grid.ravel(), dtype="Int64") for name, grid in grids.items()},
    )
    return rows[(rows["requests"] > 0) | (rows["stays"] > 0)]


def _refusal_shares(
    pairs: Pairs,
    requests: Counts,
    status: np.ndarray,
    shares: dict[str, float],
    year: int,
    stories: dict[int, Story],
) -> Floats:
    """Chance of a refusal by pair and month: the stories' own, and what is left for the others."""
    chance = np.full(requests.shape, np.nan)
    for at, story in stories.items():
        own = pairs.establishment == at
        told = story.refusal_by_month(year)
        if told is not None:
            chance[own] = told
    for name, share in shares.items():
        of_status = (status == name)[:, None] & np.ones(12, dtype=bool)
        told = of_status & ~np.isnan(chance)
        rest = of_status & np.isnan(chance)
        wanted = share * requests[of_status].sum() - (requests[told] * chance[told]).sum()
        others = requests[rest].sum()
        chance[rest] = np.clip(wanted / max(others, 1), 0.003, 1.0)
    return chance


def _windows(pairs: Pairs, year: int, stories: dict[int, Story]) -> tuple[list[str], list[str]]:
    """First and last day of the MSAP on the rows of its months, empty elsewhere."""
    starts, ends = [], []
    for at in pairs.establishment:
        first = stories[at].window_start(year) if at in stories else None
        last = None if first is None else first + WINDOW_MONTHS - 1
        for month in range(1, 13):
            inside = first is not None and last is not None and first <= month <= last
            starts.append(date(year, first, 1).isoformat() if inside and first else "")
            ends.append(_last_day(year, last) if inside and last else "")
    return starts, ends


def _last_day(year: int, month: int) -> str:
    return (pd.Timestamp(year, month, 1) + pd.offsets.MonthEnd()).date().isoformat()
