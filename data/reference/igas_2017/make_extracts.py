"""Write the published figures of 2017 as the extract files that are imported the ordinary way.

Run ``python data/reference/igas_2017/make_extracts.py``. The transcribed figures are read from
``$VIGIE_SHARED/figures`` and the spellings of the DRSM from ``$VIGIE_SHARED/reference``
(``VIGIE_SHARED`` defaults to ``../shared``). Source: IGAS, évaluation de la COG 2014-2017 de la
CNAMTS, gestion du risque, annexes (2017). Published anomalies are left in.
"""

from __future__ import annotations

import os
from pathlib import Path

import pandas as pd

HERE = Path(__file__).resolve().parent

ATTAINMENT_COLUMNS = {
    "maternite_adhesions": "prado_maternite_adhesions",
    "chirurgie_adhesions": "prado_chirurgie_adhesions",
    "chirurgie_establishments": "prado_chirurgie_etablissements",
    "pathologies_chroniques_establishments": "prado_pathologies_chroniques_etablissements",
}
"""Measure of the published tables to indicator code."""


def french_number(value: str) -> str:
    """The number with a decimal comma; anything else unchanged."""
    return value.replace(".", ",") if value.replace(".", "", 1).lstrip("-").isdigit() else value


def read_text(path: Path) -> pd.DataFrame:
    """A transcribed table with every cell as text, empty cells as empty text."""
    return pd.read_csv(path, dtype=str, keep_default_na=False)


def cpg_published(shared: Path) -> pd.DataFrame:
    """CPG attainment in 2016 by DRSM, then national with its realised counts (84 rows)."""
    by_drsm = read_text(shared / "figures" / "prado_cpg_attainment_2016_by_drsm.csv")
    national = read_text(shared / "figures" / "prado_cpg_attainment_2016_national.csv")
    spellings = read_text(shared / "reference" / "drsm.csv")
    code_by_spelling = dict(
        zip(spellings["published_spelling"], spellings["drsm_code"], strict=True)
    )
    rows = [
        (code_by_spelling[row["drsm"]], code, "", row[f"{measure}_attainment_pct"])
        for row in by_drsm.to_dict("records")
        for measure, code in ATTAINMENT_COLUMNS.items()
    ]
    rows += [
        ("FR", ATTAINMENT_COLUMNS[row["measure"]], row["realised"], row["attainment_pct"])
        for row in national.to_dict("records")
    ]
    frame = pd.DataFrame(rows, columns=["Territoire", "Indicateur", "Réalisé", "Taux"])
    frame.insert(1, "Année", "2016")
    return frame.rename(columns={"Taux": "Taux d'atteinte (%)"})


def cog(shared: Path) -> pd.DataFrame:
    """COG indicators 2014-2016 with objectives and the target of 2017 (99 rows)."""
    frame = read_text(shared / "figures" / "cog_indicators.csv")
    for column in ("realised", "objective", "target_2017"):
        frame[column] = frame[column].map(french_number)
    headings = {
        "fiche": "Fiche",
        "code": "Code",
        "type": "Type",
        "indicator": "Libellé",
        "unit": "Unité",
        "year": "Année",
        "realised": "Réalisé",
        "objective": "Objectif",
        "target_2017": "Cible 2017",
        "published_verdict": "Verdict publié",
        "note": "Note",
    }
    return frame[list(headings)].rename(columns=headings)


def interessement(shared: Path) -> pd.DataFrame:
    """Weights of the GDR indicators in the profit-sharing agreement, 2014-2017 (44 rows)."""
    frame = read_text(shared / "figures" / "interessement_gdr_weights.csv")
    frame["weight_pct"] = frame["weight_pct"].map(french_number)
    headings = {
        "year": "Année",
        "share": "Part",
        "indicator": "Libellé",
        "weight_pct": "Poids (%)",
    }
    return frame[list(headings)].rename(columns=headings)


def engagements(shared: Path) -> pd.DataFrame:
    """The commitments of both parties: 145 actions of the CNAMTS, 25 of the State.

    The report's prose on progress is left out. The State's table gives neither due date nor
    timeliness nor precision of wording: those cells are empty.
    """
    cnamts = read_text(shared / "figures" / "cog_engagements_cnamts.csv")
    etat = read_text(shared / "figures" / "cog_engagements_etat.csv")
    both = pd.concat(
        [
            cnamts.assign(party="CNAMTS"),
            etat.rename(columns={"commitment": "action"}).assign(party="État"),
        ]
    ).fillna("")
    headings = {
        "party": "Partie",
        "number": "Numéro",
        "action": "Action",
        "due": "Échéance",
        "achieved": "Réalisé",
        "on_time": "Dans les délais",
        "wording_precise": "Rédaction précise",
    }
    return both[list(headings)].rename(columns=headings)


MSAP_TABLES = {
    "msap_by_status.csv": "par statut",
    "msap_by_procedure.csv": "par geste",
    "msap_2014_by_establishment_category.csv": "par catégorie",
    "msap_2014_requests_vs_stays_by_procedure.csv": "demandes et séjours",
}
"""Transcribed file to the table it holds."""


def msap_published(shared: Path) -> pd.DataFrame:
    """The tables of MSAP of 2014 and 2016, spellings and doubled labels left in (147 rows).

    One file, so that tables of one year are held against each other. A cell that is not published
    stays empty. The report prints the tables by category and against stays under ambulatory
    surgery. ``Ligne du tableau`` is the rank of the line in its printed table.
    """
    tables = [
        read_text(shared / "figures" / name).assign(table=table)
        for name, table in MSAP_TABLES.items()
    ]
    rows = pd.concat(tables).fillna("")
    rows["domain"] = rows["domain"].replace("", "chirurgie_ambulatoire")
    rows["stays"] = rows["stays"] + rows["stays_under_msap"]
    printed = ["table", "year", "domain", "perimeter"]
    rows["line"] = rows.groupby(printed).cumcount() + 1
    rows["requests_per_stay_pct"] = rows["requests_per_stay_pct"].map(french_number)
    headings = {
        "table": "Tableau",
        "year": "Année",
        "domain": "Domaine",
        "perimeter": "Périmètre",
        "status": "Statut",
        "category": "Catégorie d'établissement",
        "procedure": "Geste",
        "line": "Ligne du tableau",
        "establishments": "Établissements",
        "requests": "Demandes",
        "approvals": "Accords",
        "refusals": "Refus",
        "stays": "Séjours",
        "requests_per_stay_pct": "Demandes par séjour (%)",
    }
    return rows[list(headings)].rename(columns=headings)


def gini_published(shared: Path) -> pd.DataFrame:
    """The Gini index of six professions (IR 4.1), 2014 to 2016, and targets of 2017 (22 rows)."""
    frame = read_text(shared / "figures" / "gini_ir41.csv")
    for column in ("gini", "published_delta"):
        frame[column] = frame[column].map(french_number)
    frame["kind"] = frame["kind"].map({"realised": "réalisé", "target": "cible"})
    headings = {
        "profession": "Profession",
        "year": "Année",
        "gini": "Indice de Gini",
        "published_delta": "Variation publiée",
        "kind": "Nature",
    }
    return frame[list(headings)].rename(columns=headings)


def write_extracts(shared: Path, folder: Path) -> list[Path]:
    """Write the six extract files into ``folder`` and return their paths."""
    tables = {
        "cpg_published_2016.csv": cpg_published(shared),
        "cog.csv": cog(shared),
        "interessement.csv": interessement(shared),
        "engagements.csv": engagements(shared),
        "msap_published.csv": msap_published(shared),
        "gini_published.csv": gini_published(shared),
    }
    for name, table in tables.items():
        table.to_csv(folder / name, sep=";", index=False, encoding="utf-8", lineterminator="\n")
    return [folder / name for name in tables]


if __name__ == "__main__":
    for written in write_extracts(Path(os.environ.get("VIGIE_SHARED", "../shared")), HERE):
        print(written.name)
