"""Formulas without a saved value: the reader cannot calculate them, and says so."""

from __future__ import annotations

from textlens.errors import InputFileError
from textlens.tables.read_columns import UNSAVED_COLUMN, Plan, listed
from textlens.tables.read_header import Header
from textlens.tables.read_rows import UNSAVED, Rows
from textlens.tables.reading_report import row_list
from textlens.tables.sheet_grid import Grid, is_blank

_SHOWN = 20
CURE = "Excel でブックを開き、上書き保存してから読むと、値が入ります。"


def hint(grid: Grid) -> str:
    """Return what to add to an error about a sheet with such formulas: '' without any."""
    if not grid.formulas:
        return ""
    return f"このシートには、値が保存されていない数式のセルが {len(grid.formulas)} 個あり、中身が分かりません。{CURE}"


def written(grid: Grid, header: Header, plan: Plan) -> int:
    """Count the cells of the text column that hold something, formulas whose value nobody saved included."""
    return plan.text.filled + sum(row >= header.body and column == plan.text.column.number for row, column in grid.formulas)


def check_text(where: str, grid: Grid, header: Header, plan: Plan, rows: Rows) -> None:
    """Refuse a text column that holds nothing but formulas without a saved value.

    Raises
    ------
    InputFileError
        All filled cells of the text column are such formulas.
    """
    text = plan.text.column.number
    unread = _rows(grid, header, rows, text)
    if unread and all(is_blank(grid.rows[row][text]) for row in rows.kept):
        raise InputFileError(
            f"{where} の本文の列「{plan.text.column.name}」は、{len(unread)} 個のセルがどれも値の保存されていない数式で、"
            f"本文が一つも分かりません（{row_list([row + 1 for row in unread])} 行目）。ほかのシステムやプログラムが書き出したままのブックです。{CURE}")


def unsaved(grid: Grid, header: Header, plan: Plan, rows: Rows) -> list[str]:
    """Return warnings about such cells in the headings, in the columns taken, and in columns left out because of them."""
    if not grid.formulas:
        return []
    found: list[str] = []
    headings = sum(row in header.rows for row, _ in grid.formulas)
    if headings:
        found.append(f"見出しの行に、値が保存されていない数式のセルが {headings} 個あり、見出しなしとして読みました。{CURE}")
    taken = [("本文の列", plan.text), *([("番号の列", plan.id)] if plan.id else []), *(("", item) for item in plan.attributes)]
    told: list[str] = []
    for kind, item in taken:
        unread = [row + 1 for row in _rows(grid, header, rows, item.column.number)]
        if unread:
            told.append(f"{kind}{listed([item.column.name])} {len(unread)} 個（{row_list(unread)} 行目）")
    if told:
        more = f" ほか {len(told) - _SHOWN} 列" if told[_SHOWN:] else ""
        found.append(f"値が保存されていない数式のセルを、空欄として読みました: {'、'.join(told[:_SHOWN])}{more}。{CURE}")
    numbers = {column.name: column.number for column in header.columns}
    lost = [(name, len(_rows(grid, header, rows, numbers[name]))) for name, reason in plan.skipped if reason == UNSAVED_COLUMN]
    if lost:
        names = "、".join(f"{listed([name])} {n} 個" for name, n in lost[:_SHOWN]) + (f" ほか {len(lost) - _SHOWN} 列" if lost[_SHOWN:] else "")
        found.append(f"値が保存されていない数式だけなので、読めなかった列があります: {names}。{CURE}")
    return found


def _rows(grid: Grid, header: Header, rows: Rows, column: int) -> list[int]:
    """Rows of answers whose cell in a column is such a formula."""
    out = {row for row, reason in rows.left_out if reason != UNSAVED}
    return sorted(row for row, at in grid.formulas if at == column and row >= header.body and row not in out)
