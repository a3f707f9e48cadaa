"""A small hand-made Analysis for the tests of the report (the layer above is not imported)."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pandas as pd

from textlens import schema

# text, status, kinds (main first), polarity, code, held, legal, urgent, topic, 性別, 年齢, 地区, 公開同意
ROWS = [
    ("=SUM(A1)みたいに、窓口が混んで困る。番号札を増やしてほしい。", "ok", "complaint request", "negative", "D01", 0, 0, 0, 1, "女性", 34, "中央地区", "可"),
    ("+81の電話番号が広報に載っていて助かった。ありがとう。", "ok", "praise", "positive", "D02", 0, 0, 0, 2, "男性", 52, "中央地区", "可"),
    ("側溝のふたが外れていて子どもが落ちそうです。", "ok", "report", "negative", "D03", 0, 1, 1, 3, "女性", 41, "東地区", "不可"),
    ("隣の大石さんが夜中に騒ぐ。困る。", "ok", "complaint", "negative", "D03", 1, 0, 0, 3, "男性", 67, "東地区", "未記入"),
    ("", "blank", "none", "neutral", "X0", 0, 0, 0, None, "男性", 29, "東地区", ""),
    ("特になし", "no_content", "none", "neutral", "X0", 0, 0, 0, None, "女性", 73, "東地区", "可"),
    ("@図書館　http://example.test/ の予約が便利。\r\nただ\x07画面が暗い。", "ok", "praise complaint", "mixed", "D02", 0, 0, 0, 2, "女性", 38, "中央地区", "可"),
    ("信号をつけてほしい。", "ok", "request", "neutral", "X1", 0, 0, 0, 3, "男性", 45, "中央地区", "可"),
    ("あ" * 20_001, "too_long", "none", None, None, None, None, None, None, "女性", 55, "中央地区", "可"),
    ("東地区は柄が悪い。", "ok", "complaint", "negative", "D03", 0, 0, 0, 3, "女性", 31, "中央地区", "可"),
    ("<b>この街が好き</b>＆感謝", "ok", "praise", "positive", "X0", 0, 0, 0, 2, "男性", 36, "中央地区", "可"),
]  # fmt: skip
DEPARTMENTS = pd.DataFrame({"code": ["D01", "D02", "D03"], "name": ["市民課", "図書課", "土木課"], "organ": "市長部局"})
EVIDENCE = [
    (0, "困る", "complaint"), (0, "てほしい", "request"), (0, "窓口", "D01"), (1, "助かった", "positive"), (1, "ありがとう", "praise"),
    (2, "外れて", "report"), (2, "落ちそう", "urgent"), (2, "側溝のふた", "legal:国家賠償法2条"), (3, "騒ぐ", "complaint"), (3, "困る", "negative"),
    (6, "便利", "praise"), (6, "暗い", "complaint"), (7, "てほしい", "request"), (9, "柄が悪い", "complaint"), (10, "好き", "praise"),
]  # fmt: skip
PERSONAL = [(3, "大石さん", "person_name", "private", 3), (3, "隣", "role", "private", 2), (1, "+81", "phone", "self", 1)]


def fake_analysis(repeat: int = 1, extra: list[tuple] = ()) -> SimpleNamespace:
    """Return the rows of this file, ``repeat`` times over, as an Analysis."""
    rows = [*ROWS, *extra] * repeat
    ids = [f"{n:05d}" for n in range(1, len(rows) + 1)]
    frame = pd.DataFrame(rows, columns=["text", "status", "kinds", "polarity", "department", "held", "legal_check", "urgent",
                                        "topic", "性別", "年齢", "居住地区", "公開同意"], index=ids)  # fmt: skip
    comments = frame.drop(columns="kinds").assign(intent=[k.split()[0] for k in frame["kinds"]])
    for name in schema.INTENTS:
        comments[f"is_{name}"] = [name in k.split() for k in frame["kinds"]]
        comments[f"p_{name}"] = comments[f"is_{name}"].astype(float)
    level = {ids[i + len(ROWS) * r]: p for r in range(repeat) for i, _, _, _, p in reversed(PERSONAL)} if not extra else {}
    comments = comments.assign(
        implied_request=False, sentiment=comments["polarity"].map({"positive": 0.8, "negative": -0.7, "mixed": 0.1}),
        concrete=True, actor="city", target="facility", third_party=[("private",) if i in level and level[i] == 3 else () for i in ids],
        risk_level=pd.array([level.get(i, 0) if s != "too_long" else None for i, s in zip(ids, frame["status"], strict=True)], dtype="Int64"),
        departments=[(c, "D01") if c and c != "X0" else () for c in frame["department"]],
        department_score=0.5, duplicate_group=pd.array([pd.NA] * len(ids), dtype="Int64"),
        topic=pd.array([pd.NA if pd.isna(v) else int(v) for v in frame["topic"]], dtype="Int64"),
    )  # fmt: skip
    for name in ("held", "legal_check", "urgent"):
        comments[name] = pd.array([None if pd.isna(v) else bool(v) for v in frame[name]], dtype="boolean")
    attributes = ["性別", "年齢", "居住地区", "公開同意"]
    comments = comments[[*schema.COMMENT_COLUMNS, *attributes]]
    read = comments[comments["status"].eq("ok")]
    units = read.reset_index(names="id").assign(unit=0, start=0, end=read["text"].str.len().to_numpy())[list(schema.UNIT_COLUMNS)]
    found = [_finding(ids, rows, n, word, label) for n, word, label in EVIDENCE]
    found += [_finding(ids, rows, n, word, kind, subject, level, "personal") for n, word, kind, subject, level in PERSONAL]
    if repeat > 1:
        shift = {i: [ids[n + len(ROWS) * r] for r in range(repeat)] for n, i in enumerate(ids[: len(ROWS)])}
        found = [{**f, "id": new} for f in found for new in shift[f["id"]]]
    sizes = read["topic"].value_counts()
    topics = pd.DataFrame(
        [(t, label, tuple(label.split("・")), int(sizes[t]), tuple(read.index[read["topic"].eq(t)][:2]))
         for t, label in ((1, "窓口・番号札"), (2, "図書館・広報"), (3, "側溝・信号・大石さん"))],
        columns=["topic", "label", "words", "size", "representatives"],
    )  # fmt: skip
    run = {
        "input": {"rows": len(rows), "sha256": "ab" * 32, "rows_sha256": "ef" * 32, "reading": {"file": "意見.xlsx", "sheet": "回答", "rows_below_headings": len(rows) + 2, "rows_read": len(rows),
                              "left_out": ((90, "集計行"), (91, "集計行"))}},
        "counts": {"rows": len(rows)}, "parameters": {"record_type": "survey", "purpose": "市民意識調査の集計", "random_state": 0},
        "versions": {"textlens": "0.1.0", "python": "3.11"}, "dictionaries": {"intent/cues.tsv": "cd" * 32},
    }  # fmt: skip
    findings = pd.DataFrame(found, columns=list(schema.FINDING_COLUMNS))
    return SimpleNamespace(comments=comments, units=units, findings=findings, topics=topics, departments=DEPARTMENTS,
                           attributes=attributes, run=run, corrections=None)  # fmt: skip


def _finding(ids: list[str], rows: list[tuple], n: int, word: str, label: str, subject: str = "", level: float = 1.0, source: str = "intent/cues.tsv") -> dict:
    start = rows[n][0].index(word)
    return {"id": ids[n], "unit": 0, "start": start, "end": start + len(word), "label": label, "subject": subject or np.nan,
            "score": float(level), "rule": "r-1", "source": source}  # fmt: skip
