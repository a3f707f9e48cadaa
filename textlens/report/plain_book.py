"""Plain tables into one workbook: a heading, a filter, no content of our own."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from textlens.files import whole_file
from textlens.report.sheet_format import Book
from textlens.report.workbook import CREATED
from textlens.text.layout import row_height

_EMPTY = "（当たるものはありません）"


def write_frames(frames: Mapping[str, pd.DataFrame], path: str | Path, *, title: str) -> Path:
    """Write each table to a sheet of its own; texts stay texts, numbers numbers; yes and no are はい and いいえ.

    Parameters
    ----------
    frames : mapping of str to DataFrame
        Sheet name → table; the columns' names are the headings.
    path : path
        Written whole or not at all.
    title : str
    """
    with whole_file(path) as draft:
        book = Book(str(draft))
        try:
            book.workbook.set_properties({"title": title, "created": CREATED})
            for name, frame in frames.items():
                _write(book, name, frame)
        finally:
            book.workbook.close()
    return Path(path)


def _write(book: Book, name: str, frame: pd.DataFrame) -> None:
    sheet = book.sheet(name)
    sheet.write_string(0, 0, name, book.title)
    sheet.set_row(0, 22)
    cells = [[_plain(v) for v in row] for row in frame.astype(object).where(frame.notna(), "").to_numpy().tolist()]
    widths = [
        float(min(60, max([len(str(head)) * 2 + 3, *(len(str(row[j])) * 1.9 + 2 for row in cells)], default=10)))
        for j, head in enumerate(frame.columns)
    ]
    for j, (head, width) in enumerate(zip(frame.columns, widths, strict=True)):
        sheet.set_column(j, j, width)
        sheet.write_string(2, j, str(head), book.head)
    for i, row in enumerate(cells, 3):
        sheet.set_row(i, row_height([(value, width) for value, width in zip(row, widths, strict=True)]))
        for j, value in enumerate(row):
            if isinstance(value, int | float):
                sheet.write_number(i, j, value, book.integer if isinstance(value, int) else book.decimal)
            else:
                book.string(sheet, i, j, str(value), book.cell)
    if not cells:
        sheet.write_string(3, 0, _EMPTY, book.note)
    sheet.autofilter(2, 0, 2 + max(len(cells), 1), max(len(widths) - 1, 0))
    sheet.freeze_panes(3, 1)
    sheet.repeat_rows(2)


def _plain(value: object) -> object:
    return ("はい" if value else "いいえ") if pd.api.types.is_bool(value) else value
