"""Excel workbooks (.xlsx, .xlsm) → grids. calamine gives the values, ``sheet_structure`` what Excel shows and hides."""

from __future__ import annotations

import datetime as dt
import io
import os
import struct
import threading
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from xml.parsers import expat

import python_calamine as calamine

from textlens.errors import InputFileError
from textlens.tables.sheet_format import shown_date, shown_number
from textlens.tables.sheet_grid import Grid, Merge, column_letter
from textlens.tables.sheet_structure import (
    Structure,
    check_counts,
    recalculates,
    scan_sheet,
    sheet_parts,
    style_formats,
)

MAX_CELLS = 20_000_000
"""Cells between the first and the last value; a stray value in XFD1048576 would need 17 thousand million."""

_STDERR_LOCK = threading.Lock()
_BROKEN = (zipfile.BadZipFile, zlib.error, expat.ExpatError, LookupError, ValueError, RuntimeError,
           NotImplementedError, struct.error, EOFError, OSError, OverflowError)


def read_xlsx(name: str, data: bytes) -> list[Grid]:
    """Read every sheet of a workbook.

    Parameters
    ----------
    name : str
        File name for messages.
    data : bytes

    Returns
    -------
    list of Grid
        In the order of the tabs, hidden ones included; sheets without cells (charts) have no rows.

    Raises
    ------
    InputFileError
        Broken, protected by a password, or too spread out.

    Notes
    -----
    Formulas give the value Excel saved with them; where a program saved none, or 0 in a book that no Excel has
    calculated yet, the cell is blank and in ``Grid.formulas``.
    """
    structures = _structures(name, data)
    for sheet, structure in structures.items():
        area = (structure.bottom + 1) * (structure.right + 1)
        if area > MAX_CELLS:
            raise InputFileError(
                f"{name} のシート「{sheet}」は {column_letter(structure.right)} 列 {structure.bottom + 1} 行目まで値が散らばっていて、"
                "表として開けません。離れた所にあるセルを消してから保存し直してください。")
    grids: list[Grid] = []
    book = guarded(name, lambda: calamine.CalamineWorkbook.from_filelike(io.BytesIO(data)))
    for sheet in book.sheets_metadata:
        if sheet.typ != calamine.SheetTypeEnum.WorkSheet:
            continue
        title = sheet.name
        if title not in structures:
            raise InputFileError(f"{name} は壊れています（シートの一覧と中身が合いません）。Excel で開き、.xlsx で保存し直してください。")
        opened = guarded(name, lambda title=title: _values(book, title))
        grid = _grid(title, opened[0], opened[1], structures[title])
        grid.hidden = sheet.visible != calamine.SheetVisibleEnum.Visible
        grids.append(grid)
    return grids


def _values(book: calamine.CalamineWorkbook, title: str) -> tuple[list[list[Any]], list[Any]]:
    sheet = book.get_sheet_by_name(title)
    if sheet.start is None:
        return [], []
    return sheet.to_python(skip_empty_area=False), list(sheet.merged_cell_ranges or [])


@contextmanager
def _silent_stderr() -> Iterator[None]:
    """A panic of the Rust reader writes to file descriptor 2 by itself and may quote a cell; drop that."""
    with _STDERR_LOCK:
        try:
            kept = os.dup(2)
        except OSError:
            yield
            return
        sink = os.open(os.devnull, os.O_WRONLY)
        os.dup2(sink, 2)
        try:
            yield
        finally:
            os.dup2(kept, 2)
            os.close(kept)
            os.close(sink)


def guarded(name: str, read: Any) -> Any:
    """Return ``read()``, a reading of a workbook; what breaks in it is told with the name of the file.

    Raises
    ------
    InputFileError
        The workbook is locked or broken.
    """
    try:
        with _silent_stderr():
            return read()
    except calamine.PasswordError:
        raise InputFileError(f"{name} はパスワードで保護されています。Excel で開き、パスワードを外して保存してください。") from None
    except (calamine.CalamineError, *_BROKEN) as error:
        # the library's own words are left out: they may quote a cell
        raise InputFileError(f"{name} は壊れているか、Excel の形式ではありません（{type(error).__name__}）。"
                             "Excel で開けるか確かめ、開ければ .xlsx で保存し直してください。") from None
    except BaseException as error:
        if type(error).__name__ != "PanicException":
            raise
        raise InputFileError(f"{name} は壊れていて読めません。Excel で開けるか確かめ、開ければ .xlsx で保存し直してください。") from None


def _structures(name: str, data: bytes) -> dict[str, Structure]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            check_counts(archive)
            formats = style_formats(archive)
            parts = sheet_parts(archive)
            found = {sheet: scan_sheet(archive, part, formats) for sheet, part in parts.items()}
            if recalculates(archive):
                for structure in found.values():
                    structure.formulas |= structure.zeros
            return found
    except _BROKEN as error:
        if isinstance(error, InputFileError):
            raise InputFileError(f"{name}: {error}") from None
        raise InputFileError(f"{name} は壊れています（シートの中身が最後まで読めません）。"
                             "Excel で開けるか確かめ、開ければ .xlsx で保存し直してください。") from None


def _grid(title: str, values: list[list[Any]], ranges: list[Any], structure: Structure) -> Grid:
    formats = structure.formats
    grid = Grid(title, [])
    for row, cells in enumerate(values):
        shown: list[str] = []
        for column, value in enumerate(cells):
            if isinstance(value, str):
                shown.append(value)
            elif isinstance(value, bool):
                shown.append("TRUE" if value else "FALSE")
            elif isinstance(value, int | float):
                shown.append(shown_number(float(value), formats.get((row, column))))
                if abs(value) >= 1e15:
                    grid.cut_numbers.add((row, column))
            elif isinstance(value, dt.date | dt.time | dt.timedelta):
                shown.append(shown_date(value, formats.get((row, column))))
                grid.dates.add((row, column))
            else:
                shown.append("")
        grid.rows.append(shown)
    _blank_formulas(grid, structure.formulas)
    for (row, column), value in structure.errors.items():
        if row < len(grid.rows) and column < grid.width:
            grid.rows[row][column] = value
            grid.errors.add((row, column))
    grid.hidden_rows = frozenset(row for row in structure.hidden_rows if row < len(grid.rows))
    grid.hidden_columns = frozenset(column for column in structure.hidden_columns if column < grid.width)
    grid.merges = [Merge(top, left, bottom, right) for (top, left), (bottom, right) in ranges]
    return grid


def _blank_formulas(grid: Grid, formulas: set[tuple[int, int]]) -> None:
    """Make formulas without a saved value blank cells of the grid; calamine leaves them out at the edges."""
    grid.formulas = formulas
    width = max(grid.width, max((column for _, column in formulas), default=-1) + 1)
    height = max(len(grid.rows), max((row for row, _ in formulas), default=-1) + 1)
    if formulas:
        grid.rows = [row + [""] * (width - len(row)) for row in grid.rows]
        grid.rows += [[""] * width for _ in range(height - len(grid.rows))]
    for row, column in formulas:
        grid.rows[row][column] = ""
