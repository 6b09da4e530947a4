"""Corrections in words: the value never rounded away, the path of it, what was typed."""

from datetime import date

import pytest

from figures.correction_form import LiveValue, Typed, correction_form, live_value
from figures.corrections import (
    STATES,
    WITHHELD,
    Effect,
    Elsewhere,
    ShownCorrection,
    change_words,
    correction_sentence,
    corrections_records,
    corrections_table,
    effect_finding,
    effect_table,
    exact,
    marks_of,
)

MATERNITY = "prado_maternite_adhesions"


def shown(**given):
    told = {
        "number": 3,
        "caisse_code": "CPAM-43",
        "caisse": "CPAM Haute-Loire",
        "indicator_code": MATERNITY,
        "month": date(2016, 3, 1),
        "column": "realised",
        "old_value": 120.0,
        "new_value": 210.0,
        "motive": "saisie <double>",
        "source": "relevé",
        "origin": "envoi.csv, ligne 4",
        "proposed_by": "Responsable CPAM",
        "proposed_at": "2017-10-02T08:00:00+00:00",
        "state": "applied",
        "decided_by": "DCGDR",
        "decided_at": "2017-10-03T08:00:00+00:00",
    }
    return ShownCorrection(**told | given)


@pytest.mark.parametrize(
    ("value", "unit", "said"),
    [
        (1234.0, "count", "1\u202f234"),
        (12.25, "count", "12,25"),
        (0.8725, "proportion", "87,25\u202f%"),
        (None, "count", WITHHELD),
    ],
)
def test_a_value_keeps_all_its_digits(value, unit, said):
    assert exact(value, unit) == said


def test_the_path_of_a_value_is_one_sentence():
    assert correction_sentence(shown()) == (
        "corrigé de 120 à 210 le 3 octobre 2017 par DCGDR, motif : saisie <double> "
        "(source : relevé)"
    )


def test_what_is_withheld_is_told_nowhere():
    hidden = shown(old_value=None, new_value=None, motive=None, source=None)
    assert change_words(hidden) == WITHHELD
    html = corrections_table([hidden], "Historique") + correction_sentence(hidden)
    assert "210" not in html
    assert "saisie" not in html
    assert corrections_records([hidden])["nouvelle_valeur"].isna().all()


def test_what_people_wrote_is_shown_as_text():
    assert "saisie &lt;double&gt;" in corrections_table([shown()], "Historique")


def test_a_month_with_two_corrections_tells_both_and_names_the_caisses_of_a_sum():
    other = shown(number=4, caisse="CPAM Ain", old_value=1000.0, new_value=1.5)
    marks = marks_of([shown(), other, shown(column="objective")], caisses=True)
    (said,) = marks.values()
    assert said.startswith("CPAM Haute-Loire corrigé de 120 à 210")
    assert "CPAM Ain corrigé de 1\u202f000 à 1,5" in said


def row(status, attainment, is_hidden=False):
    return {
        "realised": 10.0,
        "objective_to_date": 12.0,
        "attainment_to_date": attainment,
        "status": status,
        "is_hidden": is_hidden,
    }


def test_the_effect_says_which_status_changes_and_hides_what_is_withheld():
    flips = Effect("CPAM Ain", "count", row("behind", 0.9), row("close", 0.96))
    hidden = Effect("CPAM Jura", "count", row(None, None, True), row(None, None, True))
    assert effect_finding([flips, hidden]) == "1 état change : CPAM Ain"
    html = effect_table([flips, hidden], "Effet")
    assert "90,0\u202f%" in html
    assert html.count(WITHHELD) == 3


def test_every_state_has_a_sign_a_word_and_a_known_colour():
    for icon, words, hue in STATES.values():
        assert icon
        assert words
        assert hue in {"fav", "unf", "neu"}


LIVE = LiveValue(
    caisse="CPAM Haute-Loire",
    title="PRADO maternité : adhésions",
    column="realised",
    month=date(2016, 3, 1),
    unit="count",
    value=210.0,
    sent_value=120.0,
    file_name="envoi.csv",
    source_sheet="Mars",
    source_row=4,
    received_by="analyste",
    received_at="2017-10-01T08:00:00+00:00",
)


def test_a_value_that_is_corrected_already_tells_what_its_file_gives():
    html = live_value(LIVE)
    assert "feuille « Mars », ligne 4" in html
    assert "L’extrait donne 120 : déjà corrigée." in html


def test_what_was_typed_comes_back_with_why_it_was_not_kept():
    refused = correction_form(LIVE, Typed("9,5", "motif <écrit>", "", 2, ("Trop",)), "Notice")
    assert 'value="9,5"' in refused
    assert ">motif &lt;écrit&gt;</textarea>" in refused
    assert "▼ Trop" in refused
    weighed = correction_form(LIVE, Typed("9", "m", "s", 3, (), ("À peser",)), "Notice")
    assert "Proposer quand même" in weighed
    assert '<input type="hidden" name="pese" value="9">' in weighed


def test_a_correction_of_an_unseen_caisse_marks_its_month_without_telling_it():
    others = [
        Elsewhere(date(2016, 4, 1), "realised", 2),
        Elsewhere(date(2016, 1, 1), "objective", 1),
    ]
    marks = marks_of([], True, others)
    assert list(marks) == [date(2016, 4, 1)]
    assert marks[date(2016, 4, 1)].startswith("2 valeurs corrigées d’une caisse que votre profil")
