"""The HTML document that a browser loads before anything else: French, named, without detours.

Streamlit's own document is written for any app at any address. Ours says what this server knows,
so that the first painting does not wait until the browser has found it out.
See ``docs/decisions/0015-the-document-of-the-app.md``.
"""

from __future__ import annotations

import hashlib
import re
from functools import cache
from pathlib import Path

from starlette.datastructures import Headers
from starlette.responses import HTMLResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send
from streamlit import file_util

from components.blocks import LISTENING, STYLE_SHEET
from components.map_files import MapFile, asked_file

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
    ("You need to enable JavaScript to run this app.", "Cette application demande JavaScript."),
)


def _named_by_content(stem: str, kind: str, content: str) -> str:
    """Address of a file of ours, another one where it holds something else: browsers keep it."""
    return f"/{stem}.{hashlib.sha256(content.encode()).hexdigest()[:12]}.{kind}"


STYLE_ADDRESS = _named_by_content("vigie", "css", STYLE_SHEET)
SCRIPT_ADDRESS = _named_by_content("vigie", "js", LISTENING)
KEPT = {"Cache-Control": "public, immutable, max-age=31536000"}
FILES = {STYLE_ADDRESS: ("text/css", STYLE_SHEET), SCRIPT_ADDRESS: ("text/javascript", LISTENING)}
SCRIPT = f'<script defer src=".{SCRIPT_ADDRESS}"></script>\n    '
STYLE = f'<link rel="stylesheet" href=".{STYLE_ADDRESS}">\n  '
"""In the body, as where the first message carries it: after all that Streamlit adds to the head."""

PAGE_ADDRESSES = frozenset(
    {
        "",
        "accueil",
        "synthese",
        "cpg",
        "departement",
        "cog",
        "repartition",
        "inegalite",
        "simulateur",
        "ir41",
        "msap",
        "msap_gestes",
        "msap_etablissements",
        "adhesions",
        "prado",
        "sophia",
        "delais",
        "numerique",
        "importer",
        "corrections",
        "collecte",
        "extraits",
        "anomalies",
        "rapprochement",
        "methode",
        "connexion",
    }
)
"""Every page of ``app.py``; Streamlit opens its first page at an unknown address, in English."""
SIGN_IN_ADDRESS = "oauth2callback"
"""Where the sign-in provider sends people back to: Streamlit's own."""

ADDRESS = re.compile(r"/([^/.]*)")
UNKNOWN_PAGE = """<!DOCTYPE html>
<html lang="fr">
  <head>
    <meta charset="UTF-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <title>Page inconnue · Vigie GDR</title>
    <style>
      :root { color-scheme: light dark; }
      body { font: 1.1rem/1.5 system-ui, sans-serif; margin: 20vh auto 0; max-width: 34rem;
             padding: 0 1rem; }
    </style>
  </head>
  <body>
    <h1>Cette page n’existe pas</h1>
    <p>L’adresse a peut-être été coupée en route : reprenez le lien en entier, ou
      <a href="./">ouvrez la synthèse</a>.</p>
  </body>
</html>
"""


class AppDocument:
    """ASGI middleware that answers the address of a page with the document of this app."""

    def __init__(self, app: ASGIApp) -> None:
        """Stand before ``app``, which answers whatever else is asked."""
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a page's address; hand over whatever else is asked."""
        is_read = scope["type"] == "http" and scope["method"] in {"GET", "HEAD"}
        if is_read and scope["path"] in FILES:
            mime, content = FILES[scope["path"]]
            await Response(content, media_type=mime, headers=KEPT)(scope, receive, send)
            return
        if is_read and (file := asked_file(scope["path"])) is not None:
            await _sent_map(file, scope, receive, send)
            return
        asked = ADDRESS.fullmatch(scope["path"]) if is_read else None
        if asked is None or asked[1] == SIGN_IN_ADDRESS:
            await self._app(scope, receive, send)
            return
        is_known = asked[1] in PAGE_ADDRESSES
        response = HTMLResponse(
            document() if is_known else UNKNOWN_PAGE,
            status_code=200 if is_known else 404,
            headers={"Cache-Control": "no-cache"},
        )
        await response(scope, receive, send)


async def _sent_map(file: MapFile, scope: Scope, receive: Receive, send: Send) -> None:
    """Send the geometry of a map, compressed to whoever reads that."""
    headers = {**KEPT, "Vary": "Accept-Encoding"}
    content = file.content
    if "gzip" in Headers(scope=scope).get("accept-encoding", ""):
        headers["Content-Encoding"], content = "gzip", file.compressed
    await Response(content, media_type="application/json", headers=headers)(scope, receive, send)


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
    html = _replaced(html, "</body>", f"{STYLE}</body>")
    return _replaced(html, "<script>", f"{preloads}{CONNECTION}\n    {SCRIPT}<script>")


def _replaced(html: str, theirs: str, ours: str) -> str:
    if theirs not in html:
        raise ValueError(f"Streamlit's document no longer holds {theirs!r}: see decision 15.")
    return html.replace(theirs, ours, 1)
