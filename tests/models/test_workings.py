"""Tables kept from one build to the next: taken where nothing they follow from has changed."""

import os

import duckdb
import pytest

from data.ingestion.publish import Request, lake_path, publish
from data.models import build as builder
from data.models.workings import KEPT, Workings
from data.store.home import Home
from data.store.registry import Registry

MSAP = (
    "Mois;Département;FINESS;Établissement;Statut;Domaine;Geste;Demandes;Accords;Refus;En attente\n"
    "2016-01;01;000010001;Clinique fictive;Privé;SSR;Prothèse de genou;{requests};{requests};0;0\n"
)
CPG = "Caisse;Indicateur;Mois;Réalisé;Objectif annuel\nCPAM-01;{code};2016-01;{value};1200\n"


@pytest.fixture
def connection():
    with duckdb.connect() as connection:
        yield connection


class Maker:
    """Makes the table, and counts how often."""

    def __init__(self, connection, value):
        self.connection, self.value, self.times = connection, value, 0

    def __call__(self):
        self.times += 1
        self.connection.execute(
            f"create table worked as select {self.value}::integer as n, 'é' as word, "
            "null::double as share, true as flag"
        )


def made(connection, folder, follows_from, value):
    """The maker, and what the connection then holds."""
    maker = Maker(connection, value)
    connection.execute("drop table if exists worked")
    Workings(folder).fill(connection, "worked", follows_from, maker)
    return maker, connection.execute("select * from worked").fetchall()


def test_a_kept_table_comes_back_with_its_types(connection, tmp_path):
    _, first = made(connection, tmp_path / "kept", "a", 1)
    types = connection.execute("describe worked").fetchall()
    again, second = made(connection, tmp_path / "kept", "a", 2)
    assert again.times == 0
    assert first == second == [(1, "é", None, True)]
    assert connection.execute("describe worked").fetchall() == types


def test_other_inputs_are_worked_out(connection, tmp_path):
    made(connection, tmp_path, "a", 1)
    other, rows = made(connection, tmp_path, "b", 2)
    assert (other.times, rows[0][0]) == (1, 2)


def test_nothing_is_kept_without_a_folder(connection):
    made(connection, None, "a", 1)
    again, rows = made(connection, None, "a", 2)
    assert (again.times, rows[0][0]) == (1, 2)


def test_a_damaged_file_is_worked_out_again(connection, tmp_path):
    made(connection, tmp_path, "a", 1)
    (kept,) = tmp_path.iterdir()
    kept.write_bytes(b"damaged")
    again, rows = made(connection, tmp_path, "a", 2)
    assert (again.times, rows[0][0]) == (1, 2)
    assert made(connection, tmp_path, "a", 3)[0].times == 0


def test_the_versions_used_last_are_kept(connection, tmp_path):
    for place in range(KEPT):
        made(connection, tmp_path, f"v{place}", place)
    for place, path in enumerate(sorted(tmp_path.iterdir())):
        os.utime(path, ns=(place, place))
    made(connection, tmp_path, "v0", 9)
    made(connection, tmp_path, "new", 9)
    left = {path.stem for path in tmp_path.iterdir()}
    assert left == {"worked-v0", "worked-new", *(f"worked-v{p}" for p in range(2, KEPT))}


def bring_in(home, name, words):
    path = home.root.parent / name
    path.write_text(words, encoding="utf-8")
    (outcome,) = publish([path], home, Request(person="analyste"))
    assert outcome.state == "published", outcome.errors


def test_months_of_one_contract_leave_the_others_as_they_were(empty_home, monkeypatch):
    home = Home(empty_home)
    times = []
    work_out = builder.hidden_counts

    def counted(*given):
        times.append(1)
        return work_out(*given)

    monkeypatch.setattr(builder, "hidden_counts", counted)
    bring_in(home, "msap.csv", MSAP.format(requests=20))
    assert len(times) == 1
    bring_in(home, "cpg.csv", CPG.format(code="prado_maternite_adhesions", value=90))
    assert len(times) == 1
    bring_in(home, "msap_suite.csv", MSAP.format(requests=4))
    assert len(times) == 2


def test_a_build_is_the_same_with_and_without_what_was_kept(empty_home):
    home = Home(empty_home)
    bring_in(home, "msap.csv", MSAP.format(requests=4))
    bring_in(home, "cpg.csv", CPG.format(code="prado_maternite_adhesions", value=90))
    identifier = home.current_build_id()
    extracts = Registry(home).extracts_of(identifier)
    rows = {extract.extract_id: lake_path(home, extract) for extract in extracts}
    target = home.work / "anew.duckdb"
    findings = Registry(home).findings_of(list(rows))
    builder.build(extracts, rows, findings, target)
    served, anew = tables_of(home.build_path(identifier)), tables_of(target)
    assert served == anew
    assert len(anew) > 30


def tables_of(path):
    """Columns with their types, and rows, of every table."""
    with duckdb.connect(str(path), read_only=True) as connection:
        names = [name for (name,) in connection.execute("show tables").fetchall()]
        return {
            name: (
                connection.execute(f"describe {name}").fetchall(),
                connection.execute(f"select * from {name}").fetchall(),
            )
            for name in names
        }
