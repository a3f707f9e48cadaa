"""Columns of a saved table: what type they were, and the cells of a CSV file read back as that type.

A file may have been saved again by Excel, which writes TRUE for True and 2024/4/1 for 2024-04-01.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, NamedTuple

import pandas as pd
from pandas.api import types

from textlens.errors import InputFileError

_BAD = object()
_BOOL = {"true": True, "1": True, "false": False, "0": False}
TUPLE = "tuple"


class _Reader(NamedTuple):
    """How cells of one type are read: a function that gives ``_BAD`` or raises ValueError, what to write, and whether a cell may be empty."""

    parse: Callable[[str], Any]
    wanted: str
    may_be_empty: bool


def kind_of(column: pd.Series) -> Any:
    """Return the type of a column as plain data."""
    if isinstance(column.dtype, pd.CategoricalDtype):
        groups = column.dtype.categories
        return {"categories": [str(group) for group in groups], "of": str(groups.dtype), "ordered": bool(column.dtype.ordered)}
    return str(column.dtype)


def typed(column: pd.Series, kind: Any, file: str, name: str) -> pd.Series:
    """Return a column of text cells as the type it was.

    Parameters
    ----------
    column : Series of str
    kind : str or dict
        What :func:`kind_of` gave.
    file, name : str
        For messages.

    Raises
    ------
    InputFileError
        A cell is nothing of that type; the message names file, column and row, not the cell.

    Notes
    -----
    Misses: a column of mixed values (dtype object: numbers beside words) and types of other packages come back as text.
    """
    if isinstance(kind, dict):
        return _grouped(column, kind, file, name)
    reader = _reader(kind)
    if reader is None:
        return column.astype(kind) if kind.startswith("str") else column
    values = _read(column, reader, file, name)
    if kind == TUPLE:
        return pd.Series(values, index=column.index, dtype=object)
    if kind.startswith("datetime64"):
        return pd.Series(pd.to_datetime(values, format="mixed", utc="," in kind), index=column.index).astype(kind)
    return pd.Series(values, index=column.index, dtype=kind)


def _grouped(column: pd.Series, kind: dict[str, Any], file: str, name: str) -> pd.Series:
    groups = pd.Index(typed(pd.Series(kind["categories"], dtype=object), kind["of"], file, name))
    values = typed(column, kind["of"], file, name)
    codes = groups.get_indexer(pd.Index(values))
    _refuse(((codes < 0) & (column != "").to_numpy(bool)).tolist(), "保存したときの値のどれか", file, name)
    return pd.Series(pd.Categorical.from_codes(codes, groups, ordered=kind["ordered"]), index=column.index)


def _read(column: pd.Series, reader: _Reader, file: str, name: str) -> list[Any]:
    cells = column.tolist()
    read = {cell: _attempt(reader, cell) for cell in dict.fromkeys(cells)}
    values = [read[cell] for cell in cells]
    _refuse([value is _BAD for value in values], reader.wanted, file, name)
    return values


def _refuse(wrong: list[bool], wanted: str, file: str, name: str) -> None:
    rows = [row for row, bad in enumerate(wrong, 2) if bad]
    if rows:
        raise InputFileError(
            f"{file} の {rows[0]} 行目（見出しが 1 行目）、列「{name}」は {wanted} のはずですが、ほかの値が入っています"
            f"（この列に全部で {len(rows)} 件）。値を直すか、保存し直してください。"
        )


def _attempt(reader: _Reader, cell: str) -> Any:
    if cell == "":
        return None if reader.may_be_empty else _BAD
    try:
        return reader.parse(cell)
    except (ValueError, OverflowError):
        return _BAD


def _reader(kind: str) -> _Reader | None:
    """Return how to read a type; ``None``: it is text."""
    if kind == TUPLE:
        return _Reader(_tuple, "[\"…\"] の形の並び", True)
    if kind in ("bool", "boolean"):
        return _Reader(lambda cell: _BOOL.get(cell.strip().lower(), _BAD), "True か False", kind == "boolean")
    if kind.lower().startswith(("int", "uint")) and not kind.startswith("interval"):
        return _Reader(int, "整数", kind[0].isupper())
    if kind.lower().startswith("float"):
        return _Reader(float, "数", True)
    if kind.startswith("datetime64"):
        return _Reader(pd.Timestamp, "日時", True)
    if kind.startswith("timedelta64"):
        return _Reader(pd.Timedelta, "時間の長さ", True)
    if kind.startswith("period"):
        return _Reader(lambda cell: pd.Period(cell, freq=types.pandas_dtype(kind).freq), "期間", True)  # type: ignore[union-attr]
    return None


def _tuple(cell: str) -> Any:
    found = json.loads(cell)
    return tuple(found) if isinstance(found, list) else _BAD
