"""The commands that the README promises exist, and the gate runs them."""

import os
import re
import subprocess

import pytest

from data.store.home import PROJECT

TARGETS = ("run", "setup", "test", "check", "bench", "lock", "help", "clean", "format", "fuzz")


def _make(*arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["make", *arguments],
        cwd=PROJECT,
        env={**os.environ, "MAKEFLAGS": "", **variables},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("target", TARGETS)
def test_target_exists(target):
    assert _make("--dry-run", target).returncode == 0


def test_help_is_the_default_and_names_every_target():
    shown = _make().stdout
    assert set(re.findall(r"^ +make (\w+)", shown, re.MULTILINE)) == set(TARGETS)


def test_port_can_be_changed():
    assert "--server.port 9000" in _make("--dry-run", "run", "PORT=9000").stdout


def test_run_serves_this_machine_only():
    assert "--server.address 127.0.0.1" in _make("--dry-run", "run").stdout


def test_gate_checks_and_tests():
    gate = PROJECT / ".ci" / "run"
    assert "make check test" in gate.read_text(encoding="utf-8")
    assert os.access(gate, os.X_OK)


@pytest.mark.parametrize("tool", ["ruff format --check", "ruff check", "sqlfluff", "lint-imports"])
def test_check_runs(tool):
    assert tool in _make("--dry-run", "check").stdout


def _find_python(python: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["sh", "tools/find_python.sh"],
        cwd=PROJECT,
        env={**os.environ, "PYTHON": python},
        capture_output=True,
        text=True,
        check=False,
    )


def test_too_old_a_python_is_refused_in_a_sentence(tmp_path):
    old = tmp_path / "python"
    old.write_text('#!/bin/sh\n[ "$1" = --version ] && echo "Python 3.9.2" && exit 0\nexit 1\n')
    old.chmod(0o755)
    refused = _find_python(str(old))
    assert refused.returncode == 1
    assert "Python 3.11 ou plus récent est nécessaire (trouvé : Python 3.9.2)" in refused.stderr


def test_named_python_is_the_one_used(tmp_path):
    named = tmp_path / "a folder" / "python"
    named.parent.mkdir()
    named.write_text("#!/bin/sh\nexit 0\n")
    named.chmod(0o755)
    assert _find_python(str(named)).stdout.strip() == str(named)


def test_named_chromium_is_believed():
    found = subprocess.run(
        ["sh", "tools/find_chromium.sh"],
        cwd=PROJECT,
        env={**os.environ, "VIGIE_CHROMIUM": "/somewhere/chromium"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert found.stdout.strip() == "/somewhere/chromium"
