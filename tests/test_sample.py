"""The sample survey: the master is sound, and the office files are what it builds."""

from __future__ import annotations

import csv
import io
import json
import re
from collections import Counter
from pathlib import Path

import pandas as pd
import pytest
from openpyxl import load_workbook
from openpyxl.workbook import Workbook

from textlens.errors import InputFileError, ParameterError
from textlens.sample import COLUMNS, build, load_master, sample_survey_path

RUN = 15
FORM_LETTER = "川東温水プールの廃止に"
ALLOWED = {
    "回収方法": {"郵送", "Web", "高校"},
    "性別": {"男性", "女性", "回答しない", "その他", "無回答"},
    "年代": {"10代", "20代", "30代", "40代", "50代", "60代", "70代", "80歳以上", "無回答"},
    "居住地区": {"本町", "城北", "城南", "川東", "桐ケ丘", "潮見", "上柿", "三ツ又", "御園", "瀬ノ尾"},
    "公開同意": {"可", "不可", "未記入"},
    "種別": {"", "苦情", "要望", "提案", "感謝", "質問", "意見", "その他"},
}


@pytest.fixture(scope="module")
def master() -> pd.DataFrame:
    return load_master()


@pytest.fixture(scope="module")
def comments(master: pd.DataFrame) -> pd.Series:
    """Texts with something in them, without the form letter and its near copies."""
    texts = master.set_index("id")["自由意見"]
    return texts[(texts.str.len() >= RUN) & ~texts.str.contains(FORM_LETTER)]


def runs(text: str) -> set[str]:
    return {text[i : i + RUN] for i in range(len(text) - RUN + 1)}


def cells(book: Workbook) -> dict[str, list[tuple[str, object, str]]]:
    return {
        sheet.title: [(c.coordinate, c.value, c.data_type) for row in sheet.iter_rows() for c in row]
        for sheet in book
    }


def test_ids_have_five_digits_and_are_unique_and_sorted(master: pd.DataFrame) -> None:
    assert tuple(master.columns) == COLUMNS
    assert master["id"].str.fullmatch(r"\d{5}").all()
    assert master["id"].is_unique
    assert master["id"].is_monotonic_increasing


@pytest.mark.parametrize("column", ALLOWED)
def test_attributes_hold_known_values_only(master: pd.DataFrame, column: str) -> None:
    assert set(master[column]) == ALLOWED[column]


def test_numbers_are_in_range(master: pd.DataFrame) -> None:
    assert master["問12満足度"].dropna().between(1, 5).all()
    assert master["子どもの人数"].dropna().between(0, 9).all()
    assert master["受付日"].between("2026-06-01", "2026-07-31").all()


def test_some_rows_are_blank_and_most_of_the_rest_says_something(master: pd.DataFrame) -> None:
    texts = master["自由意見"]
    assert 600 <= len(master) <= 640
    assert (texts == "").sum() >= 60
    assert (texts.str.len() >= RUN).sum() >= 400
    assert (texts.str.len() >= 200).sum() >= 20
    assert texts.str.contains("\n").sum() >= 15


def test_no_two_comments_share_a_run_of_fifteen_characters(comments: pd.Series) -> None:
    seen: dict[str, str] = {}
    for number, text in comments.items():
        for run in runs(text):
            assert seen.setdefault(run, str(number)) == number


def test_the_form_letter_is_there_six_times_and_three_times_nearly(master: pd.DataFrame) -> None:
    letters = master.loc[master["自由意見"].str.contains(FORM_LETTER), "自由意見"]
    assert sorted(Counter(letters).values()) == [1, 1, 1, 6]


def test_no_run_comes_from_the_development_data(comments: pd.Series, shared_data: Path) -> None:
    ours = {run for text in comments for run in runs(text)}
    for path in sorted((shared_data / "gold").glob("*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            for value in json.loads(line).values():
                if isinstance(value, str):
                    assert not runs(value) & ours, path.name


def test_telephone_numbers_and_addresses_cannot_be_real(master: pd.DataFrame) -> None:
    text = "\n".join(master["自由意見"])
    for number in re.findall(r"0\d{1,4}-\d{2,4}-\d{4}", text):
        assert "0000" in number
    for mail in re.findall(r"[\w.]+@([\w.]+\.\w+)", text, flags=re.ASCII):
        assert mail in {"example.com", "example.jp"}
    assert not re.search(r"https?://(?!example\.)", text)


def test_committed_workbook_is_the_one_the_master_builds(tmp_path: Path) -> None:
    rebuilt, _ = build.build(tmp_path)
    old, new = load_workbook(sample_survey_path("xlsx")), load_workbook(rebuilt)
    assert old.sheetnames == new.sheetnames == ["自由意見", "集計", "コード表"]
    assert cells(old) == cells(new)
    for left, right in zip(old, new, strict=True):
        assert {str(area) for area in left.merged_cells.ranges} == {str(area) for area in right.merged_cells.ranges}
        assert {k for k, d in left.column_dimensions.items() if d.hidden} == {
            k for k, d in right.column_dimensions.items() if d.hidden
        }


def test_committed_csv_is_the_one_the_master_builds(tmp_path: Path) -> None:
    _, rebuilt = build.build(tmp_path)
    assert sample_survey_path("csv").read_bytes() == rebuilt.read_bytes()


def test_the_same_workbook_gives_the_same_bytes(tmp_path: Path) -> None:
    master = load_master()
    assert build.xlsx_bytes(build.build_workbook(master)) == build.xlsx_bytes(build.build_workbook(master))


def test_workbook_holds_every_comment_verbatim_and_as_text(master: pd.DataFrame) -> None:
    sheet = load_workbook(sample_survey_path())["自由意見"]
    last = build.FIRST_DATA_ROW + len(master) - 1
    column = [sheet.cell(row, build.TEXT_COLUMN) for row in range(build.FIRST_DATA_ROW, last + 1)]
    assert [cell.value or "" for cell in column] == list(master["自由意見"])
    assert {cell.data_type for cell in column if cell.value} == {"s"}
    assert any(str(cell.value).startswith("=") for cell in column)
    ids = [sheet.cell(row, 1).value for row in range(build.FIRST_DATA_ROW, last + 1)]
    assert ids == list(master["id"])


def test_workbook_is_as_ugly_as_real_ones() -> None:
    sheet = load_workbook(sample_survey_path())["自由意見"]
    areas = {str(area) for area in sheet.merged_cells.ranges}
    assert {"A1:O1", "D4:J4", "A4:A5", "O4:O5"} <= areas
    assert sum(re.fullmatch(r"F\d+:F\d+", area) is not None for area in areas) >= 10
    assert not any(area.startswith("O") and area != "O4:O5" for area in areas)
    assert sheet.column_dimensions["K"].hidden
    ages = {sheet.cell(row, 5).value for row in range(build.FIRST_DATA_ROW, sheet.max_row + 1)}
    assert {"60代", "６０代", "60歳代", "60～69歳"} <= ages


def test_csv_differs_from_the_workbook_only_where_cp932_ends(master: pd.DataFrame) -> None:
    raw = sample_survey_path("csv").read_bytes().decode("cp932")
    rows = list(csv.reader(io.StringIO(raw, newline="")))
    data = rows[build.FIRST_DATA_ROW - 1 : build.FIRST_DATA_ROW - 1 + len(master)]
    texts = [row[build.TEXT_COLUMN - 1] for row in data]
    changed = [new for new, old in zip(texts, master["自由意見"], strict=True) if new != old]
    assert texts == [build.to_cp932(text).decode("cp932") for text in master["自由意見"]]
    assert changed
    assert all("?" in text for text in changed)


def test_unknown_kind_is_refused() -> None:
    with pytest.raises(ParameterError, match="kind"):
        sample_survey_path("ods")  # type: ignore[arg-type]


def test_damaged_master_is_refused_without_its_words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "survey.tsv").write_text("\t".join(COLUMNS) + "\n00001\tひみつの言葉\n", encoding="utf-8")
    monkeypatch.setattr("textlens.sample._FOLDER", tmp_path)
    with pytest.raises(InputFileError, match="2 行目") as caught:
        load_master()
    assert "ひみつ" not in str(caught.value)
