"""The declared indicators: complete, consistent, and tied to what was published."""

import csv
from pathlib import Path

import pytest
import yaml
from pydantic import ValidationError

from indicators.catalogue import DEFINITIONS, CatalogueError, as_markdown, catalogue, load

ROOT = Path(__file__).parents[2]
GOLDEN = ROOT / "tests" / "golden"

STABLE_CPG_CODES = [
    "prado_adhesions",
    "prado_maternite_adhesions",
    "prado_chirurgie_adhesions",
    "prado_insuffisance_cardiaque_adhesions",
    "prado_bpco_adhesions",
    "prado_chirurgie_etablissements",
    "prado_pathologies_chroniques_etablissements",
    "sophia_adherents",
    "sophia_ecart_soins",
    "generiques_penetration",
    "rosp_taux_moyen",
    "depistage_sein",
    "depistage_colorectal",
    "depistage_col_uterus",
    "vaccination_grippe",
    "aat_dematerialisation",
    "pse_dematerialisation",
    "dmt_dematerialisation",
    "ij_montants",
    "contacts_ps_es",
    "maitrise_medicalisee_economies",
    "msap_etablissements",
]

AGGREGATIONS = {
    "prado_adhesions": ("sum", "sum"),
    "prado_maternite_adhesions": ("sum", "sum"),
    "prado_chirurgie_etablissements": ("sum", "last"),
    "prado_pathologies_chroniques_etablissements": ("sum", "last"),
    "sophia_adherents": ("sum", "last"),
    "sophia_ecart_soins": ("ratio_of_sums", "ratio_of_sums"),
    "generiques_penetration": ("ratio_of_sums", "ratio_of_sums"),
    "ij_montants": ("sum", "sum"),
    "msap_etablissements": ("sum", "last"),
    "gini_ir41": ("not_additive", "last"),
}


def published(name):
    with (GOLDEN / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def definition(**changes):
    """A valid definition as a mapping, with fields replaced, or removed by ``...``."""
    path = DEFINITIONS / "sophia_ecart_soins.yaml"
    content = yaml.safe_load(path.read_text(encoding="utf-8"))
    content |= {"code": "essai", "cog_code": None, "interessement": []} | changes
    return {field: value for field, value in content.items() if value is not ...}


def write(folder, content, stem="essai"):
    text = yaml.safe_dump(content, allow_unicode=True)
    (folder / f"{stem}.yaml").write_text(text, encoding="utf-8")


def test_the_indicators_of_the_cpg_are_those_agreed():
    assert sorted(c for c, i in catalogue().items() if i.in_cpg) == sorted(STABLE_CPG_CODES)


@pytest.mark.parametrize(("code", "expected"), AGGREGATIONS.items())
def test_aggregation_follows_the_nature_of_the_figure(code, expected):
    rule = catalogue()[code].aggregation
    assert (rule.territories, rule.months) == expected


@pytest.mark.parametrize(
    "code",
    ["ij_montants", "depassement_secteur2", "prado_maternite_dms", "ondam_respect", "gini_ir41"],
)
def test_less_is_better_where_it_is(code):
    assert catalogue()[code].better == "lower"


def test_every_published_cog_code_has_its_indicator():
    codes = {row["cog_code"] for row in published("published_cog_codes.csv")} | {"IR4.1"}
    declared = [i.cog_code for i in catalogue().values() if i.cog_code is not None]
    assert sorted(declared) == sorted(codes)


def test_every_published_interessement_line_is_attached_once_and_no_other():
    lines = published("published_interessement_lines.csv")
    attached = [
        (str(line.year), line.share, line.label)
        for indicator in catalogue().values()
        for line in indicator.interessement
    ]
    assert sorted(attached) == sorted((r["year"], r["share"], r["label"]) for r in lines)


def test_the_prado_total_is_the_sum_of_its_volets():
    assert catalogue()["prado_adhesions"].components == (
        "prado_maternite_adhesions",
        "prado_chirurgie_adhesions",
        "prado_insuffisance_cardiaque_adhesions",
        "prado_bpco_adhesions",
    )


def test_indicators_come_in_display_order_and_areas_are_not_split():
    shown = list(catalogue().values())
    assert [i.sort_order for i in shown] == sorted(i.sort_order for i in shown)
    areas = [i.area for i in shown]
    changes = sum(one != other for one, other in zip(areas, areas[1:], strict=False))
    assert changes + 1 == len(set(areas))


def test_what_readers_see_follows_french_typography():
    for indicator in catalogue().values():
        texts = [indicator.title, indicator.short, indicator.formula, indicator.source.definition]
        for text in (*texts, *indicator.reading_notes):
            assert "'" not in text, f"{indicator.code}: {text}"
            assert not any(f" {mark}" in text for mark in ":;!?%"), f"{indicator.code}: {text}"


def test_the_documentation_is_the_catalogue():
    assert (ROOT / "docs" / "indicators.md").read_text(encoding="utf-8") == as_markdown()


def test_the_catalogue_cannot_be_changed():
    with pytest.raises(TypeError):
        catalogue()["essai"] = catalogue()["prado_adhesions"]
    with pytest.raises(ValidationError):
        catalogue()["prado_adhesions"].better = "lower"


def test_a_valid_definition_is_accepted(tmp_path):
    write(tmp_path, definition())
    assert list(load(tmp_path)) == ["essai"]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"better": ...}, "better"),
        ({"better": "more"}, "better"),
        ({"aggregation": ...}, "aggregation"),
        ({"aggregation": {"territories": "sum"}}, "aggregation.months"),
        ({"aggregation": {"territories": "mean", "months": "last"}}, "aggregation.territories"),
        ({"aggregation": {"territories": "sum", "months": "last"}}, "never added"),
        ({"denominator": None}, "denominator"),
        ({"unit": "count", "denominator": None}, "ratio_of_sums does not fit"),
        ({"suppression": "none"}, "suppression"),
        ({"components": ["essai"]}, "not part of itself"),
        ({"components": ["inconnu"]}, "unknown code 'inconnu'"),
        ({"reading_notes": []}, "reading_notes"),
        ({"titre": "faute de frappe"}, "titre"),
        ({"code": "autre"}, "code: 'autre'"),
        (
            {"interessement": [{"year": 2016, "share": "locale", "label": "x"}]},
            "interessement.0.share",
        ),
    ],
)
def test_a_wrong_definition_is_refused_naming_file_and_field(tmp_path, changes, field):
    write(tmp_path, definition(**changes))
    with pytest.raises(CatalogueError) as refusal:
        load(tmp_path)
    assert "essai.yaml" in str(refusal.value)
    assert field in str(refusal.value)


@pytest.mark.parametrize("text", ["- a\n- b\n", "", "code: [", "code: a\n\tb: c\n"])
def test_a_file_that_is_no_mapping_is_refused(tmp_path, text):
    (tmp_path / "essai.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(CatalogueError, match=r"essai\.yaml"):
        load(tmp_path)


def test_an_empty_folder_is_refused(tmp_path):
    with pytest.raises(CatalogueError, match="no definition"):
        load(tmp_path)


LINE = {"year": 2016, "share": "nationale", "label": "x"}


@pytest.mark.parametrize(
    ("common", "field"),
    [
        ({"sort_order": 1}, "sort_order"),
        ({"cog_code": "IR1"}, "cog_code"),
        ({"interessement": [LINE]}, "interessement"),
    ],
)
def test_two_indicators_do_not_claim_the_same_place(tmp_path, common, field):
    write(tmp_path, definition(**({"sort_order": 1} | common)))
    write(tmp_path, definition(code="essai2", **({"sort_order": 2} | common)), "essai2")
    with pytest.raises(CatalogueError, match=f"{field}.*already"):
        load(tmp_path)


def test_parts_that_add_up_otherwise_are_refused(tmp_path):
    other = {"territories": "not_additive", "months": "last"}
    write(tmp_path, definition(sort_order=1, components=["essai2"]))
    write(tmp_path, definition(code="essai2", sort_order=2, aggregation=other), "essai2")
    with pytest.raises(CatalogueError, match="essai2 has another unit or aggregation"):
        load(tmp_path)


@pytest.mark.parametrize(
    ("in_cpg", "read_on", "sentence"),
    [
        (False, "inconnu", "'inconnu' is no indicator of the CPG"),
        (False, "essai", "'essai' is no indicator of the CPG"),
        (True, "essai", "the CPG has the line's own"),
    ],
)
def test_a_line_is_read_only_on_what_the_cpg_holds_in_its_stead(
    tmp_path, in_cpg, read_on, sentence
):
    line = LINE | {"read_on": [read_on]}
    write(tmp_path, definition(in_cpg=in_cpg, interessement=[line]))
    with pytest.raises(CatalogueError, match=f"essai.yaml: read_on: {sentence}"):
        load(tmp_path)


def test_the_lines_read_on_another_indicator_are_those_decided():
    readings = {
        (line.year, indicator.code): line.read_on
        for indicator in catalogue().values()
        for line in indicator.interessement
        if line.read_on
    }
    assert readings == {(2017, "prado_trois_volets_adhesions"): ("prado_adhesions",)}
