"""``textlens evaluate``: how right are the labels, on an office's own labels, beside trivial baselines?"""

from __future__ import annotations

import argparse
from pathlib import Path

import pandas as pd

from textlens.commands.console import Console
from textlens.commands.train import add_labelled, this_years_codes
from textlens.evaluation import (
    class_report,
    confusion_table,
    cross_predict,
    keyword_baseline,
    majority_baseline,
)
from textlens.intent.classifier import IntentClassifier
from textlens.office.labelled import intent_labels, read_labelled
from textlens.report.evaluation_card import draw_confusion, write_card
from textlens.report.plain_book import write_frames
from textlens.routing.router import DepartmentRouter
from textlens.schema import INTENTS

help = "どれくらい当たるかを、自分の市のラベルで測る"
description = """ラベルの列があるファイルで、付属のまま・学ばせた場合（5 分割。同じ文は同じ組）・簡単な基準の 3 つを並べて測ります。
表（Excel）、混同行列の図、モデルカード（文章は含みません）を書き出します。

例: textlens evaluate 昨年の調査.xlsx --label 種別 --out 精度"""

_HEADS = {
    "method": "方法", "label": "ラベル", "precision": "適合率", "precision_low": "適合率 下限", "precision_high": "適合率 上限",
    "recall": "再現率", "recall_low": "再現率 下限", "recall_high": "再現率 上限", "f1": "F1", "f1_low": "F1 下限", "f1_high": "F1 上限",
    "n_true": "正解の数", "n_given": "付けた数",
}  # fmt: skip


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    add_labelled(parser)
    parser.add_argument("--folds", type=int, default=5, metavar="数", help="分割の数（既定は 5）")
    parser.add_argument("--out", type=Path, required=True, metavar="フォルダ", help="書き出し先のフォルダ")


def run(arguments: argparse.Namespace, console: Console) -> int:
    """Run the command."""
    texts, labels = read_labelled(arguments.file, arguments.label, text=arguments.text)
    if arguments.kind == "intent":
        given, truth, main = _intents(texts, labels, arguments.folds)
    else:
        codes = this_years_codes(arguments, texts, labels, DepartmentRouter(arguments.departments), console)
        texts = texts[codes.index]
        given, truth, main = _departments(texts, codes, arguments.departments, arguments.folds)
    reports = [class_report(truth, table).assign(method=name) for name, table in given.items()]
    report = pd.concat(reports, ignore_index=True)
    shown = report[list(_HEADS)].rename(columns=_HEADS)
    confusion = confusion_table(main["truth"], main["given"])
    arguments.out.mkdir(parents=True, exist_ok=True)
    frames = {"精度": shown, "混同行列": confusion.rename_axis("正解").reset_index()}
    if arguments.kind == "department":
        frames["外れた行"] = _wrong(texts, main, DepartmentRouter(arguments.departments))
    written = [write_frames(frames, arguments.out / "精度.xlsx", title="textlens 精度")]
    written.append(draw_confusion(confusion, arguments.out / "混同行列.png"))
    written.append(write_card(report, arguments.kind, len(texts), arguments.folds, arguments.out / "モデルカード.md"))
    for row in report[report["label"] == "macro"].itertuples():
        console.say(f"{row.method}: macro F1 {row.f1:.3f}（95％区間 {row.f1_low:.3f}～{row.f1_high:.3f}）")
    for path in written:
        console.say(f"書き出しました: {path}")
    return 0


def _intents(texts: pd.Series, labels: pd.Series, folds: int) -> tuple[dict[str, pd.DataFrame], pd.DataFrame, pd.DataFrame]:
    truth, _ = intent_labels(labels)
    truth = truth.loc[:, truth.any()]
    ours = [name for name in truth.columns if name in INTENTS]
    shipped = IntentClassifier().predict(texts)

    def learnt(train: pd.Series, known: pd.DataFrame, test: pd.Series) -> pd.DataFrame:
        return IntentClassifier().fit(train, known).predict(test)

    crossed = cross_predict(texts, truth, learnt, n_folds=folds)
    words = keyword_baseline(texts)
    given = {
        "付属のまま": shipped.reindex(columns=truth.columns, fill_value=False).astype(bool),
        f"学ばせた場合（{folds} 分割）": crossed.reindex(columns=truth.columns, fill_value=False).astype(bool),
        "基準: いちばん多いラベル": majority_baseline(truth),
        "基準: 言葉の一覧": words.reindex(columns=truth.columns, fill_value=False),
    }
    first = truth[ours].idxmax(axis=1).where(truth[ours].any(axis=1), "none") if ours else shipped["primary"]
    return given, truth, pd.DataFrame({"truth": first, "given": shipped["primary"]})


def _departments(
    texts: pd.Series, labels: pd.Series, departments: Path | None, folds: int
) -> tuple[dict[str, pd.DataFrame], pd.DataFrame, pd.DataFrame]:
    truth = pd.get_dummies(labels).astype(bool)
    shipped = DepartmentRouter(departments).predict(texts)

    def learnt(train: pd.Series, known: pd.DataFrame, test: pd.Series) -> pd.DataFrame:
        model = DepartmentRouter(departments).fit(train, known.idxmax(axis=1).astype(str).tolist())
        return _dummies(model.predict(test), truth)

    given = {
        "付属のまま": _dummies(shipped, truth),
        f"学ばせた場合（{folds} 分割）": cross_predict(texts, truth, learnt, n_folds=folds).astype(bool),
        "基準: いちばん多い課": majority_baseline(truth),
    }
    return given, truth, pd.DataFrame({"truth": labels, "given": shipped})


def _wrong(texts: pd.Series, main: pd.DataFrame, router: DepartmentRouter) -> pd.DataFrame:
    """List the rows that went to another 課, with what the router saw in them (words of the dictionaries, no text)."""
    wrong = main[main["truth"].ne(main["given"])]
    ranked = router.rank(texts[wrong.index], n=1).set_index("id")["reason"] if len(wrong) else pd.Series(dtype=object)
    names = router.names_
    return pd.DataFrame(
        {"番号": wrong.index.astype(str), "正解": [f"{c} {names.get(c, '')}" for c in wrong["truth"]],
         "判定（付属のまま）": [f"{c} {names.get(c, '')}" for c in wrong["given"]], "見た言葉": ranked.reindex(wrong.index).to_numpy()}
    )  # fmt: skip


def _dummies(codes: pd.Series, truth: pd.DataFrame) -> pd.DataFrame:
    return pd.get_dummies(codes).reindex(columns=truth.columns, fill_value=False).astype(bool)
