"""The only door to the database: one question, one scope, one build.

Every question binds ``$scope``; DuckDB refuses a parameter that the text does not use, so that a
query which forgets the row filter fails by itself. One read-only connection a build and process,
one cursor a query: a connection shared by threads gives wrong results.
"""

from __future__ import annotations

import functools
import re
import threading
from collections import OrderedDict
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd

from access.scope import Scope
from data.store.home import Home
from indicators.few_patients import has_verdicts, without_verdict_on_few
from indicators.suppression import release

FOLDER = Path(__file__).parent
OPEN_BUILDS = 8
# DuckDB lets one process open a file by one configuration only. What a question needed beyond a
# megabyte is given back to the system when it ends: kept for the next one (DuckDB's habit up to
# 128 MB), it makes the server look as if it leaked. A thread of the allocator gives back what lies
# idle, also where no question comes any more.
CONNECTION: dict[str, str | int | float | list[str]] = {
    "threads": 2,
    "allocator_flush_threshold": "1MB",
    "allocator_bulk_deallocation_flush_threshold": "1MB",
    "allocator_background_threads": True,
}

READ_AT_START_BYTES = 100 * 1024**2

# Questions without a territory: national tables that were published, and the reference itself.
UNSCOPED = frozenset(
    {
        "cog/indicators",
        "cog/engagements",
        "collection/items",
        "interessement/weights",
        "reference/peer_candidates",
        "store/build",
        "store/years",
    }
)

_NAME = re.compile(r"^[a-z_]+/[a-z_]+$")
_PARAMETER = re.compile(
    r"^-- Parameter (?P<name>\w+): (?P<kind>[\w |]+?)"
    r"(?P<optional> \(optional\))?(?: \(at least (?P<fewest>\d+)\))?\.?$",
    re.M,
)
_HIDES = re.compile(r"^-- Hides by (?P<flag>\w+): (?P<columns>[\w, ]+)\.?$", re.M)


class QuestionError(ValueError):
    """A question, a parameter or a build that does not exist; the message is a French sentence."""


class OtherVersionError(QuestionError):
    """A build of another version of the product lacks a table or a column that is asked."""


@dataclass(frozen=True)
class Parameter:
    """A parameter of a question: what it accepts.

    ``kind`` is ``integer``, ``text``, ``codes`` (several, joined by commas; ``fewest`` different
    ones at least) or the values it may take.
    """

    name: str
    kind: str
    is_optional: bool
    fewest: int = 0

    def read(self, value: Any) -> Any:
        """The value as the database wants it.

        Raises: QuestionError naming the parameter and what it accepts.
        """
        if value is None or value == "":
            if self.is_optional:
                return None
            raise QuestionError(f"Le paramètre « {self.name} » est obligatoire ({self.kind}).")
        if self.kind == "integer":
            try:
                return int(value)
            except (TypeError, ValueError):
                raise QuestionError(
                    f"Le paramètre « {self.name} » attend un nombre entier, pas « {value} »."
                ) from None
        if self.kind == "codes":
            return self._read_codes(value)
        if "|" in self.kind and str(value) not in self.kind.split("|"):
            accepted = self.kind.replace("|", ", ")
            raise QuestionError(
                f"Le paramètre « {self.name} » n’accepte pas « {value} » : {accepted}."
            )
        return str(value)

    def _read_codes(self, value: Any) -> list[str]:
        given = value.split(",") if isinstance(value, str) else [str(code) for code in value]
        codes = sorted({code.strip() for code in given} - {""})
        if len(codes) < self.fewest:
            raise QuestionError(
                f"Le paramètre « {self.name} » attend au moins {self.fewest} codes différents, "
                f"séparés par des virgules, et en reçoit {len(codes)}."
            )
        return codes


@dataclass(frozen=True)
class Question:
    """One SQL file: its text, its parameters and what small numbers hide.

    ``hides`` maps a boolean column to the columns withheld where it is true.
    """

    name: str
    sql: str
    parameters: tuple[Parameter, ...]
    hides: tuple[tuple[str, tuple[str, ...]], ...]

    @property
    def is_scoped(self) -> bool:
        """Whether the rows depend on who asks."""
        return self.name not in UNSCOPED


def questions() -> list[str]:
    """The names of all questions, ``topic/question``, sorted."""
    return sorted(f"{path.parent.name}/{path.stem}" for path in FOLDER.glob("*/*.sql"))


@functools.cache
def question(name: str) -> Question:
    """The question of that name.

    Raises: QuestionError where there is none.
    """
    path = FOLDER / f"{name}.sql"
    if not _NAME.match(name) or not path.is_file():
        raise QuestionError(
            f"La question « {name} » n’existe pas. Questions connues : {', '.join(questions())}."
        )
    sql = path.read_text(encoding="utf-8")
    parameters = tuple(
        Parameter(
            found["name"],
            found["kind"].replace(" ", ""),
            bool(found["optional"]),
            int(found["fewest"] or 0),
        )
        for found in _PARAMETER.finditer(sql)
    )
    hides = tuple(
        (found["flag"], tuple(part.strip() for part in found["columns"].split(",")))
        for found in _HIDES.finditer(sql)
    )
    return Question(name, sql, parameters, hides)


def run(name: str, scope: Scope, build_id: str, /, **parameters: Any) -> pd.DataFrame:
    """The rows that ``scope`` may see, in the order of the question.

    Args:
        name: ``topic/question``.
        scope: who asks; bound as ``$scope`` and applied to small numbers.
        build_id: the publication asked.
        parameters: those that the question declares, as text or in their own type.

    Returns: a frame of the question's columns; where a figure is hidden, its columns are missing
        and the flag that hides them tells so. A verdict that would rest on a handful of patients
        is ``too_few`` in place of ``status``.
    Raises: QuestionError for an unknown question, parameter, value or build.
    """
    asked = question(name)
    values = _read_parameters(asked, parameters)
    if asked.is_scoped:
        values["scope"] = list(scope.territories)
    cursor = _cursor(build_id)
    try:
        frame = cursor.execute(asked.sql, values).df()
    except (duckdb.BinderException, duckdb.CatalogException) as error:
        # A parameter that the text does not use is a binder's error too: never the build's fault.
        is_lacking = isinstance(error, duckdb.CatalogException) or "not found" in str(error)
        if not is_lacking or _is_of_this_version(cursor):
            raise
        raise OtherVersionError(
            f"La publication « {build_id} » a été construite par une autre version de Vigie GDR, "
            "qui ne connaît pas tout ce que cette page demande. "
            "Retirez « build » de l’adresse pour voir la publication en cours."
        ) from error
    if not asked.hides:
        return frame
    may_see = allowed(frame, scope)
    for flag, columns in asked.hides:
        frame = release(frame, columns, flag, allowed=may_see)
    # Here, so that pages, files and the command line all answer alike, of former builds too.
    return without_verdict_on_few(frame) if has_verdicts(frame) else frame


def _is_of_this_version(cursor: duckdb.DuckDBPyConnection) -> bool:
    """Whether the models of today made the build: then what fails is the question."""
    # Asked once something has failed; what builds is not loaded to answer.
    from data.models.build import build_inputs

    row = cursor.execute("select sources from build_info").fetchone()
    return row is not None and row[0] == build_inputs([])["sources"]


def allowed(frame: pd.DataFrame, scope: Scope) -> pd.Series:
    """Which rows of a question concern a territory whose small numbers the person may see."""
    column = "territory_code" if "territory_code" in frame.columns else "caisse_code"
    return frame[column].isin(scope.small_numbers)


def _read_parameters(asked: Question, given: dict[str, Any]) -> dict[str, Any]:
    known = {parameter.name: parameter for parameter in asked.parameters}
    for name in given:
        if name not in known:
            accepted = ", ".join(known) or "aucun"
            raise QuestionError(
                f"La question « {asked.name} » n’a pas de paramètre « {name} » "
                f"(paramètres : {accepted})."
            )
    return {name: parameter.read(given.get(name)) for name, parameter in known.items()}


_connections: OrderedDict[Path, duckdb.DuckDBPyConnection] = OrderedDict()
_opening = threading.Lock()


def _cursor(build_id: str) -> duckdb.DuckDBPyConnection:
    """A cursor of its own on the build's read-only connection."""
    try:
        path = Home.from_environment().build_path(build_id)
    except ValueError as error:
        raise QuestionError(str(error)) from error
    with _opening:
        connection = _connections.get(path)
        if connection is None:
            if not path.is_file():
                raise QuestionError(f"La publication « {build_id} » n’existe pas ici.")
            connection = duckdb.connect(str(path), read_only=True, config=dict(CONNECTION))
            _connections[path] = connection
        _connections.move_to_end(path)
        if len(_connections) > OPEN_BUILDS:
            # Dropped, not closed: a query under way keeps its cursor and so the file open.
            _connections.popitem(last=False)
        return connection.cursor()


def read_into_memory(build_id: str) -> None:
    """Read every figure of a build once, up to ``READ_AT_START_BYTES``.

    DuckDB keeps the blocks of a file that a question has read. Read at the start, no question waits
    for the disk, and the server does not grow by them page after page as people discover it.

    Raises: QuestionError where there is no such build.
    """
    cursor = _cursor(build_id)
    if Home.from_environment().build_path(build_id).stat().st_size > READ_AT_START_BYTES:
        return
    for (table,) in cursor.execute("select table_name from duckdb_tables()").fetchall():
        cursor.execute(f'select max(columns(*)) from "{table}"').fetchall()


def as_rows(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """The frame as JSON-ready rows: missing values null, never NaN; dates in ISO form."""
    rows = frame.astype(object).where(frame.notna(), None).to_dict("records")
    return [{str(name): _plain(value) for name, value in row.items()} for row in rows]


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()[:10]
    return value.item() if hasattr(value, "item") else value
