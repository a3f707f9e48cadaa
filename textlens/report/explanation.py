"""Why a comment got its labels, in words a clerk understands: each piece of evidence with what it means and why it counts."""

from __future__ import annotations

from typing import Any

import pandas as pd

from textlens import schema
from textlens.report.evidence import NO_WORDS
from textlens.report.words import LEGAL, Labels
from textlens.rules import load_rules, read_table
from textlens.text.highlight import Explained, Span

_CUES, _WORDS, _KINDS = "intent/cues.tsv", "intent/words.tsv", "intent/kinds.tsv"
_POLAR = {"positive": "肯定の言葉", "negative": "否定の言葉", "wished": "望みや条件の中の良い言葉（肯定には数えない）"}
_SUMS = {"positive": "満足の記録に多い言葉", "negative": "不満の記録に多い言葉"}
_PLAIN = {
    "target": "何のことかを示す言葉", "actor": "誰が動けるかを示す言葉", "lack": "〜がない・少ないという言い方", "city_fault": "誤りや手落ちを言う言葉",
}  # fmt: skip
_DENIED = {
    ("good", "complaint"): "good-denied", ("bad", "praise"): "bad-denied", ("good", "request"): "good-wished",
}  # fmt: skip
"""A word of ``intent/words.tsv`` that led to the other side stands denied, or in a wish."""


def explain_comment(text: str, findings: pd.DataFrame, row: pd.Series, departments: dict[str, str]) -> Explained:
    """Return the evidence of one comment as a table that shows itself marked in the text.

    Parameters
    ----------
    text : str
    findings : DataFrame
        Those of this comment, columns ``schema.FINDING_COLUMNS``.
    row : Series
        Its row of ``Analysis.comments``.
    departments : dict of code to name

    Returns
    -------
    Explained
        Columns ``unit, words, means, why, label, subject, score, rule, source, start, end``; ``means`` (the label) and ``why`` are
        Japanese.
    """
    labels, reasons = Labels(departments), _Reasons()
    own = set(row["departments"]) if isinstance(row["departments"], tuple | list) else set()
    columns = zip(findings["start"], findings["end"], findings["label"], findings["subject"], findings["rule"], findings["source"], strict=True)
    rows, spans = [], []
    for start, end, label, subject, rule, source in columns:
        means, why = _meaning(str(label), str(subject), str(source), labels), reasons(str(label), str(subject), str(rule), str(source))
        rows.append((text[start:end], means, why))
        if source != "routing/matters.tsv" or label in own or label == row["department"]:
            spans.append(Span(int(start), int(end), _family(str(label), str(source)), means, why))
    shown = pd.DataFrame(rows, columns=["words", "means", "why"], index=findings.index)
    table = pd.concat([findings[["unit"]], shown, findings[["label", "subject", "score", "rule", "source", "start", "end"]]], axis=1)
    return Explained.of(table.reset_index(drop=True), text, spans, _result(row, labels, worded=row["department"] in set(findings["label"])))


class _Reasons:
    """Why a piece of evidence counts, from its rule."""

    def __init__(self) -> None:
        self._kinds = {row["kind"]: row["text"] for row in read_table(_KINDS)}
        self._cue = {row.id: f"{row.label}:{row.extra['cue']}" for row in load_rules(_CUES).rows}
        self._word = {row.id: row.label for row in load_rules(_WORDS).rows}

    def __call__(self, label: str, subject: str, rule: str, source: str) -> str:
        if source == _CUES and rule in self._cue and label in schema.MAIN_INTENTS:
            return self._kinds.get(self._cue[rule], "")
        if source == _WORDS and rule in self._word:
            word = self._word[rule]
            return self._kinds.get(_DENIED.get((word, label), word), "")
        if rule == "learnt" and label in schema.INTENTS:
            return self._kinds.get("learnt", "")
        if label in _POLAR:
            return _SUMS[label] if rule == "learnt" and label in _SUMS else _POLAR[label]
        if label.startswith(LEGAL) or label == "urgent":
            return "組み合わせで手がかりになる言葉" if "/" in rule else "弱い手がかりの重なり"
        if source in schema.PERSONAL_SOURCES:
            return "個人に関する言葉"
        if label in schema.EMOTIONS:
            return "気持ちの言い方（極性とは別に数える）"
        if subject and source.startswith("routing/"):
            return f"「{subject}」の言葉"
        return _PLAIN.get(label.partition(":")[0], "")


def _meaning(label: str, subject: str, source: str, labels: Labels) -> str:
    group, _, value = label.partition(":")
    if group == "legal":
        return f"要確認（{value}）"
    if group in ("target", "actor"):
        return f"{'対象' if group == 'target' else '動く主体'}: {labels(group, value)}"
    if source in schema.PERSONAL_SOURCES:
        return f"{labels.finding(label)}（{labels('subject', subject)}）"
    if label == "lack":
        return labels("intent", label)
    return labels.finding(label)


def _family(label: str, source: str) -> str:
    if label in ("complaint", "request", "praise"):
        return label
    if label.startswith(LEGAL) or label == "urgent":
        return "legal"
    if source in schema.PERSONAL_SOURCES:
        return "personal"
    return "voice" if label in schema.INTENTS else "other"


def _result(row: pd.Series, labels: Labels, *, worded: bool) -> str:
    if row["status"] != "ok":
        return labels("status", row["status"])
    kinds = [str(row["intent"]), *(n for n in schema.INTENTS if n != row["intent"] and row[f"is_{n}"])]
    parts = ["種別: " + "、".join(labels("intent", kind) for kind in kinds), "極性: " + labels("polarity", row["polarity"])]
    if row["implied_request"]:
        parts.append(labels("intent", "implied_request"))
    score: Any = row["sentiment"]
    parts[1] += "" if pd.notna(score) else "（極性の言葉なし）"
    parts += [labels("facet", "urgent")] if row["urgent"] else []
    parts += [labels("legal", "check")] if row["legal_check"] else []
    without = "" if worded or row["held"] or row["department"] == "X0" else f"（{NO_WORDS}）"
    parts.append("課: " + ("保留（人が決める）" if row["held"] else labels.department(row["department"])) + without)
    return "　".join(parts)
