"""A large table whose columns of few different words are kept as numbers until somebody asks for its words."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
from pandas.api.types import union_categoricals

WORDS = ("label", "subject", "rule", "source")
"""Columns of findings with few different values: a number of 8 to 32 bits each instead of a reference of 64."""


def pack(table: pd.DataFrame) -> pd.DataFrame:
    """Return the table with the columns ``WORDS`` as categories in the order of their values.

    Examples
    --------
    >>> pack(pd.DataFrame({"label": ["b", "a"], "subject": ["", ""]}))["label"].cat.codes.tolist()
    [1, 0]
    """
    return table.astype({name: "category" for name in WORDS if name in table})


def unpack(table: pd.DataFrame) -> pd.DataFrame:
    """Return the table with words again; the table itself where nothing is packed."""
    packed = [name for name in WORDS if name in table and isinstance(table[name].dtype, pd.CategoricalDtype)]
    return table.astype({name: table[name].cat.categories.dtype for name in packed}) if packed else table


def join_packed(tables: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """Return packed tables (at least one) one below the other, packed."""
    if len(tables) < 2:
        return tables[0]
    columns = {name: union_categoricals([table[name] for table in tables], sort_categories=True) for name in WORDS}
    rest = pd.concat([table.drop(columns=list(WORDS)) for table in tables], ignore_index=True)
    return rest.assign(**columns)[list(tables[0].columns)]


class Packed:
    """An attribute that takes a packed table and holds it so until it is asked for; from then on it holds the words."""

    def __set_name__(self, owner: type, name: str) -> None:
        self._name = f"_{name}"

    def __get__(self, obj: object, owner: type | None = None) -> pd.DataFrame:
        if obj is None:
            raise AttributeError(self._name)  # so that a dataclass asks for a value
        table = unpack(getattr(obj, self._name))
        self.__set__(obj, table)
        return table

    def __set__(self, obj: object, table: pd.DataFrame) -> None:
        setattr(obj, self._name, table)
