"""What each rule is called on the screen, and what follows from its breach."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class RuleWords:
    """A rule for readers.

    ``contradicts_total``: whether its breach says that a total is not the sum of its parts, or not
    that of another table.
    """

    title: str
    consequence: str
    contradicts_total: bool = False


RULES: dict[str, RuleWords] = {
    "msap.tables_disagree": RuleWords(
        "Deux tableaux se contredisent",
        "On ne sait pas lequel des deux totaux est le bon : ne citez l’un qu’en disant de quel "
        "tableau il vient.",
        contradicts_total=True,
    ),
    "msap.total_mismatch": RuleWords(
        "Total différent de la somme de ses lignes",
        "Les parts calculées sur ce total ne font pas 100 % : pour comparer des lignes entre "
        "elles, prenez le total recalculé.",
        contradicts_total=True,
    ),
    "cpg.components_sum": RuleWords(
        "Total différent de la somme de ses volets",
        "L’atteinte du total et celles de ses volets ne disent pas la même année : demandez à "
        "la caisse lequel corriger.",
        contradicts_total=True,
    ),
    "msap.approvals_exceed_requests": RuleWords(
        "Plus d’accords que de demandes",
        "Rapporté aux demandes, le taux d’accord dépasserait 100 % : il ne se lit que sur les "
        "décisions.",
    ),
    "msap.identity": RuleWords(
        "Accords et refus ne font pas les demandes",
        "Le taux d’accord change selon qu’on divise par les demandes ou par les décisions : il est "
        "donné sur les décisions, son dénominateur écrit dessous.",
    ),
    "msap.doubled_label": RuleWords(
        "Libellé imprimé plusieurs fois",
        "Chaque ligne prise seule sous-estime le geste : les lignes de même geste sont à lire "
        "ensemble, sans être additionnées d’office.",
    ),
    "msap.unknown_procedure": RuleWords(
        "Geste inconnu du référentiel",
        "La ligne compte dans les totaux mais n’est rapprochée d’aucun geste d’une autre année.",
    ),
    "msap.answers_exceed_requests": RuleWords(
        "Plus de réponses sous 48 h que de demandes",
        "La part des réponses sous 48 h de cet établissement n’est pas fiable ce mois-là.",
    ),
    "msap.decisions_missing": RuleWords(
        "Demandes sans décision renseignée",
        "Ces demandes n’entrent pas au taux d’accord : une cellule vide n’est pas un zéro.",
    ),
    "msap.window_incomplete": RuleWords(
        "Période de MSAP sans début ou sans fin",
        "La période n’est pas dessinée : on ne peut pas comparer avant, pendant et après.",
    ),
    "msap.window_too_long": RuleWords(
        "Période de MSAP de plus de six mois",
        "La comparaison entre avant et pendant porte sur une période que la règle n’admet pas.",
    ),
    "msap.status_changes": RuleWords(
        "Établissement public et privé à la fois",
        "Ses demandes comptent toutes dans le dernier statut reçu.",
    ),
    "cog.result_without_objective": RuleWords(
        "Indicateur de résultat sans objectif",
        "Il n’est pas jugé cette année-là : ni atteint ni manqué.",
    ),
    "cog.percentage_over_hundred": RuleWords(
        "Part de plus de 100 %",
        "Le verdict peut tenir à une faute de saisie : vérifiez avant de le citer.",
    ),
    "vaccination.proportion_for_percent": RuleWords(
        "Taux de vaccination d’au plus 1 %",
        "Il est gardé tel quel : un taux écrit de 0 à 1 serait cent fois trop bas.",
    ),
    "cpg.indicator_not_in_cpg": RuleWords(
        "Indicateur hors du CPG", "La valeur est gardée et n’entre pas au tableau du CPG."
    ),
    "cpg_points.indicator_not_in_cpg": RuleWords(
        "Points d’un indicateur hors du CPG", "Ces points ne pèsent sur aucun écart."
    ),
    "cpg.caisse_without_cpg": RuleWords(
        "Caisse sans CPG", "Sa valeur est montrée comme non applicable."
    ),
    "cpg_points.caisse_without_cpg": RuleWords(
        "Points d’une caisse sans CPG", "Ces points ne pèsent sur aucun écart."
    ),
    "cpg_published.territory_without_cpg": RuleWords(
        "Territoire sans CPG", "Sa valeur est montrée comme non applicable."
    ),
    "cpg_published.implausible_attainment": RuleWords(
        "Taux d’atteinte invraisemblable",
        "Il est montré tel quel : vérifiez son unité avant de le citer.",
    ),
    "cpg.count_without_parts": RuleWords(
        "Numérateur d’un effectif", "Le numérateur et le dénominateur ne sont pas gardés."
    ),
    "cpg.rate_without_realised": RuleWords(
        "Taux envoyé déjà calculé", "Le taux montré est celui que donnent ses deux termes."
    ),
    "cpg.zero_denominator": RuleWords("Dénominateur nul", "Le taux est non applicable ce mois-là."),
    "cpg.objective_not_positive": RuleWords(
        "Objectif nul ou négatif", "L’atteinte est non applicable."
    ),
    "cpg.objective_changes": RuleWords(
        "Plusieurs objectifs dans l’année",
        "L’atteinte dépend de l’objectif retenu : demandez lequel vaut.",
    ),
    "cpg.value_withdrawn": RuleWords(
        "Valeur publiée retirée", "Le chiffre d’une publication antérieure n’est plus servi."
    ),
    "cpg.objective_changed": RuleWords(
        "Objectif annuel modifié", "L’atteinte a changé sans que le réalisé change."
    ),
    "cpg.correction_superseded": RuleWords(
        "Correction dépassée",
        "Un nouvel extrait change la valeur corrigée : c’est la sienne qui compte.",
    ),
    "cpg.unit_changed": RuleWords(
        "Unité peut-être changée", "La valeur est gardée telle quelle : vérifiez son unité."
    ),
    "cpg.values_swapped": RuleWords(
        "Valeurs peut-être échangées", "Les deux valeurs sont gardées telles quelles : vérifiez."
    ),
    "population.zone_total": RuleWords(
        "Population d’une zone différente de ses départements",
        "Les densités sont rapportées à la somme des départements, non au total publié.",
        contradicts_total=True,
    ),
    "professionals.zone_total": RuleWords(
        "Effectif d’une zone différent de ses départements",
        "L’indice de Gini repose sur les départements : le total publié n’y entre pas.",
        contradicts_total=True,
    ),
    "professionals.group_total": RuleWords(
        "Ensemble différent de ses professions",
        "L’ensemble montré est la somme des professions, non le total publié.",
        contradicts_total=True,
    ),
    "gini.delta_mismatch": RuleWords(
        "Variation publiée différente de celle des indices",
        "La tendance peut être jugée à l’envers : la variation se lit sur les deux indices.",
    ),
    "gini.target_rises": RuleWords(
        "Cible qui s’éloigne de l’objectif",
        "Atteindre cette cible laisserait les inégalités augmenter : elle ne se lit pas comme un "
        "progrès.",
    ),
    "professionals.departments_missing": RuleWords(
        "Départements absents du fichier",
        "Sans eux, l’indice n’est calculé ni pour la France, ni pour une région incomplète.",
    ),
    "professionals.headcount_missing": RuleWords(
        "Effectif manquant", "Le territoire manque à l’indice, qui n’est pas celui du pays entier."
    ),
    "professionals.densities_only": RuleWords(
        "Densités sans effectifs", "Aucun indice n’est tiré de ce fichier."
    ),
    "professionals.unknown_profession": RuleWords(
        "Profession inconnue du référentiel",
        "Elle est rapportée à toute la population, et à aucune autre source.",
    ),
    "gini_published.unknown_profession": RuleWords(
        "Profession inconnue du référentiel",
        "Son indice publié n’est rapproché d’aucun indice recalculé.",
    ),
    "prado_activity.sources_disagree": RuleWords(
        "Deux sources de PRADO se contredisent",
        "On ne sait pas laquelle est la bonne : citez le nombre d’adhésions avec sa source.",
        contradicts_total=True,
    ),
    "prado_activity.total_mismatch": RuleWords(
        "Total de PRADO différent de la somme de ses volets",
        "La part d’un volet ne se calcule pas sur ce total : prenez la somme des volets.",
        contradicts_total=True,
    ),
    "prado_activity.rate_mismatch": RuleWords(
        "Part d’établissements différente de ses deux termes",
        "La part publiée ne se compare pas à celles que l’on recalcule.",
    ),
    "prado_activity.sites_over_total": RuleWords(
        "Plus de sites actifs que de sites",
        "La part des sites dépasserait 100 % : demandez lequel des deux nombres corriger.",
    ),
    "prado_activity.establishments_over_eligible": RuleWords(
        "Plus d’établissements actifs que d’éligibles",
        "La couverture dépasserait 100 % : elle n’est pas fiable pour ce volet.",
    ),
    "programme_savings.total_mismatch": RuleWords(
        "Économies attendues : total différent de ses volets",
        "L’effet attendu par volet ne s’additionne pas au total publié.",
        contradicts_total=True,
    ),
    "teleservices.sources_disagree": RuleWords(
        "Deux sources d’un téléservice se contredisent",
        "L’atteinte dépend de la source : citez le taux avec la sienne.",
    ),
    "interessement.zero_weight": RuleWords(
        "Poids nul dans l’intéressement", "L’indicateur ne rapporte aucun point cette année-là."
    ),
    "engagements.on_time_without_achievement": RuleWords(
        "Non réalisé et pourtant dans les délais",
        "L’engagement n’est compté ni tenu ni tenu à l’heure.",
    ),
}
"""Words by id of the rule, in the order in which breaches are shown."""

_OF_EVERY_CONTRACT: dict[str, RuleWords] = {
    "percent_without_sign": RuleWords(
        "Pourcentage écrit sans son signe", "L’objectif est lu en pour cent : vérifiez-le."
    ),
    "ambiguous_number": RuleWords(
        "Nombre lisible de deux façons",
        "Le chiffre montré peut être mille fois trop grand ou petit.",
    ),
    "reading_remark": RuleWords(
        "Territoire lu avec un doute", "Le chiffre peut être celui d’un autre territoire."
    ),
    "unmapped_headings": RuleWords(
        "Colonnes inconnues", "Ces colonnes ne sont montrées nulle part."
    ),
    "twin_sheet": RuleWords("Feuille non lue", "Ce que tient l’autre feuille n’est pas servi."),
    "note_line": RuleWords("Note sous le tableau", "La note n’est montrée nulle part."),
    "short_row": RuleWords(
        "Ligne plus courte que les titres", "Ses dernières cellules sont vides."
    ),
    "reading": RuleWords("Fichier à deux encodages", "Des accents peuvent être mal lus."),
}
_OTHER = RuleWords("Autre signalement", "Le chiffre est gardé tel quel : vérifiez-le à la source.")


def rule_words(rule: str) -> RuleWords:
    """The words of a rule; those of any other breach where it has none of its own."""
    return RULES.get(rule) or _OF_EVERY_CONTRACT.get(rule.partition(".")[2], _OTHER)


def rule_rank(rule: str) -> int:
    """Its place among the rules: breaches that contradict a total first."""
    return list(RULES).index(rule) if rule in RULES else len(RULES)
