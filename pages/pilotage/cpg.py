"""Where does each territory stand on its CPG objectives, since when, and from which file?"""

import streamlit as st

from components.address import address
from components.blocks import FileToSend, paint, send_file, when_clicked
from components.clicks import definition_asked, file_asked
from components.cpg_blocks import board_drawing, exported
from components.cpg_view import asked_view, take_click
from components.session import current_build, current_view, require_scope
from components.states import empty_state, no_cpg_state
from components.story import story
from exports.figure_file import figure_file

scope = require_scope()

if code := definition_asked():
    st.switch_page("pages/reperes/methode.py", query_params=address() | {"definition": code})

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
when_clicked(take_click(board.drills))
if figure := exported(scope, build_id, asked, file_asked()):
    send_file(FileToSend(*figure_file(*figure)))
story(scope, build_id, figure_file)
