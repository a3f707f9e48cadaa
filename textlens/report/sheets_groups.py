"""Sheets that compare groups: 属性別 (kinds of voice by attribute) and 記入率 (who writes at all)."""

from __future__ import annotations

from collections.abc import Sequence

from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from textlens.report.group_words import (
    METHODS,
    NOBODY_SILENT,
    kind_notes,
    name_of,
    rate_notes,
    reading,
    verdict,
)
from textlens.report.groups import Block, Cell, Row, in_parts
from textlens.report.masking import printable
from textlens.report.sheet_format import FONT, Book, write_head
from textlens.report.view import View
from textlens.report.words import HIDDEN
from textlens.tables.groups import WROTE
from textlens.text.layout import row_height

_KIND_WIDTHS = (16, 24, 14, 14, 14, 14, 14, 14, 14, 9)
_RATE_WIDTHS = (16, 24, 14, 14, 12, 12, 12, 16, 9)
_SCALE, _PAGE = 80, 630.0
"""Print scale (%), and how many points of rows a page then holds: a block is not cut where it fits on one page."""
_SMALL_PRINT = 1.1
"""Notes are set in 9 points where widths count characters of 10."""
_MORE = {"▲": "全体より多い", "▼": "全体より少ない", "": ""}


def write_groups(book: Book, view: View) -> None:
    """Write both sheets; nothing where no attribute can be compared."""
    if not view.groups.kinds:
        return
    _write_kinds(book, view)
    _write_rates(book, view)


class _Formats:
    """Shares with their mark: the cell stays a number, so that it can be sorted and charted."""

    def __init__(self, book: Book) -> None:
        edge = {"font_name": FONT, "font_size": 10, "valign": "top", "border": 1, "border_color": "#9AA5B1", "align": "right", "indent": 1}
        add = book.workbook.add_format
        fills = {"": {}, "▲": {"bold": True, "bg_color": "#FBE3D0"}, "▼": {"bold": True, "bg_color": "#DCE9F5"}}
        self.share = {mark: add({**edge, **fill, "num_format": f'0.0%"{mark or "　"}"'}) for mark, fill in fills.items()}
        self.grey = {mark: add({**edge, **fill, "num_format": f'0.0%"{mark or "　"}"', "italic": True, "font_color": "#666666"}) for mark, fill in fills.items()}
        self.total = add({**edge, "bold": True, "bg_color": "#F4F6F9", "num_format": '0.0%"　"'})
        self.chance = add({**edge, "num_format": "0.000"})


def _write_kinds(book: Book, view: View) -> None:
    groups, formats = view.groups, _Formats(book)
    names = {label: name_of(label) for block in groups.kinds for label in (*block.labels, WROTE)}
    sheet, top, pages = _sheet(book, view, "属性別", "属性別　書いた人の声の種別", _KIND_WIDTHS, kind_notes(groups, view.profile))
    for part in (part for block in groups.kinds for part in in_parts(block)):
        pages.take(top, len(part.rows))
        top = _head_block(book, sheet, top, part, len(_KIND_WIDTHS), f"（書いた人 {_people(part)}）")
        heads = ["属性", "区分", "書いた人（人）", *(names[label] for label in part.labels), "参考"]
        top = _heads(book, sheet, top, heads, _KIND_WIDTHS[: len(heads)])
        for i, row in enumerate(part.rows, top):
            _names(book, sheet, i, part, row)
            for j, cell in enumerate(row.cells, 3):
                _share(book, formats, sheet, i, j, row, cell)
            sheet.write_string(i, 3 + len(row.cells), "参考" if row.reference else "", _plain(book, row, book.centre))
        top += len(part.rows) + 1
    sheet.set_h_pagebreaks(pages.breaks)
    sheet.print_area(0, 0, top - 1, len(_KIND_WIDTHS) - 1)
    sheet.write_string(top, 0, "人数と区間（上の割合のもと。ここから下は印刷しません）", book.block)
    sheet.write_string(top + 1, 0, "95％区間：同じ調べ方を何度もしたら、ほぼこの間に入る幅です。区間が重なる区分どうしの上下は、順位の根拠にしないでください。", book.note)
    top = _heads(book, sheet, top + 2, ["属性", "区分", "書いた人（人）", "種別", "含む人（人）", "割合", "区間の下", "区間の上", "全体と比べて", "参考"], _KIND_WIDTHS)
    for block in groups.kinds:
        for row in block.rows:
            for label, cell in zip(block.labels, row.cells, strict=True):
                if row.kind != "rest":
                    _line(book, formats, sheet, top, block, row, cell, names[label])
                    top += 1
    _write_tests(book, view, formats, sheet, top + 1, names)


def _write_tests(book: Book, view: View, formats: _Formats, sheet: Worksheet, top: int, names: dict[str, str]) -> None:
    """Write the figures of the tests, for those who are used to statistics."""
    sheet.write_string(top, 0, "検定のくわしい値（統計に慣れた人向け）", book.block)
    sheet.write_string(top + 1, 0, "p は、この報告のすべての比較を割り引いた後の値（Holm）。V は差の大きさ（クラメールの V、0～1）。伏せた欄のある表では、値から逆算されないよう数字を出していません。", book.note)
    heads = ["属性", "種別", "p（割り引き後）", "V", "検定", "", "比べた人数", "最小の期待度数", "読み方", ""]
    top = _heads(book, sheet, top + 2, heads, _KIND_WIDTHS)
    for block in (*view.groups.kinds, *view.groups.rates):
        for found in block.found:
            book.string(sheet, top, 0, printable(block.attribute)[0], book.cell)
            book.string(sheet, top, 1, names[found.label], book.cell)
            for j, (value, style) in enumerate(((found.p_adjusted, formats.chance), (found.effect, book.decimal)), 2):
                _number(book, sheet, top, j, value if found.exact else None, style)
            sheet.merge_range(top, 4, top, 5, METHODS[found.method], book.cell)
            for j, (number, style) in enumerate(((found.n, book.integer), (found.min_expected, book.decimal)), 6):
                _number(book, sheet, top, j, number if found.exact else None, style)
            sheet.merge_range(top, 8, top, 9, verdict(found), book.cell)
            sheet.set_row(top, row_height([(verdict(found), 21), (METHODS[found.method], 27)]))
            top += 1


def _write_rates(book: Book, view: View) -> None:
    groups, formats = view.groups, _Formats(book)
    sheet, top, pages = _sheet(book, view, "記入率", "記入率　だれが書いているか", _RATE_WIDTHS, rate_notes(groups, view.profile))
    if not any(block.found for block in groups.rates):
        sheet.write_string(top, 0, NOBODY_SILENT, book.block)
        return
    heads = ["属性", "区分", "読み込んだ行（人）", "書いた人（人）", "記入率", "区間の下", "区間の上", "全体と比べて", "参考"]
    for block in groups.rates:
        pages.take(top, len(block.rows))
        top = _head_block(book, sheet, top, block, len(_RATE_WIDTHS), f"（読み込んだ行 {_people(block)}）")
        top = _heads(book, sheet, top, heads, _RATE_WIDTHS)
        for i, row in enumerate(block.rows, top):
            _line(book, formats, sheet, i, block, row, row.cells[0])
        top += len(block.rows) + 1
    sheet.set_h_pagebreaks(pages.breaks)


class _Pages:
    """Where to break the page: before a block that the rest of it has no room for."""

    def __init__(self, used: float) -> None:
        self.breaks: list[int] = []
        self._used = used

    def take(self, row: int, n_rows: int) -> None:
        """Put a block of so many rows, with its heads, at a row of the sheet."""
        height = 17.0 * (n_rows + 4) + 8
        if self._used + height > _PAGE:
            self.breaks.append(row)
            self._used = 0.0
        self._used = (self._used + height) % _PAGE


def _sheet(book: Book, view: View, name: str, title: str, widths: Sequence[float], notes: Sequence[str]) -> tuple[Worksheet, int, _Pages]:
    """Add a sheet with its head and wrapped notes; return the first free row, and the pages so far."""
    sheet = book.sheet(name, scale=_SCALE)
    for j, width in enumerate(widths):
        sheet.set_column(j, j, width)
    top = write_head(book, sheet, view, title) - 1
    heights: list[float] = []
    for i, note in enumerate(notes, top):
        text = printable(note)[0]
        sheet.merge_range(i, 0, i, len(widths) - 1, text, book.wrapped_note)
        heights.append(row_height([(text, _SMALL_PRINT * sum(widths))]))
        sheet.set_row(i, heights[-1])
    return sheet, top + len(notes) + 1, _Pages(17.0 * (top + 1) + sum(heights))


def _head_block(book: Book, sheet: Worksheet, top: int, block: Block, n_columns: int, base: str) -> int:
    book.string(sheet, top, 0, f"{printable(block.attribute)[0]}{base}", book.block)
    sheet.merge_range(top + 1, 0, top + 1, n_columns - 1, reading(block), book.wrapped_note)
    sheet.set_row(top + 1, row_height([(reading(block), 140.0)]))
    return top + 2


def _heads(book: Book, sheet: Worksheet, top: int, heads: Sequence[str], widths: Sequence[float]) -> int:
    for j, head in enumerate(heads):
        sheet.write_string(top, j, head, book.head)
    sheet.set_row(top, row_height(list(zip(heads, widths, strict=True))) + 4)
    return top + 1


def _people(block: Block) -> str:
    n = block.rows[-1].n
    return HIDDEN if n is None else f"{n:,} 人"


def _plain(book: Book, row: Row, style: Format) -> Format:
    return book.total_name if row.kind == "total" else style


def _names(book: Book, sheet: Worksheet, top: int, block: Block, row: Row) -> None:
    book.string(sheet, top, 0, printable(block.attribute)[0], _plain(book, row, book.cell))
    name = "全体" if row.kind == "total" else printable(row.group)[0]
    book.string(sheet, top, 1, name, _plain(book, row, book.cell))
    _number(book, sheet, top, 2, row.n, book.total if row.kind == "total" else book.integer)
    sheet.set_row(top, row_height([(name, 24), (block.attribute, 16)]))


def _number(book: Book, sheet: Worksheet, top: int, j: int, value: float | None, style: Format) -> None:
    if value is None:
        sheet.write_string(top, j, HIDDEN, book.hidden)
    else:
        sheet.write_number(top, j, value, style)


def _share(book: Book, formats: _Formats, sheet: Worksheet, top: int, j: int, row: Row, cell: Cell) -> None:
    style = formats.total if row.kind == "total" else (formats.grey if row.reference else formats.share)[cell.mark]
    _number(book, sheet, top, j, cell.share, style)


def _line(book: Book, formats: _Formats, sheet: Worksheet, top: int, block: Block, row: Row, cell: Cell, kind: str = "") -> None:
    """Write one share with its number of people and interval."""
    _names(book, sheet, top, block, row)
    if kind:
        book.string(sheet, top, 3, kind, _plain(book, row, book.cell))
    j = 4 if kind else 3
    _number(book, sheet, top, j, cell.has, book.total if row.kind == "total" else book.integer)
    _share(book, formats, sheet, top, j + 1, row, cell)
    for k, end in enumerate((cell.low, cell.high), j + 2):
        _number(book, sheet, top, k, end, formats.total if row.kind == "total" else formats.share[""])
    sheet.write_string(top, j + 4, _MORE[cell.mark], _plain(book, row, book.centre))
    sheet.write_string(top, j + 5, "参考" if row.reference else "", _plain(book, row, book.centre))
