"""What may be given as texts: a row of them, and nothing that only looks like one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Set

import numpy as np
import pandas as pd

from textlens.errors import ParameterError

_ROW = "文字列の並び（pandas の Series やリスト）"


def text_series(texts: pd.Series | Iterable[str]) -> pd.Series:
    """Return texts as a Series; one that is given stays as it is.

    Raises
    ------
    ParameterError
        One str, bytes, a table (its rows would be read as the names of its columns), a mapping (its keys), a set (it
        has no order), or something that is no row of values at all.
    """
    if isinstance(texts, pd.Series):
        return texts
    if isinstance(texts, str | bytes):
        raise ParameterError(f"texts には{_ROW}を渡してください。文字列 1 つが渡されました。")
    if isinstance(texts, pd.DataFrame):
        raise ParameterError(f"texts には{_ROW}を渡してください。表（DataFrame）が渡されました。文章の列を選んでください（表[\"text\"]）。")
    if isinstance(texts, Mapping):
        raise ParameterError(f"texts には{_ROW}を渡してください。辞書が渡されました。番号付きで渡すには pd.Series(辞書) とします。")
    if isinstance(texts, Set) or not isinstance(texts, Iterable) or (isinstance(texts, np.ndarray) and texts.ndim != 1):
        raise ParameterError(f"texts には{_ROW}を渡してください（渡された型: {type(texts).__name__}）。")
    return pd.Series(list(texts), dtype=object)


def as_text(value: object, place: int) -> str:
    """Return one text, ``""`` for a missing one; ``place`` (from 0) is for the message.

    Raises
    ------
    ParameterError
        The value is neither text nor missing; the message names its place, not its content.
    """
    if isinstance(value, str):
        return value if type(value) is str else str(value)  # numpy's own str is none to MeCab
    if value is None or value is pd.NA or (isinstance(value, float) and np.isnan(value)):
        return ""
    raise ParameterError(
        f"{place + 1} 件目が文字列ではありません（型 {type(value).__name__}）。文章の列を指定するか、文字列に直してから渡してください。"
    )
