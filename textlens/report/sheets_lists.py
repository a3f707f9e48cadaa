"""Sheets with one row per comment or finding."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from textlens.report.display import Shown, id_width, plain_value, shown_columns
from textlens.report.masking import printable
from textlens.report.sheet_format import MAX_CELL, Book, write_head, write_list
from textlens.report.view import View

_LEGAL = ("id", "urgent", "legal_check", "legal_basis", "text", "legal_words", "department", "actor", "risk_level")
_HELD = ("id", "status", "text", "intent", "departments", "department_words", "polarity", "topic")
_LEGAL_NOTES = (
    "急ぎ・法的対応の候補です。ここにないことは、対応が要らないことを意味しません。根拠の語と確認先の法令を見て、人が判断してください。",
    "「弱い手がかり」とある法令は、広い語のまとまり（子ども・道路・職員など）から思い当たるものです。関わりのない法令のこともあります。",
)  # fmt: skip


def write_comments(book: Book, view: View) -> None:
    """意見の一覧: every comment the profile shows, with labels and the words that led to them."""
    sheet = book.sheet("意見の一覧")
    notes = ["原文はそのままです。" if view.profile.mask == "none" else "本文は、見つけた記述を区分語（【氏名】など）に置き換えたものです。見落としがありえます。"]
    top = write_head(book, sheet, view, "意見の一覧", notes)
    columns = shown_columns(view, view.comments)
    write_list(book, sheet, top - 1, columns, list(view.comments.index), freeze=2)


def write_review(book: Book, view: View) -> None:
    """要確認: what the law may ask for, who is spoken about, and what the machine leaves to a person."""
    if "legal" in view.review:
        sheet = book.sheet("要確認（法的・緊急）")
        top = write_head(book, sheet, view, "要確認（法的・緊急）", _LEGAL_NOTES)
        rows = view.review["legal"]
        write_list(book, sheet, top - 1, _printed(shown_columns(view, rows, _LEGAL)), list(rows.index))
    if "personal" in view.review:
        _write_personal(book, view)
    if "held" in view.review:
        sheet = book.sheet("要確認（保留）")
        notes = ["担当を機械で決めなかったものと、読めなかったものです。人が読んで決めてください。"]
        top = write_head(book, sheet, view, "要確認（保留）", notes)
        rows = view.review["held"]
        write_list(book, sheet, top - 1, _printed(shown_columns(view, rows, _HELD)), list(rows.index))


def _printed(columns: list[Shown]) -> list[Shown]:
    return [replace(column, printed=True) for column in columns]


def _write_personal(book: Book, view: View) -> None:
    rows = view.review["personal"]
    sheet = book.sheet("要確認（個人情報）")
    top = write_head(book, sheet, view, "要確認（個人情報の候補）", [view.sentences["recall"]])
    columns = [
        _plain(rows, "id", "番号", 10, "id"), _plain(rows, "risk_level", "慎重度（0～3）", 12, "number"),
        _plain(rows, "type", "種類", 14, "label"), _plain(rows, "subject", "誰のことか", 14, "label"),
        _plain(rows, "words", "見つけた語", 22, "words"), _plain(rows, "context", "前後", 48, "words"),
        _plain(rows, "rule", "規則の名前", 30, "words"),
        Shown("check", "人の確認", 12, "words", [""] * len(rows)),
    ]  # fmt: skip
    write_list(book, sheet, top - 1, columns, rows["id"].tolist())


def _plain(rows: pd.DataFrame, name: str, heading: str, width: float, kind: str) -> Shown:
    raw = rows[name].tolist()
    values = [plain_value(v) if kind == "id" else printable(v)[0] if isinstance(v, str) else v for v in raw]
    return Shown(name, heading, id_width(raw, values, width) if kind == "id" else width, kind, values)


def write_continued(book: Book, view: View) -> None:
    """長文の続き: texts that do not fit into one cell, whole, in pieces."""
    if not book.too_long:
        return
    parts = [(where, n, piece) for where, text in book.too_long for n, piece in enumerate(_pieces(text), 1)]
    sheet = book.sheet("長文の続き")
    top = write_head(book, sheet, view, "長文の続き", [f"一つのセルに入る {MAX_CELL:,} 字を超えた文です。順につなげると全文になります。"])
    columns = [
        Shown("where", "どこの文か", 30, "words", [p[0] for p in parts]),
        Shown("part", "順", 6, "number", [p[1] for p in parts]),
        Shown("text", "本文", 90, "text", [p[2] for p in parts]),
    ]
    write_list(book, sheet, top - 1, columns, [p[0] for p in parts])


def _pieces(text: str, size: int = 15_000) -> list[str]:
    return [text[i : i + size] for i in range(0, len(text), size)]
