"""The Lorenz curve: its finding, the territories named on it, its table."""

import pytest

from figures import lorenz
from figures.lorenz import Curve, named_after
from tests.figures.professionals_frames import NURSES, departments, many

CURVE = Curve(departments(), ("DEP-43",))


def test_the_finding_says_what_the_worse_served_half_gets():
    # Allier has 100, Haute-Loire and Puy-de-Dôme 200 for 100 000: half of 700 000 people.
    assert CURVE.share_of_half() == pytest.approx(600 / 1400)
    assert "La moitié la moins bien dotée des habitants a 43\u202f% des infirmiers" in (
        lorenz.lorenz_finding(CURVE, NURSES)
    )


def test_a_named_territory_stands_on_the_curve_with_its_density():
    svg = lorenz.lorenz_svg(CURVE, "alt")
    assert ">Haute-Loire (200,0)</text>" in svg
    assert svg.count("<circle") == 4
    assert svg.count('class="dot own"') == 1
    assert CURVE.end("DEP-03") == pytest.approx((1 / 7, 1 / 14))
    assert CURVE.end("DEP-99") is None


def test_a_click_names_and_a_second_one_no_longer():
    assert named_after((), "DEP-43") == "DEP-43"
    assert named_after(("DEP-43", "DEP-15"), "DEP-43") == "DEP-15"
    full = tuple(f"DEP-0{n}" for n in range(1, 7))
    assert named_after(full, "DEP-43") == ",".join((*full[1:], "DEP-43"))


def test_many_territories_are_drawn_without_points_and_cut_in_the_table():
    curve = Curve(many(200), ("EPCI-000000007",))
    svg = lorenz.lorenz_svg(curve, "alt")
    assert svg.count("<circle") == 1
    table = lorenz.lorenz_table(curve, NURSES, "x")
    assert table.count("<tr>") == 1 + 2 * lorenz.ENDS + 1
    assert "120 autres, tous dans le CSV" in table
    assert len(lorenz.lorenz_records(curve)) == 200


def test_the_table_goes_from_the_least_to_the_best_served():
    table = lorenz.lorenz_table(CURVE, NURSES, "x")
    places = [table.index(name) for name in ("Allier", "Haute-Loire", "Puy-de-Dôme", "Cantal")]
    assert places == sorted(places)
    assert 'aria-pressed="true">Haute-Loire' in table


def test_the_alternative_text_names_both_ends():
    said = lorenz.lorenz_alt(CURVE, NURSES)
    assert "Du moins doté, Allier (100,0 pour 100\u202f000 habitants)" in said
    assert "au mieux doté, Cantal (300,0)" in said


def test_a_name_is_found_by_its_beginning_first_whatever_its_accents():
    found = lorenz.found_by_name(departments(), "puy", ())
    assert found == ["DEP-63"]
    assert lorenz.found_by_name(departments(), "AL", ()) == ["DEP-03", "DEP-15"]
    assert lorenz.found_by_name(departments(), "al", ("DEP-03",)) == ["DEP-15"]
    assert lorenz.found_by_name(departments(), "  ", ()) == []


def test_a_plan_shows_both_curves_and_its_points_choose_nothing():
    svg = lorenz.lorenz_svg(CURVE, "alt", Curve(departments()), is_choosable=False)
    assert 'class="former"' in svg
    assert "data-act" not in svg


def test_names_are_escaped():
    curve = Curve(departments(("DEP-03", "<b>x", 1, 10), ("DEP-15", "y", 2, 10)), ("DEP-03",))
    assert "<b>x" not in lorenz.lorenz_svg(curve, "alt") + lorenz.lorenz_table(curve, NURSES, "x")
