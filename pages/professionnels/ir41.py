"""What was published of the Gini index, what contradicts itself, and why ours differ."""

import streamlit as st

from components.blocks import FileToSend, paint, send_file
from components.clicks import file_asked
from components.professionals_published import exported, published_drawing
from components.session import current_build, require_scope
from components.states import empty_state, no_published_gini_state
from exports.figure_file import figure_file

scope = require_scope()

build_id = current_build()
if build_id is None:
    empty_state()
    st.stop()
drawing = published_drawing(scope, build_id)
if drawing is None:
    no_published_gini_state()
    st.stop()

paint(drawing, "ir41")
if figure := exported(scope, build_id, file_asked()):
    send_file(FileToSend(*figure_file(*figure)))
