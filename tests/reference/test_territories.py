"""Counts, ancestors and roll-ups of the territories."""

from datetime import date

import pandas as pd
import pytest

from data.reference.territories import (
    ANCESTOR_COLUMNS,
    HIERARCHIES,
    bridge,
    official_name,
    population_note,
    territories,
)


def level(name: str) -> pd.DataFrame:
    frame = territories()
    return frame[frame["level"] == name].set_index("territory_code")


def ancestors(code: str, hierarchy: str) -> dict[str, str]:
    pairs = bridge()
    mine = pairs[(pairs["descendant_code"] == code) & (pairs["hierarchy"] == hierarchy)]
    return dict(zip(mine["ancestor_level"], mine["ancestor_code"], strict=True))


@pytest.mark.parametrize(
    ("name", "count"),
    [
        ("caisse", 107),
        ("departement", 101),
        ("drsm", 20),
        ("region", 18),
        ("ancienne_region", 27),
        ("national", 1),
    ],
)
def test_each_level_has_its_number_of_territories(name: str, count: int) -> None:
    assert len(level(name)) == count


def test_codes_are_unique_over_all_levels() -> None:
    assert territories()["territory_code"].is_unique


def test_caisses_are_102_cpam_4_cgss_and_1_css() -> None:
    kinds = level("caisse").index.str.split("-").str[0].value_counts().to_dict()
    assert kinds == {"CPAM": 102, "CGSS": 4, "CSS": 1}


def test_every_region_but_mayotte_has_a_dcgdr() -> None:
    regions = level("region")
    assert regions["dcgdr_name"].notna().sum() == 17
    assert regions.index[regions["dcgdr_name"].isna()].tolist() == ["REG-06"]
    assert regions.loc["REG-84", "dcgdr_name"] == "DCGDR Auvergne-Rhône-Alpes"


def test_mayotte_alone_has_no_cpg_so_that_106_caisses_are_expected() -> None:
    frame = territories()
    without = set(frame.loc[~frame["has_cpg"], "territory_code"])
    assert without == {"CSS-976", "DEP-976", "REG-06", "ANC-06"}
    assert level("caisse")["has_cpg"].sum() == 106


def test_moselle_is_in_grand_est_and_in_the_drsm_alsace_moselle() -> None:
    assert ancestors("CPAM-57", "regionale")["region"] == "REG-44"
    assert ancestors("CPAM-57", "medicale")["drsm"] == "DRSM-ALSACE-MOSELLE"
    assert ancestors("CPAM-57", "historique")["ancienne_region"] == "ANC-41"


def test_the_drsm_paca_corse_covers_two_regions_and_belongs_to_neither() -> None:
    code = "DRSM-PROVENCE-ALPES-COTE-D-AZUR-CORSE"
    departments = level("departement")
    covered = departments.loc[departments["drsm_code"] == code, "region_code"]
    assert set(covered) == {"REG-93", "REG-94"}
    assert pd.isna(level("drsm").loc[code, "region_code"])


def test_mayotte_belongs_to_no_drsm_and_still_rolls_up_to_the_nation() -> None:
    assert ancestors("CSS-976", "medicale") == {
        "caisse": "CSS-976",
        "departement": "DEP-976",
        "national": "FR",
    }


@pytest.mark.parametrize("hierarchy", HIERARCHIES)
@pytest.mark.parametrize("grain", ["caisse", "departement"])
def test_one_join_reaches_the_nation_from_every_territory(hierarchy: str, grain: str) -> None:
    pairs = bridge()
    wanted = (pairs["hierarchy"] == hierarchy) & (pairs["descendant_level"] == grain)
    national = pairs[wanted & (pairs["ancestor_code"] == "FR")]
    assert set(national["descendant_code"]) == set(level(grain).index)
    assert national["descendant_code"].is_unique


@pytest.mark.parametrize("hierarchy", HIERARCHIES)
def test_population_rolled_up_equals_that_of_each_territory(hierarchy: str) -> None:
    pairs = bridge()
    pairs = pairs[(pairs["hierarchy"] == hierarchy) & (pairs["descendant_level"] == "departement")]
    population = territories().set_index("territory_code")["population"]
    rolled = pairs.assign(persons=pairs["descendant_code"].map(population))
    rolled = rolled.groupby("ancestor_code")["persons"].sum()
    assert rolled["FR"] == 68_350_798
    assert (rolled == population[rolled.index]).all()
    assert len(rolled) == 102 + len(level(HIERARCHIES[hierarchy][2]))


def test_the_bridge_is_reflexive_closed_and_without_doubles() -> None:
    pairs = bridge()
    keys = ["descendant_code", "ancestor_code", "hierarchy"]
    assert not pairs.duplicated(keys).any()
    own = pairs[pairs["descendant_code"] == pairs["ancestor_code"]]
    assert set(own["descendant_code"]) == set(territories()["territory_code"])
    steps = pairs.merge(
        pairs,
        left_on=["ancestor_code", "hierarchy"],
        right_on=["descendant_code", "hierarchy"],
        suffixes=("", "_next"),
    )
    reached = steps[["descendant_code", "ancestor_code_next", "hierarchy"]]
    reached = set(reached.itertuples(index=False, name=None))
    assert reached == set(pairs[keys].itertuples(index=False, name=None))


def test_the_bridge_agrees_with_the_ancestor_columns() -> None:
    frame = territories().set_index("territory_code")
    for pair in bridge().itertuples():
        if pair.ancestor_level in ANCESTOR_COLUMNS:
            column = ANCESTOR_COLUMNS[pair.ancestor_level]
            assert frame.loc[pair.descendant_code, column] == pair.ancestor_code


def test_regions_carry_their_dates() -> None:
    assert set(level("region")["valid_from"]) == {date(2016, 1, 1)}
    assert set(level("ancienne_region")["valid_to"]) == {date(2015, 12, 31)}
    assert level("departement")["valid_from"].isna().all()


def test_population_tells_its_year() -> None:
    frame = territories().set_index("territory_code")
    assert frame.loc["DEP-976", "population_year"] == 2017
    assert frame.loc["REG-84", "population_year"] == 2023
    assert pd.isna(frame.loc["FR", "population_year"])
    assert population_note("FR") == "population municipale 2023 (Mayotte : 2017)"
    assert population_note("REG-06") == "population municipale 2017"
    assert population_note("CPAM-59-HAINAUT").startswith("population inconnue")


def test_names_sort_as_in_a_french_index() -> None:
    frame = territories().sort_values("sort_key")
    names = frame.loc[frame["level"] == "departement", "territory_name"].tolist()
    assert names.index("Hérault") < names.index("Ille-et-Vilaine")
    assert names.index("Val-de-Marne") < names.index("Val-d'Oise")
    regions = frame.loc[frame["level"] == "region", "territory_name"].tolist()
    assert regions.index("Île-de-France") < regions.index("La Réunion")


def test_official_names_come_back_out() -> None:
    assert official_name("DEP-2A") == "Corse-du-Sud"
    assert official_name("CPAM-62-COTE-D-OPALE") == "CPAM Côte d'Opale"
    assert official_name("FR") == "France"
    with pytest.raises(KeyError):
        official_name("DEP-20")


def test_callers_get_copies_that_they_may_change() -> None:
    frame = territories()
    frame.loc[:, "territory_name"] = "changed"
    assert territories()["territory_name"].nunique() > 100


def covered_by(name: str, kind: str) -> set[str]:
    """The departments of the territory of a level that has this name; empty if none has it."""
    departments = level("departement")
    codes = level(kind).index[level(kind)["territory_name"] == name]
    return set(departments.index[departments[ANCESTOR_COLUMNS[kind]].isin(codes)])


def test_a_drsm_named_like_a_region_covers_the_same_departments() -> None:
    for name in level("drsm")["territory_name"]:
        own = covered_by(name, "drsm")
        namesakes = [covered_by(name, kind) for kind in ("region", "ancienne_region")]
        assert own and all(covered == own for covered in namesakes if covered), name
