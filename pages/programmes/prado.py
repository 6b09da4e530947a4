"""PRADO: who joins, against which objectives, with which means, at what cost, for what?"""

import streamlit as st

from components.blocks import FileToSend, paint, send_file, when_clicked
from components.clicks import file_asked
from components.cpg_view import take_click
from components.programmes_fields import take_reset
from components.programmes_prado import (
    asked_costs,
    asked_prado,
    exported,
    prado_cost_drawing,
    prado_head,
    prado_rest,
    prado_work,
)
from components.session import current_build, current_view, require_scope
from components.states import empty_state, no_programme_state
from exports.figure_file import figure_file

scope = require_scope()

build_id, shown = current_build(), current_view()
if build_id is None:
    empty_state()
    st.stop()
asked = asked_prado(shown)
head = prado_head(scope, build_id, asked)
if head is None:
    no_programme_state("PRADO", "prado_activity")
    st.stop()

paint(head.html, "prado", head.in_sight)
paint(prado_work(scope, build_id, asked), "prado_travail", in_sight="")
hypotheses = asked_costs(scope, build_id)
if hypotheses is not None:
    paint(prado_cost_drawing(scope, build_id, hypotheses), "prado_cout", in_sight="")
paint(prado_rest(scope, build_id, asked), "prado_suite", in_sight="")
fields = {"prado": () if hypotheses is None else tuple(one.param for one in hypotheses.known)}
when_clicked(take_reset(fields, take_click(drills=True)))
if figure := exported(scope, build_id, asked, file_asked()):
    send_file(FileToSend(*figure_file(*figure)))
