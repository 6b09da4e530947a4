"""The published IR 4.1 beside ours: where they part, why, and what contradicts itself."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import pandas as pd

from figures.formats import ABSENT, counted, known_float, number, signed
from figures.grammar import typeset
from figures.markup import table, text
from figures.panel import Panel, panel_svg, panels_svg
from figures.professions import index_words, profession_name
from figures.records import records
from indicators.inequality import YEARLY_TARGET

HALF_UNIT = 0.0005
"""What rounding to three decimals may hide in one figure."""

ROUNDING_OF_DIFFERENCE = 3 * HALF_UNIT
"""In a published change beside the change between two published figures."""

SLACK = 1e-9

MADE_UP = "effectifs fictifs, calés sur l’indice publié par EPCI : l’accord ne prouve rien"
"""What must stand wherever an index of demonstration counts stands beside a published one."""

DEPARTMENT, EPCI = "departement", "epci"


@dataclass(frozen=True)
class Published:
    """A published figure. ``recomputed`` is the change between published years, None without one.

    ``department`` and ``epci`` are our own indices of the year by grain, None where unknown;
    ``made_up`` names the grains whose counts are those of the demonstration.
    """

    profession: str
    year: int
    is_target: bool
    gini: float
    delta: float | None
    recomputed: float | None
    department: float | None
    epci: float | None
    made_up: frozenset[str] = frozenset()

    def ours(self, grain: str) -> float | None:
        """Our own index by a grain, None where unknown."""
        return self.department if grain == DEPARTMENT else self.epci

    @property
    def is_contradicted(self) -> bool:
        """Whether the published change can't come from the published figures, even rounded."""
        if self.delta is None or self.recomputed is None:
            return False
        return abs(self.delta - self.recomputed) > ROUNDING_OF_DIFFERENCE + SLACK

    @property
    def rises_as_target(self) -> bool:
        """Whether it is a target above what was already reached."""
        return self.is_target and self.recomputed is not None and self.recomputed > SLACK


def published(
    frame: pd.DataFrame, made_up: Collection[tuple[str, int, str]] = ()
) -> list[Published]:
    """Rows of ``professionals/gini_published``, in order.

    ``made_up``: profession, year and grain of the indices that rest on demonstration counts.
    """
    names = ("profession", "year", "gini", "published_delta", "kind", "computed_delta")
    return [
        Published(
            str(row["profession"]),
            int(row["year"]),
            row["kind"] == "target",
            float(row["gini"]),
            known_float(row["published_delta"]),
            known_float(row["computed_delta"]),
            known_float(row["gini_departement"]),
            known_float(row["gini_epci"]),
            frozenset(
                grain
                for grain in (DEPARTMENT, EPCI)
                if (str(row["profession"]), int(row["year"]), grain) in made_up
            ),
        )
        for row in records(frame, (*names, "gini_departement", "gini_epci"))
    ]


def published_title(rows: Sequence[Published]) -> str:
    """How many published changes are contradicted, and how many targets rise."""
    contradicted = sum(row.is_contradicted for row in rows)
    rising = sum(row.rises_as_target for row in rows)
    parts = []
    if contradicted:
        parts.append(
            f"{counted(contradicted, 'évolution publiée', 'évolutions publiées')} que les chiffres "
            "contredisent"
        )
    if rising:
        parts.append(
            f"{counted(rising, 'cible')} 2017 qui {'laisse' if rising == 1 else 'laissent'} monter "
            "l’inégalité"
        )
    said = " ; ".join(parts) or "rien qui se contredise dans les chiffres publiés"
    return typeset(f"IR 4.1 publié : {said}")


def published_findings(rows: Sequence[Published]) -> list[str]:
    """What is wrong or doubtful in the published figures, one sentence each."""
    said = [
        f"{profession_name(row.profession)} {row.year} : l’évolution publiée est "
        f"{signed(row.delta, 3)}, alors que {index_words(row.gini)} − "
        f"{index_words(row.gini - (row.recomputed or 0))} = {signed(row.recomputed, 3)}."
        for row in rows
        if row.is_contradicted
    ]
    said += [
        f"{profession_name(row.profession)} : la cible {row.year} ({index_words(row.gini)}) est "
        f"au-dessus du réalisé {row.year - 1} ({index_words(row.gini - (row.recomputed or 0))}), "
        f"soit {signed(row.recomputed, 3)} pour un objectif de {number(YEARLY_TARGET, 3)} par an."
        for row in rows
        if row.rises_as_target
    ]
    if missing := _without_target(rows):
        names = ", ".join(profession_name(code).lower() for code in missing)
        said.append(f"Sans cible publiée : {names}.")
    said.append(
        "Un indice publié à trois décimales cache un arrondi de ±0,0005 ; une différence de deux, "
        "de ±0,001 : autant que l’objectif lui-même. Une baisse publiée de 0,001 peut être nulle."
    )
    return [typeset(sentence) for sentence in said]


def _without_target(rows: Sequence[Published]) -> list[str]:
    with_target = {row.profession for row in rows if row.is_target}
    if not with_target:
        return []
    return list(dict.fromkeys(r.profession for r in rows if r.profession not in with_target))


def reasons() -> list[tuple[str, str]]:
    """Why ours differ from the published ones: what, and in plain words."""
    said = [
        (
            "La maille",
            "En général, plus le territoire est petit, plus l’indice est élevé : un département "
            "moyenne ses villes et ses campagnes. La maille des chiffres publiés n’est pas écrite "
            "à côté d’eux.",
        ),
        (
            "La population",
            "Les chiffres publiés ne disent pas à qui chaque profession est rapportée. Ici, tous "
            "les habitants, sauf les sages-femmes (femmes de 15 à 49 ans) et les pédiatres (moins "
            "de 15 ans) ; chaque territoire pèse son nombre d’habitants.",
        ),
        (
            "Le champ",
            "Libéraux seuls, ou tous les professionnels en activité ; avec ou sans les "
            "remplaçants, les centres de santé, les médecins à expertise particulière ; France "
            "entière ou métropole. Un champ plus large donne le plus souvent un indice plus bas.",
        ),
        (
            "La date",
            "Effectifs au 31 décembre ou moyenne de l’année ; population du dernier recensement "
            "connu, qui a deux à trois ans de retard.",
        ),
    ]
    return [(typeset(name), typeset(words)) for name, words in said]


def has_made_up(rows: Sequence[Published], grain: str | None = None) -> bool:
    """Whether an index shown, of a grain or of any, rests on demonstration counts."""
    grains = (DEPARTMENT, EPCI) if grain is None else (grain,)
    return any(one in row.made_up and row.ours(one) is not None for row in rows for one in grains)


def made_up_words(rows: Sequence[Published]) -> str:
    """What demonstration counts are worth beside published indices; empty with real ones only."""
    return typeset(f"{MADE_UP[:1].upper()}{MADE_UP[1:]}") if has_made_up(rows) else ""


def published_table(rows: Sequence[Published], caption: str) -> str:
    """Every published figure beside the change recomputed from it and beside ours."""
    mixed = {grain for grain in (DEPARTMENT, EPCI) if _is_mixed(rows, grain)}
    cells = [
        (
            text(profession_name(row.profession)),
            f"{row.year}{' (cible)' if row.is_target else ''}",
            f"<b>{index_words(row.gini)}</b>",
            _delta(row),
            signed(row.recomputed, 3) if row.recomputed is not None else ABSENT,
            _ours(row, DEPARTMENT, DEPARTMENT in mixed),
            _ours(row, EPCI, EPCI in mixed),
            _gap(row),
        )
        for row in rows
    ]
    gap = "Écart, EPCI − publié"
    if has_made_up(rows, EPCI):
        gap += " (calé : ne prouve rien)"
    heads = (
        "Profession",
        "Année",
        "Publié",
        "Évolution publiée",
        "Recalculée",
        _heading(rows, DEPARTMENT, "Ici, par département"),
        _heading(rows, EPCI, "Ici, par EPCI"),
        gap,
    )
    said = made_up_words(rows)
    return table(
        f"{caption}. {said}" if said else caption,
        heads,
        cells,
        numeric=(2, 3, 4, 5, 6, 7),
        is_stacked=True,
    )


def _heading(rows: Sequence[Published], grain: str, words: str) -> str:
    """A heading of ours, with what its counts are where some are made up."""
    if not has_made_up(rows, grain):
        return words
    said = "effectifs fictifs, calés" if grain == EPCI else "effectifs fictifs"
    if _is_mixed(rows, grain):
        said = f"en partie {said}"
    return f"{words} ({said})"


def _is_mixed(rows: Sequence[Published], grain: str) -> bool:
    """Whether indices of real counts stand among those that are made up."""
    return len({grain in row.made_up for row in rows if row.ours(grain) is not None}) > 1


def _ours(row: Published, grain: str, is_mixed: bool) -> str:
    """Our index, with its mark where the heading can't say for all that they are made up."""
    value = index_words(row.ours(grain))
    if not is_mixed or row.ours(grain) is None or grain not in row.made_up:
        return value
    return f"{value} <small>fictif</small>"


def _delta(row: Published) -> str:
    shown = signed(row.delta, 3)
    if row.is_contradicted:
        return f'<span class="unf">▼ {shown} contredite</span>'
    if row.rises_as_target:
        return f'<span class="unf">▼ {shown} monte</span>'
    return shown


def _gap(row: Published) -> str:
    if row.epci is None or row.is_target:
        return ABSENT
    return signed(row.epci - row.gini, 3)


def gap_finding(rows: Sequence[Published]) -> str:
    """How far ours lie from the published ones by grain, those of demonstration counts aside."""
    said = []
    for words, grain in (("par département", DEPARTMENT), ("par EPCI", EPCI)):
        gaps = [
            ours - row.gini
            for row in rows
            if (ours := row.ours(grain)) is not None and grain not in row.made_up
        ]
        if gaps:
            said.append(f"{words} de {signed(min(gaps), 3)} à {signed(max(gaps), 3)}")
    if said:
        return typeset(f"Écart de nos indices aux indices publiés : {' ; '.join(said)}")
    return (
        made_up_words(rows) or "Aucune année commune aux indices publiés et aux effectifs importés"
    )


def published_svg(rows: Sequence[Published], alt: str) -> str:
    """A panel a profession: what was published, its target hollow, ours by EPCI and department."""
    professions = list(dict.fromkeys(row.profession for row in rows))
    years = [row.year for row in rows]
    panels = [
        (profession_name(code), _drawn([row for row in rows if row.profession == code], years))
        for code in professions
    ]
    return panels_svg(panels, alt)


def _drawn(rows: Sequence[Published], years: Sequence[int]) -> str:
    printed = [(row.year, row.gini) for row in rows]
    reached = [(row.year, row.gini) for row in rows if not row.is_target]
    by_epci = [(row.year, row.epci) for row in rows if row.epci is not None]
    by_department = [(row.year, row.department) for row in rows if row.department is not None]
    values = [value for _, value in (*printed, *by_epci, *by_department)]
    panel = Panel.around(values, years)
    dots = (
        panel.dot(
            "dot partial" if row.is_target else "dot",
            (row.year, row.gini),
            f"{row.year}{' (cible)' if row.is_target else ''} : {index_words(row.gini)}",
            4,
        )
        for row in rows
    )
    return "".join(
        (
            panel.axis(),
            panel.line("former", by_epci),
            panel.line("median", by_department),
            panel.line("goal", printed[len(reached) - 1 :]),
            panel.line("line", reached),
            *dots,
        )
    )


def published_panels(rows: Sequence[Published]) -> str:
    """The same on the page, one picture a profession."""
    cards = []
    years = [row.year for row in rows]
    for code in dict.fromkeys(row.profession for row in rows):
        own = [row for row in rows if row.profession == code]
        name = profession_name(code)
        said = ", ".join(f"{row.year} {index_words(row.gini)}" for row in own)
        alt = typeset(f"{name}, indice publié : {said}.")
        cards.append(
            f'<div class="v-multiple"><h3>{text(name)}</h3>'
            f'<div class="v-picture-multiple">{panel_svg(_drawn(own, years), alt)}</div></div>'
        )
    return f'<div class="v-multiples">{"".join(cards)}</div>{_panels_legend(rows)}'


def _panels_legend(rows: Sequence[Published]) -> str:
    by_epci = "Ici, par EPCI"
    if has_made_up(rows, EPCI):
        by_epci += " (effectifs fictifs, calés sur le publié : les deux se confondent)"
    by_department = _heading(rows, DEPARTMENT, "Ici, par département")
    lines = (
        ("line", "Publié"),
        ("goal", "Vers la cible publiée"),
        ("former", by_epci),
        ("median", by_department),
    )
    items = "".join(
        f'<span><svg class="key" viewBox="0 0 26 8" aria-hidden="true"><path class="{css}" '
        f'd="M1 4H25"/></svg> {words}</span>'
        for css, words in lines
    )
    return f'<p class="v-legend">{items}</p>'


def published_records(rows: Sequence[Published]) -> pd.DataFrame:
    """Every published figure for a file; what is made up says so on its row."""
    is_made_up = has_made_up(rows)
    return pd.DataFrame(
        {
            "profession_code": row.profession,
            "profession": profession_name(row.profession),
            "annee": row.year,
            "nature": "cible" if row.is_target else "réalisé",
            "gini_publie": row.gini,
            "evolution_publiee": row.delta,
            "evolution_recalculee": row.recomputed,
            "gini_par_departement": row.department,
            "gini_par_epci": row.epci,
            "contredite": row.is_contradicted,
            "cible_qui_monte": row.rises_as_target,
        }
        | ({"avertissement": MADE_UP if has_made_up([row]) else ""} if is_made_up else {})
        for row in rows
    )
