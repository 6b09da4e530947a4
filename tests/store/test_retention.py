"""After their time raw files and withdrawn rows are gone; what says that they existed stays."""

from datetime import UTC, datetime, timedelta

import pytest

from cli import main
from data.ingestion.publish import Request, publish, roll_back
from data.store.home import Home
from data.store.registry import Registry
from data.store.retention import expired, forget, retention_days
from tests.store.extracts import write_extract

LATER = datetime.now(UTC) + timedelta(days=40)
ANALYST = Request(person="analyste")


@pytest.fixture
def home(empty_home):
    return Home(empty_home)


@pytest.fixture
def sent(home, tmp_path):
    """Two extracts of which the second was rolled back, and a rejected one."""
    paths = [
        write_extract(tmp_path / f"{name}.csv", [("CPAM-01", month, value)])
        for name, month, value in (
            ("bon", "2016-01", 10),
            ("retire", "2016-02", 12),
            ("rejete", "x", 1),
        )
    ]
    first, second, third = (publish([path], home, ANALYST)[0] for path in paths)
    roll_back(home, first.build_id, "analyste", "erreur de mois")
    assert third.state == "rejected"
    return first, second, third, paths


def test_what_outlived_its_time_is_deleted_and_its_trace_kept(home, sent):
    first, second, third, _ = sent
    registry = Registry(home)
    traces = registry.extracts(), registry.findings_of([third.extract_id]), registry.publications()
    found = forget(home, 30, "exploitant", LATER)
    assert len(found.raw) == 3
    assert set(found.rows) == {second.extract_id}
    assert found.builds == (second.build_id,)
    assert list(home.raw.iterdir()) == []
    assert [path.stem for path in home.lake.rglob("*.parquet")] == [first.extract_id]
    assert home.build_path(first.build_id).exists()
    assert traces == (
        registry.extracts(),
        registry.findings_of([third.extract_id]),
        registry.publications(),
    )
    assert home.current_build_id() == first.build_id


def test_nothing_is_deleted_before_its_time_or_twice(home, sent):
    assert len(expired(home, Registry(home), 30)) == 0
    assert len(forget(home, 30, "exploitant", LATER)) > 0
    assert len(forget(home, 30, "exploitant", LATER)) == 0


def test_a_publication_whose_rows_are_gone_says_why_it_is_not_served(home, sent):
    first, second, _, _ = sent
    forget(home, 30, "exploitant", LATER)
    with pytest.raises(LookupError, match="terme de leur conservation"):
        roll_back(home, second.build_id, "analyste")
    assert home.current_build_id() == first.build_id


def test_a_file_whose_rows_are_gone_may_be_sent_again(home, sent):
    _, second, _, paths = sent
    forget(home, 30, "exploitant", LATER)
    outcome = publish([paths[1]], home, ANALYST)[0]
    assert outcome.state == "published"
    assert outcome.preview.added == 1
    assert outcome.extract_id != second.extract_id


def test_the_command_needs_a_number_of_days(home, sent, monkeypatch, capsys):
    monkeypatch.delenv("VIGIE_RETENTION_DAYS", raising=False)
    assert main(["retention"]) == 1
    assert "VIGIE_RETENTION_DAYS" in capsys.readouterr().err
    monkeypatch.setenv("VIGIE_RETENTION_DAYS", "trente")
    assert main(["retention"]) == 1
    monkeypatch.setenv("VIGIE_RETENTION_DAYS", "30")
    assert retention_days() == 30
    assert main(["retention", "--dry-run"]) == 0
    assert "0 fichiers reçus" in capsys.readouterr().out
