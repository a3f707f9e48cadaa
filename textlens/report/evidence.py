"""The words that led to each label, beside the label."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from textlens import schema
from textlens.report.masking import words_by_id
from textlens.report.words import LEGAL, Labels

NO_WORDS = "本文に語なし: 設問・見出し、学習、修正による"
"""Said of a 課 that no word of the comment led to."""
CONTEXT = 12
"""Characters shown on either side of a piece of personal data."""


def evidence_columns(
    analysis: Any, labels: Labels, masked: pd.DataFrame, withheld: set[object]
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the columns of words per comment, and the findings they are made of.

    Parameters
    ----------
    analysis : Analysis
    labels : Labels
    masked : DataFrame
        Findings that are replaced in the shown text; evidence that touches them is left out, and so are words that
        speak for a kind that was not given in the end (:meth:`textlens.Analysis.explain` has them).
    withheld : set
        Ids whose words are not shown at all.

    Returns
    -------
    columns : DataFrame
        ``kinds, intent_words, polarity_words, department_words, legal_basis`` plus ``departments`` and
        ``third_party`` in words; index as ``analysis.comments``.
    findings : DataFrame
    """
    comments = analysis.comments
    findings = _of_given_kinds(_usable(analysis.findings, masked, withheld), comments)
    texts = comments["text"].to_dict()
    laws = sorted({label for label in findings["label"] if str(label).startswith(LEGAL)})
    groups = {
        "intent_words": {n: labels("intent", n) for n in (*schema.INTENTS, "implied_request", "lack", schema.NONE)},
        "polarity_words": {n: labels.finding(n) for n in (*schema.POLARITIES, *schema.EMOTIONS, "wished")},
        "legal_words": {n: labels.finding(n) for n in ("urgent", *laws, "city_fault")},
        "department_words": {c: labels.department(c) for c in [*analysis.departments["code"], *schema.OUTSIDE]},
    }
    columns = pd.DataFrame(index=comments.index)
    for name, names in groups.items():
        words = words_by_id(_candidates(findings, comments) if name == "department_words" else findings, texts, names)
        columns[name] = [words.get(i, "") for i in comments.index]
    every = analysis.findings
    worded = set(every["id"][every["label"].eq(every["id"].map(comments["department"]))])
    bare = ~comments.index.isin([*worded, *withheld]) & comments["department"].notna() & comments["department"].ne("X0")
    columns.loc[bare, "department_words"] = NO_WORDS
    columns["kinds"] = _kinds(comments, labels)
    columns["legal_basis"] = _laws(analysis, labels)
    wanted = {label for name, names in groups.items() if name != "department_words" for label in names}
    first = findings["label"].eq(findings["id"].map(comments["department"]))
    return columns, findings[findings["label"].isin(wanted) | first]


def _candidates(findings: pd.DataFrame, comments: pd.DataFrame) -> pd.DataFrame:
    """Keep, of the words that speak for a 課, those of the comment's own candidates."""
    codes = comments["departments"].to_dict()
    keep = [label in (codes.get(i) or ()) for i, label in zip(findings["id"], findings["label"], strict=True)]
    return findings[np.array(keep, dtype=bool)]


def personal_list(analysis: Any, personal: pd.DataFrame, labels: Labels) -> pd.DataFrame:
    """Return one row per piece of personal data, gravest first, with a few characters of context."""
    texts = analysis.comments["text"].to_dict()
    rows = [
        (
            row_id, labels("personal", kind), labels("subject", subject), texts[row_id][start:end],
            f"{texts[row_id][max(0, start - CONTEXT) : start]}【{texts[row_id][start:end]}】{texts[row_id][end : end + CONTEXT]}",
            int(level), str(rule),
        )
        for row_id, kind, subject, start, end, level, rule in zip(
            personal["id"], personal["type"], personal["subject"], personal["start"], personal["end"],
            personal["risk_level"].fillna(0), personal["rule"], strict=True,
        )
    ]  # fmt: skip
    frame = pd.DataFrame(rows, columns=["id", "type", "subject", "words", "context", "risk_level", "rule"])
    return frame.sort_values("risk_level", ascending=False, kind="stable", ignore_index=True)


def _usable(findings: pd.DataFrame, masked: pd.DataFrame, withheld: set[object]) -> pd.DataFrame:
    """Drop evidence whose words are not shown."""
    rows = findings[~findings["id"].isin(withheld)] if withheld else findings
    if not len(masked):
        return rows
    hidden: dict[object, list[tuple[int, int]]] = {}
    for row_id, start, end in zip(masked["id"], masked["start"], masked["end"], strict=True):
        hidden.setdefault(row_id, []).append((start, end))
    keep = [
        not any(start < b and a < end for a, b in hidden.get(row_id, ()))
        for row_id, start, end in zip(rows["id"], rows["start"], rows["end"], strict=True)
    ]
    return rows[np.array(keep, dtype=bool)]


def _of_given_kinds(findings: pd.DataFrame, comments: pd.DataFrame) -> pd.DataFrame:
    """Drop the words for kinds that a comment was not given; a lack speaks for complaint, report and implied request."""
    given = {name: comments[f"is_{name}"].fillna(False).to_numpy(bool) for name in schema.INTENTS}
    given["implied_request"] = comments["implied_request"].fillna(False).to_numpy(bool)
    given["lack"] = given["complaint"] | given["report"] | given["implied_request"]
    given[schema.NONE] = comments["intent"].eq(schema.NONE).to_numpy(bool)
    place = {id_: n for n, id_ in enumerate(comments.index)}
    labels = findings["label"].tolist()
    keep = [label not in given or bool(given[label][place[id_]]) for id_, label in zip(findings["id"], labels, strict=True)]
    return findings[np.array(keep, dtype=bool)]


def _kinds(comments: pd.DataFrame, labels: Labels) -> list[str]:
    """All kinds of each comment, main kind first."""
    flags = {n: comments[f"is_{n}"].fillna(False).to_numpy(bool) for n in schema.INTENTS}
    names = {n: labels("intent", n) for n in schema.INTENTS}
    return [
        "、".join(names[n] for n in sorted(schema.INTENTS, key=lambda n: n != main) if flags[n][i])
        for i, main in enumerate(comments["intent"])
    ]


def with_own_kinds(kinds: pd.Series, own: pd.DataFrame) -> list[str]:
    """Return the kinds with the office's own behind them; 担当内 only (see :func:`textlens.report.own_kinds.own_kinds`)."""
    names = np.array(list(own.columns), object)
    return ["、".join([*([said] if said else []), *names[row]]) for said, row in zip(kinds, own.to_numpy(bool), strict=True)]


def _laws(analysis: Any, labels: Labels) -> list[str]:
    """The laws to look into, in the order of the text (labels ``legal:<law>``); said to be weak where only weak signs add up."""
    rows = analysis.findings[analysis.findings["label"].astype(str).str.startswith(LEGAL)]
    found: dict[object, dict[str, None]] = {}
    for row_id, label, score in zip(rows["id"], rows["label"], rows["score"], strict=True):
        weak = f"（{labels('legal', 'weak')}）" if score < 1 else ""
        found.setdefault(row_id, {})[label.removeprefix(LEGAL) + weak] = None
    return ["、".join(found.get(i, ())) for i in analysis.comments.index]
