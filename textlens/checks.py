"""Parameters: what is no number, or no list, is refused in words before any work is done."""

from __future__ import annotations

import math
import numbers
from collections.abc import Hashable, Iterable
from typing import Any

import numpy as np
import pandas as pd

from textlens.errors import ParameterError

_IN_ORDER = (list, tuple, np.ndarray, pd.Index, pd.api.extensions.ExtensionArray)
SEEDS = 2**32
"""Random generators of numpy and scikit-learn take whole numbers below this."""


def whole_number(value: object, name: str, least: int = 0, below: int | None = None) -> int:
    """Return a whole number that a caller gave, Python's or numpy's, as int.

    Raises
    ------
    ParameterError
        It is no whole number (a text, ``None``, True, 2.5) or out of bounds; texts are not shown.

    Examples
    --------
    >>> whole_number(2, "n_jobs", 1)
    2
    """
    if isinstance(value, bool) or not isinstance(value, numbers.Integral) or int(value) < least or (below is not None and int(value) >= below):
        most = "" if below is None else f"、{below} 未満"
        raise ParameterError(f"{name} は {least} 以上{most}の整数にしてください（{_shown(value)}が渡されました）。")
    return int(value)


def whole_number_or_none(value: object, name: str, least: int = 0) -> int | None:
    """Return a whole number as int, or None (see :func:`whole_number`)."""
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, numbers.Integral) or int(value) < least:
        raise ParameterError(f"{name} は {least} 以上の整数か None にしてください（{_shown(value)}が渡されました）。")
    return int(value)


def seed(value: object) -> int:
    """Return ``random_state`` as int: everything random is seeded, so that the same input gives the same output.

    Raises
    ------
    ParameterError
        It is no whole number of at least 0 and below 2 ** 32 (``None`` is not one).
    """
    return whole_number(value, "random_state", 0, SEEDS)


def real_number(value: object, name: str, low: float = -math.inf, high: float = math.inf) -> float:
    """Return a finite number that a caller gave, above ``low`` and below ``high``, as float.

    Raises
    ------
    ParameterError
        It is no number (a text, ``None``, NaN), or not between the two; texts are not shown.

    Examples
    --------
    >>> real_number(0.95, "level", 0, 1)
    0.95
    """
    if isinstance(value, bool) or not isinstance(value, numbers.Real) or not low < float(value) < high:
        wanted = "数" if math.isinf(low) else f"{low:g} より大きい数" if math.isinf(high) else f"{low:g} と {high:g} の間の数"
        raise ParameterError(f"{name} は{' ' * (not math.isinf(low))}{wanted}にしてください（{_shown(value)}が渡されました）。")
    return float(value)


def share_number(value: object, name: str, *, open_below: bool = False) -> float:
    """Return a number from 0 to 1 that a caller gave, as float; 0 itself not with ``open_below``.

    Raises
    ------
    ParameterError
        It is no number (a text, ``None``, NaN), or not from 0 to 1; texts are not shown.

    Examples
    --------
    >>> share_number(1, "threshold")
    1.0
    """
    if isinstance(value, bool) or not isinstance(value, numbers.Real) or not 0 <= float(value) <= 1 or (open_below and not float(value)):
        wanted = "0 より大きく 1 以下の数" if open_below else "0 以上 1 以下の数"
        raise ParameterError(f"{name} は {wanted}にしてください（{_shown(value)}が渡されました）。")
    return float(value)


def _shown(value: object) -> str:
    """Return a number, or the type of what is none (which may be somebody's words)."""
    return f"{value} " if isinstance(value, numbers.Real) or value is None else f"型 {type(value).__name__} の値"


def listed(values: object, name: str) -> list[Any]:
    """Return what a caller gave as a list; a plain string is one item and not its characters.

    Raises
    ------
    ParameterError
        It is neither a string nor a list or the like, or an item is itself a list.

    Examples
    --------
    >>> listed("intent", "labels"), listed(("intent", "topic"), "labels")
    (['intent'], ['intent', 'topic'])
    """
    found = [values] if isinstance(values, str) else list(values) if isinstance(values, Iterable) else None
    if found is None or not all(isinstance(item, Hashable) for item in found):
        raise ParameterError(f"{name} には文字列か、文字列の並び（リストなど）を渡してください（型 {type(values).__name__} が渡されました）。")
    return found


def beside(values: object, index: pd.Index, name: str) -> pd.Series:
    """Return one value per comment with the index of the comments; a list or an array is taken in its order.

    Raises
    ------
    ParameterError
        A Series has another index, a list another length, or it is neither.

    Examples
    --------
    >>> beside(["若", "老"], pd.Index(["a", "b"]), "groups").to_dict()
    {'a': '若', 'b': '老'}
    """
    if isinstance(values, pd.Series):
        if not values.index.equals(index):
            raise ParameterError(f"{name} は声と同じ索引の列を渡してください。")
        return values
    if not isinstance(values, _IN_ORDER) or (isinstance(values, np.ndarray) and values.ndim != 1):
        raise ParameterError(f"{name} には、声と同じ索引の列か、同じ件数の並び（リストか配列）を渡してください（型 {type(values).__name__} が渡されました）。")
    if len(values) != len(index):
        raise ParameterError(f"{name} は声と同じ {len(index)} 件にしてください（{len(values)} 件が渡されました）。")
    return pd.Series(values, index=index)
