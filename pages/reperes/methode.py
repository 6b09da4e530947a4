"""How is each figure computed, and what does each indicator mean?"""

import streamlit as st

from components.blocks import connect, paint
from components.definitions import definitions_html
from components.session import require_scope
from indicators.attainment import Thresholds

scope = require_scope()

chosen = st.query_params.get("definition")
paint(definitions_html(chosen, Thresholds.from_environment()), "definitions")
connect()
