"""axe-core finds no fault in what we draw, on any page, light or dark, on a desk or a phone."""

import re
from dataclasses import dataclass
from importlib.resources import files

import pytest
from playwright.sync_api import expect

from data.store.home import PROJECT

pytestmark = pytest.mark.browser

AXE = (files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8")
# Everything is laid out: what lies under the fold of an ordinary window is not drawn at all.
HEIGHT = 6_000
WIDTHS = {"desk": 1440, "phone": 390}
SCHEMES = ("light", "dark")

STORY = "annee=2016&detail=CPAM-43&objectif=generiques_penetration"
VIEWS = {
    "synthese": ("synthese?annee=2017", "#bloc-ecarts"),
    "synthese of a department": ("synthese?annee=2017&territoire=DEP-43", "#bloc-ecarts"),
    "cpg": ("cpg?annee=2016", "table[data-grid] td[tabindex='0']"),
    "cpg, open year of a region": (
        "cpg?annee=2017&territoire=REG-84",
        "table[data-grid] td[tabindex='0']",
    ),
    "cpg, a story": (f"cpg?{STORY}&niveau=caisse&territoire=REG-84", ".v-story svg"),
    "cpg, a story and its form": (
        f"cpg?{STORY}&profil=cpam&profil_territoire=CPAM-43",
        ".v-story [data-key=notes]",
    ),
    "departement": ("departement?annee=2017&territoire=DEP-43", "table caption"),
    "maps": ("adhesions?annee=2016&choisi=DEP-43&mesure=atteinte", ".v-mapstory svg"),
    "maps, two of them": ("adhesions?annee=2016&cote=mesure-atteinte", ".st-key-carte_cote canvas"),
    "cog": ("cog", ".v-cog"),
    "importer": (
        "importer?profil=dcgdr&profil_territoire=REG-84",
        "[data-testid=stFileUploaderDropzone]",
    ),
    "collecte": ("collecte?annee=2017", "#bloc-collecte td[tabindex='0']"),
    "corrections": ("corrections?profil=cpam&profil_territoire=CPAM-43", "#bloc-proposer form"),
    "extraits": ("extraits?annee=2017", "#bloc-extraits"),
    "anomalies": ("anomalies", "#bloc-liste"),
    "rapprochement": ("rapprochement?annee=2016", "table caption"),
    "methode": ("methode", ".v-def"),
    "msap": ("msap?annee=2016", "#bloc-carte svg"),
    "msap of a region": ("msap?annee=2016&profil=dcgdr&profil_territoire=REG-84", "#bloc-mois svg"),
    "msap, procedures": ("msap_gestes?annee=2016", "#bloc-annees svg"),
    "msap, establishments": (
        "msap_etablissements?annee=2016&tableau=oui&profil=dcgdr&profil_territoire=REG-84",
        "#bloc-entonnoir svg a",
    ),
    "msap, an establishment": (
        "msap_etablissements?etablissement=000690003&profil=dcgdr&profil_territoire=REG-84",
        "#bloc-mois svg",
    ),
    "msap, an establishment withheld": (
        "msap_etablissements?etablissement=000690003",
        "#bloc-attendu",
    ),
    "repartition": ("repartition?repere=DEP-43", "#bloc-densite svg"),
    "repartition of a region by EPCI": (
        "repartition?territoire=REG-76&maille=epci&annee=2016",
        "#bloc-densite svg",
    ),
    "inegalite": ("inegalite", "#bloc-voisins svg"),
    "simulateur": (
        "simulateur?territoire=REG-76&plan=DEP-31:18,DEP-30:-2&budget=20",
        "#bloc-plan svg.v-lorenz",
    ),
    "ir41": ("ir41", "#bloc-ir41 svg"),
    "prado": ("prado?annee=2016&prado_frais=30&prado_cam=x", "#bloc-couverture caption"),
    "sophia": ("sophia?annee=2016", "#bloc-effectifs caption"),
    "numerique": ("numerique", "#bloc-carte svg"),
    "delais": ("delais?delais_fin=90", "#bloc-delais svg:visible"),
}


@dataclass(frozen=True)
class ShellFault:
    """A fault of Streamlit's own frame around our pages, which no page of ours can mend."""

    rule: str
    selector: str
    reason: str


SHELL = (
    ShellFault(
        "list",
        "[data-testid=stSidebarNavItems]",
        "On a phone the sections of the navigation are <div> right under its <ul>.",
    ),
    ShellFault(
        "listitem",
        "[data-testid=stSidebarNavItems] li",
        "For the same reason, its <li> stand in a <div>.",
    ),
    ShellFault(
        "presentation-role-conflict",
        "[data-testid=stFileUploaderDropzone]",
        "Where files are dropped, Streamlit names a <section> that it calls presentation.",
    ),
)

RUN = """async (shell) => {
  const rules = { "target-size": { enabled: true } }
  const options = { rules, elementRef: true, resultTypes: ["violations"] }
  const { violations } = await axe.run(document, options)
  const faults = []
  for (const { id, impact, nodes } of violations) for (const node of nodes) {
    const known = shell.find((fault) => fault.rule === id && node.element?.matches(fault.selector))
    faults.push({ rule: id, impact, known: Boolean(known), html: node.html.slice(0, 160),
                  why: (node.failureSummary ?? "").replaceAll("\\n", " ").slice(0, 240) })
  }
  return faults
}"""


def faults_of(page):
    """What axe says of the page as it stands, all impacts; ``known`` where ``SHELL`` lists it."""
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(AXE)
    listed = [{"rule": fault.rule, "selector": fault.selector} for fault in SHELL]
    return page.evaluate(RUN, listed)


def open_view(page, url, mark, width):
    page.set_viewport_size({"width": width, "height": HEIGHT})
    page.goto(url)
    expect(page.locator(mark).first).to_be_visible()
    settle(page)
    # What is folded is read too, once opened; a menu would lie over what is beside it.
    page.evaluate(
        "() => document.querySelectorAll('.vigie .v-fold').forEach((e) => (e.open = true))"
    )


def settle(page):
    """Wait until the script has run and what it sent stands still."""
    page.wait_for_function(
        """() => {
          const app = document.querySelector("[data-testid=stApp]")
          const size = document.body.innerHTML.length
          const isStill = window.sizeSeen === size
          window.sizeSeen = size
          return isStill && app?.getAttribute("data-test-script-state") === "notRunning"
        }""",
        polling=400,
    )


def said(faults):
    return [f"{f['impact']} {f['rule']}: {f['html']} | {f['why']}" for f in faults]


@pytest.mark.parametrize("width", WIDTHS.values(), ids=WIDTHS)
@pytest.mark.parametrize("view", VIEWS)
def test_axe_finds_nothing_in_what_we_draw(page, address, view, width):
    path, mark = VIEWS[view]
    open_view(page, f"{address}/{path}", mark, width)
    for scheme in SCHEMES:
        page.emulate_media(color_scheme=scheme)
        expect(page.locator("[data-testid=stApp]")).to_have_css("color-scheme", scheme)
        ours = [fault for fault in faults_of(page) if not fault["known"]]
        assert said(ours) == [], f"{view}, {width} px, {scheme}"


def test_the_open_menu_has_no_fault_either(page, address):
    path, mark = VIEWS["cpg"]
    open_view(page, f"{address}/{path}", mark, WIDTHS["phone"])
    page.locator(".v-menu > summary", has_text="Voir comme").click()
    assert said(fault for fault in faults_of(page) if not fault["known"]) == []


def test_no_name_is_given_twice(page, address):
    for path, mark in VIEWS.values():
        open_view(page, f"{address}/{path}", mark, WIDTHS["desk"])
        # deck.gl gives its own two boxes the same names on every map of a page.
        names = page.evaluate(
            "() => [...document.querySelectorAll('[id]')]"
            ".filter((e) => !e.closest('[data-testid=stDeckGlJsonChart]')).map((e) => e.id)"
        )
        assert sorted({name for name in names if names.count(name) > 1}) == [], path


def test_every_page_is_looked_at():
    declared = set(re.findall(r'url_path="(\w+)"', (PROJECT / "app.py").read_text("utf-8")))
    looked_at = {path.split("?")[0] for path, _ in VIEWS.values()}
    # The bare address and the door of whoever is signed out show what other pages show.
    assert declared - {"accueil", "connexion"} <= looked_at


def test_every_fault_listed_of_the_shell_is_still_there(page, address):
    path, mark = VIEWS["importer"]
    open_view(page, f"{address}/{path}", mark, WIDTHS["phone"])
    assert {fault["rule"] for fault in faults_of(page) if fault["known"]} == {f.rule for f in SHELL}


def test_a_fault_of_ours_would_be_found(page, address):
    path, mark = VIEWS["methode"]
    open_view(page, f"{address}/{path}", mark, WIDTHS["desk"])
    page.evaluate(
        """() => document.querySelector(".vigie h1").insertAdjacentHTML("afterend",
          '<ul><div>x</div></ul><p style="color:#aaa;background:#fff">pâle</p><img src="data:,">'
        )"""
    )
    found = {fault["rule"] for fault in faults_of(page) if not fault["known"]}
    assert {"list", "color-contrast", "image-alt"} <= found
