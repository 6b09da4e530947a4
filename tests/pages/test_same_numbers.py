"""A figure is the same wherever it is read: on a page, and from the command line."""

import json
import math
import re

import pandas as pd
import pytest

import cli
from access.policy import policy
from components.readings import territory_readings
from figures.formats import attainment_percent, number, percent, quantity
from figures.sentences import subject
from figures.synthesis import points_text
from indicators.catalogue import catalogue
from indicators.reading import under_since
from indicators.stakes import carried_weights
from queries import cpg
from queries.current import current_build
from tests.pages.apps import open_app, readable, sent

SYNTHESIS = "pages/pilotage/synthese.py"
VIEWS = [
    ("national", "FR", "national", 2017),
    ("national", "FR", "national", 2016),
    ("dcgdr", "REG-84", "region", 2017),
    ("dcgdr", "REG-84", "region", 2015),
    ("cpam", "CPAM-43", "caisse", 2017),
    ("service_medical", "DRSM-AUVERGNE", "drsm", 2016),
]


@pytest.fixture
def ask(demo_home, capsys):
    """The rows that the command line answers."""

    def asked(question, person, **parameters):
        given = [f"--param={name}={value}" for name, value in parameters.items()]
        capsys.readouterr()
        assert cli.main(["query", question, f"--as={person}", "--json", *given]) == 0
        return json.loads(capsys.readouterr().out)

    return asked


def rows_of(ask, person, level, territory, year):
    """The figures of one territory by indicator."""
    rows = ask("cpg/attainment", person, level=level, year=year, within=territory)
    return {row["indicator_code"]: row for row in rows if row["territory_code"] == territory}


def gap_items(app):
    """The text of each gap by indicator, in order, with ordinary spaces."""
    found = re.findall(r'<li class="v-gap" data-key="(\w+)">(.*?)</li>', sent(app), re.S)
    return {code: plain(re.sub(r"<[^>]+>", " ", html)) for code, html in found}


def plain(text):
    return re.sub(r"\s+", " ", text.replace("&#x27;", "’"))


@pytest.mark.parametrize(("role", "territory", "level", "year"), VIEWS)
def test_the_first_screen_shows_what_the_command_line_answers(role, territory, level, year, ask):
    rows = rows_of(ask, f"{role}:{territory}", level, territory, year)
    app = open_app(
        SYNTHESIS, profil=role, profil_territoire=territory, territoire=territory, annee=str(year)
    )
    said = plain(readable(app))
    judged = [row for row in rows.values() if row["status"] in {"attained", "close", "behind"}]
    attained = [row for row in judged if row["status"] == "attained"]
    assert re.search(rf"\b{len(attained)} objectifs? sur {len(judged)} (sont|est) atteint", said)

    items = gap_items(app)
    assert items
    for code, item in items.items():
        row, declared = rows[code], catalogue()[code]
        is_open = row["is_open_year"]
        judged_on = row["attainment_to_date" if is_open else "attainment"]
        aim = row["objective_to_date" if is_open else "objective"]
        assert plain(attainment_percent(judged_on)) in item
        assert plain(quantity(row["realised"], declared.unit)) in item
        assert plain(quantity(aim, declared.unit)) in item


@pytest.mark.parametrize(("role", "territory", "level", "year"), VIEWS)
def test_the_gaps_are_the_largest_stakes_of_the_command_line(role, territory, level, year, ask):
    person = f"{role}:{territory}"
    rows = rows_of(ask, person, level, territory, year)
    weights = carried_weights(pd.DataFrame(ask("interessement/weights", person)), level)
    weights = weights[weights["year"] == year]
    points = dict(zip(weights["indicator_code"], weights["weight"], strict=True))
    gaps = {
        code: 1 - row["attainment_to_date"]
        for code, row in rows.items()
        if row["status"] in {"close", "behind"}
    }
    expected = sorted(gaps, key=lambda code: (-gaps[code] * points.get(code, 0), -gaps[code]))[:5]
    app = open_app(
        SYNTHESIS, profil=role, profil_territoire=territory, territoire=territory, annee=str(year)
    )
    items = gap_items(app)
    assert list(items) == expected
    for code in expected:
        if code in points:
            assert plain(f"{percent(gaps[code])} × {points_text(points[code])}") in items[code]
        else:
            assert "sans poids" in items[code]
    stake = sum(gaps[code] * points[code] for code in gaps if code in points)
    assert re.search(rf"en jeu {number(stake, 1)} points?", plain(readable(app)))


@pytest.mark.parametrize(
    ("territory", "level"), [("DEP-31", "departement"), ("DEP-81", "departement")]
)
def test_the_figures_awaited_are_those_of_the_board_on_both_pages(territory, level, ask):
    rows = rows_of(ask, "national:FR", level, territory, 2017)
    where = {"annee": "2017", "territoire": territory}
    sheet = open_app("pages/pilotage/departement.py", **where)
    lines = [plain(line) for line in re.findall(r"<li>([^<]*attendu le [^<]*)</li>", sent(sheet))]
    counts = [re.search(r": (\d+) objectifs", line) for line in lines]
    assert sum(int(found[1]) if found else 1 for found in counts) == len(rows)
    assert "retards comptés au 30 novembre 2017" in plain(readable(sheet))
    assert not any("aujourd" in line for line in lines)
    first = sent(open_app(SYNTHESIS, **where))
    listed = re.search(r'<ul class="v-awaited">(.*?)</ul>', first, re.S)[1]
    said = plain(re.sub(r"<[^>]+>", " ", listed))
    assert subject(catalogue()["vaccination_grippe"].title) not in said


def test_the_map_counts_what_the_command_line_counts(ask):
    rows = ask("cpg/attainment", "dcgdr:REG-84", level="departement", year=2017, within="REG-84")
    app = open_app(SYNTHESIS, profil="dcgdr", profil_territoire="REG-84", annee="2017")
    shown = re.findall(
        r'data-t="(DEP-\w+)">[^<]*</button></th><td class="num">(\d+)/(\d+)', sent(app)
    )
    assert len(shown) == 12
    for code, attained, judged in shown:
        own = [row["status"] for row in rows if row["territory_code"] == code]
        assert own.count("attained") == int(attained)
        assert sum(status in {"attained", "close", "behind"} for status in own) == int(judged)


def test_the_caisses_up_to_date_are_those_of_the_command_line(ask):
    rows = ask("cpg/senders", "national:FR", year=2017)
    done = [row for row in rows if row["missing_months"] == 0]
    said = plain(readable(open_app(SYNTHESIS, annee="2017")))
    assert f"Caisses à jour {len(done)} sur {len(rows)}" in said


@pytest.mark.parametrize(
    ("territory", "level", "indicator"),
    [
        ("FR", "national", "maitrise_medicalisee_economies"),
        ("REG-76", "region", "maitrise_medicalisee_economies"),
        ("DEP-81", "departement", "maitrise_medicalisee_economies"),
        ("REG-76", "region", "contacts_ps_es"),
    ],
)
def test_the_monthly_effort_is_found_again_from_what_the_command_line_answers(
    territory, level, indicator, ask
):
    row = rows_of(ask, "national:FR", level, territory, 2017)[indicator]
    left = 12 - int(row["last_sent_month"][5:7])
    needed = math.ceil((row["objective"] - row["realised"]) / left)
    figure = plain(quantity(needed, catalogue()[indicator].unit))
    story = plain(
        re.sub(
            r"<[^>]+>",
            " ",
            sent(
                open_app(
                    "pages/pilotage/cpg.py",
                    annee="2017",
                    territoire="FR",
                    objectif=indicator,
                    detail=territory,
                )
            ),
        )
    )
    assert f"l faut {figure} " in story
    sheet = open_app("pages/pilotage/departement.py", annee="2017", territoire=territory)
    line = re.search(rf'<tr data-act="story" data-i="{indicator}".*?</tr>', sent(sheet), re.S)
    assert figure in plain(re.sub(r"<[^>]+>", " ", line[0]))


@pytest.mark.parametrize("indicator", ["prado_maternite_adhesions", "generiques_penetration"])
@pytest.mark.parametrize(("territory", "level"), [("DEP-63", "departement"), ("CPAM-43", "caisse")])
def test_a_story_shows_what_the_command_line_answers(territory, level, indicator, ask):
    row = rows_of(ask, "dcgdr:REG-84", level, territory, 2017)[indicator]
    app = open_app(
        "pages/pilotage/cpg.py",
        profil="dcgdr",
        profil_territoire="REG-84",
        annee="2017",
        objectif=indicator,
        detail=territory,
    )
    story = re.search(r'<aside class="v-story".*?</aside>', sent(app), re.S)
    assert story is not None
    said = plain(re.sub(r"<[^>]+>", " ", story[0]))
    unit = catalogue()[indicator].unit
    assert f"Réalisé {plain(quantity(row['realised'], unit))} " in said
    assert f"Objectif à date {plain(quantity(row['objective_to_date'], unit))} " in said
    assert f"Atteinte {plain(attainment_percent(row['attainment_to_date']))} " in said
    assert re.search(rf"\b{row['peer_rank']}(er?|re) sur {row['peer_count']}\b", said)


@pytest.mark.parametrize("level", ["departement", "caisse"])
def test_the_ranking_and_the_reading_of_a_territory_tell_the_same_month(level, demo_home):
    build_id, scope = current_build(None), policy().scope("dcgdr:REG-84")
    board = cpg.attainment(scope, build_id, level, 2017, within="REG-84")
    codes = (
        board.loc[board["status"].isin(["close", "behind"]), "indicator_code"]
        .value_counts()
        .index[:3]
    )
    told = 0
    for code in codes:
        late = board[
            (board["indicator_code"] == code) & (board["status"].isin(["close", "behind"]))
        ]
        months = cpg.indicator_months(scope, build_id, level, code, 2017, within="REG-84")
        since = under_since(months, catalogue()[code].better)
        for territory in late["territory_code"].head(4):
            own = territory_readings(scope, build_id, territory, 2017)
            assert since.get(territory) == own[code].under_since
            told += since.get(territory) is not None
    assert told > 3
