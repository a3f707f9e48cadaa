"""Lacks, stance, lenses and the crossing of two concepts."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from textlens.errors import ParameterError
from textlens.facets.lack import extract_lacks
from textlens.facets.lens import STATES, Lens, apply_lens, cross, shipped_lenses
from textlens.facets.stance import STANCES, stance
from textlens.rules import read_table

CASES = Path(__file__).parent / "cases"


def cases(name: str) -> list[pytest.param]:
    table = pd.read_csv(CASES / name, sep="\t", dtype=str, keep_default_na=False)
    marks = {"xfail": [pytest.mark.xfail(strict=True)]}
    named = ["proposal"] if "proposal" in table else []
    rows = table[[*named, "text", "expected"]].itertuples(index=False)
    return [pytest.param(*row, id=i, marks=marks.get(s, [])) for row, i, s in zip(rows, table["id"], table["status"], strict=True)]


@pytest.mark.parametrize(("text", "expected"), cases("facets_lacks.tsv"))
def test_lacks(text: str, expected: str) -> None:
    found = extract_lacks([text])
    assert " ".join(found["thing"] + ":" + found["kind"]) == expected


def test_lack_rows_show_their_examples() -> None:
    rows = read_table("facets/lacks.tsv")
    assert len({row["id"] for row in rows}) == len(rows)
    for row in rows:
        assert row["kind"] in set(extract_lacks([row["example"]])["kind"]), row["id"]
        assert row["kind"] not in set(extract_lacks([row["counterexample"]])["kind"]), row["id"]


def test_lacks_quote_the_raw_text() -> None:
    text = "㈱の近くにﾊﾞｽ停がない。"
    row = extract_lacks(pd.Series([text], index=["x"])).iloc[0]
    assert (row["id"], row["thing"], text[row["start"] : row["end"]]) == ("x", "ﾊﾞｽ停", "ﾊﾞｽ停がない")


@pytest.mark.parametrize(("text", "expected"), cases("facets_stance.tsv"))
def test_stance(text: str, expected: str) -> None:
    assert stance([text], ["庁舎建替え", "新庁舎"]).tolist() == [expected]


def test_a_turned_name_is_not_turned_twice() -> None:
    text = ["温水プールの廃止に反対します。"]
    assert stance(text, "温水プールの廃止").tolist() == ["against"]
    assert stance(text, "温水プール").tolist() == ["for"]


@pytest.mark.parametrize("proposal", ["", [], [" "]])
def test_a_proposal_needs_a_name(proposal: object) -> None:
    with pytest.raises(ParameterError, match="提案の名前"):
        stance(["賛成"], proposal)  # type: ignore[arg-type]


@pytest.mark.parametrize(("proposal", "text", "expected"), cases("facets_stance_named.tsv"))
def test_stance_on_other_proposals(proposal: str, text: str, expected: str) -> None:
    assert stance([text], proposal).tolist() == [expected]


@pytest.mark.parametrize(("text", "expected"), cases("facets_cross.tsv"))
def test_cross(text: str, expected: str) -> None:
    found = cross([text], "子育て", "安心", level="comment")
    assert found["state"].tolist() == ([expected] if expected else [])


def test_a_katakana_word_ends_where_a_word_ends() -> None:
    found = apply_lens(["バスケットの大会", "マイクロバスが来ない", "バス停が遠い"], Lens("公共交通", ("バス",)))
    assert found["matched"].tolist() == [False, True, True]
    with pytest.raises(ParameterError, match="文字列"):
        Lens("公共交通", ("バス", 1))  # type: ignore[arg-type]


def test_cross_counts_what_a_manual_filter_counts() -> None:
    texts = pd.Series(["子育ては安心。", "子育てが楽しい。安心だ。", "安心だ。"], index=list("abc"))
    assert cross(texts, "子育て", "安心")["id"].tolist() == ["a"]
    both = apply_lens(texts, "子育て")["matched"] & apply_lens(texts, "安心")["matched"]
    assert cross(texts, "子育て", "安心", level="comment")["id"].tolist() == list(texts.index[both])


def test_lens_lists_matched_words_and_a_second_lens_needs_nothing_more() -> None:
    texts = ["移住して三年。避難所が遠い。", "水がおいしい。"]
    assert apply_lens(texts, "移住・定住")["words"].tolist() == [("移住",), ()]
    assert apply_lens(texts, "防災")["words"].tolist() == [("避難",), ()]
    assert apply_lens(texts, Lens("水", ("水", "ﾐｽﾞ")))["n"].tolist() == [0, 1]


def test_lens_errors_are_japanese() -> None:
    assert {"移住・定住", "防災", "子育て", "安心"} <= set(shipped_lenses())
    with pytest.raises(ParameterError, match="言葉がありません"):
        Lens("空", ())
    with pytest.raises(ParameterError, match="使えるのは"):
        Lens.shipped("ない視点")
    with pytest.raises(ParameterError, match="level"):
        apply_lens(["a"], "防災", level="word")


TEXT = st.lists(st.sampled_from(["賛成", "反対", "庁舎建替え", "なら", "公園", "が", "ない", "安心", "子育て", "して", "ほしい", "。", "、", "ｶﾞ", " ", "少な", "く"]), max_size=20).map("".join)


@given(st.lists(TEXT, max_size=4))
@settings(max_examples=60, deadline=None)
def test_any_text(texts: list[str]) -> None:
    assert set(stance(texts, "庁舎建替え")) <= set(STANCES)
    assert stance(texts, "庁舎建替え").tolist() == [stance([t], "庁舎建替え").tolist()[0] for t in texts]
    lacks = extract_lacks(texts)
    for row in lacks.itertuples():
        assert texts[row.id][row.start : row.end].startswith(row.thing)
    assert set(cross(texts, "子育て", "安心")["state"]) <= set(STATES)
