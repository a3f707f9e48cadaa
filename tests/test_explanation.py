"""Reasons in a clerk's words, marked in the text."""

from __future__ import annotations

import re
from html import unescape

import pandas as pd
import pytest

import textlens as tl
from textlens.errors import ParameterError
from textlens.text.highlight import Explained, Span, mark

TEXT = "公園のトイレが汚くて困っています。\nバスの本数を増やしてほしい。<b>受付</b>の方は親切でした。"


@pytest.fixture(scope="module")
def result() -> tl.Analysis:
    rows = [TEXT, "特になし", "", "隣から怒鳴り声と子どもの泣き声が毎晩します。"]
    return tl.analyze(pd.DataFrame({"text": rows}, index=["a", "b", "c", "d"]), n_topics=0)


def _plain(html: str) -> str:
    marked = html.split("<p style='line-height:2.2'>")[1].split("</p>")[0]
    marked = re.sub(r"<sub.*?</sub>", "", marked).replace("<br>", "\n")
    return unescape(re.sub(r"</?mark[^>]*>", "", marked))


def test_every_reason_has_japanese_words(result: tl.Analysis) -> None:
    table = result.explain("a")
    assert not table["means"].str.contains("[a-z_]{3,}").any() and (table["why"] != "").all()
    found = {(w, m, y) for w, m, y in zip(table["words"], table["means"], table["why"], strict=True)}
    assert ("汚く", "苦情", "よくないという評価の言葉") in found
    assert ("てほしい", "要望", "「〜てほしい・ていただきたい」と望む") in found
    assert ("公園", "対象: 施設・道路等", "何のことかを示す言葉") in found
    law = result.explain("d")
    assert "要確認（児童虐待防止法6条）" in set(law["means"])


def test_the_notebook_shows_the_text_itself(result: tl.Analysis) -> None:
    for row_id, text in result.comments["text"].items():
        assert _plain(result.explain(row_id)._repr_html_()) == text
    shown = result.explain("a")._repr_html_()
    assert "種別: " in shown and "<b>受付" not in shown and "&lt;b&gt;" in shown
    assert "増やしてほしい<sub style='font-size:70%'>要望</sub>" in shown  # two cues that overlap are one mark
    assert "特になし等" in result.explain("b")._repr_html_() and "空欄" in result.explain("c")._repr_html_()


def test_a_selection_is_a_plain_table(result: tl.Analysis) -> None:
    table = result.explain("a")
    assert type(table) is Explained and type(table[["words"]]) is pd.DataFrame and type(table.head(2)) is pd.DataFrame


def test_the_classifier_explains_the_same_way() -> None:
    table = tl.IntentClassifier().explain(TEXT)
    assert table["means"].tolist()[0] == "苦情"
    assert _plain(table._repr_html_()) == TEXT and "種別: " in table._repr_html_()
    assert "手がかりになった言葉はありません" in tl.IntentClassifier().explain("")._repr_html_()


def test_marks_overlap_without_losing_a_letter() -> None:
    spans = [Span(0, 3, "other", "課", ""), Span(2, 5, "complaint", "苦情", "<理由>"), Span(2, 5, "legal", "要確認", "")]
    shown = mark("あいうえおか", spans)
    assert unescape(re.sub(r"<sub.*?</sub>|</?mark[^>]*>", "", shown)) == "あいうえおか"
    assert "&lt;理由&gt;" in shown and shown.count("<mark") == 2


def test_an_unknown_id_is_not_quoted(result: tl.Analysis) -> None:
    with pytest.raises(ParameterError) as caught:
        result.explain("山田太郎")
    assert "山田" not in str(caught.value)
    double = tl.analyze(pd.DataFrame({"text": ["道が狭い。"]}), n_topics=0)
    double.comments = pd.concat([double.comments] * 2)
    with pytest.raises(ParameterError, match="2 件あります"):
        double.explain(0)


def test_a_comment_that_was_too_long_has_no_reasons() -> None:
    result = tl.analyze(pd.DataFrame({"text": ["あ" * 20_001, TEXT]}, index=["x", "y"]), n_topics=0)
    assert result.explain("x").empty
