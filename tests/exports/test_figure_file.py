"""A figure leaves as the format asked, under its own name."""

import pandas as pd
import pytest

from exports.figure_file import figure_file
from figures.exportable import Exportable


def figure(calls: list[str], has_picture: bool = True) -> Exportable:
    def rows() -> pd.DataFrame:
        calls.append("rows")
        return pd.DataFrame({"taux": [0.25]})

    def picture() -> str:
        calls.append("picture")
        return '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 700 100"></svg>'

    return Exportable("cpg-2016", "Titre", "Note", "Pied", rows, picture if has_picture else None)


def test_a_csv_is_made_of_the_rows_alone():
    calls: list[str] = []
    name, mime, written = figure_file(figure(calls), "csv")
    assert (name, mime) == ("cpg-2016.csv", "text/csv;charset=utf-8")
    assert written.decode("utf-8-sig") == "taux\r\n0,25\r\n"
    assert calls == ["rows"]


def test_a_png_is_made_of_the_picture_alone():
    calls: list[str] = []
    name, mime, written = figure_file(figure(calls), "png")
    assert (name, mime) == ("cpg-2016.png", "image/png")
    assert written.startswith(b"\x89PNG\r\n\x1a\n")
    assert calls == ["picture"]


@pytest.mark.parametrize(("kind", "has_picture"), [("png", False), ("exe", True), ("", True)])
def test_a_format_that_the_figure_lacks_is_refused(kind, has_picture):
    with pytest.raises(ValueError, match="cpg-2016"):
        figure_file(figure([], has_picture), kind)
