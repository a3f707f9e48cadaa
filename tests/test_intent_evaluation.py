"""Evaluation: figures that can be checked by hand."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from textlens.errors import ParameterError
from textlens.evaluation import (
    calibration_error,
    class_report,
    confusion_table,
    cross_predict,
    each_fold,
    group_folds,
    keyword_baseline,
    majority_baseline,
    wilson,
)
from textlens.intent.classifier import IntentClassifier
from textlens.schema import INTENTS

TRUTH = pd.DataFrame({"a": [1, 1, 1, 0, 0], "b": [0, 0, 1, 1, 0]}).astype(bool)
GIVEN = pd.DataFrame({"a": [1, 1, 0, 1, 0], "b": [0, 0, 1, 1, 0]}).astype(bool)


def test_report_by_hand() -> None:
    table = class_report(TRUTH, GIVEN).set_index("label")
    assert table.loc["a", ["precision", "recall", "f1"]].tolist() == pytest.approx([2 / 3, 2 / 3, 2 / 3])
    assert table.loc["b", "f1"] == 1
    assert table.loc["macro", "f1"] == pytest.approx(5 / 6)
    assert (table["f1_low"] <= table["f1"]).all() and (table["f1"] <= table["f1_high"]).all()
    pd.testing.assert_frame_equal(class_report(TRUTH, GIVEN), class_report(TRUTH, GIVEN))


def test_wilson_edges() -> None:
    assert wilson(0, 0) == (0.0, 1.0)
    assert wilson(0, 10)[0] == pytest.approx(0.0) and wilson(10, 10)[1] == pytest.approx(1.0)


def test_baselines() -> None:
    assert majority_baseline(TRUTH).sum().to_dict() == {"a": 5, "b": 0}
    table = keyword_baseline(pd.Series(["道が狭くて困る", "なし", None], index=["x", "y", "z"]))
    assert table.loc["x", "complaint"] and table.loc["y", "none"] and not table.loc["z"].any()


def test_a_plain_string_is_one_keyword_and_numbers_are_whole() -> None:
    found = keyword_baseline(pd.Series(["直してほしい", "ほら、いし"]), {"request": "ほしい"})
    assert found["request"].tolist() == [True, False]
    for value in ("5", None, 2.5, 1):
        with pytest.raises(ParameterError, match="n_folds"):
            group_folds(["あ", "い", "う"], value)  # type: ignore[arg-type]
    with pytest.raises(ParameterError, match="n_bootstrap"):
        class_report(pd.DataFrame({"a": [True]}), pd.DataFrame({"a": [True]}), n_bootstrap=2.5)  # type: ignore[arg-type]
    with pytest.raises(ParameterError, match="n_bins"):
        calibration_error(np.array([0.9]), np.array([1]), 0)


def test_duplicates_stay_together() -> None:
    texts = ["同じ", "同 じ", "別", "同じ", "他", "更に", "同じ\n"]
    folds = group_folds(texts, 3)
    assert len({folds[i] for i in (0, 1, 3, 6)}) == 1
    assert set(folds) == {0, 1, 2}
    for fold in each_fold(folds):
        assert not {"".join(texts[i].split()) for i in fold.train} & {"".join(texts[i].split()) for i in fold.test}
    with pytest.raises(ParameterError, match="分割"):
        group_folds(["あ", "あ"], 2)


def test_cross_predict_never_sees_the_test_rows() -> None:
    texts = pd.Series([f"文{i % 6}" for i in range(12)], index=range(100, 112))
    labels = pd.DataFrame({"a": [i % 2 == 0 for i in range(12)]}, index=texts.index)

    def remember(train: pd.Series, y: pd.DataFrame, test: pd.Series) -> pd.DataFrame:
        assert not set(train) & set(test)
        return pd.DataFrame({"a": [text == "文1" for text in test]}, index=test.index)

    out = cross_predict(texts, labels, remember, n_folds=3)
    assert out.index.equals(texts.index)
    assert out["a"].tolist() == [text == "文1" for text in texts]


def test_calibration_and_confusion() -> None:
    assert calibration_error(np.full(10, 0.5), np.r_[np.ones(5), np.zeros(5)]) == pytest.approx(0)
    assert calibration_error(np.full(4, 0.9), np.zeros(4)) == pytest.approx(0.9)
    table = confusion_table(pd.Series(["x", "y", "y"]), pd.Series(["y", "y", "y"]))
    assert table.loc["x", "y"] == 1 and table.to_numpy().sum() == 3


def test_the_model_beats_keywords_on_gold(shared_data: Path) -> None:
    """Levels are what is reached on rows the coefficients saw; the honest figures are in docs/labels.md."""
    rows = [
        json.loads(line)
        for line in (shared_data / "gold" / "fukui_gold.jsonl").read_text(encoding="utf-8").splitlines()
    ]
    texts = pd.Series([row["text"] for row in rows])
    truth = pd.DataFrame({name: [name in row["intent"] for row in rows] for name in INTENTS})
    great = ["complaint", "request", "praise"]
    ours = class_report(truth[great], IntentClassifier().predict(texts)[great], n_bootstrap=0).set_index("label")
    words = class_report(truth[great], keyword_baseline(texts)[great], n_bootstrap=0).set_index("label")
    assert ours.loc["macro", "f1"] > 0.88 > words.loc["macro", "f1"]
    p = IntentClassifier().predict_proba(texts)[great]
    assert calibration_error(p.to_numpy(), truth[great].to_numpy()) <= 0.05


def test_words_kept_for_measuring_are_in_no_example() -> None:
    """The figure of ``benchmarks/word_examples.py`` holds only while the readings have not met these words there."""
    from benchmarks.word_examples import ADVERBS, examples, held_out, read_words

    kept = [word.word for word in read_words() if held_out(word) and not word.word.startswith(tuple(filter(None, ADVERBS)))]
    longer = [word.word for word in read_words() if not held_out(word)]
    texts = [text for _, text in examples()]
    met = [word for word in kept if any(word in text for text in texts) and not any(word in other for other in longer)]
    assert len(kept) > 100 and met == [], met
