"""規則の変更: the workbook of labels that a change of rules moved, with the evidence that came and went. 担当内 only."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from textlens.report.plain_book import write_frames
from textlens.report.words import HELD, Labels, headings, label_name
from textlens.tables.changes import changed_labels, changed_rules, comparable_ids

REASONS = {"rules": "根拠の箇所が変わった", "weights": "根拠の箇所は同じで、重みが変わった", "other": "根拠も重みも同じ（職員の修正、自己申告、学ばせたモデルなど）"}
KINDS = {"version": "プログラムの版", "dictionary": "辞書・重みのファイル", "model": "学ばせたモデル", "table": "組織表"}
SUMMARY = ["年", "区分", "比べた通数", "変わった通数", "付いた", "外れた", "うち根拠の箇所が変わった"]


def write_rule_changes(years: Mapping[str, tuple[Any, Any]], path: str | Path) -> tuple[Path, int]:
    """Write what the rules of today changed in earlier results.

    Parameters
    ----------
    years : mapping of str to (Analysis, Analysis)
        Year → the earlier result of a file and the result of today.
    path : path
        The workbook quotes words of comments: it stays 担当内.

    Returns
    -------
    path : Path
    n_changed : int
        Labels that differ, over all years.
    """
    lists, sums, rules = [], [], []
    for year, (before, after) in years.items():
        table, n = changed_labels(before, after), len(comparable_ids(before, after))
        names = Labels(dict(zip(after.departments["code"], after.departments["name"], strict=True)))
        lists.append(_listed(year, table, names))
        sums += [_sum(year, str(column), rows, n) for column, rows in table.groupby("column", sort=False)]
        rules.append(changed_rules(before.run, after.run).assign(year=year))
    changed = pd.concat(lists, ignore_index=True)
    frames = {
        "まとめ": pd.DataFrame(sums, columns=SUMMARY),
        "変わった判定": changed,
        "変わった規則": _files(pd.concat(rules, ignore_index=True)),
    }
    return write_frames(frames, path, title="textlens 規則の変更"), len(changed)


def _sum(year: str, column: str, rows: pd.DataFrame, n: int) -> tuple[object, ...]:
    """One line of the summary; labels that are not yes or no have no 「付いた」."""
    flag = rows["after"].map(lambda v: isinstance(v, bool)).all()
    counts: tuple[object, object] = (int(rows["after"].eq(True).sum()), int(rows["before"].eq(True).sum())) if flag else ("", "")
    return (year, _name(column), n, len(rows), *counts, int(rows["reason"].eq("rules").sum()))


def _listed(year: str, table: pd.DataFrame, names: Labels) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "年": year, "番号": table["id"].astype(str), "区分": [_name(c) for c in table["column"]],
            "前": [_value(c, v, names) for c, v in zip(table["column"], table["before"], strict=True)],
            "今": [_value(c, v, names) for c, v in zip(table["column"], table["after"], strict=True)],
            "新しい根拠": ["、".join(e) for e in table["gained"]], "なくなった根拠": ["、".join(e) for e in table["lost"]],
            "理由": table["reason"].map(REASONS),
        }
    )  # fmt: skip


def _name(column: str) -> str:
    return next((h.heading for h in headings("担当内") if h.name == column), "") or label_name(column)


def _value(column: str, value: object, names: Labels) -> str:
    if column == "legal_check":
        return names("legal", "check" if value else "none")
    if pd.api.types.is_bool(value):
        return "あり" if value else "なし"
    if column == "department":
        return names.department(value) or names.department(HELD)
    return names(column, value) or str(value)


def _files(rules: pd.DataFrame) -> pd.DataFrame:
    """Files and versions once each, with the years whose earlier result was made with others."""
    found = rules.groupby(["kind", "name", "before", "after"], sort=False)["year"].agg("、".join).reset_index()
    labels = Labels()
    found["name"] = found["name"].where(found["kind"] != "model", found["name"].map(lambda name: labels("model", name)))
    found["kind"] = found["kind"].map(KINDS)
    return found.set_axis(["種類", "名前", "前", "今", "年"], axis=1)
