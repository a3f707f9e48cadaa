"""``textlens train``: learn an office's own labels on top of what ships."""

from __future__ import annotations

import argparse
from pathlib import Path

import pandas as pd

from textlens.commands.console import Console
from textlens.errors import InputFileError
from textlens.intent.classifier import IntentClassifier
from textlens.models import save_model
from textlens.office.labelled import KINDS, department_codes, intent_labels, read_code_map, read_labelled
from textlens.routing.router import DepartmentRouter

help = "自分の市で付けたラベルから学ぶ（種別、または課）"
description = """ラベルの列があるファイルから学び、モデル（JSON、文章は含みません）を書き出します。付属の規則の上に足すので、20 件ほどから使えます。

例: textlens train 昨年の調査.xlsx --label 種別 --out 種別モデル.json
    textlens train 昨年の調査.xlsx --label 担当課コード --kind department --departments 組織表.tsv --out 課モデル.json"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    add_labelled(parser)
    parser.add_argument("--out", type=Path, required=True, metavar="JSON", help="モデルの書き出し先")


def add_labelled(parser: argparse.ArgumentParser) -> None:
    """Declare what ``train`` and ``evaluate`` share."""
    parser.add_argument("file", type=Path, metavar="ファイル", help="ラベルの列があるファイル")
    parser.add_argument("--label", required=True, metavar="列", help="ラベルの列（複数は「、」で区切る）")
    parser.add_argument("--text", metavar="列", help="自由記述の列（書かなければ自動で探す）")
    parser.add_argument("--kind", choices=KINDS, default="intent", metavar="種類", help="intent（種別）・department（課）")
    parser.add_argument("--departments", type=Path, metavar="TSV", help="今年の組織表（課を学ぶとき）")
    parser.add_argument("--code-map", type=Path, metavar="TSV", help="旧コードと新コードの対応表（組織が変わったとき。check --old-departments が作る）")


def this_years_codes(
    arguments: argparse.Namespace, texts: pd.Series, labels: pd.Series, router: DepartmentRouter, console: Console
) -> pd.Series:
    """Return the labels as codes of this year's table, and say what had to be left out."""
    heirs = None if arguments.code_map is None else read_code_map(arguments.code_map)
    codes, left_out = department_codes(texts, labels, router, heirs)
    if left_out:
        console.say(f"引き継ぐ課のない {left_out} 件は使いません（対応表の新コードが空です）。")
    if not len(codes):
        raise InputFileError("使える行が残りません。対応表の新コードを埋めてください。")
    return codes


def run(arguments: argparse.Namespace, console: Console) -> int:
    """Run the command."""
    texts, labels = read_labelled(arguments.file, arguments.label, text=arguments.text)
    if arguments.kind == "intent":
        table, unknown = intent_labels(labels)
        if unknown:
            console.say(f"付属の種別にない言葉が {len(unknown)} 種類あります。自分の市の種別として学びます。")
        table = table.loc[:, table.any()]
        save_model(IntentClassifier().fit(texts, table), arguments.out)
    else:
        router = DepartmentRouter(arguments.departments)
        codes = this_years_codes(arguments, texts, labels, router, console)
        texts = texts[codes.index]
        save_model(router.fit(texts, codes), arguments.out)
    console.say(f"{len(texts)} 件から学びました: {arguments.out}")
    console.say("どれくらい当たるかは textlens evaluate で確かめてください（学んだ行では測りません）。")
    return 0
