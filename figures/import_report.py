"""What the checks say of received files: stages, findings, cells in their lines, headings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from data.contracts.model import contracts
from data.ingestion.stages import STAGES, Stage, Verdict, is_information, stage_of, verdicts
from figures.formats import counted, number
from figures.grammar import capitalised
from figures.markup import attributes, fold, table, text
from figures.received import contract_name

STAGE_NAMES: Mapping[Stage, str] = {
    "file": "Fichier",
    "structure": "Structure",
    "cells": "Cellules",
    "identities": "Identités",
    "coherence": "Cohérence",
}
STAGE_NOTES: Mapping[Stage, str] = {
    "file": "le fichier se lit",
    "structure": "feuille, titres et lignes",
    "cells": "chaque valeur est du bon genre",
    "identities": "totaux, clés et parties s’accordent",
    "coherence": "rien ne contredit ce qui est publié",
}
VERDICTS: Mapping[Verdict | None, tuple[str, str, str]] = {
    "pass": ("▲", "Conforme", "fav"),
    "advisory": ("●", "À signer", "neu"),
    "fail": ("▼", "Refusé", "unf"),
    None: ("–", "Non contrôlé", "neu"),
}
STATES = {
    "checked": ("▲", "Peut être publié", "fav"),
    "rejected": ("▼", "Refusé", "unf"),
    "already_published": ("–", "Déjà publié", "neu"),
}
SENTENCES_SHOWN = 20
LINES_SHOWN = 15
CELLS_SHOWN = 12


def verdict_sign(verdict: Verdict | None) -> str:
    """The icon and word of what a stage says."""
    icon, word, hue = VERDICTS[verdict]
    return f'<span class="{hue} v-sign"><i>{icon}</i> {word}</span>'


def state_sign(state: str) -> str:
    """The icon and word of what becomes of a file."""
    icon, word, hue = STATES[state]
    return f'<span class="{hue} v-sign"><i>{icon}</i> {word}</span>'


def report_finding(files: Sequence[Mapping[str, Any]]) -> str:
    """How many files can be published, how many cannot."""
    if len(files) == 1:
        (file,) = files
        said = {
            "checked": "peut être publié",
            "rejected": "est refusé",
            "already_published": "est déjà publié",
        }[file["state"]]
        return f"{file['name']} {said}"
    ready = sum(file["state"] == "checked" for file in files)
    refused = sum(file["state"] == "rejected" for file in files)
    known = len(files) - ready - refused
    parts = [f"{counted(ready, 'fichier')} sur {len(files)} peut être publié"]
    if ready > 1:
        parts = [f"{number(ready)} fichiers sur {len(files)} peuvent être publiés"]
    if refused:
        parts.append(counted(refused, "refusé"))
    if known:
        parts.append(counted(known, "déjà publié"))
    return ", ".join(parts)


def stages_table(files: Sequence[Mapping[str, Any]]) -> str:
    """One line a file, one column a stage."""
    rows = []
    for file in files:
        said = verdicts(file)
        is_known = file["state"] == "already_published"
        stages = [verdict_sign(None if is_known else said[stage]) for stage in STAGES]
        rows.append(
            (
                text(file["name"]),
                state_sign(file["state"]),
                text(contract_name(file["contract"]) if file["contract"] else "Non reconnu")
                if not is_known
                else "–",
                number(file["row_count"]) if not is_known else "–",
                *stages,
            )
        )
    headings = ("Fichier", "Verdict", "Contrat", "Lignes", *STAGE_NAMES.values())
    return table("Étapes du contrôle par fichier", headings, rows, (3,), is_stacked=True)


def recognition_html(file: Mapping[str, Any]) -> str:
    """Why the file was taken for this contract, and where its table was found."""
    if file["state"] == "already_published":
        return f"<p>{text(file['sentence'])}</p>"
    if file["contract"] is None and file["errors"]:
        return ""  # the finding says why
    rejected = file["rejected_rows"]
    lines = counted(file["row_count"], "ligne")
    if rejected:
        lines += f", dont {number(rejected)} avec une erreur"
    others = [
        f"{contract_name(name)} ({round(score * 100)} %)"
        for name, score in file["candidates"]
        if name != file["contract"]
    ][:3]
    next_best = f" Contrats suivants : {', '.join(others)}." if others else ""
    reason = file["reason"]
    if known := contracts().get(file["contract"] or ""):
        reason = reason.replace(f"« {known.title} »", f"« {contract_name(known.contract)} »")
    return f"<p>{text(reason)} {text(lines)}.{text(next_best)}</p>"


def findings_html(file: Mapping[str, Any], key: str) -> str:
    """What each stage found, one sentence a finding, errors first, cut with its count.

    Args:
        file: one file of the report.
        key: what its folded parts are known by.
    """
    found_by_line = sorted(
        (*file["errors"], *file["warnings"]),
        key=lambda found: (found["severity"] != "error", found["sheet"] or "", found["row"] or 0),
    )
    by_stage: dict[Stage, list[Mapping[str, Any]]] = {}
    for found in found_by_line:
        by_stage.setdefault(stage_of(found["rule"], file["contract"]), []).append(found)
    totals: dict[Stage, int] = {}
    for rule, total in file["totals"].items():
        stage = stage_of(rule, file["contract"])
        totals[stage] = totals.get(stage, 0) + total
    parts = []
    for stage in STAGES:
        listed = by_stage.get(stage, [])
        if not listed:
            continue
        total = max(totals.get(stage, 0), len(listed))
        title = f"{STAGE_NAMES[stage]} : {counted(total, 'constat')}"
        lines = [(found, place_said(found["sentence"], file["name"])) for found in listed]
        parts.append(f"<h3>{text(title)}</h3>{_sentences(lines, total, f'{key}-{stage}')}")
    return "".join(parts)


Told = Sequence[tuple[Mapping[str, Any], str]]


def place_said(sentence: str, file_name: str) -> str:
    """The sentence of a finding where its file is already named: it starts at sheet or line."""
    for tail in (", ", " : "):
        if sentence.startswith(f"{file_name}{tail}"):
            return capitalised(sentence.removeprefix(f"{file_name}{tail}"))
    return capitalised(sentence)


def _sentences(listed: Told, total: int, key: str) -> str:
    shown, folded = listed[:SENTENCES_SHOWN], listed[SENTENCES_SHOWN : 5 * SENTENCES_SHOWN]
    html = _list(shown)
    if folded:
        html += fold(f"Voir {number(len(folded))} autres constats", _list(folded), key)
    left = total - len(shown) - len(folded)
    if left:
        html += (
            f'<p class="v-note">… et {number(left)} autres : tous sont dans le fichier annoté.</p>'
        )
    return html


def _list(listed: Told) -> str:
    items = []
    for found, sentence in listed:
        icon, hue = ("▼", "unf") if found["severity"] == "error" else ("●", "neu")
        if is_information(found["rule"]):
            icon = "–"
        items.append(f'<li><i class="{hue}">{icon}</i> {text(sentence)}</li>')
    return f'<ul class="v-said">{"".join(items)}</ul>'


def cells_grid(file: Mapping[str, Any]) -> str:
    """The lines that hold a bad cell, as the file writes them, that cell marked; empty without."""
    context = file["context"]
    if not context or not context["lines"]:
        return ""
    lines = {int(line): cells for line, cells in context["lines"].items()}
    marks = _marks(file, context["headings"])
    bad = [line for line in sorted(marks) if line in lines and line != context["header_row"]]
    if not bad:
        return ""
    width = min(max(len(context["headings"]), 1), CELLS_SHOWN)
    columns = _columns_shown(marks, bad[:LINES_SHOWN], width, len(context["headings"]))
    head = "".join(
        f'<th scope="col">{text(context["headings"][at] or "(sans titre)")}</th>' for at in columns
    )
    rows = "".join(_grid_row(line, lines[line], marks[line], columns) for line in bad[:LINES_SHOWN])
    cut = [] if len(bad) <= LINES_SHOWN else [f"{number(len(bad) - LINES_SHOWN)} autres lignes"]
    hidden = len(context["headings"]) - len(columns)
    if hidden > 0:
        cut.append(counted(hidden, "colonne sans constat", "colonnes sans constat"))
    more = f'<p class="v-note">Non montré ici : {" et ".join(cut)}.</p>' if cut else ""
    caption = f"Lignes à revoir de {file['name']}"
    return (
        f'<div class="v-scroll" tabindex="0" role="region" aria-label="{text(caption)}">'
        f'<table class="v-table v-cells"><caption>{text(caption)}</caption><thead><tr>'
        f'<th scope="col" class="num">Ligne</th>{head}</tr></thead><tbody>{rows}</tbody></table>'
        f"</div>{more}"
    )


Marks = dict[int | None, tuple[str, str]]


def _marks(file: Mapping[str, Any], headings: Sequence[str]) -> dict[int, Marks]:
    """Severity and sentence of each marked cell, by line then column (None: the whole line)."""
    position = {" ".join(name.split()): at for at, name in reversed(list(enumerate(headings)))}
    marks: dict[int, Marks] = {}
    for found in (*file["errors"], *file["warnings"]):
        if found["row"] is None or is_information(found["rule"]):
            continue
        named = " ".join((found["column"] or "").split())
        column = position.get(named) if named else None
        said = found["sentence"].partition(" : ")[2] or found["sentence"]
        marks.setdefault(found["row"], {}).setdefault(column, (found["severity"], said))
    return marks


def _columns_shown(
    marks: Mapping[int, Marks], lines: Sequence[int], width: int, count: int
) -> list[int]:
    """The first columns, and those of the marked cells wherever they stand."""
    marked = {at for line in lines for at in marks[line] if at is not None}
    others = [at for at in range(count) if at not in marked]
    room = max(width - len(marked), 0)
    return sorted(marked | set(others[:room]))


def _grid_row(line: int, cells: Sequence[str], marks: Marks, columns: Sequence[int]) -> str:
    whole = marks.get(None)
    written = []
    for at in columns:
        mark = marks.get(at)
        value = text(cells[at]) if at < len(cells) and cells[at] else '<i class="neu">vide</i>'
        if mark is None:
            written.append(f"<td>{value}</td>")
            continue
        kind = "bad" if mark[0] == "error" else "odd"
        sign = "▼" if mark[0] == "error" else "●"
        spoken = f'<span class="sr"> {text(mark[1])}</span>'
        title = attributes(title=mark[1])
        written.append(f'<td class="{kind}"{title}><i>{sign}</i> {value}{spoken}</td>')
    if whole is None:
        return f'<tr><th scope="row" class="num">{number(line)}</th>{"".join(written)}</tr>'
    kind, sign = ("bad", "▼") if whole[0] == "error" else ("odd", "●")
    spoken = f'<span class="sr"> {text(whole[1])}</span>'
    return (
        f'<tr><th scope="row" class="num {kind}"{attributes(title=whole[1])}><i>{sign}</i> '
        f"{number(line)}{spoken}</th>{''.join(written)}</tr>"
    )


def column_options(contract: str) -> dict[str, str]:
    """The columns of a contract by name, as readers name them."""
    return {column.name: column.title for column in contracts()[contract].columns}
