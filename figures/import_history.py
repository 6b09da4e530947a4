"""Publications as a history: who, when, what, what the checks said, what changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from data.ingestion.stages import STAGES
from figures.formats import counted, date_time
from figures.import_report import STAGE_NAMES, VERDICTS
from figures.markup import fold, table, text
from figures.received import contract_name

ACTIONS = {
    "import": "Import",
    "correction": "Correction",
    "rebuild": "Reconstruction",
    "rollback": "Retour en arrière",
}
FILES_SHOWN = 4
EFFECTS_SHOWN = 5


@dataclass(frozen=True)
class PastFile:
    """A file of a publication; ``can_download`` says whether the reader may have it."""

    file_name: str
    contract: str | None
    state: str
    extract_id: str | None
    error_total: int | None = None
    warning_total: int | None = None
    stages: Mapping[str, Any] | None = None
    can_download: bool = False


@dataclass(frozen=True)
class PastPublication:
    """One line of the history; ``effect`` and ``signed`` are empty where they were not kept."""

    number: int
    build_id: str
    published_at: str
    who: str
    action: str
    reason: str | None
    files: Sequence[PastFile]
    effect: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    signed: Sequence[Mapping[str, str]] = ()
    is_current: bool = False
    can_return: bool = False


def history_finding(total: int) -> str:
    """How many publications there were."""
    return counted(total, "publication") if total else "Aucune publication pour l’instant"


def history_table(publications: Sequence[PastPublication]) -> str:
    """One line a publication, the newest first."""
    rows = [
        (
            date_time(past.published_at),
            text(past.who),
            _what(past),
            _report(past),
            _effect(past),
            _deeds(past),
        )
        for past in publications
    ]
    headings = ("Quand", "Qui", "Quoi", "Contrôle", "Effet", "Revenir")
    return table(
        "Historique des publications", headings, rows, css_class="v-table v-past", is_stacked=True
    )


def _what(past: PastPublication) -> str:
    name = ACTIONS.get(past.action, past.action)
    reason = f" : {past.reason}" if past.reason else ""
    current = ' <span class="fav">▲ en service</span>' if past.is_current else ""
    lines = [f"<b>{text(name + reason)}</b> ({text(past.build_id[:8])}){current}"]
    lines += [_file(one) for one in past.files[:FILES_SHOWN]]
    left = past.files[FILES_SHOWN:]
    if left:
        body = "<br>".join(_file(one) for one in left)
        lines.append(fold(f"et {counted(len(left), 'autre')}", body, f"passe-{past.number}"))
    return "".join(f"<div>{line}</div>" for line in lines)


def _file(one: PastFile) -> str:
    name = text(one.file_name)
    if one.can_download and one.extract_id:
        name = (
            f'<button type="button" class="link" data-act="importer" data-do="original" '
            f'data-value="{text(one.extract_id)}" title="Télécharger l’original">{name}</button>'
        )
    kind = f" ({text(contract_name(one.contract))})" if one.contract else ""
    return f"{name}{kind}{' – refusé' if one.state == 'rejected' else ''}"


def _report(past: PastPublication) -> str:
    known = [one for one in past.files if one.warning_total is not None]
    if not known:
        return '<span class="neu">–</span>'
    errors = sum(one.error_total or 0 for one in known)
    warnings = sum(one.warning_total or 0 for one in known)
    said = [counted(warnings, "signalement")]
    if errors:
        said.append(counted(errors, "erreur"))
    stages = "".join(_stages(one) for one in known if one.stages)
    signed = "".join(
        f"<li>{text(one['file'])}, {text(one['rule'])} : « {text(one['reason'])} »</li>"
        for one in past.signed
    )
    html = ", ".join(said)
    if stages:
        html += fold("Par étape", f'<ul class="v-said">{stages}</ul>', f"etapes-{past.number}")
    if signed:
        title = counted(len(past.signed), "point signé", "points signés")
        html += fold(title, f'<ul class="v-said">{signed}</ul>', f"signes-{past.number}")
    return html


def _stages(one: PastFile) -> str:
    said = one.stages or {}
    parts = [f"{STAGE_NAMES[stage]} {VERDICTS[said.get(stage)][1].lower()}" for stage in STAGES]
    return f"<li>{text(one.file_name)} : {text(', '.join(parts))}</li>"


def _effect(past: PastPublication) -> str:
    if not past.effect:
        return '<span class="neu">–</span>'
    lines = [
        f"{text(contract_name(contract))} : {_changed(told)}"
        for contract, told in past.effect.items()
    ]
    left = lines[EFFECTS_SHOWN:] if len(lines) > EFFECTS_SHOWN + 1 else []
    lines = lines[: len(lines) - len(left)]
    # Statuses flip by the whole publication: each contract holds the same count.
    flips = max(told["flips"] for told in past.effect.values())
    if flips:
        lines.append(counted(flips, "état basculé", "états basculés"))
    html = "".join(f"<div>{line}</div>" for line in lines)
    if left:
        title = f"et {counted(len(left), 'autre contrat', 'autres contrats')}"
        html += fold(title, "<br>".join(left), f"effet-{past.number}")
    return html


def _changed(told: Mapping[str, int]) -> str:
    """Cells added, moved and withdrawn, those that are none left out."""
    words = (("added", "ajoutée"), ("moved", "modifiée"), ("withdrawn", "retirée"))
    return (
        ", ".join(counted(told[name], word) for name, word in words if told[name])
        or "rien de changé"
    )


def _deeds(past: PastPublication) -> str:
    if past.is_current:
        return '<span class="neu">En service</span>'
    if not past.can_return:
        return '<span class="neu">–</span>'
    form = (
        f'<form class="v-form" data-key="retour-{past.number}">'
        f'<label class="v-field"><span>Pourquoi revenir</span>'
        f'<textarea name="reason" rows="2" maxlength="500"></textarea></label>'
        f'<button type="button" class="v-export" data-act="importer" data-do="rollback" '
        f'data-value="{text(past.build_id)}">Revenir à cette publication</button></form>'
    )
    return fold("Revenir ici", form, f"retour-{past.number}")
