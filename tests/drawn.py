"""What a page sends to the browser, as one text."""

from __future__ import annotations

import html
import json
import re

from streamlit.testing.v1 import AppTest

WHO_TO_TRY = re.compile(r'<select data-name="profil_territoire".*?</select>', re.S)
"""The demonstration's list of persons names every territory and tells nothing of any."""


def drawn(app: AppTest) -> str:
    """Texts, blocks and the data behind components; fails where the page shows an exception.

    The no-break spaces of « : » and of guillemets are plain ones here, as a reader sees them.
    """
    assert not app.exception
    parts = [str(element.value) for element in (*app.markdown, *app.caption)]
    parts += [block.proto.body for block in app.get("html")]
    parts += [str(json.loads(block.proto.json).get("html")) for block in app.get("bidi_component")]
    return html.unescape(WHO_TO_TRY.sub("", "\n".join(parts))).replace("\u00a0", " ")
