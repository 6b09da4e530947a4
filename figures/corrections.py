"""Corrections of single values in words and tables: what, from where, decided by whom."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd

from data.ingestion.sentences import written
from figures.formats import (
    ABSENT,
    NARROW_SPACE,
    as_date,
    attainment_percent,
    counted,
    is_absent,
    long_date,
    month_name,
    number,
    percent,
    quantity,
)
from figures.markup import attributes, table, text
from figures.status import HIDDEN, StatusWord, status_word
from indicators.catalogue import catalogue

COLUMNS = {
    "realised": "Réalisé",
    "numerator": "Numérateur",
    "denominator": "Dénominateur",
    "objective": "Objectif annuel",
}
STATES = {
    "waiting": ("●", "À décider", "neu"),
    "publishing": ("●", "Publication en cours", "neu"),
    "applied": ("▲", "Appliquée", "fav"),
    "absent": ("▼", "Acceptée, absente de cette publication", "unf"),
    "replaced": ("–", "Remplacée par une autre", "neu"),
    "superseded": ("▼", "Ne s’applique plus", "unf"),
    "refused": ("–", "Refusée", "neu"),
    "withdrawn": ("–", "Retirée", "neu"),
}
"""Sign, words and colour of what became of a correction."""
CORRECTED = StatusWord("≠", "Valeur corrigée", "neu")
"""The mark of a figure that rests on an accepted correction."""
WITHHELD = f"{HIDDEN.icon} {HIDDEN.word}"


@dataclass(frozen=True)
class ShownCorrection:
    """A correction as a person reads it; values and texts are None where they are withheld.

    Attributes:
        state: a key of ``STATES``.
        deadlock: why it no longer applies, a sentence; empty where it does.
    """

    number: int
    caisse_code: str
    caisse: str
    indicator_code: str
    month: date
    column: str
    old_value: float | None
    new_value: float | None
    motive: str | None
    source: str | None
    origin: str
    proposed_by: str
    proposed_at: str
    state: str
    decided_by: str | None = None
    decided_at: str | None = None
    reason: str | None = None
    deadlock: str = ""

    @property
    def unit(self) -> str:
        """The unit of its values."""
        return unit_of(self.indicator_code, self.column)

    @property
    def figure(self) -> str:
        """What is corrected: indicator, column and period."""
        return f"{catalogue()[self.indicator_code].title}, {period(self.column, self.month)}"


@dataclass(frozen=True)
class Effect:
    """A figure of the year before and after, for one territory."""

    name: str
    unit: str
    before: Mapping[str, Any]
    after: Mapping[str, Any]


def unit_of(indicator: str, column: str) -> str:
    """The unit of a column: counts stand behind a rate."""
    return "count" if column in {"numerator", "denominator"} else catalogue()[indicator].unit


def period(column: str, month: date) -> str:
    """``réalisé de mars 2017``, ``objectif annuel 2017``."""
    said = COLUMNS[column].lower()
    return f"{said} {month.year}" if column == "objective" else f"{said}, {month_name(month)}"


def exact(value: float | None, unit: str) -> str:
    """A value with all its digits: a correction is never rounded away."""
    if value is None or is_absent(value):
        return WITHHELD
    if unit == "proportion":
        said = written(round(float(value) * 100, 6))
        return f"{said}{NARROW_SPACE}%"
    suffix = quantity(1.0, unit).lstrip("1").removeprefix(",0").removeprefix(",000")
    return f"{written(float(value))}{suffix}"


def change_words(shown: ShownCorrection) -> str:
    """``de 120 à 210``."""
    if shown.old_value is None:
        return WITHHELD
    return f"de {exact(shown.old_value, shown.unit)} à {exact(shown.new_value, shown.unit)}"


def correction_sentence(shown: ShownCorrection) -> str:
    """The path of a corrected value in one sentence, as the story of the figure tells it."""
    when = f" le {long_date(shown.decided_at)}" if shown.decided_at else ""
    who = f" par {shown.decided_by}" if shown.decided_by else ""
    motive = f", motif : {shown.motive}" if shown.motive else ""
    source = f" (source : {shown.source})" if shown.source else ""
    return f"corrigé {change_words(shown)}{when}{who}{motive}{source}"


def state_sign(state: str) -> str:
    """Sign and words of a state."""
    icon, words, hue = STATES[state]
    return f'<span class="{hue}"><i aria-hidden="true">{icon}</i> {text(words)}</span>'


def corrections_finding(shown: Sequence[ShownCorrection]) -> str:
    """How many corrections were ever proposed, and how many are applied."""
    if not shown:
        return "Aucune correction proposée pour l’instant"
    applied = sum(one.state == "applied" for one in shown)
    said = counted(len(shown), "correction proposée", "corrections proposées")
    return f"{said}, {counted(applied, 'appliquée', 'appliquées')}"


def waiting_finding(shown: Sequence[ShownCorrection], to_decide: int) -> str:
    """How many wait, and how many of them for the reader."""
    said = counted(len(shown), "proposition en attente", "propositions en attente")
    return f"{said}, dont {number(to_decide)} à votre décision" if to_decide else said


def corrections_table(
    shown: Sequence[ShownCorrection], caption: str, open_number: int | None = None
) -> str:
    """One line a correction, newest first; a click opens it."""
    rows = [
        (
            f'<button type="button" class="link" data-act="choose" data-name="numero" '
            f'data-value="{one.number}"{attributes(aria_current=one.number == open_number)}>'
            f"n° {one.number}</button>",
            f"<b>{text(one.caisse)}</b><br>{text(one.figure)}",
            text(change_words(one)),
            ABSENT if one.motive is None else text(one.motive),
            f"{text(one.proposed_by)}<br>{long_date(one.proposed_at)}",
            _fate(one),
        )
        for one in shown
    ]
    headings = ("Correction", "Chiffre", "Valeur", "Motif", "Proposée", "Suite")
    return table(caption, headings, rows, css_class="v-table v-past", is_stacked=True)


def _fate(one: ShownCorrection) -> str:
    said = [state_sign(one.state)]
    if one.decided_by:
        said.append(f"{text(one.decided_by)}, {long_date(one.decided_at)}")
    if one.reason:
        said.append(f"« {text(one.reason)} »")
    if one.deadlock:
        said.append(text(one.deadlock))
    return "<br>".join(said)


def corrections_records(shown: Sequence[ShownCorrection]) -> pd.DataFrame:
    """The history as flat rows for a file; what is withheld is left blank."""
    columns = (
        *("numero", "caisse", "indicateur", "mois", "colonne", "ancienne_valeur"),
        *("nouvelle_valeur", "motif", "source", "origine", "proposee_par", "proposee_le"),
        *("etat", "decidee_par", "decidee_le", "motif_de_decision", "remarque"),
    )
    return pd.DataFrame(
        [
            (
                *(one.number, one.caisse, one.indicator_code, f"{one.month:%Y-%m}"),
                *(COLUMNS[one.column], one.old_value, one.new_value, one.motive, one.source),
                *(one.origin, one.proposed_by, one.proposed_at, STATES[one.state][1]),
                *(one.decided_by, one.decided_at, one.reason, one.deadlock),
            )
            for one in shown
        ],
        columns=list(columns),
    )


def effect_table(effects: Sequence[Effect], caption: str) -> str:
    """One line a territory: value, attainment and status before and after."""
    rows = [
        (
            text(one.name),
            _moved(_value(one.before, one.unit), _value(one.after, one.unit)),
            _moved(_objective(one.before, one.unit), _objective(one.after, one.unit)),
            _moved(_attainment(one.before), _attainment(one.after)),
            _moved(_status(one.before), _status(one.after), are_html=True),
        )
        for one in effects
    ]
    headings = ("Territoire", "Réalisé", "Objectif à date", "Atteinte", "État")
    return table(caption, headings, rows, numeric=(1, 2, 3), is_stacked=True)


def _moved(before: str, after: str, are_html: bool = False) -> str:
    first, last = (before, after) if are_html else (text(before), text(after))
    if before == after:
        return f'{first} <span class="neu">(inchangé)</span>'
    return f'{first} <span aria-hidden="true">→</span><span class="sr"> devient </span> {last}'


def _value(row: Mapping[str, Any], unit: str) -> str:
    if _is_withheld(row):
        return WITHHELD
    if unit == "proportion" and not is_absent(row.get("denominator")):
        share = row["numerator"] / row["denominator"] if row["denominator"] else None
        return percent(share, 2)
    return quantity(row.get("realised"), unit)


def _objective(row: Mapping[str, Any], unit: str) -> str:
    return quantity(row.get("objective_to_date"), unit)


def _attainment(row: Mapping[str, Any]) -> str:
    return WITHHELD if _is_withheld(row) else attainment_percent(row.get("attainment_to_date"))


def _status(row: Mapping[str, Any]) -> str:
    if _is_withheld(row):
        return WITHHELD
    said = status_word(row.get("status"))
    return f'<span class="{said.hue}">{said.icon} {said.word}</span>'


def _is_withheld(row: Mapping[str, Any]) -> bool:
    return bool(row.get("is_hidden")) and is_absent(row.get("attainment_to_date"))


def effect_finding(effects: Sequence[Effect]) -> str:
    """Whether any status would change."""
    changed = [
        one.name
        for one in effects
        if not _is_withheld(one.before)
        and not _is_withheld(one.after)
        and one.before.get("status") != one.after.get("status")
    ]
    if not effects:
        return "Effet inconnu"
    if not changed:
        return "Aucun état ne change"
    return f"{counted(len(changed), 'état change', 'états changent')} : {', '.join(changed)}"


@dataclass(frozen=True)
class Elsewhere:
    """How many values of a month were corrected for caisses that the person does not see."""

    month: date
    column: str
    count: int

    @property
    def words(self) -> str:
        """What may be said of them: neither caisse, value nor motive."""
        said = counted(self.count, "valeur corrigée", "valeurs corrigées")
        return f"{said} d’une caisse que votre profil ne lit pas en détail"


def marks_of(
    shown: Sequence[ShownCorrection], caisses: bool, elsewhere: Sequence[Elsewhere] = ()
) -> dict[date, str]:
    """The corrected months of a chart, and what was corrected.

    Args:
        shown: corrections that are applied.
        caisses: whether the chart adds caisses up, so that each is to be named.
        elsewhere: those of caisses that the person does not see.
    """
    marks: dict[date, str] = {}
    for one in shown:
        if one.column == "objective":
            continue
        day = as_date(one.month)
        if day is None:
            continue
        said = correction_sentence(one)
        said = f"{one.caisse} {said}" if caisses else f"{said[:1].upper()}{said[1:]}"
        marks[day] = f"{marks[day]} · {said}" if day in marks else said
    for other in elsewhere:
        if other.column != "objective":
            before = f"{marks[other.month]} · " if other.month in marks else ""
            marks[other.month] = f"{before}{other.words}"
    return marks
