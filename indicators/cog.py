"""Were the COG's objectives reached? Our verdict, the published one, and why they differ.

Every year is judged against the objective of that year. The source gives one verdict for the whole
period, so it is compared with the latest year that can be judged. Where several figures were
published for one thing all are kept; the verdict that each would give says whether it matters.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import groupby
from typing import Any, Literal

import pandas as pd

from indicators.attainment import attainment, status
from indicators.catalogue import catalogue
from indicators.cog_reading import CogReading, OtherValue, published_reading

Verdict = Literal["attained", "not_attained", "not_assessable"]
PublishedVerdict = Literal["attained", "partly", "not_attained", "none"]
Agreement = Literal["agrees", "differs", "not_comparable"]
Why = Literal[
    "missing_value",
    "no_objective",
    "target_of_another_year",
    "objective_in_words",
    "objective_not_positive",
    "no_direction",
    "no_published_verdict",
    "revised_objective",
    "sources_disagree",
    "rounding",
    "another_year",
    "judged_together",
    "contradicts_figures",
]
DoubtCode = Literal[
    "contradicts_figures",
    "revised_objective",
    "sources_disagree",
    "rounding",
    "uncertain_reading",
    "inconsistent_series",
    "other_object",
    "misplaced",
    "carried_over",
    "earlier_year",
    "sign_convention",
]

TARGET_YEAR = 2017
"""The year of ``target_2017``, the last one of the COG."""

MEASURED_UNITS = frozenset({"%", "jours"})
"""Units of rounded measures; everything else is counted, so that an equality is exact."""

DECISIVE_CAUTIONS = frozenset({"uncertain_reading", "inconsistent_series", "other_object"})
"""Cautions that leave the figure itself, and so any verdict, in question."""

ROUNDING_SLACK = 1e-9

PUBLISHED_WORDS: Mapping[str, PublishedVerdict] = {
    "oui": "attained",
    "partielle": "partly",
    "partiellement": "partly",
    "non": "not_attained",
}


@dataclass(frozen=True)
class Doubt:
    """A reason to doubt a verdict.

    ``is_decisive`` where the verdict itself may depend on it. ``others`` are the figures behind a
    disagreement or a revision.
    """

    code: DoubtCode
    year: int
    is_decisive: bool = False
    others: tuple[OtherValue, ...] = ()


@dataclass(frozen=True)
class YearVerdict:
    """One year of an indicator.

    Attributes:
        realised, objective: in the indicator's unit, None where not published.
        attainment: proportion of the objective reached, None where it cannot be judged.
        verdict: ours, from the figures of the extract.
        lacking: why there is none, where it is ``not_assessable``.
        others: the other figures published, those equal at their rounding left out.
        agreement, why: how ours stands to the published verdict, and the coded reason where it
            does not agree.
        doubts: those about this year.
    """

    year: int
    realised: float | None
    objective: float | None
    attainment: float | None
    verdict: Verdict
    lacking: Why | None
    others: tuple[OtherValue, ...]
    agreement: Agreement = "not_comparable"
    why: Why | None = None
    doubts: tuple[Doubt, ...] = ()


@dataclass(frozen=True)
class CogIndicator:
    """An indicator of the COG over its years.

    Attributes:
        published_word: the source's word; ``published``: what it means.
        better: direction of improvement, None where the catalogue does not know the code.
        judged: the latest year that can be judged; None where none can.
        together: the years judged of all indicators that share the published verdict, by code.
    """

    fiche: str
    code: str
    cog_type: str
    label: str
    unit: str
    better: str | None
    target: float | None
    published_word: str
    published: PublishedVerdict
    note: str
    years: tuple[YearVerdict, ...]
    judged: YearVerdict | None
    together: Mapping[str, Verdict]

    @property
    def verdict(self) -> Verdict:
        """Our verdict on the latest year that can be judged."""
        return "not_assessable" if self.judged is None else self.judged.verdict

    @property
    def agreement(self) -> Agreement:
        """How that verdict stands to the published one."""
        return "not_comparable" if self.judged is None else self.judged.agreement

    @property
    def why(self) -> Why | None:
        """Why the two do not agree."""
        return self.years[-1].lacking if self.judged is None else self.judged.why

    @property
    def doubts(self) -> tuple[Doubt, ...]:
        """Doubts about any year, the decisive ones and the latest years first."""
        every = [doubt for year in self.years for doubt in year.doubts]
        return tuple(sorted(every, key=lambda doubt: (not doubt.is_decisive, -doubt.year)))

    @property
    def is_doubtful(self) -> bool:
        """Whether anything, decisive or not, is to be known of a verdict before it is quoted."""
        return any(year.doubts for year in self.years)

    @property
    def has_decisive_doubt(self) -> bool:
        """Whether a verdict may depend on a doubt: it is then said doubtful."""
        return any(doubt.is_decisive for doubt in self.doubts)

    @property
    def has_reserve_only(self) -> bool:
        """Whether something is to be known of a verdict, that changes none."""
        return self.is_doubtful and not self.has_decisive_doubt

    @property
    def target_attainment(self) -> tuple[int, float] | None:
        """The latest year published and the proportion of the target of 2017 reached by then."""
        known = [year for year in self.years if year.realised is not None]
        if not known or self.better is None:
            return None
        reached = attainment(known[-1].realised, self.target, self.better)
        return None if reached is None else (known[-1].year, reached)


def verdict_of(realised: float | None, objective: float | None, better: str | None) -> Verdict:
    """Whether ``realised`` reaches ``objective``, both in one unit.

    Not assessable where a value or the direction (``higher | lower``) is missing, and where the
    objective is zero or negative: a ratio to it would say the reverse of what happened.
    """
    if better is None:
        return "not_assessable"
    said = status(attainment(realised, objective, better))
    if said == "not_applicable":
        return "not_assessable"
    return "attained" if said == "attained" else "not_attained"


def published_verdict(word: Any) -> PublishedVerdict:
    """What the source's word means; « s.o » and anything unknown is no verdict."""
    return PUBLISHED_WORDS.get(str(word).strip().lower(), "none")


def directions() -> dict[str, str]:
    """Direction of improvement (``higher | lower | none``) by COG code, from the catalogue."""
    return {
        indicator.cog_code: indicator.better
        for indicator in catalogue().values()
        if indicator.cog_code is not None
    }


def scorecard(
    rows: pd.DataFrame,
    better: Mapping[str, str] | None = None,
    reading: CogReading | None = None,
) -> list[CogIndicator]:
    """Every indicator with its years judged, by fiche, results before monitoring, then code.

    Args:
        rows: as ``queries.cog.indicators`` gives them, one per code and year.
        better: direction by COG code; the catalogue's without it.
        reading: what else was published; ``cog_reading.yaml`` without it.
    """
    known = directions() if better is None else better
    read = published_reading() if reading is None else reading
    lines = sorted(
        rows.to_dict("records"),
        key=lambda row: (
            number_key(row["fiche"]),
            row["cog_type"],
            row["cog_code"],
            row["year"],
        ),
    )
    alone = [
        _indicator(list(group), _direction(known.get(code)), read)
        for code, group in groupby(lines, key=lambda row: row["cog_code"])
    ]
    judged = {indicator.code: indicator.verdict for indicator in alone}
    return [_compared(indicator, judged, read) for indicator in alone]


def number_key(number: str) -> tuple[tuple[int, str], ...]:
    """Sort key of a number such as ``7.10``, which stands after ``7.9``."""
    parts = str(number).split(".")
    return tuple((int(part), "") if part.isdigit() else (10**6, part) for part in parts)


def _direction(better: str | None) -> str | None:
    return better if better in {"higher", "lower"} else None


def _indicator(
    rows: Sequence[Mapping[str, Any]], better: str | None, reading: CogReading
) -> CogIndicator:
    """The indicator judged year by year, not yet compared with the published verdict."""
    last = rows[-1]
    years = tuple(_year(row, better, reading) for row in rows)
    assessable = [year for year in years if year.verdict != "not_assessable"]
    word = _text(last["published_verdict"])
    return CogIndicator(
        fiche=str(last["fiche"]),
        code=last["cog_code"],
        cog_type=last["cog_type"],
        label=last["label"],
        unit=_text(last["unit"]),
        better=better,
        target=_number(last["target_2017"]),
        published_word=word,
        published=published_verdict(word),
        note=_text(last["note"]),
        years=years,
        judged=assessable[-1] if assessable else None,
        together={},
    )


def _year(row: Mapping[str, Any], better: str | None, reading: CogReading) -> YearVerdict:
    code, year, unit = row["cog_code"], int(row["year"]), _text(row["unit"])
    realised, objective = _number(row["realised"]), _number(row["objective"])
    target = _number(row["target_2017"])
    if objective is None and year == TARGET_YEAR:
        objective = target
    verdict = verdict_of(realised, objective, better)
    others = tuple(
        other
        for other in reading.others(code, year)
        if not same_when_rounded(
            other.value, realised if other.measure == "realised" else objective
        )
    )
    lacking = None
    if verdict == "not_assessable":
        in_words = code in reading.objectives_in_words
        lacking = _lacking(realised, objective, target, better, in_words)
    judged = YearVerdict(
        year=year,
        realised=realised,
        objective=objective,
        attainment=None if better is None else attainment(realised, objective, better),
        verdict=verdict,
        lacking=lacking,
        others=others,
    )
    cautions = tuple(
        Doubt(kind, year, is_decisive=kind in DECISIVE_CAUTIONS)
        for kind in reading.cautions_of(code, year)
    )
    return replace(judged, doubts=(*_doubts_of_figures(judged, better, unit), *cautions))


def _lacking(
    realised: float | None,
    objective: float | None,
    target: float | None,
    better: str | None,
    is_in_words: bool,
) -> Why:
    """Why a year cannot be judged."""
    if realised is None:
        return "missing_value"
    if objective is None:
        if is_in_words:
            return "objective_in_words"
        return "no_objective" if target is None else "target_of_another_year"
    return "no_direction" if better is None else "objective_not_positive"


def _doubts_of_figures(judged: YearVerdict, better: str | None, unit: str) -> list[Doubt]:
    """Other figures published for what is known here, and a value at the edge of its objective."""
    doubts = []
    kinds: tuple[tuple[DoubtCode, str], ...] = (
        ("revised_objective", "revised"),
        ("sources_disagree", "other_source"),
    )
    for code, kind in kinds:
        others = tuple(
            other
            for other in judged.others
            if other.kind == kind and getattr(judged, other.measure) is not None
        )
        if others:
            is_decisive = judged.verdict != "not_assessable" and any(
                verdict_with(judged, other, better) != judged.verdict for other in others
            )
            doubts.append(Doubt(code, judged.year, is_decisive, others))
    if misplaced := tuple(other for other in judged.others if other.kind == "misplaced"):
        doubts.append(Doubt("misplaced", judged.year, others=misplaced))
    if unit in MEASURED_UNITS and depends_on_rounding(judged):
        doubts.append(Doubt("rounding", judged.year, is_decisive=True))
    return doubts


def verdict_with(judged: YearVerdict, other: OtherValue, better: str | None) -> Verdict:
    """The verdict that another published figure gives in place of the extract's."""
    realised = other.value if other.measure == "realised" else judged.realised
    objective = other.value if other.measure == "objective" else judged.objective
    return verdict_of(realised, objective, better)


def depends_on_rounding(judged: YearVerdict) -> bool:
    """Whether the rounding of the figures decides.

    Either the exact value may lie on both sides of the objective, or a value that misses the
    objective equals it once written with the objective's own decimals.
    """
    if judged.verdict == "not_assessable" or judged.realised is None or judged.objective is None:
        return False
    if abs(judged.realised - judged.objective) <= _half_step(judged.realised) + ROUNDING_SLACK:
        return True
    return judged.verdict == "not_attained" and same_when_rounded(judged.realised, judged.objective)


def same_when_rounded(first: float, second: float | None) -> bool:
    """Whether two published figures are one figure written with more or fewer decimals."""
    if second is None:
        return False
    coarser = max(_half_step(first), _half_step(second))
    return abs(first - second) <= coarser + ROUNDING_SLACK if first != second else True


def decimals_of(value: float) -> int:
    """Decimals with which a published figure is written: 42.1 has one, 42.0 none."""
    exponent = Decimal(repr(float(value))).normalize().as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def _half_step(value: float) -> float:
    return 0.5 * 10.0 ** -decimals_of(value)


def _compared(
    indicator: CogIndicator, judged: Mapping[str, Verdict], reading: CogReading
) -> CogIndicator:
    """The indicator with each year set beside the published verdict."""
    codes = reading.together(indicator.code)
    together = {code: judged[code] for code in codes if code in judged}
    shared = replace(indicator, together=together)
    years = tuple(_compared_year(year, shared) for year in indicator.years)
    if indicator.judged is None:
        return replace(shared, years=years)
    latest = next(year for year in years if year.year == indicator.judged.year)
    doubts = latest.doubts
    if latest.agreement == "differs":
        doubts = (Doubt("contradicts_figures", latest.year, is_decisive=True), *doubts)
    if latest.year < years[-1].year and indicator.published != "none":
        doubts = (*doubts, Doubt("earlier_year", latest.year))
    latest = replace(latest, doubts=doubts)
    years = tuple(latest if year.year == latest.year else year for year in years)
    return replace(shared, years=years, judged=latest)


def _compared_year(year: YearVerdict, indicator: CogIndicator) -> YearVerdict:
    if year.verdict == "not_assessable":
        return replace(year, why=year.lacking)
    if indicator.published == "none":
        return replace(year, why="no_published_verdict")
    if _agrees(year, indicator):
        return replace(year, agreement="agrees")
    return replace(year, agreement="differs", why=_why(year, indicator))


def _agrees(year: YearVerdict, indicator: CogIndicator) -> bool:
    if indicator.published != "partly":
        return year.verdict == indicator.published
    # A partial verdict is right where some of what it judges is attained and some is not.
    if len(indicator.together) > 1:
        return {"attained", "not_attained"} <= set(indicator.together.values())
    return {"attained", "not_attained"} <= {other.verdict for other in indicator.years}


def _why(year: YearVerdict, indicator: CogIndicator) -> Why:
    """The first reason that explains a published verdict unlike ours."""
    wanted = indicator.published
    for doubt in year.doubts:
        given = {verdict_with(year, other, indicator.better) for other in doubt.others}
        if doubt.code == "revised_objective" and wanted in given:
            return "revised_objective"
        if doubt.code == "sources_disagree" and wanted in given:
            return "sources_disagree"
        if doubt.code == "rounding" and wanted != "partly":
            return "rounding"
    # The published verdict closes the period: a former year may well have gone otherwise.
    if indicator.judged is not None and year.year < indicator.judged.year:
        return "another_year"
    if len(indicator.together) > 1:
        return "judged_together"
    is_of_a_former_year = any(other.verdict == wanted for other in indicator.years)
    return "another_year" if is_of_a_former_year else "contradicts_figures"


def _number(value: Any) -> float | None:
    return None if value is None or pd.isna(value) else float(value)


def _text(value: Any) -> str:
    return "" if value is None or pd.isna(value) else str(value)
