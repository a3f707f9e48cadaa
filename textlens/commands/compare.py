"""``textlens compare``: several years on one yardstick."""

from __future__ import annotations

import argparse
from pathlib import Path

import pandas as pd

from textlens.analysis.pipeline import analyze
from textlens.commands.console import Console, Stopwatch
from textlens.errors import ParameterError
from textlens.files import whole_file
from textlens.report.years_book import write_years
from textlens.schema import INTENTS
from textlens.tables import read_comments
from textlens.tables.years import compare_years, comparison_warnings
from textlens.tokens import as_tokens
from textlens.topics.clusterer import TopicClusterer
from textlens.topics.frozen import FrozenTopics

LABELS = [*(f"is_{name}" for name in INTENTS), "polarity"]

help = "年ごとの調査を、同じ規則・同じ話題で比べる"
description = """何年分かの調査ファイルを、いまの辞書と規則で全部読み直し、記入した人あたりの割合を比べます。
話題は最初の年で決め、後の年の文をそこに割り当てます。どれにも入らない文は「新しい話題」になります。

例: textlens compare 2024=調査R6.xlsx 2025=調査R7.xlsx 2026=調査R8.xlsx --channel 回収方法 --out 年比較"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("years", nargs="+", metavar="年=ファイル", help="年の名前とファイル（古い順に 2 つ以上）")
    parser.add_argument("--text", metavar="列", help="自由記述の列（書かなければ自動で探す）")
    parser.add_argument("--channel", metavar="列", help="回収方法（郵送・Web・高校など）の列。構成の変化を確かめます")
    parser.add_argument("--topics", type=int, metavar="数", help="最初の年の話題の数")
    parser.add_argument("--min-cell", type=int, default=1, metavar="数", help="この数に満たない件数を伏せる（既定は 1 = 伏せない）")
    parser.add_argument("--out", type=Path, required=True, metavar="フォルダ", help="書き出し先のフォルダ")


def run(arguments: argparse.Namespace, console: Console) -> int:
    """Run the command."""
    watch = Stopwatch()
    files = _pairs(arguments.years)
    if arguments.out.exists() and not arguments.out.is_dir():
        raise ParameterError(f"書き出し先 {arguments.out.name} はファイルです。フォルダを指定してください。")
    read, questions = {}, {}
    for year, path in files.items():
        comments = read_comments(path, text=arguments.text)
        questions[year] = comments.attrs["reading"].text_column
        console.say(f"{year}: {comments.attrs['reading'].rows_read} 行")
        table = analyze(comments, n_topics=0, progress=console.progress).comments
        read[year] = table[table["status"] == "ok"].copy()
    names = _lay_topics(read, arguments.topics)
    cells, changes = compare_years(read, [*LABELS, "topic"])
    warnings = comparison_warnings(read, questions, arguments.channel)
    for warning in warnings:
        console.say(f"注意: {warning}")
    arguments.out.mkdir(parents=True, exist_ok=True)
    written = [write_years(cells, changes, warnings, names, arguments.out / "年比較.xlsx", min_cell=arguments.min_cell)]
    if arguments.min_cell <= 1:
        for name, frame in (("年ごとの割合.csv", cells), ("増減.csv", changes)):
            with whole_file(arguments.out / name) as draft:
                frame.to_csv(draft, index=False, encoding="utf-8-sig", lineterminator="\n")
            written.append(arguments.out / name)
    for path in written:
        console.say(f"書き出しました: {path}")
    console.say(f"かかった時間: {watch}")
    return 0


def _pairs(years: list[str]) -> dict[str, Path]:
    files: dict[str, Path] = {}
    for item in years:
        year, mark, path = item.partition("=")
        if not mark or not year or not path:
            raise ParameterError(f"「{item}」は 年=ファイル の形になっていません。例: 2025=調査R7.xlsx")
        if year in files:
            raise ParameterError(f"年「{year}」が 2 回書かれています。")
        files[year] = Path(path)
    if len(files) < 2:
        raise ParameterError("年の比較には 2 年分以上のファイルが要ります。")
    return files


def _lay_topics(read: dict[str, pd.DataFrame], n_topics: int | None) -> dict[str, str]:
    """Fit topics on the first year, lay the others into them, and return the names of ``topic=…`` labels."""
    first, *others = read
    found = TopicClusterer(n_topics)
    read[first]["topic"] = found.fit_predict(as_tokens(read[first]["text"]))
    names = {f"topic={t}": f"話題: {label}" for t, label in zip(found.topics_["topic"], found.topics_["label"], strict=True)}
    frozen = FrozenTopics.of(found)
    for year in others:
        laid = frozen.assign(read[year]["text"])
        table = laid.topics.set_index("topic")
        labels, new = table["label"].to_dict(), table["is_new"].astype(bool).to_dict()
        read[year]["topic"] = [
            f"新 {year}: {labels[t]}" if t and new[t] else t for t in laid.labels.tolist()
        ]
        names.update({f"topic=新 {year}: {label}": f"新しい話題: {label}" for t, label in labels.items() if new[t]})
    return names
