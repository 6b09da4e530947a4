"""Senders, provenance, reconciliation and what was received: tables, sentences, files."""

import re
from datetime import date

import pandas as pd
import pytest

from figures import provenance, received, reconciliation, senders
from figures.status import HIDDEN, STATUSES, status_word
from tests.figures.frames import FLU, MATERNITY, published, released, source
from tests.figures.page_tree import page_tree


def cells_of(html: str) -> list[list[str]]:
    rows = page_tree(html).all("tbody")[0].all("tr")
    return [[c.text for c in row.walk() if c.tag in {"th", "td"}] for row in rows]


def sender(name: str, received_months: int, last: str | None, is_silent: bool = False):
    return {
        "caisse_code": f"CPAM-{name}",
        "caisse_name": name,
        "months_expected": 9,
        "months_received": received_months,
        "last_month": None if last is None else pd.Timestamp(last),
        "is_silent": is_silent,
    }


def known_senders() -> list[senders.Sender]:
    return senders.senders(
        pd.DataFrame(
            [
                sender("Yonne", 9, "2017-09-01"),
                sender("Isère", 5, "2017-05-01"),
                sender("Évreux", 5, "2017-05-01"),
                sender("Ain", 0, None, is_silent=True),
            ]
        )
    )


def test_those_that_miss_most_come_first_then_french_order():
    assert [s.name for s in known_senders()] == ["Ain", "Évreux", "Isère", "Yonne"]
    assert [s.missing for s in known_senders()] == [9, 4, 4, 0]


def test_late_caisses_say_how_many_months_and_since_when():
    html = senders.senders_table(known_senders(), "En retard")
    assert cells_of(html) == [
        ["Ain", "", "0/9", "▼ Aucun envoi cette année"],
        ["Évreux", "", "5/9", "▼ Rien après mai 2017"],
        ["Isère", "", "5/9", "▼ Rien après mai 2017"],
    ]
    strips = [s for s in page_tree(html).all("span") if s.attributes.get("role") == "img"]
    assert [s.attributes["aria-label"] for s in strips] == ["0 mois sur 9"] + ["5 mois sur 9"] * 2
    assert [i.attributes["class"] for i in strips[1].all("i")] == ["got"] * 5 + ["gap"] * 4


def test_nobody_late_is_said_without_a_table():
    tree = page_tree(senders.senders_table([known_senders()[-1]], "En retard"))
    assert tree.all("table") == []
    assert tree.text == "▲ La caisse attendue a envoyé tous les mois connus."
    both = page_tree(senders.senders_table([known_senders()[-1]] * 2, "En retard"))
    assert both.text == "▲ Toutes les caisses attendues ont envoyé tous les mois connus."


def test_a_month_that_lacks_before_the_last_one_is_told_apart():
    known = senders.senders(
        pd.DataFrame([sender("Isère", 7, "2017-08-01"), sender("Jura", 8, "2017-09-01")])
    )
    told = [row[3] for row in cells_of(senders.senders_table(known, "En retard"))]
    assert told == [
        "▼ Rien après août 2017, et 1 mois manquant avant",
        "▼ 1 mois manquant avant septembre 2017",
    ]


def test_who_is_late_in_one_sentence():
    assert senders.senders_finding(known_senders(), 2017) == (
        "3 caisses sur 4 n’ont pas tout envoyé pour 2017 : Ain, Évreux et Isère"
    )
    assert senders.senders_finding(known_senders()[2:], 2017) == (
        "1 caisse sur 2 n’a pas tout envoyé pour 2017 : Isère"
    )
    up_to_date = known_senders()[3:]
    assert senders.senders_finding(up_to_date, 2017) == "Yonne a tout envoyé pour 2017"
    assert senders.senders_finding(up_to_date * 2, 2017) == (
        "2 caisses à jour pour 2017 : rien ne manque"
    )
    assert senders.senders_finding(known_senders()[:1], 2017) == "Ain n’a pas tout envoyé pour 2017"
    assert senders.senders_finding([], 2013) == "Aucun envoi attendu pour 2013"


def test_senders_in_a_file():
    found = senders.senders_records(known_senders())
    assert found["mois_manquants"].tolist() == [9, 4, 4, 0]
    assert found["dernier_mois_recu"].tolist() == ["", "mai 2017", "mai 2017", "sept. 2017"]


def test_a_value_is_traced_to_its_file_sheet_row_person_and_day():
    html = provenance.values_table(
        pd.DataFrame([source()]), MATERNITY, {"CPAM-43": "CPAM de la Haute-Loire"}, "Provenance"
    )
    assert cells_of(html) == [
        [
            "CPAM de la Haute-Loire",
            "mars 2016",
            "1\u202f234",
            "cpg_mars.xlsx",
            "Résultats",
            "17",
            "Anne Dupré",
            "5 avril 2016",
            "Reçu",
        ]
    ]


def test_the_latest_month_comes_first_and_a_csv_has_no_sheet():
    rows = pd.DataFrame(
        [source(source_sheet=None), source(month=pd.Timestamp("2016-09-01"), source_row=42)]
    )
    found = cells_of(provenance.values_table(rows, MATERNITY, {}, "Provenance"))
    assert [(line[1], line[4], line[5]) for line in found] == [
        ("sept. 2016", "Résultats", "42"),
        ("mars 2016", "–", "17"),
    ]


def test_a_rate_is_shown_with_its_two_counts():
    row = source(realised=None, numerator=4512.0, denominator=9100.0)
    assert provenance.value_said(row, FLU) == "4\u202f512 / 9\u202f100"


def test_a_hidden_value_is_neither_in_the_table_nor_in_the_file():
    secret = source(realised=7.0, numerator=7.0, denominator=19.0, is_hidden=True)
    rows = released(pd.DataFrame([secret, source(caisse_code="CPAM-01")]), "cpg/provenance")
    found = cells_of(provenance.values_table(rows, MATERNITY, {}, "Provenance"))
    assert [line[2] for line in found] == [f"{HIDDEN.icon} {HIDDEN.word}", "1\u202f234"]
    line = provenance.provenance_records(rows, {}).iloc[0]
    assert line[["realise", "numerateur"]].isna().all()
    seen = released(pd.DataFrame([secret]), "cpg/provenance", may_see=True)
    assert provenance.value_said(seen.to_dict("records")[0], FLU) == "7 / 19"


def test_caisses_and_files_say_since_when_and_from_where():
    rows = pd.DataFrame(
        [
            source(),
            source(month=pd.Timestamp("2016-04-01"), file_name="cpg_avril.csv"),
            source(caisse_code="CPAM-01", month=pd.Timestamp("2016-02-01")),
        ]
    )
    assert cells_of(provenance.caisses_table(rows, {"CPAM-01": "Ain"}, "Caisses")) == [
        [
            "CPAM-43",
            "mars 2016",
            "avr. 2016",
            "2",
            "cpg_mars.xlsx et cpg_avril.csv",
            "5 avril 2016",
        ],
        ["Ain", "févr. 2016", "févr. 2016", "1", "cpg_mars.xlsx", "5 avril 2016"],
    ]
    files = cells_of(provenance.files_table(rows, "Fichiers"))
    assert [line[:5] for line in files] == [
        ["cpg_mars.xlsx", "2", "2", "févr. 2016", "mars 2016"],
        ["cpg_avril.csv", "1", "1", "avr. 2016", "avr. 2016"],
    ]
    assert provenance.provenance_finding(rows, "Auvergne") == (
        "Auvergne : 3 valeurs de 2 caisses, lues dans 2 fichiers ; dernier dépôt le 5 avril 2016"
    )


def test_nothing_received_is_said():
    assert provenance.provenance_finding(pd.DataFrame(), "Mayotte") == (
        "Mayotte : aucune valeur reçue pour cet objectif et cette année"
    )


def test_published_and_recomputed_side_by_side_with_a_verdict_in_words():
    rows = pd.DataFrame(
        [
            published(),
            published(
                territory_name="France",
                published_realised=392527.0,
                computed_realised=392500.0,
                from_published_rates=1.1,
                verdict="different",
            ),
            published(computed_attainment=None, verdict="not_computable"),
        ]
    )
    found = cells_of(reconciliation.reconciliation_table(rows, {MATERNITY.code: "PRADO"}, "R"))
    assert found[0] == [
        "DRSM Auvergne",
        "PRADO",
        "112\u202f%",
        "112,5\u202f%",
        "+0,5\u202fpt",
        "–",
        "7\u202f391",
        "–",
        "▲ Concordant",
    ]
    assert found[1][5:] == ["392\u202f527", "392\u202f500", "– Non recalculable", "▼ Écart"]
    assert (found[2][3], found[2][8]) == ("–", "– Non calculable")


def test_a_hidden_roll_up_leaves_only_what_was_published():
    rows = released(pd.DataFrame([published(is_hidden=True)]), "cpg/reconciliation")
    html = reconciliation.reconciliation_table(rows, {MATERNITY.code: "PRADO"}, "Rapprochement")
    row = page_tree(html).all("tbody")[0].all("tr")[0]
    numbers = re.findall(r"\d+", " ".join(row.said()).replace(HIDDEN.word, ""))
    assert numbers == ["112"]
    line = reconciliation.reconciliation_records(rows, {}).iloc[0]
    assert line[["taux_recalcule", "ecart", "realise_recalcule"]].isna().all()
    assert line["taux_publie"] == 1.12


@pytest.mark.parametrize(
    ("verdicts", "said"),
    [
        ([], "Aucun taux publié pour cette année et ce territoire"),
        (
            ["equal", "equal"],
            "2 taux publiés : tous retrouvés, à l’arrondi, depuis les envois des caisses",
        ),
        (
            ["equal", "different"],
            "1 sur 2 taux publiés retrouvés, à l’arrondi, depuis les envois des caisses",
        ),
    ],
)
def test_reconciliation_in_one_sentence(verdicts, said):
    rows = pd.DataFrame([published(verdict=verdict) for verdict in verdicts])
    assert reconciliation.reconciliation_finding(rows) == said


def extract(name: str, **given: object) -> dict[str, object]:
    return {
        "file_name": name,
        "contract": "cpg",
        "received_by": "Anne Dupré",
        "received_at": pd.Timestamp("2016-04-05 09:05:00"),
        "row_count": 12480,
        "caisse_count": 107,
        "first_month": pd.Timestamp("2016-01-01"),
        "last_month": pd.Timestamp("2016-03-01"),
        "origin": "received",
        **given,
    }


def test_extracts_are_listed_from_the_latest_in_french():
    rows = pd.DataFrame(
        [
            extract("cog.csv", contract="cog", first_month=pd.NaT, caisse_count=None),
            extract("mars.xlsx"),
        ]
    )
    found = cells_of(received.extracts_table(rows, "Extraits"))
    assert found[0] == [
        "mars.xlsx",
        "Résultats CPG des caisses",
        "Anne Dupré",
        "5 avril 2016 à 9 h 05",
        "12\u202f480",
        "107",
        "janv. 2016 – mars 2016",
        "Reçu",
    ]
    assert (found[1][1], found[1][5], found[1][6]) == ("Indicateurs de la COG", "–", "–")
    assert received.extracts_finding(rows) == (
        "2 extraits font cette publication (24\u202f960 lignes) : "
        "2 reçus des caisses et des services"
    )
    mixed = pd.DataFrame(
        {"origin": ["demonstration", "demonstration", "published"], "row_count": 1}
    )
    assert received.extracts_finding(mixed) == (
        "3 extraits font cette publication (3 lignes) : 2 de démonstration et 1 de chiffres publiés"
    )


def test_findings_say_how_grave_in_words_and_where():
    rows = pd.DataFrame(
        [
            {
                "severity": "error",
                "sentence": "Le mois manque.",
                "file_name": "a.csv",
                "row": 1204,
                "contract": "cpg",
            },
            {
                "severity": "warning",
                "sentence": "Total inégal.",
                "file_name": "a.csv",
                "row": None,
                "contract": "cog",
            },
        ]
    )
    assert cells_of(received.findings_table(rows, "Signalements")) == [
        ["▼ Bloquant", "Le mois manque.", "a.csv", "1\u202f204", "Résultats CPG des caisses"],
        ["● À vérifier", "Total inégal.", "a.csv", "–", "Indicateurs de la COG"],
    ]
    assert received.findings_finding(rows) == "2 signalements en tout, dans 1 fichier"
    filtered = "2 signalements sur 5 avec ces filtres, dans 1 fichier"
    assert received.findings_finding(rows, 5) == filtered
    one = received.findings_finding(rows.head(1), 5)
    assert one == "1 signalement sur 5 avec ces filtres, dans 1 fichier"


def test_nothing_received_and_nothing_found_are_said():
    assert received.extracts_finding(pd.DataFrame()) == "Aucun extrait dans cette publication"
    none = pd.DataFrame()
    assert received.findings_finding(none) == (
        "Aucun signalement dans les extraits de cette publication"
    )
    assert received.findings_finding(none, 5) == "Aucun des 5 signalements avec ces filtres"
    assert received.findings_finding(none, 1) == "L’unique signalement est hors de ces filtres"


def test_every_status_has_its_own_icon_and_word():
    known = [*STATUSES.values(), HIDDEN]
    assert len({status.icon for status in known}) == len({status.word for status in known}) == 6
    for unknown in (None, "", "nan", "other"):
        assert status_word(unknown) is STATUSES["not_applicable"]


def test_a_sender_knows_its_last_month_as_a_day():
    assert known_senders()[1].last_month == date(2017, 5, 1)
