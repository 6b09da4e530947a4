"""How many milliseconds does each question take, and does its cost grow with history?"""

from __future__ import annotations

import itertools
import time
from collections.abc import Sequence
from typing import Any

from access.scope import Scope
from bench.child import measured_in_child
from bench.demonstration import served_build
from bench.measured import Line, median, quantile
from data.reference.territories import bridge, territories
from data.store.home import Home
from queries.run import Parameter, question, questions, run

P95_AIM_MS = 15.0
REPETITIONS = 5
SAMPLE = 60
CASES_PER_QUESTION = 24
REGION = "REG-84"

# What people ask: the years of the demonstration, a territory of each level, a count and a rate.
TYPICAL: dict[str, tuple[str | int, ...]] = {
    "year": (2016, 2017, 2015, 2014),
    "level": ("region", "departement", "drsm", "caisse", "ancienne_region", "national"),
    "territory": ("REG-84", "CPAM-43", "DEP-69", "DRSM-AUVERGNE", "FR"),
    "caisse": ("CPAM-43", "CPAM-691", "CPAM-38"),
    "vaccine": ("flu_65_plus", "hpv_girls_dose1_15"),
    "indicator": (
        "prado_chirurgie_adhesions",
        "generiques_penetration",
        "prado_pathologies_chroniques_etablissements",
    ),
    "profile": (REGION, "REG-11"),
    "members": (
        "CPAM-01,CPAM-02,CPAM-03,CPAM-04,CPAM-05",
        "CPAM-06,CPAM-07,CPAM-08,CPAM-09,CPAM-10",
    ),
    "profession": ("infirmiers", "sages_femmes", "omnipraticiens"),
    "from": ("2016-01", "2015-04"),
    "to": ("2016-12", "2017-09"),
    "volet": ("chirurgie", "maternite", "ensemble"),
    "finess": ("000690003", "000380002"),
    "within": (REGION, "REG-11", "DRSM-AUVERGNE"),
}


def scopes() -> list[Scope]:
    """Two people: one who sees everything, one who sees a region."""
    below = bridge().query("ancestor_code == @REGION")["descendant_code"]
    return [
        _scope("national", "FR", tuple(sorted(territories()["territory_code"]))),
        _scope("dcgdr", REGION, tuple(sorted(set(below)))),
    ]


def _scope(role: str, home_territory: str, codes: tuple[str, ...]) -> Scope:
    return Scope(
        person="bench",
        role=role,
        territories=codes,
        small_numbers=codes,
        actions=("see",),
        home_territory=home_territory,
        label=home_territory,
    )


def typical_values(parameter: Parameter) -> tuple[str | int | None, ...]:
    """What people give a parameter.

    Raises: KeyError for a parameter that neither lists its values nor stands in ``TYPICAL``.
    """
    if parameter.name in TYPICAL:
        values: tuple[str | int | None, ...] = TYPICAL[parameter.name]
    elif "|" in parameter.kind:
        values = tuple(parameter.kind.split("|"))
    else:
        raise KeyError(f"No typical value for the parameter {parameter.name!r}.")
    return (None, *values) if parameter.is_optional else values


def typical_cases(name: str) -> list[dict[str, Any]]:
    """Parameters that a question is typically asked with, ``CASES_PER_QUESTION`` at most."""
    parameters = question(name).parameters
    combined = list(itertools.product(*(typical_values(parameter) for parameter in parameters)))
    step = max(1, len(combined) // CASES_PER_QUESTION)
    return [
        dict(zip((parameter.name for parameter in parameters), values, strict=True))
        for values in combined[::step][:CASES_PER_QUESTION]
    ]


def ask_all(*build_ids: str) -> dict[str, dict[str, dict[str, list[float]]]]:
    """Milliseconds of every question, case and scope, by build and question, in this process.

    One warm-up for each case opens the build and fills the file cache: a served page finds both.
    Several builds are asked in turn, so that a slow moment of the machine falls on all of them.
    """
    milliseconds: dict[str, dict[str, list[float]]] = {build_id: {} for build_id in build_ids}
    for name in questions():
        cases = list(itertools.product(typical_cases(name), scopes()))
        repetitions = max(REPETITIONS, SAMPLE // len(cases))
        for case, scope in cases:
            for turn in range(repetitions + 1):
                for build_id in build_ids:
                    started = time.perf_counter()
                    run(name, scope, build_id, **case)
                    seconds = time.perf_counter() - started
                    if turn:
                        milliseconds[build_id].setdefault(name, []).append(seconds * 1000)
    return {"milliseconds": milliseconds}


def measure_questions(home: Home) -> list[Line]:
    """p50 and p95 of every question, and of all of them together."""
    build_id = served_build(home)
    asked = measured_in_child("bench.questions:ask_all", build_id, home=home)
    return lines_of(asked["milliseconds"][build_id], asked["peak_mb"])


def lines_of(milliseconds: dict[str, list[float]], peak_mb: float) -> list[Line]:
    """All questions together, then one by one."""
    everything = list(itertools.chain.from_iterable(milliseconds.values()))
    return [
        Line("queries", "all questions, p50", median(everything), "ms"),
        Line("queries", "all questions, p95", quantile(everything, 0.95), "ms", P95_AIM_MS),
        *(_line(name, taken) for name, taken in milliseconds.items()),
        Line("queries", "peak memory of the process that asks", peak_mb, "MB"),
    ]


def _line(name: str, taken: Sequence[float]) -> Line:
    note = f"p50 {median(taken):.1f} ms, n={len(taken)}"
    return Line("queries", f"{name}, p95", quantile(taken, 0.95), "ms", P95_AIM_MS, note)
