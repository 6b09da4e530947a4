"""Write the published figures as the extract files that are imported the ordinary way.

Run ``python data/reference/igas_2017/make_extracts.py``. The transcribed figures are read from
``$VIGIE_SHARED/figures`` and the spellings of the DRSM from ``$VIGIE_SHARED/reference``
(``VIGIE_SHARED`` defaults to ``../shared``). Source: IGAS, évaluation de la COG 2014-2017 de la
CNAMTS, gestion du risque, annexes (2017), and for DMP, telemedicine and PRADO in 2018 documents of
the Assurance Maladie of 2019. Published anomalies are left in.
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


OTHER_PRADO_TOTALS = [
    ("2014-12", "234120", "222000", ""),
    ("2015-12", "335938", "333600", "310000"),
    ("2016-12", "430920", "539000", "395000"),
]
"""PRADO over all volets as annexe 11 prints it: adhesions, objective, revised objective. The
adhesions of 2015 and the objective of 2014 are not those of annexe 7."""


def prado_activity(shared: Path) -> pd.DataFrame:
    """PRADO in the country: productivity, totals of two annexes, volets of 2018 (23 rows).

    A period is told by its last month and its length, a whole year or one month.
    """
    productivity = read_text(shared / "figures" / "prado_productivity.csv")
    is_year = productivity["period"].str.len() == 4
    productivity["month"] = productivity["period"].where(~is_year, productivity["period"] + "-12")
    productivity["month_count"] = is_year.map({True: "12", False: "1"})
    productivity["source"] = "IGAS 2017, productivité des CAM"
    totals = read_text(shared / "figures" / "cog_indicators.csv").query("code == 'IR7-ADH'")
    totals = totals.assign(month=totals["year"] + "-12", adhesions=totals["realised"])
    totals = totals[["month", "adhesions", "objective"]].assign(source="IGAS 2017, annexe 7")
    others = pd.DataFrame(
        OTHER_PRADO_TOTALS, columns=["month", "adhesions", "objective", "revised_objective"]
    ).assign(source="IGAS 2017, annexe 11")
    in_2018 = read_text(shared / "figures" / "prado_2018_national.csv")
    in_2018 = in_2018.assign(month="2018-12", source="CPAM du Tarn 2019")
    rows = pd.concat([productivity, totals, others, in_2018]).fillna("")
    rows["month_count"] = rows["month_count"].replace("", "12")
    rows["label"] = rows["volet"]
    rows["volet"] = rows["volet"].replace("", "total")
    rows["territory_code"] = "FR"
    for column in ("adhesions_per_fte_per_month", "cam_fte", "adhesion_rate_pct"):
        rows[column] = rows[column].map(french_number)
    headings = {
        "territory_code": "Territoire",
        "month": "Mois",
        "month_count": "Nombre de mois",
        "volet": "Volet",
        "label": "Libellé",
        "adhesions": "Adhésions",
        "objective": "Objectif",
        "revised_objective": "Objectif révisé",
        "cam_fte": "ETP de CAM",
        "adhesions_per_fte_per_month": "Adhésions par ETP et par mois",
        "sites_active": "Sites actifs",
        "sites_total": "Sites en tout",
        "adhesion_rate_pct": "Taux d'adhésion (%)",
        "establishments_with_inclusion": "Établissements actifs",
        "establishments_eligible": "Établissements éligibles",
        "establishments_rate_pct": "Part des établissements (%)",
        "source": "Source",
    }
    return rows[list(headings)].rename(columns=headings)


UNITS = {"EUR": "€", "M EUR": "M€", "kEUR": "k€"}
PRADO_HYPOTHESES = (
    "cam_fte",
    "cam_annual_salary",
    "managers",
    "manager_annual_salary",
    "overhead_rate",
    "published_adhesions_hypothesis",
)
SOPHIA_HYPOTHESES = (
    "total_cost",
    "adherents_year_end",
    "adherents_year_mean",
    "ics_fte",
    "ics_working_days",
    "successful_calls",
)
"""Values that the published results are worked out from."""


def programme_cost(shared: Path) -> pd.DataFrame:
    """What PRADO (2016) and Sophia (2013-2017) cost and yield, item by item (37 rows).

    The 205 working days of a Sophia nurse are printed in the unit of the calls per day: they get
    a row of their own, since the calls per day are worked out from them.
    """
    prado = read_text(shared / "figures" / "prado_costs_2016.csv")
    prado = prado.assign(programme="PRADO", year="2016", volet="")
    prado["hypothesis"] = prado["item"].isin(PRADO_HYPOTHESES)
    sophia = read_text(shared / "figures" / "sophia.csv").assign(programme="Sophia")
    disease = sophia["measure"].str.extract(r"^(diabete|asthme)_")[0].fillna("")
    sophia["volet"] = disease
    sophia["item"] = sophia["measure"].str.replace(r"^(diabete|asthme)_", "", regex=True)
    working_days = {
        "programme": "Sophia",
        "year": "2016",
        "volet": "",
        "item": "ics_working_days",
        "value": "205",
        "unit": "jours par an",
    }
    sophia = pd.concat([sophia, pd.DataFrame([working_days])])
    sophia["hypothesis"] = sophia["item"].isin(SOPHIA_HYPOTHESES)
    rows = pd.concat([prado, sophia])
    told = rows["unit"].str.extract(r"^([^(]*?)\s*(?:\((.*)\))?$")
    rows["unit"] = told[0].replace(UNITS)
    rows["note"] = told[1].fillna("")
    rows["value"] = rows["value"].map(french_number)
    rows["hypothesis"] = rows["hypothesis"].map({True: "oui", False: "non"})
    headings = {
        "programme": "Programme",
        "volet": "Volet",
        "year": "Année",
        "item": "Poste",
        "value": "Valeur",
        "unit": "Unité",
        "hypothesis": "Hypothèse",
        "note": "Note",
    }
    return rows[list(headings)].rename(columns=headings)


def programme_savings(shared: Path) -> pd.DataFrame:
    """Savings that the ONDAM of 2015 expected of PRADO by volet, and their total (6 rows)."""
    rows = read_text(shared / "figures" / "prado_ondam_2015_expected.csv")
    rows = rows.assign(programme="PRADO", year="2015", label=rows["volet"])
    for column in ("hospital_meur", "city_meur"):
        rows[column] = rows[column].map(french_number)
    headings = {
        "programme": "Programme",
        "year": "Année",
        "volet": "Volet",
        "label": "Libellé",
        "adhesions": "Adhésions attendues",
        "hospital_meur": "Hôpital (M€)",
        "city_meur": "Ville (M€)",
    }
    return rows[list(headings)].rename(columns=headings)


def sophia_calls(shared: Path) -> pd.DataFrame:
    """The call campaign of Loire-Atlantique in 2016, step by step (6 rows)."""
    rows = read_text(shared / "figures" / "sophia_call_campaign_loire_atlantique_2016.csv")
    rows = rows.assign(campaign="Loire-Atlantique 2016", caisse="CPAM-44", year="2016")
    headings = {
        "campaign": "Campagne",
        "caisse": "Caisse",
        "year": "Année",
        "step": "Étape",
        "count": "Nombre",
    }
    return rows[list(headings)].rename(columns=headings)


DMP_TERRITORIES = {"France": "FR", "Occitanie": "REG-76", "Tarn": "DEP-81"}


def dmp(shared: Path) -> pd.DataFrame:
    """DMP opened in the Tarn, Occitanie and France on 28 July 2019, France in December (4 rows)."""
    rows = read_text(shared / "figures" / "dmp_created_2019_07_28.csv")
    rows = rows.assign(counted_on="2019-07-28", note="")
    rows["territory"] = rows["territory"].replace(DMP_TERRITORIES)
    december = read_text(shared / "figures" / "teleconsultation.csv")
    december = december[december["measure"] == "dmp_open_december"]
    december = pd.DataFrame(
        {
            "counted_on": "2019-12-31",
            "territory": "FR",
            "cumulative": december["value"],
            "of_which_2019": "",
            "note": "décembre 2019, jour non publié",
        }
    )
    headings = {
        "counted_on": "Date",
        "territory": "Territoire",
        "cumulative": "DMP ouverts (cumul)",
        "of_which_2019": "Dont ouverts dans l'année",
        "note": "Note",
    }
    return pd.concat([rows, december])[list(headings)].rename(columns=headings)


def first_contact_delay(shared: Path) -> pd.DataFrame:
    """Days to the first contact after hospital in 2015, with PRADO and without (6 rows)."""
    rows = read_text(shared / "figures" / "prado_first_contact_delay_2015.csv").assign(year="2015")
    for column in ("prado_days", "eligible_days"):
        rows[column] = rows[column].map(french_number)
    headings = {
        "year": "Année",
        "procedure": "Opération",
        "professional": "Professionnel",
        "prado_days": "Délai avec PRADO (jours)",
        "eligible_days": "Délai sans PRADO (jours)",
    }
    return rows[list(headings)].rename(columns=headings)


def consultation_delay(shared: Path) -> pd.DataFrame:
    """Consultations after an operation in 2016 by class of days, the last one open (5 rows)."""
    rows = read_text(shared / "figures" / "post_operative_consultation_delay_2016.csv")
    headings = {
        "year": "Année",
        "days_from": "Du jour",
        "days_to": "Au jour",
        "consultations": "Consultations",
    }
    return rows.assign(year="2016")[list(headings)].rename(columns=headings)


RATES_SINCE = [("AAT", "2017-02", "31"), ("PSE", "2017-03", "57,9")]
"""Rates of single months that annexe 11 gives beside those of the years."""
TELEMEDICINE = {
    ("2018-12", "reimbursed_per_month"): ("teleconsultation", "2018", "month"),
    ("2019-summer", "reimbursed_per_month"): ("teleconsultation", "2019", "month"),
    ("2019-12", "per_week"): ("teleconsultation", "2019", "week"),
    ("2018-09/2019-09", "first_year_total"): ("teleconsultation", "2019", "period"),
    ("2019", "teleexpertise_acts"): ("teleexpertise", "2019", "period"),
}
"""Published period and measure to service, year and what the number of acts relates to."""


def teleservices(shared: Path) -> pd.DataFrame:
    """Online sick-leave notices and protocols from two annexes, telemedicine (19 rows)."""
    first = read_text(shared / "figures" / "dematerialisation_annexe5.csv")
    first = first.assign(source="IGAS 2017, annexe 5")
    second = read_text(shared / "figures" / "cog_indicators.csv")
    second = second[second["code"].isin(["IR8-AAT", "IR8-PSE"])]
    second = pd.DataFrame(
        {
            "service": second["code"].str.removeprefix("IR8-"),
            "year": second["year"],
            "rate_pct": second["realised"],
            "objective_pct": second["objective"],
            "source": "IGAS 2017, annexe 11",
        }
    )
    since = pd.DataFrame(RATES_SINCE, columns=["service", "period", "rate_pct"])
    since = since.assign(year=since["period"].str[:4], source="IGAS 2017, annexe 11")
    acts = [
        (*TELEMEDICINE[row["period"], row["measure"]], row["period"], row["value"])
        for row in read_text(shared / "figures" / "teleconsultation.csv").to_dict("records")
        if (row["period"], row["measure"]) in TELEMEDICINE
    ]
    acts = pd.DataFrame(acts, columns=["service", "year", "volume_span", "period", "volume"])
    acts = acts.assign(period=acts["period"].replace("2019-summer", "été 2019"))
    acts = acts.assign(source="Assurance Maladie 2019")
    rows = pd.concat([first, second, since, acts]).fillna("")
    for column in ("rate_pct", "objective_pct"):
        rows[column] = rows[column].map(french_number)
    headings = {
        "service": "Téléservice",
        "year": "Année",
        "period": "Période",
        "rate_pct": "Taux (%)",
        "objective_pct": "Objectif (%)",
        "volume": "Actes",
        "volume_span": "Actes par",
        "source": "Source",
    }
    return rows[list(headings)].rename(columns=headings)


def write_extracts(shared: Path, folder: Path) -> list[Path]:
    """Write the extract files into ``folder`` and return their paths."""
    tables = {
        "cpg_published_2016.csv": cpg_published(shared),
        "cog.csv": cog(shared),
        "interessement.csv": interessement(shared),
        "engagements.csv": engagements(shared),
        "msap_published.csv": msap_published(shared),
        "gini_published.csv": gini_published(shared),
        "prado_activity.csv": prado_activity(shared),
        "programme_cost.csv": programme_cost(shared),
        "programme_savings.csv": programme_savings(shared),
        "sophia_calls.csv": sophia_calls(shared),
        "dmp.csv": dmp(shared),
        "first_contact_delay.csv": first_contact_delay(shared),
        "consultation_delay.csv": consultation_delay(shared),
        "teleservices.csv": teleservices(shared),
    }
    for name, table in tables.items():
        table.to_csv(folder / name, sep=";", index=False, encoding="utf-8", lineterminator="\n")
    return [folder / name for name in tables]


if __name__ == "__main__":
    for written in write_extracts(Path(os.environ.get("VIGIE_SHARED", "../shared")), HERE):
        print(written.name)
