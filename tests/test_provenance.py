"""Where the numbers come from is true: the digest is that of the file, and nothing points to what is not there."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import textlens as tl
from tests.report_sample import fake_analysis
from textlens import cli
from textlens.commands.share import MANIFEST
from textlens.office.access_log import read_log
from textlens.report.profiles import load_profile
from textlens.report.provenance import data_name, method_rows
from textlens.report.view import apply_profile
from textlens.rules import read_table
from textlens.schema import PROFILES

FILE, ROWS = "元データの SHA-256", "読み込んだ表の SHA-256"


def analysed(folder: Path, name: str, *more: str) -> Path:
    file = folder / "調査.csv"
    rows = [(f"{n:03d}", "女" if n % 2 else "男", "30代", text) for n, text in enumerate(["道路の穴を直してほしい。", "窓口が親切でした。", "図書館が遠い。"] * 8)]
    pd.DataFrame(rows, columns=["整理番号", "性別", "年代", "自由意見"]).to_csv(file, index=False, encoding="cp932", lineterminator="\r\n")
    out = folder / name
    assert cli.main(["analyze", str(file), "--text", "自由意見", "--id", "整理番号", "--out", str(out), "--topics", "0", "--quiet", *more]) == 0
    return out


def source(result: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((result / "表" / "manifest.json").read_text(encoding="utf-8"))["input"]
    return found


def method(analysis: object) -> dict[str, str]:
    return dict(apply_profile(analysis).method)


def test_the_digest_is_that_of_the_file(tmp_path: Path) -> None:
    whole, part = analysed(tmp_path, "全部"), analysed(tmp_path, "一部", "--attributes", "性別")
    true = hashlib.sha256((tmp_path / "調査.csv").read_bytes()).hexdigest()
    assert source(whole)["sha256"] == source(part)["sha256"] == true
    assert len({true, source(whole)["rows_sha256"], source(part)["rows_sha256"]}) == 3
    book = pd.read_excel(whole / "結果_担当内.xlsx", sheet_name="手法と出典", header=None, dtype=str, engine="calamine").fillna("")
    told = {row[0]: row[1] for row in book.to_numpy().tolist()}
    assert told[FILE] == true and told[ROWS].startswith(source(whole)["rows_sha256"])
    assert f"調査.csv（SHA-256 {true[:12]}）" in (whole / "報告_担当内.html").read_text(encoding="utf-8")


def test_two_runs_of_one_file_write_the_same_bytes(tmp_path: Path) -> None:
    one, two = (analysed(tmp_path, name) for name in ("一", "二"))
    for path in (p for p in one.rglob("*") if p.is_file()):
        assert path.read_bytes() == (two / path.relative_to(one)).read_bytes(), path.name


def test_the_log_and_the_record_of_what_was_shared_hold_it_too(tmp_path: Path) -> None:
    result = analysed(tmp_path, "結果")
    assert cli.main(["share", str(result), "--profile", "庁内共有", "--out", str(tmp_path / "共有"), "--user", "係", "--quiet"]) == 0
    true = hashlib.sha256((tmp_path / "調査.csv").read_bytes()).hexdigest()
    record = json.loads((tmp_path / "共有" / MANIFEST).read_text(encoding="utf-8"))
    assert record["input"] == {"sha256": true, "rows_sha256": source(result)["rows_sha256"]}
    assert read_log(result / "操作記録.jsonl")["sha256"].tolist() == [true]


def test_a_table_made_in_code_has_no_file_and_that_is_said() -> None:
    result = tl.analyze(pd.DataFrame({"text": ["道が暗い。"]}), n_topics=0)
    given = result.run["input"]
    assert given["sha256"] is None and len(given["rows_sha256"]) == 64
    assert method(result)[FILE] == "なし（ファイルでない表（DataFrame）です）" and method(result)[ROWS].startswith(given["rows_sha256"])
    for name in PROFILES:
        assert data_name(result, load_profile(name)) == f"ファイルでない表（DataFrame）（読み込んだ表の SHA-256 {given['rows_sha256'][:12]}）"


@pytest.mark.parametrize("rows", [{"sha256": None, "rows_sha256": "ef" * 32}, {"sha256": "ef" * 32}])
def test_a_digest_of_rows_is_never_called_that_of_the_file(rows: dict[str, str | None]) -> None:
    """Read in code, or analysed by a version that knew no other."""
    analysis = fake_analysis()
    analysis.run["input"] = {"rows": 3, "reading": {"file": "意見.xlsx", "sheet": ""}} | rows
    assert method(analysis)[FILE].startswith("記録していません") and method(analysis)[ROWS].startswith("efef")
    assert data_name(analysis, load_profile("担当内")) == "意見.xlsx（読み込んだ表の SHA-256 efefefefefef）"
    assert data_name(analysis, load_profile("公表")) == "読み込んだ表の SHA-256 efefefefefef（ファイル名は担当内の版にあります）"


def test_nothing_points_to_a_log_or_a_table_that_is_not_there(tmp_path: Path) -> None:
    result = analysed(tmp_path, "結果")
    assert not (result / "操作記録.jsonl").exists()
    page = (result / "報告_担当内.html").read_text(encoding="utf-8")
    assert "分析の日時と実行者は記録していません" in page and "日時と実行者は操作記録にあります" not in page and "付表" not in page
    assert not any("付表" in row["text"] for row in read_table("report/sentences.tsv"))
    counts = apply_profile(fake_analysis()).counts
    assert not any("付表" in cell for pair in method_rows(fake_analysis(), load_profile("担当内"), counts, {}) for cell in pair)
