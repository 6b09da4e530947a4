"""The stages at which a file is checked, and what each says of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from data.contracts.model import UNREADABLE_RULES, Contract, contracts

Stage = Literal["file", "structure", "cells", "identities", "coherence"]
Verdict = Literal["pass", "advisory", "fail"]
REPORT_VERSION = 2
"""Raised when what a report holds changes: one of a former version is made again."""

STAGES: tuple[Stage, ...] = ("file", "structure", "cells", "identities", "coherence")

INFORMATION = frozenset({"reading", "note_line"})
"""How the file had to be read: told, and nothing to decide."""

_FILE = {"unreadable_file", "reading", "unknown_contract"}
_STRUCTURE = {
    *("unrecognised", "ambiguous", "missing_column", "doubled_heading", "unmapped_headings"),
    *("twin_sheet", "no_rows", "cut_row", "short_row", "long_row", "note_line", "told_outside"),
    *("scaled", "unclear_scale", "part_only", "hidden_sheet", "absent_column"),
}
_CELLS = {
    *UNREADABLE_RULES.values(),
    *("formula_without_value", "missing_value", "percent_refused", "percent_without_sign"),
    *("fractional_number", "out_of_range", "ambiguous_number", "reading_remark"),
    "proportions",
}
_COHERENCE = {
    *("value_withdrawn", "objective_changed"),
    *("unit_changed", "values_swapped", "correction_superseded"),
}
_COHERENT_KINDS = {"over_former_year", "sources_agree", "missing_departments"}
_STRUCTURE_KINDS = {"absent_column"}


@dataclass(frozen=True)
class Advisory:
    """The findings of one rule in one file, to be signed off together."""

    file: str
    rule: str
    total: int
    sentence: str


def stage_of(rule: str, contract: str | None) -> Stage:
    """The stage at which a rule is checked."""
    name = rule.rpartition(".")[2]
    if name in _FILE:
        return "file"
    if name in _STRUCTURE:
        return "structure"
    if name in _COHERENCE:
        return "coherence"
    if name in _CELLS:
        return "cells"
    declared = contracts().get(contract or "")
    return "cells" if declared is None else _stage_of_check(rule, declared)


def _stage_of_check(rule: str, contract: Contract) -> Stage:
    for check in contract.checks:
        if check.id != rule:
            continue
        if check.kind in _STRUCTURE_KINDS:
            return "structure"
        if check.kind in _COHERENT_KINDS:
            return "coherence"
        is_alone = check.kind == "row" and len(check.columns) < 2 and not check.expected
        return "cells" if is_alone else "identities"
    return "cells"


def is_information(rule: str) -> bool:
    """Whether a finding only tells how the file was read."""
    return rule.rpartition(".")[2] in INFORMATION


def verdicts(file: Mapping[str, Any]) -> dict[Stage, Verdict | None]:
    """What each stage says of a checked file; None for the stages that it did not reach.

    Args:
        file: one file of a draft's report, with ``contract, errors, warnings``.
    """
    found: dict[Stage, Verdict] = {}
    for finding in (*file["errors"], *file["warnings"]):
        stage = stage_of(finding["rule"], file["contract"])
        if finding["severity"] == "error":
            found[stage] = "fail"
        elif not is_information(finding["rule"]):
            found.setdefault(stage, "advisory")
    blocked = False
    said: dict[Stage, Verdict | None] = {}
    for stage in STAGES:
        said[stage] = None if blocked and stage not in found else found.get(stage, "pass")
        # Without a structure there is no cell to read; one bad cell does not hide the others.
        blocked = blocked or (stage in {"file", "structure"} and said[stage] == "fail")
    if file["errors"] and "coherence" not in found:
        said["coherence"] = None
    return said


def advisories(files: Iterable[Mapping[str, Any]]) -> list[Advisory]:
    """What is to be signed off before publishing: one a rule of each file that passes."""
    found = []
    for file in files:
        if file["errors"]:
            continue
        first: dict[str, str] = {}
        for finding in file["warnings"]:
            if not is_information(finding["rule"]):
                first.setdefault(finding["rule"], finding["sentence"])
        found += [
            Advisory(file["name"], rule, int(file["totals"].get(rule, 1)), sentence)
            for rule, sentence in first.items()
        ]
    return found
