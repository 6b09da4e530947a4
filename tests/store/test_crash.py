"""Killed at any moment, an import leaves the former build served and the next import works."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from access.policy import operator_scope
from data.ingestion.publish import Request, publish
from data.store.home import Home
from data.store.registry import Registry
from queries.run import run
from tests.store.extracts import write_extract

PROJECT = Path(__file__).parents[2]
STAGES = (
    "lock",
    "raw",
    "validate",
    "candidate",
    "preview",
    "register",
    "lake",
    "build",
    "commit",
    "current",
    "audit",
)
KILLED_AT = """
import os, signal, sys
from pathlib import Path
from data.ingestion.publish import Request, publish
from data.store.home import Home

def die(stage):
    if stage == sys.argv[3]:
        os.kill(os.getpid(), signal.SIGKILL)

publish([Path(sys.argv[2])], Home(Path(sys.argv[1])), Request(person="analyste", progress=die))
"""
SLOW = """
import sys, time
from pathlib import Path
from data.ingestion.publish import Request, publish
from data.store.home import Home

def linger(stage):
    if stage == "candidate":
        Path(sys.argv[3]).touch()
        time.sleep(float(sys.argv[4]))

publish([Path(sys.argv[2])], Home(Path(sys.argv[1])), Request(person="un autre", progress=linger))
"""


def realised(home):
    frame = run("cpg/attainment", operator_scope(), home.current_build_id(), level="national",
                year=2016)  # fmt: skip
    return frame["realised"].iloc[0]


def start(script, *arguments):
    return subprocess.Popen(
        [sys.executable, "-c", script, *map(str, arguments)], cwd=PROJECT, env=os.environ.copy()
    )


@pytest.fixture
def home(empty_home, tmp_path):
    home = Home(empty_home)
    first = write_extract(tmp_path / "premier.csv", [("CPAM-01", "2016-01", 10)])
    publish([first], home, Request(person="analyste"))
    return home


@pytest.mark.parametrize("stage", STAGES)
def test_killed_at_any_stage(stage, home, tmp_path):
    before = home.current_build_id()
    second = write_extract(tmp_path / "second.csv", [("CPAM-02", "2016-01", 5)])
    process = start(KILLED_AT, home.root, second, stage)
    assert process.wait(timeout=120) == -signal.SIGKILL
    # The former build still serves; after the last step the new one does.
    assert realised(home) == (15 if stage == "audit" else 10)
    assert (home.current_build_id() == before) == (stage != "audit")

    third = write_extract(tmp_path / "troisieme.csv", [("CPAM-03", "2016-01", 100)])
    outcome = publish([third], home, Request(person="analyste"))[0]
    assert outcome.state == "published"
    # Once committed the second file counts; before, it does not.
    committed = stage in ("current", "audit")
    assert realised(home) == (115 if committed else 110)
    assert list(home.work.iterdir()) == []

    again = publish([second], home, Request(person="analyste"))[0]
    assert again.state == ("already_published" if committed else "published")
    assert realised(home) == 115


def test_the_stages_tried_are_all_of_them(home, tmp_path):
    passed = []
    path = write_extract(tmp_path / "second.csv", [("CPAM-02", "2016-01", 5)])
    publish([path], home, Request(person="analyste", progress=passed.append))
    assert tuple(passed) == STAGES


def test_two_imports_at_once_both_end_published(home, tmp_path):
    one = write_extract(tmp_path / "un.csv", [("CPAM-02", "2016-01", 5)])
    two = write_extract(tmp_path / "deux.csv", [("CPAM-03", "2016-01", 7)])
    started = tmp_path / "started"
    process = start(SLOW, home.root, one, started, 1.0)
    while not started.exists():
        assert process.poll() is None
        time.sleep(0.02)
    said = []
    outcome = publish([two], home, Request(person="analyste", progress=said.append))[0]
    assert process.wait(timeout=60) == 0
    assert any("attend son tour" in stage for stage in said)
    assert outcome.state == "published"
    assert realised(home) == 22
    assert len(Registry(home).extracts_of(home.current_build_id())) == 3


def test_the_lock_of_a_dead_process_frees_itself(home, tmp_path):
    one = write_extract(tmp_path / "un.csv", [("CPAM-02", "2016-01", 5)])
    started = tmp_path / "started"
    process = start(SLOW, home.root, one, started, 600)
    while not started.exists():
        assert process.poll() is None
        time.sleep(0.02)
    process.kill()
    process.wait(timeout=60)
    two = write_extract(tmp_path / "deux.csv", [("CPAM-03", "2016-01", 7)])
    assert publish([two], home, Request(person="analyste"))[0].state == "published"
    assert realised(home) == 17
