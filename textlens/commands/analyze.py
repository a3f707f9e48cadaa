"""``textlens analyze``: a survey file in; workbook, HTML, tables and manifest out."""

from __future__ import annotations

import argparse
from pathlib import Path

from textlens import schema
from textlens.analysis.pipeline import analyze
from textlens.analysis.result import Analysis
from textlens.commands.console import Console, Stopwatch
from textlens.commands.corrected import check_codes, write_corrections
from textlens.commands.outputs import OutputFolder
from textlens.commands.processes import jobs_for
from textlens.errors import ParameterError
from textlens.office.review import open_findings
from textlens.tables import read_comments

help = "調査ファイルを読み、結果ブック・HTML・表・記録を書き出す"
description = """調査ファイル（.xlsx .xls .csv .tsv）の自由記述を読み、結果をフォルダに書き出します。

例: textlens analyze 市民意識調査.xlsx --out 結果 --purpose "総合計画の見直し"

終了コード: 0 完了／1 読めなかった行がある（結果は書き出した）／2 使い方か入力の誤り（何も書き出していない）"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("file", type=Path, metavar="ファイル", help="調査ファイル")
    parser.add_argument("--text", metavar="列", help="自由記述の列（書かなければ自動で探す）")
    parser.add_argument("--id", metavar="列", help="受付番号の列")
    parser.add_argument("--attributes", metavar="列,列", help="結果に残す属性の列（書かなければ全部）")
    parser.add_argument("--sheet", metavar="名前", help="シート名か番号（「全部」で、同じ見出しのシートを合わせて読む）")
    parser.add_argument("--encoding", metavar="名前", help="文字コード（cp932、utf-8 など。書かなければ自動）")
    parser.add_argument("--question", metavar="文か列", help="何を尋ねた欄か（設問の文か、設問・分野・件名の列）。課を決める助けになる。書かなければ見出しから読む（\"\" で使わない）")
    add_model(parser)
    parser.add_argument("--topic-edits", type=Path, metavar="TSV", help="話題の修正（まとめる・分ける・名付ける・移す・種の語・固定）を書いたファイル")
    add_common(parser)
    parser.add_argument("--out", type=Path, required=True, metavar="フォルダ", help="書き出し先のフォルダ")


def add_model(parser: argparse.ArgumentParser) -> None:
    """Declare what an office taught, as every command that reads comments takes it."""
    parser.add_argument("--model", type=Path, action="append", default=[], metavar="JSON", help="textlens train で作ったモデル（種別と課の二つまで、繰り返して書く）")


def add_common(parser: argparse.ArgumentParser) -> None:
    """Declare what ``analyze`` and ``demo`` share."""
    parser.add_argument("--departments", type=Path, metavar="TSV", help="組織表（書かなければ付属の典型例）")
    parser.add_argument("--record-type", choices=schema.RECORD_TYPES, default="survey", metavar="種類", help="survey（調査）・letter（手紙）・record（相談記録）")
    parser.add_argument("--purpose", metavar="文", help="利用目的。すべての出力に印刷されます")
    parser.add_argument("--profile", choices=schema.PROFILES, default="担当内", metavar="範囲", help="担当内・庁内共有・公表（既定は担当内）")
    parser.add_argument("--topics", type=int, metavar="数", help="話題の数（0 で作らない）")
    parser.add_argument("--corrections", type=Path, metavar="TSV", help="職員の修正を書いたファイル")
    parser.add_argument("--jobs", type=int, metavar="数", help="並列の数（書かなければ件数とコアの数から決めます。結果は変わりません）")


def run(arguments: argparse.Namespace, console: Console) -> int:
    """Run the command."""
    folder = OutputFolder(arguments.out)
    names = [name.strip() for name in (arguments.attributes or "").split(",") if name.strip()]
    watch = Stopwatch()
    comments = read_comments(
        arguments.file, text=arguments.text, id=arguments.id, attributes=names, sheet=arguments.sheet, encoding=arguments.encoding
    )
    console.say(comments.attrs["reading"].summary())
    result = analyze(
        comments,
        departments=arguments.departments,
        models=arguments.model,
        question=arguments.question,
        record_type=arguments.record_type,
        purpose=arguments.purpose,
        n_topics=arguments.topics,
        corrections=arguments.corrections,
        topic_edits=arguments.topic_edits,
        n_jobs=jobs_for(len(comments)) if arguments.jobs is None else arguments.jobs,
        progress=console.progress,
    )
    if result.corrections is not None:
        check_codes(result)
    code = finish(result, folder, arguments.profile, console, watch)
    if result.corrections is not None and arguments.profile == schema.PROFILES[0]:
        for line in write_corrections(result, arguments.out):
            console.say(line)
    return code


def finish(result: Analysis, folder: OutputFolder, profile: str, console: Console, watch: Stopwatch) -> int:
    """Write everything, say where it is, and return the exit code."""
    if not len(result.comments):
        raise ParameterError("読める行がありません。ファイルと列の指定を確かめてください。")
    written = folder.write(result, profile, console.progress)
    console.say()
    console.say("全件収支: " + "、".join(f"{label_of(s)} {n}" for s, n in result.accounting.to_numpy().tolist()))
    for path in written:
        console.say(f"書き出しました: {path}")
    if profile != schema.PROFILES[0]:
        waiting = len(open_findings(result))
        console.say(f"ご注意: 人の判断を経ていない版です（判断の要る個人情報の候補 {waiting} 件）。渡すものは review で確かめ、share で書き出してください。")
    if result.run["parameters"]["purpose"] is None:
        console.say("ご注意: 利用目的（--purpose）が書かれていません。出力には「未記入」と印刷されます。")
    console.say(f"かかった時間: {watch}")
    return 0 if set(result.comments["status"]) <= {"ok", "blank", "no_content"} else 1


def label_of(status: str) -> str:
    """Return the Japanese word for a status."""
    return {"ok": "分析", "blank": "空欄", "no_content": "内容なし", "too_long": "長すぎ", "failed": "失敗", "total": "計"}[status]
