"""What PRADO changes in care: days to the first contact, and the savings that were expected."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from figures.formats import (
    ABSENT,
    NARROW_SPACE,
    attainment_percent,
    known_float,
    number,
    percent,
    signed,
)
from figures.grammar import is_plural, typeset
from figures.markup import table, text
from figures.prado import VOLETS
from figures.programme_bars import Bar, bar_cell, bars_svg, ceiling
from figures.programme_sources import named
from figures.records import records
from indicators.programme_costs import ratio

SURGERIES: Mapping[str, str] = {"hanche": "Hanche", "prothese_genou": "Prothèse du genou"}
PROFESSIONALS: Mapping[str, str] = {
    "masseur_kinesitherapeute": "Masseur-kinésithérapeute",
    "infirmier": "Infirmier",
    "medecin_generaliste": "Médecin généraliste",
}


@dataclass(frozen=True)
class Contact:
    """Mean days to the first contact with a professional, with PRADO and among the eligible."""

    surgery: str
    professional: str
    with_prado: float
    eligible: float

    @property
    def gained(self) -> float:
        """Days gained, negative where PRADO is later."""
        return round(self.eligible - self.with_prado, 6)


def contacts(rows: pd.DataFrame) -> list[Contact]:
    """Rows of ``programmes/first_contact_delay`` whose both delays are known."""
    columns = ("surgery", "professional", "prado_days", "eligible_days")
    return [
        Contact(
            named(SURGERIES, row["surgery"]),
            named(PROFESSIONALS, row["professional"]),
            float(row["prado_days"]),
            float(row["eligible_days"]),
        )
        for row in records(rows, columns)
        if known_float(row["prado_days"]) is not None
        and known_float(row["eligible_days"]) is not None
    ]


def contacts_finding(known: Sequence[Contact], year: int) -> str:
    """Where PRADO gains days, and where it gains none."""
    gains = [one.gained for one in known if one.gained >= 1]
    others = [one for one in known if one.gained < 1]
    if not gains:
        return typeset(f"Premier contact {year} : aucun jour entier gagné avec PRADO")
    who = sorted({one.professional.lower() for one in others})
    span = (
        days(gains[0])
        if min(gains) == max(gains)
        else f"de {number(min(gains), 1)} à {days(max(gains))}"
    )
    said = f"Avec PRADO, le premier contact est avancé {span}"
    if who:
        said += f", sauf avec le {' et le '.join(who)}"
    return typeset(f"{said} ({year})")


def days(value: float) -> str:
    """``1,9 jour``, ``2,0 jours``."""
    return f"{number(value, 1)}{NARROW_SPACE}{'jours' if is_plural(value, 1) else 'jour'}"


def contacts_table(known: Sequence[Contact], caption: str) -> str:
    """With PRADO and without, as two dots of one scale, and the days gained."""
    top = max((max(one.with_prado, one.eligible) for one in known), default=1.0)
    rows = [
        (
            f"{text(one.professional)} <small>{text(one.surgery)}</small>",
            _dots(one, top),
            number(one.with_prado, 1),
            number(one.eligible, 1),
            _gained(one),
        )
        for one in known
    ]
    heads = (
        "Professionnel et opération",
        "Avec (plein) et sans (vide)",
        "Avec PRADO (jours)",
        "Sans (jours)",
        "Jours gagnés",
    )
    return table(caption, heads, rows, numeric=(2, 3, 4), is_stacked=True)


def _dots(one: Contact, top: float) -> str:
    first, last = sorted((one.with_prado, one.eligible))
    left, width = first / top * 100, (last - first) / top * 100
    return (
        f'<span class="v-dots" aria-hidden="true"><s style="left:{left:.1f}%;width:{width:.1f}%">'
        f'</s><i class="open" style="left:{one.eligible / top * 100:.1f}%"></i>'
        f'<i style="left:{one.with_prado / top * 100:.1f}%"></i></span>'
    )


def _gained(one: Contact) -> str:
    hue = "fav" if one.gained > 0 else "unf"
    icon = "▲" if one.gained > 0 else "▼"
    return f'<span class="{hue}">{icon} {signed(one.gained, 1)}</span>'


def contacts_svg(known: Sequence[Contact], alt: str) -> str:
    """Delays with PRADO and without, under each other."""
    bars = [
        Bar(f"{one.professional}, {one.surgery.lower()}, {way}", value, days(value), hue)
        for one in known
        for way, value, hue in (
            ("avec PRADO", one.with_prado, "fav"),
            ("sans", one.eligible, "neu"),
        )
    ]
    return bars_svg(bars, alt)


def contacts_records(known: Sequence[Contact]) -> pd.DataFrame:
    """Delays for a file."""
    return pd.DataFrame(
        {
            "operation": one.surgery,
            "professionnel": one.professional,
            "jours_avec_prado": one.with_prado,
            "jours_sans": one.eligible,
            "jours_gagnes": one.gained,
        }
        for one in known
    )


@dataclass(frozen=True)
class Saving:
    """What a volet was expected to change in spending, in millions of euros: negative saves."""

    volet: str
    adhesions: float | None
    hospital: float | None
    city: float | None
    is_total: bool = False

    @property
    def net(self) -> float:
        """Hospital and city together, what is blank left out."""
        return (self.hospital or 0.0) + (self.city or 0.0)

    @property
    def per_adhesion_eur(self) -> float | None:
        """Net euros for one adhesion."""
        return ratio(self.net * 1e6, self.adhesions)


def savings(rows: pd.DataFrame) -> list[Saving]:
    """Rows of ``programmes/savings``, the printed total last, with the sum of the adhesions."""
    columns = ("label", "adhesions", "hospital_meur", "city_meur", "is_total")
    found = [
        Saving(
            str(row["label"]),
            known_float(row["adhesions"]),
            known_float(row["hospital_meur"]),
            known_float(row["city_meur"]),
            bool(row["is_total"]),
        )
        for row in records(rows, columns)
    ]
    return sorted(found, key=lambda one: one.is_total)


def total_of(known: Sequence[Saving]) -> Saving | None:
    """The sum of the volets; None without any."""
    parts = [one for one in known if not one.is_total]
    if not parts:
        return None
    return Saving(
        "ensemble",
        sum(one.adhesions or 0.0 for one in parts),
        sum(one.hospital or 0.0 for one in parts),
        sum(one.city or 0.0 for one in parts),
        is_total=True,
    )


def savings_finding(known: Sequence[Saving], year: int) -> str:
    """The net saving expected, and the volet that carries most of it."""
    total = total_of(known)
    if total is None or total.net >= 0:
        return typeset(f"Économies attendues en {year} : rien de publié")
    most = min((one for one in known if not one.is_total), key=lambda one: one.net)
    return typeset(
        f"{meur(-total.net)} d’économies attendues de PRADO en {year}, dont "
        f"{percent(most.net / total.net, 0)} de la seule {named(VOLETS, most.volet).lower()}"
    )


def meur(value: float) -> str:
    """``127,3 M€``."""
    return f"{number(value, 1)}{NARROW_SPACE}M€"


def savings_table(known: Sequence[Saving], caption: str) -> str:
    """Hospital, city and net by volet; the printed total beside its sum."""
    total = total_of(known)
    top = ceiling([_net_bar(one) for one in known if not one.is_total])
    rows = [_saving_row(one, top) for one in known if not one.is_total]
    if total is not None:
        rows.append(_saving_row(total, top))
    heads = (
        "Volet",
        "Net attendu (M€)",
        "Hôpital (M€)",
        "Ville (M€)",
        "Adhésions attendues",
        "Net par adhésion (€)",
    )
    return table(caption, heads, rows, numeric=(2, 3, 4, 5), is_stacked=True)


def _net_bar(one: Saving) -> Bar:
    return Bar(
        named(VOLETS, one.volet), one.net, signed(one.net, 1), "fav" if one.net < 0 else "unf"
    )


def _saving_row(one: Saving, top: float) -> tuple[str, ...]:
    name = "<b>Somme des volets</b>" if one.is_total else text(named(VOLETS, one.volet))
    each = one.per_adhesion_eur
    return (
        name,
        f"<b>{signed(one.net, 1)}</b>" if one.is_total else bar_cell(_net_bar(one), top),
        ABSENT if one.hospital is None else signed(one.hospital, 1),
        ABSENT if one.city is None else signed(one.city, 1),
        number(one.adhesions),
        ABSENT if each is None else signed(each, 0),
    )


def savings_words(known: Sequence[Saving], made: float | None, year: int) -> str:
    """Whether the printed totals are the sums, and what became of the adhesions behind them."""
    total, printed = total_of(known), next((one for one in known if one.is_total), None)
    said = []
    if total is not None and printed is not None:
        pairs = ((printed.hospital, total.hospital), (printed.city, total.city))
        agrees = all(a is None or abs(a - (b or 0.0)) < 0.05 for a, b in pairs)
        said.append(
            "Les totaux imprimés sont bien les sommes des volets."
            if agrees
            else "Les totaux imprimés diffèrent des sommes des volets."
        )
    if total is not None and made and total.adhesions:
        said.append(
            f"Ces économies supposaient {number(total.adhesions)} adhésions en {year} ; "
            f"{number(made)} ont été publiées ({attainment_percent(made / total.adhesions, 0)})."
        )
    said.append("Aucune évaluation publiée ne dit ce qui a été économisé.")
    return typeset(" ".join(said))


def savings_svg(known: Sequence[Saving], alt: str) -> str:
    """The net amount expected of each volet, by its size."""
    return bars_svg([_net_bar(one) for one in known if not one.is_total], alt)


def savings_records(known: Sequence[Saving]) -> pd.DataFrame:
    """Volets and printed total for a file."""
    return pd.DataFrame(
        {
            "volet": "Total imprimé" if one.is_total else named(VOLETS, one.volet),
            "adhesions_attendues": one.adhesions,
            "hopital_meur": one.hospital,
            "ville_meur": one.city,
            "net_meur": one.net,
            "net_par_adhesion_eur": one.per_adhesion_eur,
        }
        for one in known
    )
