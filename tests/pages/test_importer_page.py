"""The page that imports, as each person sees it."""

import io

import pytest

from access.policy import policy
from data.ingestion import draft_work, drafts, publication_requests
from data.store import drafts as kept
from queries import store
from tests.pages.apps import open_app, readable, sent

PAGE = "pages/donnees/importer.py"
DCGDR = {"profil": "dcgdr", "profil_territoire": "REG-84"}
SCOPE = policy().scope("dcgdr:REG-84")
HEADINGS = "Caisse;Indicateur;Mois;Réalisé;Numérateur;Dénominateur;Objectif annuel;Statut"


def csv(value):
    line = f"CPAM-43;prado_maternite_adhesions;2017-01;{value};;;120;définitif"
    return f"{HEADINGS}\n{line}\n".encode()


@pytest.fixture
def work_here(monkeypatch):
    def done(home, draft_id):
        draft_work.work(home, kept.load(home, draft_id))
        return 0

    monkeypatch.setattr(drafts, "_spawn", done)


def opened(**files):
    dropped = [(f"{name}.csv", io.BytesIO(content)) for name, content in files.items()]
    draft = drafts.open_draft(SCOPE, dropped)
    return draft, open_app(PAGE, brouillon=draft.draft_id, **DCGDR)


def test_who_may_not_import_is_told_who_may_and_keeps_the_models(demo_home):
    app = open_app(PAGE)
    said = readable(app)
    assert "ne permet pas d’importer" in said
    assert "Analyste, DCGDR et Responsable CPAM" in said
    assert "modèles de fichiers à remplir" in said
    assert not app.get("file_uploader")


def test_a_first_visitor_of_an_empty_home_can_drop_files(empty_home):
    app = open_app(PAGE, **DCGDR)
    assert not app.exception
    assert app.get("file_uploader")
    assert "Aucune publication pour l’instant" in readable(app)


def test_the_history_names_who_what_and_the_way_back(demo_home):
    said = readable(open_app(PAGE, **DCGDR))
    assert "2 publications" in said
    assert "Envoi de septembre 2017" in said
    assert "en service" in said
    assert "Revenir à cette publication" in said
    manager = readable(open_app(PAGE, profil="cpam", profil_territoire="CPAM-43"))
    assert "Revenir à cette publication" not in manager


def test_a_checked_draft_shows_stages_cells_effect_and_the_two_buttons(empty_home, work_here):
    _, app = opened(bon=csv(10), mauvais=csv("douze"))
    said = readable(app)
    assert not app.exception
    assert "1 fichier sur 2 peut être publié, 1 refusé" in said
    assert "Ligne 2, colonne « Réalisé » : « douze » n’est pas un nombre." in said
    assert 'class="bad"' in sent(app)
    assert "1 valeur ajoutée, 0 modifiée, 0 retirée" in said
    assert "Qui le verra DCGDR : Auvergne-Rhône-Alpes" in said.replace(" ", " ")
    assert "Publier 1 fichier" in said
    assert "Abandonner" in said


def test_who_has_nobody_signed_in_is_told_what_real_data_would_close(empty_home, work_here):
    _, app = opened(bon=csv(10))
    assert "toutes les pages se ferment" in readable(app)


def test_html_in_names_and_cells_is_shown_as_text(empty_home, work_here):
    dropped = [("<img src=x onerror=alert(1)>.csv", io.BytesIO(csv("<script>alert(2)</script>")))]
    draft = drafts.open_draft(SCOPE, dropped)
    html = sent(open_app(PAGE, brouillon=draft.draft_id, **DCGDR))
    assert "<img src=x" not in html
    assert "<script>alert(2)" not in html
    assert "&lt;script&gt;alert(2)" in html


def test_a_draft_of_somebody_else_is_not_shown(empty_home, work_here):
    draft, _ = opened(bon=csv(10))
    app = open_app(PAGE, brouillon=draft.draft_id, profil="analyste", profil_territoire="REG-84")
    assert "bon.csv" not in readable(app)


def test_a_draft_whose_process_died_is_offered_to_be_taken_up(empty_home, work_here):
    draft, _ = opened(bon=csv(10))
    home = drafts._home()[0]
    kept.report_path(home, draft).unlink()
    dead = kept.load(home, draft.draft_id)
    kept.save(home, kept.begun(dead, "check", 2**22 + 1))
    app = open_app(PAGE, brouillon=draft.draft_id, **DCGDR)
    assert "Dépôt à reprendre" in readable(app)


def test_a_thousand_findings_are_cut_with_their_count(empty_home, work_here):
    lines = "\n".join(
        f"CPAM-43;prado_maternite_adhesions;2017-01;x{at};;;120;définitif" for at in range(1500)
    )
    dropped = [("mauvais.csv", io.BytesIO(f"{HEADINGS}\n{lines}\n".encode()))]
    draft = drafts.open_draft(SCOPE, dropped)
    app = open_app(PAGE, brouillon=draft.draft_id, **DCGDR)
    html = sent(app)
    assert len(html) < 400_000
    assert "autres : tous sont dans le fichier annoté" in readable(app)


def test_the_sender_and_the_reach_of_a_file_can_be_decided(empty_home, work_here):
    _, app = opened(bon=csv(10))
    said = readable(app)
    assert "Changer l’expéditeur" in said
    assert "ce que le fichier ne redonne pas est retiré" in said
    draft, _ = opened(suite=csv(12))
    drafts.set_replaces(SCOPE, kept.load(drafts._home()[0], draft.draft_id), True)
    said = readable(open_app(PAGE, brouillon=draft.draft_id, **DCGDR))
    assert "toutes les valeurs du CPG des caisses et des années du fichier. 0 valeur" in said
    assert "Revenir à compléter" in said


def test_who_may_not_publish_is_told_who_may_and_what_they_answered(empty_home, work_here):
    manager = policy().scope("cpam:CPAM-43")
    view = {"profil": "cpam", "profil_territoire": "CPAM-43"}
    draft = drafts.open_draft(manager, [("bon.csv", io.BytesIO(csv(10)))])
    said = readable(open_app(PAGE, brouillon=draft.draft_id, **view))
    assert "Demander la publication de 1 fichier" in said
    assert "DCGDR (Auvergne-Rhône-Alpes)" in said.replace("\u2011", "-")
    draft = publication_requests.ask(manager, drafts.own_draft(manager, draft.draft_id), "Octobre")
    assert "Demandé le" in readable(open_app(PAGE, brouillon=draft.draft_id, **view))
    said = readable(open_app(PAGE, **DCGDR))
    assert "1 publication demandée" in said
    said = readable(open_app(PAGE, brouillon=draft.draft_id, **DCGDR))
    assert "Publier 1 fichier" in said
    assert "Renvoyer à la personne" in said
    assert "Lire ce fichier autrement" not in said
    other = drafts.open_draft(SCOPE, [("autre.csv", io.BytesIO(csv(11)))])
    drafts.publish_draft(SCOPE, drafts.own_draft(SCOPE, other.draft_id), "", "demonstration")
    said = readable(open_app(PAGE, brouillon=draft.draft_id, **DCGDR))
    assert "Relancer le contrôle" in said
    assert "Abandonner le dépôt" not in said
    assert "Renvoyer à la personne" in said
    publication_requests.decline(SCOPE, draft, "Il manque février")
    drafts.check(manager, drafts.own_draft(manager, draft.draft_id))
    said = readable(open_app(PAGE, brouillon=draft.draft_id, **view))
    assert "« Il manque février »" in said


def test_two_publications_are_compared_over_their_latest_two_years(demo_home):
    builds = list(store.builds()["build_id"])
    said = readable(open_app(PAGE, avant=builds[-1], apres=builds[0], **DCGDR))
    block = said[said.index("De " + builds[-1][:8]) - 200 :]
    assert "en 2016 et 2017" in block
    assert "2016 : Une cellule est" in block
    assert "DRSM" in block
    assert "0 résultat" not in block


def test_a_file_that_the_browser_did_not_send_is_spoken_of(empty_home, work_here, monkeypatch):
    monkeypatch.setenv("VIGIE_MAX_FILE_MB", "1.5")
    _, app = opened(bon=csv(10))
    said = readable(app).replace("\u00a0", " ").replace("\u202f", " ")
    assert "Un fichier déposé qui manque ici dépassait 2 Mo" in said
