"""A map as GeoJSON: true places, every row, nulls for what is withheld."""

import json

import pandas as pd

from exports.geojson_file import geojson_bytes


def written(rows, level):
    return json.loads(geojson_bytes(pd.DataFrame(rows), level, "Titre", "Note", "Source"))


def test_departments_lie_in_their_true_place():
    rows = [{"territoire_code": "DEP-974", "couverture": 0.5, "masque": False}]
    found = written(rows, "departement")
    (feature,) = found["features"]
    (x, y) = feature["geometry"]["coordinates"][0][0][:2]
    if isinstance(x, list):
        x, y = x
    assert 55 < x < 56
    assert -22 < y < -20
    assert feature["properties"] == {
        "territoire_code": "DEP-974",
        "couverture": 0.5,
        "masque": False,
    }
    assert "IGN" in found["credit"]
    assert (found["titre"], found["source"]) == ("Titre", "Source")


def test_what_is_withheld_is_null():
    rows = [{"territoire_code": "REG-84", "couverture": float("nan"), "masque": True}]
    (feature,) = written(rows, "region")["features"]
    assert feature["properties"]["couverture"] is None


def test_a_caisse_has_the_contour_of_its_department_unless_it_shares_it():
    rows = [{"territoire_code": code} for code in ("CPAM-43", "CPAM-59-HAINAUT")]
    alone, shared = written(rows, "caisse")["features"]
    assert alone["geometry"] is not None
    assert shared["geometry"] is None
    assert "Aucune carte publique" in shared["properties"]["contour"]
