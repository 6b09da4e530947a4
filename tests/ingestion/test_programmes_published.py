"""Published tables of the programmes: sources that disagree, totals, shares."""

import pytest

from data.ingestion.validate import validate
from data.reference.published import FOLDER

TWO_SOURCES = [
    "Téléservice;Année;Taux (%);Source",
    "AAT;2015;15,22;annexe 5",
    "AAT;2015;19,2;annexe 11",
    "AAT;2016;22,69;annexe 5",
    "AAT;2016;22,7;annexe 11",
]


def validated(tmp_path, lines, name="fichier.csv"):
    path = tmp_path / name
    path.write_text("\n".join(lines), encoding="utf-8")
    return validate(path, name, None, tmp_path / "rows.parquet")


def test_a_disagreement_of_two_sources_is_told_once_and_rounding_is_none(tmp_path):
    found = validated(tmp_path, TWO_SOURCES)
    (told,) = found.warnings
    assert (found.contract, told.rule) == ("teleservices", "teleservices.sources_disagree")
    assert (told.row, told.expected, told.found, told.year) == (3, 15.22, 19.2, 2015)
    assert "15,22 selon « annexe 5 », 19,2 selon « annexe 11 » (écart 3,98)" in told.sentence


def test_two_lines_of_one_source_are_no_disagreement_of_sources(tmp_path):
    found = validated(tmp_path, [line.replace("annexe 11", "annexe 5") for line in TWO_SOURCES])
    assert found.totals == {"teleservices.duplicate_key": 2}


@pytest.mark.parametrize(
    ("name", "told"),
    [
        (
            "teleservices.csv",
            [("AAT 2015", 15.22, 19.2), ("PSE 2016", 35.17, 34.8)],
        ),
        ("prado_activity.csv", [(2015, 338_960, 335_938), (2014, 220_000, 222_000)]),
        ("programme_savings.csv", []),
        ("programme_cost.csv", []),
        ("sophia_calls.csv", []),
        ("dmp.csv", []),
    ],
)
def test_what_the_published_tables_contradict(name, told, tmp_path):
    found = validate(FOLDER / name, name, None, tmp_path / "rows.parquet")
    assert not found.errors
    assert [(one.expected, one.found) for one in found.warnings] == [
        (expected, seen) for _, expected, seen in told
    ]


@pytest.mark.parametrize(("total", "is_told"), [("-81,6", False), ("-82", True)])
def test_decimals_that_add_up_to_their_total_are_no_breach(total, is_told, tmp_path):
    lines = [
        "Programme;Année;Volet;Hôpital (M€)",
        "PRADO;2015;maternité;-76",
        "PRADO;2015;BPCO;-5,6",
        f"PRADO;2015;ensemble;{total}",
    ]
    found = validated(tmp_path, lines)
    assert [one.rule for one in found.warnings] == (
        ["programme_savings.total_mismatch"] if is_told else []
    )
