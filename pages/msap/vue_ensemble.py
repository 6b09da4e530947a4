"""How many requests, how many approved, where, and which published figures can't be trusted?"""

import streamlit as st

from components.blocks import FileToSend, paint, send_file, when_clicked
from components.clicks import file_asked
from components.cpg_view import take_click
from components.msap_overview_blocks import exported, overview_drawing, territory_drawing
from components.msap_view import asked_msap
from components.session import current_build, current_view, require_scope
from components.states import empty_state, no_msap_state
from exports.figure_file import figure_file

scope = require_scope()

build_id, shown = current_build(), current_view()
if build_id is None:
    empty_state()
    st.stop()
asked = asked_msap(scope, shown)
head = None if asked is None else overview_drawing(scope, build_id, asked)
if asked is None or head is None:
    no_msap_state(shown.perimeter.label, shown.year)
    st.stop()

paint(head.html, "msap", head.in_sight)
paint(territory_drawing(scope, build_id, asked), "msap_carte", in_sight="")
when_clicked(take_click(drills=True))
if figure := exported(scope, build_id, asked, file_asked()):
    send_file(FileToSend(*figure_file(*figure)))
