"""The demonstration of adhesions: drawn once for all, and told by the CPG extracts."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from data.demo.adhesions import write_adhesions
from data.demo.generate import SEED, write_demonstration


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> tuple[list[Path], Path, Path]:
    folder = tmp_path_factory.mktemp("adhesions")
    cpg = write_demonstration(folder)
    return cpg, *write_adhesions(folder, cpg, SEED)


def test_the_same_seed_gives_the_same_bytes(
    written: tuple[list[Path], Path, Path], tmp_path: Path
) -> None:
    cpg, first, september = written
    again = write_adhesions(tmp_path, cpg, SEED)
    assert [path.read_bytes() for path in again] == [first.read_bytes(), september.read_bytes()]


def test_each_sending_tells_prado_as_its_cpg_extracts_do(
    written: tuple[list[Path], Path, Path],
) -> None:
    cpg, first, september = written
    for extracts, file in ((cpg[:-1], first), (cpg[-1:], september)):
        sent = pd.concat([pd.read_csv(path, sep=";") for path in extracts])
        board = sent[sent["Indicateur"] == "prado_chirurgie_adhesions"]
        rows = pd.read_csv(file, sep=";")
        own = rows[rows["Volet"] == "chirurgie"]
        expected = board.set_index(["Caisse", "Mois"])["Réalisé"].sort_index().astype(int)
        assert own.set_index(["Caisse", "Mois"])["Adhésions"].sort_index().equals(expected)


def test_nobody_joins_who_is_not_eligible(written: tuple[list[Path], Path, Path]) -> None:
    for file in written[1:]:
        rows = pd.read_csv(file, sep=";")
        assert (rows["Éligibles"] >= rows["Adhésions"]).all()
        assert not rows.duplicated(["Caisse", "Mois", "Programme", "Volet"]).any()
