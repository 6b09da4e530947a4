"""One visual grammar for a figure, wherever it stands: value, status, signs, months, place.

Each piece is HTML that reads aloud and prints; nothing here needs a picture, so that all of it
belongs to the first painting. Words come from ``figures.sentences``.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from figures.formats import (
    ABSENT,
    NARROW_SPACE,
    attainment_percent,
    month_name,
    percent,
    points,
    quantity,
    short_month,
)
from figures.markup import text
from figures.sentences import (
    Effort,
    Gap,
    Landed,
    Move,
    PeersPlace,
    assurance_words,
    effort_sentence,
    judged_words,
    landing_sentence,
    peers_sentence,
    variation_words,
)
from figures.status import HIDDEN, StatusWord, status_word
from indicators.landing import MONTHS
from indicators.reading import Reading

WIDEST = 1.5
"""Attainment at which a bar stops; the number beside it tells the rest."""

VARIATIONS = {
    "improving": StatusWord("↗", "En amélioration", "fav"),
    "deteriorating": StatusWord("↘", "En dégradation", "unf"),
    "neutral": StatusWord("↕", "Change de niveau", "neu"),
    "none": StatusWord("≈", "Sans signal", "neu"),
}
ASSURANCES = {
    "passes": StatusWord("✓", "Tenu de façon régulière", "fav"),
    "fails": StatusWord("✗", "Manqué de façon régulière", "unf"),
    "hit_or_miss": StatusWord("±", "Tantôt tenu, tantôt non", "neu"),
    "none": StatusWord(ABSENT, "Sans objectif mensuel", "neu"),
}
NO_CHART = StatusWord(ABSENT, "Pas de carte de contrôle", "neu")
COMPARISONS = {
    "better": StatusWord("▲", "Mieux que la médiane", "fav"),
    "worse": StatusWord("▼", "Moins bien que la médiane", "unf"),
    "similar": StatusWord("≈", "Comparable à la médiane", "neu"),
    "not_compared": StatusWord(ABSENT, "Non comparé", "neu"),
}


MASKED_LANDING = "atterrissage masqué (petits nombres de patients)"
MASKED_EFFORT = "effort masqué (petits nombres de patients)"
UNSEEN_LANDING = "atterrissage non calculé : des mois sont masqués (petits nombres de patients)"


@dataclass(frozen=True)
class LineWords:
    """The sentences of a reading, plain text: for titles, alternative texts and files."""

    variation: str
    assurance: str
    peers: str
    landing: str
    effort: str


def line_words(reading: Reading) -> LineWords:
    """What a reading says in sentences."""
    control = reading.control
    landing = landing_sentence(landed_of(reading))
    effort = effort_sentence(effort_of(reading))
    if reading.is_hidden:
        landing, effort = MASKED_LANDING, MASKED_EFFORT
    elif reading.landing is None and reading.indicator.counts_patients:
        landing = UNSEEN_LANDING
    return LineWords(
        variation=variation_words(move_of(reading), reading.year),
        assurance=assurance_words(None if control is None else control.assurance),
        peers=peers_sentence(peers_place(reading)),
        landing=landing,
        effort=effort,
    )


def status_of(reading: Reading) -> StatusWord:
    """Icon and word of the status; a hidden figure says that it is hidden."""
    return HIDDEN if reading.is_hidden else status_word(reading.status)


def sign(word: StatusWord, is_short: bool = False) -> str:
    """An icon with its word; ``is_short`` keeps the word for who listens or points."""
    icon = f'<i class="{word.hue}" aria-hidden="true">{word.icon}</i>'
    if is_short:
        return (
            f'<span class="v-sign {word.hue}" title="{text(word.word)}">{icon}'
            f'<span class="sr">{text(word.word)}</span></span>'
        )
    return f'<span class="v-sign {word.hue}">{icon} {text(word.word)}</span>'


def variation_sign(reading: Reading, is_short: bool = False) -> str:
    """Whether the last months leave their habit."""
    control = reading.control
    if control is None:
        return sign(NO_CHART, is_short)
    word = VARIATIONS[control.variation]
    until = judged_words(move_of(reading))
    if control.caisses is not None and not is_short:
        until += f" sur {control.caisses[0]} caisses"
    return sign(StatusWord(word.icon, f"{word.word}{until}", word.hue), is_short)


def assurance_sign(reading: Reading, is_short: bool = False) -> str:
    """Whether the habit of the months reaches the objective."""
    control = reading.control
    return sign(NO_CHART if control is None else ASSURANCES[control.assurance], is_short)


def value_text(reading: Reading) -> str:
    """The value in its unit."""
    return HIDDEN.icon if reading.is_hidden else quantity(reading.value, reading.indicator.unit)


def objective_text(reading: Reading) -> str:
    """What the value is judged against: the objective to date while the year is open."""
    aim = reading.objective_to_date if reading.is_open_year else reading.objective
    return quantity(aim, reading.indicator.unit)


def attainment_text(reading: Reading) -> str:
    """The attainment in per cent, or a dash."""
    return attainment_percent(reading.attainment)


def interval_text(reading: Reading) -> str:
    """``95,1 à 99,8 %``: the interval of the attainment at 95 %; empty without one."""
    if reading.interval is None:
        return ""
    low, high = reading.interval.lower, reading.interval.upper
    return f"{percent(low).removesuffix(f'{NARROW_SPACE}%')} à {percent(high)}"


def median_gap_text(reading: Reading) -> str:
    """Points between the attainment and the median of the peers."""
    if reading.attainment is None or reading.place.median is None:
        return ABSENT
    return points(reading.attainment - reading.place.median)


def attainment_bar(reading: Reading) -> str:
    """The attainment as a bar, the objective as a full mark, the median of the peers dotted.

    A thin line shows the interval. Nothing of it is read aloud: the numbers stand beside.
    """
    if reading.attainment is None:
        return ""
    parts = [f'<u style="width:{_share(reading.attainment)}%"></u>']
    if reading.interval is not None:
        low, high = _share(reading.interval.lower), _share(reading.interval.upper)
        parts.append(f'<b style="left:{low}%;width:{round(high - low, 1)}%"></b>')
    parts.append(f'<s style="left:{_share(1.0)}%"></s>')
    if reading.place.median is not None:
        parts.append(f'<s class="m" style="left:{_share(reading.place.median)}%"></s>')
    hue = status_of(reading).hue
    return f'<span class="v-bar wide {hue}" aria-hidden="true">{"".join(parts)}</span>'


def _share(attainment: float) -> float:
    return round(min(max(attainment, 0.0), WIDEST) / WIDEST * 100, 1)


def months_strip(reading: Reading) -> str:
    """The months of the year as small columns around the objective to date.

    A column stands above the line where the objective to date was reached, under it where not;
    half the height is a distance of 25 %.
    """
    if not reading.points:
        return f'<span class="neu">{ABSENT}</span>'
    said = ", ".join(
        f"{short_month(day)} {attainment_percent(value, 0)}" for day, value in reading.points
    )
    columns = "".join(
        f'<i class="{"fav" if value >= 1 else "unf"}" style="{_column(value)}"></i>'
        for _, value in reading.points
    )
    return (
        f'<span class="v-spark" role="img" title="{text(said)}" '
        f'aria-label="Atteinte à date : {text(said)}">{columns}</span>'
    )


def _column(value: float) -> str:
    height = round(min(abs(value - 1.0), 0.25) / 0.25 * 50, 0)
    side = "bottom" if value >= 1 else "top"
    return f"{side}:50%;height:{max(height, 4):.0f}%"


def move_of(reading: Reading) -> Move | None:
    """The move of the last month; None without a control chart."""
    control = reading.control
    if control is None:
        return None
    better = reading.indicator.better
    return Move.of_chart(control.chart, control.months, better, reading.last_month)


def gap_of(
    reading: Reading, territory_code: str, territory_name: str, landed: Landed | None = None
) -> Gap:
    """The gap to the objective in the words of the sentences, with a landing where one is given."""
    return Gap(
        title=reading.indicator.title,
        territory_code=territory_code,
        territory_name=territory_name,
        attainment=reading.attainment,
        better=reading.indicator.better,
        is_open_year=reading.is_open_year,
        is_hidden=reading.is_hidden,
        senders=(reading.senders_received, reading.senders_expected),
        behind_since=reading.behind_since,
        under_since=reading.under_since,
        move=move_of(reading),
        landed=landed,
    )


def peers_place(reading: Reading) -> PeersPlace:
    """The place among the territories of the same level, by attainment."""
    place, interval = reading.place, reading.interval
    return PeersPlace(
        level=level_of(reading.territory_code),
        rank=place.rank,
        count=place.count,
        median=place.median,
        comparison=place.against_median,
        lower=None if interval is None else interval.lower,
        upper=None if interval is None else interval.upper,
    )


LEVELS = {
    "FR": "national",
    "REG": "region",
    "ANC": "ancienne_region",
    "DEP": "departement",
    "DRSM": "drsm",
}


def level_of(territory_code: str) -> str:
    """The level that a territory's code tells by its prefix."""
    return LEVELS.get(territory_code.split("-", 1)[0], "caisse")


def landed_of(reading: Reading) -> Landed:
    """The landing in the words of the sentences; unknown where there is none."""
    indicator, landing = reading.indicator, reading.landing
    common = {
        "objective": reading.objective if landing is None else landing.objective,
        "better": indicator.better,
        "unit": indicator.unit,
        "unit_label": indicator.unit_label,
    }
    if landing is None:
        return Landed(None, **common)  # type: ignore[arg-type]
    return Landed(
        landing.value,
        landing.lower,
        landing.upper,
        chance=landing.probability,
        is_too_few=landing.is_too_few,
        senders=(landing.senders_received, landing.senders_expected)
        if landing.is_partial
        else None,
        **common,  # type: ignore[arg-type]
    )


def effort_of(reading: Reading) -> Effort:
    """What is still needed every month to reach the objective by December.

    From the value and the objective shown, never from those of the landing, which may leave a late
    month out.
    """
    indicator, last = reading.indicator, reading.last_month
    is_level = indicator.aggregation.months != "sum"
    mean = None
    if not is_level and reading.value is not None and last is not None:
        mean = reading.value / last.month
    return Effort(
        needed=reading.monthly_effort,
        mean=mean,
        total=reading.value,
        objective=reading.objective,
        first_month=None if last is None else date(reading.year, 1, 1),
        last_month=last,
        better=indicator.better,
        unit=indicator.unit,
        unit_label=indicator.unit_label,
        is_level=is_level,
        needed_rate=rate_needed(reading),
        senders=(reading.senders_received, reading.senders_expected),
    )


def rate_needed(reading: Reading) -> float | None:
    """The rate that the months left must hold for the year's rate to reach its objective.

    For rates cumulated since January, each month left taken to weigh as much as those known on
    average. None for other figures, for a closed year, and where something is missing. It may lie
    beyond what a rate can be: the objective is then out of reach.
    """
    if reading.indicator.aggregation.months != "ratio_of_sums" or not reading.is_open_year:
        return None
    last, value, aim = reading.last_month, reading.value, reading.objective
    if last is None or value is None or aim is None or last.month == MONTHS:
        return None
    return aim + (aim - value) * last.month / (MONTHS - last.month)


def as_of(reading: Reading) -> str:
    """``à fin août 2017, provisoire``: until when, and how sure."""
    state = ", provisoire" if reading.is_provisional else ""
    return f"à fin {month_name(reading.last_month)}{state}" if reading.last_month else ABSENT
