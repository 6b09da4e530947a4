"""Is the objective reached? Attainment, its status, and progress on a path. Pure functions."""

from __future__ import annotations

import math
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple, overload

import numpy as np
import numpy.typing as npt
import pandas as pd

Status = Literal["attained", "close", "behind", "not_applicable"]
DIRECTIONS = ("higher", "lower", "none")

STATUS_TOLERANCE = 1e-9
"""Slack of a comparison with a threshold: a ratio of sums such as (0.1 + 0.2) / 0.3 may fall a
rounding error short of 1, while two different counts below 10^9 differ by more than this."""

FloatArray = npt.NDArray[np.float64]
Scalar = float | int | None


@dataclass(frozen=True)
class Thresholds:
    """Attainments (proportions) from which an objective counts as attained, and as close.

    Raises: ValueError unless 0 < close <= attained, both finite.
    """

    attained: float = 1.0
    close: float = 0.95

    def __post_init__(self) -> None:
        """Refuse thresholds that leave a status out of reach."""
        if not 0 < self.close <= self.attained < math.inf:
            raise ValueError(
                "Status thresholds need 0 < close <= attained, "
                f"got close={self.close}, attained={self.attained}."
            )

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] | None = None) -> Thresholds:
        """The thresholds set by VIGIE_STATUS_ATTAINED and VIGIE_STATUS_CLOSE (proportions).

        Raises: ValueError naming the variable that does not hold a number.
        """
        variables = os.environ if environment is None else environment
        return cls(
            attained=_proportion(variables, "VIGIE_STATUS_ATTAINED", cls.attained),
            close=_proportion(variables, "VIGIE_STATUS_CLOSE", cls.close),
        )


DEFAULT_THRESHOLDS = Thresholds()


def _proportion(variables: Mapping[str, str], name: str, default: float) -> float:
    text = variables.get(name, "").strip()
    if not text:
        return default
    try:
        return float(text)
    except ValueError as error:
        raise ValueError(f"{name} must be a proportion such as 0.95, got {text!r}.") from error


class PathAttainment(NamedTuple):
    """Progress from the initial value to the target, in per cent.

    ``clamped`` lies in [0, 100]; ``unclamped`` also tells a regression (< 0) or an overshoot
    (> 100). Both are None where a value is missing.
    """

    clamped: float | None
    unclamped: float | None


@overload
def attainment(realised: pd.Series, objective: Any, better: str) -> pd.Series: ...
@overload
def attainment(realised: Any, objective: pd.Series, better: str) -> pd.Series: ...
@overload
def attainment(realised: Scalar, objective: Scalar, better: str) -> float | None: ...
@overload
def attainment(realised: FloatArray, objective: Any, better: str) -> FloatArray: ...
@overload
def attainment(realised: Any, objective: FloatArray, better: str) -> FloatArray: ...
def attainment(realised: Any, objective: Any, better: str) -> Any:
    """How much of the objective is reached, as a proportion (1.0 = just reached).

    ``realised / objective`` where higher is better, ``objective / realised`` where lower is.
    Not applicable, never infinity and never 0 in its place, when:

    - a value is missing (None, NaN, NA) or infinite, or ``better`` is ``none``;
    - the objective is zero or negative: a ratio to a negative objective says the reverse of what
      happened (-1 realised for -2 aimed at would read 50 % of a reduction or of a rise);
    - lower is better and the realised value is zero or negative: the ratio has no bound.

    A realised zero against an objective is 0.0 where higher is better. A negative realised value
    (savings turned into an overrun) then gives a negative attainment.

    Args:
        realised: scalar, numpy array or pandas Series.
        objective: the same, in the same unit; broadcast as numpy does, but two Series must carry
            the same index.
        better: ``higher | lower | none``.

    Returns: a float or None for scalars; for arrays an array, for Series a Series with the same
        index, of float64 with NaN where not applicable.
    Raises: ValueError on an unknown ``better`` or on two Series with different indexes.
    """
    if better not in DIRECTIONS:
        raise ValueError(f"better must be one of {', '.join(DIRECTIONS)}, got {better!r}.")
    index = _common_index(realised, objective)
    ratio = _ratio(_as_floats(realised), _as_floats(objective), better)
    if index is not None:
        return pd.Series(ratio, index=index, name="attainment")
    if isinstance(realised, np.ndarray) or isinstance(objective, np.ndarray):
        return ratio
    return None if np.isnan(ratio) else float(ratio)


def _ratio(realised: FloatArray, objective: FloatArray, better: str) -> FloatArray:
    """The attainment of float arrays, NaN where it does not apply."""
    above, below = (objective, realised) if better == "lower" else (realised, objective)
    applies = np.isfinite(realised) & np.isfinite(objective) & (objective > 0) & (below > 0)
    applies &= better != "none"
    with np.errstate(over="ignore"):
        ratio = np.divide(above, below, out=np.full(applies.shape, np.nan), where=applies)
    return np.where(np.isfinite(ratio), ratio, np.nan)


def _as_floats(values: Any) -> FloatArray:
    """Values as float64, missing ones as NaN; a scalar gives an array without dimension."""
    if isinstance(values, pd.Series):
        return values.to_numpy(dtype=np.float64, na_value=np.nan)
    if isinstance(values, np.ndarray):
        if values.dtype != object:
            return values.astype(np.float64)
        return np.where(pd.isna(values), np.nan, values).astype(np.float64)
    return np.asarray(np.nan if pd.isna(values) else float(values), dtype=np.float64)


def _common_index(*values: Any) -> pd.Index | None:
    indexes = [value.index for value in values if isinstance(value, pd.Series)]
    if not indexes:
        return None
    if not all(indexes[0].equals(other) for other in indexes[1:]):
        raise ValueError("realised and objective must carry the same index.")
    return indexes[0]


@overload
def status(attainment: pd.Series, thresholds: Thresholds = ...) -> pd.Series: ...
@overload
def status(attainment: FloatArray, thresholds: Thresholds = ...) -> npt.NDArray[np.object_]: ...
@overload
def status(attainment: Scalar, thresholds: Thresholds = ...) -> Status: ...
def status(attainment: Any, thresholds: Thresholds = DEFAULT_THRESHOLDS) -> Any:
    """Whether the objective is ``attained``, ``close``, ``behind`` or ``not_applicable``.

    A threshold is reached from ``threshold - STATUS_TOLERANCE`` on; nothing else is rounded, so
    99.96 % is close though it may be written 100 %.

    Args:
        attainment: proportion(s) as ``attainment()`` returns them; missing is not applicable.
        thresholds: proportions from which the objective counts as attained and as close.

    Returns: a word for a scalar, an array or Series of words otherwise.
    """
    values = _as_floats(attainment)
    words = np.select(
        [
            np.isnan(values),
            values >= thresholds.attained - STATUS_TOLERANCE,
            values >= thresholds.close - STATUS_TOLERANCE,
        ],
        ["not_applicable", "attained", "close"],
        default="behind",
    ).astype(object)
    if isinstance(attainment, pd.Series):
        return pd.Series(words, index=attainment.index, name="status")
    return words if isinstance(attainment, np.ndarray) else str(words)


def path_attainment(
    initial: Scalar,
    current: Scalar,
    target: Scalar,
    better: Literal["higher", "lower"] | None = None,
) -> PathAttainment:
    """The part of the way from ``initial`` to ``target`` that ``current`` has covered, in per cent.

    ``100 (current - initial) / (target - initial)``. Where the start is already at the target or
    past it there is no way to cover: 100 if ``current`` is at the target or better, else 0, for
    both fields.

    Args:
        initial: value at the start of the path; a missing or infinite one gives no value.
        current: value reached, in the same unit.
        target: value aimed at, in the same unit.
        better: the direction aimed at. Without it the direction is that of the path, and a path
            of no length is read as rising.

    Raises: ValueError on an unknown ``better``.
    Source: PILOTE, Direction interministérielle de la transformation publique.
    """
    if better not in ("higher", "lower", None):
        raise ValueError(f"better must be higher, lower or None, got {better!r}.")
    start, now, goal = (float(_as_floats(value)) for value in (initial, current, target))
    if not all(math.isfinite(value) for value in (start, now, goal)):
        return PathAttainment(None, None)
    is_falling = better == "lower" or (better is None and goal < start)
    sign = -1.0 if is_falling else 1.0
    if sign * start >= sign * goal:
        reached = 100.0 if sign * now >= sign * goal else 0.0
        return PathAttainment(reached, reached)
    covered = 100.0 * ((now - start) / (goal - start))
    if not math.isfinite(covered):
        return PathAttainment(None, None)
    return PathAttainment(min(max(covered, 0.0), 100.0), covered)


def weighted(values: Sequence[Scalar], weights: Sequence[float]) -> float | None:
    """The weighted mean of the parts of a composite; None as soon as one part is missing.

    Args:
        values: parts in one unit, shape (n,).
        weights: shape (n,), not negative, of any positive total (60 and 40, or 0.6 and 0.4).

    Raises: ValueError on another shape or on weights without a positive total.
    """
    if len(values) != len(weights) or not len(values):
        raise ValueError(f"As many weights as values needed: {len(values)} and {len(weights)}.")
    if min(weights) < 0 or not 0 < sum(weights) < math.inf:
        raise ValueError("Weights must not be negative and their total must be positive.")
    parts = [float(_as_floats(value)) for value in values]
    if not all(math.isfinite(part) for part in parts):
        return None
    return sum(w * part for w, part in zip(weights, parts, strict=True)) / sum(weights)
