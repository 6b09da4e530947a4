"""What a drawing sends to the browser: values alone, in the order of the contours."""

import json

import pytest

from figures.deck_map import DeckMap, Symbol, View, deck, view_of
from figures.palette import LIGHT

KINDS = ("ground", "areas", "hatches", "places", "frames", "touch")
SOURCES = {kind: f"./{kind}.json" for kind in KINDS}


def drawn(**changed):
    asked = {
        "level": "departement",
        "letters": "0" * 100 + "1",
        "colours": ["#FFFFFF", "#0063CB"],
        "hatched": "1" + "0" * 100,
        "signed": "0" * 101,
        "zeros": "0" * 101,
        "symbols": [Symbol("CPAM-43", (3.8, 45.1), 13.0, None, 1.0)],
        "columns": False,
        "picks": ("areas",),
        "chosen": "",
        "turn": 0,
        "view": View(2.2, 46.4, 4.9),
        "theme": LIGHT,
        "tip": "ici",
        "is_playing": False,
        "sources": SOURCES,
    }
    return json.loads(deck(DeckMap(**(asked | changed))).to_json())


def layer(found, name):
    return next(one for one in found["layers"] if one["id"].startswith(name))


def test_a_territory_is_one_letter_and_the_rest_is_an_address():
    found = drawn()
    fill = layer(found, "fond")
    assert fill["data"] == "./areas.json"
    letters = "0" * 100 + "1"
    assert fill["getFillColor"] == f"@@=([[255,255,255],[0,99,203]])[('{letters}')[i]]"
    assert fill["updateTriggers"]["getFillColor"].startswith(letters)
    assert len(json.dumps(found)) < 6000


def test_nothing_is_asked_of_another_server():
    found = drawn()
    # The mark of pydeck for no base map; without it Streamlit asks Carto for one.
    assert found["mapStyle"] == "__MAP_STYLE__"
    assert "mapProvider" not in found
    assert "//" not in json.dumps(found["layers"])


def test_a_click_changes_the_name_of_what_is_clicked():
    assert layer(drawn(turn=3), "prise")["id"] == "prise-3"
    assert layer(drawn(), "prise")["pickable"] is True
    assert layer(drawn(is_playing=True), "prise")["visible"] is False


def test_signs_and_the_outline_are_seen_where_there_are_some():
    found = drawn()
    assert layer(found, "signes")["visible"] is False
    assert not any(one["id"] == "choisi" for one in found["layers"])
    found = drawn(signed="1" + "0" * 100, chosen="DEP-43")
    assert layer(found, "signes")["visible"] is True
    assert layer(found, "signes")["getColor"].endswith(f"[('1{'0' * 100}')[i]]")
    assert len(layer(found, "choisi")["data"]) == 1


def test_nobody_is_told_by_a_sign_too():
    assert layer(drawn(), "zeros")["visible"] is False
    found = layer(drawn(zeros="01" + "0" * 99), "zeros")
    assert found["visible"] is True
    assert found["getText"] == "@@=z"


def test_withheld_unknown_and_not_comparable_are_hatched_each_its_own_way():
    assert layer(drawn(hatched="0" * 101), "hachures")["visible"] is False
    found = layer(drawn(hatched="0123" + "0" * 97), "hachures")
    assert found["visible"] is True
    colours = json.loads(found["getColor"].removeprefix("@@=(").partition(")[(")[0])
    seen = [[line[3] == 255 for line in ways] for ways in colours]
    assert seen == [[False, False], [True, False], [True, True], [False, True]]


def test_frames_bear_their_codes_where_names_are_too_small():
    assert layer(drawn(), "noms")["getText"] == "@@=n"
    phone = layer(drawn(view=View(2.2, 46.4, 3.7)), "noms")
    assert phone["getText"] == "@@=k"
    assert phone["getSize"] >= 9


def test_circles_keep_their_size_however_near_the_reader_comes():
    found = layer(drawn(), "cercles")
    assert found["radiusUnits"] == "pixels"
    assert found["data"][0]["r"] == 13.0
    assert drawn()["initialViewState"]["maxZoom"] == pytest.approx(4.9 + 2.5)


def test_corners_come_in_one_list():
    for name in ("sol", "fond", "prise"):
        assert layer(drawn(), name)["positionFormat"] == "XY"


def test_volumes_stand_up_on_demand():
    found = drawn(columns=True)
    assert layer(found, "colonnes")["data"][0]["e"] == 330_000
    assert not any(one["id"] == "cercles" for one in found["layers"])


def test_columns_are_as_tall_on_screen_however_near_the_view():
    near = view_of(["DEP-59"], "departement", 760, 620, leans=True)
    whole = view_of([], "departement", 760, 620, leans=True)
    assert whole.closeness == 1
    tall = layer(drawn(columns=True, view=near), "colonnes")["data"][0]["e"]
    assert tall * 2**near.zoom == pytest.approx(330_000 * 2**whole.zoom, rel=0.01)
    assert layer(drawn(columns=True, view=near), "colonnes")["radius"] < 2000


@pytest.mark.parametrize("size", [(760, 620), (340, 400)])
def test_the_whole_drawing_fits_in_the_picture(size):
    view = view_of([], "departement", *size, leans=False)
    across = 360 * size[0] / (512 * 2**view.zoom)
    assert view.longitude - across / 2 < -5.2
    assert view.longitude + across / 2 > 9.5


def test_a_region_is_looked_at_closer_and_in_its_place():
    whole = view_of([], "departement", 760, 620, leans=False)
    ring = view_of(["DEP-75", "DEP-92", "DEP-93", "DEP-94"], "departement", 760, 620, leans=False)
    assert ring.zoom > whole.zoom + 3
    assert ring.longitude == pytest.approx(2.35, abs=0.1)
