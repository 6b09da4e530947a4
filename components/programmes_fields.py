"""Hypotheses of a result as fields of a page: read from the address, checked, taken back."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from components.address import asked, forget, keep
from components.blocks import last_event
from figures.programme_costs import Hypothesis, Refused, plain


@dataclass(frozen=True)
class Field:
    """A hypothesis that may be asked for: the arguments are those of ``Hypothesis``."""

    param: str
    label: str
    published: float
    lower: float
    upper: float


@dataclass(frozen=True)
class Hypotheses:
    """The hypotheses asked for, and what of the address was refused."""

    known: tuple[Hypothesis, ...]
    refused: tuple[Refused, ...]

    @property
    def is_changed(self) -> bool:
        """Whether one of them is no longer the report's."""
        return any(one.is_changed for one in self.known)

    def value(self, param: str) -> float:
        """The value asked for; KeyError for an unknown name."""
        return next(one.value for one in self.known if one.param == param)

    def published(self, param: str) -> float:
        """The report's value."""
        return next(one.published for one in self.known if one.param == param)


def as_published(fields: Sequence[Field]) -> Hypotheses:
    """The hypotheses of the report, whatever the address asks."""
    return Hypotheses(tuple(_taken(field, field.published) for field in fields), ())


def _taken(field: Field, value: float) -> Hypothesis:
    return Hypothesis(
        field.param,
        field.label,
        float(field.published),
        float(field.lower),
        float(field.upper),
        float(value),
    )


def asked_hypotheses(fields: Sequence[Field]) -> Hypotheses:
    """What the address asks for; the report's value where it asks nothing that can be taken."""
    known, refused = [], []
    for field in fields:
        wanted = asked(field.param).strip()
        value = read_number(wanted)
        is_taken = value is not None and field.lower <= value <= field.upper
        if wanted and not is_taken:
            refused.append(Refused(field.label, wanted[:20], field.lower, field.upper))
        taken = value if is_taken and value is not None else float(field.published)
        keep(field.param, None if taken == field.published else plain(taken))
        known.append(_taken(field, taken))
    return Hypotheses(tuple(known), tuple(refused))


def read_number(written: str) -> float | None:
    """``50 982``, ``0,5`` or ``0.5`` as a number; None where it is none."""
    bare = "".join(written.split()).replace("\u202f", "").replace(",", ".")
    try:
        value = float(bare)
    except ValueError:
        return None
    return value if math.isfinite(value) else None


def take_reset(
    groups: Mapping[str, Sequence[str]], otherwise: Callable[[], None]
) -> Callable[[], None]:
    """What a click changes: the fields of a group go back to the report, or ``otherwise``."""

    def taken() -> None:
        event = last_event() or {}
        if event.get("act") == "reset":
            forget(groups.get(str(event.get("group")), ()))
        else:
            otherwise()

    return taken
