"""The MSAP of a territory at a glance: key figures, domains and statuses, two years compared."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from figures.formats import ABSENT, NARROW_SPACE, number, percent, signed
from figures.grammar import capitalised, points_in_words, typeset
from figures.markup import table, text
from figures.msap_anomalies import Anomaly, anomaly_marks
from figures.msap_counts import (
    DOMAINS,
    MASKED,
    STATUSES,
    MsapCounts,
    count_cell,
    interval_words,
    rate_cell,
    rate_words,
)
from figures.msap_procedures import Published
from indicators.difference import Difference, proportion_difference

FIRST_YEAR, LAST_YEAR = 2014, 2016
COMPARED_WIDTH = 560


@dataclass(frozen=True)
class StatusLine:
    """A domain and status of one year, with what was published of it at the national level."""

    domain: str
    status: str
    counts: MsapCounts
    published: Published | None = None
    anomalies: Sequence[Anomaly] = ()


def overview_finding(counts: MsapCounts, year: int, where: str) -> str:
    """How many requests, how many of them approved."""
    if counts.is_hidden and counts.requests is None:
        return typeset(f"MSAP {year}, {where} : effectifs masqués (petits nombres)")
    if not counts.requests:
        return typeset(f"MSAP {year}, {where} : aucune demande")
    word = "demande" if counts.requests < 2 else "demandes"
    start = f"MSAP {year}, {where} : {number(counts.requests)} {word}"
    if counts.rate is None:
        return typeset(f"{start}, {rate_words(counts)}")
    return typeset(f"{start}, {percent(counts.rate)} accordées")


def key_figures(counts: MsapCounts, year: int, source: str) -> str:
    """Requests, rate of approval with its denominator, refusals, pending, answers within 48 h."""
    hidden = "petits nombres" if counts.is_hidden else ""
    facts = (
        (
            "Demandes",
            _value(counts.requests, counts),
            _asked_by(counts),
            "" if counts.stays is None else f"pour {number(counts.stays)} séjours concernés",
        ),
        (
            "Taux d’accord",
            MASKED if counts.is_hidden else percent(counts.rate),
            hidden or f"de {number(counts.decided)} demandes décidées",
            "" if counts.interval is None else f"{interval_words(counts.interval)} (à 95 %)",
        ),
        (
            "Refus",
            _value(counts.refusals_told, counts),
            hidden
            if counts.approvals_told is None
            else f"et {number(counts.approvals_told)} accords",
            "" if counts.pending is None else f"{number(counts.pending)} en attente",
        ),
        (
            "Réponses sous 48 h",
            MASKED if counts.is_hidden else percent(counts.share_within_48h),
            hidden or f"de {number(counts.requests)} demandes",
            ""
            if counts.emergencies_excluded is None
            else f"{number(counts.emergencies_excluded)} urgences exclues",
        ),
    )
    cards = "".join(
        f'<li class="v-kpi"><h2>{text(name)}</h2><p class="v-kpi-value">'
        f"<strong>{text(value)}</strong> <span>{text(unit)}</span></p>"
        f'<p class="v-kpi-cmp">{text(more) or "&nbsp;"}</p>'
        f'<p class="v-note">{year} · {text(source)}</p></li>'
        for name, value, unit, more in facts
    )
    return f'<ul class="v-kpis v-msap-kpis" aria-label="Chiffres clés">{cards}</ul>'


def _value(value: float | None, counts: MsapCounts) -> str:
    return MASKED if value is None and counts.is_partly_hidden else number(value)


def _asked_by(counts: MsapCounts) -> str:
    if counts.establishments is None:
        return ""
    word = "établissement" if counts.establishments < 2 else "établissements"
    return f"de {number(counts.establishments)} {word}"


def status_finding(lines: Sequence[StatusLine]) -> str:
    """Where the rates of the public and of the private differ by more than chance."""
    told, compared, withheld = [], 0, 0
    for domain in DOMAINS:
        public, private = (_line(lines, domain, status) for status in ("public", "prive"))
        gap = rates_gap(public, private)
        if domain != "total":
            compared += gap is not None
            withheld += gap is None and (public.is_hidden or private.is_hidden)
        if domain == "total" or gap is None or not gap.exceeds_chance:
            continue
        side = "plus souvent" if gap.value > 0 else "moins souvent"
        told.append(
            f"{DOMAINS[domain]}, le privé est accordé {side} ({points_in_words(gap.value)})"
        )
    if not told:
        return typeset(_no_gap_words(compared, withheld))
    return typeset(" ; ".join(told))


def _no_gap_words(compared: int, withheld: int) -> str:
    """That no domain sets them apart, among those that could be compared.

    Args:
        compared: domains of which both rates are known.
        withheld: domains of which one is withheld from the reader.
    """
    if not compared:
        why = "taux masqués (petits nombres)" if withheld else "pas deux taux"
        return f"Public et privé : {why}, rien à comparer"
    among = " visible" if withheld else ""
    return f"Public et privé ne diffèrent dans aucun domaine{among} plus que le hasard"


def _line(lines: Sequence[StatusLine], domain: str, status: str) -> MsapCounts:
    found = (line.counts for line in lines if (line.domain, line.status) == (domain, status))
    return next(found, MsapCounts())


def rates_gap(first: MsapCounts, second: MsapCounts) -> Difference | None:
    """The second rate less the first; None where one of both is unknown."""
    if first.rate is None or second.rate is None:
        return None
    return proportion_difference(first.decisions, second.decisions)


def status_table(lines: Sequence[StatusLine], caption: str, shows_published: bool) -> str:
    """Counts and rate by domain and status; what was published beside what is computed.

    Args:
        lines: rows in order.
        caption: plain text.
        shows_published: whether the published columns stand.
    """
    rows = [_status_row(line, shows_published) for line in lines]
    heads = ["Domaine et statut", "Établ.", "Demandes", "Accords", "Refus", "En attente"]
    heads.append("Taux d’accord (intervalle, décidées)")
    if shows_published:
        heads += ["Publié : demandes", "Publié : accords", "Publié : refus"]
    numeric = tuple(range(1, len(heads)))
    return table(
        caption, heads, rows, numeric=numeric, css_class="v-table v-msap-status", is_stacked=True
    )


def _status_row(line: StatusLine, shows_published: bool) -> list[str]:
    counts = line.counts
    is_total = line.status == "total"
    name = DOMAINS.get(line.domain, line.domain)
    status = STATUSES.get(line.status, line.status)
    head = f"<b>{text(name)}</b>, {text(status.lower())}" if is_total else text(f"– {status}")
    if not is_total:
        head = f'<span class="part">{text(status)}<span class="sr">, {text(name)}</span></span>'
    cells = [
        head,
        count_cell(counts.establishments, counts),
        count_cell(counts.requests, counts),
        count_cell(counts.approvals_told, counts),
        count_cell(counts.refusals_told, counts),
        count_cell(counts.pending, counts),
        rate_cell(counts),
    ]
    if shows_published:
        cells += _published_cells(line)
    return cells


def _published_cells(line: StatusLine) -> list[str]:
    """The published counts with what differs from the computed ones, and the anomalies."""
    if line.published is None:
        return [ABSENT, ABSENT, ABSENT]
    cells = []
    for measure in ("requests", "approvals", "refusals"):
        value = getattr(line.published, measure)
        own = [one for one in line.anomalies if one.measure == measure]
        if measure == "requests":
            own += [one for one in line.anomalies if one.measure not in MEASURES]
        computed = getattr(line.counts, TOLD.get(measure, measure))
        gap = ""
        if value is not None and computed is not None and value != computed:
            gap = f"<small>calculé {signed(computed - value)}</small>"
        shown = "vide" if value is None else number(value)
        cells.append(f"{shown}{anomaly_marks(own)}{gap}")
    return cells


MEASURES = frozenset({"requests", "approvals", "refusals"})
TOLD = {"approvals": "approvals_told", "refusals": "refusals_told"}


def status_records(lines: Sequence[StatusLine]) -> pd.DataFrame:
    """Domains and statuses for a file, published figures beside the computed ones."""
    return pd.DataFrame(
        {
            "domaine": DOMAINS.get(line.domain, line.domain),
            "statut": STATUSES.get(line.status, line.status),
            "etablissements": line.counts.establishments,
            "demandes": line.counts.requests,
            "accords": line.counts.approvals,
            "refus": line.counts.refusals,
            "en_attente": line.counts.pending,
            "demandes_decidees": line.counts.decided,
            "taux_accord": line.counts.rate,
            "masque": line.counts.is_hidden,
            "publie_demandes": None if line.published is None else line.published.requests,
            "publie_accords": None if line.published is None else line.published.approvals,
            "publie_refus": None if line.published is None else line.published.refusals,
            "anomalies": " | ".join(one.sentence for one in line.anomalies),
        }
        for line in lines
    )


@dataclass(frozen=True)
class Compared:
    """A domain in two years; ``gap`` is None where a rate is unknown or withheld."""

    domain: str
    first: MsapCounts
    last: MsapCounts

    @property
    def gap(self) -> Difference | None:
        """The later rate less the earlier one."""
        return rates_gap(self.first, self.last)


def change_sentence(gap: Difference | None, first: MsapCounts, last: MsapCounts) -> str:
    """``le taux d’accord passe de 97,9 % à 96,1 %, baisse qui dépasse le hasard``."""
    if gap is None:
        withheld = first.is_hidden or last.is_hidden
        return "comparaison masquée (petits nombres)" if withheld else "pas de taux à comparer"
    way = "hausse" if gap.value > 0 else "baisse"
    verdict = "qui dépasse le hasard" if gap.exceeds_chance else "qui peut tenir au hasard"
    before, after = percent(first.rate), percent(last.rate)
    if before == after:
        return f"le taux d’accord reste à {after}"
    return f"le taux d’accord passe de {before} à {after}, {way} {verdict}"


def compared_finding(rows: Sequence[Compared], years: tuple[int, int]) -> str:
    """What became of the rate of all domains between both years."""
    total = next((row for row in rows if row.domain == "total"), None)
    if total is None:
        return f"{years[0]} et {years[1]} : rien à comparer"
    said = change_sentence(total.gap, total.first, total.last)
    return typeset(f"De {years[0]} à {years[1]}, {said}")


def compared_table(rows: Sequence[Compared], years: tuple[int, int], caption: str) -> str:
    """Each domain in both years, the difference of its rates with its interval, in words."""
    cells = [
        (
            f"<b>{text(DOMAINS.get(row.domain, row.domain))}</b>"
            if row.domain == "total"
            else text(DOMAINS.get(row.domain, row.domain)),
            _requests(row.first),
            _requests(row.last),
            rate_cell(row.first),
            rate_cell(row.last),
            gap_cell(row.gap),
            text(capitalised(typeset(_verdict(row)))),
        )
        for row in rows
    ]
    first, last = years
    heads = (
        "Domaine",
        f"Demandes {first}",
        f"Demandes {last}",
        f"Taux d’accord {first}",
        f"Taux d’accord {last}",
        "Écart (intervalle à 95 %)",
        "Ce qu’on peut en dire",
    )
    return table(caption, heads, cells, numeric=(1, 2, 3, 4, 5), is_stacked=True)


def _requests(counts: MsapCounts) -> str:
    return count_cell(counts.requests, counts)


def _verdict(row: Compared) -> str:
    gap = row.gap
    if gap is None:
        return change_sentence(None, row.first, row.last)
    if not gap.exceeds_chance:
        return "écart que le hasard peut expliquer"
    return "hausse qui dépasse le hasard" if gap.value > 0 else "baisse qui dépasse le hasard"


def gap_cell(gap: Difference | None) -> str:
    """A difference of rates in points, with its interval."""
    if gap is None:
        return ABSENT
    low, high = signed(gap.lower * 100, 1), signed(gap.upper * 100, 1)
    return f"<b>{text(points_in_words(gap.value))}</b><small>de {low} à {high}</small>"


def compared_svg(rows: Sequence[Compared], years: tuple[int, int], alt: str) -> str:
    """Each domain as two dots with their intervals, the earlier year hollow."""
    known = [row for row in rows if row.gap is not None]
    if not known:
        return ""
    lows = [float(c.interval.lower) for r in known for c in (r.first, r.last) if c.interval]
    floor = max(0.0, int((min([0.95, *lows]) - 0.005) * 50) / 50)
    left, line, right = 205, 46, 20
    height = 30 + line * len(known)
    width = COMPARED_WIDTH - left - right

    def x(rate: float) -> float:
        return left + (rate - floor) / (1 - floor) * width

    parts = [_compared_axis(floor, x, height)]
    for place, row in enumerate(known):
        y = 30 + line * place
        name = DOMAINS.get(row.domain, row.domain)
        parts.append(f'<text x="{left - 10}" y="{y + 19}" text-anchor="end">{text(name)}</text>')
        for shift, counts, css in ((8, row.first, "dot partial"), (24, row.last, "dot")):
            if counts.interval is None or counts.rate is None:
                continue
            low, high = x(float(counts.interval.lower)), x(float(counts.interval.upper))
            parts.append(
                f'<path class="span" d="M{low:.1f} {y + shift}H{high:.1f}"/>'
                f'<circle class="{css}" cx="{x(counts.rate):.1f}" cy="{y + shift}" r="4.5">'
                f"<title>{text(rate_words(counts))}</title></circle>"
            )
    return (
        f'<svg class="v-series v-compared" xmlns="http://www.w3.org/2000/svg" role="img" '
        f'viewBox="0 0 {COMPARED_WIDTH} {height}" aria-label="{text(alt)}">{"".join(parts)}</svg>'
    )


def compared_height(rows: Sequence[Compared]) -> int:
    """Height of the picture for its width of ``COMPARED_WIDTH``."""
    return 30 + 46 * sum(row.gap is not None for row in rows)


def _compared_axis(floor: float, x, height: int) -> str:  # type: ignore[no-untyped-def]
    span = 1 - floor
    steps = ((0.06, 0.01), (0.12, 0.02), (0.42, 0.05), (0.84, 0.1))
    step = next((step for widest, step in steps if span <= widest), 0.2)
    parts = []
    for place in range(int((1 - floor) / step + 1e-9) + 1):
        rate = 1 - place * step
        at = x(rate)
        parts.append(
            f'<path class="grid" d="M{at:.1f} 22V{height}"/><text x="{at:.1f}" y="15" '
            f'text-anchor="middle">{percent(rate, 0)}</text>'
        )
    return "".join(parts)


def compared_legend(years: tuple[int, int]) -> str:
    """Which dot is which year."""
    dot = (
        '<svg class="key" viewBox="0 0 26 8" aria-hidden="true">'
        '<circle class="{}" cx="13" cy="4" r="3.4"/></svg>'
    )
    return (
        f'<p class="v-legend"><span>{dot.format("dot partial")} {years[0]}</span>'
        f"<span>{dot.format('dot')} {years[1]}</span><span>Trait : intervalle à 95"
        f"{NARROW_SPACE}%</span></p>"
    )


def compared_alt(rows: Sequence[Compared], years: tuple[int, int], where: str) -> str:
    """Each domain's change, in words."""
    said = " ".join(
        f"{DOMAINS.get(row.domain, row.domain)} : {change_sentence(row.gap, row.first, row.last)}."
        for row in rows
    )
    return typeset(f"Taux d’accord en {years[0]} et en {years[1]}, {where}. {said}")


def compared_records(rows: Sequence[Compared], years: tuple[int, int]) -> pd.DataFrame:
    """Each domain for a file; rates and differences are proportions."""
    first, last = years
    return pd.DataFrame(
        {
            "domaine": DOMAINS.get(row.domain, row.domain),
            f"demandes_{first}": row.first.requests,
            f"demandes_{last}": row.last.requests,
            f"taux_accord_{first}": row.first.rate,
            f"taux_accord_{last}": row.last.rate,
            **_gap_columns(row.gap),
        }
        for row in rows
    )


def _gap_columns(gap: Difference | None) -> Mapping[str, float | bool | None]:
    return {
        "ecart": None if gap is None else gap.value,
        "ecart_bas": None if gap is None else gap.lower,
        "ecart_haut": None if gap is None else gap.upper,
        "depasse_le_hasard": None if gap is None else gap.exceeds_chance,
    }
