"""What each indicator means: the YAML definitions, validated once and read everywhere."""

from __future__ import annotations

from calendar import month_name
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, Any, Literal, Self

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from indicators.calendar import EVERY_MONTH

DEFINITIONS = Path(__file__).parent / "definitions"

Area = Literal[
    "PRADO",
    "Sophia",
    "Prévention",
    "Prescription",
    "Dépenses",
    "Accès aux soins",
    "Dématérialisation",
    "Relations avec les professionnels",
    "Indemnités journalières",
    "Établissements",
]
Better = Literal["higher", "lower", "none"]
Unit = Literal["proportion", "count", "eur", "days", "index"]
Share = Literal["nationale", "locale_cpam", "locale_drsm"]
RATIO_UNITS: frozenset[str] = frozenset({"proportion", "days"})


class CatalogueError(ValueError):
    """A definition is wrong; the message names the file and the field."""


class _Declared(BaseModel):
    """Declared data: immutable, and a misspelt field is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)


class Aggregation(_Declared):
    """How values add up over territories and over the months of a year.

    ``sum`` adds counts, ``ratio_of_sums`` divides Σ numerators by Σ denominators, ``last`` takes
    the last month known (stocks); ``not_additive`` means that no aggregate can be computed.
    """

    territories: Literal["sum", "ratio_of_sums", "not_additive"]
    months: Literal["sum", "last", "ratio_of_sums"]


class Source(_Declared):
    """Where the figures come from: the system, our kind of extract, and the official definition."""

    system: str = Field(min_length=1)
    extract: Literal["cpg", "cog", "interessement", "gini"]
    definition: str = Field(min_length=1)


class InteressementLine(_Declared):
    """One published line of the profit-sharing agreement; its weight comes from the extract.

    ``read_on`` names the indicators of the CPG on which the line is read, in equal parts, where its
    own criterion is not in the CPG; empty where none stands for it.
    """

    year: int = Field(ge=2014, le=2100)
    share: Share
    label: str = Field(min_length=1)
    read_on: tuple[str, ...] = ()


class Indicator(_Declared):
    """One indicator as declared in ``definitions/<code>.yaml``.

    Attributes:
        code: stable identifier, also the name of the file.
        title, short: French; ``short`` fits one line of a tooltip.
        numerator, denominator: French; ``denominator`` is None for what is not a ratio.
        unit: of the value as stored: a ``proportion`` lies in [0, 1] until it is formatted.
        unit_label: French unit as written beside a figure.
        better: the direction of improvement; with ``none`` there is no attainment.
        objective_kind: ``yearly_cumulated`` (reached by adding months), ``yearly_level`` (a level
            held at the end of the year), ``yearly_change`` (published as a change), ``none``.
        counts_patients: the count, or the numerator of the ratio, counts patients or documents
            about patients: 1 to 10 is hidden from whoever lacks the right to small numbers.
        components: codes of the indicators whose sum this one is.
        delay_days: days from the end of the period until its figures are usually available.
        sent_months: months of the year that figures are sent for; all of them where left out.
        cog_code: the code published for the COG, where the indicator is in it.
        interessement: the published lines that this indicator answers.
    """

    code: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    title: str = Field(min_length=1)
    short: str = Field(min_length=1, max_length=120)
    area: Area
    sort_order: int = Field(ge=0)
    numerator: str = Field(min_length=1)
    denominator: str | None
    unit: Unit
    unit_label: str = Field(min_length=1)
    better: Better
    aggregation: Aggregation
    objective_kind: Literal["yearly_cumulated", "yearly_level", "yearly_change", "none"]
    counts_patients: bool
    suppression: Literal["none", "patients_1_to_10"]
    components: tuple[str, ...]
    source: Source
    frequency: Literal["monthly", "quarterly", "yearly"]
    delay_days: int = Field(ge=0)
    sent_months: tuple[Annotated[int, Field(ge=1, le=12)], ...] = Field(
        default=EVERY_MONTH, min_length=1
    )
    formula: str = Field(min_length=1)
    reading_notes: tuple[str, ...] = Field(min_length=1)
    cog_code: str | None
    in_cpg: bool
    interessement: tuple[InteressementLine, ...]

    @model_validator(mode="after")
    def _fields_agree(self) -> Self:
        """Refuse a definition whose fields contradict one another."""
        is_ratio = self.unit in RATIO_UNITS
        rules = (
            (is_ratio == (self.denominator is not None), "denominator: given for ratios only"),
            (
                is_ratio or "ratio_of_sums" not in self.aggregation.model_dump().values(),
                f"aggregation: ratio_of_sums does not fit the unit {self.unit}",
            ),
            (
                not (is_ratio and self.aggregation.territories == "sum"),
                "aggregation: rates are never added over territories",
            ),
            (
                self.counts_patients == (self.suppression == "patients_1_to_10"),
                "suppression: patients_1_to_10 goes with counts_patients, none without",
            ),
            (self.code not in self.components, "components: an indicator is not part of itself"),
        )
        for holds, sentence in rules:
            if not holds:
                raise ValueError(sentence)
        return self

    @property
    def moves_by_steps(self) -> bool:
        """Whether it is a stock of establishments, joined one by one until none is left to join.

        Such a figure has no monthly habit, hence no control chart.
        """
        return self.aggregation.months == "last" and not self.counts_patients


@cache
def catalogue() -> Mapping[str, Indicator]:
    """Every indicator by code, in display order; read and validated once per process."""
    return MappingProxyType(load(DEFINITIONS))


def load(folder: Path) -> dict[str, Indicator]:
    """The indicators declared in ``folder``, by code, in display order.

    Raises: CatalogueError naming file and field on the first definition that is wrong.
    """
    declared = [_read(path) for path in sorted(folder.glob("*.yaml"))]
    if not declared:
        raise CatalogueError(f"{folder.name}: no definition found.")
    declared.sort(key=lambda indicator: indicator.sort_order)
    indicators = {indicator.code: indicator for indicator in declared}
    _check_uniqueness(declared)
    _check_components(indicators)
    _check_readings(indicators)
    return indicators


def _read(path: Path) -> Indicator:
    try:
        content: Any = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise CatalogueError(f"{path.name}: not readable as YAML: {error}") from error
    if not isinstance(content, dict):
        raise CatalogueError(f"{path.name}: expected a mapping of fields.")
    try:
        indicator = Indicator.model_validate(content)
    except ValidationError as error:
        raise CatalogueError(f"{path.name}: {_sentences(error)}") from error
    if indicator.code != path.stem:
        raise CatalogueError(f"{path.name}: code: {indicator.code!r} is not the file's name.")
    return indicator


def _sentences(error: ValidationError) -> str:
    """The failures of one definition, each as ``field: reason``."""
    reasons = []
    for failure in error.errors():
        field = ".".join(str(part) for part in failure["loc"])
        reason = failure["msg"].removeprefix("Value error, ")
        reasons.append(f"{field}: {reason}" if field else reason)
    return "; ".join(reasons)


def _check_uniqueness(declared: Iterable[Indicator]) -> None:
    """Refuse two indicators of one place, one COG code or one line of the intéressement."""
    taken: dict[tuple[Any, ...], str] = {}
    for indicator in declared:
        claims: list[tuple[Any, ...]] = [("sort_order", indicator.sort_order)]
        if indicator.cog_code is not None:
            claims.append(("cog_code", indicator.cog_code))
        claims += [
            ("interessement", line.year, line.share, line.label) for line in indicator.interessement
        ]
        for claim in claims:
            if claim in taken:
                told = " ".join(str(part) for part in claim[1:])
                raise CatalogueError(
                    f"{indicator.code}.yaml: {claim[0]}: {told} is already that of {taken[claim]}."
                )
            taken[claim] = indicator.code


def _check_components(indicators: Mapping[str, Indicator]) -> None:
    """Refuse a sum whose parts do not exist or do not add up as the sum does."""
    for indicator in indicators.values():
        for code in indicator.components:
            part = indicators.get(code)
            if part is None:
                raise CatalogueError(f"{indicator.code}.yaml: components: unknown code {code!r}.")
            if (part.unit, part.aggregation) != (indicator.unit, indicator.aggregation):
                raise CatalogueError(
                    f"{indicator.code}.yaml: components: {code} has another unit or aggregation."
                )


def _check_readings(indicators: Mapping[str, Indicator]) -> None:
    """Refuse a line read on what is not in the CPG, or read elsewhere though its own is."""
    for indicator in indicators.values():
        for line in indicator.interessement:
            if line.read_on and indicator.in_cpg:
                raise CatalogueError(f"{indicator.code}.yaml: read_on: the CPG has the line's own.")
            for code in line.read_on:
                if code not in indicators or not indicators[code].in_cpg:
                    raise CatalogueError(
                        f"{indicator.code}.yaml: read_on: {code!r} is no indicator of the CPG."
                    )


def as_markdown() -> str:
    """The catalogue as the text of ``docs/indicators.md``, by area, in display order."""
    lines = [
        "# Indicators",
        "",
        "Generated from `indicators/definitions/*.yaml` by `indicators.catalogue.as_markdown()`;",
        "change the YAML, not this page. What readers see is in French, as on the screens.",
    ]
    area = None
    for indicator in catalogue().values():
        if indicator.area != area:
            area = indicator.area
            lines += ["", f"## {area}"]
        lines += ["", *_section(indicator)]
    return "\n".join(lines) + "\n"


def _section(indicator: Indicator) -> list[str]:
    """The lines of one indicator: what it says, how it is computed, how to read it."""
    rows = [
        ("Numerator", indicator.numerator),
        ("Denominator", indicator.denominator),
        ("Formula", indicator.formula),
        ("Unit", f"{indicator.unit_label} (`{indicator.unit}`)"),
        ("Better", f"`{indicator.better}`"),
        ("Over territories", f"`{indicator.aggregation.territories}`"),
        ("Over months", f"`{indicator.aggregation.months}`"),
        ("Objective", f"`{indicator.objective_kind}`"),
        ("Sum of", ", ".join(f"`{code}`" for code in indicator.components)),
        ("Small numbers", "1 to 10 hidden" if indicator.counts_patients else "shown"),
        ("Source", f"{indicator.source.system} (`{indicator.source.extract}`)"),
        ("Definition", indicator.source.definition),
        ("Frequency", f"{indicator.frequency}, after about {indicator.delay_days} days"),
        ("Months sent", "" if indicator.sent_months == EVERY_MONTH else _months(indicator)),
        ("COG code", indicator.cog_code),
        ("In the CPG", "yes" if indicator.in_cpg else "no"),
        ("Intéressement", "; ".join(_told(line) for line in indicator.interessement)),
    ]
    table = [f"| {name} | {value} |" for name, value in rows if value]
    notes = [f"- {note}" for note in indicator.reading_notes]
    heading = [f"### {indicator.title}", "", f"`{indicator.code}`. {indicator.short}", ""]
    return [*heading, "| | |", "|---|---|", *table, "", *notes]


def _months(indicator: Indicator) -> str:
    return ", ".join(month_name[month] for month in indicator.sent_months)


def _told(line: InteressementLine) -> str:
    read_on = ", ".join(f"`{code}`" for code in line.read_on)
    return f"{line.year} {line.share}: {line.label}" + (f" (read on {read_on})" if read_on else "")
