"""Several tables on one sheet: one is read, the others are told, none is mixed in."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.office_files import delimited, workbook
from textlens.errors import ColumnNotFoundError
from textlens.tables.reading import read_comments

HEADS = ["番号", "年代", "地区", "ご意見"]
FIRST = [["令和8年度調査"], ["【問1 バスについて】"], HEADS, *([i, "60代", "城北", f"バスが一日に{i}本しかなく、困っています。"] for i in range(1, 6))]
PARK = [f"公園の木が{i}本も枯れていて、危ないと思います。" for i in range(1, 4)]
SAME = [[], ["【問2 公園について】"], HEADS, *([i, "30代", "葛川", said] for i, said in enumerate(PARK, 1)), ["合計", None, None, "3件"]]
OTHER = [[], ["【問2 公園について】"], ["番号", "公園へのご意見", "性別"], *([i, said, "男"] for i, said in enumerate(PARK, 1))]


def book(folder: Path, rows: list[list[Any]], after: Any = None) -> Path:
    return workbook(folder / "a.xlsx", {"回答": rows}, {"回答": after} if after else None)


@pytest.mark.parametrize("below", [SAME, OTHER, [[], ["■公園について"], *OTHER[2:]], [[], ["問２　公園について", None, "3件"], *SAME[2:]],
                                   [["【問2 公園について】"], ["※自由記述"], *OTHER[2:]]])
def test_a_second_table_under_a_title_is_told_and_not_mixed_in(below: list[list[Any]], tmp_path: Path) -> None:
    rows = FIRST + below
    df = read_comments(book(tmp_path, rows))
    reading = df.attrs["reading"]
    assert df["text"].tolist() == [row[3] for row in FIRST[3:]] and df.index.tolist() == ["1", "2", "3", "4", "5"]
    assert list(df.columns) == ["text", "年代", "地区"] and reading.heading_rows == (3,)
    assert reading.rows_below_headings == len(rows) - 3 == reading.rows_read + len(reading.left_out)
    told = next(warning for warning in reading.warnings if "表が 2 つあり" in warning)
    assert "読んだのは「【問1 バスについて】」だけ" in told and f"{len(rows)} 行目、3 件" in told and "text=" in told
    assert {reason for _, reason in reading.left_out} <= {"空行", "表題の下の別の表"}


def test_the_second_table_is_read_when_named(tmp_path: Path) -> None:
    def merge(_: Any, page: Any) -> None:
        page.merge_range(9, 0, 9, 3, "【問2 公園について】")
        page.merge_range(12, 2, 13, 2, "男")

    file = book(tmp_path, FIRST + OTHER, merge)
    for options in ({"text": "公園への"}, {"text": "問2"}, {"attributes": ["性別"]}):
        df = read_comments(file, **options)  # type: ignore[arg-type]
        assert (df["text"].tolist(), df["性別"].tolist()) == (PARK, ["男", "男", "男"])
        assert df.attrs["reading"].heading_rows == (11,) and any("「【問1 バスについて】」（1〜8 行目" in w for w in df.attrs["reading"].warnings)
    df = read_comments(book(tmp_path, FIRST + SAME), text="問２")
    assert df["text"].tolist() == PARK and [row for row, _ in df.attrs["reading"].left_out] == [15]
    with pytest.raises(ColumnNotFoundError, match="表が 2 つあります: 「【問1 バスについて】」、「【問2 公園について】」"):
        read_comments(tmp_path / "a.xlsx", text="図書館")


def test_a_table_far_below_and_in_a_csv(tmp_path: Path) -> None:
    many = [[i, "60代", "城北", f"バスが一日に{i}本しかなく、困っています。"] for i in range(6, 90)]
    assert read_comments(book(tmp_path, FIRST + many + OTHER), text="公園へのご意見")["text"].tolist() == PARK
    rows = [[str(cell or "") for cell in row] + [""] * (4 - len(row)) for row in FIRST + OTHER]
    assert len(read_comments(delimited(tmp_path / "a.csv", rows, "cp932"))) == 5


def test_a_table_of_counts_above_the_comments(tmp_path: Path) -> None:
    counts = [["【問1 年代】"], ["年代", "人数"], ["60代", 3], ["30代", 4], []]
    df = read_comments(book(tmp_path, [*counts, *OTHER[1:]]))
    assert df["text"].tolist() == PARK and any("「【問1 年代】」（1〜4 行目、自由記述らしい列なし）" in w for w in df.attrs["reading"].warnings)
    facts = [["実施期間", "令和8年6月"], ["回収数", 3]]
    reading = read_comments(book(tmp_path, [*facts, *OTHER[1:]])).attrs["reading"]
    assert reading.title_rows == (1, 2, 3) and not reading.warnings


def test_the_same_headings_under_a_district_or_on_the_next_page_go_on(tmp_path: Path) -> None:
    def page(title: str, n: int) -> list[list[Any]]:
        return [[title], HEADS, *([n * 10 + i, "60代", "城北", f"道に穴が{i}か所あり、危ないです。"] for i in range(3)), []]

    df = read_comments(book(tmp_path, page("【城北地区】", 1) + page("【葛川地区】", 2)))
    assert len(df) == 6 and any("1 つの表として読みました（7 行目から）" in w for w in df.attrs["reading"].warnings)
    df = read_comments(book(tmp_path, page("【問20 自由記述】", 1) + page("【問20 自由記述（続き）】", 2)))
    assert len(df) == 6 and not df.attrs["reading"].warnings


def test_lists_of_one_column(tmp_path: Path) -> None:
    rows = [["【問1】"], ["ご意見"], ["道が暗い。"], ["バスがない。"], ["【問2】"], ["ご意見"], *([said] for said in PARK)]
    df = read_comments(book(tmp_path, rows))
    assert df["text"].tolist() == ["道が暗い。", "バスがない。"] and any("「【問2】」（5〜9 行目、3 件）" in w for w in df.attrs["reading"].warnings)
    kept = [["ご意見"], ["【1 道路】"], ["道が暗い。"], ["【2 公園】"], ["市への要望"], ["木を切って。"]]
    assert len(read_comments(book(tmp_path, kept))) == 5, "a comment under a section title is no heading"


def test_a_second_table_without_a_title_is_told(tmp_path: Path) -> None:
    df = read_comments(book(tmp_path, [*FIRST, [], ["公園について"], ["番号", "ご意見", "性別", "年代"], *([i, said, "男", "30代"] for i, said in enumerate(PARK))]))
    assert any("別の表の見出しのような行があります（11 行目）" in w for w in df.attrs["reading"].warnings)
    below = [*FIRST, [], ["番号", "性別", "公園へのご意見"], *([i, "男", said] for i, said in enumerate(PARK))]
    df = read_comments(book(tmp_path, below))
    assert len(df) == 5 and any("下にある別の表（10 行目から）に、自由記述らしい見出し" in w for w in df.attrs["reading"].warnings)
