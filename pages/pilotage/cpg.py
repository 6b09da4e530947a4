"""Where does each territory stand on its CPG objectives, since when, and from which file?"""

import streamlit as st

from components.blocks import FileToSend, connect, paint
from components.clicks import definition_asked, file_asked
from components.closer_look import closer_look
from components.cpg_blocks import board_html, details_html, exportables
from components.cpg_view import load_details, load_view, take_click
from components.session import current_build, current_view, require_scope
from components.states import empty_state, no_cpg_state
from exports.figure_file import figure_file

scope = require_scope()

if code := definition_asked():
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

paint(board_html(view), "cpg_tableau")
details = load_details(scope, build_id, view)
paint(details_html(view, details), "cpg_detail")

file = None
if asked := file_asked():
    file = FileToSend(*figure_file(exportables(view, details)[asked[0]], asked[1]))
connect(take_click(view.drills), file)
closer_look(view, details)
