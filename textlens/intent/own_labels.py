"""The labels an office writes (苦情、要望・感謝 …) in one form: a bool table with our names where we have them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from textlens.errors import ParameterError
from textlens.rules import load_rules, read_table
from textlens.schema import INTENTS, MAIN_INTENTS, NONE
from textlens.text.normalize import normalize
from textlens.tokens import as_tokens

DECLARED = "status/declared_types.tsv"
NAMES = "report/labels_ja.tsv"
_SPLIT = re.compile(r"[、,，;；\n]+")
MAY_SPLIT = re.compile(r"[・/／|｜+＋&＆]+")
"""Where a cell may hold several kinds (苦情｜要望) or one (道路・交通)."""
CHOICE = re.compile(r"^\s*(?:[(（]?[0-9０-９]{1,2}[)）.．:：、]?|[①-⑳])\s*")
"""The number of a choice: 1 苦情, (2)要望, ③感謝."""
_MAX_CHARS = 30
NOTHING = ("中身なし", "内容なし", "回答なし")
"""What offices call the kind ``none``; reports use the first."""


def our_names(words: Iterable[str]) -> dict[str, str]:
    """Return our name of each word that has one (苦情 → complaint), in the spelling given.

    Examples
    --------
    >>> our_names(["苦情", "感謝・評価", "request", "道路"])
    {'苦情': 'complaint', '感謝・評価': 'praise', 'request': 'request'}
    """
    wanted = list(dict.fromkeys(words))
    reported = {word: name for name, word in japanese_names().items()}
    reported.update({name: name for name in MAIN_INTENTS}, **dict.fromkeys((*NOTHING, "なし", "その他・なし"), NONE))
    found = load_rules(DECLARED).match(as_tokens(wanted))
    declared = {wanted[doc]: str(name) for doc, name in zip(found.doc.tolist(), found.label, strict=True) if name in INTENTS}
    plain = {word: normalize(word).text.strip() for word in wanted}
    return {word: declared.get(word) or reported[plain[word]] for word in wanted if word in declared or plain[word] in reported}


def declared_columns(headings: Iterable[object]) -> list[Any]:
    """Return the headings that say that their column holds declared kinds (種別（自己申告）)."""
    names = list(headings)
    if not names:
        return []
    found = load_rules(DECLARED).match(as_tokens([str(name) for name in names]))
    return [names[doc] for doc in sorted(set(found.doc[found.label == "heading"].tolist()))]


def japanese_names() -> dict[str, str]:
    """Return the name of each kind in reports (complaint → 苦情)."""
    names = {row["id"].split(".", 1)[1]: row["label"] for row in read_table(NAMES) if row["id"].startswith("intent.")}
    return {name: names[name] for name in MAIN_INTENTS}


def split_label(cell: str) -> list[str]:
    """Split a cell that holds several labels: at 、 and line breaks always, at ・ and / only between names of ours.

    Examples
    --------
    >>> split_label("苦情・要望"), split_label("道路・交通、要望"), split_label("ご意見・ご要望")
    (['苦情', '要望'], ['道路・交通', '要望'], ['ご意見・ご要望'])
    """
    parts: list[str] = []
    for part in (p.strip() for p in _SPLIT.split(cell)):
        finer = [p.strip() for p in MAY_SPLIT.split(part) if p.strip()]
        several = len(finer) > 1 and not our_names([part]) and len(our_names(finer)) == len(set(finer))
        parts += finer if several else [part] if part else []
    return parts


def label_table(labels: pd.Series | pd.DataFrame | Sequence[Any], index: pd.Index) -> pd.DataFrame:
    """Bring labels into one form: a bool frame with one column per label, one row per text.

    Parameters
    ----------
    labels : Series of str, Series of sets or lists of str, or bool DataFrame
        Names of ours may be Japanese. A Series or a frame that has the ids of the texts is brought into their order; any other is
        taken by position.
    index : Index
        Ids of the texts.

    Raises
    ------
    ParameterError
        Labels are no row of them (one str, a mapping …); the numbers do not agree; a value is missing, is of another type, or looks like a text and not like a label.
    """
    n = len(index)
    if isinstance(labels, str | Mapping) or not isinstance(labels, pd.Series | pd.DataFrame | Iterable):
        hint = "。番号付きで渡すには pd.Series(辞書) とします" if isinstance(labels, Mapping) else ""
        raise ParameterError(f"ラベルには並び（pandas の Series やリスト）か真偽の表を渡してください（渡された型: {type(labels).__name__}）{hint}。")
    if not isinstance(labels, pd.Series | pd.DataFrame):
        labels = list(labels)
    if len(labels) != n:
        raise ParameterError(f"文章が {n} 件、ラベルが {len(labels)} 件です。同じ件数にしてください。")
    if isinstance(labels, pd.Series | pd.DataFrame):
        labels = _in_order(labels, index)
    if isinstance(labels, pd.DataFrame):
        return _checked(labels)
    sets: list[list[str]] = []
    for place, value in enumerate(labels):
        if not isinstance(value, str) and (isinstance(value, Mapping) or not isinstance(value, Iterable)):
            raise ParameterError(
                f"{place + 1} 件目のラベルが読めません（型 {type(value).__name__}）。文字列か、文字列の並びにしてください。"
                "ラベルのない文は除いてから渡してください。"
            )
        parts = split_label(value) if isinstance(value, str) else [str(part) for part in value]
        if isinstance(value, str) and not parts:
            raise ParameterError(f"{place + 1} 件目のラベルが空です。ラベルのない文は除いてから渡してください。")
        if any(len(part) > _MAX_CHARS or "。" in part for part in parts):
            raise ParameterError(f"{place + 1} 件目のラベルは種別の名前に見えません（{_MAX_CHARS} 字を超えるか、句点があります）。文章の列を渡していないか確かめてください。")
        sets.append(parts)
    words = sorted({part for parts in sets for part in parts})
    known = our_names(words)
    named = [{known.get(part, part) for part in parts} for parts in sets]
    return pd.DataFrame({name: [name in found for found in named] for name in sorted(set().union(*named))})


def _in_order(labels: pd.Series | pd.DataFrame, index: pd.Index) -> pd.Series | pd.DataFrame:
    own = labels.index
    if own.equals(index) or not (own.is_unique and index.is_unique) or len(own.difference(index)):
        return labels
    return labels.loc[index]


def _checked(table: pd.DataFrame) -> pd.DataFrame:
    values = table.to_numpy(object)
    wrong = [str(table.columns[j]) for j in range(values.shape[1]) if not all(_is_bool(v) for v in values[:, j].tolist())]
    if wrong:
        raise ParameterError(f"ラベルの表に、真偽でない値か空欄のある列が {len(wrong)} 列あります。True・False（または 1・0）にしてください。")
    known = our_names(str(name) for name in table.columns)
    named = pd.DataFrame(values.astype(float) > 0, columns=[known.get(str(name), str(name)) for name in table.columns])
    return named.T.groupby(level=0, sort=False).any().T


def _is_bool(value: object) -> bool:
    return isinstance(value, bool | np.bool_) or (isinstance(value, int | float | np.integer | np.floating) and value in (0, 1))
