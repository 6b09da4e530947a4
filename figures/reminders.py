"""The text of a reminder: what a caisse has not sent, since when, and what it is asked to do.

Plain text for a mail. The link that opens it in a mail program is bounded: what does not fit is
shortened there, and said to be.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from urllib.parse import quote

import pandas as pd

from data.ingestion.refusals import Refusal
from figures.collection import CONTRACTS, SenderRow
from figures.formats import counted, listed, long_date
from figures.grammar import capitalised, elided, month_range, month_words, of_territory, quoted
from figures.markup import table, text
from indicators.calendar import overdue_days
from indicators.collection import Cell

LONGEST_LINK = 1900
"""Characters that every mail program and browser takes in a ``mailto:`` address."""

TO_PASTE = "Collez ici le texte de la relance, copié de la page Collecte."
"""Where not even one gap fits."""

SHORTER = ((None, None), (3, None), (0, None), (0, 6), (0, 3), (0, 1))
"""Names and lines kept of the list, from all of them to the fewest."""


@dataclass(frozen=True)
class Gap:
    """What lacks of one contract over following months, in the same way.

    Attributes:
        contract: as the contracts name it.
        months: first days, following one another.
        due: the day the first of them was due.
        overdue: days since then.
        missing: titles of what lacks.
        is_whole: whether nothing at all came of these months.
        refused: the file that was refused for them, None without one.
    """

    contract: str
    months: tuple[date, ...]
    due: date
    overdue: int
    missing: tuple[str, ...]
    is_whole: bool
    refused: Refusal | None = None

    @property
    def when(self) -> str:
        """``août 2017``, ``de juin à août 2017``."""
        if len(self.months) == 1:
            return month_words(self.months[0])
        return month_range(self.months[0], self.months[-1])


def gaps(
    contract: str, row: SenderRow, titles: Mapping[str, str], today: date, month: int | None = None
) -> tuple[Gap, ...]:
    """What a caisse has not sent, months that lack in the same way taken together.

    Args:
        contract: the contract of ``row``.
        row: the caisse's year.
        titles: what each item is called.
        today: the day looked at.
        month: that month alone (1 to 12); all of them without.
    """
    found: list[Gap] = []
    for cell in row.open_cells:
        if month is not None and cell.month.month != month:
            continue
        gap = _gap(contract, row, cell, titles, today)
        if found and _continues(found[-1], gap):
            found[-1] = _joined(found[-1], gap)
        else:
            found.append(gap)
    return tuple(found)


def _gap(contract: str, row: SenderRow, cell: Cell, titles: Mapping[str, str], today: date) -> Gap:
    refused = next((one for one in row.refusals if one.month == cell.month), None)
    codes = cell.late_codes(today)
    due = cell.missing[0].due
    return Gap(
        contract,
        (cell.month,),
        due,
        overdue_days(due, today),
        tuple(titles.get(code, code) for code in codes),
        cell.received_count == 0,
        refused if cell.state == "refused" else None,
    )


def _continues(before: Gap, gap: Gap) -> bool:
    year, month = divmod(before.months[-1].year * 12 + before.months[-1].month, 12)
    is_next = gap.months[0] == date(year, month + 1, 1)
    is_alike = before.is_whole == gap.is_whole and before.refused == gap.refused is None
    return is_next and is_alike and (gap.is_whole or before.missing == gap.missing)


def _joined(before: Gap, gap: Gap) -> Gap:
    return Gap(
        before.contract,
        (*before.months, *gap.months),
        before.due,
        before.overdue,
        before.missing,
        before.is_whole,
    )


@dataclass(frozen=True)
class Reminder:
    r"""A mail ready to be sent.

    Attributes:
        code, name: of the caisse.
        gaps: what it lacks.
        subject: one line.
        body: lines ended by ``\n``.
        link: ``mailto:`` without an address: none is known here.
        is_shortened: whether the link opens less than ``body``.
    """

    code: str
    name: str
    subject: str
    body: str
    link: str
    is_shortened: bool
    gaps: tuple[Gap, ...]


def reminder(
    code: str, name: str, found: Sequence[Gap], today: date, signature: str, address: str
) -> Reminder:
    """The reminder of one caisse.

    Args:
        code: of the caisse.
        name: as the house writes it.
        found: what lacks, one or more.
        today: the day looked at.
        signature: who writes.
        address: of the page where files are brought in; empty where it is not known.

    Raises: ValueError where nothing lacks.
    """
    if not found:
        raise ValueError("A reminder needs something that lacks.")
    subject = _subject(code, name, found)

    def body(names: int | None, lines: int | None) -> str:
        return _body(code, name, found, today, signature, address, names, lines)

    link, is_shortened = _link(subject, body)
    return Reminder(code, name, subject, body(None, None), link, is_shortened, tuple(found))


def _link(subject: str, body: Callable[[int | None, int | None], str]) -> tuple[str, bool]:
    for at, (names, lines) in enumerate(SHORTER):
        link = mailto(subject, body(names, lines))
        if len(link) <= LONGEST_LINK:
            return link, at > 0
    return mailto(subject, TO_PASTE), True


def mailto(subject: str, body: str) -> str:
    """A ``mailto:`` address without a recipient, by RFC 6068: percent-encoded, lines by CRLF."""
    written = _plain(body).replace("\r\n", "\n").replace("\n", "\r\n")
    return f"mailto:?subject={quote(_plain(subject), safe='')}&body={quote(written, safe='')}"


def _plain(words: str) -> str:
    """The words with the spaces and apostrophes that weigh least once encoded."""
    return words.replace("\u202f", " ").replace("\u00a0", " ").replace("’", "'")


def _subject(code: str, name: str, found: Sequence[Gap]) -> str:
    sender = f"{name} : "
    if len(found) == 1:
        (gap,) = found
        short = CONTRACTS[gap.contract].short
        when = gap.when if len(gap.months) > 1 else elided("de", gap.when)
        if gap.refused is not None:
            return f"{sender}{short} {when}, fichier à corriger et à renvoyer"
        return f"{sender}{short} {when}, envoi attendu depuis le {long_date(gap.due)}"
    counts: dict[str, int] = {}
    for gap in found:
        counts[gap.contract] = counts.get(gap.contract, 0) + len(gap.months)
    parts = [
        f"{CONTRACTS[contract].short} ({counted(count, 'mois', 'mois')})"
        for contract, count in counts.items()
    ]
    return f"{sender}envois en retard, {listed(parts)}"


def _body(
    code: str,
    name: str,
    found: Sequence[Gap],
    today: date,
    signature: str,
    address: str,
    names: int | None,
    lines: int | None,
) -> str:
    shown = found if lines is None else found[:lines]
    said = [f"- {gap_line(gap, names)}" for gap in shown]
    if left := len(found) - len(shown):
        words = counted(left, "autre retard", "autres retards")
        said.append(f"- et {words}, dont nous tenons la liste à votre disposition.")
    head = (
        f"Sauf erreur de notre part, il nous manquait, au {long_date(today)}, "
        f"ces envois {of_territory(code, name)} :"
    )
    parts = ["Bonjour,", head, "\n".join(said), _asked(found, address)]
    parts.append(
        "Si l’envoi est parti entre-temps, ne tenez pas compte de ce message. "
        "Si quelque chose vous empêche d’envoyer, dites-le-nous en réponse."
    )
    parts.append(f"Merci,\n{signature}")
    return "\n\n".join(parts)


def gap_line(gap: Gap, names: int | None = None) -> str:
    """One gap in a sentence: what, of which months, since when, what lacks.

    ``names`` is how many titles of what lacks are written; all of them without.
    """
    words = CONTRACTS[gap.contract]
    start = f"{capitalised(words.sent)}, {gap.when} : "
    if gap.refused is not None:
        file, errors = gap.refused.file_name, counted(gap.refused.error_count, "erreur")
        day = long_date(gap.refused.received_at)
        return (
            f"{start}le fichier {quoted(file)}, déposé le {day}, a été refusé ({errors}). "
            "À corriger et à renvoyer."
        )
    since = "le" if len(gap.months) == 1 else "à partir du"
    late = counted(gap.overdue, "jour")
    when = f"{words.expected} {since} {long_date(gap.due)} ({late} de retard)"
    if gap.is_whole:
        count = f" ({counted(len(gap.missing), words.unit)})" if words.unit else ""
        return f"{start}{when}, rien n’est arrivé{count}."
    return f"{start}{when}, il manque {_names(gap.missing, names, words.unit)}."


def _names(titles: Sequence[str], kept: int | None, unit: str) -> str:
    if kept == 0 or not titles:
        return counted(len(titles), unit)
    if kept is None or len(titles) <= kept:
        return listed(quoted(title) for title in titles)
    left = counted(len(titles) - kept, "autre")
    return f"{', '.join(quoted(title) for title in titles[:kept])} et {left}"


def _asked(found: Sequence[Gap], address: str) -> str:
    contracts = list(dict.fromkeys(gap.contract for gap in found))
    models = listed(quoted(capitalised(CONTRACTS[one].sent)) for one in contracts)
    noun = "le modèle" if len(contracts) == 1 else "les modèles"
    where = f" : {address}" if address else "."
    said = (
        "Ce qu’il faut faire : déposez le fichier sur la page Importer de Vigie GDR, qui le "
        f"contrôle aussitôt ; {noun} {models} s’y télécharge{'' if len(contracts) == 1 else 'nt'}, "
        f"en bas de page{where}"
    )
    if any(CONTRACTS[one].is_zero_told for one in contracts):
        said += "\nUn mois sans rien à compter s’envoie à zéro : une absence n’est pas un zéro."
    return said


LISTED = 30
"""Reminders listed one by one; where more are late, their files hold them all."""


def reminders_list(reminders: Sequence[Reminder], caption: str) -> str:
    """One line a caisse, the latest first: what lacks, since when, and a link that writes to it."""
    order = sorted(reminders, key=lambda one: -max(gap.overdue for gap in one.gaps))
    rows = [
        (
            f'<button type="button" class="link" data-act="territory" data-t="{text(one.code)}">'
            f"{text(one.name)}</button>",
            "<br>".join(text(_short_line(gap)) for gap in one.gaps),
            text(counted(max(gap.overdue for gap in one.gaps), "jour")),
            f'<a class="v-export" href="{text(one.link)}" '
            f'aria-label="Écrire à {text(one.name)}, dans la messagerie">Écrire</a>',
        )
        for one in order[:LISTED]
    ]
    headings = ("Caisse", "Ce qui manque", "Retard", "Relance")
    shown = table(caption, headings, rows, (2,), is_stacked=True)
    left = len(order) - len(rows)
    if not left:
        return shown
    said = counted(left, "autre relance est", "autres relances sont")
    return f'{shown}<p class="v-note">{text(said)} dans les fichiers.</p>'


def _short_line(gap: Gap) -> str:
    """``CPG, de juin à septembre 2017 : rien n’est arrivé``."""
    words = CONTRACTS[gap.contract]
    start = f"{words.short}, {gap.when} : "
    if gap.refused is not None:
        return f"{start}fichier refusé"
    return f"{start}{'rien n’est arrivé' if gap.is_whole else gap_count(gap)}"


def gap_count(gap: Gap) -> str:
    """How many items of a contract lack: ``3 indicateurs manquent``."""
    count = len(gap.missing)
    verb = "manque" if count == 1 else "manquent"
    return f"{counted(count, CONTRACTS[gap.contract].unit)} {verb}"


def reminders_records(reminders: Sequence[Reminder]) -> pd.DataFrame:
    """All reminders as rows for a file."""
    columns = ["caisse_code", "caisse", "objet", "texte"]
    rows = [(one.code, one.name, one.subject, one.body) for one in reminders]
    return pd.DataFrame(rows, columns=columns)


def reminders_text(reminders: Sequence[Reminder]) -> str:
    """All reminders one after the other, to be copied from."""
    line = "-" * 72
    return f"\n\n{line}\n\n".join(f"Objet : {one.subject}\n\n{one.body}" for one in reminders)
