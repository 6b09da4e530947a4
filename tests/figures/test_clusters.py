"""Groups of neighbours: words, what is exploratory, the map and its table."""

import numpy as np

from figures import clusters
from indicators.spatial import LocalClusters, Moran
from tests.figures.professionals_frames import NURSES, departments

SPREAD = departments()
KINDS = np.array(["low_low", "high_high", "none", "not_tested"], dtype=object)
LOCAL = LocalClusters(
    KINDS,
    np.array([1.2, 0.8, 0.1, np.nan]),
    np.array([0.001, 0.002, 0.6, np.nan]),
    np.array([0.004, 0.004, 0.6, np.nan]),
    is_exploratory=True,
)
ALIKE = Moran(0.5, -0.33, 0.01, 1, True)
RANDOM = Moran(-0.2, -0.33, 0.7, 0, False)


def test_the_finding_counts_the_hearts_of_groups_and_says_exploratory():
    said = clusters.clusters_finding(ALIKE, LOCAL)
    assert "Les départements voisins se ressemblent" in said
    assert "1 au cœur d’un groupe peu doté, 1 d’un groupe bien doté (exploratoire)" in said


def test_chance_alone_is_called_chance():
    calm = LOCAL._replace(cluster=np.array(["none"] * 4, dtype=object), is_exploratory=False)
    said = clusters.clusters_finding(RANDOM, calm)
    assert "ne se ressemblent pas plus que par hasard" in said
    assert "aucun groupe local ne ressort" in said
    assert "exploratoire" not in said


def test_the_note_tells_the_test_and_who_is_left_out():
    said = clusters.clusters_note(ALIKE, LOCAL, NURSES)
    assert "I de Moran 0,50 (attendu −0,33 par hasard, p = 0,010)" in said
    assert "1 département sans voisin non testé." in said
    assert "Moins de 30 départements (4)" in said


def test_the_map_marks_groups_by_more_than_a_colour():
    svg = clusters.clusters_svg(SPREAD, LOCAL, "alt")
    for css in ("low2", "high2", "calm", "none"):
        assert f'class="{css}"' in svg
    assert ">▼</text>" in svg
    assert "Allier : peu doté parmi des peu dotés (100,0)" in svg
    legend = clusters.clusters_legend(LOCAL)
    assert "Sans voisin" in legend
    assert "Bien doté parmi des peu dotés" not in legend


def test_the_table_puts_groups_first():
    table = clusters.clusters_table(SPREAD, LOCAL, NURSES, "x")
    places = [table.index(name) for name in ("Allier", "Cantal", "Haute-Loire", "Puy-de-Dôme")]
    assert places == sorted(places)
    assert clusters.clusters_records(SPREAD, LOCAL)["p_corrige"].tolist()[:3] == [0.004, 0.004, 0.6]
