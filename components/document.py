"""The HTML document that a browser loads before anything else: French, named, without detours.

Streamlit's own document is written for any app at any address. Ours says what this server knows,
so that the first painting does not wait until the browser has found it out.
See ``docs/decisions/0015-the-document-of-the-app.md``.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from starlette.responses import HTMLResponse
from starlette.types import ASGIApp, Receive, Scope, Send
from streamlit import file_util

TITLE = "Vigie GDR"
MODULES_OF_A_BLOCK = ("Html", "purify.es", "BidiComponent", "serialization", "recordbatch")
"""Streamlit's modules that draw our blocks: it asks for them late, one after the other."""

# What Streamlit offers to its hosts (its pull request 13342): with the address of the
# server and a host configuration, it connects at once and checks the server's health meanwhile.
CONNECTION = """<script>
      window.__streamlit = {
        BACKEND_BASE_URL: new URL("./", window.location.href).href,
        HOST_CONFIG: {
          allowedOrigins: [window.location.origin],
          useExternalAuthToken: false,
          enableCustomParentMessages: false,
          enforceDownloadInNewTab: false,
          blockErrorDialogs: false,
          metricsUrl: "",
        },
      }
    </script>"""
REPLACED = (
    ('<html lang="en">', '<html lang="fr">'),
    ("<title>Streamlit</title>", f"<title>{TITLE}</title>"),
)

PAGE_ADDRESS = re.compile(r"/[a-z_]*")


class AppDocument:
    """ASGI middleware that answers the address of a page with the document of this app."""

    def __init__(self, app: ASGIApp) -> None:
        """Stand before ``app``, which answers whatever else is asked."""
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a page's address; hand over whatever else is asked."""
        is_page = (
            scope["type"] == "http"
            and scope["method"] in {"GET", "HEAD"}
            and PAGE_ADDRESS.fullmatch(scope["path"]) is not None
        )
        if not is_page:
            await self._app(scope, receive, send)
            return
        response = HTMLResponse(document(), headers={"Cache-Control": "no-cache"})
        await response(scope, receive, send)


@cache
def document() -> str:
    """The document, made of the one that the installed Streamlit ships.

    Raises:
        ValueError: that document has changed its form.
    """
    static = Path(file_util.get_static_dir())
    html = (static / "index.html").read_text(encoding="utf-8")
    for theirs, ours in REPLACED:
        html = _replaced(html, theirs, ours)
    preloads = "".join(
        f'<link rel="modulepreload" crossorigin href="./static/js/{path.name}">\n    '
        for name in MODULES_OF_A_BLOCK
        for path in sorted((static / "static" / "js").glob(f"{name}.*.js"))
    )
    return _replaced(html, "<script>", f"{preloads}{CONNECTION}\n    <script>")


def _replaced(html: str, theirs: str, ours: str) -> str:
    if theirs not in html:
        raise ValueError(f"Streamlit's document no longer holds {theirs!r}: see decision 15.")
    return html.replace(theirs, ours, 1)
