"""The workbook: what is in the cells, as a clerk's Excel would read it."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import zipfile
from dataclasses import replace
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from tests.report_sample import fake_analysis
from textlens import schema
from textlens.errors import ParameterError
from textlens.report import write_workbook
from textlens.report.evidence import evidence_columns
from textlens.report.sheet_format import MAX_CELL
from textlens.report.view import apply_profile
from textlens.report.words import HIDDEN, Labels, banned_words

ROOT = Path(__file__).resolve().parent.parent
SHEETS = ["全体の収支", "意見の一覧", "種別×極性", "話題", "課別", "属性別", "記入率", "要確認（法的・緊急）", "要確認（個人情報）", "要確認（保留）", "手法と出典"]


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> openpyxl.Workbook:
    return openpyxl.load_workbook(write_workbook(fake_analysis(), tmp_path_factory.mktemp("x") / "結果.xlsx"))


def heading_row(sheet) -> int:
    return sheet.auto_filter.ref and int(re.search(r"\d+", sheet.auto_filter.ref)[0])


def column(sheet, name: str) -> list:
    top = heading_row(sheet)
    place = [c.value for c in sheet[top]].index(name) + 1
    return [sheet.cell(r, place).value for r in range(top + 1, sheet.max_row + 1)]


def test_sheets_and_their_look(book: openpyxl.Workbook) -> None:
    assert book.sheetnames == SHEETS
    for sheet in book:
        assert sheet.page_setup.paperSize == 9 and sheet.oddFooter.center.text
        assert "個人情報・取扱注意" in sheet.oddHeader.left.text and "ab" * 6 in sheet["A3"].value
    for name in ("意見の一覧", "要確認（法的・緊急）", "要確認（個人情報）", "要確認（保留）", "話題"):
        sheet = book[name]
        top = heading_row(sheet)
        assert sheet.freeze_panes.endswith(str(top + 1)) and sheet.print_title_rows == f"${top}:${top}"
        assert sheet.page_setup.orientation == "landscape" and sheet.sheet_properties.pageSetUpPr.fitToPage


def test_every_row_is_there_with_leading_zeros_and_as_text(book: openpyxl.Workbook) -> None:
    analysis = fake_analysis()
    sheet = book["意見の一覧"]
    assert column(sheet, "番号") == list(analysis.comments.index)
    texts = column(sheet, "意見（原文）")
    assert texts[0] == analysis.comments["text"].iloc[0].replace("\r\n", "\n") and texts[0].startswith("=SUM")
    assert texts[6] == "@図書館　http://example.test/ の予約が便利。\nただ〓画面が暗い。"
    kinds = {cell.data_type for row in sheet.iter_rows() for cell in row}
    assert "f" not in kinds and not any(cell.hyperlink for row in sheet.iter_rows() for cell in row)
    ages = column(sheet, "年齢")
    assert ages[0] == 34 and isinstance(ages[0], int)


@pytest.mark.parametrize("gone", ["計", "2"])
def test_a_share_of_a_hidden_number_is_hidden_and_never_zero(gone: str, tmp_path: Path) -> None:
    view = apply_profile(fake_analysis(12), "庁内共有")
    table = view.tables["topic"]
    hidden = table.without({table.key(gone, table.columns[-1])})
    topics = tuple(t._replace(size=hidden.number(t.topic, "計")) for t in view.topics)
    sheet = openpyxl.load_workbook(write_workbook(replace(view, tables=view.tables | {"topic": hidden}, topics=topics), tmp_path / "a.xlsx"))["話題"]
    shares = dict(zip([t.topic for t in view.topics], column(sheet, "割合"), strict=True))
    assert shares == ({"1": HIDDEN, "2": HIDDEN, "3": HIDDEN} if gone == "計" else {"1": 12 / 96, "2": HIDDEN, "3": 48 / 96})


def test_a_law_that_only_weak_signs_point_to_says_so() -> None:
    analysis = fake_analysis()
    for score, cell in ((1.0, "国家賠償法2条"), (0.6, "国家賠償法2条（弱い手がかり）")):
        analysis.findings["score"] = score
        assert evidence_columns(analysis, Labels(), analysis.findings.iloc[:0], set())[0]["legal_basis"]["00003"] == cell


def test_the_list_to_check_begins_with_what_is_sure() -> None:
    analysis = fake_analysis()
    listed = list(apply_profile(analysis).review["legal"].index)
    assert listed == ["00003"]
    analysis.comments.loc[["00001", "00002"], "legal_check"] = True
    found = analysis.findings[analysis.findings["label"].str.startswith("legal:")].iloc[:1]
    more = [found.assign(id=row, score=score) for row, score in (("00001", 0.6), ("00002", 1.0))]
    analysis.findings = pd.concat([analysis.findings, *more], ignore_index=True)
    listed = list(apply_profile(analysis).review["legal"].index)
    assert listed.index("00002") < listed.index("00001")


def test_evidence_stands_beside_the_label(book: openpyxl.Workbook) -> None:
    sheet = book["意見の一覧"]
    assert column(sheet, "種別の根拠（本文の語）")[0] == "苦情: 困る／要望: てほしい"
    assert column(sheet, "担当の根拠（本文の語）")[0] == "市民課: 窓口"
    assert column(sheet, "種別（すべて）")[0] == "苦情、要望"
    legal = book["要確認（法的・緊急）"]
    assert column(legal, "番号") == ["00003"] and column(legal, "確認先の法令など") == ["国家賠償法2条"]
    assert column(book["要確認（保留）"], "番号") == ["00004", "00009"]
    assert column(book["要確認（個人情報）"], "見つけた語")[0] == "大石さん"


def test_filtering_the_list_gives_the_counts_of_the_matrix(book: openpyxl.Workbook) -> None:
    sheet = book["意見の一覧"]
    rows = list(zip(column(sheet, "意見／要求"), column(sheet, "法的対応"), column(sheet, "極性"), strict=True))
    matrix = book["種別×極性"]
    top = next(r for r in range(1, matrix.max_row) if str(matrix.cell(r, 1).value).startswith("意見／要求×法的対応×極性　通数"))
    heads = [matrix.cell(top + 1, c).value for c in range(2, 6)]
    for r in range(top + 2, top + 6):
        demand, law = matrix.cell(r, 1).value.split("・")
        for c, head in enumerate(heads, 2):
            assert matrix.cell(r, c).value == rows.count((demand, law, head))


def test_accounting_balances_and_sentences_are_carried(book: openpyxl.Workbook) -> None:
    sheet = book["全体の収支"]
    cells = {sheet.cell(r, 1).value: sheet.cell(r, 2).value for r in range(1, sheet.max_row + 1)}
    parts = [cells[n] for n in ("意見あり", "空欄", "特になし等", "長すぎて未判定", "処理できず未判定")]
    assert sum(parts) == cells["計（読み込んだ行）"] == 11 and cells["除いた行"] == 2 and cells["計（見出しより下のすべての行）"] == 13
    for name in ("全体の収支", "手法と出典"):
        text = "\n".join(str(c.value) for row in book[name].iter_rows() for c in row if c.value)
        for start in ("無記名でも", "第三者に関する記述が 1 件", "自動検出は見落とし", "置換・キー化をしても", "件数は記入した人の中", "法的対応の『要確認』は候補", "データ: 意見.xlsx［回答］"):
            assert start in text


@pytest.mark.parametrize("profile", schema.PROFILES)
def test_the_same_input_gives_the_same_bytes(tmp_path: Path, profile: str) -> None:
    first = write_workbook(fake_analysis(4), tmp_path / "a.xlsx", profile=profile)
    second = write_workbook(fake_analysis(4), tmp_path / "b.xlsx", profile=profile)
    assert first.read_bytes() == second.read_bytes()
    with zipfile.ZipFile(first) as archive:
        assert {info.date_time[0] for info in archive.infolist()} == {1980}


@pytest.mark.parametrize("profile", schema.PROFILES[1:])
def test_nothing_hidden_travels_inside_the_file(tmp_path: Path, profile: str) -> None:
    with zipfile.ZipFile(write_workbook(fake_analysis(12), tmp_path / "a.xlsx", profile=profile)) as archive:
        inside = "".join(archive.read(name).decode("utf-8") for name in archive.namelist())
    assert "大石" not in inside and "+81" not in inside and "あ" * 100 not in inside
    if profile == "公表":
        assert "側溝のふた" not in inside and "東地区" not in inside and "00003" not in inside


def test_a_masked_text_is_not_called_the_original(tmp_path: Path) -> None:
    sheet = openpyxl.load_workbook(write_workbook(fake_analysis(), tmp_path / "a.xlsx", profile="庁内共有"))["意見の一覧"]
    heads = [c.value for c in sheet[heading_row(sheet)]]
    assert "意見（区分語に置換）" in heads and "意見（原文）" not in heads


def test_the_words_of_the_report_say_nothing_banned(book: openpyxl.Workbook) -> None:
    own = [str(c.value) for name in SHEETS if name not in ("意見の一覧", "話題") for row in book[name].iter_rows() for c in row if c.value]
    assert [(w, banned_words(w)) for w in own if banned_words(w)] == []


def test_a_text_too_long_for_a_cell_is_continued_whole(tmp_path: Path) -> None:
    analysis = fake_analysis()
    text = "😀" * 20_000 + "おわり"
    analysis.comments.loc["00009", "text"] = text
    book = openpyxl.load_workbook(write_workbook(analysis, tmp_path / "a.xlsx"))
    assert all(len(str(c.value).encode("utf-16-le")) // 2 <= MAX_CELL for s in book for row in s.iter_rows() for c in row)
    pieces = [t for where, t in zip(column(book["長文の続き"], "どこの文か"), column(book["長文の続き"], "本文"), strict=True) if "原文" in where]
    assert text in "".join(pieces) and "続きは「長文の続き」シート" in column(book["意見の一覧"], "意見（原文）")[8]


def test_nothing_is_left_behind_when_writing_fails(tmp_path: Path) -> None:
    analysis = fake_analysis()
    with pytest.raises(ValueError, match="出す範囲"):
        write_workbook(analysis, tmp_path / "a.xlsx", profile="だれでも")
    with pytest.raises(ParameterError, match="フォルダ「ない」"):
        write_workbook(analysis, tmp_path / "ない" / "a.xlsx")
    assert not list(tmp_path.iterdir())


def test_a_failure_half_way_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("途中")

    path = tmp_path / "a.xlsx"
    path.write_text("前のもの", encoding="utf-8")
    monkeypatch.setattr("textlens.report.workbook.write_method", fail)
    with pytest.raises(RuntimeError):
        write_workbook(fake_analysis(), path)
    assert [p.name for p in tmp_path.iterdir()] == ["a.xlsx"] and path.read_text(encoding="utf-8") == "前のもの"


def test_an_empty_survey_gives_a_workbook_that_says_so(tmp_path: Path) -> None:
    analysis = fake_analysis()
    analysis.comments = analysis.comments.assign(status="blank", text="")
    analysis.findings, analysis.topics = analysis.findings.iloc[:0], analysis.topics.iloc[:0]
    analysis.units = analysis.units.iloc[:0]
    book = openpyxl.load_workbook(write_workbook(analysis, tmp_path / "a.xlsx"))
    assert "話題は作っていません" in book["話題"]["A5"].value
    assert "見落としがありえます" in str([c.value for row in book["要確認（法的・緊急）"].iter_rows() for c in row])


def test_bytes_do_not_depend_on_the_order_of_sets(tmp_path: Path) -> None:
    code = (
        "import sys; from tests.report_sample import fake_analysis; from textlens.report import write_html, write_workbook\n"
        "a = fake_analysis(4); write_workbook(a, sys.argv[1] + '.xlsx', profile='庁内共有'); write_html(a, sys.argv[1] + '.html', profile='庁内共有')"
    )
    for seed in ("1", "2"):
        environment = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT)}
        subprocess.run([sys.executable, "-c", code, str(tmp_path / seed)], check=True, env=environment, cwd=ROOT)
    for ending in (".xlsx", ".html"):
        assert (tmp_path / f"1{ending}").read_bytes() == (tmp_path / f"2{ending}").read_bytes()
