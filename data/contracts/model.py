"""Contracts: what one kind of extract holds, declared in the YAML files beside this module."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, model_validator

from data.contracts.finding import Severity

ColumnType = Literal[
    "caisse",
    "territory",
    "place",
    "indicator",
    "procedure",
    "month",
    "year",
    "date",
    "integer",
    "number",
    "percent",
    "text",
    "boolean",
    "choice",
    "zone",
    "profession",
    "breakdown",
]
NUMBER_TYPES: frozenset[str] = frozenset({"integer", "number", "percent"})

SQL_TYPES: dict[str, str] = {
    "caisse": "varchar",
    "territory": "varchar",
    "place": "varchar",
    "indicator": "varchar",
    "procedure": "varchar",
    "month": "date",
    "year": "integer",
    "date": "date",
    "integer": "bigint",
    "number": "double",
    "percent": "double",
    "text": "varchar",
    "boolean": "boolean",
    "choice": "varchar",
    "zone": "varchar",
    "profession": "varchar",
    "breakdown": "varchar",
}

UNREADABLE_RULES: dict[str, str] = {
    "caisse": "unknown_caisse",
    "territory": "unknown_territory",
    "place": "unknown_place",
    "indicator": "unknown_indicator",
    "month": "unreadable_month",
    "year": "unreadable_year",
    "date": "unreadable_date",
    "integer": "unreadable_number",
    "number": "unreadable_number",
    "percent": "unreadable_number",
    "boolean": "unreadable_boolean",
    "choice": "unknown_choice",
    "zone": "unknown_territory",
}


CheckKind = Literal[
    "row",
    "unique_key",
    "same_within",
    "components_sum",
    "repeated",
    "total_of_parts",
    "totals_agree",
    "sources_agree",
    "zone_totals",
    "group_totals",
    "unknown_professions",
    "absent_column",
    "over_former_year",
    "missing_departments",
]
_TOTAL_KINDS = ("total_of_parts", "totals_agree")
_ACROSS_KINDS = ("totals_agree", "sources_agree")
_WITHIN_KINDS = ("same_within", "repeated", "over_former_year", "sources_agree", *_TOTAL_KINDS)
_BREACH_KINDS = ("row", "over_former_year")


class _Declared(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Column(_Declared):
    """One column: its name in the lake, and how files head it.

    ``required``: the file must have the column. ``filled``: no cell of it may be empty.
    ``percent_sign``: what ``85 %`` means here: 0,85 for a rate (``proportion``), 85
    (``per_cent``), or a mistake (``refused``). ``blank_when``: SQL condition over the row under
    which the value is dropped, a check saying so. ``default``: SQL value of an empty cell.
    ``level``: ``region`` for a zone whose numbers are those of regions. ``total_stands_for``: SQL
    of the territory that a zone's bare total (``999``) is the total of.
    """

    name: str
    type: ColumnType
    title: str
    description: str
    headings: tuple[str, ...]
    required: bool = False
    filled: bool = False
    unit: str | None = None
    min: float | None = None
    max: float | None = None
    choices: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    percent_sign: Literal["proportion", "per_cent", "refused"] = "refused"
    blank_when: str | None = None
    default: str | None = None
    level: Literal["region"] | None = None
    total_stands_for: str | None = None


class Wide(_Declared):
    """A form of table whose headings are values of ``across``, its cells those of ``into``.

    ``into_when``: column to the words above the table under which its cells are that column's.
    ``said_by``: words of which the file must say one somewhere, its name included, for this form.
    """

    across: str
    into: str
    into_when: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    said_by: tuple[str, ...] = ()


class Check(_Declared):
    """One rule over the rows of an extract.

    ``row`` checks hold an SQL ``breach`` over the contract's columns, the bound of time
    ``current_date`` and the facts ``indicator_is_rate``, ``indicator_is_proportion``,
    ``indicator_is_whole``, ``indicator_in_cpg``,
    ``has_cpg``, ``procedure_reading`` (null where the row has no indicator, territory or procedure;
    the last is the procedure's code, null too where the text names none).
    ``expected`` and ``found``, SQL over the same columns, are what a ``row`` check compares; the
    sentence may name them, and ``difference``.
    The others look at several rows: ``unique_key`` (``sentence`` when the rows contradict each
    other, ``sentence_same`` when they are identical), ``same_within`` (``columns[0]`` must be
    constant within ``within``), ``components_sum`` (a count equals the sum of its components),
    ``repeated`` (a value of ``columns[0]`` stands once within ``within``; the sentence gives the
    ``rows`` and the ``values`` of ``columns[1]``), and two over printed tables, whose totals are
    the rows where ``total`` holds: ``total_of_parts`` (each total of ``columns`` printed in a table
    is the sum of its other rows; a table is what ``within`` names; ``sentence_blank`` is added
    where ``blanks`` lists parts that are not filled) and ``totals_agree`` (the tables told apart by
    ``across`` have the same total within ``within``, each measure where its condition of
    ``comparable`` holds, and where it is not printed but ``summed``, as the sum of the rows).
    ``sources_agree``: what ``within`` names has the same ``columns`` whatever the source
    (``across``), beyond ``tolerance``; each source is held against the first that has the value.
    Three over published lists: ``zone_totals`` (the total of a zone is the sum of its departments),
    ``group_totals`` (an *ensemble* is the sum of its professions), each where all parts are there
    and beyond ``tolerance``, a proportion; ``unknown_professions`` (names that the referential
    lacks, each told once), and ``absent_column`` (the file has no such column).
    ``missing_departments``: years and professions for which departments are missing where more than
    ``tolerance`` of the country's people live, those that miss the same ones told once.
    ``over_former_year`` compares a row with that of the year before within ``within`` where
    ``former`` holds, if there is one: ``breach``, ``expected`` and ``found`` may name its
    ``former_<column>`` too, for the columns of ``columns``.
    """

    id: str
    severity: Severity
    columns: tuple[str, ...]
    sentence: str
    kind: CheckKind = "row"
    breach: str | None = None
    expected: str | None = None
    found: str | None = None
    within: tuple[str, ...] = ()
    sentence_same: str | None = None
    sentence_blank: str | None = None
    total: str | None = None
    across: str | None = None
    comparable: dict[str, str] = Field(default_factory=dict)
    tolerance: float = 0.0
    former: str | None = None
    summed: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _has_what_its_kind_needs(self) -> Check:
        if (self.kind in _BREACH_KINDS) != (self.breach is not None):
            raise ValueError(f"{self.id}: 'breach' belongs to {', '.join(_BREACH_KINDS)} checks.")
        if (self.kind == "over_former_year") != (self.former is not None):
            raise ValueError(f"{self.id}: 'former' belongs to over_former_year checks.")
        if (self.kind in _WITHIN_KINDS) != bool(self.within):
            raise ValueError(f"{self.id}: 'within' belongs to {', '.join(_WITHIN_KINDS)} checks.")
        if (self.kind in _TOTAL_KINDS) != bool(self.total):
            raise ValueError(f"{self.id}: 'total' belongs to {', '.join(_TOTAL_KINDS)} checks.")
        if (self.kind in _ACROSS_KINDS) != bool(self.across):
            raise ValueError(f"{self.id}: 'across' belongs to {', '.join(_ACROSS_KINDS)} checks.")
        if self.kind not in _BREACH_KINDS and (self.expected or self.found):
            raise ValueError(f"{self.id}: 'expected' and 'found' belong to row checks.")
        if (self.kind == "unique_key") != (self.sentence_same is not None):
            raise ValueError(f"{self.id}: 'sentence_same' belongs to unique_key checks.")
        return self


class Contract(_Declared):
    """One kind of extract: grain, key, columns, checks and rows for a template file.

    ``any_of``: the file must have at least one of these columns. ``family``: what the ids of its
    checks start with, where several contracts share their rules; else the contract's name.
    ``wide``: forms with several columns of values, unfolded into rows. ``told``: columns that a
    file may say once for all its rows: above the table, in a sheet's or its own name, or under it.
    ``counts_everybody``: what it counts, in French, where a file of a part only would be taken for
    the whole; ``part_columns`` are then the columns that say which part a row is of, ``not_about``
    words of a title of other figures, where years alone head the numbers.
    """

    contract: str
    title: str
    description: str
    grain: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    checks: tuple[Check, ...] = ()
    any_of: tuple[str, ...] = ()
    family: str | None = None
    wide: tuple[Wide, ...] = ()
    told: tuple[str, ...] = ()
    counts_everybody: str | None = None
    part_columns: tuple[str, ...] = ()
    not_about: tuple[str, ...] = ()
    template_rows: tuple[dict[str, str], ...]

    @model_validator(mode="after")
    def _names_only_its_own_columns(self) -> Contract:
        names = [column.name for column in self.columns]
        if len(set(names)) != len(names):
            raise ValueError(f"{self.contract}: a column is declared twice.")
        forms = {name for wide in self.wide for name in (wide.across, wide.into, *wide.into_when)}
        named = {*self.key, *self.any_of, *self.told, *self.part_columns, *forms}.union(
            *(check.columns for check in self.checks), *self.template_rows
        )
        if unknown := named - set(names):
            raise ValueError(f"{self.contract}: unknown columns {sorted(unknown)}.")
        starts = (f"{self.contract}.", f"{self.family or self.contract}.")
        wrong = [check.id for check in self.checks if not check.id.startswith(starts)]
        if wrong:
            raise ValueError(f"{self.contract}: check ids must start with it: {wrong}.")
        return self

    def column(self, name: str) -> Column:
        """The column of that name. Raises KeyError where there is none."""
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(name)

    def rule(self, name: str) -> str:
        """The full id of a rule that every contract has, such as ``cpg.unreadable_number``."""
        return f"{self.contract}.{name}"


@cache
def contracts() -> dict[str, Contract]:
    """Every contract by its name. Raises pydantic's ValidationError on a wrong declaration."""
    found = {}
    for path in sorted(Path(__file__).parent.glob("*.yaml")):
        content = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
        contract = Contract.model_validate(content)
        if contract.contract != path.stem:
            raise ValueError(f"{path.name} declares the contract '{contract.contract}'.")
        found[contract.contract] = contract
    return found
