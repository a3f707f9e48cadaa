"""What a person decided about personal findings: kept in one readable file and laid over every later run.

The file holds ids, offsets and labels, never a citizen's words. A decision is found again by (id, digest of
the text, start, end, type): if the text of a comment changes, nothing decided about the old one is applied.
"""

from __future__ import annotations

import copy
import hashlib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd

from textlens import schema
from textlens.errors import InputFileError, ParameterError
from textlens.files import one_writer, whole_file
from textlens.office.tables import is_missing, read_cells, same_id
from textlens.personal.marks import Mark
from textlens.personal.risk import risk_of

KEY = ("id", "text_sha", "start", "end", "type")
COLUMNS = (*KEY, "decision", "new_start", "new_end", "new_type", "new_subject", "who", "when", "why")
DECISIONS = {"accept": "採用", "reject": "不採用", "correct": "直す", "add": "追加"}
"""``accept``: it is masked as found; ``reject``: it is no personal data and does not return; ``correct``:
another span, type or subject holds; ``add``: the machine missed it."""
OPEN_LEVEL = 2
"""From this risk level on a person has to decide before anything is shared (issue of the gate; domain.md M24)."""
_RULE = "review"

Key = tuple[str, str, int, int, str]


class Decision(NamedTuple):
    """One line of the file, with numbers as numbers."""

    key: Key
    decision: str
    start: int
    end: int
    type: str
    subject: str


def text_digest(text: str) -> str:
    """Return 16 hex digits of the SHA-256 of a text as written.

    Notes
    -----
    Misses: who holds a list of likely texts can test which one it was; the file stays in the office.

    Examples
    --------
    >>> text_digest("公園が狭い。") == text_digest("公園が狭い。"), text_digest("公園が狭い。") == text_digest("公園が狭い")
    (True, False)
    """
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def personal_rows(analysis: Any) -> pd.DataFrame:
    """Return the personal findings of an analysis with the key under which a decision is kept.

    Returns
    -------
    DataFrame
        ``id, text_sha, start, end, type, subject, risk_level, rule, row`` (``row``: label of the row in
        ``analysis.findings``), in the order of the findings.
    """
    rows = analysis.findings
    rows = rows[rows["label"].isin(schema.PERSONAL_TYPES) & rows["source"].isin(schema.PERSONAL_SOURCES)]
    texts = analysis.comments["text"].loc[rows["id"].drop_duplicates()]
    digests = {key: text_digest(text) for key, text in texts.items()}
    return pd.DataFrame(
        {
            "id": rows["id"], "text_sha": rows["id"].map(digests), "start": rows["start"].astype(int), "end": rows["end"].astype(int),
            "type": rows["label"], "subject": [s if s in schema.SUBJECTS else "unknown" for s in rows["subject"]],
            "risk_level": rows["score"].fillna(3).astype(int), "rule": rows["rule"].astype(str), "row": rows.index,
        }
    ).reset_index(drop=True)  # fmt: skip


def read_decisions(source: str | Path | pd.DataFrame | None) -> pd.DataFrame:
    """Read and check a file of decisions; ``None`` is an empty one.

    Parameters
    ----------
    source : path, DataFrame or None
        TSV (CSV and Excel are read too) with the columns of ``COLUMNS``; ``new_*``, ``who``, ``when`` and
        ``why`` may be empty. ``decision`` may be written in Japanese (採用, 不採用, 直す, 追加).

    Returns
    -------
    DataFrame
        Columns ``COLUMNS``, all str, in the order of ``when`` (ties: as in the file); the last one about
        the same key holds.

    Raises
    ------
    InputFileError
        A column is missing or a cell cannot be read; the message names the line and the column.
    """
    if source is None:
        return pd.DataFrame(columns=list(COLUMNS), dtype=str)
    table = read_cells(source, "判断ファイル")
    missing = [name for name in (*KEY, "decision") if name not in table.columns]
    if missing:
        raise InputFileError(f"判断ファイルに {'、'.join(missing)} の列がありません。textlens review が書き出したものを指定してください。")
    rows = pd.DataFrame({name: table[name].astype(str).str.strip() if name in table else "" for name in COLUMNS}, dtype=str)
    japanese = {word: name for name, word in DECISIONS.items()}
    rows["decision"] = rows["decision"].map(lambda d: japanese.get(d, d))
    for line, row in enumerate(rows.to_dict("records"), 2):
        _parse(row, f"判断ファイルの {line} 行目")
    return rows.sort_values("when", kind="stable").reset_index(drop=True)


def add_decisions(path: str | Path, rows: Iterable[Mapping[str, object]]) -> int:
    """Append decisions to the file (made if it is not there); return how many were added.

    Raises
    ------
    ParameterError
        A row does not say who decided and when.
    InputFileError
        A row, or the file as it is, cannot be read.
    """
    target = Path(path)
    table = pd.DataFrame([{n: _cell(row.get(n)) for n in COLUMNS} for row in rows], columns=list(COLUMNS), dtype=str)
    if (table["who"].eq("") | table["when"].eq("")).any():
        raise ParameterError("判断に who（誰が）か when（いつ）がありません。誰がいつ判断したかも残してください。")
    fresh = read_decisions(table)
    with one_writer(target):
        if target.is_file():
            read_decisions(target)
        kept = target.read_text(encoding="utf-8-sig") if target.is_file() else "\t".join(COLUMNS) + "\n"
        kept += "" if kept.endswith("\n") else "\n"
        with whole_file(target) as draft:
            draft.write_text(kept + "".join("\t".join(cells) + "\n" for cells in fresh.to_numpy().tolist()), encoding="utf-8", newline="\n")
    return len(fresh)


def holding(decisions: str | Path | pd.DataFrame | None) -> dict[Key, Decision]:
    """Return the decision that holds for each key."""
    return {d.key: d for d in (_parse(row, "判断") for row in read_decisions(decisions).to_dict("records"))}


def open_findings(
    analysis: Any, decisions: str | Path | pd.DataFrame | None = None, *, level: int = OPEN_LEVEL
) -> pd.DataFrame:
    """Return the personal findings of a risk level or above about which nobody has decided.

    Parameters
    ----------
    analysis : Analysis
        As it came from the machine (before :func:`apply_decisions`).
    decisions : path, DataFrame or None
    level : int
        0–3.

    Returns
    -------
    DataFrame
        Columns of :func:`personal_rows`; gravest first, otherwise in reading order.

    Notes
    -----
    Comments that were not read (``too_long``, ``failed``) have no findings: they are not clean, and no
    profile shows their words outside the office.
    """
    rows = personal_rows(analysis)
    decided = holding(decisions)
    undecided = [key not in decided for key in keys_of(rows)]
    rows = rows[pd.Series(undecided, index=rows.index, dtype=bool) & rows["risk_level"].ge(level)]
    return rows.sort_values("risk_level", ascending=False, kind="stable").reset_index(drop=True)


def apply_decisions(analysis: Any, decisions: str | Path | pd.DataFrame | None) -> tuple[Any, pd.DataFrame]:
    """Lay decisions over an analysis.

    Parameters
    ----------
    analysis : Analysis
        Not changed.
    decisions : path, DataFrame or None

    Returns
    -------
    analysis : Analysis
        A copy whose ``findings`` lack what was rejected, hold what was corrected or added, and whose
        ``comments`` have ``risk_level`` and ``third_party`` to match.
    outcome : DataFrame
        One row per line of the file: ``COLUMNS`` and ``result``: 適用, 上書き済み (a later line holds),
        番号なし, 本文が変わった, 検出されず (the machine no longer finds it; nothing to do).

    Notes
    -----
    Misses: a rule that moves the span of a finding by one character makes it a new one, and a person is
    asked again; that is the safe side.
    """
    lines = read_decisions(decisions)
    held = {n: _parse(row, "判断") for n, row in enumerate(lines.to_dict("records"))}
    last = {d.key: n for n, d in held.items()}
    machine = personal_rows(analysis)
    rows = dict(zip(keys_of(machine), machine["row"], strict=True))
    ids = {same_id(i): i for i in analysis.comments.index}
    texts = analysis.comments["text"].to_dict()
    findings = analysis.findings.copy()
    results: list[str] = []
    added: list[dict[str, object]] = []
    gone: list[object] = []
    touched: dict[object, None] = {}
    for n, decision in held.items():
        own = ids.get(decision.key[0])
        if last[decision.key] != n:
            results.append("上書き済み")
        elif own is None:
            results.append("番号なし")
        elif text_digest(texts[own]) != decision.key[1]:
            results.append("本文が変わった")
        elif decision.decision != "add" and decision.key not in rows:
            results.append("検出されず")
        else:
            results.append("適用")
            at = rows.get(decision.key)
            if decision.end > len(texts[own]):
                raise InputFileError("判断ファイルに、本文の長さを超える位置があります。手で直した行があれば戻してください。")
            if decision.decision != "accept":
                touched[own] = None
            if decision.decision == "reject":
                gone.append(at)
            elif at is None:
                added.append(_finding(analysis, own, decision))
            else:
                findings.loc[at, "source"] = schema.DECIDED
                if decision.decision != "accept":
                    values = [decision.start, decision.end, decision.type, decision.subject or findings.at[at, "subject"]]
                    findings.loc[at, ["start", "end", "label", "subject"]] = pd.Series(values, ["start", "end", "label", "subject"], dtype=object)
                    findings.loc[at, "score"] = _risk(decision, str(values[3]))
    findings = findings.drop(index=gone)
    if added:
        findings = pd.concat([findings, pd.DataFrame(added)], ignore_index=True).astype(analysis.findings.dtypes.to_dict())
        place = pd.Series(range(len(analysis.comments)), index=analysis.comments.index)
        findings = findings.assign(_at=findings["id"].map(place)).sort_values(["_at", "start", "end"], kind="stable").drop(columns="_at")
    changed = copy.copy(analysis)
    changed.findings = findings.reset_index(drop=True)
    changed.comments = _comments(analysis, changed, list(touched))
    return changed, lines.assign(result=results)


def keys_of(rows: pd.DataFrame) -> list[Key]:
    """Return the key of each row of :func:`personal_rows`."""
    return [
        (same_id(i), str(sha), int(start), int(end), str(kind))
        for i, sha, start, end, kind in zip(rows["id"], rows["text_sha"], rows["start"], rows["end"], rows["type"], strict=True)
    ]


def _comments(before: Any, after: Any, touched: list[object]) -> pd.DataFrame:
    """Return the comments with ``risk_level`` and ``third_party`` that fit the findings of touched ones."""
    comments = before.comments.copy()
    if not touched:
        return comments
    was, now = (_subjects(analysis, touched) for analysis in (before, after))
    for own in touched:
        subjects, _ = was.get(own, ({}, 0))
        remaining, level = now.get(own, ({}, 0))
        old = comments.at[own, "third_party"]
        spoken_of = {s for s in (old if isinstance(old, tuple | list) else ()) if s not in subjects}
        third = tuple(s for s in schema.THIRD_PARTIES if s in spoken_of or s in remaining)
        comments.at[own, "third_party"] = third
        comments.at[own, "risk_level"] = max(level, 1 if third else 0)
    return comments


def _subjects(analysis: Any, ids: list[object]) -> dict[object, tuple[dict[str, None], int]]:
    rows = personal_rows(analysis)
    found: dict[object, tuple[dict[str, None], int]] = {}
    for own, part in rows[rows["id"].isin(ids)].groupby("id", sort=False):
        found[own] = (dict.fromkeys(part["subject"]), int(part["risk_level"].max()))
    return found


def _finding(analysis: Any, own: object, decision: Decision) -> dict[str, object]:
    units = analysis.units
    inside = units[units["id"].eq(own) & units["start"].le(decision.start) & units["end"].gt(decision.start)]
    return {
        "id": own, "unit": int(inside["unit"].iloc[0]) if len(inside) else 0, "start": decision.start, "end": decision.end,
        "label": decision.type, "subject": decision.subject or "unknown", "score": _risk(decision, decision.subject or "unknown"),
        "rule": _RULE, "source": schema.DECIDED,
    }  # fmt: skip


def _risk(decision: Decision, subject: str) -> float:
    return float(risk_of(Mark(decision.start, decision.end, decision.type, subject, _RULE, 1.0)))


def _parse(row: Mapping[Any, Any], where: str) -> Decision:
    """Read one line.

    Raises
    ------
    InputFileError
        With the place and the column, never with the cell.
    """
    if row["decision"] not in DECISIONS:
        raise InputFileError(f"{where}: decision は {'、'.join(DECISIONS)}（{'・'.join(DECISIONS.values())}）のどれかで書いてください。")
    try:
        start, end = int(row["start"]), int(row["end"])
        new_start, new_end = int(row["new_start"] or start), int(row["new_end"] or end)
    except ValueError:
        raise InputFileError(f"{where}: start・end・new_start・new_end は整数で書いてください。") from None
    kind, subject = row["new_type"] or row["type"], row["new_subject"]
    for name, value, allowed in (("type", row["type"], schema.PERSONAL_TYPES), ("new_type", kind, schema.PERSONAL_TYPES),
                                 ("new_subject", subject or "unknown", schema.SUBJECTS)):  # fmt: skip
        if value not in allowed:
            raise InputFileError(f"{where}: {name} は {'、'.join(allowed)} のどれかで書いてください。")
    if not (0 <= start < end and 0 <= new_start < new_end):
        raise InputFileError(f"{where}: start は 0 以上、end は start より大きい数で書いてください。")
    return Decision((same_id(row["id"]), row["text_sha"], start, end, row["type"]), row["decision"], new_start, new_end, kind, subject)


def _cell(value: object) -> str:
    return "" if is_missing(value) else " ".join(str(value).split())
