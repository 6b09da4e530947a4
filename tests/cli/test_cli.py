"""The command line: exit codes, JSON, and the names others rely on."""

import json
import subprocess
import sys

import pytest

import cli
from data.store.home import PROJECT
from tests.store.extracts import write_extract


def ask(capsys, *arguments):
    code = cli.main(list(arguments))
    captured = capsys.readouterr()
    return code, captured.out, captured.err


def test_import_publishes_and_tells_it(empty_home, tmp_path, capsys):
    path = write_extract(tmp_path / "envoi.csv", [("CPAM-01", "2016-01", 10)])
    code, out, _ = ask(capsys, "import", str(path), "--by", "moi", "--json")
    assert code == 0
    told = json.loads(out)
    assert told[0]["state"] == "published"
    assert told[0]["contract"] == "cpg"
    code, out, _ = ask(capsys, "status", "--json")
    assert json.loads(out)["build_id"] == told[0]["build_id"]
    code, out, _ = ask(capsys, "extracts", "--json")
    assert json.loads(out)[0]["received_by"] == "moi"
    code, out, _ = ask(capsys, "builds", "--json")
    assert json.loads(out)[0]["is_current"]


def test_a_rejected_file_exits_with_two_and_its_report(empty_home, tmp_path, capsys):
    path = write_extract(tmp_path / "envoi.csv", [("CPAM-01", "2016-01", "abc")])
    code, out, _ = ask(capsys, "import", str(path), "--json")
    assert code == 2
    assert json.loads(out)[0]["error_count"] == 1
    assert "ligne 2" in json.loads(out)[0]["errors"][0]["sentence"]
    code, out, _ = ask(capsys, "import", str(path))
    assert code == 2
    assert "« abc »" in out


@pytest.mark.parametrize(
    "arguments",
    [
        ["import", "nulle-part.csv"],
        ["import"],
        ["rollback", "0123456789abcdef"],
        ["query", "cpg/attainment", "--param", "level=region", "--param", "year=2016"],
        ["query", "cpg/nowhere"],
        ["inconnu"],
        ["build"],
    ],
)
def test_misuse_exits_with_one_and_a_sentence(arguments, empty_home, capsys):
    code, out, err = ask(capsys, *arguments)
    assert code == 1
    assert err.strip()
    assert "Traceback" not in err
    assert not out


def test_an_unknown_contract_is_misuse(empty_home, tmp_path, capsys):
    path = write_extract(tmp_path / "envoi.csv", [("CPAM-01", "2016-01", 10)])
    code, _, err = ask(capsys, "import", str(path), "--contract", "inconnu")
    assert code == 1
    assert "inconnu" in err


def test_questions_of_the_demonstration(demo_home, capsys):
    asked = ["query", "cpg/attainment", "--param", "level=drsm", "--param", "year=2016", "--json"]
    code, out, _ = ask(capsys, *asked)
    rows = json.loads(out)
    assert code == 0
    assert len({row["territory_code"] for row in rows}) == 20
    wanted = {
        "territory_code",
        "territory_name",
        "indicator_code",
        "realised",
        "objective",
        "attainment",
        "status",
        "senders_expected",
        "senders_received",
    }
    assert wanted <= set(rows[0])
    code, out, _ = ask(capsys, *asked, "--as", "service_medical:DRSM-AUVERGNE")
    assert {row["territory_code"] for row in json.loads(out)} == {"DRSM-AUVERGNE"}
    code, _, err = ask(capsys, *asked, "--as", "personne")
    assert code == 1
    assert "habilit" in err


def test_every_listing_answers_in_json(demo_home, capsys):
    for command in ("status", "extracts", "findings", "builds", "questions", "people"):
        code, out, _ = ask(capsys, command, "--json")
        assert code == 0
        assert json.loads(out)


def test_demo_if_empty_leaves_a_full_home_alone(demo_home, capsys):
    before = json.loads(ask(capsys, "status", "--json")[1])
    assert ask(capsys, "demo", "--if-empty")[0] == 0
    assert json.loads(ask(capsys, "status", "--json")[1]) == before


def test_a_home_that_cannot_be_used_is_told_in_one_sentence(tmp_path, monkeypatch, capsys):
    (tmp_path / "file").write_text("", encoding="utf-8")
    monkeypatch.setenv("VIGIE_HOME", str(tmp_path / "file"))
    code, out, err = ask(capsys, "status", "--json")
    assert (code, out) == (1, "")
    assert "VIGIE_HOME" in err and len(err.splitlines()) == 1


def test_findings_in_json_give_what_was_expected_and_found_as_numbers(demo_home, capsys):
    code, out, _ = ask(capsys, "findings", "--json")
    assert code == 0
    wanted = {
        "rule": "msap.identity",
        "contract": "msap_published",
        "severity": "warning",
        "year": 2014,
        "domain": "chirurgie_ambulatoire",
        "label": "Cholécystectomie",
        "measure": "requests",
        "expected": 835,
        "found": 823,
    }
    told = [{name: row[name] for name in wanted} for row in json.loads(out)]
    assert told.count(wanted) == 1


def test_findings_of_an_extract_that_does_not_exist_are_a_misuse(demo_home, capsys):
    code, _, err = ask(capsys, "findings", "--extract", "inconnu")
    assert code == 1
    assert "inconnu" in err


def test_a_note_is_added_read_and_withdrawn(empty_home, capsys):
    figure = ["CPAM-43", "prado_maternite_adhesions", "2017"]
    code, out, _ = ask(capsys, "note", "add", *figure, "Reprise", "--month", "6", "--json")
    assert code == 0
    kept = json.loads(out)
    assert (kept["body"], kept["month"], kept["author"]) == ("Reprise", 6, "operateur")
    asked = ["notes", "--territory", "CPAM-43", "--json"]
    assert json.loads(ask(capsys, *asked)[1])[0]["note_id"] == kept["note_id"]
    assert json.loads(ask(capsys, *asked, "--as", "dcgdr:REG-44")[1]) == []
    number = str(kept["note_id"])
    assert ask(capsys, "note", "withdraw", number, "--as", "cpam:CPAM-43")[0] == 1
    assert ask(capsys, "note", "withdraw", number)[0] == 0
    assert json.loads(ask(capsys, *asked)[1]) == []


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["note", "add", "CPAM-43", "prado_maternite_adhesions", "2017", " "], "vide"),
        (["note", "add", "CPAM-43", "inconnu", "2017", "Reprise"], "inconnu"),
        (
            ["note", "add", "FR", "prado_adhesions", "2017", "x", "--as", "cpam:CPAM-43"],
            "ne peut pas annoter",
        ),
        (["note", "withdraw", "12"], "Aucune note"),
        (["note"], "mal formée"),
    ],
)
def test_a_note_that_cannot_be_is_a_misuse(arguments, sentence, empty_home, capsys):
    code, out, err = ask(capsys, *arguments)
    assert (code, out) == (1, "")
    assert sentence in err


def test_import_prints_what_changes_before_and_after(empty_home, tmp_path, capsys):
    year = [("CPAM-01", f"2016-{month:02d}", 10) for month in range(1, 13)]
    ask(capsys, "import", str(write_extract(tmp_path / "a.csv", year)))
    fix = write_extract(tmp_path / "b.csv", [("CPAM-01", "2016-01", 1), ("CPAM-01", "2016-02", "")])
    _, out, _ = ask(capsys, "import", "--dry-run", str(fix))
    lines = [line.strip() for line in out.splitlines()]
    moved = lines[lines.index("Valeurs modifiées :") + 1 :]
    assert "- CPAM-01, prado_maternite_adhesions, 2016-01-01 : realised 10 → 1" in moved
    assert "- CPAM-01, prado_maternite_adhesions, 2016-02-01 : realised 10 → vide" in moved
    flips = lines[lines.index("Statuts qui basculent :") + 1 :]
    assert any("CPAM-01" in line and "status attained → behind" in line for line in flips)


def test_the_error_output_holds_nothing_but_what_the_product_says(empty_home):
    asked = [sys.executable, "cli.py", "questions"]
    answered = subprocess.run(asked, cwd=PROJECT, capture_output=True, text=True, check=True)
    assert answered.stdout
    assert answered.stderr == ""
