"""Why a verdict on the COG differs or is doubtful, in one French sentence each."""

from __future__ import annotations

from collections.abc import Sequence

from figures.formats import ABSENT, NARROW_SPACE, listed, number
from figures.grammar import NO_BREAK_SPACE
from figures.status import StatusWord
from indicators.cog import CogIndicator, Doubt, Why, YearVerdict, decimals_of
from indicators.cog_reading import Measure, OtherValue

DOUBT = StatusWord("?", "Douteux", "doubt")
RESERVE = StatusWord("*", "Réserve", "doubt")

OTHER_NAMES = {"realised": "réalisé", "objective": "objectif"}
REASONS: dict[Why, str] = {
    "missing_value": "Aucun réalisé publié{when}.",
    "no_objective": "Ni objectif annuel ni cible chiffrée.",
    "target_of_another_year": "Aucun objectif annuel{when} : seule la cible 2017 est chiffrée.",
    "objective_in_words": "L’objectif est énoncé en évolution, pas en niveau.",
    "objective_not_positive": "L’objectif{when} est nul ou négatif : aucun taux n’a de sens.",
    "no_direction": "Le sens d’amélioration de cet indicateur n’est pas défini.",
    "no_published_verdict": "Indicateur de suivi : la source ne donne pas de verdict.",
    "sources_disagree": "Le verdict publié{when} suit l’autre chiffre publié.",
    "rounding": "L’arrondi décide : le verdict publié{when} tient à l’arrondi près.",
    "contradicts_figures": "Le verdict publié, « {word} », contredit les chiffres{when}.",
}
DOUBTS = {
    "rounding": "{year} : {realised} pour un objectif de {objective}, l’arrondi décide.",
    "uncertain_reading": "La lecture des colonnes du tableau publié est incertaine.",
    "inconsistent_series": "Les niveaux et les évolutions publiés se contredisent.",
    "other_object": "{year} : le chiffre publié ne compte pas la même chose que l’indicateur.",
    "misplaced": "{year} : {others} figure dans la colonne des réalisés ({source}), "
    "avec la forme d’un objectif.",
    "carried_over": "{year} : valeur de l’année précédente reconduite, sans mesure nouvelle.",
    "sign_convention": "Le tableau 2 de l’annexe 7 écrit ces nombres avec un signe négatif.",
}


def measure(value: float | None, unit: str) -> str:
    """A published figure with the decimals it was published with; per cent carry their sign."""
    if value is None:
        return ABSENT
    written = number(value, decimals_of(value))
    return f"{written}{NARROW_SPACE}%" if unit == "%" else written


def measure_said(value: float | None, unit: str) -> str:
    """A published figure in a sentence, where no heading gives the unit of a duration."""
    written = measure(value, unit)
    return f"{written}{NO_BREAK_SPACE}jours" if unit == "jours" and value is not None else written


def reason_sentence(one: CogIndicator, year: YearVerdict | None = None) -> str:
    """Why ours and the published verdict do not agree; empty where they do.

    Args:
        one: the indicator.
        year: the year to explain; the one judged, else the whole, without it.
    """
    shown = year or one.judged
    why = one.why if shown is None else shown.why
    if why is None:
        return ""
    if shown is not None and why == "revised_objective":
        return _revised_reason(one, shown)
    if shown is not None and why == "another_year":
        return _another_year_reason(one, shown)
    if why == "judged_together":
        return _together_reason(one)
    when = f" en {shown.year}" if shown is not None else ""
    return REASONS[why].format(when=when, word=one.published_word)


def _revised_reason(one: CogIndicator, year: YearVerdict) -> str:
    revised = [other for other in year.others if other.kind == "revised"]
    said = listed(measure(other.value, one.unit) for other in revised)
    return (
        f"{year.year} : atteint sur l’objectif révisé ({said}), "
        f"non sur celui de la COG ({measure(year.objective, one.unit)})."
        if one.published == "attained"
        else f"{year.year} : le verdict publié suit l’objectif révisé ({said})."
    )


def _another_year_reason(one: CogIndicator, year: YearVerdict) -> str:
    if one.judged is not None and year.year < one.judged.year:
        return f"Le verdict publié clôt la période : il porte sur {one.judged.year}."
    alike = [str(other.year) for other in one.years if other.verdict == one.published]
    return (
        f"« {one.published_word} » vaut pour {listed(alike)}, pas pour {year.year} : "
        f"{measure_said(year.realised, one.unit)} pour un objectif de "
        f"{measure_said(year.objective, one.unit)}."
    )


def _together_reason(one: CogIndicator) -> str:
    count = len(one.together)
    attained = sum(verdict == "attained" for verdict in one.together.values())
    if attained == 0:
        said = "aucun n’atteint son objectif"
    elif attained == 1:
        said = "un seul atteint son objectif"
    elif attained == count:
        said = "tous atteignent leur objectif"
    else:
        said = f"{attained} atteignent leur objectif"
    return f"Un seul verdict publié, « {one.published_word} », pour {count} indicateurs : {said}."


def doubt_sentences(one: CogIndicator, year: YearVerdict | None = None) -> dict[str, bool]:
    """The doubts about an indicator (about one of its years): sentence, whether it is decisive.

    The decisive ones come first.
    """
    doubts: Sequence[Doubt] = one.doubts if year is None else year.doubts
    by_year = {other.year: other for other in one.years}
    said = [(_doubt_sentence(doubt, one, by_year[doubt.year]), doubt) for doubt in doubts]
    return {sentence: doubt.is_decisive for sentence, doubt in said if sentence}


def _doubt_sentence(doubt: Doubt, one: CogIndicator, year: YearVerdict) -> str:
    if doubt.code == "contradicts_figures":
        return reason_sentence(one, year)
    if doubt.code in {"revised_objective", "sources_disagree"}:
        return _others_sentence(doubt, one, year)
    if doubt.code == "earlier_year":
        last = one.years[-1]
        lack = (
            "aucun réalisé"
            if last.lacking == "missing_value"
            else "aucun objectif annuel"
            if last.objective is None
            else "aucun chiffre jugeable"
        )
        return f"Jugé sur {year.year} : {lack} publié pour {last.year}."
    return DOUBTS[doubt.code].format(
        year=doubt.year,
        realised=measure_said(year.realised, one.unit),
        objective=measure_said(year.objective, one.unit),
        others=listed(measure_said(other.value, one.unit) for other in doubt.others),
        source=listed(other.source for other in doubt.others),
    )


def _others_sentence(doubt: Doubt, one: CogIndicator, year: YearVerdict) -> str:
    """What else was published, where, and whether the verdict depends on it."""
    if doubt.code == "revised_objective" and year.why == "revised_objective":
        return ""  # The reason has said it with both figures.
    figures = listed(
        _measure_said(name, [o for o in doubt.others if o.measure == name], one.unit, year)
        for name in dict.fromkeys(other.measure for other in doubt.others)
    )
    if year.verdict == "not_assessable":
        return f"{doubt.year} : {figures}."
    change = "le verdict en dépend" if doubt.is_decisive else "le verdict n’en change pas"
    return f"{doubt.year} : {figures} ; {change}."


def _measure_said(name: Measure, others: Sequence[OtherValue], unit: str, year: YearVerdict) -> str:
    """« réalisé de 46, mais 50 dans l’annexe 6 »: the figure kept, then the others."""
    kept = f"{OTHER_NAMES[name]} de {measure(getattr(year, name), unit)}"
    if others[0].kind == "revised":
        said = listed(f"{measure(other.value, unit)} ({other.source})" for other in others)
        return f"{kept} révisé à {said}"
    said = listed(f"{measure(other.value, unit)} dans l’{other.source}" for other in others)
    return f"{kept}, mais {said}"
