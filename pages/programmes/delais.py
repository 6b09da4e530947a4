"""How many days after an operation does the follow-up consultation take place?"""

import streamlit as st

from components.blocks import FileToSend, paint, send_file
from components.clicks import file_asked
from components.programmes_delays import asked_delays, delays_drawing, densities_block
from components.session import current_build, require_scope
from components.states import empty_state, no_programme_state
from exports.figure_file import figure_file

scope = require_scope()

build_id = current_build()
if build_id is None:
    empty_state()
    st.stop()
asked = asked_delays(scope, build_id)
if asked is None:
    no_programme_state("les délais post-opératoires", "consultation_delay")
    st.stop()

paint(delays_drawing(scope, build_id, asked), "delais")
if (wanted := file_asked()) and wanted[0] == "delais":
    send_file(FileToSend(*figure_file(densities_block(scope, build_id, asked).figure, wanted[1])))
