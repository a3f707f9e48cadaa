"""What every estimator promises (scikit-learn's own checks know nothing of text)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from sklearn.base import clone
from sklearn.model_selection import cross_val_score
from sklearn.pipeline import Pipeline
from sklearn.utils.validation import check_is_fitted

import textlens as tl
from textlens.errors import ParameterError
from textlens.schema import FINDING_COLUMNS, THIRD_PARTIES
from textlens.tokens import as_tokens

CASES = Path(__file__).resolve().parent / "cases"
TEXTS = pd.Series(
    [
        "窓口の方が親切で助かりました。ありがとうございます。",
        "通学路に街灯が少なく、夜は暗くて怖いです。街灯を増やしてください。",
        "", None, "   ", "特になし", "ﾊﾞｽの本数が少ない㈱葛川交通！！🙏",
        "隣の大石さん（八十二歳）が認知症で心配です。電話は0999-00-0000です。",
        "公園が狭い。\n・遊具が古い\n・トイレが汚い", "長い意見です。" * 2500, "か゛ﾞﾟ\u0301𠮷\ud800\0",
    ],
    index=[f"{i:05d}" for i in range(11)],
    name="自由意見",
)  # fmt: skip

CALLS: dict[str, Any] = {
    "intent": lambda x: tl.IntentClassifier().predict(x),
    "intent_proba": lambda x: tl.IntentClassifier().predict_proba(x),
    "sentiment": lambda x: tl.SentimentScorer().transform(x),
    "facets": lambda x: tl.FacetTagger().transform(x),
    "routing": lambda x: tl.DepartmentRouter().predict(x),
    "route": lambda x: tl.DepartmentRouter().route(x),
    "third_party": lambda x: tl.PersonalDataFinder().subjects(x),
    "risk": lambda x: tl.PersonalDataFinder().risk(x),
}
ESTIMATORS = ["IntentClassifier", "SentimentScorer", "FacetTagger", "DepartmentRouter", "PersonalDataFinder", "Tokenizer", "TopicClusterer"]


def as_frame(result: pd.Series | pd.DataFrame) -> pd.DataFrame:
    return result.to_frame() if isinstance(result, pd.Series) else result


@pytest.mark.parametrize("name", ESTIMATORS)
def test_init_only_stores_and_clone_works(name: str) -> None:
    estimator = getattr(tl, name)()
    assert all(getattr(estimator, k) is v for k, v in estimator.get_params().items())
    assert clone(estimator).get_params() == estimator.get_params()
    estimator.set_params(**estimator.get_params())


@pytest.mark.parametrize("name", sorted(CALLS))
def test_index_and_rows_are_kept(name: str) -> None:
    result = as_frame(CALLS[name](TEXTS))
    assert result.index.tolist() == TEXTS.index.tolist()


@pytest.mark.parametrize("name", sorted(CALLS))
def test_text_and_tokens_agree(name: str) -> None:
    pd.testing.assert_frame_equal(as_frame(CALLS[name](TEXTS)), as_frame(CALLS[name](as_tokens(TEXTS))))


@pytest.mark.parametrize("name", sorted(CALLS))
def test_a_row_does_not_depend_on_its_neighbours(name: str) -> None:
    together = as_frame(CALLS[name](TEXTS))
    shuffled = as_frame(CALLS[name](TEXTS.iloc[::-1])).iloc[::-1]
    pd.testing.assert_frame_equal(together, shuffled)
    alone = pd.concat([as_frame(CALLS[name](TEXTS.iloc[i : i + 1])) for i in range(len(TEXTS))])
    for column in together:
        for left, right in zip(together[column], alone[column], strict=True):
            same = left == right or (pd.isna(left) and pd.isna(right)) if not isinstance(left, tuple) else left == right
            assert same or np.isclose(float(left), float(right), atol=1e-12), column


OPEN_ENDS = pd.Series(["結構満足", "地元の魚", "また来たい", "駅がきれいな", "道がない", "と思う", "便利だが", "店はない", "開いている", "のに", "では困る", "の"])
"""Texts without a full stop, that could go on in the next one (きれいな | 道, ない | と思う, の | で)."""


@pytest.mark.parametrize("name", sorted(CALLS))
def test_a_text_does_not_go_on_in_the_next_one(name: str) -> None:
    for i in range(len(OPEN_ENDS)):
        alone = as_frame(CALLS[name](OPEN_ENDS.iloc[i : i + 1])).iloc[0]
        for other in range(len(OPEN_ENDS)):
            before = as_frame(CALLS[name](OPEN_ENDS.iloc[[other, i]].reset_index(drop=True))).iloc[1]
            behind = as_frame(CALLS[name](OPEN_ENDS.iloc[[i, other]].reset_index(drop=True))).iloc[0]
            assert before.astype(str).tolist() == behind.astype(str).tolist() == alone.astype(str).tolist(), (name, OPEN_ENDS[i])


@pytest.mark.parametrize("name", sorted(CALLS))
def test_empty_input(name: str) -> None:
    assert len(CALLS[name](pd.Series([], dtype=object))) == 0


@pytest.mark.parametrize("name", sorted(CALLS))
def test_input_is_not_changed(name: str) -> None:
    before = TEXTS.copy(deep=True)
    CALLS[name](TEXTS)
    pd.testing.assert_series_equal(TEXTS, before)


@pytest.mark.parametrize("name", ["IntentClassifier", "SentimentScorer", "FacetTagger", "DepartmentRouter"])
def test_findings_lie_on_the_text(name: str) -> None:
    findings = getattr(tl, name)().findings(TEXTS)
    assert list(findings.columns) == list(FINDING_COLUMNS) and len(findings)
    lengths = TEXTS.fillna("").str.len()
    assert (findings["start"] >= 0).all() and (findings["end"] <= findings["id"].map(lengths)).all()
    assert (findings["start"] < findings["end"]).all()
    assert findings["rule"].astype(str).str.len().gt(0).all()


def test_personal_findings_are_slices() -> None:
    found = tl.PersonalDataFinder().transform(TEXTS)
    assert len(found)
    for row in found.itertuples():
        assert TEXTS[row.id][row.start : row.end] == row.text


def test_every_third_party_has_a_word_that_speaks_of_it() -> None:
    texts = pd.concat([pd.read_csv(CASES / "personal_whose.tsv", sep="\t")["text"], pd.Series(["隣が二階に窓を増やした。", "母が車を手放した。"])], ignore_index=True)
    finder = tl.PersonalDataFinder()
    found = pd.concat([finder.transform(texts), finder.mentions(texts)])
    told = found.groupby("id")["subject"].agg(set).reindex(texts.index)
    subjects = finder.subjects(texts)
    assert subjects.map(bool).sum() > 20 and len(finder.mentions(texts))
    for row, parties in subjects.items():
        assert set(parties) == (told[row] if isinstance(told[row], set) else set()) & set(THIRD_PARTIES)


def test_the_repr_holds_no_text_after_use() -> None:
    texts = ["大石さんの家の前の道路を直してほしい。", "大石さんは親切でした。"] * 6
    used = [
        tl.IntentClassifier().fit(texts, ["要望", "感謝"] * 6), tl.DepartmentRouter().fit(texts, ["D43", "X0"] * 6), tl.Tokenizer().transform(texts),
        tl.TopicClusterer(1).fit(texts), tl.analyze(pd.DataFrame({"text": texts})),
    ]  # fmt: skip
    assert not [one for one in used if "大石" in repr(one)]


@pytest.mark.parametrize("name", ["IntentClassifier", "SentimentScorer", "FacetTagger", "Tokenizer", "PersonalDataFinder", "DepartmentRouter"])
def test_what_works_at_once_counts_as_fitted(name: str) -> None:
    check_is_fitted(getattr(tl, name)())


def test_a_pipeline_predicts_without_fit() -> None:
    texts = TEXTS.iloc[:3]
    found = Pipeline([("t", tl.Tokenizer()), ("i", tl.IntentClassifier())]).predict(texts)
    pd.testing.assert_frame_equal(found, tl.IntentClassifier().predict(texts))
    scored = Pipeline([("t", tl.Tokenizer()), ("s", tl.SentimentScorer())]).transform(texts)
    pd.testing.assert_frame_equal(scored, tl.SentimentScorer().transform(texts))


NO_TEXTS = {
    "a table": TEXTS.to_frame(), "a mapping": TEXTS.to_dict(), "nothing": None, "a number": 5, "one text": "公園が狭い。", "bytes": b"abc",
    "a set": {"公園"}, "two columns": np.array([["公園", "道"]]), "a text that is a number": pd.Series(["公園", 5]),
}  # fmt: skip


@pytest.mark.parametrize("given", NO_TEXTS)
@pytest.mark.parametrize("name", [*sorted(CALLS), "status"])
def test_what_is_no_row_of_texts_is_refused(name: str, given: str) -> None:
    with pytest.raises(ParameterError, match="文字列") as error:
        (CALLS | {"status": tl.row_status})[name](NO_TEXTS[given])
    assert "公園" not in str(error.value)


@pytest.mark.parametrize("name", [*sorted(CALLS), "status"])
def test_rows_of_texts_of_every_kind_are_read_alike(name: str) -> None:
    call = (CALLS | {"status": tl.row_status})[name]
    texts = TEXTS.iloc[:3].tolist()
    expected = as_frame(call(texts))
    for given in (tuple(texts), np.array(texts), pd.Index(texts), pd.Series([np.str_(text) for text in texts], dtype=object), as_tokens(texts)):
        pd.testing.assert_frame_equal(as_frame(call(given)), expected)


@pytest.mark.parametrize(
    "estimator",
    [
        tl.IntentClassifier(threshold="a"), tl.IntentClassifier(threshold=True), tl.FacetTagger(legal_threshold=None),
        tl.TopicClusterer(n_topics="3"), tl.TopicClusterer(n_topics=2.5), tl.TopicClusterer(random_state=None), tl.TopicClusterer(0),
    ],
)  # fmt: skip
def test_parameters_of_a_wrong_type_are_refused(estimator: Any) -> None:
    call = next(getattr(estimator, name) for name in ("fit_predict", "predict", "transform") if hasattr(estimator, name))
    with pytest.raises(ParameterError, match="threshold は数|threshold は 0 以上 1 以下の数|n_topics は 1 以上|random_state は 0 以上"):
        call(TEXTS.iloc[:2])


def test_tokens_can_be_split_by_scikit_learn() -> None:
    texts = pd.Series(["道路を直してほしい。", "窓口の方が親切でした。"] * 9)
    kinds, codes = np.array(["要望", "感謝"] * 9, object), np.array(["D43", "X0"] * 9, object)
    tokens = as_tokens(texts)
    assert len(tokens) == 18 and tokens.shape == (18,)
    for estimator, labels in ((tl.IntentClassifier(), kinds), (tl.DepartmentRouter(), codes)):
        for given in (texts, tokens):
            assert cross_val_score(estimator, given, labels, cv=3).tolist() == [1.0] * 3
