"""The fiches of the COG as readers name them, and the texts of the extract as we print them."""

from __future__ import annotations

FICHES = {
    "4": "Accès aux soins",
    "7": "Accompagnement des patients",
    "8": "Services aux professionnels de santé",
    "10": "Prévention",
    "11": "Soins de proximité",
    "12": "Bonnes pratiques et MSAP",
    "13": "Maîtrise des dépenses",
    "14": "Données de santé",
}


def fiche_name(fiche: str) -> str:
    """``Fiche 7 – Accompagnement des patients``; the number alone where it has no name here."""
    name = FICHES.get(fiche)
    return f"Fiche {fiche} – {name}" if name else f"Fiche {fiche}"


def french_apostrophes(words: str) -> str:
    """The words of an extract with the apostrophe of print: « l’État »."""
    return words.replace("'", "’")
