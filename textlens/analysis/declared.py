"""The kind a citizen chose for herself (自己申告) always wins; where we read it differently, it is listed."""

from __future__ import annotations

import pandas as pd

from textlens import schema
from textlens.rules import load_rules
from textlens.tokens import as_tokens

DICTIONARY = "status/declared_types.tsv"
COLUMNS = ["id", "declared", "declared_intent", "predicted_intent", "predicted_kinds"]


def find_declared(carried: pd.DataFrame) -> str | None:
    """Return the attribute column whose heading says it holds declared kinds, if exactly one does."""
    if carried.columns.empty:
        return None
    found = load_rules(DICTIONARY).match(as_tokens([str(c) for c in carried.columns]))
    columns = [carried.columns[d] for d in sorted(set(found.doc[found.label == "heading"].tolist()))]
    return str(columns[0]) if len(columns) == 1 else None


def apply_declared(frame: pd.DataFrame, declared: pd.Series) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Let declared kinds win over predicted ones.

    Parameters
    ----------
    frame : DataFrame
        ``Analysis.comments``.
    declared : Series of str
        What was chosen, with the same index; empty cells and kinds nobody knows leave the prediction.

    Returns
    -------
    frame : DataFrame
        ``intent`` is the declared kind and its ``is_`` column is true; the other kinds stay as read.
    disagreements : DataFrame
        ``id, declared, declared_intent, predicted_intent, predicted_kinds`` where the declared kind is
        not among the kinds that were read.
    """
    words = declared.astype(object).where(declared.notna(), "").astype(str).str.strip()
    found = load_rules(DICTIONARY).match(as_tokens(words.tolist()))
    kind = pd.Series([None] * len(frame), index=frame.index, dtype=object)
    for doc, label in zip(found.doc.tolist(), found.label.tolist(), strict=True):
        if label in schema.INTENTS:
            kind.iloc[doc] = label
    known = kind.notna() & (frame["status"] == "ok")
    frame = frame.copy()
    rows = []
    for place in frame.index[known]:
        wanted = str(kind[place])
        if not bool(frame.at[place, f"is_{wanted}"]):
            kinds = tuple(n for n in schema.INTENTS if bool(frame.at[place, f"is_{n}"]))
            rows.append((place, words[place], wanted, frame.at[place, "intent"], kinds))
        frame.at[place, "intent"] = wanted
        frame.at[place, f"is_{wanted}"] = True
    return frame, pd.DataFrame(rows, columns=COLUMNS)
