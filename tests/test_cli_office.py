"""Out to the 課 and back: two edited cells are two changes, and a damaged row is named."""

from __future__ import annotations

import errno
import subprocess
import sys
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from textlens import cli
from textlens.commands.records import LOG
from textlens.office.access_log import read_log, verify
from textlens.rules import use_dictionaries
from textlens.sample import sample_survey_path


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


def test_main_only_sends_each_comment_once(handed_out: Path, tmp_path: Path) -> None:
    both = pd.read_csv(handed_out / "配布" / "配布控え.tsv", sep="\t", dtype=str)
    assert cli.main(["distribute", str(handed_out / "結果"), "--main-only", "--out", str(tmp_path / "主管"), "--log", str(tmp_path / "記録.jsonl"), "--quiet"]) == 0
    alone = pd.read_csv(tmp_path / "主管" / "配布控え.tsv", sep="\t", dtype=str)
    assert both["id"].duplicated().any() and not alone["id"].duplicated().any() and set(alone["id"]) == set(both["id"])


def test_wrong_folders_and_dates(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["distribute", str(tmp_path), "--out", str(tmp_path / "x")]) == 2
    assert cli.main(["collect", str(tmp_path / "ない"), "--out", str(tmp_path / "y")]) == 2
    assert cli.main(["collect", str(tmp_path), "--out", str(tmp_path / "y"), "--today", "きのう"]) == 2
    said = capsys.readouterr().err
    assert all(part in said for part in ("「表」フォルダがありません", "フォルダ ない がありません", "日付「きのう」"))


def analysed(folder: Path, rows: list[tuple[str, str]]) -> Path:
    pd.DataFrame(rows, columns=["受付番号", "自由意見"]).to_csv(folder / "調査.csv", index=False)
    assert cli.main(["analyze", str(folder / "調査.csv"), "--id", "受付番号", "--out", str(folder / "結果"), "--topics", "0", "--quiet"]) == 0
    return folder / "結果"


def words_of(folder: Path) -> str:
    cells = []
    for path in sorted(folder.glob("*.xlsx")):
        for sheet in openpyxl.load_workbook(path).worksheets:
            cells += [str(cell) for row in sheet.iter_rows(values_only=True) for cell in row]
    return "\n".join(cells)


def test_a_name_masked_once_and_written_twice_does_not_go_out(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    result = analysed(tmp_path, [(f"{n:03d}", "公園の草を刈ってください。") for n in range(5)] + [
        ("100", "水路の清掃に出ん家から五千円とる言うて、組長の村越と揉めとる。村越はもともと分家のくせに威張りくさって、酒が入ると手ぇ出る男だで誰もよう言わん。"),
    ])  # fmt: skip
    assert cli.main(["distribute", str(result), "--out", str(tmp_path / "配布"), "--user", "係"]) == 0
    said = capsys.readouterr().out
    handed = words_of(tmp_path / "配布")
    assert "村越" not in handed and "公園の草を刈ってください。" in handed
    assert "本文を出していません" in said and "判断がまだの個人情報の候補" in said


def test_handing_out_is_noted_without_a_word(handed_out: Path) -> None:
    log = read_log(handed_out / "結果" / LOG)
    receipt = pd.read_csv(handed_out / "配布" / "配布控え.tsv", sep="\t", dtype=str)
    assert log[["operation", "profile"]].to_numpy().tolist() == [["distribute", "各課"]]
    assert log["rows"].tolist() == [len(receipt)] and not verify(handed_out / "結果" / LOG)


def test_another_table_than_that_of_the_analysis_is_refused(handed_out: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    table = tmp_path / "組織表.tsv"
    table.write_text("code\tname\torgan\tkeywords\nD48\t水道課\t公営企業\t水道、料金\n", encoding="utf-8")
    assert cli.main(["distribute", str(handed_out / "結果"), "--out", str(tmp_path / "x"), "--departments", str(table)]) == 2
    assert "分析に使ったものと違います" in capsys.readouterr().err and not (tmp_path / "x").exists()


def test_ids_that_may_be_names_do_not_go_out(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = [(f"高校-{n:03d}", "公園の草を刈ってください。") for n in range(20)] + [("大石太郎", "図書館が遠い。")]
    result = analysed(tmp_path, rows)
    assert cli.main(["distribute", str(result), "--out", str(tmp_path / "配布")]) == 2
    assert cli.main(["share", str(result), "--profile", "庁内共有", "--out", str(tmp_path / "共有")]) == 2
    said = capsys.readouterr().err
    assert said.count("1 件あります") == 2 and "大石" not in said
    assert not (tmp_path / "配布").exists() and not (tmp_path / "共有").exists()


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EACCES])
def test_a_full_disk_leaves_nothing_and_says_so(
    number: int, handed_out: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def full(self: pd.DataFrame, *args: object, **kwargs: object) -> None:
        raise OSError(number, "x", str(tmp_path / "ひみつの人"))

    monkeypatch.setattr(pd.DataFrame, "to_csv", full)
    assert cli.main(["distribute", str(handed_out / "結果"), "--out", str(tmp_path / "配布")]) == 2
    said = capsys.readouterr().err
    assert ("ディスクの空き" if number == errno.ENOSPC else "権限") in said and "不具合" not in said and "ひみつ" not in said
    assert not list(tmp_path.iterdir())


def test_what_a_killed_run_left_is_taken_away_by_the_next(handed_out: Path, tmp_path: Path) -> None:
    (tmp_path / ".配布.part").mkdir()
    (tmp_path / ".配布.part" / "D01_半分.xlsx").write_bytes(b"x")
    assert cli.main(["distribute", str(handed_out / "結果"), "--out", str(tmp_path / "配布"), "--quiet"]) == 0
    assert [p.name for p in tmp_path.iterdir()] == ["配布"] and not (tmp_path / "配布" / "D01_半分.xlsx").exists()


def test_an_address_goes_out_as_the_district_of_the_offices_own_table(tmp_path: Path) -> None:
    own = tmp_path / "辞書" / "report"
    own.mkdir(parents=True)
    (own / "districts.tsv").write_text("place\tdistrict\n栄町\t城北地区\n", encoding="utf-8")
    result = analysed(tmp_path, [(f"{n:03d}", "葛川市栄町3丁目12-5の前の側溝のふたを直してください。") for n in range(4)])
    try:
        laid = ["--dictionaries", str(tmp_path / "辞書")]
        assert cli.main(["distribute", str(result), "--out", str(tmp_path / "配布"), *laid]) == 0
        assert cli.main(["share", str(result), "--profile", "庁内共有", "--out", str(tmp_path / "共有"), "--reason", "試験", *laid]) == 0
        assert cli.main(["share", str(result), "--profile", "公表", "--out", str(tmp_path / "公表"), "--reason", "試験", *laid]) == 0
    finally:
        use_dictionaries(None)
    for folder, shown in (("配布", True), ("共有", True), ("公表", False)):
        words = words_of(tmp_path / folder)
        assert ("【住所→城北地区】の前の側溝" in words) is shown and "栄町" not in words


def test_a_reader_of_the_lines_may_go_away(handed_out: Path, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "textlens", "collect", str(handed_out / "配布"), "--out", str(tmp_path / "集計"), "--today", "2026-07-01"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as running:
        assert running.stdout is not None and running.stderr is not None
        running.stdout.close()
        said = running.stderr.read().decode()
    assert running.returncode == 0 and said == "" and (tmp_path / "集計" / "返送のまとめ.xlsx").is_file()


def test_every_row_says_why_and_the_summary_names_the_sections(tmp_path: Path) -> None:
    result = tmp_path / "結果"
    assert cli.main(["analyze", str(sample_survey_path("csv")), "--out", str(result), "--topics", "0", "--quiet"]) == 0
    assert cli.main(["distribute", str(result), "--out", str(tmp_path / "配布"), "--start", "2026-07-01", "--quiet"]) == 0
    books = sorted((tmp_path / "配布").glob("D*.xlsx"))
    for path in books:
        sheet = openpyxl.load_workbook(path).worksheets[0]
        heads = {cell.value: cell.column for cell in sheet[5]}
        assert all(sheet.cell(row, heads["振り分けの根拠"]).value for row in range(6, sheet.max_row + 1)), path.name
    assert cli.main(["collect", str(tmp_path / "配布"), "--out", str(tmp_path / "集計"), "--today", "2026-07-01"]) == 0
    said = words_of(tmp_path / "集計")
    assert len(books) > 40 and all(path.stem.replace("_", " ", 1) in said for path in books)


def test_a_comment_that_staff_moved_does_not_go_out_without_a_word_why(handed_out: Path, tmp_path: Path) -> None:
    moved = tmp_path / "修正.tsv"
    moved.write_text("受付番号\t項目\t修正後\t修正者\t修正日\n0001\t担当課\tD01\t係\t2026-07-01\n", encoding="utf-8")
    assert cli.main(["analyze", str(handed_out / "調査.csv"), "--corrections", str(moved), "--out", str(tmp_path / "結果"), "--topics", "0", "--quiet"]) == 0
    assert cli.main(["distribute", str(tmp_path / "結果"), "--out", str(tmp_path / "配布"), "--user", "係", "--quiet"]) == 0
    sheet = pd.read_excel(next((tmp_path / "配布").glob("D01*.xlsx")), header=4, dtype=str, engine="calamine")
    assert sheet[["受付番号", "振り分けの根拠"]].to_numpy().tolist() == [["0001", "言葉の根拠は出せません（職員の修正など）"]]
