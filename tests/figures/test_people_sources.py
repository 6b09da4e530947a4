"""Whence the people of a distribution come, in words."""

from figures.people_sources import people_words
from figures.professions import GRAIN_NOUNS

CENSUS_WORDS = "population municipale 2023"


def said(territories, profession="infirmiers", **same):
    noun = GRAIN_NOUNS["departement"]
    return people_words(territories, profession, 2024, CENSUS_WORDS, noun, **same)


def test_one_census_for_all_years_says_what_the_change_can_t_hold():
    assert said({"census": 101}) == CENSUS_WORDS
    assert said({"census": 101}, same_years=(2024,), is_every_year=True) == CENSUS_WORDS
    assert said({"census": 101}, same_years=(2023, 2024), is_every_year=True) == (
        "population municipale 2023, la même pour toutes les années\u00a0: l’évolution ne tient "
        "compte que des effectifs"
    )
    assert "la même de 2012 à 2020" in said({"census": 101}, same_years=(2012, 2016, 2020))


def test_a_reference_group_is_a_share_of_the_census():
    assert said({"census": 101}, "sages_femmes").startswith(
        "part nationale des femmes de 15 à 49 ans dans la population municipale 2023"
    )


def test_several_sources_are_counted_the_most_frequent_first():
    assert said({"census": 3, "implied": 98}) == (
        "population déduite des densités publiées de 2024 (98 départements)\u202f; "
        "population municipale 2023 (3 départements)"
    )
    assert said({"sent": 101}) == "population reçue pour 2024"
    assert said({}) == ""
