"""Whose refused file, of which month: told by its errors, else by its name."""

import io
import os
from datetime import date

import pytest

from access.policy import policy
from data.ingestion import draft_work, drafts
from data.ingestion.file_names import caisse_told, month_told
from data.ingestion.publish import Request, publish
from data.ingestion.refusals import refusals
from data.store import drafts as kept
from data.store.home import Home
from queries import collection

HEADINGS = "Caisse;Indicateur;Mois;Réalisé;Numérateur;Dénominateur;Objectif annuel;Statut"
DCGDR = policy().scope("dcgdr:REG-84")


def extract(*rows):
    return "\n".join((HEADINGS, *rows)).encode()


def row(caisse, month, value):
    return f"{caisse};prado_maternite_adhesions;{month};{value};;;120;définitif"


@pytest.fixture
def home(empty_home, monkeypatch):
    def at_once(home, draft_id):
        draft_work.work(home, kept.load(home, draft_id))
        return os.getpid()

    monkeypatch.setattr(drafts, "_spawn", at_once)
    return Home(empty_home)


def brought(home, tmp_path, name, *rows):
    path = tmp_path / name
    path.write_bytes(extract(*rows))
    (outcome,) = publish([path], home, Request(person="dcgdr:REG-84"))
    assert outcome.state == "rejected"


@pytest.mark.parametrize(
    ("name", "caisse", "month"),
    [
        ("cpg_CPAM-43_2017-09.csv", "CPAM-43", date(2017, 9, 1)),
        ("CPAM 43 envoi 201709.xlsx", "CPAM-43", date(2017, 9, 1)),
        ("CGSS-971.csv", "CGSS-971", None),
        ("envoi du 20170930.csv", None, None),
        ("cpg_2017.csv", None, None),
        ("CPAM-43 et CPAM-69.csv", None, None),
    ],
)
def test_a_name_tells_its_caisse_and_its_month_or_nothing(name, caisse, month):
    assert (caisse_told([name]), month_told(name)) == (caisse, month)


def test_the_errors_tell_whose_and_of_which_month(home, tmp_path):
    brought(
        home,
        tmp_path,
        "region.csv",
        row("CPAM-43", "2017-09", "abc"),
        row("CPAM-63", "2017-08", "abc"),
    )
    found = {(one.caisse_code, one.month) for one in refusals(home)}
    assert found == {("CPAM-43", date(2017, 9, 1)), ("CPAM-63", date(2017, 8, 1))}
    assert {one.contract for one in refusals(home)} == {"cpg"}
    assert {one.error_count for one in refusals(home)} == {2}


def test_the_name_tells_them_where_no_error_does(home, tmp_path):
    path = tmp_path / "cpg_CPAM-43_2017-09.csv"
    path.write_bytes(b"Organisme;Montant\nCPAM-43;12\n")
    publish([path], home, Request(person="dcgdr:REG-84"))
    (found,) = refusals(home)
    assert (found.caisse_code, found.month) == ("CPAM-43", date(2017, 9, 1))


def test_a_file_of_nobody_known_is_told_of_nobody(home, tmp_path):
    path = tmp_path / "envoi.csv"
    path.write_bytes(b"Organisme;Montant\nici;12\n")
    publish([path], home, Request(person="dcgdr:REG-84"))
    assert refusals(home) == []


def test_an_upload_that_was_only_checked_counts_until_it_is_given_up(home):
    content = extract(row("CPAM-43", "2017-09", "abc"))
    draft = drafts.open_draft(DCGDR, [("CPAM-43.csv", io.BytesIO(content))])
    (found,) = refusals(home)
    assert (found.caisse_code, found.month) == ("CPAM-43", date(2017, 9, 1))
    assert found.person == "dcgdr:REG-84"
    drafts.give_up(DCGDR, draft)
    assert refusals(home) == []


def test_the_sender_told_of_an_upload_counts_where_nothing_else_tells_it(home):
    content = b"Organisme;Montant\nici;12\n"
    draft = drafts.open_draft(DCGDR, [("envoi.csv", io.BytesIO(content))])
    assert refusals(home) == []
    drafts.set_sender(DCGDR, draft, "CPAM-43")
    assert [(one.caisse_code, one.month) for one in refusals(home)] == [("CPAM-43", None)]


def test_only_the_caisses_of_the_scope_are_told(home, tmp_path):
    brought(home, tmp_path, "x.csv", row("CPAM-43", "2017-09", "abc"))
    assert len(collection.refusals(DCGDR)) == 1
    assert collection.refusals(policy().scope("dcgdr:REG-44")) == []
