"""Every dependency is declared, has its reason, and comes out of the locks with its hashes."""

import ast
import re
import sys
import tomllib
from importlib.metadata import packages_distributions

import pytest

from data.store.home import PROJECT

DECISION = PROJECT / "docs" / "decisions" / "0001-dependencies.md"
PACKAGES = tomllib.loads((PROJECT / "pyproject.toml").read_text())["tool"]["importlinter"][
    "root_packages"
]
PIN = re.compile(r"^([A-Za-z0-9._-]+)(\[[a-z,]+\])?==([^\s;\\]+)", re.MULTILINE)


def _pins(file_name: str) -> dict[str, str]:
    """Name (lower case, without extras) → version, as the file pins them."""
    text = (PROJECT / file_name).read_text(encoding="utf-8")
    return {match[1].lower(): match[3] for match in PIN.finditer(text)}


def _reasons(heading: str) -> set[str]:
    """Names in the table under ``heading`` of the decision, without extras."""
    section = DECISION.read_text(encoding="utf-8").split(f"## {heading}")[1].split("\n## ")[0]
    return set(re.findall(r"^\| `([a-z0-9-]+)(?:\[[a-z]+\])?` \| \S", section, re.MULTILINE))


def _imported_distributions(folders: list[str]) -> set[str]:
    """Distributions whose modules the Python files of these folders name in an import."""
    files = [PROJECT / "app.py", PROJECT / "cli.py", PROJECT / "serve.py"]
    files += [path for folder in folders for path in (PROJECT / folder).rglob("*.py")]
    modules: set[str] = set()
    for path in filter(lambda file: file.exists(), files):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                modules.update(alias.name.split(".")[0] for alias in node.names)
            elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
                modules.add(node.module.split(".")[0])
    foreign = modules - set(sys.stdlib_module_names) - {*PACKAGES, "app", "cli", "serve", "tests"}
    known = packages_distributions()
    return {known.get(module, [module])[0].lower() for module in foreign}


@pytest.mark.parametrize(
    ("declaration", "heading"),
    [
        ("requirements.in", "At run time"),
        ("requirements-dev.in", "To check, test and measure"),
    ],
)
def test_every_declared_dependency_has_its_reason_and_no_other_has(declaration, heading):
    assert set(_pins(declaration)) == _reasons(heading)


@pytest.mark.parametrize("declaration", ["requirements.in", "requirements-dev.in"])
def test_every_declared_dependency_is_pinned(declaration):
    lines = (PROJECT / declaration).read_text(encoding="utf-8").splitlines()
    named = [line for line in lines if line and not line.startswith(("#", "-"))]
    assert len(named) == len(_pins(declaration))


def test_product_imports_declared_dependencies_only():
    product = [package for package in PACKAGES if package != "bench"]
    assert _imported_distributions(product) <= set(_pins("requirements.in"))


def test_tests_and_bench_import_declared_dependencies_only():
    declared = set(_pins("requirements.in")) | set(_pins("requirements-dev.in"))
    assert _imported_distributions(["tests", "bench"]) <= declared


@pytest.mark.parametrize(
    ("lock", "declarations"),
    [
        ("requirements.txt", ["requirements.in"]),
        ("requirements-dev.txt", ["requirements.in", "requirements-dev.in"]),
    ],
)
def test_lock_holds_every_declared_pin(lock, declarations):
    locked = _pins(lock)
    for declaration in declarations:
        for name, version in _pins(declaration).items():
            assert locked.get(name) == version, f"{name} : make lock"


def test_development_lock_agrees_with_the_runtime_lock():
    runtime, development = _pins("requirements.txt"), _pins("requirements-dev.txt")
    assert {name: development.get(name) for name in runtime} == runtime


@pytest.mark.parametrize("lock", ["requirements.txt", "requirements-dev.txt"])
def test_every_locked_package_has_hashes(lock):
    text = (PROJECT / lock).read_text(encoding="utf-8")
    packages = re.split(r"\n(?=[a-z0-9])", text)
    pinned = [package for package in packages if PIN.match(package)]
    assert len(pinned) > 40
    assert [package.split()[0] for package in pinned if "--hash=sha256:" not in package] == []


@pytest.mark.parametrize("lock", ["requirements.txt", "requirements-dev.txt"])
@pytest.mark.parametrize("address", ["://", "--index-url", "--find-links", "+cpu", " @ "])
def test_lock_names_no_address_and_no_local_build(lock, address):
    assert address not in (PROJECT / lock).read_text(encoding="utf-8")
