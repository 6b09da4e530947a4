"""The commitments of the COG: what became of them, fiche by fiche, and each one in words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from figures.fiches import fiche_name, french_apostrophes
from figures.formats import ABSENT, counted, french_key, is_absent, listed, number
from figures.markup import attributes, table, text
from figures.records import records
from figures.status import StatusWord
from indicators.cog import number_key
from indicators.engagement import VERDICTS, EngagementVerdict, engagement_verdict, fiche_of

CNAMTS, STATE = "CNAMTS", "État"
PARTIES: Mapping[str, str] = {CNAMTS: "Cnamts", STATE: "État"}


@dataclass(frozen=True)
class VerdictWord:
    """How a verdict is said: in a cell, as a heading, and in a sentence about several.

    ``fill`` is the CSS class of its part of a bar.
    """

    status: StatusWord
    heading: str
    many: str
    fill: str


ENGAGEMENT_WORDS: Mapping[EngagementVerdict, VerdictWord] = {
    "held_on_time": VerdictWord(
        StatusWord("▲", "Tenu dans les délais", "fav"),
        "Tenus dans les délais",
        "dans les délais",
        "full",
    ),
    "held_late": VerdictWord(
        StatusWord("△", "Tenu en retard", "fav"), "Tenus en retard", "en retard", "late"
    ),
    "held_undated": VerdictWord(
        StatusWord("●", "Tenu, délai non précisé", "fav"),
        "Tenus, délai non précisé",
        "sans précision de délai",
        "undated",
    ),
    "partly_held": VerdictWord(
        StatusWord("◐", "Tenu en partie", "neu"), "Tenus en partie", "en partie", "partly"
    ),
    "not_held": VerdictWord(StatusWord("▼", "Non tenu", "unf"), "Non tenus", "non tenus", "not"),
    "unknown": VerdictWord(
        StatusWord("–", "Non renseigné", "neu"), "Non renseignés", "non renseignés", "unknown"
    ),
}


@dataclass(frozen=True)
class Engagement:
    """One commitment; ``is_precise`` says how measurably it is worded, None where not judged."""

    party: str
    number: str
    fiche: str
    action: str
    due: str
    verdict: EngagementVerdict
    is_precise: bool | None


HELD: tuple[EngagementVerdict, ...] = ("held_on_time", "held_late", "held_undated")
COLUMNS = ("party", "number", "action", "due", "achieved", "on_time", "wording_precise")


def engagements(rows: pd.DataFrame) -> list[Engagement]:
    """The commitments of ``queries.cog.engagements``, by party, fiche and number (7.10 last)."""
    known = [
        Engagement(
            party=row["party"],
            number=row["number"],
            fiche=fiche_of(row["number"]),
            action=row["action"],
            due="" if is_absent(row["due"]) else row["due"],
            verdict=engagement_verdict(row["achieved"], row["on_time"]),
            is_precise=None if is_absent(row["wording_precise"]) else bool(row["wording_precise"]),
        )
        for row in records(rows, COLUMNS)
    ]
    return sorted(known, key=lambda one: (one.party, number_key(one.number)))


def engagements_kept(
    known: Sequence[Engagement],
    party: str | None = None,
    verdict: str | None = None,
    fiche: str | None = None,
    words: str = "",
) -> list[Engagement]:
    """The commitments that answer every filter given; ``words`` must all be found.

    Case, accents and apostrophes don't count; number, action and due date are searched.
    """
    asked = french_key(words).split()
    return [
        one
        for one in known
        if (party is None or one.party == party)
        and (verdict is None or one.verdict == verdict)
        and (fiche is None or one.fiche == fiche)
        and all(word in french_key(f"{one.number} {one.action} {one.due}") for word in asked)
    ]


def engagements_finding(known: Sequence[Engagement]) -> str:
    """How many commitments, and what became of them."""
    if not known:
        return "Aucun engagement avec ces filtres"
    counts = Counter(one.verdict for one in known)
    kept = sum(counts[verdict] for verdict in HELD)
    total = counted(len(known), "engagement")
    said = (
        f"{kept} {'tenu' if kept < 2 else 'tenus'} sur {total}"
        if kept
        else f"Aucun tenu sur {total}"
    )
    details = [f"{counts[v]} {ENGAGEMENT_WORDS[v].many}" for v in HELD if counts[v]]
    if details:
        said += f" ({', '.join(details)})"
    rest = [
        _others(verdict, counts[verdict])
        for verdict in VERDICTS
        if verdict not in HELD and counts[verdict]
    ]
    return f"{said} ; {listed(rest)}" if rest else said


def _others(verdict: EngagementVerdict, count: int) -> str:
    word = ENGAGEMENT_WORDS[verdict]
    return f"{count} {word.status.word.lower() if count < 2 else word.heading.lower()}"


def verdicts_met(known: Sequence[Engagement]) -> list[EngagementVerdict]:
    """The verdicts that occur, from the best to the worst."""
    met = {one.verdict for one in known}
    return [verdict for verdict in VERDICTS if verdict in met]


def fiches_met(known: Sequence[Engagement]) -> list[str]:
    """The fiches that occur, in the order of the COG."""
    return sorted({one.fiche for one in known}, key=number_key)


def engagement_counts_table(
    known: Sequence[Engagement], caption: str, chosen: str | None = None
) -> str:
    """Counts by fiche and verdict with an inline bar; a fiche's name is a button that filters.

    Args:
        known: the commitments counted.
        caption: what the table shows.
        chosen: the fiche of the filter; its button takes the filter off.
    """
    met = verdicts_met(known)
    fiches = [[one for one in known if one.fiche == fiche] for fiche in fiches_met(known)]
    widest = max((len(group) for group in fiches), default=1)
    lines = [
        (
            _fiche_button(group[0].fiche, chosen),
            _bar(group, widest),
            *_counts(group, met),
        )
        for group in fiches
    ]
    if len(fiches) > 1:
        lines.append(("Ensemble", _bar(known, len(known)), *_counts(known, met)))
    headings = ("Fiche", "Répartition", "Total", *(ENGAGEMENT_WORDS[v].heading for v in met))
    numeric = tuple(range(2, 3 + len(met)))
    written = table(caption, headings, lines, numeric, css_class="v-table v-counts")
    key = "".join(
        f'<span><u class="{ENGAGEMENT_WORDS[v].fill}"></u> {text(ENGAGEMENT_WORDS[v].heading)}'
        "</span>"
        for v in met
    )
    return f'{written}<p class="v-legend v-key" aria-hidden="true">{key}</p>'


def _fiche_button(fiche: str, chosen: str | None) -> str:
    is_chosen = fiche == chosen
    return (
        f'<button type="button" class="link" data-act="choose" data-name="{FICHE}" '
        f'data-value="{"" if is_chosen else text(fiche)}" '
        f'aria-pressed="{str(is_chosen).lower()}">{text(fiche_name(fiche))}</button>'
    )


FICHE = "engagement_fiche"
"""Parameter of the address that a click on a fiche sets."""


def _counts(group: Sequence[Engagement], met: Sequence[EngagementVerdict]) -> list[str]:
    counts = Counter(one.verdict for one in group)
    cells = [
        f'<span class="{ENGAGEMENT_WORDS[verdict].status.hue}">'
        f"{ENGAGEMENT_WORDS[verdict].status.icon} {number(counts[verdict])}</span>"
        if counts[verdict]
        else "0"
        for verdict in met
    ]
    return [f"<b>{number(len(group))}</b>", *cells]


def _bar(group: Sequence[Engagement], widest: int) -> str:
    """The counts as one stacked bar; the numbers stand beside it."""
    counts = Counter(one.verdict for one in group)
    parts = "".join(
        f'<u class="{ENGAGEMENT_WORDS[verdict].fill}" '
        f'style="width:{100 * counts[verdict] / widest:.2f}%"></u>'
        for verdict in VERDICTS
        if counts[verdict]
    )
    return f'<span class="v-stack" aria-hidden="true">{parts}</span>'


def engagements_table(known: Sequence[Engagement], caption: str) -> str:
    """Every commitment: number, party, action, due date, verdict, wording."""
    lines = [
        (
            text(one.number),
            text(PARTIES.get(one.party, one.party)),
            text(french_apostrophes(one.action)),
            text(one.due) or ABSENT,
            _verdict(one.verdict),
            _wording(one.is_precise),
        )
        for one in known
    ]
    headings = ("N°", "Partie", "Engagement", "Échéance", "Verdict", "Rédaction")
    return table(caption, headings, lines, css_class="v-table v-engagements v-stacked")


def _verdict(verdict: EngagementVerdict) -> str:
    status = ENGAGEMENT_WORDS[verdict].status
    return f"<span{attributes(class_=status.hue)}>{status.icon} {status.word}</span>"


def _wording(is_precise: bool | None) -> str:
    if is_precise is None:
        return ABSENT
    return "Précise" if is_precise else "Imprécise"


def engagements_records(known: Sequence[Engagement]) -> pd.DataFrame:
    """The commitments listed, for a file."""
    return pd.DataFrame(
        {
            "partie": one.party,
            "fiche": one.fiche,
            "numero": one.number,
            "engagement": one.action,
            "echeance": one.due,
            "verdict": ENGAGEMENT_WORDS[one.verdict].status.word,
            "redaction": "" if one.is_precise is None else _wording(one.is_precise).lower(),
        }
        for one in known
    )


def engagement_counts_records(known: Sequence[Engagement]) -> pd.DataFrame:
    """Counts by party, fiche and verdict, for a file; only what occurs."""
    counts = Counter((one.party, one.fiche, one.verdict) for one in known)
    order = sorted(counts, key=lambda k: (k[0], number_key(k[1]), VERDICTS.index(k[2])))
    return pd.DataFrame(
        {
            "partie": party,
            "fiche": fiche,
            "fiche_libelle": fiche_name(fiche),
            "verdict": ENGAGEMENT_WORDS[verdict].status.word,
            "engagements": counts[party, fiche, verdict],
        }
        for party, fiche, verdict in order
    )


LINE, LABEL, PLOT = 28, 290, 520
FILLS = {
    "full": "fav",
    "late": "f3",
    "undated": "f2",
    "partly": "c0",
    "not": "unf",
    "unknown": "partial",
}


def engagement_counts_svg(known: Sequence[Engagement]) -> str:
    """The counts by fiche as a picture, for a file: stacked bars, every part with its number."""
    groups = [[one for one in known if one.fiche == fiche] for fiche in fiches_met(known)]
    widest = max((len(group) for group in groups), default=1)
    parts = [_picture_key(known)]
    for i, group in enumerate(groups):
        top = 44 + LINE * i
        name = text(fiche_name(group[0].fiche))
        parts.append(f'<text x="{LABEL - 10}" y="{top + 15}" text-anchor="end">{name}</text>')
        parts.append(_picture_bar(group, PLOT / widest, top))
    height = 50 + LINE * len(groups)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {LABEL + PLOT + 60} {height}" '
        f'role="img" aria-label="{text(engagements_finding(known))}">{"".join(parts)}</svg>'
    )


def _picture_key(known: Sequence[Engagement]) -> str:
    parts = []
    for i, verdict in enumerate(verdicts_met(known)):
        word, (row, column) = ENGAGEMENT_WORDS[verdict], divmod(i, 3)
        x, y = LABEL + 190 * column, 2 + 18 * row
        parts.append(
            f'<rect class="{FILLS[word.fill]}" x="{x}" y="{y}" width="12" height="12"/>'
            f'<text class="small" x="{x + 18}" y="{y + 10}">{text(word.heading)}</text>'
        )
    return "".join(parts)


def _picture_bar(group: Sequence[Engagement], unit: float, top: int) -> str:
    counts, left, parts = Counter(one.verdict for one in group), float(LABEL), []
    for verdict in VERDICTS:
        if not counts[verdict]:
            continue
        width = counts[verdict] * unit
        dark = ENGAGEMENT_WORDS[verdict].fill in {"full", "not"}
        parts.append(
            f'<rect class="{FILLS[ENGAGEMENT_WORDS[verdict].fill]}" x="{left:.1f}" y="{top}" '
            f'width="{max(width - 1, 1):.1f}" height="20"/>'
            f'<text x="{left + width / 2:.1f}" y="{top + 14}" text-anchor="middle"'
            f"{attributes(style='fill:#FFFFFF' if dark else None)}>{counts[verdict]}</text>"
        )
        left += width
    parts.append(f'<text class="strong" x="{left + 8:.1f}" y="{top + 14}">{len(group)}</text>')
    return "".join(parts)
