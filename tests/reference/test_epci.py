"""The territories on which professionals are counted."""

import io
import json
import tarfile

import pytest

from data.reference.epci import counting_territories, epci, read_epci
from data.reference.make_epci import read_package, rows_of


def test_every_commune_s_people_are_in_one_territory():
    frame = epci()
    assert len(frame) == 1270
    assert frame["epci_code"].is_unique
    assert frame["population"].sum() == 68_053_969
    assert frame["kind"].value_counts()[["EPT", "T1", "commune"]].tolist() == [11, 1, 4]
    assert not frame["epci_code"].eq("EPCI-200054781").any()


def test_those_over_several_departments_or_regions_are_told():
    frame = epci()
    assert frame["spans_departments"].sum() == 90
    assert frame["spans_regions"].sum() == 26
    for row in frame[frame["spans_departments"]].itertuples():
        assert row.department_code == row.department_codes.split()[0]
        assert row.region_code == row.region_codes.split()[0]
    assert frame["department_code"].nunique() == 101


def test_both_grains_are_listed_with_their_department_and_region():
    frame = counting_territories()
    assert frame["grain"].value_counts().to_dict() == {"epci": 1270, "departement": 101}
    assert frame["territory_code"].is_unique
    assert not frame[["department_code", "region_code", "territory_name"]].isna().any().any()
    own = frame[frame["grain"] == "departement"]
    assert own["territory_code"].eq(own["department_code"]).all()


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("EPCI-200000172", "EPCI-200000172"),
        ("200000172", "EPCI-200000172"),
        (" 200000172.0 ", "EPCI-200000172"),
        ("epci 200000172 - CC Faucigny-Glières", "EPCI-200000172"),
        ("200054781", None),
        ("999999999", None),
        ("CC Faucigny-Glières", None),
    ],
)
def test_reading_an_epci(text, code):
    reading = read_epci(text)
    assert reading.code == code
    assert (reading.finding is None) == (code is not None)


def package_of(tmp_path, communes, groups, parts):
    path = tmp_path / "package.tgz"
    with tarfile.open(path, "w:gz") as archive:
        for name, content in (("communes", communes), ("epci", groups), ("ept", parts)):
            text = json.dumps(content).encode()
            entry = tarfile.TarInfo(f"package/data/{name}.json")
            entry.size = len(text)
            archive.addfile(entry, io.BytesIO(text))
    return path


def commune(code, department, region, people=0, zone="metro"):
    return {
        "code": code,
        "nom": f"Commune {code}",
        "type": "commune-actuelle",
        "zone": zone,
        "departement": department,
        "region": region,
        "siren": f"2{code}0000"[:9],
        "population": people,
    }


def group(siren, kind, **people):
    members = [
        {"code": code.removeprefix("c"), "populationMunicipale": count}
        for code, count in people.items()
    ]
    return {"code": siren, "nom": f"Groupe {siren}", "type": kind, "membres": members}


def test_a_territory_goes_where_most_of_its_people_live(tmp_path):
    communes = [
        commune("75056", "75", "11"),
        commune("92001", "92", "11"),
        commune("01001", "01", "84"),
        commune("39001", "39", "27"),
        commune("29001", "29", "53", people=300),
        commune("98001", "987", "987", people=50, zone="com"),
    ]
    groups = [
        group("200054781", "METRO", c75056=2000, c92001=100),
        group("200000001", "CC", c01001=10, c39001=11),
    ]
    parts = [group("200057966", "EPT", c92001=100)]
    rows = rows_of(read_package(package_of(tmp_path, communes, groups, parts)))
    told = [(row[0], row[2], row[3], row[4], row[5], row[8]) for row in rows]
    assert told == [
        ("EPCI-229001000", "commune", "DEP-29", "REG-53", "DEP-29", 300),
        ("EPCI-200000001", "CC", "DEP-39", "REG-27", "DEP-39 DEP-01", 21),
        ("EPCI-275056000", "T1", "DEP-75", "REG-11", "DEP-75", 2000),
        ("EPCI-200057966", "EPT", "DEP-92", "REG-11", "DEP-92", 100),
    ]


def test_a_commune_of_the_grand_paris_in_no_ept_stops_the_making(tmp_path):
    communes = [commune("75056", "75", "11"), commune("92001", "92", "11")]
    groups = [group("200054781", "METRO", c75056=2000, c92001=100)]
    with pytest.raises(ValueError, match="no EPT"):
        rows_of(read_package(package_of(tmp_path, communes, groups, [])))
