"""Where do people join a programme, against how many eligible, and how does it spread?"""

import streamlit as st

from components.session import current_build, require_scope
from components.states import empty_state

scope = require_scope()

if current_build() is None:
    empty_state()
    st.stop()
