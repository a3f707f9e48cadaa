"""What is given beside texts (codes, context), in the order of their ids."""

from __future__ import annotations

from typing import Any, TypeVar

import pandas as pd

from textlens.checks import listed
from textlens.errors import ParameterError
from textlens.tokens import Tokens

_Table = TypeVar("_Table", pd.Series, pd.DataFrame)


def codes_in_order(codes: Any, texts: object, tokens: Tokens) -> list[str]:
    """Return one code per text, in the order of the texts; a plain string is one code.

    Raises
    ------
    ParameterError
        Lengths differ, codes are no list, or texts and codes are Series with different ids.
    """
    wanted = codes if isinstance(codes, pd.Series) else listed(codes, "課コード")
    if len(wanted) != tokens.n_docs:
        raise ParameterError(f"文章は {tokens.n_docs} 件、課コードは {len(wanted)} 件です。同じ件数にしてください。")
    if isinstance(wanted, pd.Series):
        wanted = in_order(wanted, texts, tokens, "課コード").tolist()
    return [str(code) for code in wanted]


def in_order(values: _Table, texts: object, tokens: Tokens, name: str) -> _Table:
    """Return as many values as texts, in the order of the ids of the texts.

    Texts without ids of their own (a list, or ``Tokens`` numbered from 0 to which the ids do not fit) are met by position.

    Raises
    ------
    ParameterError
        Both have ids and these differ, or ids are double and not in the same order; ids are not shown.
    """
    index = tokens.index
    if not isinstance(texts, pd.Series | Tokens) or values.index.equals(index):
        return values
    if values.index.is_unique and index.is_unique:
        place = values.index.get_indexer(index)
        if (place >= 0).all():
            return values.iloc[place]
    if isinstance(texts, Tokens) and index.equals(pd.RangeIndex(len(index))):
        return values
    raise ParameterError(
        f"文章と{name}の索引（受付番号）が違うか、重なった番号が同じ順に並んでいません。同じ表の列を渡してください。"
        "並び順のまま合わせてよいときは、両方に reset_index(drop=True) を付けてください。"
    )
