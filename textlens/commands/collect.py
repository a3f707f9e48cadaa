"""``textlens collect``: read the workbooks of the 課 back."""

from __future__ import annotations

import argparse
from pathlib import Path

import pandas as pd

from textlens.commands.console import Console
from textlens.commands.dates import parse_date
from textlens.errors import ParameterError
from textlens.office.collect import HARMLESS, SUMMARY, collect
from textlens.office.corrections import add_corrections
from textlens.report.plain_book import write_frames
from textlens.schema import OUTSIDE

help = "課から返ってきたブックを読み、変わった所・進み具合・困った所をまとめる"
description = """distribute で配り、課が記入して返したブックを読みます。受付番号で照合するので、並べ替えられていてもかまいません。
行や列が壊れているところは、推測せずに「困った所」として行番号つきで知らせます。
一つの課が「要」と答えた声と、移送先が決まった声は、修正ファイル（修正_返送から.tsv）にもなります。

例: textlens collect 配布 --out 集計"""

CORRECTIONS = "修正_返送から.tsv"
_CHANGES = {"file": "ファイル", "sheet": "シート", "row": "行", "id": "受付番号", "department": "課", "column": "列", "old": "前", "new": "後"}
_PROBLEMS = {"file": "ファイル", "sheet": "シート", "row": "行", "id": "受付番号", "kind": "種類", "message": "内容"}
_NAMES = {
    "id": "受付番号", "department": "課", "departments": "課", "due": "期限", "days": "超過日数", "needed": "対応要否", "state": "状態",
    "returned": "返送", "moved_to": "移す先", "why": "わけ", "column": "列", "answers": "答え", "group": "区分", "policy": "対応方針", "done": "完了日",
}  # fmt: skip


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("folder", type=Path, metavar="フォルダ", help="返ってきたブックと「配布控え.tsv」があるフォルダ")
    parser.add_argument("--receipt", type=Path, metavar="TSV", help="配布控え（フォルダにないとき）")
    parser.add_argument("--today", metavar="日付", help="期限超過を数える日（2026-07-01 の形。既定は今日）")
    parser.add_argument("--out", type=Path, required=True, metavar="フォルダ", help="書き出し先のフォルダ")


def run(arguments: argparse.Namespace, console: Console) -> int:
    """Run the command; exit code 1 if something could not be taken in."""
    today = parse_date(arguments.today)
    if not arguments.folder.is_dir():
        raise ParameterError(f"フォルダ {arguments.folder.name} がありません。")
    if arguments.out.is_file():
        raise ParameterError(f"書き出し先 {arguments.out.name} はファイルです。フォルダを指定してください。")
    found = collect(arguments.folder, receipt=arguments.receipt)
    arguments.out.mkdir(parents=True, exist_ok=True)
    frames = {
        "進み具合": found.state_counts().rename_axis("課").reset_index(),
        "変わった所": found.changes.rename(columns=_CHANGES),
        "困った所": found.problems.rename(columns=_PROBLEMS),
        "期限超過": found.overdue(today).rename(columns=_NAMES),
        "どの課も取らない": found.untaken().rename(columns=_NAMES),
        "二つの課が取った": found.taken_twice().rename(columns=_NAMES),
        "課の食い違い": found.conflicts().rename(columns=_NAMES),
        "反映結果": found.results().rename(columns=_NAMES),
    }
    frames = {name: _in_words(frame, found.names) for name, frame in frames.items()}
    path = write_frames(frames, arguments.out / SUMMARY, title="textlens 返送のまとめ")
    console.say("、".join(f"{name} {len(frame)}" for name, frame in frames.items()))
    console.say(f"書き出しました: {path}")
    decided = found.corrections(today)
    if len(decided):
        add_corrections(_fresh(arguments.out / CORRECTIONS), ({str(k): v for k, v in row.items()} for row in decided.to_dict("records")))
        console.say(f"書き出しました: {arguments.out / CORRECTIONS}（課が決まった {len(decided)} 件。analyze --corrections に渡すと当てはまり、一致率が出ます）")
    return 0 if found.problems["kind"].isin(HARMLESS).all() else 1


def _fresh(path: Path) -> Path:
    """Take away what an earlier run wrote."""
    path.unlink(missing_ok=True)
    return path


def _in_words(frame: pd.DataFrame, known: dict[str, str]) -> pd.DataFrame:
    """Write the name of the 課 beside its code, wherever a cell holds codes: alone, several, or each with its answer."""
    names = {code: f"{code} {name}" for code, name in (known | OUTSIDE).items()}

    def named(cell: object) -> str:
        parts = (part.partition("＝") for part in str(cell).split("、"))
        return "、".join(f"{names.get(code, code)}{mark}{said}" for code, mark, said in parts)

    return frame.assign(**{column: [named(cell) for cell in frame[column]] for column in ("課", "移す先", "答え") if column in frame})
