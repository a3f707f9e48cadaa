"""Builds the office files of the sample survey from its master: ``python -m textlens.sample.build``.

The workbook is ugly on purpose, in the ways real ones are: three lines above a two-row header, merged
cells, a hidden column, three typists with three habits, colour that means something, totals and notes
below the data, two more sheets. The CSV is the first sheet as Excel saves it in CP932.

References
----------
総務省「統計表における機械判読可能なデータの表記方法の統一ルール」(2020): the rules this workbook breaks.
"""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Iterable
from datetime import date, datetime
from functools import cache
from pathlib import Path

import pandas as pd
from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from textlens.sample import load_master, sample_survey_path

Value = str | int | date | None

TITLES = (
    "令和８年度　葛川市市民意識調査　自由意見一覧（第１次納品分）",
    "※配布2,500件（住民基本台帳から無作為抽出2,200件＋市内高校２校300件）。整理番号は調査票の通し番号。"
    "原文のまま転記し、判読できない文字は■とした。",
    "作成：企画政策課　統計調査係（内線0000）　　　　　　【取扱注意・庁内限り】",
)
HEADER = ("整理番号", "受付日", "回収方法", "回答者属性", "", "", "", "", "", "", "入力ロット", "公開同意",
          "種別\n（自己申告）", "問12\n満足度", "問30　市政へのご意見・ご要望など、自由にお書きください")
ATTRIBUTES = ("性別", "年代", "居住地区", "職業", "居住年数", "同居家族", "子どもの人数")
NOTES = (
    "※１　空欄は無回答。「特になし」等も記入ありに含む。",
    "※２　網かけは公開同意「不可」。公表資料に載せるときは個人名等を伏せること。",
    "※３　未着分（第２次納品）は８月下旬の予定。",
)
FIRST_DATA_ROW = 6
DISTRICT_COLUMN, LOT_COLUMN, TEXT_COLUMN = 6, 11, 15
LOT_SIZE = 220
MERGED_DISTRICTS = ("城南", "潮見", "上柿", "御園")
MERGED_ROWS = 15
"""A typist merges what fits on one printed page."""

WIDTHS = (9, 11, 8, 9, 11, 9, 16, 14, 22, 8, 9, 9, 10, 7, 90)
_FULLWIDTH = str.maketrans("0123456789", "０１２３４５６７８９")
_GREY = PatternFill("solid", fgColor="D9D9D9")
_THIN = Side(style="thin", color="808080")
_FIXED = datetime(2026, 7, 31, 9, 0, 0)


def data_rows(master: pd.DataFrame) -> list[list[Value]]:
    """Return the cells of the data rows as the three typists wrote them, without merging."""
    rows = []
    for position, record in enumerate(master.to_dict("records")):
        lot = position // LOT_SIZE
        children, score = record["子どもの人数"], record["問12満足度"]
        rows.append([
            record["id"], _date(record["受付日"].date(), lot), record["回収方法"], _gender(record["性別"], lot),
            _age(record["年代"], int(record["id"])), _district(record["居住地区"], int(record["id"])),
            record["職業"], record["居住年数"], record["同居家族"],
            None if pd.isna(children) else f"{children}人" if lot == 1 else int(children),
            f"R8-{lot + 1:02d}", record["公開同意"], record["種別"] or None,
            None if pd.isna(score) else str(score).translate(_FULLWIDTH) if lot == 1 else int(score),
            record["自由意見"] or None,
        ])
    return rows


def _date(day: date, lot: int) -> Value:
    return f"R{day.year - 2018}.{day.month}.{day.day}" if lot == 1 else day


def _gender(value: str, lot: int) -> str:
    return value.removesuffix("性") if lot == 1 else value


def _age(value: str, number: int) -> str:
    decade = value.removesuffix("代")
    if not decade.isdigit():
        return value.translate(_FULLWIDTH) if number % 3 == 0 else value
    forms = (value, value.translate(_FULLWIDTH), f"{decade}歳代", value,
             f"{max(int(decade), 15)}～{int(decade) + 9}歳")
    return forms[number % len(forms)]


def _district(value: str, number: int) -> str:
    return f"{value}地区" if number % 11 == 0 and value not in MERGED_DISTRICTS else value


def merged_blocks(rows: list[list[Value]]) -> list[tuple[int, int]]:
    """Return (first, last) positions of the data rows whose 居住地区 cells are merged downwards."""
    blocks, start = [], 0
    districts = [row[DISTRICT_COLUMN - 1] for row in rows]
    for position in range(1, len(rows) + 1):
        ended = position == len(rows) or districts[position] != districts[start]
        if ended or position - start == MERGED_ROWS:
            if districts[start] in MERGED_DISTRICTS and position - start > 1:
                blocks.append((start, position - 1))
            start = position
    return blocks


def grid(master: pd.DataFrame) -> list[list[Value]]:
    """Return every row of the first sheet, from the title to the last note, as shown on the screen."""
    rows = data_rows(master)
    for first, last in merged_blocks(rows):
        for position in range(first + 1, last + 1):
            rows[position][DISTRICT_COLUMN - 1] = None
    written = int((master["自由意見"] != "").sum())
    width = len(HEADER)
    sheet: list[list[Value]] = [[title] for title in TITLES]
    sheet += [list(HEADER), ["", "", "", *ATTRIBUTES, *[""] * (width - 10)], *rows]
    sheet += [["合計", None, f"{len(rows)}件", *[None] * (width - 4), f"{len(rows)}件"],
              ["うち記入あり", *[None] * (width - 2), f"{written}件"], []]
    sheet += [[note] for note in NOTES]
    return [[None if cell == "" else cell for cell in row] + [None] * (width - len(row)) for row in sheet]


def build_workbook(master: pd.DataFrame) -> Workbook:
    """Return the ugly workbook."""
    book = Workbook()
    sheet = book.active
    if not isinstance(sheet, Worksheet):  # a new workbook always has one; this is for the type checker
        raise TypeError("openpyxl のブックにシートがありません。")
    sheet.title = "自由意見"
    _fill(sheet, grid(master))
    rows = data_rows(master)
    last = FIRST_DATA_ROW + len(rows) - 1
    _decorate(sheet, last, [row[11] == "不可" for row in rows])
    for first, end in merged_blocks(rows):
        letter = get_column_letter(DISTRICT_COLUMN)
        sheet.merge_cells(f"{letter}{FIRST_DATA_ROW + first}:{letter}{FIRST_DATA_ROW + end}")
    _fill(book.create_sheet("集計"), _summary(master))
    _fill(book.create_sheet("コード表"), _codes(master))
    book.properties.creator, book.properties.created = "葛川市 企画政策課", _FIXED
    return book


def _fill(sheet: Worksheet, rows: Iterable[list[Value]]) -> None:
    for number, row in enumerate(rows, start=1):
        for column, value in enumerate(row, start=1):
            if value is None:
                continue
            cell = sheet.cell(number, column, value)
            if isinstance(value, str):
                cell.data_type = "s"  # "=道…" is somebody's words, not a formula
            elif isinstance(value, date):
                cell.number_format = "yyyy/m/d"


def _decorate(sheet: Worksheet, last: int, refused: list[bool]) -> None:
    end = get_column_letter(len(HEADER))
    for number in range(1, len(TITLES) + 1):
        sheet.merge_cells(f"A{number}:{end}{number}")
    sheet["A1"].font = Font(size=14, bold=True)
    for column in range(1, len(HEADER) + 1):
        letter = get_column_letter(column)
        if HEADER[column - 1] and column != 4:
            sheet.merge_cells(f"{letter}4:{letter}5")
        sheet.column_dimensions[letter].width = WIDTHS[column - 1]
        for number in (4, 5):
            sheet.cell(number, column).alignment = Alignment("center", "center", wrap_text=True)
            sheet.cell(number, column).border = Border(_THIN, _THIN, _THIN, _THIN)
    sheet.merge_cells("D4:J4")
    sheet.column_dimensions[get_column_letter(LOT_COLUMN)].hidden = True
    for number in range(FIRST_DATA_ROW, last + 1):
        sheet.cell(number, TEXT_COLUMN).alignment = Alignment(vertical="top", wrap_text=True)
        if refused[number - FIRST_DATA_ROW]:
            sheet.cell(number, TEXT_COLUMN).fill = _GREY
    sheet.freeze_panes = "B6"


def _summary(master: pd.DataFrame) -> list[list[Value]]:
    written = master["自由意見"] != ""
    rows: list[list[Value]] = [["自由意見　記入状況（第１次納品分）"], [], ["回収方法", "回収数", "記入あり", "記入率（％）"]]
    for column in ("回収方法", "居住地区"):
        if column == "居住地区":
            rows += [[], ["居住地区", "回収数", "記入あり", "記入率（％）"]]
        for name in master[column].drop_duplicates():
            here = master[column] == name
            rows.append([name, *_rate(here, written)])
        rows.append(["計", *_rate(written | True, written)])
    return rows


def _rate(here: pd.Series, written: pd.Series) -> list[Value]:
    total, filled = int(here.sum()), int((here & written).sum())
    return [total, filled, f"{100 * filled / total:.1f}"]


def _codes(master: pd.DataFrame) -> list[list[Value]]:
    rows: list[list[Value]] = [["項目", "コード", "内容"]]
    for column in ("回収方法", "性別", "年代", "職業", "居住年数", "同居家族", "公開同意"):
        for code, name in enumerate(sorted(master[column].unique()), start=1):
            rows.append([column if code == 1 else None, code, name])
    scale = ("不満", "やや不満", "どちらともいえない", "やや満足", "満足")
    rows += [["問12満足度" if code == 1 else None, code, name] for code, name in enumerate(scale, start=1)]
    return rows


def xlsx_bytes(book: Workbook) -> bytes:
    """Return the file of a workbook, without the clock in it: the same workbook gives the same bytes."""
    raw, fixed = io.BytesIO(), io.BytesIO()
    book.save(raw)
    stamp = _FIXED.strftime("%Y-%m-%dT%H:%M:%SZ").encode()
    with zipfile.ZipFile(raw) as old, zipfile.ZipFile(fixed, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            content = old.read(name)
            if name == "docProps/core.xml":
                content = re.sub(rb"(<dcterms:modified[^>]*>)[^<]*", rb"\g<1>" + stamp, content)
            entry = zipfile.ZipInfo(name, date_time=(2026, 7, 31, 9, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(entry, content)
    return fixed.getvalue()


def to_cp932(text: str) -> bytes:
    """Encode as Excel on Windows does: what CP932 lacks becomes ``?``, once per UTF-16 unit.

    Examples
    --------
    >>> to_cp932("髙橋㈱①").decode("cp932"), to_cp932("𠮷野🌸〜").decode("cp932")
    ('髙橋㈱①', '??野???')
    """
    return b"".join(_encode_char(char) for char in text)


@cache
def _encode_char(char: str) -> bytes:
    # Python's codec also takes U+301C and U+2212, which come back as other characters; Windows does not.
    code = char.encode("cp932", errors="ignore")
    if code and code.decode("cp932") == char:
        return code
    return b"?" * (len(char.encode("utf-16-le")) // 2)


def csv_bytes(master: pd.DataFrame) -> bytes:
    """Return the first sheet as Excel's "CSV (コンマ区切り)": CP932, CRLF, LF inside cells."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    for row in grid(master):
        writer.writerow([f"{cell.year}/{cell.month}/{cell.day}" if isinstance(cell, date) else cell for cell in row])
    return to_cp932(out.getvalue())


def build(folder: Path | None = None) -> tuple[Path, Path]:
    """Write the workbook and its CSV twin into a folder (default: beside the master); return both paths."""
    master = load_master()
    targets = tuple(sample_survey_path(kind) for kind in ("xlsx", "csv"))  # type: ignore[arg-type]
    book_path, csv_path = (target if folder is None else folder / target.name for target in targets)
    book_path.write_bytes(xlsx_bytes(build_workbook(master)))
    csv_path.write_bytes(csv_bytes(master))
    return book_path, csv_path


if __name__ == "__main__":
    build()
