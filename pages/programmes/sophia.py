"""Sophia: who joins, are they those who need it, what do calls yield, what does it cost?"""

import streamlit as st

from components.blocks import FileToSend, paint, send_file, when_clicked
from components.clicks import file_asked
from components.cpg_view import take_click
from components.programmes_fields import take_reset
from components.programmes_sophia import (
    RESETS,
    asked_costs,
    asked_sophia,
    exported,
    sophia_calls_drawing,
    sophia_cost_drawing,
    sophia_head,
    sophia_rest,
)
from components.session import current_build, current_view, require_scope
from components.states import empty_state, no_programme_state
from exports.figure_file import figure_file

scope = require_scope()

build_id, shown = current_build(), current_view()
if build_id is None:
    empty_state()
    st.stop()
asked = asked_sophia(scope, build_id, shown)
head = sophia_head(scope, build_id, asked)
if head is None:
    no_programme_state("Sophia", "adhesions")
    st.stop()

paint(head.html, "sophia", head.in_sight)
paint(sophia_calls_drawing(scope, build_id, asked), "sophia_campagne", in_sight="")
hypotheses = asked_costs(scope, build_id)
if hypotheses is not None:
    paint(sophia_cost_drawing(scope, build_id, hypotheses), "sophia_cout", in_sight="")
paint(sophia_rest(scope, build_id, asked), "sophia_suite", in_sight="")
when_clicked(take_reset(RESETS, take_click(drills=True)))
if figure := exported(scope, build_id, asked, file_asked()):
    send_file(FileToSend(*figure_file(*figure)))
