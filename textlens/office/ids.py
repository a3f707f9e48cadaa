"""Ids of comments: those that tell who wrote, and keyed pseudonyms in their place."""

from __future__ import annotations

import copy
import re
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pandas as pd

from textlens.errors import ParameterError
from textlens.office.tables import same_id
from textlens.personal.generalise import pseudonym

LEAST = 3
"""Words in an id that fewer ids than this have may be a name; 高校A-012 has its 高校 in common with others."""
_WORDS = re.compile(r"[々〆ぁ-ゖァ-ヺー一-鿿豈-﫿ｦ-ﾟ]+")


def telling_ids(ids: Iterable[object]) -> list[str]:
    """Return the ids that may name a person: an e-mail address, or Japanese words hardly any other id has.

    Notes
    -----
    Misses: names in Latin letters, and numbers that lead to a person in another register.

    Examples
    --------
    >>> telling_ids(["高校-01", "高校-02", "高校-03", "大石太郎", "0012", "oishi@example.jp"])
    ['大石太郎', 'oishi@example.jp']
    """
    texts = [same_id(i) for i in ids]
    words = [tuple(_WORDS.findall(text)) for text in texts]
    seen = Counter(words)
    return [text for text, own in zip(texts, words, strict=True) if "@" in text or own and seen[own] < LEAST]


def with_pseudonyms(analysis: Any, key: Path) -> Any:
    """Return a copy of an analysis whose ids are keyed pseudonyms; the key is the content of a file.

    Raises
    ------
    ParameterError
        There is no such file, or the key is too short.
    """
    if not key.is_file():
        raise ParameterError(f"鍵ファイル {key.name} がありません。16 文字以上のでたらめな文字を書いたファイルを、結果とは別の場所に作ってください。")
    index = analysis.comments.index
    names = pseudonym([same_id(i) for i in index], key.read_bytes().strip()).tolist()
    new = dict(zip(index, names, strict=True))
    changed = copy.copy(analysis)
    changed.comments = analysis.comments.set_axis(pd.Index(names, name=index.name, dtype=object), axis=0)
    changed.units = analysis.units.assign(id=analysis.units["id"].map(new))
    changed.findings = analysis.findings.assign(id=analysis.findings["id"].map(new))
    if "representatives" in analysis.topics:
        changed.topics = analysis.topics.assign(
            representatives=pd.Series([tuple(new[i] for i in ids) for ids in analysis.topics["representatives"]], analysis.topics.index, dtype=object)
        )
    return changed
