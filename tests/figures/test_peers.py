"""A group of peers in words: number, gender, and what is not known."""

import pytest

from figures.peers import by_size_words, chosen_words, median_words, too_few_sentence


@pytest.mark.parametrize(
    ("level", "count", "said"),
    [
        ("caisse", 7, "7 caisses choisies"),
        ("departement", 7, "7 départements choisis"),
        ("departement", 1, "1 département choisi"),
        ("region", 1, "1 région choisie"),
        ("drsm", 6, "6 DRSM choisies"),
        ("ancienne_region", 6, "6 anciennes régions choisies"),
    ],
)
def test_chosen_peers_agree_in_gender_and_number(level, count, said):
    assert chosen_words(level, count).replace("\u202f", " ") == said


@pytest.mark.parametrize(
    ("known", "said"),
    [
        (12, "médiane des 12 caisses de même taille"),
        (11, "médiane des 12 caisses de même taille (11 connues)"),
        (None, "pas de médiane des 12 caisses de même taille : trop peu de chiffres connus"),
    ],
)
def test_the_median_says_how_many_figures_it_is_made_of(known, said):
    assert median_words(by_size_words("caisse", 12), "caisse", known, 12) == said


def test_too_few_says_how_many_are_missing():
    assert too_few_sentence("departement", 3, 5).startswith(
        "Choisissez au moins 5 départements : il en manque 2."
    )
