"""The findings that a person sees on the command line: small numbers follow the right to them."""

import json

import cli


def findings(capsys, *given):
    capsys.readouterr()
    assert cli.main(["findings", "--json", *given]) == 0
    return json.loads(capsys.readouterr().out)


def answers_beyond_requests(rows):
    (row,) = (row for row in rows if row["rule"] == "msap.answers_exceed_requests")
    return row


def test_whoever_lacks_the_right_reads_no_small_number(demo_home, capsys):
    whole = answers_beyond_requests(findings(capsys))
    seen = answers_beyond_requests(findings(capsys, "--as=national:FR"))
    assert whole["expected"] is not None
    assert f"({whole['found']})" in whole["sentence"]
    assert (seen["expected"], seen["found"]) == (None, None)
    assert f"({whole['found']})" not in seen["sentence"]


def test_a_person_reads_the_findings_of_her_territories(demo_home, capsys):
    of_country = findings(capsys, "--as=national:FR")
    of_caisse = findings(capsys, "--as=cpam:CPAM-43")
    assert {row["territory_code"] for row in of_caisse} <= {None, "FR", "CPAM-43", "DEP-43"}
    assert 0 < len(of_caisse) < len(of_country)


def test_an_empty_home_says_what_to_do(empty_home, capsys):
    assert cli.main(["findings", "--as=national:FR"]) == cli.MISUSE
    assert "Aucune donnée publiée" in capsys.readouterr().err
