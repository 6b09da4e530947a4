"""How wrong is the landing? Every closed year of the demonstration, landed month by month.

``python -m bench.landing`` prints the tables of ``docs/landing.md``; ``python -m bench landing``
the summary beside the other measures. The same data give the same figures: nothing is timed.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from bench.measured import Line
from data.demo.generate import demonstration
from data.reference.territories import territories
from data.store.home import Home
from indicators.catalogue import catalogue
from indicators.landing import Landing, landing, usual_year

FIRST_MONTH, LAST_MONTH = 3, 11
COVERAGE = 0.8
FloatArray = npt.NDArray[np.float64]


class Panel(NamedTuple):
    """One cumulated indicator over the caisses and the closed years.

    ``flows`` has shape (caisses, years, 12), ``objective`` (caisses, years), NaN where missing.
    """

    indicator_code: str
    better: str
    years: tuple[int, ...]
    caisse_codes: tuple[str, ...]
    flows: FloatArray
    objective: FloatArray


def demonstration_panels() -> list[Panel]:
    """The cumulated indicators of the demonstration's extracts; a year without December is open."""
    rows = demonstration()
    month = rows["Mois"].str[5:].astype(int)
    rows = rows.assign(year=rows["Mois"].str[:4].astype(int), month=month)
    years = tuple(sorted(rows.loc[month == 12, "year"].unique()))
    panels = []
    for code, indicator in catalogue().items():
        own = rows[(rows["Indicateur"] == code) & rows["year"].isin(years)]
        if indicator.aggregation.months == "sum" and len(own):
            panels.append(_panel(code, indicator.better, years, own))
    return panels


def _panel(code: str, better: str, years: tuple[int, ...], rows: pd.DataFrame) -> Panel:
    caisse_codes = tuple(sorted(rows["Caisse"].unique()))
    cells = pd.MultiIndex.from_product([caisse_codes, years, range(1, 13)])
    keyed = rows.set_index(["Caisse", "year", "month"]).reindex(cells)
    shape = (len(caisse_codes), len(years), 12)
    flows = keyed["Réalisé"].to_numpy(dtype=float, na_value=np.nan).reshape(shape)
    objective = pd.to_numeric(keyed["Objectif annuel"], errors="coerce").to_numpy(dtype=float)
    return Panel(code, better, years, caisse_codes, flows, objective.reshape(shape)[:, :, -1])


def regions_of(caisse_codes: Sequence[str]) -> npt.NDArray[np.object_]:
    """The region of each caisse."""
    regions = territories().set_index("territory_code")["region_code"]
    return regions.reindex(list(caisse_codes)).to_numpy(dtype=object)


def backtest(panels: Sequence[Panel], with_profile: bool = True) -> pd.DataFrame:
    """Every caisse and closed year landed at each month from March to November, beside its end.

    Only former years serve; the first year has none and is landed by the run-rate. Cases without a
    total, or where nothing was reached yet, are left out: they have no relative error.

    Args:
        panels: as ``demonstration_panels()`` gives them.
        with_profile: False lands by own former years alone, whatever their number.

    Columns: indicator_code, year, former_years, months, caisse_code, method, landed, naive (both
    over the year's total), is_held, width (of the interval, over the landing), probability,
    is_reached, naive_chance (0 or 1); the last three NaN without an objective.
    """
    return pd.DataFrame(
        [case for panel in panels for case in _cases(panel, with_profile)], columns=CASE_COLUMNS
    )


CASE_COLUMNS = [
    "indicator_code",
    "year",
    "former_years",
    "months",
    "caisse_code",
    "method",
    "landed",
    "naive",
    "is_held",
    "width",
    "probability",
    "is_reached",
    "naive_chance",
]


def _cases(panel: Panel, with_profile: bool) -> Iterator[tuple[object, ...]]:
    regions = regions_of(panel.caisse_codes)
    for number, year in enumerate(panel.years):
        history = panel.flows[:, :number]
        known = usual_year(history, regions) if with_profile else None
        for months in range(FIRST_MONTH, LAST_MONTH + 1):
            errors = None if known is None else known.spread(months)
            for row, caisse_code in enumerate(panel.caisse_codes):
                flows = panel.flows[row, number]
                if not (flows.sum() > 0 and flows[:months].sum() > 0):
                    continue
                found = landing(
                    history[row],
                    flows[:months],
                    panel.objective[row, number],
                    None if known is None else known.shares[regions[row]],
                    COVERAGE,
                    errors=errors,
                    better=panel.better,
                )
                place = (panel.indicator_code, year, number, months, caisse_code)
                yield *place, *_outcome(found, flows, panel.objective[row, number], panel.better)


def _outcome(
    found: Landing, flows: FloatArray, objective: float, better: str
) -> tuple[object, ...]:
    """How a landing stands beside the year's end."""
    if found.value is None or found.lower is None or found.upper is None:
        raise ValueError("A landing needs a known month.")
    total, naive = float(flows.sum()), found.total * 12 / found.months
    sign = -1 if better == "lower" else 1
    judged = found.probability is not None
    return (
        found.method,
        found.value / total,
        naive / total,
        found.lower <= total <= found.upper,
        (found.upper - found.lower) / found.value,
        found.probability if judged else np.nan,
        float(sign * total >= sign * objective) if judged else np.nan,
        float(sign * naive >= sign * objective) if judged else np.nan,
    )


def scores(cases: pd.DataFrame, by: list[str]) -> pd.DataFrame:
    """The backtest in short, one row a group.

    Columns: cases, landing_error, naive_error (median absolute error over the year's total),
    landing_mean, naive_mean (their means), coverage, width (median), brier, naive_brier.
    """
    squared = cases.assign(
        landing_error=(cases["landed"] - 1).abs(),
        naive_error=(cases["naive"] - 1).abs(),
        brier=(cases["probability"] - cases["is_reached"]) ** 2,
        naive_brier=(cases["naive_chance"] - cases["is_reached"]) ** 2,
    )
    return squared.groupby(by).agg(
        cases=("landed", "size"),
        landing_error=("landing_error", "median"),
        naive_error=("naive_error", "median"),
        landing_mean=("landing_error", "mean"),
        naive_mean=("naive_error", "mean"),
        coverage=("is_held", "mean"),
        width=("width", "median"),
        brier=("brier", "mean"),
        naive_brier=("naive_brier", "mean"),
    )


def calibration(cases: pd.DataFrame) -> pd.DataFrame:
    """Announced chances by fifths beside what happened: cases, announced, reached (proportions)."""
    fifths = (cases["probability"] * 5).clip(upper=4.999).floordiv(1)
    judged = cases.assign(fifth=fifths).dropna(subset=["probability"])
    return judged.groupby("fifth").agg(
        cases=("probability", "size"),
        announced=("probability", "mean"),
        reached=("is_reached", "mean"),
    )


def report(panels: Sequence[Panel]) -> dict[str, str]:
    """The tables of ``docs/landing.md``, Markdown, by the name under which they stand there."""
    cases = backtest(panels)
    later = cases[cases["former_years"] > 0]
    own = backtest(panels, with_profile=False)
    own = own[own["former_years"] > 0]
    return {
        "by month": _scores_table(_overall_and_by_month(later), "months known"),
        "by year": _scores_table(scores(cases, ["year"]), "year"),
        "by indicator": _scores_table(scores(later, ["indicator_code", "year"]), "indicator, year"),
        "own years only": _scores_table(scores(own, ["year"]), "year"),
        "chances": _calibration_table(calibration(later)),
    }


def _overall_and_by_month(cases: pd.DataFrame) -> pd.DataFrame:
    """The scores of all cases, then month by month."""
    overall = scores(cases.assign(every="all"), ["every"])
    return pd.concat([overall, scores(cases, ["months"])])


def _scores_table(found: pd.DataFrame, heading: str) -> str:
    lines = [
        f"| {heading} | cases | error | run-rate's | mean error | run-rate's | held | width "
        "| Brier | run-rate's |",
        "|---|---|---|---|---|---|---|---|---|---|",
    ]
    for key, row in found.iterrows():
        name = ", ".join(map(str, key)) if isinstance(key, tuple) else str(key)
        percents = ["landing_error", "naive_error", "landing_mean", "naive_mean"]
        shown = [f"{100 * row[column]:.1f} %" for column in percents]
        shown += [f"{100 * row['coverage']:.0f} %", f"{100 * row['width']:.0f} %"]
        shown += [f"{row['brier']:.3f}", f"{row['naive_brier']:.3f}"]
        lines.append(f"| {name} | {row['cases']:.0f} | {' | '.join(shown)} |")
    return "\n".join(lines)


def _calibration_table(found: pd.DataFrame) -> str:
    lines = ["| announced | cases | mean announced | reached |", "|---|---|---|---|"]
    for fifth, row in found.iterrows():
        low = 20 * int(str(fifth).split(".")[0])
        lines.append(
            f"| {low} to {low + 20} % | {row['cases']:.0f} | {100 * row['announced']:.0f} % "
            f"| {100 * row['reached']:.0f} % |"
        )
    return "\n".join(lines)


def measure_landing(home: Home | None = None) -> list[Line]:
    """The landing's median error over the run-rate's, by month; the interval's hold in the note.

    Args:
        home: not used: closed years of the demonstration are the same in every home.
    """
    cases = backtest(demonstration_panels())
    later = cases[cases["former_years"] > 0]
    lines = []
    for key, row in _overall_and_by_month(later).iterrows():
        name = f"{key} months known" if key != "all" else "all months"
        note = (
            f"{100 * row['landing_error']:.1f} % against {100 * row['naive_error']:.1f} %; "
            f"{100 * COVERAGE:.0f} % interval holds {100 * row['coverage']:.0f} %; Brier "
            f"{row['brier']:.3f} against {row['naive_brier']:.3f}; n={row['cases']:.0f}"
        )
        ratio = float(row["landing_error"] / row["naive_error"])
        lines.append(Line("landing", f"{name}: error / run-rate's", ratio, "×", 1.0, note))
    return lines


if __name__ == "__main__":
    for title, text in report(demonstration_panels()).items():
        print(f"\n{title}\n\n{text}")
