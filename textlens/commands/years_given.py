"""The years as they are given to ``textlens compare``: 年=ファイル, in the order of the years, every file once."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Mapping
from itertools import combinations
from pathlib import Path
from typing import NamedTuple

import pandas as pd

from textlens.errors import ParameterError

_ERAS = {"令和": 2018, "R": 2018, "平成": 1988, "H": 1988}
"""Name of an era → the year before its first."""
_YEAR = re.compile(r"(?<!\d)((?:19|20)\d\d)(?!\d)|(令和|平成|(?<![A-Z])[RH](?=\.?\d))\.?\s*(\d{1,2}|元)(?!\d)")


class Given(NamedTuple):
    """Year → file, the oldest first, and what has to be said about the order."""

    files: dict[str, Path]
    told: list[str]


def read_pairs(items: Iterable[str], form: str) -> dict[str, Path]:
    """Return what stands before and after each ＝.

    Raises
    ------
    ParameterError
        An item has another form, or a year stands twice.
    """
    pairs: dict[str, Path] = {}
    for item in items:
        year, mark, path = item.partition("=")
        if not mark or not year or not path:
            raise ParameterError(f"「{item}」は {form} の形になっていません。例: 2025=調査R7.xlsx")
        if year in pairs:
            raise ParameterError(f"年「{year}」が 2 回書かれています。")
        pairs[year] = Path(path)
    return pairs


def read_years(items: Iterable[str]) -> Given:
    """Return the years in their order: by the year in their names, else by the one in the files' names, else as they stand.

    Raises
    ------
    ParameterError
        An item is no pair, there are fewer than two, or two of them are one file.
    """
    given = read_pairs(items, "年=ファイル")
    if len(given) < 2:
        raise ParameterError("年の比較には 2 年分以上のファイルが要ります。")
    _refuse_one_file_twice(given)
    told = [
        f"注意: 「{name}」のファイル {path.name} の名前は、別の年（{there} 年）に見えます。取り違えていないか確かめてください。"
        for name, path in given.items() if (here := year_of(name)) and (there := year_of(path.stem)) and here != there
    ]  # fmt: skip
    names, found = list(given), [year_of(name) for name in given]
    if None in found or len(set(found)) < len(found):
        found = [year_of(path.stem) for path in given.values()]
    if None in found or len(set(found)) < len(found):
        return Given(given, [*told, f"年の名前から順が分からないので、書かれた順を古い順とみなしました: {' → '.join(names)}"])
    order = sorted(names, key=lambda name: found[names.index(name)] or 0)
    if order != names:
        told.append(f"年の古い順に並べ替えました: {' → '.join(order)}")
    return Given({name: given[name] for name in order}, told)


def year_of(text: str) -> int | None:
    """Return the one year that a name tells, in our era; ``None`` if it tells none or several.

    Examples
    --------
    >>> [year_of(name) for name in ("2024", "R6", "令和元年度", "調査Ｈ30", "2024（令和6）年度", "2024-2025", "前回", "20240701", "PR3")]
    [2024, 2024, 2019, 2018, 2024, None, None, None, None]
    """
    plain = unicodedata.normalize("NFKC", text).upper()
    years = {int(m[1]) if m[1] else _ERAS[m[2]] + (1 if m[3] == "元" else int(m[3])) for m in _YEAR.finditer(plain)}
    return years.pop() if len(years) == 1 else None


def same_texts(years: Mapping[str, pd.DataFrame]) -> list[str]:
    """Return a warning for every two years in which all comments are the same: one survey, saved under two names."""
    return [
        f"{one} と {two} の本文が、すべて同じです。同じ調査のファイルを 2 回指定していないか確かめてください。"
        for one, two in combinations(years, 2)
        if len(years[one]) and years[one]["text"].tolist() == years[two]["text"].tolist()
    ]


def _refuse_one_file_twice(given: Mapping[str, Path]) -> None:
    marks = {name: hashlib.sha256(path.read_bytes()).hexdigest() for name, path in given.items() if path.is_file()}
    for one, two in combinations(marks, 2):
        if marks[one] == marks[two]:
            first, second = given[one].name, given[two].name
            which = f"同じファイル {first}" if first == second else f"中身が同じファイル（{first} と {second}）"
            raise ParameterError(f"「{one}」と「{two}」に、{which} が指定されています。年ごとに別のファイルを指定してください。")
