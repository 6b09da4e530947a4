"""The funnel of territories: who is drawn, what is said, that nothing withheld is in it."""

import re

import pytest

from figures import funnel as funnels
from figures.funnel import funnel
from figures.msap_counts import MsapCounts
from figures.msap_territories import (
    DEPARTMENTS,
    REGIONS,
    is_comparable,
    territories_records,
    territories_table,
    territory_units,
    withheld_count,
)

NAMES = {f"REG-{number}": f"Région {number}" for number in range(1, 17)}


def counts_of_regions():
    """Thirteen regions of usual requests, one of many, and two of which a count is withheld."""
    known = {f"REG-{n}": MsapCounts(requests=40.0 + n, stays=800.0 + n) for n in range(1, 14)}
    known["REG-14"] = MsapCounts(requests=400.0, stays=1000.0)
    known["REG-15"] = MsapCounts(stays=333.0, is_hidden=True)
    known["REG-16"] = MsapCounts(requests=20.0, is_hidden=True)
    return known


def plot_of(judge="surdispersion", subject=REGIONS):
    counts = counts_of_regions()
    units = territory_units(counts, NAMES)
    return funnel(units, judge, withheld_count(counts), target=0.052, subject=subject)


def test_only_territories_of_which_both_counts_are_seen_are_drawn():
    plot = plot_of()
    assert {unit.code for unit in plot.units} == {f"REG-{n}" for n in range(1, 15)}
    assert plot.hidden == 2
    drawn = [
        funnels.funnel_svg(plot, funnels.funnel_alt(plot, "en 2016")),
        territories_table(plot, "x"),
        territories_records(plot).to_csv(),
    ]
    assert all("Région 15" not in one and "Région 16" not in one for one in drawn)
    assert "2 régions ne sont pas tracées" in funnels.hidden_words(plot)


@pytest.mark.parametrize(
    ("seen", "withheld", "expected"), [(4, 0, False), (5, 5, True), (5, 6, False)]
)
def test_a_few_territories_or_a_small_part_of_them_are_not_compared(seen, withheld, expected):
    units = territory_units(
        {f"REG-{n}": MsapCounts(requests=20.0, stays=200.0) for n in range(seen)}, {}
    )
    assert is_comparable(units, withheld) is expected


def plain(words):
    return re.sub("[\u202f\u00a0]", " ", words)


def test_the_words_are_those_of_requests_and_agree_with_the_noun():
    plot = plot_of("hasard")
    assert plain(funnels.funnel_finding(plot)) == (
        "Demandes pour 1 000 séjours : 1 région sur 14 s’écarte plus que le hasard"
    )
    note = plain(funnels.funnel_note(plot, "en 2016"))
    assert "moins d’une région" in note
    assert "d’une région à l’autre" in note
    assert plain(plot.target_words) == "France : 52,0 demandes pour 1 000 séjours"
    assert "numérotées" in funnels.funnel_legend(plot)
    alike = [unit for unit in plot.units if unit.code != "REG-14"]
    none_beyond = funnel(alike, "hasard", target=0.05, subject=DEPARTMENTS)
    assert "aucun des 13 départements" in plain(funnels.funnel_finding(none_beyond))


def test_a_point_opens_the_territory():
    svg = funnels.funnel_svg(plot_of("hasard"), "alt")
    assert 'data-name="territoire"' in svg
    assert 'href="msap_etablissements?territoire=REG-14"' in svg
    assert "etablissement=" not in svg


def test_the_axis_starts_at_zero_and_holds_the_highest_rate():
    svg = funnels.funnel_svg(plot_of("hasard"), "alt")
    assert ">0</text>" in svg
    assert ">400</text>" in svg


def test_the_file_gives_counts_and_limits_in_french_columns():
    records = territories_records(plot_of())
    own = records.set_index("territoire_code").loc["REG-14"]
    assert (own["demandes"], own["sejours"], own["demandes_par_sejour"]) == (400, 1000, 0.4)
    assert own["hasard"] == "au-dessus des limites"
