"""Small promises: no comments in a repr, corrections in the words of the report that add up, refusals in Japanese."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from sklearn.base import clone
from sklearn.exceptions import NotFittedError

import textlens as tl
from textlens.analysis.declared import declared_kinds
from textlens.errors import InputFileError, ParameterError
from textlens.intent.own_labels import our_names
from textlens.office.corrections import COLUMNS, apply_corrections, parse_value, read_corrections
from textlens.office.labelled import intent_labels
from textlens.schema import INTENTS

ROWS = (pd.DataFrame({"text": ["道"]}), "道が狭い。", {"a": "道が狭い。"}, None, 3)


def rows(*cells: tuple[str, str, str]) -> pd.DataFrame:
    return pd.DataFrame([(i, field, "", new, "係", "2026-05-01", "") for i, field, new in cells], columns=list(COLUMNS))


def frame(**flags: bool) -> pd.DataFrame:
    kinds = {f"is_{name}": [flags.get(name, False)] for name in INTENTS}
    chances = {f"p_{name}": [p] for name, p in zip(INTENTS, (0.9, 0.3, 0.1, 0.6, 0.2, 0.1), strict=True)}
    first = next(name for name in INTENTS if flags.get(name))
    index = pd.Index(["1"], name="id")
    rest = {"implied_request": [True], "department": ["D1"], "departments": [("D1",)], "held": [True], "legal_check": [False]}
    return pd.DataFrame({"text": ["道が狭い。"], "intent": [first], **kinds, **chances, **rest}, index=index)


def corrected(before: pd.DataFrame, *cells: tuple[str, str], **options: Any) -> pd.Series:
    return apply_corrections(before, rows(*(("1", *cell) for cell in cells)), **options)[0].loc["1"]


def test_years_are_shown_without_comments() -> None:
    years = {year: pd.DataFrame({"text": [text] * 4}) for year, text in (("2024", "公園の草を刈ってください。"), ("2025", "バスの本数が少ない。"))}
    found = tl.analyze_years(years, n_topics=1)
    assert repr(found) == f"<Years 2024 4 通／2025 4 通 話題 {len(found.frozen.all_labels)}>" == str(found)


def test_a_department_may_be_named() -> None:
    table = {"D1": "道路課", "D2": "図書館", "D3": "市民部　窓口課", "D4": "係", "D5": "係"}
    assert corrected(frame(complaint=True), ("担当課", "図書館"), departments=table)["departments"] == ("D2", "D1")
    assert corrected(frame(complaint=True), ("担当課", "警察"), departments=table)["department"] == "X1"
    assert corrected(frame(complaint=True), ("担当の候補（すべて）", "市民部 窓口課、D2 図書館"), departments=table)["departments"] == ("D3", "D2")
    for name in ("係", "葛野さん"):
        with pytest.raises(InputFileError, match="組織表にありません") as told:
            corrected(frame(complaint=True), ("担当課", name), departments=table)
        assert "葛野" not in str(told.value) and "担当の候補（主）" in str(told.value)


def test_a_department_may_be_named_in_analyze() -> None:
    comments = pd.DataFrame({"text": ["本が少ない。"]}, index=["1"])
    library = tl.analyze(comments, n_topics=0).departments.iloc[5]
    result = tl.analyze(comments, n_topics=0, corrections=rows(("1", "担当課", library["name"])))
    assert result.comments.at["1", "department"] == library["code"] == result.corrections["new"].iloc[0]


def test_the_words_of_the_column_legal_check() -> None:
    assert [parse_value("legal_check", word) for word in ("要確認", "手がかりなし", "はい", "false")] == [True, False, True, False]
    assert read_corrections(rows(("1", "法的対応", "要確認")))["new"].tolist() == ["true"]


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [("legal_check", "たぶん", "「法的対応」は はい・いいえ・要確認・手がかりなし"), ("intent", "怒り", "「主な種別」は 苦情、"), ("sentiment", "高", "「極性の値」"),
     ("third_party", "怒り", "「第三者に関する記述」"), ("department", "", "「担当の候補（主）」が空"), ("is_complaint", "怒り", "「苦情か」")],
)  # fmt: skip
def test_a_value_is_refused_in_the_words_of_the_report(field: str, value: str, said: str) -> None:
    with pytest.raises(InputFileError, match=said) as told:
        read_corrections(rows(("1", field, value)))
    assert field not in str(told.value) and (not value or value not in str(told.value))


def test_a_field_that_cannot_be_corrected_is_told_which_can() -> None:
    with pytest.raises(InputFileError, match="主な種別、極性") as told:
        read_corrections(rows(("1", "本文", "x")))
    assert "is_" not in str(told.value) and "polarity" not in str(told.value)
    with pytest.raises(ParameterError, match="「極性」の列"):
        corrected(frame(complaint=True), ("極性", "否定（－）"))


def test_the_main_kind_is_one_of_those_that_hold() -> None:
    many = frame(complaint=True, request=True, question=True)
    assert corrected(many, ("苦情", "いいえ"))["intent"] == "question"
    assert corrected(many, ("苦情", "いいえ"), ("質問", "いいえ"))["intent"] == "request"
    assert corrected(many, ("質問", "いいえ"))["intent"] == "complaint"
    assert corrected(frame(complaint=True), ("苦情", "いいえ"))["intent"] == "none"
    assert corrected(frame(complaint=True), ("苦情", "いいえ"), ("感謝", "はい"))["intent"] == "praise"
    missing = many.assign(p_question=np.nan)
    assert corrected(missing, ("苦情", "いいえ"))["intent"] == "request"


def test_a_corrected_main_kind_rules_the_kinds() -> None:
    one = corrected(frame(complaint=True), ("種別", "要望"), ("苦情", "いいえ"))
    assert (one["intent"], one["is_request"], one["is_complaint"]) == ("request", True, False)
    for word in ("中身なし", "内容なし", "none"):
        none = corrected(frame(complaint=True, question=True), ("種別", word))
        assert none["intent"] == "none" and not none[[f"is_{name}" for name in INTENTS]].any() and not none["implied_request"]


def test_a_comment_that_nobody_read_stays_so() -> None:
    unread = frame(complaint=True).assign(intent=None, **{f"is_{name}": pd.array([pd.NA], "boolean") for name in INTENTS})
    assert pd.isna(corrected(unread, ("苦情", "いいえ"))["intent"])
    assert corrected(unread, ("要望", "はい"))["intent"] == "request"


@pytest.mark.parametrize("score", [float("nan"), -0.1, 1.5, "0.5", None, True])
def test_min_score_is_a_share(score: Any) -> None:
    finder = clone(tl.PersonalDataFinder(min_score=score))
    for read in (finder.transform, finder.subjects, finder.risk):
        with pytest.raises(ParameterError, match="min_score は 0 以上 1 以下の数"):
            read(["母が入院した。"])


@pytest.mark.parametrize("threshold", [float("nan"), -0.1, 1.5, "0.5", True])
def test_threshold_is_a_share(threshold: Any) -> None:
    with pytest.raises(ParameterError, match="threshold は 0 以上 1 以下の数"):
        clone(tl.IntentClassifier(threshold=threshold)).predict(["道が狭い。"])


@pytest.mark.parametrize("off", ["rq-hoshii-noun", None, 3])
def test_off_rules_is_a_row_of_ids(off: Any) -> None:
    with pytest.raises(ParameterError, match="off_rules には辞書の行の番号の並び"):
        clone(tl.IntentClassifier(off_rules=off)).predict(["道が狭い。"])


def test_unknown_rules_are_named_by_id_only() -> None:
    with pytest.raises(ParameterError, match="off_rules のうち 2 個（rq-no-such）") as told:
        tl.IntentClassifier(off_rules=["rq-hoshii-noun", "rq-no-such", "葛野さん"]).predict(["道が狭い。"])
    assert "葛野" not in str(told.value)


@pytest.mark.parametrize("texts", ROWS)
def test_texts_are_a_row(texts: Any) -> None:
    for read in (tl.find_duplicates, tl.group_duplicates, lambda given: tl.mask(given, pd.DataFrame())):
        with pytest.raises(ParameterError, match="texts には文字列の並び"):
            read(texts)


@pytest.mark.parametrize("findings", [None, [], "x"])
def test_findings_are_a_table(findings: Any) -> None:
    with pytest.raises(ParameterError, match="findings には"):
        tl.mask(pd.Series(["道が狭い。"]), findings)


@pytest.mark.parametrize("threshold", [None, "0.7", 0, 1.1, float("nan")])
def test_likeness_is_a_share(threshold: Any) -> None:
    with pytest.raises(ParameterError, match="threshold は 0 より大きく 1 以下の数"):
        tl.find_duplicates(["道が狭い。"], threshold=threshold)


def test_topics_are_not_there_before_fit() -> None:
    clusterer = clone(tl.TopicClusterer())
    for name in ("topics_", "labels_", "fit_", "centres_"):
        with pytest.raises(NotFittedError, match="先に fit"):
            getattr(clusterer, name)
        assert not hasattr(clusterer, name)
    with pytest.raises(AttributeError, match="no attribute 'topic_'"):
        _ = clusterer.topic_


@pytest.mark.parametrize("name", ["o.csv", "o", "o.xls", "o.xlsm"])
def test_a_workbook_is_called_xlsx(tmp_path: Path, name: str) -> None:
    result = tl.analyze(pd.DataFrame({"text": ["道が狭い。"]}), n_topics=0)
    with pytest.raises(ParameterError, match=r"\.xlsx で終わる"):
        result.to_excel(tmp_path / name)
    assert not list(tmp_path.iterdir())
    assert result.to_excel(tmp_path / "O.XLSX").is_file()


def test_both_names_of_the_kind_none_are_read() -> None:
    assert our_names(["内容なし", "中身なし"]) == {"内容なし": "none", "中身なし": "none"}
    table, unknown = intent_labels(pd.Series(["内容なし", "中身なし", "要望"]))
    assert table["none"].tolist() == [True, True, False] and not unknown
    assert declared_kinds(pd.Series(["内容なし", "3 中身なし", "要望、内容なし", "なし"])).tolist() == [("none",), ("none",), ("request",), ()]


def test_a_comment_declared_to_say_nothing_has_no_kind() -> None:
    table = pd.DataFrame({"text": ["道が狭くて困る。", "道を広げてほしい。"], "種別": ["内容なし", "要望"]})
    result = tl.analyze(table, attributes=["種別"], n_topics=0)
    kinds = result.comments[[f"is_{name}" for name in INTENTS]]
    assert result.comments["intent"].tolist() == ["none", "request"] and not kinds.iloc[0].any()
    assert result.disagreements is not None and result.disagreements["declared_intent"].tolist() == ["none"]
