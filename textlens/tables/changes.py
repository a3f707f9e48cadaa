"""What a change of rules or words did: labels of the same comments before and after, with the evidence that came and went."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pandas as pd

from textlens import schema
from textlens.errors import ParameterError

INTENT_FLAGS = tuple(f"is_{name}" for name in schema.INTENTS)
COLUMNS = (*INTENT_FLAGS, "implied_request", "polarity", "legal_check", "urgent", "risk_level", "department")
CHANGED_COLUMNS = ["id", "column", "before", "after", "gained", "lost", "reason"]
_EVIDENCE = ["id", "label", "source", "rule", "start", "end"]
_DECIDED_BY = {
    **{flag: f"{flag.removeprefix('is_')}@|lack@" for flag in INTENT_FLAGS}, "implied_request": "lack@|request@",
    "polarity": "(positive|negative|wished|complaint|praise)@", "legal_check": "legal:", "urgent": "urgent@", "risk_level": ".*@personal",
}  # fmt: skip
"""Findings (``label@source``) that can decide a column; a department is decided by findings of its code."""
_BEHIND = {"department": ("department_score",), "polarity": ("sentiment", "p_complaint", "p_praise")}
"""Scores that a label is cut from; of ``is_complaint`` it is ``p_complaint``."""


def changed_labels(before: Any, after: Any, columns: tuple[str, ...] = COLUMNS) -> pd.DataFrame:
    """List the labels that differ between two analyses of the same comments.

    Parameters
    ----------
    before, after : Analysis
        Last year's result as it was saved (:func:`textlens.load`), and the same file read with the rules of today.
    columns : sequence of str
        Label columns to compare.

    Returns
    -------
    DataFrame
        ``id, column, before, after, gained, lost, reason``, in the order of the comments. ``gained`` and ``lost``:
        tuples of evidence that only one of the two has (``intent/cues.tsv:cp-komaru「困る」``), of the kind that
        decides this column. ``reason``: ``rules`` (evidence came or went), ``weights`` (the same evidence weighs
        differently), ``other`` (neither: a correction by staff, a self-declared kind).

    Raises
    ------
    ParameterError
        The two have no comment in common.

    Notes
    -----
    Only comments with the same id *and* the same text, read both times, are compared
    (:func:`comparable_ids`). Misses: that the evidence differs does not prove that it decided.
    """
    ids = comparable_ids(before, after)
    if not len(ids):
        raise ParameterError("前の結果と今の結果に、同じ番号で同じ文の意見がありません。同じファイルの結果かどうか確かめてください。")
    old, new = before.comments.loc[ids], after.comments.loc[ids]
    evidence = {side: _evidence(one, after.comments["text"]) for side, one in (("old", before), ("new", after))}
    rows = []
    for column in columns:
        if column not in old.columns or column not in new.columns:
            continue
        one, two = old[column].astype(object), new[column].astype(object)
        for id_ in ids[(one.ne(two) & ~(one.isna() & two.isna())).to_numpy(bool)]:
            had, has = (_of(evidence[side].get(id_, []), column, (one[id_], two[id_])) for side in ("old", "new"))
            gained, lost = tuple(e for e in has if e not in had), tuple(e for e in had if e not in has)
            reason = "rules" if gained or lost else "weights" if _weighs_differently(column, old.loc[id_], new.loc[id_]) else "other"
            rows.append((id_, column, one[id_], two[id_], gained, lost, reason))
    order = {id_: i for i, id_ in enumerate(ids)}
    table = pd.DataFrame(rows, columns=CHANGED_COLUMNS)
    return table.sort_values("id", key=lambda s: s.map(order), kind="stable", ignore_index=True)


def comparable_ids(before: Any, after: Any) -> pd.Index:
    """Return the ids of comments that both analyses read, with the same text."""
    old, new = (a.comments.loc[a.comments["status"] == "ok", "text"] for a in (before, after))
    both = new.index[new.index.isin(old.index)]
    return both[(old.loc[both] == new.loc[both]).to_numpy(bool)]


def changed_rules(before: dict[str, Any], after: dict[str, Any]) -> pd.DataFrame:
    """List the programs and dictionary files that differ between two runs.

    Parameters
    ----------
    before, after : dict
        ``Analysis.run`` of each.

    Returns
    -------
    DataFrame
        ``kind, name, before, after``: ``kind`` is ``version``, ``dictionary``, ``model`` (taught by the office; name of
        its class) or ``table`` (組織表); but for versions the first eight characters of the hash; empty where it is missing.

    Notes
    -----
    Misses: a result of an older version tells neither models nor 組織表; then both are left out.
    """
    rows = []
    then, now = (
        {"versions": run.get("versions", {}), "dictionaries": run.get("dictionaries", {}), "models": parameters.get("models"),
         "table": {"組織表": parameters["departments"]} if parameters.get("departments") else None}
        for run in (before, after) for parameters in [run.get("parameters") or {}]
    )  # fmt: skip
    for part, kind, shown in (("versions", "version", 20), ("dictionaries", "dictionary", 8), ("models", "model", 8), ("table", "table", 8)):
        if then[part] is None or now[part] is None:
            continue
        old, new = then[part], now[part]
        rows += [(kind, name, str(old.get(name, ""))[:shown], str(new.get(name, ""))[:shown]) for name in sorted({*old, *new}) if old.get(name) != new.get(name)]
    return pd.DataFrame(rows, columns=["kind", "name", "before", "after"])


def _evidence(analysis: Any, texts: pd.Series) -> dict[object, list[tuple[str, str]]]:
    """Findings by comment: ``label@source``, and the finding as it is shown."""
    found: dict[object, list[tuple[str, str]]] = {}
    words = texts.to_dict()
    for id_, label, source, rule, start, end in analysis.findings[_EVIDENCE].itertuples(index=False):
        if id_ in words:
            found.setdefault(id_, []).append((f"{label}@{source}", f"{source}:{rule}「{str(words[id_])[start:end]}」"))
    return found


def _of(evidence: list[tuple[str, str]], column: str, codes: tuple[object, object]) -> list[str]:
    pattern = _DECIDED_BY.get(column) or "|".join(f"{re.escape(str(code))}@" for code in codes if code)
    return [shown for key, shown in evidence if re.match(pattern, key)]


def _weighs_differently(column: str, old: pd.Series, new: pd.Series) -> bool:
    behind = [name for name in _BEHIND.get(column, (column.replace("is_", "p_"),)) if name != column and name in old.index and name in new.index]
    return bool(behind) and not np.allclose(old[behind].to_numpy(float), new[behind].to_numpy(float), rtol=0, atol=1e-9, equal_nan=True)
