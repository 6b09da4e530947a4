"""The blocks of « DMP, Santé active, téléservices »: how they spread, where, against what aim."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial

from access.scope import Scope
from components.address import choice, link
from components.controls import choice_buttons
from components.crumbs import crumbs
from components.header import View
from components.msap_view import departments_under
from components.perimeter import Perimeter
from components.programmes_curve import load_months, load_points, withheld_words
from components.programmes_view import (
    IGAS,
    PUBLISHED,
    Drawing,
    ProgrammeBlock,
    below,
    map_link,
    origin_of,
    side_by_side,
    sources,
)
from components.publication import territory_map
from data.reference.territories import territories
from figures import cumulated_curve as curves
from figures import dmp as figures
from figures import teleservices as services
from figures.exportable import Exportable
from figures.formats import month_name, number, percent
from figures.frames import framed_twice
from figures.grammar import typeset
from figures.key_figures import NOT_COMPARED, KeyFigure, key_figures_html
from figures.markup import text
from figures.msap_anomalies import anomaly_list
from figures.programme_sources import disagreements
from figures.small_map import WIDTH
from figures.status import StatusWord, status_word
from indicators.attainment import status
from queries import adhesions, cog, programmes, store
from queries.cached import kept

PROGRAMME = "numerique_programme"
COACH_CODE = "IR7-SA"
PEOPLE = "Habitants : ceux des départements dont une caisse envoie"
HEAD_BLOCKS = ("courbe", "carte")
PUBLISHED_BLOCKS = ("teleservices", "dmp_publie", "sante_active_publie", "telemedecine")
BLOCKS = (*HEAD_BLOCKS, *PUBLISHED_BLOCKS)


@dataclass(frozen=True)
class OnlineProgramme:
    """How a programme is spoken of: its name, what is counted, what that is called."""

    name: str
    noun: str
    counted: str
    about: str


PROGRAMMES: Mapping[str, OnlineProgramme] = {
    "dmp": OnlineProgramme(
        "DMP", "DMP ouverts", "ouverts", "dossiers médicaux partagés ouverts depuis le début"
    ),
    "sante_active": OnlineProgramme(
        "Santé active",
        "Adhérents Santé active",
        "adhérents",
        "adhésions au coaching en ligne depuis le début",
    ),
}


@dataclass(frozen=True)
class OnlineAsked:
    """The territory looked at, and the programme of the curve and of the map."""

    perimeter: Perimeter
    programme: str

    @property
    def words(self) -> OnlineProgramme:
        """How the programme is spoken of."""
        return PROGRAMMES[self.programme]


def asked_online(shown: View) -> OnlineAsked:
    """What the header and the address ask for."""
    names = {code: words.name for code, words in PROGRAMMES.items()}
    return OnlineAsked(shown.perimeter, choice(PROGRAMME, names, "dmp"))


@dataclass(frozen=True)
class Spread:
    """A programme in a territory: itself, its departments, its months."""

    own: figures.Reached | None
    places: tuple[figures.Reached, ...]
    last_month: date | None
    senders: str


def load_spread(scope: Scope, build_id: str, perimeter: Perimeter, programme: str) -> Spread:
    """What caisses sent of a programme, up to the last month known."""
    rows = adhesions.by_territory(scope, build_id, programme, perimeter.level)
    own = figures.reached(rows, [perimeter.code])
    names = departments_under(scope, build_id, perimeter)
    places: list[figures.Reached] = []
    if names:
        found = adhesions.by_territory(scope, build_id, programme, "departement")
        places = figures.reached(found, list(names))
        known = {place.code for place in places}
        places += [
            figures.Reached(code, name, None, None)
            for code, name in names.items()
            if code not in known
        ]
    months = load_months(scope, build_id, programme, perimeter)
    expected = max((received for _, _, received in months), default=0)
    received = months[-1][2] if months else 0
    return Spread(
        own[0] if own else None,
        tuple(places),
        months[-1][0] if months else None,
        f"{received}/{expected} caisses" if received < expected else "",
    )


@kept
def online_head(scope: Scope, build_id: str, asked: OnlineAsked) -> Drawing | None:
    """Title, key figures, the programme chosen and its map; None where there is nothing."""
    blocks = online_blocks(scope, build_id, asked, HEAD_BLOCKS)
    if not blocks and not online_blocks(scope, build_id, asked):
        return None
    spread = load_spread(scope, build_id, asked.perimeter, asked.programme)
    path = crumbs(territory_map(scope, build_id).path_to(asked.perimeter))
    title = figures.reached_finding(
        spread.own,
        asked.words.name,
        asked.perimeter.label,
        f"{asked.words.counted} à fin {month_name(spread.last_month)}",
    )
    origin = origin_of(scope, build_id, "adhesions")
    senders = f", {spread.senders}" if spread.senders else ""
    until = f" jusqu’à {month_name(spread.last_month)}" if spread.last_month else ""
    said = f"{origin}{until}{senders} : {asked.words.about}. {PEOPLE}."
    names = {code: words.name for code, words in PROGRAMMES.items()}
    control = choice_buttons(PROGRAMME, "Courbe et carte", names, asked.programme)
    head = (
        f"{path}<h1>{text(title)}</h1>"
        f'<p class="v-lead">{text(typeset(said))}</p>'
        f"{key_figures_html(_key_figures(scope, build_id, asked))}"
        f'<div class="v-below"><div class="v-head">{control}</div></div>'
    )
    drawn = below(blocks, *HEAD_BLOCKS)
    return Drawing(f"{head}{drawn}", head)


@kept
def online_published(scope: Scope, build_id: str, asked: OnlineAsked) -> str:
    """What was published: records open, coaching, services, acts at a distance."""
    blocks = online_blocks(scope, build_id, asked, PUBLISHED_BLOCKS)
    return (
        below(blocks, "teleservices")
        + side_by_side(blocks, "dmp_publie", "sante_active_publie")
        + below(blocks, "telemedecine")
    )


def _key_figures(scope: Scope, build_id: str, asked: OnlineAsked) -> list[KeyFigure]:
    origin = origin_of(scope, build_id, "adhesions").lower()
    found = []
    for programme, words in PROGRAMMES.items():
        spread = load_spread(scope, build_id, asked.perimeter, programme)
        if spread.own is None:
            continue
        own, label = spread.own, asked.perimeter.label
        found.append(
            KeyFigure(
                words.noun,
                "Masqué" if own.is_hidden else number(own.count),
                "",
                NOT_COMPARED
                if own.per_1000 is None
                else StatusWord(
                    "", f"{figures.per_1000_words(own.per_1000)} pour 1 000 habitants", "neu"
                ),
                f"{month_name(spread.last_month)}, {label}",
                origin,
            )
        )
    rates = services.service_rates(programmes.teleservices(scope, build_id))
    for service in ("AAT", "PSE"):
        judged = [one for one in rates if one.service == service and one.attainment is not None]
        if judged:
            last = judged[-1]
            word = status_word(status(last.attainment))
            found.append(
                KeyFigure(
                    services.SERVICES[service],
                    percent(last.rate),
                    f"pour un objectif de {percent(last.objective, 0)}",
                    StatusWord(
                        word.icon, f"{word.word} : {services.attained_words(last)}", word.hue
                    ),
                    f"{last.year}, France",
                    f"publié ({IGAS})",
                )
            )
    return found


def online_blocks(
    scope: Scope, build_id: str, asked: OnlineAsked, names: Sequence[str] = BLOCKS
) -> dict[str, ProgrammeBlock]:
    """The blocks asked by name that have something to show."""
    made: Mapping[str, Callable[[], ProgrammeBlock | None]] = {
        "courbe": lambda: curve_block(scope, build_id, asked),
        "carte": lambda: map_block(scope, build_id, asked),
        "teleservices": lambda: rates_block(scope, build_id),
        "dmp_publie": lambda: open_block(scope, build_id),
        "sante_active_publie": lambda: coach_block(scope, build_id),
        "telemedecine": lambda: volumes_block(scope, build_id),
    }
    found = {name: made[name]() for name in names if name in made}
    return {name: block for name, block in found.items() if block is not None}


def curve_block(scope: Scope, build_id: str, asked: OnlineAsked) -> ProgrammeBlock | None:
    """All that was opened or joined by the end of each month, beside the published counts."""
    points = load_points(scope, build_id, asked.programme, asked.perimeter)
    curve = curves.Curve(points, _published_marks(scope, build_id, asked))
    name = f"{asked.words.noun}, {asked.perimeter.label}"
    alt = curves.curve_alt(curve, name)
    picture = curves.curve_svg(curve, alt)
    if not picture:
        return None
    figure = Exportable(
        f"{asked.programme.replace('_', '-')}-{asked.perimeter.code}-cumul",
        curves.growth_finding(curve, name),
        typeset(
            f"{origin_of(scope, build_id, 'adhesions')} : {asked.perimeter.label}, "
            f"{asked.words.about}. Carrés : chiffres publiés."
            + withheld_words(load_months(scope, build_id, asked.programme, asked.perimeter))
        ),
        sources(scope, build_id, "adhésions envoyées par les caisses ; chiffres publiés"),
        partial(curves.curve_records, curve),
        lambda: picture,
    )
    body = framed_twice(partial(curves.curve_svg, curve, alt)) + curves.curve_legend(curve, name)
    return ProgrammeBlock(figure, body)


def _published_marks(scope: Scope, build_id: str, asked: OnlineAsked) -> list[curves.Mark]:
    """What was published of the programme chosen in this territory."""
    if asked.programme == "dmp":
        known = figures.open_counts(programmes.dmp(scope, build_id), {})
        return [
            curves.Mark(one.day, one.count, f"Publié : {number(one.count)}")
            for one in known
            if one.code == asked.perimeter.code
        ]
    if asked.perimeter.level != "national":
        return []
    years = figures.coach_years(cog.indicators(scope, build_id), COACH_CODE)
    return [
        curves.Mark(date(one.year, 12, 31), one.count, f"Publié : {number(one.count)}")
        for one in years
        if one.count is not None
    ]


def map_block(scope: Scope, build_id: str, asked: OnlineAsked) -> ProgrammeBlock | None:
    """The departments for 1 000 inhabitants, their table beside."""
    spread = load_spread(scope, build_id, asked.perimeter, asked.programme)
    if spread.last_month is None or not spread.places:
        return None
    when = f"à fin {month_name(spread.last_month)}"
    noun = asked.words.noun
    alt = figures.places_alt(spread.places, noun, when)
    picture = figures.places_svg(spread.places, alt, drills=True)
    body = figures.places_table(spread.places, noun, f"{noun} par département {when}")
    if picture:
        height = figures.places_height(spread.places)
        body = (
            f'<div class="v-mapped"><div><div class="v-picture-map" '
            f'style="aspect-ratio:{WIDTH} / {height}">{picture}</div>'
            f"{figures.places_legend(spread.places)}</div>{body}</div>"
        )
    body += map_link(asked.programme)
    figure = Exportable(
        f"{asked.programme.replace('_', '-')}-{asked.perimeter.code}-carte",
        figures.places_finding(spread.places, noun),
        typeset(
            f"{origin_of(scope, build_id, 'adhesions')} {when} : {asked.perimeter.label}. Pour "
            f"1 000 habitants (population de {population_year()}). {PEOPLE}. "
            "Autant de départements par classe ; un clic ouvre un département."
        ),
        sources(scope, build_id, "adhésions envoyées par les caisses"),
        partial(figures.places_records, spread.places),
        (lambda: figures.places_picture(spread.places, alt)) if picture else None,
    )
    return ProgrammeBlock(figure, body)


def population_year() -> int:
    """The year of the populations that counts are divided by."""
    return int(territories()["population_year"].max())


def rates_block(scope: Scope, build_id: str) -> ProgrammeBlock | None:
    """The rates of online services against their objectives, by source."""
    known = services.service_rates(programmes.teleservices(scope, build_id))
    known += services.cog_rates(cog.indicators(scope, build_id))
    if not known:
        return None
    found = disagreements(store.findings(scope, build_id), "teleservices")
    title = services.rates_finding(known)
    body = services.rates_table(known, found, "Taux des téléservices par source")
    body += (
        f'<p class="v-note"><a href="{text(link("cog"))}">Toutes les années au tableau de la COG'
        "</a></p>"
    )
    body += anomaly_list(found, link("anomalies", anomalies_contrat="teleservices"))
    figure = Exportable(
        "teleservices-taux",
        title,
        f"{PUBLISHED}, France entière. Part des actes faits en ligne ; SCOR : taux de "
        "déploiement par profession. Les annexes d’un même rapport qui se contredisent sont toutes "
        "gardées ; l’annexe 5 ne donne pas d’objectif.",
        sources(scope, build_id, f"annexes 5 et 11, évaluation de la COG ({IGAS})"),
        partial(services.rates_records, known),
        partial(services.rates_svg, known, title),
    )
    return ProgrammeBlock(figure, body)


def open_block(scope: Scope, build_id: str) -> ProgrammeBlock | None:
    """The published counts of shared records, and whether what was sent agrees."""
    known = figures.open_counts(programmes.dmp(scope, build_id), _sent_records(scope, build_id))
    if not known:
        return None
    title = figures.open_finding(known)
    figure = Exportable(
        "dmp-publies",
        title,
        f"{PUBLISHED}. Dernière colonne : "
        f"{origin_of(scope, build_id, 'adhesions').lower()} pour le même mois, dans votre "
        f"périmètre. Population de {population_year()}. {PEOPLE}.",
        sources(scope, build_id, "CPAM du Tarn, 2019 ; Assurance maladie, 2019"),
        partial(figures.open_records, known),
        partial(figures.open_svg, known, title),
    )
    return ProgrammeBlock(figure, figures.open_table(known, "DMP ouverts, chiffres publiés"))


def _sent_records(scope: Scope, build_id: str) -> dict[tuple[str, str], float]:
    """What caisses sent of the DMP for the territories and months that were published."""
    found = {}
    seen = territory_map(scope, build_id).rows
    rows = programmes.dmp(scope, build_id)
    for code, level, day in zip(
        rows["territory_code"], rows["level"], rows["counted_on"], strict=True
    ):
        month = str(day)[:7]
        if code not in seen:
            continue
        sent = adhesions.by_territory(scope, build_id, "dmp", str(level), None, None, month)
        months = adhesions.timeline(scope, build_id, "dmp", str(level), None, str(code))
        own = sent.loc[sent["territory_code"] == code, "cumulated"].dropna()
        if not own.empty and month in {str(value)[:7] for value in months["month"]}:
            found[str(code), month] = float(own.iloc[0])
    return found


def coach_block(scope: Scope, build_id: str) -> ProgrammeBlock | None:
    """Adherents of Santé active against the COG's objective."""
    known = figures.coach_years(cog.indicators(scope, build_id), COACH_CODE)
    if not known:
        return None
    title = figures.coach_finding(known)
    body = figures.coach_table(known, "Santé active : adhérents et objectif de la COG")
    said = figures.coach_words(known)
    body += f'<p class="v-reason">{text(said)}</p>' if said else ""
    figure = Exportable(
        "sante-active-publie",
        title,
        f"{PUBLISHED}, France entière, fin d’année.",
        sources(scope, build_id, f"évaluation de la COG ({IGAS})"),
        partial(figures.coach_records, known),
        partial(figures.coach_svg, known, title),
    )
    return ProgrammeBlock(figure, body)


def volumes_block(scope: Scope, build_id: str) -> ProgrammeBlock | None:
    """Acts at a distance, with the span that each count is of."""
    known = services.volumes(programmes.teleservices(scope, build_id))
    if not known:
        return None
    title = services.volumes_finding(known)
    figure = Exportable(
        "telemedecine",
        title,
        f"{PUBLISHED}, France entière. Des comptes de durées différentes : par mois, par semaine "
        "(52 semaines pour 12 mois), ou pour une période entière, qui ne se ramène pas au mois.",
        sources(scope, build_id, "Assurance maladie, 2019"),
        partial(services.volumes_records, known),
        partial(services.volumes_svg, known, title),
    )
    return ProgrammeBlock(figure, services.volumes_table(known, "Actes à distance"))


def exported(
    scope: Scope, build_id: str, asked: OnlineAsked, wanted: tuple[str, str] | None
) -> tuple[Exportable, str] | None:
    """The figure and format of a file asked for by block and format, or None."""
    if wanted is None:
        return None
    name, kind = wanted
    blocks = online_blocks(scope, build_id, asked, (name,))
    return (blocks[name].figure, kind) if name in blocks else None
