"""Where do people join a programme, against how many eligible, and how does it spread?"""

import streamlit as st

from components.adhesion_blocks import exported, map_drawing
from components.adhesion_map import forget_frames, map_part
from components.adhesion_view import asked_map
from components.blocks import FileToSend, draw_last, paint, send_file, when_clicked
from components.clicks import file_asked
from components.cpg_view import take_click
from components.session import current_build, current_view, require_scope
from components.states import empty_state, no_adhesions_state
from exports.figure_file import figure_file

scope = require_scope()

build_id, shown = current_build(), current_view()
if build_id is None:
    empty_state()
    st.stop()
asked = asked_map(scope, build_id, shown)
drawn = None if asked is None else map_drawing(scope, build_id, asked)
if asked is None or drawn is None:
    no_adhesions_state(shown.perimeter.label)
    st.stop()

forget_frames()
paint(drawn.head, "adhesions")
place = st.container()
paint(drawn.table, "adhesions_tableau", drawn.in_sight)
when_clicked(take_click(drills=True))
if figure := exported(scope, build_id, asked, file_asked()):
    send_file(FileToSend(*figure_file(*figure)))


def draw_map() -> None:
    """The map, in its place."""
    with place:
        map_part(scope, build_id, asked)


# What is read first does not wait for the map, neither the first time nor at a change.
draw_last(draw_map)
