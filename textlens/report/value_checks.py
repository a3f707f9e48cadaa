"""Looks at the values of an attribute: free text, and people, have no place in what leaves the office."""

from __future__ import annotations

import numpy as np
import pandas as pd

from textlens.personal import PersonalDataFinder

MAX_GROUPS = 20
"""A column with more values (place names, free words) is no set of groups."""
FREE_TEXT = 20.0
"""Values longer than this are written, not chosen, unless several people have the same."""
_REACH = ("person_name", "phone", "email", "address")
_SURE_NAME = 0.9
_MOST_NAMES, _MOST_SURNAMES, _FEWEST_NAMES = 0.5, 0.7, 3
FREE, PERSONAL = "自由に書かれた値があるため、列ごと外しました", "氏名・連絡先・住所らしい値があるため、列ごと外しました"


def why_dropped(column: pd.Series, min_cell: int, *, region: bool) -> str:
    """Return why a column of attributes may not stand in a shared list: ``FREE``, ``PERSONAL`` or ''.

    Free: a value longer than ``FREE_TEXT`` that fewer than ``min_cell`` people have, or more than
    ``MAX_GROUPS`` values of which most stand once or twice. Personal: the finder of personal data finds a name, a
    phone number, an e-mail or an address in one value.

    Notes
    -----
    In a column of districts, what the finder only learnt to be a name or an address (花園, 青葉町三丁目) counts as a place.

    Misses: short remarks, and family names alone (:func:`names_people` sees a column of them).

    Examples
    --------
    >>> why_dropped(pd.Series(["苦情", "要望", "大石太郎"]), 3, region=False) == PERSONAL
    True
    >>> why_dropped(pd.Series(["花園", "青葉町三丁目", "本町"]), 3, region=True)
    ''
    """
    counts = _values(column).value_counts()
    long = np.array([len(value) > FREE_TEXT for value in counts.index], dtype=bool)
    wordy = bool((counts[long] < min_cell).any())
    if wordy or len(counts) > MAX_GROUPS and 2 * len(counts) > counts.sum():
        return FREE
    return PERSONAL if _reaching(counts.index.tolist(), region=region) else ""


def names_people(column: pd.Series, *, region: bool) -> bool:
    """Return whether the values are mostly names of persons, family names alone included (大石, 田中).

    Notes
    -----
    Misses: columns of one or two family names; names in Latin letters. A column of places that are family names too
    (三田, 大石) and whose heading does not say that it holds districts is taken for names.

    Examples
    --------
    >>> names_people(pd.Series(["大石", "田中", "佐藤"]), region=False), names_people(pd.Series(["会社員", "無職"]), region=False)
    (True, False)
    """
    values = _values(column).unique().tolist()
    if not values:
        return False
    if len(_reaching(values, ("person_name",), region=region)) > _MOST_NAMES * len(values):
        return True
    if region or len(values) < _FEWEST_NAMES:
        return False
    called = PersonalDataFinder().transform([f"{v}さん" for v in values])
    sure = called[called["type"].eq("person_name") & called["rule"].eq("name-honorific") & called["score"].ge(_SURE_NAME)]
    whole = {values[i] for i, text in zip(sure["id"], sure["text"], strict=True) if text == values[i] and not text.isascii()}
    return len(whole) >= _MOST_SURNAMES * len(values)


def _values(column: pd.Series) -> pd.Series:
    filled = column.dropna().astype(str).str.strip()
    return filled[filled.ne("")]


def _reaching(values: list[str], kinds: tuple[str, ...] = _REACH, *, region: bool) -> set[str]:
    """Return the values in which the finder finds somebody, or a way to reach somebody."""
    if not values:
        return set()
    found = PersonalDataFinder().transform(values)
    found = found[found["type"].isin(kinds)]
    if region:
        found = found[~found["rule"].astype(str).str.startswith("learnt")]
    return {values[i] for i in found["id"]}
