"""The bench measures what it says; no test looks at a time."""

import itertools
import json
import os
import re

import duckdb
import pytest

from bench.__main__ import store
from bench.child import peak_memory_mb, resident_memory_mb
from bench.history import compared, lengthen
from bench.imports import indicators_of_cpg, write_extract
from bench.measured import Line, quantile, table
from bench.memory import FEW, JUDGED, MANY, interactions, lines_of
from bench.pages import EMPTY, OURS
from bench.questions import CASES_PER_QUESTION, scopes, typical_cases
from bench.stopwatch import Mark
from data.store.home import PROJECT
from queries.run import question, questions


@pytest.mark.parametrize(
    ("value", "aim", "verdict"),
    [(15.0, 15.0, "PASS"), (15.1, 15.0, "above"), (3.0, None, ""), (None, 1.0, "missing")],
)
def test_verdict(value, aim, verdict):
    assert Line("queries", "p95", value, "ms", aim).verdict == verdict


@pytest.mark.parametrize(("share", "expected"), [(0.5, 50), (0.95, 95), (0.951, 96), (1.0, 100)])
def test_quantile_is_a_value_of_the_sample(share, expected):
    assert quantile(list(range(1, 101)), share) == expected


def test_quantile_of_nothing_is_refused():
    with pytest.raises(ValueError, match="at least one"):
        quantile([], 0.95)


def test_table_says_value_aim_and_verdict_on_one_line():
    shown = table([Line("pages", "load / empty page", 1.234, "×", 2.0, "n=7")])
    (line,) = [line for line in shown.splitlines() if "load" in line]
    assert " ".join(line.split()) == "load / empty page 1.23 × <= 2 PASS n=7"


def test_stored_run_reads_back(tmp_path):
    target = tmp_path / "results" / "run.json"
    store([Line("import", "ratio", 3.5, "×", 4.0)], {"cores": 2}, target)
    run = json.loads(target.read_text())
    assert run["cores"] == 2
    assert run["lines"][0]["verdict"] == "PASS"


def test_extract_has_the_rows_asked_each_key_once(tmp_path):
    path = tmp_path / "extract.csv"
    write_extract(path, 10_000)
    counted = duckdb.execute(
        'select count(*), count(distinct ("Caisse", "Indicateur", "Mois")), max("Mois") '
        "from read_csv(?)",
        [str(path)],
    )
    rows, keys, latest = counted.fetchone()
    assert (rows, keys, latest) == (10_000, 10_000, "2013-12")


def test_extract_fills_what_the_indicator_is_made_of(tmp_path):
    path = tmp_path / "extract.csv"
    write_extract(path, 5_000)
    rates = set(indicators_of_cpg().query("is_rate")["indicator_code"])
    facts = duckdb.execute("select * from read_csv(?)", [str(path)]).df()
    is_rate = facts["Indicateur"].isin(rates)
    assert 0 < is_rate.sum() < len(facts)
    assert facts.loc[is_rate, "Réalisé"].isna().all()
    assert (facts.loc[is_rate, "Numérateur"] <= facts.loc[is_rate, "Dénominateur"]).all()
    assert facts.loc[~is_rate, "Réalisé"].notna().all()


def test_longer_history_repeats_the_facts_in_earlier_years_and_keeps_the_order(tmp_path):
    short, long = tmp_path / "short.duckdb", tmp_path / "long.duckdb"
    with duckdb.connect(str(short)) as connection:
        connection.execute(
            "create table cpg_monthly as select * from (values "
            "(2014, date '2014-01-01', 1), (2015, date '2015-06-01', 2)) as v(year, month, n)"
        )
        connection.execute("create table territories as select 'FR' as territory_code")
    lengthen(str(short), str(long), "3")
    with duckdb.connect(str(long), read_only=True) as connection:
        rows = connection.execute("select year, year(month), n from cpg_monthly").fetchall()
        assert connection.execute("select * from territories").fetchall() == [("FR",)]
    years = range(2010, 2016)
    assert rows == [(year, year, 1 + year % 2) for year in years]


def test_history_compares_the_sums_of_all_questions():
    lines = compared({"a": [1.0, 1.0], "b": [2.0]}, {"a": [2.0, 2.0], "b": [4.0]}, 7)
    assert lines[0].value == pytest.approx(2.0)
    assert lines[0].verdict == "above"
    assert {line.name for line in lines[1:]} == {"a", "b"}


@pytest.mark.parametrize("name", questions())
def test_every_question_is_asked_with_its_own_parameters(name):
    cases = typical_cases(name)
    declared = {parameter.name for parameter in question(name).parameters}
    assert 1 <= len(cases) <= CASES_PER_QUESTION
    assert all(set(case) == declared for case in cases)


def test_one_of_the_two_people_sees_a_region_only():
    everything, region = (set(scope.territories) for scope in scopes())
    assert region < everything
    assert "REG-84" in region
    assert "REG-11" not in region


def test_mark_takes_the_value_of_the_filter():
    assert Mark("#y-{value}", "Année {value}").at("2016") == Mark("#y-2016", "Année 2016")


@pytest.mark.parametrize("page", [EMPTY, *OURS], ids=lambda page: page.name)
def test_page_has_marks_and_two_values_at_least_to_go_between(page):
    assert page.first
    assert page.whole
    assert not any("{value}" in f"{mark.selector}{mark.contains}" for mark in page.first)
    if page.change:
        assert len(set(page.change.values)) == len(page.change.values) >= 2
        assert "{value}" in page.change.click
        assert any("{value}" in mark.contains for mark in page.change.shown)


def test_a_name_chosen_is_never_part_of_another():
    # A mark looks for the text: « Loire » would be found while « Haute-Loire » is still shown.
    for page in (EMPTY, *OURS):
        for one, other in itertools.permutations(page.change.values if page.change else (), 2):
            assert one not in other


def _pages_declared():
    return set(re.findall(r'url_path="(\w+)"', (PROJECT / "app.py").read_text("utf-8")))


def test_every_page_of_the_app_is_measured():
    measured = {re.split(r"[/?]", page.path)[1] or "synthese" for page in OURS}
    assert _pages_declared() - {"accueil", "connexion"} <= measured


def test_a_round_of_interactions_goes_over_every_page():
    one_round = list(itertools.islice(interactions(), FEW))
    visited = {found[1] for step in one_round if (found := re.search(r"/(\w+)\"]", step.selector))}
    assert _pages_declared() - {"accueil", "connexion"} == visited


def test_each_round_of_interactions_is_in_another_region():
    steps = itertools.islice(interactions(), MANY)
    chosen = [step.option for step in steps if step.option is not None]
    assert len(chosen) == len(set(chosen)) == MANY // FEW


def test_growth_is_what_lies_between_few_and_many():
    growth = lines_of({FEW: 300.0, 100: 330.0, JUDGED: 321.0, MANY: 340.0})[-1]
    assert (growth.value, growth.verdict) == (21.0, "above")


def test_resident_memory_is_never_above_its_peak():
    assert 0 < resident_memory_mb(os.getpid()) <= peak_memory_mb() + 1
