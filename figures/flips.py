"""What changed between two publications: statuses that flipped, by name, and the cells behind."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from figures.formats import attainment_percent, counted, listed, number
from figures.markup import fold, text
from figures.records import records
from figures.sentences import flip_sentence, subject
from figures.status import status_word
from indicators.changes import FLIP_COLUMNS, CellCounts

SHOWN_AT_ONCE = 5
SIDES = (
    ("improved", "Favorables", "▲", "fav"),
    ("worsened", "Défavorables", "▼", "unf"),
)
OTHERS = {
    "appeared": ("résultat jugé depuis", "résultats jugés depuis"),
    "disappeared": ("résultat qui n’est plus jugé", "résultats qui ne sont plus jugés"),
}


@dataclass(frozen=True)
class Flip:
    """A figure whose status changed; attainments are proportions, None where not applicable."""

    territory_code: str
    territory_name: str
    indicator_code: str
    title: str
    status_before: str
    status_after: str
    attainment_before: float | None
    attainment_after: float | None
    change: str

    @property
    def distance(self) -> float:
        """How far the attainment moved, 0 where one is unknown."""
        if self.attainment_before is None or self.attainment_after is None:
            return 0.0
        return abs(self.attainment_after - self.attainment_before)

    @property
    def said(self) -> str:
        """The flip in a sentence, with both attainments."""
        sentence = flip_sentence(
            self.territory_code,
            self.territory_name,
            self.status_before,
            self.status_after,
            subject(self.title),
        )
        before = attainment_percent(self.attainment_before)
        return f"{sentence} ({before} → {attainment_percent(self.attainment_after)})"


def flips(frame: pd.DataFrame, titles: Mapping[str, str]) -> list[Flip]:
    """Rows of ``changes().flips``, those that moved furthest first.

    Args:
        frame: the flips.
        titles: of the indicators by code; others are left out.
    """
    rows = records(frame.astype(object).where(frame.notna(), None), FLIP_COLUMNS)
    known = [
        Flip(title=titles[row["indicator_code"]], **row)
        for row in rows
        if row["indicator_code"] in titles
    ]
    return sorted(known, key=lambda flip: -flip.distance)


COMPARABLE = "parmi ce qui est comparable"


def flips_finding(
    own: Sequence[Flip],
    under: Sequence[Flip],
    names: tuple[str, str, str] = ("", "", ""),
    is_whole: bool = True,
) -> str:
    """How many statuses flipped, in which direction; the territory and those under it apart.

    Args:
        own: flips of the territory itself.
        under: those of the territories under it; empty where it is one of the lowest level.
        names: the territory, then what those under it are, one and several (``caisses``).
        is_whole: whether every cell was compared; else what did not change is said of those that
            were.
    """
    whole, one, several = names
    if own and under:
        where = len({flip.territory_code for flip in under})
        return (
            f"{whole} : {_directions(own, is_whole)} ; "
            f"{counted(where, one, several)} : {_directions(under, is_whole)}"
        )
    said = _directions(own or under, is_whole)
    if not under:
        return said
    return f"{said}, dans {counted(len({flip.territory_code for flip in under}), one, several)}"


def _directions(total: Sequence[Flip], is_whole: bool) -> str:
    """How many of the flips improve, how many worsen."""
    if not total:
        among = "" if is_whole else f" {COMPARABLE}"
        return f"Aucun état n’a changé{among} depuis cette publication"
    better = sum(flip.change == "improved" for flip in total)
    worse = sum(flip.change == "worsened" for flip in total)
    if not better and not worse:
        return f"{counted(len(total), 'résultat jugé', 'résultats jugés')} dans une seule des deux"
    if not better:
        said = f"{counted(worse, 'état se dégrade', 'états se dégradent')}, aucun ne s’améliore"
    elif not worse:
        said = f"{counted(better, 'état s’améliore', 'états s’améliorent')}, aucun ne se dégrade"
    else:
        said = (
            f"{counted(better, 'état s’améliore', 'états s’améliorent')}, "
            f"{counted(worse, 'se dégrade', 'se dégradent')}"
        )
    if not is_whole and not (better and worse):
        said += f" {COMPARABLE}"
    return said


def cells_words(cells: CellCounts) -> str:
    """``252 cellules ajoutées, 18 modifiées, 0 retirée, 246 devenues définitives``."""
    said = [
        counted(cells.added, "cellule ajoutée", "cellules ajoutées"),
        counted(cells.moved, "modifiée"),
        counted(cells.withdrawn, "retirée"),
        counted(cells.confirmed, "devenue définitive", "devenues définitives"),
    ]
    hidden = (
        f" ; {number(cells.not_compared)} non comparées (effectifs masqués)"
        if cells.not_compared > 1
        else ""
    )
    return f"Une cellule est le mois d’un objectif d’une caisse : {listed(said)}{hidden}."


def flips_html(groups: Mapping[str, Sequence[Flip]], is_whole: bool = True) -> str:
    """The flips of each group under its name, favourable beside unfavourable; no empty group.

    ``is_whole`` as in the finding.
    """
    parts = [
        f'<h3 class="v-flip-of">{text(name)}</h3>{_sides(known, f"groupe-{place}")}'
        for place, (name, known) in enumerate(groups.items())
        if known
    ]
    among = "" if is_whole else f" {COMPARABLE}"
    return "".join(parts) or f'<p class="v-empty">Les états sont les mêmes{among}.</p>'


def _sides(known: Sequence[Flip], key: str) -> str:
    columns = "".join(
        _side([f for f in known if f.change == change], f"{icon} {name}", hue, f"{key}-{change}")
        for change, name, icon, hue in SIDES
    )
    others = [flip for flip in known if flip.change in OTHERS]
    html = f'<div class="v-sides">{columns}</div>' if len(others) < len(known) else ""
    if others:
        counts = [
            counted(sum(flip.change == change for flip in others), *words)
            for change, words in OTHERS.items()
            if any(flip.change == change for flip in others)
        ]
        html += fold(listed(counts), _list(others), f"{key}-autres")
    return html


def _side(known: Sequence[Flip], name: str, hue: str, key: str) -> str:
    heading = f'<h4 class="{hue}">{text(name)} : {len(known)}</h4>'
    if not known:
        return f'<div>{heading}<p class="v-note">Aucun.</p></div>'
    shown, folded = known[:SHOWN_AT_ONCE], known[SHOWN_AT_ONCE:]
    more = fold(f"Voir les {len(folded)} autres", _list(folded), key) if len(folded) > 1 else ""
    shown = shown if len(folded) != 1 else known
    return f"<div>{heading}{_list(shown)}{more}</div>"


def _list(known: Sequence[Flip]) -> str:
    items = "".join(f"<li>{text(flip.said)}</li>" for flip in known)
    return f'<ul class="v-flips">{items}</ul>'


def flips_records(known: Sequence[Flip]) -> pd.DataFrame:
    """Every flip for a file."""
    return pd.DataFrame(
        {
            "territoire_code": flip.territory_code,
            "territoire": flip.territory_name,
            "objectif_code": flip.indicator_code,
            "objectif": flip.title,
            "etat_avant": status_word(flip.status_before).word,
            "etat_apres": status_word(flip.status_after).word,
            "atteinte_avant": flip.attainment_before,
            "atteinte_apres": flip.attainment_after,
            "sens": flip.change,
        }
        for flip in known
    )
