"""Which files make this publication, what was found in them, and who has sent nothing?"""

import streamlit as st

from components.blocks import FileToSend, paint, send_file
from components.clicks import file_asked
from components.publication import publication, territory_map
from components.received_blocks import chosen_findings, extracts_html, findings_html
from components.session import current_build, current_view, require_scope
from components.states import empty_state
from exports.figure_file import figure_file
from figures.exportable import Exportable
from figures.received import extracts_finding
from figures.senders import senders, senders_finding, senders_records
from queries import cpg, store

scope = require_scope()

build_id, view = current_build(), current_view()
if build_id is None:
    empty_state()
    st.stop()
foot = publication(scope, build_id).sources_line("registre des extraits")
extracts = store.extracts(scope, build_id)
chosen = chosen_findings(store.findings(scope, build_id))
known = []
if view.year is not None:
    sent = cpg.senders(scope, build_id, view.year)
    under = territory_map(scope, build_id).caisses_under(view.perimeter)
    known = senders(sent[sent["caisse_code"].isin(under)])

if asked := file_asked():
    year = view.year or 0
    figures = {
        "extraits": Exportable("extraits", extracts_finding(extracts), "", foot, lambda: extracts),
        "signalements": Exportable("signalements", chosen.finding, "", foot, lambda: chosen.kept),
        "envois": Exportable(
            f"envois-{year}", senders_finding(known, year), "", foot, lambda: senders_records(known)
        ),
    }
    send_file(FileToSend(*figure_file(figures[asked[0]], asked[1])))
late = findings_html(chosen, known, view.perimeter.label, view.year, foot)
paint(extracts_html(extracts, foot) + late, "extraits")
