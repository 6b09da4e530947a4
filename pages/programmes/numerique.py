"""DMP, Santé active, online services: how far have they spread, where, against which objective?"""

import streamlit as st

from components.blocks import FileToSend, paint, send_file, when_clicked
from components.clicks import file_asked
from components.cpg_view import take_click
from components.programmes_online import asked_online, exported, online_head, online_published
from components.session import current_build, current_view, require_scope
from components.states import empty_state, no_programme_state
from exports.figure_file import figure_file

scope = require_scope()

build_id = current_build()
if build_id is None:
    empty_state()
    st.stop()
asked = asked_online(current_view())
head = online_head(scope, build_id, asked)
if head is None:
    no_programme_state("le DMP et les téléservices", "adhesions")
    st.stop()

paint(head.html, "numerique", head.in_sight)
paint(online_published(scope, build_id, asked), "numerique_publie", in_sight="")
when_clicked(take_click(drills=True))
if figure := exported(scope, build_id, asked, file_asked()):
    send_file(FileToSend(*figure_file(*figure)))
