"""The months of one objective: points, broken lines, provisional, partial and hidden months."""

import re
from dataclasses import replace
from datetime import date

import pandas as pd
import pytest

from figures import series
from figures.closer import closer_figure
from figures.palette import DARK, LIGHT
from figures.status import HIDDEN
from tests.figures.frames import FLU, MATERNITY, month, released
from tests.figures.page_tree import page_tree

YEAR = 2016


def points_of(*rows: dict[str, object]) -> list[series.MonthPoint]:
    return series.month_points(pd.DataFrame(list(rows)))


def five_months() -> list[series.MonthPoint]:
    """April unknown, May partial and provisional."""
    return points_of(
        month(
            "2016-05-01",
            cumulated=80.0,
            objective_to_date=100.0,
            is_provisional=True,
            senders_received=7,
        ),
        month("2016-01-01", cumulated=25.0, objective_to_date=20.0),
        month("2016-02-01", cumulated=42.0, objective_to_date=40.0),
        month("2016-03-01", cumulated=55.0, objective_to_date=60.0),
        month(
            "2016-04-01", realised=None, cumulated=None, objective_to_date=80.0, senders_received=0
        ),
        month("2015-12-01", cumulated=240.0, objective_to_date=240.0),
    )


def picture(points, objective=MATERNITY):
    return page_tree(series.series_svg(points, objective, YEAR, "Ce que montre la courbe"))


def test_points_are_in_time_order_with_missing_values_as_none():
    points = five_months()
    assert [p.month for p in points] == sorted(p.month for p in points)
    assert points[0].month == date(2015, 12, 1)
    assert [p.cumulated for p in points[1:]] == [25.0, 42.0, 55.0, None, 80.0]


def test_one_dot_per_known_month_of_the_year_with_its_value_in_words():
    dots = picture(five_months()).all("circle")
    assert [dot.all("title")[0].text for dot in dots] == [
        "janvier 2016 : 25, objectif à date 20",
        "février 2016 : 42, objectif à date 40",
        "mars 2016 : 55, objectif à date 60",
        "mai 2016 : 80 (7/10 caisses), objectif à date 100",
    ]
    assert [dot.attributes["class"] for dot in dots] == ["dot"] * 3 + ["dot partial"]


def test_dots_stand_at_their_month_and_value():
    dots = picture(five_months()).all("circle")
    xs = [float(dot.attributes["cx"]) for dot in dots]
    assert xs[2] - xs[1] == pytest.approx(xs[1] - xs[0], abs=0.11)
    assert xs[3] - xs[2] == pytest.approx(2 * (xs[1] - xs[0]), abs=0.21)
    heights = [float(dot.attributes["cy"]) for dot in dots]
    assert heights == sorted(heights, reverse=True)
    scale = (heights[0] - heights[3]) / (80 - 25)
    assert heights[0] - heights[2] == pytest.approx(scale * (55 - 25), abs=0.2)


def test_the_line_is_broken_where_a_month_is_unknown_and_the_objective_is_not():
    paths = {p.attributes["class"]: p.attributes["d"] for p in picture(five_months()).all("path")}
    assert set(paths) == {"goal", "line", "former"}
    assert re.findall("[ML]", paths["line"]) == ["M", "L", "L", "M"]
    assert re.findall("[ML]", paths["goal"]) == ["M", "L", "L", "L", "L"]
    assert re.findall("[ML]", paths["former"]) == ["M"]


def test_the_last_value_is_written_at_the_end_and_the_picture_is_described():
    tree = picture(five_months())
    ends = [t.text for t in tree.all("text") if t.attributes.get("class") == "end"]
    assert ends == ["80"]
    svg = tree.all("svg")[0]
    assert (svg.attributes["role"], svg.attributes["aria-label"]) == (
        "img",
        "Ce que montre la courbe",
    )


def test_the_twelve_months_are_under_the_axis():
    texts = [t.text for t in picture(five_months()).all("text")]
    assert [t for t in texts if t in series.SHORT_MONTHS] == list(series.SHORT_MONTHS)


def test_a_year_without_value_says_so_in_words():
    tree = page_tree(series.series_svg(points_of(month("2012-01-01")), MATERNITY, YEAR, "x"))
    assert tree.text == "Aucune valeur mensuelle à tracer pour cette année."
    assert tree.all("svg") == []


@pytest.mark.parametrize("value", [0.0, 1.0, 5_000_000.0])
def test_constant_values_can_be_drawn(value):
    points = points_of(
        *(month(f"2016-0{n}-01", cumulated=value, objective_to_date=value) for n in (1, 2))
    )
    for objective in (MATERNITY, FLU):
        assert len(picture(points, objective).all("circle")) == 2


def test_the_table_marks_provisional_and_partial_months():
    tree = page_tree(series.series_table(five_months(), MATERNITY, YEAR, "Par mois"))
    rows = [[c.text for c in r.walk() if c.tag in {"th", "td"}] for r in tree.all("tr")[1:]]
    assert rows[0] == ["janv. 2016", "20", "25", "20", "125,0\u202f%", "10/10", "Définitif"]
    assert rows[3] == ["avr. 2016", "–", "–", "80", "–", "0/10", "Définitif"]
    assert rows[4] == ["mai 2016", "20", "80", "100", "80,0\u202f%", "7/10", "Provisoire"]
    assert len(rows) == 5


def legend_of(points: list[series.MonthPoint], objective=MATERNITY) -> list[str]:
    tree = page_tree(series.series_legend(objective, YEAR, points))
    return [span.text.strip() for span in tree.all("span")]


def test_the_legend_names_the_lines_and_points_that_are_drawn():
    everything = legend_of(five_months())
    assert everything == [
        "Cumul 2016",
        "Objectif à date",
        "Cumul 2015",
        "Mois où des caisses manquent",
    ]
    january = points_of(month("2016-01-01", objective_to_date=None))
    assert legend_of(january) == ["Cumul 2016"]
    assert legend_of(january, FLU) == ["Cumul 2016 (taux depuis janvier)"]
    assert legend_of([]) == []


def one_late_caisse() -> list[series.MonthPoint]:
    """One caisse: February lacks, April and May are only carried on."""
    alone = {"senders_expected": 1}
    carried = {**alone, "senders_received": 0, "realised": None}
    return points_of(
        month("2016-01-01", cumulated=10.0, objective_to_date=20.0, senders_received=1, **alone),
        month("2016-02-01", cumulated=10.0, objective_to_date=30.0, **carried),
        month("2016-03-01", cumulated=25.0, objective_to_date=40.0, senders_received=1, **alone),
        month("2016-04-01", cumulated=25.0, objective_to_date=40.0, **carried),
        month("2016-05-01", cumulated=25.0, objective_to_date=40.0, **carried),
    )


def test_a_total_only_carried_on_is_neither_drawn_nor_told():
    points = one_late_caisse()
    assert [dot.all("title")[0].text[:7] for dot in picture(points).all("circle")] == [
        "janvier",
        "février",
        "mars 20",
    ]
    assert "Mois non envoyé" in legend_of(points)
    told = series.series_finding(points, MATERNITY, "CPAM Tarn", YEAR)
    assert told.endswith("à fin mars 2016")
    assert "mars : 25" in series.series_alt(points, MATERNITY, YEAR, "CPAM Tarn")


def hidden_february() -> list[series.MonthPoint]:
    rows = [
        month("2016-01-01", realised=13.0, cumulated=13.0, objective_to_date=20.0),
        month(
            "2016-02-01",
            realised=7.0,
            cumulated=9731.0,
            objective_to_date=40.0,
            is_hidden=True,
            is_cumulated_hidden=True,
        ),
        month("2016-03-01", realised=30.0, cumulated=50.0, objective_to_date=60.0),
    ]
    return series.month_points(released(pd.DataFrame(rows), "cpg/monthly"))


def test_a_hidden_month_has_no_dot_and_breaks_the_line():
    tree = picture(hidden_february())
    assert len(tree.all("circle")) == 2
    line = next(p for p in tree.all("path") if p.attributes["class"] == "line")
    assert re.findall("[ML]", line.attributes["d"]) == ["M", "M"]
    assert not any("9\u202f731" in said or "9731" in said for said in tree.said())


def test_a_hidden_month_says_masque_in_the_table_and_nothing_in_the_file():
    points = hidden_february()
    tree = page_tree(series.series_table(points, MATERNITY, YEAR, "Par mois"))
    cells = [td.text for td in tree.all("tr")[2].all("td")]
    assert cells == [HIDDEN.word, HIDDEN.word, "40", HIDDEN.word, "10/10", "Définitif"]
    line = series.series_records(points, MATERNITY).iloc[1]
    assert line[["realise_du_mois", "cumul", "taux_atteinte_a_date"]].isna().all()


def test_the_file_holds_every_month_with_its_values():
    found = series.series_records(five_months(), MATERNITY)
    assert found["mois"].tolist() == [
        "2015-12-01",
        "2016-01-01",
        "2016-02-01",
        "2016-03-01",
        "2016-04-01",
        "2016-05-01",
    ]
    assert found["taux_atteinte_a_date"].tolist()[1] == pytest.approx(1.25)
    assert found["caisses_recues"].tolist() == [10, 10, 10, 10, 0, 7]
    assert found["provisoire"].tolist() == [False] * 5 + [True]


def test_since_when_it_lags_is_the_run_that_lasts_until_now():
    points = points_of(
        month("2016-01-01", cumulated=10.0, objective_to_date=20.0),  # late, then made up
        month("2016-02-01", cumulated=40.0, objective_to_date=40.0),
        month("2016-03-01", cumulated=50.0, objective_to_date=60.0),
        month("2016-04-01", realised=None, cumulated=None, objective_to_date=80.0),
        month("2016-05-01", cumulated=60.0, objective_to_date=100.0),
    )
    assert series.series_finding(points, MATERNITY, "Haute-Loire", YEAR) == (
        "Haute-Loire est en retard depuis mars 2016 : 60,0\u202f% de l’objectif à fin mai 2016"
    )


@pytest.mark.parametrize(
    ("cumulated", "said"),
    [
        (20.0, "tient l’objectif : 100,0\u202f% de l’objectif à fin janvier 2016"),
        (19.5, "est proche de l’objectif : 97,5\u202f% de l’objectif à fin janvier 2016"),
        (None, ": rien à comparer à l’objectif en 2016"),
    ],
)
def test_the_year_in_one_sentence(cumulated, said):
    points = points_of(month("2016-01-01", cumulated=cumulated, objective_to_date=20.0))
    assert series.series_finding(points, MATERNITY, "Ain", YEAR) == f"Ain {said}"


@pytest.mark.parametrize(
    ("objective", "said"),
    [
        (MATERNITY, ": trop peu de patients pour conclure, 50,0\u202f% de l’objectif"),
        (
            replace(MATERNITY, code="prado_chirurgie_etablissements"),
            "est en retard depuis janvier 2016 : 50,0\u202f% de l’objectif",
        ),
    ],
)
def test_no_delay_is_told_of_a_handful_of_patients(objective, said):
    points = points_of(month("2016-01-01", cumulated=3.0, objective_to_date=6.0))
    told = series.series_finding(points, objective, "Ain", YEAR)
    assert told == f"Ain {said} à fin janvier 2016"


def test_an_open_year_is_told_against_the_objective_to_date():
    points = points_of(month("2016-01-01", cumulated=18.0, objective_to_date=20.0))
    told = series.series_finding(points, MATERNITY, "Ain", YEAR, is_open_year=True)
    assert told == (
        "Ain est en retard depuis janvier 2016 : 90,0\u202f% de l’objectif à date, "
        "à fin janvier 2016"
    )


def test_the_description_goes_from_the_first_known_month_to_the_last():
    assert series.series_alt(five_months(), MATERNITY, YEAR, "Haute-Loire") == (
        "Adhésions PRADO maternité, Haute-Loire, 2016. Janvier : 25 ; "
        "mai : 80 pour un objectif à date de 100."
    )
    assert series.series_alt([], MATERNITY, YEAR, "Ain").endswith("Ain, 2016 : aucune valeur.")


def test_the_zoomed_figure_has_each_month_with_its_value_in_french():
    points = points_of(
        month("2016-08-01", realised=1234.0), month("2016-09-01", realised=5.0, senders_received=7)
    )
    figure = closer_figure(points, MATERNITY, "adhésions")
    assert list(figure.data[0].y) == [1234.0, 5.0]
    assert list(figure.data[0].text) == [
        "août 2016\u00a0: 1\u202f234",
        "septembre 2016\u00a0: 5 (7/10 caisses)",
    ]
    assert list(figure.data[0].marker.symbol) == ["circle", "circle-open"]
    assert figure.layout.yaxis.title.text == "Valeur du mois (adhésions)"


@pytest.mark.parametrize("theme", [LIGHT, DARK])
def test_the_closer_look_takes_the_colours_of_the_page(theme):
    figure = closer_figure(points_of(month("2016-08-01")), MATERNITY, "adhésions", theme)
    assert figure.data[0].line.color == theme.favourable
    assert figure.layout.paper_bgcolor == theme.background
    assert figure.layout.font.color == theme.text


def test_the_closer_look_writes_a_rate_in_per_cent():
    figure = closer_figure(points_of(month("2016-08-01", realised=0.5)), FLU, "%")
    assert list(figure.data[0].y) == [50.0]
    assert list(figure.data[0].text) == ["août 2016\u00a0: 50,0\u202f%"]
    assert (figure.layout.yaxis.ticksuffix, figure.layout.separators) == ("\u202f%", ",\u202f")
