"""How the statistics read what they are given: scalars, lists, arrays or Series, as floats.

A missing value (None, NaN, NA) is NaN; each method says whether it may be there. What cannot be
right is refused with a sentence, since a figure made from it would look as good as any other.
"""

from __future__ import annotations

import math
from decimal import Decimal
from numbers import Real
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

DIRECTIONS = ("higher", "lower", "none")
FloatArray = npt.NDArray[np.float64]
WordArray = npt.NDArray[np.object_]


def numbers(values: Any, name: str) -> FloatArray:
    """Values as float64 of the same shape, missing ones as NaN; a scalar has no dimension.

    Raises: ValueError on what is no number, or infinite.
    """
    try:
        given = values.to_numpy(dtype=object) if isinstance(values, pd.Series) else values
        raw = np.asarray(given)
        if raw.dtype == object:
            raw = np.where(pd.isna(raw), np.nan, raw)
        array = raw.astype(np.float64)
    except (TypeError, ValueError) as error:
        raise ValueError(f"{name} must hold numbers only.") from error
    if np.isinf(array).any():
        raise ValueError(f"{name} must be finite.")
    return array


def matched(**named: Any) -> list[FloatArray]:
    """The arguments as floats of one common shape, in their order; scalars are repeated.

    Raises: ValueError on two lengths, or on two Series whose rows are not the same.
    """
    indexes = [values.index for values in named.values() if isinstance(values, pd.Series)]
    if any(not indexes[0].equals(index) for index in indexes[1:]):
        raise ValueError(f"{_listed(named)} must carry the same index.")
    arrays = {name: numbers(values, name) for name, values in named.items()}
    if len({array.shape for array in arrays.values() if array.ndim}) > 1:
        raise ValueError(f"{_listed(named)} must have the same length.")
    return [np.array(array) for array in np.broadcast_arrays(*arrays.values())]


def series(**named: Any) -> list[FloatArray]:
    """The arguments as series of one common length, shape (n,), n > 0.

    Raises: ValueError as ``matched`` does, and on an empty series or another dimension.
    """
    arrays = matched(**named)
    if arrays[0].ndim != 1 or not arrays[0].size:
        raise ValueError(f"{_listed(named)} must be series of at least one value.")
    return arrays


def refuse_other_than_numbers(**named: Any) -> None:
    """Raise a ValueError naming the first argument holding text, truth values or complex numbers.

    Text that reads as a number is refused too: it comes from a column that nobody has read.
    """
    for name, values in named.items():
        if getattr(getattr(values, "dtype", None), "kind", "O") in "iuf":
            continue
        for value in np.asarray(values, dtype=object).ravel():
            is_number = isinstance(value, (Real, Decimal)) and not isinstance(value, bool)
            if not is_number and value is not None and value is not pd.NA:
                raise ValueError(f"{name} must hold numbers only.")


def refuse_missing(**arrays: FloatArray) -> None:
    """Raise a ValueError naming the first argument in which a value is missing."""
    for name, array in arrays.items():
        if np.isnan(array).any():
            raise ValueError(f"{name} must not be missing: leave such rows out first.")


def refuse_reversed(lower: FloatArray, upper: FloatArray) -> None:
    """Raise a ValueError where a lower limit lies above its upper limit."""
    if (lower > upper).any():
        raise ValueError("lower must not be above upper.")


def refuse_direction(better: str) -> None:
    """Raise a ValueError unless ``better`` is one of ``DIRECTIONS``."""
    if better not in DIRECTIONS:
        raise ValueError(f"better must be one of {', '.join(DIRECTIONS)}, got {better!r}.")


def refuse_share(share: float, name: str) -> None:
    """Raise a ValueError unless the share lies in (0, 1), both ends excluded."""
    if not is_finite(share) or not 0 < share < 1:
        raise ValueError(f"{name} must lie between 0 and 1, both excluded, got {share!r}.")


def is_finite(value: Any) -> bool:
    """Whether the value is one finite number; a truth value is none."""
    is_number = isinstance(value, (int, float, np.integer, np.floating))
    return is_number and not isinstance(value, bool) and math.isfinite(value)


def whole(value: Any, name: str, least: int) -> int:
    """The value as a whole number. Raises a ValueError unless it is one of at least ``least``."""
    if not is_finite(value) or value != int(value):
        raise ValueError(f"{name} must be a whole number, got {value!r}.")
    if value < least:
        raise ValueError(f"{name} must be at least {least}, got {value!r}.")
    return int(value)


def scalar_or_array(array: npt.NDArray[Any]) -> Any:
    """The one value of an array without dimension, else the array."""
    return array.item() if array.ndim == 0 else array


def _listed(named: dict[str, Any]) -> str:
    *first, last = named
    return f"{', '.join(first)} and {last}" if first else last
