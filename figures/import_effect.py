"""What an import would change of what is served: cells old and new, gaps that enter or leave."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from data.ingestion.sentences import written
from figures.formats import counted, number, quantity, short_month
from figures.markup import table, text
from figures.received import contract_name
from indicators.catalogue import catalogue
from indicators.suppression import is_small

MOVED_SHOWN = 12
SMALL = "de 1 à 10"
WITHHELD = "valeurs du mois masquées : elles diraient de petits nombres"
FIELDS = {
    "realised": "réalisé",
    "numerator": "numérateur",
    "denominator": "dénominateur",
    "objective": "objectif",
    "provisional": "provisoire",
    "points": "points",
    "attainment": "atteinte",
    "requests": "demandes",
    "approvals": "accords",
    "refusals": "refus",
    "pending": "en attente",
    "stays": "séjours",
    "answered_within_48h": "réponses sous 48 h",
    "weight_pct": "poids (%)",
    "headcount": "effectif",
    "fte": "ETP",
    "population": "population",
    "gini": "Gini",
    "adhesions": "adhésions",
    "eligible": "éligibles",
    "new_in_care_gap": "en écart aux soins",
    "value": "valeur",
    "unit": "unité",
    "step_count": "nombre",
    "cumulated": "cumul",
    "of_which_year": "dont année",
    "achieved": "réalisé",
    "on_time": "à l’heure",
    "due": "échéance",
}
NOT_PATIENTS = frozenset(
    {"points", "attainment", "weight_pct", "headcount", "fte", "population", "gini", "provisional"}
    | {"unit", "achieved", "on_time", "due"}
)
"""Fields that count nobody's patients nor requests about them."""

Sees = Callable[[str | None], bool]


@dataclass(frozen=True)
class GapMove:
    """A gap that enters the first five of a territory, or leaves them.

    ``rank`` is its place there, from 1; ``is_in`` whether it enters.
    """

    territory_name: str
    title: str
    rank: int
    is_in: bool


def effect_table(effects: Mapping[str, Mapping[str, Any]]) -> str:
    """One line a contract: cells added, moved, withdrawn, unchanged."""
    rows = [
        (
            text(contract_name(contract)),
            number(effect["added"]),
            number(effect["moved"]),
            number(effect["withdrawn"]),
            number(effect["unchanged"]),
        )
        for contract, effect in effects.items()
    ]
    headings = ("Contrat", "Ajoutées", "Modifiées", "Retirées", "Inchangées")
    return table("Valeurs qui changent, par contrat", headings, rows, (1, 2, 3, 4), is_stacked=True)


def effect_finding(effects: Mapping[str, Mapping[str, Any]]) -> str:
    """How many cells change in all."""
    added = sum(effect["added"] for effect in effects.values())
    moved = sum(effect["moved"] for effect in effects.values())
    withdrawn = sum(effect["withdrawn"] for effect in effects.values())
    if not added + moved + withdrawn:
        return "Rien ne changera dans les chiffres publiés"
    return (
        f"{counted(added, 'valeur ajoutée', 'valeurs ajoutées')}, "
        f"{counted(moved, 'modifiée')}, {counted(withdrawn, 'retirée')}"
    )


def flips_words(changes: Sequence[str]) -> str:
    """How many statuses flip, how many figures are judged anew or no more; empty where none is.

    ``changes`` is what each of them does: ``improved, worsened, appeared, disappeared``.
    """
    flipped = sum(change in {"improved", "worsened"} for change in changes)
    said = [counted(flipped, "état qui bascule", "états qui basculent")] if flipped else []
    if new := sum(change == "appeared" for change in changes):
        said.append(counted(new, "résultat nouvellement jugé", "résultats nouvellement jugés"))
    if gone := sum(change == "disappeared" for change in changes):
        said.append(
            counted(gone, "résultat qui n’est plus jugé", "résultats qui ne sont plus jugés")
        )
    return ", ".join(said)


def moved_table(
    contract: str, effect: Mapping[str, Any], names: Mapping[str, str], sees: Sees
) -> str:
    """Some of the cells that move or are withdrawn, old beside new; empty where none is.

    Args:
        contract: the contract.
        effect: what the preview told of it.
        names: territories by code.
        sees: whether the reader may see the small counts of a territory, by its code.
    """
    unusual = {
        (cell["caisse_code"], cell["indicator_code"], str(cell["month"])[:10]): cell["side"]
        for cell in effect.get("unusual", ())
    }
    samples = [*effect["withdrawn_sample"], *effect["moved_sample"]]
    # Months of an establishment are for who has the right: one changed tells what others sent.
    is_told = contract != "msap"
    rows = [_moved_row(row, names, sees, unusual, is_told) for row in samples[:MOVED_SHOWN]]
    if not rows:
        return ""
    total = effect["moved"] + effect["withdrawn"]
    left = total - len(rows)
    more = f'<p class="v-note">… et {number(left)} autres.</p>' if left > 0 else ""
    headings = ("Où", "Avant → après", "Régularité")
    caption = f"Valeurs modifiées ou retirées : {contract_name(contract)}"
    return table(caption, headings, rows, is_stacked=True) + more


def _moved_row(
    row: Mapping[str, Any],
    names: Mapping[str, str],
    sees: Sees,
    unusual: Mapping[tuple[str, str, str], str],
    is_told: bool,
) -> tuple[str, ...]:
    place = row.get("caisse_code") or row.get("territory_code")
    is_seen = sees(place)
    key = [
        _named(name, value, names)
        for name, value in row.items()
        if name != "effect" and not name.startswith(("former_", "new_")) and value is not None
    ]
    changes = [] if is_told or is_seen else [WITHHELD]
    for name, value in row.items() if is_told or is_seen else ():
        field = name.removeprefix("former_")
        if not name.startswith("former_") or value == row[f"new_{field}"]:
            continue
        is_hidden = not is_seen and tells_patients(field, value, row.get("indicator_code"))
        former = SMALL if is_hidden else _said(value)
        changes.append(
            f"{text(FIELDS.get(field, field))} <b>{text(former)} → "
            f"{text(_said(row[f'new_{field}']))}</b>"
        )
    side = unusual.get((str(place), str(row.get("indicator_code")), str(row.get("month"))[:10]), "")
    return text(", ".join(key)), "<br>".join(changes), unusual_sign(side)


def unusual_sign(side: str) -> str:
    """Whether a value lies outside of what its series was expected to give."""
    if not side:
        return '<span class="neu">–</span>'
    word = "au-dessus" if side == "above" else "au-dessous"
    return f'<span class="unf v-sign"><i>▼</i> Inhabituel : {word} des limites</span>'


def _named(name: str, value: Any, names: Mapping[str, str]) -> str:
    if name in {"caisse_code", "territory_code"}:
        return names.get(str(value), str(value))
    if name == "indicator_code":
        indicator = catalogue().get(str(value))
        return indicator.title if indicator else str(value)
    if name == "month":
        return short_month(date.fromisoformat(str(value)[:10]))
    return str(value)


def tells_patients(field: str, value: Any, indicator_code: str | None = None) -> bool:
    """Whether a value of a field is a small count of patients, or of requests about them."""
    if field in NOT_PATIENTS or not is_small(value) or not float(value).is_integer():
        return False
    indicator = catalogue().get(indicator_code or "")
    return indicator is None or indicator.counts_patients


def _said(value: Any) -> str:
    """The value in French."""
    return written(
        float(value) if isinstance(value, int) and not isinstance(value, bool) else value
    )


def unusual_table(effect: Mapping[str, Any], names: Mapping[str, str], sees: Sees) -> str:
    """The values outside of what their series was expected to give; empty where none is."""
    cells = effect.get("unusual", ())
    if not cells:
        return ""
    rows = []
    for cell in cells[:MOVED_SHOWN]:
        indicator = catalogue()[cell["indicator_code"]]
        is_seen = sees(cell["caisse_code"]) or not indicator.counts_patients
        former = (
            "nouvelle" if cell["former"] is None else _shown(cell["former"], indicator, is_seen)
        )
        rows.append(
            (
                text(names.get(cell["caisse_code"], cell["caisse_code"])),
                text(indicator.title),
                short_month(date.fromisoformat(str(cell["month"])[:10])),
                text(former),
                f"<b>{text(_shown(cell['new'], indicator, True))}</b>",
                text(_expected(cell, indicator)) if is_seen else "–",
                unusual_sign(cell["side"]),
            )
        )
    left = effect["unusual_total"] - len(rows)
    more = f'<p class="v-note">… et {number(left)} autres.</p>' if left > 0 else ""
    headings = ("Caisse", "Indicateur", "Mois", "Avant", "Après", "Attendu", "Régularité")
    return table("Valeurs inhabituelles", headings, rows, (3, 4, 5), is_stacked=True) + more


def _shown(value: float, indicator: Any, is_seen: bool) -> str:
    if not is_seen and is_small(value):
        return SMALL
    return quantity(value, indicator.unit)


def _expected(cell: Mapping[str, Any], indicator: Any) -> str:
    low = cell["lower"]
    if indicator.unit in {"count", "eur", "proportion", "days"}:
        low = max(low, 0.0)
    return f"{quantity(low, indicator.unit)} à {quantity(cell['upper'], indicator.unit)}"


def gaps_html(moves: Sequence[GapMove]) -> str:
    """Which gaps enter or leave the first five of each territory."""
    if not moves:
        return "<p>Les cinq premiers écarts de chaque territoire restent les mêmes.</p>"
    items = []
    for move in moves:
        icon, hue, verb = ("▼", "unf", "entre") if move.is_in else ("▲", "fav", "sort")
        place = f"{move.rank}{'er' if move.rank == 1 else 'e'}"
        tail = f"au {place} rang" if move.is_in else f"(était {place})"
        items.append(
            f'<li><i class="{hue}">{icon}</i> {text(move.territory_name)} : '
            f"« {text(move.title)} » {verb} {tail}</li>"
        )
    return f'<ul class="v-said">{"".join(items)}</ul>'
