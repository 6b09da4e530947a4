"""What became of each file of an import, and what history keeps of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from data.contracts.finding import Finding
from data.ingestion.preview import Preview
from data.ingestion.stages import verdicts
from data.ingestion.validate import Validation

COUNTED = ("added", "moved", "withdrawn", "unchanged", "flips")


@dataclass(frozen=True)
class Outcome:
    """What became of one file.

    ``state``: ``published | already_published | rejected | checked`` (dry run, it would pass).
    """

    file_name: str
    state: str
    sentence: str
    extract_id: str | None = None
    build_id: str | None = None
    validation: Validation | None = None
    preview: Preview | None = None

    @property
    def errors(self) -> Sequence[Finding]:
        """What rejected the file, empty when nothing did."""
        return self.validation.errors if self.validation else ()

    @property
    def warnings(self) -> Sequence[Finding]:
        """What is shown beside the figures."""
        return self.validation.warnings if self.validation else ()


@dataclass(frozen=True)
class ImportRecord:
    """What history keeps of an import.

    ``files``: the fate of each file and what each stage said; ``effect``: counts by contract.
    """

    files: Sequence[Mapping[str, Any]]
    effect: Mapping[str, Mapping[str, int]]


def record_of(outcomes: Sequence[Outcome]) -> ImportRecord:
    """What history keeps of these files."""
    effect = {
        contract: {name: getattr(found, name) for name in COUNTED}
        for contract, found in previews(outcomes).items()
    }
    return ImportRecord([_file_record(outcome) for outcome in outcomes], effect)


def previews(outcomes: Sequence[Outcome]) -> dict[str, Preview]:
    """The effect of the import by contract."""
    return {
        str(outcome.validation.contract): outcome.preview
        for outcome in outcomes
        if outcome.preview is not None and outcome.validation is not None
    }


def _file_record(outcome: Outcome) -> dict[str, Any]:
    validation = outcome.validation
    found = {
        "contract": validation.contract if validation else None,
        "errors": [finding.as_dict() for finding in outcome.errors],
        "warnings": [finding.as_dict() for finding in outcome.warnings],
    }
    return {
        "file_name": outcome.file_name,
        "state": outcome.state,
        "sentence": outcome.sentence,
        "extract_id": outcome.extract_id,
        "contract": found["contract"],
        "error_total": validation.error_total if validation else 0,
        "warning_total": validation.warning_total if validation else 0,
        "stages": verdicts(found),
    }
