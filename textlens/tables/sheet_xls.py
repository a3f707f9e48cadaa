"""Old .xls workbooks → grids, with xlrd.

Not calamine: a damaged .xls with a sector chain that runs in a circle makes it fill the memory (found by
fuzzing, calamine 0.37). xlrd checks the chains, and tells number formats and hidden parts besides.
"""

from __future__ import annotations

import io
import struct

import xlrd
from xlrd.compdoc import CompDocError

from textlens.errors import InputFileError
from textlens.tables.sheet_format import shown_date, shown_number
from textlens.tables.sheet_grid import Grid, Merge

_BROKEN = (xlrd.XLRDError, CompDocError, AssertionError, ArithmeticError, AttributeError, LookupError, TypeError,
           ValueError, RuntimeError, OSError, EOFError, MemoryError, struct.error)


def read_xls(name: str, data: bytes) -> list[Grid]:
    """Read every sheet of an .xls workbook (Excel 5 to 2003).

    Raises
    ------
    InputFileError
        Broken, or protected by a password.

    Notes
    -----
    Misses: texts of Excel 5/95 books without a code page are read as Latin letters.
    """
    try:
        book = xlrd.open_workbook(file_contents=data, formatting_info=True, ragged_rows=True, logfile=io.StringIO())
        return [_grid(book, sheet) for sheet in book.sheets()]
    except _BROKEN as error:
        if isinstance(error, xlrd.XLRDError) and "encrypt" in str(error).lower():
            raise InputFileError(f"{name} はパスワードで保護されています。Excel で開き、パスワードを外して保存してください。") from None
        raise InputFileError(f"{name} は壊れているか、Excel の形式ではありません（{type(error).__name__}）。"
                             "Excel で開けるか確かめ、開ければ .xlsx で保存し直してください。") from None


def _grid(book: xlrd.book.Book, sheet: xlrd.sheet.Sheet) -> Grid:
    grid = Grid(sheet.name, [], hidden=sheet.visibility != 0)
    width = max((sheet.row_len(row) for row in range(sheet.nrows)), default=0)
    for row in range(sheet.nrows):
        types, values = sheet.row_types(row), sheet.row_values(row)
        shown = [_shown(book, sheet, grid, row, column, kind, values[column]) for column, kind in enumerate(types)]
        grid.rows.append(shown + [""] * (width - len(shown)))
    while grid.rows and not any(grid.rows[-1]):
        grid.rows.pop()
    grid.merges = [Merge(top, left, bottom - 1, right - 1) for top, bottom, left, right in sheet.merged_cells]
    grid.hidden_rows = frozenset(row for row, info in sheet.rowinfo_map.items() if info.hidden and row < len(grid.rows))
    grid.hidden_columns = frozenset(
        column for column, info in sheet.colinfo_map.items() if info.hidden and column < width)
    return grid


def _shown(book: xlrd.book.Book, sheet: xlrd.sheet.Sheet, grid: Grid, row: int, column: int, kind: int, value: object) -> str:
    if kind == xlrd.XL_CELL_TEXT:
        return str(value)
    if kind == xlrd.XL_CELL_BOOLEAN:
        return "TRUE" if value else "FALSE"
    if kind == xlrd.XL_CELL_ERROR:
        grid.errors.add((row, column))
        return xlrd.error_text_from_code.get(value, "#N/A")
    if kind not in (xlrd.XL_CELL_NUMBER, xlrd.XL_CELL_DATE) or not isinstance(value, int | float):
        return ""
    code = book.format_map[book.xf_list[sheet.cell_xf_index(row, column)].format_key].format_str
    if kind == xlrd.XL_CELL_DATE:
        grid.dates.add((row, column))
        moment = xlrd.xldate_as_datetime(value, book.datemode)
        return shown_date(moment if value >= 1 else moment.time(), code)
    if abs(value) >= 1e15:
        grid.cut_numbers.add((row, column))
    return shown_number(float(value), code)
