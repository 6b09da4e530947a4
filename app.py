"""Who is here, which pages exist, run one. No data of its own, no arithmetic."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import streamlit as st

from components.address import read_address
from components.frame import closed_door, show
from components.header import demonstration_person
from components.session import (
    demonstration_visitor,
    remember,
    sign_in_is_configured,
    signed_in_visitor,
)
from components.warmth import keep_what_is_loaded

IMAGES = Path(__file__).parent / "components" / "images"

NAME = "Vigie GDR"

# Before the navigation: a page's own icon would be asked of a server of Google's for the tab.
st.set_page_config(page_title=NAME, page_icon=str(IMAGES / "vigie.svg"), layout="wide")

PAGES = {
    "Pilotage": [
        # The bare address opens the first screen too, without taking its own address from it.
        st.Page(
            "pages/pilotage/synthese.py",
            title=NAME,
            url_path="accueil",
            default=True,
            visibility="hidden",
        ),
        st.Page(
            "pages/pilotage/synthese.py",
            title="Synthèse",
            icon=":material/dashboard:",
            url_path="synthese",
            help="Les chiffres clés, les écarts qui comptent, ce qui a changé, ce qui manque.",
        ),
        st.Page(
            "pages/pilotage/cpg.py",
            title="Objectifs du CPG",
            icon=":material/grid_on:",
            url_path="cpg",
            help="Atteinte des objectifs du contrat pluriannuel de gestion, par territoire.",
        ),
        st.Page(
            "pages/pilotage/departement.py",
            title="Mon département",
            icon=":material/location_city:",
            url_path="departement",
            help="Tous les objectifs d’un département ou d’une caisse sur une fiche à imprimer.",
        ),
        st.Page(
            "pages/pilotage/cog.py",
            title="Indicateurs de la COG",
            icon=":material/fact_check:",
            url_path="cog",
            help="Indicateurs et engagements 2014-2017 : notre verdict, le verdict publié, "
            "les doutes.",
        ),
    ],
    "MSAP": [
        st.Page(
            "pages/msap/vue_ensemble.py",
            title="MSAP – vue d’ensemble",
            icon=":material/how_to_vote:",
            url_path="msap",
            help="Demandes, accords et refus, par domaine, statut et département, 2014-2016.",
        ),
        st.Page(
            "pages/msap/gestes.py",
            title="MSAP – gestes",
            icon=":material/format_list_numbered:",
            url_path="msap_gestes",
            help="Gestes du plus au moins demandé, taux d’accord, publié et calculé.",
        ),
        st.Page(
            "pages/msap/etablissements.py",
            title="MSAP – établissements",
            icon=":material/local_hospital:",
            url_path="msap_etablissements",
            help="Qui s’écarte plus que le hasard, de combien et depuis quand.",
        ),
    ],
    "Programmes": [
        st.Page(
            "pages/programmes/cartes.py",
            title="Cartes des adhésions",
            icon=":material/map:",
            url_path="adhesions",
            help="PRADO, Sophia, Santé active, DMP : où l’on adhère, sur combien d’éligibles, "
            "mois après mois.",
        ),
        st.Page(
            "pages/programmes/prado.py",
            title="PRADO",
            icon=":material/home_health:",
            url_path="prado",
            help="Adhésions et objectifs par volet, productivité des conseillers, coût à "
            "recalculer, délais et économies attendues.",
        ),
        st.Page(
            "pages/programmes/sophia.py",
            title="Sophia",
            icon=":material/support_agent:",
            url_path="sophia",
            help="Adhérents et éligibles, écart aux soins, examens, campagne d’appels, coûts à "
            "recalculer.",
        ),
        st.Page(
            "pages/programmes/numerique.py",
            title="DMP, Santé active, téléservices",
            icon=":material/devices:",
            url_path="numerique",
            help="Ouvertures cumulées, cartes pour 1 000 habitants, taux des téléservices et "
            "leurs objectifs.",
        ),
        st.Page(
            "pages/programmes/delais.py",
            title="Délais post-opératoires",
            icon=":material/schedule:",
            url_path="delais",
            help="Combien de jours entre une opération et la consultation qui la suit.",
        ),
    ],
    "Professionnels de santé": [
        st.Page(
            "pages/professionnels/repartition.py",
            title="Répartition",
            icon=":material/ssid_chart:",
            url_path="repartition",
            help="L’indice de Gini de chaque profession, sa courbe, sa carte : l’objectif de la "
            "COG est-il tenu ?",
        ),
        st.Page(
            "pages/professionnels/inegalite.py",
            title="Qui fait l’inégalité",
            icon=":material/troubleshoot:",
            url_path="inegalite",
            help="Entre régions ou à l’intérieur, territoire par territoire, voisin par voisin.",
        ),
        st.Page(
            "pages/professionnels/simulateur.py",
            title="Simulateur d’installations",
            icon=":material/add_location_alt:",
            url_path="simulateur",
            help="Où installer vingt infirmiers ? Ce que chaque installation change.",
        ),
        st.Page(
            "pages/professionnels/ir41.py",
            title="Comparer à l’IR 4.1",
            icon=":material/compare_arrows:",
            url_path="ir41",
            help="Les indices publiés à côté des nôtres : où ils diffèrent, et pourquoi.",
        ),
    ],
    "Données": [
        st.Page(
            "pages/donnees/importer.py",
            title="Importer",
            icon=":material/upload_file:",
            url_path="importer",
            help="Déposer des extraits, voir ce qui ne va pas et ce qui changera, publier, revenir "
            "en arrière.",
        ),
        st.Page(
            "pages/donnees/collecte.py",
            title="Collecte",
            icon=":material/mark_email_unread:",
            url_path="collecte",
            help="Qui a envoyé quoi, ce qui est en retard et depuis quand, la relance à écrire.",
        ),
        st.Page(
            "pages/donnees/corrections.py",
            title="Corrections",
            icon=":material/edit_note:",
            url_path="corrections",
            help="Proposer la bonne valeur à la place d’une valeur fausse, en décider à deux, en "
            "garder la trace.",
        ),
        st.Page(
            "pages/donnees/extraits.py",
            title="Extraits reçus et signalements",
            icon=":material/folder_open:",
            url_path="extraits",
            help="Les fichiers reçus, ce qui y a été signalé, les caisses en retard.",
        ),
        st.Page(
            "pages/donnees/anomalies.py",
            title="Anomalies",
            icon=":material/flag:",
            url_path="anomalies",
            help="Les chiffres qui se contredisent : le publié, le calculé, ce qui suit.",
        ),
        st.Page(
            "pages/donnees/rapprochement.py",
            title="Publié et recalculé",
            icon=":material/balance:",
            url_path="rapprochement",
            help="Les taux publiés à côté de ceux que donnent les envois des caisses.",
        ),
    ],
    "Repères": [
        st.Page(
            "pages/reperes/methode.py",
            title="Méthode et définitions",
            icon=":material/menu_book:",
            url_path="methode",
            help="Règles de calcul, statuts et définition de chaque indicateur.",
        )
    ],
}


def name_tab(title: str) -> None:
    """The browser's tab bears the page's name: several are open in a meeting."""
    if title != NAME:
        st.set_page_config(page_title=f"{title} · {NAME}")


st.logo(str(IMAGES / "vigie_gdr.svg"), size="medium")
visitor = signed_in_visitor() if sign_in_is_configured() else None
if visitor is not None and visitor.scope is None:
    # Signed out or unknown: one page, whatever the address asks.
    remember(None)
    is_signed_out = visitor.state == "signed_out"
    closed = partial(closed_door, is_signed_out, visitor.sentence)
    title = "Connexion" if is_signed_out else "Accès refusé"
    name_tab(title)
    st.navigation([st.Page(closed, title=title, url_path="connexion")], position="hidden").run()
else:
    page = st.navigation(PAGES, position="top")
    name_tab(page.title)
    read_address(page.url_path)
    person, person_menu = ("", "") if visitor is not None else demonstration_person()
    visitor = visitor or demonstration_visitor(person)
    remember(visitor.scope)
    if visitor.scope is None:
        closed_door(False, visitor.sentence)
    else:
        show(page, visitor.scope, person_menu)
        keep_what_is_loaded(page.url_path)
