"""An office's own labels: which column, and what its words mean in our names."""

from __future__ import annotations

import re
from pathlib import Path

import pandas as pd

from textlens.errors import ColumnNotFoundError, InputFileError
from textlens.rules import load_rules
from textlens.schema import INTENTS, NONE
from textlens.tables import read_comments
from textlens.tokens import as_tokens

KINDS = ("intent", "department")
_SPLIT = re.compile(r"[、,，/／・;；\n]+")
_MIN_LABELLED = 20


def read_labelled(path: str | Path, label: str, *, text: str | None = None) -> tuple[pd.Series, pd.Series]:
    """Read a file with a column of labels; rows without text or label are left out.

    Returns
    -------
    texts, labels : Series of str
        With the same index.

    Raises
    ------
    InputFileError
        Fewer than 20 rows carry both.
    """
    frame = read_comments(path, text=text, attributes=[label])
    columns = [c for c in frame.columns if c != "text"]
    if not columns:
        raise ColumnNotFoundError(f"ラベルの列「{label}」がありません。")
    labels = frame[columns[0]].astype(str).str.strip()
    kept = (frame["text"].str.strip() != "") & (labels != "")
    if int(kept.sum()) < _MIN_LABELLED:
        raise InputFileError(f"本文とラベルの両方がある行が {int(kept.sum())} 行しかありません。{_MIN_LABELLED} 行以上を用意してください。")
    return frame.loc[kept, "text"], labels[kept]


def intent_labels(labels: pd.Series) -> tuple[pd.DataFrame, list[str]]:
    """Turn written labels (苦情、要望・感謝 …) into a table of our names.

    Returns
    -------
    table : bool DataFrame
        Columns ``complaint … opinion, none`` and, for words that are none of ours, the word itself.
    unknown : list of str
        Those words.

    Examples
    --------
    >>> table, unknown = intent_labels(pd.Series(["苦情、要望", "感謝"]))
    >>> table.columns[table.iloc[0]].tolist(), unknown
    (['complaint', 'request'], [])
    """
    parts = [[p.strip() for p in _SPLIT.split(cell) if p.strip()] or [cell] for cell in labels]
    words = sorted({p for row in parts for p in row})
    found = load_rules("status/declared_types.tsv").match(as_tokens(words))
    known = {word: word for word in words if word in (*INTENTS, NONE)}
    known.update({words[d]: str(name) for d, name in zip(found.doc, found.label, strict=True) if name in INTENTS})
    known.update({w: NONE for w in words if w in ("回答なし", "なし", "その他・なし")})
    unknown = [w for w in words if w not in known]
    names = [*INTENTS, NONE, *unknown]
    table = pd.DataFrame(False, index=labels.index, columns=names)
    for place, row in enumerate(parts):
        for word in row:
            table.iloc[place, names.index(known.get(word, word))] = True
    return table, unknown
