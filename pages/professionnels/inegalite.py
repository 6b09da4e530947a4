"""Which territories make the inequality: between regions or within, one by one, by neighbours?"""

import streamlit as st

from components.blocks import FileToSend, paint, send_file, when_clicked
from components.clicks import file_asked
from components.cpg_view import take_click
from components.professionals_parts import clusters_part, exported, parts_drawing
from components.professionals_view import asked_professionals, nothing_to_measure, say_refused
from components.session import current_build, current_view, require_scope
from components.states import empty_state
from exports.figure_file import figure_file

scope = require_scope()

build_id, shown = current_build(), current_view()
if build_id is None:
    empty_state()
    st.stop()
asked = asked_professionals(scope, build_id, shown)
drawing = None if asked is None else parts_drawing(scope, build_id, asked)
if asked is None or drawing is None:
    nothing_to_measure(scope, build_id, asked, shown)
    st.stop()

say_refused(asked)
paint(drawing, "inegalite")
when_clicked(take_click(drills=True))
if figure := exported(scope, build_id, asked, file_asked()):
    send_file(FileToSend(*figure_file(*figure)))
clusters_part(scope, build_id, asked, figure_file)
