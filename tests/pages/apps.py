"""Opening the app as a person would, without a browser."""

from __future__ import annotations

import json
import re
from html import unescape

from streamlit.testing.v1 import AppTest

from data.store.home import PROJECT


def open_app(page: str | None = None, secrets: dict | None = None, **address: str) -> AppTest:
    """The app at an address, run once; ``page`` is a file under ``pages/``."""
    app = AppTest.from_file(str(PROJECT / "app.py"), default_timeout=60)
    for name, value in (secrets or {}).items():
        app.secrets[name] = value
    for name, value in address.items():
        app.query_params[name] = value
    app.run()
    return app.switch_page(page).run() if page else app


def sent(app: AppTest) -> str:
    """Every HTML that this run sent to the browser, first paintings and changes alike."""
    painted = [element.proto.body for element in app.get("html")]
    changes = [json.loads(element.proto.json) for element in app.get("bidi_component")]
    blocks = [html for change in changes for html in change["blocks"].values() if html]
    return "\n".join((*painted, *blocks))


def readable(app: AppTest) -> str:
    """The words of what was sent."""
    without_style = re.sub(r"<style>.*?</style>", "", sent(app), flags=re.S)
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", without_style)))


def chosen_option(app: AppTest, name: str) -> str:
    """The label of the option shown by the list ``name``."""
    body = re.search(rf'<select data-name="{name}".*?</select>', sent(app), re.S)
    assert body is not None
    shown = re.search(r"<option [^>]*selected>([^<]*)<", body[0])
    assert shown is not None
    return unescape(shown[1])


def address_to_write(app: AppTest) -> dict[str, str | None]:
    """What this run has the browser write in the address."""
    sent_by = [json.loads(component.proto.json) for component in app.get("bidi_component")]
    (page,) = [data for data in sent_by if "part" not in data]
    return page["address"] or {}
