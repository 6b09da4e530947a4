"""Who has sent what, what is late since when, and what is to be written to whom?"""

import streamlit as st

from components.blocks import FileToSend, paint, send_file, when_clicked
from components.clicks import file_asked
from components.collection_blocks import (
    closer_html,
    closer_look,
    day_words,
    file_of,
    head_html,
    matrix_html,
    national_html,
    reminders_html,
    take_click,
)
from components.collection_view import asked_collection, import_address, load_collected
from components.national_tables import national_rows
from components.publication import publication, territory_map
from components.session import current_build, current_view, require_scope
from components.states import empty_state, no_sendings_state
from exports.figure_file import figure_file

scope = require_scope()

build_id, view = current_build(), current_view()
if build_id is None:
    empty_state()
    st.stop()
asked = asked_collection(view)
if asked is None:
    no_sendings_state()
    st.stop()
collected = load_collected(scope, build_id, asked)
foot = f"{publication(scope, build_id).sources_line('registre des extraits')}"
dated = f"{foot} {day_words(collected.today)}"

reminders = collected.reminders(scope, import_address(), asked.mail_contract, asked.mail_month)
if wanted := file_asked():
    file = file_of(asked, collected, reminders, wanted, dated)
    if file is not None:
        send_file(file if isinstance(file, FileToSend) else FileToSend(*figure_file(*file)))

look = closer_look(scope, asked, collected, import_address())
html = head_html(asked, collected)
if look is not None:
    html += closer_html(asked, collected, look)
html += matrix_html(scope, asked, collected, dated)
html += reminders_html(scope, asked, collected, reminders)
paint(html, "collecte")
paint(national_html(national_rows(scope, build_id, collected.today), foot), "nationaux")
senders = [row.code for rows in collected.rows.values() for row in rows]
when_clicked(take_click(territory_map(scope, build_id).choices, senders))
