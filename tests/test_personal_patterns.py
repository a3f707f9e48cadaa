"""Every row of patterns.tsv does what its example says, and leaves its counterexample alone."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from textlens.errors import DictionaryError
from textlens.personal import addresses, affiliations, patterns, signatures
from textlens.personal.ages import find_ages
from textlens.rules import use_dictionaries
from textlens.rules.dictionary import read_table

LONG = "神奈川県" + "つくばみらい市" * 3 + "大字" + "葛" * 12 + "さ" * 8 + "葛" * 6 + "12-5"
"""No address that the pattern takes has more characters before its first figure."""
ROWS = [row for row in read_table(patterns.PATTERNS) if row["group"] != "part"]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["id"])
def test_example_and_counterexample(row: dict[str, str]) -> None:
    regex = patterns.pattern(row["id"])
    assert regex.search(row["example"])
    assert row["counterexample"] and not regex.search(row["counterexample"])


def test_an_office_may_replace_a_row_and_hears_of_a_broken_one(tmp_path: Path) -> None:
    head = "id\tgroup\tpattern\tsubject\tscore\texample\tcounterexample\n"
    for name, term in (("good", "(?P<v>卒寿)"), ("broken", "(?P<v>卒寿")):
        (tmp_path / name / "personal").mkdir(parents=True)
        row = f"age-named\tage-named\t{term}\t\t0.7\t卒寿\t米寿\n"
        (tmp_path / name / "personal" / "patterns.tsv").write_text(head + row, encoding="utf-8")
    try:
        use_dictionaries(tmp_path / "good")
        assert not find_ages("米寿を迎えました。") and find_ages("卒寿の祝い")
        use_dictionaries(tmp_path / "broken")
        with pytest.raises(DictionaryError, match="age-named"):
            find_ages("卒寿の祝い")
    finally:
        use_dictionaries(None)


@pytest.mark.parametrize(
    ("regex", "ahead"),
    [
        (addresses._NUMBERED, addresses._LOOK_AHEAD),
        (affiliations.GATE, affiliations._SECOND),
        (signatures.GATE, f"(?=[{signatures._SECOND}])"),
    ],
    ids=["addresses", "affiliations", "signatures"],
)
def test_looking_ahead_changes_no_match(regex: re.Pattern[str], ahead: str) -> None:
    assert regex.pattern.count(ahead) == 1
    slow = re.compile(regex.pattern.replace(ahead, ""))
    for text in (LONG, *(row["example"] for row in ROWS)):
        assert [m.span() for m in regex.finditer(text)] == [m.span() for m in slow.finditer(text)]
