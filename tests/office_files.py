"""Builders of office files for the tests: workbooks as offices make them, and broken ones."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

import xlsxwriter

Rows = Sequence[Sequence[Any]]
Step = Callable[[Any, Any], None]


def workbook(path: Path, sheets: dict[str, Rows], after: dict[str, Step] | None = None) -> Path:
    """Write sheets of values; ``after[name](workbook, worksheet)`` merges, hides or formats."""
    with xlsxwriter.Workbook(str(path), {"strings_to_numbers": False}) as book:
        for name, rows in sheets.items():
            page = book.add_worksheet(name)
            for r, cells in enumerate(rows):
                for c, value in enumerate(cells):
                    if value is None:
                        continue
                    if isinstance(value, str):
                        page.write_string(r, c, value)
                    else:
                        page.write(r, c, value)
            if after and name in after:
                after[name](book, page)
    return path


def delimited(path: Path, rows: Iterable[Sequence[str]], encoding: str = "utf-8", delimiter: str = ",", newline: str = "\r\n") -> Path:
    """Write rows with every cell quoted where needed, in an encoding that must hold every character."""

    def quoted(cell: str) -> str:
        needs = any(mark in cell for mark in ('"', delimiter, "\r", "\n")) or cell[:1] in ("'",)
        return '"' + cell.replace('"', '""') + '"' if needs else cell

    text = "".join(delimiter.join(map(quoted, row)) + newline for row in rows)
    path.write_bytes(text.encode(encoding))
    return path


def survey(path: Path, n: int = 40) -> Path:
    """An annual survey as an office keeps it: three title rows, two heading rows, merged cells, totals.

    Rows 1–3 titles, 4–5 headings, data from 6; 地区 merged down; a hidden column; a total and two notes.
    """
    titles: list[list[Any]] = [["令和8年度 市民意識調査　自由記述一覧"], ["作成: 企画課", None, None, "（取扱注意）"], []]
    heads = [["整理番号", "回答者属性", None, None, "満足度", "内部区分", "問２０　市政へのご意見・ご要望を\nご自由にお書きください"],
             [None, "性　別", "年代", "居住地区", None, None, None]]
    body: list[list[Any]] = []
    for i in range(n):
        text = None if i % 3 == 2 else f"街灯の少ない道が{i}本あり、夜に歩くのが不安です。早く直してほしい。"
        body.append([f"{i + 1:04d}", "男" if i % 2 else "女", "６０代" if i % 4 else "30代",
                     "城北" if i % 10 == 0 else None, i % 5 + 1, "x", text])
    tail = [["合　計", None, None, None, None, None, f"{n}件"], ["※ 無回答を除く。"], ["　なお、誤字は直していません。"]]

    def merge(book: Any, page: Any) -> None:
        page.merge_range(0, 0, 0, 6, titles[0][0])
        page.merge_range(3, 1, 3, 3, "回答者属性")
        for column in (0, 4, 5, 6):
            page.merge_range(3, column, 4, column, heads[0][column])
        for start in range(0, n, 10):
            page.merge_range(5 + start, 3, 5 + min(start + 9, n - 1), 3, "城北")
        page.set_column(5, 5, None, None, {"hidden": True})

    codes = [["コード", "意味"], [1, "満足"], [2, "やや満足"]]
    return workbook(path, {"コード表": codes, "自由記述": [*titles, *heads, *body, *tail]}, {"自由記述": merge})


def repacked(source: Path, target: Path, change: Callable[[dict[str, bytes]], dict[str, bytes]]) -> Path:
    """Rewrite the parts of a workbook."""
    with zipfile.ZipFile(source) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in change(parts).items():
            archive.writestr(name, data)
    return target


def zip_of(parts: dict[str, bytes]) -> bytes:
    """Return a ZIP archive."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return target.getvalue()
