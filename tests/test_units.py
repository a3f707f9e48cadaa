"""Sentences and 意見単位: cases, and offsets that rebuild every text."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from textlens.text.sentences import split_sentences
from textlens.text.units import split_units
from textlens.tokens import as_tokens

CASES = Path(__file__).parent / "cases" / "units.tsv"


def cases() -> list:
    with CASES.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    return [
        pytest.param(row["text"].replace("\\n", "\n"), row["expected"].replace("\\n", "\n").split("|"), id=row["id"],
                     marks=[pytest.mark.xfail(reason=row["why"], strict=True)] if row["status"] == "known" else [])
        for row in rows
    ]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), cases())
def test_cases(text: str, expected: list[str]) -> None:
    units = split_units([text])
    assert [text[a:b] for a, b in zip(units.start, units.end, strict=True)] == expected


ALPHABET = st.text(alphabet="道が狭い。.!?「」()『 \n・①2、😀♪ですまた、そのためと思うなので", max_size=60)


@settings(max_examples=300, deadline=None)
@given(ALPHABET)
def test_sentences_rebuild_the_text(text: str) -> None:
    spans = split_sentences(text)
    assert "".join(text[a:b] for a, b in spans) == text
    assert all(a < b for a, b in spans)


@settings(max_examples=150, deadline=None)
@given(st.lists(ALPHABET, max_size=5))
def test_units_cover_each_text(texts: list[str]) -> None:
    units = split_units(texts)
    for number, text in enumerate(texts):
        low, high = units.doc_offsets[number], units.doc_offsets[number + 1]
        assert (units.doc[low:high] == number).all()
        assert "".join(text[a:b] for a, b in zip(units.start[low:high], units.end[low:high], strict=True)) == text
        places = np.arange(len(text))
        rows = units.find(np.full(len(text), number), places)
        assert ((units.start[rows] <= places) & (places < units.end[rows])).all()


def test_alone_or_in_a_batch() -> None:
    texts = ["道が狭い。公園がない。", "", "バスが少ない"]
    together = split_units(texts)
    assert together.doc_offsets.tolist() == [0, 2, 2, 3]
    assert together.number.tolist() == [0, 1, 0]


@settings(max_examples=300, deadline=None)
@given(st.lists(st.text(alphabet="犬だ。！\n￣゛㈱ﾊﾞ゙̄\ud83dﾞ・", max_size=20), min_size=1, max_size=4))
def test_units_are_cut_between_characters_of_the_raw_text(texts: list[str]) -> None:
    """``￣`` and a sound mark behind ``！`` are two characters in the copy and one piece of the raw text."""
    tokens = as_tokens(texts)
    units = tokens.units
    starts, ends = tokens.raw_spans(units.doc, units.start, units.end)
    for number, text in enumerate(texts):
        low, high = units.doc_offsets[number], units.doc_offsets[number + 1]
        assert "".join(text[a:b] for a, b in zip(starts[low:high], ends[low:high], strict=True)) == text
