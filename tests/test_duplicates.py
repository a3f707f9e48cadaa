"""Copies: identical and nearly so, whatever the order; nothing thrown away."""

from __future__ import annotations

import random
import time

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from textlens.duplicates.finder import find_duplicates, group_duplicates
from textlens.duplicates.near import near_leaders
from textlens.errors import ParameterError
from textlens.tokens import as_tokens

LETTER = "市民会館の建て替えは税金の無駄遣いです。計画を白紙に戻し、学校の修繕と歩道の整備を先にしてください。"
OTHER = "川沿いの桜並木を守る会の者です。工事で三十本を切ると聞きました。住民への説明を先にお願いいたします。"


def jaccard(a: str, b: str, n: int = 4) -> float:
    one, two = ({t[i : i + n] for i in range(len(t) - n + 1)} for t in (a, b))
    return len(one & two) / len(one | two)


def test_identical_and_near_copies_share_a_group() -> None:
    texts = pd.Series([LETTER, OTHER, LETTER.replace("。", "．\n"), "追伸。" + LETTER, LETTER.replace("税金", "公金"), OTHER])
    found = find_duplicates(texts)
    assert found.groups.tolist() == [1, 2, 1, 1, 1, 2]
    assert found.table[["size", "distinct", "representative"]].to_numpy().tolist() == [[4, 3, 0], [2, 1, 1]]
    assert (found.n_texts, found.n_distinct) == (6, 2)
    assert found.table["similarity"].tolist()[1] == 1.0 and 0.7 <= found.table["similarity"].tolist()[0] < 1


@pytest.mark.parametrize(
    "texts",
    [
        ["特になし"] * 5,
        ["公園を増やしてほしいです。"] * 3,
        ["", ""],
        [LETTER, OTHER],
        ["駅のトイレをきれいにしてほしいと思います", "公園のトイレをきれいにしてほしいと思います"],
    ],
)
def test_short_or_different_texts_stay_alone(texts: list[str]) -> None:
    assert group_duplicates(pd.Series(texts)).isna().all()


def test_threshold() -> None:
    texts = pd.Series([LETTER, LETTER.replace("税金", "公金")])
    assert find_duplicates(texts, threshold=1.0).groups.isna().all()
    assert find_duplicates(texts, threshold=0.5).groups.notna().all()
    with pytest.raises(ParameterError, match="threshold"):
        find_duplicates(texts, threshold=0)


@settings(max_examples=30, deadline=None)
@given(st.lists(st.sampled_from([LETTER, OTHER, LETTER + OTHER, LETTER[5:], "短い"]), max_size=12), st.randoms())
def test_order_of_rows_changes_nothing(texts: list[str], chance: random.Random) -> None:
    series = pd.Series(texts, index=[f"{i:02d}" for i in range(len(texts))], dtype=object)
    order = list(series.index)
    chance.shuffle(order)
    one, two = find_duplicates(series), find_duplicates(series[order])
    assert two.groups[series.index].equals(one.groups)
    pd.testing.assert_frame_equal(one.table, two.table)
    assert one.groups.notna().sum() == one.table["size"].sum()


def variants(n: int, seed: int) -> list[str]:
    chance = random.Random(seed)
    made = []
    for _ in range(n):
        text = list(LETTER + OTHER)
        for _ in range(chance.randrange(0, 12)):
            text[chance.randrange(len(text))] = chance.choice("東西南北山川田中")
        made.append("".join(text))
    return list(dict.fromkeys(made))


def test_every_kept_pair_is_similar_and_few_are_missed() -> None:
    texts = sorted(variants(150, 1))
    leader, similarity = near_leaders(texts, 0.7)
    for row, head in enumerate(leader.tolist()):
        assert leader[head] == head
        if head != row:
            assert jaccard(texts[row], texts[head]) == pytest.approx(similarity[row], abs=1e-6) and similarity[row] >= 0.7
    heads = [r for r in range(len(texts)) if leader[r] == r]
    missed = [
        (a, b) for a in heads for b in heads if a < b and jaccard(texts[a], texts[b]) >= 0.75
        and not ((leader == a).sum() > 1 and (leader == b).sum() > 1)
    ]  # fmt: skip
    assert len(missed) <= 2


def test_a_campaign_of_identical_letters_does_not_blow_up() -> None:
    texts = [LETTER] * 19_200 + variants(800, 2)
    start = time.perf_counter()
    found = find_duplicates(pd.Series(texts))
    assert time.perf_counter() - start < 20
    assert found.table["size"].iloc[0] == 19_200 and found.n_texts == len(texts)


def test_tokens_and_texts_give_the_same_and_missing_is_empty() -> None:
    texts = pd.Series([LETTER, None, LETTER, float("nan"), OTHER], dtype=object)
    assert find_duplicates(texts).groups.equals(find_duplicates(as_tokens(texts)).groups)
    with pytest.raises(ParameterError, match="2 件目"):
        find_duplicates(pd.Series([LETTER, 5], dtype=object))


def test_ids_may_be_anything() -> None:
    found = find_duplicates(pd.Series([LETTER, LETTER, LETTER], index=[10, 9, "a"]))
    assert found.table["representative"].tolist() == [10] and found.groups.tolist() == [1, 1, 1]
    assert np.issubdtype(found.table["size"].dtype, np.integer)
