"""Demonstration extracts of adhesions: PRADO, Sophia, Santé active, DMP, by caisse and month.

PRADO and Sophia are read from the CPG extracts of the demonstration, so that there is one truth;
Santé active and the DMP are drawn with a seed such that the published totals are met.
``docs/demonstration-data.md`` tells what is which.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from data.demo.allotment import Counts, Floats, allot
from data.demo.counts import CONTACTS_SEASON, MATERNITY_SEASON, SURGERY_SEASON, stream
from data.demo.senders import is_sent, senders
from data.demo.timeline import MONTHS
from data.reference.territories import territories

TO_AUGUST = "adhesions_demo_2014_2017.csv"
"""To August 2017; the DMP in it is of 2018 and 2019, when its figures were published."""
SEPTEMBER = "adhesions_demo_2017_septembre.csv"

HEADINGS = [
    "Caisse",
    "Mois",
    "Programme",
    "Volet",
    "Adhésions",
    "Éligibles",
    "Objectif annuel",
    "Dont en écart aux soins",
]

PRADO_ELIGIBLE = {
    "maternite": (0.0116, MATERNITY_SEASON),
    "chirurgie": (0.0026, SURGERY_SEASON),
    "insuffisance_cardiaque": (0.0013, CONTACTS_SEASON),
    "bpco": (0.0008, CONTACTS_SEASON),
}
"""Eligible patients a year per inhabitant, and their season (invented)."""

SOPHIA_ELIGIBLE = {
    2013: 1_960_000,
    2014: 2_040_000,
    2015: 2_122_000,
    2016: 2_205_000,
    2017: 2_280_000,
}
"""Eligible diabetics; 2014 and 2016 are published."""

SANTE_ACTIVE = {2014: 6_913, 2015: 103_731, 2016: 189_641, 2017: 262_000}
"""Members at the end of the year, published to 2016."""
SANTE_ACTIVE_START = "2014-10"
SANTE_ACTIVE_OBJECTIVES = {2014: 500_000, 2015: 800_000, 2016: 466_000, 2017: 2_000_000}
"""The COG's; 2016 as revised."""
ADULTS = 0.78

DMP_MONTHS = tuple(f"2019-{month:02d}" for month in range(1, 8))
DMP_BEFORE = "2018-12"
DMP = {"FR": (6_575_509, 3_110_611), "REG-76": (632_337, 290_601), "DEP-81": (37_092, 16_605)}
"""Records open on 28 July 2019, and those of them opened in 2019: published."""


def write_adhesions(folder: Path, cpg: Sequence[Path], seed: int) -> tuple[Path, Path]:
    """Write the extracts; returns that sent with August 2017, then that of September.

    Args:
        folder: where they go.
        cpg: the CPG extracts of the demonstration in order, September's last.
        seed: of the whole demonstration. UTF-8, semicolons; the same seed gives the same bytes.
    """
    *first, september = cpg
    caisses = senders()
    sante_active = _sante_active(caisses, seed)
    before = pd.concat([_read(path) for path in first], ignore_index=True)
    latest = _read(september)
    to_august = _rows(before, caisses, seed)
    july = str(latest["Mois"].min())
    last = _rows(latest, caisses, seed, with_opening=False)
    files = {
        TO_AUGUST: [
            to_august,
            sante_active[sante_active["Mois"] <= before["Mois"].max()],
            _dmp(caisses, seed),
        ],
        SEPTEMBER: [last, sante_active[sante_active["Mois"] >= july]],
    }
    for name, parts in files.items():
        rows = pd.concat(parts, ignore_index=True)[HEADINGS]
        rows.to_csv(folder / name, sep=";", index=False, encoding="utf-8", lineterminator="\n")
    return folder / TO_AUGUST, folder / SEPTEMBER


def _read(path: Path) -> pd.DataFrame:
    kept = [*(f"prado_{volet}_adhesions" for volet in PRADO_ELIGIBLE)]
    kept += ["sophia_adherents", "sophia_ecart_soins"]
    sent = pd.read_csv(path, sep=";", dtype={"Objectif annuel": str}, keep_default_na=True)
    return sent[sent["Indicateur"].isin(kept)]


def _rows(
    sent: pd.DataFrame, caisses: pd.DataFrame, seed: int, with_opening: bool = True
) -> pd.DataFrame:
    """PRADO and Sophia as the CPG extracts tell them."""
    return pd.concat(
        [*_prado(sent, caisses, seed), *_sophia(sent, caisses, seed, with_opening)],
        ignore_index=True,
    )


def _prado(sent: pd.DataFrame, caisses: pd.DataFrame, seed: int) -> list[pd.DataFrame]:
    population = caisses.set_index("caisse_code")["population"]
    parts = []
    for volet, (per_inhabitant, by_month) in PRADO_ELIGIBLE.items():
        own = sent[sent["Indicateur"] == f"prado_{volet}_adhesions"]
        # Drawn over the whole demonstration, so that a month sent again has the same patients.
        noise = stream(seed, f"eligible {volet}").lognormal(0, 0.06, (len(caisses), len(MONTHS)))
        at = caisses.index[caisses["caisse_code"].searchsorted(own["Caisse"])]
        month = own["Mois"].map(MONTHS.index).to_numpy()
        weights = np.array(by_month) / np.mean(by_month)
        expected = own["Caisse"].map(population) * per_inhabitant / 12 * weights[month % 12]
        eligible = np.rint(expected * noise[at, month]).astype(int)
        adhesions = own["Réalisé"].astype(int)
        parts.append(
            pd.DataFrame(
                {
                    "Caisse": own["Caisse"],
                    "Mois": own["Mois"],
                    "Programme": "PRADO",
                    "Volet": volet,
                    "Adhésions": adhesions,
                    "Éligibles": np.maximum(eligible, adhesions),
                    "Objectif annuel": own["Objectif annuel"].fillna(""),
                    "Dont en écart aux soins": "",
                }
            )
        )
    return parts


def _sophia(
    sent: pd.DataFrame, caisses: pd.DataFrame, seed: int, with_opening: bool
) -> list[pd.DataFrame]:
    """New adherents of each month; before the first one, a line of all former ones."""
    stock = sent[sent["Indicateur"] == "sophia_adherents"].set_index(["Caisse", "Mois"])
    joined = sent[sent["Indicateur"] == "sophia_ecart_soins"].set_index(["Caisse", "Mois"])
    weights = caisses["population"].to_numpy() * stream(seed, "eligible Sophia").lognormal(
        0, 0.06, len(caisses)
    )
    eligible = {
        (caisse, year): count
        for year, national in SOPHIA_ELIGIBLE.items()
        for caisse, count in zip(caisses["caisse_code"], allot(national, weights), strict=True)
    }
    joined = joined[["Numérateur", "Dénominateur"]]
    rows = joined.join(stock[["Réalisé", "Objectif annuel"]]).reset_index()
    months = pd.DataFrame(
        {
            "Caisse": rows["Caisse"],
            "Mois": rows["Mois"],
            "Adhésions": rows["Dénominateur"].astype(int),
            "Objectif annuel": rows["Objectif annuel"],
            "Dont en écart aux soins": rows["Numérateur"].astype(int).astype(str),
        }
    )
    first = rows[rows["Mois"] == MONTHS[0]]
    opening = pd.DataFrame(
        {
            "Caisse": first["Caisse"],
            "Mois": "2013-12",
            "Adhésions": (first["Réalisé"] - first["Dénominateur"]).astype(int),
            "Objectif annuel": "",
            "Dont en écart aux soins": "",
        }
    )
    found = pd.concat([opening, months] if with_opening else [months], ignore_index=True)
    years = found["Mois"].str[:4].astype(int)
    found["Éligibles"] = [eligible[key] for key in zip(found["Caisse"], years, strict=True)]
    return [found.assign(Programme="Sophia", Volet="")]


def _sante_active(caisses: pd.DataFrame, seed: int) -> pd.DataFrame:
    """Members who join each month from October 2014; the ends of years are the published ones."""
    rng = stream(seed, "Santé active")
    start = MONTHS.index(SANTE_ACTIVE_START)
    weights = caisses["population"].to_numpy() * rng.lognormal(0, 0.3, len(caisses))
    joined = np.zeros((len(caisses), 48), dtype=np.int64)
    objective = {}
    former = 0
    for number, (year, members) in enumerate(SANTE_ACTIVE.items()):
        months = slice(max(start, 12 * number), 12 * number + 12)
        shares = weights[:, None] * rng.lognormal(
            0, 0.15, (len(caisses), months.stop - months.start)
        )
        drawn = rng.multinomial(members - former, (shares / shares.sum()).ravel())
        joined[:, months] = drawn.reshape(shares.shape)
        objective[year] = allot(SANTE_ACTIVE_OBJECTIVES[year], caisses["population"].to_numpy())
        former = members
    size = len(MONTHS) - start
    adults = np.rint(caisses["population"].to_numpy() * ADULTS).astype(int)
    rows = pd.DataFrame(
        {
            "Caisse": np.repeat(caisses["caisse_code"].to_numpy(), size),
            "Mois": np.tile(np.array(MONTHS[start:], dtype=object), len(caisses)),
            "Adhésions": joined[:, start : len(MONTHS)].ravel(),
            "Éligibles": np.repeat(adults, size),
        }
    )
    at = np.repeat(np.arange(len(caisses)), size)
    rows["Objectif annuel"] = [
        str(objective[int(month[:4])][row]) for row, month in zip(at, rows["Mois"], strict=True)
    ]
    rows = rows.assign(Programme="Santé active", Volet="", **{"Dont en écart aux soins": ""})
    return rows[is_sent(rows["Caisse"], rows["Mois"])]


def _dmp(caisses: pd.DataFrame, seed: int) -> pd.DataFrame:
    """Records opened to the end of 2018, then month by month to 28 July 2019."""
    rng = stream(seed, "DMP")
    weights = caisses["population"].to_numpy() * rng.lognormal(0, 0.2, len(caisses))
    before = _nested(caisses, weights, {code: both - part for code, (both, part) in DMP.items()})
    weights = weights * rng.lognormal(0, 0.1, len(caisses))
    since = _nested(caisses, weights, {code: part for code, (_, part) in DMP.items()})
    pace = np.linspace(1.1, 0.9, len(DMP_MONTHS))
    opened = rng.multinomial(since, np.tile(pace / pace.sum(), (len(caisses), 1)))
    months = [DMP_BEFORE, *DMP_MONTHS]
    size = len(months)
    return pd.DataFrame(
        {
            "Caisse": np.repeat(caisses["caisse_code"].to_numpy(), size),
            "Mois": np.tile(np.array(months, dtype=object), len(caisses)),
            "Programme": "DMP",
            "Volet": "",
            "Adhésions": np.column_stack([before, opened]).ravel(),
            "Éligibles": np.repeat(np.rint(caisses["population"].to_numpy()).astype(int), size),
            "Objectif annuel": "",
            "Dont en écart aux soins": "",
        }
    )


def _nested(caisses: pd.DataFrame, weights: Floats, totals: dict[str, int]) -> Counts:
    """Counts of caisses whose sums are those of a department, its region and the country."""
    places = territories().set_index("territory_code").loc[caisses["caisse_code"]]
    is_tarn = (places["department_code"] == "DEP-81").to_numpy()
    is_region = (places["region_code"] == "REG-76").to_numpy()
    counts = np.zeros(len(caisses), dtype=np.int64)
    for chosen, total in (
        (is_tarn, totals["DEP-81"]),
        (is_region & ~is_tarn, totals["REG-76"] - totals["DEP-81"]),
        (~is_region, totals["FR"] - totals["REG-76"]),
    ):
        counts[chosen] = allot(total, weights[chosen])
    return counts
