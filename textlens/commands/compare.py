"""``textlens compare``: several years on one yardstick."""

from __future__ import annotations

import argparse
from pathlib import Path

from textlens.analysis.readers import choose_readers, unlike
from textlens.analysis.result import Analysis, load
from textlens.analysis.topics import read_topic_edits
from textlens.analysis.years import analyze_years
from textlens.commands.analyze import add_model
from textlens.commands.console import Console, Stopwatch
from textlens.errors import ParameterError
from textlens.files import whole_file
from textlens.report.provenance import DIGITS, models_told
from textlens.report.rules_book import write_rule_changes
from textlens.report.words import label_name
from textlens.report.years_book import write_years
from textlens.tables import read_comments
from textlens.tables.years import compare_years, comparison_warnings
from textlens.topics.frozen import FrozenTopics

help = "年ごとの調査を、同じ規則・同じ話題で比べる"
description = """何年分かの調査ファイルを、いまの辞書と規則で全部読み直し、記入した人あたりの割合を比べます。
話題は最初の年で決め、後の年の文をそこに割り当てます。どれにも入らない文は「新しい話題」になり、次の年からは同じ話題として数えます。
学ばせたモデル（--model）は、どの年にも同じように使います。
話題は 話題.json に残るので、翌年は --frozen で同じ話題に割り当てられます。
--before に前の結果（analyze が書いた 表 フォルダ）を渡すと、規則が変わったために変わった判定を、理由とともに一覧にします。

例: textlens compare 2024=調査R6.xlsx 2025=調査R7.xlsx 2026=調査R8.xlsx --out 年比較
例: textlens compare 2026=調査R8.xlsx 2027=調査R9.xlsx --frozen 年比較/話題.json --before 2026=R8の結果/表 --out 年比較R9"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("years", nargs="+", metavar="年=ファイル", help="年の名前とファイル（古い順に 2 つ以上）")
    parser.add_argument("--text", metavar="列", help="自由記述の列（書かなければ自動で探す）")
    parser.add_argument("--channel", metavar="列", help="回収方法（郵送・Web・高校など）の列（書かなければ見出しで探す）。構成の変化を確かめます")
    parser.add_argument("--topics", type=int, metavar="数", help="最初の年の話題の数")
    parser.add_argument("--frozen", type=Path, metavar="話題.json", help="前に決めた話題。どの年の文もここに割り当てます（--topics は使いません）")
    parser.add_argument("--before", action="append", default=[], metavar="年=フォルダ", help="その年の前の結果の 表 フォルダ。変わった判定を一覧にします（何年分でも）")
    add_model(parser)
    parser.add_argument("--topic-edits", type=Path, metavar="TSV", help="最初の年の話題の修正を書いたファイル（--frozen とは一緒に使えません。修正した話題が 話題.json に残ります）")
    parser.add_argument("--departments", type=Path, metavar="TSV", help="組織表（--before で課の判定を比べるとき、前の結果と同じものを）")
    parser.add_argument("--min-cell", type=int, default=1, metavar="数", help="この数に満たない件数を伏せる（既定は 1 = 伏せない）")
    parser.add_argument("--out", type=Path, required=True, metavar="フォルダ", help="書き出し先のフォルダ")


def run(arguments: argparse.Namespace, console: Console) -> int:
    """Run the command."""
    watch = Stopwatch()
    files = _pairs(arguments.years, "年=ファイル")
    if len(files) < 2:
        raise ParameterError("年の比較には 2 年分以上のファイルが要ります。")
    if arguments.out.exists() and not arguments.out.is_dir():
        raise ParameterError(f"書き出し先 {arguments.out.name} はファイルです。フォルダを指定してください。")
    before = _earlier(_pairs(arguments.before, "年=フォルダ"), files, arguments.min_cell)
    frozen = FrozenTopics.load(arguments.frozen) if arguments.frozen else None
    edits = read_topic_edits(arguments.topic_edits, arguments.topics)
    readers = choose_readers(arguments.model, arguments.departments)
    tables, questions = {}, {}
    for year, path in files.items():
        tables[year] = read_comments(path, text=arguments.text)
        questions[year] = tables[year].attrs["reading"].text_column
        console.say(f"{year}: {tables[year].attrs['reading'].rows_read} 行")
    found = analyze_years(
        tables, models=arguments.model, departments=arguments.departments, n_topics=arguments.topics, frozen=frozen,
        topic_edits=edits, progress=console.progress,
    )
    results, names = found.results, found.names
    cells, changes = compare_years(found.read, found.labels)
    warnings = [*comparison_warnings(found.read, questions, arguments.channel), *found.warnings]
    told = [f"話題の修正: あり（印 {edits.digest[:DIGITS]}）。"] if edits else []
    told += [f"学ばせたモデル: {models_told(readers.digests) or 'なし（付属のまま）'}。どの年にも同じものを使いました。"]
    for warning in warnings:
        console.say(f"注意: {warning}")
    arguments.out.mkdir(parents=True, exist_ok=True)
    written = [write_years(cells, changes, warnings, names, arguments.out / "年比較.xlsx", min_cell=arguments.min_cell, told=told)]
    if arguments.min_cell <= 1:
        for name, frame in (("年ごとの割合.csv", cells), ("増減.csv", changes)):
            named = frame.assign(name=[label_name(str(label), names) for label in frame["label"]])
            with whole_file(arguments.out / name) as draft:
                named.to_csv(draft, index=False, encoding="utf-8-sig", lineterminator="\n")
            written.append(arguments.out / name)
        written.append(found.frozen.save(arguments.out / "話題.json"))
    if before:
        path, n_changed = write_rule_changes({year: (before[year], results[year]) for year in before}, arguments.out / "規則の変更_担当内.xlsx")
        console.say(f"規則の変更で変わった判定: {n_changed} か所")
        for line in [f"ご注意: {year} の前の結果と読み方が違います。{said}" for year, result in before.items() for said in unlike(result.run, readers)]:
            console.say(f"{line}変わった判定には、そのための違いが混ざっています。")
        written.append(path)
    for path in written:
        console.say(f"書き出しました: {path}")
    console.say(f"かかった時間: {watch}")
    return 0


def _earlier(folders: dict[str, Path], files: dict[str, Path], min_cell: int) -> dict[str, Analysis]:
    """Load the earlier results, before any work is done."""
    if folders and min_cell > 1:
        raise ParameterError("--before の一覧は意見の言葉を引くので、--min-cell と一緒には書き出せません。別の --out で実行してください。")
    unknown = [year for year in folders if year not in files]
    if unknown:
        raise ParameterError(f"--before の年「{unknown[0]}」のファイルが、比べる年にありません。")
    return {year: load(path / "表" if (path / "表").is_dir() else path) for year, path in folders.items()}


def _pairs(items: list[str], form: str) -> dict[str, Path]:
    pairs: dict[str, Path] = {}
    for item in items:
        year, mark, path = item.partition("=")
        if not mark or not year or not path:
            raise ParameterError(f"「{item}」は {form} の形になっていません。例: 2025=調査R7.xlsx")
        if year in pairs:
            raise ParameterError(f"年「{year}」が 2 回書かれています。")
        pairs[year] = Path(path)
    return pairs
