"""Kanji of names: which strings look like a surname or a given name, and runs that UniDic does not know."""

from __future__ import annotations

import pytest

from textlens.personal import PersonalDataFinder
from textlens.personal.name_candidates import NameCandidates
from textlens.personal.name_kanji import name_kanji
from textlens.tokens import as_tokens


@pytest.mark.parametrize("name", ["数雄", "和美", "惇也", "政緒", "千代子"])
def test_given_names_look_like_given_names(name: str) -> None:
    assert name_kanji().given(name) > 10


@pytest.mark.parametrize("word", ["会場", "道路", "市民", "役所", "担当者", "総合", "工事"])
def test_common_words_look_like_no_names(word: str) -> None:
    assert max(name_kanji().look(word)) < 10


def test_a_run_is_read_as_surname_and_given_name() -> None:
    look = name_kanji().look("桑野数雄")
    assert look.whole > 15


def test_runs_of_common_words_are_no_candidates() -> None:
    tokens = as_tokens(["倉庫群と風景美、市民病院の待合室、和菓子と洋菓子、福井県内の古民家。"])
    assert all(c.last == c.first for c in NameCandidates(tokens).found)


def test_what_stands_beside_a_mask_is_no_name() -> None:
    assert PersonalDataFinder().transform(["【近隣住民1】葛野太郎"]).empty
