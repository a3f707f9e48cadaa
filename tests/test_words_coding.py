"""Coding rules: every operator, errors that name their place, no code run."""

from __future__ import annotations

import csv
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from textlens.errors import DictionaryError, ParameterError
from textlens.words.coding import apply_codes, read_codes

with (Path(__file__).parent / "cases" / "words_coding.tsv").open(encoding="utf-8") as file:
    CASES = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


@pytest.mark.parametrize("case", CASES, ids=lambda c: c["id"])
def test_rule(case: dict[str, str]) -> None:
    texts = pd.Series([case["text"], "関係のない文"], index=["x", "y"])
    found = apply_codes(texts, {"c": case["rule"]}, attributes=pd.DataFrame({"年代": ["10代", None]}, index=["x", "y"]))
    assert found.loc["x", "c"] == bool(int(case["expected"]))


def test_a_unit_is_narrower_than_a_comment() -> None:
    texts = pd.Series(["公園が好きです。駅前の道が暗いです。"])
    rule = {"c": "公園 & 暗い", "t": '"公園" & "暗い"'}
    assert apply_codes(texts, rule).to_numpy().all() and not apply_codes(texts, rule, unit="unit").to_numpy().any()


@pytest.mark.parametrize("rule", ["", "公園 &", "(公園", "公園 図書館", "near(公園)", "near(公園, 暗い, 近い)", "& 公園", "公園)", "<年代>", "("])
def test_a_wrong_rule_is_refused(rule: str) -> None:
    with pytest.raises(DictionaryError, match="code c"):
        apply_codes(pd.Series(["公園"]), {"c": rule})


def test_an_unknown_attribute_is_named() -> None:
    with pytest.raises(ParameterError, match="職業"):
        apply_codes(pd.Series(["公園"]), {"c": "<職業>=農業"})


def test_the_file_names_line_and_code(tmp_path: Path) -> None:
    path = tmp_path / "codes.tsv"
    path.write_text("code\trule\n# 施設\n公園\t公園 | 遊具\n暗さ\tnear(公園, 暗い\n", encoding="utf-8")
    with pytest.raises(DictionaryError, match="codes.tsv 4 行目 .code 暗さ"):
        read_codes(path)
    path.write_text("code\trule\n公園\t公園 | 遊具\n", encoding="utf-8")
    assert read_codes(path) == {"公園": "公園 | 遊具"}


@settings(max_examples=60, deadline=None)
@given(st.text(alphabet='公園暗い&|!(),"<>= near5', max_size=20))
def test_any_rule_is_read_or_refused(rule: str) -> None:
    try:
        found = apply_codes(pd.Series(["公園が暗い", ""]), {"c": rule}, attributes=pd.DataFrame({"公園": ["1", "2"]}))
    except (DictionaryError, ParameterError):
        return
    assert found.shape == (2, 1)


def test_a_column_of_numbers_with_a_gap_is_read_as_people_write_it() -> None:
    texts = pd.Series(["公園", "道", "川"], index=list("abc"))
    ages = pd.DataFrame({"年齢": [70, 20, None], "点": [1.5, 70.0, None]}, index=texts.index)
    codes = {"七十": "<年齢>=70", "前の書き方": "<年齢>=70.0", "半": "<点>=1.5", "二十以外": "!<年齢>=20"}
    found = apply_codes(texts, codes, attributes=ages)
    assert found.astype(int).to_numpy().tolist() == [[1, 1, 1, 1], [0, 0, 0, 0], [0, 0, 0, 1]]
    pd.testing.assert_frame_equal(apply_codes(texts, codes, attributes={name: ages[name].tolist() for name in ages}), found)


@pytest.mark.parametrize("attributes", [pd.DataFrame({"年齢": [70]}, index=["z"]), {"年齢": [70, 20]}, pd.Series([70], name="年齢")])
def test_attributes_of_other_comments_are_refused(attributes: object) -> None:
    with pytest.raises(ParameterError, match="attributes"):
        apply_codes(pd.Series(["公園"]), {"c": "<年齢>=70"}, attributes=attributes)  # type: ignore[arg-type]


@pytest.mark.parametrize("codes", ["公園", ["公園"], {"c": 5}])
def test_rules_without_a_name_are_refused(codes: object) -> None:
    with pytest.raises(ParameterError, match="codes"):
        apply_codes(pd.Series(["公園"]), codes)  # type: ignore[arg-type]
