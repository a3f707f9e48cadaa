"""Answers that do not fit each other are told and decide nothing; a book nobody wrote in has not come back."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from tests.office_round import HANDED, fill, hand_out
from textlens import cli
from textlens.commands.collect import CORRECTIONS
from textlens.office.collect import SUMMARY, collect
from textlens.office.layout import RECEIPT
from textlens.rules import use_dictionaries

ROADS, PARKS, SCHOOLS = "K1_道路課.xlsx", "K2_公園課.xlsx", "K3_学校課.xlsx"
TODAY = date(2026, 6, 1)


@pytest.mark.parametrize(
    ("needed", "state", "told"),
    [
        ("不要", "対応中", True), ("不要", "対応済", True), ("不要", "検討中", True), ("他課へ", "対応中", True), ("要", "対応不要", True),
        ("要", "対応中", False), ("不要", "対応不要", False), ("不要", "参考", False), ("他課へ", "所管外伝達", False), ("不要", "", False), ("", "対応中", False),
    ],
)  # fmt: skip
def test_an_answer_that_contradicts_itself_is_told(needed: str, state: str, told: bool, tmp_path: Path) -> None:
    hand_out(tmp_path)
    fill(tmp_path / ROADS, {"0001": {"対応要否": needed, "状態": state, "移送先の課": "K2" if needed == "他課へ" else None}})
    back = collect(tmp_path)
    assert back.problems[["row", "id", "kind"]].values.tolist() == ([[6, "0001", "答えが合わない"]] if told else [])
    if told:
        assert f"「{needed}」" in back.problems["message"].iloc[0] and f"「{state}」" in back.problems["message"].iloc[0]
        assert back.corrections(TODAY).empty and len(back.changes) >= 2
        assert cli.main(["collect", str(tmp_path), "--out", str(tmp_path / "集計")]) == 1


def test_an_office_may_say_which_states_fit(tmp_path: Path) -> None:
    own = tmp_path / "辞書" / "office"
    own.mkdir(parents=True)
    (own / "states.tsv").write_text("state\tgroup\tclosed\n対応中\t実現・実現可能\tno\n", encoding="utf-8")
    use_dictionaries(tmp_path / "辞書")
    try:
        hand_out(tmp_path / "配布")
        fill(tmp_path / "配布" / ROADS, {"0001": {"対応要否": "不要", "状態": "対応中"}})
        assert collect(tmp_path / "配布").problems.empty
    finally:
        use_dictionaries(None)


@pytest.mark.parametrize(
    ("roads", "parks", "disputed", "decided"),
    [
        ({"対応要否": "要"}, {"対応要否": "他課へ", "移送先の課": "K3"}, True, []),
        ({"対応要否": "要"}, {"対応要否": "他課へ"}, True, []),
        ({"対応要否": "要"}, {"対応要否": "他課へ", "移送先の課": "K1"}, False, ["K1"]),
        ({"対応要否": "不要"}, {"対応要否": "他課へ", "移送先の課": "K1"}, True, []),
        ({"対応要否": "他課へ", "移送先の課": "K2"}, {"対応要否": "他課へ", "移送先の課": "K1"}, False, []),
        ({"対応要否": "他課へ", "移送先の課": "K3"}, {"対応要否": "他課へ", "移送先の課": "K3"}, False, ["K3"]),
        ({"対応要否": "不要"}, {"対応要否": "要"}, True, ["K2"]),
    ],
)  # fmt: skip
def test_what_is_disputed_is_no_correction(roads: dict[str, object], parks: dict[str, object], disputed: bool, decided: list[str], tmp_path: Path) -> None:
    hand_out(tmp_path)
    fill(tmp_path / ROADS, {"0002": roads})
    fill(tmp_path / PARKS, {"0002": parks})
    back = collect(tmp_path)
    assert back.corrections(TODAY)["new"].tolist() == decided
    assert ("0002" in back.conflicts()["id"].tolist()) is disputed
    cli.main(["collect", str(tmp_path), "--out", str(tmp_path / "集計")])
    assert (tmp_path / "集計" / CORRECTIONS).exists() is bool(decided)


@pytest.mark.parametrize(("done", "told"), [("2026-04-26", True), ("R7.5.1", True), ("2026-04-27", False), ("2026-05-01", False)])
def test_a_day_before_the_distribution_is_told_and_taken(done: str, told: bool, tmp_path: Path) -> None:
    receipt = hand_out(tmp_path)
    assert set(receipt["handed"]) == {HANDED.isoformat()}
    fill(tmp_path / ROADS, {"0001": {"完了日": done}})
    back = collect(tmp_path)
    assert back.problems["kind"].tolist() == (["完了日が配布前"] if told else []) and len(back.changes) == 1
    assert not told or "2026-04-27" in back.problems["message"].iloc[0]
    assert cli.main(["collect", str(tmp_path), "--out", str(tmp_path / "集計")]) == 0


def test_a_receipt_of_before_is_read_and_one_saved_by_excel_too(tmp_path: Path) -> None:
    hand_out(tmp_path)
    fill(tmp_path / ROADS, {"0001": {"完了日": "2020-01-01"}})
    kept = pd.read_csv(tmp_path / RECEIPT, sep="\t", dtype=str, keep_default_na=False)
    kept.drop(columns="handed").to_csv(tmp_path / RECEIPT, sep="\t", index=False)
    assert collect(tmp_path).problems.empty
    kept.assign(handed="2026/4/27").to_csv(tmp_path / RECEIPT, sep="\t", index=False, encoding="utf-16", lineterminator="\r\n")
    assert collect(tmp_path).problems["kind"].tolist() == ["完了日が配布前"]


def test_a_book_nobody_wrote_in_has_not_come_back(tmp_path: Path) -> None:
    hand_out(tmp_path)
    fill(tmp_path / ROADS, {"0001": {"対応要否": "要"}})
    fill(tmp_path / SCHOOLS, {"0003": {"状態": "ぼちぼち"}})
    book = openpyxl.load_workbook(tmp_path / PARKS)
    book.save(tmp_path / PARKS)
    back = collect(tmp_path).answers
    assert back.groupby("file")["returned"].agg(set).to_dict() == {ROADS: {True}, SCHOOLS: {True}, PARKS: {False}, "広聴_課のない声.xlsx": {False}}


def test_what_concerns_a_whole_file_has_no_row(tmp_path: Path) -> None:
    hand_out(tmp_path)
    (tmp_path / SCHOOLS).unlink()
    fill(tmp_path / ROADS, {"0001": {"状態": "ぼちぼち"}})
    assert cli.main(["collect", str(tmp_path), "--out", str(tmp_path / "集計")]) == 1
    sheet = pd.read_excel(tmp_path / "集計" / SUMMARY, sheet_name="困った所", header=2, dtype=str, keep_default_na=False, engine="calamine")
    assert sheet.set_index("種類")["行"].to_dict() == {"返送なし": "", "選択肢にない語": "6"}


def test_what_needs_no_section_is_called_as_in_the_report(tmp_path: Path) -> None:
    receipt = hand_out(tmp_path)
    book = openpyxl.load_workbook(tmp_path / "広聴_課のない声.xlsx")
    assert "課への割り振りなし" in book.sheetnames and "課への割り振りなし" in receipt["sheet"].tolist()
    cells = {str(cell.value) for sheet in book.worksheets for row in sheet.iter_rows() for cell in row}
    assert "X0 課への割り振りなし" in cells and not any("課不要" in cell for cell in cells)
    assert collect(tmp_path).problems.empty
