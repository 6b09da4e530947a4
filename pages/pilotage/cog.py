"""Which of the COG's objectives were reached, which verdicts are doubtful, what was held?"""

import streamlit as st

from components.blocks import FileToSend, paint, send_file
from components.clicks import file_asked
from components.cog_blocks import cog_heading, engagement_blocks, scorecard_block
from components.publication import publication
from components.session import current_build, require_scope
from components.states import empty_state, no_cog_state
from exports.figure_file import figure_file
from queries import cog

scope = require_scope()

build_id = current_build()
if build_id is None:
    empty_state()
    st.stop()
shown = publication(scope, build_id)
indicators, commitments = cog.indicators(scope, build_id), cog.engagements(scope, build_id)
if indicators.empty and commitments.empty:
    no_cog_state()
    st.stop()
scorecard = scorecard_block(indicators, shown.sources_line("évaluation de la COG (Igas, 2017)"))
counts, listed = engagement_blocks(
    commitments, shown.sources_line("engagements de la COG (Igas, 2017)")
)
blocks = {"indicateurs": scorecard, "bilan": counts, "engagements": listed}
if (asked := file_asked()) and asked[0] in blocks:
    send_file(FileToSend(*figure_file(blocks[asked[0]].figure, asked[1])))
first, *others = [block.html(name) for name, block in blocks.items()]
head = f'{cog_heading()}<div class="v-below">{first}</div>'
paint(f'{head}<div class="v-below">{"".join(others)}</div>', "cog", in_sight=head)
