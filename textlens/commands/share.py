"""``textlens share``: what may leave the office, through the gate, with a manifest and a line in the log."""

from __future__ import annotations

import argparse
import hashlib
import json
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd

from textlens.analysis.result import Analysis
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
from textlens.office.access_log import Entry
from textlens.office.ids import with_pseudonyms
from textlens.office.review import DECISIONS, OPEN_LEVEL, apply_decisions, open_findings
from textlens.report.disclosure import words_in_files
from textlens.report.html import write_html
from textlens.report.ids import telling_ids
from textlens.report.masking import personal_rows, to_mask
from textlens.report.plain_book import write_frames
from textlens.report.profiles import load_profile
from textlens.report.provenance import digests, rules_hash
from textlens.report.reputation import KINDS, reputation
from textlens.report.singled_out import smallest_group
from textlens.report.view import UNREAD, WITHHELD, View, apply_profile
from textlens.report.words import headings
from textlens.report.workbook import write_workbook

help = "庁内共有・公表の版を、確認の関門を通して書き出す"
description = """分析の結果から、庁内で共有する版か、公表の候補を書き出します。慎重に扱う個人情報の候補に、人の判断がまだのものがあれば止まります（textlens review で判断してください）。
公表では、公開に同意した回答だけを載せ、地域・企業などの名と否定が出る回答を一覧にします。誰が・いつ・何を出したかは操作記録に残ります。置き換えても個人情報のままです。

例: textlens share 結果 --profile 庁内共有 --out 共有 --to 企画課 --until 2027-03-31"""

MANIFEST = "持出記録.json"
REPUTATION = "人が読む_風評の確認.xlsx"
_UNFILLED = "未記入"
_REACH = ("address", "phone", "email", "postal_code", "id_number", "vehicle", "account")
_LONG_ENOUGH = 6
"""Shorter ones (三丁目) are ordinary words elsewhere."""
_FORBIDDEN = str.maketrans(dict.fromkeys('\\/:*?"<>|\n\t', "_"))


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("result", type=Path, metavar="結果フォルダ", help="analyze --out で書き出したフォルダ")
    parser.add_argument("--profile", choices=("庁内共有", "公表"), required=True, metavar="範囲", help="庁内共有・公表")
    parser.add_argument("--out", type=Path, required=True, metavar="フォルダ", help="書き出し先（新しいフォルダ）")
    parser.add_argument("--decisions", type=Path, metavar="TSV", help="判断ファイル（書かなければ結果フォルダの 判断.tsv）")
    parser.add_argument("--reason", metavar="文", help="判断の済まないまま出す理由（操作記録に残ります）")
    parser.add_argument("--key", type=Path, metavar="ファイル", help="番号を仮の番号に替える鍵（16 文字以上。データと別の場所に置く）")
    parser.add_argument("--to", metavar="渡す先", help="渡す先（課の名前など）")
    parser.add_argument("--request", metavar="番号", help="申請・決裁の番号")
    parser.add_argument("--until", metavar="日付", help="使ってよい期限（2027-03-31 の形）")
    add_record_arguments(parser)


def run(arguments: argparse.Namespace, console: Console) -> int:
    """Run the command."""
    if arguments.out.exists() and (not arguments.out.is_dir() or any(arguments.out.iterdir())):
        raise ParameterError(f"書き出し先 {arguments.out.name} は空ではありません。新しいフォルダを指定してください。")
    reason = (arguments.reason or "").strip()
    if arguments.reason is not None and not reason:
        raise ParameterError("--reason が空です。判断の済まないまま出す理由を書いてください。")
    who = user_name(arguments.user)
    until = parse_date(arguments.until) if arguments.until else None
    key = _key(arguments)
    result = load_result(arguments.result)
    decisions = _decisions(arguments)
    waiting = open_findings(result, decisions)
    if len(waiting) and not reason:
        raise DisclosureError(
            f"人の判断がまだの個人情報の候補（慎重度 {OPEN_LEVEL} 以上）が {len(waiting)} 件あります。何も書き出していません。\n"
            "textlens review で確認シートを作って判断するか、出す理由を --reason に書いてください（操作記録に残ります）。"
        )
    decided, outcome = apply_decisions(result, decisions)
    telling = telling_ids(result.comments.index)
    if key is not None:
        decided = with_pseudonyms(decided, key)
    elif telling and not load_profile(arguments.profile).renumber:
        raise DisclosureError(TELLING.format(len(telling)) + "--key に鍵ファイルを指定すると、番号を鍵つきの仮の番号に替えて出します。")
    view = apply_profile(decided, arguments.profile)
    look = reputation(view)
    with whole_folder(arguments.out) as folder:
        _write(view, look, folder, console)
        still = words_in_files(folder, _contacts(decided, view))
        if still and not reason:
            raise DisclosureError(
                f"{'、'.join(still)} に、ある回答で伏せた電話番号・住所などと同じ文字列が残っています（{max(still.values())} 種類）。何も書き出していません。\n"
                "ほかの回答での見落としか、判断の食い違いです。textlens review で判断をそろえるか、出す理由を --reason に書いてください。"
            )
        entry = add_line(arguments, who, "share", result, rows=len(view.comments), profile=arguments.profile, reason=reason)
        record = manifest(result, view, folder, outcome, who=who, entry=entry, waiting=len(waiting), reason=reason, look=len(look),
                          to=arguments.to, request=arguments.request, until=until, keyed=key is not None)  # fmt: skip
        (folder / MANIFEST).write_text(json.dumps(record, ensure_ascii=False, indent=1) + "\n", encoding="utf-8", newline="\n")
    for line in summary(view, record, look, len(waiting), arguments.out):
        console.say(line)
    return 0


def _decisions(arguments: argparse.Namespace) -> Path | None:
    if arguments.decisions is not None:
        return Path(arguments.decisions)
    usual = decisions_file(arguments.result)
    return usual if usual.is_file() else None


def _contacts(result: Analysis, view: View) -> set[str]:
    """Return the ways to reach somebody that the profile replaces; what is one in one comment is one in every other."""
    masked = to_mask(personal_rows(result.findings), view.profile.mask)
    masked = masked[masked["type"].isin(_REACH)]
    texts = result.comments["text"].to_dict()
    words = {texts[i][a:b] for i, a, b in zip(masked["id"], masked["start"], masked["end"], strict=True)}
    return {word for word in words if len(word) >= _LONG_ENOUGH}


def _key(arguments: argparse.Namespace) -> Path | None:
    """Return the key file; it must not lie with the data or go out with them."""
    if arguments.key is None:
        return None
    place = arguments.key.resolve()
    if any(folder.resolve() in place.parents for folder in (arguments.result, arguments.out)):
        raise ParameterError("鍵ファイルが結果か書き出し先のフォルダの中にあります。データとは別の場所に移してください。")
    return Path(arguments.key)


def _write(view: View, look: pd.DataFrame, folder: Path, console: Console) -> None:
    name = f"{view.profile.title}_{view.profile.name}".translate(_FORBIDDEN)
    console.progress("書き出し", 0, 2)
    write_workbook(view, folder / f"{name}.xlsx")
    console.progress("書き出し", 1, 2)
    write_html(view, folder / f"{name}.html")
    if len(look):
        write_frames({"風評の確認": look}, folder / REPUTATION, title="textlens 風評の確認")
    console.progress("書き出し", 2, 2)


def manifest(
    result: Analysis, view: View, folder: Path, outcome: pd.DataFrame, *, who: str, entry: Entry, waiting: int, reason: str,
    look: int, to: str | None, request: str | None, until: date | None, keyed: bool,
) -> dict[str, Any]:  # fmt: skip
    """Return the record that travels with the files (domain.md M12, H09): no text, no ids, no name of the file.

    The time is in the log; ``log`` says which line.
    """
    of_file, of_rows = digests(result.run)
    applied = outcome["decision"][outcome["result"].eq("適用")]
    shown = {h.name: h.heading for h in headings(view.profile.name)} | {"text": view.labels("heading", "text_masked")}
    return {
        "profile": view.profile.name, "title": view.profile.title, "who": who, "to": to or _UNFILLED, "request": request or _UNFILLED,
        "purpose": str((result.run.get("parameters") or {}).get("purpose") or _UNFILLED),
        "input": {"sha256": of_file or None, "rows_sha256": of_rows}, "rows": {"read": len(result.comments), "listed": len(view.comments), **_rows(view)},
        "fields": [shown.get(c, c) for c in view.comments.columns],
        "files": {p.name: {"sha256": hashlib.sha256(p.read_bytes()).hexdigest(), "bytes": p.stat().st_size} for p in sorted(folder.iterdir())},
        "processing": {"mask": view.profile.mask, "min_cell": view.profile.min_cell, "max_risk": view.profile.max_risk, "renumbered": view.profile.renumber,
                       "pseudonyms": keyed,
                       "attributes": smallest_group(result, view.profile.name)},
        "review": {"open": waiting, "reason": reason, "decided": {k: int(applied.eq(k).sum()) for k in DECISIONS}, "reputation_listed": look},
        "versions": dict(result.run.get("versions") or {}), "rules": rules_hash(result),
        "until": until.isoformat() if until else _UNFILLED, "returned": _UNFILLED, "disposed": _UNFILLED,
        "sentences": view.sentences, "log": {"n": entry.n, "hash": entry.hash},
    }  # fmt: skip


def _rows(view: View) -> dict[str, int]:
    """Return how many of the listed comments show their words, are blank or were not read; and how many were withheld."""
    shown = view.comments["text"].astype(str) if "text" in view.comments else pd.Series(dtype=str)
    blank, unread = shown.str.strip().eq(""), shown.eq(UNREAD)
    readable = ~(blank | unread | shown.eq(WITHHELD))
    names = ("withheld", "consented", "refused", "unknown") if view.profile.needs_consent else ("withheld",)
    return {"in_words": int(readable.sum()), "blank": int(blank.sum()), "unread": int(unread.sum()), **{name: view.counts[name] for name in names}}


def summary(view: View, record: Mapping[str, Any], look: pd.DataFrame, waiting: int, out: Path) -> list[str]:
    """Return what the command says at the end: counts and names of files only."""
    rows = record["rows"]
    if view.profile.needs_consent:  # what is withheld is not listed
        lines = [f"{view.profile.title}: {rows['listed']} 通を載せました。ほかに、同意はあっても、慎重に扱うか機械で読めていないため載せていないもの {rows['withheld']} 通"]
    else:
        parts = {"本文を出したもの": rows["in_words"], "空欄": rows["blank"], "慎重に扱うため本文を出していないもの": rows["withheld"] - rows["unread"],
                 "機械で読めず本文を出していないもの": rows["unread"]}  # fmt: skip
        lines = [f"{view.profile.title}: {rows['listed']} 通を載せました（{'、'.join(f'{name} {n}' for name, n in parts.items())}）"]
    if view.profile.needs_consent:
        if "no_consent_column" in view.sentences:
            lines.append("公開の同意を尋ねた列がないので、原文は一件も載せていません。")
        else:
            lines.append(f"同意がないため除いたもの: 不同意 {rows['refused']} 通、未記入・未確認 {rows['unknown']} 通（同意 {rows['consented']} 通）")
    group = record["processing"]["attributes"]
    if group["smallest"] is not None:
        lines.append(f"示した属性（{'、'.join(group['columns'])}）の同じ組合せの人数: 最小 {group['smallest']} 人、基準に満たない回答 {group['rows_below']} 通")
    if len(look):
        kinds = "、".join(f"{word} {int(look['種類'].eq(word).sum())}" for word in KINDS.values())
        lines.append(f"風評のおそれ（人が読む）: {kinds} → {REPUTATION}")
    if waiting:
        lines.append(f"ご注意: 判断がまだの候補 {waiting} 件があるまま出しました。理由は操作記録の {record['log']['n']} 件目に残っています。")
    unfilled = [word for key, word in (("to", "渡す先（--to）"), ("until", "期限（--until）")) if record[key] == _UNFILLED]
    if unfilled:
        lines.append(f"ご注意: {'、'.join(unfilled)} が未記入です。渡す前に {MANIFEST} に書き足してください。")
    return [*lines, f"書き出しました: {out}", "置き換えをしても個人情報のままです。渡す前に人が読んでください。"]
