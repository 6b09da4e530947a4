"""What the extract files of published figures hold."""

from __future__ import annotations

import pandas as pd
import pytest

from data.demo.senders import REFERENCE


def read(name: str) -> pd.DataFrame:
    path = REFERENCE / "igas_2017" / name
    return pd.read_csv(path, sep=";", dtype=str, keep_default_na=False, encoding="utf-8")


@pytest.mark.parametrize(
    ("name", "row_count", "key"),
    [
        ("cpg_published_2016.csv", 84, ["Territoire", "Année", "Indicateur"]),
        ("cog.csv", 99, ["Code", "Année"]),
        ("interessement.csv", 44, ["Année", "Part", "Libellé"]),
        ("engagements.csv", 170, ["Partie", "Numéro"]),
        ("gini_published.csv", 22, ["Profession", "Année", "Nature"]),
        (
            "prado_activity.csv",
            23,
            ["Territoire", "Mois", "Nombre de mois", "Volet", "Source"],
        ),
        ("programme_cost.csv", 37, ["Programme", "Volet", "Année", "Poste"]),
        ("programme_savings.csv", 6, ["Programme", "Année", "Volet"]),
        ("sophia_calls.csv", 6, ["Campagne", "Caisse", "Année", "Étape"]),
        ("dmp.csv", 4, ["Territoire", "Date"]),
        ("first_contact_delay.csv", 6, ["Année", "Opération", "Professionnel"]),
        ("consultation_delay.csv", 5, ["Année", "Du jour"]),
        ("teleservices.csv", 19, ["Téléservice", "Année", "Période", "Source"]),
        (
            "msap_published.csv",
            147,
            ["Tableau", "Année", "Domaine", "Périmètre", "Ligne du tableau"],
        ),
    ],
)
def test_every_published_row_is_there_once(name: str, row_count: int, key: list[str]) -> None:
    table = read(name)
    assert len(table) == row_count
    assert not table.duplicated(key).any()


def test_published_rates_by_drsm_and_national_counts() -> None:
    table = read("cpg_published_2016.csv")
    by_territory = table.groupby("Territoire")["Indicateur"].nunique()
    assert len(by_territory) == 21
    assert by_territory.eq(4).all()
    national = table[table["Territoire"] == "FR"].set_index("Indicateur")
    assert national.loc["prado_maternite_adhesions", "Réalisé"] == "392527"
    assert national.loc["prado_pathologies_chroniques_etablissements", "Réalisé"] == "204"
    assert table.loc[table["Territoire"] != "FR", "Réalisé"].eq("").all()
    guyane = table[table["Territoire"] == "DRSM-GUYANE"].set_index("Indicateur")
    assert guyane.loc["prado_chirurgie_adhesions", "Taux d'atteinte (%)"] == "287"


def test_engagements_of_both_parties_without_the_prose_of_the_report() -> None:
    table = read("engagements.csv")
    assert table["Partie"].value_counts().to_dict() == {"CNAMTS": 145, "État": 25}
    assert list(table.columns) == [
        "Partie",
        "Numéro",
        "Action",
        "Échéance",
        "Réalisé",
        "Dans les délais",
        "Rédaction précise",
    ]
    assert {"4.1", "12.19"} <= set(table["Numéro"])


def test_decimals_are_written_with_a_comma() -> None:
    cog = read("cog.csv")
    overrun = cog[(cog["Code"] == "IS4.2") & (cog["Année"] == "2014")]
    assert overrun["Réalisé"].tolist() == ["54,1"]
    assert set(read("interessement.csv")["Poids (%)"]) >= {"12,5", "7,5", "10"}


def test_tables_of_msap_keep_their_spellings_their_doubled_labels_and_their_blank_cells() -> None:
    table = read("msap_published.csv")
    assert table["Tableau"].value_counts().to_dict() == {
        "par geste": 91,
        "demandes et séjours": 26,
        "par statut": 18,
        "par catégorie": 12,
    }
    in_2014 = table[(table["Année"] == "2014") & (table["Tableau"] == "par geste")]
    assert in_2014["Geste"].value_counts()["Chirurgie du nez"] == 2
    assert {"Chirurgie l'épaule", "Chirurgie de la main Chirurgie de la"} <= set(in_2014["Geste"])
    tubal = in_2014[in_2014["Geste"] == "Interruption tubaire"].iloc[0]
    assert tubal[["Demandes", "Accords", "Refus"]].tolist() == ["", "", ""]
    assert set(table.loc[table["Séjours"] != "", "Domaine"]) == {"chirurgie_ambulatoire"}


def test_two_sources_of_one_figure_both_stand_in_their_extract() -> None:
    prado = read("prado_activity.csv")
    in_2015 = prado[(prado["Mois"] == "2015-12") & (prado["Adhésions"] != "")]
    assert in_2015.set_index("Source")["Adhésions"].to_dict() == {
        "IGAS 2017, annexe 7": "338960",
        "IGAS 2017, annexe 11": "335938",
    }
    online = read("teleservices.csv")
    notices = online[(online["Téléservice"] == "AAT") & (online["Année"] == "2015")]
    assert notices.set_index("Source")["Taux (%)"].to_dict() == {
        "IGAS 2017, annexe 5": "15,22",
        "IGAS 2017, annexe 11": "19,2",
    }


def test_what_a_cost_is_worked_out_from_is_told_apart_from_what_was_published() -> None:
    table = read("programme_cost.csv")
    prado = table[table["Programme"] == "PRADO"].set_index("Poste")
    assert prado.loc["cam_fte", ["Valeur", "Unité", "Hypothèse"]].tolist() == ["591", "ETP", "oui"]
    assert prado.loc["published_budget", ["Valeur", "Unité", "Hypothèse"]].tolist() == [
        "40",
        "M€",
        "non",
    ]
    sophia = table[(table["Programme"] == "Sophia") & (table["Année"] == "2016")]
    assert sophia.set_index("Poste").loc["ics_working_days", "Valeur"] == "205"
    assert set(sophia["Volet"]) == {"", "diabete", "asthme"}
