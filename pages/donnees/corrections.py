"""Which single values are wrong, who says so, who decides, and what does it change?"""

import streamlit as st

from components.corrections import corrections_page
from components.session import current_build, current_view, require_scope
from components.states import empty_state
from exports.figure_file import figure_file

scope = require_scope()

build_id, view = current_build(), current_view()
if build_id is None:
    empty_state()
    st.stop()
corrections_page(scope, build_id, view, figure_file)
