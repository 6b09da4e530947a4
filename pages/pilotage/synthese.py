"""What does the territory's year look like: which gaps matter, what changed, what is missing?"""

import streamlit as st

from components.blocks import FileToSend, paint, send_file, when_clicked
from components.clicks import file_asked
from components.session import current_build, current_view, require_scope
from components.states import empty_state, no_cpg_state
from components.synthesis_blocks import asked_export, head_drawing, rest_html
from components.synthesis_view import (
    asked_synthesis,
    extracts_asked,
    story_asked,
    take_click,
)
from exports.figure_file import figure_file

scope = require_scope()

if (story := story_asked()) is not None:
    st.switch_page("pages/pilotage/cpg.py", query_params=story)
if (extracts := extracts_asked()) is not None:
    st.switch_page("pages/donnees/extraits.py", query_params=extracts)

build_id, shown = current_build(), current_view()
if build_id is None:
    empty_state()
    st.stop()
asked = asked_synthesis(scope, build_id, shown)
head = None if asked is None else head_drawing(scope, build_id, asked.alone)
if asked is None or head is None:
    no_cpg_state(None if shown.year is None else str(shown.year))
    st.stop()

paint(head, "synthese")
if rest := rest_html(scope, build_id, asked):
    paint(rest, "synthese_suite", in_sight="")
when_clicked(take_click)
if figure := asked_export(scope, build_id, asked, file_asked()):
    send_file(FileToSend(*figure_file(*figure)))
