"""Words of topics: which count, which do not, and what a comment without any of them says."""

from __future__ import annotations

import csv
from pathlib import Path

import pandas as pd
import pytest

from textlens.sample import load_master
from textlens.status import row_status
from textlens.tokens import as_tokens
from textlens.topics.clusterer import TopicClusterer
from textlens.topics.words import EVALUATIVE, FORMULA, GENERAL, NOUN, VERB, topic_words

CASES = Path(__file__).parent / "cases"
ABOUT = {"バス": ("本数", "時刻表", "運賃"), "ごみ": ("分別", "収集日", "袋"), "公園": ("遊具", "草刈り", "ベンチ"), "図書館": ("新刊", "座席", "貸出")}


def word_cases() -> list[dict[str, str]]:
    with (CASES / "topics_words.tsv").open(encoding="utf-8") as file:
        return list(csv.DictReader(file, delimiter="\t"))


@pytest.mark.parametrize("case", word_cases(), ids=lambda c: c["id"])
def test_words(case: dict[str, str]) -> None:
    words = topic_words(as_tokens([case["text"]]))
    whole = {str(t) for t, a, tier in zip(words.terms, words.alone, words.tiers, strict=True) if a > 0 and tier > FORMULA}
    assert set(case["expected"].split(",")) - {"-"} <= whole
    assert not set(case["absent"].split(",")) & whole


def test_words_left_out_count_where_there_are_no_others() -> None:
    words = topic_words(as_tokens(["よろしくお願いします。", "公園をよろしくお願いします。", "田中さんが三回、ありがとうございました。", "する"]))
    said = {str(t): words.counts[:, n].toarray().ravel().tolist() for n, t in enumerate(words.terms) if words.tiers[n] == FORMULA}
    assert said["お願い"] == [1, 0, 0, 0] and "ありがとう" in said and not {"田中", "三", "回", "する"} & set(said)
    assert words.terms[words.counts[1].indices].tolist() == ["公園"] and not words.weights[3].nnz


def test_formulas_are_a_topic_of_their_own() -> None:
    matters = [f"{head}の{part}{end}" for head, parts in ABOUT.items() for part in parts for end in ("が気になる。", "を見直す。", "のこと。")]
    thanks = [f"{o}ありがとうございま{end}" for o in ("", "いつも", "本当に", "どうも") for end in ("す", "した", "す！", "した！", "した。")]
    found = TopicClusterer(5).fit(pd.Series(matters + thanks))
    inside = found.labels_.iloc[len(matters) :]
    assert inside.nunique() == 1 and inside.iloc[0] > 0 and inside.iloc[0] not in set(found.labels_.iloc[: len(matters)])
    topics = found.topics_.set_index("topic")
    assert topics.loc[inside.iloc[0], "label"].startswith("定型の言葉（ありがとう")
    assert topics["label"].str.startswith("定型").sum() == 1
    assert (topics["group_label"] == "定型の言葉").tolist() == topics["label"].str.startswith("定型").tolist()


def test_a_few_formulas_stay_in_the_rest() -> None:
    texts = load_master().set_index("id")["自由意見"].fillna("")
    few = pd.Series(["ありがとうございます。", "ありがとうございました。", "よろしくお願いします。"], index=["t1", "t2", "t3"])
    found = TopicClusterer(20).fit(pd.concat([texts[row_status(texts) == "ok"], few]))
    assert (found.labels_[few.index] == 0).all()
    assert not found.topics_["label"].str.startswith("定型").any()


def test_tiers_put_nouns_first() -> None:
    words = topic_words(as_tokens(["図書館の職員が丁寧に探す"]))
    tiers = {t: n for t, n, alone in zip(words.terms, words.tiers.tolist(), words.alone, strict=True) if alone}
    assert tiers == {"図書館": NOUN, "職員": GENERAL, "丁寧": EVALUATIVE, "探す": VERB}
