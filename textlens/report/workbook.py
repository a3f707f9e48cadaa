"""The workbook: one file that a clerk can open, filter and print."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

from textlens.errors import ParameterError
from textlens.files import whole_file
from textlens.report.sheet_format import Book
from textlens.report.sheets_groups import write_groups
from textlens.report.sheets_lists import write_comments, write_continued, write_review
from textlens.report.sheets_numbers import (
    write_accounting,
    write_departments,
    write_matrix,
    write_method,
    write_topics,
)
from textlens.report.view import View, apply_profile

CREATED = datetime(2000, 1, 1)
"""Fixed, so that the same input gives the same bytes (design.md §5, promise 3)."""


def write_workbook(analysis: Any, path: str | Path, *, profile: str = "担当内") -> Path:
    """Write the result as an Excel workbook.

    Sheets: 全体の収支, 意見の一覧, 種別×極性, 話題, 課別, 属性別 and 記入率 (where attributes can
    be compared), 要確認（法的・緊急）, 要確認（個人情報）, 要確認（保留）, 手法と出典; each only as far as the profile allows.

    Parameters
    ----------
    analysis : Analysis or View
    path : path
        The file is written whole or not at all.
    profile : {"担当内", "庁内共有", "公表"}

    Returns
    -------
    Path
        The file.

    Raises
    ------
    ParameterError, DisclosureError
        The name does not end in ``.xlsx``; see also :func:`textlens.report.view.apply_profile`.

    Notes
    -----
    Texts are written as texts, never as formulas, links or dates. Line ends become line feeds and control
    characters their pictures, because the file format cannot hold them; a text longer than Excel's
    32,767 is continued on a sheet of its own.
    """
    if Path(path).suffix.lower() != ".xlsx":
        raise ParameterError(f"結果ブックの名前は .xlsx で終わるようにしてください（渡された名前: {Path(path).name}）。ほかの形式では書き出しません。")
    view = analysis if isinstance(analysis, View) else apply_profile(analysis, profile)
    with whole_file(path) as draft:
        book = Book(str(draft))
        try:
            _write_sheets(book, view)
        finally:
            book.workbook.close()
    return Path(path)


def _write_sheets(book: Book, view: View) -> None:
    book.workbook.set_properties({"title": f"textlens {view.profile.title}", "created": CREATED, "comments": view.profile.stamp})
    write_accounting(book, view)
    write_comments(book, view)
    write_matrix(book, view)
    write_topics(book, view)
    write_departments(book, view)
    write_groups(book, view)
    write_review(book, view)
    write_method(book, view)
    write_continued(book, view)
