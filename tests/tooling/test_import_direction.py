"""What import-linter cannot hold: single-file modules, and one decorator of a whole package."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from data.store.home import PROJECT

FOLDERS = (
    "access",
    "components",
    "data",
    "exports",
    "figures",
    "indicators",
    "pages",
    "queries",
)


def _sources(*folders: str) -> list[Path]:
    return [path for folder in folders for path in sorted((PROJECT / folder).rglob("*.py"))]


def _imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module


@pytest.mark.parametrize("top", ["app", "cli", "bench", "tests"])
def test_nothing_imports_what_stands_above(top):
    importers = [
        path.name
        for path in _sources(*FOLDERS)
        if any(name.split(".")[0] == top for name in _imports(path))
    ]
    assert importers == []


def test_queries_take_nothing_of_streamlit_but_its_cache():
    used = {
        node.attr
        for path in _sources("queries")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Name)
        and node.value.id in {"st", "streamlit"}
    }
    assert used <= {"cache_data", "cache_resource"}


def test_pages_folder_has_no_script_that_streamlit_would_serve_without_the_router():
    assert {path.name for path in (PROJECT / "pages").glob("*.py")} <= {"__init__.py"}


def test_queries_import_streamlit_whole_so_that_the_test_above_sees_what_they_use():
    partly = [
        path.name
        for path in _sources("queries")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("streamlit")
    ]
    assert partly == []
