"""The rule engine: anchored matching equals plain matching, and bad dictionaries are named."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from textlens.errors import DictionaryError
from textlens.rules import Row, RuleSet, use_dictionaries
from textlens.rules.anchors import find_anchors
from textlens.rules.dictionary import _parse, load_rows, read_table
from textlens.sample import load_master
from textlens.tokens import as_tokens

PATTERNS = [
    "(?:直|なお)して(?:ほ|欲)しい", "[^。]{0,10}をお願い", "(?<!も)たい(?:です|と思)?(?=。|$)", "なぜ.{1,12}ないの(?:か|です)",
    "(?:ない|ん)(?:でしょう)?か", "[一-龠]+さん", ".{3}", "あ?い", "バスが?(?:少な|すくな)い", "(?:昔|以前)は[^。\n]*?た", "い{2,3}",
]  # fmt: skip


@given(st.lists(st.sampled_from("直してなおほ欲しいバスが少なたいです。なぜのかん昔は以前一さあお願を\n"), max_size=60).map("".join))
@settings(max_examples=400, deadline=None)
def test_anchored_matching_equals_finditer(text: str) -> None:
    rules = RuleSet(Row(str(i), p, "x", "regex") for i, p in enumerate(PATTERNS))
    found = rules.match(as_tokens([text]))
    for number, pattern in enumerate(PATTERNS):
        expected = [m.span() for m in re.finditer(pattern, text) if m.end() > m.start()]
        mine = [(int(s), int(e)) for s, e, r in zip(found.start, found.end, found.rule, strict=True) if r == number]
        assert mine == expected, pattern


def test_anchor_of_alternatives() -> None:
    assert {a.text for a in find_anchors("(?:て|で)ほしい|希望する") or ()} == {"てほしい", "でほしい", "希望する"}
    assert find_anchors("[^。]+") is None


def test_base_word_bound_and_pos() -> None:
    rules = RuleSet(
        [
            Row("1", "腹 が 立つ", "anger", "base"),
            Row("2", "森", "wood", "word"),
            Row("3", "たい", "wish", pos="助動詞"),
            Row("4", "ダニ", "tick", bound="both"),
        ]
    )
    found = rules.match(as_tokens(["腹が立ちました。森林と森。見たいが、みたいだ。"]))
    assert [found.rows[r].id for r in found.rule] == ["1", "2", "3"]


def test_findings_are_in_raw_offsets() -> None:
    found = RuleSet([Row("1", "バス", "bus")]).match(as_tokens(["㈱のﾊﾞｽ"])).to_findings("test.tsv")
    assert found[["start", "end"]].to_numpy().tolist() == [[2, 5]]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("id\tterm\tlabel\nA\t窓口\tx\nA\t駅\tx\n", "3 行目: id A が重なって"),
        ("id\tterm\tlabel\tmatch\nA\t(窓口\tx\tregex\n", "2 行目 .*正規表現"),
        ("id\tterm\tlabel\tmatch\nA\t窓口\tx\tfuzzy\n", "match は"),
        ("id\tterm\tlabel\tweight\nA\t窓口\tx\t重い\n", "weight は数"),
        ("id\tterm\nA\t窓口\t余分\n", "列が 3 あります"),
        ("id\tterm\n\t窓口\n", "必ず書いて"),
        ("", "見出し"),
    ],
)
def test_a_bad_dictionary_is_named(tmp_path: Path, content: str, message: str) -> None:
    path = tmp_path / "悪い.tsv"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(DictionaryError, match=message):
        _parse(path)


def test_overlay_must_exist(tmp_path: Path) -> None:
    with pytest.raises(DictionaryError):
        use_dictionaries(tmp_path / "なし")


def test_anchors_miss_no_match_of_any_shipped_rule() -> None:
    """The one-pass search finds what ``finditer`` of each expression finds, text by text, on the sample survey."""
    column = next(c for c in load_master().columns if "自由意見" in c)
    tokens = as_tokens([t for t in load_master()[column] if isinstance(t, str)][:150])
    names = ("intent/cues.tsv", "sentiment/cues.tsv", "facets/cues.tsv", "facets/targets.tsv", "personal/facts.tsv", "personal/people.tsv")
    for name in names:
        rules = RuleSet(row for row in load_rows(name) if row.match == "regex" and not (row.bound or row.pos))
        found = rules.match(tokens)
        want = {
            (doc, *m.span(), number)
            for number, row in enumerate(rules.rows)
            for doc, text in enumerate(tokens.norm)
            for m in re.finditer(row.term, text)
            if m.end() > m.start()
        }
        assert set(zip(found.doc.tolist(), found.start.tolist(), found.end.tolist(), found.rule.tolist(), strict=True)) == want, name


def test_an_overlay_of_a_plain_table_needs_only_what_it_fills(tmp_path: Path) -> None:
    (tmp_path / "routing").mkdir()
    own = tmp_path / "routing" / "matters.tsv"
    use_dictionaries(tmp_path)
    try:
        own.write_text("id\tconcept\tweight\tterms\nown-1\t総合計画\t3\tどんぐり館\n", encoding="utf-8")
        assert read_table("routing/matters.tsv")[-1] == {"id": "own-1", "concept": "総合計画", "weight": "3", "terms": "どんぐり館", "sample": ""}
        own.write_text("番号\tterms\nown-1\tどんぐり館\n", encoding="utf-8")
        with pytest.raises(DictionaryError, match=r"routing/matters.tsv: 見出しに「id」"):
            read_table("routing/matters.tsv")
    finally:
        use_dictionaries(None)


@pytest.mark.parametrize("term", ["街灯(", "(?<=街+)灯"])
def test_an_expression_that_is_compiled_late_is_named_by_its_place(term: str) -> None:
    row = Row("x-1", term, "lamp", match="regex", where="cues.tsv 3 行目 (id x-1)")
    with pytest.raises(DictionaryError, match=r"cues\.tsv 3 行目 \(id x-1\): 正規表現"):
        RuleSet([row]).match(as_tokens(["街灯が暗い。"]))
