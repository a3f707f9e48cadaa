"""``textlens review``: the sheet on which a person decides about personal findings, out and back in."""

from __future__ import annotations

import argparse
from datetime import datetime
from pathlib import Path

import pandas as pd

from textlens.analysis.result import Analysis
from textlens.commands.console import Console
from textlens.commands.records import add_line, add_record_arguments, decisions_file, load_result, user_name
from textlens.errors import ParameterError
from textlens.files import whole_file
from textlens.office.review import add_decisions, apply_decisions, open_findings
from textlens.office.review_sheet import NAMES, read_review_sheet, write_review_sheet
from textlens.office.review_table import review_table, same_names
from textlens.office.tables import read_cells
from textlens.report.singled_out import NOTES, ROWS, SWEEP, quasi_columns, singled_out

help = "個人情報の候補を人が確かめるシートを書き出し、記入されたものを読み込む"
description = """個人情報の候補を一覧にした確認シート（Excel）を書き出します。判断（採用・不採用・直す）を記入して --read で読み込むと、判断ファイルに残り、次の実行でも生かされます。
不採用にしたものは二度と出ません。見落としは「見落としの追加」のシートに書いてください。判断ファイルに本文の言葉は入りません。
属性の組合せと本文の特異な記述（離婚5回など）で一人に絞れる回答も、同じブックの後ろのシートに出します（--quasi --fraction --census --population）。

例: textlens review 結果 --out 確認シート.xlsx
    textlens review 結果 --read 確認シート.xlsx --decisions 判断.tsv

終了コード: 0 完了／1 取り込めない行がある（ほかの行は取り込んだ）／2 使い方か入力の誤り（何も書き出していない）"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("result", type=Path, metavar="結果フォルダ", help="analyze --out で書き出したフォルダ")
    parser.add_argument("--out", type=Path, metavar="ファイル", help="確認シートの書き出し先（.xlsx）")
    parser.add_argument("--read", type=Path, metavar="ファイル", help="記入した確認シート")
    parser.add_argument("--decisions", type=Path, metavar="TSV", help="判断ファイル（書かなければ結果フォルダの 判断.tsv）")
    parser.add_argument("--all", action="store_true", help="判断の済んだものもシートに出す")
    parser.add_argument("--quasi", metavar="列,列", help="組合せの人数を数える属性（書かなければ、人を絞る手がかりになるものすべて）")
    parser.add_argument("--fraction", type=float, default=1.0, metavar="率", help="抽出率（例 0.025。書かなければ全員に尋ねたとみなす）")
    parser.add_argument("--census", action="append", default=[], metavar="列=値", help="全員に尋ねた（悉皆の）人たち（例 回収方法=高校。人数を割り戻さない）")
    parser.add_argument("--population", type=Path, metavar="表", help="人口表（属性と同じ見出しの列と「人数」）")
    add_record_arguments(parser)


def run(arguments: argparse.Namespace, console: Console) -> int:
    """Run the command; exit code 1 if rows of the sheet could not be taken in."""
    if (arguments.out is None) == (arguments.read is None):
        raise ParameterError("--out（シートを書き出す）か --read（記入したシートを読み込む）のどちらか一つを指定してください。")
    result = load_result(arguments.result)
    target = arguments.decisions or decisions_file(arguments.result)
    kept = target if target.is_file() else None
    who = user_name(arguments.user)
    if arguments.out is not None:
        if arguments.out.suffix.lower() != ".xlsx":
            raise ParameterError("確認シートの名前は .xlsx で終わるようにしてください。")
        table = review_table(result, kept, everything=arguments.all)
        names = same_names(apply_decisions(result, kept)[0])
        looks = _looks(arguments, result)
        with whole_file(arguments.out) as draft:
            write_review_sheet(table, draft, names, looks)
            add_line(arguments, who, "review-out", result, rows=len(table))
        console.say(f"確認する候補 {len(table)} 件（うち判断しないと共有できないもの {len(open_findings(result, kept))} 件）")
        if len(names):
            console.say(f"伏せる氏名と同じ言葉が、伏せていない所に {len(names)} か所あります（シート「{NAMES}」）")
        if looks:
            alone = int(looks[ROWS][1]["記入者の中の人数"].eq(1).sum())
            console.say(f"属性と本文の組合せで記入者の中の一人に絞れる回答 {alone} 件（シート「{ROWS}」、失うものとの比べは「{SWEEP}」）")
        console.say(f"書き出しました: {arguments.out}")
        console.say("原文の言葉が入っています。担当内だけで扱い、使い終わったら消してください。")
        return 0
    read = read_review_sheet(arguments.read, result, who=who, when=datetime.now().astimezone().isoformat(timespec="seconds"))
    add_line(arguments, who, "review-in", result, rows=len(read.decisions))
    if read.decisions:
        add_decisions(target, read.decisions)
    outcome = apply_decisions(result, target if target.is_file() else None)[1]
    stale = int(outcome["result"].isin(["本文が変わった", "番号なし"]).sum())
    for sheet, row, message in read.problems.to_numpy().tolist():
        console.say(f"{sheet} {row} 行目: {message}")
    left = len(open_findings(result, target if target.is_file() else None))
    console.say(f"判断 {len(read.decisions)} 件を読み込みました: {target}")
    console.say(f"判断が空の行 {read.undecided}、取り込めない行 {len(read.problems)}、共有の前に判断が要る残り {left} 件")
    if stale:
        console.say(f"以前の判断のうち {stale} 件は、本文か番号が変わったため生かしていません。")
    return 1 if len(read.problems) else 0


def _looks(arguments: argparse.Namespace, result: Analysis) -> dict[str, tuple[str, pd.DataFrame]]:
    """Return the sheets about combinations of attributes, with their notes."""
    columns = quasi_columns(result, [name.strip() for name in (arguments.quasi or "").split(",") if name.strip()])
    census = dict(part.split("=", 1) for part in arguments.census if "=" in part)
    if len(census) < len(arguments.census):
        raise ParameterError("--census は「列=値」の形で、列ごとに一度だけ書いてください。")
    people = None if arguments.population is None else read_cells(arguments.population, "人口表")
    found = singled_out(result, columns, fraction=arguments.fraction, census=census, population=people)
    return {name: (NOTES[name], frame) for name, frame in found.items()}
