"""The Gini index over the years: professions side by side, the COG's path, what chance does.

The path is the COG's own: 0.001 less a year from the first year known. The band beside it is what
departures and arrivals at random do by themselves when nothing changes.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from types import MappingProxyType

import pandas as pd

from figures.formats import ABSENT, counted, listed, number, percent
from figures.grammar import chance_percent, typeset
from figures.markup import table, text
from figures.panel import Panel, panel_svg, panels_svg
from figures.professions import (
    NO_VERDICT,
    THRESHOLD,
    VERDICTS,
    Named,
    change_words,
    exploratory_tag,
    exploratory_words,
    index_words,
    ir41_professions,
    profession_name,
    several_readings,
)
from figures.status import StatusWord
from indicators.gini_changes import Reason, Together, judged_together
from indicators.inequality import (
    CUMULATED_YEARS,
    INTERVAL_FROM,
    YEARLY_TARGET,
    TargetVerdict,
    Verdict,
)

NAMED_AT_MOST = 8
"""Missing territories that a sentence names."""

UNJUDGED: Mapping[Reason, str] = MappingProxyType(
    {
        "no_former_year": "année de départ inconnue",
        "not_computed": "indice d’une des deux années non calculé",
        "other_people": "populations de sources différentes, années non comparables",
        "other_territories": "territoires comptés différents d’une année à l’autre",
        "too_few": f"moins de {INTERVAL_FROM} territoires",
    }
)
"""Why two years can't be judged against the target."""


@dataclass(frozen=True)
class GiniYear:
    """The index of a year; bounds are None where they were not computed.

    Attributes:
        year: the year of the counts.
        gini: the index; None where too few of the territories were sent to compute it.
        lower: of its interval at 95 %.
        upper: of its interval at 95 %.
        territories: those counted.
        professionals: all of them.
        expected: territories of the grain, 0 where not known; more than those counted where some
            were not sent.
        practice: ``liberal``, ``salaried`` or ``all``; empty where not known.
        is_made_up: whether it rests on counts of the demonstration.
        follows: whether it can be compared with the year before.
    """

    year: int
    gini: float | None
    lower: float | None = None
    upper: float | None = None
    territories: int = 0
    professionals: float = 0.0
    expected: int = 0
    practice: str = ""
    is_made_up: bool = False
    follows: bool = True

    @property
    def missing(self) -> int:
        """Territories of the grain that were not sent."""
        return max(self.expected - self.territories, 0)


@dataclass(frozen=True)
class ReadTogether:
    """What stands of the verdicts of a profession, as those of others are given beside (Holm).

    Nothing of it is known where a series is read alone.

    Attributes:
        yearly: what is left of the verdict of the year; None where there is none.
        cumulated: the same of three years.
        yearly_count: verdicts of the year that are read at once.
        cumulated_count: the same of three years.
    """

    yearly: Verdict | None = None
    cumulated: Verdict | None = None
    yearly_count: int = 0
    cumulated_count: int = 0


@dataclass(frozen=True)
class GiniSeries:
    """A profession over the years, in order, with the verdicts of the year looked at.

    Attributes:
        profession: its code.
        years: the years known, in order.
        year: the year looked at.
        turnover: the share who leave in a year, as far as counts tell; None where unknown.
        reach: how far chance alone takes the index in a year, on one side, once in twenty: the
            verdict's own threshold; None where unknown.
        yearly: the change of the year against its target; None where it can't be judged.
        cumulated: the same over three years.
        unjudged: why the year has no verdict.
        band: the years up to the one looked at from three before, each with the index under which
            the target is attained since then, and the one over which it is missed.
        together: what stands of both verdicts, as those of other professions are given beside.
    """

    profession: str
    years: tuple[GiniYear, ...]
    year: int
    turnover: float | None = None
    reach: float | None = None
    yearly: TargetVerdict | None = None
    cumulated: TargetVerdict | None = None
    unjudged: Reason = "no_former_year"
    band: tuple[tuple[int, float, float], ...] = ()
    together: ReadTogether = ReadTogether()

    @property
    def known(self) -> tuple[tuple[int, float], ...]:
        """The years whose index was computed, each with it."""
        return tuple((one.year, one.gini) for one in self.years if one.gini is not None)

    @property
    def current(self) -> GiniYear | None:
        """The year looked at."""
        return next((one for one in self.years if one.year == self.year), None)

    @property
    def runs(self) -> list[list[tuple[int, float]]]:
        """The known years in runs that can be compared, each year with its index."""
        runs: list[list[tuple[int, float]]] = []
        before: GiniYear | None = None
        for one in self.years:
            if one.gini is not None:
                is_next = before is not None and one.year == before.year + 1 and one.follows
                if not is_next:
                    runs.append([])
                runs[-1].append((one.year, one.gini))
            before = None if one.gini is None else one
        return runs

    @property
    def start(self) -> tuple[int, float]:
        """Where the COG's path starts: three years before the year looked at, or later.

        The years since then can be compared with it.
        Raises: IndexError where no index is known.
        """
        own = next((run for run in self.runs if run[0][0] <= self.year <= run[-1][0]), None)
        run = own or self.runs[-1]
        return next((one for one in run if one[0] >= self.year - CUMULATED_YEARS), run[-1])

    def path(self, year: int) -> float:
        """The index that the COG's objective asks for in a year, from the start."""
        first, start = self.start
        return max(start + YEARLY_TARGET * (year - first), 0.0)


def verdict_word(found: TargetVerdict | None) -> StatusWord:
    """Icon and word of a verdict read alone."""
    return NO_VERDICT if found is None else VERDICTS[found.verdict]


def yearly_word(shown: GiniSeries) -> StatusWord:
    """Icon and word of the verdict of the year, as it is read beside those of others."""
    return _read_word(shown.yearly, shown.together.yearly, shown.together.yearly_count)


def cumulated_word(shown: GiniSeries) -> StatusWord:
    """Icon and word of the verdict of three years, as it is read beside those of others."""
    return _read_word(shown.cumulated, shown.together.cumulated, shown.together.cumulated_count)


def _read_word(found: TargetVerdict | None, adjusted: Verdict | None, readings: int) -> StatusWord:
    word = verdict_word(found)
    if not _is_firm(found) or readings < 2:
        return word
    if adjusted == "within_noise":
        return StatusWord("≈", f"{word.word}, mais {_falls(readings)}", "neu")
    return StatusWord(word.icon, f"{word.word}, correction faite ({_readings(readings)})", word.hue)


def _is_firm(found: TargetVerdict | None) -> bool:
    return found is not None and found.verdict != "within_noise"


def _readings(count: int) -> str:
    return counted(count, "lecture")


def _falls(readings: int) -> str:
    """That a verdict doesn't stand beside so many others, as the end of a sentence."""
    return f"ne résiste pas à la correction pour {_readings(readings)}"


def _withdrawn(found: TargetVerdict | None, adjusted: Verdict | None, readings: int) -> str:
    """What a sentence adds behind a verdict that doesn't stand; empty behind one that does."""
    is_withdrawn = _is_firm(found) and adjusted == "within_noise" and readings > 1
    return f", mais {_falls(readings)}" if is_withdrawn else ""


def read_together(shown: Sequence[GiniSeries]) -> list[GiniSeries]:
    """The series, each with what stands of its verdicts beside those of the others.

    Those that the COG follows are read together whatever else is looked at, as they are in the
    build; another profession is read with them.
    """
    codes = ir41_professions()
    own = [one for one in shown if one.profession in codes]
    found = []
    for one in shown:
        group = own if one in own else [*own, one]
        place = group.index(one)
        yearly = _judged([other.yearly for other in group])
        cumulated = _judged([other.cumulated for other in group])
        found.append(
            replace(
                one,
                together=ReadTogether(
                    yearly.adjusted[place],
                    cumulated.adjusted[place],
                    yearly.judged,
                    cumulated.judged,
                ),
            )
        )
    return found


def _judged(given: Sequence[TargetVerdict | None]) -> Together:
    return judged_together(
        [None if one is None else one.verdict for one in given],
        [math.nan if one is None else one.chance_without_change for one in given],
        [math.nan if one is None else one.chance_on_target for one in given],
    )


def verdict_sentence(shown: GiniSeries) -> str:
    """Whether the objective of the year is attained, as a clause of the title.

    A verdict that doesn't stand beside those of other professions is withdrawn in the same breath.
    """
    objective = f"l’objectif de {number(YEARLY_TARGET, 3)} par an"
    if shown.yearly is None:
        return f"{objective} ne peut être jugé ({UNJUDGED[shown.unjudged]})"
    words = {
        "attained": f"{objective} est atteint",
        "not_attained": f"{objective} n’est pas atteint",
        "within_noise": f"on ne peut pas dire si {objective} est atteint : la variation ne "
        "dépasse pas le hasard",
    }
    return words[shown.yearly.verdict] + _yearly_withdrawn(shown)


def _yearly_withdrawn(shown: GiniSeries) -> str:
    return _withdrawn(shown.yearly, shown.together.yearly, shown.together.yearly_count)


def gini_finding(shown: GiniSeries, about: Named) -> str:
    """``Infirmiers : G = 0,249 (0,232 à 0,266) en 2017, 101 départements ; l’objectif …``."""
    current = shown.current
    if current is None:
        return typeset(f"{about.title} : aucun indice en {about.year}")
    if current.gini is None:
        why = not_computed_words(current.missing, current.expected, about)
        return typeset(f"{about.title} en {about.year} : {why}")
    noun = about.grain_noun
    territories = counted(current.territories, noun.one, noun.many)
    if current.missing:
        territories += f" sur {number(current.expected)}"
    return typeset(
        f"{about.title} : G = {index_words(current.gini)}{interval_words(current)} en "
        f"{about.year}, {territories}{exploratory_tag(current.territories)} ; "
        f"{verdict_sentence(shown)}"
    )


def not_computed_words(missing: int, expected: int, about: Named) -> str:
    """``indice non calculé : 3 départements sur 101 manquent``."""
    if not missing:
        return "indice non calculé"
    noun = about.grain_noun
    verb = "manque" if missing == 1 else "manquent"
    return typeset(
        f"indice non calculé : {counted(missing, noun.one, noun.many)} sur "
        f"{number(expected)} {verb}"
    )


def missing_words(names: Sequence[str]) -> str:
    """Who lacks for an index, and what is shown all the same."""
    named = list(names[:NAMED_AT_MOST])
    if len(names) > NAMED_AT_MOST:
        named.append(f"{number(len(names) - NAMED_AT_MOST)} autres")
    return typeset(
        f"Non reçus : {listed(named)}. Un indice sans eux tromperait : ni courbe, ni verdict. La "
        "carte montre les densités connues."
    )


PRACTICES = {
    "liberal": "Libéraux",
    "salaried": "Salariés",
    "all": "Tous modes d’exercice",
}


def scope_words(shown: GiniSeries, about: Named) -> str:
    """Who is counted, by what, where; and who in which year, where that differs."""
    current = shown.current
    who = "" if current is None else PRACTICES.get(current.practice, "")
    noun = about.grain_noun
    index = "indice de Gini" if who else "Indice de Gini"
    has_interval = current is not None and interval_words(current)
    interval = " Entre parenthèses, l’intervalle à 95 %." if has_interval else ""
    return typeset(
        f"{who}{', ' if who else ''}{index} pondéré par la population, par {noun.one}, "
        f"{about.where}{about.overseas} ; 0 : même densité partout.{interval}"
        f"{_practices_sentence(shown)}"
    ) + (exploratory_words(current.territories, noun) if current is not None else "")


def practices_words(shown: GiniSeries) -> str:
    """``2012 à 2016 : tous modes d’exercice ; 2017 : libéraux``; empty where years are alike."""
    runs = _practice_runs(shown)
    if len({practice for practice, _ in runs}) < 2:
        return ""
    parts = []
    for practice, years in runs:
        first, last = years[0].year, years[-1].year
        when = str(first) if first == last else f"{first} à {last}"
        parts.append(f"{when} : {_practice_word(practice)}")
    return typeset(" ; ".join(parts))


def _practices_sentence(shown: GiniSeries) -> str:
    said = practices_words(shown)
    if not said:
        return ""
    return f" Qui est compté change selon l’année ({said}) : ces années ne se comparent pas."


def _practice_word(practice: str) -> str:
    word = PRACTICES.get(practice, "exercice inconnu")
    return word[:1].lower() + word[1:]


def _practice_runs(shown: GiniSeries) -> list[tuple[str, list[GiniYear]]]:
    """The years in runs of one practice."""
    return [
        (practice, list(years))
        for practice, years in groupby(shown.years, lambda one: one.practice)
    ]


def interval_words(year: GiniYear) -> str:
    """`` (0,232 à 0,266)``; empty where it is not known."""
    if year.lower is None or year.upper is None or math.isnan(year.lower):
        return ""
    return f" ({index_words(year.lower)} à {index_words(year.upper)})"


def verdict_reason(shown: GiniSeries) -> str:
    """Why the verdict is what it is: the changes, and how often chance alone does as much."""
    if shown.yearly is None:
        return _unjudged_reason(shown)
    said = (
        f"L’indice a bougé de {change_words(shown.yearly.change)} en un an. "
        f"{_chance(shown.yearly, shown.reach or 0.0)} Renouvellement retenu : "
        f"{percent(shown.turnover)} par an, au plus : il est estimé sur ces territoires et les "
        "vraies évolutions y sont comprises."
    )
    said += _over_three_years(shown)
    return typeset(said)


def _over_three_years(shown: GiniSeries) -> str:
    """What three years at once tell; empty where they tell nothing."""
    found, together = shown.cumulated, shown.together
    if found is None:
        return ""
    words = {
        "attained": "cible atteinte",
        "not_attained": "cible non atteinte",
        "within_noise": "on ne peut pas dire si elle est atteinte",
    }
    withdrawn = _withdrawn(found, together.cumulated, together.cumulated_count)
    return (
        f" Sur {CUMULATED_YEARS} ans, {change_words(found.change)} pour une cible de "
        f"{number(found.target, 3)} : {words[found.verdict]}{withdrawn}."
    )


def _unjudged_reason(shown: GiniSeries) -> str:
    """Why the year has no verdict, in a sentence."""
    year, before = shown.year, shown.year - 1
    said = {
        "no_former_year": f"L’indice de {before} n’est pas connu : il faut deux années de suite "
        "pour juger l’objectif.",
        "not_computed": f"L’indice de {before} ou de {year} n’est pas calculé : il y manque des "
        "territoires.",
        "other_people": f"La population de {year} ne vient pas de la même source que celle de "
        f"{before} : les deux indices ne se comparent pas.",
        "other_territories": f"Les territoires comptés en {before} et en {year} ne sont pas les "
        "mêmes : les deux indices ne se comparent pas.",
        "too_few": f"Moins de {INTERVAL_FROM} territoires : trop peu pour séparer une évolution du "
        "hasard.",
    }[shown.unjudged]
    return typeset(said + _over_three_years(shown))


def _chance(found: TargetVerdict, reach: float) -> str:
    """How far chance goes once in twenty, the verdict's own threshold, and how often this far.

    A fall as deep as the target is held against no change; what falls short, against the target.
    """
    seldom = percent(THRESHOLD, 0)
    if found.change <= found.target:
        often = chance_percent(found.chance_without_change)
        return (
            "Sans aucun changement réel, le hasard seul des départs et arrivées descend jusqu’à "
            f"{change_words(-reach)} dans {seldom} des cas, et fait une telle baisse {often} du "
            "temps."
        )
    return (
        "Parti de la baisse visée, le hasard seul des départs et arrivées remonte jusqu’à "
        f"{change_words(found.target + reach)} dans {seldom} des cas ; si la baisse visée avait "
        "vraiment lieu, le hasard la cacherait ainsi "
        f"{chance_percent(found.chance_on_target)} du temps."
    )


def small_multiples(shown: Sequence[GiniSeries], chosen: str, parameter: str) -> str:
    """One card a profession: its line, the COG's path, both verdicts; a click chooses it."""
    cards = "".join(_card(one, one.profession == chosen, parameter) for one in read_together(shown))
    return f'<div class="v-multiples">{cards}</div>'


def _card(one: GiniSeries, is_chosen: bool, parameter: str) -> str:
    name = text(profession_name(one.profession))
    current = one.current
    value = ABSENT if current is None else index_words(current.gini)
    picture = f'<div class="v-picture-multiple">{multiple_svg(one)}</div>'
    if not one.known:
        picture = '<p class="v-empty">Indice non calculé : des territoires manquent.</p>'
    return (
        f'<div class="v-multiple{" on" if is_chosen else ""}">'
        f'<h3><button type="button" class="link" data-act="choose" data-name="{text(parameter)}" '
        f'data-value="{text(one.profession)}" aria-pressed="{str(is_chosen).lower()}">{name}'
        f"</button></h3><p><b>{value}</b> "
        f"<small>{text('' if current is None else interval_words(current).strip())}</small></p>"
        f"{picture}{_practices_note(one)}<p>{_said('1 an', yearly_word(one))} · "
        f"{_said(f'{CUMULATED_YEARS} ans', cumulated_word(one))}</p></div>"
    )


def _practices_note(one: GiniSeries) -> str:
    said = practices_words(one)
    return f'<p class="v-note">{text(said)}</p>' if said else ""


def _said(span: str, word: StatusWord) -> str:
    return (
        f'<span class="v-sign">{text(span)} : <i class="{word.hue}">{word.icon}</i> '
        f"{text(word.word)}</span>"
    )


def multiple_svg(one: GiniSeries) -> str:
    """The index by year, the path of the COG dashed, what chance does as a band."""
    return panel_svg(_drawn(one), series_alt(one))


def multiples_svg(shown: Sequence[GiniSeries], alt: str) -> str:
    """All professions in one picture, for a file."""
    titled = []
    for one in read_together(shown):
        word = _stands(one)
        title = f"{profession_name(one.profession)} {word.icon} {word.word.lower()}"
        titled.append((title, _drawn(one)))
    return panels_svg(titled, alt)


def _stands(one: GiniSeries) -> StatusWord:
    """What is left of the verdict of the year, in a word: a picture has no room for more."""
    return _left(one.together.yearly)


def _drawn(one: GiniSeries) -> str:
    if not one.known:
        return ""
    first, start = one.start
    last = max(one.year, first)
    values = [value for _, value in one.known] + [one.path(last)]
    values += [value for _, *bounds in one.band for value in bounds]
    panel = Panel.around(values, [one.known[0][0], max(one.known[-1][0], last)])
    # Chance may go under 0 on paper; no index does.
    edge = [(first, start), *((year, upper) for year, _, upper in one.band)]
    edge += [(year, max(lower, 0.0)) for year, lower, _ in reversed(one.band)]
    dots = (
        panel.dot(
            "dot",
            (point.year, point.gini),
            f"{point.year} : {index_words(point.gini)}{interval_words(point)}",
            4.5 if point.year == one.year else 3,
        )
        for point in one.years
        if point.gini is not None
    )
    return "".join(
        (
            panel.axis(),
            panel.area("habit", edge),
            panel.line("goal", [(first, start), (last, one.path(last))] if last > first else []),
            *(panel.line("line", run) for run in one.runs),
            *dots,
            *_practice_marks(panel, one),
        )
    )


def _practice_marks(panel: Panel, one: GiniSeries) -> list[str]:
    """Who is counted from each year on that it changes; nothing where it never does."""
    if not practices_words(one):
        return []
    return [
        panel.mark((known[0].year, known[0].gini), _practice_word(practice))
        for practice, years in _practice_runs(one)
        if (known := [year for year in years if year.gini is not None])
        and known[0].gini is not None
    ]


def series_alt(one: GiniSeries) -> str:
    """What a small picture shows, in words."""
    name = profession_name(one.profession)
    if not one.known:
        return typeset(f"{name} : aucun indice calculé.")
    (first, start), (last, end) = one.known[0], one.known[-1]
    return typeset(
        f"{name} : indice de Gini de {index_words(start)} en {first} à {index_words(end)} en "
        f"{last} ; la trajectoire de la COG mène à {index_words(one.path(one.year))} en {one.year}."
    )


def multiples_finding(shown: Sequence[GiniSeries]) -> str:
    """How many of the professions reach the target, miss it, or cannot be told from chance."""
    series = read_together(shown)
    words = [None if one.yearly is None else one.yearly.verdict for one in series]
    counts = [one.current.territories for one in series if one.current is not None]
    tag = exploratory_tag(min(counts, default=0))
    if not any(words):
        return typeset(
            f"Évolution de l’indice par profession{tag} ; la cible d’un an ne peut pas être jugée"
        )
    said: tuple[tuple[Verdict | None, str], ...] = (
        ("attained", "atteinte"),
        ("not_attained", "non atteinte"),
        ("within_noise", "impossible à dire"),
        (None, "sans verdict"),
    )
    parts = [
        f"{word} pour {counted(words.count(code), 'profession')}{_firmly(series, code)}"
        for code, word in said
        if words.count(code)
    ]
    return typeset(f"Cible de {number(YEARLY_TARGET, 3)} en un an : {', '.join(parts)}{tag}")


def _firmly(series: Sequence[GiniSeries], verdict: Verdict | None) -> str:
    """How many of the verdicts of a kind stand, where not all of them do."""
    given = [one for one in series if one.yearly is not None and one.yearly.verdict == verdict]
    stand = sum(one.together.yearly == verdict for one in given)
    if verdict in {None, "within_noise"} or stand == len(given):
        return ""
    return f" (dont {number(stand) if stand else 'aucune'} une fois la correction faite)"


def multiples_readings(shown: Sequence[GiniSeries]) -> str:
    """What so many verdicts at once are worth, and which of them stand; empty for one."""
    series = read_together(shown)
    said = several_readings(sum(one.yearly is not None for one in series))
    firm = [one for one in series if _is_firm(one.yearly)]
    if not said or not firm:
        return said
    stand = [one for one in firm if not _yearly_withdrawn(one)]
    kept = f"{number(len(stand))} des {number(len(firm))} verdicts tranchés {_holds(len(stand))}"
    if len(firm) == 1:
        kept = "le seul verdict tranché " + ("tient" if stand else "ne tient pas")
    who = listed([profession_name(one.profession) for one in stand])
    return typeset(f"{said} Correction faite (Holm), {kept}{f' : {who}' if who else ''}.")


def _holds(count: int) -> str:
    return "tient" if count < 2 else "tiennent"


def multiples_table(shown: Sequence[GiniSeries], caption: str) -> str:
    """The professions by year, then the change and the verdict of the year and of three."""
    years = sorted({point.year for one in shown for point in one.years})
    rows = []
    for one in read_together(shown):
        values = {point.year: _value_cell(one, point) for point in one.years}
        rows.append(
            (
                text(profession_name(one.profession)),
                *(values.get(year, ABSENT) for year in years),
                _verdict_cell(one.yearly),
                _adjusted_cell(one.together.yearly),
                _verdict_cell(one.cumulated),
                _adjusted_cell(one.together.cumulated),
            )
        )
    heads = (
        "Profession",
        *map(str, years),
        "Cible sur 1 an",
        "Toutes lues ensemble (Holm)",
        f"Cible sur {CUMULATED_YEARS} ans",
        f"{CUMULATED_YEARS} ans, toutes lues ensemble (Holm)",
    )
    return table(caption, heads, rows, numeric=range(1, len(years) + 1), is_stacked=True)


def _value_cell(one: GiniSeries, point: GiniYear) -> str:
    """The index of a year, and who is counted where that differs from year to year."""
    who = f" <small>{text(_practice_word(point.practice))}</small>" if practices_words(one) else ""
    return f"{index_words(point.gini)}{who}"


def _adjusted_cell(verdict: Verdict | None) -> str:
    word = _left(verdict)
    return f'<span class="{word.hue}">{word.icon} {text(word.word)}</span>'


def _verdict_cell(found: TargetVerdict | None) -> str:
    word = verdict_word(found)
    change = "" if found is None else f" ({change_words(found.change)})"
    return f'<span class="{word.hue}">{word.icon} {text(word.word)}</span>{text(change)}'


def multiples_legend(shown: Sequence[GiniSeries]) -> str:
    """What the lines of the small pictures are."""
    starts = {one.start[0] for one in shown if one.known and one.start[0] < one.year}
    since = f"depuis {min(starts)}" if len(starts) == 1 else "depuis son début"
    band = (
        '<span><b class="k habit"></b> Là, on ne peut pas dire si la cible est atteinte : '
        "au-dessous elle l’est, au-dessus non (hasard à 5 %)</span>"
        if any(one.band for one in shown)
        else ""
    )
    goal = f"Trajectoire de la COG ({number(YEARLY_TARGET, 3)} par an {since})"
    path = '<path class="{}" d="M1 4H25"/>'
    key = f'<svg class="key" viewBox="0 0 26 8" aria-hidden="true">{path}</svg>'
    path = f"<span>{key.format('goal')} {goal}</span>" if starts else ""
    return f'<p class="v-legend"><span>{key.format("line")} Indice de Gini</span>{path}{band}</p>'


def multiples_records(shown: Sequence[GiniSeries]) -> pd.DataFrame:
    """Every profession and year for a file."""
    return pd.DataFrame(
        {
            "profession_code": one.profession,
            "profession": profession_name(one.profession),
            "annee": point.year,
            "gini": point.gini,
            "gini_borne_basse": point.lower,
            "gini_borne_haute": point.upper,
            "trajectoire_cog": (
                one.path(point.year) if one.known and point.year >= one.start[0] else None
            ),
            "territoires": point.territories,
            "territoires_manquants": point.missing,
            "effectifs_fictifs": point.is_made_up,
            "professionnels": point.professionals,
            "champ": PRACTICES.get(point.practice),
            "verdict_1_an": verdict_word(one.yearly).word if point.year == one.year else None,
            "verdict_1_an_corrige": (
                _left(one.together.yearly).word if point.year == one.year else None
            ),
            "verdict_3_ans": verdict_word(one.cumulated).word if point.year == one.year else None,
            "verdict_3_ans_corrige": (
                _left(one.together.cumulated).word if point.year == one.year else None
            ),
        }
        for one in read_together(shown)
        for point in one.years
    )


def _left(adjusted: Verdict | None) -> StatusWord:
    """Icon and word of what is left of a verdict."""
    return NO_VERDICT if adjusted is None else VERDICTS[adjusted]
