"""定型文・コピペ: the same text sent in by many. Grouped and counted, never thrown away."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd

from textlens.tokens import Tokens, as_tokens

MIN_CHARS = 20
"""Shorter texts that are alike (特になし, バスを増やして) are coincidence, not a form letter."""

_IGNORED = re.compile(r"[\s、。,.!?・「」『』()\-~]+")


def group_duplicates(texts: pd.Series | Tokens) -> pd.Series:
    """Number the groups of texts that are the same but for spaces and punctuation.

    Returns
    -------
    Series of Int64
        Group number from 1 (in order of the first member), ``<NA>`` for texts that stand alone.
        Numbers depend on the order of rows; membership does not.

    Examples
    --------
    >>> group_duplicates(pd.Series(["庁舎の建て替えに反対します。白紙に戻してください。"] * 2 + ["公園"])).tolist()
    [1, 1, <NA>]
    """
    tokens = as_tokens(texts)
    keys = [_IGNORED.sub("", text) for text in tokens.norm]
    counts: dict[str, int] = {}
    for key in keys:
        counts[key] = counts.get(key, 0) + 1
    numbers: dict[str, int] = {}
    groups = np.zeros(len(keys), np.int64)
    for row, key in enumerate(keys):
        if counts[key] > 1 and len(key) >= MIN_CHARS:
            groups[row] = numbers.setdefault(key, len(numbers) + 1)
    return pd.Series(pd.array([g if g else None for g in groups.tolist()], "Int64"), index=tokens.index, name="duplicate_group")
