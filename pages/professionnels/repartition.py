"""How unequally are professionals spread, is the change real, and who has how many?"""

import streamlit as st

from components.address import asked as asked_for
from components.blocks import FileToSend, paint, send_file, when_clicked
from components.clicks import file_asked
from components.cpg_view import take_click
from components.professionals_spread import (
    WORDS,
    curve_drawing,
    exported,
    named_on_curve,
    spread_drawing,
    take_counting,
)
from components.professionals_view import (
    asked_professionals,
    nothing_to_measure,
    say_refused,
    spread_of,
)
from components.session import current_build, current_view, require_scope
from components.states import empty_state
from exports.figure_file import figure_file

scope = require_scope()

build_id, shown = current_build(), current_view()
if build_id is None:
    empty_state()
    st.stop()
asked = asked_professionals(scope, build_id, shown)
spread = None if asked is None else spread_of(scope, build_id, asked, asked.profession, asked.year)
if asked is None or spread is None:
    nothing_to_measure(scope, build_id, asked, shown)
    st.stop()

say_refused(asked)
named = named_on_curve(asked, spread)
head = curve_drawing(scope, build_id, asked, named, asked_for(WORDS))
paint(head or "", "repartition")
paint(spread_drawing(scope, build_id, asked), "repartition_suite", in_sight="")


def take() -> None:
    """A click on the breadcrumb or on another way of counting."""
    take_click(drills=True)()
    take_counting()


when_clicked(take)
if figure := exported(scope, build_id, asked, named, file_asked()):
    send_file(FileToSend(*figure_file(*figure)))
