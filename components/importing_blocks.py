"""Blocks of the page that imports: drafts, progress, report, forms."""

from __future__ import annotations

import math
import os
from collections.abc import Mapping, Sequence
from typing import Any

from access.scope import Scope
from components.address import link
from components.import_effect import (
    flips_by_level,
    gap_moves,
    may_see_small,
    readers_html,
    territory_names,
)
from components.importing_buttons import button
from components.importing_decision import (
    decision_html,
    decline_form,
    replaces_html,
    roles_that_may,
    sender_html,
)
from data.contracts.model import contracts
from data.ingestion.drafts import outside_perimeter, state_of, unsigned
from data.ingestion.read import LARGEST_MB
from data.ingestion.stages import advisories
from data.store.drafts import Draft
from figures.flips import flips_html
from figures.formats import counted, date_time, listed, number
from figures.import_effect import (
    effect_finding,
    effect_table,
    flips_words,
    gaps_html,
    moved_table,
    unusual_table,
)
from figures.import_report import (
    cells_grid,
    column_options,
    findings_html,
    place_said,
    recognition_html,
    report_finding,
    stages_table,
    state_sign,
)
from figures.markup import attributes, figure_block, fold, table, text
from figures.received import contract_name

FILES_DETAILED = 8
FILES_TO_REVIEW = 30
"""Files with something found in them are told apart up to here, whatever the number of others."""
TRIED = ("dcgdr", "REG-84")
"""A profile that may import, for whoever only looks around."""
FOOT = "Source : contrôle du dépôt. Rien n’est publié avant votre accord."
HEADINGS_TOLD = ("Titre du fichier", "À lire comme", "Pourquoi")
STATE_WORDS = {
    "received": "Reçu",
    "checking": "Contrôle en cours",
    "checked": "Contrôlé",
    "publishing": "Publication en cours",
    "published": "Publié",
    "interrupted": "Interrompu, à reprendre",
}
STAGE_WORDS = {
    "lock": "attend son tour",
    "raw": "conservation des fichiers",
    "validate": "contrôle",
    "candidate": "construction des tableaux",
    "preview": "comparaison avec ce qui est publié",
    "report": "rédaction du rapport",
    "register": "enregistrement",
    "lake": "rangement",
    "build": "mise en place",
    "commit": "validation",
    "current": "publication",
    "audit": "journal",
}
AFTER_FILES = ("candidate", "preview", "report", "register", "lake", "build", "commit", "current")


def heading_html(scope: Scope, is_trying: bool) -> str:
    """Title of the page and what it does; or who may, for whoever may not.

    ``is_trying``: people choose whose view they try, since nobody signs in.
    """
    head = (
        "<h1>Importer des extraits</h1>"
        '<p class="v-lead">Déposez les fichiers tels que reçus : ils sont reconnus, contrôlés '
        "ligne à ligne, et vous voyez ce qui changera avant de publier. Rien n’est modifié sans "
        "vous.</p>"
    )
    if scope.may("import"):
        return head
    way = (
        " Ici, sans connexion, choisissez l’un d’eux sous « Voir comme » : par exemple "
        f'<a href="{text(link("importer", profil=TRIED[0], profil_territoire=TRIED[1]))}">'
        "importer comme DCGDR</a>."
    )
    return (
        f'{head}<p class="v-warn" role="status">▼ Votre profil, « {text(scope.label)} », ne permet '
        f"pas d’importer. Peuvent le faire : {text(listed(roles_that_may('import')))}."
        f"{way if is_trying else ''} Les modèles de fichiers restent à votre disposition "
        "ci-dessous.</p>"
    )


def message_html(said: str | None) -> str:
    """What the last action was refused for, or said."""
    if not said:
        return "<span hidden></span>"
    return f'<p class="v-warn" role="alert">{text(said)}</p>'


def drafts_html(known: Sequence[Draft], open_id: str | None) -> str:
    """The drafts of the person that are not published yet, but the one that is open."""
    others = [draft for draft in known if draft.draft_id != open_id]
    if not others:
        return ""
    rows = [
        (
            date_time(draft.created_at),
            text(_files_named(draft)),
            text(STATE_WORDS[state_of(draft)]),
            f'<button type="button" class="link" data-act="choose" data-name="brouillon" '
            f'data-value="{draft.draft_id}">Reprendre</button>',
        )
        for draft in others
    ]
    title = counted(len(others), "dépôt en attente", "dépôts en attente")
    body = table("Vos dépôts", ("Déposé", "Fichiers", "État", "Suite"), rows, is_stacked=True)
    return figure_block(
        "depots", title, "Les vôtres, gardés jusqu’à la publication ou l’abandon.", body, ""
    )


def _files_named(draft: Draft) -> str:
    names = [file.name for file in draft.files[:3]]
    left = len(draft.files) - len(names)
    return ", ".join(names) + (f" et {counted(left, 'autre')}" if left else "")


def progress_html(draft: Draft, state: str, told: Mapping[str, Any]) -> str:
    """How far the process is: a bar a file, and one for what follows."""
    at, stage = int(told.get("file", -1)), str(told.get("stage", "lock"))
    is_after = stage in AFTER_FILES
    items = []
    for index, file in enumerate(draft.files[:20]):
        is_done = is_after or index < at
        is_now = not is_after and index == at
        value = "1" if is_done else "0.5" if is_now else "0"
        word = "contrôlé" if is_done else "contrôle…" if is_now else "en attente"
        items.append(
            f"<li><span>{text(file.name)}</span>"
            f'<progress value="{value}" max="1" aria-label="{text(file.name)} : {word}"></progress>'
            f"<small>{word}</small></li>"
        )
    left = len(draft.files) - 20
    if left > 0:
        items.append(f"<li><span>… et {number(left)} autres</span></li>")
    share = (AFTER_FILES.index(stage) + 0.5) / len(AFTER_FILES) if is_after else 0
    title = "Publication en cours" if state == "publishing" else "Contrôle en cours"
    now = told.get("waiting") or STAGE_WORDS.get(stage, stage)
    items.append(
        f"<li><span>Effet sur les chiffres publiés</span>"
        f'<progress value="{share:.2f}" max="1" aria-label="Ensemble"></progress>'
        f"<small>{text(now)}</small></li>"
    )
    return figure_block(
        "progres",
        title,
        "Vous pouvez quitter la page ou fermer le navigateur : le travail continue et se retrouve "
        "ici.",
        f'<ul class="v-progress" role="status">{"".join(items)}</ul>',
        "",
    )


def interrupted_html(draft: Draft, is_own: bool) -> str:
    """The process of a draft died: nothing is lost, and it can be taken up."""
    body = (
        "<p>Le travail s’est arrêté avant la fin (serveur redémarré ou coupé). Les fichiers et les "
        "choix sont gardés.</p>"
        f"<p>{button('Reprendre', 'check', is_main=True)}{_way_out(is_own)}"
    )
    return figure_block("reprise", "Dépôt à reprendre", _files_named(draft), body, "")


def _way_out(is_own: bool) -> str:
    """The end of a line of buttons: its person gives the draft up, who is asked sends it back."""
    if is_own:
        return f" {button('Abandonner le dépôt', 'give_up')}</p>"
    return f"</p>{decline_form()}"


def failure_html(sentence: str, is_own: bool = True) -> str:
    """What stopped the work, and what to do."""
    body = (
        f'<p class="v-warn">▼ {text(sentence)}</p>'
        f"<p>{button('Relancer le contrôle', 'check', is_main=True)}{_way_out(is_own)}"
    )
    return figure_block("echec", "À relancer", "", body, "")


def published_html(scope: Scope, report: Mapping[str, Any]) -> str:
    """What was published, and where to look at it."""
    items = "".join(
        f"<li>{state} {text(_named(file))}</li>"
        for file in report["files"]
        if (state := '<i class="fav">▲</i>' if file["state"] == "published" else "<i>–</i>")
    )
    link = '<a href="synthese">Voir la synthèse</a>'
    body = f'<ul class="v-said">{items}</ul><p>{link} · {button("Terminer", "close")}</p>'
    undo = "Le retour en arrière se fait dans l’historique."
    title = "Publié" if report["served"] else "Rien de nouveau à publier"
    return figure_block("publie", title, undo, body, "")


def _named(file: Mapping[str, Any]) -> str:
    """What became of a file, its contract named as everywhere."""
    known = contracts().get(file.get("contract") or "")
    if known is None:
        return str(file["sentence"])
    return str(file["sentence"]).replace(
        f"« {known.title} »", f"« {contract_name(known.contract)} »"
    )


def report_html(
    scope: Scope, draft: Draft, report: Mapping[str, Any], is_closed_afterwards: bool
) -> str:
    """The whole report of a checked draft, up to the two buttons.

    ``is_closed_afterwards``: nobody signs in here, and real data would close all pages.
    """
    files = report["files"]
    refused = "".join(f'<p class="v-warn">▼ {text(said)}</p>' for said in draft.refused)
    legend = (
        '<p class="v-legend">Conforme : rien à faire. À signer : publiable, avec votre motif. '
        "Refusé : corriger le fichier et le redéposer ; les autres fichiers passent. Un fichier "
        f"déposé qui manque ici dépassait {largest_mb()} Mo : le navigateur ne l’a pas envoyé.</p>"
    )
    body = stages_table(files) if files else ""
    parts = [
        figure_block(
            "controle",
            report_finding(files) if files else "Aucun fichier lisible dans ce dépôt",
            f"Déposé le {date_time(draft.created_at)} par {draft.label}. "
            f"Expéditeur retenu : {_sender(draft)}.",
            refused + body + legend + _choices_html(scope, draft, report),
            FOOT,
        )
    ]
    detailed = _detailed(files)
    parts += [_file_html(scope, draft, index, file) for index, file in detailed]
    left = len(files) - len(detailed)
    if left > 0:
        parts.append(
            f'<p class="v-note">… et {counted(left, "autre fichier", "autres fichiers")}, avec '
            "moins à revoir, dans le tableau ci-dessus.</p>"
        )
    parts.append(_signatures_html(draft, report, draft.person == scope.person))
    parts.append(_effect_html(scope, draft, report))
    parts.append(decision_html(scope, draft, report, openness_html(is_closed_afterwards)))
    return "".join(parts)


def _choices_html(scope: Scope, draft: Draft, report: Mapping[str, Any]) -> str:
    """What the draft's own person may decide of all its files; the others are told of it."""
    if draft.person != scope.person:
        return "<p>● Annule et remplace.</p>" if draft.replaces else ""
    return sender_html(scope, draft) + replaces_html(draft, report)


def _sender(draft: Draft) -> str:
    return territory_names().get(draft.sender, draft.label)


def _detailed(files: Sequence[Mapping[str, Any]]) -> list[tuple[int, Mapping[str, Any]]]:
    """The files to look at, those with something to decide first."""
    order = sorted(
        enumerate(files),
        key=lambda pair: (not pair[1]["errors"], _is_settled(pair[1]), pair[0]),
    )
    to_review = sum(bool(file["errors"] or file["warnings"]) for file in files)
    return order[: max(FILES_DETAILED, min(to_review, FILES_TO_REVIEW))]


def largest_mb() -> int:
    """Megabytes over which the browser sends no file."""
    return math.ceil(float(os.environ.get("VIGIE_MAX_FILE_MB") or LARGEST_MB))


def _is_settled(file: Mapping[str, Any]) -> bool:
    """Whether its warnings ask nothing: there are none, or errors come before them."""
    return bool(file["errors"]) or not file["warnings"]


def _file_html(scope: Scope, draft: Draft, index: int, file: Mapping[str, Any]) -> str:
    key = f"fichier-{index}"
    is_own = draft.person == scope.person
    parts = [recognition_html(file)]
    if file["state"] != "already_published":
        if is_own:
            parts.append(_confirmed_html(draft, index, file))
            parts.append(_headings_html(index, file))
        parts.append(findings_html(file, key))
        parts.append(cells_grid(file))
        if is_own:
            parts.append(_reading_html(index, file))
    downloads = [button("Original", "received", str(index))]
    if file["errors"] or file["warnings"]:
        downloads.insert(0, button("Fichier annoté (XLSX)", "annotated", str(index)))
    parts.append(f'<p class="v-deeds">{" ".join(downloads)}</p>')
    body = "".join(part for part in parts if part)
    return (
        f'<section class="v-block" id="bloc-{key}" data-key="{key}" aria-labelledby="titre-{key}">'
        f'<header><h2 id="titre-{key}">{text(file["name"])} {state_sign(file["state"])}</h2>'
        f"</header>{body}</section>"
    )


def _confirmed_html(draft: Draft, index: int, file: Mapping[str, Any]) -> str:
    """The headings read as a person confirmed them, now or before for this sender."""
    told = draft.files[index].headings.get(file["contract"] or "", {})
    read = {" ".join(str(heading).split()) for heading in file["mapping"].values()}
    titles = column_options(file["contract"]) if told else {}
    items = [
        f"<li>« {text(heading)} » lu comme « {text(titles[column])} », selon votre confirmation. "
        f"{button('Ne plus lire ainsi', 'forget', f'{index}|{heading}')}</li>"
        for heading, column in told.items()
        if " ".join(heading.split()) in read
    ]
    return f'<ul class="v-said">{"".join(items)}</ul>' if items else ""


def _headings_html(index: int, file: Mapping[str, Any]) -> str:
    """Which heading is read as which column, and what unknown ones may be."""
    if not file["contract"] or file["contract"] not in contracts():
        return ""
    titles = column_options(file["contract"])
    name = file["name"]
    first = len(file["proposals"])
    read = [
        (text(heading), _known_select(first + at, heading, column, titles))
        for at, (column, heading) in enumerate(file["mapping"].items())
    ]
    known = fold(
        f"Colonnes reconnues : {len(read)} sur {len(titles)}",
        f'<form class="v-form" data-key="reconnus-{index}">'
        f"{table(f'Colonnes reconnues de {name}', HEADINGS_TOLD[:2], read)}"
        f"{button('Lire autrement ces titres', 'headings', str(index))}</form>",
        f"colonnes-{index}",
    )
    if not file["proposals"]:
        return known
    free = {column: title for column, title in titles.items() if column not in file["mapping"]}
    rows = [
        (
            text(one["heading"]),
            _column_select(at, one, free),
            text(_why(one)),
        )
        for at, one in enumerate(file["proposals"])
    ]
    body = (
        f'<form class="v-form" data-key="titres-{index}">'
        f"{table(f'Titres inconnus de {name}', HEADINGS_TOLD, rows)}"
        '<p class="v-note">Ces propositions ne s’appliquent qu’après votre accord ; elles seront '
        "retenues pour cet expéditeur.</p>"
        f"{button('Appliquer ces correspondances', 'headings', str(index), is_main=True)}</form>"
    )
    title = counted(len(rows), "titre inconnu", "titres inconnus")
    return f"{known}<h3>{text(title)}</h3>{body}"


def _column_select(at: int, one: Mapping[str, Any], free: Mapping[str, str]) -> str:
    options = [("", "Ne pas garder"), *free.items()]
    chosen = one["column"] or ""
    inside = "".join(
        f'<option value="{text(name)}"{attributes(selected=name == chosen)}>{text(title)}</option>'
        for name, title in options
    )
    label = f"Lire « {one['heading']} » comme"
    return f'<select name="titre_{at}" aria-label="{text(label)}">{inside}</select>'


def _known_select(at: int, heading: str, column: str, titles: Mapping[str, str]) -> str:
    inside = "".join(
        f'<option value="{text(name)}"{attributes(selected=name == column)}>{text(title)}</option>'
        for name, title in titles.items()
    )
    label = f"Lire « {heading} » comme"
    return f'<select name="titre_{at}" aria-label="{text(label)}">{inside}</select>'


def _why(one: Mapping[str, Any]) -> str:
    if one["is_remembered"]:
        return "retenu la dernière fois pour cet expéditeur"
    if one["column"]:
        return f"ressemble à {round(one['likeness'] * 100)} %"
    return "aucune colonne ne lui ressemble"


def _reading_html(index: int, file: Mapping[str, Any]) -> str:
    """A form to have the file read by another contract, sheet or line of headings."""
    scores = dict(file["candidates"])
    ordered = sorted(contracts(), key=lambda name: -scores.get(name, 0))
    options = "".join(
        f'<option value="{text(name)}"{" selected" if name == file["contract"] else ""}>'
        f"{text(contract_name(name))}"
        f"{f' ({round(scores[name] * 100)} % des titres)' if name in scores else ''}</option>"
        for name in ordered
    )
    sheets = ""
    if len(file["sheets"]) > 1:
        named = "".join(
            f"<option{' selected' if name == file['sheet'] else ''}>{text(name)}</option>"
            for name in file["sheets"]
        )
        sheets = (
            '<label class="v-field"><span>Feuille</span>'
            f'<select name="sheet">{named}</select></label>'
        )
    form = (
        f'<form class="v-form" data-key="lire-{index}"><div class="v-head">'
        '<label class="v-field"><span>Contrat</span><select name="contract">'
        f'<option value="">Laisser reconnaître</option>{options}</select></label>{sheets}'
        '<label class="v-field"><span>Ligne des titres</span><input type="search" '
        f'name="header_row" inputmode="numeric" value="{text(file["header_row"] or "")}"></label>'
        f"</div>{button('Relire ainsi', 'read', str(index))}</form>"
    )
    return fold("Lire ce fichier autrement", form, f"lire-{index}")


def _signatures_html(draft: Draft, report: Mapping[str, Any], is_own: bool) -> str:
    points = advisories(report["files"])
    if not points:
        return ""
    signed = {(one["file"], one["rule"]): one for one in draft.signed}
    rows = []
    for at, point in enumerate(points):
        known = signed.get((point.file, point.rule))
        deed = (
            f'<span class="fav">▲ Signé</span> : « {text(known["reason"])} »'
            if known
            else "À signer par qui a déposé"
            if not is_own
            else (
                f'<form class="v-form" data-key="signer-{at}"><textarea name="reason" rows="1" '
                f'maxlength="500" aria-label="Motif"></textarea>'
                f"{button('Signer', 'sign', str(at))}</form>"
            )
        )
        said = place_said(point.sentence, point.file)
        rows.append((text(point.file), number(point.total), text(said), deed))
    left = len(unsigned(draft, report))
    title = (
        f"{counted(left, 'point')} à signer sur {len(points)}"
        if left
        else f"{counted(len(points), 'point signé', 'points signés')}"
    )
    every = ""
    if left > 1 and is_own:
        every = (
            '<form class="v-form" data-key="signer-tout"><label class="v-field">'
            "<span>Un motif pour tous les points restants</span>"
            '<textarea name="reason" rows="1" maxlength="500"></textarea></label>'
            f"{button(f'Signer les {left} points', 'sign', 'all')}</form>"
        )
    body = table(
        "Points à signer",
        ("Fichier", "Constats", "Premier constat", "Motif"),
        rows,
        (1,),
        css_class="v-table v-sign-off",
        is_stacked=True,
    )
    return figure_block(
        "signatures",
        title,
        "Ces constats n’empêchent pas de publier ; votre motif est gardé avec la publication.",
        body + every,
        "",
    )


def _effect_html(scope: Scope, draft: Draft, report: Mapping[str, Any]) -> str:
    effects = report["effect"]
    if not effects:
        return _nothing_compared(scope, report)
    names = territory_names()

    def sees(code: str | None) -> bool:
        return may_see_small(scope, code)

    parts = [effect_table(effects)]
    for contract, effect in effects.items():
        unusual = unusual_table(effect, names, sees)
        if unusual:
            judged = counted(effect["judged"], "valeur comparée", "valeurs comparées")
            odd = counted(effect["unusual_total"], "valeur inhabituelle", "valeurs inhabituelles")
            parts.append(
                f"<h3>{odd} <small>sur {judged} à la marche habituelle de la série</small></h3>"
                f"{unusual}"
            )
        moved = moved_table(contract, effect, names, sees)
        if moved:
            parts.append(f"<h3>{text(contract_name(contract))} : avant et après</h3>{moved}")
    parts.append(_decisions_html(scope, draft, report))
    touched = tuple(
        sorted({code for effect in effects.values() for code in effect["territories"]})
    )[:200]
    parts.append(f"<h3>Qui le verra</h3>{readers_html(scope, touched)}")
    return figure_block(
        "effet",
        effect_finding(effects),
        "Ce qui changerait si vous publiiez maintenant, comparé à la publication en service.",
        "".join(parts),
        FOOT,
    )


def _nothing_compared(scope: Scope, report: Mapping[str, Any]) -> str:
    """Why the effect is not told of files that speak of other people's caisses."""
    outside = outside_perimeter(scope, report)
    if not outside:
        return ""
    names = territory_names()
    told = [names.get(code, code) for code in outside[:8]]
    others = ["d’autres"] if len(outside) > len(told) else []
    return figure_block(
        "effet",
        "Effet non montré : ces fichiers parlent de caisses hors de votre périmètre",
        f"{counted(len(outside), 'territoire')} : {listed([*told, *others])}.",
        "<p>Ce qui changerait dirait les chiffres que d’autres ont envoyés. Retirez ces lignes, ou "
        "transmettez le fichier à qui en a la charge.</p>",
        "",
    )


def _decisions_html(scope: Scope, draft: Draft, report: Mapping[str, Any]) -> str:
    """The statuses that would flip and the gaps that would enter or leave the first five."""
    effect = report["effect"].get("cpg")
    if effect is None:
        return ""
    if report["served"] is None:
        return "<h3>États et écarts</h3><p>Première publication : rien à comparer.</p>"
    years = tuple(effect["years"][-2:])
    if not years:
        return "<h3>États et écarts</h3><p>Aucun état ne bascule.</p>"
    flips = flips_by_level(scope, draft.trial_build_id, report["served"], years)
    moves = gap_moves(
        scope, draft.trial_build_id, report["served"], years, tuple(effect["territories"])
    )
    head = flips_words([flip.change for known in flips.values() for flip in known]) or "États"
    gaps = "Cinq premiers écarts"
    if moves:
        gaps = counted(
            len(moves),
            "écart entre dans les cinq premiers ou en sort",
            "écarts entrent dans les cinq premiers ou en sortent",
        )
    return (
        f"<h3>{text(head)} dans votre périmètre</h3>{flips_html(flips)}"
        f"<h3>{gaps}</h3>{gaps_html(moves)}"
    )


def openness_html(is_closed_afterwards: bool) -> str:
    """Who may look where nobody signs in: asked before data is published that closes the doors."""
    if not is_closed_afterwards:
        return '<input type="hidden" name="origin" value="received">'
    return (
        '<label class="v-field"><span>Aucune connexion n’est configurée ici</span>'
        '<select name="origin"><option value="demonstration" selected>Essai : visible de quiconque '
        "atteint cette adresse, signalé comme démonstration</option>"
        '<option value="received">Données réelles : toutes les pages se ferment jusqu’à ce que la '
        "connexion soit configurée</option></select></label>"
    )
