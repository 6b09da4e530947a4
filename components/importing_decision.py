"""Blocks of the page that imports where something is decided: sender, reach, publication."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from access.policy import policy
from access.scope import Scope
from components.importing_buttons import button
from data.ingestion.drafts import outside_perimeter, senders, unsigned
from data.store.drafts import Draft
from figures.formats import counted, date_time, listed
from figures.markup import attributes, figure_block, fold, table, text

REPLACING = ("cpg", "msap")
"""Contracts of which a file may replace all that was sent before."""

WHAT_IS_REPLACED = {
    "cpg": "toutes les valeurs du CPG des caisses et des années du fichier",
    "msap": "toutes les lignes de MSAP des établissements et des années du fichier",
}


def sender_html(scope: Scope, draft: Draft) -> str:
    """A form to say who wrote the files."""
    known = senders()
    near = [code for code in known if code in scope.own]
    codes = near or list(known)
    if draft.sender in known and draft.sender not in codes:
        codes = [draft.sender, *codes]
    chosen = draft.sender if draft.sender in known else ""
    options = "".join(
        f'<option value="{text(code)}"{attributes(selected=code == chosen)}>{text(name)}</option>'
        for code, name in [("", draft.label), *((code, known[code]) for code in codes)]
    )
    form = (
        '<form class="v-form" data-key="expediteur"><div class="v-head">'
        '<label class="v-field"><span>Expéditeur</span>'
        f'<select name="sender">{options}</select></label></div>'
        '<p class="v-note">Les titres confirmés sont retenus pour lui. Changer d’expéditeur refait '
        f"le contrôle.</p>{button('Changer l’expéditeur', 'sender')}</form>"
    )
    return fold("Changer l’expéditeur", form, "expediteur")


def replaces_html(draft: Draft, report: Mapping[str, Any]) -> str:
    """Whether the files complete what is served or replace it, what that takes away, the switch."""
    reach = [
        WHAT_IS_REPLACED[file["contract"]]
        for file in report["files"]
        if file["contract"] in REPLACING and file["state"] == "checked"
    ]
    if not reach and not draft.replaces:
        return ""
    told = text(listed(list(dict.fromkeys(reach)))) if reach else "rien de ces fichiers"
    if draft.replaces:
        gone = sum(report["effect"].get(name, {}).get("withdrawn", 0) for name in REPLACING)
        lost = counted(gone, "valeur publiée disparaît", "valeurs publiées disparaissent")
        return (
            f'<p class="v-warn">● Annule et remplace : ce dépôt remplace {told}. {lost}, faute '
            "d’être redonnées par le fichier : voyez « retirée » ci-dessous.</p>"
            f"<p>{button('Revenir à compléter', 'complete')}</p>"
        )
    return fold(
        "Annule et remplace",
        f"<p>Ce dépôt complète ce qui est publié : une valeur redonnée est remplacée, les autres "
        f"restent. Avec « annule et remplace », il remplace {told} : ce que le fichier ne redonne "
        "pas est retiré. Le contrôle est refait et compte ce qui disparaîtrait ; rien n’est retiré "
        f"avant de publier.</p>{button('Passer en annule et remplace', 'replace')}",
        "remplace",
    )


def requests_html(waiting: Sequence[Draft], open_id: str | None) -> str:
    """What others ask this person to publish, but the draft that is open."""
    rows = [
        (
            date_time((draft.request or {})["at"]),
            text(draft.label),
            text((draft.request or {})["reason"] or "–"),
            '<button type="button" class="link" data-act="choose" data-name="brouillon" '
            f'data-value="{draft.draft_id}">Examiner</button>',
        )
        for draft in waiting
        if draft.draft_id != open_id
    ]
    if not rows:
        return ""
    title = counted(len(rows), "publication demandée", "publications demandées")
    body = table("Demandes", ("Demandé", "Par", "Ce que c’est", "Suite"), rows, is_stacked=True)
    return figure_block(
        "demandes", title, "Contrôlés par d’autres, à publier ou à renvoyer par vous.", body, ""
    )


def decision_html(scope: Scope, draft: Draft, report: Mapping[str, Any], openness: str) -> str:
    """Publish, ask for it or give up, and why it cannot be done where it cannot."""
    reasons = obstacles(scope, draft, report)
    is_own = draft.person == scope.person
    give_up = button("Abandonner", "give_up") if is_own else ""
    if reasons:
        items = "".join(f"<li>{text(reason)}</li>" for reason in reasons)
        body = f'<ul class="v-said">{items}</ul>'
        body += f"<p>{give_up}</p>" if is_own else decline_form()
        return figure_block("decision", "Pas encore publiable", "", body, "")
    ready = sum(file["state"] == "checked" for file in report["files"])
    if not scope.may("publish"):
        return _asking_html(scope, draft, counted(ready, "fichier"), give_up)
    words = f"Publier {counted(ready, 'fichier')}"
    asked = text((draft.request or {}).get("reason") or "") if not is_own else ""
    body = (
        '<form class="v-form" data-key="publier"><label class="v-field">'
        "<span>Ce que c’est, pour qui lira l’historique (facultatif)</span>"
        '<textarea name="reason" rows="1" maxlength="500" '
        f'placeholder="Envoi d’octobre des caisses">{asked}</textarea></label>'
        f"{openness}<p>{button(words, 'publish', is_main=True)} {give_up}</p></form>"
    )
    if not is_own:
        body += decline_form()
    return figure_block(
        "decision",
        "Publier ou abandonner" if is_own else "Publier ou renvoyer",
        "La publication remplace celle en service pour tous ; elle se défait d’un clic.",
        body,
        "",
    )


def roles_that_may(action: str) -> list[str]:
    """Titles of the roles that have the right to an action, sorted."""
    return sorted(
        {
            person.role_title
            for person in policy().demonstration_people()
            if policy().scope_of(person.role, person.territory_code, person.person).may(action)
        }
    )


def decline_form() -> str:
    """Where who is asked to publish sends the dépôt back, with what is to be corrected."""
    form = (
        '<form class="v-form" data-key="renvoyer"><label class="v-field">'
        "<span>Ce qu’il faut corriger</span>"
        '<textarea name="reason" rows="1" maxlength="500"></textarea></label>'
        f"{button('Renvoyer à la personne', 'decline')}</form>"
    )
    return fold("Renvoyer le dépôt", form, "renvoyer")


def _asking_html(scope: Scope, draft: Draft, files: str, give_up: str) -> str:
    """For whoever may check and not publish: ask somebody who may, or see that it was asked."""
    who = text(_publishers(scope))
    if draft.request is not None:
        said = (
            f"<p>▲ Demandé le {date_time(draft.request['at'])}. Peuvent publier : {who}. Toute "
            f"modification du dépôt annule la demande.</p><p>{give_up}</p>"
        )
        return figure_block("decision", "Publication demandée", "", said, "")
    answer = ""
    if draft.declined is not None:
        answer = (
            f'<p class="v-warn">▼ Renvoyé le {date_time(draft.declined["at"])} par '
            f"{text(draft.declined['label'])} : « {text(draft.declined['reason'])} »</p>"
        )
    body = (
        f'{answer}<form class="v-form" data-key="demander"><label class="v-field">'
        "<span>Ce que c’est, pour qui publiera (facultatif)</span>"
        '<textarea name="reason" rows="1" maxlength="500"></textarea></label>'
        f"<p>{button(f'Demander la publication de {files}', 'ask', is_main=True)} {give_up}</p>"
        "</form>"
    )
    return figure_block(
        "decision",
        "Demander la publication",
        f"Une autre personne relit et publie : {who}.",
        body,
        "",
    )


def _publishers(scope: Scope) -> str:
    """Roles and territories of who may publish what this person asks."""
    found = [
        f"{person.role_title} ({person.territory_name})"
        for person in policy().demonstration_people()
        for seen in [policy().scope_of(person.role, person.territory_code, person.person)]
        if seen.may("publish")
        and person.person != scope.person
        and (scope.home_territory in seen.own or seen.home_territory == "FR")
    ]
    return listed(found) if found else "personne pour l’instant, voyez l’exploitant"


def obstacles(scope: Scope, draft: Draft, report: Mapping[str, Any]) -> list[str]:
    """What keeps the draft from being published, or from being asked for, in sentences."""
    reasons = []
    if not any(file["state"] == "checked" for file in report["files"]):
        known = any(file["state"] == "already_published" for file in report["files"])
        reasons.append(
            "Ces fichiers sont déjà publiés : rien à faire."
            if known and not any(file["errors"] for file in report["files"])
            else "Ce fichier n’est pas publiable : corrigez-le d’après le rapport et redéposez-le."
            if len(report["files"]) == 1
            else "Aucun fichier n’est publiable : corrigez-les d’après le rapport et redéposez-les."
        )
        if any(file["proposals"] and file["errors"] for file in report["files"]):
            reasons.append("Dire ici ce que désignent les titres inconnus peut suffire.")
        return reasons
    if outside := outside_perimeter(scope, report):
        more = f" et {len(outside) - 8} autres" if len(outside) > 8 else ""
        reasons.append(
            "Ces fichiers parlent de caisses hors de votre périmètre : "
            f"{', '.join(outside[:8])}{more}. Retirez ces lignes, ou transmettez le fichier à qui "
            "en a la charge."
        )
    if left := unsigned(draft, report):
        reasons.append(f"Il reste {counted(len(left), 'point')} à signer.")
    return reasons
