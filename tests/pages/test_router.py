"""Nobody reaches a page but through the router."""

import ast

import pytest
from streamlit.testing.v1 import AppTest

from data.store.home import PROJECT
from tests.pages.apps import open_app, readable, sent

PAGES = sorted(path for path in (PROJECT / "pages").glob("*/*.py") if path.name != "__init__.py")


def test_pages_folder_has_no_script_that_streamlit_would_serve_without_the_router():
    assert {path.name for path in (PROJECT / "pages").glob("*.py")} == {"__init__.py"}


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_every_page_starts_by_asking_who_is_here(path):
    body = ast.parse(path.read_text("utf-8")).body
    statements = [node for node in body[1:] if not isinstance(node, (ast.Import, ast.ImportFrom))]
    assert ast.unparse(statements[0]) == "scope = require_scope()"


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_every_page_is_declared(path):
    declared = (PROJECT / "app.py").read_text("utf-8")
    assert f'"pages/{path.parent.name}/{path.name}"' in declared


def test_signed_out_there_is_one_page_and_no_figure(demo_home):
    app = open_app(secrets={"auth": {"redirect_uri": "http://127.0.0.1", "client_id": "x"}})
    assert not app.exception
    assert "Identifiez-vous" in readable(app)
    assert [button.label for button in app.button] == ["Se connecter"]
    assert "<table" not in sent(app)


def test_an_unknown_role_opens_nothing_more_than_the_first_view_and_says_so(demo_home):
    app = open_app(profil="inconnu", profil_territoire="REG-84")
    assert not app.exception
    said = readable(app)
    assert "France entière" in said
    assert "« inconnu », n’existe pas : voici la vue «" in said


@pytest.mark.parametrize(
    ("address", "refused"),
    [
        ({"profil": "cpam", "profil_territoire": "REG-84"}, "REG-84"),
        ({"profil_territoire": "CPAM-43"}, "CPAM-43"),
        ({"profil": "cpam", "profil_territoire": "CPAM-43"}, None),
        ({"profil": "cpam"}, None),
        ({}, None),
    ],
)
def test_a_person_swapped_for_another_is_told(address, refused, demo_home):
    said = readable(open_app(**address))
    assert ("n’existe pas : voici la vue" in said) == (refused is not None)
    assert refused is None or f"« {refused} », n’existe pas" in said


def test_a_person_the_policy_does_not_know_sees_no_figure(demo_home):
    app = open_app_signed_in("inconnue@example.org")
    assert "n’avez pas accès" in readable(app)
    assert "<table" not in sent(app)


def open_app_signed_in(address: str) -> AppTest:
    app = AppTest.from_file(str(PROJECT / "app.py"), default_timeout=60)
    app.secrets["auth"] = {"redirect_uri": "http://127.0.0.1", "client_id": "x"}
    app.user = {"is_logged_in": True, "email": address}
    return app.run()
