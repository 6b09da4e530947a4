"""The document that a browser loads first, without a browser."""

import asyncio
import re
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

import pytest
from starlette.responses import PlainTextResponse

from components import blocks
from components import document as module
from components.blocks import LISTENING, STYLE_SHEET
from components.document import (
    MODULES_OF_A_BLOCK,
    PAGE_ADDRESSES,
    SCRIPT_ADDRESS,
    STYLE_ADDRESS,
    AppDocument,
    document,
)
from data.store.home import PROJECT


class Answer(NamedTuple):
    status: int
    headers: dict[str, str]
    text: str


async def behind(scope, receive, send):
    await PlainTextResponse("Streamlit")(scope, receive, send)


def ask(address, method="GET"):
    """What the middleware answers, asked as a server would ask it."""
    path, _, query = address.partition("?")
    scope = {"type": "http", "method": method, "path": path, "query_string": query.encode()}
    sent = []

    async def send(message):
        sent.append(message)

    async def receive():
        return {"type": "http.request", "body": b"", "more_body": False}

    # In a thread of its own: a browser opened by other tests keeps a loop running in this one.
    answered = AppDocument(behind)({**scope, "headers": []}, receive, send)
    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, answered).result()
    start, *bodies = sent
    headers = {name.decode(): value.decode() for name, value in start["headers"]}
    return Answer(start["status"], headers, b"".join(body["body"] for body in bodies).decode())


@pytest.mark.parametrize("address", ["/", "/cpg", "/methode", "/cpg?annee=2016&territoire=FR"])
def test_the_address_of_a_page_gives_the_document(address):
    answer = ask(address)
    assert answer.status == 200
    assert answer.text == document()
    assert answer.headers["content-type"].startswith("text/html")
    assert answer.headers["cache-control"] == "no-cache"


@pytest.mark.parametrize(
    "address",
    [
        "/_stcore/health",
        "/static/js/index.js",
        "/favicon.png",
        "/media/a.png",
        "/oauth2callback",
        "/_stcore/stream",
    ],
)
def test_anything_else_is_handed_over(address):
    assert ask(address).text == "Streamlit"


def test_an_unknown_page_is_said_in_french_with_a_way_back():
    answer = ask("/objectifs")
    assert answer.status == 404
    assert "Cette page n’existe pas" in answer.text
    assert '<a href="./">' in answer.text


def test_every_page_of_the_app_is_known_and_no_other():
    declared = re.findall(r'url_path="(\w+)"', (PROJECT / "app.py").read_text("utf-8"))
    assert {"", *declared} == PAGE_ADDRESSES


def test_only_reading_a_page_gives_the_document():
    assert ask("/cpg", "POST").text == "Streamlit"


def test_it_is_french_and_bears_the_name_of_the_app():
    assert '<html lang="fr">' in document()
    assert "<title>Vigie GDR</title>" in document()
    assert '<html lang="en">' not in document()
    assert "Cette application demande JavaScript." in document()


def test_the_server_is_told_before_the_app_starts():
    told = document().index("window.__streamlit = {")
    assert told < document().index('<script type="module"')


def test_every_module_of_a_block_is_asked_for_early():
    asked = re.findall(r'modulepreload" crossorigin href="\./static/js/([^"]+)"', document())
    for name in MODULES_OF_A_BLOCK:
        assert [file for file in asked if file.startswith(f"{name}.")], name


def test_a_document_of_another_form_is_told(tmp_path, monkeypatch):
    (tmp_path / "index.html").write_text("<html><title>Streamlit</title></html>", encoding="utf-8")
    monkeypatch.setattr(module.file_util, "get_static_dir", lambda: str(tmp_path))
    with pytest.raises(ValueError, match='no longer holds .*lang="en"'):
        document.__wrapped__()


@pytest.mark.parametrize(
    ("address", "mime", "content"),
    [
        (STYLE_ADDRESS, "text/css; charset=utf-8", STYLE_SHEET),
        (SCRIPT_ADDRESS, "text/javascript; charset=utf-8", LISTENING),
    ],
)
def test_style_and_script_are_kept_by_browsers_under_a_name_of_their_content(
    address, mime, content
):
    answer = ask(address)
    assert (answer.text, answer.headers["content-type"]) == (content, mime)
    assert "immutable" in answer.headers["cache-control"]
    assert f'".{address}"' in document()


def test_the_style_comes_after_all_that_streamlit_adds_to_the_head():
    assert document().index(STYLE_ADDRESS) > document().index('<div id="root">')


def test_the_first_message_carries_no_style_where_the_document_does(monkeypatch):
    assert "<style>" in blocks._style()
    monkeypatch.setattr(blocks, "_in_document", False)
    blocks.leave_to_document()
    assert blocks._style() == ""
