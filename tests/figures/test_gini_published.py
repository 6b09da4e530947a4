"""The published index beside ours: contradictions, rising targets, rounding, reasons."""

from dataclasses import replace

import pandas as pd

from figures import gini_published as figures
from figures.gini_published import published

COLUMNS = (
    "profession",
    "year",
    "kind",
    "gini",
    "published_delta",
    "computed_delta",
    "gini_departement",
    "gini_epci",
)
ROWS = published(
    pd.DataFrame(
        [
            ("sages_femmes", 2015, "realised", 0.225, -0.017, -0.017, 0.135, 0.225),
            ("sages_femmes", 2016, "realised", 0.215, 0.01, -0.01, 0.132, 0.216),
            ("sages_femmes", 2017, "target", 0.258, 0.043, 0.043, None, None),
            ("infirmiers", 2016, "realised", 0.315, -0.004, -0.004, 0.274, 0.316),
            ("infirmiers", 2017, "target", 0.325, 0.01, 0.01, None, None),
            ("orthophonistes", 2016, "realised", 0.331, 0.001, 0.0025, None, None),
        ],
        columns=COLUMNS,
    )
)


def test_a_published_change_that_its_own_figures_contradict_is_found():
    assert [row.profession for row in ROWS if row.is_contradicted] == ["sages_femmes"]
    said = figures.published_findings(ROWS)
    assert any(
        "Sages-femmes 2016" in one and "+0,010, alors que 0,215 − 0,225 = −0,010" in one
        for one in said
    )


def test_rounding_alone_is_no_contradiction():
    assert not ROWS[-1].is_contradicted


def test_targets_that_let_inequality_rise_are_found():
    rising = [row.profession for row in ROWS if row.rises_as_target]
    assert rising == ["sages_femmes", "infirmiers"]
    title = figures.published_title(ROWS)
    assert "1 évolution publiée" in title
    assert "2 cibles 2017 qui laissent monter l’inégalité" in title


def test_rounding_and_missing_targets_are_said():
    said = " ".join(figures.published_findings(ROWS))
    assert "autant que l’objectif lui-même" in said
    assert "Sans cible publiée\u00a0: orthophonistes" in said


def test_the_reasons_are_the_grain_the_people_and_the_scope():
    reasons = dict(figures.reasons())
    assert {"La maille", "La population", "Le champ"} <= set(reasons)
    assert "En général, plus le territoire est petit" in reasons["La maille"]
    assert "Libéraux seuls" in reasons["Le champ"]


def test_no_reason_rests_on_counts_made_to_agree_with_what_was_published():
    assert not [
        words for _, words in figures.reasons() if "EPCI" in words or "plus proche" in words
    ]


def test_the_gap_is_told_by_grain():
    said = figures.gap_finding(ROWS)
    assert "par département de −0,090 à −0,041" in said
    assert "par EPCI de 0,000 à +0,001" in said
    assert "Aucune année commune" in figures.gap_finding(ROWS[-1:])


def test_the_table_marks_what_is_doubtful_in_words():
    table = figures.published_table(ROWS, "x")
    assert "▼ +0,010 contredite" in table
    assert "▼ +0,043 monte" in table
    assert "2017 (cible)" in table


def test_file_and_picture_hold_every_profession():
    records = figures.published_records(ROWS)
    assert records["contredite"].tolist() == [False, True, False, False, False, False]
    svg = figures.published_svg(ROWS, "alt")
    assert svg.count("<circle") == len(ROWS)
    assert figures.published_panels(ROWS).count('<svg class="v-small"') == 3


MADE_UP = "ffectifs fictifs, calés sur l’indice publié par EPCI\u00a0: l’accord ne prouve rien"
FICTITIOUS = [replace(row, made_up=frozenset({"departement", "epci"})) for row in ROWS]


def test_counts_of_the_demonstration_are_known_by_profession_year_and_grain():
    columns = [("infirmiers", 2016, "realised", 0.315, None, None, 0.274, 0.316)]
    frame = pd.DataFrame(columns, columns=COLUMNS)
    assert published(frame, {("infirmiers", 2016, "epci")})[0].made_up == {"epci"}
    assert published(frame)[0].made_up == frozenset()


def test_the_agreement_of_made_up_counts_proves_nothing():
    assert figures.gap_finding(FICTITIOUS).endswith(MADE_UP)
    table = figures.published_table(FICTITIOUS, "x")
    assert MADE_UP in table
    assert "Ici, par EPCI (effectifs fictifs, calés)" in table
    assert "Ici, par département (effectifs fictifs)" in table
    assert "Écart, EPCI − publié (calé : ne prouve rien)" in table
    assert "les deux se confondent" in figures.published_panels(FICTITIOUS)
    warned = figures.published_records(FICTITIOUS)["avertissement"]
    assert warned.tolist() == [figures.MADE_UP] * 2 + [""] + [figures.MADE_UP] + [""] * 2


def test_real_counts_are_compared_without_a_warning():
    assert figures.made_up_words(ROWS) == ""
    assert "fictif" not in figures.published_table(ROWS, "x") + figures.published_panels(ROWS)
    assert "avertissement" not in figures.published_records(ROWS)


def test_among_both_real_counts_speak_and_made_up_ones_are_marked():
    mixed = [FICTITIOUS[0], *ROWS[1:]]
    assert "par EPCI de +0,001 à +0,001" in figures.gap_finding(mixed)
    table = figures.published_table(mixed, "x")
    assert "0,225 <small>fictif</small>" in table
    assert "0,216 <small>" not in table
    assert "en partie effectifs fictifs" in table


def test_every_panel_spans_the_same_years():
    panels = figures.published_panels(ROWS)
    assert panels.count(">2015</text>") == panels.count(">2017</text>") == 3
