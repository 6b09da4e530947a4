"""A figure of the screen as a file, in the format asked."""

from __future__ import annotations

from exports import csv_file, geojson_file, png_file
from figures.exportable import Exportable


def figure_file(figure: Exportable, kind: str) -> tuple[str, str, bytes]:
    """Name, MIME type and bytes of ``figure`` as ``csv``, ``png`` or ``geojson``.

    Raises: ValueError for a format that the figure doesn't have.
    """
    if kind == "csv":
        return f"{figure.stem}.csv", csv_file.MIME, csv_file.csv_bytes(figure.records())
    if kind == "png" and figure.svg is not None:
        picture = png_file.png_bytes(figure.svg(), figure.title, figure.note, figure.foot)
        return f"{figure.stem}.png", png_file.MIME, picture
    if kind == "geojson" and figure.geometry is not None:
        content = geojson_file.geojson_bytes(
            figure.records(), figure.geometry, figure.title, figure.note, figure.foot
        )
        return f"{figure.stem}.geojson", geojson_file.MIME, content
    raise ValueError(f"No {kind!r} file of {figure.stem}.")
