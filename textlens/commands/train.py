"""``textlens train``: learn an office's own labels on top of what ships."""

from __future__ import annotations

import argparse
from pathlib import Path

import pandas as pd

from textlens.commands.console import Console
from textlens.errors import InputFileError
from textlens.files import whole_file
from textlens.intent.classifier import IntentClassifier
from textlens.models import save_model
from textlens.office.labelled import KINDS, department_codes, intent_labels, read_code_map, read_labelled
from textlens.report.words import Labels
from textlens.routing.router import DepartmentRouter

help = "自分の市で付けたラベルから学ぶ（種別、または課）"
description = """ラベルの列があるファイルから学び、モデル（JSON、文章は含みません）を書き出します。付属の規則の上に足すので、20 件ほどから使えます。

例: textlens train 昨年の調査.xlsx --label 種別 --out 種別モデル.json
    textlens train 昨年の調査.xlsx --label 担当課コード --kind department --departments 組織表.tsv --out 課モデル.json"""

_SUGGESTED, _SURE = 20, 0.05


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    add_labelled(parser)
    parser.add_argument("--out", type=Path, required=True, metavar="JSON", help="モデルの書き出し先")
    parser.add_argument("--suggest", type=Path, metavar="CSV", help="ラベルのない行から、次に付けるとよい番号を 20 件まで書き出す（種別のとき）")


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


def say_left_out(n: int, console: Console) -> None:
    """Say how many rows have a text and no label."""
    if n:
        console.say(f"ラベルのない {n} 行は使いません。")


def run(arguments: argparse.Namespace, console: Console) -> int:
    """Run the command."""
    texts, labels, unlabelled = read_labelled(arguments.file, arguments.label, text=arguments.text)
    say_left_out(len(unlabelled), console)
    if arguments.suggest is not None and arguments.kind != "intent":
        raise InputFileError("--suggest は種別（--kind intent）を学ばせるときに使えます。")
    if arguments.suggest is not None and not len(unlabelled):
        raise InputFileError("ラベルのない行がないので、次に付けるものを選べません。まだ付けていない行も同じファイルに入れてください。")
    if arguments.kind == "intent":
        table, unknown = intent_labels(labels)
        if unknown:
            console.say(f"付属の種別にない言葉が {len(unknown)} 種類あります。自分の市の種別として学びます。")
        model = IntentClassifier().fit(texts, table.loc[:, table.any()])
        save_model(model, arguments.out)
        if arguments.suggest is not None:
            _write_suggestions(model, unlabelled, arguments.suggest, console)
    else:
        router = DepartmentRouter(arguments.departments)
        codes = this_years_codes(arguments, texts, labels, router, console)
        texts = texts[codes.index]
        save_model(router.fit(texts, codes), arguments.out)
    console.say(f"{len(texts)} 件から学びました: {arguments.out}")
    console.say("どれくらい当たるかは textlens evaluate で確かめてください（学んだ行では測りません）。")
    return 0


def _write_suggestions(model: IntentClassifier, texts: pd.Series, path: Path, console: Console) -> None:
    """Write which rows to label next, with the label the model doubts most (ids and figures, no text)."""
    picked = model.suggest_next(texts, _SUGGESTED)
    likely = model.predict_proba(texts.loc[picked])
    doubted = (likely - 0.5).abs().idxmin(axis=1).tolist()
    doubt = [float(likely[name].iloc[place]) for place, name in enumerate(doubted)]
    rows = pd.DataFrame(
        [(str(row_id), Labels()("intent", str(name)), f"{p:.2f}")
         for row_id, name, p in zip(picked, doubted, doubt, strict=True) if _SURE < p < 1 - _SURE],
        columns=["番号", "迷っている種別", "その確率"],
    )  # fmt: skip
    rows.insert(0, "順", range(1, len(rows) + 1))
    with whole_file(path) as draft:
        draft.write_bytes(rows.to_csv(index=False, lineterminator="\n").encode("utf-8-sig"))
    console.say(f"次にラベルを付けるとよい {len(rows)} 件（迷いがあり、互いに似ていないもの）を書き出しました: {path}")
