"""Designed states: empty, forbidden, closed, failed. One plain sentence that says what to do."""

from __future__ import annotations

import logging
from collections.abc import Sequence

import streamlit as st

from components.blocks import paint_once
from figures.formats import listed
from figures.grammar import typeset
from figures.markup import text

MISSING_NAMED = 8
LOG = logging.getLogger(__name__)


IMPORTER = ("importer", "Importer un fichier")
"""Where a file is brought in, and what the link says."""


def state_html(
    title: str,
    sentences: tuple[str, ...],
    command: str | None = None,
    link: tuple[str, str] | None = None,
) -> str:
    """The state as a panel: what happens, what to do, and how.

    Args:
        title: what happens.
        sentences: what to know and to do.
        command: the command that does it.
        link: the address that helps, and what it says.
    """
    said = "".join(f"<p>{text(sentence)}</p>" for sentence in sentences)
    line = f"<p><code>{text(command)}</code></p>" if command else ""
    way = f'<p><a href="{text(link[0])}">{text(link[1])}</a></p>' if link else ""
    return f'<div class="v-state" role="status"><h1>{text(title)}</h1>{said}{line}{way}</div>'


def empty_state() -> None:
    """Nothing was published yet."""
    paint_once(
        state_html(
            "Aucune donnée publiée pour l’instant",
            (
                "Ce tableau de bord se remplit dès qu’un premier extrait est importé.",
                "Pour l’essayer avec des données de démonstration, lancez la commande ci-dessous, "
                "puis rechargez cette page.",
            ),
            "python cli.py demo",
            ("importer", "Importer un premier fichier"),
        ),
    )


def no_cpg_state(year: str | None) -> None:
    """The publication holds no CPG figures for this year."""
    when = f" pour {year}" if year else ""
    paint_once(
        state_html(
            f"Aucun résultat du CPG{when}",
            (
                "Aucun extrait mensuel des caisses n’a été importé pour cette période.",
                "Choisissez une autre année, ou importez un extrait du contrat « cpg ».",
            ),
            link=IMPORTER,
        ),
    )


def no_sendings_state() -> None:
    """The publication holds nothing that caisses send."""
    paint_once(
        state_html(
            "Aucun envoi de caisse pour l’instant",
            (
                "Aucun extrait que les caisses envoient (CPG, adhésions, MSAP) n’a été importé : "
                "rien ne dit encore ce qui est attendu de qui.",
                "Importez un premier extrait.",
            ),
            link=IMPORTER,
        ),
    )


def no_msap_state(where: str, year: int | None) -> None:
    """The publication holds no MSAP counts for this territory and year."""
    when = f" en {year}" if year else ""
    paint_once(
        state_html(
            f"Aucune demande de MSAP{when}",
            (
                f"Aucun extrait MSAP importé ne compte de demandes pour cette période : {where}.",
                "Choisissez un autre territoire ou une autre année, ou importez un extrait du "
                "contrat « msap ».",
            ),
            link=IMPORTER,
        ),
    )


def no_adhesions_state(where: str) -> None:
    """The publication holds no adhesion of this territory."""
    paint_once(
        state_html(
            f"Aucune adhésion connue : {where}",
            (
                "Aucun extrait des adhésions aux programmes n’a été importé pour ce territoire.",
                "Choisissez un autre territoire, ou importez un extrait du contrat « adhesions ».",
            ),
            link=IMPORTER,
        ),
    )


def no_professionals_state(where: str, year: int | None, is_counted: bool = False) -> None:
    """There are no counts of professionals, or too few territories to compare.

    Args:
        where: the territory looked at.
        year: the year looked at, None where none is known.
        is_counted: whether the year is known: then the territory is too small for its grain.
    """
    if is_counted:
        paint_once(
            state_html(
                f"Pas d’inégalité à mesurer : {where}",
                (
                    "Il faut plusieurs territoires avec des habitants et au moins un professionnel "
                    "de cette profession.",
                    "Choisissez un territoire plus large, une maille plus fine ou une autre "
                    "profession.",
                ),
            ),
        )
        return
    when = f" pour {year}" if year else ""
    paint_once(
        state_html(
            f"Aucun effectif de professionnels de santé{when}",
            (
                "Aucun extrait des effectifs par territoire n’a été importé : celui de "
                "data.ameli.fr ou de la DREES se lit tel qu’il est publié.",
                "Importez un extrait du contrat « professionals », puis revenez sur cette page.",
            ),
            link=IMPORTER,
        ),
    )


def partial_professionals_state(title: str, missing: Sequence[str]) -> None:
    """Too few territories were sent for an index.

    Args:
        title: what is not computed, and how many territories lack.
        missing: their names.
    """
    named = list(missing[:MISSING_NAMED])
    if len(missing) > MISSING_NAMED:
        named.append(f"{len(missing) - MISSING_NAMED} autres")
    paint_once(
        state_html(
            typeset(title),
            (
                typeset(f"Non reçus : {listed(named)}. Un indice sans eux tromperait."),
                "Importez l’extrait complet, ou choisissez une autre année, une autre profession "
                "ou un territoire dont tout est reçu.",
            ),
            link=IMPORTER,
        ),
    )


def no_published_gini_state() -> None:
    """The publication holds no published Gini index."""
    paint_once(
        state_html(
            "Aucun indice publié",
            (
                "Les indices de Gini publiés (IR 4.1) n’ont pas été importés.",
                "Importez un extrait du contrat « gini_published ».",
            ),
            link=IMPORTER,
        ),
    )


def unknown_establishment_state(code: str) -> None:
    """The establishment of the address is unknown, or stands where this person does not look."""
    paint_once(
        state_html(
            "Établissement inconnu ou hors de votre périmètre",
            (
                f"Aucune demande de MSAP de l’établissement « {code} » n’est visible pour vous.",
                "Vérifiez le numéro FINESS de l’adresse, ou revenez à la liste.",
            ),
            link=("msap_etablissements", "Revenir aux établissements"),
        ),
    )


def no_cog_state() -> None:
    """The publication holds nothing about the COG."""
    paint_once(
        state_html(
            "Aucun indicateur de la COG",
            (
                "Ni les indicateurs ni les engagements de la COG n’ont été importés.",
                "Importez un extrait du contrat « cog », puis un du contrat « engagements ».",
            ),
            link=IMPORTER,
        ),
    )


def no_programme_state(programme: str, contract: str) -> None:
    """The publication holds nothing of a programme.

    Args:
        programme: its name.
        contract: the kind of extract that would bring it.
    """
    paint_once(
        state_html(
            f"Rien sur {programme} dans cette publication",
            (
                "Ni les envois des caisses ni les chiffres publiés de ce programme n’ont été "
                "importés.",
                f"Importez un extrait du contrat « {contract} », puis revenez sur cette page.",
            ),
            link=IMPORTER,
        ),
    )


def forbidden_state(sentence: str = "") -> None:
    """The person has no right here."""
    paint_once(
        state_html(
            "Vous n’avez pas accès à cette page",
            (
                sentence or "Votre identité n’a pas été reconnue.",
                "Si vous pensez que c’est une erreur, écrivez à la cellule de coordination de "
                "votre région en joignant cette phrase.",
            ),
        ),
    )


def closed_state() -> None:
    """The home holds received extracts and nobody can be recognised."""
    paint_once(
        state_html(
            "Connexion à configurer",
            (
                "Des extraits reçus ont été publiés ici : ils ne se montrent qu’à des personnes "
                "identifiées.",
                "Configurez un fournisseur d’identité (section [auth] de .streamlit/secrets.toml) "
                "et la liste des personnes habilitées, puis relancez.",
            ),
        ),
    )


def failed_state(sentence: str | None = None, way_back: str | None = None) -> None:
    """Something went wrong: said in one sentence, the cause in the server's log.

    Args:
        sentence: what happened, where it is known.
        way_back: address of the page as it opens by itself, where that helps.
    """
    if way_back is not None:
        link = (way_back, "Revenir à la publication en cours")
        title = "Cette page n’a pas pu être affichée"
        paint_once(state_html(title, (sentence or "",), link=link))
        return
    paint_once(
        state_html(
            "Cette page n’a pas pu être affichée",
            (
                sentence or "Une erreur est survenue pendant le calcul. Elle a été consignée.",
                "Rechargez la page ; si l’erreur persiste, signalez-la avec l’heure et l’adresse.",
            ),
        ),
    )


def log_failure(error: Exception) -> None:
    """Write the cause in the server's log: the page shows none of it."""
    LOG.error("Page failed: %s", type(error).__name__, exc_info=error)


def sign_in_page() -> None:
    """The only page of whoever is signed out."""
    paint_once(
        state_html(
            "Vigie GDR",
            (
                "Le tableau de bord de la gestion du risque de l’Assurance maladie.",
                "Identifiez-vous avec votre compte professionnel pour continuer.",
            ),
        ),
    )
    st.button("Se connecter", type="primary", on_click=st.login, icon=":material/login:")
