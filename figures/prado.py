"""PRADO: adhesions by volet, the COG's objectives, the DRSM, what counsellors do, where it stands.

Proportions lie in [0, 1]; a count withheld is None with ``is_hidden``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from figures.figure_line import WIDEST, sign
from figures.formats import (
    ABSENT,
    attainment_percent,
    french_key,
    known_float,
    listed,
    number,
    percent,
    quantity,
)
from figures.grammar import typeset
from figures.markup import table, text
from figures.msap_anomalies import Anomaly, anomaly_marks
from figures.programme_bars import Bar, bar_cell, bars_svg, ceiling
from figures.programme_sources import of_figure
from figures.records import records
from figures.status import HIDDEN, StatusWord, status_word
from indicators.attainment import status
from indicators.few_patients import TOO_FEW, is_too_few
from indicators.programme_costs import ratio

VOLETS: Mapping[str, str] = {
    "ensemble": "Tous volets",
    "maternite": "Maternité",
    "maternite_sortie_precoce": "Maternité, sortie précoce",
    "chirurgie": "Chirurgie",
    "orthopedie": "Orthopédie",
    "insuffisance_cardiaque": "Insuffisance cardiaque",
    "bpco": "BPCO",
    "plaies_chroniques": "Plaies chroniques",
    "personnes_agees": "Personnes âgées",
}
MASKED = f'<span class="neu">{HIDDEN.icon} Masqué</span>'


@dataclass(frozen=True)
class VoletLine:
    """One volet, or one objective of establishments, of a territory and year.

    ``eligible`` is None where nobody counts them; ``status`` judges the objective to date.
    """

    name: str
    realised: float | None
    eligible: float | None
    objective: float | None
    attainment: float | None
    status: str
    is_hidden: bool = False
    is_of_patients: bool = True

    @property
    def coverage(self) -> float | None:
        """Adhesions over eligible patients."""
        return ratio(self.realised, self.eligible)

    @property
    def is_too_few(self) -> bool:
        """Whether the patients who joined and those aimed at are too few for a verdict."""
        return self.is_of_patients and is_too_few(self.realised, self.objective)

    @property
    def verdict(self) -> StatusWord:
        """The status as it is said: none on too few patients."""
        is_judged = self.attainment is not None
        return status_word(TOO_FEW if is_judged and self.is_too_few else self.status)


def volets_finding(lines: Sequence[VoletLine], year: int, where: str, is_open: bool) -> str:
    """Which volets are behind the objective, close to it, or too small to say."""
    aim = "l’objectif à date" if is_open else "l’objectif"
    parts = [line for line in lines if line.name != VOLETS["ensemble"]]
    known = [line for line in parts if line.attainment is not None]
    start = f"PRADO {year}, {where}"
    if not known:
        withheld = any(line.is_hidden for line in parts)
        why = "effectifs masqués (petits nombres)" if withheld else "rien à comparer à l’objectif"
        return typeset(f"{start} : {why}")
    judged = [line for line in known if not line.is_too_few]
    behind = _named([line for line in judged if line.status == "behind"])
    close = _named([line for line in judged if line.status == "close"])
    said = []
    if behind:
        said.append(f"en retard sur {aim} en {behind}")
    if close:
        said.append(f"proche en {close}" if behind else f"proche de {aim} en {close}")
    if judged and not said:
        said.append(f"{aim} est atteint dans tous les volets jugés")
    few = listed(_lowered(line.name) for line in known if line.is_too_few)
    more = f"trop peu de patients pour conclure en {few}" if few else ""
    return typeset(f"{start} : {' ; '.join(part for part in (', '.join(said), more) if part)}")


def _named(lines: Sequence[VoletLine]) -> str:
    """``maternité (98,0 %) et BPCO (98,5 %)``; empty without any."""
    return listed(
        f"{_lowered(line.name)} ({attainment_percent(line.attainment)})" for line in lines
    )


def _lowered(name: str) -> str:
    return name if name.isupper() else name.lower()


def volets_table(lines: Sequence[VoletLine], caption: str, is_open: bool, first: str) -> str:
    """Adhesions, eligible patients, coverage, objective and attainment of each volet."""
    aim = "Objectif à date" if is_open else "Objectif"
    rows = [
        (
            f"<b>{text(line.name)}</b>" if line.name == VOLETS["ensemble"] else text(line.name),
            _count(line.realised, line.is_hidden),
            _count(line.eligible, False),
            MASKED if line.is_hidden else percent(line.coverage),
            quantity(line.objective, "count"),
            MASKED if line.is_hidden else _line_cell(line),
        )
        for line in lines
    ]
    heads = (first, "Adhésions", "Patients éligibles", "Couverture", aim, "Atteinte")
    return table(caption, heads, rows, numeric=(1, 2, 3, 4), is_stacked=True)


def establishments_table(lines: Sequence[VoletLine], caption: str) -> str:
    """Establishments that propose a volet against their objective."""
    rows = [
        (
            text(line.name),
            _count(line.realised, line.is_hidden),
            quantity(line.objective, "count"),
            MASKED if line.is_hidden else _line_cell(line),
        )
        for line in lines
    ]
    heads = ("Établissements proposant", "Établissements", "Objectif", "Atteinte")
    return table(caption, heads, rows, numeric=(1, 2), is_stacked=True)


def _count(value: float | None, is_hidden: bool) -> str:
    return MASKED if is_hidden and value is None else number(value)


def _line_cell(line: VoletLine) -> str:
    return verdict_cell(line.attainment, line.verdict)


def attained_cell(
    attainment: float | None, judged: str, decimals: int = 1, top: float = WIDEST
) -> str:
    """The attainment as a bar with its number, icon and word; ``top`` ends the scale."""
    return verdict_cell(attainment, status_word(judged), decimals, top)


def verdict_cell(
    attainment: float | None, word: StatusWord, decimals: int = 1, top: float = WIDEST
) -> str:
    """The attainment as a bar in the colour of its verdict; the verdict alone without one."""
    if attainment is None:
        return sign(word)
    bar = Bar("", attainment, attainment_percent(attainment, decimals), word.hue, goal=1.0)
    return f"{bar_cell(bar, top)} {sign(word)}"


def volets_svg(lines: Sequence[VoletLine], alt: str) -> str:
    """The attainment of each line, the objective marked."""
    return bars_svg([_attained_bar(line) for line in lines], alt)


def _attained_bar(line: VoletLine) -> Bar:
    said = "Masqué" if line.is_hidden else attainment_percent(line.attainment)
    if line.verdict == status_word(TOO_FEW):
        said = f"{said}, trop peu"
    return Bar(line.name, line.attainment, said, line.verdict.hue, goal=1.0)


def volets_records(lines: Sequence[VoletLine], is_open: bool = False) -> pd.DataFrame:
    """Volets and objectives of establishments for a file; withheld counts are empty.

    In an open year the objective and its attainment are those to date, and the file says so.
    """
    return pd.DataFrame(
        {
            "volet": line.name,
            "realise": line.realised,
            "eligibles": line.eligible,
            "couverture": line.coverage,
            "objectif": line.objective,
            "taux_atteinte": line.attainment,
            "statut": HIDDEN.word if line.is_hidden else line.verdict.word,
            "objectif_a_date": is_open,
            "masque": line.is_hidden,
        }
        for line in lines
    )


@dataclass(frozen=True)
class YearTotal:
    """What one source published of a year over all volets, with the COG's objectives."""

    year: int
    source: str
    adhesions: float | None
    objective: float | None
    revised: float | None

    @property
    def attainment(self) -> float | None:
        """Against the objective first signed."""
        return ratio(self.adhesions, self.objective)

    @property
    def revised_attainment(self) -> float | None:
        """Against the objective as lowered since."""
        return ratio(self.adhesions, self.revised)


def year_totals(rows: pd.DataFrame) -> list[YearTotal]:
    """Rows of ``programmes/prado_totals`` that have an objective, by year and source."""
    columns = ("year", "source", "adhesions", "objective", "revised_objective")
    found = [
        YearTotal(
            int(row["year"]),
            str(row["source"]).replace("IGAS 2017, a", "A"),
            known_float(row["adhesions"]),
            known_float(row["objective"]),
            known_float(row["revised_objective"]),
        )
        for row in records(rows, columns)
        if known_float(row["objective"]) is not None
    ]
    return sorted(found, key=lambda one: (one.year, len(one.source), one.source))


def totals_finding(totals: Sequence[YearTotal]) -> str:
    """The last year against the objective signed, and against the one lowered since."""
    last = max((total.year for total in totals), default=None)
    own = [total for total in totals if total.year == last]
    signed_one = next((one for one in own if one.attainment is not None), None)
    if signed_one is None:
        return "COG : aucun objectif publié"
    revised = next((one for one in own if one.revised is not None), None)
    said = (
        f"PRADO {last} : {number(signed_one.adhesions)} adhésions, "
        f"{attainment_percent(signed_one.attainment, 0)} de l’objectif de la COG "
        f"({number(signed_one.objective)})"
    )
    if revised is not None:
        said += (
            f" ; {attainment_percent(revised.revised_attainment, 0)} de l’objectif revu à "
            f"{number(revised.revised)}"
        )
    return typeset(said)


def totals_table(totals: Sequence[YearTotal], found: Sequence[Anomaly], caption: str) -> str:
    """Each year and source: adhesions, objective signed, objective revised; doubts are flagged."""
    top = ceiling([_total_bar(total) for total in totals])
    rows = [
        (
            f"{total.year} <small>{text(total.source)}</small>",
            bar_cell(_total_bar(total), top)
            + anomaly_marks(of_figure(found, total.year, "adhesions")),
            number(total.objective) + anomaly_marks(of_figure(found, total.year, "objective")),
            attained_cell(total.attainment, status(total.attainment)),
            number(total.revised),
            ABSENT
            if total.revised is None
            else attained_cell(total.revised_attainment, status(total.revised_attainment)),
        )
        for total in totals
    ]
    heads = (
        "Année et source",
        "Adhésions (trait : objectif)",
        "Objectif de la COG",
        "Atteinte",
        "Objectif revu",
        "Atteinte de l’objectif revu",
    )
    return table(caption, heads, rows, numeric=(2, 4), is_stacked=True)


def _total_bar(total: YearTotal) -> Bar:
    hue = status_word(status(total.attainment)).hue
    name = f"{total.year}, {total.source}"
    return Bar(name, total.adhesions, number(total.adhesions), hue, goal=total.objective)


def totals_svg(totals: Sequence[YearTotal], alt: str) -> str:
    """Adhesions by year and source, the COG's objective marked."""
    return bars_svg([_total_bar(total) for total in totals], alt)


def totals_records(totals: Sequence[YearTotal]) -> pd.DataFrame:
    """Years and sources for a file."""
    return pd.DataFrame(
        {
            "annee": total.year,
            "source": total.source,
            "adhesions": total.adhesions,
            "objectif_cog": total.objective,
            "atteinte": total.attainment,
            "objectif_revu": total.revised,
            "atteinte_objectif_revu": total.revised_attainment,
        }
        for total in totals
    )


DRSM_OBJECTIVES: Mapping[str, str] = {
    "prado_maternite_adhesions": "Maternité, adhésions",
    "prado_chirurgie_adhesions": "Chirurgie, adhésions",
    "prado_chirurgie_etablissements": "Chirurgie, établissements",
    "prado_pathologies_chroniques_etablissements": "Pathologies chroniques, établissements",
}


@dataclass(frozen=True)
class DrsmLine:
    """A DRSM, or the country: its published attainment by objective, counts where published."""

    code: str
    name: str
    attainments: Mapping[str, float]
    counts: Mapping[str, float]


def drsm_lines(drsm: pd.DataFrame, national: pd.DataFrame) -> tuple[list[DrsmLine], list[DrsmLine]]:
    """Rows of ``cpg/published`` by DRSM, and those of the country."""
    return _published_lines(drsm), _published_lines(national)


def _published_lines(rows: pd.DataFrame) -> list[DrsmLine]:
    columns = ("territory_code", "territory_name", "indicator_code", "attainment", "realised")
    names: dict[str, str] = {}
    attained: dict[str, dict[str, float]] = {}
    counts: dict[str, dict[str, float]] = {}
    for row in records(rows, columns):
        code, indicator = str(row["territory_code"]), str(row["indicator_code"])
        names[code] = str(row["territory_name"])
        value, realised = known_float(row["attainment"]), known_float(row["realised"])
        if indicator in DRSM_OBJECTIVES and value is not None:
            attained.setdefault(code, {})[indicator] = value
        if indicator in DRSM_OBJECTIVES and realised is not None:
            counts.setdefault(code, {})[indicator] = realised
    return [DrsmLine(code, names[code], attained[code], counts.get(code, {})) for code in attained]


def drsm_order(lines: Sequence[DrsmLine], objective: str) -> list[DrsmLine]:
    """The highest attainment first, those without one last."""

    def key(line: DrsmLine) -> tuple[bool, float, str]:
        value = line.attainments.get(objective)
        return value is None, -(value or 0.0), french_key(line.name)

    return sorted(lines, key=key)


def drsm_finding(
    lines: Sequence[DrsmLine], objective: str, own: frozenset[str] = frozenset()
) -> str:
    """How many DRSM reach the objective, both ends, and the reader's ``own`` by their codes."""
    known = [line for line in drsm_order(lines, objective) if objective in line.attainments]
    name = DRSM_OBJECTIVES[objective]
    if not known:
        return typeset(f"PRADO, {name.lower()} : aucun taux publié")
    attained = sum(status(line.attainments[objective]) == "attained" for line in known)
    first, last = known[0], known[-1]
    lowest = last.attainments[objective]
    ties = [line for line in known if line.attainments[objective] == lowest]
    low = last.name if len(ties) == 1 else f"{len(ties)} DRSM"
    mine = listed(
        f"{line.name} {attainment_percent(line.attainments[objective], 0)}"
        for line in known
        if line.code in own and line not in (first, last)
    )
    here = f" ; {mine}" if mine else ""
    return typeset(
        f"PRADO {name[0].lower()}{name[1:]} : {attained} DRSM sur {len(known)} atteignent "
        f"l’objectif, de {attainment_percent(lowest, 0)} ({low}) à "
        f"{attainment_percent(first.attainments[objective], 0)} ({first.name}){here}"
    )


def drsm_table(
    lines: Sequence[DrsmLine],
    national: Sequence[DrsmLine],
    objective: str,
    caption: str,
    own: frozenset[str] = frozenset(),
) -> str:
    """Each DRSM, the objective chosen as bars, the others as numbers; the country last.

    Those of ``own``, by their codes, are named as the reader's.
    """
    others = [code for code in DRSM_OBJECTIVES if code != objective]
    top = max([WIDEST, *(line.attainments.get(objective, 0.0) for line in lines)])
    rows = [
        _drsm_row(line, objective, others, top, is_own=line.code in own)
        for line in drsm_order(lines, objective)
    ]
    rows += [_drsm_row(line, objective, others, top, is_total=True) for line in national]
    heads = ("DRSM", DRSM_OBJECTIVES[objective], *(DRSM_OBJECTIVES[code] for code in others))
    return table(caption, heads, rows, numeric=(2, 3, 4), is_stacked=True)


def _drsm_row(
    line: DrsmLine,
    objective: str,
    others: Sequence[str],
    top: float,
    is_total: bool = False,
    is_own: bool = False,
) -> list[str]:
    value = line.attainments.get(objective)
    count = line.counts.get(objective)
    counted = "" if count is None else f" <small>{number(count)}</small>"
    name = f"<b>{text(line.name)}</b>" if is_total or is_own else text(line.name)
    name += " <small>votre territoire</small>" if is_own else ""
    cells = [name, attained_cell(value, status(value), 0, top) + counted]
    for code in others:
        count = line.counts.get(code)
        counted = "" if count is None else f" <small>{number(count)}</small>"
        cells.append(attainment_percent(line.attainments.get(code), 0) + counted)
    return cells


def drsm_svg(lines: Sequence[DrsmLine], objective: str, alt: str) -> str:
    """The DRSM by their attainment, the objective marked."""
    return bars_svg(
        [
            Bar(
                line.name,
                (value := line.attainments.get(objective)),
                attainment_percent(value, 0),
                status_word(status(value)).hue,
                goal=1.0,
            )
            for line in drsm_order(lines, objective)
        ],
        alt,
    )


def drsm_records(lines: Sequence[DrsmLine], national: Sequence[DrsmLine]) -> pd.DataFrame:
    """DRSM and country for a file: published attainments and counts."""
    return pd.DataFrame(
        {
            "territoire_code": line.code,
            "territoire": line.name,
            "objectif": DRSM_OBJECTIVES[code],
            "taux_atteinte_publie": line.attainments.get(code),
            "realise_publie": line.counts.get(code),
        }
        for line in (*lines, *national)
        for code in DRSM_OBJECTIVES
    )
