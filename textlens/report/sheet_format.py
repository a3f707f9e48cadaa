"""One look for every sheet: formats, page set-up, heads, lists and tables. No content."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from textlens.report.display import Shown, cell_text, plain_value, row_names
from textlens.report.words import TOTAL
from textlens.text.layout import row_height

if TYPE_CHECKING:
    from textlens.report.tables import Table
    from textlens.report.view import View

FONT = "Yu Gothic"
MAX_CELL = 32_767
"""Excel's limit, in UTF-16 units."""
CONTINUED = "「長文の続き」シート"
_HEAD, _BAND, _LINE = "#E8EDF3", "#F4F6F9", "#9AA5B1"


class Book:
    """A workbook with our formats; remembers cells that were too long for Excel."""

    def __init__(self, path: str) -> None:
        options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False, "nan_inf_to_errors": False}
        self.workbook = xlsxwriter.Workbook(path, options)
        self.workbook.formats[0].set_font_name(FONT)
        self.workbook.formats[0].set_font_size(10)
        self.too_long: list[tuple[str, str]] = []
        top = {"font_name": FONT, "font_size": 10, "valign": "top"}
        edge = {**top, "border": 1, "border_color": _LINE}
        add = self.workbook.add_format
        self.title = add({**top, "font_size": 14, "bold": True})
        self.stamp = add({**top, "bold": True, "font_color": "#8A1C1C"})
        self.note = add({**top, "font_size": 9, "font_color": "#444444"})
        self.wrapped_note = add({**top, "font_size": 9, "font_color": "#444444", "text_wrap": True})
        self.block = add({**top, "font_size": 11, "bold": True})
        self.head = add({**edge, "bold": True, "bg_color": _HEAD, "text_wrap": True, "align": "center", "valign": "vcenter"})
        self.text = add({**edge, "text_wrap": True, "align": "left", "indent": 1})
        self.cell = add({**edge, "text_wrap": True, "align": "left", "indent": 1})
        self.centre = add({**edge, "align": "center"})
        self.integer = add({**edge, "num_format": "#,##0", "align": "right", "indent": 1})
        self.decimal = add({**edge, "num_format": "0.00", "align": "right", "indent": 1})
        self.percent = add({**edge, "num_format": "0.0%", "align": "right", "indent": 1})
        self.day = add({**edge, "num_format": "yyyy-mm-dd", "align": "left", "indent": 1})
        self.moment = add({**edge, "num_format": "yyyy-mm-dd hh:mm:ss", "align": "left", "indent": 1})
        self.total = add({**edge, "bold": True, "bg_color": _BAND, "num_format": "#,##0", "align": "right", "indent": 1})
        self.total_name = add({**edge, "bold": True, "bg_color": _BAND, "align": "left", "indent": 1})
        self.hidden = add({**edge, "align": "right", "indent": 1, "font_color": "#666666"})

    def sheet(self, name: str, *, landscape: bool = True, scale: int = 0) -> Worksheet:
        """Add a sheet that prints on A4, as wide as one page or at a scale (%), with page numbers."""
        sheet = self.workbook.add_worksheet(name)
        if landscape:
            sheet.set_landscape()
        sheet.set_paper(9)
        if scale:
            sheet.set_print_scale(scale)
        else:
            sheet.fit_to_pages(1, 0)
        sheet.set_margins(left=0.4, right=0.4, top=0.6, bottom=0.6)
        sheet.set_footer("&L&8&A&C&8&P / &N ページ&R&8textlens")
        sheet.hide_gridlines(2)
        return sheet

    def string(self, sheet: Worksheet, row: int, column: int, text: str, style: Format, where: str = "") -> None:
        """Write a text as a text, never as a formula or link; what Excel cannot hold goes to its own sheet."""
        if len(text) * 2 > MAX_CELL and _utf16(text) > MAX_CELL:
            self.too_long.append((where or f"{sheet.get_name()} {row + 1} 行", text))
            text = _cut(text, MAX_CELL - 40) + f"\n…（続きは{CONTINUED}）"
        sheet.write_string(row, column, text, style)


def write_head(book: Book, sheet: Worksheet, view: View, title: str, notes: Sequence[str] = ()) -> int:
    """Write title, stamp, provenance and notes; return the row below (one row left free)."""
    sheet.set_header(f"&L&8{_escaped(view.profile.stamp)}&R&8{_escaped(view.profile.title)}")
    sheet.write_string(0, 0, f"{title}　［{view.profile.title}］", book.title)
    sheet.set_row(0, 22)
    sheet.write_string(1, 0, view.profile.stamp, book.stamp)
    lines = [*view.sentences["provenance"].split("　", 1), *notes]
    for offset, text in enumerate(lines, 2):
        sheet.write_string(offset, 0, text, book.note)
    return 3 + len(lines)


def write_list(book: Book, sheet: Worksheet, top: int, columns: Sequence[Shown], ids: Sequence[object], *, freeze: int = 1) -> None:
    """Write a list with a frozen, filtered heading that repeats on each printed page."""
    n_rows = len(columns[0].values) if columns else 0
    sheet.set_row(top, 32)
    for j, column in enumerate(columns):
        sheet.set_column(j, j, column.width)
        sheet.write_string(top, j, column.heading, book.head)
        _write_column(book, sheet, top + 1, j, column, ids)
    wrapped = [c for c in columns if c.kind in ("text", "words", "topic", "dept", "label")]
    main, rest = [c for c in wrapped if c.printed], [c for c in wrapped if not c.printed]
    for i in range(n_rows):
        beside = min(row_height([(c.values[i], c.width) for c in rest]), 49.0)
        sheet.set_row(top + 1 + i, max(row_height([(c.values[i], c.width) for c in main]), beside))
    if not n_rows:
        sheet.write_string(top + 1, 0, "（この一覧に当たるものは見つかっていません。見落としがありえます）", book.note)
    if columns:
        sheet.autofilter(top, 0, top + max(n_rows, 1), len(columns) - 1)
        sheet.freeze_panes(top + 1, freeze)
        sheet.repeat_rows(top)
        printed = sum(c.printed for c in columns)
        if printed < len(columns):
            sheet.print_area(0, 0, top + max(n_rows, 1), printed - 1)


def write_table(book: Book, sheet: Worksheet, top: int, view: View, table: Table, first: str, codes: bool = False) -> int:
    """Write a table of counts with its title and note; return the first free row below (one row left)."""
    sheet.write_string(top, 0, f"{table.title}（{_base(table)}）", book.block)
    heads = [first, *(["コード"] if codes else []), *(c.name for c in table.columns)]
    sheet.set_row(top + 1, max(row_height([(head, 16) for head in heads[1:]]), 18))
    for j, head in enumerate(heads):
        sheet.write_string(top + 1, j, head, book.head)
    shift = 2 if codes else 1
    for i, (value, name) in enumerate(zip(table.cells.index, row_names(table, view.labels, view.topic_names), strict=True), top + 2):
        is_total = name == "計"
        book.string(sheet, i, 0, name, book.total_name if is_total else book.cell)
        if codes:
            sheet.write_string(i, 1, "" if is_total or value == "held" else str(value), book.total_name if is_total else book.centre)
        for j, column in enumerate(table.columns, shift):
            shown = cell_text(table, str(value), column.name)
            if isinstance(shown, int):
                sheet.write_number(i, j, shown, book.total if is_total or column.name == table.row_total else book.integer)
            else:
                sheet.write_string(i, j, shown, book.total if is_total else book.hidden)
    bottom = top + 2 + len(table.cells)
    if table.note:
        sheet.write_string(bottom, 0, table.note, book.note)
        bottom += 1
    return bottom + 1


def _base(table: Table) -> str:
    if TOTAL not in table.cells.index:
        return table.unit
    first = table.columns[-1].name if table.row_total else table.columns[0].name
    shown = cell_text(table, TOTAL, first)
    return f"n＝{shown:,} {table.unit.split('・')[0]}" if isinstance(shown, int) else "n＝少数"


def _write_column(book: Book, sheet: Worksheet, top: int, j: int, column: Shown, ids: Sequence[object]) -> None:
    style = {"text": book.text, "label": book.centre, "flag": book.centre}.get(column.kind, book.cell)
    for i, value in enumerate(column.values, top):
        if value is None or value == "":
            sheet.write_blank(i, j, None, style)
        elif isinstance(value, str):
            book.string(sheet, i, j, value, style, f"{column.heading}　番号 {plain_value(ids[i - top])}")
        elif isinstance(value, date):
            sheet.write_datetime(i, j, value, book.moment if isinstance(value, datetime) else book.day)
        else:
            is_id = column.kind in ("id", "attribute")
            sheet.write_number(i, j, value, style if is_id else book.integer if isinstance(value, int) else book.decimal)


def _utf16(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def _cut(text: str, units: int) -> str:
    """The longest beginning of a text that fits; no character is cut in two."""
    return text.encode("utf-16-le", "surrogatepass")[: units * 2].decode("utf-16-le", "ignore")


def _escaped(text: str) -> str:
    return text.replace("&", "&&")
