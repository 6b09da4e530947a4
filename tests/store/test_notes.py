"""Notes and rebases: kept with their author, dated, withdrawn and never deleted."""

from datetime import date

import pytest
import sqlalchemy as sa

from data.store import notes, registry
from data.store.home import Home
from data.store.registry import METADATA, Registry

BIRTHS = "prado_maternite_adhesions"
FIGURE = {"territory": "CPAM-43", "indicator": BIRTHS, "author": "responsable"}


@pytest.fixture
def kept(empty_home):
    return Registry(Home(empty_home))


def add(kept, body="Deux sages-femmes absentes", year=2017, **other):
    return notes.add_note(kept, **(FIGURE | other), year=year, body=body)


def test_a_note_is_kept_with_its_author_and_its_moment(kept):
    note = add(kept, month=6, body="  Deux sages-femmes absentes\n")
    assert notes.notes_for(kept, ["CPAM-43"]) == [note]
    assert (note.body, note.author, note.year, note.month) == (
        "Deux sages-femmes absentes",
        "responsable",
        2017,
        6,
    )
    assert note.created_at.startswith("20") and note.withdrawn_at is None


def test_notes_are_those_of_the_territories_asked_newest_first(kept):
    first = add(kept)
    second = add(kept, territory="CPAM-01", year=2016)
    third = add(kept, indicator="sophia_adherents")
    assert notes.notes_for(kept, ["CPAM-43", "CPAM-01"]) == [third, second, first]
    assert notes.notes_for(kept, ["CPAM-43"], BIRTHS) == [first]
    assert notes.notes_for(kept, ["CPAM-43", "CPAM-01"], year=2016) == [second]
    assert notes.notes_for(kept, []) == []


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"body": " \n "}, "La note est vide"),
        ({"body": "a" * 2001}, "2001 caractères ; 2000 au plus"),
        ({"month": 13}, "de 1 à 12"),
        ({"month": 0}, "de 1 à 12"),
        ({"year": 17}, "L’année 17"),
    ],
)
def test_what_cannot_be_a_note_is_refused_in_a_sentence(wrong, sentence, kept):
    with pytest.raises(ValueError, match=sentence):
        add(kept, **wrong)
    assert notes.notes_for(kept, ["CPAM-43"]) == []


def test_the_longest_text_is_kept_whole(kept):
    assert len(add(kept, body="é" * notes.LONGEST_TEXT).body) == 2000


def test_a_note_withdrawn_is_read_no_more_and_stays(kept):
    note = add(kept)
    withdrawn = notes.withdraw_note(kept, note.note_id, "directrice")
    assert (withdrawn.withdrawn_by, withdrawn.body) == ("directrice", note.body)
    assert notes.notes_for(kept, ["CPAM-43"]) == []
    assert notes.notes_for(kept, ["CPAM-43"], with_withdrawn=True) == [withdrawn]
    assert notes.withdraw_note(kept, note.note_id, "un autre") == withdrawn


def test_a_note_that_does_not_exist_is_said(kept):
    with pytest.raises(LookupError, match="Aucune note ne porte le numéro 7"):
        notes.withdraw_note(kept, 7, "directrice")


def test_a_rebase_is_kept_by_month_with_its_reason(kept):
    later = notes.add_rebase(kept, **FIGURE, month=date(2017, 3, 15), reason="Nouveau volet")
    earlier = notes.add_rebase(kept, **FIGURE, month=date(2016, 1, 1), reason="Fusion")
    assert later.month == date(2017, 3, 1)
    assert notes.rebases_for(kept, ["CPAM-43"], BIRTHS) == [earlier, later]
    assert notes.rebases_for(kept, ["CPAM-01"]) == []


def test_a_rebase_needs_a_reason_and_a_month_of_its_own(kept):
    with pytest.raises(ValueError, match="motif"):
        notes.add_rebase(kept, **FIGURE, month=date(2017, 3, 1), reason="")
    first = notes.add_rebase(kept, **FIGURE, month=date(2017, 3, 1), reason="Nouveau volet")
    with pytest.raises(ValueError, match="déjà recalées à 03/2017"):
        notes.add_rebase(kept, **FIGURE, month=date(2017, 3, 31), reason="Encore")
    notes.withdraw_rebase(kept, first.rebase_id, "directrice")
    again = notes.add_rebase(kept, **FIGURE, month=date(2017, 3, 1), reason="Mieux dit")
    assert notes.rebases_for(kept, ["CPAM-43"]) == [again]
    assert len(notes.rebases_for(kept, ["CPAM-43"], with_withdrawn=True)) == 2
    with pytest.raises(LookupError, match="Aucun recalage"):
        notes.withdraw_rebase(kept, 99, "directrice")


def test_the_registry_of_a_former_version_gains_the_tables(empty_home):
    home = Home(empty_home).prepare()
    former = sa.create_engine(home.registry_url)
    newer = {"notes", "rebases"}
    METADATA.create_all(former, [t for n, t in METADATA.tables.items() if n not in newer])
    assert not newer & set(sa.inspect(former).get_table_names())
    former.dispose()
    registry._engine.cache_clear()
    assert add(Registry(home)).note_id == 1
    assert newer <= set(sa.inspect(former).get_table_names())
