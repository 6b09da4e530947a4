"""The form that proposes a correction: the value as served, then what is to stand in its place."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from figures.corrections import COLUMNS, exact, period
from figures.formats import ABSENT, is_absent, long_date, number
from figures.markup import attributes, text


@dataclass(frozen=True)
class LiveValue:
    """A value as it is served and the cell of the file that it was read in.

    Attributes:
        value: None where it is withheld from the reader.
        sent_value: as the file gives it; the same where nothing was corrected before.
    """

    caisse: str
    title: str
    column: str
    month: date
    unit: str
    value: float | None
    sent_value: float | None
    file_name: str
    source_sheet: str | None
    source_row: int | None
    received_by: str
    received_at: str


@dataclass(frozen=True)
class Typed:
    """What a person typed, shown again where it was not kept; ``attempt`` counts the tries."""

    value: str = ""
    motive: str = ""
    source: str = ""
    attempt: int = 0
    errors: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()


def live_value(live: LiveValue) -> str:
    """The value as served, with its path."""
    sheet = "" if is_absent(live.source_sheet) else f", feuille « {live.source_sheet} »"
    row = ABSENT if live.source_row is None else number(live.source_row)
    corrected = ""
    if live.value is not None and live.sent_value != live.value:
        corrected = f" L’extrait donne {exact(live.sent_value, live.unit)} : déjà corrigée."
    return (
        f'<dl class="v-facts"><div><dt>{text(COLUMNS[live.column])} aujourd’hui</dt>'
        f"<dd><b>{text(exact(live.value, live.unit))}</b></dd></div>"
        f"<div><dt>Vient de</dt><dd>{text(live.file_name)}{text(sheet)}, ligne {row} ; "
        f"déposé par {text(live.received_by)} le {long_date(live.received_at)}."
        f"{text(corrected)}</dd></div></dl>"
    )


def correction_form(live: LiveValue, typed: Typed, notice: str) -> str:
    """The fields of a proposal; what the rules say of the last try stands above them."""
    said = "".join(f'<p class="v-warn" role="alert">▼ {text(one)}</p>' for one in typed.errors)
    is_weighed = bool(typed.warnings) and not typed.errors
    if is_weighed:
        points = "".join(f"<li>{text(one)}</li>" for one in typed.warnings)
        said += (
            '<div class="v-warn" role="alert">● Les règles signalent, sans refuser :'
            f"<ul>{points}</ul>Proposez de nouveau pour confirmer.</div>"
        )
    words = "Proposer quand même" if is_weighed else "Proposer cette correction"
    return (
        f'{said}<form class="v-form v-correction" data-key="corriger-{typed.attempt}">'
        f"{_line('valeur', f'Nouvelle valeur ({period(live.column, live.month)})', typed.value)}"
        f"{_area('motif', 'Motif : pourquoi la valeur envoyée est fausse', typed.motive)}"
        f"{_area('source', 'Source : d’où vient la nouvelle valeur', typed.source)}"
        f'<p class="v-note">{text(notice)}</p>'
        f'<input type="hidden" name="pese"{attributes(value=typed.value if is_weighed else "")}>'
        '<button type="button" class="v-export v-main" data-act="corriger" data-do="propose">'
        f"{words}</button></form>"
    )


def _line(name: str, label: str, value: str) -> str:
    return (
        f'<label class="v-field"><span>{text(label)}</span>'
        f'<input type="text" name="{name}" inputmode="decimal" autocomplete="off" '
        f'maxlength="40" value="{text(value)}"></label>'
    )


def _area(name: str, label: str, value: str) -> str:
    return (
        f'<label class="v-field"><span>{text(label)}</span>'
        f'<textarea name="{name}" rows="2" maxlength="1000">{text(value)}</textarea></label>'
    )
