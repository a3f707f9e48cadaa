"""Findings that do not belong to the texts are refused, never passed over: what is not masked would be passed on."""

from __future__ import annotations

import pandas as pd
import pytest

from textlens.errors import ParameterError
from textlens.personal import PersonalDataFinder, mask

TEXTS = pd.Series(["隣の葛野さんが入院した。", "母は八十九歳です。"], index=["00016", "00017"])
FOUND = PersonalDataFinder().transform(TEXTS)


def refused(texts: pd.Series, findings: pd.DataFrame, message: str) -> None:
    with pytest.raises(ParameterError, match=message) as error:
        mask(texts, findings)
    assert all(word not in str(error.value) for word in ("葛野", "入院", "八十九"))


def test_all_ids_are_there() -> None:
    assert "葛野" not in mask(TEXTS, FOUND)["00016"] and "八十九" not in mask(TEXTS, FOUND)["00017"]
    assert mask(TEXTS, FOUND.iloc[:0]).tolist() == TEXTS.tolist()


def test_ids_that_lost_their_zeros_are_refused() -> None:
    refused(TEXTS, FOUND.assign(id=FOUND["id"].astype(int)), "2 種類")


def test_texts_with_a_new_index_are_refused() -> None:
    refused(TEXTS.reset_index(drop=True), FOUND, "id にありません")


def test_one_unknown_id_is_enough() -> None:
    refused(TEXTS.iloc[:1], FOUND, "1 種類")
    refused(TEXTS, FOUND.assign(id=[None, *FOUND["id"].iloc[1:]]), "1 種類（1 行）")


def test_a_text_that_shares_its_id_is_refused() -> None:
    refused(pd.concat([TEXTS, TEXTS]), FOUND, "重複しています（2 種類）")


@pytest.mark.parametrize("column", ["id", "start", "end", "text", "type", "subject"])
def test_a_missing_column_is_named(column: str) -> None:
    refused(TEXTS, FOUND.drop(columns=column), f"列 {column} がありません")


@pytest.mark.parametrize(
    ("column", "value", "message"),
    [
        ("subject", float("nan"), "列 subject"), ("subject", "neighbour", "列 subject"), ("type", "name", "列 type"),
        ("type", None, "列 type"), ("start", 2.0, "列 start が整数ではありません"), ("start", "2", "列 start が整数ではありません"),
        ("end", float("nan"), "列 end が整数ではありません"), ("start", -3, "原文と合いません"), ("text", float("nan"), "原文と合いません"),
    ],
)  # fmt: skip
def test_odd_values_are_refused(column: str, value: object, message: str) -> None:
    refused(TEXTS, FOUND.assign(**{column: value}), message)


def test_whole_numbers_in_an_object_column_are_whole_numbers() -> None:
    assert mask(TEXTS, FOUND.astype({"start": object, "end": object})).equals(mask(TEXTS, FOUND))


def test_a_text_that_is_none_is_refused_if_something_was_found_in_it() -> None:
    refused(TEXTS.where(TEXTS.index == "00017", None), FOUND, "原文と合いません")
