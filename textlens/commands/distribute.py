"""``textlens distribute``: one workbook per 課."""

from __future__ import annotations

import argparse
import re
from pathlib import Path

import pandas as pd

from textlens.analysis.question import Question
from textlens.analysis.readers import Readers, choose_readers, other_models, other_routing_words, unlike
from textlens.analysis.result import Analysis
from textlens.commands.analyze import add_model
from textlens.commands.console import Console
from textlens.commands.dates import parse_date
from textlens.commands.records import (
    TELLING,
    add_line,
    add_record_arguments,
    decisions_file,
    load_result,
    user_name,
)
from textlens.errors import DisclosureError, ParameterError
from textlens.files import whole_folder
from textlens.office.distribute import distribute
from textlens.office.due import due_date
from textlens.office.layout import RECEIPT
from textlens.office.review import apply_decisions, open_findings
from textlens.report.ids import telling_ids
from textlens.report.masking import districts, left_over, mask_texts, personal_rows, to_mask, without_overlap
from textlens.report.view import WITHHELD
from textlens.text.normalize import normalize

_MOST_CANDIDATES = 12
"""Candidates whose reasons are asked for; nobody gets a row without them."""
HIDDEN_REASON = "（伏せた言葉によるもの）"
_QUOTING, _QUOTED = re.compile("、(?=「)"), re.compile("「(.+?)」")
"""Between the parts of a reason, and the words that a part quotes (``DepartmentRouter.rank``)."""

help = "分析の結果を、課ごとの記入用ブックにして配る"
description = """analyze が書き出したフォルダを読み、課ごとに 1 冊のブック（対応要否・対応方針・期限・状態の記入欄つき）を作ります。
本文は、個人に関する言葉を区分の言葉に置き換えたものです（置き換えても個人情報のままです）。どの課にも当たらない声は「広聴_課のない声」に入ります。
「振り分けの根拠」は分析と同じ組織表・同じ課のモデルで作ります（analyze に --model を書いたなら、ここにも書きます）。
誰が・いつ・何行を配ったかは操作記録に残ります。

例: textlens distribute 結果 --out 配布 --days 10
    textlens distribute 結果 --model 課モデル.json --out 配布"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("result", type=Path, metavar="結果フォルダ", help="analyze --out で書き出したフォルダ")
    parser.add_argument("--out", type=Path, required=True, metavar="フォルダ", help="配布するブックの書き出し先（新しいフォルダ）")
    parser.add_argument("--days", type=int, default=10, metavar="日数", help="返送の期限までの開庁日の数（既定は 10。土日・祝日を除く）")
    parser.add_argument("--start", metavar="日付", help="数え始めの日（2026-07-01 の形。既定は今日）")
    parser.add_argument("--departments", type=Path, metavar="TSV", help="分析に使った組織表（書かなければ付属の典型例）")
    add_model(parser)
    parser.add_argument("--organ", default="市長部局", metavar="機関", help="配る側の機関（ほかの機関に渡る行に印が付きます）")
    parser.add_argument("--send-held", action="store_true", help="保留の声も第一候補の課に配る")
    parser.add_argument("--main-only", action="store_true", help="主管の課だけに配る（関係課は行の中に候補として示すだけ）")
    add_record_arguments(parser)


def run(arguments: argparse.Namespace, console: Console) -> int:
    """Run the command."""
    if (arguments.out / RECEIPT).exists():
        raise ParameterError(f"フォルダ「{arguments.out.name}」には前の配布控えがあります。別のフォルダに書き出してください。")
    who = user_name(arguments.user)
    result = load_result(arguments.result)
    readers = choose_readers(arguments.model, arguments.departments)
    _check_table(result, readers)
    telling = telling_ids(result.comments.index)
    if telling:
        raise DisclosureError(TELLING.format(len(telling)) + "番号だけの列を --id で選んで analyze をやり直してください。")
    kept = decisions_file(arguments.result)
    waiting = len(open_findings(result, kept if kept.is_file() else None))
    if kept.is_file():
        result, _ = apply_decisions(result, kept)
        console.say("確認シートの判断を当てはめました。")
    due = due_date(parse_date(arguments.start), arguments.days)
    masked, n_left = _masked(result)
    readable = result.comments[result.comments["status"] == "ok"]
    with whole_folder(arguments.out) as draft:
        receipt = distribute(
            result.comments,
            draft,
            departments=result.departments,
            masked=masked,
            due=due,
            candidates=_without_hidden_words(
                readers.router.rank(readable["text"], n=_MOST_CANDIDATES, context=Question.from_run(result.run).beside(readable)),
                readable["text"], masked,
            ),
            own_organ=arguments.organ,
            send_held=arguments.send_held,
            related=not arguments.main_only,
        )
        add_line(arguments, who, "distribute", result, rows=len(receipt), profile="各課")
    console.say(f"{receipt['file'].nunique()} 冊、{len(receipt)} 行を書き出しました（返送の期限 {due.isoformat()}）: {arguments.out}")
    if n_left:
        console.say(f"伏せた名前などと同じ言葉がほかの箇所に残る回答 {n_left} 件は、本文を出していません。担当内の一覧で読んで渡してください。")
    for line in [*unlike(result.run, readers, ["DepartmentRouter"]), *other_routing_words(result.run)]:
        console.say(f"ご注意: {line}「振り分けの根拠」が分析の判断と合わないことがあります。分析と同じものを指定して、作り直してください。")
    if waiting:
        console.say(f"ご注意: 人の判断がまだの個人情報の候補が {waiting} 件あります。渡す前に textlens review で確かめてください。")
    console.say("「配布控え.tsv」は返送の照合に要ります。消さずに置いてください。")
    return 0


def _check_table(result: Analysis, readers: Readers) -> None:
    """Refuse another 組織表 than that of the analysis: reasons would stand beside the wrong 課."""
    theirs = {one.code: one.name for one in readers.router.table_}
    ours = dict(zip(result.departments["code"].astype(str), result.departments["name"].astype(str), strict=True))
    if theirs != ours:
        differing = sorted(code for code in {*ours, *theirs} if ours.get(code) != theirs.get(code))
        other = "".join(other_models(result.run, readers, ["DepartmentRouter"]))
        raise ParameterError(
            f"組織表が、分析に使ったものと違います（違うコード {len(differing)} 件: {'、'.join(differing[:5])}）。"
            + (f"{other}分析と同じ --model を指定してください。" if other else "分析に使った組織表を --departments で指定してください。")
        )


def _without_hidden_words(candidates: pd.DataFrame, raw: pd.Series, masked: pd.Series) -> pd.DataFrame:
    """Leave out of the reasons what quotes words of the text that the 課 may not read (masked, or the whole text withheld)."""
    before = {i: normalize(str(text)).text for i, text in raw.items()}
    after = {i: normalize(str(text)).text for i, text in masked.reindex(raw.index).items()}
    kept = [
        [part for part in _QUOTING.split(reason) if not any(word in before[i] and word not in after[i] for word in _QUOTED.findall(part))]
        for i, reason in zip(candidates["id"], candidates["reason"].astype(str), strict=True)
    ]
    return candidates.assign(reason=["、".join(parts) or HIDDEN_REASON for parts in kept])


def _masked(result: Analysis) -> tuple[pd.Series, int]:
    """Return what the 課 may read, and how many comments still hold a word that was masked elsewhere in them."""
    texts = result.comments["text"]
    chosen = without_overlap(to_mask(personal_rows(result.findings), "identify"))
    masked = mask_texts(texts, chosen, districts())
    left = masked.index.isin(left_over(masked, texts, chosen))
    return masked.mask(left, WITHHELD), int(left.sum())
