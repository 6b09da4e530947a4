"""Blocks of the page of sendings: overview, matrix, what one caisse lacks, national tables."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from access.policy import policy
from access.scope import Scope
from components.address import TERRITORY, asked, choose, forget
from components.blocks import FileToSend, last_event
from components.collection_view import (
    CONTRACT,
    EVERY,
    MAIL,
    MONTH,
    OF_ALL,
    OF_CONTRACT,
    OF_MONTH,
    SENDER,
    STATE,
    Collected,
    CollectionAsked,
)
from components.controls import choice_buttons, choice_select
from components.perimeter import Perimeter
from figures.collection import (
    CONTRACTS,
    LATE,
    WORDS,
    SenderRow,
    finding,
    legend,
    matrix,
    matrix_records,
    of_month,
    overview,
    overview_finding,
    state_words,
)
from figures.exportable import Exportable
from figures.formats import ABSENT, MONTHS, counted, date_time, long_date, month_name
from figures.grammar import capitalised, of_territory, typeset
from figures.markup import figure_block, table, text
from figures.reminders import (
    Reminder,
    reminder,
    reminders_list,
    reminders_records,
    reminders_text,
)
from indicators.collection import STATES, State

MATRIX, REMINDERS = "collecte", "relances"
TEXT_MIME = "text/plain;charset=utf-8"
NAMED = 4
MAIL_LINES = 16


def controls_html(asked: CollectionAsked, collected: Collected) -> str:
    """Which contract, and which months, the matrix shows."""
    shorts = {code: words.short for code, words in CONTRACTS.items()}
    rows = judged_rows(asked, collected)
    counts = {state: sum(row.has(state) for row in rows) for state in STATES}
    offered = {EVERY: "Toutes les caisses"} | {
        state: f"{WORDS[state].icon} {_filter_words(state)} ({counted(count, 'caisse')})"
        for state, count in counts.items()
        if count or state == asked.state
    }
    contract = choice_buttons(CONTRACT, "Contrat", shorts, asked.contract)
    if len(rows) < 2:
        return f'<div class="v-head">{contract}</div>'
    months = {"": "Toute l’année"} | {str(at): name for at, name in enumerate(MONTHS, 1)}
    month = choice_select(MONTH, "Mois", {"": months}, str(asked.month or ""))
    label = "Caisses qui ont un mois…"
    if asked.sender is None and asked.month is not None:
        label = f"Caisses dont {MONTHS[asked.month - 1]} est…"
    state = choice_select(STATE, label, {"": offered}, asked.state)
    return f'<div class="v-head">{contract}{month}{state}</div>'


def _filter_words(state: State) -> str:
    return "En retard ou refusé" if state == LATE else WORDS[state].word


def head_html(asked: CollectionAsked, collected: Collected) -> str:
    """Title of the page and the contracts side by side."""
    block = figure_block(
        "contrats",
        overview_finding(collected.rows, asked.year, collected.today),
        f"{asked.perimeter.label}, {asked.year}. En retard : attendu avant ce jour et pas reçu. Un "
        "contrat s’ouvre d’un clic.",
        overview(collected.rows, asked.contract, CONTRACT, "Envois par contrat"),
        "Échéance : fin de la période et délai de la définition de l’indicateur ; 30 jours sans "
        "définition.",
    )
    return (
        f"<h1>{text(f'Collecte, {asked.year}')}</h1>"
        '<p class="v-lead">Ce que chaque caisse a envoyé, mois par mois, ce qui manque et depuis '
        f'quand ; de quoi relancer.</p><div class="v-below">{block}</div>'
    )


def judged_rows(asked: CollectionAsked, collected: Collected) -> list[SenderRow]:
    """The caisses with the months that the filter looks at: the one asked for all, or the year."""
    rows = collected.rows[asked.contract]
    if asked.sender is not None or asked.month is None:
        return list(rows)
    return of_month(rows, asked.month)


def shown_rows(asked: CollectionAsked, collected: Collected) -> list[SenderRow]:
    """The caisses that the filter keeps, whole years; whoever is looked at stays."""
    rows = collected.rows[asked.contract]
    if asked.state == EVERY:
        return list(rows)
    kept = {row.code for row in judged_rows(asked, collected) if row.has(asked.state)}
    return [row for row in rows if row.code in kept | {asked.sender}]


def matrix_html(scope: Scope, asked: CollectionAsked, collected: Collected, foot: str) -> str:
    """The matrix of one contract with its controls and its legend."""
    is_own = scope.home_territory == asked.perimeter.code and asked.perimeter.level == "caisse"
    deed = "voir ce qui manque" if is_own else "voir ce qui manque et écrire la relance"
    rows, kept = collected.rows[asked.contract], shown_rows(asked, collected)
    body = controls_html(asked, collected) + legend(rows)
    if kept:
        caption = f"Envois par caisse et par mois, {CONTRACTS[asked.contract].sent}, {asked.year}"
        chosen = (asked.sender, asked.month)
        sizes = Counter(row.group for row in rows)
        body += matrix(kept, collected.groups, sizes, caption, chosen, rows)
    else:
        word = next(words.word for state, words in WORDS.items() if state == asked.state).lower()
        body += f'<p class="v-empty">▲ Aucune caisse n’a de mois « {text(word)} ».</p>'
    block = figure_block(
        MATRIX,
        finding(
            rows,
            asked.contract,
            asked.year,
            collected.today,
            None if asked.sender is not None or len(rows) < 2 else asked.month,
        ),
        f"{asked.perimeter.label}. Une case par mois : cliquez pour {deed}."
        f"{_nobody(asked, collected)}",
        body,
        foot,
        ("csv",),
    )
    return f'<div class="v-below">{block}</div>'


def _nobody(asked: CollectionAsked, collected: Collected) -> str:
    """Says that nobody at all sent anything of the year: the collection may not have begun."""
    rows = [row for row in collected.rows[asked.contract] if row.is_expected]
    if len(rows) < 2 or any(cell.received_count for row in rows for cell in row.cells):
        return ""
    return f" Aucune de ces caisses n’a rien envoyé de {asked.year} : la collecte est-elle lancée ?"


@dataclass(frozen=True)
class CloserLook:
    """What one caisse lacks, ready to be drawn.

    ``message`` is the reminder, None where nothing lacks or where the reader is that caisse.
    """

    sender: str
    name: str
    is_own: bool
    message: Reminder | None


def closer_look(
    scope: Scope, asked: CollectionAsked, collected: Collected, address: str
) -> CloserLook | None:
    """The caisse of the address; None without one, or where it is none of the perimeter."""
    name = collected.name_of(asked.sender) if asked.sender else None
    if asked.sender is None or name is None:
        return None
    is_own = asked.sender == scope.home_territory
    found = collected.gaps(asked.sender, asked.mail_contract, asked.mail_month)
    message = (
        reminder(asked.sender, name, found, collected.today, scope.label, address)
        if found and not is_own
        else None
    )
    return CloserLook(asked.sender, name, is_own, message)


def closer_html(asked: CollectionAsked, collected: Collected, look: CloserLook) -> str:
    """What one caisse lacks of every contract, what came last, what was refused, the reminder."""
    open_count = sum(len(row.open_cells) for row in _rows_of(look.sender, collected))
    said = f"{counted(open_count, 'mois', 'mois')} en retard" if open_count else "rien en retard"
    body = (
        '<button type="button" class="v-close" data-act="close" aria-label="Fermer">✕</button>'
        f"{_month_line(asked, collected)}{_gap_table(collected, look)}"
        f"{_last_extracts(look, collected)}{_refused(look, collected)}"
        f"{_message(asked, collected, look)}"
    )
    block = figure_block(
        "caisse",
        typeset(f"{look.name}, {asked.year} : {said} au {long_date(collected.today)}"),
        "Tous contrats. Ce qui manque, depuis quand, et le dernier fichier reçu.",
        body,
        "",
    )
    place = f"caisse-{look.sender}-{asked.month or 0}"
    return f'<div class="v-below v-gapbox" id="{text(place)}" data-scroll>{block}</div>'


def _rows_of(sender: str, collected: Collected) -> list[SenderRow]:
    found = (collected.row(contract, sender) for contract in collected.rows)
    return [row for row in found if row is not None]


def _month_line(asked: CollectionAsked, collected: Collected) -> str:
    """The month looked at, in a sentence."""
    row = collected.row(asked.contract, asked.sender)
    if row is None or asked.month is None:
        return ""
    cell = row.cells[asked.month - 1]
    word = WORDS[cell.state]
    said = f"{CONTRACTS[asked.contract].short}, {month_name(cell.month)} : {state_words(cell)}"
    if cell.provisional_count:
        said += (
            f", {counted(cell.provisional_count, 'élément provisoire', 'éléments provisoires')} "
            f"sur {cell.expected_count}"
        )
    coming = [one for one in cell.missing if one.due >= collected.today]
    if coming and cell.state != "awaited":
        said += f" ; {counted(len(coming), 'autre attendu', 'autres attendus')} plus tard"
    return f'<p class="v-now"><span class="{word.hue}">{word.icon}</span> {text(said)}.</p>'


def _gap_table(collected: Collected, look: CloserLook) -> str:
    rows = []
    for gap in collected.gaps(look.sender, None, None):
        word = WORDS["late" if gap.refused is None else "refused"]
        rows.append(
            (
                text(capitalised(gap.when)),
                text(CONTRACTS[gap.contract].short),
                f'<span class="{word.hue}">{word.icon} {text(capitalised(word.word))}</span>',
                text(long_date(gap.due)),
                text(counted(gap.overdue, "jour")),
                _lacking(gap.missing, gap.is_whole),
            )
        )
    if not rows:
        return '<p class="v-empty">▲ Tout ce qui était attendu à ce jour est arrivé.</p>'
    headings = ("Mois", "Contrat", "État", "Attendu depuis le", "Retard", "Ce qui manque")
    return table(
        f"Ce qui manque {of_territory(look.sender, look.name)}",
        headings,
        rows,
        (4,),
        css_class="v-table v-gaps",
        is_stacked=True,
    )


def _lacking(names: Sequence[str], is_whole: bool) -> str:
    """What lacks by name; folded where there are many."""
    start = "Rien n’est arrivé" if is_whole else ""
    if is_whole and len(names) == 1:
        return start
    colon = " : " if start else ""
    if len(names) <= NAMED:
        return f"{start}{colon}{text(', '.join(names))}"
    items = "".join(f"<li>{text(name)}</li>" for name in names)
    summary = f"{start}{colon}{counted(len(names), 'élément')}"
    return f"<details><summary>{text(summary)}</summary><ul>{items}</ul></details>"


def _last_extracts(look: CloserLook, collected: Collected) -> str:
    rows = []
    for contract in collected.rows:
        row = collected.row(contract, look.sender)
        last = None if row is None else row.last
        rows.append(
            (
                text(CONTRACTS[contract].short),
                "Aucun" if last is None else text(last.file_name),
                ABSENT if last is None else text(date_time(last.received_at)),
                ABSENT if last is None else text(capitalised(last.who)),
                ABSENT if last is None else text(month_name(last.last_month)),
            )
        )
    headings = ("Contrat", "Dernier fichier reçu", "Le", "Déposé par", "Dernier mois")
    return table("Derniers fichiers reçus", headings, rows, is_stacked=True)


def _refused(look: CloserLook, collected: Collected) -> str:
    seen: dict[tuple[str, str], str] = {}
    for one in collected.refusals:
        if one.caisse_code != look.sender:
            continue
        known = CONTRACTS.get(one.contract or "")
        contract = known.short if known else "contrat non reconnu"
        what = f"{one.file_name} ({contract}), le {date_time(one.received_at)}, par "
        what += f"{policy().label_of(one.person)} : {counted(one.error_count, 'erreur')}"
        seen.setdefault((one.file_name, one.received_at), what)
    if not seen:
        return ""
    items = "".join(
        f'<li><span class="unf">✕ Refusé</span> {text(words)}</li>' for words in seen.values()
    )
    return f'<h3>Fichiers refusés</h3><ul class="v-said">{items}</ul>'


def _message(asked: CollectionAsked, collected: Collected, look: CloserLook) -> str:
    if look.is_own:
        return (
            '<p class="v-note">Ces fichiers se déposent, et se contrôlent aussitôt, sur la page '
            '<a href="importer">Importer</a>, où sont aussi les modèles à remplir.</p>'
        )
    offered = {OF_CONTRACT: f"Tout le {_short(asked)}", OF_ALL: "Tous les contrats"}
    row = collected.row(asked.contract, look.sender)
    if asked.month is not None and row is not None and row.cells[asked.month - 1].is_open:
        offered = {OF_MONTH: "Ce mois"} | offered
    control = choice_buttons(MAIL, "La relance porte sur", offered, asked.mail)
    if look.message is None:
        is_late = any(row.open_cells for row in _rows_of(look.sender, collected))
        return (
            f'<h3>Relance</h3><div class="v-head">{control}</div>'
            '<p class="v-note">Rien à relancer avec ce choix.</p>'
            if is_late
            else ""
        )
    message = look.message
    told = "Aucune adresse n’est connue ici : complétez le destinataire."
    if message.is_shortened:
        told += (
            " Le lien ouvre un texte abrégé, les messageries limitant sa longueur ; le texte "
            "entier est ci-dessous."
        )
    return (
        f'<h3>Relance</h3><div class="v-head">{control}</div>'
        f'<p class="v-mailto"><a class="v-export main" href="{text(message.link)}">'
        f'Ouvrir dans la messagerie</a> <span class="v-note">{text(told)}</span></p>'
        f'<p class="v-subject"><span class="v-note">Objet</span> {text(message.subject)}</p>'
        f'<textarea readonly rows="{MAIL_LINES}" aria-label="Texte de la relance, à copier">'
        f"{text(message.body)}</textarea>"
    )


def _short(asked: CollectionAsked) -> str:
    return {"cpg": "CPG", "adhesions": "contrat Adhésions", "msap": "contrat MSAP"}[asked.contract]


def _scope_words(asked: CollectionAsked) -> str:
    """What the reminders speak of: ``CPG, septembre 2017``."""
    short = CONTRACTS[asked.contract].short
    if asked.mail_month is not None:
        return f"{short}, {MONTHS[asked.mail_month - 1]} {asked.year}"
    return f"{short} {asked.year}" if asked.mail_contract else f"tous contrats, {asked.year}"


def reminders_html(
    scope: Scope, asked: CollectionAsked, collected: Collected, found: Sequence[Reminder]
) -> str:
    """The reminders to be written one by one, or all at once as files.

    They speak of the month chosen for all caisses, of the contract shown, or of all contracts;
    where a caisse is looked at, the choice stands beside its own reminder.
    """
    if not collected.late_senders(scope):
        return ""
    offered = {OF_CONTRACT: f"Tout le {_short(asked)}", OF_ALL: "Tous les contrats"}
    if asked.month is not None:
        offered = {OF_MONTH: f"{capitalised(MONTHS[asked.month - 1])}, {_short(asked)}"} | offered
    control = "" if asked.sender else choice_buttons(MAIL, "Relances pour", offered, asked.mail)
    count = counted(len(found), "relance prête", "relances prêtes") if found else "Aucune relance"
    listed = reminders_list(found, "Relances prêtes") if found else ""
    block = figure_block(
        REMINDERS,
        typeset(f"{count} : {_scope_words(asked)}"),
        f"{asked.perimeter.label}. Une relance par caisse en retard : « Écrire » l’ouvre dans la "
        "messagerie, où il reste à mettre l’adresse. Toutes ensemble : un tableau (CSV) ou les "
        "textes à la suite (TXT).",
        f'<div class="v-head">{control}</div>{listed}' if control else listed,
        "Les relances ne sont ni envoyées ni gardées ici.",
        ("csv", "txt") if found else (),
    )
    return f'<div class="v-below">{block}</div>'


def national_html(rows: Sequence[tuple[str, ...]], foot: str) -> str:
    """The tables that no caisse sends: the last extract, and when the next one is expected."""
    received = sum(row[1] != ABSENT for row in rows)
    headings = ("Tableau", "Dernier fichier reçu", "Le", "Déposé par", "Prochaine échéance")
    block = figure_block(
        "nationaux",
        typeset(f"Tableaux nationaux : {received} reçus sur {len(rows)}"),
        "Ce qui n’est pas envoyé par les caisses. L’échéance vient des définitions, là où elles "
        "en donnent une.",
        table("Tableaux nationaux", headings, rows, is_stacked=True),
        foot,
    )
    return f'<div class="v-below">{block}</div>'


def file_of(
    asked: CollectionAsked,
    collected: Collected,
    reminders: Sequence[Reminder],
    wanted: tuple[str, str],
    foot: str,
) -> tuple[Exportable, str] | FileToSend | None:
    """The file asked: the matrix or the reminders as a table, or the reminders as a text."""
    block, kind = wanted
    stem = f"{block}-{asked.year}"
    if block == MATRIX and kind == "csv":
        title = finding(collected.rows[asked.contract], asked.contract, asked.year, collected.today)
        return (
            Exportable(
                stem,
                title,
                asked.perimeter.label,
                foot,
                lambda: matrix_records(collected.rows, collected.titles, collected.regions),
            ),
            kind,
        )
    if block != REMINDERS:
        return None
    if kind == "txt":
        content = reminders_text(reminders).replace("\n", "\r\n").encode("utf-8-sig")
        return FileToSend(f"{stem}.txt", TEXT_MIME, content)
    return (
        Exportable(
            stem, "Relances", asked.perimeter.label, foot, lambda: reminders_records(reminders)
        ),
        kind,
    )


def take_click(choices: Mapping[str, Perimeter], senders: Sequence[str]) -> Callable[[], None]:
    """What a click of the matrix changes in the address."""

    def answer() -> None:
        event = last_event() or {}
        act, place = str(event.get("act")), str(event.get("t") or "")
        if act == "close":
            forget((SENDER, MONTH, MAIL))
        elif act == "late" and place in CONTRACTS:
            forget((SENDER, MONTH, MAIL))
            choose(CONTRACT, place)
            choose(STATE, LATE)
        elif act == "month":
            is_again = asked(MONTH) == str(event.get("m")) and not asked(SENDER)
            forget((SENDER, MONTH, MAIL))
            if not is_again:
                choose(MONTH, str(event.get("m")))
        elif act in {"drill", "cell"} and place in choices and place not in senders:
            choose(TERRITORY, place)
        elif act in {"cell", "territory"} and place in senders:
            forget((MAIL, MONTH))
            choose(SENDER, place)
            if act == "cell" and event.get("m"):
                choose(MONTH, str(event["m"]))

    return answer


def day_words(day: date) -> str:
    """The day looked at, under a figure."""
    return f"Retards comptés au {long_date(day)}."
