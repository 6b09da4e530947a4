"""No file harms the process that reads it: it is refused in a sentence, or only its cells count."""

import io
import zipfile

import pytest

from data.ingestion.archive import opened
from data.ingestion.read import LARGEST_MB, size_refusal
from tests.ingestion import hostile
from tests.ingestion.conftest import CPG_HEADINGS, CPG_ROWS, cpg_text, rows_of


@pytest.mark.parametrize("name", hostile.REFUSED)
def test_a_hostile_file_is_refused_in_one_sentence(check, name):
    content, word = hostile.REFUSED[name]
    (error,) = check(content()).errors
    assert error.rule in {"extract.unreadable_file", "extract.unrecognised"}
    assert word in error.sentence


@pytest.mark.parametrize("name", hostile.READ)
def test_of_a_strange_workbook_only_the_cells_count(check, name):
    found = check(hostile.READ[name]())
    assert [row[:4] for row in rows_of(found)] == [row[:4] for row in rows_of(check(cpg_text()))]


@pytest.mark.parametrize("letter", ["x", "é", "<b>", "="])
def test_a_cell_of_ten_thousand_letters_is_told_briefly(check, letter):
    row = [letter * 10_000, *CPG_ROWS[0][1:]]
    (error,) = check(cpg_text(rows=[row])).errors
    assert error.rule == "cpg.unknown_caisse"
    assert len(error.sentence) < 400


def test_a_thousand_phantom_columns_change_nothing(check):
    blank = [""] * 1000
    text = "".join(";".join([*row, *blank]) + "\n" for row in [CPG_HEADINGS, *CPG_ROWS])
    assert rows_of(check(text)) == rows_of(check(cpg_text()))


def test_a_file_over_the_limit_is_refused_unread(check, monkeypatch):
    monkeypatch.setenv("VIGIE_MAX_FILE_MB", "0.0001")
    (error,) = check(cpg_text()).errors
    assert "n’a pas été lu" in error.sentence
    assert "VIGIE_MAX_FILE_MB" in error.sentence


def test_the_limit_is_two_hundred_megabytes_unless_set(monkeypatch):
    monkeypatch.delenv("VIGIE_MAX_FILE_MB", raising=False)
    assert LARGEST_MB == 200
    assert size_refusal(200_000_000) is None
    assert "201 Mo" in str(size_refusal(200_000_001))


def archive(*members: tuple[str, bytes]) -> io.BytesIO:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as target:
        for name, content in members:
            target.writestr(name, content)
    buffer.seek(0)
    return buffer


def test_an_archive_gives_names_without_their_folders():
    tricks = ["../../etc/passwd.csv", "/abs/olue.csv", "C:\\temp\\août.csv", "a/\x07b\n.csv"]
    dropped = archive(*((name, b"x") for name in tricks), ("__MACOSX/._a.csv", b"x"))
    found, refused = opened([("envoi.zip", dropped)])
    assert refused == []
    for name, held_by, _ in found:
        assert held_by == "envoi.zip"
        assert not set(name) & set("/\\\x07\n")
    assert len(found) == len(tricks)


def test_a_bomb_in_an_archive_is_refused_and_named():
    found, (sentence,) = opened([("envoi.zip", archive(("a.csv", b" " * 60_000_000)))])
    assert found == []
    assert "« a.csv »" in sentence


def test_a_damaged_archive_is_refused_in_a_sentence():
    content = bytearray(archive(("a.csv", cpg_text().encode() * 50)).getvalue())
    content[60:90] = b"\xff" * 30
    found, (sentence,) = opened([("envoi.zip", io.BytesIO(bytes(content)))])
    assert found == []
    assert "abîmé" in sentence
