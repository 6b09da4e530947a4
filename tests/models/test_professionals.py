"""The marts of professionals: what is counted, beside which people, and the index over them."""

import duckdb
import pytest

from access.policy import operator_scope
from data.ingestion.publish import Request, publish
from data.reference.epci import counting_territories
from data.store.home import Home
from indicators.inequality import gini
from queries import professionals

PEOPLE = Request(person="essai")
HEAD = "Année;Profession;Exercice;Région;Département;Effectif;Densité"


@pytest.fixture
def build(tmp_path):
    """Publish files, name to lines, and give the build's connection."""

    def published(**files):
        home = Home(tmp_path / "home")
        paths = []
        for name, lines in files.items():
            path = tmp_path / f"{name}.csv"
            path.write_text("\n".join(lines), encoding="utf-8")
            paths.append(path)
        outcomes = publish(paths, home, PEOPLE)
        assert [outcome.state for outcome in outcomes] == ["published"] * len(paths)
        return duckdb.connect(str(home.build_path(home.current_build_id())), read_only=True)

    return published


def counted(connection, columns, condition="true"):
    return connection.execute(
        f"select {columns} from professional_counts where {condition} order by all"
    ).fetchall()


def test_totals_among_the_rows_are_never_counted(build):
    connection = build(
        effectifs=[
            HEAD,
            "2024;Infirmiers;;94;2A;300;180",
            "2024;Infirmiers;;94;2B;400;210",
            "2024;Infirmiers;;94;999;700;195",
            "2024;Infirmiers;;99;999;99023;144,3",
            "2024;Infirmiers;;;975;7;",
        ]
    )
    assert counted(connection, "territory_code, headcount") == [("DEP-2A", 300), ("DEP-2B", 400)]
    sent = connection.execute(
        "select territory_code, headcount from professional_published order by all"
    ).fetchall()
    assert sent == [
        ("DEP-2A", 300), ("DEP-2B", 400), ("FR", 99023), ("HORS-975", 7), ("REG-94", 700),
    ]  # fmt: skip


def test_an_ensemble_is_the_sum_of_its_professions_where_all_are_known(build):
    odf = "Chirurgiens-dentistes spécialistes d’orthopédie dento-faciale (ODF)"
    others = "Chirurgiens-dentistes hors ODF"
    connection = build(
        effectifs=[
            HEAD,
            "2024;Ensemble des chirurgiens-dentistes;;;01;101;",
            f"2024;{others};;;01;90;",
            f"2024;{odf};;;01;10;",
            "2024;Ensemble des chirurgiens-dentistes;;;03;50;",
            f"2024;{others};;;03;44;",
        ]
    )
    found = counted(
        connection, "territory_code, headcount", "profession_code = 'chirurgiens_dentistes'"
    )
    assert found == [("DEP-01", 100), ("DEP-03", 50)]


def test_classes_are_summed_up_where_their_total_is_not_given(build):
    head = "Année;Profession;Département;Classe d'âge;Sexe;Effectif"
    connection = build(
        effectifs=[
            head,
            "2024;Infirmiers;01;moins de 35 ans;tout sexe;10",
            "2024;Infirmiers;01;35 ans et plus;tout sexe;20",
            "2024;Infirmiers;03;moins de 35 ans;tout sexe;10",
            "2024;Infirmiers;03;tout âge;tout sexe;41",
            "2024;Infirmiers;07;moins de 35 ans;femmes;1",
            "2024;Infirmiers;07;moins de 35 ans;hommes;2",
        ]
    )
    assert counted(connection, "headcount") == [(3,), (30,), (41,)]


def test_departments_are_summed_up_from_epci_unless_they_were_sent(build):
    lines = [
        "Année;Profession;EPCI;Effectif",
        "2016;Infirmiers;200029999;10",
        "2016;Infirmiers;200040350;5",
        "2017;Infirmiers;200029999;11",
    ]
    sent = ["Année;Profession;Département;Effectif", "2017;Infirmiers;01;900"]
    connection = build(epci=lines, departements=sent)
    found = counted(connection, "year, grain, territory_code, headcount")
    assert found == [
        (2016, "departement", "DEP-01", 15),
        (2016, "epci", "EPCI-200029999", 10),
        (2016, "epci", "EPCI-200040350", 5),
        (2017, "departement", "DEP-01", 900),
        (2017, "epci", "EPCI-200029999", 11),
    ]


def test_people_come_from_the_best_source_that_is_known(build):
    connection = build(
        effectifs=[
            HEAD,
            "2024;Ensemble des auxiliaires médicaux;;;01;2000;400",
            "2024;Infirmiers;;;01;700;101",
            "2024;Infirmiers;;;03;500;",
            "2024;Sages-femmes;;;01;0;0",
            "2024;Sages-femmes;;;07;50;100",
            "2024;Infirmiers;;;26;500;100",
        ],
        population=["Année;Département;Population", "2024;26;510000"],
    )
    found = counted(
        connection,
        "profession_code, territory_code, population_source, round(population)",
        "profession_code in ('infirmiers', 'sages_femmes')",
    )
    census = connection.execute(
        "select population from professional_territories where territory_code = 'DEP-03'"
    ).fetchall()[0][0]
    assert found == [
        ("infirmiers", "DEP-01", "implied", 500_000),
        ("infirmiers", "DEP-03", "census", census),
        ("infirmiers", "DEP-26", "sent", 510_000),
        ("sages_femmes", "DEP-01", "estimated", round(500_000 * 0.2118)),
        ("sages_femmes", "DEP-07", "implied", 50_000),
    ]


AUVERGNE_RHONE_ALPES = ["01", "03", "07", "15", "26", "38", "42", "43", "63", "69", "73", "74"]
HEADS = [10, 0, 30, 25, 60, 5, 70, 22, 41, 300, 9, 80]
PEOPLE_OF = [
    10_000,
    5_000,
    12_000,
    9_000,
    20_000,
    8_000,
    25_000,
    9_000,
    20_000,
    90_000,
    8_000,
    30_000,
]


def region_counts(year=2024, codes=AUVERGNE_RHONE_ALPES, heads=HEADS):
    return [
        "Année;Profession;Département;Effectif",
        *(f"{year};Infirmiers;{code};{count}" for code, count in zip(codes, heads, strict=False)),
    ]


def region_people(*years, codes=AUVERGNE_RHONE_ALPES):
    return [
        "Année;Département;Population",
        *(
            f"{year};{code};{people}"
            for year in years
            for code, people in zip(codes, PEOPLE_OF, strict=False)
        ),
    ]


def test_the_index_is_that_of_counts_and_people(build):
    connection = build(effectifs=region_counts(), population=region_people(2024))
    found = connection.execute(
        "select gini, lower, upper, territories, territories_expected, territories_missing, "
        "professionals, population, is_exploratory, is_too_small from professional_gini "
        "where territory_code = 'REG-84'"
    ).fetchall()[0]
    expected = gini(HEADS, PEOPLE_OF)
    assert found[0] == pytest.approx(expected, abs=1e-12)
    assert found[1] < expected < found[2]
    assert found[3:] == (12, 12, 0, sum(HEADS), sum(PEOPLE_OF), True, False)


def test_an_area_that_is_not_whole_has_no_index_and_says_what_is_missing(build):
    connection = build(effectifs=region_counts(), population=region_people(2024))
    found = connection.execute(
        "select gini, lower, territories, territories_expected, territories_missing, "
        "missing_names, round(people_share, 2) from professional_gini where territory_code = 'FR'"
    ).fetchall()
    names = "Aisne, Alpes-de-Haute-Provence, Hautes-Alpes, Alpes-Maritimes, Ardennes, Ariège, "
    assert found == [
        (None, None, 12, 101, 89, names + "Aube, Aude, Aveyron, Bouches-du-Rhône", 0.12)
    ]


def test_a_territory_of_few_people_may_be_missing(build):
    codes, heads = AUVERGNE_RHONE_ALPES.copy(), HEADS.copy()
    place = codes.index("15")
    del codes[place], heads[place]
    connection = build(effectifs=region_counts(codes=codes, heads=heads))
    found = connection.execute(
        "select gini is not null, territories_missing, missing_names from professional_gini "
        "where territory_code = 'REG-84'"
    ).fetchall()
    assert found == [(True, 1, "Cantal")]


def test_too_few_territories_have_an_index_without_interval(build):
    connection = build(
        effectifs=[
            "Année;Profession;Département;Effectif",
            "2024;Infirmiers;2A;3",
            "2024;Infirmiers;2B;4",
        ],
    )
    found = connection.execute(
        "select territory_code, gini is null, lower, upper, is_too_small from professional_gini"
    )
    assert found.fetchall() == [("FR", True, None, None, True), ("REG-94", False, None, None, True)]


def changes_of_the_region(connection, columns="change is not null, verdict is not null, reason"):
    return connection.execute(
        f"select {columns} from professional_changes where territory_code = 'REG-84' "
        "and year = 2024 and span = 1"
    ).fetchall()


def test_two_years_on_one_source_of_people_are_judged(build):
    later = [count + place % 3 for place, count in enumerate(HEADS)]
    connection = build(
        avant=region_counts(2023),
        apres=region_counts(2024, heads=later),
        population=region_people(2023, 2024),
    )
    assert changes_of_the_region(connection) == [(True, True, None)]
    found = changes_of_the_region(connection, "change, base_year, gini_before")
    assert found[0][0] == pytest.approx(gini(later, PEOPLE_OF) - gini(HEADS, PEOPLE_OF))
    assert found[0][1:] == (2023, pytest.approx(gini(HEADS, PEOPLE_OF)))
    national = connection.execute(
        "select change, verdict, reason from professional_changes "
        "where territory_code = 'FR' and year = 2024 and span = 1"
    )
    assert national.fetchall() == [(None, None, "not_computed")]


def test_years_on_two_sources_of_people_are_not_compared(build):
    connection = build(
        avant=region_counts(2023), apres=region_counts(2024), population=region_people(2024)
    )
    assert changes_of_the_region(connection) == [(False, False, "other_people")]


def test_a_year_summed_from_epci_is_not_compared_with_departments_that_were_sent(build):
    sent = [
        "Année;Profession;EPCI;Effectif",
        *(f"2023;Infirmiers;{code.removeprefix('EPCI-')};3" for code in epci_of("REG-84")),
    ]
    connection = build(avant=sent, apres=region_counts(2024))
    assert changes_of_the_region(connection) == [(False, False, "other_people")]


def epci_of(region):
    frame = counting_territories()
    is_own = (frame["grain"] == "epci") & (frame["region_code"] == region)
    return frame.loc[is_own, "territory_code"].tolist()


def test_age_classes_are_kept_by_territory(build):
    head = "Année;Profession;Département;Classe d'âge;Sexe;Effectif"
    connection = build(
        effectifs=[
            head,
            "2024;Infirmiers;01;moins de 35 ans;femmes;4",
            "2024;Infirmiers;01;moins de 35 ans;hommes;6",
            "2024;Infirmiers;01;35 ans et plus;tout sexe;20",
            "2024;Infirmiers;01;tout âge;tout sexe;30",
        ]
    )
    found = connection.execute(
        "select territory_code, age_class, headcount from professional_ages order by headcount"
    ).fetchall()
    assert found == [("DEP-01", "moins_de_35_ans", 10), ("DEP-01", "35_ans_et_plus", 20)]


def test_the_ages_of_an_area_add_up_its_territories(build, tmp_path, monkeypatch):
    head = "Année;Profession;Région;Département;Classe d'âge;Effectif"
    rows = [
        f"2024;Infirmiers;;{code};{age};{count}"
        for code, own in (("01", (10, 20, 5)), ("03", (30, 10, 5)), ("2A", (1, 1, 1)))
        for age, count in zip(
            ("moins de 35 ans", "35 à 54 ans", "55 ans et plus"), own, strict=True
        )
    ]
    build(effectifs=[head, *rows])
    monkeypatch.setenv("VIGIE_HOME", str(tmp_path / "home"))
    asked = (operator_scope(), Home.from_environment().current_build_id(), 2024, "infirmiers")
    found = professionals.ages(*asked, "REG-84")
    assert found["age_class"].tolist() == ["moins de 35 ans", "35 à 54 ans", "55 ans et plus"]
    assert found["professionals"].tolist() == [40, 30, 10]
    assert found["share"].tolist() == pytest.approx([0.5, 0.375, 0.125])
    assert set(found["territories"]) == {2}
    assert professionals.ages(*asked)["professionals"].tolist() == [41, 31, 11]


def test_the_liberal_ones_are_usual_where_both_scopes_are_known(build):
    connection = build(
        effectifs=[
            HEAD,
            "2016;Médecins;libéral;;01;600;",
            "2016;Médecins;tous exercices;;01;900;",
            "2015;Médecins;tous exercices;;01;890;",
        ]
    )
    found = counted(connection, "year, practice, is_usual_practice, headcount")
    assert found == [
        (2015, "all", True, 890),
        (2016, "all", False, 900),
        (2016, "liberal", True, 600),
    ]


def test_a_profession_that_nobody_knows_is_counted_under_its_own_name(build):
    connection = build(effectifs=[HEAD, "2024;Ostéopathes;;;01;30;"])
    found = counted(connection, "profession_code, profession_name, population_group, headcount")
    assert found == [("osteopathes", "Osteopathes", "all", 30)]


def test_the_latest_file_wins_a_territory(build):
    connection = build(
        premier=[HEAD, "2024;Infirmiers;;;01;30;", "2024;Infirmiers;;;03;31;"],
        second=[HEAD, "2024;Infirmiers;;;03;35;"],
    )
    assert counted(connection, "territory_code, headcount") == [("DEP-01", 30), ("DEP-03", 35)]


def test_the_published_index_comes_with_the_change_of_the_printed_ones(build):
    connection = build(
        gini=[
            "Profession;Année;Indice de Gini;Variation publiée;Nature",
            "Sages-femmes;2015;0,225;-0,017;réalisé",
            "Sages-femmes;2016;0,215;0,01;réalisé",
            "Sages-femmes;2017;0,258;0,043;cible",
        ]
    )
    found = connection.execute(
        "select year, kind, gini, published_delta, computed_delta from gini_published"
    ).fetchall()
    assert found == [
        (2015, "realised", 0.225, -0.017, None),
        (2016, "realised", 0.215, 0.01, -0.01),
        (2017, "target", 0.258, 0.043, 0.043),
    ]


def test_a_list_of_densities_takes_no_count_back(build):
    connection = build(
        effectifs=[HEAD, "2018;Médecins;tous exercices;;01;1161;"],
        densites=[
            "Année;Profession;Exercice;Département;Densité",
            "2018;Médecins;tous exercices;01;185,7",
        ],
    )
    found = connection.execute(
        "select headcount, published_density, file_name from professional_published"
    ).fetchall()
    assert found == [(1161, 185.7, "effectifs.csv")]
    # Nor does it say whom another file's count was divided by.
    assert counted(connection, "headcount, population_source") == [(1161, "census")]
