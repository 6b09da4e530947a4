"""The simulator's fragment: a plan in the address, what it changes, and its file.

A click on a territory, or a budget, reruns this alone; the page above is not drawn again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import NormalDist
from typing import Any

import streamlit as st

from access.scope import Scope
from components.address import (
    BUILD,
    GRAIN,
    OVERSEAS,
    PROFESSION,
    TERRITORY,
    YEAR,
    address,
    choose,
    forget,
    link,
    read_again,
)
from components.address import asked as address_of
from components.blocks import FileToSend, Part
from components.clicks import file_asked
from components.header import View
from components.professionals_view import (
    DEPARTMENT,
    NATIONAL,
    WITHOUT,
    ProfessionalsAsked,
    Shown,
    asked_professionals,
    changes_of,
    load_shown,
    whole_spread,
)
from data.reference.professions import professions
from figures import density_map, lorenz, simulator
from figures.exportable import Exportable
from figures.lorenz import Curve
from figures.markup import figure_block, text
from figures.professions import GRAIN_NOUNS, exploratory_words, profession_name
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
from indicators.spatial import EXPLORATORY_BELOW
from queries.cached import shared

PLAN, BUDGET, MADE_FOR = "plan", "budget", "plan_pour"
BLOCK = "simulateur_plan"
PART = Part("simulateur", (BLOCK,))
USUAL_BUDGET = "20"
DEPARTMENT_CODES = "DEP-"
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
    plan = planned(scope, build_id, shown, address())
    found = simulated(shown.spread, plan.steps)
    file = None
    if wanted := file_asked(PART.last_event() or {}):
        file = FileToSend(*files(_file(scope, build_id, shown, found), wanted[1]))
    html = simulation_html(scope, build_id, shown, found, plan)
    answer = _answer(scope, build_id, shown)
    PART.connect({BLOCK: f'<div data-part="{PART.name}">{html}</div>'}, answer, file)


def asked_simulation(scope: Scope, build_id: str, shown: View) -> ProfessionalsAsked | None:
    """What the simulator starts from: EPCI where departments are too few to place anyone in.

    A plan by department of the address says its grain itself.
    """
    is_by_department = address_of(PLAN).strip().startswith(DEPARTMENT_CODES)
    fewest = 0 if is_by_department else EXPLORATORY_BELOW
    return asked_professionals(scope, build_id, shown, by_epci_under=fewest)


@dataclass(frozen=True)
class Planned:
    """The plan of an address, as it is taken where it is looked at.

    Attributes:
        steps: the change of each territory.
        unread: what of the address is not applied, as written.
        instead: why the plan of the address is not the one shown; empty where it is.
    """

    steps: Mapping[str, int]
    unread: Sequence[str] = ()
    instead: str = ""


def planned(scope: Scope, build_id: str, shown: Shown, choices: Mapping[str, str]) -> Planned:
    """The plan that an address asks for: that of its budget where its own was made for else.

    A plan made for another profession says nothing of this one: it is left out. One by hand for
    another year or area is taken as far as its territories are here.
    """
    words = choices.get(PLAN, "")[:LONGEST_PLAN]
    budget = read_budget(choices.get(BUDGET, ""))
    steps, unread = read_plan(words, shown.spread), unread_steps(words, shown.spread)
    made_for = choices.get(MADE_FOR, "")
    is_for_else = bool(words) and made_for not in {"", _made_for(shown.asked)}
    is_lost = bool(unread) and not steps
    if budget is not None and (not words or is_for_else or is_lost):
        said = simulator.other_plan_words(shown.about, _for_words(made_for), budget)
        return Planned(_best(scope, build_id, shown.asked, budget), instead=said if words else "")
    if is_for_else and made_for.split(".")[0] != shown.asked.profession:
        said = simulator.other_plan_words(shown.about, _for_words(made_for), None)
        return Planned({}, instead=said)
    return Planned(steps, unread)


def _made_for(asked: ProfessionalsAsked) -> str:
    """What a plan is made for, as its address holds it."""
    kind = (asked.profession, asked.grain, str(asked.year), asked.area.code, asked.overseas)
    return ".".join(kind)


def _for_words(made_for: str) -> str:
    """``infirmiers, par département, 2017``; empty for what no plan was made for."""
    profession, _, rest = made_for.partition(".")
    grain, _, rest = rest.partition(".")
    year = rest.partition(".")[0]
    if profession not in professions() or grain not in GRAIN_NOUNS or not year.isdecimal():
        return ""
    name = profession_name(profession)
    return f"{name[:1].lower()}{name[1:]}, par {GRAIN_NOUNS[grain].one}, {year[:4]}"


@shared(16)
def _best(scope: Scope, build_id: str, asked: ProfessionalsAsked, budget: int) -> Mapping[str, int]:
    """Where so many installations lower the index most."""
    shown = simulation_base(scope, build_id, asked)
    if shown is None:
        raise ValueError("A simulation needs a distribution that can be measured.")
    return best_plan(shown.spread, budget)


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


def _answer(scope: Scope, build_id: str, shown: Shown) -> Any:
    """What a click changes in the address: a step, a budget, an empty plan."""

    def taken(event: Mapping[str, Any]) -> None:
        act = str(event.get("act"))
        if act == "clear":
            forget((PLAN, BUDGET, MADE_FOR))
        elif act == "budget":
            words = str(event.get("value") or event.get("budget") or "")
            # What is no number of installations is said, and changes no plan.
            choose(BUDGET, words[:LONGEST_BUDGET])
            budget = read_budget(words)
            if budget is not None:
                _keep_plan(shown.asked, _best(scope, build_id, shown.asked, budget))
        elif act in STEPS:
            plan = planned(scope, build_id, shown, st.query_params.to_dict()).steps
            # From a step by hand on, the plan is no longer that of the budget.
            forget((BUDGET,))
            step = with_step(plan, str(event.get("t")), STEPS[act], shown.spread)
            _keep_plan(shown.asked, step)

    return taken


def _keep_plan(asked: ProfessionalsAsked, plan: Mapping[str, int]) -> None:
    """Put a plan in the address, and what it was made for."""
    words = written_plan(plan)
    choose(PLAN, words)
    choose(MADE_FOR, _made_for(asked) if words else "")


def simulation_html(
    scope: Scope, build_id: str, shown: Shown, found: Simulated, plan: Planned
) -> str:
    """The finding, the controls, the map and the curve, then the plan territory by territory."""
    about, asked = shown.about, shown.asked
    effect, fewest = _effects(scope, build_id, asked)
    country = _over_the_country(scope, build_id, asked, found)
    title = simulator.simulator_finding(found, about, country)
    budget = address_of(BUDGET)
    head = simulator.budget_form(
        USUAL_BUDGET if read_budget(budget) is None else budget, bool(found.added.any())
    )
    head += _notices(shown, found, plan)
    head += _warnings(simulator.plan_warnings(found, about, _mean(scope, build_id, asked), country))
    head += simulator.simulator_facts(found, about, fewest, country)
    yearly = changes_of(scope, build_id, asked, asked.profession).get((asked.year, 1))
    if found.change < 0 and yearly is not None and yearly.noise_sd:
        chance = NormalDist(sigma=yearly.noise_sd).cdf(found.change)
        head += f'<p class="v-note">{text(simulator.chance_of_change(found, chance))}</p>'
    caption = f"Plan d’installations, {about.many} {about.place}"
    table = simulator.plan_table(found, effect, about, caption)
    return figure_block(
        "plan",
        title,
        f"{CAUTION} Point de départ : {about.year}, par {about.grain_noun.one}."
        f"{exploratory_words(len(shown.spread), about.grain_noun)}",
        f'{head}<div class="v-grid v-duo">{_map(shown, found)}{_curves(shown, found)}</div>'
        f"{_share_line(build_id, asked, found)}{table}",
        shown.foot,
        ("csv", "png"),
    )


def _notices(shown: Shown, found: Simulated, plan: Planned) -> str:
    """What of the address is not applied, and what is shown instead."""
    said = (
        plan.instead,
        simulator.unread_plan_words(plan.unread, shown.about, not found.added.any()),
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

    None where the whole country is the area.
    """
    if asked.area.level == NATIONAL and asked.overseas != WITHOUT:
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


def _share_line(build_id: str, asked: ProfessionalsAsked, found: Simulated) -> str:
    """The address that opens this plan again, on these very figures: with all they follow from."""
    if not found.added.any():
        return ""
    plan = {
        found.before.codes[place]: int(found.added[place]) for place in found.added.nonzero()[0]
    }
    shared_address = link(
        "simulateur",
        **{
            TERRITORY: asked.perimeter.code,
            YEAR: asked.year,
            PROFESSION: asked.profession,
            GRAIN: asked.grain,
            OVERSEAS: asked.overseas if asked.has_overseas else None,
            PLAN: written_plan(plan),
            MADE_FOR: _made_for(asked),
            BUDGET: address_of(BUDGET) or None,
            BUILD: build_id,
        },
    )
    return (
        '<p class="v-note v-share">Ce plan est dans l’adresse de la page. Pour le retrouver sur '
        "ces mêmes chiffres, même après un nouvel envoi de données, gardez ou partagez "
        f'<a href="{text(shared_address)}">le lien vers ce plan</a>.</p>'
    )


def _file(scope: Scope, build_id: str, shown: Shown, found: Simulated) -> Exportable:
    asked, about = shown.asked, shown.about
    country = _over_the_country(scope, build_id, asked, found)
    mean = _mean(scope, build_id, asked)
    warnings = simulator.plan_warnings(found, about, mean, country)
    note = density_map.density_classes_words(shown.departments, about)
    return Exportable(
        f"plan-{asked.file_stem}",
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
