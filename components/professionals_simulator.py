"""The simulator's fragment: a plan in the address, what it changes, and its file.

A click on a territory, or a budget, reruns this alone; the page above is not drawn again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from statistics import NormalDist
from typing import Any

import streamlit as st

from access.scope import Scope
from components.address import BUILD, GRAIN, PROFESSION, choose, forget, link, read_again
from components.address import asked as address_of
from components.blocks import FileToSend, Part
from components.clicks import file_asked
from components.professionals_view import (
    DEPARTMENT,
    NATIONAL,
    ProfessionalsAsked,
    Shown,
    changes_of,
    load_shown,
    whole_spread,
)
from figures import density_map, lorenz, simulator
from figures.exportable import Exportable
from figures.lorenz import Curve
from figures.markup import figure_block, text
from figures.professions import exploratory_words
from figures.small_map import WIDTH
from indicators.inequality import YEARLY_TARGET, fewest_installations, gini, marginal_effect
from indicators.plan import (
    Simulated,
    best_plan,
    read_budget,
    read_plan,
    simulated,
    unread_steps,
    with_step,
    written_plan,
)
from queries.cached import shared

PLAN, BUDGET = "plan", "budget"
BLOCK = "simulateur_plan"
PART = Part("simulateur", (BLOCK,))
USUAL_BUDGET = "20"
LONGEST_PLAN = 10_000
"""Letters of a plan that are read: five hundred EPCI, each with its change."""

LONGEST_BUDGET = 40
STEPS: Mapping[str, int] = {"more": 1, "less": -1}
CAUTION = (
    "Le calcul place chaque installation là où elle baisse le plus l’indice, puis les déplace "
    "une à une tant que cela le baisse encore. Il ne connaît ni les départs à venir, ni les "
    "distances, ni les besoins de soins."
)


@st.fragment
def simulator_part(scope: Scope, build_id: str, asked: ProfessionalsAsked, files: Any) -> None:
    """Draw the plan of the address and answer the clicks that change it.

    Args:
        scope: what the person may see.
        build_id: the publication.
        asked: what is looked at.
        files: makes a file of an ``Exportable`` and a format (``exports.figure_file``).
    """
    PART.open()
    read_again()
    shown = simulation_base(scope, build_id, asked)
    if shown is None:
        return
    found = simulated(shown.spread, read_plan(address_of(PLAN)[:LONGEST_PLAN], shown.spread))
    file = None
    if wanted := file_asked(PART.last_event() or {}):
        file = FileToSend(*files(_file(scope, build_id, shown, found), wanted[1]))
    html = simulation_html(scope, build_id, shown, found)
    PART.connect({BLOCK: f'<div data-part="{PART.name}">{html}</div>'}, _answer(shown), file)


@shared(16)
def simulation_base(scope: Scope, build_id: str, asked: ProfessionalsAsked) -> Shown | None:
    """What a plan starts from, kept between two clicks; None without an index to change."""
    shown = load_shown(scope, build_id, asked)
    return None if shown is None or not shown.is_whole else shown


@shared(16)
def _effects(scope: Scope, build_id: str, asked: ProfessionalsAsked) -> tuple[Any, int | None]:
    """The effect of one more in each territory, and how many reach the yearly target."""
    shown = simulation_base(scope, build_id, asked)
    if shown is None:
        raise ValueError("A simulation needs a distribution that can be measured.")
    count, people = shown.spread.count, shown.spread.population
    return marginal_effect(count, people), fewest_installations(count, people, -YEARLY_TARGET)


def _answer(shown: Shown) -> Any:
    """What a click changes in the address: a step, a budget, an empty plan."""

    def taken(event: Mapping[str, Any]) -> None:
        act = str(event.get("act"))
        if act == "clear":
            forget((PLAN, BUDGET))
        elif act == "budget":
            _place(shown, str(event.get("value") or event.get("budget") or ""))
        elif act in STEPS:
            plan = read_plan(str(st.query_params.get(PLAN, ""))[:LONGEST_PLAN], shown.spread)
            plan = with_step(plan, str(event.get("t")), STEPS[act], shown.spread)
            choose(PLAN, written_plan(plan))

    return taken


def _place(shown: Shown, words: str) -> None:
    """The plan of a budget; what is no number of installations is said, and changes no plan."""
    choose(BUDGET, words[:LONGEST_BUDGET])
    budget = read_budget(words)
    if budget is not None:
        choose(PLAN, written_plan(best_plan(shown.spread, budget)))


def simulation_html(scope: Scope, build_id: str, shown: Shown, found: Simulated) -> str:
    """The finding, the controls, the map and the curve, then the plan territory by territory."""
    about, asked = shown.about, shown.asked
    effect, fewest = _effects(scope, build_id, asked)
    country = _over_the_country(scope, build_id, asked, found)
    title = simulator.simulator_finding(found, about, country)
    budget = address_of(BUDGET)
    head = simulator.budget_form(
        USUAL_BUDGET if read_budget(budget) is None else budget, bool(found.added.any())
    )
    head += _notices(shown, found)
    head += _warnings(simulator.plan_warnings(found, about, _mean(scope, build_id, asked), country))
    head += simulator.simulator_facts(found, about, fewest, country)
    yearly = changes_of(scope, build_id, asked, asked.profession).get((asked.year, 1))
    if found.change < 0 and yearly is not None and yearly.noise_sd:
        chance = NormalDist(sigma=yearly.noise_sd).cdf(found.change)
        head += f'<p class="v-note">{text(simulator.chance_of_change(found.change, chance))}</p>'
    caption = f"Plan d’installations, {about.many} {about.where}"
    table = simulator.plan_table(found, effect, about, caption)
    return figure_block(
        "plan",
        title,
        f"{CAUTION} Point de départ : {about.year}, par {about.grain_noun.one}."
        f"{exploratory_words(len(shown.spread), about.grain_noun)}",
        f'{head}<div class="v-grid v-duo">{_map(shown, found)}{_curves(shown, found)}</div>'
        f"{_share_line(asked, found)}{table}",
        shown.foot,
        ("csv", "png"),
    )


def _notices(shown: Shown, found: Simulated) -> str:
    """What of the address is not applied, and what is shown instead."""
    words = address_of(PLAN)
    unread = unread_steps(words[:LONGEST_PLAN], shown.spread)
    said = (
        simulator.unread_plan_words(unread, shown.about, not found.added.any()),
        simulator.unread_budget_words(address_of(BUDGET)),
    )
    return "".join(f'<p class="v-note v-demo" role="status">{text(one)}</p>' for one in said if one)


def _warnings(said: Sequence[str]) -> str:
    return "".join(f'<p class="v-warn">▼ {text(one)}</p>' for one in said)


def _mean(scope: Scope, build_id: str, asked: ProfessionalsAsked) -> float:
    """The country's density, which a place well served lies above."""
    whole = whole_spread(scope, build_id, asked.grain, asked.profession, asked.year)
    return whole.mean_density


def _over_the_country(
    scope: Scope, build_id: str, asked: ProfessionalsAsked, found: Simulated
) -> tuple[float, float] | None:
    """The index of the whole country before and after the plan: the COG's own.

    None where the country is the area, or where nobody is left.
    """
    if asked.area.level == NATIONAL:
        return None
    whole = whole_spread(scope, build_id, asked.grain, asked.profession, asked.year)
    count = whole.count.copy()
    for place in found.added.nonzero()[0]:
        count[whole.place[found.before.codes[place]]] += found.added[place]
    return gini(whole.count, whole.population), gini(count, whole.population)


def _map(shown: Shown, found: Simulated) -> str:
    """The departments coloured by the density after the plan, in the classes of before."""
    before = shown.departments
    rows = dict(zip(before.codes, before.names, strict=True))
    after = found.after.by_department(lambda code: rows[code])
    labels = simulator.plan_labels(found)
    alt = simulator.plan_alt(found, shown.about)
    # A department of the map is a territory of the plan by that grain alone.
    act = "more" if shown.asked.grain == DEPARTMENT else None
    picture = density_map.density_map_svg(after, alt, before, labels, act)
    if not picture:
        return ""
    hint = "Un clic sur un département y ajoute une installation."
    if act is None:
        hint = "Carte par département : la somme de ses EPCI."
    height = density_map.density_map_height(before)
    return (
        f'<div><div style="aspect-ratio:{WIDTH}/{height}">{picture}</div>'
        f"{density_map.density_legend(before, shown.about)}"
        f'<p class="v-note">{hint}</p></div>'
    )


def _curves(shown: Shown, found: Simulated) -> str:
    """The curve after the plan, over the one before."""
    if not found.after.is_measurable:
        return ""
    named = tuple(
        found.before.codes[place]
        for place in (-found.added).argsort(kind="stable")[: lorenz.NAMED_AT_MOST]
        if found.added[place]
    )
    after = Curve(found.after, named)
    alt = lorenz.lorenz_alt(after, shown.about)
    has_plan = bool(found.added.any())
    former = Curve(found.before) if has_plan else None
    picture = lorenz.lorenz_svg(after, alt, former, is_choosable=False)
    legend = lorenz.lorenz_legend() if has_plan else ""
    return f'<div><div class="v-picture-lorenz">{picture}</div>{legend}</div>'


def _share_line(asked: ProfessionalsAsked, found: Simulated) -> str:
    """The address that opens this plan again, on these very figures."""
    if not found.added.any():
        return ""
    plan = {
        found.before.codes[place]: int(found.added[place]) for place in found.added.nonzero()[0]
    }
    address = link(
        "simulateur",
        **{
            PROFESSION: asked.profession,
            GRAIN: asked.grain,
            PLAN: written_plan(plan),
            BUDGET: address_of(BUDGET) or None,
            BUILD: address_of(BUILD) or None,
        },
    )
    return (
        '<p class="v-note v-share">Ce plan est dans l’adresse de la page : gardez-la, ou partagez '
        f'<a href="{text(address)}">le lien vers ce plan</a>.</p>'
    )


def _file(scope: Scope, build_id: str, shown: Shown, found: Simulated) -> Exportable:
    asked, about = shown.asked, shown.about
    country = _over_the_country(scope, build_id, asked, found)
    mean = _mean(scope, build_id, asked)
    warnings = simulator.plan_warnings(found, about, mean, country)
    note = density_map.density_classes_words(shown.departments, about)
    return Exportable(
        f"plan-{asked.profession}-{asked.year}-{asked.area.code}-{asked.grain}",
        simulator.simulator_finding(found, about, country),
        " ".join((f"{note}.", *warnings)),
        shown.foot,
        lambda: simulator.plan_records(found, about, mean, country),
        lambda: _picture(shown, found),
    )


def _picture(shown: Shown, found: Simulated) -> str:
    names = dict(zip(shown.departments.codes, shown.departments.names, strict=True))
    return density_map.density_map_svg(
        found.after.by_department(lambda code: names[code]),
        simulator.plan_alt(found, shown.about),
        shown.departments,
        simulator.plan_labels(found),
    )
