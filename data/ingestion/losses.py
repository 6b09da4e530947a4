"""What an import takes back from what is served, as findings of the file that does it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from data.contracts.finding import Finding
from data.ingestion.preview import Preview
from data.ingestion.sentences import caisse_named, indicator_named, place, written

CONTRACT = "cpg"
WITHDRAWN = "cpg.value_withdrawn"
OBJECTIVE_CHANGED = "cpg.objective_changed"
OVERTAKEN = "cpg.correction_superseded"


@dataclass(frozen=True)
class Sent:
    """A file on its way: its name, its typed rows, whether it replaces its caisses and years.

    ``headings``: what the file calls the columns of its contract.
    """

    file_name: str
    rows: Path
    replaces: bool
    headings: Mapping[str, str] = field(default_factory=dict)

    def heading(self, column: str, row: int | None) -> str | None:
        """What the file calls ``column``; None where no line of it speaks of the figure."""
        return None if row is None else self.headings.get(column)


@dataclass(frozen=True)
class Taken:
    """What one file takes back. ``totals``: rule → how many, of which ``findings`` says some."""

    findings: tuple[Finding, ...]
    totals: dict[str, int]


def taken_back(effect: Preview, files: Sequence[Sent]) -> list[Taken]:
    """One ``Taken`` a file, in order; a loss is told of the last file that explains it.

    Args:
        effect: the comparison of the build served with the one that these files give.
        files: the files of the contract ``cpg`` in the order in which they count.
    """
    found: list[list[Finding]] = [[] for _ in files]
    losses = [(WITHDRAWN, loss) for loss in effect.value_losses]
    losses += [(OBJECTIVE_CHANGED, change) for change in effect.objective_changes]
    losses += [(OVERTAKEN, one) for one in effect.overtaken]
    left = dict(enumerate(losses))
    for at in reversed(range(len(files))):
        lines = _lines(files[at], left)
        for index, line in sorted(lines.items()):
            rule, loss = left.pop(index)
            tell = TOLD[rule]
            found[at].append(tell(files[at], loss, line))
    taken = [Taken(tuple(told), _totals(told)) for told in found]
    if taken:
        # Beyond those said, the count alone is told, of the last file.
        for rule, total in (
            (WITHDRAWN, effect.value_loss_total - len(effect.value_losses)),
            (OBJECTIVE_CHANGED, effect.objective_change_total - len(effect.objective_changes)),
        ):
            if total:
                taken[-1].totals[rule] = taken[-1].totals.get(rule, 0) + total
    return taken


def _totals(findings: Sequence[Finding]) -> dict[str, int]:
    rules = [finding.rule for finding in findings]
    return {rule: rules.count(rule) for rule in dict.fromkeys(rules)}


@dataclass(frozen=True)
class _Line:
    """Where the file speaks of the figure; all null where it only leaves it out."""

    sheet: str | None = None
    row: int | None = None
    month: date | None = None


def _lines(file: Sent, losses: dict[int, tuple[str, dict[str, Any]]]) -> dict[int, _Line]:
    """The losses that the file explains, by their index, and where it does."""
    if not losses:
        return {}
    asked = pa.table(
        {
            "index": pa.array(losses, pa.int32()),
            "caisse_code": pa.array([loss["caisse_code"] for _, loss in losses.values()]),
            "indicator_code": pa.array([loss["indicator_code"] for _, loss in losses.values()]),
            "year": pa.array([loss["year"] for _, loss in losses.values()], pa.int32()),
            "month": pa.array([loss.get("month") for _, loss in losses.values()], pa.date32()),
        }
    )
    rest = (
        "coalesce(sent.indicator_code = asked.indicator_code and "
        "(asked.month is null or sent.month = asked.month), false)"
    )
    with duckdb.connect() as connection:
        connection.register("asked", asked)
        named = connection.execute(
            f"""select asked."index", bool_or({rest}) as is_named,
            arg_max(sent.source_sheet, sent.month) filter (where {rest}),
            arg_max(sent.source_row, sent.month) filter (where {rest}),
            max(sent.month) filter (where {rest})
            from asked inner join read_parquet($rows) as sent
            on sent.caisse_code = asked.caisse_code and year(sent.month) = asked.year
            group by asked."index" """,
            {"rows": str(file.rows)},
        ).fetchall()
    return {
        index: _Line(*where) if is_named else _Line()
        for index, is_named, *where in named
        if is_named or file.replaces
    }


def _withdrawal(file: Sent, loss: dict[str, Any], line: _Line) -> Finding:
    month: date = loss["month"]
    former = _measure(loss, "former")
    sentence = (
        f"la valeur publiée de la caisse {caisse_named(loss['caisse_code'])} pour l’indicateur "
        f"{indicator_named(loss['indicator_code'])} en {written(month)} est retirée : {former} "
        f"devient {_measure(loss, 'new')}. Si ce n’est pas voulu, renvoyez la valeur."
    )
    is_rate = loss["former_realised"] is None
    column = file.heading("numerator" if is_rate else "realised", line.row)
    return Finding(
        WITHDRAWN,
        CONTRACT,
        "warning",
        place(file.file_name, line.sheet, line.row, column) + sentence,
        sheet=line.sheet,
        row=line.row,
        column=column,
        expected=loss["former_realised"] or loss["former_numerator"],
        year=loss["year"],
        measure="realised",
        territory_code=loss["caisse_code"],
        indicator_code=loss["indicator_code"],
        month=month,
    )


def _measure(loss: dict[str, Any], side: str) -> str:
    numerator, denominator = loss[f"{side}_numerator"], loss[f"{side}_denominator"]
    if numerator is None and denominator is None:
        return written(loss[f"{side}_realised"])
    return f"{written(numerator)} / {written(denominator)}"


def _objective_change(file: Sent, change: dict[str, Any], line: _Line) -> Finding:
    former, new = change["former_objective"], change["new_objective"]
    since = f" (mois {written(line.month)})" if line.month else ""
    sentence = (
        f"l’objectif {change['year']} de la caisse {caisse_named(change['caisse_code'])} pour "
        f"l’indicateur {indicator_named(change['indicator_code'])}{since} change : "
        f"{written(former)} devient {written(new)}. "
        "Si ce n’est pas voulu, renvoyez l’ancien objectif."
    )
    column = file.heading("objective", line.row)
    return Finding(
        OBJECTIVE_CHANGED,
        CONTRACT,
        "warning",
        place(file.file_name, line.sheet, line.row, column) + sentence,
        sheet=line.sheet,
        row=line.row,
        column=column,
        expected=former,
        found=new,
        year=change["year"],
        measure="objective",
        territory_code=change["caisse_code"],
        indicator_code=change["indicator_code"],
        month=line.month,
    )


def _overtaken(file: Sent, one: dict[str, Any], line: _Line) -> Finding:
    when = f"en {written(one['month'])}" if one["month"] else f"pour l’année {one['year']}"
    caisse, indicator = caisse_named(one["caisse_code"]), indicator_named(one["indicator_code"])
    sentence = (
        f"la correction n° {one['correction_id']} de la caisse {caisse} pour l’indicateur "
        f"{indicator} {when} ne s’applique plus : l’extrait donnait "
        f"{written(one['sent_value'])}, corrigé en {written(one['new_value'])} ; il donne "
        f"désormais {written(one['given_value'])}. Vérifiez que la nouvelle valeur est la bonne."
    )
    column = file.heading(one["column_name"], line.row)
    return Finding(
        OVERTAKEN,
        CONTRACT,
        "warning",
        place(file.file_name, line.sheet, line.row, column) + sentence,
        sheet=line.sheet,
        row=line.row,
        column=column,
        expected=one["new_value"],
        found=one["given_value"],
        year=one["year"],
        measure=one["column_name"],
        territory_code=one["caisse_code"],
        indicator_code=one["indicator_code"],
        month=one["month"],
    )


TOLD: dict[str, Callable[[Sent, dict[str, Any], _Line], Finding]] = {
    WITHDRAWN: _withdrawal,
    OBJECTIVE_CHANGED: _objective_change,
    OVERTAKEN: _overtaken,
}
