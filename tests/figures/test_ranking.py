"""The ranking: order, gaps, and what each bar says."""

import math
import re
from datetime import date

import pandas as pd
import pytest

from figures import ranking
from figures.status import HIDDEN
from indicators.few_patients import TOO_FEW
from tests.figures.frames import FLU, MATERNITY, attainment, cell, released
from tests.figures.page_tree import Element, page_tree


def territory(name: str, value: float | None, **given: object) -> dict[str, object]:
    status = "not_applicable" if value is None else "attained" if value >= 1 else "behind"
    fields = {
        "territory_code": f"T-{name}",
        "territory_name": name,
        "attainment": value,
        "realised": None if value is None else value * 100,
        "status": status,
        **given,
    }
    return cell(**fields)


def bars(*rows: dict[str, object], peers: float | None = None) -> list[ranking.RankedTerritory]:
    return ranking.ranked(attainment(*rows), MATERNITY.code, peers)


def rows_of(
    ranked: list[ranking.RankedTerritory],
    chosen: str | None = None,
    peers: tuple[str, float] | None = None,
) -> list[Element]:
    html = ranking.ranking_table(ranked, MATERNITY, "Classement", chosen, peers, False)
    return page_tree(html).all("tbody")[0].all("tr")


def test_from_the_highest_to_the_lowest_then_french_order_then_those_without_value():
    found = bars(
        territory("Yonne", None),
        territory("Savoie", 0.5),
        territory("Isère", 1.2),
        territory("Indre", 1.2),
        territory("Évreux", 1.2),
        territory("Ain", math.nan, status="not_applicable"),
        territory("Jura", 0.0),
    )
    assert [bar.name for bar in found] == [
        "Évreux",
        "Indre",
        "Isère",
        "Savoie",
        "Jura",
        "Ain",
        "Yonne",
    ]


def test_one_territory_says_its_place_among_its_peers():
    placed = {"level": "caisse", "peer_rank": 9, "peer_count": 102}
    found = bars(territory("CPAM Haute-Loire", 0.8, **placed))
    assert ranking.ranking_finding(found, MATERNITY).endswith(
        "80,0\u202f% de l’objectif, 9e sur 102 caisses"
    )
    assert ranking.median_words(found) == "médiane des 102 caisses"
    assert ranking.median_words(bars(territory("Ain", 0.8))) == "médiane des pairs"
    first = {"level": "region", "peer_rank": 1, "peer_count": 17}
    assert ranking.rank_words(bars(territory("Corse", 1.2, **first))[0]) == "1re sur 17 régions"


def test_ranks_are_a_column_where_any_is_known():
    placed = territory("Ain", 0.8, peer_rank=44.0, peer_count=90)
    unplaced = territory("Jura", None, peer_rank=math.nan, peer_count=90)
    html = ranking.ranking_table(bars(placed, unplaced), MATERNITY, "Rangs", None, None, False)
    tree = page_tree(html)
    assert tree.all("th")[6].text == "Rang sur 90"
    assert tree.all("th")[6].attributes["title"] == "Rang parmi les 90 départements de France"
    assert [row.all("td")[5].text for row in tree.all("tbody")[0].all("tr")] == ["44", "–"]
    assert all(len(row.all("td")) == 5 for row in rows_of(bars(territory("Ain", 0.8))))


def test_other_objectives_are_left_out():
    found = bars(territory("Ain", 0.5), territory("Ain", 0.9, indicator_code=FLU.code))
    assert [bar.attainment for bar in found] == [0.5]


def test_gaps_to_objective_and_to_peers():
    (bar,) = bars(territory("Ain", 0.8, realised=80.0, objective=100.0), peers=0.75)
    assert bar.gap == -20.0
    assert bar.gap_to_peers == pytest.approx(0.05)
    cells = [td.text for td in rows_of([bar])[0].all("td")]
    assert cells[1:] == ["80", "100", "\u221220", "+5,0\u202fpts"]


def test_an_open_year_compares_with_the_objective_to_date():
    (bar,) = bars(
        territory(
            "Ain",
            0.6,
            realised=60.0,
            objective=100.0,
            objective_to_date=50.0,
            attainment_to_date=1.2,
            is_open_year=True,
        )
    )
    assert (bar.attainment, bar.objective, bar.gap) == (1.2, 50.0, 10.0)
    heads = page_tree(
        ranking.ranking_table([bar], MATERNITY, "Classement", None, None, is_open_year=True)
    ).all("th")
    assert "Objectif à date" in [th.text for th in heads]


@pytest.mark.parametrize("missing", [{"realised": None}, {"objective": None}])
def test_no_gap_without_both_sides(missing):
    (bar,) = bars(territory("Ain", None, **missing), peers=0.75)
    assert (bar.gap, bar.gap_to_peers) == (None, None)
    assert [td.text for td in rows_of([bar])[0].all("td")][3:] == ["–", "–"]


@pytest.mark.parametrize(
    ("better", "realised", "hue"),
    [("higher", 80.0, "unf"), ("higher", 120.0, "fav"), ("lower", 80.0, "fav")],
)
def test_the_gap_takes_the_colour_of_its_good_side(better, realised, hue):
    (bar,) = bars(territory("Ain", 0.8, realised=realised))
    objective = MATERNITY.__class__(**{**vars(MATERNITY), "better": better})
    html = ranking.ranking_table([bar], objective, "Classement", None, None, False)
    gap = page_tree(html).all("tbody")[0].all("td")[3]
    assert gap.all("span")[0].attributes["class"] == hue


@pytest.mark.parametrize(
    ("value", "width", "is_cut"),
    [(0.0, "0.0%", False), (1.0, "50.0%", False), (2.0, "100.0%", False), (8.46, "100.0%", True)],
)
def test_a_bar_is_cut_at_twice_the_objective_but_its_value_is_not(value, width, is_cut):
    row = rows_of(bars(territory("Haute-Loire", value)))[0]
    bar = row.all("u")[0]
    assert bar.attributes["style"] == f"width:{width}"
    assert (bar.text == "»") is is_cut
    assert f"{value * 100:.1f}\u202f%".replace(".", ",") in row.text


def test_each_bar_says_its_status_in_words():
    said = [
        row.all("td")[0].text for row in rows_of(bars(territory("A", 1.1), territory("B", 0.3)))
    ]
    assert said == ["110,0\u202f% ▲ Atteint", "30,0\u202f% ▼ En retard"]


def test_missing_senders_are_written_beside_the_value():
    row = rows_of(bars(territory("Ain", 0.8, senders_received=8)))[0]
    assert row.all("small")[0].text == "8/10"
    assert rows_of(bars(territory("Ain", 0.8)))[0].all("small") == []


def test_the_chosen_territory_is_pressed_once():
    rows = rows_of(bars(territory("Ain", 0.8), territory("Jura", 0.7)), chosen="T-Jura")
    pressed = [
        r.all("button")[0].text for r in rows if "aria-pressed" in r.all("button")[0].attributes
    ]
    assert pressed == ["Jura"]


def hidden_bars() -> list[ranking.RankedTerritory]:
    secret = territory("Lozère", 0.37, realised=7.0, objective=19.0, is_hidden=True)
    frame = released(attainment(territory("Ain", 0.8), secret), "cpg/attainment")
    return ranking.ranked(frame, MATERNITY.code, 0.9)


def test_a_hidden_territory_comes_last_and_shows_only_its_objective():
    ranked = hidden_bars()
    assert [bar.name for bar in ranked] == ["Ain", "Lozère"]
    row = rows_of(ranked, peers=("Médiane", 0.9))[1]
    assert row.all("td")[0].text == f"{HIDDEN.icon} {HIDDEN.word}"
    said = " ".join(row.said()).replace(HIDDEN.word, "")
    assert set(re.findall(r"\d+", said)) == {"19"}
    assert row.all("u") == []


def test_a_hidden_territory_has_no_bar_in_the_picture_and_no_value_in_the_file():
    ranked = hidden_bars()
    tree = page_tree(ranking.ranking_svg(ranked, MATERNITY, None))
    assert [r.attributes["width"] for r in tree.all("rect")] == ["168.0", "0.0"]
    assert tree.all("text")[-1].text == HIDDEN.word
    line = ranking.ranking_records(ranked, MATERNITY).iloc[1]
    assert line["statut"] == HIDDEN.word
    values = ["taux_atteinte", "realise", "ecart_objectif", "ecart_pairs"]
    assert line[values].isna().all()


def test_the_file_keeps_rank_and_values():
    ranked = bars(
        territory("Ain", 0.5, peer_rank=80, peer_count=90),
        territory("Jura", 1.1, senders_received=9, peer_rank=7, peer_count=90),
        peers=0.75,
    )
    found = ranking.ranking_records(ranked, MATERNITY)
    assert found["rang"].tolist() == [7, 80]
    assert found["rang_sur"].tolist() == [90, 90]
    assert found["territoire"].tolist() == ["Jura", "Ain"]
    assert found["taux_atteinte"].tolist() == [1.1, 0.5]
    assert found["ecart_pairs"].tolist() == pytest.approx([0.35, -0.25])
    assert found["caisses_a_jour"].tolist()[0] == "9/10"
    assert pd.isna(found["caisses_a_jour"].tolist()[1])


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"Ain": None}, "aucune valeur à classer"),
        ({"Ain": 0.8}, "Ain, 80,0\u202f% de l’objectif"),
        (
            {"Ain": 0.8, "Jura": 0.5},
            "aucun des 2 territoires n’atteint l’objectif, de 50\u202f% (Jura) à 80\u202f% (Ain)",
        ),
        (
            {"Ain": 1.8, "Jura": 1.5},
            "les 2 territoires atteignent l’objectif, de 150\u202f% (Jura) à 180\u202f% (Ain)",
        ),
        (
            {"Ain": 1.8, "Jura": 0.5},
            "1 territoire sur 2 atteint l’objectif, de 50\u202f% (Jura) à 180\u202f% (Ain)",
        ),
        (
            {"Ain": 1.8, "Isère": 1.1, "Jura": 0.5},
            "2 territoires sur 3 atteignent l’objectif, de 50\u202f% (Jura) à 180\u202f% (Ain)",
        ),
    ],
)
def test_the_ranking_in_one_sentence(values, said):
    found = bars(*(territory(name, value) for name, value in values.items()))
    assert ranking.ranking_finding(found, MATERNITY) == f"Adhésions PRADO maternité : {said}"


@pytest.mark.parametrize(
    ("names", "said"),
    [
        (("Ain",), "Ain, 20,0\u202f% de l’objectif, trop peu de patients pour conclure"),
        (("Ain", "Gers"), "trop peu de patients pour conclure"),
        (
            ("Ain", "Jura"),
            "Jura, 50,0\u202f% de l’objectif ; trop peu de patients pour conclure dans "
            "1 territoire",
        ),
        (
            ("Ain", "Gers", "Isère", "Jura"),
            "1 territoire sur 2 atteint l’objectif, de 50\u202f% (Jura) à 110\u202f% (Isère) ; "
            "trop peu de patients pour conclure dans 2 territoires",
        ),
    ],
)
def test_who_counts_too_few_patients_is_at_neither_end(names, said):
    known = {
        "Ain": territory("Ain", 0.2, status=TOO_FEW),
        "Gers": territory("Gers", 3.0, status=TOO_FEW),
        "Isère": territory("Isère", 1.1),
        "Jura": territory("Jura", 0.5),
    }
    found = bars(*(known[name] for name in names))
    told = ranking.ranking_finding(found, MATERNITY)
    assert told == f"Adhésions PRADO maternité : {said}"
    few = next(row for row in rows_of(found) if "Trop peu de patients" in row.text)
    assert few.all("u")[0].attributes["class"] == "neu"


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"Ain": 0.8}, "Ain, 80,0\u202f% de l’objectif à date"),
        (
            {"Ain": 1.8, "Jura": 0.5},
            "1 territoire sur 2 atteint l’objectif à date, de 50\u202f% (Jura) à 180\u202f% (Ain)",
        ),
    ],
)
def test_the_ranking_of_an_open_year_is_told_to_date(values, said):
    found = bars(*(territory(name, value) for name, value in values.items()))
    told = ranking.ranking_finding(found, MATERNITY, is_open_year=True)
    assert told == f"Adhésions PRADO maternité : {said}"


@pytest.mark.parametrize(
    ("realised", "objective", "status", "shown"),
    [
        # By hand: 87,66 and 87,69 are both 87,7 to one decimal.
        (0.8766, 0.8769, "close", ["87,66 %", "87,69 %", "−0,03 pt"]),
        (0.87661, 0.87664, "close", ["87,661 %", "87,664 %", "−0,003 pt"]),
        (0.861, 0.870, "close", ["86,1 %", "87,0 %", "−0,9 pt"]),
        (0.8770, 0.8769, "attained", ["87,7 %", "87,7 %", "0,0 pt"]),
    ],
)
def test_a_rate_just_under_its_objective_is_not_written_as_equal(
    realised, objective, status, shown
):
    row = territory(
        "Haute-Saône", 0.9997, realised=realised, objective=objective, status=status
    ) | {"indicator_code": FLU.code}
    found = ranking.ranked(attainment(row), FLU.code, None)
    html = ranking.ranking_table(found, FLU, "Classement", None, None, False)
    cells = [c.text for c in page_tree(html).all("tbody")[0].all("td")[1:4]]
    plain = [c.replace("\u202f", " ").replace("\u00a0", " ").replace("+", "") for c in cells]
    assert [c.replace("\u2212", "−") for c in plain] == shown


@pytest.mark.parametrize(
    ("value", "said"), [(0.65, ""), (2.0, ""), (2.1, " Barres coupées à 200 %.")]
)
def test_bars_are_said_to_be_cut_where_one_is(value, said):
    found = ranking.cut_words(bars(territory("Ain", 0.4), territory("Jura", value)))
    assert found.replace("\u202f", " ") == said


def test_who_is_under_the_objective_is_told_since_when():
    since = {"T-Ain": date(2016, 11, 1), "T-Jura": date(2017, 2, 1), "T-Allier": date(2017, 3, 1)}
    late = ranking.dated(
        bars(territory("Ain", 0.5), territory("Jura", 1.1), territory("Gers", 0.4)), since
    )
    assert [row.all("td")[-1].text for row in rows_of(late)] == ["–", "novembre 2016", "–"]
    told = ranking.ranking_records(late, MATERNITY).set_index("territoire")["sous_objectif_depuis"]
    assert told["Ain"] == date(2016, 11, 1)
    assert told[["Jura", "Gers"]].isna().all()


def test_no_month_is_told_where_everybody_reaches_the_objective():
    html = ranking.ranking_table(
        bars(territory("Ain", 1.5)), MATERNITY, "Classement", None, None, False
    )
    assert "Sous l’objectif depuis" not in html
