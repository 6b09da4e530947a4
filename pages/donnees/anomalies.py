"""Which figures contradict themselves, what follows from it, and where do they stand?"""

import streamlit as st

from components.anomaly_blocks import anomalies_heading, anomaly_blocks
from components.blocks import FileToSend, paint, send_file
from components.clicks import file_asked
from components.publication import publication
from components.session import current_build, require_scope
from components.states import empty_state
from exports.figure_file import figure_file
from queries import store

scope = require_scope()

build_id = current_build()
if build_id is None:
    empty_state()
    st.stop()
foot = publication(scope, build_id).sources_line("contrôles des extraits")
by_rule, listed = anomaly_blocks(store.findings(scope, build_id), foot)
blocks = {"anomalies": by_rule, "liste": listed}
if (asked := file_asked()) and asked[0] in blocks:
    send_file(FileToSend(*figure_file(blocks[asked[0]].figure, asked[1])))
first, last = (block.html(name) for name, block in blocks.items())
head = f'{anomalies_heading()}<div class="v-below">{first}</div>'
paint(f'{head}<div class="v-below">{last}</div>', "anomalies", in_sight=head)
