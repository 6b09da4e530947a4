"""Do the figures that caisses sent give back what was published?"""

import streamlit as st

from components.blocks import FileToSend, paint, send_file
from components.clicks import file_asked
from components.publication import publication
from components.received_blocks import reconciliation_html, year_control
from components.session import current_build, current_view, require_scope
from components.states import empty_state
from exports.figure_file import figure_file
from figures.exportable import Exportable
from figures.markup import figure_block
from figures.reconciliation import (
    reconciliation_finding,
    reconciliation_records,
    reconciliation_table,
    sendings_words,
)
from indicators.catalogue import catalogue
from queries import cpg, store

scope = require_scope()

build_id, view = current_build(), current_view()
if build_id is None or view.year is None:
    empty_state()
    st.stop()
shown = publication(scope, build_id)
by_year = {year: cpg.reconciliation(scope, build_id, year) for year in shown.years}
published = [year for year in shown.years if not by_year[year].empty]
# The year that the address asks for, else the latest one for which anything was published.
year = view.year if view.year in published or not published else published[-1]
rows = by_year[year]
rows = rows.sort_values("level", key=lambda level: level != "national", kind="stable")
titles = {code: indicator.title for code, indicator in catalogue().items()}
extracts = store.extracts(scope, build_id)
sendings = sendings_words(set(extracts.loc[extracts["contract"] == "cpg", "origin"]))
foot = shown.sources_line(f"taux publiés (Igas, 2017) et {sendings.split(' ', 1)[1]}")
title = reconciliation_finding(rows, sendings)
note = "Publié : arrondi au point, en % de l’objectif. Recalculé : Σ réalisés / Σ objectifs."
if "démonstration" in sendings:
    note += (
        " Les envois de démonstration sont fictifs et calés sur ces taux : leur accord montre que "
        "le calcul est juste, non que les caisses ont envoyé ces chiffres."
    )
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
control = year_control(published, year)
paint(reconciliation_html(block, year, sendings, control), "rapprochement")
