"""The sheet of one territory: every objective of a year on one line, as a table that prints."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

import pandas as pd

from figures.board import corrected_meaning, few_meaning
from figures.corrections import CORRECTED
from figures.figure_line import (
    ASSURANCES,
    COMPARISONS,
    NO_CHART,
    VARIATIONS,
    assurance_sign,
    attainment_bar,
    attainment_text,
    effort_of,
    interval_text,
    level_of,
    line_words,
    median_gap_text,
    months_strip,
    objective_text,
    sign,
    status_of,
    value_text,
    variation_sign,
)
from figures.formats import (
    ABSENT,
    number,
    points,
    quantity,
    quantity_gap,
    short_month,
    signed,
)
from figures.grammar import LEVEL_NOUNS, chance_percent, ordinal
from figures.markup import attributes, text
from figures.sentences import Effort
from figures.status import HIDDEN, STATUSES, StatusWord
from indicators.few_patients import TOO_FEW
from indicators.reading import Reading
from indicators.stakes import WeightSource

DECEMBER = 12
MASKED = StatusWord(HIDDEN.icon, "Masqué", HIDDEN.hue)
"""The status of a hidden figure in a narrow column; the legend tells why."""

CONTROL_LEGEND = (
    ("Variation", (*VARIATIONS.values(),)),
    ("Régularité", (*(word for word in ASSURANCES.values() if word.icon != ABSENT),)),
)


@dataclass(frozen=True)
class SheetLine:
    """One objective of the sheet.

    ``heading`` is its title under the name of its area; ``weight`` what it weighs on ``scale``:
    percentage points of the intéressement or points of the CPG, None without weight;
    ``is_average`` says that the points are a mean of contracts that differ, ``is_corrected`` that
    an accepted correction counts in the figure.
    """

    reading: Reading
    heading: str
    weight: float | None = None
    scale: WeightSource = "interessement"
    is_average: bool = False
    is_corrected: bool = False


@dataclass(frozen=True)
class SheetLinks:
    """Starts of addresses that a code follows: an indicator's, a territory's for ``sheet``."""

    story: str
    definition: str
    findings: str
    sheet: str


@dataclass(frozen=True)
class ShortEffort:
    """A monthly effort in a cell: the figure, and what it is compared with or adds up to."""

    figure: str
    words: str = ""


def effort_text(reading: Reading) -> ShortEffort:
    """What each month must bring from now to December, in the fewest words.

    Flows: the flow needed, or still allowed where lower is better (``≤``). Rates: what the months
    left must hold. Month-end stocks: the change a month, and in all.
    """
    effort = effort_of(reading)
    aim, total = effort.objective, effort.total
    if reading.is_hidden or aim is None or aim <= 0 or effort.better == "none":
        return ShortEffort(ABSENT)
    if total is None or effort.last_month is None or effort.last_month.month == DECEMBER:
        return ShortEffort(ABSENT)
    is_ceiling = effort.better == "lower"
    if is_ceiling and total > aim and not effort.is_level:
        return ShortEffort("✗", "plafond dépassé")
    if (total <= aim if is_ceiling else total >= aim) and (effort.is_level or not is_ceiling):
        return ShortEffort("✓", "tenu à ce jour" if is_ceiling else "déjà atteint")
    if effort.needed_rate is not None:
        return _rate_effort(effort.needed_rate, total, effort.unit, is_ceiling)
    if effort.is_level:
        return _level_effort(effort, aim - total, DECEMBER - effort.last_month.month)
    return ShortEffort(ABSENT) if effort.needed is None else _flow_effort(effort, effort.needed)


def _rate_effort(needed: float, total: float, unit: str, is_ceiling: bool) -> ShortEffort:
    """The rate that the months left must hold, against the year's so far."""
    so_far = f"contre {quantity(total, unit)}"
    if needed < 0 or (unit == "proportion" and needed > 1):
        return ShortEffort("✗", "hors d’atteinte")
    figure = quantity(needed, unit)
    return ShortEffort(f"≤ {figure}" if is_ceiling else figure, so_far)


def _level_effort(effort: Effort, gap: float, months_left: int) -> ShortEffort:
    def said(change: float) -> str:
        if effort.unit == "proportion":
            return points(change)
        if effort.unit == "count":
            # Rounded to the side on which the objective is reached.
            return signed(math.ceil(change - 1e-9) if change > 0 else math.floor(change + 1e-9))
        return quantity_gap(change, effort.unit)

    return ShortEffort(said(gap / months_left), f"soit {said(gap)}")


def _flow_effort(effort: Effort, needed: float) -> ShortEffort:
    is_ceiling = effort.better == "lower"
    if effort.unit in {"count", "eur"}:
        needed = math.floor(needed) if is_ceiling else math.ceil(needed - 1e-9)
    figure = quantity(needed, effort.unit)
    mean = "" if effort.mean is None else f"contre {_mean(effort.mean, effort.unit)}"
    return ShortEffort(f"≤ {figure}" if is_ceiling else figure, mean)


def _mean(value: float, unit: str) -> str:
    return number(value) if unit == "count" and value >= 10 else quantity(value, unit)


def rank_text(reading: Reading) -> str:
    """``9e sur 106``; a dash where nothing is ranked."""
    place = reading.place
    if place.rank is None:
        return ABSENT
    noun = LEVEL_NOUNS[level_of(reading.territory_code)]
    return f"{ordinal(place.rank, noun.gender)} sur {number(place.count)}"


def sheet_table(
    lines: Sequence[SheetLine], caption: str, links: SheetLinks, shows_intervals: bool
) -> str:
    """Every objective on one line, grouped by area; a line opens the story of its figure.

    Args:
        lines: in the order shown, areas kept together.
        caption: what the table shows, plain text.
        links: where the lines lead to.
        shows_intervals: whether the screen shows them too; paper always does.
    """
    is_open = any(line.reading.is_open_year for line in lines)
    headings = _headings(is_open)
    head = "".join(
        f'<th scope="col"{attributes(class_=css or None)}>{text(heading)}</th>'
        for heading, css in headings
    )
    body = "".join(
        f'<tr class="group"><th scope="colgroup" colspan="{len(headings)}">{text(area)}</th></tr>'
        + "".join(_row(line, headings, links) for line in own)
        for area, own in groupby(lines, key=lambda line: line.reading.indicator.area)
    )
    css = "v-sheet v-stacked with-intervals" if shows_intervals else "v-sheet v-stacked"
    return (
        f'<div class="v-scroll v-sheetbox" tabindex="0" role="region" aria-label="{text(caption)}">'
        f'<table class="{css}"><caption>{text(caption)}</caption>'
        f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"
    )


def _headings(is_open: bool) -> list[tuple[str, str]]:
    """Headings of the columns with their class, in the order of ``_cells``."""
    ending = [("Atterrissage", "num"), ("Effort mensuel", "num")]
    return [
        ("Indicateur", ""),
        ("Réalisé", "num"),
        ("Objectif à date" if is_open else "Objectif", "num"),
        ("Atteinte", ""),
        ("Statut", ""),
        ("Variation", "mid"),
        ("Régularité", "mid"),
        ("Mois", ""),
        ("Rang", "num"),
        ("Écart à la médiane", "num"),
        *(ending if is_open else [("Écart à l’objectif", "num")]),
        ("Données", ""),
    ]


def _row(line: SheetLine, headings: Sequence[tuple[str, str]], links: SheetLinks) -> str:
    code = line.reading.indicator.code
    cells = zip(headings[1:], _cells(line, links), strict=True)
    inside = "".join(
        f'<td data-label="{text(heading)}"{attributes(class_=css or None)}>{cell}</td>'
        for (heading, css), cell in cells
    )
    return (
        f'<tr data-act="story" data-i="{text(code)}" data-key="{text(code)}">'
        f'<th scope="row">{_title(line, links)}</th>{inside}</tr>'
    )


def _title(line: SheetLine, links: SheetLinks) -> str:
    indicator = line.reading.indicator
    return (
        f'<a href="{text(links.definition + indicator.code)}" data-act="definition" '
        f'data-i="{text(indicator.code)}" title="Définition : {text(indicator.title)}">'
        f"{text(line.heading)}</a>{_weight(line)}"
    )


def _weight(line: SheetLine) -> str:
    """What the objective weighs, in small under its title; nothing without weight."""
    if line.weight is None:
        return ""
    written = number(line.weight, 0 if float(line.weight).is_integer() else 1)
    if line.scale == "cpg_points":
        title = "Points du CPG, moyenne de ses caisses" if line.is_average else "Points du CPG"
        word = "points moyens" if line.is_average else "points"
        return f'<small class="weight" title="{title}">{word} {written}</small>'
    title = "Poids dans l’intéressement, en points"
    return f'<small class="weight" title="{title}">poids {written}</small>'


def _cells(line: SheetLine, links: SheetLinks) -> list[str]:
    reading = line.reading
    words = line_words(reading)
    unit = reading.indicator.unit
    if reading.is_open_year:
        effort = effort_text(reading)
        ending = [_landing(reading, words.landing), _two(effort.figure, effort.words, words.effort)]
    else:
        gap = None if reading.value is None or reading.objective is None else _gap(reading)
        ending = [_two(quantity_gap(gap, unit), "", words.effort)]
    return [
        _two(value_text(reading), _senders(reading)) + _corrected(line),
        _two(objective_text(reading), _objective_of_year(reading)),
        _attainment(reading, links),
        sign(MASKED if reading.is_hidden else status_of(reading)),
        _variation(reading),
        ABSENT if reading.control is None else assurance_sign(reading, is_short=True),
        months_strip(reading),
        _two(rank_text(reading), "", words.peers),
        f"{text(median_gap_text(reading))} {_against_median(reading)}",
        *ending,
        _two(_until(reading), _state_of_data(reading)),
    ]


def _corrected(line: SheetLine) -> str:
    """The mark of a figure that an accepted correction counts in; none on a hidden one."""
    if not line.is_corrected or line.reading.is_hidden:
        return ""
    return f"<small>{CORRECTED.icon} {text(CORRECTED.word.lower())}</small>"


def _variation(reading: Reading) -> str:
    """The sign, and the month it is judged to where the figure goes further."""
    control = reading.control
    if control is None:
        return ABSENT
    is_earlier = reading.last_month is not None and control.judged_to < reading.last_month
    until = f"<small>à {text(short_month(control.judged_to))}</small>" if is_earlier else ""
    return f"{variation_sign(reading, is_short=True)}{until}"


def _until(reading: Reading) -> str:
    return ABSENT if reading.last_month is None else short_month(reading.last_month)


def _gap(reading: Reading) -> float:
    return (reading.value or 0.0) - (reading.objective or 0.0)


def _two(figure: str, words: str, said: str = "") -> str:
    """A figure, small words under it, and the sentence for who points at it."""
    under = f"<small>{text(words)}</small>" if words else ""
    title = attributes(title=said or None)
    return f"<span{title}>{text(figure)}</span>{under}" if said else f"{text(figure)}{under}"


def _state_of_data(reading: Reading) -> str:
    is_late = reading.senders_expected == 1 and not reading.senders_received
    words = ("en retard" if is_late else "", "provisoire" if reading.is_provisional else "")
    return ", ".join(word for word in words if word)


def _senders(reading: Reading) -> str:
    """How many of several caisses are up to date; one alone is late, said beside its month."""
    received, expected = reading.senders_received, reading.senders_expected
    return f"{received}/{expected} caisses" if received < expected and expected > 1 else ""


def _objective_of_year(reading: Reading) -> str:
    """The year's objective, where it differs from the one to date."""
    unit = reading.indicator.unit
    whole = quantity(reading.objective, unit)
    is_same = whole == quantity(reading.objective_to_date, unit)
    return "" if not reading.is_open_year or is_same or whole == ABSENT else f"année : {whole}"


def _attainment(reading: Reading, links: SheetLinks) -> str:
    code, title = reading.indicator.code, reading.indicator.title
    interval = interval_text(reading)
    said = HIDDEN.icon if reading.is_hidden else attainment_text(reading)
    return (
        f'<span class="v-att">{attainment_bar(reading)}'
        f'<a href="{text(links.story + code)}" data-act="story" data-i="{text(code)}"'
        f"{attributes(title=f'Intervalle à 95 % : {interval}' if interval else None)}>{text(said)}"
        f'<span class="sr"> : ouvrir {text(title)}</span></a></span>'
        + (f'<small class="interval">{text(interval)}</small>' if interval else "")
    )


def _against_median(reading: Reading) -> str:
    compared = reading.place.against_median
    return "" if compared == "not_compared" else sign(COMPARISONS[compared], is_short=True)


def _landing(reading: Reading, said: str) -> str:
    landing = reading.landing
    if landing is not None and landing.is_too_few and not reading.is_hidden:
        return _two(ABSENT, "trop peu pour prévoir", said)
    if landing is None or landing.value is None or reading.is_hidden:
        return ABSENT
    chance = landing.probability
    words = ["" if chance is None else f"chance {chance_percent(chance)}"]
    words.append("partiel" if landing.is_partial else "")
    small = ", ".join(word for word in words if word)
    return _two(quantity(landing.value, reading.indicator.unit), small, said)


def sheet_legend(is_open: bool, lines: Sequence[SheetLine] = ()) -> str:
    """What the icons, the bars and the columns of months say.

    Args:
        is_open: objectives are those to date.
        lines: those of the sheet; what only some sheets carry is told where one of them does.
    """
    words = [word for code, word in STATUSES.items() if code != TOO_FEW]
    statuses = " ".join(_icon(word) for word in (*words, HIDDEN))
    if any(line.reading.status == TOO_FEW for line in lines):
        statuses += f" {few_meaning()}"
    if any(_corrected(line) for line in lines):
        statuses += f" {corrected_meaning()}"
    controls = "".join(
        f"<span>{name} : {' '.join(_icon(word) for word in words)}</span>"
        for name, words in CONTROL_LEGEND
    )
    ending = (
        "Jugé sur l’objectif à date. Atterrissage : valeur en fin d’année (fourchettes : 8 chances "
        "sur 10) et chance d’atteindre l’objectif ; effort mensuel : ce qu’il faut chaque mois "
        "après le dernier reçu, ou (≤) ce qui reste permis."
        if is_open
        else "Jugé sur l’objectif de l’année."
    )
    return (
        f'<p class="v-legend"><span>{statuses}</span>{controls}'
        f"<span>{NO_CHART.icon} sans carte de contrôle</span>"
        "<span>Barre : trait plein, l’objectif ; pointillé, la médiane des pairs ; trait "
        "fin, l’intervalle à 95 %. Mois : au-dessus du trait, objectif à date atteint.</span>"
        f"<span>{ending}</span></p>"
    )


def _icon(word: StatusWord) -> str:
    return (
        f'<span class="v-sign"><i class="{word.hue}" aria-hidden="true">{word.icon}</i> '
        f"{text(word.word)}</span>"
    )


def sheet_records(lines: Sequence[SheetLine]) -> pd.DataFrame:
    """The lines for a file: numbers as they are, sentences beside them."""
    return pd.DataFrame([_record(line) for line in lines])


def _record(line: SheetLine) -> dict[str, object]:
    reading, words = line.reading, line_words(line.reading)
    indicator, place, interval = reading.indicator, reading.place, reading.interval
    landing, effort = reading.landing, effort_of(reading)
    has_median = reading.attainment is not None and place.median is not None
    return {
        "domaine": indicator.area,
        "objectif_code": indicator.code,
        "objectif_libelle": indicator.title,
        "unite": indicator.unit_label,
        "realise": reading.value,
        "objectif_annuel": reading.objective,
        "objectif_a_date": reading.objective_to_date,
        "taux_atteinte": reading.attainment,
        "intervalle_bas": None if interval is None else interval.lower,
        "intervalle_haut": None if interval is None else interval.upper,
        "statut": status_of(reading).word,
        "variation": words.variation,
        "regularite": words.assurance,
        "rang": place.rank,
        "classes": place.count,
        "mediane_des_pairs": place.median,
        "ecart_a_la_mediane": _difference(reading) if has_median else None,
        "comparaison": COMPARISONS[place.against_median].word,
        "atterrissage": None if landing is None else landing.value,
        "chance": None if landing is None else landing.probability,
        "effort_mensuel": effort.needed,
        "effort": words.effort,
        "poids_interessement": line.weight if line.scale == "interessement" else None,
        "points_cpg": line.weight if line.scale == "cpg_points" else None,
        "dernier_mois": "" if reading.last_month is None else short_month(reading.last_month),
        "provisoire": reading.is_provisional,
        "corrige": line.is_corrected and not reading.is_hidden,
        "caisses_a_jour": reading.senders_received,
        "caisses_attendues": reading.senders_expected,
    }


def _difference(reading: Reading) -> float:
    return (reading.attainment or 0.0) - (reading.place.median or 0.0)
