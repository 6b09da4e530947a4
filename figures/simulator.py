"""The simulator of installations: what a plan changes, territory by territory and on the whole."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from decimal import Decimal

import numpy as np
import pandas as pd

from figures.formats import counted, listed, number, percent, signed
from figures.grammar import chance_percent, quoted, shortened, typeset
from figures.markup import table, text
from figures.professions import Named, density_words, index_words
from indicators.arguments import FloatArray
from indicators.inequality import ROUNDING, YEARLY_TARGET
from indicators.plan import LARGEST_BUDGET, Simulated, read_budget

ROWS_AT_MOST = 60
FEWEST_DECIMALS, MOST_DECIMALS = 4, 7
SURE_DECIMALS = 12
"""Decimals by which a change and its two ends always seem to agree."""

COUNTRY_DECIMALS = 5
BUDGETS = (5, 10, 20, 50, 100)
NAMED_AT_MOST = 4
AS_GOOD = 0.9995
"""Share of the best plan's fall from which a plan is that one: nothing is left to say."""


def simulator_finding(
    found: Simulated, about: Named, country: tuple[float, float] | None = None
) -> str:
    """What the plan does to the index: ``20 infirmiers de plus en Occitanie : G baisse de …``.

    ``country``: the index of the whole country before and after, None where that is the area.
    """
    if not found.added.any():
        return typeset(
            f"{about.title} {about.place} : G = {index_words(found.gini_before)} ; "
            "où en installer ?"
        )
    if found.total > 0:
        who = f"{about.counted(found.total)} de plus {about.place}{_moved_too(found)}"
    elif found.total < 0:
        who = f"{about.counted(-found.total)} de moins {about.place}"
    else:
        who = f"{about.counted(found.moved)} à déplacer {about.place}"
    verb = "baisse" if found.change < 0 else "monte"
    decimals = decimals_between(found.gini_before, found.gini_after)
    opposite = ""
    if country is not None and found.change < 0 and _raises(country):
        opposite = " ; celui de la France entière monte"
    return typeset(
        f"{who} : G {verb} de {number(abs(found.change), decimals)} "
        f"({number(found.gini_before, decimals)} à {number(found.gini_after, decimals)}){opposite}"
    )


def _raises(country: tuple[float, float]) -> bool:
    before, after = country
    return after - before > ROUNDING


def plan_warnings(
    found: Simulated, about: Named, mean: float, country: tuple[float, float] | None = None
) -> list[str]:
    """What speaks against a plan, one sentence each: a rise, places that have many already.

    Args:
        found: the plan simulated.
        about: what is looked at, in words.
        mean: the country's density.
        country: the index of the whole country before and after, None where that is the area.
    """
    said = []
    if found.change > ROUNDING:
        said.append(f"Ce plan augmente l’inégalité {about.place}.")
    if country is not None and _raises(country):
        before, after = country
        decimals = decimals_between(before, after)
        said.append(
            "Ce plan augmente l’inégalité de la France entière, celle que suit la COG : "
            f"{number(before, decimals)} à {number(after, decimals)} "
            f"({signed(after - before, decimals)})."
        )
    above = [
        place
        for place in np.argsort(-found.added, kind="stable")
        if found.added[place] > 0 and found.before.density[place] > mean
    ]
    if above:
        names = [
            f"{found.before.names[place]} ({density_words(float(found.before.density[place]))})"
            for place in above[:NAMED_AT_MOST]
        ]
        if len(above) > NAMED_AT_MOST:
            names.append(f"{number(len(above) - NAMED_AT_MOST)} autres")
        there = counted(int(found.added[above].sum()), "installation")
        said.append(
            f"{there} là où la densité dépasse déjà la moyenne nationale "
            f"({density_words(mean)} {about.per}) : {listed(names)}."
        )
    return [typeset(sentence) for sentence in said]


def decimals_for(change: float) -> int:
    """Decimals that tell a change by two digits, within those of a yearly change and seven."""
    if change == 0:
        return FEWEST_DECIMALS
    return min(max(FEWEST_DECIMALS, 1 - math.floor(math.log10(abs(change)))), MOST_DECIMALS)


def decimals_between(before: float, after: float) -> int:
    """Decimals from which the printed change is that between the two printed indices."""
    fewest = decimals_for(after - before)
    return next(
        (
            decimals
            for decimals in range(fewest, SURE_DECIMALS)
            if _printed(after, decimals) - _printed(before, decimals)
            == _printed(after - before, decimals)
        ),
        SURE_DECIMALS,
    )


def _printed(value: float, decimals: int) -> Decimal:
    return Decimal(f"{value:.{decimals}f}")


def _moved_too(found: Simulated) -> str:
    """Those whom the plan takes away somewhere, beside the others that it adds."""
    if not found.moved:
        return ""
    return f" et {counted(found.moved, 'déplacé')}"


def simulator_facts(
    found: Simulated,
    about: Named,
    fewest: int | None,
    country: tuple[float, float] | None = None,
) -> str:
    """Beside what an equal spread and the best plan do, and beside the COG's yearly target.

    Args:
        found: the plan simulated.
        about: what is looked at, in words.
        fewest: installations that reach the yearly target, None where too many.
        country: the index of the whole country before and after, None where that is the area.
    """
    decimals = decimals_between(found.gini_before, found.gini_after)
    facts = [("Indice", number(found.gini_before, decimals))]
    if found.added.any():
        facts = [
            ("Indice avant", number(found.gini_before, decimals)),
            ("Indice après", number(found.gini_after, decimals)),
            ("Variation", signed(found.change, decimals)),
        ]
    facts.append(("Cible de la COG par an", number(YEARLY_TARGET, 3)))
    if found.share_of_equal is not None and found.gini_equal is not None:
        facts.append(
            (
                "Réparties au prorata de la population",
                _beside(found.gini_equal - found.gini_before, found.share_of_equal)
                or f"{_fall(found.gini_equal - found.gini_before)} ; ce plan fait "
                f"{number(found.share_of_equal, 1)} fois cela",
            )
        )
    is_best = found.share_of_best is not None and abs(found.share_of_best - 1) <= 1 - AS_GOOD
    if found.share_of_best is not None and found.gini_best is not None and not is_best:
        facts.append(
            (
                f"Les {number(found.total)} mieux placées, sans déplacer personne",
                _beside(found.gini_best - found.gini_before, found.share_of_best)
                or f"{_fall(found.gini_best - found.gini_before)} ; ce plan en fait "
                f"{percent(found.share_of_best, 0)}",
            )
        )
    if country is not None:
        before, after = country
        decimals = max(decimals_between(before, after), COUNTRY_DECIMALS)
        change = f" ({signed(after - before, decimals)})" if found.added.any() else ""
        facts.append(("Indice de la France entière", f"{number(after, decimals)}{change}"))
    needed = (
        f"{counted(fewest, 'installation')} bien placée{'s' if fewest > 1 else ''}"
        if fewest is not None
        else "plus de 1 000 installations"
    )
    facts.append((f"Pour baisser de {number(-YEARLY_TARGET, 3)}", needed))
    items = "".join(
        f"<div><dt>{text(name)}</dt><dd><b>{text(said)}</b></dd></div>" for name, said in facts
    )
    return f'<dl class="v-facts v-plan">{items}</dl>'


def _fall(change: float) -> str:
    return signed(change, decimals_for(change))


def _beside(change: float, share: float) -> str:
    """What to say where the plan lowers nothing; empty where a share tells it."""
    return f"{_fall(change)} ; ce plan, lui, ne baisse rien" if share <= 0 else ""


def chance_of_change(found: Simulated, chance: float) -> str:
    """How often chance alone does as much in a year, said beside a fall."""
    decimals = decimals_between(found.gini_before, found.gini_after)
    return typeset(
        f"À lui seul, le hasard des départs et des arrivées fait baisser l’indice d’au moins "
        f"{number(-found.change, decimals)} en un an {chance_percent(chance)} du temps."
    )


def unread_plan_words(steps: Sequence[str], about: Named, is_empty: bool) -> str:
    """What of the address's plan is not applied, and what is shown instead; empty without any."""
    if not steps:
        return ""
    shown = [quoted(shortened(step)) for step in steps[:NAMED_AT_MOST]]
    if len(steps) > NAMED_AT_MOST:
        shown.append(f"{number(len(steps) - NAMED_AT_MOST)} autres")
    instead = "Aucun plan n’est montré." if is_empty else "Le reste du plan est montré."
    verb = "ne s’applique pas" if len(steps) == 1 else "ne s’appliquent pas"
    return typeset(
        f"Du plan demandé par l’adresse, {listed(shown)} {verb} : "
        f"{about.grain_noun.one} absent d’ici, changement illisible ou plus grand que l’effectif. "
        f"{instead}"
    )


def other_plan_words(about: Named, made_for: str, budget: int | None) -> str:
    """That the address's plan was made for something else, and what is shown instead.

    Args:
        about: what is looked at, in words.
        made_for: what the plan was made for, in words; empty where that is unknown.
        budget: installations placed anew, None where the plan is left out.
    """
    of = f" était fait pour {made_for}" if made_for else " ne s’applique pas ici"
    if budget is None:
        return typeset(f"Le plan de l’adresse{of} : il est écarté, aucun plan n’est montré.")
    again = f"{counted(budget, 'installation')} {'placées' if budget > 1 else 'placée'} de nouveau"
    return typeset(
        f"Le plan de l’adresse{of} : voici {again}, {about.many} {about.place}, par "
        f"{about.grain_noun.one}."
    )


def unread_budget_words(words: str) -> str:
    """That a budget is none; empty for one."""
    if not words or read_budget(words) is not None:
        return ""
    return typeset(
        f"{quoted(shortened(words))} n’est pas un nombre d’installations de 1 à "
        f"{number(LARGEST_BUDGET)} : le plan n’en tient pas compte."
    )


def budget_form(budget: str, has_plan: bool = True) -> str:
    """How many installations to place: a number and its button, the usual ones one click away."""
    clear = '<button type="button" class="v-export" data-act="clear">Vider le plan</button>'
    usual = "".join(
        f'<button type="button" class="v-export" data-act="budget" data-value="{amount}">'
        f"{amount}</button>"
        for amount in BUDGETS
    )
    return (
        '<form class="v-budget"><label class="v-field">'
        f'<span>Installations à placer</span><input type="number" name="budget" min="1" '
        f'max="{LARGEST_BUDGET}" step="1" inputmode="numeric" value="{text(budget)}"></label>'
        '<button type="submit" class="v-export main" data-act="budget">Où les installer ?</button>'
        f'</form><p class="v-usual"><span>Souvent demandé :</span> {usual}'
        f"{clear if has_plan else ''}</p>"
    )


def plan_table(found: Simulated, effect: FloatArray, about: Named, caption: str) -> str:
    """Every territory with its change and two buttons, those where one more helps most first.

    Args:
        found: the plan simulated.
        effect: change of the index for one more in each territory before the plan, shape (n,).
        about: what is looked at, in words.
        caption: what the table shows.
    """
    order = [int(place) for place in np.argsort(np.nan_to_num(effect, nan=np.inf), kind="stable")]
    shown = [
        place
        for rank, place in enumerate(order)
        if rank < ROWS_AT_MOST or len(order) <= 2 * ROWS_AT_MOST or found.added[place]
    ]
    rows = [_plan_row(found, effect, place) for place in shown]
    if len(shown) < len(order):
        others = f"… {number(len(order) - len(shown))} autres, où une installation aide moins"
        rows.append((text(others), "", "", "", ""))
    noun = about.grain_noun.one
    heads = (
        noun[:1].upper() + noun[1:],
        "Installations",
        f"Densité {about.per}",
        "Après",
        "Effet d’une de plus",
    )
    return table(
        caption, heads, rows, numeric=(2, 3, 4), css_class="v-table v-plantable", is_stacked=True
    )


def _plan_row(found: Simulated, effect: FloatArray, place: int) -> tuple[str, ...]:
    code, name = found.before.codes[place], text(found.before.names[place])
    added = int(found.added[place])
    is_empty = found.after.count[place] < 1
    shown = f"<b>{signed(added)}</b>" if added else "0"
    disabled = " disabled" if is_empty else ""
    steps = (
        f'<span class="v-step"><button type="button" data-act="less" data-t="{text(code)}" '
        f'aria-label="Un de moins : {name}"{disabled}>{"−"}</button>'
        f'<output>{shown}</output><button type="button" data-act="more" data-t="{text(code)}" '
        f'aria-label="Un de plus : {name}">+</button></span>'
    )
    after = density_words(float(found.after.density[place]))
    return (
        name,
        steps,
        density_words(float(found.before.density[place])),
        f"<b>{after}</b>" if added else after,
        signed(float(effect[place]), 6),
    )


def plan_labels(found: Simulated) -> Mapping[str, str]:
    """The changes by department, as the map writes them."""
    sums: dict[str, int] = {}
    for place in np.flatnonzero(found.added):
        department = found.before.departments[place]
        sums[department] = sums.get(department, 0) + int(found.added[place])
    return {code: signed(change) for code, change in sums.items() if change}


def plan_alt(found: Simulated, about: Named) -> str:
    """What the map of the plan shows, in words."""
    places = [
        f"{found.before.names[place]} {signed(int(found.added[place]))}"
        for place in np.argsort(-found.added, kind="stable")
        if found.added[place]
    ]
    said = ", ".join(places[:6]) or "aucune installation"
    more = f" et {number(len(places) - 6)} autres territoires" if len(places) > 6 else ""
    return typeset(f"Carte du plan, {about.many} {about.place} : {said}{more}.")


def plan_records(
    found: Simulated, about: Named, mean: float, country: tuple[float, float] | None = None
) -> pd.DataFrame:
    """The plan for a file: every territory, before and after.

    ``mean`` and ``country`` as in ``plan_warnings``; without another country, it is the area.
    """
    spread = found.before
    before, after = (found.gini_before, found.gini_after) if country is None else country
    return pd.DataFrame(
        {
            "profession": about.title,
            "annee_de_depart": about.year,
            "perimetre": about.place,
            "territoire_code": spread.codes,
            "territoire": spread.names,
            "departement_code": [code.removeprefix("DEP-") for code in spread.departments],
            "professionnels_avant": spread.count,
            "installations": found.added,
            "professionnels_apres": found.after.count,
            "population_de_reference": spread.population,
            "densite_avant_pour_100000": spread.density,
            "densite_apres_pour_100000": found.after.density,
            "gini_avant": found.gini_before,
            "gini_apres": found.gini_after,
            "gini_france_avant": before,
            "gini_france_apres": after,
            "densite_moyenne_nationale": mean,
        }
    )
