"""The matrix of sendings and the reminders: what they say, in which words, how they are encoded."""

from datetime import date
from urllib.parse import parse_qs, unquote, urlsplit

import pytest

from data.ingestion.refusals import Refusal
from figures.collection import (
    LastExtract,
    SenderRow,
    Tally,
    finding,
    legend,
    matrix,
    matrix_records,
    overview,
    overview_finding,
    state_words,
)
from figures.reminders import (
    LISTED,
    LONGEST_LINK,
    Gap,
    gap_line,
    gaps,
    mailto,
    reminder,
    reminders_list,
    reminders_records,
    reminders_text,
)
from indicators.collection import cell, months_of
from tests.figures.page_tree import page_tree

TODAY = date(2017, 11, 30)
TITLES = {"a": "Dépistage du cancer du sein", "b": "Avis d’arrêt en ligne", "c": "Sophia"}
REFUSED = Refusal(
    "CPAM-48", date(2017, 9, 1), "cpg_CPAM-48.csv", "cpg", "x", "2017-11-12T08:00:00+00:00", 3
)


def plain(words):
    return words.replace("\u202f", " ").replace("\u00a0", " ")


def due(month):
    year, place = divmod(month.year * 12 + month.month, 12)
    return dict.fromkeys("ab", date(year, place + 1, 28))


def sender(code="CPAM-48", name="CPAM Lozère", until=9, received="ab", provisional="", refusals=()):
    """A caisse that sent ``received`` of each month until ``until``."""
    refused = {one.month for one in refusals}
    cells = tuple(
        cell(
            month,
            due(month),
            set(received) if month.month <= until else set(),
            set(provisional) if month.month == until else set(),
            TODAY,
            month in refused,
        )
        for month in months_of(2017)
    )
    last = LastExtract("a.csv", "DCGDR", "2017-11-01T10:00:00+00:00", date(2017, until, 1))
    return SenderRow(code, name, "REG-76", cells, last, tuple(refusals))


def silent_member(code="CSS-976", name="CSS Mayotte"):
    cells = tuple(cell(month, {}, set(), set(), TODAY) for month in months_of(2017))
    return SenderRow(code, name, "REG-06", cells)


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        (
            [sender(), sender("CPAM-81", "CPAM Tarn")],
            "CPG 2017 : 2 caisses sur 2 en retard au 30 novembre 2017",
        ),
        (
            [sender(until=10), sender("CPAM-81", "CPAM Tarn", 8)],
            "CPG 2017 : 1 caisse sur 2 en retard au 30 novembre 2017 : CPAM Tarn",
        ),
        (
            [sender(until=10, provisional="a"), sender("CPAM-81", "CPAM Tarn", 10)],
            "CPG 2017 : 2 caisses à jour au 30 novembre 2017 ; 1 mois provisoire",
        ),
        ([sender(until=10)], "CPG 2017, CPAM Lozère : rien en retard au 30 novembre 2017"),
        ([sender(until=8)], "CPG 2017, CPAM Lozère : 2 mois en retard au 30 novembre 2017"),
        (
            [sender(until=8, refusals=[REFUSED]), sender("CPAM-81", "CPAM Tarn", 10)],
            "CPG 2017 : 1 caisse sur 2 en retard au 30 novembre 2017 : CPAM Lozère ; "
            "1 fichier refusé",
        ),
        ([silent_member()], "CPG 2017 : rien n’est attendu de CSS Mayotte"),
    ],
)
def test_the_title_says_what_was_found(rows, said):
    assert plain(finding(rows, "cpg", 2017, TODAY)) == said


def test_caisses_of_whom_nothing_is_expected_are_not_counted_as_such():
    tally = Tally.of([sender(until=8), silent_member()])
    assert tally.expected == 1
    assert tally.late == ("CPAM Lozère",)
    assert tally.cells == {
        "late": 2,
        "refused": 0,
        "provisional": 0,
        "awaited": 2,
        "received": 8,
        "not_expected": 12,
    }


def test_a_cell_is_a_sign_and_words_never_a_tint_alone():
    rows = [sender(until=9, received="a"), silent_member()]
    html = matrix(rows, {}, {}, "Envois", ("CPAM-48", 9), rows)
    cells = page_tree(html).all("td")
    assert len(cells) == 24
    assert all(one.attributes["aria-label"] and one.text for one in cells)
    (chosen,) = [one for one in cells if "aria-selected" in one.attributes]
    assert chosen.attributes["data-m"] == "9"
    assert plain(chosen.attributes["aria-label"]) == "en retard de 33 jours, 1 sur 2 reçus"
    assert chosen.text == "▼1/2"


def test_a_region_heads_its_caisses_and_counts_those_that_are_late():
    rows = [sender(), sender("CPAM-81", "CPAM Tarn", 10)]
    html = matrix(rows, {"REG-76": "Occitanie"}, {"REG-76": 13}, "Envois", (None, None), rows)
    (head,) = [row for row in page_tree(html).all("tr") if row.attributes.get("class") == "total"]
    assert "2 sur 13 caisses" in plain(head.text)
    cells = head.all("td")
    assert plain(cells[9].attributes["aria-label"]) == "1 caisse en retard"
    assert cells[0].attributes["aria-label"] == "reçu"


def test_the_heading_of_a_month_counts_the_late_of_all_caisses_and_chooses_it():
    rows = [sender(), sender("CPAM-81", "CPAM Tarn", 10)]
    heads = page_tree(matrix(rows[:1], {}, {}, "Envois", (None, 10), rows)).all("button")
    months = {one.attributes["data-m"]: one for one in heads if "data-m" in one.attributes}
    assert len(months) == 12
    assert plain(months["10"].attributes["aria-label"]) == "octobre : 1 caisse en retard"
    assert months["9"].attributes["aria-label"] == "septembre : aucun retard"
    assert [m for m, one in months.items() if "aria-pressed" in one.attributes] == ["10"]


def test_the_title_of_a_month_speaks_of_it_alone():
    rows = [sender(), sender("CPAM-81", "CPAM Tarn", 10, provisional="a")]
    assert plain(finding(rows, "cpg", 2017, TODAY, 10)) == (
        "CPG, octobre 2017 : 1 caisse sur 2 en retard au 30 novembre 2017 : CPAM Lozère"
    )
    assert plain(finding(rows, "cpg", 2017, TODAY, 9)).startswith(
        "CPG, septembre 2017 : 2 caisses à jour"
    )


def test_names_of_caisses_are_text():
    html = matrix([sender(name="<b>x</b>")], {}, {}, "Envois", (None, None), [])
    assert "<b>x" not in html


def test_the_legend_counts_what_bears_each_sign():
    said = plain(page_tree(legend([sender(until=8)])).text)
    assert "En retard : 2 mois (1 caisse)" in said
    assert "Reçu : 8 mois (1 caisse)" in said
    assert "Refusé : aucun" in said


def test_the_overview_counts_each_contract_and_opens_it():
    rows = {"cpg": [sender(until=8)], "adhesions": [sender(until=10)], "msap": [silent_member()]}
    html = overview(rows, "cpg", "collecte_contrat", "Envois")
    assert 'data-value="adhesions"' in html and 'data-act="late" data-t="cpg"' in html
    assert plain(overview_finding(rows, 2017, TODAY)) == (
        "Envois de 2017, en retard au 30 novembre 2017 : 2 mois pour le CPG"
    )
    on_time = {"cpg": [sender(until=10)]}
    said = plain(overview_finding(on_time, 2017, TODAY))
    assert said == "Envois de 2017 : aucun retard au 30 novembre 2017"


def test_the_words_of_a_month_to_come_give_its_day():
    assert plain(state_words(sender().cells[11])) == "attendu le 28 janvier 2018"


def test_the_file_has_a_row_for_each_month_with_what_lacks():
    frame = matrix_records(
        {"cpg": [sender(until=9, received="a")]}, TITLES, {"REG-76": "Occitanie"}
    )
    assert len(frame) == 12
    row = frame[frame["mois"] == "2017-09"].iloc[0]
    assert (row["etat"], row["il_manque"]) == ("En retard", "Avis d’arrêt en ligne")
    assert (row["elements_recus"], row["elements_attendus"]) == (1, 2)
    assert (row["attendu_le"], row["jours_de_retard"]) == ("2017-10-28", 33)
    assert row["region"] == "Occitanie"


def whole(*months, contract="cpg", missing=("x",), late=31):
    days = tuple(date(2017, month, 1) for month in months)
    return Gap(contract, days, date(2017, 10, 30), late, tuple(missing), is_whole=True)


def test_months_that_lack_in_the_same_way_are_told_together():
    found = gaps("cpg", sender(until=7), TITLES, TODAY)
    assert [gap.when for gap in found] == ["d’août à octobre 2017"]
    assert found[0].due == date(2017, 9, 28)
    alone = gaps("cpg", sender(until=7), TITLES, TODAY, month=9)
    assert [gap.when for gap in alone] == ["septembre 2017"]
    assert gaps("cpg", sender(until=10), TITLES, TODAY) == ()


def test_a_refused_month_stands_by_itself():
    found = gaps("cpg", sender(until=8, refusals=[REFUSED]), TITLES, TODAY)
    assert [(gap.when, gap.refused) for gap in found] == [
        ("septembre 2017", REFUSED),
        ("octobre 2017", None),
    ]
    assert plain(gap_line(found[0])) == (
        "Résultats du CPG, septembre 2017 : le fichier « cpg_CPAM-48.csv », déposé le "
        "12 novembre 2017, a été refusé (3 erreurs). À corriger et à renvoyer."
    )


@pytest.mark.parametrize(
    ("gap", "said"),
    [
        (
            whole(8, missing=("x", "y")),
            "Résultats du CPG, août 2017 : attendus le 30 octobre 2017 (31 jours de retard), "
            "rien n’est arrivé (2 indicateurs).",
        ),
        (
            whole(8, contract="adhesions", late=1),
            "Adhésions aux programmes, août 2017 : attendues le 30 octobre 2017 (1 jour de "
            "retard), rien n’est arrivé (1 volet).",
        ),
        (
            whole(8, 9, contract="msap"),
            "Demandes de MSAP, d’août à septembre 2017 : attendues à partir du 30 octobre 2017 "
            "(31 jours de retard), rien n’est arrivé.",
        ),
    ],
)
def test_a_gap_is_told_with_its_contract_months_day_and_number(gap, said):
    assert plain(gap_line(gap)) == said


def test_what_lacks_of_a_part_is_named_and_shortened_on_demand():
    gap = Gap("cpg", (date(2017, 9, 1),), TODAY, 2, ("A", "B", "C", "D"), is_whole=False)
    assert plain(gap_line(gap)).endswith("il manque « A », « B », « C » et « D ».")
    assert plain(gap_line(gap, 3)).endswith("il manque « A », « B », « C » et 1 autre.")
    assert plain(gap_line(gap, 0)).endswith("il manque 4 indicateurs.")


def written(*found, name="CPAM Lozère", address="https://vigie.example/importer"):
    return reminder("CPAM-48", name, found, TODAY, "DCGDR · Occitanie", address)


def test_a_reminder_says_who_what_since_when_and_what_to_do():
    message = written(whole(8))
    assert plain(message.subject) == (
        "CPAM Lozère : CPG d’août 2017, envoi attendu depuis le 30 octobre 2017"
    )
    said = plain(message.body)
    assert said.startswith("Bonjour,\n\n")
    assert "au 30 novembre 2017, ces envois de la CPAM Lozère :" in said
    assert "- Résultats du CPG, août 2017 : attendus le 30 octobre 2017" in said
    assert "le modèle « Résultats du CPG » s’y télécharge" in said
    assert "https://vigie.example/importer" in said
    assert said.endswith("Merci,\nDCGDR · Occitanie")
    assert "s’envoie à zéro" not in said
    assert not message.is_shortened


def test_one_mail_tells_all_gaps_of_a_sender():
    message = written(whole(8), whole(9, contract="msap"))
    assert plain(message.subject) == "CPAM Lozère : envois en retard, CPG (1 mois) et MSAP (1 mois)"
    said = plain(message.body)
    assert "les modèles « Résultats du CPG » et « Demandes de MSAP » s’y téléchargent" in said
    assert "Un mois sans rien à compter s’envoie à zéro" in said


def test_a_refused_file_is_asked_for_again():
    gap = Gap("cpg", (date(2017, 9, 1),), TODAY, 2, ("x",), is_whole=True, refused=REFUSED)
    assert plain(written(gap).subject).endswith(
        "CPG de septembre 2017, fichier à corriger et à renvoyer"
    )


def test_nothing_that_lacks_makes_no_reminder():
    with pytest.raises(ValueError, match="lacks"):
        written()


def test_the_link_is_encoded_and_gives_the_same_lines_back():
    link = mailto("Été & co : 100 %", "Bonjour,\n\nL’août « x » ?&=#+\r\nFin")
    assert link.startswith("mailto:?subject=")
    assert "%0D%0A%0D%0A" in link
    assert not set(link.removeprefix("mailto:?subject=").replace("&body=", "")) & set(
        " &#?+\n\r’é«"
    )
    asked = parse_qs(urlsplit(link).query)
    assert asked["subject"] == ["Été & co : 100 %"]
    assert asked["body"] == ["Bonjour,\r\n\r\nL'août « x » ?&=#+\r\nFin"]


def test_a_short_reminder_is_in_its_link_word_for_word():
    message = written(whole(8))
    assert len(message.link) <= LONGEST_LINK
    body = unquote(message.link.split("&body=")[1]).replace("\r\n", "\n")
    assert body == plain(message.body).replace("’", "'")


def test_a_long_reminder_is_shortened_in_its_link_alone():
    titles = [f"Indicateur dont le titre est plutôt long, numéro {place}" for place in range(21)]
    found = [
        Gap(contract, (date(2017, month, 1),), TODAY, 2, tuple(titles[month:]), is_whole=False)
        for contract in ("cpg", "adhesions")
        for month in range(1, 10)
    ]
    message = written(*found)
    assert message.is_shortened
    assert len(message.link) <= LONGEST_LINK
    assert message.body.count("numéro 20") == 18
    body = unquote(message.link.split("&body=")[1])
    assert "autres retards, dont nous tenons la liste" in body


def test_the_longest_reminder_of_all_still_fits():
    name = "CPAM " + "é" * 60
    found = [
        Gap(contract, (date(2017, month, 1),), TODAY, 300, ("ï" * 90,) * 20, is_whole=False)
        for contract in ("cpg", "adhesions", "msap")
        for month in range(1, 13)
    ]
    message = written(*found, name=name, address="https://vigie.regional.example/gdr/importer")
    assert len(message.link) <= LONGEST_LINK


def test_reminders_are_listed_the_latest_first_each_with_its_own_mail():
    first = reminder("CPAM-81", "CPAM <Tarn>", [whole(8)], TODAY, "DCGDR", "")
    second = written(whole(8), Gap("cpg", (date(2017, 9, 1),), TODAY, 90, ("x",), is_whole=False))
    tree = page_tree(reminders_list([first, second], "Relances"))
    links = [one.attributes["href"] for one in tree.all("a")]
    assert links == [second.link, first.link]
    said = plain(tree.text)
    assert "1 indicateur manque" in said and "rien n’est arrivé" in said
    assert "CPAM <Tarn>" in said


def test_a_long_list_of_reminders_leaves_the_rest_to_the_files():
    tree = page_tree(reminders_list([written(whole(8))] * (LISTED + 2), "Relances"))
    assert len(tree.all("a")) == LISTED
    assert "2 autres relances sont dans les fichiers" in plain(tree.text)


def test_all_reminders_make_a_table_and_a_text():
    messages = [written(whole(8)), written(whole(9))]
    frame = reminders_records(messages)
    assert list(frame.columns) == ["caisse_code", "caisse", "objet", "texte"]
    assert list(frame["texte"]) == [one.body for one in messages]
    text = reminders_text(messages)
    assert text.count("Objet : ") == text.count("Bonjour,") == 2
