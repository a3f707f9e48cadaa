"""Reading plain tables that staff edited, and comparing ids as people see them."""

from __future__ import annotations

import math
import re
from pathlib import Path

import pandas as pd

from textlens.tables.plain import read_table

_FORMULA = re.compile("'*[=+@-]")
"""What a spreadsheet would compute, and what :func:`guarded` made of it."""


def read_cells(source: str | Path | pd.DataFrame, what: str) -> pd.DataFrame:
    """Read a small table (:mod:`textlens.tables.plain`), or take one as a frame: every cell as text, blanks as ''.

    Raises
    ------
    InputFileError
        The file is not there or cannot be read.
    """
    if isinstance(source, pd.DataFrame):
        return pd.DataFrame({c: ["" if is_missing(v) else str(v) for v in source[c].tolist()] for c in source.columns}, dtype=object)
    return read_table(source, what).reset_index(drop=True)


def guarded(text: str) -> str:
    """Return a cell that no spreadsheet takes for a formula: ``'`` before one that begins with ``= + - @``.

    Examples
    --------
    >>> guarded("=1+1"), guarded("山田"), unguarded(guarded("'=1"))
    ("'=1+1", '山田', "'=1")
    """
    return f"'{text}" if _FORMULA.match(text) else text


def unguarded(text: str) -> str:
    """Return what stood in a cell before :func:`guarded`."""
    return text[1:] if text.startswith("'") and _FORMULA.match(text) else text


def same_id(value: object) -> str:
    """Return an id in the form in which ids are compared: 12, 12.0 and '12' are one, '0012' is another.

    Examples
    --------
    >>> same_id(12.0), same_id("12"), same_id("0012")
    ('12', '12', '0012')
    """
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    text = str(value).strip()
    return text[:-2] if text.endswith(".0") and text[:-2].isdigit() else text


def is_missing(value: object) -> bool:
    """Tell whether a cell is empty (None, NA, NaT, NaN)."""
    return value is None or value is pd.NA or value is pd.NaT or (isinstance(value, float) and math.isnan(value))
