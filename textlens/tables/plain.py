"""The small tables that staff edit (組織表, 修正ファイル, 対応表 …): one reader for all, every cell as text.

The content decides, not the name: an Excel or OpenDocument workbook, or text in UTF-8, UTF-16 or CP932, separated by tabs or commas.
"""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Sequence
from datetime import datetime, time
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd
from python_calamine import CalamineWorkbook

from textlens.errors import InputFileError
from textlens.tables.encoding import decode
from textlens.tables.read_guard import kind_of, load
from textlens.tables.sheet_workbook import guarded

BOOKS = (".xlsx", ".xlsm", ".xls", ".ods")
_BOOK_MARKS = (b"PK\x03\x04", b"PK\x05\x06", b"\xd0\xcf\x11\xe0")
_UNREADABLE = "{what} {name} を表として読めません（{why}）。Excel で開けるか確かめ、{form}で保存し直してください。"
_ANY, _BOOK = ".xlsx か UTF-8 のタブ区切り（.tsv）", ".xlsx "
_NO_BOOK = "中身が Excel のブックではありません"
_BROKEN = "壊れているか、パスワードで保護されているか、Excel のブックではありません"
_NO_TEXT = "文字コードが分からないか、文字のファイルではありません"
_NO_HEADING = "見出しの行がありません"


class Line(NamedTuple):
    """One row: its number as a person counts (the first row of the file is 1), and its cells."""

    number: int
    cells: list[str]


def read_plain(path: str | Path, what: str, *, remarks: bool = False, quotes: bool = False) -> list[Line]:
    """Read the rows of a small table, the heading among them; blank rows have no words in their cells.

    Parameters
    ----------
    path : path
        Of a workbook the first sheet is read.
    what : str
        How messages call the file (組織表, 修正ファイル …).
    remarks : bool
        Leave out rows that begin with ``#``.
    quotes : bool
        Cells between tabs may stand in quotation marks, as Excel saves those with a comma or a line break; cells between
        commas always may.

    Raises
    ------
    InputFileError
        The file is not there, is no table, or holds nothing; the message names it and says what to do.

    Notes
    -----
    Whole numbers lose the ``.0`` of the workbook, days the hour 0:00.

    Misses: zeros that Excel took from the front of a number (0012 → 12).
    """
    return _read(Path(path), what, remarks, quotes)[0]


def read_table(path: str | Path, what: str, *, remarks: bool = False, quotes: bool = False) -> pd.DataFrame:
    """Read a small table: columns as the heading calls them, every cell as text, index = number of the row in the file.

    Blank rows of a text file are left out, those of a workbook kept; columns without a heading are left out. The second
    column of one name gets ``.1`` behind it.

    Raises
    ------
    InputFileError
        As :func:`read_plain`; or a row has more cells than the heading.
    """
    name = Path(path).name
    lines, book = _read(Path(path), what, remarks, quotes)
    top = next(place for place, line in enumerate(lines) if any(line.cells))
    heading, rows = _unique(lines[top].cells), lines[top + 1 :]
    for line in rows:
        if any(line.cells[len(heading) :]):
            raise InputFileError(
                f"{what} {name} の {line.number} 行目: セルが {len(line.cells)} あります（見出しは {len(heading)} 列）。区切りの数を見出しに合わせてください。"
            )
    if not book:
        rows = [line for line in rows if any(line.cells)]
    cells = [[*line.cells, *[""] * len(heading)][: len(heading)] for line in rows]
    table = pd.DataFrame(cells, columns=heading, index=[line.number for line in rows], dtype=object)
    return table[[column for column in heading if column]]


def read_sheets(path: str | Path, what: str) -> dict[str, list[list[Any]]]:
    """Read every sheet of a workbook, cells as they are (text, numbers, days; a blank one is ``""``).

    Raises
    ------
    InputFileError
        The file is not there, or it is no workbook.
    """
    name, data = _load(Path(path), what)
    if not _is_book(name, data, what, _BOOK):
        raise _unreadable(name, what, _NO_BOOK, _BOOK)
    return _sheets(name, data, what, _BOOK)


def cell_text(value: object) -> str:
    """Return the text of a cell.

    Examples
    --------
    >>> cell_text(12.0), cell_text(0.5), cell_text(datetime(2026, 5, 1)), cell_text("0012"), cell_text(None)
    ('12', '0.5', '2026-05-01', '0012', '')
    """
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime) and value.time() == time(0):
        return value.date().isoformat()
    return str(value)


def _load(path: Path, what: str) -> tuple[str, bytes]:
    if not path.is_file():
        raise InputFileError(f"{what} {path.name} がありません。ファイル名と場所を確かめてください。")
    try:
        return load(path)
    except InputFileError as error:  # begins with the name of the file
        raise InputFileError(f"{what} {error}") from None


def _read(path: Path, what: str, remarks: bool, quotes: bool) -> tuple[list[Line], bool]:
    """Return the rows, one of them with words, and whether they are those of a workbook."""
    name, data = _load(path, what)
    book = _is_book(name, data, what, _ANY)
    if book:
        rows = next(iter(_sheets(name, data, what, _ANY, first=True).values()), [])
        lines = [Line(number, [cell_text(cell) for cell in row]) for number, row in enumerate(rows, 1)]
    else:
        lines = _delimited(name, data, what, quotes)
    lines = [line for line in lines if not (remarks and line.cells and line.cells[0].startswith("#"))]
    if not any(any(line.cells) for line in lines):
        raise _unreadable(name, what, _NO_HEADING)
    return lines, book


def _unreadable(name: str, what: str, why: str, form: str = _ANY) -> InputFileError:
    return InputFileError(_UNREADABLE.format(what=what, name=name, why=why, form=form))


def _is_book(name: str, data: bytes, what: str, form: str) -> bool:
    """Tell a workbook from text; a file that is called a workbook and is none is refused."""
    if not data.startswith(_BOOK_MARKS):
        if Path(name).suffix.lower() in BOOKS:
            raise _unreadable(name, what, _NO_BOOK, form)
        return False
    try:
        if not _is_open_document(data):
            kind_of(name, data)
    except InputFileError:
        raise _unreadable(name, what, _BROKEN, form) from None
    return True


def _is_open_document(data: bytes) -> bool:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return b"opendocument.spreadsheet" in archive.read("mimetype")[:100]
    except (zipfile.BadZipFile, OSError, ValueError, KeyError, RuntimeError):
        return False


def _sheets(name: str, data: bytes, what: str, form: str, *, first: bool = False) -> dict[str, list[list[Any]]]:
    def values() -> dict[str, list[list[Any]]]:
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        names = book.sheet_names[:1] if first else book.sheet_names
        return {sheet: book.get_sheet_by_name(sheet).to_python(skip_empty_area=False) for sheet in names}

    try:
        found: dict[str, list[list[Any]]] = guarded(name, values)
    except InputFileError:
        raise _unreadable(name, what, _BROKEN, form) from None
    return found


def _delimited(name: str, data: bytes, what: str, quotes: bool) -> list[Line]:
    try:
        kind_of(name, data)  # pictures, PDF, HTML … are no text
        text = decode(data, name=name).text
    except InputFileError:
        raise _unreadable(name, what, _NO_TEXT) from None
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    heading = next((line for line in lines if line.strip() and not line.startswith("#")), "")
    mark = _delimiter(heading, Path(name).suffix.lower())
    if mark == "\t" and not quotes:
        return [Line(number, line.split(mark)) for number, line in enumerate(lines, 1)]
    reader = csv.reader(io.StringIO("\n".join(lines), newline=""), delimiter=mark, strict=True)
    try:
        return [Line(number, cells) for number, cells in enumerate(reader, 1)]
    except csv.Error:
        why = f"{reader.line_num} 行目までの引用符「\"」の数が合いません"
        raise _unreadable(name, what, why) from None


def _delimiter(heading: str, suffix: str) -> str:
    """Return the mark between cells: as the name says, unless the heading holds only the other one."""
    usual, other = (",", "\t") if suffix == ".csv" else ("\t", ",")
    return other if usual not in heading and other in heading else usual


def _unique(heading: Sequence[str]) -> list[str]:
    seen: dict[str, int] = {}
    names = []
    for cell in heading:
        seen[cell] = seen.get(cell, -1) + 1
        names.append(f"{cell}.{seen[cell]}" if cell and seen[cell] else cell)
    return names
