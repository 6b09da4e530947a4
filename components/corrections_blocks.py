"""Blocks of the page of corrections: the form, what waits, what is opened, the history."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from access.policy import policy
from access.scope import Scope
from components.controls import choice_select
from data.ingestion.corrections import READERS_NOTICE, Work, may_decide, may_withdraw
from data.store.corrections import Correction
from figures.correction_form import LiveValue, Typed, correction_form, live_value
from figures.corrections import (
    STATES,
    Effect,
    ShownCorrection,
    change_words,
    corrections_finding,
    corrections_table,
    effect_finding,
    effect_table,
    period,
    state_sign,
    waiting_finding,
)
from figures.formats import listed, long_date
from figures.markup import figure_block, fold, text

LABELS = {
    "caisse": "Caisse",
    "indicateur": "Indicateur",
    "mois": "Mois",
    "colonne": "Colonne",
}
DECIDED = {"refused": "Refusée par", "withdrawn": "Retirée par"}
FOOT = "Une correction s’ajoute à l’extrait, qui reste tel qu’il a été reçu."
OTHERS = (
    "Seules les valeurs mensuelles du CPG se corrigent ici, une à une ; les mêmes comptages PRADO "
    "des cartes d’adhésions suivent. Les autres données (MSAP, professionnels, tableaux publiés…) "
    "se corrigent par un nouvel extrait :"
)


def heading_html(said: str | None) -> str:
    """Title of the page, what it does, and what the last action was refused for."""
    message = f'<p class="v-warn" role="alert">▼ {text(said)}</p>' if said else ""
    return (
        "<h1>Corrections</h1>"
        '<p class="v-lead">Une valeur envoyée est fausse ? Proposez la bonne, avec un motif et une '
        "source ; une autre personne décide, après avoir vu l’effet sur les chiffres. L’extrait "
        f"n’est jamais modifié.</p>{message}"
    )


def no_form_html(scope: Scope, year: int | None) -> str:
    """Why the person proposes nothing here."""
    if year is None:
        said = "Aucun résultat du CPG n’est publié : il n’y a rien à corriger."
        return figure_block("proposer", "Rien à corriger", said, "", FOOT)
    people = policy().demonstration_people()
    roles = {
        person.role_title
        for person in people
        if policy().scope_of(person.role, person.territory_code, person.person).may("import")
    }
    return figure_block(
        "proposer",
        "Votre profil lit les corrections, sans en proposer",
        f"« {scope.label} » n’importe pas d’extraits pour ce territoire. Peuvent proposer : "
        f"{listed(sorted(roles))}, pour leurs caisses.",
        "",
        FOOT,
    )


def pinned_html() -> str:
    """Nothing is corrected in a publication of the past."""
    said = "Revenez à la publication en cours pour proposer une correction."
    return figure_block("proposer", "Publication figée", said, "", FOOT)


def form_html(
    options: Mapping[str, Mapping[str, str]],
    codes: Mapping[str, str],
    live: LiveValue | None,
    typed: Typed,
    sentence: str,
    is_folded: bool,
) -> str:
    """The choice of a value, the value as served, and the fields of a proposal.

    Args:
        options: what can be chosen, by parameter of the address.
        codes: what is chosen.
        live: the value as served, None where there is none to correct.
        typed: what was typed last.
        sentence: why there is none.
        is_folded: whether the page is about a correction that is open already.
    """
    selects = "".join(
        choice_select(name, LABELS[name], {"": known}, codes[name], len(known) < 2)
        for name, known in options.items()
        if known
    )
    body = f'<div class="v-head">{selects}</div>'
    title = "Proposer une correction"
    if live is None:
        body += f'<p class="v-warn" role="status">● {text(sentence)}</p>'
    else:
        title = f"Proposer une correction : {live.title}, {period(live.column, live.month)}"
        body += live_value(live) + correction_form(live, typed, READERS_NOTICE)
    body += f'<p class="v-note">{text(OTHERS)} <a href="importer">Importer</a>.</p>'
    note = "L’année et le territoire se choisissent en haut de la page."
    if is_folded:
        title, body = "Proposer une autre correction", fold("Choisir une valeur", body, "proposer")
    return figure_block("proposer", title, note, body, FOOT)


def working_html(kind: Work) -> str:
    """What is at work, while it is."""
    words = {
        "trial": "Calcul de l’effet : les tableaux sont reconstruits avec la valeur proposée…",
        "publish": "Publication de la correction…",
    }[kind]
    body = f'<progress aria-label="{text(words)}"></progress>'
    note = "Vous pouvez quitter la page : le travail continue et se retrouve ici."
    return figure_block("correction-cours", words, note, body, "")


def waiting_html(shown: Sequence[ShownCorrection], to_decide: int, opened: int) -> str:
    """The proposals that wait for a decision; nothing where there is none."""
    if not shown:
        return ""
    return figure_block(
        "attente",
        waiting_finding(shown, to_decide),
        "Qui propose ne décide pas. Ouvrez une proposition pour voir son effet et en décider.",
        corrections_table(shown, "Propositions en attente", opened),
        FOOT,
    )


def opened_html(
    shown: ShownCorrection, effects: Sequence[Effect], has_trial: bool, decision: str
) -> str:
    """One correction: the value, the path, the effect, the decision."""
    facts = [
        ("Caisse", text(shown.caisse)),
        ("Chiffre", text(shown.figure)),
        ("Correction", f"<b>{text(change_words(shown))}</b>"),
        ("État", state_sign(shown.state)),
        ("Motif", text(shown.motive or "–")),
        ("Source", text(shown.source or "–")),
        ("Extrait corrigé", text(shown.origin)),
        ("Proposée par", f"{text(shown.proposed_by)}, {long_date(shown.proposed_at)}"),
    ]
    if shown.decided_by:
        reason = f" : « {shown.reason} »" if shown.reason else ""
        said = f"{shown.decided_by}, {long_date(shown.decided_at)}{reason}"
        facts.append((DECIDED.get(shown.state, "Acceptée par"), text(said)))
    items = "".join(f"<div><dt>{name}</dt><dd>{value}</dd></div>" for name, value in facts)
    body = f'<dl class="v-facts">{items}</dl>'
    if shown.deadlock:
        body += f'<p class="v-warn">▼ {text(shown.deadlock)}</p>'
    if has_trial:
        caption = f"Effet de la correction n° {shown.number}"
        body += f"<h3>Effet sur {shown.month.year} : {text(effect_finding(effects))}</h3>"
        body += effect_table(effects, caption)
    close = (
        '<button type="button" class="link" data-act="choose" data-name="numero" data-value="">'
        "Fermer</button>"
    )
    title = f"Correction n° {shown.number} : {shown.figure}"
    body += f"{decision}<p>{close}</p>"
    return figure_block("correction", title, "", body, FOOT)


def decision_html(
    scope: Scope, one: Correction, has_trial: bool, is_at_work: bool, failure: str
) -> str:
    """What the person may do of a correction, and why not more."""
    said = f'<p class="v-warn" role="status">▼ {text(failure)}</p>' if failure else ""
    if is_at_work:
        return said + '<p class="v-note">Calcul en cours : la suite s’affichera ici.</p>'
    if one.state == "proposed":
        said += _trial_button(scope, one, has_trial)
        if may_withdraw(scope, one):
            return (
                f'{said}<p class="v-note">Vous l’avez proposée : une autre personne en décide.</p>'
                f"<p>{_button('Retirer ma proposition', 'withdraw', one)}</p>"
            )
        if may_decide(scope, one):
            return said + _decision_form(one, has_trial)
        return f'{said}<p class="v-note">Décide qui publie pour cette caisse.</p>'
    is_stuck = one.state == "accepted" and bool(failure)
    if is_stuck and one.caisse_code in scope.own and scope.may("publish"):
        return f"{said}<p>{_button('Reprendre la publication', 'again', one)}</p>"
    return said


def _trial_button(scope: Scope, one: Correction, has_trial: bool) -> str:
    """Works the effect out again, where it is not known over what is served now."""
    may = one.caisse_code in scope.own and (scope.may("import") or scope.may("publish"))
    if has_trial or not may:
        return ""
    return (
        '<p class="v-note">L’effet n’est pas encore connu sur la publication en cours.</p>'
        f"<p>{_button('Calculer l’effet', 'again', one)}</p>"
    )


def _decision_form(one: Correction, has_trial: bool) -> str:
    accept = _button("Accepter et publier", "accept", one, "v-export v-main") if has_trial else ""
    return (
        f'<form class="v-form" data-key="decider-{one.correction_id}">'
        '<label class="v-field"><span>Motif de la décision (obligatoire pour refuser)</span>'
        '<textarea name="reason" rows="2" maxlength="1000"></textarea></label>'
        f'<div class="v-head">{accept}{_button("Refuser", "refuse", one)}</div></form>'
    )


def _button(words: str, do: str, one: Correction, css: str = "v-export") -> str:
    return (
        f'<button type="button" class="{css}" data-act="corriger" data-do="{do}" '
        f'data-value="{one.correction_id}">{text(words)}</button>'
    )


def history_html(
    every: Sequence[ShownCorrection], kept: Sequence[ShownCorrection], state: str, foot: str
) -> str:
    """All corrections of the territory, by what became of them, and their file."""
    counts = {code: sum(one.state == code for one in every) for code in STATES}
    options = {"toutes": f"Toutes ({len(every)})"} | {
        code: f"{STATES[code][1]} ({count})" for code, count in counts.items() if count
    }
    body = ""
    if every:
        body = f'<div class="v-head">{choice_select("etat", "État", {"": options}, state)}</div>'
    if kept:
        body += corrections_table(kept, "Historique des corrections")
    elif every:
        body += '<p class="v-empty">Aucune correction dans cet état pour ce territoire.</p>'
    return figure_block(
        "historique",
        corrections_finding(every),
        "Toutes celles du territoire choisi, la plus récente d’abord ; aucune n’est effacée.",
        body,
        foot,
        ("csv",) if kept else (),
    )
