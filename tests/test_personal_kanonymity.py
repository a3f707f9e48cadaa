"""k of attribute combinations, rare attributes in text, and small cells."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from textlens.errors import ColumnNotFoundError, ParameterError
from textlens.personal.kanonymity import (
    KS,
    group_sizes,
    k_anonymity,
    k_sweep,
    rare_in_text,
    rare_values,
    recheck,
    singling_out,
)

PEOPLE = pd.DataFrame(
    {"area": ["A"] * 6 + ["B"] * 6, "age": ["30", "40"] * 6, "children": [1, 1, 2, 2, 1, 1, 1, 1, 2, 2, 1, 5]},
    index=[f"r{n}" for n in range(12)],
)
TABLES = st.lists(st.tuples(st.sampled_from("AB"), st.sampled_from("xyz"), st.integers(0, 2)), min_size=1, max_size=30)


def test_a_planted_unique_is_found_with_its_smallest_columns() -> None:
    found = k_anonymity(PEOPLE, ["area", "age", "children"])
    assert found.loc["r11", "singled_out_by"] == (("children",),)
    assert found.loc["r11", "k"] == 1


def test_sample_and_population_stand_side_by_side() -> None:
    assert k_anonymity(PEOPLE, ["area", "children"], fraction=1 / 60).loc["r11", "k_population"] == 60
    census = k_anonymity(PEOPLE, ["area", "children"], fraction=1.0)
    assert (census["k"] == census["k_population"]).all()
    town = pd.DataFrame({"area": ["B"], "children": [5], "count": [7]})
    assert k_anonymity(PEOPLE, ["area", "children"], population=town).loc["r11", "k_population"] == 7


@settings(max_examples=50, deadline=None)
@given(TABLES)
def test_sweep_is_monotone_and_agrees_with_counting(rows: list[tuple[str, str, int]]) -> None:
    table = pd.DataFrame(rows, columns=["a", "b", "c"])
    sweep = k_sweep(table, ["a", "b", "c"])
    counted = [sum(rows.count(r) < k for r in rows) for k in KS]
    assert sweep["rows_affected"].tolist() == counted == sorted(counted)
    assert sweep["columns_lost"].is_monotonic_increasing


@settings(max_examples=50, deadline=None)
@given(TABLES)
def test_sets_single_out_and_are_smallest(rows: list[tuple[str, str, int]]) -> None:
    table = pd.DataFrame(rows, columns=["a", "b", "c"])
    for place, sets in enumerate(singling_out(table, ["a", "b", "c"])):
        for columns in sets:
            assert group_sizes(table, columns).iloc[place] == 1
            assert all(group_sizes(table, [c for c in columns if c != d]).iloc[place] > 1 for d in columns if len(columns) > 1)


def test_rare_attributes_in_text() -> None:
    texts = pd.Series(["離婚５回の身です", "子ども2人です", "うちは双子の母です", "母は百歳になった"], index=list("abcd"))
    found = rare_in_text(texts)
    assert found["id"].tolist() == ["a", "c", "d"]
    assert texts["a"][found.loc[0, "start"] : found.loc[0, "end"]] == "離婚５回"


def test_generalising_is_rechecked() -> None:
    coarse = PEOPLE.assign(children=np.where(PEOPLE["children"] >= 2, "2人以上", "1人"))
    assert recheck(PEOPLE, coarse, ["area", "children"])["smallest_k"].tolist()[1] > 1


def test_refusals() -> None:
    with pytest.raises(ColumnNotFoundError, match="area"):
        group_sizes(PEOPLE, ["region"])
    with pytest.raises(ParameterError, match="抽出率"):
        k_anonymity(PEOPLE, ["area"], fraction=0)
    with pytest.raises(ParameterError, match="2 行"):
        k_anonymity(PEOPLE, ["area"], fraction=pd.Series(0.5, index=PEOPLE.index[2:]))
    with pytest.raises(ParameterError, match="二度"):
        k_anonymity(PEOPLE, ["area"], fraction=pd.Series(0.5, index=[*PEOPLE.index, "r0"]))


def test_a_plain_string_is_one_column() -> None:
    pd.testing.assert_frame_equal(k_anonymity(PEOPLE, "area"), k_anonymity(PEOPLE, ["area"]))
    pd.testing.assert_frame_equal(k_sweep(PEOPLE, "area"), k_sweep(PEOPLE, ["area"]))
    assert rare_values(PEOPLE, "children")["column"].tolist() == ["children"]
    assert recheck(PEOPLE, PEOPLE, "area")["rows"].tolist() == [12, 12]
    with pytest.raises(ColumnNotFoundError, match="年代"):
        k_anonymity(PEOPLE, "年代")
