"""A map as GeoJSON: its rows on the contours in their true place, for another mapping tool."""

from __future__ import annotations

import json
from typing import Any

import pandas as pd

from data.reference import geometry
from data.reference.territories import territories
from figures.formats import is_absent

MIME = "application/geo+json"
CODE = "territoire_code"
NO_CONTOUR = "Aucune carte publique ne découpe ce département entre ses caisses."


def geojson_bytes(rows: pd.DataFrame, level: str, title: str, note: str, foot: str) -> bytes:
    """One feature a row, in longitude and latitude; withheld figures are null.

    Args:
        rows: with the code of the territory in ``territoire_code``.
        level: ``departement``, ``region``, ``drsm`` or ``caisse``; the only caisse of a department
            has its contour, the others have none.
        title: what the map found.
        note: unit and period.
        foot: source, publication and day.
    """
    contours = _contours(level)
    features = []
    for row in rows.to_dict("records"):
        properties = {str(name): _plain(value) for name, value in row.items()}
        shape = contours.get(str(row[CODE]))
        if shape is None and level == "caisse":
            properties["contour"] = NO_CONTOUR
        features.append({"type": "Feature", "properties": properties, "geometry": shape})
    whole = {
        "type": "FeatureCollection",
        "titre": title,
        "note": note,
        "source": foot,
        "credit": geometry.CREDIT,
        "features": features,
    }
    return json.dumps(whole, ensure_ascii=False, separators=(",", ":")).encode()


def _contours(level: str) -> dict[str, Any]:
    """Geometry of each territory of a level that has a contour, by code."""
    if level in {"region", "drsm"}:
        found = geometry.regions() if level == "region" else geometry.drsm()
        return {one["properties"]["code"]: one["geometry"] for one in found["features"]}
    departments = {
        f"DEP-{one['properties']['code']}": one["geometry"]
        for one in geometry.departments()["features"]
    }
    if level != "caisse":
        return departments
    reference = territories()
    own = reference[reference["level"] == "caisse"]
    alone = own.drop_duplicates("department_code", keep=False)
    codes = zip(alone["territory_code"], alone["department_code"], strict=True)
    return {str(caisse): departments[str(code)] for caisse, code in codes}


def _plain(value: Any) -> Any:
    if is_absent(value):
        return None
    return value.item() if hasattr(value, "item") else value
