"""``textlens check``: do the dictionaries keep their own rules, does the log hold, and what did a reorganisation change?"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable
from pathlib import Path

import pandas as pd

from textlens.commands.console import Console
from textlens.errors import InputFileError, ParameterError, TextlensError
from textlens.files import whole_file
from textlens.office.access_log import read_log, verify
from textlens.office.labelled import CODE_MAP
from textlens.resources import dictionaries_root, overlay_folder
from textlens.routing.table import map_codes, stale_rules
from textlens.rules.checking import FileReport, check_file, check_own, rule_files
from textlens.rules.own import own_files
from textlens.schema import PROFILES

help = "辞書・操作記録・組織改正を点検する"
description = """付属の辞書と、--dictionaries で指定した自分の市の辞書を点検します（例文が当たるか、反例に当たらないか。
自分の市の辞書は、書き方が正しいか、読まれないファイルがないかも）。
--log では操作記録の書き換え・削除を、--old-departments では組織改正で変わった課と、なくなった課の名やコードが残る辞書の行を調べます。

例: textlens check --dictionaries 葛川市の辞書
    textlens check --log 結果/操作記録.jsonl --manifest 共有/持出記録.json
    textlens check --old-departments 昨年の組織表.tsv --departments 組織表.tsv --dictionaries 葛川市の辞書 --out 対応表.tsv

終了コード: 0 調べたところ直すところは見つからない／2 直すところ、人が決めるところがある"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("--log", type=Path, metavar="ファイル", help="操作記録（操作記録.jsonl）")
    parser.add_argument("--manifest", type=Path, action="append", default=[], metavar="ファイル", help="持出記録.json（操作記録と照らし合わせる。繰り返せる）")
    parser.add_argument("--old-departments", type=Path, metavar="TSV", help="昨年の組織表")
    parser.add_argument("--departments", type=Path, metavar="TSV", help="今年の組織表（書かなければ付属の典型例）")
    parser.add_argument("--out", type=Path, metavar="TSV", help="旧コードと新コードの対応表の書き出し先")


def run(arguments: argparse.Namespace, console: Console) -> int:
    """Run the command."""
    if arguments.manifest and arguments.log is None:
        raise ParameterError("--manifest は --log と一緒に指定してください。")
    if arguments.out is not None and arguments.old_departments is None:
        raise ParameterError("--out は --old-departments と一緒に指定してください。")
    faults = 0
    if arguments.log is not None:
        faults += _log(arguments.log, arguments.manifest, console)
    if arguments.old_departments is not None:
        faults += _reorganisation(arguments, console)
    if arguments.log is None and arguments.old_departments is None:
        faults += _dictionaries(console)
    console.say(f"点検が終わりました。直すところ: {faults} か所")
    return 2 if faults else 0


def _dictionaries(console: Console) -> int:
    root, faults = dictionaries_root(), 0
    for path in rule_files(root):
        name, report = path.relative_to(root).as_posix(), check_file(path)
        _tell(name, report, console)
        faults += _complain(f"{name} {fault}" for fault in report.faults)
    own = overlay_folder()
    return faults if own is None else faults + _own_dictionaries(own, console)


def _own_dictionaries(folder: Path, console: Console) -> int:
    """Check an office's own folder file by file; where nothing is wrong, read two comments with it."""
    found: dict[str, None] = {}
    for name, report in check_own(folder):
        _tell(name, report, console)
        found.update(dict.fromkeys(report.faults))
    return _complain([*found, *own_files(folder)[1]]) or _complain(_trial())


def _tell(name: str, report: FileReport, console: Console) -> None:
    console.say(f"{name}: {report.rows} 行、例文 {report.examples} 文、直すところ {len(report.faults)}")


def _complain(faults: Iterable[str]) -> int:
    """Write faults to standard error and return how many there are."""
    told = list(faults)
    sys.stderr.writelines(f"  {fault}\n" for fault in told)
    return len(told)


def _trial() -> list[str]:
    """Return what stops an analysis of two comments of the sample, and its outputs: faults of several rows or files together."""
    from textlens.analysis.pipeline import analyze
    from textlens.report.view import apply_profile
    from textlens.sample import load_master

    texts = load_master()["自由意見"]
    try:
        result = analyze(pd.DataFrame({"text": texts[texts.str.len() > 20].head(2)}), n_topics=0)
        for profile in PROFILES:
            apply_profile(result, profile)
    except TextlensError as error:
        return [str(error)]
    return []


def _folders() -> list[Path]:
    own = overlay_folder()
    return [dictionaries_root()] if own is None else [dictionaries_root(), own]


def _log(path: Path, manifests: list[Path], console: Console) -> int:
    faults = verify(path, [_line_of(manifest) for manifest in manifests])
    for fault in faults:
        sys.stderr.write(f"  {path.name} {fault}\n")
    if not faults:
        uses = read_log(path).groupby(["operation", "profile"], sort=True)["rows"].agg(["size", "sum"])
        for (operation, profile), size, rows in zip(uses.index, uses["size"], uses["sum"], strict=True):
            console.say(f"{operation}（{profile}）: {size} 回、のべ {rows} 行")
    return len(faults)


def _line_of(manifest: Path) -> tuple[int, str]:
    """Return the line of the log that the record of an export names."""
    try:
        line = json.loads(manifest.read_text(encoding="utf-8"))["log"]
        return int(line["n"]), str(line["hash"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise InputFileError(f"持出記録 {manifest.name} を読めません（{type(error).__name__}）。share が書き出したものを指定してください。") from None


def _reorganisation(arguments: argparse.Namespace, console: Console) -> int:
    table = map_codes(arguments.old_departments, arguments.departments)
    for row in table[table["change"].ne("同じ")].itertuples(index=False):
        console.say(f"{row.change}: {row.old_code} {row.old_name} → {row.new_code} {row.new_name}".replace("  ", " "))
    stale = pd.concat([stale_rules(arguments.old_departments, arguments.departments, folder) for folder in _folders()])
    for row in stale.drop_duplicates().itertuples(index=False):
        sys.stderr.write(f"  {row.file} {row.line} 行目: なくなった課 {row.old_code} {row.old_name} が残っています。\n")
    if arguments.out is not None:
        with whole_file(arguments.out) as draft:
            table.rename(columns=CODE_MAP).to_csv(draft, sep="\t", index=False, encoding="utf-8", lineterminator="\n")
        console.say(f"対応表を書き出しました: {arguments.out}（「廃止」は新コードを人が埋め、train --code-map に指定してください）")
    return int(table["change"].eq("廃止").sum()) + len(stale.drop_duplicates())
