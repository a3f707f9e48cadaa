"""Every row of patterns.tsv does what its example says, and leaves its counterexample alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from textlens.errors import DictionaryError
from textlens.personal import patterns
from textlens.personal.ages import find_ages
from textlens.rules import use_dictionaries
from textlens.rules.dictionary import read_table

ROWS = [row for row in read_table(patterns.PATTERNS) if row["group"] != "part"]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["id"])
def test_example_and_counterexample(row: dict[str, str]) -> None:
    regex = patterns.pattern(row["id"])
    assert regex.search(row["example"])
    assert row["counterexample"] and not regex.search(row["counterexample"])


def test_an_office_may_replace_a_row_and_hears_of_a_broken_one(tmp_path: Path) -> None:
    (tmp_path / "personal").mkdir()
    file = tmp_path / "personal" / "patterns.tsv"
    head = "id\tgroup\tpattern\tsubject\tscore\texample\tcounterexample\n"
    try:
        file.write_text(head + "age-named\tage-named\t(?P<v>卒寿)\t\t0.7\t卒寿\t米寿\n", encoding="utf-8")
        use_dictionaries(tmp_path)
        assert not find_ages("米寿を迎えました。") and find_ages("卒寿の祝い")
        file.write_text(head + "age-named\tage-named\t(?P<v>卒寿\t\t0.7\t卒寿\t米寿\n", encoding="utf-8")
        patterns._load.cache_clear()
        patterns._members.cache_clear()
        with pytest.raises(DictionaryError, match="age-named"):
            find_ages("卒寿の祝い")
    finally:
        use_dictionaries(None)
        patterns._load.cache_clear()
        patterns._members.cache_clear()
