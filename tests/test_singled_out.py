"""What an information officer sees before sharing: combinations of attributes and text, and what coarsening leaves."""

from __future__ import annotations

from itertools import product
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

import textlens as tl
from textlens import cli
from textlens.errors import ColumnNotFoundError, InputFileError, ParameterError
from textlens.office.tables import read_cells
from textlens.personal.kanonymity import KS
from textlens.report.attributes import RARE, shown_attributes
from textlens.report.profiles import load_profile
from textlens.report.singled_out import (
    AFTER,
    IN_TEXT,
    ROWS,
    SWEEP,
    VALUES,
    quasi_columns,
    singled_out,
    smallest_group,
)
from textlens.rules import use_dictionaries


def made(extra: list[tuple[str, str, str, str, str]] = []) -> tl.Analysis:  # noqa: B006
    rows = [("公園が狭い。", "女", "40代", "城北地区", "2人")] * 8 + [("図書館が遠い。", "男", "40代", "城南地区", "1人")] * 8
    frame = pd.DataFrame([*rows, *extra], columns=["text", "性別", "年代", "居住地区", "子どもの人数"])
    frame.index = pd.Index([f"{n:03d}" for n in range(len(frame))])
    return tl.analyze(frame.assign(回収方法=["郵送"] * (len(frame) - 1) + ["高校"]), n_topics=0)


PLANTED = [("離婚を5回した者です。", "女", "40代", "城北地区", "2人"), ("道が暗い。", "女", "40代", "城北地区", "5人")]


def test_planted_ones_are_found_in_columns_and_in_the_text() -> None:
    frames = singled_out(made(PLANTED), quasi_columns(made(PLANTED)), fraction=1 / 40)
    rows = frames[ROWS].set_index("番号")
    assert set(rows.index) == {"016", "017"}
    assert rows.at["016", IN_TEXT] == "結婚・離婚の回数 5" and rows.at["016", "一人に絞れる属性"] == IN_TEXT
    assert rows.at["017", "一人に絞れる属性"] == "子どもの人数"
    assert rows["推定の人数"].tolist() == [40, 40]
    assert frames[VALUES]["値"].tolist() == ["5人", "結婚・離婚の回数 5"]
    sweep = frames[SWEEP]
    assert sweep["k（最小の人数）"].tolist() == list(KS) and sweep["満たない回答"].is_monotonic_increasing
    assert not any("離婚を" in str(frame.to_numpy()) for frame in frames.values()), "the tables hold no text"


def test_every_row_says_why_it_is_on_the_list() -> None:
    two = [("道が暗い。", "女", "90代", "城北地区", "2人")] * 2
    every = [("水が濁る。", *values) for values in product("女男", ("50代", "60代"), ("西地区", "東地区"), ("4人", "3人"))]
    analysis = made([*two, *every[:-1] * 3, every[-1]])
    rows = singled_out(analysis, quasi_columns(analysis))[ROWS].set_index("番号")
    assert rows["一人に絞れる属性"].to_dict() == {"063": "性別×年代×居住地区×子どもの人数", "016": "年代（2 人）", "017": "年代（2 人）"}


def test_those_who_were_all_asked_do_not_shrink_and_a_table_of_the_town_counts(tmp_path: Path) -> None:
    analysis, columns = made(PLANTED), ["居住地区", "子どもの人数"]
    rows = singled_out(analysis, columns, fraction=1 / 40, census={"回収方法": "高校"})[ROWS].set_index("番号")
    assert rows["推定の人数"].to_dict() == {"016": 40, "017": 1}
    town = tmp_path / "人口.csv"
    town.write_text("居住地区,子どもの人数,人数\n城北地区,5人,7\n城北地区,2人,\"1,200\"\n", encoding="utf-8")
    rows = singled_out(analysis, columns, fraction=1 / 40, population=read_cells(town, "人口表"))[ROWS].set_index("番号")
    assert rows["推定の人数"].to_dict() == {"016": 1200, "017": 7}
    town.write_text("町,人数\nA,1\n", encoding="utf-8")
    with pytest.raises(ColumnNotFoundError, match="人口表"):
        singled_out(analysis, columns, population=read_cells(town, "人口表"))
    with pytest.raises(InputFileError, match="ない.csv"):
        singled_out(analysis, columns, population=read_cells(tmp_path / "ない.csv", "人口表"))
    with pytest.raises(ParameterError, match="census"):
        singled_out(analysis, columns, census={"回収方法": "海外"})


def test_what_says_nothing_about_who_is_left_out() -> None:
    assert quasi_columns(made()) == ["性別", "年代", "居住地区", "子どもの人数"]
    with pytest.raises(ColumnNotFoundError, match="血液型"):
        quasi_columns(made(), ["血液型"])


def test_a_single_hidden_row_takes_the_next_ones_with_it() -> None:
    analysis = made([("道が暗い。", "男", "10代", "城北地区", "0人")])
    shown = shown_attributes(analysis.comments, analysis.attributes, load_profile("庁内共有"))
    assert (shown["年代"] == RARE).sum() >= 3
    assert smallest_group(analysis, "庁内共有")["smallest"] >= 3
    after = singled_out(analysis, ["性別"])[AFTER]
    assert after[["範囲", "粗くする", "基準に満たない回答"]].to_numpy().tolist() == [["庁内共有", "前", 1], ["庁内共有", "後", 0]]


def test_an_attribute_an_office_adds_counts_in_the_combination(tmp_path: Path) -> None:
    folder = tmp_path / "辞書" / "report"
    folder.mkdir(parents=True)
    (folder / "profiles.tsv").write_text("setting\t担当内\t庁内共有\t公表\nattributes\t.*\t性別|年代|地区|子どもの人数\t^$\n", encoding="utf-8")
    analysis = made(PLANTED)
    use_dictionaries(tmp_path / "辞書")
    try:
        shown = shown_attributes(analysis.comments, analysis.attributes, load_profile("庁内共有"))
    finally:
        use_dictionaries(None)
    assert shown.at["017", "子どもの人数"] == RARE and "5人" not in set(shown["子どもの人数"])


def test_the_review_sheet_carries_them_and_says_how_many(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    made(PLANTED).save(tmp_path / "結果" / "表")
    ask = ["review", str(tmp_path / "結果"), "--out", str(tmp_path / "確認.xlsx")]
    assert cli.main([*ask, "--quasi", "居住地区,子どもの人数", "--fraction", "0.025", "--census", "回収方法=高校"]) == 0
    assert "一人に絞れる回答 2 件" in capsys.readouterr().out
    book = openpyxl.load_workbook(tmp_path / "確認.xlsx")
    assert [name for name in (SWEEP, ROWS, VALUES, AFTER) if name in book.sheetnames] == [SWEEP, ROWS, VALUES, AFTER]
    assert [book[ROWS].cell(r, 1).value for r in (6, 7)] == ["016", "017"]
    assert cli.main([*ask, "--census", "高校"]) == 2 and cli.main([*ask, "--fraction", "2"]) == 2
