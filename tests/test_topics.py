"""Topics: determinism, labels, edits, frozen topics, polarity, choice of their number."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.base import clone
from sklearn.metrics import adjusted_rand_score, normalized_mutual_info_score

from textlens.errors import InputFileError, ParameterError
from textlens.sample import load_master
from textlens.status import row_status
from textlens.tokens import as_tokens
from textlens.topics.choice import suggest_n
from textlens.topics.clusterer import TopicClusterer
from textlens.topics.edits import TopicEdits
from textlens.topics.frozen import FrozenTopics
from textlens.topics.labels import N_LABEL_WORDS, describe
from textlens.topics.phrases import topic_phrases
from textlens.topics.polarity import topic_polarity
from textlens.topics.words import GENERAL, NOUN

MATTERS = {
    "バス": ["バスの本数を増やしてほしい", "バス停に屋根がない", "路線バスの終バスが早い", "バスの運賃が高い", "バス停まで遠くて歩けない"],
    "ごみ": ["ごみの分別がわかりにくい", "ゴミ袋の値段が高い", "ごみ集積所をカラスが荒らす", "粗大ごみの収集日を増やして", "ごみの収集が遅い"],
    "公園": ["公園の遊具が古い", "公園の草刈りをしてほしい", "公園のベンチが壊れている", "公園にトイレがない", "遊具のペンキがはげた公園"],
    "図書館": ["図書館の新刊が少ない", "図書館の席が足りない", "図書館の貸出が便利", "図書館で本を探すのが楽しい", "移動図書館が来なくなった"],
}


def matters() -> tuple[pd.Series, np.ndarray]:
    endings = ["。", "です。", "と思います。", "のが残念です。"]
    rows = [(text + end, name) for name, texts in MATTERS.items() for text in texts for end in endings]
    return pd.Series([r[0] for r in rows], index=[f"k{i:03d}" for i in range(len(rows))]), np.array([r[1] for r in rows])


@pytest.fixture(scope="module")
def survey() -> pd.Series:
    texts = load_master().set_index("id")["自由意見"].fillna("")
    return texts[row_status(texts) == "ok"]


@pytest.fixture(scope="module")
def found(survey: pd.Series) -> TopicClusterer:
    return TopicClusterer().fit(survey)


def test_known_matters_are_found() -> None:
    texts, truth = matters()
    clusterer = TopicClusterer(4).fit(texts)
    assert adjusted_rand_score(truth, clusterer.labels_) > 0.95
    heads = {label.split("・")[0] for label in clusterer.topics_["label"]}
    assert heads == {"バス", "ごみ", "公園", "図書館"}


@pytest.mark.parametrize("seed", [1, 2])
def test_order_of_rows_changes_nothing(survey: pd.Series, found: TopicClusterer, seed: int) -> None:
    other = TopicClusterer().fit(survey.sample(frac=1, random_state=seed))
    assert other.labels_.reindex(survey.index).tolist() == found.labels_.tolist()
    pd.testing.assert_frame_equal(other.topics_, found.topics_)
    assert other.topics_.to_json() == found.topics_.to_json()


def test_every_comment_is_counted_once(survey: pd.Series, found: TopicClusterer) -> None:
    assert found.topics_["size"].sum() == len(survey)
    counts = found.labels_.value_counts()
    assert {n: counts[n] for n in counts.index} == dict(zip(found.topics_["topic"], found.topics_["size"], strict=True))
    assert (found.labels_ == 0).mean() < 0.15


def test_strict_keeps_only_what_is_near(survey: pd.Series, found: TopicClusterer) -> None:
    strict = TopicClusterer(strict=True).fit(survey)
    kept = strict.labels_ > 0
    assert (strict.fit_[kept] >= 0.2).all() and (~kept).sum() > (found.labels_ == 0).sum()
    assert strict.topics_["size"].sum() == len(survey)


def test_labels_are_distinct_nouns(found: TopicClusterer) -> None:
    labels = found.topics_["label"].tolist()
    assert len(set(labels)) == len(labels)
    words = found.corpus_.words
    tier = dict(zip(words.terms.tolist(), words.tiers.tolist(), strict=True))
    for label in labels[:-1]:
        parts = label.split("・")
        assert len(parts) <= N_LABEL_WORDS and all(tier[p] >= GENERAL for p in parts), label
        assert NOUN in [tier[p] for p in parts], label


def test_representatives_are_members_and_differ(survey: pd.Series, found: TopicClusterer) -> None:
    for row in found.topics_.itertuples():
        assert len({survey[i] for i in row.representatives}) == len(row.representatives) == min(3, row.size)
        assert all(found.labels_[i] == row.topic for i in row.representatives)


def test_second_level_covers_all(found: TopicClusterer) -> None:
    groups = found.topics_.groupby("group")["group_label"].nunique()
    assert (groups == 1).all() and 3 <= len(groups) < len(found.topics_)
    by_label = dict(zip(found.topics_["label"], found.topics_["group_label"], strict=True))
    assert any("ごみ" in label and group == "環境・衛生・水道" for label, group in by_label.items())


def test_identical_letters_do_not_drown_the_rest() -> None:
    texts, truth = matters()
    flood = pd.Series(["市民会館の建て替えに反対します。税金の無駄遣いです。"] * 500, index=[f"z{i}" for i in range(500)])
    clusterer = TopicClusterer(5).fit(pd.concat([texts, flood]))
    assert adjusted_rand_score(truth, clusterer.labels_[texts.index]) > 0.8
    assert clusterer.labels_[flood.index].nunique() == 1
    number = clusterer.labels_[flood.index].iloc[0]
    assert len(clusterer.topics_.set_index("topic").loc[number, "representatives"]) == 1


def test_what_fits_nowhere_goes_to_the_rest() -> None:
    texts, _ = matters()
    strangers = pd.Series(["囲碁の大会", "囲碁の名人"], index=["s1", "s2"])
    clusterer = TopicClusterer(4).fit(pd.concat([texts, strangers]))
    assert clusterer.labels_[strangers.index].tolist() == [0, 0]
    assert clusterer.topics_.iloc[-1][["label", "size"]].tolist() == ["その他", 2]


def test_no_label_is_given_twice() -> None:
    texts, _ = matters()
    found = TopicClusterer(4).fit(texts)
    first, second = found.topics_["label"][:2]
    again = describe(found.corpus_, found.labels_.to_numpy(), {2: first})
    assert again["label"].is_unique and again["label"][1] == first and again["label"][0] != first
    assert second not in again["label"].tolist()


@pytest.mark.parametrize("texts", [[], [""], ["特になし"], ["公園"], ["公園", "公園"], ["！？", "バス", ""]])
def test_small_and_empty_inputs(texts: list[str]) -> None:
    clusterer = TopicClusterer().fit(pd.Series(texts, dtype=object))
    assert len(clusterer.labels_) == len(texts) == clusterer.topics_["size"].sum()


def test_parameters() -> None:
    with pytest.raises(ParameterError, match="1 以上"):
        TopicClusterer(0).fit(pd.Series(["公園"]))
    assert clone(TopicClusterer(7, random_state=3)).get_params()["n_topics"] == 7


class Letters:
    """A stand-in for a local embedding model."""

    def encode(self, texts: list[str]) -> np.ndarray:
        return np.array([[text.count(c) for c in "バご公図"] for text in texts], float)


def test_an_encoder_may_take_the_place_of_words() -> None:
    texts, truth = matters()
    clusterer = TopicClusterer(4, encoder=Letters()).fit(texts)
    assert adjusted_rand_score(truth, clusterer.labels_) > 0.8 and clusterer.space_ is None
    with pytest.raises(ParameterError, match="固定"):
        FrozenTopics.of(clusterer)


@settings(max_examples=20, deadline=None)
@given(st.lists(st.sampled_from([t for texts in MATTERS.values() for t in texts] + ["", "はい"]), max_size=25), st.randoms())
def test_any_batch_is_order_free(texts: list[str], chance: object) -> None:
    series = pd.Series(texts, index=[f"{i}" for i in range(len(texts))], dtype=object)
    order = list(series.index)
    chance.shuffle(order)  # type: ignore[attr-defined]
    one, two = TopicClusterer().fit_predict(series), TopicClusterer().fit_predict(series[order])
    assert two[series.index].tolist() == one.tolist() and len(one) == len(texts)


def test_phrases_are_those_of_the_topic_and_lead_to_comments(survey: pd.Series, found: TopicClusterer) -> None:
    table = topic_phrases(survey, found.labels_, found.topics_, min_docs=2)
    assert len(table) and (table["docs"] >= 2).all() and (table.groupby("topic")["score"].apply(lambda s: s.is_monotonic_decreasing)).all()
    for row in table.itertuples():
        assert (found.labels_[list(row.ids)] == row.topic).all() and len(set(survey[list(row.ids)])) >= row.docs
    shuffled = survey.sample(frac=1, random_state=2)
    pd.testing.assert_frame_equal(topic_phrases(shuffled, found.labels_[shuffled.index], found.topics_, min_docs=2), table)


def test_a_form_letter_is_one_voice_and_a_longer_phrase_takes_its_pieces() -> None:
    texts = pd.Series(["駅前に大きな駐輪場を作る。"] * 9 + ["夜の街灯を増やして。", "夜の街灯を増やしたい。", "道の街灯を増やす。", "犬が好き。"])
    table = topic_phrases(texts, pd.Series([1] * 12 + [2]))
    assert table[["phrase", "docs"]].to_numpy().tolist() == [["街灯を増やす", 3]]
    with pytest.raises(ParameterError, match="同じ索引"):
        topic_phrases(texts, pd.Series([1, 2]))
    with pytest.raises(ParameterError, match="1 以上"):
        topic_phrases(texts, pd.Series([1] * 13), n=0)


@pytest.mark.parametrize("texts", [[], ["。"], ["公園"]])
def test_phrases_of_next_to_nothing(texts: list[str]) -> None:
    assert topic_phrases(pd.Series(texts, dtype=object), pd.Series([1] * len(texts), dtype=int)).empty


# -- edits --------------------------------------------------------------------------------------------


def edited(found: TopicClusterer, edits: TopicEdits) -> tuple[pd.Series, pd.DataFrame]:
    labels, topics = edits.apply(found)
    assert topics["size"].sum() == len(labels) and topics["label"].is_unique
    return labels, topics


def test_merge_rename_move_leave_the_rest(found: TopicClusterer) -> None:
    a, b, c = found.topics_["label"][:3]
    outsider = found.labels_.index[found.labels_ == 3][0]
    edits = TopicEdits().merge([b], a).rename(a, "まとめた話題", "課で決めた").move([outsider], "まとめた話題")
    labels, topics = edited(found, edits)
    before = found.topics_.set_index("topic")
    after = topics.set_index("topic")
    assert 2 not in after.index and after.loc[1, "label"] == "まとめた話題"
    assert after.loc[1, "size"] == before.loc[1, "size"] + before.loc[2, "size"] + 1
    untouched = [n for n in before.index if n not in (1, 2, 3)]
    columns = ["label", "words", "size", "representatives"]
    pd.testing.assert_frame_equal(after.loc[untouched, columns], before.loc[untouched, columns])
    assert found.topics_["label"].tolist()[:3] == [a, b, c]


def test_split_by_words_and_by_number(found: TopicClusterer) -> None:
    first = found.topics_["label"][0]
    word = found.topics_["words"][0][0]
    labels, topics = edited(found, TopicEdits().split(first, [word]))
    new = int(topics["topic"].max())
    assert topics.set_index("topic").loc[new, "label"] == word
    assert ((labels == new) <= (found.labels_ == 1)).all() and (labels == new).sum() > 0
    labels, topics = edited(found, TopicEdits().split("1", 2))
    assert (labels == topics["topic"].max()).sum() > 0


def test_seed_words_respect_frozen_topics() -> None:
    texts, truth = matters()
    found = TopicClusterer(4).fit(texts)
    number = int(found.labels_[truth == "公園"].mode()[0])
    labels, topics = edited(found, TopicEdits().freeze(number).seed("草とトイレ", ["草刈り", "トイレ"]))
    assert "草とトイレ" not in topics["label"].tolist()
    labels, topics = edited(found, TopicEdits().seed("草とトイレ", ["草刈り", "トイレ"]))
    assert topics.set_index("label").loc["草とトイレ", "size"] == 8


def test_edits_file_is_readable_and_lasts(found: TopicClusterer, survey: pd.Series, tmp_path: Path) -> None:
    edits = TopicEdits().rename(1, "学校のこと", "10/3 会議").seed("鳥獣", ["猿", "猪"]).merge([4, 5], 3)
    path = edits.save(tmp_path / "話題の修正.tsv")
    assert path.read_text(encoding="utf-8").splitlines()[1] == "rename\t1\t学校のこと\t10/3 会議"
    again = TopicEdits.load(path)
    assert again.edits == edits.edits
    shuffled = TopicClusterer().fit(survey.sample(frac=1, random_state=5))
    one, two = edits.apply(found), again.apply(shuffled)
    assert two[0].reindex(one[0].index).tolist() == one[0].tolist()
    pd.testing.assert_frame_equal(one[1], two[1])


@pytest.mark.parametrize(
    ("content", "message"),
    [("x\n", "見出し"), ("action\ttopic\tvalue\tnote\nzap\t1\t2\t\n", "2 行目"), ("action\ttopic\tvalue\tnote\nmerge\t1\t\t\n", "value）が要ります")],
)
def test_a_wrong_edits_file_is_refused(tmp_path: Path, content: str, message: str) -> None:
    path = tmp_path / "e.tsv"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(InputFileError, match=message):
        TopicEdits.load(path)


def test_an_edit_of_something_absent_names_its_place(found: TopicClusterer) -> None:
    with pytest.raises(ParameterError, match="2 件目（move）: id が 1 件"):
        TopicEdits().freeze(1).move(["no-such"], 1).apply(found)


@pytest.mark.parametrize(
    ("edits", "message"),
    [
        (TopicEdits().split(3, 0), "2 以上"),
        (TopicEdits().rename(3, "四番").rename(4, "四番"), "2 件目（rename）.*merge"),
        (TopicEdits().rename(0, "雑多"), "その他の名前"),
        (TopicEdits().freeze(3).merge([3], 4), "2 件目（merge）.*固定"),
        (TopicEdits().freeze(3).split(3, 2), "固定"),
    ],
)
def test_an_edit_that_would_lose_something_is_refused(found: TopicClusterer, edits: TopicEdits, message: str) -> None:
    with pytest.raises(ParameterError, match=message):
        edits.apply(found)


def test_a_second_split_by_the_same_word_gets_a_name_of_its_own(found: TopicClusterer) -> None:
    labels, topics = edited(found, TopicEdits().split(1, ["の"]).split(2, ["の"]))
    assert topics["label"].str.startswith("の").sum() == 2


# -- next year ----------------------------------------------------------------------------------------


def test_frozen_topics_over_years(tmp_path: Path) -> None:
    texts, truth = matters()
    found = TopicClusterer(4).fit(texts)
    frozen = FrozenTopics.load(FrozenTopics.of(found).save(tmp_path / "topics.json"))
    same = frozen.assign(texts)
    assert (same.labels == found.labels_).mean() > 0.95 and not same.topics["is_new"].any()
    news = pd.Series([f"クマが{where}に出た。" for where in ("畑", "学校", "川", "集落", "墓地")], index=[f"n{i}" for i in range(5)])
    later = frozen.assign(pd.concat([texts[truth == "バス"], news]))
    assert later.labels[news.index].unique().tolist() == [5]
    table = later.topics.set_index("label")
    assert table["size"].sum() == len(later.labels) and table.loc[later.topics["is_new"].to_numpy(), "size"].tolist() == [5]
    assert later.topics["label"].tolist()[:4] == found.topics_["label"].tolist()[:4]
    alone = frozen.assign(texts[:1])
    assert alone.labels.iloc[0] == found.labels_.iloc[0]
    assert FrozenTopics.of(found).assign(news).labels.tolist() == frozen.assign(news).labels.tolist()


def test_a_topic_of_the_second_year_waits_for_the_third(tmp_path: Path) -> None:
    texts, truth = matters()
    frozen = FrozenTopics.of(TopicClusterer(3).fit(texts[truth != "図書館"]))
    bears = pd.Series([f"クマが{where}に出た。" for where in ("畑", "学校", "川", "集落", "墓地")])
    second = frozen.assign(bears)
    assert second.labels.unique().tolist() == [4] and second.topics["is_new"].tolist() == [False] * 3 + [True]
    yardstick = FrozenTopics.load(second.frozen.save(tmp_path / "話題.json"))
    third = yardstick.assign(pd.concat([bears[:2], texts[truth == "図書館"]]))
    assert third.labels[:2].tolist() == [4, 4] and (third.labels[2:] > 4).mean() > 0.8
    table = third.topics.set_index("topic")
    assert table.at[4, "label"] == second.topics["label"].iloc[-1] and not table.at[4, "is_new"] and table.at[5, "is_new"]
    assert third.frozen.all_labels[:4] == yardstick.all_labels and len(third.frozen.all_labels) >= 5
    assert third.frozen.assign(bears).labels.unique().tolist() == [4]


def test_a_handful_in_a_large_year_is_no_new_topic() -> None:
    texts, _ = matters()
    frozen = FrozenTopics.of(TopicClusterer(4).fit(texts))
    year = pd.concat([texts] * 20 + [pd.Series([f"クマが{where}に出た。" for where in ("畑", "学校", "川", "集落")])], ignore_index=True)
    assert len(year) > 1500 and not frozen.assign(year).topics["is_new"].any()
    assert frozen.assign(year, min_new=3).topics["is_new"].sum() == 1


def test_a_frozen_file_holds_no_comment(found: TopicClusterer, survey: pd.Series, tmp_path: Path) -> None:
    path = FrozenTopics.of(found).save(tmp_path / "topics.json")
    content = path.read_text(encoding="utf-8")
    json.loads(content)
    assert not any(text in content for text in survey if len(text) > 15)
    (tmp_path / "x.json").write_text("{}", encoding="utf-8")
    with pytest.raises(InputFileError):
        FrozenTopics.load(tmp_path / "x.json")


# -- polarity, number of topics -----------------------------------------------------------------------


def test_polarity_counts_each_person_once() -> None:
    labels = pd.Series([1, 1, 1, 2, 0])
    polarity = pd.Series(["negative", "negative", "positive", "mixed", "negative"])
    table = topic_polarity(labels, polarity, respondents=pd.Series(["a", "a", "b", "a", "c"]))
    assert table[["topic", "n", "positive", "negative", "mixed"]].to_numpy().tolist() == [[1, 2, 1, 1, 0], [2, 1, 0, 0, 1], [0, 1, 0, 1, 0]]
    with pytest.raises(ParameterError):
        topic_polarity(labels, polarity.replace("mixed", "bad"))


def test_polarity_takes_lists_in_their_order() -> None:
    labels, polarity = pd.Series([1, 2, 1], index=list("abc")), pd.Series(["negative", "mixed", "negative"], index=list("abc"))
    wanted = topic_polarity(labels, polarity, respondents=pd.Series(["x", "x", "x"], index=list("abc")))
    pd.testing.assert_frame_equal(topic_polarity(labels.tolist(), polarity.to_numpy(), respondents=["x", "x", "x"]), wanted)
    pd.testing.assert_frame_equal(topic_polarity(labels.to_numpy(), polarity, respondents=["x", "x", "x"]), wanted)
    for one, other, who in ((labels, polarity[::-1], None), ([1, 2], polarity, None), (["道", "道", "川"], polarity, None), (labels, polarity, "xyz"), (5, "mixed", None)):
        with pytest.raises(ParameterError):
            topic_polarity(one, other, respondents=who)


def test_suggest_n_finds_the_planted_number() -> None:
    texts, _ = matters()
    table = suggest_n(texts, (2, 4, 9), n_boot=4)
    assert table["suggested"].sum() == 1
    assert table.set_index("n_topics")["stability"][4] == table["stability"].max()
    assert table.set_index("n_topics")["suggested"][4]
    assert ((table["stability_low"] <= table["stability"]) & (table["stability"] <= table["stability_high"])).all()
    again = TopicClusterer().suggest_n(texts.sample(frac=1, random_state=1), candidates=(2, 4, 9), n_boot=4)
    pd.testing.assert_frame_equal(table, again)


def test_agrees_with_departments_better_than_plain_kmeans(shared_data: Path) -> None:
    from sklearn.cluster import KMeans
    from sklearn.feature_extraction.text import TfidfTransformer

    from textlens.tokens import term_matrix

    lines = (shared_data / "gold" / "municipal_gold.jsonl").read_text(encoding="utf-8").splitlines()
    rows = [json.loads(line) for line in lines]
    rows = [row for row in rows if row["departments"]]
    texts, truth = pd.Series([row["text"] for row in rows]), [row["departments"][0] for row in rows]
    plain = TfidfTransformer(sublinear_tf=True).fit_transform(term_matrix(as_tokens(texts), min_docs=2)[0])
    baseline = KMeans(40, n_init=4, random_state=0).fit_predict(plain)
    ours = TopicClusterer(40).fit_predict(texts)
    assert normalized_mutual_info_score(truth, ours) > normalized_mutual_info_score(truth, baseline) + 0.03
