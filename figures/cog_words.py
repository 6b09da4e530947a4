"""The texts that come with the COG's indicators, as we print them: codes, notes, abbreviations."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping

from figures.fiches import french_apostrophes
from figures.formats import MINUS, NARROW_SPACE
from indicators.cog import DoubtCode

ABBREVIATIONS: Mapping[str, str] = {
    "ACS": "aide au paiement d’une complémentaire santé",
    "ADR": "acquisition des droits en ligne",
    "AT/MP": "accidents du travail et maladies professionnelles",
    "BPCO": "bronchopneumopathie chronique obstructive",
    "CES": "centres d’examens de santé",
    "CP": "cours préparatoire",
    "DMS": "durée moyenne de séjour",
    "IC": "insuffisance cardiaque",
    "MSAP": "mise sous accord préalable",
    "ONDAM": "objectif national de dépenses d’assurance maladie",
    "PRADO": "programme d’accompagnement du retour à domicile",
    "PS": "professionnels de santé",
    "ROSP": "rémunération sur objectifs de santé publique",
    "SCOR": "scannérisation des ordonnances",
    "SSR": "soins de suite et de réadaptation",
    "ZEP": "zone d’éducation prioritaire",
}

SAID_BY_DOUBT: Mapping[DoubtCode, re.Pattern[str]] = {
    "carried_over": re.compile(r"identique à \d{4}"),
    "sign_convention": re.compile(r"écrit ces nombres en négatif"),
    "uncertain_reading": re.compile(r"lecture des colonnes"),
}
"""What a note says in its own words of a doubt that has its sentence."""

FIGURE = re.compile(r"\d{1,3}(?:[\s\u00a0\u202f]\d{3})+|\d+(?:,\d+)?")
PLACES = re.compile(r"(annexe|tableau) \d+|\b20\d\d\b")
WORDS_AROUND_FIGURES = re.compile(
    r"\b(annexe|tableau|objectifs?|cible|réalisé|révisée?|revus|donne|en|et|de|un|à|l)\b|[^\w]"
)
UNSIGNED_DECIMAL = re.compile(r"(?<![\d,+\u2212])(\d+,\d+)(?![\d,]|[\s\u202f]%)")
SIGNED_DECIMAL = re.compile(r"(?<=\()([+\u2212]\d+,\d+)(?=\))")
MONTH_VALUE = re.compile(r"(\b[a-zéû]+ 20\d\d : )(\d+)$")


def code_shown(code: str) -> str:
    """The code as the COG writes it: ``IR8-SCOR``, without the words that tell its lines apart."""
    return re.sub(r"-[a-zà-ÿ][a-zà-ÿ-]+$", "", code)


def abbreviations_in(labels: Iterable[str]) -> dict[str, str]:
    """What the abbreviations of some labels stand for, in order."""
    words = set(re.findall(r"[A-Z]+(?:/[A-Z]+)?", " ".join(labels)))
    return {short: long for short, long in ABBREVIATIONS.items() if short in words}


def note_words(note: str, unit: str, doubts: Collection[DoubtCode], said: str) -> str:
    """What a note adds to the sentences above it, with signs and units; empty where nothing.

    Args:
        note: as published, parts separated by semicolons.
        unit: of the indicator; its percentages are written without sign in the notes.
        doubts: those that have a sentence.
        said: these sentences.
    """
    known = _figures(said)
    parts = (part.strip() for part in french_apostrophes(note).split(";"))
    kept = [part for part in parts if part and not _is_said(part, doubts, known)]
    return " ; ".join(_typed(part, unit) for part in kept)


def _is_said(part: str, doubts: Collection[DoubtCode], known: Collection[str]) -> bool:
    if any(SAID_BY_DOUBT[code].search(part) for code in doubts if code in SAID_BY_DOUBT):
        return True
    figures = _figures(part)
    others = WORDS_AROUND_FIGURES.sub("", FIGURE.sub("", PLACES.sub("", part)))
    return bool(figures) and figures <= set(known) and not others.strip("_")


def _figures(words: str) -> set[str]:
    return {re.sub(r"\s", "", figure) for figure in FIGURE.findall(PLACES.sub("", words))}


def _typed(part: str, unit: str) -> str:
    typed = re.sub(r"(?<![\w-])-(?=\d)", MINUS, part)
    if unit != "%":
        return typed
    typed = MONTH_VALUE.sub(rf"\1\2{NARROW_SPACE}%", typed)
    typed = SIGNED_DECIMAL.sub(rf"\1{NARROW_SPACE}pt", typed)
    return UNSIGNED_DECIMAL.sub(rf"\1{NARROW_SPACE}%", typed)
