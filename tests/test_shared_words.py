"""Words that reach the circle outside the desk beside the comments: words of topics, headings of columns, names of fields."""

from __future__ import annotations

import copy
import json
from pathlib import Path

import pandas as pd
import pytest

import textlens as tl
from textlens import cli
from textlens.commands.share import MANIFEST
from textlens.office.review import add_decisions, apply_decisions
from textlens.office.review_sheet import read_review_sheet
from textlens.office.review_table import review_table
from textlens.report.told_headings import without_named
from textlens.report.view import apply_profile

GRAVE = "弟はクローン病で旋盤工をやめました。"
LIBRARY = [f"図書館の{what}が{how}。" for what in ("本", "新聞", "雑誌", "児童書", "自習室", "椅子") for how in ("古い", "少ない", "見にくい", "汚い")]


@pytest.fixture(scope="module")
def analysis() -> tl.Analysis:
    return tl.analyze(pd.DataFrame({"自由意見（担当：大石太郎）": [GRAVE] * 3 + LIBRARY, "年代（大石太郎調べ）": ["30代"] * 27}), text="自由意見（担当：大石太郎）")


@pytest.mark.parametrize("profile", ["庁内共有", "公表"])
def test_a_word_that_stands_only_where_it_is_masked_is_told_by_no_topic(analysis: tl.Analysis, profile: str) -> None:
    topics = analysis.topics.iloc[:1].assign(words=[("クローン", "旋盤", "図書館")], label="旋盤・図書館", topic=1, representatives=[(0, 1)])
    changed = copy.copy(analysis)
    changed.topics, changed.comments = topics, analysis.comments.assign(topic=1)
    assert apply_profile(changed, "担当内").topics[0].words == ("クローン", "旋盤", "図書館")
    view = apply_profile(changed, profile)
    if profile == "庁内共有":
        assert "旋盤工" not in view.comments["text"].iloc[0]
        assert view.topics[0].words == ("図書館",) and view.topics[0].label == "図書館"
    assert "旋盤" not in str(view.topics) and "クローン" not in str(view.topics)


@pytest.mark.parametrize("profile", ["庁内共有", "公表"])
def test_a_heading_that_names_somebody_is_told_without_the_name(analysis: tl.Analysis, profile: str) -> None:
    inside, outside = apply_profile(analysis, "担当内"), apply_profile(analysis, profile)
    assert "大石" in str(inside.method)
    assert "大石" not in str(outside.method) + str(outside.groups) + str(list(outside.comments))
    assert any("年代（【氏名】調べ）" in value for _, value in outside.method)


def test_names_that_unidic_splits_from_the_heading_count_and_places_do_not() -> None:
    columns = ["総務課 佐藤", "総務課 鈴木", "青木小学校区", "年齢"]
    told = without_named(tl.analyze(pd.DataFrame({"意見": ["道が暗い。"], **dict.fromkeys(columns, "1")}), text="意見")).attributes
    assert told == ["総務課 【人物1】", "総務課 【人物1】（2）", "青木小学校区", "年齢"]


def test_the_record_names_the_text_that_went_out_and_a_sheet_without_a_line_in_the_log_is_not_left(tmp_path: Path) -> None:
    pd.DataFrame({"番号": ["01", "02"], "自由意見": ["隣の葛野さんが離婚した。", "道が暗い。"]}).to_csv(tmp_path / "調査.csv", index=False)
    result = tmp_path / "結果"
    assert cli.main(["analyze", str(tmp_path / "調査.csv"), "--out", str(result), "--topics", "0", "--quiet"]) == 0
    assert cli.main(["share", str(result), "--profile", "庁内共有", "--out", str(tmp_path / "共有"), "--reason", "試験", "--quiet"]) == 0
    fields = json.loads((tmp_path / "共有" / MANIFEST).read_text(encoding="utf-8"))["fields"]
    assert "意見（区分語に置換）" in fields and "意見（原文）" not in fields
    log = tmp_path / "記録"
    log.mkdir()
    assert cli.main(["review", str(result), "--out", str(tmp_path / "確認.xlsx"), "--log", str(log), "--quiet"]) == 2
    assert not list(tmp_path.glob("確認*"))


def test_what_a_person_decided_to_mask_is_masked_in_every_profile_that_masks(tmp_path: Path) -> None:
    own = "私は障害者手帳を持っています。町の図書館で本を借りています。"
    analysis = tl.analyze(pd.DataFrame({"意見": [own, "道が暗い。"]}, index=["01", "02"]), text="意見", n_topics=0)
    assert "障害者手帳" in apply_profile(analysis, "庁内共有").comments.at["01", "text"]
    read = read_review_sheet(review_table(analysis, everything=True).assign(判断="採用"), analysis, who="試験", when="2026-04-01")
    at = own.index("町の図書館")
    added = {**read.decisions[0], "decision": "add", "start": at, "end": at + 5, "type": "affiliation", "subject": "self", "new_subject": "self"}
    add_decisions(tmp_path / "判断.tsv", [*read.decisions, added])
    text = apply_profile(apply_decisions(analysis, tmp_path / "判断.tsv")[0], "庁内共有").comments.at["01", "text"]
    assert "障害者手帳" not in text and "図書館" not in text and "本を借りています" in text
