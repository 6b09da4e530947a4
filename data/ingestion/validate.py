"""One received file → its rows typed and checked, or every reason why not."""

from __future__ import annotations

import os
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import duckdb

from data.contracts.finding import Finding
from data.contracts.model import contracts
from data.ingestion import loading, sentences
from data.ingestion.checks import run_checks
from data.ingestion.collected import Collected, Rows
from data.ingestion.parts_counted import sentences_of_parts
from data.ingestion.read import ReadError, Received, Sheet, read
from data.ingestion.recognise import (
    AS_RECOGNISED,
    Candidate,
    ReadingChoice,
    Recognition,
    likely_heading,
    missing_column_sentence,
    recognise,
)
from data.ingestion.typed_rows import write_parquet
from data.ingestion.unfold import LINES_APART
from data.ingestion.yearly_sheets import joined_years
from data.reference.professions import professions

THREADS = 2
SENTENCES_PER_RULE = 1000


@dataclass(frozen=True)
class Validation:
    """What was found in a file.

    Attributes:
        contract: the contract's name, null when none was recognised.
        reason: one French sentence: why this contract, or why none.
        candidates: contracts tried that have at least two columns in the file, best first.
        sheet, header_row: where the headings stand (null for CSV; line as a person counts).
        mapping: contract column → heading as the file writes it.
        unmapped: headings that no column of the contract takes; they are not kept.
        row_count: lines of data; rejected_rows: those with at least one error.
        errors, warnings: findings, at most ``SENTENCES_PER_RULE`` a rule.
        error_total, warning_total: how many there are in all; totals: by rule.
        parquet: the typed rows, null when there is an error.
    """

    contract: str | None
    reason: str
    candidates: tuple[tuple[str, float], ...] = ()
    sheet: str | None = None
    header_row: int | None = None
    mapping: dict[str, str] = field(default_factory=dict)
    unmapped: tuple[str, ...] = ()
    row_count: int = 0
    rejected_rows: int = 0
    errors: tuple[Finding, ...] = ()
    warnings: tuple[Finding, ...] = ()
    error_total: int = 0
    warning_total: int = 0
    totals: dict[str, int] = field(default_factory=dict)
    parquet: Path | None = None


def validate(
    path: Path,
    file_name: str,
    contract: str | None,
    out: Path,
    use_big_path: bool | None = None,
    choice: ReadingChoice = AS_RECOGNISED,
) -> Validation:
    """Read, recognise, map, type and check a file; every failure is collected.

    Args:
        path: the bytes as received.
        file_name: the name to use in sentences; it decides nothing.
        contract: the contract to hold it against, or null to recognise one.
        out: where the Parquet file goes when there is no error; never left half written.
        use_big_path: overrides the choice of reader by size.
        choice: the sheet, the line of headings and the headings that a person told.
    """
    if contract is not None and contract not in contracts():
        known = ", ".join(contracts())
        return _refused(
            None,
            f"contrat inconnu : « {contract} ». Contrats connus : {known}.",
            "extract.unknown_contract",
            file_name,
        )
    try:
        received = read(path, use_big_path)
    except ReadError as error:
        return _refused(contract, str(error), "extract.unreadable_file", file_name)
    recognition = recognise(received, contract, file_name, choice)
    if choice.sheet is None and choice.header_row is None:
        recognition = joined_years(recognition)
    if recognition.chosen is None:
        return _not_recognised(received, recognition, contract, file_name)
    if recognition.chosen.missing:
        return _incomplete(recognition, recognition.chosen, file_name)
    try:
        return _checked(received, recognition, recognition.chosen, file_name, out)
    except loading.NotRegularError:
        return validate(path, file_name, contract, out, use_big_path=False, choice=choice)


def _checked(
    received: Received,
    recognition: Recognition,
    candidate: Candidate,
    file_name: str,
    out: Path,
) -> Validation:
    declared = contracts()[candidate.contract]
    connection = duckdb.connect(
        config={"threads": THREADS, "temp_directory": str(out.parent / f"{out.name}.spill")}
    )
    try:
        loaded = loading.load(connection, declared, candidate)
        rows = Rows(connection, declared, candidate, file_name)
        collected = Collected(SENTENCES_PER_RULE)
        _tell_reading(received, recognition, loaded, rows, collected)
        run_checks(rows, collected, loaded.numbers)
        if collected.error_total == 0:
            partial = out.with_name(f"{out.name}.partial")
            lines_apart = LINES_APART if candidate.headings or candidate.parts else None
            sheets = [part.sheet.name for part in candidate.parts or (candidate,)]
            write_parquet(connection, declared, sheets, partial, lines_apart)
            os.replace(partial, out)
        return _validation(recognition, candidate, loaded, collected, rows, out)
    finally:
        connection.close()


def _validation(
    recognition: Recognition,
    candidate: Candidate,
    loaded: loading.Loaded,
    collected: Collected,
    rows: Rows,
    out: Path,
) -> Validation:
    return Validation(
        contract=candidate.contract,
        reason=recognition.reason,
        candidates=_scores(recognition),
        sheet=candidate.sheet.name,
        header_row=candidate.header_row,
        mapping=dict(candidate.mapping),
        unmapped=candidate.unmapped,
        row_count=loaded.row_count,
        rejected_rows=collected.rejected_rows,
        errors=tuple(collected.errors),
        warnings=tuple(collected.warnings),
        error_total=collected.error_total,
        warning_total=collected.warning_total,
        totals=dict(collected.totals),
        parquet=out if collected.error_total == 0 else None,
    )


def _tell_reading(
    received: Received,
    recognition: Recognition,
    loaded: loading.Loaded,
    rows: Rows,
    collected: Collected,
) -> None:
    """Findings about how the file had to be read: encodings, notes, cut rows, headings."""
    candidate = rows.candidate
    for remark in received.remarks:
        collected.add(rows.finding("reading", "warning", remark))
    if loaded.row_count == 0:
        sentence = "aucune ligne de données sous les titres. Vérifiez que le bon fichier est parti."
        collected.add(rows.finding("no_rows", "error", sentence, row=candidate.header_row))
    for at, part in enumerate(candidate.parts or (candidate,)):
        line = part.header_row + (at * LINES_APART if candidate.parts else 0)
        for sentence in sentences_of_parts(rows.contract, part):
            collected.add(rows.finding("part_only", "error", sentence, line))
    for name, heading in candidate.doubled:
        sentence = (
            f"plusieurs colonnes ont le titre « {heading} » : laquelle lire ? Renommez celles qui "
            "sont de trop."
        )
        collected.add(
            rows.finding("doubled_heading", "error", sentence, candidate.header_row, name)
        )
    if candidate.unmapped:
        told = ", ".join(sentences.quoted(heading) for heading in candidate.unmapped[:12])
        sentence = f"colonnes inconnues du contrat, non gardées : {told}. Rien d’autre n’est perdu."
        collected.add(rows.finding("unmapped_headings", "warning", sentence, candidate.header_row))
    if candidate.sheet.is_hidden:
        sentence = (
            "la feuille lue est masquée dans le classeur : aucune feuille visible ne convient. "
            "Vérifiez que c’est bien elle qu’on voulait envoyer."
        )
        collected.add(rows.finding("hidden_sheet", "warning", sentence))
    for twin in recognition.twins:
        sentence = (
            f"la feuille « {twin.sheet.name} » a les mêmes colonnes et n’est pas lue. Réunissez "
            "les feuilles en une seule ou envoyez-les séparément."
        )
        collected.add(rows.finding("twin_sheet", "warning", sentence))
    _tell_published_form(rows, collected)
    _tell_lines(loaded, rows, collected)
    _tell_uncomputed(rows, collected)


def _tell_published_form(rows: Rows, collected: Collected) -> None:
    """What was read outside of the rows, and how a wide table was unfolded."""
    candidate = rows.candidate
    for name, (text, where) in candidate.constants.items():
        column = rows.contract.column(name)
        said = professions()[text].name if column.type == "profession" else text
        said = column.choices[text][0] if text in column.choices else said
        sentence = (
            f"aucune colonne « {column.title} » : {sentences.quoted(said)} est "
            f"lu {where}, pour toutes les lignes. Vérifiez."
        )
        collected.add(rows.finding("told_outside", "warning", sentence, column=name, value=text))
    if candidate.parts:
        names = sorted(part.sheet.name or "" for part in candidate.parts)
        sentence = (
            f"{len(names)} feuilles sont lues, de « {names[0]} » à « {names[-1]} » : l’année de "
            "chacune est celle de son nom. Vérifiez."
        )
        collected.add(rows.finding("told_outside", "warning", sentence, column="year"))
    if candidate.scale > 1:
        factor = sentences.written(float(candidate.scale))
        sentence = f"le titre donne l’unité : les valeurs sont multipliées par {factor}."
        collected.add(rows.finding("scaled", "warning", sentence, candidate.header_row))
    _tell_scales(rows, collected)
    for line, text in candidate.notes:
        sentence = f"{sentences.quoted(text)} n’a aucun nombre : lu comme une note, non gardée."
        collected.add(rows.finding("note_line", "warning", sentence, line, value=text))


def _tell_scales(rows: Rows, collected: Collected) -> None:
    """What the cells were multiplied by, or why nobody can say by what they should be."""
    candidate = rows.candidate
    who = "un titre au-dessus du tableau" if candidate.is_scaled_above else "le titre"
    for name, scale in candidate.scales.items():
        row = candidate.header_row
        if scale is None:
            sentence = (
                f"{who} donne une unité (milliers, millions…) qui ne va pas à coup sûr avec cette "
                "colonne. Écrivez l’unité dans le titre de la colonne, ou les valeurs à l’unité."
            )
            collected.add(rows.finding("unclear_scale", "error", sentence, row, name))
        else:
            factor = sentences.written(float(scale))
            sentence = f"{who} donne l’unité : les valeurs sont multipliées par {factor}."
            collected.add(rows.finding("scaled", "warning", sentence, row, name))


def _tell_uncomputed(rows: Rows, collected: Collected) -> None:
    columns = {position: name for name, position in rows.candidate.positions.items()}
    for line, position in rows.candidate.sheet.uncomputed:
        if line >= rows.candidate.first_data_row and position in columns:
            sentence = (
                "la formule n’a pas de valeur enregistrée : la cellule serait lue vide. Ouvrez le "
                "classeur dans un tableur, enregistrez-le de nouveau, ou écrivez la valeur."
            )
            collected.add(
                rows.finding("formula_without_value", "error", sentence, line, columns[position]),
                line,
            )


def _tell_lines(loaded: loading.Loaded, rows: Rows, collected: Collected) -> None:
    for line, text in loaded.notes:
        sentence = f"{sentences.quoted(text)} est lu comme une note sous le tableau, non gardée."
        collected.add(rows.finding("note_line", "warning", sentence, line, value=text))
    for line, text in loaded.cut:
        sentence = (
            f"ligne coupée, qui ne contient que {sentences.quoted(text)}. Complétez-la ou "
            "retirez-la."
        )
        collected.add(rows.finding("cut_row", "error", sentence, line, value=text), line)
    for line, count in loaded.short:
        sentence = (
            f"la ligne n’a que {count} cellules : celles qui manquent à la fin sont lues comme "
            "vides. Vérifiez qu’elle n’est pas tronquée."
        )
        collected.add(rows.finding("short_row", "warning", sentence, line))
    for line, count in loaded.without_measure:
        sentence = (
            f"ligne coupée, qui n’a que {count} cellules : sa valeur manque. Complétez-la ou "
            "retirez-la ; pour retirer une valeur publiée, laissez la cellule vide entre ses "
            "séparateurs."
        )
        collected.add(rows.finding("cut_row", "error", sentence, line), line)
    for line, count in loaded.long:
        sentence = (
            f"la ligne a {count} cellules, plus que de titres : un séparateur doit se trouver dans "
            "une cellule. Mettez cette cellule entre guillemets."
        )
        collected.add(rows.finding("long_row", "error", sentence, line), line)


def _refused(contract: str | None, sentence: str, rule: str, file_name: str) -> Validation:
    finding = Finding(rule, contract or "", "error", sentences.place(file_name) + sentence)
    return Validation(
        contract,
        f"{sentence[0].upper()}{sentence[1:]}",
        errors=(finding,),
        error_total=1,
        totals={rule: 1},
    )


def _not_recognised(
    received: Received, recognition: Recognition, contract: str | None, file_name: str
) -> Validation:
    sheet, header_row = likely_heading(received) or (received.sheets[0], None)
    rule = f"extract.{recognition.rule}"
    sentence = sentences.place(file_name, sheet.name, header_row) + recognition.reason
    finding = Finding(rule, contract or "", "error", sentence, sheet=sheet.name, row=header_row)
    remarks = tuple(
        Finding("extract.reading", contract or "", "warning", sentences.place(file_name) + remark)
        for remark in received.remarks
    )
    reason = recognition.reason
    return Validation(
        contract=contract,
        reason=f"{reason[0].upper()}{reason[1:]}",
        candidates=_scores(recognition),
        sheet=sheet.name,
        header_row=header_row,
        row_count=_count_under(sheet, header_row),
        errors=(finding,),
        warnings=remarks,
        error_total=1,
        warning_total=len(remarks),
        totals=dict(Counter([rule, *(remark.rule for remark in remarks)])),
    )


def _incomplete(recognition: Recognition, candidate: Candidate, file_name: str) -> Validation:
    declared = contracts()[candidate.contract]
    rule = declared.rule("missing_column")
    where = sentences.place(file_name, candidate.sheet.name, candidate.header_row)
    findings = tuple(
        Finding(
            rule,
            declared.contract,
            "error",
            where
            + missing_column_sentence(
                declared.column(name), name in declared.told, candidate.unmapped
            ),
            sheet=candidate.sheet.name,
            row=candidate.header_row,
            column=declared.column(name).title,
            measure=name,
        )
        for name in candidate.missing
    )
    return Validation(
        contract=declared.contract,
        reason=recognition.reason,
        candidates=_scores(recognition),
        sheet=candidate.sheet.name,
        header_row=candidate.header_row,
        mapping=dict(candidate.mapping),
        unmapped=candidate.unmapped,
        row_count=_count_under(candidate.sheet, candidate.first_data_row - 1),
        errors=findings,
        error_total=len(findings),
        totals={rule: len(findings)},
    )


def _count_under(sheet: Sheet, header_row: int | None) -> int:
    if sheet.big:
        return sheet.big.line_count - (header_row or 0)
    return sum(1 for line, _ in sheet.rows if line > (header_row or 0))


def _scores(recognition: Recognition) -> tuple[tuple[str, float], ...]:
    return tuple((found.contract, round(found.score, 3)) for found in recognition.candidates)
