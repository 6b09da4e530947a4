"""What to send: for each contract, a workbook to fill in and a JSON Table Schema."""

from __future__ import annotations

import io
import json
from typing import Any

from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from data.contracts.model import NUMBER_TYPES, Column, Contract, contracts
from data.reference.professions import professions
from data.reference.territories import territories
from exports.checked_workbook import AUTHOR, MIME, write_safely
from indicators.catalogue import catalogue

__all__ = ["JSON_MIME", "MIME", "schema_json", "template_workbook"]

JSON_MIME = "application/json"
LAST_LINE = 5000
HEAD = PatternFill("solid", start_color="E3E8F8")
TYPE_WORDS = {
    "caisse": "code d’une caisse",
    "territory": "code d’un territoire",
    "place": "caisse ou département",
    "indicator": "code d’un indicateur",
    "procedure": "geste",
    "month": "mois (AAAA-MM)",
    "year": "année",
    "date": "date (AAAA-MM-JJ)",
    "integer": "nombre entier",
    "number": "nombre",
    "percent": "pour cent",
    "text": "texte",
    "boolean": "oui ou non",
    "choice": "un mot de la liste",
    "zone": "territoire",
    "profession": "profession",
    "breakdown": "tranche",
}
SCHEMA_TYPES = {
    "month": "yearmonth",
    "year": "year",
    "date": "date",
    "integer": "integer",
    "number": "number",
    "percent": "number",
    "boolean": "boolean",
}
YES_NO = ("oui", "non")


def template_workbook(contract: str) -> bytes:
    """XLSX model of a contract: headings with notes, lists to choose from, two example rows.

    Its second sheet says each column and rule in words; the lists stand in a third one.

    Raises: KeyError where there is no such contract.
    """
    declared = contracts()[contract]
    book = Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    sheet.title = "Données"
    lists = book.create_sheet("Listes")
    for at, column in enumerate(declared.columns, start=1):
        _head(sheet, at, column)
        _validate(sheet, lists, at, column)
    for row, example in enumerate(declared.template_rows[:2], start=2):
        for at, column in enumerate(declared.columns, start=1):
            if example.get(column.name):
                write_safely(sheet.cell(row, at), example[column.name])
                sheet.cell(row, at).font = Font(italic=True, color="666666")
    sheet.freeze_panes = "A2"
    _explain(book.create_sheet("Mode d’emploi", 1), declared)
    saved = io.BytesIO()
    book.save(saved)
    return saved.getvalue()


def _head(sheet: Worksheet, at: int, column: Column) -> None:
    cell = sheet.cell(1, at, column.title)
    cell.font, cell.fill = Font(bold=True), HEAD
    cell.alignment = Alignment(wrap_text=True, vertical="top")
    note = Comment(f"{_type_words(column)}. {column.description}", AUTHOR)
    note.width, note.height = 320, 110
    cell.comment = note
    sheet.column_dimensions[get_column_letter(at)].width = max(14, min(len(column.title) + 4, 34))


def _type_words(column: Column) -> str:
    words = TYPE_WORDS[column.type]
    filled = ", obligatoire" if column.required or column.filled else ""
    return f"{words[0].upper()}{words[1:]}{filled}{f' ({column.unit})' if column.unit else ''}"


def accepted_values(column: Column) -> list[str]:
    """The values that a column takes, where they are a list; empty where they are not."""
    if column.choices:
        return [words[0] for words in column.choices.values()]
    if column.type == "boolean":
        return list(YES_NO)
    if column.type == "indicator":
        return list(catalogue())
    if column.type == "profession":
        return [profession.name for profession in professions().values()]
    frame = territories()
    if column.type == "caisse":
        return sorted(frame.loc[frame["level"] == "caisse", "territory_code"])
    if column.type == "territory":
        return sorted(frame["territory_code"])
    return []


def _validate(sheet: Worksheet, lists: Worksheet, at: int, column: Column) -> None:
    letter = get_column_letter(at)
    values = accepted_values(column)
    rule: DataValidation | None = None
    if values:
        place = get_column_letter(lists.max_column + (1 if lists["A1"].value else 0))
        lists[f"{place}1"] = column.title
        for row, value in enumerate(values, start=2):
            write_safely(lists[f"{place}{row}"], value)
        source = f"Listes!${place}$2:${place}${len(values) + 1}"
        rule = DataValidation(type="list", formula1=source, allow_blank=not column.filled)
    elif column.type in NUMBER_TYPES:
        rule = DataValidation(
            type="whole" if column.type == "integer" else "decimal",
            operator="between",
            allow_blank=True,
            formula1=_bound(column.min, -1e15),
            formula2=_bound(column.max, 1e15),
        )
    elif column.type == "year":
        rule = DataValidation(type="whole", operator="between", formula1="1990", formula2="2100")
    if rule is None:
        return
    rule.showErrorMessage = True
    rule.errorTitle, rule.error = column.title[:32], f"Attendu : {TYPE_WORDS[column.type]}."
    rule.add(f"{letter}2:{letter}{LAST_LINE}")
    sheet.add_data_validation(rule)


def _bound(value: float | None, default: float) -> str:
    return f"{default if value is None else value:.15g}"


def _explain(sheet: Worksheet, declared: Contract) -> None:
    lines: list[tuple[str, ...]] = [
        (declared.title,),
        (declared.description,),
        (f"Une ligne : {declared.grain}",),
        ("Les deux lignes en italique sont des exemples : remplacez-les par vos données.",),
        (),
        ("Colonne", "Ce qu’elle attend", "Ce qu’elle dit", "Autres titres acceptés"),
    ]
    lines += [
        (
            column.title,
            _type_words(column),
            column.description,
            ", ".join(dict.fromkeys(h for h in column.headings if h != column.title)),
        )
        for column in declared.columns
    ]
    lines += [(), ("Règle", "Si elle n’est pas tenue", "Ce qui est dit")]
    words = {"error": "le fichier est refusé", "warning": "à signer avant de publier"}
    lines += [(check.id, words[check.severity], check.sentence) for check in declared.checks]
    for row, line in enumerate(lines, start=1):
        for at, value in enumerate(line, start=1):
            if value:
                write_safely(sheet.cell(row, at), value, is_number_read=False)
                sheet.cell(row, at).alignment = Alignment(wrap_text=at > 1, vertical="top")
        if line and line[0] in {declared.title, "Colonne", "Règle"}:
            for cell in sheet[row]:
                cell.font = Font(bold=True)
    for letter, width in zip("ABCD", (34, 32, 70, 60), strict=True):
        sheet.column_dimensions[letter].width = width


def schema_json(contract: str) -> bytes:
    """JSON Table Schema (specs.frictionlessdata.io/table-schema) of a contract.

    Raises: KeyError where there is no such contract.
    """
    declared = contracts()[contract]
    schema = {
        "$schema": "https://specs.frictionlessdata.io/schemas/table-schema.json",
        "name": declared.contract,
        "title": declared.title,
        "description": declared.description,
        "fields": [_field(column) for column in declared.columns],
        "primaryKey": list(declared.key),
        "missingValues": [""],
    }
    return json.dumps(schema, ensure_ascii=False, indent=2).encode()


def _field(column: Column) -> dict[str, Any]:
    constraints: dict[str, Any] = {}
    if column.required:
        constraints["required"] = column.filled
    for name, bound in (("minimum", column.min), ("maximum", column.max)):
        if bound is not None:
            constraints[name] = bound
    values = accepted_values(column)
    if values:
        constraints["enum"] = values
    field: dict[str, Any] = {
        "name": column.name,
        "title": column.title,
        "type": SCHEMA_TYPES.get(column.type, "string"),
        "description": column.description,
        "rdfType": f"vigie:{column.type}",
        "alternatives": list(column.headings),
    }
    if column.type == "boolean":
        field |= {"trueValues": ["oui"], "falseValues": ["non"]}
        constraints.pop("enum", None)
    if column.unit:
        field["unit"] = column.unit
    if constraints:
        field["constraints"] = constraints
    return field
