"""Which indices rest on demonstration counts: all of them, until real ones stand in their place."""

import pytest

from access.policy import operator_scope
from data.ingestion.publish import Request, publish
from data.store.home import Home
from queries import professionals

HEAD = "Année;Profession;Département;Effectif;Densité"


@pytest.fixture
def sent(tmp_path, monkeypatch):
    """Publish files of counts in an empty home, name and origin to rows; gives their origins."""
    monkeypatch.setenv("VIGIE_HOME", str(tmp_path / "home"))
    home = Home.from_environment()

    def origins(*files):
        for name, origin, rows in files:
            path = tmp_path / f"{name}.csv"
            path.write_text("\n".join([HEAD, *rows]), encoding="utf-8")
            request = Request(person="essai", origin=origin)
            assert [one.state for one in publish([path], home, request)] == ["published"]
        found = professionals.origins(operator_scope(), home.current_build_id())
        keys = zip(found["profession"], found["year"], found["grain"], strict=True)
        return dict(zip(keys, found["is_demonstration"], strict=True))

    return origins


def rows(year, profession="Infirmiers"):
    return [
        f"{year};{profession};{code};{30 + place};100" for place, code in enumerate("123456789")
    ]


def test_every_index_of_the_demonstration_rests_on_made_up_counts(demo_home):
    build_id = Home.from_environment().current_build_id()
    found = professionals.origins(operator_scope(), build_id)
    assert len(found) == 6 * 6 * 2
    assert found["is_demonstration"].all()


def test_real_counts_are_told_from_those_of_the_demonstration(sent):
    found = sent(
        ("essai_2015", "demonstration", rows(2015)),
        ("envoi_2016", "received", rows(2016)),
    )
    assert found == {
        ("infirmiers", 2015, "departement"): True,
        ("infirmiers", 2016, "departement"): False,
    }


def test_real_counts_in_place_of_made_up_ones_leave_none(sent):
    found = sent(
        ("essai", "demonstration", rows(2016)),
        ("envoi", "received", [row.replace(";100", ";101") for row in rows(2016)]),
    )
    assert found == {("infirmiers", 2016, "departement"): False}


def test_an_ensemble_is_made_up_as_the_professions_it_is_the_sum_of(sent):
    parts = (
        "Chirurgiens-dentistes hors ODF",
        "Chirurgiens-dentistes spécialistes d’orthopédie dento-faciale (ODF)",
    )
    found = sent(("essai", "demonstration", [row for one in parts for row in rows(2016, one)]))
    assert found["chirurgiens_dentistes", 2016, "departement"]
