"""Do the figures that caisses sent give back what was published?"""

import streamlit as st

from components.blocks import FileToSend, paint, send_file
from components.clicks import file_asked
from components.publication import publication
from components.received_blocks import reconciliation_html
from components.session import current_build, current_view, require_scope
from components.states import empty_state
from exports.figure_file import figure_file
from figures.exportable import Exportable
from figures.markup import figure_block
from figures.reconciliation import (
    reconciliation_finding,
    reconciliation_records,
    reconciliation_table,
)
from indicators.catalogue import catalogue
from queries import cpg

scope = require_scope()

build_id, view = current_build(), current_view()
if build_id is None or view.year is None:
    empty_state()
    st.stop()
shown = publication(scope, build_id)
# The year of the header, else the latest one for which anything was published.
for year in (view.year, *sorted(shown.years, reverse=True), view.year):
    rows = cpg.reconciliation(scope, build_id, year)
    if not rows.empty:
        break
rows = rows.sort_values("level", key=lambda level: level != "national", kind="stable")
titles = {code: indicator.title for code, indicator in catalogue().items()}
foot = shown.sources_line("taux publiés (Igas, 2017) et envois des caisses")
title = reconciliation_finding(rows)
note = "Publié : arrondi au point, en % de l’objectif. Recalculé : Σ réalisés / Σ objectifs."
if year != view.year:
    note = f"Rien n’a été publié pour {view.year} : voici {year}. {note}"
if rows.empty:
    body = '<p class="v-empty">Importez un extrait du contrat « cpg_published ».</p>'
else:
    body = reconciliation_table(rows, titles, f"Publié et recalculé en {year}")
asked = file_asked()
figure = Exportable(
    f"rapprochement-{year}", title, note, foot, lambda: reconciliation_records(rows, titles)
)
if asked:
    send_file(FileToSend(*figure_file(figure, asked[1])))
block = figure_block("rapprochement", title, note, body, foot, () if rows.empty else ("csv",))
paint(reconciliation_html(block, year), "rapprochement")
