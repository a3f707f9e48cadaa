"""Ids of texts on their way through a file: as text that people read, and back to what they were."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import Any

import pandas as pd

_OF_KIND: dict[str, Callable[[str], Any]] = {"int": int, "float": float, "date": date.fromisoformat, "datetime": pd.Timestamp}


def id_texts(index: pd.Index) -> list[str]:
    """Return each id as text; an id of several parts (MultiIndex) as a JSON list of its parts.

    Examples
    --------
    >>> id_texts(pd.Index([3, 12])), id_texts(pd.MultiIndex.from_tuples([("道路", 3)]))
    (['3', '12'], ['["道路", "3"]'])
    """
    if isinstance(index, pd.MultiIndex):
        parts = [id_texts(index.get_level_values(n)) for n in range(index.nlevels)]
        return [json.dumps(one, ensure_ascii=False) for one in zip(*parts, strict=True)]
    if isinstance(index, pd.DatetimeIndex):
        return [str(text) for text in index.astype(str)]
    return [value if type(value) is str else str(value) for value in index.tolist()]


def id_kinds(index: pd.Index) -> dict[str, Any]:
    """Return the names of an index and of what type its ids are, as plain data: what :func:`ids_from_texts` needs."""
    levels = [index.get_level_values(n) for n in range(index.nlevels)]
    return {
        "names": [name if name is None or isinstance(name, str | int) else str(name) for name in index.names],
        "levels": [_kind(level) for level in levels],
        "parts": isinstance(index, pd.MultiIndex),
    }


def ids_from_texts(texts: Sequence[str], kinds: dict[str, Any]) -> pd.Index:
    """Return the ids that :func:`id_texts` wrote, of the type they had.

    Text, numbers, dates with or without time, periods, and several parts of these come back as they were. An id of
    any other type (UUID, Decimal …) comes back as its text; a category comes back as what its categories are.

    Raises
    ------
    ValueError
        A text is no id of that type. It may be quoted in the error: catch it, and do not pass it on.
    """
    names, levels = kinds["names"], kinds["levels"]
    if not kinds["parts"]:
        return _level(texts, levels[0]).rename(names[0])
    parts = [json.loads(text) for text in texts]
    if any(not isinstance(part, list) or len(part) != len(levels) for part in parts):
        raise ValueError("an id has another number of parts")
    return pd.MultiIndex.from_arrays([_level([str(part[n]) for part in parts], level) for n, level in enumerate(levels)], names=names)


def _kind(level: pd.Index) -> dict[str, Any]:
    if isinstance(level, pd.CategoricalIndex):
        level = level.astype(level.categories.dtype)
    if not pd.api.types.is_object_dtype(level.dtype):
        return {"type": str(level.dtype)}
    found = {text: kind for text, value in zip(id_texts(level), level.tolist(), strict=True) if (kind := _kind_of(value))}
    return {"type": "object", "kinds": found} if found else {"type": "object"}


def _kind_of(value: object) -> str:
    if isinstance(value, str | bool):
        return ""
    if isinstance(value, datetime):
        return "datetime"
    if isinstance(value, date):
        return "date"
    kind = pd.api.types.is_integer(value), pd.api.types.is_float(value)
    return "int" if kind[0] else "float" if kind[1] else ""


def _level(texts: Sequence[str], kind: dict[str, Any]) -> pd.Index:
    name = kind["type"]
    plain = pd.Index(list(texts), dtype=object)
    if name.startswith("datetime64"):
        found = pd.to_datetime(plain, format="mixed", utc="," in name)
        return found.astype(name)
    if name.startswith("period"):
        return pd.PeriodIndex(plain, dtype=name)
    if pd.api.types.is_numeric_dtype(name) and name != "bool":
        return plain.astype(name)
    if name == "object":
        kinds = kind.get("kinds", {})
        return pd.Index([_OF_KIND[kinds[text]](text) if text in kinds else text for text in texts], dtype=object)
    return plain.astype(name) if name.startswith("str") else plain
