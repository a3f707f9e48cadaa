"""Keyed pseudonyms in the place of ids."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

import pandas as pd

from textlens.errors import ParameterError
from textlens.office.tables import same_id
from textlens.personal.generalise import pseudonym


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
