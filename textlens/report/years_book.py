"""年比較: the workbook of several years on one yardstick. Counts only, no text."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from textlens.files import whole_file
from textlens.report.sheet_format import FONT, Book
from textlens.report.words import HIDDEN, label_name
from textlens.report.workbook import CREATED
from textlens.tables.statistics import REFERENCE_N
from textlens.tables.years import hidden_cells
from textlens.text.layout import row_height

TOO_FEW = "少数のため判断しない"
_REST = "topic=0"
MOST = 0.99
"""A larger p is shown as ＞0.99: 1 reads as if something were certain."""
NOTES = (
    "割合は、その年に記入した人の中での割合です。市民全体の割合ではありません。年ごとに答えた人は違います。",
    "増減には 95％信頼区間を付けました。区間が 0 をまたぐときは、偶然でも起こりうる大きさです。",
    "「p（補正後）」は、この表の全部の増減を一度に見たことを考えに入れた p 値です（Holm の方法）。小さいほど、偶然とは考えにくい増減です。",
    f"「印」は、どちらの年も {REFERENCE_N} 人以上で、区間が 0 をまたがないときだけ付けます。ほかは「{TOO_FEW}」とします。"
    "新規＝比べた年の中で初めて。再び＝前の年になく、その前にはあった。この年はなし＝後の年にまたある。",
    "この表は、なぜ変わったかを示すものではありません。",
)


def write_years(
    cells: pd.DataFrame, changes: pd.DataFrame, warnings: Sequence[str], names: dict[str, str], path: str | Path,
    *, min_cell: int = 1, told: Sequence[str] = (),
) -> Path:  # fmt: skip
    """Write the comparison of years as an Excel workbook.

    Parameters
    ----------
    cells, changes : DataFrame
        Of :func:`textlens.tables.years.compare_years`.
    warnings : sequence of str
        Of :func:`textlens.tables.years.comparison_warnings`; they stand on the first sheet.
    names : dict
        Label → Japanese name (topics); labels of ours are translated here.
    path : path
    min_cell : int
        Counts from 1 to ``min_cell - 1`` are shown as 「＊」, with their shares and changes, and so are those
        that would give them back (:func:`textlens.tables.years.hidden_cells`).
    told : sequence of str
        How the years were read (models); below the warnings.
    """
    cells = cells.assign(hidden=hidden_cells(cells, min_cell))
    with whole_file(path) as draft:
        book = Book(str(draft))
        try:
            book.workbook.set_properties({"title": "textlens 年比較", "created": CREATED})
            _write_shares(book, cells, warnings, names, told)
            _write_changes(book, cells, changes, names)
        finally:
            book.workbook.close()
    return Path(path)


def _write_shares(book: Book, cells: pd.DataFrame, warnings: Sequence[str], names: dict[str, str], told: Sequence[str]) -> None:
    sheet = book.sheet("年ごとの割合")
    sheet.write_string(0, 0, "年ごとの割合（記入した人の中で）", book.title)
    sheet.set_row(0, 22)
    lines = [*(f"注意: {w}" for w in warnings), NOTES[0], *told]
    for i, line in enumerate(lines, 1):
        sheet.write_string(i, 0, line, book.stamp if line.startswith("注意") else book.note)
    top = len(lines) + 2
    years = list(dict.fromkeys(cells["year"]))
    heads = ["区分", *(h for y in years for h in (f"{y}\n通", f"{y}\n割合", f"{y}\n区間"))]
    _heads(book, sheet, top, heads, [_name_width(cells, names), *[8, 9, 15] * len(years)])
    for i, (label, rows) in enumerate(cells.groupby("label", sort=False), top + 1):
        book.string(sheet, i, 0, label_name(str(label), names), book.cell)
        for j, row in enumerate(rows.to_dict("records")):
            at = 1 + 3 * j
            if row["hidden"]:
                for k in range(3):
                    sheet.write_string(i, at + k, HIDDEN, book.hidden)
                continue
            sheet.write_number(i, at, row["count"], book.integer)
            sheet.write_number(i, at + 1, row["share"], book.percent)
            mark = "（参考）" if row["reference"] else ""
            sheet.write_string(i, at + 2, f"{row['low']:.1%}～{row['high']:.1%}{mark}", book.centre)


def _write_changes(book: Book, cells: pd.DataFrame, changes: pd.DataFrame, names: dict[str, str]) -> None:
    sheet = book.sheet("増減")
    sheet.write_string(0, 0, "前の年からの増減（割合の差）", book.title)
    sheet.set_row(0, 22)
    for i, line in enumerate(NOTES[1:], 1):
        sheet.write_string(i, 0, line, book.note)
    top = len(NOTES) + 1
    _heads(book, sheet, top, ["区分", "前の年", "後の年", "増減（ポイント）", "95％区間（ポイント）", "p（補正後）", "印"], [_name_width(cells, names), 10, 10, 16, 20, 14, 22])
    hidden = cells.set_index(["label", "year"])["hidden"]
    edge = {"font_name": FONT, "font_size": 10, "border": 1, "border_color": "#9AA5B1"}
    points = book.workbook.add_format({**edge, "num_format": "+0.0;-0.0;0.0"})
    chance = book.workbook.add_format({**edge, "num_format": f'[>={MOST}]"＞"0.00;0.000'})
    marks = _marks(changes)
    for i, row in enumerate(changes.to_dict("records"), top + 1):
        small = any(hidden[row["label"], row[y]] for y in ("from", "to"))
        book.string(sheet, i, 0, label_name(str(row["label"]), names), book.cell)
        sheet.write_string(i, 1, str(row["from"]), book.centre)
        sheet.write_string(i, 2, str(row["to"]), book.centre)
        if small:
            for k in range(3, 6):
                sheet.write_string(i, k, HIDDEN, book.hidden)
        else:
            sheet.write_number(i, 3, 100 * row["change"], points)
            sheet.write_string(i, 4, f"{100 * row['low']:+.1f}～{100 * row['high']:+.1f}", book.centre)
            sheet.write_number(i, 5, min(row["p_adjusted"], MOST), chance)
        sheet.write_string(i, 6, marks[i - top - 1], book.centre)


def _marks(changes: pd.DataFrame) -> list[str]:
    """Return what is said of labels that came or went, row by row; nothing of その他, which is a rest."""
    marks: list[str] = []
    coming: dict[str, bool] = {}
    for row in reversed(changes.to_dict("records")):  # the last year first: what goes may come again
        label = str(row["label"])
        word = "新規" if row["new"] else "再び" if row["again"] else "" if not row["gone"] else "この年はなし" if coming.get(label) else "なくなった"
        coming[label] = coming.get(label, False) or bool(row["again"])
        marks.append("" if label == _REST or not word else word if row["enough"] else TOO_FEW)
    return marks[::-1]


def _name_width(cells: pd.DataFrame, names: dict[str, str]) -> float:
    """Width of the first column: the longest name, whole."""
    return float(min(60, max(30, *(1.9 * len(label_name(str(label), names)) + 2 for label in cells["label"].unique()))))


def _heads(book: Book, sheet, top: int, heads: Sequence[str], widths: Sequence[float]) -> None:  # type: ignore[no-untyped-def]
    sheet.set_row(top, row_height([(h, w) for h, w in zip(heads, widths, strict=True)]) + 4)
    for j, (head, width) in enumerate(zip(heads, widths, strict=True)):
        sheet.set_column(j, j, width)
        sheet.write_string(top, j, head, book.head)
    sheet.freeze_panes(top + 1, 1)
    sheet.repeat_rows(top)
