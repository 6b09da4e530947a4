"""The funnel: which limits judge, who is named, what is drawn and what is withheld."""

import re

import numpy as np
import pytest

from figures import funnel as funnels
from figures.funnel import FunnelUnit, funnel
from figures.label_places import Box, free_place
from figures.msap_establishments import funnel_units, hidden_count, undecided_count
from indicators.funnel import funnel_limits
from tests.figures.msap_frames import many_establishments


def plot_of(judge="hasard"):
    known = many_establishments()
    return funnel(funnel_units(known), judge, hidden_count(known), undecided_count(known))


def spread_units():
    """Rates that vary far more than chance."""
    return [
        FunnelUnit(f"{i}", f"Clinique {i}", "Ain", round(200 * rate), 200)
        for i, rate in enumerate(np.linspace(0.7, 0.99, 30))
    ]


def test_points_beyond_are_those_beyond_the_limits_of_the_indicator():
    plot = plot_of()
    limits = funnel_limits([u.events for u in plot.units], [u.trials for u in plot.units], 0.998)
    beyond = [
        unit.code
        for unit, low, high in zip(plot.units, limits.lower, limits.upper, strict=True)
        if not low <= unit.rate <= high
    ]
    assert [unit.code for unit, _ in plot.beyond] == beyond == ["990000090"]
    assert funnels.funnel_finding(plot) == "1 établissement sur 41 s’écarte plus que le hasard"


def test_the_switch_changes_who_is_named_and_says_so():
    chance, widened = funnel(spread_units()), funnel(spread_units(), "surdispersion")
    assert chance is not None
    assert widened is not None
    assert len(chance.beyond) > 5
    assert widened.beyond == []
    assert "hasard seul" in funnels.funnel_note(chance, "en 2016")
    assert "limites élargies" in funnels.funnel_note(widened, "en 2016")
    assert funnels.funnel_finding(widened).endswith(
        "ne s’écarte plus que leur variation habituelle"
    )


@pytest.mark.parametrize("judge", ["hasard", "surdispersion"])
def test_both_pairs_of_limits_are_drawn_whoever_judges(judge):
    plot = funnel(spread_units(), judge)
    svg = funnels.funnel_svg(plot, "alt")
    for css in ("limit judge p95", "limit judge p998", "limit other p95", "limit other p998"):
        assert f'class="{css}"' in svg


def test_without_overdispersion_both_judges_have_the_same_limits():
    units = [FunnelUnit(str(i), f"C {i}", "", 95, 100) for i in range(12)]
    plot = funnel(units)
    assert plot is not None
    assert plot.tau2 == 0
    assert plot.sides("hasard") == plot.sides("surdispersion") == [0] * 12
    assert "se confondent" in funnels.funnel_note(plot, "en 2016")
    assert "limit other" not in funnels.funnel_svg(plot, "alt")


def test_what_is_withheld_is_counted_and_not_drawn():
    plot = plot_of()
    everything = "".join(
        (
            funnels.funnel_svg(plot, funnels.funnel_alt(plot, "en 2016")),
            funnels.funnel_table(plot, "x"),
            funnels.funnel_records(plot).to_csv(),
        )
    )
    assert "Clinique fictive 91" not in everything
    assert "990000091" not in everything
    assert "1 établissement n’est pas tracé" in funnels.hidden_words(plot)
    assert "1 établissement sans demande décidée" in funnels.hidden_words(plot)


def test_names_are_escaped_and_points_open_the_establishment():
    svg = funnels.funnel_svg(plot_of(), "alt")
    assert "<b>des" not in svg
    assert 'data-act="choose" data-name="etablissement" data-value="990000090"' in svg
    assert '<a class="outside" href="msap_etablissements?etablissement=990000090"' in svg
    assert "<a " not in funnels.funnel_svg(plot_of(), "alt", opens=False)


def test_alt_tells_the_finding_and_who_lies_beyond():
    alt = funnels.funnel_alt(plot_of(), "en 2016")
    assert "1 établissement sur 41 s’écarte plus que le hasard" in alt
    assert "70,0\u202f% de 100 demandes décidées" in alt


def test_labels_stay_on_the_drawing_and_apart():
    units = spread_units() + [FunnelUnit(f"x{i}", f"Centre {i}", "", 90 + i, 200) for i in range(9)]
    svg = funnels.funnel_svg(funnel(units), "alt")
    places = [
        (
            float(x) - (len(words) * funnels.LETTER if anchor else 0),
            float(y),
            len(words) * funnels.LETTER,
        )
        for x, y, anchor, words in re.findall(
            r'class="name" x="([\d.]+)" y="([\d.]+)"( text-anchor="end")?>([^<]+)<', svg
        )
    ]
    assert len(places) > 3
    for place, (x, y, width) in enumerate(places):
        assert x >= funnels.LEFT
        assert x + width <= funnels.WIDTH
        for other_x, other_y, other_width in places[place + 1 :]:
            is_apart = x + width <= other_x or other_x + other_width <= x or abs(y - other_y) >= 12
            assert is_apart


def test_rates_under_the_floor_stand_on_its_edge():
    units = [FunnelUnit(str(i), f"C {i}", "", 88, 100) for i in range(60)]
    units.append(FunnelUnit("low", "Petite", "", 1, 2))
    svg = funnels.funnel_svg(funnel(units), "alt")
    heights = [float(y) for y in re.findall(r'cy="([\d.]+)"', svg)]
    assert max(heights) <= funnels.HEIGHT - funnels.BOTTOM
    assert '<path class="unit"' in svg


def test_units_of_a_region_can_be_compared_with_the_country():
    units = [FunnelUnit(str(i), f"C {i}", "", 80, 100) for i in range(5)]
    own, country = funnel(units), funnel(units, target=0.95)
    assert own.beyond == []
    assert [side for _, side in country.beyond] == [-1] * 5
    assert "Taux national : 95,0" in funnels.funnel_legend(country)


def test_overdispersion_is_not_measured_on_a_handful():
    few = funnel(spread_units()[::4], "surdispersion")
    assert len(few.units) < funnels.SPREAD_FROM
    assert (few.phi, few.tau2) == (1.0, 0.0)
    assert "Trop peu d’établissements" in funnels.funnel_note(few, "en 2016")
    assert not funnels.has_spread(funnels.SPREAD_FROM, funnels.SPREAD_FROM + 1)
    assert funnel(spread_units()).tau2 > 0


def test_one_establishment_makes_no_funnel():
    assert funnel([FunnelUnit("1", "Seule", "", 3, 4)]) is None


def test_records_hold_both_limits_and_both_judgements():
    records = funnels.funnel_records(plot_of())
    assert set(records["hasard"]) == {"dans les limites", "sous les limites"}
    assert (records["limite_basse_surdispersion_99_8"] <= 1).all()
    assert records["demandes_decidees"].is_monotonic_decreasing


def test_no_free_place_gives_none():
    page = Box(0, 0, 100, 20)
    assert free_place(50, 10, 200, 10, page, []) is None
    found = free_place(20, 10, 30, 10, page, [])
    assert found is not None
    assert page.holds(found)
    assert not found.meets(Box(0, 0, 20, 20))
