"""Ids that are days or have several parts, and tables without a row, in every profile of workbook and page."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

import textlens as tl
from textlens import schema
from textlens.report.display import plain_value

TEXTS = ["隣の大石さんが夜中に騒いで困る。", "側溝のふたが外れていて子どもが落ちそうです。", "公園の草を刈ってください。", "バスの本数が少なくて困る。", "窓口が親切でした。", ""]
DATA = pd.DataFrame({"text": TEXTS, "性別": ["男性", "女性"] * 3, "年代": ["30代", "40代"] * 3, "受付日": pd.to_datetime(["2026-04-01"] * 6)})
INDEXES = {
    "日付": pd.date_range("2026-04-01", periods=6),
    "日時": pd.date_range("2026-04-01 09:30", periods=6, freq="h"),
    "時差": pd.date_range("2026-04-01", periods=6, tz="Asia/Tokyo"),
    "二段": pd.MultiIndex.from_product([["城北", "城南"], [1, 2, 3]], names=["地区", "番号"]),
    "混在": pd.Index(["007", 8, 9.5, date(2026, 4, 1), datetime(2026, 4, 1, 9, 30), "a"], dtype=object),
}
SHOWN = {
    "日付": datetime(2026, 4, 1), "日時": datetime(2026, 4, 1, 9, 30), "時差": "2026-04-01 00:00:00+09:00", "二段": "城北/1", "混在": "007",
}  # fmt: skip


@pytest.fixture(scope="module")
def read() -> dict[str, tl.Analysis]:
    return {name: tl.analyze(DATA.set_axis(index), n_topics=1) for name, index in INDEXES.items()}


def column(book: openpyxl.Workbook, sheet: str, heading: str = "番号") -> list[object]:
    rows = list(book[sheet].iter_rows(values_only=True))
    top = next(i for i, row in enumerate(rows) if heading in row)
    return [row[rows[top].index(heading)] for row in rows[top + 1 :]]


@pytest.mark.parametrize("name", INDEXES)
def test_days_and_ids_of_several_parts_are_readable_on_every_sheet(name: str, read: dict[str, tl.Analysis], tmp_path: Path) -> None:
    book = openpyxl.load_workbook(read[name].to_excel(tmp_path / "a.xlsx"))
    ids = column(book, "意見の一覧")
    assert len(set(ids)) == len(TEXTS) and ids[0] == SHOWN[name]
    assert column(book, "要確認（個人情報）")[0] == ids[0] and column(book, "要確認（法的・緊急）")[0] == ids[1]
    assert column(book, "意見の一覧", "受付日") == [datetime(2026, 4, 1)] * 6
    assert str(plain_value(read[name].comments.index[0])) in " ".join(str(v) for v in column(book, "話題", "代表の意見の番号"))
    if name not in ("日付", "二段"):
        return
    page = read[name].to_html(tmp_path / "a.html").read_text(encoding="utf-8")
    assert f"番号 {plain_value(read[name].comments.index[2])}<" in page and "Timestamp" not in page and "(&#39;城北" not in page


@pytest.mark.parametrize(("name", "profile"), [("日付", "庁内共有"), ("二段", "公表")])
def test_the_narrower_profiles_show_the_same_ids_or_their_own(name: str, profile: str, read: dict[str, tl.Analysis], tmp_path: Path) -> None:
    book = openpyxl.load_workbook(read[name].to_excel(tmp_path / "a.xlsx", profile=profile))
    ids = column(book, "意見の一覧")
    assert ids[0] == SHOWN[name] if profile == "庁内共有" else not any(isinstance(i, datetime) or "城北" in str(i) for i in ids)


def test_the_column_is_wide_enough_for_a_day(read: dict[str, tl.Analysis], tmp_path: Path) -> None:
    """Excel shows a day in a narrow column as ####."""
    for name, least in (("日付", 12), ("日時", 21)):
        book = openpyxl.load_workbook(read[name].to_excel(tmp_path / "a.xlsx"))
        assert all(book[sheet].column_dimensions["A"].width >= least for sheet in ("意見の一覧", "要確認（個人情報）"))


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (pd.Timestamp("1868-10-23"), "1868-10-23 00:00:00"), (date(1868, 10, 23), "1868-10-23"), (pd.Timestamp("2026-04-01 09:30:00.5"), "2026-04-01 09:30:00.500000"),
        (pd.NaT, ""), (True, "はい"), (("a", pd.Timestamp("2026-04-01"), 3), "a/2026-04-01/3"), (pd.Period("2026-04", "M"), "2026-04"),
    ],
)  # fmt: skip
def test_what_excel_cannot_hold_is_text(value: object, shown: str) -> None:
    assert plain_value(value) == shown


@pytest.mark.parametrize("profile", schema.PROFILES)
def test_no_row_gives_empty_tables_in_every_profile(profile: str, tmp_path: Path) -> None:
    empty = tl.analyze(DATA.iloc[:0], n_topics=0)
    book = openpyxl.load_workbook(empty.to_excel(tmp_path / "a.xlsx", profile=profile))
    assert {"全体の収支", "意見の一覧", "種別×極性"} <= set(book.sheetnames)
    assert "当たるものは見つかっていません" in str(column(book, "意見の一覧")[0])
    assert "<html" in empty.to_html(tmp_path / "a.html", profile=profile).read_text(encoding="utf-8")
