"""Two publications compared: what flipped, what came, and nothing of what is withheld."""

import pandas as pd
import pytest

from indicators.changes import FLIP_COLUMNS, CellCounts, counted_cells, flipped
from indicators.few_patients import TOO_FEW


def figures(*rows):
    columns = ["territory_code", "status", "attainment", "is_withheld"]
    frame = pd.DataFrame(rows, columns=columns)
    return frame.assign(indicator_code="births", territory_name=frame["territory_code"].str.lower())


def cells(*rows):
    columns = ["caisse_code", "month", "realised", "provisional", "is_withheld"]
    frame = pd.DataFrame(rows, columns=columns)
    return frame.assign(indicator_code="births", numerator=None, denominator=None, objective=10)


@pytest.mark.parametrize(
    ("former", "later", "change"),
    [
        ("behind", "close", "improved"),
        ("behind", "attained", "improved"),
        ("attained", "close", "worsened"),
        ("not_applicable", "behind", "appeared"),
        ("close", "not_applicable", "disappeared"),
    ],
)
def test_a_flip_is_named_with_its_two_sides(former, later, change):
    found = flipped(figures(("A", former, 0.5, False)), figures(("A", later, 1.5, False)))
    assert list(found.columns) == FLIP_COLUMNS
    assert found.to_dict("records") == [
        {
            "territory_code": "A",
            "territory_name": "a",
            "indicator_code": "births",
            "status_before": former,
            "status_after": later,
            "attainment_before": 0.5,
            "attainment_after": 1.5,
            "change": change,
        }
    ]


def test_flips_keep_the_order_of_the_later_publication_and_what_left_comes_last():
    before = figures(("A", "behind", 0.1, False), ("B", "close", 0.96, False),
                     ("C", "close", 0.97, False), ("D", "attained", 1.2, False))  # fmt: skip
    after = figures(("C", "attained", 1.0, False), ("A", "attained", 1.1, False),
                    ("B", "close", 0.98, False))  # fmt: skip
    found = flipped(before, after)
    assert list(found["territory_code"]) == ["C", "A", "D"]
    assert list(found["change"]) == ["improved", "improved", "disappeared"]
    assert found["territory_name"].iloc[2] == "d"


@pytest.mark.parametrize(
    ("former", "later"), [("behind", TOO_FEW), (TOO_FEW, "attained"), (TOO_FEW, TOO_FEW)]
)
def test_a_figure_of_too_few_patients_has_no_verdict_to_flip(former, later):
    assert flipped(figures(("A", former, 0.5, False)), figures(("A", later, 1.5, False))).empty


@pytest.mark.parametrize("side", ["before", "after", "both"])
def test_a_figure_withheld_on_either_side_is_never_a_flip(side):
    shown, withheld = ("behind", 0.5, False), (None, None, True)
    before = figures(("A", *(withheld if side in ("before", "both") else shown)))
    after = figures(("A", *(withheld if side in ("after", "both") else ("attained", 1.0, False))))
    assert flipped(before, after).empty


def test_a_year_that_the_former_publication_does_not_know_appears():
    found = flipped(figures(), figures(("A", "close", 0.96, False), ("B", None, None, True)))
    assert list(found["territory_code"]) == ["A"]
    assert (found["status_before"].item(), found["change"].item()) == ("not_applicable", "appeared")


def test_cells_are_counted_by_what_became_of_them():
    before = cells(("A", "01", 10, False, False), ("A", "02", 20, True, False),
                   ("A", "03", 30, True, False), ("A", "04", None, True, False),
                   ("B", "01", 5, False, False))  # fmt: skip
    after = cells(("A", "01", 10, False, False), ("A", "02", 21, False, False),
                  ("A", "03", 30, False, False), ("A", "04", None, True, False),
                  ("C", "01", 9, True, False), ("C", "02", 9, True, False))  # fmt: skip
    assert counted_cells(before, after) == CellCounts(2, 1, 1, 1, 0)


def test_an_objective_that_changes_moves_its_cell():
    before = cells(("A", "01", 10, False, False))
    assert counted_cells(before, before.assign(objective=12)).moved == 1


def test_a_withheld_cell_is_neither_moved_nor_confirmed():
    before = cells(("A", "01", None, True, True), ("B", "01", 12, True, False))
    after = cells(("A", "01", 11, False, False), ("B", "01", None, False, True))
    assert counted_cells(before, after) == CellCounts(0, 0, 0, 0, 2)


def test_nothing_compared_with_nothing_has_not_changed():
    assert counted_cells(cells(), cells()) == CellCounts(0, 0, 0, 0, 0)
    assert flipped(figures(), figures()).empty
