"""Where does one territory stand on each of its objectives, against whom, and what does it take?"""

import streamlit as st

from components.blocks import FileToSend, last_event, paint, send_file
from components.clicks import definition_asked
from components.session import current_build, current_view, require_scope
from components.states import empty_state, no_cpg_state
from components.territory_sheet import asked_sheet
from components.territory_sheet_blocks import asked_export, sheet_drawing
from exports.figure_file import figure_file

scope = require_scope()

if code := definition_asked():
    kept = st.query_params.to_dict() | {"definition": code}
    st.switch_page("pages/reperes/methode.py", query_params=kept)

build_id, shown = current_build(), current_view()
if build_id is None:
    empty_state()
    st.stop()
asked = asked_sheet(scope, build_id, shown)
if asked is not None and (event := last_event()) and event.get("act") == "story":
    story = {"objectif": str(event.get("i")), "detail": asked.perimeter.code}
    board = st.Page("pages/pilotage/cpg.py", url_path="cpg")
    st.switch_page(board, query_params=st.query_params.to_dict() | story)
drawing = None if asked is None else sheet_drawing(scope, build_id, asked)
if asked is None or drawing is None:
    no_cpg_state(None if shown.year is None else str(shown.year))
    st.stop()

paint(drawing, "fiche")
if export := asked_export(scope, build_id, asked):
    send_file(FileToSend(*figure_file(*export)))
