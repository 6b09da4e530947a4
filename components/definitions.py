"""The method and the definitions, written from the catalogue."""

from __future__ import annotations

from collections.abc import Sequence

from figures.formats import listed, percent
from figures.grammar import capitalised
from figures.markup import attributes, text
from indicators.attainment import Thresholds
from indicators.catalogue import Indicator, catalogue
from indicators.control_chart import RUN_LENGTH
from indicators.landings import LEAST_EVENTS
from indicators.peers import FEWEST, NEAREST
from indicators.summary import LIKELY
from indicators.suppression import SMALLEST_SHOWN, smallest_shown

BETTER = {
    "higher": "Plus haut, mieux c’est : atteinte = réalisé / objectif",
    "lower": "Plus bas, mieux c’est : atteinte = objectif / réalisé",
    "none": "Suivi sans sens d’amélioration : pas d’atteinte",
}
OVER_TERRITORIES = {
    "sum": "Somme des caisses",
    "ratio_of_sums": "Rapport des sommes (Σ numérateurs / Σ dénominateurs), pas moyenne des taux",
    "not_additive": "Non agrégeable",
}
OVER_MONTHS = {
    "sum": "Flux : somme des mois",
    "last": "Stock : dernier mois connu",
    "ratio_of_sums": "Rapport des sommes des mois",
}
FREQUENCIES = {"monthly": "Mensuelle", "quarterly": "Trimestrielle", "yearly": "Annuelle"}


def rules_html(thresholds: Thresholds) -> str:
    """The rules of calculation, in the order in which a reader meets them."""
    near = percent(thresholds.close, 0)
    rules = (
        "Atteinte : réalisé / objectif quand plus haut est mieux, objectif / réalisé quand plus "
        "bas est mieux. Objectif nul ou absent : non applicable.",
        f"Statut : ▲ Atteint à partir de 100 %, ● Proche à partir de {near}, ▼ En retard en "
        "dessous, – Non applicable. La couleur ne dit jamais le statut à elle seule.",
        "Agrégation : un territoire est le rapport des sommes de ses caisses, jamais la moyenne de "
        "leurs taux. Quand seuls des taux sont publiés, l’agrégat est « non recalculable ».",
        "Envois manquants : « 8/10 » se lit huit caisses à jour sur dix attendues ; le total ne "
        "porte que sur ce qui a été reçu. Un mois sous la valeur d’une caisse en retard est le "
        "dernier qu’elle a envoyé.",
        "Année en cours : le réalisé est jugé sur l’objectif à date, c’est-à-dire l’objectif de "
        "l’année multiplié par la part de l’année habituellement atteinte à ce mois.",
        "Petits nombres : un effectif de patients de 1 à 10 est masqué (◌) pour qui n’a pas le "
        "droit de le voir, ainsi que la case qui permettrait de le retrouver.",
        "Comparaison : la médiane des pairs est celle de tous les territoires du même niveau, et "
        "le rang la place parmi eux ; les valeurs masquées n’y comptent pas.",
        "Mayotte n’a pas de CPG : non applicable ; 106 caisses sont attendues.",
    )
    items = "".join(f"<li>{text(rule)}</li>" for rule in rules)
    return (
        '<section class="v-block"><header><h2>Règles de calcul</h2></header>'
        f'<ul class="v-rules">{items}</ul></section>'
    )


def words_html() -> str:
    """The words that qualify a figure: what each one means, and what it rests on."""
    likely = percent(LIKELY, 0)
    words = {
        "Atterrissage": "le total de l’année tel qu’on peut le prévoir : ce qui est reçu, divisé "
        "par la part de l’année que ces mois font d’habitude (années passées du territoire, ou de "
        "sa région). Seulement pour ce qui s’additionne au fil des mois. La fourchette a 8 chances "
        "sur 10 de contenir le résultat. Trop peu de cas (moins de "
        f"{LEAST_EVENTS}) : aucune prévision.",
        "Chance d’atteindre l’objectif": "d’après les erreurs que la même prévision a faites les "
        "années passées, la probabilité que l’année finisse à l’objectif ou mieux. Un objectif est "
        f"« probable » à partir de {likely}.",
        "Effort mensuel": "(objectif − réalisé) / mois qui restent, sur les chiffres affichés. Les "
        "mois qui restent suivent le dernier mois reçu ; ce que des caisses en retard n’ont pas "
        "encore envoyé compte comme restant à faire. Pour un taux : celui à tenir sur les mois qui "
        "restent.",
        "Intervalle à 95 %": "les valeurs compatibles avec ce qui est observé, compte tenu du "
        "hasard : étroit sur un grand effectif, large sur un petit. Méthodes de Wilson (taux) et "
        "de Byar (nombres de cas).",
        "Mieux, moins bien que la médiane": "la médiane des pairs est hors de l’intervalle à 95 %. "
        "« Comparable » : elle est dedans, l’écart peut tenir au hasard. Sur vingt comparaisons "
        "sans vrai écart, une sort de l’intervalle.",
        "Masqué": f"moins de {smallest_shown()} patients ou demandes, ou une valeur d’où ils se "
        "retrouveraient par soustraction. Les chiffres publiés ne le sont jamais ; qui a le droit "
        "aux petits nombres d’un territoire les voit, pour la gestion, sans les diffuser.",
        "Trop peu de patients pour conclure": f"moins de {SMALLEST_SHOWN} comptés et moins de "
        f"{SMALLEST_SHOWN} visés : un de plus ou de moins déplacerait l’atteinte de dix points. Le "
        "chiffre est montré, sans verdict ; il n’entre ni dans les comptes d’objectifs atteints ou "
        "en retard, ni dans les écarts.",
        "Pairs de même taille": f"les {NEAREST} territoires du même niveau les plus proches en "
        f"population. « Pairs choisis » : ceux que vous cochez, {FEWEST} au moins.",
        "Variation": "le dernier mois jugé sort-il de l’habitude du territoire (carte de contrôle "
        "XmR) ? C’est un signal s’il est hors des limites habituelles, s’il est d’une suite de "
        f"{RUN_LENGTH} mois du même côté de la moyenne, ou qui tous montent ou tous descendent, ou "
        "si deux mois sur trois touchent presque une limite. « Sans signal » : la variation "
        "ordinaire suffit à expliquer le mois. « Change de niveau » : un signal, pour un suivi "
        "sans sens d’amélioration.",
        "Jugé jusqu’à…": "des caisses ont cessé d’envoyer : la carte suit celles qui ont tout "
        "envoyé, si elles sont au moins huit sur dix, ou s’arrête au dernier mois complet.",
        "Régularité": "toute la bande des variations habituelles est du bon côté de l’objectif "
        "(« tenu de façon régulière ») ou du mauvais (« manqué »). « Tantôt tenu, tantôt non » : "
        "l’objectif est dans la bande, le hasard du mois décide.",
        "Points en jeu": "part de l’objectif qui manque × poids de l’objectif, dans "
        "l’intéressement ou en points du CPG. C’est l’ordre des écarts qui comptent.",
        "Verdict douteux (COG)": "le verdict publié contredit les chiffres publiés, ou ne tient "
        "qu’à l’arrondi, à une lecture incertaine ou à un autre chiffre publié ailleurs.",
        "Réserve (COG)": "quelque chose à savoir sur le chiffre ; le verdict n’en change pas.",
    }
    items = "".join(
        f"<dt>{text(word)}</dt><dd>{text(capitalised(said))}</dd>" for word, said in words.items()
    )
    return (
        '<section class="v-block v-def v-words" id="mots"><header><h2>Lire un chiffre</h2></header>'
        f"<dl>{items}</dl></section>"
    )


def definitions_html(chosen: str | None) -> str:
    """One definition an indicator, by area."""
    known = list(catalogue().values())
    return "".join(
        f'<div class="v-below"><h2>{text(area)}</h2>'
        f'<div class="v-defs">{"".join(_definition(i, chosen) for i in known if i.area == area)}'
        "</div></div>"
        for area in _areas(known)
    )


def method_html(thresholds: Thresholds) -> str:
    """Title of the page, rules of calculation, index of the indicators."""
    known = list(catalogue().values())
    areas = _areas(known)
    index = "".join(
        f'<li><a href="#{text(i.code)}">{text(i.title)}</a></li>'
        for area in areas
        for i in known
        if i.area == area
    )
    in_cpg = sum(indicator.in_cpg for indicator in known)
    return (
        "<h1>Méthode et définitions</h1>"
        f'<p class="v-lead">{len(known)} indicateurs définis, dont {in_cpg} dans le CPG. '
        "Page écrite depuis le catalogue qui sert aux calculs.</p>"
        f'<div class="v-below">{rules_html(thresholds)}</div>'
        f'<div class="v-below">{words_html()}</div>'
        f'<div class="v-below"><nav class="v-block" aria-label="Indicateurs"><h2>Indicateurs</h2>'
        f'<ul class="v-index">{index}</ul></nav></div>'
    )


def _areas(known: Sequence[Indicator]) -> list[str]:
    return list(dict.fromkeys(indicator.area for indicator in known))


def _definition(indicator: Indicator, chosen: str | None) -> str:
    is_chosen = indicator.code == chosen
    css = "v-def on" if is_chosen else "v-def"
    notes = "".join(f"<li>{text(note)}</li>" for note in indicator.reading_notes)
    rows = "".join(
        f"<dt>{text(name)}</dt><dd>{text(value)}</dd>" for name, value in _facts(indicator) if value
    )
    return (
        f'<article class="{css}" id="{text(indicator.code)}" data-key="{text(indicator.code)}"'
        f"{attributes(data_scroll=True if is_chosen else None)}>"
        f"<h3>{text(indicator.title)}</h3><p>{text(indicator.short)}</p><dl>{rows}"
        f"<dt>Notes de lecture</dt><dd><ul>{notes}</ul></dd></dl></article>"
    )


def _facts(indicator: Indicator) -> list[tuple[str, str | None]]:
    parts = [catalogue()[code].title for code in indicator.components]
    years = listed(sorted({str(line.year) for line in indicator.interessement}))
    return [
        ("Numérateur" if indicator.denominator else "Ce qui est compté", indicator.numerator),
        ("Dénominateur", indicator.denominator),
        ("Unité", indicator.unit_label),
        ("Sens", BETTER[indicator.better]),
        ("Entre territoires", OVER_TERRITORIES[indicator.aggregation.territories]),
        ("Au fil des mois", OVER_MONTHS[indicator.aggregation.months]),
        ("Somme de", listed(parts) if parts else None),
        ("Petits nombres", "De 1 à 10 : masqués" if indicator.counts_patients else None),
        ("Source", f"{indicator.source.system}. {indicator.source.definition}"),
        (
            "Fréquence",
            f"{FREQUENCIES[indicator.frequency]}, disponible après {indicator.delay_days} jours",
        ),
        ("Code COG", indicator.cog_code),
        ("Intéressement", years or None),
    ]
