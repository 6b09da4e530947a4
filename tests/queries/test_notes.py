"""Who may write beside a figure, who reads it, and who may take it back."""

from datetime import date

import pandas as pd
import pytest
import sqlalchemy as sa

from access.policy import AccessError, operator_scope, policy
from data.ingestion.annotate import add_note, add_rebase, withdraw_note, withdraw_rebase
from data.store.home import Home
from data.store.registry import AUDIT, Registry
from queries.notes import NOTE_COLUMNS, REBASE_COLUMNS, notes, rebases

BIRTHS = "prado_maternite_adhesions"


def scope(person):
    return policy().scope(person)


@pytest.mark.parametrize(
    ("person", "territory", "may"),
    [
        ("cpam:CPAM-43", "CPAM-43", True),
        # The only caisse of its department.
        ("cpam:CPAM-43", "DEP-43", True),
        ("cpam:CPAM-59-FLANDRES", "DEP-59", False),
        ("cpam:CPAM-43", "REG-84", False),
        ("cpam:CPAM-43", "CPAM-01", False),
        ("dcgdr:REG-84", "REG-84", True),
        ("dcgdr:REG-84", "CPAM-01", True),
        ("dcgdr:REG-84", "FR", False),
        ("dcgdr:REG-84", "CPAM-57", False),
        ("analyste:REG-84", "DEP-01", True),
        ("service_medical:DRSM-AUVERGNE", "DRSM-AUVERGNE", True),
        ("service_medical:DRSM-AUVERGNE", "CPAM-43", True),
        ("service_medical:DRSM-AUVERGNE", "REG-84", False),
        ("national:FR", "FR", True),
        ("national:FR", "CPAM-57", True),
    ],
)
def test_each_writes_on_own_territories(person, territory, may, empty_home):
    asked = (scope(person), territory, BIRTHS, 2017, "Reprise en juin")
    if may:
        assert add_note(*asked).author == person
        assert add_rebase(*asked[:3], date(2017, 6, 1), "Reprise").territory_code == territory
    else:
        with pytest.raises(AccessError, match="ne peut pas annoter"):
            add_note(*asked)
        with pytest.raises(AccessError, match="ne peut pas annoter"):
            add_rebase(*asked[:3], date(2017, 6, 1), "Reprise")
        assert notes(operator_scope()).empty


def test_notes_are_read_within_the_scope_and_nowhere_else(empty_home):
    add_note(scope("cpam:CPAM-43"), "CPAM-43", BIRTHS, 2017, "Reprise en juin", 6)
    add_note(scope("dcgdr:REG-84"), "REG-84", BIRTHS, 2017, "Plan régional")
    read = {
        person: list(notes(scope(person))["body"])
        for person in ("dcgdr:REG-84", "cpam:CPAM-43", "cpam:CPAM-01", "dcgdr:REG-44")
    }
    assert read == {
        "dcgdr:REG-84": ["Plan régional", "Reprise en juin"],
        "cpam:CPAM-43": ["Plan régional", "Reprise en juin"],
        "cpam:CPAM-01": ["Plan régional"],
        "dcgdr:REG-44": [],
    }
    assert notes(scope("cpam:CPAM-01"), "CPAM-43").empty
    one = notes(scope("dcgdr:REG-84"), "CPAM-43", BIRTHS, 2017)
    assert list(one.columns) == NOTE_COLUMNS
    assert one["month"].tolist() == [6]
    assert notes(scope("dcgdr:REG-84"), "REG-84")["month"].isna().all()
    assert notes(scope("dcgdr:REG-84"), year=2016).empty


def test_a_note_is_taken_back_by_its_author_or_by_who_publishes(empty_home):
    manager, director = scope("cpam:CPAM-43"), scope("dcgdr:REG-84")
    first = add_note(manager, "CPAM-43", BIRTHS, 2017, "Une")
    second = add_note(manager, "CPAM-43", BIRTHS, 2017, "Deux")
    regional = add_note(director, "CPAM-43", BIRTHS, 2017, "Trois")
    told = notes(manager).set_index("note_id")["may_withdraw"]
    assert told.to_dict() == {
        first.note_id: True,
        second.note_id: True,
        regional.note_id: False,
    }
    with pytest.raises(AccessError, match="Seul son auteur"):
        withdraw_note(manager, regional.note_id)
    with pytest.raises(AccessError, match="Seul son auteur"):
        withdraw_note(scope("service_medical:DRSM-AUVERGNE"), first.note_id)
    with pytest.raises(LookupError, match="Aucune note"):
        withdraw_note(scope("dcgdr:REG-44"), first.note_id)
    assert withdraw_note(manager, first.note_id).withdrawn_by == "cpam:CPAM-43"
    assert withdraw_note(director, second.note_id).withdrawn_by == "dcgdr:REG-84"
    assert list(notes(manager)["body"]) == ["Trois"]


def test_rebases_are_read_and_taken_back_alike(empty_home):
    manager = scope("cpam:CPAM-43")
    kept = add_rebase(manager, "CPAM-43", BIRTHS, date(2016, 5, 1), "Nouvelle maternité")
    read = rebases(scope("dcgdr:REG-84"), "CPAM-43", BIRTHS)
    assert list(read.columns) == REBASE_COLUMNS
    assert read["month"].tolist() == [pd.Timestamp("2016-05-01")]
    assert rebases(scope("dcgdr:REG-44")).empty
    with pytest.raises(LookupError, match="Aucun recalage"):
        withdraw_rebase(scope("dcgdr:REG-44"), kept.rebase_id)
    with pytest.raises(AccessError, match="Seul son auteur"):
        withdraw_rebase(scope("service_medical:DRSM-AUVERGNE"), kept.rebase_id)
    withdraw_rebase(manager, kept.rebase_id)
    assert rebases(manager).empty


def test_an_unknown_indicator_is_refused(empty_home):
    with pytest.raises(ValueError, match="« inconnu » n’existe pas"):
        add_note(scope("cpam:CPAM-43"), "CPAM-43", "inconnu", 2017, "Reprise")


def test_what_was_written_and_taken_back_is_in_the_audit_without_its_text(empty_home):
    manager = scope("cpam:CPAM-43")
    kept = add_note(manager, "CPAM-43", BIRTHS, 2017, "Reprise en juin")
    withdraw_note(manager, kept.note_id)
    registry = Registry(Home(empty_home))
    with registry.engine.connect() as connection:
        rows = connection.execute(
            sa.select(AUDIT.c.person, AUDIT.c.action, AUDIT.c.subject).order_by(AUDIT.c.audit_id)
        ).all()
    number = str(kept.note_id)
    assert [tuple(row) for row in rows] == [
        ("cpam:CPAM-43", "note", number),
        ("cpam:CPAM-43", "note withdrawn", number),
    ]
