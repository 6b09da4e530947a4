"""The files that the page of imports gives: a checked file back, a model, a schema."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from exports.checked_workbook import MIME, checked_workbook
from exports.contract_template import JSON_MIME, schema_json, template_workbook


def contract_file(kind: str, contract: str) -> tuple[str, str, bytes]:
    """Name, MIME type and bytes of a contract's ``template`` (XLSX) or ``schema`` (JSON).

    Raises: KeyError where there is no such contract.
    """
    if kind == "template":
        return f"modele_{contract}.xlsx", MIME, template_workbook(contract)
    return f"{contract}.schema.json", JSON_MIME, schema_json(contract)


def checked_file(path: Path, name: str, report: Mapping[str, Any]) -> tuple[str, str, bytes]:
    """Name, MIME type and bytes of a received file with what was found in it.

    Args:
        path: the bytes as received.
        name: the name that the sender gave it.
        report: the file's part of a draft's report.
    """
    stem = name.rpartition(".")[0] or name
    return f"{stem}_annote.xlsx", MIME, checked_workbook(path, report)
