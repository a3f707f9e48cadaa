"""Sheets out and back: every row accounted for, two edits are two changes, damage is reported and not guessed."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from tests.office_round import DUE, TABLE, comments, fill, hand_out, heading_row, masked, through_libreoffice
from textlens.errors import AccountingError, DisclosureError, InputFileError, ParameterError
from textlens.office.collect import collect
from textlens.office.corrections import agreement, apply_corrections
from textlens.office.distribute import UNASSIGNED_FILE, distribute
from textlens.office.due import due_date, is_working_day

ROADS, PARKS, SCHOOLS = "K1_道路課.xlsx", "K2_公園課.xlsx", "K3_学校課.xlsx"


def edit(path: Path, change: object, sheet: str = "回答票") -> None:
    book = openpyxl.load_workbook(path)
    change(book[sheet])  # type: ignore[operator]
    book.save(path)


def test_every_row_has_a_place(tmp_path: Path) -> None:
    receipt = hand_out(tmp_path)
    places = receipt.groupby("id")["file"].agg(list).to_dict()
    assert places == {
        "0001": [ROADS], "0002": [ROADS, PARKS], "0003": [SCHOOLS], "0004": [UNASSIGNED_FILE],
        "0005": [ROADS, UNASSIGNED_FILE], "0006": [UNASSIGNED_FILE], "0009": [UNASSIGNED_FILE],
    }  # fmt: skip
    sheets = receipt[receipt["file"] == UNASSIGNED_FILE].set_index("id")["sheet"].to_dict()
    assert sheets == {"0006": "要振分", "0004": "課への割り振りなし", "0005": "所管外", "0009": "未分析"}


def test_what_a_sheet_shows(tmp_path: Path) -> None:
    hand_out(tmp_path)
    page = openpyxl.load_workbook(tmp_path / SCHOOLS)["回答票"]
    columns = heading_row(page)
    mark = str(page.cell(6, columns["注意"]).value)
    assert "教育委員会" in mark and "提供に当たるか要確認" in mark and "法的対応" in mark and "第三者" in mark
    roads = openpyxl.load_workbook(tmp_path / ROADS)
    page = roads["回答票"]
    assert page.cell(6, columns["本文（伏せたもの）"]).value == "=道路の穴を\n直して。"
    assert page.cell(6, columns["本文（伏せたもの）"]).data_type == "s"
    assert page.cell(6, columns["振り分けの根拠"]).value == "「道路の穴」＝道路の傷み"
    assert page.cell(6, columns["期限"]).value == DUE.isoformat()
    assert {v.formula1 for v in page.data_validations.dataValidation} == {"needed", "states", "departments"}
    assert page.cell(6, columns["状態"]).protection.locked is False and page.cell(6, 1).protection.locked


def test_original_text_never_leaves(tmp_path: Path) -> None:
    secret = comments().assign(text="ひみつの原文")
    distribute(secret, tmp_path / "a", departments=TABLE, masked=masked(), due=DUE)
    for path in (tmp_path / "a").glob("*.xlsx"):
        cells = [str(c.value) for s in openpyxl.load_workbook(path).worksheets for row in s.iter_rows() for c in row]
        assert not any("ひみつの原文" in c for c in cells)
    assert "ひみつ" not in (tmp_path / "a" / "配布控え.tsv").read_text(encoding="utf-8")
    with pytest.raises(DisclosureError):
        distribute(secret, tmp_path / "b", departments=TABLE, masked=masked().drop("0001"), due=DUE)
    with pytest.raises(AccountingError):
        distribute(pd.concat([secret, secret]), tmp_path / "c", departments=TABLE, masked=masked(), due=DUE)
    with pytest.raises(ParameterError, match="前の配布控え"):
        hand_out(tmp_path / "a")


def test_same_input_same_bytes(tmp_path: Path) -> None:
    hand_out(tmp_path / "a")
    hand_out(tmp_path / "b")
    assert [p.read_bytes() for p in sorted((tmp_path / "a").iterdir())] == [p.read_bytes() for p in sorted((tmp_path / "b").iterdir())]


@pytest.mark.parametrize("program", ["openpyxl", "LibreOffice"])
def test_two_edits_are_two_changes(tmp_path: Path, program: str) -> None:
    hand_out(tmp_path)
    fill(tmp_path / ROADS, {"0001": {"対応要否": "要"}, "0002": {"状態": "検討中"}})
    if program == "LibreOffice":
        soffice = shutil.which("soffice") or shutil.which("libreoffice")
        if soffice is None:
            pytest.skip("LibreOffice がないので飛ばします")
        for name in (ROADS, SCHOOLS):
            through_libreoffice(tmp_path / name, soffice, tmp_path)
    back = collect(tmp_path)
    assert back.changes[["id", "department", "column", "old", "new"]].values.tolist() == [
        ["0001", "K1", "対応要否", "", "要"], ["0002", "K1", "状態", "", "検討中"],
    ]  # fmt: skip
    assert back.problems.empty


def test_sorted_rows_are_matched_by_number(tmp_path: Path) -> None:
    hand_out(tmp_path)
    fill(tmp_path / ROADS, {"0005": {"対応要否": "不要"}})

    def turn(page: openpyxl.worksheet.worksheet.Worksheet) -> None:
        rows = [[c.value for c in row] for row in page.iter_rows(min_row=6, max_row=8)]
        for n, values in enumerate(reversed(rows), 6):
            for j, value in enumerate(values, 1):
                page.cell(n, j).value = value
                if isinstance(value, str):
                    page.cell(n, j).data_type = "s"  # openpyxl takes a leading = for a formula

    edit(tmp_path / ROADS, turn)
    back = collect(tmp_path)
    assert back.changes[["id", "new"]].values.tolist() == [["0005", "不要"]]
    assert back.problems["kind"].tolist() == ["並べ替え"]


def test_damage_is_reported_and_not_guessed(tmp_path: Path) -> None:
    hand_out(tmp_path)
    fill(tmp_path / ROADS, {"0001": {"対応要否": "要"}, "0002": {"対応要否": "要"}, "0005": {"状態": "ぼちぼち", "完了日": "そのうち"}})

    def shift_text(page: openpyxl.worksheet.worksheet.Worksheet) -> None:
        page.cell(6, 2, page.cell(7, 2).value)
        page.cell(9, 1, "9999")
        page.cell(10, 3, "メモ")

    edit(tmp_path / ROADS, shift_text)
    edit(tmp_path / PARKS, lambda page: page.delete_rows(6))
    edit(tmp_path / SCHOOLS, lambda page: page.delete_cols(heading_row(page)["状態"]))
    back = collect(tmp_path)
    found = set(zip(back.problems["file"], back.problems["id"], back.problems["kind"], strict=True))
    assert {
        (ROADS, "0001", "保護列が変わった"), (ROADS, "9999", "行が増えた"), (ROADS, "", "行が増えた"),
        (ROADS, "0005", "選択肢にない語"), (ROADS, "0005", "日付でない"), (PARKS, "0002", "行が消えた"), (SCHOOLS, "", "列が壊れた"),
    } == found  # fmt: skip
    assert back.changes[["id", "department"]].values.tolist() == [["0002", "K1"]]
    assert len(back.answers) == 9 and back.answers.loc[back.answers["returned"], "file"].tolist() == [ROADS] * 2
    assert not back.problems["message"].str.contains("メモ|ぼちぼち|道路の穴").any()


def test_double_numbers_missing_and_strange_files(tmp_path: Path) -> None:
    hand_out(tmp_path)
    fill(tmp_path / ROADS, {"0001": {"対応要否": "要"}})
    edit(tmp_path / ROADS, lambda page: page.cell(7, 1, "0001"))
    (tmp_path / PARKS).unlink()
    (tmp_path / SCHOOLS).write_bytes(b"not a workbook")
    (tmp_path / "メモ.xlsx").write_bytes(b"")
    back = collect(tmp_path)
    kinds = back.problems.groupby("file")["kind"].agg(set).to_dict()
    assert kinds[PARKS] == {"返送なし"} and kinds[SCHOOLS] == {"読めない"} and kinds["メモ.xlsx"] == {"知らないファイル"}
    assert kinds[ROADS] == {"番号が重複", "行が消えた"} and back.changes.empty
    with pytest.raises(InputFileError):
        collect(tmp_path / "nothing")


def test_who_took_what(tmp_path: Path) -> None:
    hand_out(tmp_path)
    fill(tmp_path / ROADS, {"0001": {"対応要否": "不要"}, "0002": {"対応要否": "要", "状態": "対応中"}})
    fill(tmp_path / PARKS, {"0002": {"対応要否": "要", "状態": "困難", "対応方針": "予算がない"}})
    fill(tmp_path / SCHOOLS, {"0003": {"対応要否": "要", "状態": "対応済", "完了日": date(2026, 5, 1)}})
    back = collect(tmp_path)
    assert back.taken_twice()["id"].tolist() == ["0002"]
    assert back.conflicts().values.tolist() == [["0002", "状態", "K1＝対応中、K2＝困難"]]
    assert "0001" in back.untaken()["id"].tolist() and "0003" not in back.untaken()["id"].tolist()
    counts = back.state_counts()
    assert counts["計"].sum() == len(back.answers) and counts.loc["K3", "対応済"] == 1
    late = back.overdue(date(2026, 5, 25))
    assert set(late["id"]) & {"0003", "0001"} == set() and (late["days"] == 5).all() and back.overdue(DUE).empty
    results = back.results()
    assert results[["id", "group"]].values.tolist() == [["0002", "実現・実現可能"], ["0002", "困難"], ["0003", "実現・実現可能"]]
    assert results["done"].tolist()[-1] == "2026-05-01"


def test_held_rows_wait_or_are_sent(tmp_path: Path) -> None:
    frame = comments()
    frame.loc["0001", "held"] = True
    distribute(frame, tmp_path / "a", departments=TABLE, masked=masked(), due=DUE)
    assert (tmp_path / "a" / UNASSIGNED_FILE).exists()
    a = distribute(frame, tmp_path / "b", departments=TABLE, masked=masked(), due=DUE, send_held=True)
    assert a[a["id"] == "0001"]["sheet"].tolist() == ["回答票", "要振分"]


@pytest.mark.parametrize(
    ("start", "days", "expected"),
    [
        (date(2026, 4, 28), 3, date(2026, 5, 7)),  # 昭和の日, 憲法記念日（日曜）→ 5/6 振替
        (date(2026, 12, 25), 2, date(2027, 1, 4)),  # 年末年始
        (date(2026, 9, 18), 1, date(2026, 9, 24)),  # 敬老の日と秋分の日にはさまれた国民の休日
        (date(2026, 6, 1), 10, date(2026, 6, 15)),
    ],
)
def test_due_dates_know_japanese_holidays(start: date, days: int, expected: date) -> None:
    assert due_date(start, days) == expected
    assert is_working_day(expected)


def test_a_town_may_close_on_more_days() -> None:
    assert due_date(date(2026, 6, 1), 1, closed=[date(2026, 6, 2)]) == date(2026, 6, 3)
    with pytest.raises(ParameterError):
        due_date(date(2026, 6, 1), 0)
    for days in (2.5, "10", None):
        with pytest.raises(ParameterError, match="期限の日数"):
            due_date(date(2026, 6, 1), days)  # type: ignore[arg-type]


def test_a_lost_zero_is_given_back_only_beside_its_own_text(tmp_path: Path) -> None:
    hand_out(tmp_path)
    fill(tmp_path / ROADS, {"0001": {"対応要否": "要"}, "0002": {"対応要否": "不要"}})

    def numbers(page: openpyxl.worksheet.worksheet.Worksheet) -> None:
        for row in (6, 7, 8):
            page.cell(row, 1, int(str(page.cell(row, 1).value)))
        page.cell(7, 2, page.cell(8, 2).value)

    edit(tmp_path / ROADS, numbers)
    back = collect(tmp_path)
    assert back.changes[["id", "new"]].values.tolist() == [["0001", "要"]]
    assert back.problems["kind"].tolist() == ["番号の形", "行が増えた", "行が消えた"]


def test_merged_answers_belong_to_no_row(tmp_path: Path) -> None:
    hand_out(tmp_path)
    fill(tmp_path / ROADS, {"0001": {"対応方針": "まとめて直す", "対応要否": "要"}})

    def merge(page: openpyxl.worksheet.worksheet.Worksheet) -> None:
        column = heading_row(page)["対応方針"]
        page.merge_cells(start_row=6, end_row=7, start_column=column, end_column=column)

    edit(tmp_path / ROADS, merge)
    back = collect(tmp_path)
    assert back.problems[["row", "kind"]].values.tolist() == [[6, "結合セル"], [7, "結合セル"]]
    assert back.changes[["id", "column"]].values.tolist() == [["0001", "対応要否"]]
    assert "まとめて" not in str(back.problems.to_numpy())


@pytest.mark.parametrize(
    ("said", "taken"),
    [("K2 公園課", "K2 公園課"), ("公園課", "K2 公園課"), ("Ｋ２", "K2 公園課"), ("X1 警察", "X1 警察"), ("となりの課", ""), ("課", "")],
)
def test_where_a_matter_is_moved_to_is_one_of_the_list(said: str, taken: str, tmp_path: Path) -> None:
    hand_out(tmp_path)
    fill(tmp_path / ROADS, {"0001": {"対応要否": "他課へ", "移送先の課": said}})
    back = collect(tmp_path)
    assert back.answers.set_index(["id", "department"]).at[("0001", "K1"), "moved_to"] == taken
    assert set(back.problems["kind"]) == (set() if taken else {"選択肢にない語", "移す先なし"})


@pytest.mark.parametrize(
    ("said", "day"),
    [("2026/7/9", "2026-07-09"), ("R8.7.9", "2026-07-09"), ("令和８年７月９日", "2026-07-09"), ("7/9", ""), ("2026-13-01", ""), ("8.7.9", "")],
)
def test_days_as_people_write_them(said: str, day: str, tmp_path: Path) -> None:
    hand_out(tmp_path)
    fill(tmp_path / ROADS, {"0001": {"完了日": said}})
    back = collect(tmp_path)
    assert back.changes["new"].tolist() == ([day] if day else [])
    assert back.problems["kind"].tolist() == ([] if day else ["日付でない"])


def test_a_file_of_another_kind_or_name_is_named(tmp_path: Path) -> None:
    hand_out(tmp_path)
    (tmp_path / ROADS).rename(tmp_path / "K1_道路課.ods")
    back = collect(tmp_path)
    assert back.problems[["file", "kind"]].values.tolist() == [[ROADS, "返送なし"], ["K1_道路課.ods", "知らないファイル"]]


def test_what_the_sections_decided_becomes_corrections(tmp_path: Path) -> None:
    hand_out(tmp_path)
    fill(tmp_path / ROADS, {"0001": {"対応要否": "他課へ", "移送先の課": "K3 学校課"}, "0002": {"対応要否": "不要"}, "0005": {"対応要否": "要"}})
    fill(tmp_path / PARKS, {"0002": {"対応要否": "要", "記入者": "山田"}})
    found = collect(tmp_path).corrections(date(2026, 6, 1))
    assert found.sort_values("id")[["id", "new", "who"]].values.tolist() == [["0001", "K3", "K1"], ["0002", "K2", "山田"], ["0005", "K1", "K1"]]
    after, changes = apply_corrections(comments(), found)
    assert after.loc[["0001", "0002"], "department"].tolist() == ["K3", "K2"]
    assert agreement(changes)[["checked", "agreed"]].values.tolist() == [[3, 1]]
