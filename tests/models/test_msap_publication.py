"""Which rows of the MSAP count once several files speak of the same months."""

import duckdb
import pytest

from data.ingestion.publish import Request, publish
from data.store.home import Home
from queries.run import CONNECTION

HEADINGS = (
    "Mois;Département;FINESS;Établissement;Statut;Domaine;Geste;Demandes;Accords;Refus;En attente;"
    "Séjours"
)
FINESS, OTHER = "000010001", "000590001"
CATARACT, SHOULDER = "Chirurgie du cristallin", "Chirurgie de l'épaule"


@pytest.fixture
def home(empty_home):
    return Home(empty_home)


def bring_in(home, name, rows, replaces=False):
    path = home.root.parent / name
    path.write_text("\n".join([HEADINGS, *rows]) + "\n", encoding="utf-8")
    (outcome,) = publish([path], home, Request(person="analyste", replaces=replaces))
    assert outcome.state == "published", outcome.errors
    return outcome


def row(month, procedure, requests, approvals, finess=FINESS, place="01", stays="100"):
    refusals = requests - approvals if requests != "" and approvals != "" else ""
    pending = 0 if requests != "" else ""
    return (
        f"{month};{place};{finess};Clinique fictive;Privé;SSR;{procedure};"
        f"{requests};{approvals};{refusals};{pending};{stays}"
    )


def served(home, question, *parameters):
    path = str(home.build_path(home.current_build_id()))
    with duckdb.connect(path, read_only=True, config=dict(CONNECTION)) as connection:
        return connection.execute(question, list(parameters)).fetchall()


def requests_of(home, finess=FINESS):
    return served(
        home,
        "select strftime(month, '%Y-%m'), requests from msap_establishment_monthly "
        "where finess = ? and domain = 'total' order by month",
        finess,
    )


def test_the_latest_file_counts_cell_by_cell(home):
    first = [row("2016-01", CATARACT, 12, 10), row("2016-02", CATARACT, 8, 8)]
    bring_in(home, "premier.csv", [*first, row("2016-01", SHOULDER, 5, 5)])
    assert requests_of(home) == [("2016-01", 17), ("2016-02", 8)]
    outcome = bring_in(home, "second.csv", [row("2016-01", CATARACT, 20, 19)])
    # The other procedure of the month is not in the second file: it stays.
    assert requests_of(home) == [("2016-01", 25), ("2016-02", 8)]
    assert (outcome.preview.moved, outcome.preview.unchanged) == (2, 2)
    files = served(home, "select file_name, row_count from msap_provenance order by 1, month")
    assert files == [("premier.csv", 1), ("premier.csv", 1), ("second.csv", 1)]


def test_an_empty_row_withdraws_its_cell(home):
    bring_in(home, "un.csv", [row("2016-01", CATARACT, 12, 10), row("2016-02", CATARACT, 8, 8)])
    empty = f"2016-02;01;{FINESS};Clinique fictive;Privé;SSR;{CATARACT};;;;;"
    path = home.root.parent / "vide.csv"
    path.write_text(f"{HEADINGS}\n{empty}\n", encoding="utf-8")
    (outcome,) = publish([path], home, Request(person="analyste"))
    assert outcome.state == "published", outcome.errors
    assert requests_of(home) == [("2016-01", 12)]


def test_a_replacement_takes_the_whole_year_of_its_establishments(home):
    other = row("2016-01", CATARACT, 30, 30, OTHER, "59")
    rows = [row("2016-01", CATARACT, 12, 10), row("2016-02", CATARACT, 8, 8), other]
    bring_in(home, "un.csv", rows)
    bring_in(home, "remplace.csv", [row("2016-03", CATARACT, 9, 9)], replaces=True)
    assert requests_of(home) == [("2016-03", 9)]
    assert requests_of(home, OTHER) == [("2016-01", 30)]


def test_spellings_of_one_procedure_add_up(home):
    rows = [row("2016-01", SHOULDER, 6, 6), row("2016-01", "Chirurgie l'épaule", 7, 7)]
    bring_in(home, "un.csv", rows)
    found = served(home, "select procedure_code, requests from msap_establishment_procedures", *())
    assert found == [("epaule", 13)]


def test_a_department_of_several_caisses_is_no_caisse(home):
    rows = [
        row("2016-01", CATARACT, 30, 30, OTHER, "59"),
        row("2016-01", CATARACT, 20, 20, FINESS, "01"),
    ]
    bring_in(home, "un.csv", rows)
    found = served(
        home,
        "select finess, territory_code, caisse_code from msap_by_establishment "
        "where domain = 'total' order by finess",
    )
    assert found == [(FINESS, "CPAM-01", "CPAM-01"), (OTHER, "DEP-59", None)]
    caisses = served(
        home,
        "select territory_code, requests from msap_by_status "
        "where level = 'caisse' and domain = 'total' and status = 'total'",
    )
    assert caisses == [("CPAM-01", 20)]
    levels = served(
        home,
        "select level, sum(requests) from msap_by_status "
        "where domain = 'total' and status = 'total' group by level order by level",
    )
    assert dict(levels) == {
        "ancienne_region": 50,
        "caisse": 20,
        "departement": 50,
        "drsm": 50,
        "national": 50,
        "region": 50,
    }
