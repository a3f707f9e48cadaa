"""What analyze() was given, looked at before any work is done: the table, its ids, its columns."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

import pandas as pd

from textlens import schema
from textlens.analysis.readers import Readers
from textlens.errors import ColumnNotFoundError, ParameterError, TextColumnError
from textlens.tokens.ids import id_texts


def text_column(comments: pd.DataFrame, text: str) -> pd.Series:
    """Return the comments, with a table that can be worked with and ids that are good.

    Raises
    ------
    ParameterError
        No DataFrame, two columns of the name, or ids that are no ids (see :func:`check_ids`).
    ColumnNotFoundError
        There is no such column.
    TextColumnError
        A cell is neither text nor missing.
    """
    if not isinstance(comments, pd.DataFrame):
        raise ParameterError("analyze には DataFrame を渡してください（文章の並びだけなら pd.DataFrame({'text': 並び}) とします）。")
    if isinstance(comments.columns, pd.MultiIndex):
        raise ParameterError("表の見出しが 2 段以上あります（MultiIndex）。1 段の見出しにしてから渡してください。")
    if not isinstance(text, str | int):
        raise ParameterError(f"text には文章の列の名前を一つ渡してください（{type(text).__name__} が渡されました）。")
    _one_column(comments, text, f"文章の列「{text}」がありません。ある列: {_listed(comments.columns)}。text= で列名を指定してください。")
    check_ids(comments.index)
    column = comments[text].astype(object) if isinstance(comments[text].dtype, pd.CategoricalDtype) else comments[text]
    wrong = [i for i, v in enumerate(column.tolist(), 1) if not (isinstance(v, str) or _is_missing(v))]
    if wrong:
        raise TextColumnError(f"列「{text}」の {wrong[0]} 件目が文字列ではありません（全部で {len(wrong)} 件）。文章の列を指定してください。")
    return column


def check_ids(index: pd.Index) -> None:
    """Refuse an index whose ids do not name one comment each.

    Raises
    ------
    ParameterError
        An id is missing, stands twice, is True or False, or differs from another only in its type (1 and ``"1"``).
    """
    missing = int(index.to_frame().isna().any(axis=1).sum())
    if missing:
        raise ParameterError(f"索引（受付番号）が空の行が {missing} 件あります。番号を入れるか、reset_index(drop=True) などで一意にしてから渡してください。")
    if not index.is_unique:
        again = index[index.duplicated()].unique()
        raise ParameterError(f"索引（受付番号）が {len(again)} 種類重なっています。reset_index() などで一意にしてから渡してください。")
    plain_object = index.nlevels == 1 and pd.api.types.is_object_dtype(index.dtype)
    if pd.api.types.is_bool_dtype(index.dtype) or (plain_object and any(isinstance(one, bool) for one in index)):
        raise ParameterError("索引（受付番号）に真偽値（True・False）があります。番号を索引にするか、reset_index(drop=True) してから渡してください。")
    if (plain_object or index.nlevels > 1) and len(set(id_texts(index))) < len(index):
        raise ParameterError("索引（受付番号）に、文字にすると同じになる番号（1 と \"1\" など）があります。index.astype(str) などで型をそろえ、一意にしてください。")


def carried_columns(comments: pd.DataFrame, text: str, attributes: Sequence[str] | str, question: str | None) -> pd.DataFrame:
    """Return the attributes, their headings as str; a column that says what was asked goes with them.

    Raises
    ------
    ParameterError
        ``attributes`` are no names, or two columns that are wanted have one name.
    ColumnNotFoundError
        There is no such column.
    """
    if attributes is not None and not isinstance(attributes, Iterable):
        raise ParameterError(f"attributes には列の名前の並びを渡してください（{type(attributes).__name__} が渡されました）。")
    named = [attributes] if isinstance(attributes, str) else list(attributes if attributes is not None else ())
    for name in named:
        _one_column(comments, name, f"attributes の列「{name}」がありません。ある列: {_listed(comments.columns)}。")
    wanted = [column for column in dict.fromkeys(named or comments.columns) if column != text]
    if isinstance(question, str) and question in comments.columns and question not in (text, *wanted):
        wanted.append(question)
    again = sorted({str(c) for c in wanted if sum(str(c) == str(other) for other in comments.columns) > 1})
    if again:
        raise ParameterError(f"同じ名前の列が二つ以上あります: {_listed(again)}。見出しを一つずつ違うものにしてから渡してください。")
    return comments[wanted].set_axis([str(column) for column in wanted], axis=1)


def check_names(carried: pd.DataFrame, readers: Readers) -> None:
    """Refuse attributes that are called like a column of the result: one of the two would be lost.

    Raises
    ------
    ParameterError
        The message names the columns.
    """
    own = [f"{schema.OWN}{name}" for name in getattr(getattr(readers.intent, "learnt_", None), "names", ()) if name not in schema.MAIN_INTENTS]
    taken = [name for name in carried.columns if name in (*schema.COMMENT_COLUMNS, *own)]
    if taken:
        raise ParameterError(
            f"結果の列と同じ名前の列があります: {_listed(taken)}。列の名前を変えるか、要る列だけを attributes= で指定してください"
            "（分析の結果をもう一度読むときは、文章ともとの属性の列だけを渡します）。"
        )


def check_corrections(corrections: object) -> None:
    """Refuse corrections that are neither a file nor a table.

    Raises
    ------
    ParameterError
    """
    if corrections is not None and not isinstance(corrections, str | Path | pd.DataFrame):
        raise ParameterError(f"corrections には修正のファイルか表（DataFrame）を渡してください（{type(corrections).__name__} が渡されました）。")


def _one_column(comments: pd.DataFrame, name: object, absent: str) -> None:
    try:
        count = int((comments.columns == name).sum()) if name in comments.columns else 0
    except TypeError:  # a list cannot be a name
        count = 0
    if not count:
        raise ColumnNotFoundError(absent)
    if count > 1:
        raise ParameterError(f"「{name}」という列が {count} つあります。見出しを一つずつ違うものにしてから渡してください。")


def _listed(names: Iterable[object], most: int = 20) -> str:
    shown = [str(name) for name in names]
    return "、".join(shown[:most]) + (f" ほか {len(shown) - most} 列" if len(shown) > most else "") or "なし"


def _is_missing(value: object) -> bool:
    return pd.api.types.is_scalar(value) and bool(pd.isna(value))  # type: ignore[call-overload]
