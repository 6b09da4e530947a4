"""The referential of professions: names as files write them, ensembles and who they are held to."""

import pytest

from data.reference.professions import (
    part_frame,
    population_groups,
    profession_frame,
    profession_said_in,
    professions,
    read_profession,
    spellings,
)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Ensemble des médecins généralistes", "omnipraticiens"),
        ("omnipraticiens", "omnipraticiens"),
        (
            "Médecins généralistes (hors médecins à expertise particulière - MEP)",
            "medecins_generalistes_hors_mep",
        ),
        ("Infirmiers", "infirmiers"),
        ("INFIRMIÈRE", "infirmiers"),
        ("04 - Infirmiers", "infirmiers"),
        ("Masseurs-kinésithérapeutes", "masseurs_kinesitherapeutes"),
        ("Sage-femme", "sages_femmes"),
        ("Ensemble des chirurgiens-dentistes", "chirurgiens_dentistes"),
        (
            "Chirurgiens-dentistes spécialistes d'orthopédie dento-faciale (ODF)",
            "chirurgiens_dentistes_odf",
        ),
        ("Ensemble des médecins spécialistes (hors généralistes)", "medecins_specialistes"),
        ("Gynécologues médicaux et obstétriciens", "gynecologues"),
    ],
)
def test_names_as_files_write_them(text, code):
    reading = read_profession(text)
    assert (reading.code, reading.is_known) == (code, True)


def test_a_name_that_nobody_knows_is_kept_under_its_own():
    reading = read_profession("Ostéopathes exclusifs")
    assert (reading.code, reading.is_known) == ("osteopathes_exclusifs", False)
    assert read_profession("  ").code is None


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("drees_medecins_dep_2012_2020.csv", "medecins"),
        ("Médecins spécialistes par département", "medecins_specialistes"),
        ("Effectifs d’infirmiers libéraux", "infirmiers"),
        ("Infirmiers et sages-femmes", None),
        ("Population par département", None),
    ],
)
def test_the_profession_that_a_title_speaks_of(text, code):
    assert profession_said_in(text) == code


def test_ensembles_are_made_of_professions_only():
    frame = profession_frame()
    known = professions()
    ensembles = {code for code, found in known.items() if found.parts}
    assert ensembles == {
        "omnipraticiens",
        "chirurgiens_dentistes",
        "auxiliaires_medicaux",
        "medecins",
        "medecins_specialistes",
    }
    for code in ensembles:
        assert not ensembles & set(known[code].parts)
    assert len(known["medecins"].parts) == 25
    assert len(known["medecins_specialistes"].parts) == 23
    counted = part_frame().groupby("group_code")["part_count"].nunique()
    assert counted.eq(1).all()
    assert frame["is_ir41"].sum() == 6
    assert set(spellings().values()) == set(known)


def test_each_profession_is_held_to_its_own_people():
    groups = {code: found.population_group for code, found in professions().items()}
    assert set(groups.values()) == set(population_groups())
    special = {code: group for code, group in groups.items() if group != "all"}
    assert special == {
        "sages_femmes": "women_15_49",
        "pediatres": "under_15",
        "gynecologues": "women_15_plus",
    }
    assert all(0 < group.share <= 1 for group in population_groups().values())
