"""The anomalies page: what is counted, filtered, said, linked to, and to whom it shows."""

import re

import pandas as pd
import pytest

from access.policy import policy
from data.contracts.model import contracts
from figures.anomalies import (
    LINES_SHOWN,
    anomalies,
    anomalies_finding,
    anomalies_records,
    anomalies_table,
)
from figures.anomaly_words import RULES, rule_words
from queries import store
from queries.current import current_build
from tests.pages.apps import address_to_write, chosen_option, open_app, readable, sent

PAGE = "pages/donnees/anomalies.py"
PUBLISHED = {
    "msap.tables_disagree": 11,
    "msap.total_mismatch": 9,
    "msap.approvals_exceed_requests": 9,
    "msap.identity": 44,
    "msap.doubled_label": 3,
}


def of_published(**address):
    return open_app(PAGE, anomalies_contrat="msap_published", **address)


def finding(**values):
    """A finding as ``store.findings`` gives it."""
    plain = {
        "extract_id": "1", "file_name": "a.csv", "rule": "msap.identity", "contract": "msap",
        "severity": "warning", "sentence": "a.csv, ligne 2 : mal compté.", "sheet": None, "row": 2,
        "column": None, "year": 2016, "month": None, "domain": "ssr", "label": None,
        "measure": None, "territory_code": None, "indicator_code": None, "expected": "5",
        "found": "7",
    }  # fmt: skip
    return plain | values


def test_the_title_counts_what_contradicts_a_total(demo_home):
    said = readable(of_published())
    assert "76 anomalies sur" in said
    assert "dans 1 extrait, dont 20 contredisent un total" in said
    assert "Liste : 76 anomalies" in said


@pytest.mark.parametrize(("rule", "count"), PUBLISHED.items())
def test_a_rule_of_the_address_keeps_its_breaches_and_leaves_the_counts(rule, count, demo_home):
    app = of_published(anomalies_regle=rule)
    said = readable(app)
    assert f"Liste : {count} anomalies sur 76" in said
    assert "76 anomalies sur" in said
    listed = said.rpartition("Liste :")[2]
    assert [other for other in PUBLISHED if rule_words(other).consequence in listed] == [rule]
    assert chosen_option(app, "anomalies_regle") == rule_words(rule).title


def test_the_year_and_the_severity_of_the_address_filter_too(demo_home):
    assert "Liste : 28 anomalies" in readable(of_published(anomalies_annee="2014"))
    nothing = readable(of_published(anomalies_gravite="error"))
    assert "Rien à signaler avec ces filtres" in nothing


def test_what_is_not_offered_leaves_the_address(demo_home):
    app = open_app(PAGE, anomalies_regle="msap.inconnue", anomalies_annee="1999")
    assert address_to_write(app)["anomalies_regle"] is None
    assert address_to_write(app)["anomalies_annee"] is None


def test_a_line_says_what_was_published_what_is_computed_and_where(demo_home):
    html = sent(of_published(anomalies_regle="msap.identity"))
    [line] = [row for row in re.findall(r"<tr>.*?</tr>", html) if "Cholécystectomie" in row][:1]
    assert "823 accords + 12 refus = 835, 823 demandes publiées (écart 12)." in line
    assert re.findall(r'data-label="[^"]*">([^<]*)<', line) == [
        "823",
        "835",
        "12",
        "msap_published.csv, ligne 42, colonne «\u00a0Demandes\u00a0»",
    ]


def test_the_same_sentence_stands_once_with_all_its_places():
    rows = [
        finding(
            row=row, sentence=f"a.csv, ligne {row} : geste inconnu.", rule="msap.unknown_procedure"
        )
        for row in range(2, 14)
    ]
    rows.append(finding(row=20, sentence="a.csv, ligne 20 : autre geste."))
    html = anomalies_table(anomalies(pd.DataFrame(rows)), "x", lambda one: None)
    assert html.count("Geste inconnu.") == 1
    assert "12 fois" in html.replace("\u00a0", " ").replace("\u202f", " ")
    assert all(f"ligne {row}<" in html for row in (*range(2, 14), 20))
    assert html.count("<details") == 1


def test_each_published_figure_is_one_click_away(demo_home):
    html = sent(of_published(anomalies_annee="2016"))
    assert "msap_gestes?annee=2016&amp;domaine=chirurgie_ambulatoire" in html
    assert "msap?annee=2016&amp;domaine=ssr" in html


def test_an_empty_home_says_what_to_do(empty_home):
    assert "Aucune donnée publiée pour l’instant" in readable(open_app(PAGE))


def test_a_finding_outside_the_scope_does_not_show(demo_home):
    findings = store.findings(policy().scope("cpam:CPAM-43"), current_build())
    seen = set(findings["territory_code"].dropna())
    assert seen <= set(policy().scope("cpam:CPAM-43").territories)
    said = readable(open_app(PAGE, profil="cpam", profil_territoire="CPAM-43"))
    everything = store.findings(policy().scope("national:FR"), current_build())
    others = everything[
        everything["territory_code"].notna() & ~everything["territory_code"].isin(seen)
    ]
    places = {
        f"{name}, ligne {row},"
        for name, row in zip(others["file_name"], others["row"], strict=True)
    }
    assert [place for place in places if place in said] == []


def test_a_withheld_finding_shows_no_figure():
    rows = pd.DataFrame(
        [
            finding(
                sentence="a.csv, ligne 2 : signalement sur un effectif de patients masqué.",
                expected=None,
                found=None,
            )
        ]
    )
    [one] = anomalies(rows)
    assert (one.sent, one.computed, one.gap) == ("", "", None)
    assert one.sentence == "Signalement sur un effectif de patients masqué."


def test_titles_count_in_french():
    one = anomalies(pd.DataFrame([finding(rule="msap.total_mismatch")]))
    assert anomalies_finding(one) == "1 anomalie dans 1 extrait, dont 1 contredit un total"
    assert anomalies_finding([]) == "Aucune anomalie dans les extraits de cette publication"
    assert anomalies_finding([], 4) == "Aucune des 4 anomalies avec ces filtres"


def test_breaches_of_totals_come_first_and_the_file_holds_them_all():
    rows = [finding(row=line) for line in range(2, 2 + LINES_SHOWN + 5)]
    rows.append(finding(rule="msap.total_mismatch", contract="msap_published"))
    found = anomalies(pd.DataFrame(rows))
    assert found[0].rule == "msap.total_mismatch"
    table = anomalies_records(found)
    assert len(table) == LINES_SHOWN + 6
    assert table.loc[0, ["publie_ou_envoye", "calcule_ou_attendu", "ecart"]].tolist() == [
        "7",
        "5",
        2,
    ]


def test_every_rule_that_a_live_extract_can_breach_has_its_words():
    declared = {
        check.id
        for contract in contracts().values()
        for check in contract.checks
        if check.severity == "warning"
    }
    assert declared - set(RULES) == set()
    assert rule_words("cpg.note_line").title == "Note sous le tableau"
    assert rule_words("cpg.another").title == "Autre signalement"
