"""Files that a tester in a clerk's place met: headings that look like answers, answers that look like headings, shifted rows."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.office_files import workbook
from textlens.errors import ColumnNotFoundError, EncodingError, InputFileError
from textlens.tables.reading import read_comments

SAID = [f"{what}が{how}ので、{who}が困っています。" for what in ("街灯", "歩道", "バス停") for how in ("遠い", "暗い") for who in ("子ども", "親", "私")]


def read(folder: Path, rows: list[list[Any]], **options: Any) -> Any:
    return read_comments(workbook(folder / "a.xlsx", {"回答": rows}), **options)


def read_text(folder: Path, content: str | bytes, name: str = "a.csv") -> Any:
    (folder / name).write_bytes(content if isinstance(content, bytes) else content.encode())
    return read_comments(folder / name)


@pytest.mark.parametrize(
    "heading", [["ご意見", "その他"], ["番号", "20代", "30代", "ご意見"], ["No", "男", "女", "その他", "ご意見"], ["年代", "性別", "無回答", "ご意見"]]
)
def test_values_are_headings_beside_a_heading(heading: list[str], tmp_path: Path) -> None:
    filled = {"ご意見": SAID, "番号": range(1, 99), "No": range(1, 99), "年代": ["60代"] * 99, "性別": ["男", "女"] * 50}
    rows = [[(filled.get(name) or [1, 0] * 50)[i] for name in heading] for i in range(len(SAID))]
    frame = read(tmp_path, [heading, *rows])
    assert frame["text"].tolist() == SAID


@pytest.mark.parametrize("first", ["ごみ袋の値段が高いと思う", "バスが減った理由を知りたい", "ごみの収集に意見がある", "市への要望です"])
def test_a_first_comment_is_no_heading(first: str, tmp_path: Path) -> None:
    assert read(tmp_path, [[first], ["公園が暗い"], ["道がせまい"]])["text"].tolist() == [first, "公園が暗い", "道がせまい"]
    beside = read(tmp_path, [["北地区", first], ["南地区", "公園が暗い"], ["南地区", "道がせまい"]])
    assert beside["text"].tolist()[0] == first


def test_a_named_heading_is_not_looked_for_in_comments(tmp_path: Path) -> None:
    rows = [["ご意見", "その他"], ["市民の意見を聞いて", "意見箱を置いて"], *([said, said[::-1]] for said in SAID)]
    assert read(tmp_path, rows, text="意見")["text"].tolist() == ["市民の意見を聞いて", *SAID]


@pytest.mark.parametrize("wrong", [[1], [1, 2, 3], range(1, 18, 2)])
def test_a_comma_too_many_is_refused_wherever_it_stands(wrong: list[int], tmp_path: Path) -> None:
    lines = [f"{i},{'道が,暗い' if i in wrong else '道が暗い'},60代" for i in range(1, 19)]
    with pytest.raises(InputFileError, match="列が多く"):
        read_text(tmp_path, "番号,ご意見,年代\n" + "\n".join(lines) + "\n")


def test_respondents_who_ticked_one_answer_are_kept(tmp_path: Path) -> None:
    rows = [["満足度", "ご意見"], ["満足", "よい町です"], ["どちらかといえば満足している", None], ["どちらかといえば不満である", None]]
    assert len(read(tmp_path, rows)) == 3
    assert len(read(tmp_path, [["地区", "職業", "ご意見"], ["その他", "その他", None], *(["北", "農業", said] for said in SAID)])) == len(SAID) + 1
    assert len(read(tmp_path, [["部署", "ご意見"], ["会計", None], ["税務", SAID[0]], ["統計", None], ["福祉", SAID[1]]])) == 4


@pytest.mark.parametrize("label", ["合計：5件", "計　5件", "総数", "合計件数", "計（件）", "回答者数：5", "全5件", "以上5件", "平均値", "構成比(%)", "【合計】"])
def test_totals_are_left_out(label: str, tmp_path: Path) -> None:
    assert len(read(tmp_path, [["番号", "地区", "ご意見"], *([i, "北", SAID[i]] for i in range(5)), [label, None, None]])) == 5


def test_half_width_kana_and_a_stray_nul(tmp_path: Path) -> None:
    lines = "".join(f"{i},北,ｶﾞｲﾄｳｶﾞｸﾗｲﾉﾃﾞﾅｵｼﾃﾎｼｲ\r\n" for i in range(9))
    assert len(read_text(tmp_path, ("受付番号,地区,内容\r\n" + lines).encode("cp932"))) == 9
    for codec in ("cp932", "utf-8"):
        with pytest.raises(EncodingError, match="文字でない値"):
            read_text(tmp_path, "番号,ご意見\n1,道が暗い\0\n".encode(codec))


def test_one_line_of_a_list_is_one_comment(tmp_path: Path) -> None:
    assert read_text(tmp_path, '自由意見\n"いいまち"と言える市に\n"道が\n暗い"\n"公園"\n', "a.txt")["text"].tolist() == [
        '"いいまち"と言える市に', '"道が', '暗い"', "公園"]  # fmt: skip
    listed = read_text(tmp_path, "ご意見\n道が暗い,直してほしい\n公園が狭い,広くして\nバスが少ない,増やして\n")
    assert listed["text"].iloc[0] == "道が暗い,直してほしい"


def test_comments_are_no_ids(tmp_path: Path) -> None:
    for option in ({"id": "意見"}, {"attributes": ["意見"]}):
        with pytest.raises(ColumnNotFoundError, match="本文の列"):
            read(tmp_path, [["番号", "ご意見"], *([i, said] for i, said in enumerate(SAID))], **option)
