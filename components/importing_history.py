"""Blocks of the page that imports: the history of publications, and the models to fill in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import pandas as pd

from access.policy import policy
from access.scope import Scope
from components.importing_buttons import button
from data.contracts.model import contracts
from data.ingestion.drafts import (
    may_download,
    past_imports,
    publications_kept,
    within_reach,
)
from data.store.imports import KeptImport
from figures.formats import date_time, is_absent, number
from figures.import_history import (
    PastFile,
    PastPublication,
    history_finding,
    history_table,
)
from figures.markup import attributes, figure_block, table, text
from figures.received import contract_name

PUBLICATIONS_SHOWN = 12


def history_html(scope: Scope, shows_all: bool, builds: pd.DataFrame) -> str:
    """The publications, what each was, and the way back."""
    past = past_publications(scope)
    shown = past if shows_all else past[:PUBLICATIONS_SHOWN]
    body = history_table(shown) if past else ""
    if len(past) > len(shown):
        body += (
            f'<p class="v-note">… et {number(len(past) - len(shown))} plus anciennes. '
            '<button type="button" class="link" data-act="choose" data-name="historique" '
            'data-value="tout">Tout montrer</button></p>'
        )
    body += _compare_form(builds)
    return figure_block(
        "historique",
        history_finding(len(past)),
        "Qui, quand, quoi, ce que le contrôle a dit et ce qui a changé ; la plus récente d’abord.",
        body,
        "Source : registre des publications.",
    )


def _compare_form(builds: pd.DataFrame) -> str:
    rows = builds.to_dict("records")
    if len(rows) < 2:
        return ""
    labels = {
        str(row["build_id"]): f"{date_time(row['published_at'])} · "
        f"{str(row['build_id'])[:8] if is_absent(row['reason']) else row['reason']}"
        for row in rows
    }

    def select(name: str, words: str, chosen: str) -> str:
        options = "".join(
            f'<option value="{text(code)}"{attributes(selected=code == chosen)}>{text(label)}'
            "</option>"
            for code, label in labels.items()
        )
        return (
            f'<label class="v-field"><span>{words}</span><select name="{name}">{options}</select>'
            "</label>"
        )

    codes = list(labels)
    form = (
        '<form class="v-form" data-key="comparer"><div class="v-head">'
        f"{select('avant', 'Avant', codes[1])}{select('apres', 'Après', codes[0])}"
        f"{button('Comparer', 'compare')}</div></form>"
    )
    return f"<h3>Comparer deux publications</h3>{form}"


def past_publications(scope: Scope) -> list[PastPublication]:
    """Every publication, newest first, with what was kept of its import."""
    publications = publications_kept()
    reached = within_reach(scope, publications)
    kept = _by_publication(publications, past_imports())
    return [
        replace(
            _past(scope, row, kept.get(row["publication_id"])),
            is_current=at == 0,
            can_return=at > 0 and row["build_id"] in reached,
        )
        for at, row in enumerate(publications)
    ]


def _by_publication(
    publications: Sequence[Mapping[str, Any]], known: Sequence[KeptImport]
) -> dict[int, KeptImport]:
    """What was kept of each publication: it was kept right after it."""
    found: dict[int, KeptImport] = {}
    for one in known:
        before = (
            row["publication_id"]
            for row in publications
            if row["build_id"] == one.build_id and row["published_at"] <= one.at
        )
        number_of = next(before, None)
        if number_of is not None:
            found.setdefault(number_of, one)
    return found


def _past(scope: Scope, row: Mapping[str, Any], one: KeptImport | None) -> PastPublication:
    files = [
        PastFile(
            extract.file_name,
            extract.contract,
            "published",
            extract.extract_id,
            can_download=may_download(scope, extract),
        )
        for extract in row["new_extracts"]
    ]
    if one is not None:
        mine = {file.extract_id: file for file in files}
        files = [
            _past_file(told, mine.get(told["extract_id"]), scope, one.person) for told in one.files
        ]
    return PastPublication(
        number=int(row["publication_id"]),
        build_id=str(row["build_id"]),
        published_at=str(row["published_at"]),
        who=policy().label_of(str(row["published_by"])),
        action=str(row["action"]),
        reason=None if is_absent(row["reason"]) else row["reason"],
        files=files,
        effect=one.effect if one else {},
        signed=one.signed if one else (),
    )


def _past_file(
    told: Mapping[str, Any], known: PastFile | None, scope: Scope, person: str
) -> PastFile:
    is_own = scope.may("import") and person == scope.person
    return PastFile(
        told["file_name"],
        told["contract"],
        told["state"],
        told["extract_id"],
        told["error_total"],
        told["warning_total"],
        told["stages"],
        can_download=bool(told["extract_id"]) and (is_own or bool(known and known.can_download)),
    )


def templates_html() -> str:
    """A model and a schema for each contract."""
    rows = [
        (
            text(contract_name(name)),
            text(contract.description),
            f"{button('XLSX', 'template', name)} {button('Schéma JSON', 'schema', name)}",
        )
        for name, contract in contracts().items()
    ]
    body = table(
        "Modèles de fichiers",
        ("Contrat", "Ce qu’il contient", "Télécharger"),
        rows,
        css_class="v-table prose v-models",
        is_stacked=True,
    )
    return figure_block(
        "modeles",
        f"{len(rows)} modèles de fichiers à remplir",
        "Titres, listes de choix, notes, deux lignes d’exemple et règles de contrôle ; le schéma "
        "est une Table Schema (Frictionless).",
        body,
        "",
    )
