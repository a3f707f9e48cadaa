"""The table on which a person decides about personal findings: one row per finding, with its context."""

from __future__ import annotations

import re
from typing import Any, NamedTuple

import pandas as pd

from textlens.office.review import DECISIONS, OPEN_LEVEL, holding, keys_of, personal_rows
from textlens.office.tables import same_id
from textlens.personal import mask
from textlens.personal.marks import Mark
from textlens.personal.risk import reason_of
from textlens.rules import read_table

CONTEXT = 40
"""Characters of the masked text on either side of the finding."""
WIDTHS = {"番号": 10.0, "見つけた言葉": 18, "前後の文（ほかは伏せてあります）": 62, "種類": 13, "誰のこと": 14, "慎重度": 8, "要判断": 8,
           "置き換えの案": 16, "わけ": 30, "判断": 9, "正しい言葉": 16, "正しい種類": 13, "正しい「誰のこと」": 14, "メモ": 20, "照合（変えない）": 12}  # fmt: skip
"""Heading → width in characters."""
NAME_COLUMNS = ("番号", "名前", "前後の文（ほかは伏せてあります）")


class _Row(NamedTuple):
    id: object
    start: int
    end: int
    type: str
    subject: str
    risk_level: int
    rule: str


def review_table(analysis: Any, decisions: Any = None, *, everything: bool = False) -> pd.DataFrame:
    """Return the sheet as a table: one row per finding a person should look at, gravest first.

    Parameters
    ----------
    analysis : Analysis
        As it came from the machine.
    decisions : path, DataFrame or None
        What was decided is left out.
    everything : bool
        Also show what was decided, with the decision filled in.

    Returns
    -------
    DataFrame
        Japanese headings, all str. The context shows every other finding of the comment as its category
        word and the finding itself between ▶ and ◀.
    """
    rows = personal_rows(analysis)
    held, keys = holding(decisions), keys_of(rows)
    texts = analysis.comments["text"]
    raw: dict[object, str] = texts.to_dict()
    words = _mask_words(texts, rows)
    types, subjects = labels("personal"), labels("subject")
    found = []
    plain = [_Row(*values) for values in rows[list(_Row._fields)].itertuples(index=False, name=None)]
    for place, (key, row) in enumerate(zip(keys, plain, strict=True)):
        decision = held.get(key)
        if decision and not everything:
            continue
        text = raw[row.id]
        before, after = _around(text, words[row.id], row.start, row.end)
        word = _word_at(words[row.id], row.start, row.end)
        public = row.subject == "public_figure" and row.type in ("person_name", "role")
        right = ["", "", "", ""]
        if decision and decision.decision != "add":
            right = [DECISIONS[decision.decision], "", "", ""]
            if decision.decision == "correct":
                moved = (decision.start, decision.end) != (row.start, row.end)
                right[1:] = [text[decision.start : decision.end] if moved else "", types[decision.type] if decision.type != row.type else "",
                             subjects.get(decision.subject, "")]  # fmt: skip
        cells = [
            same_id(row.id), text[row.start : row.end], f"{before}▶{text[row.start : row.end]}◀{after}", types[row.type], subjects[row.subject],
            str(row.risk_level), "○" if row.risk_level >= OPEN_LEVEL else "", "（公職者のためそのまま）" if public else word,
            f"{reason_of(Mark(row.start, row.end, row.type, row.subject, row.rule, 1.0), False)}［{row.rule}］",
            *right, "", f"{key[1]}:{row.start}:{row.end}:{row.type}",
        ]  # fmt: skip
        found.append((-row.risk_level, place, cells))
    return pd.DataFrame([cells for *_, cells in sorted(found)], columns=list(WIDTHS), dtype=str)


def same_names(analysis: Any) -> pd.DataFrame:
    """List the places where a name that is masked in one comment still stands unmasked.

    Parameters
    ----------
    analysis : Analysis
        After :func:`~textlens.office.review.apply_decisions`.

    Returns
    -------
    DataFrame
        Columns ``NAME_COLUMNS``, one row per place, in reading order.

    Notes
    -----
    Names of public figures and names of one character are left out. Surnames that are also names of places
    are on the list: a person decides. Misses: the same name in another writing (葛野, くずの).
    """
    rows = personal_rows(analysis)
    texts: dict[object, str] = analysis.comments["text"].to_dict()
    private = rows[rows["type"].eq("person_name") & rows["subject"].ne("public_figure")]
    names = {texts[i][a:b] for i, a, b in zip(private["id"], private["start"], private["end"], strict=True)}
    names = {name for name in names if len(name) > 1}
    if not names:
        return pd.DataFrame(columns=list(NAME_COLUMNS), dtype=str)
    any_name = re.compile("|".join(re.escape(n) for n in sorted(names, key=lambda n: (-len(n), n))))
    words = _mask_words(analysis.comments["text"], rows)
    found = []
    for own, text in texts.items():
        for hit in any_name.finditer(text):
            start, end = hit.span()
            if not any(a < end and start < b for a, b, _ in words.get(own, ())):
                before, after = _around(text, words.get(own, []), start, end)
                found.append((same_id(own), hit.group(), f"{before}▶{hit.group()}◀{after}"))
    return pd.DataFrame(found, columns=list(NAME_COLUMNS), dtype=str)


def labels(group: str) -> dict[str, str]:
    """Return the Japanese names of the values of a group."""
    return {r["id"].split(".", 1)[1]: r["label"] for r in read_table("report/labels_ja.tsv") if r["id"].startswith(f"{group}.")}


def _mask_words(texts: pd.Series, rows: pd.DataFrame) -> dict[object, list[tuple[int, int, str]]]:
    """Return per comment the spans that masking would replace, without overlap, and the word for each."""
    ordered = rows.sort_values(["start", "end"], ascending=[True, False], kind="stable")
    covered: dict[object, int] = {}
    starts = []
    for own, start, end in zip(ordered["id"], ordered["start"], ordered["end"], strict=True):
        starts.append(max(start, covered.get(own, 0)))
        covered[own] = max(end, covered.get(own, 0))
    cut = ordered.assign(start=starts)
    cut = cut[cut["start"] < cut["end"]]
    raw = texts.loc[cut["id"].drop_duplicates()]
    lookup = raw.to_dict()
    cut = cut.assign(text=[lookup[i][a:b] for i, a, b in zip(cut["id"], cut["start"], cut["end"], strict=True)])
    masked = mask(raw, cut, keep_public_figures=False).to_dict() if len(cut) else {}
    found: dict[object, list[tuple[int, int, str]]] = {}
    at: dict[object, tuple[int, int]] = {}
    for own, start, end in zip(cut["id"], cut["start"], cut["end"], strict=True):
        raw_at, shown_at = at.get(own, (0, 0))
        low = shown_at + start - raw_at
        high = masked[own].index("】", low) + 1
        found.setdefault(own, []).append((start, end, masked[own][low:high]))
        at[own] = (end, high)
    return found


def _word_at(words: list[tuple[int, int, str]], start: int, end: int) -> str:
    return next(word for low, high, word in words if low < end and start < high)


def _around(text: str, words: list[tuple[int, int, str]], start: int, end: int) -> tuple[str, str]:
    """Return the text on either side of a finding, everything else of the list replaced."""

    def render(low: int, high: int) -> str:
        pieces, at = [], low
        for a, b, word in words:
            if a < high and low < b:
                pieces += [text[at : max(a, at)], word]
                at = min(max(b, at), high)
        return " ".join("".join([*pieces, text[at:high]]).split())

    before, after = render(0, start), render(end, len(text))
    return ("…" if len(before) > CONTEXT else "") + before[-CONTEXT:], after[:CONTEXT] + ("…" if len(after) > CONTEXT else "")
