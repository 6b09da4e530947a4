"""What a territory's figures still lack: late caisses, provisional months, figures awaited."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from figures.formats import counted, long_date, number
from figures.grammar import capitalised, month_range, month_words, named, typeset
from figures.markup import table, text
from figures.senders import Sender
from indicators.summary import Awaited

NOTHING = "Rien ne manque : toutes les caisses attendues ont tout envoyé"


def lacking_finding(known: Sequence[Sender], awaited: Sequence[Awaited], year: int) -> str:
    """What lacks first: the caisses that are late, else the figures overdue, else nothing."""
    late = [sender for sender in known if sender.is_late]
    overdue = sum(len(one.codes) for one in awaited if one.overdue)
    if not known:
        return typeset(f"Aucun envoi attendu pour {year}")
    if late:
        start = f"{counted(len(late), 'caisse')} sur {number(len(known))}"
        verb = "n’a" if len(late) == 1 else "n’ont"
        said = f"{start} {verb} pas tout envoyé pour {year}"
    else:
        said = NOTHING
    if overdue:
        said += f" ; {counted(overdue, 'indicateur')} en retard sur la date attendue"
    return typeset(said)


def senders_list(known: Sequence[Sender], link: str) -> str:
    """The late caisses by name, with what they last sent, each a link to the extracts received."""
    late = [sender for sender in known if sender.is_late]
    if not late:
        return '<p class="v-empty">▲ Toutes les caisses attendues ont envoyé tous les mois.</p>'
    rows = [
        (
            f'<a href="{text(link)}" data-act="extracts">{text(sender.name)}</a>',
            '<span class="unf">▼ aucun envoi</span>'
            if sender.is_silent or sender.last_month is None
            else f"jusqu’à {text(month_words(sender.last_month))}",
            text(counted(sender.missing, "mois", "mois")),
        )
        for sender in late
    ]
    headings = ("Caisse", "A envoyé", "Il manque")
    return table("Caisses en retard d’envoi", headings, rows, (2,), is_stacked=True)


def provisional_words(months: Sequence[date], year: int) -> str:
    """``Août et septembre sont provisoires``; says so where every month is final."""
    if not months:
        return f"Tous les mois connus de {year} sont définitifs."
    if len(months) == 1:
        return typeset(f"{capitalised(month_words(months[0], year))} est encore provisoire.")
    is_run = months[-1].month - months[0].month == len(months) - 1
    if len(months) == 2 or not is_run:
        said = named([month_words(month, year) for month in months])
    else:
        said = f"Les mois {month_range(months[0], months[-1], year)}"
    return typeset(f"{capitalised(said)} sont encore provisoires.")


def awaited_list(awaited: Sequence[Awaited], titles: Mapping[str, str]) -> str:
    """When the next figures are due and how late they are, the overdue ones first, by name."""
    if not awaited:
        return ""
    items = "".join(
        f"<li>{_state(one)} <span>{text(_names(one, titles))}</span></li>"
        for one in sorted(awaited, key=lambda one: -one.overdue)
    )
    return f'<h3>Prochaines données</h3><ul class="v-awaited">{items}</ul>'


def _state(one: Awaited) -> str:
    day = text(long_date(one.expected))
    if one.overdue:
        late = text(counted(one.overdue, "jour"))
        return f'<b class="unf">▼ attendu le {day}, {late} de retard</b>'
    return f'<b class="neu">● attendu le {day}</b>'


def _names(one: Awaited, titles: Mapping[str, str]) -> str:
    return typeset(f": {named([titles[code] for code in one.codes])}")
