"""Where does each territory stand on its CPG objectives, since when, and from which file?"""

import streamlit as st

from components.blocks import FileToSend, paint, send_file, when_clicked
from components.clicks import definition_asked
from components.closer_look import closer_look
from components.cpg_blocks import asked_export, board_drawing, details_drawing
from components.cpg_view import asked_view, take_click
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
asked = asked_view(shown)
board = None if asked is None else board_drawing(scope, build_id, asked)
if asked is None or board is None:
    no_cpg_state(None if shown.year is None else str(shown.year))
    st.stop()

paint(board.html, "cpg_tableau", board.in_sight)
paint(details_drawing(scope, build_id, asked), "cpg_detail", in_sight="")
when_clicked(take_click(board.drills))
if export := asked_export(scope, build_id, asked):
    send_file(FileToSend(*figure_file(*export)))
closer_look(scope, build_id, asked)
