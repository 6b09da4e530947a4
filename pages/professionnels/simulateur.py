"""Where would the next installations lower inequality most, and what does a plan change?"""

import streamlit as st

from components.blocks import paint, when_clicked
from components.cpg_view import take_click
from components.professionals_simulator import (
    asked_simulation,
    simulation_base,
    simulator_part,
)
from components.professionals_view import nothing_to_measure, say_refused, simulator_heading
from components.session import current_build, current_view, require_scope
from components.states import empty_state
from exports.figure_file import figure_file

scope = require_scope()

build_id, shown = current_build(), current_view()
if build_id is None:
    empty_state()
    st.stop()
asked = asked_simulation(scope, build_id, shown)
base = None if asked is None else simulation_base(scope, build_id, asked)
if asked is None or base is None:
    nothing_to_measure(scope, build_id, asked, shown)
    st.stop()

say_refused(asked)
paint(simulator_heading(base), "simulateur")
when_clicked(take_click(drills=True))
simulator_part(scope, build_id, asked, figure_file)
