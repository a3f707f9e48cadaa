"""``textlens evaluate``: how right are the labels, on an office's own labels, beside simple baselines?"""

from __future__ import annotations

import argparse
import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from textlens.commands.console import Console
from textlens.commands.train import add_labelled, say_left_out, this_years_codes
from textlens.errors import InputFileError
from textlens.evaluation import (
    class_report,
    confusion_table,
    cross_predict,
    keyword_baseline,
    label_conflicts,
    majority_baseline,
    svm_baseline,
)
from textlens.intent.classifier import IntentClassifier
from textlens.intent.own_labels import split_label
from textlens.office.labelled import intent_labels, read_labelled
from textlens.report.evaluation_card import draw_confusion, write_card
from textlens.report.plain_book import write_frames
from textlens.report.words import Labels
from textlens.routing.router import DepartmentRouter
from textlens.schema import MAIN_INTENTS

help = "どれくらい当たるかを、自分の市のラベルで測る"
description = """ラベルの列があるファイルで、付属のまま・学ばせた場合・簡単な基準（いちばん多いラベル、言葉の一覧、文字の並び＋線形 SVM）を並べて測ります。
学ばせるものは 5 分割の交差検証で、どれも同じ分け方です（同じ文は同じ組）。
表（Excel）、混同行列の図、モデルカード（文章は含みません）を書き出します。

例: textlens evaluate 昨年の調査.xlsx --label 種別 --out 精度"""

_HEADS = {
    "method": "方法", "label": "ラベル", "precision": "適合率", "precision_low": "適合率 下限", "precision_high": "適合率 上限",
    "recall": "再現率", "recall_low": "再現率 下限", "recall_high": "再現率 上限", "f1": "F1", "f1_low": "F1 下限", "f1_high": "F1 上限",
    "n_true": "正解の数", "n_given": "付けた数", "n_labels": "測れたラベルの数",
}  # fmt: skip
SHIPPED = "付属のまま"
_FEW = 5
"""Labels with fewer examples than this are named as too few to be measured."""


@dataclass(frozen=True)
class _Measured:
    """What each method gave, the truth, and the main label of each text (columns ``truth, learnt`` and, if it can be told, ``shipped``)."""

    given: dict[str, pd.DataFrame]
    truth: pd.DataFrame
    main: pd.DataFrame
    names: dict[str, str]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    add_labelled(parser)
    parser.add_argument("--folds", type=int, default=5, metavar="数", help="分割の数（既定は 5、2 以上）")
    parser.add_argument("--out", type=Path, required=True, metavar="フォルダ", help="書き出し先のフォルダ")


def run(arguments: argparse.Namespace, console: Console) -> int:
    """Run the command."""
    if arguments.folds < 2:
        raise InputFileError(f"--folds は 2 以上にしてください（指定されたのは {arguments.folds}）。")
    texts, labels, unlabelled = read_labelled(arguments.file, arguments.label, text=arguments.text)
    say_left_out(len(unlabelled), console)
    learnt = f"学ばせた場合（{arguments.folds} 分割）"
    if arguments.kind == "intent":
        measured = _intents(texts, labels, arguments.folds, learnt)
    else:
        codes = this_years_codes(arguments, texts, labels, DepartmentRouter(arguments.departments), console)
        texts = texts[codes.index]
        measured = _departments(texts, codes, arguments.departments, arguments.folds, learnt)
    report = pd.concat([class_report(measured.truth, table).assign(method=name) for name, table in measured.given.items()], ignore_index=True)
    written = _write(arguments, texts, report, measured, learnt)
    _say(report, measured, texts, console)
    for path in written:
        console.say(f"書き出しました: {path}")
    return 0


def _write(arguments: argparse.Namespace, texts: pd.Series, report: pd.DataFrame, measured: _Measured, learnt: str) -> list[Path]:
    main, names = measured.main, measured.names
    confusion = confusion_table(main["truth"], main["learnt"])
    shown = report[list(_HEADS)].rename(columns=_HEADS)
    shown["ラベル"] = shown["ラベル"].map(lambda label: names.get(label, label))
    frames = {"精度": shown, "混同行列": confusion.rename(index=names, columns=names).rename_axis("正解").reset_index()}
    seen = DepartmentRouter(arguments.departments) if arguments.kind == "department" else None
    frames["外れた行"] = _wrong(texts, main, names, seen)
    conflicts = label_conflicts(texts, measured.truth)
    if conflicts:
        frames["ラベルの食い違い"] = pd.DataFrame(
            [(number, str(row_id), names.get(str(label), str(label)))
             for number, group in enumerate(conflicts, 1) for row_id, label in main["truth"][main.index.isin(group)].items()],
            columns=["同じ文の組", "番号", "ラベル（主なもの）"],
        )  # fmt: skip
    arguments.out.mkdir(parents=True, exist_ok=True)
    return [
        write_frames(frames, arguments.out / "精度.xlsx", title="textlens 精度"),
        draw_confusion(confusion, arguments.out / "混同行列.png", names=names, method=learnt),
        write_card(report, arguments.kind, len(texts), arguments.folds, arguments.out / "モデルカード.md", names=names),
    ]


def _say(report: pd.DataFrame, measured: _Measured, texts: pd.Series, console: Console) -> None:
    for row in report[report["label"] == "macro"].to_dict("records"):
        if not row["n_labels"]:
            console.say(f"{row['method']}: 測れません（自分の市だけのラベルなので、付けようがありません）")
        else:
            between = f"{row['n_labels']} ラベルの平均、95％区間 {row['f1_low']:.3f}～{row['f1_high']:.3f}"
            console.say(f"{row['method']}: macro F1 {row['f1']:.3f}（{between}）")
    few = int((measured.truth.sum() < _FEW).sum())
    if few:
        console.say(f"{_FEW} 件に満たないラベルが {few} 種類あります。その数字は当てになりません（区間を見てください）。")
    conflicts = label_conflicts(texts, measured.truth)
    if conflicts:
        console.say(f"同じ文章に違うラベルが付いたものが {len(conflicts)} 組あります（精度.xlsx の「ラベルの食い違い」）。")


def _intents(texts: pd.Series, labels: pd.Series, folds: int, learnt: str) -> _Measured:
    truth, _ = intent_labels(labels)
    truth = truth.loc[:, truth.any()]
    if len(truth.columns) < 2:
        raise InputFileError("ラベルが 1 種類しかないので、当たり外れを測れません。2 種類以上のラベルが付いた列を指定してください。")
    ours = [name for name in truth.columns if name in MAIN_INTENTS]

    def learn(train: pd.Series, known: pd.DataFrame, test: pd.Series) -> pd.DataFrame:
        if not (known.any() & ~known.all()).any():  # a fold that teaches nothing: what ships, and no label of the office's own
            model = IntentClassifier()
        else:
            model = IntentClassifier().fit(train, known)
        given = model.predict(test).reindex(columns=truth.columns, fill_value=False).astype(bool)
        likely = model.predict_proba(test).reindex(columns=truth.columns, fill_value=0.0) + given
        return given.assign(main=likely.columns.to_numpy(object)[likely.to_numpy(float).argmax(axis=1)])

    crossed = cross_predict(texts, truth, learn, n_folds=folds)
    shipped, words = IntentClassifier().predict(texts), keyword_baseline(texts)
    given = {
        SHIPPED: shipped[ours],
        learnt: crossed[list(truth.columns)].astype(bool),
        "基準: いちばん多いラベル": majority_baseline(truth),
        "基準: 言葉の一覧": words.reindex(columns=ours, fill_value=False),
        "基準: 文字の並び＋線形 SVM": cross_predict(texts, truth, svm_baseline, n_folds=folds),
    }
    first, _ = intent_labels(labels.map(lambda cell: (split_label(cell) or [cell])[0]))
    main = pd.DataFrame({"truth": first.idxmax(axis=1), "learnt": crossed["main"]})
    if len(ours) == len(truth.columns):
        main["shipped"] = shipped["primary"]
    return _Measured(given, truth, main, {name: Labels()("intent", name) for name in (*truth.columns, *MAIN_INTENTS)})


def _departments(texts: pd.Series, labels: pd.Series, departments: Path | None, folds: int, learnt: str) -> _Measured:
    truth = pd.get_dummies(labels).astype(bool)
    if len(truth.columns) < 2:
        raise InputFileError("課が 1 つしかないので、当たり外れを測れません。2 つ以上の課が付いた列を指定してください。")
    router = DepartmentRouter(departments)
    shipped = router.predict(texts)

    def learn(train: pd.Series, known: pd.DataFrame, test: pd.Series) -> pd.DataFrame:
        model = DepartmentRouter(departments).fit(train, known.idxmax(axis=1).astype(str).tolist())
        codes = model.predict(test)
        return _dummies(codes, truth).assign(main=codes)

    crossed = cross_predict(texts, truth, learn, n_folds=folds)
    given = {
        SHIPPED: _dummies(shipped, truth),
        learnt: crossed[list(truth.columns)].astype(bool),
        "基準: いちばん多い課": majority_baseline(truth),
        "基準: 組織表の語を数える": _dummies(_by_keywords(texts, router), truth),
        "基準: 文字の並び＋線形 SVM": cross_predict(texts, truth, svm_baseline, n_folds=folds),
    }
    main = pd.DataFrame({"truth": labels, "learnt": crossed["main"], "shipped": shipped})
    return _Measured(given, truth, main, {code: f"{code} {name}" for code, name in router.names_.items()})


def _by_keywords(texts: pd.Series, router: DepartmentRouter) -> pd.Series:
    """Return the code whose words of the 組織表 stand in each text most often, X0 where none does."""
    words = {d.code: [w for w in re.split("[、,]", "、".join(d.keywords)) if w] for d in router.table_}
    codes = np.array([*words, "X0"], object)
    counts = np.array([[*(sum(w in text for w in terms) for terms in words.values()), 0.5] for text in texts.astype(str)])
    return pd.Series(codes[counts.argmax(axis=1)], index=texts.index)


def _wrong(texts: pd.Series, main: pd.DataFrame, names: dict[str, str], router: DepartmentRouter | None) -> pd.DataFrame:
    """List the rows whose main label differs (no text; for 課 the words of the dictionaries that the router saw)."""
    columns = [name for name in ("learnt", "shipped") if name in main]
    wrong = main[main[columns].ne(main["truth"], axis=0).any(axis=1)]
    heads = {"learnt": "判定（学ばせた場合）", "shipped": f"判定（{SHIPPED}）"}
    table = pd.DataFrame({"番号": wrong.index.astype(str), "正解": wrong["truth"].map(lambda v: names.get(v, v)).to_numpy()})
    for name in columns:
        table[heads[name]] = wrong[name].map(lambda v: names.get(v, v)).to_numpy()
    if router is not None:
        ranked = router.rank(texts[wrong.index], n=1).set_index("id")["reason"] if len(wrong) else pd.Series(dtype=object)
        table["見た言葉"] = ranked.reindex(wrong.index).to_numpy()
    return table


def _dummies(codes: pd.Series, truth: pd.DataFrame) -> pd.DataFrame:
    return pd.get_dummies(codes).reindex(columns=truth.columns, fill_value=False).astype(bool)
