"""Reading office files: columns, headings, rows, and every character as it stands."""

from __future__ import annotations

import copy
import csv
import datetime as dt
import json
import logging
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.office_files import delimited, survey, workbook
from textlens.errors import ColumnNotFoundError, TextColumnError
from textlens.tables.attributes import normalize_attributes
from textlens.tables.read_words import key, words
from textlens.tables.reading import read_comments

CASES = Path(__file__).parent / "cases"
NASTY = "①㈱髙﨑～ｶﾞ\\|\"'“”=1+2 @-"
EMOJI = "𠮷野家前⛄👍🏽 ü ­\u200d é"


def cases(name: str) -> list[Any]:
    with (CASES / name).open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))
    marks = {"xfail": [pytest.mark.xfail(strict=True)]}
    return [pytest.param(row, id=row["id"], marks=marks.get(row["status"], [])) for row in rows]


def cell(kind: str, i: int) -> str:
    """One made-up cell of a kind of column."""
    return {
        "id": f"{i + 1:04d}", "sex": ("男", "女", "無回答")[i % 3], "age": f"{i % 7 + 1}0代", "code": str(i % 5 + 1),
        "area": ("城北", "葛川", "南原")[i % 3], "date": f"2026/7/{i % 28 + 1}", "name": ("青葉", "若草", "港")[i % 3],
        "tel": f"0900000{i:04d}", "short": ("窓口", "電話", "手紙")[i % 3], "blank": "",
        "long": f"バスが一日に{i % 9}本しかないので、{('通院', '買い物', '通学')[i % 3]}に困っています。増やしてほしいです。（{i}）",
    }[kind]


@pytest.mark.parametrize("case", cases("reading_columns.tsv"))
def test_finds_id_and_text(case: dict[str, str], tmp_path: Path) -> None:
    names, kinds = zip(*(part.strip().rsplit(":", 1) for part in case["text"].split(" | ")), strict=True)
    rows = [list(names), *([cell(kind, i) for kind in kinds] for i in range(30))]
    reading = read_comments(delimited(tmp_path / "a.csv", rows, "cp932")).attrs["reading"]
    assert f"{reading.id_column}/{reading.text_column}" == case["expected"], case["why"]


@pytest.mark.parametrize("name", ["headings", "rows", "attribute_values", "group_columns", "table_titles"])
def test_dictionary_rows_test_themselves(name: str) -> None:
    rows = words(name)
    assert len({row.id for row in rows}) == len(rows)
    for row in rows:
        assert row.hits(key(row.example).replace("～", "-").replace("〜", "-").replace("~", "-")) or row.hits(key(row.example)), row.id
        assert not row.counterexample or not row.hits(key(row.counterexample)), row.id


def test_annual_survey_workbook(tmp_path: Path) -> None:
    df = read_comments(survey(tmp_path / "調査.xlsx", 40))
    reading = df.attrs["reading"]
    assert (reading.sheet, reading.title_rows, reading.heading_rows) == ("自由記述", (1, 2), (4, 5))
    assert list(df.columns) == ["text", "性　別", "年代", "居住地区", "満足度"]
    assert df.index.tolist()[:2] == ["0001", "0002"]
    assert df["居住地区"].eq("城北").all(), "merged cells are filled down"
    assert df["text"].iloc[2] == "", "but never the text"
    assert df["満足度"].tolist()[:2] == ["1", "2"]
    assert [row for row, _ in reading.left_out] == [46, 47, 48]
    assert reading.rows_below_headings == reading.rows_read + len(reading.left_out) == 43
    assert reading.hidden_columns == ("内部区分",)


def test_old_xls_tells_the_same_as_xlsx(tmp_path: Path) -> None:
    """The fixture is ``survey(path, 12)`` saved as Excel 97 by LibreOffice."""
    old, new = read_comments(CASES / "reading_survey.xls"), read_comments(survey(tmp_path / "a.xlsx", 12))
    pd.testing.assert_frame_equal(old, new)
    assert old.attrs["reading"]._replace(file="", format="") == new.attrs["reading"]._replace(file="", format="")


def test_text_is_never_filled_down(tmp_path: Path) -> None:
    def merge(book: Any, page: Any) -> None:
        page.merge_range(1, 2, 3, 2, "子どもが遊べる公園が近くにほしい。")
        page.merge_range(1, 1, 3, 1, "葛川")

    rows = [["番号", "地区", "ご意見"], ["1", None, None], ["2", None, None], ["3", None, None], ["4", "南原", "道路の穴を直してほしい。"]]
    df = read_comments(workbook(tmp_path / "a.xlsx", {"一覧": rows}, {"一覧": merge}))
    assert df["地区"].tolist() == ["葛川", "葛川", "葛川", "南原"]
    assert df["text"].tolist() == ["子どもが遊べる公園が近くにほしい。", "", "", "道路の穴を直してほしい。"]
    assert any("縦の結合セル" in warning for warning in df.attrs["reading"].warnings)


def test_three_heading_rows_in_csv(tmp_path: Path) -> None:
    rows = [["市民の声 集計用", "", "", "", "", ""], ["整理番号", "回答者", "", "", "施策", ""], ["", "基本", "", "居住", "評価", "自由記述"],
            ["", "性別", "年代", "地区", "満足度", "ご意見"]]
    rows += [[cell(kind, i) for kind in ("id", "sex", "age", "area", "code", "long")] for i in range(20)]
    df = read_comments(delimited(tmp_path / "a.csv", rows))
    assert df.attrs["reading"].heading_rows == (2, 3, 4)
    assert list(df.columns) == ["text", "性別", "年代", "地区", "満足度"]
    assert len(df) == 20


def test_same_lower_heading_is_told_apart_by_the_upper_one(tmp_path: Path) -> None:
    rows = [["番号", "道路", "", "公園", "", "ご意見"], ["", "満足度", "重要度", "満足度", "重要度", ""]]
    rows += [[cell(kind, i) for kind in ("id", "code", "code", "code", "code", "long")] for i in range(20)]
    df = read_comments(delimited(tmp_path / "a.csv", rows))
    assert list(df.columns) == ["text", "道路／満足度", "道路／重要度", "公園／満足度", "公園／重要度"]
    assert list(read_comments(tmp_path / "a.csv", attributes=["公園／重要度"]).columns) == ["text", "公園／重要度"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp932", "euc_jp", "iso2022_jp"])
@pytest.mark.parametrize("newline", ["\r\n", "\n"])
def test_encodings(encoding: str, newline: str, tmp_path: Path) -> None:
    texts = ["公園の草が伸びています。\n早く刈ってほしい。", "図書館は静かでよい。", ""]
    rows = [["整理番号", "ご意見"], *([f"{i:03d}", text] for i, text in enumerate(texts))]
    df = read_comments(delimited(tmp_path / "a.csv", rows, encoding, newline=newline))
    assert df["text"].tolist() == texts
    assert df.index.tolist() == ["000", "001", "002"]


def test_vendor_characters_survive_cp932(tmp_path: Path) -> None:
    rows = [["番号", "意見"], *([str(i), f"{NASTY}が読めません。{i}"] for i in range(3))]
    file = delimited(tmp_path / "納品.csv", rows, "cp932")
    assert read_comments(file)["text"].tolist() == [row[1] for row in rows[1:]]
    assert read_comments(file, encoding="Shift_JIS")["text"].tolist() == [row[1] for row in rows[1:]]


_TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00\ufeff"), max_size=60)
_MANY = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@_MANY
@given(st.lists(_TEXTS, min_size=1, max_size=8))
def test_round_trip_csv(tmp_path: Path, texts: list[str]) -> None:
    rows = [["整理番号", "自由記述", "地区"], *([f"A{i}", text, "城北"] for i, text in enumerate(texts))]
    with (tmp_path / "a.csv").open("w", encoding="utf-8-sig", newline="") as target:
        csv.writer(target, quoting=csv.QUOTE_ALL).writerows(rows)
    assert read_comments(tmp_path / "a.csv", text="自由記述")["text"].tolist() == texts


@_MANY
@given(st.lists(_TEXTS.map(lambda t: t.encode("cp932", "ignore").decode("cp932")), min_size=1, max_size=8))
def test_round_trip_cp932(tmp_path: Path, texts: list[str]) -> None:
    rows = [["整理番号", "自由記述", "地区"], *([f"A{i}", text, "城北"] for i, text in enumerate(texts))]
    with (tmp_path / "a.csv").open("w", encoding="cp932", newline="") as target:
        csv.writer(target, quoting=csv.QUOTE_ALL).writerows(rows)
    assert read_comments(tmp_path / "a.csv", text="自由記述", encoding="cp932")["text"].tolist() == texts


@_MANY
@given(st.lists(_TEXTS, min_size=1, max_size=8))
def test_round_trip_xlsx(tmp_path: Path, texts: list[str]) -> None:
    rows = [["整理番号", "自由記述", "地区"], *([f"A{i}", text, "城北"] for i, text in enumerate(texts))]
    df = read_comments(workbook(tmp_path / "a.xlsx", {"表": rows}), text="自由記述")
    assert df["text"].tolist() == texts


def test_shown_numbers_and_dates(tmp_path: Path) -> None:
    def write(book: Any, page: Any) -> None:
        for row, value in enumerate([7, 12, 345], 1):
            page.write_number(row, 0, value, book.add_format({"num_format": "00000"}))
        page.write_datetime(2, 1, dt.datetime(2026, 3, 1), book.add_format({"num_format": 'm"月"d"日"'}))
        page.write_number(3, 1, 24)
        page.write_formula(1, 2, '="城"&"北"', None, "城北")
        page.write_formula(2, 2, "=NA()", None, "#N/A")

    rows = [["管理番号", "ご意見", "地区"], [None, "窓口の案内が分かりにくく、何度も並び直しました。"], [None], [None]]
    df = read_comments(workbook(tmp_path / "a.xlsx", {"表": rows}, {"表": write}))
    assert df.index.tolist() == ["00007", "00012", "00345"]
    assert df["text"].tolist()[1:] == ["3月1日", "24"]
    assert df["地区"].tolist() == ["城北", "#N/A", ""]
    warnings = "".join(df.attrs["reading"].warnings)
    assert "日付になったセルが 1 件" in warnings and "#N/A" in warnings and "数字だけのセルが 1 件" in warnings


def test_total_words_inside_comments_are_kept(tmp_path: Path) -> None:
    rows = [["番号", "地区", "ご意見"], ["1", "城北", "合計"], ["2", "城北", "※ バスの本数を増やしてほしい。"],
            ["", "", "※ 無記名ですが、街灯をつけてください。"], ["合計", "", "3件"]]
    df = read_comments(delimited(tmp_path / "a.csv", rows))
    assert df["text"].tolist() == ["合計", "※ バスの本数を増やしてほしい。", "※ 無記名ですが、街灯をつけてください。"]
    assert df.attrs["reading"].left_out == ((5, "合計・小計の行"),)


def test_blank_rows_repeated_headings_and_subtotals(tmp_path: Path) -> None:
    heads = ["番号", "地区", "ご意見"]
    rows = [heads, ["1", "城北", "道が暗くて怖いです。"], ["2", "", ""], ["", "", ""], ["小　計", "", "2件"], heads, ["3", "葛川", "公園がきれいです。"]]
    df = read_comments(delimited(tmp_path / "a.csv", rows))
    assert df.index.tolist() == ["1", "2", "3"]
    assert df.attrs["reading"].left_out == ((4, "空行"), (5, "合計・小計の行"), (6, "見出しの繰り返し"))


def test_repeated_ids_become_row_numbers(tmp_path: Path) -> None:
    rows = [["ケース番号", "経過"], ["C1", "母より入電。見守り継続とのこと。"], ["C1", "再度来所。書類を渡した。"], ["C2", "電話相談。"]]
    df = read_comments(delimited(tmp_path / "a.csv", rows))
    assert df.index.tolist() == ["行2", "行3", "行4"]
    assert df["ケース番号"].tolist() == ["C1", "C1", "C2"]


def test_sheets(tmp_path: Path) -> None:
    def page(n: int) -> list[list[str]]:
        return [["番号", "ご意見"], *([str(i), cell("long", i + n)] for i in range(10))]

    def hide(book: Any, sheet: Any) -> None:
        sheet.hide()

    file = workbook(tmp_path / "a.xlsx", {"表紙": [["市民の声"]], "問１": page(0), "問２": page(9), "旧": page(5)}, {"旧": hide})
    reading = read_comments(file).attrs["reading"]
    assert reading.sheet == "問１" and reading.hidden_sheets == ("旧",)
    assert any("同じくらい" in warning and "問２" in warning for warning in reading.warnings)
    assert read_comments(file, sheet="問2").attrs["reading"].sheet == "問２"
    assert read_comments(file, sheet=3).attrs["reading"].sheet == "問２"
    assert read_comments(file, sheet="旧").attrs["reading"].sheet == "旧"


def test_named_columns(tmp_path: Path) -> None:
    rows = [["番号", "年　代", "問１２　理由", "問１３　ご意見"], *([cell(k, i) for k in ("id", "age", "long", "long")] for i in range(9))]
    file = delimited(tmp_path / "a.csv", rows)
    assert read_comments(file, text="問12").attrs["reading"].text_column == "問１２　理由"
    assert list(read_comments(file, attributes=["年代"]).columns) == ["text", "年　代"]
    with pytest.raises(ColumnNotFoundError, match="2 つあります"):
        read_comments(file, text="問1")
    with pytest.raises(ColumnNotFoundError, match="似た見出し: 「年　代」"):
        read_comments(file, attributes=["年令代"])
    with pytest.raises(TextColumnError, match="すべてが数字"):
        read_comments(file, text="番号")


def test_few_short_answers_do_not_make_free_text_an_attribute(tmp_path: Path) -> None:
    """Under 問30 その他ご意見 a few people wrote one of two remarks; under その他 they put a mark, under 理由 a number."""
    said = [("ありがとう", "○", "1"), ("図書館を増やして欲しい", "", "2"), ("", "", "3")]
    rows = [["番号", "年代", "問30　その他ご意見", "その他", "理由", "ご意見・ご要望"],
            *([cell("id", i), cell("age", i), *said[i % 3], cell("long", i)] for i in range(60))]  # fmt: skip
    file = delimited(tmp_path / "a.csv", rows)
    reading = read_comments(file).attrs["reading"]
    assert (reading.text_column, reading.attributes) == ("ご意見・ご要望", ("年代", "その他", "理由"))
    assert "属性にしなかった列（自由記述らしい見出しの列）: 「問30　その他ご意見」" in reading.summary()
    assert "問30　その他ご意見" in read_comments(file, attributes=["問30"])


def test_personal_columns_only_when_named(tmp_path: Path) -> None:
    rows = [["番号", "氏名", "本文"], *([cell(k, i) for k in ("id", "name", "long")] for i in range(9))]
    file = delimited(tmp_path / "a.csv", rows)
    assert read_comments(file).attrs["reading"].skipped_columns == (("氏名", "個人情報の列"),)
    assert "氏名" in read_comments(file, attributes=["氏名"])


def test_duplicate_and_reserved_headings(tmp_path: Path) -> None:
    rows = [["番号", "地区", "地区", "text", "ご意見"], *([cell(k, i) for k in ("id", "area", "area", "area", "long")] for i in range(9))]
    df = read_comments(delimited(tmp_path / "a.csv", rows), text="ご意見", attributes=["地区", "地区_2", "text"])
    assert list(df.columns) == ["text", "地区", "地区_2", "text_2"]
    assert any("同じ見出し" in warning for warning in df.attrs["reading"].warnings)


def test_no_heading_row(tmp_path: Path) -> None:
    (tmp_path / "声.txt").write_text("街灯が少ない。\nバス, 電車が不便です。\n公園が好きです。\n", encoding="utf-8")
    df = read_comments(tmp_path / "声.txt")
    assert df["text"].tolist() == ["街灯が少ない。", "バス, 電車が不便です。", "公園が好きです。"]
    assert df.index.tolist() == ["行1", "行2", "行3"]


def test_account_is_plain_and_holds_no_comment(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    rows = [["番号", "ご意見"], ["1", "秘密のことばカナリア。"], ["2", "2026/3/1"], ["3", "カナリア\ufffd"], ["合計", "3件"]]
    with caplog.at_level(logging.INFO, logger="textlens"):
        df = read_comments(delimited(tmp_path / "a.csv", rows))
    reading = df.attrs["reading"]
    assert copy.deepcopy(reading) == reading and json.dumps(df.attrs)
    assert pd.concat([df, df]).attrs["reading"] == reading
    assert "カナリア" not in caplog.text + repr(reading) + reading.summary()
    assert "失われた文字" in caplog.text and str(tmp_path) not in caplog.text


def _layout(path: Path, text: str) -> Path:
    """Write a workbook from a case: rows by ``//``, cells by ``|``, ``>`` and ``^`` continue a merged cell."""
    rows = [[cell.strip() for cell in row.strip().split("|")] for row in text.split("//")]

    def merge(book: Any, page: Any) -> None:
        for r, cells in enumerate(rows):
            for c, value in enumerate(cells):
                right, down = c, r
                while right + 1 < len(cells) and cells[right + 1] == ">":
                    right += 1
                while down + 1 < len(rows) and len(rows[down + 1]) > c and rows[down + 1][c] == "^":
                    down += 1
                if value not in (">", "^") and (right, down) != (c, r):
                    page.merge_range(r, c, down, right, value)

    plain = [[None if value in (">", "^", "") else value for value in row] for row in rows]
    return workbook(path, {"一覧": plain}, {"一覧": merge})


@pytest.mark.parametrize("case", cases("reading_layouts.tsv"))
def test_layouts(case: dict[str, str], tmp_path: Path) -> None:
    df = read_comments(_layout(tmp_path / "a.xlsx", case["text"]))
    reading = df.attrs["reading"]
    found = f"{','.join(map(str, reading.heading_rows))}: {reading.id_column}/{reading.text_column} [{','.join(df.index)}]"
    assert found == case["expected"], case["why"]
    assert reading.rows_below_headings == reading.rows_read + len(reading.left_out)


_CELLS = st.sampled_from(["", "", "合計", "※注", "1", "男", "60代", "番号", "ご意見", "道が暗い。", "【城北】", "3件", "SA", "記入例", "2026/3/1", " "])


@_MANY
@given(st.lists(st.tuples(_CELLS, _CELLS, _CELLS), min_size=1, max_size=12))
def test_every_row_is_accounted_for(tmp_path: Path, body: list[tuple[str, str, str]]) -> None:
    rows = [["整理番号", "地区", "自由記述"], ["1", "城北", "窓口の人が親切でした。"], *map(list, body)]
    df = read_comments(workbook(tmp_path / "a.xlsx", {"表": rows}), text="自由記述")
    reading = df.attrs["reading"]
    assert reading.rows_below_headings == len(df) + len(reading.left_out)
    first = reading.heading_rows[-1]
    out = {row for row, _ in reading.left_out}
    kept = [row for row in range(first + 1, first + 1 + reading.rows_below_headings) if row not in out]
    assert df["text"].tolist() == [rows[row - 1][2] for row in kept]
    lost = [rows[row - 1][2] for row, reason in reading.left_out if reason not in ("記入例の行", "表題の下の別の表")]
    assert all(text in ("", " ", "3件", "1", "自由記述", "SA") for text in lost), "only counts stand in rows left out"


@pytest.mark.parametrize("case", cases("reading_layouts.tsv"))
def test_layouts_saved_as_csv(case: dict[str, str], tmp_path: Path) -> None:
    """Without merged cells the columns and the rows must come out the same."""
    rows = [["" if cell.strip() in (">", "^") else cell.strip() for cell in row.split("|")] for row in case["text"].split("//")]
    width = max(map(len, rows))
    df = read_comments(delimited(tmp_path / "a.csv", [row + [""] * (width - len(row)) for row in rows], "cp932"))
    reading = df.attrs["reading"]
    assert f"{reading.id_column}/{reading.text_column} [{','.join(df.index)}]" == case["expected"].split(": ", 1)[1]


def test_attribute_values_get_one_spelling() -> None:
    df = pd.DataFrame({"text": ["６０代の意見", "", ""], "年代": ["６０代", "60～69歳", "ﾛｸ"], "性別": ["男", "", "無回答"], "地区": ["城北　", "01", ""]},
                      index=pd.Index(["a", "b", "c"], name="id"))
    before = df.copy()
    normalized, unknown = normalize_attributes(df)
    pd.testing.assert_frame_equal(df, before)
    assert normalized["text"].tolist() == df["text"].tolist() and normalized.index.equals(df.index)
    assert normalized["年代"].tolist() == ["60代", "60代", "ロク"]
    assert normalized["性別"].tolist() == ["男性", "", "無回答"], "a blank is not 無回答"
    assert normalized["地区"].tolist() == ["城北", "01", ""]
    assert unknown.to_dict("records") == [{"column": "年代", "value": "ﾛｸ", "n": 1}]
    with pytest.raises(ColumnNotFoundError, match="年令"):
        normalize_attributes(df, ["年令"])
