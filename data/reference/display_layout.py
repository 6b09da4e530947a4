"""Lays the departments out for display: overseas beside the mainland, Paris and its ring larger.

The mainland keeps its longitudes and latitudes; the insets are moved to coordinates in the Bay of
Biscay and the Channel where nothing else is drawn. Draw it in Mercator, or flat with a degree of
latitude ``geometry.DISPLAY_ASPECT`` times as long as one of longitude.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely

Contours = dict[str, shapely.Geometry]


@dataclass(frozen=True)
class Inset:
    """A frame, in longitude and latitude of the display, into which departments are drawn.

    Attributes:
        name: what the frame shows, in French.
        codes: the departments drawn in it, at one scale.
        box: west, south, east, north.
        is_repeated: whether they also stay in their own place.
    """

    name: str
    codes: tuple[str, ...]
    box: tuple[float, float, float, float]
    is_repeated: bool = False


INSETS = (
    Inset("Paris et petite couronne", ("75", "92", "93", "94"), (-5.2, 49.3, -2.2, 51.1), True),
    Inset("Guadeloupe", ("971",), (-5.2, 45.0, -3.75, 46.2)),
    Inset("Martinique", ("972",), (-3.65, 45.0, -2.2, 46.2)),
    Inset("Guyane", ("973",), (-5.2, 43.7, -3.75, 44.9)),
    Inset("La Réunion", ("974",), (-3.65, 43.7, -2.2, 44.9)),
    Inset("Mayotte", ("976",), (-5.2, 42.4, -3.75, 43.6)),
)
MARGIN = 0.06
"""Share of a frame left free on each side."""
TITLE = 0.14
"""Share of a frame's height left free at its top, for its name."""


def lay_out(contours: Contours, detailed: Contours) -> tuple[Contours, list[dict[str, Any]]]:
    """The contours as drawn, and the frames that go with them.

    Args:
        contours: the departments in place, by code.
        detailed: the same with more detail, for what an inset enlarges.

    Returns:
        The contours by code (Paris and its ring twice: in place and enlarged), and one mapping
        ``name, codes, box, scale`` for each frame; ``scale`` is that against the mainland.
    """
    drawn = dict(contours)
    frames = []
    for inset in INSETS:
        moved, scale = fit({code: detailed[code] for code in inset.codes}, inset.box)
        for code, contour in moved.items():
            parts = [*shapely.get_parts(contour)]
            if inset.is_repeated:
                parts += [*shapely.get_parts(contours[code])]
            drawn[code] = shapely.MultiPolygon(parts) if len(parts) > 1 else parts[0]
        frame = {"name": inset.name, "codes": inset.codes, "box": inset.box}
        frames.append({**frame, "scale": round(scale, 2)})
    return drawn, frames


def fit(contours: Contours, box: tuple[float, float, float, float]) -> tuple[Contours, float]:
    """Contours moved and scaled alike into a box, their shapes kept; and the scale."""
    west, south, east, north = shapely.total_bounds(list(contours.values()))
    centre = np.array([(west + east) / 2, (south + north) / 2])
    below_title = box[3] - TITLE * (box[3] - box[1])
    target = np.array([(box[0] + box[2]) / 2, (box[1] + below_title) / 2])
    narrowing = np.cos(np.radians(centre[1])) / np.cos(np.radians(target[1]))
    shape = np.array([narrowing, 1.0])
    room = np.array([box[2] - box[0], below_title - box[1]]) * (1 - 2 * MARGIN)
    scale = float(min(room / (np.array([east - west, north - south]) * shape)))
    moved = {
        code: shapely.transform(contour, lambda points: target + (points - centre) * shape * scale)
        for code, contour in contours.items()
    }
    return moved, scale
