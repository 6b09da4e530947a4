"""What the published tables say of the COG's indicators besides the figures of the extract."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

READING = Path(__file__).parent / "cog_reading.yaml"

Measure = Literal["realised", "objective"]
OtherKind = Literal["other_source", "revised", "misplaced"]
CautionKind = Literal[
    "uncertain_reading", "inconsistent_series", "other_object", "carried_over", "sign_convention"
]


class CogReadingError(ValueError):
    """The declaration is wrong; the message names the field."""


class _Declared(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)


class OtherValue(_Declared):
    """Another figure published for the same indicator, year and measure; never averaged.

    ``value`` is in the unit of the row, ``source`` says in French where it is printed.
    """

    cog_code: str = Field(min_length=1)
    year: int = Field(ge=2014, le=2100)
    measure: Measure
    value: float
    kind: OtherKind
    source: str = Field(min_length=1)


class Caution(_Declared):
    """A reason to read a figure with care; ``year`` is None where it holds for all of them."""

    cog_code: str = Field(min_length=1)
    kind: CautionKind
    year: int | None = None


class CogReading(_Declared):
    """All that is declared about the published indicators.

    Attributes:
        other_values: figures that disagree with, revise or complete those of the extract.
        cautions: reasons to read a figure with care.
        objectives_in_words: codes whose objective is stated in words.
        judged_together: codes that share one published verdict.
    """

    other_values: tuple[OtherValue, ...] = ()
    cautions: tuple[Caution, ...] = ()
    objectives_in_words: frozenset[str] = frozenset()
    judged_together: tuple[tuple[str, ...], ...] = ()

    def others(self, cog_code: str, year: int) -> tuple[OtherValue, ...]:
        """The other figures of an indicator's year, as declared."""
        return tuple(
            other
            for other in self.other_values
            if other.cog_code == cog_code and other.year == year
        )

    def cautions_of(self, cog_code: str, year: int) -> tuple[CautionKind, ...]:
        """The reasons to read an indicator's year with care."""
        return tuple(
            caution.kind
            for caution in self.cautions
            if caution.cog_code == cog_code and caution.year in (None, year)
        )

    def together(self, cog_code: str) -> tuple[str, ...]:
        """The codes judged by the same published verdict, this one included."""
        for codes in self.judged_together:
            if cog_code in codes:
                return codes
        return (cog_code,)


@cache
def published_reading() -> CogReading:
    """The declaration of ``cog_reading.yaml``, read and checked once a process."""
    return read_declaration(READING)


def read_declaration(path: Path) -> CogReading:
    """The declaration in ``path``.

    Raises: CogReadingError naming the file and the fields that are wrong.
    """
    try:
        return CogReading.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))
    except (yaml.YAMLError, ValidationError) as error:
        raise CogReadingError(f"{path.name}: {error}") from error
