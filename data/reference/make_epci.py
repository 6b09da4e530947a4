"""Makes ``epci.csv``: the inter-communal territories on which professionals are counted.

Run from the root of the project: ``python -m data.reference.make_epci [PACKAGE]``. Without a
package (the ``.tgz``), ``@etalab/decoupage-administratif`` is fetched by npm; only three data files
are read from it, nothing of it is installed or run. What is which territory, and the licence, are
told in ``docs/decisions/0017-where-professionals-are-counted.md``.

The same package gives the same bytes.
"""

from __future__ import annotations

import argparse
import csv
import json
import subprocess
import sys
import tarfile
import tempfile
from collections import Counter, defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import Any

PACKAGE = "@etalab/decoupage-administratif@6.0.0"
HERE = Path(__file__).parent

GRAND_PARIS = "200054781"
"""SIREN of the Métropole du Grand Paris: its EPT and Paris stand in for it."""
PARIS = "75056"
PARIS_NAME = "Paris (T1)"
ZONES_OF_DEPARTMENTS = frozenset({"metro", "drom"})
"""Zones of the 101 departments; the collectivities overseas are none of them."""

HEADINGS = (
    "epci",
    "nom",
    "nature",
    "departement",
    "region",
    "departements",
    "regions",
    "communes",
    "population",
)

Record = dict[str, Any]


@dataclass(frozen=True)
class Territory:
    """One territory of computation before it is placed: ``members`` maps commune to people."""

    siren: str
    name: str
    kind: str
    members: dict[str, int]


def read_package(package: Path) -> dict[str, list[Record]]:
    """The records of the communes, the EPCI and the EPT, as the package holds them."""
    found: dict[str, list[Record]] = {}
    with tarfile.open(package) as archive:
        for name in ("communes", "epci", "ept"):
            content = archive.extractfile(f"package/data/{name}.json")
            if content is None:
                raise ValueError(f"{package}: no {name}.json in it.")
            found[name] = json.load(content)
    return found


def territories_of(records: dict[str, list[Record]]) -> list[Territory]:
    """The EPCI, the EPT and Paris for the Grand Paris, and the communes that belong to none."""
    epci = {record["code"]: _territory(record) for record in records["epci"]}
    grand_paris = epci.pop(GRAND_PARIS)
    found = [*epci.values(), *(_territory(record) for record in records["ept"])]
    communes = {
        record["code"]: record
        for record in records["communes"]
        if record["type"] == "commune-actuelle" and record["zone"] in ZONES_OF_DEPARTMENTS
    }
    paris = {PARIS: grand_paris.members[PARIS]}
    found.append(Territory(communes[PARIS]["siren"], PARIS_NAME, "T1", paris))
    placed = {commune for territory in found for commune in territory.members}
    if missing := set(grand_paris.members) - placed:
        raise ValueError(f"Communes of the Grand Paris in no EPT: {sorted(missing)}.")
    found += [
        Territory(record["siren"], record["nom"], "commune", {code: int(record["population"])})
        for code, record in communes.items()
        if code not in placed
    ]
    return found


def _territory(record: Record) -> Territory:
    members = {member["code"]: int(member["populationMunicipale"]) for member in record["membres"]}
    return Territory(record["code"], record["nom"], record["type"], members)


def rows_of(records: dict[str, list[Record]]) -> list[tuple[Any, ...]]:
    """One row a territory under ``HEADINGS``, by department and code.

    Raises: ValueError on a commune in two territories, or in none of the departments.
    """
    places = {
        record["code"]: (record["departement"], record["region"])
        for record in records["communes"]
        if record["type"] == "commune-actuelle" and record["zone"] in ZONES_OF_DEPARTMENTS
    }
    found = territories_of(records)
    seen = Counter(commune for territory in found for commune in territory.members)
    if doubled := [commune for commune, times in seen.items() if times > 1]:
        raise ValueError(f"Communes in several territories: {doubled[:5]}.")
    if unknown := set(seen) - set(places):
        raise ValueError(f"Communes of no department: {sorted(unknown)[:5]}.")
    rows = [_row(territory, places) for territory in found]
    return sorted(rows, key=lambda row: (row[3], row[0]))


def _row(territory: Territory, places: dict[str, tuple[str, str]]) -> tuple[Any, ...]:
    """The row of one territory, placed where most of its people live."""
    people: dict[tuple[str, str], int] = defaultdict(int)
    for commune, count in territory.members.items():
        people[places[commune]] += count
    # Most people first; the lower code where two have as many.
    by_size = sorted(people, key=lambda place: (-people[place], place))
    department, region = by_size[0]
    regions = list(dict.fromkeys(place[1] for place in by_size))
    return (
        f"EPCI-{territory.siren}",
        territory.name,
        territory.kind,
        f"DEP-{department}",
        f"REG-{region}",
        " ".join(f"DEP-{place[0]}" for place in by_size),
        " ".join(f"REG-{place}" for place in regions),
        len(territory.members),
        sum(people.values()),
    )


def fetched(folder: Path) -> Path:
    """The package, fetched into ``folder`` by the npm client."""
    done = subprocess.run(
        ["npm", "pack", PACKAGE, "--silent", "--pack-destination", str(folder)],
        check=True,
        capture_output=True,
        text=True,
    )
    return folder / done.stdout.split()[-1]


def main() -> None:
    """Writes the table and says what it holds."""
    parser = argparse.ArgumentParser(description="Make epci.csv.")
    parser.add_argument("package", nargs="?", type=Path, help="the package, else npm fetches it")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        rows = rows_of(read_package(given.package or fetched(Path(folder))))
    with (HERE / "epci.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([HEADINGS, *rows])
    several = sum(" " in row[5] for row in rows)
    sys.stdout.write(
        f"epci.csv: {len(rows)} territories, {sum(row[8] for row in rows)} people, {several} over "
        f"several departments, {sum(' ' in row[6] for row in rows)} over several regions, kinds "
        f"{dict(Counter(row[2] for row in rows))}\n"
    )


if __name__ == "__main__":
    main()
