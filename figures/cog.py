"""The COG's scorecard: figures year by year, our verdict, the published one, and every doubt."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from itertools import groupby

import pandas as pd

from figures.cog_reasons import DOUBT, RESERVE, doubt_sentences, measure, reason_sentence
from figures.cog_words import abbreviations_in, code_shown, note_words
from figures.fiches import fiche_name, french_apostrophes
from figures.formats import (
    ABSENT,
    NARROW_SPACE,
    attainment_number,
    attainment_percent,
    counted,
    listed,
)
from figures.markup import definition_link, text
from figures.status import StatusWord
from indicators.catalogue import catalogue
from indicators.cog import CogIndicator, PublishedVerdict, Verdict, YearVerdict

VERDICT_WORDS: Mapping[Verdict, StatusWord] = {
    "attained": StatusWord("▲", "Atteint", "fav"),
    "not_attained": StatusWord("▼", "Non atteint", "unf"),
    "not_assessable": StatusWord("–", "Non jugeable", "neu"),
}
PUBLISHED_ICONS: Mapping[PublishedVerdict, StatusWord] = {
    "attained": StatusWord("▲", "Atteint", "fav"),
    "partly": StatusWord("●", "Partiel", "neu"),
    "not_attained": StatusWord("▼", "Non atteint", "unf"),
    "none": StatusWord("–", "Sans verdict", "neu"),
}
OTHER_MEASURES = {"realised": "réalisé", "objective": "obj."}


def scorecard_finding(indicators: Sequence[CogIndicator]) -> str:
    """How many reach their latest objective, how many verdicts are doubtful, how many reserved."""
    if not indicators:
        return "Aucun indicateur de la COG avec ces filtres"
    attained = sum(one.verdict == "attained" for one in indicators)
    missed = sum(one.verdict == "not_attained" for one in indicators)
    unknown = len(indicators) - attained - missed
    reach = "atteint" if attained < 2 else "atteignent"
    said = [f"{missed} ne l’{'atteint' if missed < 2 else 'atteignent'} pas"] if missed else []
    if unknown:
        can = "ne peut être jugé" if unknown < 2 else "ne peuvent être jugés"
        said.append(f"{unknown} {can}")
    start = (
        f"{attained} {'indicateur' if attained < 2 else 'indicateurs'} sur {len(indicators)} "
        f"{reach} {'son' if attained < 2 else 'leur'} dernier objectif"
    )
    doubts = f"{_doubt_count(indicators)}{_contradicted(indicators)}"
    reserves = _reserve_count(indicators)
    return " ; ".join(filter(None, [", ".join([start, *said]), doubts, reserves]))


def _contradicted(indicators: Sequence[CogIndicator]) -> str:
    """How many of the doubtful verdicts say the contrary of the figures."""
    count = sum(one.agreement == "differs" for one in indicators)
    if not count:
        return ""
    if count == sum(one.has_decisive_doubt for one in indicators):
        return " : le verdict publié contredit les chiffres"
    return f", dont {count} où le verdict publié contredit les chiffres"


def _doubt_count(indicators: Sequence[CogIndicator]) -> str:
    doubtful = sum(one.has_decisive_doubt for one in indicators)
    if not doubtful:
        return "aucun verdict douteux"
    return counted(doubtful, "verdict douteux", "verdicts douteux")


def _reserve_count(indicators: Sequence[CogIndicator]) -> str:
    count = sum(one.has_reserve_only for one in indicators)
    return f"{count} avec réserve seule" if count else ""


def scorecard_years(indicators: Sequence[CogIndicator]) -> list[int]:
    """The years published, in order."""
    return sorted({year.year for one in indicators for year in one.years})


def scorecard_table(
    indicators: Sequence[CogIndicator], caption: str, years: Sequence[int] = ()
) -> str:
    """One line an indicator, a group a fiche; a cell holds realised, objective and verdict.

    Args:
        indicators: in the order of ``indicators.cog.scorecard``.
        caption: what the table shows.
        years: columns; those published where none is given.
    """
    columns = list(years) or scorecard_years(indicators)
    heads = (
        *(("Indicateur", ""), *((str(year), "num") for year in columns)),
        ("Cible 2017", "num"),
        ("Notre verdict", ""),
        ("Verdict publié", ""),
        ("Pourquoi, et ce qui fait douter", "why"),
    )
    head = "".join(f'<th scope="col" class="{css}">{text(word)}</th>' for word, css in heads)
    groups = groupby(indicators, key=lambda one: one.fiche)
    body = "".join(_fiche_rows(fiche, list(group), columns) for fiche, group in groups)
    return (
        f'<div class="v-scroll" tabindex="0" role="region" aria-label="{text(caption)}">'
        f'<table class="v-table v-cog v-stacked"><caption>{text(caption)}</caption>'
        f"<thead><tr>{head}</tr></thead>{body}</table></div>"
    )


def _fiche_rows(fiche: str, indicators: Sequence[CogIndicator], years: Sequence[int]) -> str:
    attained = sum(one.verdict == "attained" for one in indicators)
    said = [f"{counted(attained, 'atteint')} sur {len(indicators)}", _doubt_count(indicators)]
    counts = ", ".join(filter(None, [*said, _reserve_count(indicators)]))
    rows = "".join(_indicator_row(one, years) for one in indicators)
    return (
        f'<tbody><tr class="group"><th scope="rowgroup" colspan="{len(years) + 5}">'
        f"{text(fiche_name(fiche))} <small>{text(counts)}</small></th></tr>{rows}</tbody>"
    )


def _indicator_row(one: CogIndicator, years: Sequence[int]) -> str:
    by_year = {year.year: year for year in one.years}
    cells = "".join(
        f'<td class="num" data-label="{y}">{_year_cell(by_year.get(y), one)}</td>' for y in years
    )
    word = VERDICT_WORDS[one.verdict]
    when = f" <small>en {one.judged.year}</small>" if one.judged else ""
    mark = f" {doubt_mark(one.has_decisive_doubt, is_said=True)}" if one.is_doubtful else ""
    return (
        f'<tr data-key="{text(one.code)}"><th scope="row">{_named(one)} '
        f"<small>{text(code_shown(one.code))} · {text(one.unit)}</small></th>{cells}"
        f'<td class="num" data-label="Cible 2017">{_target_cell(one)}</td>'
        f'<td class="verdict" data-label="Notre verdict">'
        f'<span class="{word.hue}">{word.icon} {word.word}</span>{when}{mark}</td>'
        f'<td class="verdict" data-label="Verdict publié">{_published_cell(one)}</td>'
        f'<td class="whole">{_reasons(one)}</td></tr>'
    )


def _named(one: CogIndicator) -> str:
    """The label, as a link to the definition where the catalogue holds the code."""
    label = french_apostrophes(one.label)
    code = _definitions().get(one.code)
    return text(label) if code is None else definition_link(code, label)


@cache
def _definitions() -> dict[str, str]:
    """Code of the definition by code of the COG."""
    return {
        indicator.cog_code: code
        for code, indicator in catalogue().items()
        if indicator.cog_code is not None
    }


def doubt_mark(is_decisive: bool, is_said: bool = False) -> str:
    """The mark of a doubt, full where a verdict may depend on it, else that of a reserve.

    ``is_said`` writes its word beside the sign; without, it is only said aloud.
    """
    word = DOUBT if is_decisive else RESERVE
    css = "doubt decisive" if is_decisive else "doubt"
    if is_said:
        return f'<b class="{css}">{word.icon} {word.word}</b>'
    return f'<b class="{css}">{word.icon}</b><span class="sr"> {word.word} : </span>'


def scorecard_key(indicators: Sequence[CogIndicator]) -> str:
    """What the two marks of doubt mean, and the abbreviations of the labels shown."""
    known = abbreviations_in(one.label for one in indicators)
    pairs = " ; ".join(f"<b>{text(short)}</b> : {text(long)}" for short, long in known.items())
    shorts = f'<p class="v-note">Sigles. {pairs}.</p>' if pairs else ""
    return (
        f'<p class="v-legend"><span>{doubt_mark(True, is_said=True)} : le verdict peut en '
        f"dépendre</span><span>{doubt_mark(False, is_said=True)} : à savoir, le verdict n’en "
        f"change pas</span></p>{shorts}"
    )


def _year_cell(year: YearVerdict | None, one: CogIndicator) -> str:
    if year is None:
        return ABSENT
    word = VERDICT_WORDS[year.verdict]
    value = measure(year.realised, one.unit)
    has_goal = year.objective is not None
    goal = f"<small>obj. {measure(year.objective, one.unit)}</small>" if has_goal else ""
    icon = (
        f'<i class="{word.hue}" aria-hidden="true">{word.icon}</i><span class="sr">{word.word} : '
        f"</span>"
    )
    others = "".join(
        f'<small class="other">ou {OTHER_MEASURES[other.measure]} {measure(other.value, one.unit)}'
        f"</small>"
        for other in year.others
    )
    shown = f'<span class="sr">{word.word} : </span>' if year.verdict == "not_assessable" else icon
    return f"{shown} {value}{goal}{others}"


def _target_cell(one: CogIndicator) -> str:
    if one.target is None:
        return ABSENT
    reached = one.target_attainment
    if reached is None:
        return measure(one.target, one.unit)
    said = f"{attainment_percent(reached[1], 0)} en {reached[0]}"
    return f"{measure(one.target, one.unit)}<small>{said}</small>"


def _published_cell(one: CogIndicator) -> str:
    word = PUBLISHED_ICONS[one.published]
    return f'<span class="{word.hue}">{word.icon} {text(_published_word(one))}</span>'


def _reasons(one: CogIndicator) -> str:
    reason, doubts = reason_sentence(one), doubt_sentences(one)
    said = [f"<li>{text(reason)}</li>"] if reason and reason not in doubts else []
    said += [
        f"<li>{doubt_mark(is_decisive)} {text(doubt)}</li>" for doubt, is_decisive in doubts.items()
    ]
    above = " ".join((reason, *doubts))
    added = note_words(one.note, one.unit, {doubt.code for doubt in one.doubts}, above)
    note = f'<p class="v-note">Note : {text(added)}</p>' if added else ""
    return (f'<ul class="v-reasons">{"".join(said)}</ul>' if said else "") + note


def scorecard_records(indicators: Sequence[CogIndicator]) -> pd.DataFrame:
    """One row an indicator and year, for a file; figures in the indicator's unit."""
    return pd.DataFrame(
        {
            "fiche": one.fiche,
            "code": one.code,
            "type": one.cog_type,
            "indicateur": one.label,
            "unite": one.unit,
            "annee": year.year,
            "realise": year.realised,
            "objectif": year.objective,
            "autres_valeurs_publiees": listed(
                f"{OTHER_MEASURES[other.measure]} {measure(other.value, one.unit)} ({other.source})"
                for other in year.others
            ),
            "taux_atteinte": year.attainment,
            "cible_2017": one.target,
            "notre_verdict": VERDICT_WORDS[year.verdict].word,
            "verdict_publie": one.published_word,
            "annee_jugee": one.judged is not None and one.judged.year == year.year,
            "douteux": any(doubt.is_decisive for doubt in year.doubts),
            "reserve": any(not doubt.is_decisive for doubt in year.doubts),
            "pourquoi": reason_sentence(one, year),
            "doutes": " ".join(doubt_sentences(one, year)),
            "note": one.note,
        }
        for one in indicators
        for year in one.years
    )


LINE, LABEL, COLUMN, WORDS = 24, 400, 104, 112


def scorecard_svg(indicators: Sequence[CogIndicator]) -> str:
    """The scorecard as a picture, for a file: attainment by year, both verdicts, doubts."""
    years = scorecard_years(indicators)
    ends = LABEL + COLUMN * len(years)
    heads = [(LABEL + COLUMN * i + COLUMN / 2, str(year)) for i, year in enumerate(years)]
    parts = [
        f'<text class="small" x="{x}" y="14" text-anchor="middle">{h}</text>' for x, h in heads
    ]
    for i, word in enumerate(("Notre verdict", "Verdict publié", "Doute")):
        parts.append(f'<text class="small" x="{ends + 10 + WORDS * i}" y="14">{word}</text>')
    for i, one in enumerate(indicators):
        parts.append(_picture_line(one, years, 22 + LINE * i, ends))
    height = 28 + LINE * len(indicators)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {ends + 3 * WORDS} {height}" '
        f'role="img" aria-label="{text(scorecard_finding(indicators))}">{"".join(parts)}</svg>'
    )


def _picture_line(one: CogIndicator, years: Sequence[int], top: int, ends: int) -> str:
    by_year = {year.year: year for year in one.years}
    label = french_apostrophes(one.label)
    label = label if len(label) < 62 else f"{label[:60]}…"
    parts = [f'<text x="{LABEL - 10}" y="{top + 15}" text-anchor="end">{text(label)}</text>']
    for i, number in enumerate(years):
        year = by_year.get(number)
        if year is None or year.verdict == "not_assessable":
            tint, said = "n0", ABSENT
        else:
            tint = "f2" if year.verdict == "attained" else "u2"
            icon = VERDICT_WORDS[year.verdict].icon
            said = f"{icon} {attainment_number(year.attainment)}{NARROW_SPACE}%"
        left = LABEL + COLUMN * i
        parts.append(
            f'<rect class="{tint}" x="{left + 1}" y="{top}" width="{COLUMN - 2}" '
            f'height="{LINE - 2}"/><text x="{left + COLUMN / 2}" y="{top + 15}" '
            f'text-anchor="middle">{text(said)}</text>'
        )
    word, published = VERDICT_WORDS[one.verdict], PUBLISHED_ICONS[one.published]
    words = (
        f"{word.icon} {word.word}",
        f"{published.icon} {_published_word(one)}",
        _doubt_said(one),
    )
    for i, said in enumerate(words):
        parts.append(f'<text x="{ends + 10 + WORDS * i}" y="{top + 15}">{text(said)}</text>')
    return "".join(parts)


def _doubt_said(one: CogIndicator) -> str:
    if not one.is_doubtful:
        return ""
    word = DOUBT if one.has_decisive_doubt else RESERVE
    return f"{word.icon} {word.word}"


def _published_word(one: CogIndicator) -> str:
    """The source's own word, or that it gives none."""
    return one.published_word if one.published != "none" else PUBLISHED_ICONS["none"].word
