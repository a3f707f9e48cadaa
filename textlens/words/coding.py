"""Coding rules in the manner of KH Coder: and, or, not, near, seq, attributes; written by the user, no eval."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from textlens.checks import beside
from textlens.errors import DictionaryError, ParameterError
from textlens.text.normalize import normalize
from textlens.tokens import Tokens
from textlens.words.tables import Words, find_words

NEAR_WORDS = 5
"""``near`` and ``seq`` without a number: at most this many words apart."""

_TOKEN = re.compile(r'\s*(?:(?P<sign>[()&|!,])|(?P<attr><(?P<name>[^<>]+)>\s*=\s*(?P<value>[^\s()&|!,]+))|"(?P<text>[^"]+)"|(?P<word>[^\s()&|!,"<>]+))')
_MAX_DEPTH = 50


@dataclass(frozen=True)
class _Item:
    kind: str
    text: str
    name: str = ""


@dataclass(frozen=True)
class _Batch:
    words: Words
    place: Mapping[str, int]
    attributes: pd.DataFrame | None
    unit: str

    @property
    def rows(self) -> np.ndarray:
        return self.words.tokens.doc_of if self.unit == "comment" else self.words.tokens.unit_of

    @property
    def docs(self) -> np.ndarray:
        """Comment of each row."""
        return np.arange(self.words.tokens.n_docs) if self.unit == "comment" else self.words.tokens.units.doc


_Node = Callable[[_Batch], np.ndarray]


def read_codes(path: str | Path) -> dict[str, str]:
    """Read a table of codes: TSV with the headings ``code`` and ``rule``; lines that begin with ``#`` are notes.

    Raises
    ------
    DictionaryError
        The file is not such a table, or a rule cannot be read; the message names file, line and code.
    """
    source = Path(path)
    if not source.is_file():
        raise DictionaryError(f"コーディングルールのファイル {source.name} がありません。")
    try:
        lines = source.read_text(encoding="utf-8-sig").splitlines()
    except UnicodeDecodeError:
        raise DictionaryError(f"{source.name}: UTF-8 で書かれていません。UTF-8 で保存し直してください。") from None
    content = [(n, line.split("\t")) for n, line in enumerate(lines, 1) if line.strip() and not line.startswith("#")]
    if not content or content[0][1][:2] != ["code", "rule"]:
        raise DictionaryError(f"{source.name}: 1 行目は code、rule をタブで区切った見出しにしてください。")
    codes: dict[str, str] = {}
    for number, cells in content[1:]:
        name, rule = cells[0].strip(), (cells[1].strip() if len(cells) > 1 else "")
        if not name or not rule or name in codes:
            raise DictionaryError(f"{source.name} {number} 行目: code は空でなく、重ならず、rule が要ります。")
        try:
            _parse(rule)
        except DictionaryError as error:
            raise DictionaryError(f"{source.name} {number} 行目 (code {name}): {error}") from None
        codes[name] = rule
    return codes


def apply_codes(
    texts: pd.Series | Tokens | Words,
    codes: Mapping[str, str],
    *,
    attributes: pd.DataFrame | Mapping[str, Any] | None = None,
    unit: str = "comment",
) -> pd.DataFrame:
    """Mark the comments to which each code applies.

    Parameters
    ----------
    texts : Series of str, Tokens, or Words
    codes : mapping
        Name → rule. ``公園`` a word (base form, spellings of the synonym table included), ``"子どもの居場所"`` a
        piece of text, ``<年代>=10代`` an attribute (numbers as people write them: ``<年齢>=70`` finds 70.0); ``&`` and, ``|`` or, ``!`` not, brackets;
        ``near(公園, 暗い, 5)`` both within five words, ``seq(公園, 暗い, 5)`` the same in this order.
    attributes : DataFrame, mapping of name to Series or list, or None
        Columns named in rules; same index as the texts (lists: same order).
    unit : {"comment", "unit"}
        Whether the parts of a rule must hold in one comment or in one 意見単位. A comment has a code if one
        of its units has it.

    Returns
    -------
    DataFrame of bool
        One column per code, index = ids.

    Raises
    ------
    DictionaryError
        A rule cannot be read; the message tells where.
    ParameterError
        ``codes`` is no mapping of names to rules, a rule names an attribute that is not there, or the indexes differ.

    Notes
    -----
    Misses: a compound is one word, so ``公園`` does not find 中央公園 (write ``"公園"`` with quotation marks).

    Examples
    --------
    >>> texts = pd.Series(["公園の街灯が暗い。", "公園が好き。夜道は暗い。", "図書館"])
    >>> codes = {"暗い公園": "公園 & 暗い", "近くで": "near(公園, 暗い, 4)", "公園以外": "!公園"}
    >>> apply_codes(texts, codes).astype(int).to_numpy().tolist()
    [[1, 1, 0], [1, 0, 0], [0, 0, 1]]
    """
    words = texts if isinstance(texts, Words) else find_words(texts, pos=None, stopwords=())
    index = words.tokens.index
    if unit not in ("comment", "unit"):
        raise ParameterError(f"unit は comment か unit です（渡されたのは {unit!r}）。")
    if not isinstance(codes, Mapping) or not all(isinstance(rule, str) for rule in codes.values()):
        raise ParameterError("codes には、名前からルール（文字列）への対応を渡してください（{\"暗い公園\": \"公園 & 暗い\"} の形）。")
    batch = _Batch(words, {str(name): n for n, name in enumerate(words.names)}, _table(attributes, index), unit)
    table = {}
    for name, rule in codes.items():
        try:
            node = _parse(rule)
        except DictionaryError as error:
            raise DictionaryError(f"code {name}: {error}") from None
        marked = np.zeros(words.tokens.n_docs, bool)
        marked[batch.docs[node(batch)]] = True
        table[name] = marked
    return pd.DataFrame(table, index=index)


def _table(attributes: pd.DataFrame | Mapping[str, Any] | None, index: pd.Index) -> pd.DataFrame | None:
    if isinstance(attributes, Mapping):
        return pd.DataFrame({name: beside(values, index, f"attributes の「{name}」") for name, values in attributes.items()}, index=index)
    if attributes is not None and (not isinstance(attributes, pd.DataFrame) or not attributes.index.equals(index)):
        raise ParameterError("attributes の索引が声と違うか、表（DataFrame）ではありません。同じ表の列を渡してください。")
    return attributes


# -- reading a rule -----------------------------------------------------------------------------------


def _items(rule: str) -> list[_Item]:
    items, at = [], 0
    rule = rule.rstrip()
    while at < len(rule):
        found = _TOKEN.match(rule, at)
        if found is None:
            raise DictionaryError(f"ルールの {at + 1} 文字目が読めません。")
        if found["sign"]:
            items.append(_Item("sign", found["sign"]))
        elif found["attr"]:
            items.append(_Item("attr", found["value"], found["name"].strip()))
        elif found["text"]:
            items.append(_Item("text", normalize(found["text"]).text))
        else:
            items.append(_Item("word", normalize(found["word"]).text))
        at = found.end()
    return items


def _parse(rule: str) -> _Node:
    items = _items(rule)
    node, at = _either(items, 0, 0)
    if at != len(items):
        raise DictionaryError(f"ルールの {at + 1} 番目の語のあとがつながりません。& か | を入れてください。")
    return node


def _sign(items: list[_Item], at: int) -> str:
    return items[at].text if at < len(items) and items[at].kind == "sign" else ""


def _either(items: list[_Item], at: int, depth: int) -> tuple[_Node, int]:
    nodes = []
    while True:
        node, at = _both(items, at, depth)
        nodes.append(node)
        if _sign(items, at) != "|":
            return (lambda batch: np.logical_or.reduce([n(batch) for n in nodes])), at
        at += 1


def _both(items: list[_Item], at: int, depth: int) -> tuple[_Node, int]:
    nodes = []
    while True:
        node, at = _one(items, at, depth)
        nodes.append(node)
        if _sign(items, at) != "&":
            return (lambda batch: np.logical_and.reduce([n(batch) for n in nodes])), at
        at += 1


def _one(items: list[_Item], at: int, depth: int) -> tuple[_Node, int]:
    if at >= len(items) or depth > _MAX_DEPTH:
        raise DictionaryError("ルールが途中で終わっているか、かっこが深すぎます。")
    item = items[at]
    if _sign(items, at) == "!":
        inner, at = _one(items, at + 1, depth + 1)
        return (lambda batch: ~inner(batch)), at
    if _sign(items, at) == "(":
        inner, at = _either(items, at + 1, depth + 1)
        if _sign(items, at) != ")":
            raise DictionaryError("かっこが閉じていません。")
        return inner, at + 1
    if item.kind == "sign":
        raise DictionaryError(f"{at + 1} 番目の {item.text} の位置が違います。")
    if item.kind == "word" and item.text in ("near", "seq") and _sign(items, at + 1) == "(":
        return _distance(items, at)
    return _leaf(item), at + 1


def _distance(items: list[_Item], at: int) -> tuple[_Node, int]:
    inside = []
    place = at + 2
    while place < len(items) and _sign(items, place) != ")":
        inside.append(items[place])
        place += 1
    parts = [item.text for item in inside if item.kind == "word"]
    if place >= len(items) or len(inside) != 2 * len(parts) - 1 or len(parts) not in (2, 3):
        raise DictionaryError(f"{items[at].text} は {items[at].text}(語, 語, 数) と書いてください。")
    if len(parts) == 3 and not parts[2].isdigit():
        raise DictionaryError(f"{items[at].text} の 3 つめは数です。")
    gap = int(parts[2]) if len(parts) == 3 else NEAR_WORDS
    ordered = items[at].text == "seq"
    return (lambda batch: _close(batch, parts[0], parts[1], gap, ordered)), place + 1


def _leaf(item: _Item) -> _Node:
    if item.kind == "attr":
        return lambda batch: _with_attribute(batch, item.name, item.text)
    if item.kind == "text":
        return lambda batch: _with_text(batch, item.text)
    return lambda batch: _with_word(batch, item.text)


# -- what holds where ---------------------------------------------------------------------------------


def _with_word(batch: _Batch, word: str) -> np.ndarray:
    found = np.zeros(len(batch.docs), bool)
    number = batch.place.get(word)
    if number is not None:
        found[batch.rows[batch.words.column == number]] = True
    return found


def _with_text(batch: _Batch, text: str) -> np.ndarray:
    tokens = batch.words.tokens
    if batch.unit == "comment":
        return np.array([text in norm for norm in tokens.norm], bool)
    units = tokens.units
    spans = zip(units.doc.tolist(), units.start.tolist(), units.end.tolist(), strict=True)
    return np.array([text in tokens.norm[d][a:b] for d, a, b in spans], bool)


def _with_attribute(batch: _Batch, name: str, value: str) -> np.ndarray:
    if batch.attributes is None or name not in batch.attributes.columns:
        raise ParameterError(f"ルールにある属性「{name}」の列がありません。attributes にその列を渡してください。")
    holds = np.array([not pd.isna(v) and value in (str(v), _written(v)) for v in batch.attributes[name].tolist()], bool)
    return np.asarray(holds[batch.docs], bool)


def _written(value: object) -> str:
    """Return a value as people write it: a column of numbers with a gap holds 70.0 where the file says 70."""
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def _close(batch: _Batch, first: str, second: str, gap: int, ordered: bool) -> np.ndarray:
    found = np.zeros(len(batch.docs), bool)
    numbers = batch.place.get(first), batch.place.get(second)
    if None in numbers:
        return found
    one, two = (np.flatnonzero(batch.words.column == n) for n in numbers)
    for step in range(-gap, gap + 1):
        if step == 0 or (ordered and step < 0):
            continue
        other = one + step
        ok = np.isin(other, two) & (other >= 0) & (other < len(batch.rows))
        rows = batch.rows[one[ok]]
        found[rows[rows == batch.rows[other[ok]]]] = True
    return found
