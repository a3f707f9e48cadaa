"""Parameters that are numbers: what is none is refused in words, before any work is done."""

from __future__ import annotations

import math
import numbers

from textlens.errors import ParameterError

SEEDS = 2**32
"""Random generators of numpy and scikit-learn take whole numbers below this."""


def whole_number(name: str, value: object, least: int, below: int | None = None) -> int:
    """Return a whole number as int (one of numpy's, too; True and 2.0 are none).

    Raises
    ------
    ParameterError
        It is no whole number, or is out of bounds.

    Examples
    --------
    >>> whole_number("n_jobs", 2, 1)
    2
    """
    if isinstance(value, bool) or not isinstance(value, numbers.Integral):
        raise ParameterError(f"{name} は {least} 以上の整数です（{_shown(value)}が渡されました）。")
    if int(value) < least or (below is not None and int(value) >= below):
        most = "" if below is None else f"、{below} 未満"
        raise ParameterError(f"{name} は {least} 以上{most}の整数です（渡されたのは {int(value)}）。")
    return int(value)


def whole_number_or_none(name: str, value: object, least: int) -> int | None:
    """Return a whole number as int, or None (see :func:`whole_number`)."""
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, numbers.Integral) or int(value) < least:
        raise ParameterError(f"{name} は {least} 以上の整数か None です（{_shown(value)}が渡されました）。")
    return int(value)


def seed(value: object) -> int:
    """Return ``random_state`` as int: everything random is seeded, so that the same input gives the same output.

    Raises
    ------
    ParameterError
        It is no whole number of at least 0 and below 2 ** 32 (``None`` is not one).
    """
    return whole_number("random_state", value, 0, SEEDS)


def finite_number(name: str, value: object) -> float:
    """Return a finite number as float.

    Raises
    ------
    ParameterError
        It is none.
    """
    if isinstance(value, bool) or not isinstance(value, numbers.Real) or not math.isfinite(value):
        raise ParameterError(f"{name} は数です（{_shown(value)}が渡されました）。")
    return float(value)


def _shown(value: object) -> str:
    """Return a number, or the type of what is none (which may be somebody's words)."""
    return f"{value} " if isinstance(value, numbers.Real) or value is None else f"型 {type(value).__name__} の値"
