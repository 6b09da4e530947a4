"""Procedures are read from an explicit table of spellings, never guessed."""

import csv
import re
from pathlib import Path

import pytest

from data.reference.french_text import fold
from data.reference.procedures import DOMAINS, procedure_name, procedures, read_procedure

REFERENCE = Path(__file__).parents[2] / "data" / "reference"
SPELLINGS = list(
    csv.DictReader((REFERENCE / "msap_procedure_spellings.csv").open(encoding="utf-8"))
)


@pytest.mark.parametrize(
    ("text", "year", "code"),
    [
        ("Cholécystectomie", 2014, "cholecystectomie"),
        ("cholecystectomie", None, "cholecystectomie"),
        ("CHOLECYSTECTOMIE", 2016, "cholecystectomie"),
        ("Chirurgie l'épaule", 2014, "epaule"),
        ("Chirurgie de l’épaule", 2016, "epaule"),
        ("Chirurgie utérus", 2014, "uterus"),
        ("Chirurgie de l'utérus", 2016, "uterus"),
        ("Chirurgie utérus, vulve, vagin et AMP", 2014, "uterus_vulve_vagin_amp"),
        ("Chirurgie col, vulve, vagin", 2014, "col_uterin_vulve_vagin"),
        ("Chirurgie du col utérin, vulve, vagin", 2014, "col_uterin_vulve_vagin"),
        ("Chirurgie de la main", 2014, "main"),
        ("Chirurgie de la main Chirurgie de la", 2014, "main_dupuytren"),
        ("Chirurgie de la main pour maladie de Dupuytren", 2014, "main_dupuytren"),
        ("Chirurgie de la main Dupuytren", 2016, "main_dupuytren"),
        ("Chirurgie de la main ligaments et tendons", 2016, "main_ligaments_tendons"),
        ("Angioplasties membre supérieur", 2016, "angioplasties_membre_superieur"),
        ("Angioplasties du membre supérieur", 2014, "angioplasties_membre_superieur"),
        ("Arthroscopies du genou hors", 2014, "arthroscopies_genou"),
        ("Chirurgie canal carpien et autres", 2014, "canal_carpien_liberations"),
        ("Chirurgie canal carpien et autres libérations", 2016, "canal_carpien_liberations"),
        ("SCC", 2016, "canal_carpien"),
        ("Chirurgie du sein/tumorectomie", 2014, "sein_tumorectomie"),
        ("Varices", 2014, "varices"),
        ("HDJ acte SE", 2014, "hdj_acte_se"),
        ("HDI acte SE", 2016, "hdj_acte_se"),
        ("Exérèse de lésion sous-cutanée", 2016, "lesion_sous_cutanee"),
        ("Exérèse de lésions cutanées", 2016, "lesions_cutanees"),
        ("Pt hanche suite fracture", 2014, "prothese_hanche_fracture"),
    ],
)
def test_spellings_seen_in_print_name_their_procedure(text, year, code):
    reading = read_procedure(text, year)
    assert (reading.code, reading.finding) == (code, None)


@pytest.mark.parametrize(
    ("text", "year"),
    [
        # Near a known name, but in no table.
        ("Chirurgie du genou", 2014),
        ("Chirurgie de la mains", 2014),
        ("Cholécystectomies", 2016),
        ("Total", 2014),
        # A label cut in 2014 may have been cut from another one in another year.
        ("Chirurgie de la main Chirurgie de la", 2016),
        ("Chirurgie de la main Chirurgie de la", None),
    ],
)
def test_a_text_in_no_table_names_no_procedure_and_is_told(text, year):
    reading = read_procedure(text, year)
    assert reading.code is None
    assert f"« {text} » n’est pas un geste du référentiel" in reading.finding


@pytest.mark.parametrize("text", ["", "  ", "-"])
def test_an_empty_cell_is_told_apart(text):
    assert read_procedure(text).finding == "Geste absent."


def test_each_procedure_has_one_code_one_name_and_a_known_domain():
    frame = procedures()
    assert frame["procedure_code"].is_unique
    assert frame["procedure_name"].is_unique
    assert set(frame["domain"]) == set(DOMAINS)
    assert all(re.fullmatch(r"[a-z]+(_[a-z]+)*", code) for code in frame["procedure_code"])
    assert procedure_name("lec") == "LEC"


def test_each_other_spelling_is_listed_once_with_what_shows_it():
    folded = [fold(row["spelling"]) for row in SPELLINGS]
    names = {fold(name) for name in procedures()["procedure_name"]}
    assert len(set(folded)) == len(folded)
    assert not names.intersection(folded)
    assert all(row["evidence"] for row in SPELLINGS)
    assert {row["procedure_code"] for row in SPELLINGS} <= set(procedures()["procedure_code"])
