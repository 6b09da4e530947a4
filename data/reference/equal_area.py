"""Areas on the globe, and planes in kilometres for small parts of it."""

from __future__ import annotations

from typing import Any

import numpy as np
import shapely

EARTH_RADIUS_KM = 6371.0088
KM_PER_DEGREE = EARTH_RADIUS_KM * np.pi / 180


def area_km2(contour: Any) -> Any:
    """Area of contours given in longitude and latitude, in km².

    Lambert's cylindrical equal-area projection on the sphere of mean radius; within 0.5 % of the
    area on the ellipsoid in the latitudes of France.
    """
    return shapely.area(shapely.transform(contour, _equal_area))


def to_km(contours: Any, latitude: float) -> Any:
    """Longitude and latitude as kilometres on a plane that is true at ``latitude``."""
    scale = np.array([np.cos(np.radians(latitude)), 1.0]) * KM_PER_DEGREE
    return shapely.transform(np.asarray(contours), lambda points: points * scale)


def to_degrees(contours: Any, latitude: float) -> Any:
    """Back from ``to_km`` to longitude and latitude."""
    scale = np.array([np.cos(np.radians(latitude)), 1.0]) * KM_PER_DEGREE
    return shapely.transform(np.asarray(contours), lambda points: points / scale)


def _equal_area(points: Any) -> Any:
    radians = np.radians(points)
    return EARTH_RADIUS_KM * np.column_stack([radians[:, 0], np.sin(radians[:, 1])])
