"""Formulas without a saved value: told with column and rows, refused where no comment can be known."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import openpyxl
import pytest

from tests.office_files import repacked, workbook
from textlens.errors import InputFileError, TextColumnError
from textlens.tables.reading import read_comments

HEADS = ["番号", "年代", "地区", "ご意見"]


def said(i: int) -> str:
    return f"バスが一日に{i}本しかないので、通院に困っています。増やしてほしいです。"


def unsaved(path: Path, sheets: dict[str, list[list[Any]]]) -> Path:
    """Write as openpyxl does: a text that begins with ``=`` becomes a formula without a value."""
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for name, rows in sheets.items():
        page = book.create_sheet(name)
        for row in rows:
            page.append(row)
    book.save(path)
    return path


def test_formulas_without_values_are_told_by_column_and_row(tmp_path: Path) -> None:
    rows = [HEADS, *([i, '="60代"' if i == 3 else "60代", '="城"&"北"', said(i) if i % 2 else '=D2&"ひみつ"'] for i in range(1, 7))]
    df = read_comments(unsaved(tmp_path / "a.xlsx", {"回答": rows}))
    reading = df.attrs["reading"]
    told = "".join(reading.warnings)
    assert df["text"].tolist() == [said(1), "", said(3), "", said(5), ""] and list(df.columns) == ["text", "年代"]
    assert "本文の列「ご意見」 3 個（3、5、7 行目）" in told and "「年代」 1 個（4 行目）" in told and "上書き保存" in told
    assert "読めなかった列があります: 「地区」 6 個" in told
    assert reading.skipped_columns == (("地区", "値のない数式だけの列"),)
    assert "ひみつ" not in reading.summary()


def test_a_text_column_of_such_formulas_is_refused(tmp_path: Path) -> None:
    rows = [HEADS, *([i, "60代", "城北", '=D2&"ひみつ"'] for i in range(1, 7)), ["合計", None, None, "=COUNTA(D2:D7)"]]
    codes = [["コード", "内容"], [1, "満足"], [2, "不満"]]
    for sheets, options in (({"回答": rows}, {}), ({"回答": rows}, {"text": "ご意見"}), ({"回答": rows, "コード表": codes}, {})):
        with pytest.raises(InputFileError) as caught:
            read_comments(unsaved(tmp_path / "a.xlsx", sheets), **options)  # type: ignore[arg-type]
        message = str(caught.value)
        assert "a.xlsx のシート「回答」" in message and "「ご意見」は、6 個" in message and "2〜7 行目" in message and "上書き保存" in message
        assert "ひみつ" not in message


def test_other_sheets_and_columns_without_values_are_told(tmp_path: Path) -> None:
    whole = [[f"=元!{letter}{row}" for letter in "ABCD"] for row in range(1, 7)]
    good = [HEADS, *([i, "60代", "城北", said(i)] for i in range(1, 7))]
    with pytest.raises(TextColumnError, match="自由記述らしい列がありません.*数式のセルが 24 個.*上書き保存"):
        read_comments(unsaved(tmp_path / "a.xlsx", {"回答": whole}))
    df = read_comments(unsaved(tmp_path / "b.xlsx", {"回答": whole, "元": good}))
    assert len(df) == 6 and any("読まなかったシートに" in w and "「回答」（24 個）" in w for w in df.attrs["reading"].warnings)
    reason = [HEADS, *([i, "60代", "城北", f"=元!D{i}"] for i in range(1, 7))]
    df = read_comments(unsaved(tmp_path / "c.xlsx", {"元": good, "回答": reason}), sheet="全部")
    assert any("シート「回答」は読んでいません" in w and "値の保存されていない数式" in w for w in df.attrs["reading"].warnings)
    headings = [["番号", "年代", '="地区"', "ご意見"], *good[1:]]
    assert any("見出しの行に" in w for w in read_comments(unsaved(tmp_path / "d.xlsx", {"回答": headings})).attrs["reading"].warnings)


def test_formulas_drawn_below_the_answers_are_no_answers(tmp_path: Path) -> None:
    rows = [HEADS, *([i, "60代", "城北", said(i)] for i in range(1, 4)), *(["=ROW()", None, None, '=IF(A5="","",A5)'] for _ in range(3))]
    reading = read_comments(unsaved(tmp_path / "a.xlsx", {"回答": rows})).attrs["reading"]
    assert reading.rows_read == 3 and reading.left_out == tuple((row, "値のない数式だけの行") for row in (5, 6, 7))
    assert any("「ご意見」 3 個（5〜7 行目）" in w for w in reading.warnings)
    rows[4] = ["", None, "城北", '=D2&""']
    assert len(read_comments(unsaved(tmp_path / "b.xlsx", {"回答": rows}))) == 4, "somebody's row, though its text is not known"


def test_zero_stands_for_no_value_until_excel_has_calculated(tmp_path: Path) -> None:
    def write(book: Any, page: Any) -> None:
        for row in range(1, 4):
            page.write_formula(row, 1, '="60"&"代"')
            page.write_formula(row, 2, '="城"&"北"', None, "城北")

    rows = [HEADS, *([i, None, None, said(i)] for i in range(1, 4))]
    file = workbook(tmp_path / "a.xlsx", {"回答": rows}, {"回答": write})
    reading = read_comments(file).attrs["reading"]
    assert reading.attributes == ("地区",) and any("「年代」 3 個" in w for w in reading.warnings)

    def calculated(parts: dict[str, bytes]) -> dict[str, bytes]:
        return {**parts, "xl/workbook.xml": parts["xl/workbook.xml"].replace(b' fullCalcOnLoad="1"', b"")}

    df = read_comments(repacked(file, tmp_path / "b.xlsx", calculated))
    assert df["年代"].tolist() == ["0"] * 3 and not df.attrs["reading"].warnings


def test_what_excel_saves_is_not_taken_for_a_missing_value(tmp_path: Path) -> None:
    """An empty result is saved as an empty string; rules of conditional formats hold an ``f`` as well."""

    def excel(parts: dict[str, bytes]) -> dict[str, bytes]:
        sheet = parts["xl/worksheets/sheet1.xml"].replace(
            b'<c r="C2"/>', b'<c r="C2" t="str"><f>IF(A2=9,"x","")</f><v></v></c>').replace(
            b"</worksheet>", b'<extLst><ext><x14:f xmlns:x14="urn:x">A1</x14:f></ext></extLst></worksheet>')
        assert b"IF(A2" in sheet
        return {**parts, "xl/worksheets/sheet1.xml": sheet}

    def blank(book: Any, page: Any) -> None:
        page.write_blank(1, 2, None, book.add_format({"bold": True}))

    rows = [HEADS, *([i, "60代", "城北" if i > 1 else None, said(i)] for i in range(1, 4))]

    def plain(parts: dict[str, bytes]) -> dict[str, bytes]:
        sheet = parts["xl/worksheets/sheet1.xml"].replace(b'<c r="C2" s="1"/>', b'<c r="C2"/>')
        return excel({**parts, "xl/worksheets/sheet1.xml": sheet})

    df = read_comments(repacked(workbook(tmp_path / "a.xlsx", {"回答": rows}, {"回答": blank}), tmp_path / "b.xlsx", plain))
    assert df["地区"].tolist() == ["", "城北", "城北"] and not df.attrs["reading"].warnings
