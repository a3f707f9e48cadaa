"""Out to the 課 and back: two edited cells are two changes, and a damaged row is named."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from textlens import cli


@pytest.fixture(scope="module")
def handed_out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("年度")
    texts = ["公園の草を刈ってください。", "水道料金をカードで払えるようにしてほしい。", "隣の大石さんが公園で犬を放して困る。", "特になし", "応援しています。"] * 3
    rows = "\n".join(f"{i:04d},{t}" for i, t in enumerate(texts, 1))
    (folder / "調査.csv").write_text("受付番号,自由意見\n" + rows + "\n", encoding="utf-8")
    assert cli.main(["analyze", str(folder / "調査.csv"), "--out", str(folder / "結果"), "--topics", "0", "--quiet"]) == 0
    assert cli.main(["distribute", str(folder / "結果"), "--out", str(folder / "配布"), "--start", "2026-07-01", "--days", "10", "--quiet"]) == 0
    return folder


def test_masked_and_accounted_for(handed_out: Path) -> None:
    receipt = pd.read_csv(handed_out / "配布" / "配布控え.tsv", sep="\t", dtype=str)
    assert set(receipt["id"]) == {f"{i:04d}" for i in range(1, 16) if i % 5 != 4}
    for path in (handed_out / "配布").glob("*.xlsx"):
        for sheet in openpyxl.load_workbook(path).worksheets:
            assert not any("大石" in str(cell) for row in sheet.iter_rows(values_only=True) for cell in row)


def test_two_edits_are_two_changes(handed_out: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = max((handed_out / "配布").glob("D48*.xlsx"), key=lambda p: p.stat().st_size)
    book = openpyxl.load_workbook(path)
    sheet = book.worksheets[0]
    heads = {cell.value: (cell.row, cell.column) for row in sheet.iter_rows() for cell in row if cell.value in ("対応要否", "対応方針")}
    top, needed = heads["対応要否"]
    sheet.cell(top + 1, needed, "要")
    sheet.cell(top + 1, heads["対応方針"][1], "七月中に草を刈る")
    book.save(path)
    assert cli.main(["collect", str(handed_out / "配布"), "--out", str(tmp_path), "--today", "2026-08-01"]) == 0
    assert "変わった所 2、困った所 0" in capsys.readouterr().out
    late = pd.read_excel(tmp_path / "返送のまとめ.xlsx", sheet_name="期限超過", header=2, dtype=str, engine="openpyxl")
    assert len(late) and set(late["期限"]) == {"2026-07-15"}


def test_wrong_folders_and_dates(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["distribute", str(tmp_path), "--out", str(tmp_path / "x")]) == 2
    assert cli.main(["collect", str(tmp_path / "ない"), "--out", str(tmp_path / "y")]) == 2
    assert cli.main(["collect", str(tmp_path), "--out", str(tmp_path / "y"), "--today", "きのう"]) == 2
    said = capsys.readouterr().err
    assert all(part in said for part in ("「表」フォルダがありません", "フォルダ ない がありません", "日付「きのう」"))
