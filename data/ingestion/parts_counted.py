"""What says that a file counts only a part of those whom its contract counts, or something else.

``Population féminine`` over a table of population, a column ``Sexe`` that holds ``Femmes`` alone
and that the contract does not keep: read as they are, a part would pass for the whole.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from data.contracts.model import NUMBER_TYPES, Contract
from data.ingestion.heading_units import plain_heading
from data.ingestion.recognise import Candidate
from data.ingestion.sentences import quoted
from data.reference.french_text import fold

_SEXES = (re.compile(r"(?<!sage )(?<!sages )\bfemmes?\b|\bfeminine?s?\b|\bfilles\b"), re.compile(
    r"\bhommes?\b|\bmasculine?s?\b|\bgarcons\b"
))  # fmt: skip
_AGES = re.compile(r"\b(?:\d{1,3} (?:a \d{1,3} )?ans|(?:plus|moins) de \d{1,3} ans|mineurs)\b")
_DIMENSIONS = frozenset(
    {"sexe", "sex", "genre", "age", "ages", "tranche", "secteur", "convention", "conventionnel"}
    | {"conventionnement", "nationalite", "csp", "pcs"}
)
_WHOLE = re.compile(
    r"(?:.* )?(?:ensemble|total|totale|tous|toutes|tout|toute|all|t|deux sexes)(?: .*)?|h f|0+|9+"
)
# Per so many inhabitants, in per cent, in full-time equivalents: no counts of persons.
_NO_COUNTS = re.compile(
    r"\bpct\b|\bpourcentages?\b|\btaux\b|\bpour [\d ]+ hab|\bpar habitant"
    r"|\bequivalents? temps\b|\betp\b"
)
_USUAL_DENSITY = re.compile(r"\bpour 100 ?000 hab")
ROWS_LOOKED_AT = 5_000


def part_said(contract: Contract, candidate: Candidate) -> str | None:
    """The title above the table that speaks of a part only, or of other figures; null for none.

    A title that names both sexes, or several ages, announces a table of all of them. A contract
    that says in a column of its own whom it counts is left alone.
    """
    if not contract.counts_everybody or set(contract.part_columns) & set(candidate.columns):
        return None
    head = [cells for line, cells in candidate.sheet.rows if line < candidate.header_row]
    titles = [cell for cells in head for cell in cells if cell] + [candidate.sheet.name or ""]
    folded = [fold(title) for title in titles]
    said = [] if {"ensemble", "total"} & set(folded) else [*_parts(folded)]
    if len({word for _, word in said}) == 1:
        return titles[said[0][0]]
    if not _is_bare(contract, candidate):
        return None
    words = [f" {fold(word)} " for word in contract.not_about]
    is_density = "published_density" in candidate.positions
    others = (
        title
        for title, text in zip(titles, folded, strict=True)
        if any(word in f" {text} " for word in words)
        or (
            _NO_COUNTS.search(plain_heading(title))
            and not (is_density and _USUAL_DENSITY.search(text))
        )
    )
    return next(others, None)


def _parts(titles: Iterable[str]) -> Iterator[tuple[int, str]]:
    for at, title in enumerate(titles):
        for pattern in (*_SEXES, _AGES):
            for found in pattern.finditer(title):
                yield at, found[0]


def _is_bare(contract: Contract, candidate: Candidate) -> bool:
    """Whether no heading names the measure: years or professions alone stand over the numbers."""
    unfolded = {
        name: text for name, text in candidate.mapping.items() if candidate.is_unfolded(name)
    }
    types = {contract.column(name).type for name in unfolded}
    has_measure = bool(types & NUMBER_TYPES)
    is_named = any(letter.isalpha() for text in unfolded.values() for letter in text)
    return has_measure and ("profession" in types or not is_named)


def part_columns_left(contract: Contract, candidate: Candidate) -> list[tuple[str, str]]:
    """Headings of columns not kept that hold one value, which is of a part, and that value."""
    if not contract.counts_everybody or candidate.headings or candidate.sheet.big:
        return []
    header = next((c for line, c in candidate.sheet.rows if line == candidate.header_row), [])
    found = []
    for at, heading in enumerate(header):
        if heading not in candidate.unmapped or not _DIMENSIONS & set(fold(heading).split()):
            continue
        values = {
            cells[at]
            for line, cells in candidate.sheet.rows[:ROWS_LOOKED_AT]
            if line >= candidate.first_data_row and at < len(cells) and cells[at]
        }
        if len(values) == 1 and not is_whole(value := values.pop()):
            found.append((heading, value))
    return found


def is_whole(value: str) -> bool:
    """Whether a value of a column such as ``Sexe`` stands for everybody: ``Ensemble``."""
    return bool(_WHOLE.fullmatch(fold(value)))


def sentences_of_parts(contract: Contract, candidate: Candidate) -> list[str]:
    """What to tell of a file that counts a part only, and what to do."""
    told = [
        f"la colonne {quoted(heading)}, que ce contrat ne garde pas, ne contient que "
        f"{quoted(value)} : une partie serait comptée comme le tout. Envoyez l’ensemble, ou "
        "retirez la colonne si les nombres sont bien ceux de tous."
        for heading, value in part_columns_left(contract, candidate)
    ]
    said = part_said(contract, candidate)
    if said:
        told.append(
            f"d’après le titre {quoted(said)}, le tableau ne dénombre pas "
            f"{contract.counts_everybody} : une partie, ou d’autres chiffres. "
            "Envoyez le tableau de l’ensemble, ou retirez le titre s’il ne dit pas vrai."
        )
    return told
