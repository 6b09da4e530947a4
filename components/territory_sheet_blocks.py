"""The blocks of a territory's sheet: a sheet in, HTML and files out."""

from __future__ import annotations

from access.scope import Scope
from components.clicks import file_asked
from components.controls import choice_buttons
from components.published_rates import BLOCK as RATES
from components.published_rates import rates_block, rates_html
from components.territory_sheet import (
    INTERVAL_CHOICES,
    INTERVALS,
    Sheet,
    SheetAsked,
    load_sheet,
)
from figures.exportable import Exportable
from figures.formats import counted, listed, long_date
from figures.markup import figure_block, fold, text
from figures.status import HIDDEN, STATUSES
from figures.territory_sheet import sheet_legend, sheet_records, sheet_table
from figures.territory_sheet_words import (
    ends,
    ends_html,
    missing_finding,
    missing_html,
    sheet_finding,
    stake_sentence,
    territory_link,
)
from indicators.few_patients import TOO_FEW
from queries.cached import cached_briefly

BLOCK = "fiche"
PARTS_IN_A_LINE = 14
"""Links to the parts of a territory from which they are folded."""


@cached_briefly
def sheet_drawing(scope: Scope, build_id: str, asked: SheetAsked) -> str | None:
    """The sheet asked for; None where the year holds nothing."""
    sheet = load_sheet(scope, build_id, asked)
    if sheet is None:
        return None
    return sheet_html(sheet, rates_html(scope, build_id, asked.perimeter))


def asked_export(scope: Scope, build_id: str, asked: SheetAsked) -> tuple[Exportable, str] | None:
    """The figure and format of the file that the last click asked for, or None."""
    wanted = file_asked()
    if wanted and wanted[0] == RATES:
        found = rates_block(scope, build_id, asked.perimeter)
        return None if found is None else (found[0], wanted[1])
    sheet = load_sheet(scope, build_id, asked) if wanted and wanted[0] == BLOCK else None
    return None if wanted is None or sheet is None else (sheet_export(sheet), wanted[1])


def sheet_html(sheet: Sheet, published_elsewhere: str = "") -> str:
    """Title, both ends, every objective, what is missing, and what others publish."""
    if not sheet.has_contract:
        label = sheet.asked.perimeter.label
        return (
            f'<div class="v-page"><h1>{text(f"{label} : pas de CPG, aucun objectif applicable")}'
            '</h1><p class="v-lead">Aucune caisse de ce territoire n’a de contrat pluriannuel de '
            f"gestion en {sheet.asked.year}. Choisissez un autre territoire.</p></div>"
        )
    head = _head(sheet)
    lowest, highest = ends(sheet.readings)
    both = ends_html(lowest, highest, sheet.territory, sheet.asked.links.story)
    return (
        f'<div class="v-page">{head}<div class="v-grid v-halves">{both}</div>'
        f'<div class="v-below">{_table_block(sheet)}</div>'
        f'<div class="v-below">{_missing_block(sheet)}</div>{published_elsewhere}</div>'
    )


def _head(sheet: Sheet) -> str:
    asked = sheet.asked
    title = sheet_finding(asked.perimeter.label, sheet.readings, sheet.stake)
    lead = f"Contrat pluriannuel de gestion, {sheet.period}"
    stake = stake_sentence(sheet.stake, sheet.readings, asked.year)
    return f'<h1>{text(title)}</h1><p class="v-lead">{text(lead)}. {text(stake)}</p>{_parts(sheet)}'


def _parts(sheet: Sheet) -> str:
    """A sentence and links to the sheets of what lies under the territory."""
    if not sheet.parts:
        return ""
    links = [territory_link(p.code, p.label, sheet.asked.links) for p in sheet.parts]
    is_department = sheet.asked.perimeter.level == "departement"
    noun = "caisse" if is_department else "département"
    said = f"{counted(len(links), noun)}, chacun{'e' if is_department else ''} sa fiche"
    inside = f'<p class="v-parts">{listed(links)}</p>'
    if len(links) > PARTS_IN_A_LINE:
        return fold(said, inside, "parties")
    return f'<p class="v-parts">{text(said)}&nbsp;: {listed(links)}.</p>'


def _statuses(sheet: Sheet) -> str:
    """``9 atteints, 4 proches, 6 en retard, 2 masqués``."""
    counts = dict.fromkeys((*STATUSES, "hidden"), 0)
    for reading in sheet.readings.values():
        counts["hidden" if reading.is_hidden else reading.status] += 1
    words = {code: word.word.lower() for code, word in STATUSES.items()}
    words[TOO_FEW] = "sans verdict (trop peu de patients)"
    words["hidden"] = HIDDEN.word.split(" ", maxsplit=1)[0].lower()
    said = []
    for code, count in counts.items():
        word = words[code]
        takes_plural = count > 1 and code not in {"behind", TOO_FEW}
        said.append(f"{count} {_plural(word) if takes_plural else word}") if count else None
    return listed(said)


def _plural(words: str) -> str:
    return " ".join(f"{word}s" for word in words.split(" ")).replace("nons ", "non ")


def _table_block(sheet: Sheet) -> str:
    asked = sheet.asked
    caption = (
        f"Objectifs du CPG en {asked.year}, {asked.perimeter.label}. "
        "Une ligne ouvre l’histoire du chiffre."
    )
    table = sheet_table(sheet.lines, caption, asked.links, asked.shows_intervals)
    shown = "oui" if asked.shows_intervals else "non"
    legend = sheet_legend(sheet.is_open_year, sheet.lines)
    control = choice_buttons(INTERVALS, "Intervalles à 95 % en chiffres", INTERVAL_CHOICES, shown)
    return figure_block(
        BLOCK,
        f"{counted(len(sheet.lines), 'objectif')} : {_statuses(sheet)}",
        f"{sheet.period[:1].upper()}{sheet.period[1:]}. Un titre ouvre la définition, une ligne "
        "l’histoire du chiffre : mois, pairs, fichiers d’origine.",
        f'<div class="v-head">{control}</div>{table}{legend}',
        sheet.foot,
        ("csv",),
    )


def _missing_block(sheet: Sheet) -> str:
    today = long_date(sheet.missing.today)
    counted_to = f" ; retards comptés au {today}" if sheet.missing.awaited else ""
    return figure_block(
        "manque",
        missing_finding(sheet.missing),
        f"Mois non reçus, provisoires ou attendus, signalements, petits nombres{counted_to}.",
        missing_html(sheet.missing, sheet.asked.links),
        sheet.foot,
    )


def sheet_export(sheet: Sheet) -> Exportable:
    """The table as a file."""
    asked = sheet.asked
    return Exportable(
        f"fiche-{asked.year}-{asked.perimeter.code}",
        sheet_finding(asked.perimeter.label, sheet.readings, sheet.stake),
        sheet.period,
        sheet.foot,
        lambda: sheet_records(sheet.lines),
    )
