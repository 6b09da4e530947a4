"""Who has sent nothing, or is late: the caisses whose months are missing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd

from figures.formats import as_date, counted, french_key, is_absent, listed, month_name, short_month
from figures.markup import table, text
from figures.records import records

NAMED_AT_MOST = 3


@dataclass(frozen=True)
class Sender:
    """What one caisse sent for the year, against the months known of any caisse."""

    code: str
    name: str
    months_expected: int
    months_received: int
    last_month: date | None
    is_silent: bool

    @property
    def missing(self) -> int:
        """Months lacking."""
        return max(0, self.months_expected - self.months_received)

    @property
    def missing_inside(self) -> int:
        """Months lacking before the last one received."""
        after = self.months_expected - (self.last_month.month if self.last_month else 0)
        return max(0, self.missing - after)

    @property
    def is_late(self) -> bool:
        """Whether at least one month lacks."""
        return self.is_silent or self.missing > 0


def senders(frame: pd.DataFrame) -> list[Sender]:
    """Rows of ``cpg/senders``: those that miss most first, then in French order."""
    known = [_sender(row) for row in records(frame, list(frame.columns))]
    return sorted(known, key=lambda s: (-s.missing, french_key(s.name)))


def _sender(row: dict[Any, Any]) -> Sender:
    return Sender(
        code=row["caisse_code"],
        name=row["caisse_name"],
        months_expected=int(row["months_expected"]),
        months_received=int(row["months_received"]),
        last_month=None if is_absent(row["last_month"]) else as_date(row["last_month"]),
        is_silent=bool(row["is_silent"]),
    )


def senders_finding(known: Sequence[Sender], year: int) -> str:
    """How many caisses are up to date, and who is not."""
    late = [sender for sender in known if sender.is_late]
    if not known:
        return f"Aucun envoi attendu pour {year}"
    if len(known) == 1:
        verb = "n’a pas tout envoyé" if late else "a tout envoyé"
        return f"{known[0].name} {verb} pour {year}"
    if not late:
        return f"{counted(len(known), 'caisse')} à jour pour {year} : rien ne manque"
    names = [sender.name for sender in late[:NAMED_AT_MOST]]
    if len(late) > NAMED_AT_MOST:
        names.append(counted(len(late) - NAMED_AT_MOST, "autre"))
    verb = "n’a pas tout envoyé" if len(late) == 1 else "n’ont pas tout envoyé"
    return f"{counted(len(late), 'caisse')} sur {len(known)} {verb} pour {year} : {listed(names)}"


def senders_table(known: Sequence[Sender], caption: str, is_linked: bool = True) -> str:
    """Late caisses, one a line: a strip of months received, how many lack, since when.

    ``is_linked``: a name is a button that shows the caisse's own figures.
    """
    rows = [
        (
            _name(s) if is_linked else text(s.name),
            _strip(s),
            f"{s.months_received}/{s.months_expected}",
            _since(s),
        )
        for s in known
        if s.is_late
    ]
    if not rows:
        who = "La caisse attendue a" if len(known) == 1 else "Toutes les caisses attendues ont"
        return f'<p class="v-empty">▲ {who} envoyé tous les mois connus.</p>'
    headings = ("Caisse", "Mois reçus", "Nombre", "Ce qui manque")
    return table(caption, headings, rows, (2,), is_stacked=True)


def _name(sender: Sender) -> str:
    return (
        f'<button type="button" class="link" data-act="territory" data-t="{text(sender.code)}">'
        f"{text(sender.name)}</button>"
    )


def _strip(sender: Sender) -> str:
    received = "".join(
        f'<i class="{"got" if month < sender.months_received else "gap"}"></i>'
        for month in range(sender.months_expected)
    )
    said = f"{counted(sender.months_received, 'mois', 'mois')} sur {sender.months_expected}"
    return f'<span class="v-strip" role="img" aria-label="{said}">{received}</span>'


def _since(sender: Sender) -> str:
    if sender.is_silent or sender.last_month is None:
        return '<span class="unf">▼ Aucun envoi cette année</span>'
    inside, last = sender.missing_inside, month_name(sender.last_month)
    if inside == sender.missing:
        said = f"{counted(inside, 'mois manquant', 'mois manquants')} avant {last}"
    elif inside:
        said = f"Rien après {last}, et {counted(inside, 'mois manquant', 'mois manquants')} avant"
    else:
        said = f"Rien après {last}"
    return f'<span class="unf">▼ {said}</span>'


def senders_records(known: Sequence[Sender]) -> pd.DataFrame:
    """All senders, for a file."""
    return pd.DataFrame(
        {
            "caisse_code": s.code,
            "caisse": s.name,
            "mois_attendus": s.months_expected,
            "mois_recus": s.months_received,
            "mois_manquants": s.missing,
            "dernier_mois_recu": short_month(s.last_month) if s.last_month else "",
        }
        for s in known
    )
