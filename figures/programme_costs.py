"""Published results worked out again: hypotheses as fields, ours beside the published one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import pandas as pd

from figures.formats import ABSENT, NARROW_SPACE, known_float, number, signed
from figures.grammar import typeset
from figures.markup import table, text
from figures.programme_bars import Bar, bars_svg
from figures.records import records
from indicators.programme_costs import PradoCost, calls_per_day, ratio


@dataclass(frozen=True)
class Hypothesis:
    """A figure that a result rests on and that a reader may change.

    Attributes:
        param: its name in the address.
        label: what it is, with its unit.
        published: its value in the report.
        lower, upper: what may be asked, both included.
        value: what is asked.
    """

    param: str
    label: str
    published: float
    lower: float
    upper: float
    value: float

    @property
    def is_changed(self) -> bool:
        """Whether it is no longer that of the report."""
        return self.value != self.published


def items_of(
    rows: pd.DataFrame, volet: str = "ensemble", year: int | None = None
) -> dict[str, float]:
    """Values of rows of ``programmes/costs`` by item, of one volet and, where given, one year."""
    found = {}
    for row in records(rows, ("item", "value", "volet", "year")):
        value = known_float(row["value"])
        if value is not None and row["volet"] == volet and year in (None, int(row["year"])):
            found[str(row["item"])] = value
    return found


def plain(value: float) -> str:
    """A number as an address holds it: ``591``, ``0.5``, never rounded before the millionth."""
    return f"{value:.6f}".rstrip("0").rstrip(".")


def written(value: float) -> str:
    """A number as people write it, with the decimals that it has: ``50 982``, ``591,5``."""
    return number(value, len(plain(value).partition(".")[2]))


def fields_html(hypotheses: Sequence[Hypothesis], group: str, is_refused: bool = False) -> str:
    """The hypotheses as fields to change, and the way back to those of the report.

    Args:
        hypotheses: in order.
        group: name of the fields, told by the click that resets them.
        is_refused: whether a value asked for was not taken.
    """
    fields = "".join(_field(one) for one in hypotheses)
    is_changed = is_refused or any(one.is_changed for one in hypotheses)
    reset = (
        f'<button type="button" class="v-export" data-act="reset" data-group="{text(group)}">'
        "Revenir aux hypothèses du rapport</button>"
        if is_changed
        else ""
    )
    return (
        f'<div class="v-hypotheses" role="group" aria-label="Hypothèses">{fields}</div>'
        f'<p class="v-usual">{reset or "Changez une hypothèse : tout est recalculé."}</p>'
    )


def _field(one: Hypothesis) -> str:
    # Plain text: where a browser is not French, a field of numbers drops the decimal comma and
    # takes 591,5 for 5 915.
    changed = f"<small>rapport : {written(one.published)}</small>" if one.is_changed else ""
    return (
        f'<label class="v-field"><span>{text(one.label)}</span>'
        f'<input type="text" inputmode="decimal" autocomplete="off" '
        f'data-name="{text(one.param)}" aria-label="{text(one.label)}" '
        f'value="{text(written(one.value))}">{changed}</label>'
    )


@dataclass(frozen=True)
class Refused:
    """A value that was not taken: the field, what was asked, and what may be."""

    label: str
    asked: str
    lower: float
    upper: float


def made_from(is_changed: bool, year: int) -> str:
    """What a result worked out again rests on, as the note of its figure."""
    source = "vos hypothèses et les autres publiées" if is_changed else "les hypothèses publiées"
    return (
        f"Recalculé d’après {source}, France entière, {year}. Chaque hypothèse se change ; "
        "l’adresse les garde."
    )


def refused_words(refused: Sequence[Refused]) -> str:
    """Which values of the address were not taken, and what may be asked."""
    if not refused:
        return ""
    said = " ; ".join(
        f"{one.label} : « {one.asked} », un nombre de {written(one.lower)} à "
        f"{written(one.upper)} est attendu"
        for one in refused
    )
    return (
        f'<p class="v-warn" role="status">▼ Valeur refusée, celle du rapport est gardée. '
        f"{text(typeset(said))}.</p>"
    )


@dataclass(frozen=True)
class Rebuilt:
    """A result worked out again.

    Attributes:
        name: what it is.
        working: how it comes about, with the figures.
        value: with the hypotheses asked.
        reference: with those of the report.
        published: as printed; None where nothing is.
        decimals: as printed, in the unit of ``said``.
        said: a value in words.
        why: why the printed one differs, where it does.
    """

    name: str
    working: str
    value: float | None
    reference: float | None
    published: float | None
    decimals: int
    said: Callable[[float | None, int], str]
    why: str = ""

    @property
    def is_equal(self) -> bool | None:
        """Whether the report's hypotheses give the printed figure; None where none is printed."""
        if self.published is None or self.reference is None:
            return None
        return abs(round(self.reference, self.decimals) - self.published) < 1e-9


def meur(value: float | None, decimals: int = 1) -> str:
    """``33,6 M€`` from millions of euros."""
    return ABSENT if value is None else f"{number(value, decimals)}{NARROW_SPACE}M€"


def euros(value: float | None, decimals: int = 1) -> str:
    """``84,0 €``."""
    return ABSENT if value is None else f"{number(value, decimals)}{NARROW_SPACE}€"


def plainly(value: float | None, decimals: int = 1) -> str:
    """``8,5``."""
    return number(value, decimals)


def rebuilt_table(rows: Sequence[Rebuilt], caption: str, is_changed: bool) -> str:
    """Each result: how it comes about, its value, the printed one, and whether it is found again.

    Args:
        rows: results in order.
        caption: plain text.
        is_changed: whether a hypothesis is no longer the report's: both values then stand.
    """
    heads = ["Résultat", "Calcul", "Avec vos hypothèses" if is_changed else "Recalculé"]
    if is_changed:
        heads.append("Avec celles du rapport")
    heads += ["Publié", "Ce qu’on en dit"]
    cells = []
    for row in rows:
        more = 1 if row.decimals == 0 else row.decimals + 1
        line = [text(row.name), text(row.working), f"<b>{row.said(row.value, more)}</b>"]
        if is_changed:
            line.append(row.said(row.reference, more))
        line += [row.said(row.published, row.decimals), _verdict(row)]
        cells.append(line)
    numeric = (2, 3, 4) if is_changed else (2, 3)
    return table(caption, heads, cells, numeric=numeric, is_stacked=True)


def _verdict(row: Rebuilt) -> str:
    if row.is_equal is None:
        return text(typeset(row.why)) or ABSENT
    if row.is_equal:
        return '<span class="fav">▲ Retrouvé</span>'
    return f'<span class="neu">● Diffère</span> <small>{text(typeset(row.why))}</small>'


def rebuilt_svg(rows: Sequence[Rebuilt], alt: str) -> str:
    """The results that share a unit as bars."""
    return bars_svg([Bar(row.name, row.value, row.said(row.value, 1)) for row in rows], alt)


def rebuilt_records(rows: Sequence[Rebuilt], hypotheses: Sequence[Hypothesis]) -> pd.DataFrame:
    """Results, then the hypotheses behind them, for a file."""
    results = [
        {
            "nature": "résultat",
            "libelle": row.name,
            "valeur": row.value,
            "valeur_hypotheses_du_rapport": row.reference,
            "publie": row.published,
            "retrouve": row.is_equal,
        }
        for row in rows
    ]
    behind = [
        {
            "nature": "hypothèse",
            "libelle": one.label,
            "valeur": one.value,
            "valeur_hypotheses_du_rapport": one.published,
            "publie": one.published,
            "retrouve": None,
        }
        for one in hypotheses
    ]
    return pd.DataFrame([*results, *behind])


def _per_cent(proportion: float) -> str:
    return f"{written(round(proportion * 100, 6))}{NARROW_SPACE}%"


def _amount(value: float) -> str:
    return f"{written(value)}{NARROW_SPACE}€"


def prado_rows(
    asked: PradoCost, report: PradoCost, published: dict[str, float | None]
) -> list[Rebuilt]:
    """The cost of PRADO line by line: with the hypotheses asked, and with the report's.

    Args:
        asked: under the hypotheses of the reader.
        report: under those of the report.
        published: ``salary_cost`` and ``budget`` in millions of euros, ``cost_per_adhesion`` in
            euros.
    """
    known = asked.hypotheses
    part = _per_cent(known.manager_share)
    printed = published.get("budget")
    over = known.budget_adhesions
    with_printed = (
        ""
        if printed is None or not over or asked != report
        else f"{euros(printed * 1e6 / over, 0)} avec le budget arrondi à {meur(printed, 0)}"
    )
    return [
        Rebuilt(
            "Salaires des conseillers (CAM)",
            f"{written(known.cam_fte)} ETP × {_amount(known.cam_salary_eur)}",
            asked.cam_salaries / 1e6,
            report.cam_salaries / 1e6,
            None,
            1,
            meur,
        ),
        Rebuilt(
            "Salaires des responsables",
            f"{written(known.managers)} × {part} × {_amount(known.manager_salary_eur)}",
            asked.manager_salaries / 1e6,
            report.manager_salaries / 1e6,
            None,
            1,
            meur,
        ),
        Rebuilt(
            "Masse salariale",
            "conseillers + responsables",
            asked.salaries / 1e6,
            report.salaries / 1e6,
            published.get("salary_cost"),
            0,
            meur,
            "le rapport annonce un minimum : 33,6 M€ tronqués à 33",
        ),
        Rebuilt(
            "Frais de gestion",
            f"{_per_cent(known.overhead_rate)} de la masse salariale",
            asked.overhead / 1e6,
            report.overhead / 1e6,
            None,
            1,
            meur,
        ),
        Rebuilt(
            "Budget",
            "masse salariale + frais de gestion",
            asked.budget / 1e6,
            report.budget / 1e6,
            printed,
            0,
            meur,
            "autre arrondi",
        ),
        Rebuilt(
            "Salaires par adhésion",
            f"masse salariale ÷ {written(known.salary_adhesions)}",
            asked.salaries_per_adhesion,
            report.salaries_per_adhesion,
            published.get("cost_per_adhesion"),
            0,
            euros,
            "autre arrondi",
        ),
        Rebuilt(
            "Budget par adhésion",
            f"budget ÷ {written(known.budget_adhesions)}",
            asked.budget_per_adhesion,
            report.budget_per_adhesion,
            None,
            0,
            euros,
            with_printed,
        ),
    ]


def prado_finding(cost: PradoCost, printed_budget: float | None, is_changed: bool) -> str:
    """What an adhesion costs, both ways."""
    known = cost.hypotheses
    each, whole = cost.salaries_per_adhesion, cost.budget_per_adhesion
    if each is None or whole is None:
        return typeset("PRADO : pas de coût par adhésion sans adhésion")
    if is_changed or printed_budget is None:
        return typeset(
            f"Avec vos hypothèses, une adhésion coûte {euros(each, 0)} en salaires et "
            f"{euros(whole, 0)} en budget ({meur(cost.budget / 1e6)})"
        )
    rounded = printed_budget * 1e6 / known.budget_adhesions
    return typeset(
        f"Une adhésion coûte {euros(each, 0)} en salaires sur {number(known.salary_adhesions)} "
        f"adhésions, {euros(rounded, 0)} si l’on divise le budget de {meur(printed_budget, 0)} "
        f"par les {number(known.budget_adhesions)} de l’année"
    )


def steps_words(cost: PradoCost, is_changed: bool = False) -> str:
    """From salaries per adhesion to budget per adhesion: what each difference weighs.

    Args:
        cost: under the hypotheses asked.
        is_changed: whether one of them is no longer the report's, of which nothing is said then.
    """
    known = cost.hypotheses
    values = (
        cost.salaries_per_adhesion,
        cost.overhead_effect,
        cost.adhesions_effect,
        cost.budget_per_adhesion,
    )
    if any(value is None for value in values):
        return ""
    start, overhead, adhesions, end = values
    said = (
        f"De {euros(start)} à {euros(end)} : {signed(overhead, 1)}{NARROW_SPACE}€ de frais de "
        f"gestion ({_per_cent(known.overhead_rate)})"
    )
    if known.budget_adhesions != known.salary_adhesions:
        said += (
            f", {signed(adhesions, 1)}{NARROW_SPACE}€ parce que l’on divise par "
            f"{written(known.budget_adhesions)} adhésions au lieu de "
            f"{written(known.salary_adhesions)}"
        )
    said += "."
    if not is_changed:
        said += " Le rapport compare donc un coût sans frais de gestion à des adhésions arrondies."
    return typeset(said)


def calls_row(
    asked: tuple[float, float, float], report: tuple[float, float, float], published: float | None
) -> Rebuilt:
    """Calls of one nurse of Sophia and day.

    Args:
        asked: calls, full-time nurses and working days, as the reader has them.
        report: the same as published.
        published: what was printed.
    """
    calls, fte, days = asked
    return Rebuilt(
        "Appels fructueux par ETP et par jour",
        f"{written(calls)} ÷ ({written(fte)} ETP × {written(days)} jours)",
        calls_per_day(*asked),
        calls_per_day(*report),
        published,
        1,
        plainly,
        "autre arrondi",
    )


def adherent_cost_row(
    when: str,
    asked: tuple[float, float],
    report: tuple[float, float],
    published: float | None,
) -> Rebuilt:
    """Cost of Sophia for one adherent.

    Args:
        when: of which adherents, in words.
        asked: total cost in thousands of euros and adherents, as the reader has them.
        report: the same as published.
        published: what was printed, in euros.
    """
    total, adherents = asked
    return Rebuilt(
        f"Coût par adhérent, {when}",
        f"{written(total)}{NARROW_SPACE}k€ ÷ {written(adherents)} adhérents",
        ratio(total * 1000, adherents),
        ratio(report[0] * 1000, report[1]),
        published,
        0,
        euros,
        "autre arrondi",
    )


def rows_finding(rows: Sequence[Rebuilt], subject: str, is_changed: bool) -> str:
    """The results in words, and whether the printed ones are found again."""
    more = [f"{row.said(row.value, row.decimals)} ({row.name.split(', ')[-1]})" for row in rows]
    said = more[0].split(" (")[0] if len(rows) == 1 else " ou ".join(more)
    if is_changed:
        return typeset(f"{subject} : {said} avec vos hypothèses")
    judged = [row.is_equal for row in rows if row.is_equal is not None]
    if not judged:
        return typeset(f"{subject} : {said}")
    verdict = "comme publié" if all(judged) else "autrement que publié"
    return typeset(f"{subject} : {said}, {verdict}")
