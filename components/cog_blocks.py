"""Blocks of the COG page: its filters, all in the address, the scorecard and the commitments."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

import pandas as pd

from components.address import asked, choice, keep
from components.controls import choice_buttons, choice_select, search_field
from figures.cog import (
    scorecard_finding,
    scorecard_key,
    scorecard_records,
    scorecard_svg,
    scorecard_table,
    scorecard_years,
)
from figures.engagements import (
    ENGAGEMENT_WORDS,
    FICHE,
    PARTIES,
    Engagement,
    engagement_counts_records,
    engagement_counts_svg,
    engagement_counts_table,
    engagements,
    engagements_finding,
    engagements_kept,
    engagements_records,
    engagements_table,
    fiches_met,
    verdicts_met,
)
from figures.exportable import Exportable
from figures.fiches import fiche_name
from figures.formats import counted
from figures.markup import figure_block
from indicators.cog import CogIndicator, scorecard

SCORECARD_FICHE, SCORECARD_SHOWN = "cog_fiche", "cog_verdicts"
PARTY, VERDICT, WORDS = "engagement_partie", "engagement_verdict", "engagement_texte"
EVERY, DOUBTFUL, RESERVED, DIFFERENT = "tous", "douteux", "reserves", "ecarts"
SHOWN_LABELS = {
    EVERY: "Tous",
    DOUBTFUL: "Douteux",
    RESERVED: "Réserve seule",
    DIFFERENT: "Contraires au verdict publié",
}
LONGEST_WORDS = 80

SCORECARD_NOTE = (
    "Réalisé de l’année au-dessus de son objectif ; chaque année est jugée sur son propre objectif."
)
NOTHING = (
    '<p class="v-empty">Rien ne répond à tous ces filtres. Élargissez la recherche ou revenez à '
    "« Tous ».</p>"
)


@dataclass(frozen=True)
class CogBlock:
    """A figure of the page with its controls; ``body`` is empty where the filters keep nothing."""

    figure: Exportable
    controls: str
    body: str

    def html(self, block_id: str) -> str:
        """The block named ``block_id``, titled by its finding, with its files."""
        figure = self.figure
        formats = ("csv",) if figure.svg is None else ("csv", "png")
        body = f'<div class="v-head">{self.controls}</div>{self.body or NOTHING}'
        return figure_block(
            block_id,
            figure.title,
            figure.note,
            body,
            figure.foot,
            formats if self.body else (),
        )


def scorecard_block(rows: pd.DataFrame, foot: str) -> CogBlock:
    """The indicators that the filters of the address keep."""
    known = scorecard(rows)
    fiches = {EVERY: "Toutes"} | {
        fiche: fiche_name(fiche) for fiche in dict.fromkeys(one.fiche for one in known)
    }
    fiche = choice(SCORECARD_FICHE, fiches, EVERY)
    shown = choice(SCORECARD_SHOWN, SHOWN_LABELS, EVERY)
    kept = [one for one in known if fiche in (EVERY, one.fiche) and _is_shown(one, shown)]
    note = SCORECARD_NOTE
    if len(kept) < len(known):
        note = f"Filtre : {counted(len(kept), 'indicateur')} sur {len(known)}. {note}"
    body = (
        scorecard_table(kept, "Indicateurs de la COG", scorecard_years(known)) + scorecard_key(kept)
        if kept
        else ""
    )
    figure = Exportable(
        "cog-indicateurs",
        scorecard_finding(kept),
        note,
        foot,
        partial(scorecard_records, kept),
        partial(scorecard_svg, kept),
    )
    controls = choice_buttons(SCORECARD_SHOWN, "Verdicts", SHOWN_LABELS, shown)
    controls += choice_select(SCORECARD_FICHE, "Fiche", {"": fiches}, fiche)
    return CogBlock(figure, controls, body)


def _is_shown(one: CogIndicator, shown: str) -> bool:
    if shown == DIFFERENT:
        return one.agreement == "differs"
    if shown == RESERVED:
        return one.has_reserve_only
    return shown == EVERY or one.has_decisive_doubt


def engagement_blocks(rows: pd.DataFrame, foot: str) -> tuple[CogBlock, CogBlock]:
    """The counts by fiche and the list of the commitments that the filters of the address keep.

    Party and words hold for both; verdict and fiche choose within the counts.
    """
    known = engagements(rows)
    words = asked(WORDS).strip()[:LONGEST_WORDS]
    keep(WORDS, words or None)
    parties = {EVERY: "Toutes"} | {
        party: PARTIES.get(party, party) for party in dict.fromkeys(one.party for one in known)
    }
    party = choice(PARTY, parties, EVERY)
    counted_ones = engagements_kept(known, _filter(party), words=words)
    verdicts = {EVERY: "Tous"} | {
        verdict: ENGAGEMENT_WORDS[verdict].status.word for verdict in verdicts_met(known)
    }
    verdict = choice(VERDICT, verdicts, EVERY)
    fiches = {EVERY: "Toutes"} | {fiche: fiche_name(fiche) for fiche in fiches_met(known)}
    fiche = choice(FICHE, fiches, EVERY)
    listed = engagements_kept(counted_ones, verdict=_filter(verdict), fiche=_filter(fiche))
    who = choice_buttons(PARTY, "Partie qui s’engage", parties, party)
    who += search_field(WORDS, "Rechercher dans les engagements", words, "PRADO, télémédecine…")
    which = choice_select(VERDICT, "Verdict", {"": verdicts}, verdict)
    which += choice_select(FICHE, "Fiche", {"": fiches}, fiche)
    return (
        _counts_block(counted_ones, foot, who, _filter(fiche)),
        _list_block(listed, len(counted_ones), foot, which),
    )


def _filter(code: str) -> str | None:
    return None if code == EVERY else code


def _counts_block(
    kept: Sequence[Engagement], foot: str, controls: str, fiche: str | None
) -> CogBlock:
    figure = Exportable(
        "cog-engagements-bilan",
        engagements_finding(kept),
        "Nombre d’engagements par fiche de la COG, fin 2016. Le tableau publié pour l’État ne dit "
        "pas si le délai a été tenu.",
        foot,
        partial(engagement_counts_records, kept),
        partial(engagement_counts_svg, kept),
    )
    body = (
        engagement_counts_table(kept, "Engagements par fiche et par verdict", fiche) if kept else ""
    )
    return CogBlock(figure, controls, body)


def _list_block(kept: Sequence[Engagement], total: int, foot: str, controls: str) -> CogBlock:
    count = counted(len(kept), "engagement")
    title = f"{count} sur {total}" if len(kept) < total else f"Liste : {count}"
    if not kept:
        title = engagements_finding(kept)
    figure = Exportable(
        "cog-engagements",
        title,
        "Texte, échéance et verdict tels que publiés.",
        foot,
        partial(engagements_records, kept),
    )
    body = engagements_table(kept, "Engagements de la COG") if kept else ""
    return CogBlock(figure, controls, body)


def cog_heading() -> str:
    """Title of the page and what it covers."""
    return (
        "<h1>Indicateurs de la COG</h1>"
        '<p class="v-lead">Convention d’objectifs et de gestion 2014-2017 entre l’État et la '
        "Cnamts. Résultats nationaux.</p>"
    )
