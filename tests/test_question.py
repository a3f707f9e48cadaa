"""What was asked helps to find the 課 of comments that do not say what they are about (K65b)."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

import textlens as tl
from textlens.analysis.question import Question
from textlens.cli import main
from textlens.errors import ParameterError
from textlens.routing.router import DepartmentRouter
from textlens.tables.read_words import key, words

SHORT = "もっと増やしてほしい。"


def test_rows_of_the_dictionary() -> None:
    for word in words("question_headings"):
        assert word.hits(key(word.example)) and not word.hits(key(word.counterexample)), word.id


@pytest.mark.parametrize(("heading", "code"), [("公園について", "D48"), ("バス路線について", "D47"), ("問12 図書館に望むこと", "D36")])
def test_the_heading_of_the_text_column_counts(heading: str, code: str) -> None:
    result = tl.analyze(pd.DataFrame({heading: [SHORT]}), text=heading, n_topics=0)
    assert result.comments["department"].tolist() == [code] and not result.comments["held"].any()
    assert result.units["department"].tolist() == [code]


@pytest.mark.parametrize("heading", ["ご意見・ご要望", "道路、福祉、子育てなど市政全般について", "市長への手紙", "公園、バス、図書館、ごみについて"])
def test_a_wording_that_asks_about_everything_points_to_nobody(heading: str) -> None:
    result = tl.analyze(pd.DataFrame({"声": [SHORT]}), text="声", question=heading, n_topics=0)
    assert result.comments["department"].tolist() == ["X0"] and result.comments["held"].all()


def test_columns_say_it_row_by_row_and_the_comment_has_the_last_word() -> None:
    frame = pd.DataFrame({"分野": ["公園", "バス", "", "公園", "公園"], "声": [SHORT, SHORT, SHORT, "図書館の本が少ない。", "いつもありがとうございます。"]})
    result = tl.analyze(frame, text="声", n_topics=0)
    assert result.comments["department"].tolist() == ["D48", "D47", "X0", "D36", "X0"]
    assert result.run["parameters"]["question"] == {"wording": "声", "columns": ["分野"]}


def test_a_column_that_is_named_is_carried_along_and_an_empty_wording_switches_off() -> None:
    frame = pd.DataFrame({"何について": ["公園"], "年代": ["60代"], "声": [SHORT]})
    named = tl.analyze(frame, text="声", attributes=["年代"], question="何について", n_topics=0)
    assert named.comments["department"].tolist() == ["D48"] and named.attributes == ["年代", "何について"]
    off = tl.analyze(frame.rename(columns={"何について": "設問"}), text="声", question="", n_topics=0)
    assert off.comments["held"].all()
    with pytest.raises(ParameterError, match="question"):
        tl.analyze(frame, text="声", question=3, n_topics=0)  # type: ignore[arg-type]


def test_reasons_name_the_word_of_the_wording() -> None:
    first = DepartmentRouter().rank([SHORT], n=1, context="公園について").iloc[0]
    assert first["department"] == "D48" and "設問・見出し" in first["reason"] and "公園" in first["reason"]
    result = tl.analyze(pd.DataFrame({"声": [SHORT]}), text="声", question="公園について", n_topics=0)
    assert "本文に語なし" in result.explain(0)._result


def test_parts_and_processes_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    frame = pd.DataFrame({"設問": ["公園", "バス", "図書館"] * 4, "声": [SHORT, "本数が少ない。", "席が足りない。"] * 4})
    whole = tl.analyze(frame, text="声", n_topics=0).comments
    monkeypatch.setattr("textlens.analysis.parts.CHUNK", 5)
    pd.testing.assert_frame_equal(tl.analyze(frame, text="声", n_topics=0).comments, whole)
    monkeypatch.setattr("textlens.routing.router._BATCH", 2)
    pd.testing.assert_frame_equal(tl.analyze(frame, text="声", n_topics=0).comments, whole)


def test_the_command_and_the_sheets_of_the_departments(tmp_path: Path) -> None:
    file = tmp_path / "回答.csv"
    file.write_text("番号,年代,公園についてのご意見\n" + "".join(f"{i},60代,{SHORT}\n" for i in range(1, 4)), encoding="utf-8")
    assert main(["analyze", str(file), "--out", str(tmp_path / "結果"), "--topics", "0", "--quiet"]) == 0
    result = tl.load(tmp_path / "結果" / "表")
    assert result.comments["department"].tolist() == ["D48"] * 3
    assert Question.from_run(result.run).wording == "公園についてのご意見"
    assert main(["distribute", str(tmp_path / "結果"), "--out", str(tmp_path / "配布"), "--user", "係員", "--quiet"]) == 0
    sheet = pd.read_excel(next((tmp_path / "配布").glob("D48_*.xlsx")), header=4, dtype=str, engine="openpyxl")
    assert sheet["振り分けの根拠"].str.contains("設問・見出しの「公園").sum() == 3
