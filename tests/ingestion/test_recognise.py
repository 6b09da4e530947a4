import pytest

from data.contracts.model import contracts
from tests.ingestion.conftest import cpg_text

ROW = "CPAM-43;prado_chirurgie_adhesions;2016-01;31"


@pytest.mark.parametrize(
    "headings",
    [
        "Caisse;Indicateur;Mois;Réalisé",
        "CAISSE;INDICATEUR;MOIS;REALISE",
        " Code caisse ;code_indicateur;Période;Résultat",
        "organisme;Libellé de l'indicateur;Mois de référence;Valeur",
        "caisse_code;indicator_code;month;realised",
        "N° caisse;Indicateur CPG;Date;Réalisé (adhésions)",
    ],
)
def test_cpg_is_recognised_under_usual_headings(check, headings):
    found = check(f"{headings}\n{ROW}\n")
    assert found.contract == "cpg"
    assert found.errors == ()
    assert list(found.mapping) == ["caisse_code", "indicator_code", "month", "realised"]
    assert "« Résultats mensuels du CPG par caisse »" in found.reason


def test_columns_in_any_order_and_unknown_ones_are_told(check):
    found = check(
        "Mois;Commentaire libre;Réalisé;Caisse;Indicateur\n2016-01;x;3;43;prado_adhesions\n"
    )
    assert found.errors == ()
    assert found.unmapped == ("Commentaire libre",)
    assert [f.rule for f in found.warnings] == ["cpg.unmapped_headings"]


def test_the_usual_heading_wins_over_a_looser_one(check):
    found = check(f"Nom de la caisse;Caisse;Indicateur;Mois;Réalisé\nCPAM du Puy;{ROW}\n")
    assert found.mapping["caisse_code"] == "Caisse"
    assert found.unmapped == ("Nom de la caisse",)


def test_headings_below_a_long_preamble(check):
    found = check("\n".join(f"note {n};;" for n in range(20)) + "\n" + cpg_text())
    assert (found.contract, found.header_row, found.row_count) == ("cpg", 21, 3)


@pytest.mark.parametrize("name", list(contracts()))
def test_a_forced_contract_is_the_only_one_tried(check, name):
    found = check(cpg_text(), contract=name)
    assert found.contract == name
    assert (found.errors == ()) == (name == "cpg")
    assert {contract for contract, _ in found.candidates} <= {name}


def test_an_unknown_contract_names_those_that_exist(check):
    found = check(cpg_text(), contract="inconnu")
    assert [f.rule for f in found.errors] == ["extract.unknown_contract"]
    assert "cpg_published" in found.errors[0].sentence


def test_without_any_measure_the_missing_column_is_named(check):
    found = check("Caisse;Indicateur;Mois\nCPAM-43;prado_adhesions;2016-01\n")
    assert [(f.rule, f.measure) for f in found.errors] == [("cpg.missing_column", "realised")]
    assert "« Réalisation »" in found.errors[0].sentence
    assert found.row_count == 1
