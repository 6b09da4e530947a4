"""The contracts as a page of documentation, written from their declarations."""

from __future__ import annotations

from data.contracts.model import UNREADABLE_RULES, Check, Column, Contract, contracts

_INTRODUCTION = """# Contracts

Written by `python -m data.contracts.document` from `data/contracts/*.yaml`; a test keeps this page
equal to them. Headings are compared without accents, case, punctuation or blanks. The kind of a
file is told by its content: CSV (any usual separator and encoding), XLSX, XLS or ODS.

A date that may be read two ways (`03-04-16`, `02/28/2016`), a year or a number with the mark of a
note (`20181`, `31 (1)`) and a bound (`<5`) are refused. Files over `VIGIE_MAX_FILE_MB` (200) are
refused unread, workbooks are read apart under limits of memory and time, a ZIP of extracts is
opened, and accents decoded twice are put right and told.

Empty cells may also be written `-`, `nd`, `n.c.`, `s.o.`, `n/a`. Numbers are French or English
(`1 234,5`, `1,234.5`, `(12)` for -12). A comma before exactly three digits (`1,234`) is read as the
column's other values suggest, then as the file's other columns do, and else as a decimal comma; it
is told either way.

Every contract also has these rules, each named `<contract>.<rule>`:

| rule | severity | when |
|---|---|---|
| `missing_column` | error | a required column is absent |
| `doubled_heading` | error | two columns have the same heading |
| `no_rows` | error | nothing stands under the headings |
| `long_row` | error | a line has filled cells beyond the headings |
| `missing_value` | error | a cell that must be filled is empty |
| {unreadable} | error | a cell doesn't say what its column holds |
| `out_of_range` | error | a number is beyond its column's bounds |
| `percent_refused` | error | a per cent sign where it means nothing |
| `percent_without_sign` | warning | a rate's objective over 1,5, read as per cent |
| `proportions` | error | a column of per cent, every value of which lies between 0 and 1 |
| `ambiguous_number` | warning | `1,234` |
| `reading_remark` | warning | a territory read with a doubt |
| `unmapped_headings` | warning | columns that the contract doesn't know, not kept |
| `twin_sheet` | warning | another sheet of the same columns is not read (those of years are) |
| `hidden_sheet` | warning | the sheet that is read is hidden: no other one fits |
| `note_line` | warning | a lone cell under the table, not kept |
| `short_row` | warning | a line with fewer cells than headings |
| `cut_row` | error | a line cut before its measures, or a last lone cell that names a caisse |
| `formula_without_value` | error | a formula of an XLSX workbook saved without its value |
| `scaled` | warning | a heading or a title gives the unit: the values are multiplied |
| `unclear_scale` | error | a title gives a unit, and several columns may be meant |
| `part_only` | error | a title, or a column not kept, says that only a part is counted |
| `reading` | warning | two encodings in one file, accents decoded twice or lost, macros ignored |

A file that follows no contract breaches `extract.unrecognised`, several at once
`extract.ambiguous`, no readable table at all, or a quote never closed, `extract.unreadable_file`.
Against what is served, the warnings `cpg.value_withdrawn` and `cpg.objective_changed` name each
value that an import takes back and each objective of a year that it changes; `cpg.unit_changed`
names a value about 10, 100 or 1 000 times the usual one of its caisse and indicator, and
`cpg.values_swapped` two neighbouring lines whose values look written each in the other's place.
`cpg.correction_superseded` names each accepted correction that an import overtakes.
"""


def as_markdown() -> str:
    """The whole page."""
    unreadable = ", ".join(f"`{rule}`" for rule in dict.fromkeys(UNREADABLE_RULES.values()))
    parts = [_INTRODUCTION.replace("{unreadable}", unreadable)]
    parts += [_section(contract) for contract in contracts().values()]
    return "\n".join(parts)


def _section(contract: Contract) -> str:
    columns = "\n".join(_column(column) for column in contract.columns)
    checks = "\n".join(_check(check) for check in contract.checks)
    one_of = " or ".join(f"`{name}`" for name in contract.any_of)
    needed = f" At least one of {one_of} must be there." if one_of else ""
    return f"""## `{contract.contract}`: {contract.title}

{contract.description}

Grain: {contract.grain}. Key: {", ".join(f"`{name}`" for name in contract.key)}.{needed}

| column | type | required | unit | what it holds | accepted headings |
|---|---|---|---|---|---|
{columns}

| check | severity | what is told |
|---|---|---|
{checks}
"""


def _column(column: Column) -> str:
    required = "column and cells" if column.filled else "column" if column.required else ""
    headings = ", ".join(column.headings)
    choices = f" Values: {', '.join(column.choices)}." if column.choices else ""
    return (
        f"| `{column.name}` | {column.type} | {required} | {column.unit or ''} "
        f"| {column.description}{choices} | {headings} |"
    )


def _check(check: Check) -> str:
    return f"| `{check.id}` | {check.severity} | {check.sentence} |"


if __name__ == "__main__":
    print(as_markdown(), end="")
