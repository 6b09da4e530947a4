"""Reads a department's code in every form in which files write it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from data.reference.french_text import fold, plain_text, quoted
from data.reference.territories import department_rows

OLD_CORSICA = "20"
MAYOTTE = "976"
SAINT_PIERRE_ET_MIQUELON = "975"
OTHER_COLLECTIVITIES = {
    "975": "Saint-Pierre-et-Miquelon",
    "977": "Saint-Barthélemy",
    "978": "Saint-Martin",
    "984": "Terres australes et antarctiques françaises",
    "986": "Wallis-et-Futuna",
    "987": "Polynésie française",
    "988": "Nouvelle-Calédonie",
    "989": "Île de Clipperton",
}
"""Overseas collectivities, none of which is one of the 101 departments."""

FINESS_CODES = {"9A": "971", "9B": "972", "9C": "973", "9D": "974", "9F": "976"}
"""Two-character codes of the overseas departments in FINESS and ADELI."""

TOTAL_CODES = frozenset({"0", "99", "999"})
TOTAL_NAMES = frozenset(
    {
        "ensemble",
        "total",
        "total general",
        "tout departement",
        "tous departements",
        "tous les departements",
        "france",
        "france entiere",
        "france metropolitaine",
        "france hors mayotte",
        "metropole",
        "national",
        "dom",
        "drom",
        "outre mer",
    }
)

_CODE = r"(?:d[ée]p(?:t|artement)?[.\s-]*|D\s*)?(?P<code>0*(?:2[AB]|9[A-F]|\d{1,3}))(?:[.,]0+)?"
_CODE_FIRST = re.compile(rf"{_CODE}(?:\s*[-–—:]\s*|\s+|$)(?P<name>\D*)", re.IGNORECASE | re.ASCII)
_CODE_LAST = re.compile(rf"(?P<name>\D+?)\s*\(\s*{_CODE}\s*\)", re.IGNORECASE | re.ASCII)
_KEPT_AS_TEXT = re.compile(r"=?\"([^\"]*)\"|'(.*)")
_CORSICA_APART = re.compile(r"(?<=\d) (?=[AB]\b)", re.IGNORECASE)
_PART_OF_RHONE = re.compile(r"0?69[DM]\b.*", re.IGNORECASE)
_ABBREVIATIONS = {
    "hte": "haute",
    "htes": "hautes",
    "st": "saint",
    "pce": "provence",
    "terr": "territoire",
}
_ARTICLES = ("la ", "le ", "les ", "l ")


@dataclass(frozen=True)
class DepartmentReading:
    """What a text says of a department.

    Attributes:
        code: one of the 101 codes (``01``, ``2A``, ``971``), null when none can be told for sure.
        finding: a French sentence when something is to be told to the sender, else null. A code
            may come with a finding (the name beside it contradicts it); no code always does.
    """

    code: str | None
    finding: str | None = None

    @property
    def territory_code(self) -> str | None:
        """The code among those of all territories (``DEP-01``), null when none was read."""
        return None if self.code is None else f"DEP-{self.code}"


@dataclass(frozen=True)
class TerritoryReading:
    """What a text says of a territory of any level.

    Attributes:
        code: a territory's code (``REG-84``, ``CPAM-43``), null when none can be told for sure.
        finding: a French sentence when something is to be told to the sender, else null; no code
            always comes with one.
    """

    code: str | None
    finding: str | None = None


def read_department(text: str, *, is_975_mayotte: bool = False) -> DepartmentReading:
    """The department that a text means; never raises.

    Reads ``1``, ``01``, ``001``, ``1.0``, ``D01``, ``DEP-01``, ``2a``, ``01- Ain``,
    ``972 - Martinique``, ``Ain (01)``. The code decides: a name alone is never read, a name that
    contradicts the code is told. Totals (``999``, ``Ensemble``) are no departments.

    Args:
        text: the cell, as text.
        is_975_mayotte: whether the file is known to write 975 for Mayotte, as some did before
            2011. Told in a finding all the same.
    """
    cell = _CORSICA_APART.sub("", _unescaped(plain_text(text)))
    if not cell:
        return DepartmentReading(None, "Code de département absent.")
    if fold(cell) in TOTAL_NAMES:
        return _total(cell)
    if _PART_OF_RHONE.fullmatch(cell):
        sentence = f"{quoted(cell)} est une partie du département 69 (Rhône) ; écrire 69."
        return DepartmentReading(None, sentence)
    match = _CODE_FIRST.fullmatch(cell) or _CODE_LAST.fullmatch(cell)
    if match is None:
        return _without_code(cell)
    if match.re is _CODE_LAST and _is_noted(match["name"], match["code"]):
        sentence = (
            f"{quoted(cell)} est un nom suivi d’un autre numéro que le sien, sans doute un appel "
            "de note ; écrire le code seul."
        )
        return DepartmentReading(None, sentence)
    return _by_code(cell, match["code"].upper(), match["name"].strip(), is_975_mayotte)


def _is_noted(name: str, written: str) -> bool:
    """Whether a name is that of a total or of another department than the number after it."""
    if fold(name) in TOTAL_NAMES:
        return True
    code = _codes_by_name().get(_comparable(name.strip()))
    bare = written.upper().lstrip("0").zfill(2)
    if bare == SAINT_PIERRE_ET_MIQUELON:
        return False
    return code is not None and code != FINESS_CODES.get(bare, bare)


def department_name(code: str) -> str:
    """The official name of a department.

    Raises:
        KeyError: none of the 101 departments has this code.
    """
    return _names()[code]


@cache
def _names() -> dict[str, str]:
    return {row["departement"]: row["nom"] for row in department_rows()}


@cache
def _codes_by_name() -> dict[str, str]:
    return {_comparable(name): code for code, name in _names().items()}


def _unescaped(cell: str) -> str:
    """The cell without the marks that keep a spreadsheet from reading it as a number."""
    escaped = _KEPT_AS_TEXT.fullmatch(cell)
    return escaped[1] or escaped[2] if escaped else cell


def _by_code(cell: str, written: str, name: str, is_975_mayotte: bool) -> DepartmentReading:
    bare = written.lstrip("0") or "0"
    code = bare.zfill(2)
    if code in _names():
        return DepartmentReading(code, _contradiction(code, name))
    if bare in TOTAL_CODES:
        return _total(cell)
    if code in FINESS_CODES:
        return _finess(code, name)
    if code == SAINT_PIERRE_ET_MIQUELON:
        return _975(cell, name, is_975_mayotte)
    return DepartmentReading(None, _not_a_department(cell, code))


def _total(cell: str) -> DepartmentReading:
    sentence = f"{quoted(cell)} est un total, non un département : les totaux sont recalculés."
    return DepartmentReading(None, sentence)


def _finess(code: str, name: str) -> DepartmentReading:
    department = FINESS_CODES[code]
    sentence = (
        f"« {code} » est le code FINESS du département {department} "
        f"({_names()[department]}) ; lu comme {department}."
    )
    return DepartmentReading(department, _contradiction(department, name) or sentence)


def _975(cell: str, name: str, is_mayotte: bool) -> DepartmentReading:
    means_mayotte = _comparable(name) == "mayotte" or (is_mayotte and not name)
    if means_mayotte:
        sentence = f"{quoted(cell)} : 975 est l’ancien code de Mayotte ; lu comme 976."
        return DepartmentReading(MAYOTTE, sentence)
    sentence = (
        f"{quoted(cell)} : 975 désigne Saint-Pierre-et-Miquelon, hors des 101 départements ; "
        "écrire 976 s’il s’agit de Mayotte."
    )
    return DepartmentReading(None, sentence)


def _not_a_department(cell: str, code: str) -> str:
    if code == OLD_CORSICA:
        return f"{quoted(cell)} : le département 20 (Corse) n’existe plus ; écrire 2A ou 2B."
    if code == "97":
        return f"{quoted(cell)} ne dit pas quel département d’outre-mer ; écrire 971 à 974 ou 976."
    if code in OTHER_COLLECTIVITIES:
        name = OTHER_COLLECTIVITIES[code]
        return f"{quoted(cell)} désigne une collectivité ({name}) hors des 101 départements."
    return f"{quoted(cell)} n’est le code d’aucun des 101 départements."


def _without_code(cell: str) -> DepartmentReading:
    code = _codes_by_name().get(_comparable(cell))
    if code is not None:
        sentence = f"{quoted(cell)} est un nom ; écrire le code du département, {code}."
    else:
        sentence = f"{quoted(cell)} n’est pas un code de département."
    return DepartmentReading(None, sentence)


def _contradiction(code: str, name: str) -> str | None:
    """The sentence that tells that a name is not that of the code; null when they agree."""
    comparable = _comparable(name)
    official = _names()[code]
    if not comparable or comparable == _comparable(official):
        return None
    other = _codes_by_name().get(comparable)
    whose = f", nom du département {other}" if other else ""
    return (
        f"Le code {code} désigne « {official} », mais le nom écrit est {quoted(name)}{whose} ; "
        f"le code {code} a été retenu, à vérifier."
    )


def _comparable(name: str) -> str:
    """The name folded, usual abbreviations written out, without its leading article."""
    words = (_ABBREVIATIONS.get(word, word) for word in fold(name).split())
    joined = " ".join(words)
    for article in _ARTICLES:
        joined = joined.removeprefix(article)
    return joined
