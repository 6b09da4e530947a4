"""The invented professionals: near what was published, plausible, the same for the same seed."""

import numpy as np
import pytest

from data.demo.generate import SEED
from data.demo.professionals import (
    COASTAL,
    COURSES,
    POPULATION_FILE,
    PROFESSIONALS_FILE,
    YEARS,
    headcounts,
    population,
    write_professionals,
)
from data.reference.epci import epci
from data.reference.professions import professions
from indicators.inequality import apparent_turnover, gini


@pytest.fixture(scope="module")
def territories():
    return epci()


@pytest.fixture(scope="module")
def people(territories):
    return population(territories, SEED)


@pytest.fixture(scope="module")
def grids(territories, people):
    rows = headcounts(territories, people, SEED)
    return {
        code: rows.loc[rows["Profession"] == professions()[code].name, "Effectif"]
        .to_numpy()
        .reshape(len(territories), len(YEARS))
        for code in COURSES
    }


def held_to(people, code):
    everybody, women = people.values()
    return women if code == "sages_femmes" else everybody


@pytest.mark.parametrize("code", COURSES)
def test_the_index_over_the_epci_comes_near_what_was_published(code, grids, people):
    found = [
        gini(grids[code][:, year], held_to(people, code)[:, year]) for year in range(len(YEARS))
    ]
    assert found == pytest.approx(COURSES[code].gini, abs=0.001)


@pytest.mark.parametrize("code", COURSES)
def test_the_country_goes_from_its_first_to_its_last_number(code, grids):
    totals = grids[code].sum(axis=0)
    assert totals[0] == pytest.approx(COURSES[code].first, rel=0.01)
    assert totals[-1] == pytest.approx(COURSES[code].last, rel=0.01)
    assert (np.abs(np.diff(totals)) < 0.12 * totals[:-1]).all()


@pytest.mark.parametrize("code", COURSES)
def test_professionals_come_and_go(code, grids):
    turnovers = [
        apparent_turnover(before, after)
        for before, after in zip(grids[code].T[:-1], grids[code].T[1:], strict=True)
    ]
    assert all(0.02 < turnover < 0.15 for turnover in turnovers)


@pytest.mark.parametrize("code", COURSES)
def test_the_coast_has_more_of_them(code, grids, people, territories):
    is_coastal = territories["department_code"].str[4:].isin(COASTAL.split()).to_numpy()
    heads, own = grids[code][:, -1], held_to(people, code)[:, -1]
    coast = heads[is_coastal].sum() / own[is_coastal].sum()
    inland = heads[~is_coastal].sum() / own[~is_coastal].sum()
    assert coast > inland


def test_women_of_age_to_have_children_are_a_part_of_the_people(people):
    everybody, women = people.values()
    assert ((women / everybody > 0.12) & (women / everybody < 0.32)).all()
    assert women.sum() / everybody.sum() == pytest.approx(0.2118, abs=0.03)


def test_the_same_seed_gives_the_same_bytes(tmp_path):
    first, second = tmp_path / "a", tmp_path / "b"
    for folder in (first, second):
        folder.mkdir()
        write_professionals(folder, SEED)
    for name in (PROFESSIONALS_FILE, POPULATION_FILE):
        assert (first / name).read_bytes() == (second / name).read_bytes()
    lines = (first / PROFESSIONALS_FILE).read_text(encoding="utf-8").splitlines()
    assert lines[0] == "Année;Profession;EPCI;Effectif"
    assert len(lines) == 1 + 1270 * 6 * 6
