"""Kinds of an office's own are counted where ours are, inside the office only; evidence is shown of kinds that were given."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import openpyxl
import pandas as pd
import pytest

from tests.report_sample import fake_analysis
from textlens import schema
from textlens.report import write_html, write_workbook
from textlens.report.evidence import evidence_columns
from textlens.report.own_kinds import own_kinds
from textlens.report.view import View, apply_profile
from textlens.report.words import Labels

INSIDE, SHARED, PUBLIC = schema.PROFILES
DECLARED = ["苦情", "①不法投棄", "2.鳥獣、苦情", "その他", "不法投棄", "鳥獣", "道路・交通", "要望・不法投棄", None, "3", "感謝"]
"""By row of the sample; rows 4, 5 and 8 were not read (blank, no content, too long)."""


def survey() -> SimpleNamespace:
    """The sample four times over, with a kind that a model gave, and kinds that were declared."""
    analysis = fake_analysis(4)
    n = len(analysis.comments)
    analysis.comments = analysis.comments.assign(own_施設=[i % 11 in (0, 6) for i in range(n)], 種別=DECLARED * 4)
    analysis.attributes = [*analysis.attributes, "種別"]
    return analysis


@pytest.fixture(scope="module")
def view() -> View:
    return apply_profile(survey(), INSIDE)


def test_taught_and_declared_kinds_are_found_once_and_ours_are_not_among_them() -> None:
    own = own_kinds(survey())
    assert {name: int(has.sum()) for name, has in own.items()} == {"施設": 8, "不法投棄": 8, "鳥獣": 4, "道路・交通": 4}
    assert own_kinds(fake_analysis()).empty


@pytest.mark.parametrize("cell", ["とても長い意見で、種別の名前には見えないもの。", *["x" * 31], *["1"]])
def test_free_text_and_numbers_under_the_heading_are_no_kinds(cell: str) -> None:
    analysis = fake_analysis()
    analysis.comments = analysis.comments.assign(種別=cell)
    analysis.attributes = ["種別"]
    assert not len(own_kinds(analysis).columns)


def test_they_are_crossed_with_the_polarity_and_the_sums_hold(view: View) -> None:
    cells = view.tables["own_polarity"].cells
    assert cells.loc["不法投棄", "計"] == 8 and (cells.drop(columns="計").sum(axis=1) == cells["計"]).all()
    assert cells.loc["施設"].to_dict() == {"肯定（＋）": 0, "否定（－）": 4, "両方（±）": 4, "中立（０）": 0, "計": 8}
    listed = view.comments["kinds"].str.split("、").map(lambda kinds: "不法投棄" in kinds)
    assert int(listed.sum()) == 8, "the list filtered by the kind gives the count"


def test_they_are_compared_by_attribute(view: View) -> None:
    block = next(b for b in view.groups.kinds if b.attribute == "性別")
    assert block.labels[6:] == ("own_施設", "own_不法投棄", "own_道路・交通", "own_鳥獣")
    women = next(row for row in block.rows if row.group == "女性")
    frame = survey().comments.query("status == 'ok' and 性別 == '女性'")
    assert women.n == len(frame) and women.cells[6].has == int(frame["own_施設"].sum())
    assert {found.label for found in block.found} >= {"own_施設", "is_complaint"}


def test_workbook_and_page_show_them_inside_the_office_only(tmp_path: Path) -> None:
    book = openpyxl.load_workbook(write_workbook(survey(), tmp_path / "a.xlsx"))
    rows = list(book["種別×極性"].iter_rows(values_only=True))
    top = next(i for i, row in enumerate(rows) if str(row[0]).startswith("自分の市の種別×極性"))
    assert "読めた 32 通" in rows[top][0] and rows[top + 1][0] == "自分の市の種別" and rows[top + 2][:6] == ("施設", 0, 4, 4, 0, 8)
    cells = [cell for row in book["属性別"].iter_rows(values_only=True) for cell in row]
    assert cells.count("不法投棄（自分の市の種別）") > 3
    assert max(len([c for c in row if c is not None]) for row in book["属性別"].iter_rows(values_only=True)) <= 10, "no wider than the page"
    page = write_html(survey(), tmp_path / "a.html").read_text(encoding="utf-8")
    assert "自分の市の種別×極性" in page and "不法投棄（自分の市の種別）" in page
    for profile in (SHARED, PUBLIC):
        book = openpyxl.load_workbook(write_workbook(survey(), tmp_path / "b.xlsx", profile=profile))
        counted = [str(c) for s in book if s.title != "意見の一覧" for row in s.iter_rows(values_only=True) for c in row]
        assert not any("施設" in c or "自分の市" in c for c in counted if c != "施設")


def test_only_words_for_kinds_that_were_given_are_shown() -> None:
    analysis = fake_analysis()
    first, third = analysis.comments.index[[0, 2]]
    analysis.comments.loc[first, "is_request"] = False
    analysis.comments.loc[third, "is_report"] = False
    lack = {"id": third, "unit": 0, "start": 0, "end": 2, "label": "lack", "subject": "", "score": 1.0, "rule": "r", "source": "facets/lacks.tsv"}
    analysis.findings = pd.concat([analysis.findings, pd.DataFrame([lack])], ignore_index=True)
    columns, findings = evidence_columns(analysis, Labels(), analysis.findings.iloc[:0], set())
    assert columns.loc[first, "intent_words"] == "苦情: 困る" and columns.loc[third, "intent_words"] == ""
    assert "request" not in set(findings.loc[findings["id"] == first, "label"]) and "urgent" in set(findings.loc[findings["id"] == third, "label"])
    assert len(analysis.findings[analysis.findings["label"] == "request"]) == 2, "explain() has them all"
    analysis.comments.loc[third, "implied_request"] = True
    assert evidence_columns(analysis, Labels(), analysis.findings.iloc[:0], set())[0].loc[third, "intent_words"].startswith("欠けの指摘: ")
