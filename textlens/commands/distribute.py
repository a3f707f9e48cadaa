"""``textlens distribute``: one workbook per 課."""

from __future__ import annotations

import argparse
from pathlib import Path

from textlens.commands.console import Console
from textlens.commands.dates import parse_date
from textlens.commands.records import decisions_file, load_result
from textlens.office.distribute import distribute
from textlens.office.due import due_date
from textlens.office.review import apply_decisions
from textlens.report.masking import mask_texts, personal_rows, to_mask, without_overlap
from textlens.routing.router import DepartmentRouter

help = "分析の結果を、課ごとの記入用ブックにして配る"
description = """analyze が書き出したフォルダを読み、課ごとに 1 冊のブック（対応要否・対応方針・期限・状態の記入欄つき）を作ります。
本文は、個人に関する言葉を区分の言葉に置き換えたものです（置き換えても個人情報のままです）。どの課にも当たらない声は「広聴_課のない声」に入ります。

例: textlens distribute 結果 --out 配布 --days 10"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("result", type=Path, metavar="結果フォルダ", help="analyze --out で書き出したフォルダ")
    parser.add_argument("--out", type=Path, required=True, metavar="フォルダ", help="配布するブックの書き出し先（新しいフォルダ）")
    parser.add_argument("--days", type=int, default=10, metavar="日数", help="返送の期限までの開庁日の数（既定は 10。土日・祝日を除く）")
    parser.add_argument("--start", metavar="日付", help="数え始めの日（2026-07-01 の形。既定は今日）")
    parser.add_argument("--departments", type=Path, metavar="TSV", help="分析に使った組織表（書かなければ付属の典型例）")
    parser.add_argument("--organ", default="市長部局", metavar="機関", help="配る側の機関（ほかの機関に渡る行に印が付きます）")
    parser.add_argument("--send-held", action="store_true", help="保留の声も第一候補の課に配る")


def run(arguments: argparse.Namespace, console: Console) -> int:
    """Run the command."""
    result = load_result(arguments.result)
    kept = decisions_file(arguments.result)
    if kept.is_file():
        result, _ = apply_decisions(result, kept)
        console.say("確認シートの判断を当てはめました。")
    due = due_date(parse_date(arguments.start), arguments.days)
    chosen = without_overlap(to_mask(personal_rows(result.findings), "identify"))
    readable = result.comments[result.comments["status"] == "ok"]
    receipt = distribute(
        result.comments,
        arguments.out,
        departments=result.departments,
        masked=mask_texts(result.comments["text"], chosen),
        due=due,
        candidates=DepartmentRouter(arguments.departments).rank(readable["text"], n=3),
        own_organ=arguments.organ,
        send_held=arguments.send_held,
    )
    books = receipt["file"].nunique()
    console.say(f"{books} 冊、{len(receipt)} 行を書き出しました（返送の期限 {due.isoformat()}）: {arguments.out}")
    console.say("「配布控え.tsv」は返送の照合に要ります。消さずに置いてください。")
    return 0
