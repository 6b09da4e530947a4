"""What the name of a file tells of it: the caisse that sends it, the month it is of."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from data.reference.territories import territories

_SENDER = re.compile(r"(?:CPAM|CGSS|CSS)[-_ ]?[0-9AB]{2,3}[A-Z]?", re.IGNORECASE)
_MONTH = re.compile(r"(?<!\d)(20\d\d)[-_. ]?(0[1-9]|1[0-2])(?!\d)")


def caisse_told(names: Sequence[str]) -> str | None:
    """Code of the one caisse that the names tell; None where they tell none, or several."""
    known = set(territories()["territory_code"])
    found = (name for text in names for name in _SENDER.findall(text))
    told = {re.sub(r"[-_ ]", "-", name.upper()) for name in found}
    told = {code if "-" in code else re.sub(r"(\d)", r"-\1", code, count=1) for code in told}
    return told.pop() if len(told) == 1 and told <= known else None


def month_told(name: str) -> date | None:
    """First day of the month that a name tells (``2017-09``, ``201709``); None without one."""
    found = _MONTH.search(name)
    return date(int(found[1]), int(found[2]), 1) if found else None
