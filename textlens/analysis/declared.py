"""The kind a citizen chose for herself (自己申告) always wins; where we read it differently, it is listed."""

from __future__ import annotations

import re

import pandas as pd

from textlens import schema
from textlens.intent.own_labels import CHOICE, DECLARED, NOTHING, declared_columns
from textlens.rules import load_rules
from textlens.text.normalize import normalize
from textlens.tokens import as_tokens

_BETWEEN = re.compile(r"\s*[、,，;；/／・|｜+＋&＆\n]\s*")
COLUMNS = ["id", "declared", "declared_intent", "predicted_intent", "predicted_kinds"]


def find_declared(carried: pd.DataFrame) -> str | None:
    """Return the attribute column whose heading says it holds declared kinds, if exactly one does."""
    columns = declared_columns(carried.columns)
    return str(columns[0]) if len(columns) == 1 else None


def apply_declared(frame: pd.DataFrame, declared: pd.Series) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Let declared kinds win over predicted ones.

    Parameters
    ----------
    frame : DataFrame
        ``Analysis.comments``.
    declared : Series of str
        What was chosen, with the same index: one kind or several (``苦情、要望``), with or without the number of the
        choice (``1 苦情``). Empty cells and kinds nobody knows leave the prediction.

    Returns
    -------
    frame : DataFrame
        The ``is_`` columns of the declared kinds are true; the other kinds stay as read (中身なし alone clears them). ``intent`` is the declared
        kind; of several, the one that was read as the main kind, else the first.
    disagreements : DataFrame
        ``id, declared, declared_intent, predicted_intent, predicted_kinds`` where a declared kind is not among
        those that were read; ``declared_intent`` is the first of them.
    """
    words = declared.astype(object).where(declared.notna(), "").astype(str).str.strip()
    known = declared_kinds(words)
    frame = frame.copy()
    rows = []
    for place in (place for place in frame.index[frame["status"] == "ok"] if known[place]):
        kinds = tuple(n for n in schema.INTENTS if bool(frame.at[place, f"is_{n}"]))
        main = str(frame.at[place, "intent"])
        missed = [kind for kind in known[place] if kind not in kinds and kind != main]
        if missed:
            rows.append((place, words[place], missed[0], main, kinds))
        if known[place] == (schema.NONE,):
            for column in (*(f"is_{kind}" for kind in schema.INTENTS), "implied_request"):
                frame.at[place, column] = False
        for kind in known[place]:
            if kind != schema.NONE:
                frame.at[place, f"is_{kind}"] = True
        frame.at[place, "intent"] = main if main in known[place] else known[place][0]
    return frame, pd.DataFrame(rows, columns=COLUMNS)


def declared_kinds(cells: pd.Series) -> pd.Series:
    """Return the tuple of kinds that each cell names, in its order; a cell that is one kind as a whole (意見・要望) is not split."""
    forms = sorted({form for cell in cells for form in _forms(cell)})
    found = load_rules(DECLARED).match(as_tokens(forms))
    known = {forms[doc]: label for doc, label in zip(found.doc.tolist(), found.label.tolist(), strict=True) if label in schema.INTENTS}
    known |= {form: schema.NONE for form in forms if normalize(form).text.strip() in NOTHING}

    def kinds(cell: str) -> tuple[str, ...]:
        whole, *parts = _forms(cell)
        named = tuple(dict.fromkeys(known[form] for form in ([whole] if whole in known else parts) if form in known))
        return tuple(kind for kind in named if kind != schema.NONE) or named

    return pd.Series([kinds(cell) for cell in cells], index=cells.index, dtype=object)


def _forms(cell: str) -> list[str]:
    """Return the whole cell and then its parts, without the numbers of choices."""
    return [CHOICE.sub("", part) for part in (cell, *_BETWEEN.split(cell))]
