"""Where does each territory stand on its CPG objectives, since when, and from which file?"""

import streamlit as st

from components.blocks import FileToSend, draw_blocks
from components.clicks import definition_asked, file_asked
from components.closer_look import closer_look
from components.cpg_blocks import board_html, details_html, exportables
from components.cpg_view import BOARD_KEY, DETAIL_KEY, load_details, load_view, take_click
from components.session import current_build, current_view, require_scope
from components.states import empty_state, no_cpg_state
from exports.figure_file import figure_file

scope = require_scope()

if code := definition_asked(BOARD_KEY, DETAIL_KEY):
    kept = st.query_params.to_dict() | {"definition": code}
    st.switch_page("pages/reperes/methode.py", query_params=kept)

build_id, shown = current_build(), current_view()
if build_id is None:
    empty_state()
    st.stop()
view = load_view(scope, build_id, shown)
if view is None:
    no_cpg_state(None if shown.year is None else str(shown.year))
    st.stop()

draw_blocks(board_html(view), BOARD_KEY, on_event=take_click(BOARD_KEY, view.drills))

details = load_details(scope, build_id, view)
asked = file_asked(BOARD_KEY, DETAIL_KEY)
file = FileToSend(*figure_file(exportables(view, details)[asked[0]], asked[1])) if asked else None
draw_blocks(
    details_html(view, details), DETAIL_KEY, file, on_event=take_click(DETAIL_KEY, view.drills)
)
closer_look(view, details)
