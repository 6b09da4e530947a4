"""What an import would change, said to whoever may see it; stages and headings proposed."""

import pytest

from access.policy import policy
from components.import_effect import told_to
from data.contracts.model import contracts
from data.ingestion.heading_proposals import proposals
from data.ingestion.stages import STAGES, advisories, stage_of, verdicts
from figures.import_effect import (
    GapMove,
    effect_finding,
    flips_words,
    gaps_html,
    moved_table,
    tells_patients,
    unusual_table,
)
from figures.import_history import PastPublication, history_table
from figures.import_report import (
    cells_grid,
    findings_html,
    place_said,
    recognition_html,
    report_finding,
)

NAMES = {"CPAM-43": "CPAM Haute-Loire"}
MOVED = {
    "caisse_code": "CPAM-43",
    "indicator_code": "prado_maternite_adhesions",
    "month": "2017-09-01",
    "former_realised": 4.0,
    "new_realised": 52.0,
    "effect": "moved",
}
UNUSUAL = {
    "caisse_code": "CPAM-43",
    "indicator_code": "prado_maternite_adhesions",
    "month": "2017-09-01",
    "former": 4.0,
    "new": 52.0,
    "lower": -3.0,
    "upper": 9.0,
    "side": "above",
}
EFFECT = {
    "added": 1,
    "moved": 30,
    "withdrawn": 0,
    "unchanged": 5,
    "moved_sample": [MOVED],
    "withdrawn_sample": [],
    "unusual": [UNUSUAL],
    "unusual_total": 1,
}


def finding(rule="cpg.unreadable_number", severity="error", row=3, column="Réalisé"):
    return {
        "rule": rule,
        "severity": severity,
        "sentence": f"x.csv, ligne {row}, colonne « {column} » : à revoir.",
        "sheet": None,
        "row": row,
        "column": column,
        "expected": None,
        "measure": "realised",
        "territory_code": "CPAM-43",
        "indicator_code": "prado_maternite_adhesions",
    }


def checked(errors=(), warnings=(), **more):
    found = [*errors, *warnings]
    return {
        "name": "x.csv",
        "state": "rejected" if errors else "checked",
        "contract": "cpg",
        "errors": list(errors),
        "warnings": list(warnings),
        "totals": {one["rule"]: 1 for one in found},
        "context": {
            "header_row": 1,
            "headings": ["Caisse", "Réalisé"],
            "lines": {"3": ["CPAM-43", "douze"]},
        },
    } | more


def test_small_counts_of_others_are_not_told_before_nor_as_limits():
    hidden = moved_table("cpg", EFFECT, NAMES, lambda _code: False)
    assert "de 1 à 10 → 52" in hidden
    assert "4 → 52" in moved_table("cpg", EFFECT, NAMES, lambda _code: True)
    unusual = unusual_table(EFFECT, NAMES, lambda _code: False)
    assert "de 1 à 10" in unusual
    assert "à 9" not in unusual
    assert "0 à 9" in unusual_table(EFFECT, NAMES, lambda _code: True)


def test_a_move_outside_of_the_limits_is_signed_and_the_rest_counted():
    shown = moved_table("cpg", EFFECT, NAMES, lambda _code: True)
    assert "Inhabituel : au-dessus des limites" in shown
    assert "… et 29 autres." in shown
    assert "CPAM Haute-Loire, PRADO maternité" in shown


def test_what_changes_is_counted_over_contracts():
    assert effect_finding({"cpg": EFFECT}) == "1 valeur ajoutée, 30 modifiées, 0 retirée"
    nothing = EFFECT | {"added": 0, "moved": 0}
    assert effect_finding({"cpg": nothing}) == "Rien ne changera dans les chiffres publiés"


def test_a_figure_judged_for_the_first_time_is_no_status_that_flips():
    assert flips_words(["appeared", "appeared"]) == "2 résultats nouvellement jugés"
    assert flips_words(["improved", "disappeared"]) == (
        "1 état qui bascule, 1 résultat qui n’est plus jugé"
    )
    assert flips_words([]) == ""


def test_a_file_of_no_contract_is_told_once_and_a_long_effect_is_folded():
    unknown = checked([finding("unrecognised")], contract=None, reason="Aucun des modèles")
    assert recognition_html(unknown) == ""
    told = {"added": 1, "moved": 0, "withdrawn": 0, "flips": 2}
    effect = dict.fromkeys(list(contracts())[:9], told)
    past = PastPublication(1, "b" * 12, "2017-11-30T10:00:00", "a", "import", None, [], effect)
    html = history_table([past])
    assert "et 4 autres contrats" in html
    assert html.index("2 états basculés") < html.index("et 4 autres contrats")


def test_gaps_enter_and_leave_by_name():
    html = gaps_html([GapMove("Ain", "Sophia", 2, True), GapMove("Ain", "PRADO", 1, False)])
    assert "Ain : « Sophia » entre au 2e rang" in html
    assert "Ain : « PRADO » sort (était 1er)" in html
    assert "restent les mêmes" in gaps_html([])


@pytest.mark.parametrize(
    ("rule", "stage"),
    [
        ("extract.unreadable_file", "file"),
        ("cpg.missing_column", "structure"),
        ("cpg.unreadable_number", "cells"),
        ("cpg.duplicate_key", "identities"),
        ("cpg.components_sum", "identities"),
        ("cpg.value_withdrawn", "coherence"),
    ],
)
def test_rules_stand_at_their_stage(rule, stage):
    assert stage_of(rule, "cpg") == stage


@pytest.mark.parametrize("contract", contracts())
def test_every_declared_rule_has_a_stage(contract):
    assert {stage_of(check.id, contract) for check in contracts()[contract].checks} <= set(STAGES)


def test_a_bad_structure_leaves_the_stages_after_it_unchecked():
    said = verdicts(checked([finding("cpg.missing_column", column=None)]))
    assert list(said.values()) == ["pass", "fail", None, None, None]
    said = verdicts(checked([finding()], [finding("cpg.components_sum", "warning")]))
    assert list(said.values()) == ["pass", "pass", "fail", "advisory", None]
    assert set(verdicts(checked()).values()) == {"pass"}


def test_how_a_file_was_read_asks_for_no_signature():
    told = [finding("cpg.reading", "warning"), finding("cpg.components_sum", "warning")]
    assert [one.rule for one in advisories([checked(warnings=told)])] == ["cpg.components_sum"]
    assert advisories([checked([finding()], told)]) == []


def test_the_failing_cell_is_marked_in_its_line():
    html = cells_grid(checked([finding()]))
    assert '<td class="bad" title="à revoir."><i>▼</i> douze' in html
    assert "<td>CPAM-43</td>" in html
    assert cells_grid(checked()) == ""


def test_a_finding_starts_at_its_line_and_lines_follow_each_other():
    warnings = [finding("cpg.components_sum", "warning", row=9)]
    html = findings_html(checked([finding(row=7), finding(row=4)], warnings), "f")
    assert "Ligne 4, colonne « Réalisé » : à revoir." in html
    assert "x.csv" not in html
    assert html.index("Ligne 4") < html.index("Ligne 7") < html.index("Ligne 9")
    assert place_said("autre.csv : illisible.", "x.csv") == "Autre.csv : illisible."


def test_what_is_said_of_a_whole_line_marks_the_line_and_no_cell_without_a_title():
    said = finding("cpg.value_withdrawn", "warning", column=None)
    context = {"header_row": 1, "headings": ["Caisse", ""], "lines": {"3": ["CPAM-43", "100"]}}
    html = cells_grid(checked(warnings=[said], context=context))
    assert "<td>100</td>" in html
    assert '<th scope="row" class="num odd"' in html


def test_a_small_count_of_others_is_told_nowhere_and_a_rate_is_none():
    told = finding("cpg.value_withdrawn", "warning") | {"expected": 4.0}
    rate = told | {"expected": 0.85, "indicator_code": "generiques_penetration"}
    report = {"files": [checked(warnings=[told, rate])]}
    manager = policy().scope_of("cpam", "CPAM-43", "a")
    assert told_to(manager, report) == report
    (file,) = told_to(policy().scope_of("analyste", "REG-84", "a"), report)["files"]
    assert "de 1 à 10" in file["warnings"][0]["sentence"]
    assert file["warnings"][0]["expected"] is None
    assert file["warnings"][1] == rate
    published = {"files": [{"file_name": "x.csv", "state": "published"}]}
    assert told_to(manager, published) == published


@pytest.mark.parametrize(
    ("field", "value", "indicator", "is_told"),
    [
        ("realised", 4.0, "prado_maternite_adhesions", True),
        ("realised", 11.0, "prado_maternite_adhesions", False),
        ("objective", 0.85, "generiques_penetration", False),
        ("realised", 4.0, "msap_etablissements", False),
        ("requests", 4, None, True),
        ("points", 4, None, False),
    ],
)
def test_small_counts_are_those_of_patients(field, value, indicator, is_told):
    assert tells_patients(field, value, indicator) is is_told


def test_the_verdict_counts_files():
    files = [checked(), checked(), checked([finding()])]
    assert report_finding(files) == "2 fichiers sur 3 peuvent être publiés, 1 refusé"
    assert report_finding(files[:1]) == "x.csv peut être publié"


def test_each_column_is_proposed_once_and_what_was_told_comes_first():
    headings = ["Nb réalisé", "Réalisation", "Zorglub", "Objectif de l’an"]
    known = {"Objectif de l’an": "objective"}
    found = {one.heading: one for one in proposals("cpg", headings, ["caisse_code"], known)}
    columns = [one.column for one in found.values() if one.column]
    assert len(set(columns)) == len(columns)
    assert "realised" in columns
    assert found["Zorglub"].column is None
    assert found["Objectif de l’an"].is_remembered
