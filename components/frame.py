"""What stands around every page: header, banner, footer, and the states in place of a page."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace

import streamlit as st
from streamlit.navigation.page import StreamlitPage
from streamlit.runtime.scriptrunner import StopException

from access.scope import Scope
from components import states
from components.address import BUILD, PAGES_OF_PROFESSIONALS, asked
from components.blocks import connect, open_blocks, paint
from components.header import (
    View,
    chosen_view,
    refused_person,
    refused_territory,
    refused_year,
    view_controls,
)
from components.publication import (
    Publication,
    collection_years,
    msap_years,
    professional_years,
    publication,
    territory_map,
)
from components.session import current_build, keep_view, may_demonstrate, sign_in_is_configured
from figures.formats import counted, date_time, is_absent, month_name
from figures.grammar import elided
from figures.markup import text
from queries.run import QuestionError

PAGES_OF_ONE_TERRITORY = frozenset({"", "accueil", "synthese"})
"""Addresses of the pages that compare the territory itself, not those under it."""

PAGES_WITHOUT_VIEW = frozenset(
    {"cog", "importer", "anomalies", "rapprochement", "methode", "ir41", "delais"}
)
"""Addresses of the pages whose figures follow neither territory nor year: none is offered."""

PAGES_WITHOUT_DATA = frozenset({"importer", "methode"})
"""Addresses of the pages that say all they have to say before anything is published."""

PAGES_OF_MONTHS = frozenset({"adhesions", "numerique"})
"""Addresses of the pages that choose a month of their own, or show all, whatever its year."""

PAGES_THAT_COMPARE = frozenset({"", "accueil", "synthese", "cpg"})
"""Addresses of the pages whose figures follow the header's comparator."""

PAGES_OF_MSAP = ("msap", "msap_gestes", "msap_etablissements")


@dataclass(frozen=True)
class OwnYears:
    """The years of pages that don't look at the CPG: what they are of, and which are known."""

    of: str
    known: Callable[[Scope, str], tuple[int, ...]]


OWN_YEARS: Mapping[str, OwnYears] = {
    **dict.fromkeys(PAGES_OF_MSAP, OwnYears("données MSAP", msap_years)),
    **dict.fromkeys(
        PAGES_OF_PROFESSIONALS, OwnYears("effectifs de professionnels de santé", professional_years)
    ),
    "collecte": OwnYears("envois", collection_years),
}
"""Addresses of the pages whose years are those of other extracts."""


def closed_door(is_signed_out: bool, sentence: str) -> None:
    """In place of every page, for whoever is signed out or unknown."""
    if is_signed_out:
        states.sign_in_page()
        return
    states.forbidden_state(sentence)
    if sign_in_is_configured():
        st.button("Se déconnecter", on_click=st.logout)


def show(page: StreamlitPage, scope: Scope, person_menu: str = "") -> None:
    """The page in its frame, or the state that says why there is none.

    Args:
        page: the page that the address asks for.
        scope: what the person may see.
        person_menu: HTML of the choice of a person to try; empty for whoever signed in.
    """
    try:
        build_id = current_build()
        open_blocks((page.url_path, scope.key, str(build_id)))
        if build_id is None:
            _header((person_menu,), "")
            if page.url_path in PAGES_WITHOUT_DATA:
                page.run()
            else:
                states.empty_state()
        elif not sign_in_is_configured() and not may_demonstrate(build_id, scope):
            _header((), person_menu)
            states.closed_state()
        else:
            _page_in_frame(page, scope, build_id, person_menu)
        connect()
    except QuestionError as error:
        states.failed_state(str(error), page.url_path if asked(BUILD) else None)
    except Exception as error:  # Whatever failed, the reader gets a sentence and the log the cause.
        states.log_failure(error)
        states.failed_state()


def _page_in_frame(page: StreamlitPage, scope: Scope, build_id: str, person_menu: str) -> None:
    shown = publication(scope, build_id)
    choices = territory_map(scope, build_id).choices
    own = OWN_YEARS.get(page.url_path)
    years = shown.years if own is None else own.known(scope, build_id)
    view = chosen_view(choices, years, has_own_years=own is not None)
    keep_view(view)
    notices = (
        _unknown_person(refused_person() if person_menu else None, scope),
        _refusal(refused_territory(choices), view),
        _other_year(refused_year(years), own.of, view)
        if own is not None and page.url_path not in PAGES_WITHOUT_VIEW
        else "",
        _pinned(shown),
        _banner(shown),
    )
    controls: tuple[str, ...] = ()
    if page.url_path not in PAGES_WITHOUT_VIEW:
        compares = page.url_path in PAGES_THAT_COMPARE
        is_alone = page.url_path in PAGES_OF_ONE_TERRITORY
        offered = replace(view, year=None) if page.url_path in PAGES_OF_MONTHS else view
        controls = view_controls(offered, choices, years, compares, is_alone)
    _header((*controls, person_menu), "".join(notices))
    # A page that stops has said all it has to say; the reader still has a header that answers.
    with suppress(StopException):
        page.run()
    paint(_footer(shown, scope), "pied")


def _header(controls: tuple[str, ...], below: str) -> None:
    row = "".join(controls)
    inside = f'<div class="v-head" role="group" aria-label="Choix de la vue">{row}</div>'
    paint(f"{inside if row else ''}{below}", "entete")


def _unknown_person(refused: str | None, scope: Scope) -> str:
    """Say that the address asks for a person to try that there is none of, and whose view it is."""
    if refused is None:
        return ""
    return (
        '<p class="v-note v-demo" role="status">Le profil demandé par l’adresse, '
        f"« {text(refused)} », n’existe pas : voici la vue « {text(scope.label)} ».</p>"
    )


def _refusal(refused: str | None, view: View) -> str:
    """Say that the address asks for a territory that this person does not see."""
    if refused is None:
        return ""
    return (
        '<p class="v-warn" role="status">▼ Le territoire demandé par l’adresse, '
        f"« {text(refused)} », est hors de votre périmètre ou n’existe pas : voici "
        f"{text(view.perimeter.label)}.</p>"
    )


def _other_year(refused: str | None, of: str, view: View) -> str:
    """Say that the page holds nothing of the year of the address, and which one it shows."""
    if refused is None:
        return ""
    return (
        f'<p class="v-note v-demo" role="status">Pas {elided("de", of)} pour {text(refused)} : '
        f"voici {view.year}, la dernière année connue.</p>"
    )


def _pinned(shown: Publication) -> str:
    if not asked(BUILD):
        return ""
    return (
        f'<p class="v-warn">Publication figée {text(shown.short_id)} : les chiffres sont ceux de '
        'ce jour-là. <button type="button" class="link" data-act="choose" '
        f'data-name="{BUILD}" data-value="">Revenir à la publication en cours</button></p>'
    )


def _banner(shown: Publication) -> str:
    if shown.demonstration_count == 0:
        return ""
    return (
        '<p class="v-note v-demo"><strong>Données de démonstration</strong> : les résultats '
        "mensuels des caisses, leurs adhésions aux programmes, les établissements et leurs "
        "demandes de MSAP, les effectifs de professionnels de santé sont fictifs. Sont publiés "
        "(Igas, 2017, sauf mention) : les taux PRADO 2016 par DRSM, les indicateurs de la COG, "
        "l’intéressement, les engagements, les tableaux nationaux de la MSAP et des programmes, "
        "les indices de Gini (IR 4.1).</p>"
    )


def _footer(shown: Publication, scope: Scope) -> str:
    said = (
        f"Publication {shown.short_id} du {date_time(shown.newest_received_at)}, "
        f"{counted(shown.extract_count, 'extrait')} · {_until(shown)}Vue : {scope.label} · "
        "Vigie GDR"
    )
    return f'<p class="v-pagefoot">{text(said)}</p>'


def _until(shown: Publication) -> str:
    """The last month of the monthly results; empty where none were published."""
    if is_absent(shown.last_month):
        return ""
    return f"Résultats du CPG jusqu’à {month_name(shown.last_month)} · "
