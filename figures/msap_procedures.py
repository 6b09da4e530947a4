"""Procedures of the MSAP: ranked by requests, their rate of approval, published beside computed."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import pandas as pd

from figures.formats import ABSENT, counted, french_key, number, percent
from figures.grammar import named, typeset
from figures.markup import table, text
from figures.msap_anomalies import Anomaly, anomaly_marks
from figures.msap_counts import (
    DOMAINS,
    NAMED_FROM,
    MsapCounts,
    count_cell,
    interval_words,
    masked_sign,
)
from indicators.difference import proportion_difference

PANELS = 12
PANEL_WIDTH, PANEL_HEIGHT = 200, 96


@dataclass(frozen=True)
class Published:
    """What a published table says; an empty cell is None, never zero. ``row`` is the file's."""

    requests: float | None = None
    approvals: float | None = None
    refusals: float | None = None
    establishments: float | None = None
    row: int | None = None


@dataclass(frozen=True)
class Procedure:
    """A procedure of one year.

    ``published`` are the published rows of this procedure: two where its name was printed twice.
    """

    code: str
    name: str
    domain: str
    counts: MsapCounts
    published: Sequence[Published] = ()
    anomalies: Sequence[Anomaly] = ()


@dataclass(frozen=True)
class ProcedureYears:
    """A procedure over the years, for a small panel."""

    code: str
    name: str
    years: Mapping[int, MsapCounts] = field(default_factory=dict)


def ranked_procedures(procedures: Sequence[Procedure]) -> list[Procedure]:
    """Most requests first; those withheld or without request last, by name."""
    return sorted(
        procedures, key=lambda p: (-(p.counts.requests or 0.0), french_key(p.name), p.domain)
    )


def procedures_finding(procedures: Sequence[Procedure], when: str) -> str:
    """How many procedures make half of the requests, and which is refused most."""
    known = [p for p in ranked_procedures(procedures) if p.counts.requests]
    if not known:
        return typeset(f"Aucun geste à classer {when}")
    total = sum(p.counts.requests or 0 for p in known)
    half, so_far = 0, 0.0
    for procedure in known:
        half += 1
        so_far += procedure.counts.requests or 0
        if so_far >= total / 2:
            break
    who = named([p.name for p in known[:half]])
    verb = "fait" if half == 1 else "font"
    return typeset(f"{who} {verb} {percent(so_far / total, 0)} des demandes {when}")


def rates_finding(procedures: Sequence[Procedure], together: float | None = None) -> str:
    """Which procedures are approved less than all of them together, by more than chance.

    Args:
        procedures: those of a territory and year.
        together: the rate of all of them, which those withheld from the reader are part of; that of
            the others where it is unknown.
    """
    known = [p for p in procedures if p.counts.rate is not None]
    if not known:
        return "Aucun taux d’accord à montrer"
    decided = sum(p.counts.decided or 0 for p in known)
    approved = sum(p.counts.approved or 0 for p in known)
    pooled = approved / decided if together is None else together
    low = [p for p in known if p.counts.interval and p.counts.interval.upper < pooled]
    if not low:
        hidden = sum(p.counts.is_hidden for p in procedures)
        seen = f", parmi les {number(len(known))} que vous voyez" if hidden else ""
        return typeset(f"Aucun geste n’est accordé moins que l’ensemble ({percent(pooled)}){seen}")
    low.sort(key=lambda p: p.counts.rate or 0)
    verb = "est accordé" if len(low) == 1 else "sont accordés"
    who = named([p.name for p in low])
    return typeset(f"{who} {verb} moins que l’ensemble ({percent(pooled)}), au-delà du hasard")


def procedures_note(floor: float) -> str:
    """What the table's columns are."""
    return typeset(
        "Gestes du plus au moins demandé. Taux d’accord : accords sur demandes décidées, avec son "
        f"intervalle à 95 % (axe de {percent(floor, 0)} à 100 %). Demandes pour 100 séjours du "
        "même geste."
    )


def rates_floor(procedures: Sequence[Procedure]) -> float:
    """Where the axis of the rates starts: under the lowest rate that rests on some decisions."""
    lows = [
        p.counts.rate
        for p in procedures
        if p.counts.rate is not None and (p.counts.decided or 0) >= NAMED_FROM
    ]
    return max(0.0, math.floor((min([0.9, *lows]) - 0.03) * 10) / 10)


def procedures_table(
    procedures: Sequence[Procedure],
    caption: str,
    shows_published: bool,
    rows_at_most: int | None = None,
) -> str:
    """The ranking; published requests and approvals beside the computed ones where known.

    Args:
        procedures: rows in order.
        caption: plain text.
        shows_published: whether the published columns stand.
        rows_at_most: rows drawn, all of them without it.
    """
    floor = rates_floor(procedures)
    most = max((p.counts.requests or 0 for p in procedures), default=1) or 1
    rows = [
        _row(procedure, floor, most, shows_published) for procedure in procedures[:rows_at_most]
    ]
    heads = ["Geste", "Demandes", "Décidées", "Taux d’accord", "Pour 100 séjours"]
    heads += ["Publié : demandes", "Publié : accords"] if shows_published else []
    numeric = (2, 4, 5, 6) if shows_published else (2, 4)
    return table(
        caption, heads, rows, numeric=numeric, css_class="v-table v-procedures", is_stacked=True
    )


def _row(procedure: Procedure, floor: float, most: float, shows_published: bool) -> tuple[str, ...]:
    counts = procedure.counts
    domain = DOMAINS.get(procedure.domain, procedure.domain)
    cells = [
        f"{text(procedure.name)}<small>{text(domain)}</small>",
        _requests_bar(counts, most),
        count_cell(counts.decided, counts),
        rate_dot(counts, floor),
        _per_stay(counts),
    ]
    if shows_published:
        marks = anomaly_marks(procedure.anomalies)
        cells += [
            _published(procedure.published, "requests") + marks,
            _published(procedure.published, "approvals"),
        ]
    return tuple(cells)


def _published(rows: Sequence[Published], measure: str) -> str:
    """The published cells of a procedure, one by one: what was printed twice is not added."""
    if not rows:
        return ABSENT
    values = [getattr(row, measure) for row in rows]
    return " ; ".join("vide" if value is None else number(value) for value in values)


def _requests_bar(counts: MsapCounts, most: float) -> str:
    if counts.requests is None:
        return masked_sign() if counts.is_hidden else ABSENT
    width = counts.requests / most * 100
    return (
        f'<span class="v-bar" aria-hidden="true"><u class="neu" style="width:{width:.1f}%"></u>'
        f'</span><b class="v-val">{number(counts.requests)}</b>'
    )


def rate_dot(counts: MsapCounts, floor: float) -> str:
    """A rate as a dot with its interval, and in figures."""
    if counts.is_hidden:
        return f'<span class="v-val">{masked_sign()}</span>'
    interval = counts.interval
    if counts.rate is None or interval is None:
        return f'<span class="v-val">{ABSENT}</span>'
    left, right = _share(float(interval.lower), floor), _share(float(interval.upper), floor)
    at = _share(counts.rate, floor)
    return (
        f'<span class="v-dots" aria-hidden="true"><s style="left:{left:.1f}%;'
        f'width:{max(right - left, 0.5):.1f}%"></s><i style="left:{at:.1f}%"></i></span>'
        f'<span class="v-val"><b>{percent(counts.rate)}</b> '
        f"<small>{interval_words(interval)}</small></span>"
    )


def _share(rate: float, floor: float) -> float:
    return max(0.0, (rate - floor) / (1 - floor)) * 100


def _per_stay(counts: MsapCounts) -> str:
    if counts.requests is None:
        return masked_sign() if counts.is_hidden else ABSENT
    share = counts.requests_per_stay
    return ABSENT if share is None else number(share * 100, 1 if share >= 0.01 else 2)


@dataclass(frozen=True)
class PublishedTotal:
    """The total printed under a domain's table, the sum of its lines, and the extracts' own."""

    domain: str
    printed: Published
    summed: Published
    counts: MsapCounts
    anomalies: Sequence[Anomaly] = ()


def totals_table(totals: Sequence[PublishedTotal], caption: str) -> str:
    """Each domain's printed total beside the sum of the printed lines and the extracts' total."""
    rows = []
    for total in totals:
        cells = [text(DOMAINS.get(total.domain, total.domain))]
        for measure in ("requests", "approvals", "refusals"):
            own = [one for one in total.anomalies if _is_about(one, measure)]
            printed, summed = getattr(total.printed, measure), getattr(total.summed, measure)
            computed = getattr(total.counts, measure)
            extracts = count_cell(computed, total.counts)
            cells.append(
                f"{'vide' if printed is None else number(printed)}{anomaly_marks(own)}"
                f"<small>lignes : {number(summed)} · extraits : {extracts}</small>"
            )
        rows.append(cells)
    heads = ("Total publié", "Demandes", "Accords", "Refus")
    return table(caption, heads, rows, numeric=(1, 2, 3), is_stacked=True)


def _is_about(one: Anomaly, measure: str) -> bool:
    known = {"requests", "approvals", "refusals"}
    return one.measure == measure or (measure == "requests" and one.measure not in known)


def procedures_svg(procedures: Sequence[Procedure], alt: str) -> str:
    """The ranking as a picture, for a file: requests as bars, rates as dots with intervals."""
    known = [p for p in procedures if p.counts.requests is not None]
    floor = rates_floor(procedures)
    most = max((p.counts.requests or 0 for p in known), default=1) or 1
    line, left, bars, dots = 20, 290, 190, 250
    start = left + bars + 70
    height = 30 + line * len(known)
    parts = [
        f'<text class="small" x="{left}" y="16">Demandes</text>',
        f'<text class="small" x="{start}" y="16">Taux d’accord, {percent(floor, 0)}</text>',
        f'<text class="small" x="{start + dots}" y="16" text-anchor="end">{percent(1, 0)}</text>',
        f'<path class="grid" d="M{start} 22V{height}M{start + dots} 22V{height}"/>',
    ]
    for place, procedure in enumerate(known):
        parts.append(_svg_line(procedure, 26 + line * place, left, bars, start, dots, floor, most))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {start + dots + 80} {height + 6}" '
        f'role="img" aria-label="{text(alt)}">{"".join(parts)}</svg>'
    )


def _svg_line(
    procedure: Procedure,
    y: int,
    left: int,
    bars: int,
    start: int,
    dots: int,
    floor: float,
    most: float,
) -> str:
    counts = procedure.counts
    width = (counts.requests or 0) / most * bars
    name = procedure.name if len(procedure.name) <= 44 else f"{procedure.name[:43]}…"
    drawn = (
        f'<text x="{left - 8}" y="{y + 12}" text-anchor="end">{text(name)}</text>'
        f'<rect class="neu" x="{left}" y="{y + 3}" width="{width:.1f}" height="11"/>'
        f'<text x="{left + width + 5:.1f}" y="{y + 13}">{number(counts.requests)}</text>'
    )
    if counts.rate is None or counts.interval is None:
        return drawn
    low, at, high = (
        start + _share(float(value), floor) / 100 * dots
        for value in (counts.interval.lower, counts.rate, counts.interval.upper)
    )
    return drawn + (
        f'<path class="line" d="M{low:.1f} {y + 8}H{high:.1f}"/>'
        f'<circle class="dot" cx="{at:.1f}" cy="{y + 8}" r="4"/>'
        f'<text x="{start + dots + 8}" y="{y + 13}">{percent(counts.rate)}</text>'
    )


def procedures_alt(procedures: Sequence[Procedure], when: str) -> str:
    """What the ranking shows, in words."""
    known = [p for p in procedures if p.counts.requests]
    shown = [p for p in known if p.counts.rate is not None]
    lowest = min(shown, key=lambda p: p.counts.rate or 0, default=None)
    said = f"Classement de {counted(len(known), 'geste')} {when}. "
    said += procedures_finding(procedures, when) + "."
    if lowest is not None:
        said += f" Taux d’accord le plus bas : {lowest.name}, {percent(lowest.counts.rate)}."
    return typeset(said)


def procedures_records(procedures: Sequence[Procedure]) -> pd.DataFrame:
    """Every procedure for a file, published figures beside the computed ones."""
    return pd.DataFrame(
        {
            "domaine": p.domain,
            "geste_code": p.code,
            "geste": p.name,
            "etablissements": p.counts.establishments,
            "demandes": p.counts.requests,
            "accords": p.counts.approvals,
            "refus": p.counts.refusals,
            "taux_accord": p.counts.rate,
            "intervalle_bas": None if p.counts.interval is None else p.counts.interval.lower,
            "intervalle_haut": None if p.counts.interval is None else p.counts.interval.upper,
            "sejours": p.counts.stays,
            "demandes_par_sejour": p.counts.requests_per_stay,
            "masque": p.counts.is_hidden,
            "publie_demandes": _joined(p.published, "requests"),
            "publie_accords": _joined(p.published, "approvals"),
            "publie_refus": _joined(p.published, "refusals"),
            "anomalies": " | ".join(one.sentence for one in p.anomalies),
        }
        for p in procedures
    )


def _joined(rows: Sequence[Published], measure: str) -> str:
    values = [getattr(row, measure) for row in rows]
    return " ; ".join("" if value is None else str(int(value)) for value in values)


def panels(procedures: Sequence[ProcedureYears], year: int) -> list[ProcedureYears]:
    """The procedures most asked for in the year that have another year to be compared with."""
    known = [
        p
        for p in procedures
        if sum(c.rate is not None for c in p.years.values()) > 1
        and (p.years.get(year) or MsapCounts()).requests
    ]
    return sorted(known, key=lambda p: (-(p.years[year].requests or 0), french_key(p.name)))[
        :PANELS
    ]


def panels_finding(found: Sequence[ProcedureYears], is_partial: bool = False) -> str:
    """Which procedures' rates moved by more than chance from their first to their last year.

    Args:
        found: as ``panels`` gives them.
        is_partial: whether rates of others are withheld from the reader.
    """
    moved = [p.name for p in found if (gap := _move(p)) is not None and gap.exceeds_chance]
    if not found:
        return "Pas assez d’années connues pour comparer les gestes"
    if not moved:
        if is_partial:
            who = "Le seul geste" if len(found) == 1 else f"Aucun des {number(len(found))} gestes"
            which = "que vous pouvez comparer ne change de taux d’accord plus que le hasard"
            return typeset(f"{who} {which}")
        return "Aucun des gestes les plus demandés ne change de taux d’accord plus que le hasard"
    verb = "change" if len(moved) == 1 else "changent"
    return typeset(f"{named(moved)} {verb} de taux d’accord plus que le hasard")


def _move(procedure: ProcedureYears):  # type: ignore[no-untyped-def]
    known = [(y, c) for y, c in sorted(procedure.years.items()) if c.rate is not None]
    if len(known) < 2:
        return None
    first, last = known[0][1], known[-1][1]
    return proportion_difference(first.decisions, last.decisions)


def panels_note(found: Sequence[ProcedureYears], years: Sequence[int], is_partial: bool) -> str:
    """Which procedures stand there, and what is drawn of them."""
    which = "Les gestes les plus demandés"
    if is_partial:
        which += " parmi ceux dont deux années au moins vous sont visibles"
    return typeset(
        f"{which} ({number(len(found))}), de {years[0]} à {years[-1]} : taux d’accord et "
        "intervalle à 95 %, même échelle pour tous."
    )


def panels_html(found: Sequence[ProcedureYears], years: Sequence[int]) -> str:
    """Small multiples: the rate of each procedure by year, with its interval, on one scale."""
    rates = [
        float(c.interval.lower)
        for p in found
        for c in p.years.values()
        if c.interval is not None and (c.decided or 0) >= NAMED_FROM
    ]
    floor = max(0.0, math.floor((min([0.9, *rates]) - 0.02) * 10) / 10)
    items = "".join(f"<li><h3>{text(p.name)}</h3>{_panel(p, years, floor)}</li>" for p in found)
    return (
        f'<ul class="v-panels" aria-label="Taux d’accord par an, axe de {percent(floor, 0)} à '
        f'100 %">{items}</ul>'
    )


def _panel(procedure: ProcedureYears, years: Sequence[int], floor: float) -> str:
    left, top, bottom = 8, 16, 78
    step = (PANEL_WIDTH - 2 * left) / len(years)
    marks, said, line = [], [], []
    for place, year in enumerate(years):
        x = left + step * (place + 0.5)
        counts = procedure.years.get(year, MsapCounts())
        marks.append(f'<text x="{x:.0f}" y="{bottom + 15}" text-anchor="middle">{year}</text>')
        if counts.rate is None or counts.interval is None:
            word = "masqué" if counts.is_hidden else ABSENT
            marks.append(f'<text x="{x:.0f}" y="{bottom - 4}" text-anchor="middle">{word}</text>')
            said.append(f"{year} : {'masqué' if counts.is_hidden else 'aucune décision'}")
            continue
        low, at, high = (
            bottom - _share(float(value), floor) / 100 * (bottom - top)
            for value in (counts.interval.lower, counts.rate, counts.interval.upper)
        )
        line.append(f"{x:.0f} {at:.1f}")
        marks.append(
            f'<path class="span" d="M{x:.0f} {low:.1f}V{high:.1f}"/>'
            f'<circle class="dot" cx="{x:.0f}" cy="{at:.1f}" r="3.5"/>'
            f'<text class="strong" x="{x:.0f}" y="{max(high - 5, 11):.1f}" '
            f'text-anchor="middle">{percent(counts.rate, 0)}</text>'
        )
        said.append(f"{year} : {percent(counts.rate)} de {number(counts.decided)} décidées")
    path = f'<path class="former" d="M{"L".join(line)}"/>' if len(line) > 1 else ""
    alt = typeset(f"{procedure.name}. {' ; '.join(said)}.")
    return (
        f'<svg class="v-panel-svg" viewBox="0 0 {PANEL_WIDTH} {PANEL_HEIGHT}" role="img" '
        f'aria-label="{text(alt)}"><path class="grid" d="M{left} {top}H{PANEL_WIDTH - left}'
        f'M{left} {bottom}H{PANEL_WIDTH - left}"/>{path}{"".join(marks)}</svg>'
    )


def panels_table(found: Sequence[ProcedureYears], years: Sequence[int], caption: str) -> str:
    """The same rates as a table."""
    rows = []
    for procedure in found:
        cells = [text(procedure.name)]
        for year in years:
            counts = procedure.years.get(year, MsapCounts())
            cells.append(
                masked_sign()
                if counts.is_hidden
                else f"{percent(counts.rate)}<small>{interval_words(counts.interval)}</small>"
            )
        gap = _move(procedure)
        cells.append("–" if gap is None else "oui" if gap.exceeds_chance else "non")
        rows.append(cells)
    heads = ("Geste", *(str(year) for year in years), "Dépasse le hasard")
    return table(caption, heads, rows, numeric=tuple(range(1, len(years) + 1)), is_stacked=True)


def panels_records(found: Sequence[ProcedureYears]) -> pd.DataFrame:
    """The rates of each procedure and year, for a file."""
    return pd.DataFrame(
        {
            "geste_code": p.code,
            "geste": p.name,
            "annee": year,
            "demandes": counts.requests,
            "accords": counts.approvals,
            "demandes_decidees": counts.decided,
            "taux_accord": counts.rate,
            "masque": counts.is_hidden,
        }
        for p in found
        for year, counts in sorted(p.years.items())
    )
