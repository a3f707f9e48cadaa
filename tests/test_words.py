"""Words: counts, KWIC, network, characteristic words, compound suggestions."""

from __future__ import annotations

import math

import networkx as nx
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from textlens.duplicates.finder import group_duplicates
from textlens.errors import ParameterError
from textlens.sample import load_master
from textlens.tokens import as_tokens
from textlens.words.compounds import suggest_compounds
from textlens.words.groups import characteristic_words, log_odds_with_prior
from textlens.words.network import cooccurrence
from textlens.words.spellings import spelling_variants
from textlens.words.tables import find_words, kwic, word_counts

TEXTS = pd.Series(
    ["公園の遊具が古い。", "公園の遊具を直して。", "ゴミの分別。ごみの収集。", "バスの運賃が高い。", "公園までバスで行く。", "佐藤さんの対応が良い。"],
    index=list("abcdef"),
)


@pytest.fixture(scope="module")
def survey() -> pd.DataFrame:
    master = load_master().set_index("id")
    return master[master["自由意見"].fillna("").str.len() > 5]


def test_counts_lead_back_to_comments() -> None:
    table = word_counts(TEXTS).set_index("word")
    assert table.loc["公園", ["count", "docs"]].tolist() == [3, 3]
    assert table.loc["ごみ", ["count", "docs"]].tolist() == [2, 1] and "ゴミ" not in table.index
    assert "佐藤" not in table.index and table.loc["公園", "share"] == 0.5
    assert word_counts(TEXTS, compounds=["公園の遊具"]).set_index("word").loc["公園の遊具", "docs"] == 2
    assert word_counts(TEXTS, synonyms={"公園": "緑地"}).iloc[0]["word"] == "緑地"
    assert word_counts(TEXTS, min_docs=3)["docs"].min() >= 3


def test_kwic_is_verbatim(survey: pd.DataFrame) -> None:
    texts = survey["自由意見"]
    table = kwic(texts, "学校", width=12)
    assert len(table) == word_counts(texts).set_index("word").loc["学校", "count"]
    for row in table.itertuples():
        assert row.left + row.word + row.right in texts[row.id] and texts[row.id][row.start : row.end] == row.word
    assert kwic(texts, "この語はない").empty
    with pytest.raises(ParameterError):
        kwic(texts, "学校", width=-1)


def test_network_measures_are_those_of_the_definition() -> None:
    net = cooccurrence(TEXTS, min_docs=1, min_both=1)
    edges = net.edges.set_index(["source", "target"])
    assert edges.loc[("公園", "遊具"), ["both", "jaccard"]].tolist() == [2, pytest.approx(2 / 3, abs=1e-6)]
    assert edges.loc[("バス", "公園"), ["both", "jaccard"]].tolist() == [1, pytest.approx(1 / 4, abs=1e-6)]
    tree = net.to_networkx(tree_only=True)
    assert nx.is_forest(tree) and nx.number_connected_components(tree) == nx.number_connected_components(net.to_networkx())
    assert set(net.nodes["word"]) == set(net.to_networkx().nodes)


def test_network_does_not_depend_on_rows(survey: pd.DataFrame) -> None:
    one = cooccurrence(survey["自由意見"])
    two = cooccurrence(survey["自由意見"].sample(frac=1, random_state=3))
    pd.testing.assert_frame_equal(one.nodes, two.nodes)
    pd.testing.assert_frame_equal(one.edges, two.edges)


def test_a_form_letter_counts_once(survey: pd.DataFrame) -> None:
    texts = survey["自由意見"]
    plain = cooccurrence(texts)
    once = cooccurrence(texts, duplicate_group=group_duplicates(texts))
    assert plain.edges["jaccard"].iloc[0] == 1.0 and once.edges["both"].max() < plain.edges["both"].max()
    with pytest.raises(ParameterError):
        cooccurrence(texts, duplicate_group=pd.Series([1]))


def test_word_attribute_network_joins_words_to_values(survey: pd.DataFrame) -> None:
    net = cooccurrence(survey["自由意見"], attribute=survey["年代"])
    kind = dict(zip(net.nodes["word"], net.nodes["kind"], strict=True))
    assert {kind[w] for w in net.edges["source"]} | {kind[w] for w in net.edges["target"]} == {"word", "年代"}
    assert all(kind[a] != kind[b] for a, b in zip(net.edges["source"], net.edges["target"], strict=True))
    with pytest.raises(ParameterError):
        cooccurrence(survey["自由意見"], attribute=survey["年代"], unit="unit")


def test_units_are_smaller_than_comments() -> None:
    texts = pd.Series(["公園の遊具が古い。バスの運賃が高い。"] * 3)
    together = {tuple(e) for e in cooccurrence(texts, min_docs=1).edges[["source", "target"]].to_numpy()}
    apart = {tuple(e) for e in cooccurrence(texts, min_docs=1, unit="unit").edges[["source", "target"]].to_numpy()}
    assert ("バス", "公園") in together and ("バス", "公園") not in apart and ("公園", "遊具") in apart


def test_log_odds_equals_the_formula() -> None:
    inside, outside, prior = np.array([12.0, 3, 5]), np.array([4.0, 30, 6]), np.array([1.5, 2.5, 1.0])
    log_odds, z = log_odds_with_prior(inside, outside, prior)
    for w in range(3):
        a = (12 + 3 + 5 + 5.0) - inside[w] - prior[w]
        b = (4 + 30 + 6 + 5.0) - outside[w] - prior[w]
        delta = math.log((inside[w] + prior[w]) / a) - math.log((outside[w] + prior[w]) / b)
        sigma = math.sqrt(1 / (inside[w] + prior[w]) + 1 / (outside[w] + prior[w]))
        assert log_odds[w] == pytest.approx(delta, abs=1e-12) and z[w] == pytest.approx(delta / sigma, abs=1e-12)


def test_characteristic_words_of_age_bands(survey: pd.DataFrame) -> None:
    table = characteristic_words(survey["自由意見"], survey["年代"], top=None)
    assert (table["z"] > 0).all() and table.groupby("group")["z"].apply(lambda z: z.is_monotonic_decreasing).all()
    assert (table["reference"] == (table["n"] < 30)).all()
    assert "学校" in table[table["group"] == "10代"]["word"].head(8).tolist()
    with pytest.raises(ParameterError, match="2 つ以上"):
        characteristic_words(survey["自由意見"], pd.Series("x", index=survey.index))


def test_c_value_of_a_worked_example() -> None:
    texts = pd.Series(["児童クラブ"] * 3 + ["放課後児童クラブ"] * 4 + ["待機児童"] * 2)
    table = suggest_compounds(texts, min_count=2).set_index("term")
    assert table.loc["児童クラブ", "count"] == 7
    assert table.loc["児童クラブ", "c_value"] == pytest.approx(math.log2(2) * (7 - 4))
    assert table.loc["放課後児童クラブ", "c_value"] == pytest.approx(math.log2(4) * 4)
    assert table.loc["待機児童", "listed"] and "さん" not in "".join(table.index)


@settings(max_examples=25, deadline=None)
@given(st.lists(st.text(alphabet="公園遊具バスの が。ゴミ山", max_size=20), max_size=8))
def test_any_text_is_counted_consistently(texts: list[str]) -> None:
    words = find_words(as_tokens(texts))
    table = word_counts(as_tokens(texts))
    assert table["count"].sum() == (words.column >= 0).sum() and (table["docs"] <= table["count"]).all()
    assert words.matrix("unit").sum() == words.matrix().sum()
    cooccurrence(words, min_docs=1, min_both=1)
    suggest_compounds(as_tokens(texts), min_count=1)


def test_spellings_are_listed_and_merge_when_accepted() -> None:
    texts = pd.Series(["とても綺麗な公園", "きれいな公園", "トイレがキレイ", "綺麗", "ごみを拾う", "ゴミを拾う"], index=list("fedcba"))
    table = spelling_variants(texts)
    assert {tuple(r) for r in table[["spelling", "word", "count"]].to_numpy().tolist()} == {("きれい", "綺麗", 1), ("キレイ", "綺麗", 1)}
    accepted = dict(zip(table["spelling"], table["word"], strict=True))
    assert word_counts(texts, synonyms=accepted).set_index("word").loc["綺麗", "docs"] == 4
    assert sorted(kwic(texts, "綺麗", synonyms=accepted)["word"]) == ["きれい", "キレイ", "綺麗", "綺麗"]
    pd.testing.assert_frame_equal(spelling_variants(texts.iloc[::-1]), table)
    assert spelling_variants(texts, min_count=2).empty and spelling_variants(pd.Series([], dtype=object)).empty


def test_a_plain_string_is_one_item() -> None:
    pd.testing.assert_frame_equal(word_counts(TEXTS, pos="名詞"), word_counts(TEXTS, pos=["名詞"]))
    assert len(word_counts(TEXTS, pos="名詞")) and "公園" not in set(word_counts(TEXTS, stopwords="公園")["word"])
    assert "公園の遊具" in set(word_counts(TEXTS, compounds="公園の遊具")["word"])


@pytest.mark.parametrize("value", ["3", None, 2.5, -1])
def test_numbers_that_are_no_whole_numbers_are_refused(value: object) -> None:
    groups = pd.Series(list("xxxyyy"), index=TEXTS.index)
    number: dict[str, object]
    for call, name in ((word_counts, "min_docs"), (spelling_variants, "min_count"), (suggest_compounds, "min_count"), (suggest_compounds, "top"),
                       (cooccurrence, "n_words"), (cooccurrence, "n_edges"), (cooccurrence, "min_docs"), (cooccurrence, "min_both")):  # fmt: skip
        number = {name: value}
        with pytest.raises(ParameterError, match=name):
            call(TEXTS, **number)  # type: ignore[operator]
    for name in ("min_docs", "prior") if value != 2.5 else ("min_docs", "top"):
        number = {name: value}
        with pytest.raises(ParameterError, match=name):
            characteristic_words(TEXTS, groups, **number)  # type: ignore[arg-type]


@pytest.mark.parametrize("call", [
    lambda: word_counts(TEXTS, pos=5), lambda: word_counts(TEXTS, stopwords=5), lambda: word_counts(TEXTS, compounds=None),
    lambda: word_counts(TEXTS, synonyms="公園"), lambda: kwic(TEXTS, ["公園"]), lambda: kwic(TEXTS, "公園", width="x"),  # type: ignore[arg-type]
])  # fmt: skip
def test_what_is_no_list_and_no_word_is_refused(call: object) -> None:
    with pytest.raises(ParameterError):
        call()  # type: ignore[operator]


@pytest.mark.parametrize("kind", [list, np.array, tuple, pd.Categorical])
def test_groups_may_be_a_list_or_an_array(kind: object) -> None:
    groups = pd.Series(list("xxxyyy"), index=TEXTS.index)
    given = kind(groups.tolist())  # type: ignore[operator]
    pd.testing.assert_frame_equal(
        characteristic_words(TEXTS, given, min_docs=1), characteristic_words(TEXTS, groups, min_docs=1), check_dtype=False
    )
    for name in ("attribute", "duplicate_group"):
        found, wanted = (cooccurrence(TEXTS, min_docs=1, min_both=1, **{name: values}) for values in (given, groups))  # type: ignore[arg-type]
        pd.testing.assert_frame_equal(found.edges, wanted.edges)
        with pytest.raises(ParameterError, match=name):
            cooccurrence(TEXTS, **{name: given[:3]})  # type: ignore[arg-type]
        with pytest.raises(ParameterError, match="unit"):
            cooccurrence(TEXTS, unit="unit", **{name: given})  # type: ignore[arg-type]
    for wrong in (given[:3], "xxxyyy", None, groups.reset_index(drop=True)):
        with pytest.raises(ParameterError, match="groups"):
            characteristic_words(TEXTS, wrong)
