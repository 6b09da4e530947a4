"""Each page shows a person their own territories and no other, signed in or in demonstration."""

import ast

import pytest
from streamlit.testing.v1 import AppTest

from access.policy import policy
from data.reference.territories import official_name, territories
from data.store.home import PROJECT
from tests.drawn import drawn
from tests.pages.apps import chosen_option, open_app, readable

PAGES = {
    "pages/pilotage/synthese.py": "Les cinq écarts qui comptent",
    "pages/pilotage/cpg.py": "Auvergne-Rhône-Alpes",
    "pages/pilotage/departement.py": "Ce qui manque",
    "pages/pilotage/cog.py": "Indicateurs de la COG",
    "pages/msap/vue_ensemble.py": "Réponses sous 48 h",
    "pages/msap/gestes.py": "Taux d’accord",
    "pages/msap/etablissements.py": "Qui appeler, et pourquoi",
    "pages/professionnels/repartition.py": "L’objectif de la COG (IR 4.1)",
    "pages/professionnels/inegalite.py": "la moitié de l’inégalité",
    "pages/professionnels/simulateur.py": "Où installer des infirmiers",
    "pages/professionnels/ir41.py": "Pourquoi nos indices diffèrent",
    "pages/programmes/cartes.py": "Couverture",
    "pages/programmes/prado.py": "Coût d’une adhésion",
    "pages/programmes/sophia.py": "en écart aux soins",
    "pages/programmes/numerique.py": "dossiers médicaux partagés",
    "pages/programmes/delais.py": "premières consultations de suivi",
    "pages/donnees/importer.py": "Importer des extraits",
    "pages/donnees/collecte.py": "Ce que chaque caisse a envoyé",
    "pages/donnees/corrections.py": "Aucune correction proposée",
    "pages/donnees/extraits.py": "cpg_demo",
    "pages/donnees/anomalies.py": "Ce que les contrôles ont relevé",
    "pages/donnees/rapprochement.py": "Publié et recalculé",
    "pages/reperes/methode.py": "Règles de calcul",
}
FIRST, SECOND = ("dcgdr", "REG-84"), ("dcgdr", "REG-44")


def open_page(page, role, territory):
    app = AppTest.from_file(str(PROJECT / "app.py"), default_timeout=90)
    app.query_params["profil"] = role
    app.query_params["profil_territoire"] = territory
    app.query_params["annee"] = "2017"
    app.run()
    return app.switch_page(page).run()


def caisse_names(region):
    frame = territories()
    own = frame[(frame["level"] == "caisse") & (frame["region_code"] == region)]
    return set(own["territory_name"])


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize(("mine", "other"), [(FIRST, SECOND), (SECOND, FIRST)])
def test_two_regions_see_nothing_of_each_other(page, mine, other, demo_home):
    shown = drawn(open_page(page, *mine))
    assert [name for name in caisse_names(other[1]) if name in shown] == []


@pytest.mark.parametrize("page", PAGES)
def test_each_page_says_something_to_its_reader(page, demo_home):
    assert PAGES[page] in drawn(open_page(page, *FIRST))


def test_the_board_of_a_cpam_holds_its_caisse_alone(demo_home):
    shown = drawn(open_page("pages/pilotage/cpg.py", "cpam", "CPAM-43"))
    assert official_name("CPAM-43") in shown
    others = caisse_names("REG-84") - {official_name("CPAM-43")}
    assert [name for name in others if name in shown] == []


def test_a_role_that_does_not_exist_falls_back_and_shows_no_detail_of_patients(demo_home):
    app = AppTest.from_file(str(PROJECT / "app.py"), default_timeout=90)
    app.query_params["profil"] = "administrateur"
    shown = drawn(app.run())
    assert "Vue : National" in shown


def test_small_counts_of_patients_are_nowhere_in_what_circulates(demo_home):
    scope = policy().scope("national:FR")
    assert scope.small_numbers == ()
    app = open_page("pages/pilotage/cpg.py", "national", "FR")
    app.query_params["territoire"] = "DEP-48"
    app.query_params["objectif"] = "prado_chirurgie_adhesions"
    shown = drawn(app.run())
    assert "CPAM Lozère" in shown
    assert "moins de 11 patients" in shown


def test_an_address_out_of_the_scope_is_said(demo_home):
    assert "hors de votre périmètre" not in drawn(
        open_page("pages/pilotage/cpg.py", "cpam", "CPAM-43")
    )
    app = open_app(profil="cpam", profil_territoire="CPAM-43", territoire="REG-84")
    said = readable(app)
    assert "« REG-84 », est hors de votre périmètre" in said
    assert "voici CPAM Haute-Loire" in said


def test_the_header_says_whose_view_a_label_of_an_address_opens(demo_home):
    app = open_app(profil="Responsable CPAM", profil_territoire="CPAM Haute-Loire")
    said = readable(app)
    assert "Vue : Responsable CPAM" in said
    assert "Voir comme : Responsable CPAM" in said
    assert chosen_option(app, "territoire") == "CPAM Haute-Loire"


def test_pages_folder_has_no_script_that_streamlit_would_serve_without_the_router():
    assert {path.name for path in (PROJECT / "pages").glob("*.py")} <= {"__init__.py"}


def test_every_page_asks_who_is_here_first():
    files = [path for path in (PROJECT / "pages").glob("*/*.py") if path.name != "__init__.py"]
    assert len(files) == len(PAGES)
    for path in files:
        statements = [
            ast.unparse(node)
            for node in ast.parse(path.read_text("utf-8")).body[1:]
            if not isinstance(node, ast.Import | ast.ImportFrom)
        ]
        assert statements[0] == "scope = require_scope()", path


@pytest.fixture
def signed_in_app(demo_home):
    app = AppTest.from_file(str(PROJECT / "app.py"), default_timeout=90)
    app.secrets["auth"] = {"client_id": "x"}
    return app


def test_signed_out_shows_the_sign_in_page_and_nothing_else(signed_in_app):
    signed_in_app.query_params["profil"] = "national"
    app = signed_in_app.run()
    assert not app.exception
    assert "CPAM" not in "\n".join(block.proto.body for block in app.get("html"))
    assert [button.label for button in app.button] == ["Se connecter"]


def test_an_unknown_person_is_told_so(signed_in_app):
    signed_in_app.user = {"is_logged_in": True, "email": "inconnue@example.fr"}
    shown = drawn(signed_in_app.run())
    assert "inconnue@example.fr" in shown
    assert "<table" not in shown
