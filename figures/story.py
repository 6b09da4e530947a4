"""The story of a figure: does it move, against whom, where does it land, what was said of it?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

import pandas as pd

from figures import control, place
from figures.figure_line import (
    as_of,
    assurance_sign,
    attainment_text,
    interval_text,
    level_of,
    line_words,
    median_gap_text,
    objective_text,
    sign,
    status_of,
    value_text,
    variation_sign,
)
from figures.formats import as_date, counted, long_date, month_name, quantity
from figures.grammar import month_range
from figures.markup import fold, text
from figures.sentences import INTERVAL_CHANCE
from indicators.reading import Control, Reading


@dataclass(frozen=True)
class Corrections:
    """What was corrected of a figure.

    Attributes:
        by_month: by first day of the month, for the chart and its table.
        said: each correction that counts in the year, in a sentence.
        address: where another is proposed; empty for whoever may not.
    """

    by_month: Mapping[date, str] = field(default_factory=dict)
    said: Sequence[str] = ()
    address: str = ""


NO_CORRECTION = Corrections()


def story_html(
    reading: Reading,
    name: str,
    notes: pd.DataFrame,
    rebases: pd.DataFrame,
    foot: str,
    may_write: bool,
    notice: str,
    refusal: str = "",
    beside: Sequence[tuple[str, str]] = (),
    corrections: Corrections = NO_CORRECTION,
) -> str:
    """The panel beside the board.

    Args:
        reading: the figure.
        name: of its territory.
        notes: rows of ``queries.notes.notes`` of the figure.
        rebases: rows of ``queries.notes.rebases`` of the figure.
        foot: source, build and date.
        may_write: whether the person may leave a note here.
        notice: who will read a note.
        beside: more facts as (name, value): the comparator chosen, the next figure expected.
        corrections: what was corrected of the figure.
        refusal: why the last note was not kept; empty where it was.
    """
    return (
        f'<aside class="v-story" aria-label="Histoire du chiffre" data-key="histoire">'
        f"{_head(reading, name)}{_facts(reading, beside)}"
        f"{_control(reading, name, notes, rebases, corrections.by_month)}"
        f"{_place(reading)}{_landing(reading)}{_corrections(corrections)}"
        f"{_notes(reading, notes, rebases, may_write, notice, refusal)}"
        f'<p class="v-foot"><span>{text(foot)}</span></p></aside>'
    )


def _head(reading: Reading, name: str) -> str:
    code = text(reading.indicator.code)
    return (
        f'<header><p class="v-kicker">{text(name)} · {reading.year} · {text(as_of(reading))}</p>'
        f'<h2 id="titre-histoire">{text(reading.indicator.title)}</h2>'
        f'<p class="v-note">{text(reading.indicator.short)} '
        f'<a href="methode?definition={code}" data-act="definition" data-i="{code}">Définition'
        "</a></p>"
        '<button type="button" class="v-close" data-act="close" data-part="cpg" '
        'aria-label="Fermer l’histoire du chiffre">✕</button></header>'
    )


def _facts(reading: Reading, beside: Sequence[tuple[str, str]]) -> str:
    """The figure in one glance: value, objective, attainment, interval, the two signs."""
    aim = "Objectif à date" if reading.is_open_year else "Objectif"
    interval = interval_text(reading)
    facts = [
        ("Réalisé", text(value_text(reading))),
        (aim, text(objective_text(reading))),
        ("Atteinte", f"<b>{text(attainment_text(reading))}</b> {sign(status_of(reading))}"),
        ("Intervalle à 95 %", text(interval) if interval else "–"),
        ("Variation", variation_sign(reading)),
        ("Régularité", assurance_sign(reading)),
    ]
    if not _is_country(reading):
        facts.append(("Écart à la médiane", text(median_gap_text(reading))))
    if reading.behind_since is not None:
        facts.append(("En retard depuis", text(month_name(reading.behind_since))))
    elif reading.under_since is not None:
        side = "Au-dessus de" if reading.indicator.better == "lower" else "Sous"
        facts.append((f"{side} l’objectif depuis", text(month_name(reading.under_since))))
    facts += [(text(name), text(value)) for name, value in beside]
    if reading.senders_received < reading.senders_expected:
        sent = f"{reading.senders_received}/{reading.senders_expected}"
        facts.append(("Caisses à jour", sent))
    items = "".join(f"<div><dt>{name}</dt><dd>{value}</dd></div>" for name, value in facts)
    return f'<dl class="v-facts">{items}</dl>'


def _control(
    reading: Reading,
    name: str,
    notes: pd.DataFrame,
    rebases: pd.DataFrame,
    corrected: Mapping[date, str],
) -> str:
    title = f"<h3>{text(control.control_finding(reading))}</h3>"
    if reading.control is None:
        return (
            f'<section data-key="controle">{title}<p class="v-note">Il y faut au moins trois mois '
            "connus et non masqués d’un flux, d’un taux ou d’un nombre d’adhérents.</p></section>"
        )
    marks = control.rebase_marks(rebases) | control.marks_of(notes)
    alt = control.control_alt(reading, name)
    caption = f"Carte de contrôle : {reading.indicator.title}, {name}"
    table = control.control_table(reading, caption, corrected)
    return (
        f'<section data-key="controle">{title}'
        f'<p class="v-note">{text(control.control_note(reading.control))}</p>'
        f'<div class="v-picture v-picture-control">'
        f"{control.control_svg(reading, marks, alt, corrected)}</div>"
        '<p class="v-legend"><span><b class="k habit"></b> variation habituelle</span>'
        f"{_drawn(reading.control, marks, corrected)}</p>"
        f"{fold('Voir le tableau des mois', table, 'controle')}"
        '<p class="v-exports"><button type="button" class="v-export" data-act="export" '
        'data-part="cpg" data-block="controle" data-format="csv">CSV</button>'
        '<button type="button" class="v-export" data-act="export" data-part="cpg" '
        'data-block="controle" data-format="png">PNG</button></p></section>'
    )


def _drawn(chart: Control, marks: Mapping[date, str], corrected: Mapping[date, str]) -> str:
    """The legend of what this chart holds beside its habit."""
    has_signal = any(rule is not None for rule in chart.chart.signal)
    kinds = (
        (has_signal, '<i class="fav">▲</i><i class="unf">▼</i> signal'),
        (chart.target is not None, '<b class="k goal"></b> objectif'),
        (any(day in chart.months for day in marks), "✎ note"),
        (any(day in chart.months for day in corrected), f"{control.CORRECTED} valeur corrigée"),
    )
    return "".join(f"<span>{said}</span>" for is_drawn, said in kinds if is_drawn)


def _corrections(corrections: Corrections) -> str:
    """The path of the values that are not those of their extract, and the way to propose one."""
    if not corrections.said and not corrections.address:
        return ""
    title = "Corrections"
    body = ""
    if corrections.said:
        title = counted(len(corrections.said), "valeur corrigée", "valeurs corrigées")
        body = "".join(f"<li><p>{text(said)}</p></li>" for said in corrections.said)
        body = f'<ul class="v-notes">{body}</ul>'
    if corrections.address:
        body += (
            f'<p class="v-note">Une valeur est fausse ? <a href="{text(corrections.address)}">'
            "Proposer une correction</a></p>"
        )
    return f'<section data-key="corrections"><h3>{title}</h3>{body}</section>'


def _is_country(reading: Reading) -> bool:
    return level_of(reading.territory_code) == "national"


def _place(reading: Reading) -> str:
    """Where the figure stands among its peers; nothing for the country, which has none."""
    if _is_country(reading):
        return ""
    return (
        f'<section data-key="place"><h3>{text(place.place_finding(reading))}</h3>'
        f"{place.place_strip(reading)}</section>"
    )


def _landing(reading: Reading) -> str:
    words = line_words(reading)
    said = []
    if reading.indicator.aggregation.months == "sum" and reading.is_open_year:
        said += [words.landing, landing_base(reading)]
    said.append(words.effort)
    sentences = "".join(f"<p>{text(s[:1].upper() + s[1:])}.</p>" for s in said if s)
    title = "Atterrissage" if reading.is_open_year else "Année close"
    return f'<section data-key="atterrissage"><h3>{title}</h3>{sentences}</section>'


def landing_base(reading: Reading) -> str:
    """Which months and caisses a landing rests on, and how sure its interval is."""
    landing = reading.landing
    if landing is None or landing.value is None or reading.is_hidden:
        return ""
    first, last = date(reading.year, 1, 1), date(reading.year, landing.months, 1)
    said = f"calculé sur les mois {month_range(first, last, reading.year)}"
    if landing.objective is not None:
        said = f"la fourchette {INTERVAL_CHANCE} ; elle est calculée sur les mois "
        said += month_range(first, last, reading.year)
    if not landing.is_partial:
        return said
    aim = quantity(landing.objective, reading.indicator.unit)
    return f"{said}, pour un objectif ramené à ce que ces caisses ont à faire : {aim}"


def _notes(
    reading: Reading,
    notes: pd.DataFrame,
    rebases: pd.DataFrame,
    may_write: bool,
    notice: str,
    refusal: str,
) -> str:
    written = "".join(_note(row) for row in notes.to_dict("records"))
    written += "".join(_rebase(row) for row in rebases.to_dict("records"))
    listed = (
        f'<ul class="v-notes">{written}</ul>' if written else '<p class="v-empty">Aucune note.</p>'
    )
    said = f'<p class="v-warn" role="alert">▼ {text(refusal)}</p>' if refusal else ""
    form = _forms(reading, notice) if may_write else ""
    title = counted(len(notes), "note") if len(notes) else "Notes"
    return f'<section data-key="notes"><h3>{title}</h3>{listed}{said}{form}</section>'


def _note(row: dict[str, object]) -> str:
    month = row["month"]
    period = str(row["year"])
    if not pd.isna(month):
        period = month_name(date(int(str(row["year"])), int(str(month)), 1))
    return _entry(period, row, str(row["body"]), "unnote", str(row["note_id"]))


def _rebase(row: dict[str, object]) -> str:
    period = f"Limites recalées à partir de {month_name(as_date(row['month']))}"
    return _entry(period, row, str(row["reason"]), "unrebase", str(row["rebase_id"]))


def _entry(period: str, row: dict[str, object], body: str, act: str, number: str) -> str:
    withdraw = (
        f' <button type="button" class="link" data-act="{act}" data-part="cpg" '
        f'data-value="{text(number)}">Retirer</button>'
        if row["may_withdraw"]
        else ""
    )
    return (
        f'<li data-key="{act}-{text(number)}"><span class="v-note">{text(period)} · '
        f"{text(row['author'])}, {long_date(str(row['created_at'])[:10])}</span>"
        f"<p>{text(body)}{withdraw}</p></li>"
    )


def _forms(reading: Reading, notice: str) -> str:
    months = [day for day, _ in reading.points]
    options = "".join(
        f'<option value="{day.month}">{text(month_name(day))}</option>' for day in reversed(months)
    )
    note = (
        '<form class="v-form" data-key="noter"><label class="v-field"><span>Mois concerné</span>'
        f'<select name="month" aria-label="Mois concerné"><option value="">Année {reading.year}'
        f"</option>{options}</select></label>"
        '<label class="v-field"><span>Ce qu’il faut savoir de ce chiffre</span>'
        '<textarea name="body" rows="3" maxlength="2000" '
        'aria-label="Ce qu’il faut savoir de ce chiffre"></textarea></label>'
        f'<p class="v-note">{text(notice)}</p>'
        '<button type="button" class="v-export" data-act="note" data-part="cpg">'
        "Enregistrer la note</button></form>"
    )
    if reading.control is None:
        return fold("Ajouter une note", note, "noter")
    return fold("Ajouter une note", note, "noter") + fold(
        "Recaler les limites de la carte", _rebase_form(reading.control.months), "recaler"
    )


def _rebase_form(months: Sequence[date]) -> str:
    options = "".join(
        f'<option value="{day.isoformat()}">{text(month_name(day))}</option>'
        for day in reversed(months[1:])
    )
    return (
        '<form class="v-form" data-key="recaler"><p class="v-note">À faire quand l’organisation a '
        "changé et que le nouveau niveau est là pour durer ; le motif reste affiché.</p>"
        '<label class="v-field"><span>Premier mois du nouveau niveau</span>'
        f'<select name="month" aria-label="Premier mois du nouveau niveau">{options}</select>'
        '</label><label class="v-field"><span>Motif</span><textarea name="body" rows="2" '
        'maxlength="2000" aria-label="Motif du recalage"></textarea></label>'
        '<button type="button" class="v-export" data-act="rebase" data-part="cpg">Recaler</button>'
        "</form>"
    )
