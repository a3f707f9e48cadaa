"""Files as other programs and people leave them: forms, exports, lists of one column, several sheets."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from tests.office_files import delimited, workbook
from textlens.errors import ColumnNotFoundError
from textlens.status import row_status
from textlens.tables.reading import read_comments


def long(i: int) -> str:
    """One made-up comment."""
    return f"バスが一日に{i % 9}本しかないので、{('通院', '買い物', '通学')[i % 3]}に困っています。増やしてほしいです。（{i}）"


@pytest.mark.parametrize("data, ids, texts", [
    ("番号,年代,意見,備考\r\n1,30代,道が暗い。\r\n2,40代\r\n3\r\n4,50代,窓口が親切。,\r\n\r\n5,60代,バスがない。,,,\r\n,,,\r\n6,,,\r\n",
     ["1", "2", "3", "4", "5", "6"], ["道が暗い。", "", "", "窓口が親切。", "バスがない。", ""]),
    ("番号,意見\r\n1,道が暗い。\r\n2,公園がほしい。\r\n\x1a", ["1", "2"], ["道が暗い。", "公園がほしい。"]),
    ("\ufeff番号,意見\r\n1,道が暗い。\r\n\ufeff番号,意見\r\n2,公園がほしい。\r\n", ["1", "2"], ["道が暗い。", "公園がほしい。"]),
    ('番号,意見\r\n="001",道が暗い。\r\n="002",="公園"がほしい。\r\n', ["001", "002"], ["道が暗い。", '="公園"がほしい。']),
    ("<h1>1</h1>\r\n道が暗い。\r\n<h1>2</h1>\r\n<h1>公園がほしい。\r\n", ["行2", "行4"], ["道が暗い。", "<h1>公園がほしい。"]),
], ids=["ragged rows", "end mark of DOS", "two files in one", "ids kept as formulas", "KH Coder"])
def test_marks_of_other_programs(data: str, ids: list[str], texts: list[str], tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes(data.encode())
    df = read_comments(tmp_path / "a.csv")
    assert (df.index.tolist(), df["text"].tolist()) == (ids, texts)


def test_lines_with_commas_are_not_cut(tmp_path: Path) -> None:
    lines = ["城北, 学校の近くに街灯をつけて", "バス, 電車が不便, 困る", "公園がほしい", "年代, 性別を聞くのはなぜか, 答えて, ほしい", "窓口が親切"]
    (tmp_path / "a.csv").write_text("\n".join(["ご意見", *lines]), encoding="utf-8")
    assert read_comments(tmp_path / "a.csv")["text"].tolist() == lines


@pytest.mark.parametrize("titles, heading", [([], ["ご意見"]), (["自由意見一覧", "令和8年度"], ["ご意見・ご要望"]), ([], [])])
@pytest.mark.parametrize("text", [None, "ご意見"])
def test_one_column_loses_no_comment_to_its_heading(titles: list[str], heading: list[str], text: str | None, tmp_path: Path) -> None:
    lines = ["地区の公園に遊具がほしい", "道が暗い", "年代を聞くのはなぜか", "ご意見箱を増やして", "窓口が親切", "自由に意見を書ける場がほしい", "バスがない"]
    (tmp_path / "a.csv").write_text("\n".join([*titles, *heading, *lines]), encoding="utf-8")
    if heading or text is None:
        assert read_comments(tmp_path / "a.csv", text=text)["text"].tolist() == lines
    else:
        with pytest.raises(ColumnNotFoundError):
            read_comments(tmp_path / "a.csv", text=text)


def test_what_is_told_about_odd_rows(tmp_path: Path) -> None:
    twice = [["番号", "ご意見"], ["1", "道が暗い。"], ["1", "道が暗い。"], ["2", ""], ["2", ""]]
    assert any("番号も本文も同じ行が 1 行あります（3 行目）" in w for w in read_comments(delimited(tmp_path / "a.csv", twice)).attrs["reading"].warnings)
    parts = [["ご意見"], ["【1 道路】"], ["道が暗い。"], ["【公園】がほしい。"]]
    df = read_comments(delimited(tmp_path / "b.csv", parts))
    assert len(df) == 3 and any("小見出しのような行があります（2 行目）" in w for w in df.attrs["reading"].warnings)
    tail = [["番号", "ご意見"], ["1", "道が暗い。"], ["", "計 1件"]]
    df = read_comments(delimited(tmp_path / "d.csv", tail))
    assert len(df) == 2 and any("注記のような行があります（3 行目）" in w for w in df.attrs["reading"].warnings)
    others = [["番号", "問12 自由記述", "問20 その他の意見"], *([str(i), long(i), long(i) if i % 2 else ""] for i in range(10))]
    assert any("「問20 その他の意見」（5 件）" in w for w in read_comments(delimited(tmp_path / "c.csv", others)).attrs["reading"].warnings)


def test_sheets_of_one_survey_and_a_selection_before_the_whole(tmp_path: Path) -> None:
    def page(head: str, n: int) -> list[list[str]]:
        return [["番号", head], *([str(i), long(i)] for i in range(n)), ["合計", f"{n}件"]]

    reading = read_comments(workbook(tmp_path / "a.xlsx", {"城北": page("ご意見", 3), "葛川": page("ご意見", 30)})).attrs["reading"]
    assert reading.sheet == "城北" and any("「葛川」（30 件）" in warning for warning in reading.warnings)
    short = [["番号", "ご意見"], ["1", "道が暗い"], ["2", "特になし"]]
    reading = read_comments(workbook(tmp_path / "b.xlsx", {"城北": page("ご意見", 9), "南原": short})).attrs["reading"]
    assert any("「南原」（2 件）" in warning for warning in reading.warnings)
    reading = read_comments(workbook(tmp_path / "c.xlsx", {"抜粋": page("主なご意見", 3), "全件": page("ご意見", 30)})).attrs["reading"]
    assert reading.sheet == "全件" and any("「抜粋」（3 件）" in warning for warning in reading.warnings)


def test_a_sheet_for_each_district_read_as_one(tmp_path: Path) -> None:
    def page(n: int, extra: str = "年代") -> list[list[str]]:
        return [["表題"], ["番号", extra, "ご意見"], *([str(i), "30代", long(i)] for i in range(n)), ["合計", "", f"{n}件"]]

    def hide(book: object, sheet: object) -> None:
        sheet.hide()  # type: ignore[attr-defined]

    sheets = {"城北": page(3), "集計": [["年代", "人数"], [1, 2], [3, 4]], "葛川": page(4, "職業"), "旧": page(2)}
    file = workbook(tmp_path / "a.xlsx", sheets, {"旧": hide})
    df = read_comments(file, sheet="全部")
    reading = df.attrs["reading"]
    assert df.index.tolist() == [f"城北/{i}" for i in range(3)] + [f"葛川/{i}" for i in range(4)]
    assert list(df.columns) == ["text", "シート", "年代", "職業"]
    assert df["text"].tolist() == [long(i) for i in (0, 1, 2, 0, 1, 2, 3)] and df["シート"].tolist() == ["城北"] * 3 + ["葛川"] * 4
    assert df["職業"].tolist() == [""] * 3 + ["30代"] * 4 and df["年代"].tolist() == ["30代"] * 3 + [""] * 4
    assert reading.rows_below_headings == reading.rows_read + len(reading.left_out) == 9
    assert [reason for _, reason in reading.left_out] == ["合計・小計の行（城北）", "合計・小計の行（葛川）"]
    told = "".join(reading.warnings)
    assert reading.id_column == "番号" and reading.sheet == "城北、葛川"
    assert "2 枚のシートを合わせて" in told and "読んでいません: 「集計」" in told and "非表示のシートは読んでいません: 「旧」" in told
    own = [["番号", "ご意見"], *([f"A{i}", long(i)] for i in range(3))]
    rest = [["番号", "ご意見"], *([f"B{i}", long(i)] for i in range(3))]
    assert read_comments(workbook(tmp_path / "b.xlsx", {"一": own, "二": rest}), sheet="全部").index.tolist() == ["A0", "A1", "A2", "B0", "B1", "B2"]
    assert read_comments(file, sheet="3").attrs["reading"].sheet == "葛川", "the command gives numbers as text"
    assert len(read_comments(workbook(tmp_path / "c.xlsx", {"一": own, "全部": rest}), sheet="全部")) == 3, "a sheet of that name"
    assert read_comments(delimited(tmp_path / "d.csv", own), sheet="全部").index.tolist() == ["A0", "A1", "A2"]


def test_a_sheet_without_a_named_column_is_told_by_sheet_and_column(tmp_path: Path) -> None:
    def page(extra: str, n: int) -> list[list[str]]:
        return [["番号", extra, "ご意見"], *([f"{extra}{i}", "30代", long(i)] for i in range(n))]

    codes = [["年代", "人数"], [1, 2], [3, 4]]
    file = workbook(tmp_path / "a.xlsx", {"城北": page("年代", 3), "葛川": page("職業", 4), "集計": codes, "南原": page("年代", 2)})
    for options in ({"attributes": ["年代"]}, {"id": "年代"}):
        df = read_comments(file, sheet="全部", **options)  # type: ignore[arg-type]
        warnings = df.attrs["reading"].warnings
        option = next(iter(options))
        assert df["シート"].tolist() == ["城北"] * 3 + ["南原"] * 2
        assert any(w.startswith("シート「葛川」（4 行）は、本文の見出しは同じですが") and f"{option}='年代' という列がありません" in w for w in warnings)
        assert any(w.endswith("読んでいません: 「集計」。") for w in warnings), "another kind of sheet"
        assert df.attrs["reading"].other_sheets == ("集計", "葛川")
    assert len(read_comments(file, sheet="全部", attributes=["番号"])) == 9


def test_a_failed_formula_is_no_comment() -> None:
    assert row_status(pd.Series(["#N/A", "#REF!", "＃Ｎ／Ａ", "#DIV/0!", "#市政への提案"])).tolist() == ["no_content"] * 4 + ["ok"]
