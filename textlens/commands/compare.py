"""``textlens compare``: several years on one yardstick."""

from __future__ import annotations

import argparse
from pathlib import Path

from textlens.analysis.readers import choose_readers, unlike
from textlens.analysis.result import Analysis, load
from textlens.analysis.topics import read_topic_edits
from textlens.analysis.years import Years, analyze_years
from textlens.commands.analyze import add_model
from textlens.commands.console import Console, Stopwatch
from textlens.commands.years_given import read_pairs, read_years, same_texts
from textlens.errors import ParameterError
from textlens.files import check_folder, whole_folder
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


WORKBOOK, TOPICS = "年比較.xlsx", "話題.json"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("years", nargs="+", metavar="年=ファイル", help="年の名前（2024、R6 など）とファイル（2 つ以上）。名前かファイル名に年があれば、古い順に並べます")
    parser.add_argument("--text", metavar="列", help="自由記述の列（書かなければ自動で探す）")
    parser.add_argument("--channel", metavar="列", help="回収方法（郵送・Web・高校など）の列（書かなければ見出しで探す）。構成の変化を確かめます")
    parser.add_argument("--topics", type=int, metavar="数", help="最初の年の話題の数（1 以上）")
    parser.add_argument("--frozen", type=Path, metavar="話題.json", help="前に決めた話題。どの年の文もここに割り当てます（--topics は使いません）")
    parser.add_argument("--before", action="append", default=[], metavar="年=フォルダ", help="その年の前の結果の 表 フォルダ。変わった判定を一覧にします（何年分でも）")
    add_model(parser)
    parser.add_argument("--topic-edits", type=Path, metavar="TSV", help="最初の年の話題の修正を書いたファイル（--frozen とは一緒に使えません。修正した話題が 話題.json に残ります）")
    parser.add_argument("--departments", type=Path, metavar="TSV", help="組織表（--before で課の判定を比べるとき、前の結果と同じものを）")
    parser.add_argument("--min-cell", type=int, default=1, metavar="数", help="この数に満たない件数を伏せる（既定は 1 = 伏せない）")
    parser.add_argument("--out", type=Path, required=True, metavar="フォルダ", help="書き出し先のフォルダ")


def run(arguments: argparse.Namespace, console: Console) -> int:
    """Run the command: all is written, or nothing."""
    watch = Stopwatch()
    check_folder(arguments.out)
    if arguments.topics is not None and arguments.topics < 1:
        raise ParameterError("--topics には 1 以上の数を書いてください。年の比較は話題も比べるので、話題なし（0）にはできません（analyze の --topics とは違います）。")
    files, told = read_years(arguments.years)
    before = _earlier(read_pairs(arguments.before, "年=フォルダ"), files, arguments.min_cell)
    for line in told:
        console.say(line)
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
    warnings = [*same_texts(tables), *comparison_warnings(found.read, questions, arguments.channel), *found.warnings]
    for warning in warnings:
        console.say(f"注意: {warning}")
    told += [f"話題の修正: あり（印 {edits.digest[:DIGITS]}）。"] if edits else []
    told += [f"学ばせたモデル: {models_told(readers.digests) or 'なし（付属のまま）'}。どの年にも同じものを使いました。"]
    with whole_folder(arguments.out) as draft:
        written = _write(found, warnings, told, draft, arguments.min_cell)
        if before:
            path, n_changed = write_rule_changes({year: (before[year], found.results[year]) for year in before}, draft / "規則の変更_担当内.xlsx")
            written.append(path.name)
    if before:
        console.say(f"規則の変更で変わった判定: {n_changed} か所")
        for line in [f"ご注意: {year} の前の結果と読み方が違います。{said}" for year, result in before.items() for said in unlike(result.run, readers)]:
            console.say(f"{line}変わった判定には、そのための違いが混ざっています。")
    for name in written:
        console.say(f"書き出しました: {arguments.out / name}")
    console.say(f"かかった時間: {watch}")
    return 0


def _write(found: Years, warnings: list[str], told: list[str], folder: Path, min_cell: int) -> list[str]:
    """Write workbook, tables and topics; return the names of the files."""
    cells, changes = compare_years(found.read, found.labels)
    write_years(cells, changes, warnings, found.names, folder / WORKBOOK, min_cell=min_cell, told=told)
    if min_cell > 1:
        return [WORKBOOK]
    tables = {"年ごとの割合.csv": cells, "増減.csv": changes}
    for name, frame in tables.items():
        named = frame.assign(name=[label_name(str(label), found.names) for label in frame["label"]])
        named.to_csv(folder / name, index=False, encoding="utf-8-sig", lineterminator="\n")
    found.frozen.save(folder / TOPICS)
    return [WORKBOOK, *tables, TOPICS]


def _earlier(folders: dict[str, Path], files: dict[str, Path], min_cell: int) -> dict[str, Analysis]:
    """Load the earlier results, before any work is done."""
    if folders and min_cell > 1:
        raise ParameterError("--before の一覧は意見の言葉を引くので、--min-cell と一緒には書き出せません。別の --out で実行してください。")
    unknown = [year for year in folders if year not in files]
    if unknown:
        raise ParameterError(f"--before の年「{unknown[0]}」のファイルが、比べる年にありません。")
    return {year: load(path / "表" if (path / "表").is_dir() else path) for year, path in folders.items()}
