"""Kinds of voice of an office's own: those it taught (columns ``own_…``), and those its file declares and ours do not know."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pandas as pd

from textlens import schema
from textlens.intent.own_labels import MAY_SPLIT, declared_columns, our_names, split_label

MOST, MOST_CHARS = 30, 30
"""A column of kinds has no more of them, and none is longer: else it is free text or numbers of cases."""
_NUMBER = re.compile(r"^\s*(?:[(（]?[0-9０-９]{1,2}[)）.．:：、]|[①-⑳])?\s*")
"""The number of a choice: 1.道路, (2)公園, ③その他. A number without a mark behind it may belong to the name (2丁目)."""
_NO_KIND = ("その他", "その他・なし", "非該当", "回答しない", "不明", "無回答", "未記入", "未分類", "－", "-")


def own_kinds(analysis: Any) -> pd.DataFrame:
    """Return which comments have which kind of the office's own.

    Returns
    -------
    DataFrame of bool
        Index as ``analysis.comments``; one column per kind, called as the office calls it. No columns where there are none.

    Notes
    -----
    For 担当内 only: such a name was not made to be read by others. Declared kinds count where the comment was read,
    beside those that were taught. Misses: a column of kinds under another heading than ``status/declared_types.tsv``
    knows, and one beside another; numbers of choices without words (1, 2).
    """
    comments, names = analysis.comments, list(analysis.attributes)
    taught = [c for c in comments if str(c).startswith(schema.OWN) and c not in names]
    flags = {str(c).removeprefix(schema.OWN): comments[c].fillna(False).to_numpy(bool) for c in taught}
    columns = declared_columns(names)
    if len(columns) == 1:
        read = comments["status"].eq("ok").to_numpy()
        for name, has in _declared(comments[columns[0]]).items():
            if name in flags or (has & read).any():
                flags[name] = flags.get(name, np.zeros(len(comments), bool)) | (has & read)
    return pd.DataFrame(flags, index=comments.index, dtype=bool)


def _finer(part: str) -> list[str]:
    """Cut at ・, / and the like where one of ours stands among others (要望・鳥獣); 道路・交通 is one kind."""
    pieces = [_NUMBER.sub("", piece).strip() for piece in MAY_SPLIT.split(part)]
    return pieces if len(pieces) > 1 and not our_names([part]) and our_names(pieces) else [part]


def _declared(column: pd.Series) -> dict[str, np.ndarray]:
    """Return the declared kinds that are none of ours, and who declared them; nothing if they do not look like kinds."""
    cells = [_NUMBER.sub("", str(v)) if isinstance(v, str) else "" for v in column.tolist()]
    parts = {cell: [finer for part in split_label(cell) for finer in _finer(_NUMBER.sub("", part))] for cell in set(cells)}
    words = sorted({part for one in parts.values() for part in one})
    known = our_names(words) if words else {}
    own = [word for word in words if word and word not in known and word not in _NO_KIND and not word.isdecimal()]
    if len(own) > MOST or any(len(word) > MOST_CHARS or "。" in word for word in own):
        return {}
    return {word: np.array([word in parts[cell] for cell in cells], bool) for word in own}
