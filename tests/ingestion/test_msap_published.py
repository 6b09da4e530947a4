"""Every breach in the published tables of MSAP, counted by hand: all found, none invented."""

from pathlib import Path

import pytest

from data.ingestion.sentences import filled
from data.ingestion.validate import validate

EXTRACT = Path(__file__).parents[2] / "data" / "reference" / "igas_2017" / "msap_published.csv"
CA, HORS_CA, SSR = "chirurgie_ambulatoire", "hors_chirurgie_ambulatoire", "ssr"

# (year, domain, label, approvals + refusals, requests printed)
IDENTITY_BY_STATUS = [
    (2014, CA, "Privé", 1788, 1782),
    (2014, CA, "Public", 1290, 1314),
    (2014, CA, "Total", 3078, 3096),
    (2014, HORS_CA, "Privé", 535, 546),
    (2014, HORS_CA, "Public", 653, 694),
    (2014, HORS_CA, "Total", 1188, 1240),
    (2014, SSR, "Privé", 1311, 1315),
    # Public: 778 + 11 = 789, as printed.
    (2014, SSR, "Total", 2100, 2104),
    (2016, CA, "Privé", 1447, 1405),
    (2016, CA, "Public", 915, 866),
    # Total: 2303 + 59 = 2362, as printed.
    (2016, HORS_CA, "Privé", 762, 761),
    # Public: 80 + 9 = 89, as printed.
    (2016, HORS_CA, "Total", 851, 850),
    (2016, SSR, "Privé", 1149, 1145),
    (2016, SSR, "Public", 1025, 1032),
    (2016, SSR, "Total", 2174, 2177),
]
IDENTITY_BY_PROCEDURE = [
    (2014, CA, "Chirurgie anale", 17, 16),
    (2014, CA, "Chirurgie des hernies de l'enfant", 10, 0),
    (2014, CA, "Chirurgie des hernies inguinales", 449, 447),
    (2014, CA, "Chirurgie des varices", 128, 126),
    (2014, CA, "Chirurgie du cristallin", 1143, 1134),
    (2014, CA, "Chirurgie l'épaule", 20, 18),
    (2014, CA, "Chirurgie utérus", 60, 58),
    (2014, CA, "Cholécystectomie", 835, 823),
    (2014, CA, "Geste sur l'uretère", 9, 5),
    (2014, CA, "Total", 3078, 3096),
    (2014, HORS_CA, "Chir obésité", 685, 737),
    (2014, SSR, "Prothèse hanche", 540, 580),
    (2016, CA, "Chirurgie des hernies abdominales", 112, 102),
    (2016, CA, "Chirurgie des hernies inguinales", 205, 206),
    (2016, CA, "Chirurgie des hernies inguinales", 104, 105),
    (2016, CA, "Chirurgie des varices", 39, 36),
    (2016, CA, "Chirurgie du glaucome", 5, 6),
    (2016, CA, "Chirurgie l'épaule", 10, 2),
    (2016, CA, "Chirurgie utérus", 2, 1),
    (2016, CA, "Cholécystectomie", 594, 529),
    (2016, CA, "Geste sur l'uretère", 6, 2),
    (2016, CA, "Total général", 2331, 2271),
    (2016, HORS_CA, "Chir obésité", 677, 676),
    (2016, HORS_CA, "Total", 851, 850),
    (2016, SSR, "Prothèse hanche", 1043, 993),
    (2016, SSR, "Prothèse genou", 403, 412),
    (2016, SSR, "Chirurgie fracture trochanter", 249, 135),
    (2016, SSR, "Ligamentoplastie", 128, 130),
    (2016, SSR, "Total", 2202, 2149),
]
# (year, domain, label, requests, approvals)
APPROVALS_EXCEED_REQUESTS = [
    (2016, CA, "Public", 866, 903),
    (2016, CA, "Chirurgie des hernies abdominales", 102, 112),
    (2016, CA, "Chirurgie l'épaule", 2, 10),
    (2016, CA, "Chirurgie utérus", 1, 2),
    (2016, CA, "Cholécystectomie", 529, 588),
    (2016, CA, "Geste sur l'uretère", 2, 6),
    (2016, CA, "Total général", 2271, 2303),
    (2016, SSR, "Prothèse hanche", 993, 1013),
    (2016, SSR, "Chirurgie fracture trochanter", 135, 247),
]
# (year, domain, label, measure, sum of the lines, total printed)
TOTAL_MISMATCH = [
    (2016, CA, "Total", "requests", 2271, 2362),
    (2016, HORS_CA, "Total", "establishments", 45, 50),
    (2014, CA, "Total", "requests", 3034, 3096),
    (2016, CA, "Total général", "establishments", 329, 346),
    (2016, CA, "Total général", "requests", 2197, 2271),
    (2016, CA, "Total général", "approvals", 2233, 2303),
    (2016, CA, "Total général", "refusals", 52, 28),
    (2016, SSR, "Total", "establishments", 169, 166),
    (2016, SSR, "Total", "requests", 2049, 2149),
]
BY_STATUS_BY_PROCEDURE = "Total par statut / par geste"
# (year, domain, label, measure, total of the first table, total of the second)
TABLES_DISAGREE = [
    (2014, SSR, BY_STATUS_BY_PROCEDURE, "approvals", 2065, 2025),
    (2014, SSR, BY_STATUS_BY_PROCEDURE, "refusals", 35, 39),
    (2016, CA, BY_STATUS_BY_PROCEDURE, "requests", 2362, 2271),
    (2016, CA, BY_STATUS_BY_PROCEDURE, "refusals", 59, 28),
    (2016, HORS_CA, BY_STATUS_BY_PROCEDURE, "establishments", 50, 45),
    (2016, SSR, BY_STATUS_BY_PROCEDURE, "requests", 2177, 2149),
    (2016, SSR, BY_STATUS_BY_PROCEDURE, "approvals", 2102, 2130),
    (2014, CA, "Total par statut / par catégorie d’établissement", "requests", 3096, 3345),
    (2014, CA, "Total par geste / par catégorie d’établissement", "requests", 3096, 3345),
    (2014, CA, "Total par statut / des demandes et des séjours", "requests", 3096, 3345),
    (2014, CA, "Total par geste / des demandes et des séjours", "requests", 3096, 3345),
]
DOUBLED_LABEL = [
    (2014, CA, "Chirurgie du nez", 1, 2),
    (2016, CA, "Chirurgie des hernies inguinales", 1, 2),
    (2016, CA, "Chirurgie du glaucome", 1, 2),
]
EXPECTED = sorted(
    [
        ("msap.identity", year, domain, label, "requests", expected, found)
        for year, domain, label, expected, found in [*IDENTITY_BY_STATUS, *IDENTITY_BY_PROCEDURE]
    ]
    + [
        ("msap.approvals_exceed_requests", year, domain, label, "approvals", expected, found)
        for year, domain, label, expected, found in APPROVALS_EXCEED_REQUESTS
    ]
    + [("msap.total_mismatch", *breach) for breach in TOTAL_MISMATCH]
    + [("msap.tables_disagree", *breach) for breach in TABLES_DISAGREE]
    + [
        ("msap.doubled_label", year, domain, label, "", expected, found)
        for year, domain, label, expected, found in DOUBLED_LABEL
    ]
)


@pytest.fixture(scope="module")
def findings(tmp_path_factory):
    out = tmp_path_factory.mktemp("msap") / "rows.parquet"
    found = validate(EXTRACT, EXTRACT.name, None, out)
    assert found.errors == ()
    return found.warnings


def test_every_breach_is_found_and_none_invented(findings):
    told = [
        (f.rule, f.year, f.domain, f.label, f.measure or "", f.expected, f.found) for f in findings
    ]
    assert sorted(told) == EXPECTED
    assert {(f.contract, f.severity) for f in findings} == {("msap_published", "warning")}


def sentence(findings, rule, label, year, measure=None):
    [found] = [
        f.sentence
        for f in findings
        if (f.rule, f.label, f.year) == (rule, label, year) and measure in (None, f.measure)
    ]
    return found.replace("\u202f", " ")


def test_sentences_name_the_line_the_values_and_the_gap(findings):
    assert sentence(findings, "msap.identity", "Cholécystectomie", 2014) == (
        "msap_published.csv, ligne 42, colonne « Demandes » : Cholécystectomie, chirurgie "
        "ambulatoire, 2014 : 823 accords + 12 refus = 835, 823 demandes publiées (écart 12)."
    )
    assert sentence(findings, "msap.approvals_exceed_requests", "Chirurgie utérus", 2016).endswith(
        "Chirurgie utérus, chirurgie ambulatoire, 2016 : 2 accords pour 1 demande, soit 1 de trop."
    )
    assert sentence(findings, "msap.doubled_label", "Chirurgie du nez", 2014).endswith(
        "« Chirurgie du nez » figure 2 fois dans le tableau par geste, chirurgie ambulatoire, 2014 "
        "(lignes 37 et 47 du fichier ; demandes : 29 et 194). Les lignes sont gardées telles "
        "quelles."
    )


def test_a_total_that_differs_names_the_blank_parts(findings):
    told = sentence(findings, "msap.total_mismatch", "Total général", 2016, "requests")
    assert "le total publié est de 2 271 demandes, ses lignes en font 2 197 (écart 74)" in told
    assert told.endswith(
        "Cellules vides, non comptées : « Accès vasculaire », « Angioplasties membre supérieur », "
        "« Chirurgie des maxillaires », « Chirurgie du glaucome », « Fistules artérioveineuses », "
        "« LEC »."
    )
    assert "vides" not in sentence(
        findings, "msap.total_mismatch", "Total général", 2016, "establishments"
    )


def test_tables_say_whether_their_total_is_printed(findings):
    told = [f.sentence for f in findings if f.rule == "msap.tables_disagree" and f.year == 2014]
    by_sum = [sentence for sentence in told if "à la somme des lignes" in sentence]
    assert len(by_sum) == 4
    assert all("au total publié" in sentence for sentence in told)


def test_files_as_transcribed_are_read_without_a_table_column(tmp_path):
    path = tmp_path / "by_category.csv"
    path.write_text(
        "year,perimeter,category,establishments,requests,stays_under_msap\n"
        "2014,55_procedures,CHR/CHU,50,544,14257\n"
        "2014,55_procedures,Total,50,545,14257\n",
        encoding="utf-8",
    )
    found = validate(path, path.name, None, tmp_path / "rows.parquet")
    assert (found.contract, found.errors) == ("msap_published", ())
    [breach] = found.warnings
    assert (breach.rule, breach.domain, breach.label) == ("msap.total_mismatch", CA, "Total")
    assert (breach.expected, breach.found) == (544, 545)


@pytest.mark.parametrize(
    ("count", "said"),
    [
        (0, "0 demande publiée"),
        (1.0, "1 demande publiée"),
        (2, "2 demandes publiées"),
        (None, "vide"),
    ],
)
def test_a_count_takes_its_noun_in_the_plural_from_two(count, said):
    assert filled("{requests:demande publiée}", {"requests": count}) == said
    assert filled("{refusals:refus}", {"refusals": 12.0}) == "12 refus"
