"""How is each figure computed, and what does each indicator mean?"""

import streamlit as st

from components.blocks import draw_blocks
from components.definitions import definitions_html
from components.session import require_scope
from indicators.attainment import Thresholds

scope = require_scope()

chosen = st.query_params.get("definition")
draw_blocks(definitions_html(chosen, Thresholds.from_environment()), key="definitions")
