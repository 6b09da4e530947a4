"""The published tables of MSAP: printed and computed values side by side, blanks left blank."""

import pandas as pd
import pytest

from access.policy import policy
from queries import msap
from queries.current import current_build
from queries.run import run

PRINTED = ["establishments", "requests", "approvals", "refusals"]
COMPUTED = [f"computed_{name}" for name in PRINTED]


@pytest.fixture
def asked(demo_home):
    return policy().scope("national:FR"), current_build()


def total_of(frame):
    [row] = frame[frame["is_total"]].to_dict("records")
    return row


def test_a_printed_total_stands_beside_the_sum_of_its_lines(asked):
    rows = msap.published_by_status(*asked, 2016, "chirurgie_ambulatoire")
    assert rows["status"].tolist() == ["Privé", "Public", "Total"]
    total = total_of(rows)
    assert [total[name] for name in PRINTED] == [346, 2362, 2303, 59]
    assert [total[name] for name in COMPUTED] == [346, 2271, 2303, 59]
    assert rows.loc[~rows["is_total"], COMPUTED].isna().all(axis=None)


def test_blank_cells_stay_blank_and_are_counted(asked):
    rows = msap.published_by_procedure(*asked, 2016, "chirurgie_ambulatoire")
    blank = rows[rows["procedure"] == "Accès vasculaire"].iloc[0]
    assert blank["establishments"] == 8
    assert blank[["requests", "approvals", "refusals", "decided"]].isna().all()
    total = total_of(rows)
    assert (total["procedure"], total["requests"], total["computed_requests"]) == (
        "Total général",
        2271,
        2197,
    )
    # Accès vasculaire, angioplasties, maxillaires, one glaucome, fistules, LEC.
    assert total["blank_requests"] == 6


def test_a_table_without_printed_total_gets_a_computed_one_alone(asked):
    total = total_of(msap.published_by_procedure(*asked, 2014, "ssr"))
    assert not total["is_printed"]
    assert all(pd.isna(total[name]) for name in PRINTED)
    assert [total[name] for name in COMPUTED[1:]] == [2104, 2025, 39]


def test_lines_of_one_procedure_share_its_code(asked):
    rows = msap.published_by_procedure(*asked, 2016, "chirurgie_ambulatoire")
    shoulder = rows[rows["procedure_code"] == "epaule"]
    assert shoulder["procedure"].tolist() == ["Chirurgie de l'épaule", "Chirurgie l'épaule"]
    everything = msap.published_by_procedure(*asked)
    assert everything.loc[~everything["is_total"], "procedure_code"].notna().all()
    dupuytren = everything[everything["procedure_code"] == "main_dupuytren"]
    assert list(zip(dupuytren["year"], dupuytren["requests"], strict=True)) == [
        (2014, 8),
        (2016, 9),
    ]


def test_categories_and_stays_are_those_printed(asked):
    categories = msap.published_by_category(*asked, 2014)
    totals = categories[categories["is_total"]].set_index("perimeter")
    assert totals["requests"].to_dict() == {
        "55_procedures": 3345,
        "48_procedures_excluding_ophthalmology": 2091,
    }
    assert (totals["stays"] == totals["computed_stays"]).all()
    stays = msap.published_stays(*asked)
    cataract = stays[stays["procedure_code"] == "cristallin"].iloc[0]
    assert (cataract["requests"], cataract["stays"]) == (1254, 40354)
    assert cataract["requests_per_stay_pct"] == pytest.approx(3.11)
    assert total_of(stays)["computed_stays"] == 81577


@pytest.mark.parametrize(
    "question", ["published_by_status", "published_by_procedure", "published_stays"]
)
def test_published_figures_show_to_all_and_hide_nothing(question, demo_home):
    build_id = current_build()
    seen = [
        run(f"msap/{question}", policy().scope(person), build_id)
        for person in ("national:FR", "cpam:CPAM-43", "analyste:REG-84")
    ]
    assert len(seen[0]) > 0
    assert all(frame.equals(seen[0]) for frame in seen)
