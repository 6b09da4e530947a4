"""Small CPG extracts, written as an analyst would send them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

HEADINGS = "Caisse;Indicateur;Mois;Réalisé;Numérateur;Dénominateur;Objectif annuel;Statut"
MATERNITY = "prado_maternite_adhesions"


def write_extract(
    path: Path,
    cells: Sequence[tuple[str, str, object]],
    objective: object = 120,
    indicator: str = MATERNITY,
) -> Path:
    """Write (caisse, month, realised) cells of one count indicator; returns ``path``."""
    lines = [HEADINGS]
    lines += [
        f"{caisse};{indicator};{month};{realised};;;{objective};définitif"
        for caisse, month, realised in cells
    ]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def write_points(path: Path, lines: Sequence[tuple[int, str, str, object]]) -> Path:
    """Write (year, caisse or DRSM, indicator, points) lines of contracts; returns ``path``."""
    written = [f"{year};{code};{indicator};{points}" for year, code, indicator, points in lines]
    path.write_text(
        "\n".join(["Année;Caisse ou DRSM;Indicateur;Points", *written]) + "\n", encoding="utf-8"
    )
    return path
