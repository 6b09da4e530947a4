"""The anomalies of the extracts served: what was sent, what is computed, what follows, where."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import groupby

import pandas as pd

from data.ingestion.sentences import place
from figures.anomaly_words import RuleWords, rule_rank, rule_words
from figures.formats import ABSENT, counted, is_absent, known_float, number
from figures.grammar import capitalised
from figures.markup import fold, table, text
from figures.received import SEVERITIES, contract_name
from figures.records import records

LINES_SHOWN = 200
COLUMNS = (
    "extract_id", "file_name", "rule", "contract", "severity", "sentence", "sheet", "row", "column",
    "year", "month", "domain", "label", "measure", "territory_code", "indicator_code", "expected",
    "found",
)  # fmt: skip


@dataclass(frozen=True)
class Anomaly:
    """One breach as readers see it.

    ``sentence`` says it without its place; ``sent`` and ``computed`` are plain texts, empty where
    the rule compares nothing or the figure is withheld; ``gap`` is their difference.
    """

    rule: str
    contract: str
    severity: str
    sentence: str
    extract_id: str
    file_name: str
    sheet: str
    row: int | None
    column: str
    year: int | None
    domain: str
    label: str
    measure: str
    territory_code: str
    indicator_code: str
    sent: str
    computed: str
    gap: float | None

    @property
    def words(self) -> RuleWords:
        """The words of its rule."""
        return rule_words(self.rule)


def anomalies(findings: pd.DataFrame) -> list[Anomaly]:
    """The findings of ``queries.store.findings``, those that contradict a total first."""
    found = [_anomaly(row) for row in records(findings, COLUMNS)]
    return sorted(
        found, key=lambda one: (rule_rank(one.rule), one.rule, one.file_name, one.row or 0)
    )


def _anomaly(row: dict[str, object]) -> Anomaly:
    sheet, column, line = _words(row["sheet"]), _words(row["column"]), _whole(row["row"])
    where = place(str(row["file_name"]), sheet or None, line, column or None)
    sent, computed = _value(row["found"]), _value(row["expected"])
    numbers = _number(row["found"]), _number(row["expected"])
    return Anomaly(
        rule=str(row["rule"]),
        contract=str(row["contract"]),
        severity=str(row["severity"]),
        sentence=capitalised(_words(row["sentence"]).removeprefix(where)),
        extract_id=str(row["extract_id"]),
        file_name=str(row["file_name"]),
        sheet=sheet,
        row=line,
        column=column,
        year=_whole(row["year"]),
        domain=_words(row["domain"]),
        label=_words(row["label"]),
        measure=_words(row["measure"]),
        territory_code=_words(row["territory_code"]),
        indicator_code=_words(row["indicator_code"]),
        sent=sent,
        computed=computed,
        gap=None if None in numbers else abs(numbers[0] - numbers[1]),  # type: ignore[operator]
    )


def _whole(value: object) -> int | None:
    known = known_float(value)
    return None if known is None else int(known)


def _words(value: object) -> str:
    return "" if is_absent(value) else str(value)


def _number(value: object) -> float | None:
    try:
        return known_float(value)
    except ValueError:
        return None


def _value(value: object) -> str:
    known = _number(value)
    if known is None:
        return _words(value)
    return number(known, 0 if known.is_integer() else 2)


def anomalies_finding(kept: Sequence[Anomaly], total: int | None = None) -> str:
    """How many there are, in how many extracts, and how many contradict a total.

    Args:
        kept: the anomalies shown.
        total: how many there are without filter; those shown when not given.
    """
    whole = len(kept) if total is None else total
    if whole == 0:
        return "Aucune anomalie dans les extraits de cette publication"
    if not kept:
        return f"Aucune des {counted(whole, 'anomalie')} avec ces filtres"
    count = counted(len(kept), "anomalie")
    among = f" sur {number(whole)}" if len(kept) < whole else ""
    extracts = counted(len({one.extract_id for one in kept}), "extrait")
    against = sum(one.words.contradicts_total for one in kept)
    verb = "contredit" if against == 1 else "contredisent"
    said = f", dont {number(against)} {verb} un total" if against else ""
    return f"{count}{among} dans {extracts}{said}"


def _counts(kept: Sequence[Anomaly]) -> list[tuple[str, int]]:
    rules = [one.rule for one in kept]
    return [(rule, rules.count(rule)) for rule in dict.fromkeys(rules)]


def rules_table(kept: Sequence[Anomaly], caption: str, button: Callable[[str, str], str]) -> str:
    """One line a rule: how many breaches, and what follows from each.

    Args:
        kept: in the order of ``anomalies``.
        caption: what the table shows.
        button: safe HTML that chooses the rule, from its id and its title.
    """
    counts = _counts(kept)
    most = max((count for _, count in counts), default=1)
    lines = [
        (
            button(rule, rule_words(rule).title),
            f'<span class="v-bar neu" aria-hidden="true"><u style="width:{count / most:.0%}"></u>'
            f"</span><b>{number(count)}</b>",
            text(rule_words(rule).consequence),
        )
        for rule, count in counts
    ]
    return table(
        caption,
        ("Règle", "Anomalies", "Ce qui suit"),
        lines,
        numeric=(1,),
        css_class="v-table v-anomaly-rules v-stacked",
    )


def anomalies_table(
    kept: Sequence[Anomaly], caption: str, link: Callable[[Anomaly], tuple[str, str] | None]
) -> str:
    """One line an anomaly, grouped by rule: its sentence, what was sent, what is computed, where.

    Those that say the same of an extract share a line.

    Args:
        kept: in the order of ``anomalies``; beyond ``LINES_SHOWN``, the file holds the others.
        caption: what the table shows.
        link: address and name of the place where the figure of an anomaly stands, None where
            there is none.
    """
    heads = ("Anomalie", "Publié ou envoyé", "Calculé ou attendu", "Écart", "Où")
    head = "".join(
        f'<th scope="col"{" class=num" if 0 < i < 4 else ""}>{text(word)}</th>'
        for i, word in enumerate(heads)
    )
    shown = kept[:LINES_SHOWN]
    groups = groupby(shown, key=lambda one: one.rule)
    body = "".join(_group(rule, list(group), link) for rule, group in groups)
    return (
        f'<div class="v-scroll" tabindex="0" role="region" aria-label="{text(caption)}">'
        f'<table class="v-table v-anomaly-lines v-stacked"><caption>{text(caption)}</caption>'
        f"<thead><tr>{head}</tr></thead>{body}</table></div>"
    )


def _group(
    rule: str, group: Sequence[Anomaly], link: Callable[[Anomaly], tuple[str, str] | None]
) -> str:
    words = rule_words(rule)
    icon, severity, hue = SEVERITIES.get(group[0].severity, SEVERITIES["warning"])
    rows = "".join(_line(alike, link) for alike in _alike(group))
    return (
        f'<tbody><tr class="group"><th scope="rowgroup" colspan="5">{text(words.title)} '
        f'<span class="{hue}">{icon} {severity}</span>'
        f"<small>{text(words.consequence)}</small></th></tr>{rows}</tbody>"
    )


def _alike(group: Sequence[Anomaly]) -> list[list[Anomaly]]:
    """The anomalies that say the same of the same figures together, in order of the first."""
    found: dict[tuple[str, ...], list[Anomaly]] = {}
    for one in group:
        key = (one.extract_id, one.sentence, one.sent, one.computed)
        found.setdefault(key, []).append(one)
    return list(found.values())


def _line(alike: Sequence[Anomaly], link: Callable[[Anomaly], tuple[str, str] | None]) -> str:
    """One sentence with its figures; all its places, those beyond the first folded."""
    one, *others = alike
    times = f" <small>{counted(len(alike), 'fois', 'fois')}</small>" if others else ""
    gap = ABSENT if one.gap is None else number(one.gap, 0 if one.gap.is_integer() else 2)
    where = _where(one, link)
    if others:
        summary = f"Et {counted(len(others), 'autre ligne', 'autres lignes')}"
        places = "".join(f"<p>{_where(other, link)}</p>" for other in others)
        where += fold(summary, places, f"{one.rule}-{one.extract_id}-{one.row}")
    return (
        f'<tr><th scope="row">{text(one.sentence)}{times}</th>'
        f'<td class="num" data-label="Publié ou envoyé">{text(one.sent or ABSENT)}</td>'
        f'<td class="num" data-label="Calculé ou attendu">{text(one.computed or ABSENT)}</td>'
        f'<td class="num" data-label="Écart">{gap}</td>'
        f'<td class="whole" data-label="Où">{where}</td></tr>'
    )


def _where(one: Anomaly, link: Callable[[Anomaly], tuple[str, str] | None]) -> str:
    """The place of an anomaly and the way to its figure."""
    target = link(one)
    way = "" if target is None else f'<br><a href="{text(target[0])}">{text(target[1])}</a>'
    return text(anomaly_place(one)) + way


def anomaly_place(one: Anomaly) -> str:
    """File, sheet, line and column, in the words of its sentence."""
    return place(one.file_name, one.sheet or None, one.row, one.column or None)[: -len(" : ")]


def anomalies_records(kept: Sequence[Anomaly]) -> pd.DataFrame:
    """The anomalies kept, all of them, for a file."""
    return pd.DataFrame(
        {
            "regle": one.rule,
            "anomalie": one.words.title,
            "gravite": SEVERITIES.get(one.severity, SEVERITIES["warning"])[1],
            "contrat": contract_name(one.contract),
            "annee": one.year,
            "domaine": one.domain,
            "libelle": one.label,
            "mesure": one.measure,
            "territoire": one.territory_code,
            "indicateur": one.indicator_code,
            "publie_ou_envoye": one.sent,
            "calcule_ou_attendu": one.computed,
            "ecart": one.gap,
            "constat": one.sentence,
            "ce_qui_suit": one.words.consequence,
            "fichier": one.file_name,
            "feuille": one.sheet,
            "ligne": one.row,
            "colonne": one.column,
        }
        for one in kept
    )


def rules_records(kept: Sequence[Anomaly]) -> pd.DataFrame:
    """Breaches by rule, for a file."""
    return pd.DataFrame(
        {
            "regle": rule,
            "titre": rule_words(rule).title,
            "anomalies": count,
            "ce_qui_suit": rule_words(rule).consequence,
        }
        for rule, count in _counts(kept)
    )
