"""A home saved and restored serves the same figures; nothing is overwritten nor written outside."""

import io
import json
import re
import tarfile

import pytest

from access.policy import operator_scope
from cli import main
from data.ingestion.publish import Request, publish, rebuild
from data.store import backup as saving
from data.store.backup import BackupError, backup, restore
from data.store.home import Home
from data.store.registry import Registry
from queries.run import run
from tests.store.extracts import write_extract

YEAR = [("CPAM-01", f"2016-{month:02d}", 10) for month in range(1, 13)]


@pytest.fixture
def home(empty_home, tmp_path):
    home = Home(empty_home)
    publish([write_extract(tmp_path / "envoi.csv", YEAR)], home, Request(person="analyste"))
    return home


def board(home):
    asked = run(
        "cpg/attainment", operator_scope(), home.current_build_id(), level="caisse", year=2016
    )
    return asked[asked["territory_code"] == "CPAM-01"].iloc[0].astype(str).to_dict()


def test_a_restored_home_serves_the_same_figures_and_goes_on(home, tmp_path, monkeypatch):
    before = board(home)
    saved = backup(home, tmp_path / "vigie.tar.gz")
    other = Home(tmp_path / "autre")
    monkeypatch.setenv("VIGIE_HOME", str(other.root))
    assert restore(tmp_path / "vigie.tar.gz", other) == saved
    assert other.current_build_id() == home.current_build_id()
    assert board(other) == before
    assert Registry(other).extracts() == Registry(home).extracts()
    assert rebuild(other, "analyste") == home.current_build_id()
    cells = [("CPAM-01", "2017-01", 4)]
    outcome = publish([write_extract(tmp_path / "b.csv", cells)], other, Request(person="x"))[0]
    assert outcome.preview.added == 1


def test_the_commands_save_and_restore(home, tmp_path, monkeypatch, capsys):
    target = tmp_path / "vigie.tar.gz"
    assert main(["backup", str(target)]) == 0
    assert main(["backup", str(target)]) == 1
    assert "existe déjà" in capsys.readouterr().err
    assert main(["restore", str(target)]) == 1
    assert "n’est pas vide" in capsys.readouterr().err
    monkeypatch.setenv("VIGIE_HOME", str(tmp_path / "autre"))
    assert main(["restore", str(target), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["build_id"] == home.current_build_id()


def test_nothing_published_is_nothing_to_save(tmp_path):
    with pytest.raises(BackupError, match="Rien à sauvegarder"):
        backup(Home(tmp_path / "vide"), tmp_path / "vigie.tar.gz")
    assert not (tmp_path / "vigie.tar.gz").exists()


def test_a_backup_is_never_written_into_what_it_saves(home):
    with pytest.raises(BackupError, match="Écrivez-la ailleurs"):
        backup(home, home.root / "vigie.tar.gz")


def archive(path, members, manifest=None):
    """A tar of the members (name, content, kind) behind a manifest that announces them all."""
    told = manifest or {
        "format": saving.FORMAT,
        "made_at": "2017-01-01T00:00:00+00:00",
        "build_id": "b",
        "files": [{"path": name, "size": 1, "sha256": "0"} for name, _, _ in members],
    }
    with tarfile.open(path, "w:gz") as target:
        for name, content, kind in [(saving.MANIFEST, json.dumps(told).encode(), None), *members]:
            member = tarfile.TarInfo(name)
            member.size = len(content)
            if kind is not None:
                member.type, member.linkname, member.size = kind, "/etc/hostname", 0
            target.addfile(member, io.BytesIO(content))
    return path


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("../evade", None),
        ("/tmp/evade", None),
        ("raw/../../evade", None),
        ("raw/lien", tarfile.SYMTYPE),
        ("raw/lien", tarfile.LNKTYPE),
        ("raw/tube", tarfile.FIFOTYPE),
    ],
)
def test_a_member_that_leaves_the_home_is_refused(tmp_path, name, kind):
    home = Home(tmp_path / "a" / "home")
    path = archive(tmp_path / "x.tar.gz", [(name, b"x", kind)])
    with pytest.raises(BackupError, match=f"« {re.escape(name)} » n’a rien à faire"):
        restore(path, home)
    assert not list(tmp_path.rglob("evade"))
    assert not [one for one in home.root.rglob("*") if one.is_file() or one.is_symlink()]


@pytest.mark.parametrize(
    "manifest",
    [
        {},
        {"files": 3},
        {"files": [{}]},
        {"format": 99, "made_at": "", "build_id": "", "files": []},
        {"format": 1, "made_at": "", "build_id": "", "files": []},
    ],
)
def test_what_is_no_backup_is_refused_in_a_sentence(tmp_path, manifest):
    path = archive(tmp_path / "x.tar.gz", [], manifest or {"rien": 1})
    with pytest.raises(BackupError, match="auvegarde"):
        restore(path, Home(tmp_path / "home"))
    (tmp_path / "y.tar.gz").write_bytes(b"pas une archive")
    with pytest.raises(BackupError, match="auvegarde"):
        restore(tmp_path / "y.tar.gz", Home(tmp_path / "home"))


def test_a_damaged_backup_restores_nothing(home, tmp_path):
    backup(home, tmp_path / "vigie.tar.gz")
    whole = (tmp_path / "vigie.tar.gz").read_bytes()
    (tmp_path / "coupee.tar.gz").write_bytes(whole[: len(whole) // 2])
    other = Home(tmp_path / "autre")
    with pytest.raises(BackupError):
        restore(tmp_path / "coupee.tar.gz", other)
    assert other.current_build_id() is None
    assert not [path for path in other.root.rglob("*") if path.is_file()]
