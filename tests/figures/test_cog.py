"""The scorecard and the commitments: tables, sentences, files, pictures."""

import pandas as pd
import pytest

from exports.png_file import png_bytes
from figures import cog as cog_figure
from figures import engagements as engagement_figure
from figures.cog_reasons import doubt_sentences, measure, reason_sentence
from figures.cog_words import abbreviations_in, code_shown, note_words
from indicators import cog
from indicators.cog_reading import CogReading, OtherValue
from tests.figures.page_tree import page_tree

NARROW = "\u202f"


def row(code, year, realised, objective=None, **given):
    return {
        "fiche": "7",
        "cog_code": code,
        "cog_type": "IR",
        "label": f"Part d'adhérents {code}",
        "unit": "%",
        "year": year,
        "realised": realised,
        "objective": objective,
        "target_2017": 60,
        "published_verdict": "Oui",
        "note": None,
        **given,
    }


ROWS = pd.DataFrame(
    [
        row("A", 2015, 41.5, 40),
        row("A", 2016, 48.0, 45),
        row("B", 2016, 1234, 2000, unit="adhérents", target_2017=3000, note="objectif <revu>"),
        row("C", 2016, None, 30, fiche="10", published_verdict="s.o"),
    ]
)
READING = CogReading(
    other_values=(
        OtherValue(
            cog_code="A",
            year=2015,
            measure="realised",
            value=39.25,
            kind="other_source",
            source="annexe 5",
        ),
        OtherValue(
            cog_code="B",
            year=2016,
            measure="objective",
            value=1000,
            kind="revised",
            source="annexe 11",
        ),
    )
)


@pytest.fixture
def known():
    directions = dict.fromkeys("ABC", "higher")
    return cog.scorecard(ROWS, directions, READING)


def table_rows(html):
    return [
        [cell.text for cell in line.walk() if cell.tag in {"th", "td"}]
        for line in page_tree(html).all("tr")
    ]


def test_the_title_says_how_many_are_attained_and_how_many_are_doubtful(known):
    assert cog_figure.scorecard_finding(known) == (
        "1 indicateur sur 3 atteint son dernier objectif, 1 ne l’atteint pas, 1 ne peut être jugé ;"
        " 2 verdicts douteux, dont 1 où le verdict publié contredit les chiffres"
    )
    assert cog_figure.scorecard_finding(known[2:]) == (
        "0 indicateur sur 1 atteint son dernier objectif, 1 ne peut être jugé ; "
        "aucun verdict douteux"
    )
    assert cog_figure.scorecard_finding([]) == "Aucun indicateur de la COG avec ces filtres"


def test_the_scorecard_shows_both_verdicts_by_fiche(known):
    head, *lines = table_rows(cog_figure.scorecard_table(known, "COG"))
    assert head == [
        "Indicateur",
        "2015",
        "2016",
        "Cible 2017",
        "Notre verdict",
        "Verdict publié",
        "Pourquoi, et ce qui fait douter",
    ]
    assert lines[0] == ["Fiche 7 – Accompagnement des patients 1 atteint sur 2, 2 verdicts douteux"]
    assert lines[3] == ["Fiche 10 – Prévention 0 atteint sur 1, aucun verdict douteux"]
    attained, missed = lines[1], lines[2]
    assert attained[4:6] == ["▲ Atteint en 2016 ? Douteux", "▲ Oui"]
    assert missed[4:6] == ["▼ Non atteint en 2016 ? Douteux", "▲ Oui"]
    assert lines[4][4:6] == ["– Non jugeable", "– Sans verdict"]


def test_a_doubt_that_changes_no_verdict_is_a_reserve():
    other = OtherValue(
        cog_code="A", year=2016, measure="realised", value=46.2, kind="other_source", source="a. 5"
    )
    rows = ROWS[ROWS["cog_code"] == "A"]
    reserved = cog.scorecard(rows, {"A": "higher"}, CogReading(other_values=(other,)))
    assert cog_figure.scorecard_finding(reserved).endswith(
        "aucun verdict douteux ; 1 avec réserve seule"
    )
    line = table_rows(cog_figure.scorecard_table(reserved, "COG"))[2]
    assert line[4] == "▲ Atteint en 2016 * Réserve"
    found = cog_figure.scorecard_records(reserved)
    assert found[["douteux", "reserve"]].to_numpy().tolist() == [[False, False], [False, True]]
    assert "* Réserve" in cog_figure.scorecard_svg(reserved)


def test_a_cell_holds_both_figures_where_two_were_published(known):
    lines = table_rows(cog_figure.scorecard_table(known, "COG"))
    assert f"41,5{NARROW}%" in lines[2][1]
    assert f"obj. 40{NARROW}%" in lines[2][1]
    assert f"ou réalisé 39,25{NARROW}%" in lines[2][1]
    assert f"obj. 2{NARROW}000" in lines[3][2]
    assert f"ou obj. 1{NARROW}000" in lines[3][2]
    assert f"80{NARROW}% en 2016" in lines[2][3]


def test_why_a_verdict_differs_and_is_doubtful_is_told_in_a_sentence(known):
    first, second, third = known
    assert reason_sentence(first) == ""
    assert doubt_sentences(first) == {
        f"2015 : réalisé de 41,5{NARROW}%, mais 39,25{NARROW}% dans l’annexe 5 ; "
        "le verdict en dépend.": True
    }
    assert reason_sentence(second) == (
        f"2016 : atteint sur l’objectif révisé (1{NARROW}000), non sur celui de la COG "
        f"(2{NARROW}000)."
    )
    assert list(doubt_sentences(second)) == [reason_sentence(second)]
    assert reason_sentence(third) == "Aucun réalisé publié."


def test_what_comes_from_a_file_is_escaped(known):
    html = cog_figure.scorecard_table(known, "COG")
    assert "<revu>" not in html
    assert "&lt;revu&gt;" in html


def test_the_scorecard_in_a_file_has_a_row_a_year(known):
    found = cog_figure.scorecard_records(known)
    assert list(zip(found["code"], found["annee"], strict=True)) == [
        ("A", 2015),
        ("A", 2016),
        ("B", 2016),
        ("C", 2016),
    ]
    assert found["annee_jugee"].tolist() == [False, True, True, False]
    assert found["autres_valeurs_publiees"].tolist() == [
        f"réalisé 39,25{NARROW}% (annexe 5)",
        "",
        f"obj. 1{NARROW}000 (annexe 11)",
        "",
    ]
    assert found["taux_atteinte"].tolist()[:3] == [41.5 / 40, 48 / 45, 0.617]


def test_the_scorecard_as_a_picture(known):
    svg = cog_figure.scorecard_svg(known)
    assert f"▲ 104{NARROW}%" in svg
    assert "? Douteux" in svg
    assert png_bytes(svg, "titre", "note", "source").startswith(b"\x89PNG")


@pytest.mark.parametrize(
    ("value", "unit", "said"),
    [
        (79.11, "%", f"79,11{NARROW}%"),
        (93.0, "%", f"93{NARROW}%"),
        (3.97, "jours", "3,97"),
        (2000000.0, "adhérents", f"2{NARROW}000{NARROW}000"),
        (None, "%", "–"),
    ],
)
def test_a_figure_keeps_the_decimals_it_was_published_with(value, unit, said):
    assert measure(value, unit) == said


def engagement(party, number, achieved, on_time, action="Déployer l'offre", precise=True):
    return {
        "party": party,
        "number": number,
        "action": action,
        "due": "2014-2017",
        "achieved": achieved,
        "on_time": on_time,
        "wording_precise": precise,
    }


@pytest.fixture
def held():
    return engagement_figure.engagements(
        pd.DataFrame(
            [
                engagement("CNAMTS", "7.10", "Oui", "Oui"),
                engagement("CNAMTS", "7.9", "Oui", "Non", "Étendre PRADO <b>"),
                engagement("CNAMTS", "10.1", "Non", "s.o.", precise=False),
                engagement("État", "7.1", "Partiellement", None, precise=None),
                engagement("État", "7.2", "Oui", None, precise=None),
            ]
        )
    )


def test_commitments_stand_by_party_then_number(held):
    assert [one.number for one in held] == ["7.9", "7.10", "10.1", "7.1", "7.2"]


def test_what_became_of_them_in_one_sentence(held):
    assert engagement_figure.engagements_finding(held) == (
        "3 tenus sur 5 engagements (1 dans les délais, 1 en retard, 1 sans précision de délai) ; "
        "1 tenu en partie et 1 non tenu"
    )
    assert engagement_figure.engagements_finding(held[2:3]) == (
        "Aucun tenu sur 1 engagement ; 1 non tenu"
    )
    assert engagement_figure.engagements_finding([]) == "Aucun engagement avec ces filtres"


@pytest.mark.parametrize(
    ("given", "numbers"),
    [
        ({"party": "État"}, ["7.1", "7.2"]),
        ({"verdict": "held_late"}, ["7.9"]),
        ({"fiche": "10"}, ["10.1"]),
        ({"words": "prado ETENDRE"}, ["7.9"]),
        ({"words": "l’offre 7.10"}, ["7.10"]),
        ({"words": "2014-2017", "party": "CNAMTS"}, ["7.9", "7.10", "10.1"]),
        ({"words": "prado bpco"}, []),
        ({}, ["7.9", "7.10", "10.1", "7.1", "7.2"]),
    ],
)
def test_filters_add_up(held, given, numbers):
    assert [one.number for one in engagement_figure.engagements_kept(held, **given)] == numbers


def test_counts_by_fiche_add_up_to_all_of_them(held):
    head, *lines = table_rows(engagement_figure.engagement_counts_table(held, "Bilan"))
    assert head[3:] == [
        "Tenus dans les délais",
        "Tenus en retard",
        "Tenus, délai non précisé",
        "Tenus en partie",
        "Non tenus",
    ]
    assert [line[0] for line in lines] == [
        "Fiche 7 – Accompagnement des patients",
        "Fiche 10 – Prévention",
        "Ensemble",
    ]
    assert lines[2][2:] == ["5", "▲ 1", "△ 1", "● 1", "◐ 1", "▼ 1"]
    assert lines[1][2:] == ["1", "0", "0", "0", "0", "▼ 1"]
    counts = engagement_figure.engagement_counts_records(held)
    assert counts["engagements"].sum() == len(held)


def test_the_list_says_each_verdict_in_words_and_escapes_what_it_was_given(held):
    html = engagement_figure.engagements_table(held, "Engagements")
    assert "PRADO <b>" not in html
    lines = table_rows(html)[1:]
    assert lines[0][4:] == ["△ Tenu en retard", "Précise"]
    assert lines[1][2] == "Déployer l’offre"
    assert lines[2][4:] == ["▼ Non tenu", "Imprécise"]
    assert lines[3][1:] == ["État", "Déployer l’offre", "2014-2017", "◐ Tenu en partie", "–"]


def test_the_list_in_a_file(held):
    found = engagement_figure.engagements_records(held)
    assert found["numero"].tolist() == ["7.9", "7.10", "10.1", "7.1", "7.2"]
    assert found["redaction"].tolist() == ["précise", "précise", "imprécise", "", ""]


def test_the_counts_as_a_picture(held):
    svg = engagement_figure.engagement_counts_svg(held)
    assert "Fiche 10 – Prévention" in svg
    assert png_bytes(svg, "titre", "note", "source").startswith(b"\x89PNG")


def test_every_verdict_has_its_own_icon_and_word():
    words = [word.status for word in engagement_figure.ENGAGEMENT_WORDS.values()]
    assert len({word.icon for word in words}) == len({word.word for word in words}) == 6


@pytest.mark.parametrize(
    ("note", "unit", "doubts", "above", "expected"),
    [
        ("objectif -1,5 point par an", "%", (), "", "objectif −1,5 point par an"),
        ("février 2017 : 31", "%", (), "", "février 2017 : 31 %"),
        ("annexe 5 donne 22,63 / 15,22 ; 41 % atteints", "%", (), "15,22 %", None),
        ("65,3 (+3,6), 68,3 (+1,7)", "%", (), "", "65,3 % (+3,6 pt), 68,3 % (+1,7 pt)"),
        ("objectif 2016 révisé à 780 000", "adhérents", (), "révisé (780 000)", ""),
        ("objectif 2016 révisé à 780 000", "adhérents", (), "révisé (466 000)", None),
        ("347 compte des gestes", "établissements", (), "réalisé de 347", None),
        ("2016 : identique à 2015", "jours", ("carried_over",), "reconduite", ""),
        ("2016 : identique à 2015", "jours", (), "", None),
    ],
)
def test_a_note_adds_only_what_is_not_said_above_with_its_units(
    note, unit, doubts, above, expected
):
    said = note_words(note, unit, doubts, above).replace(NARROW, " ")
    if expected is None:
        # All of it is kept; only units are added.
        assert said.replace(" %", "") == note.replace(" %", "")
    else:
        assert said == expected


def test_lines_of_one_indicator_bear_its_code():
    assert code_shown("IR8-SCOR-masseurs-kinésithérapeutes") == "IR8-SCOR"
    assert code_shown("IR8-SAT-CPAM") == "IR8-SAT-CPAM"
    assert code_shown("IS4.2") == "IS4.2"


def test_the_abbreviations_of_the_labels_are_spelled_out():
    labels = ["PRADO maternité : DMS accouchement voie basse", "Certificat médical AT/MP"]
    assert list(abbreviations_in(labels)) == ["AT/MP", "DMS", "PRADO"]
    assert abbreviations_in(["Dépistage du cancer du sein"]) == {}
