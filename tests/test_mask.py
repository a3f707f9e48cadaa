"""Masking: readable, numbered, idempotent, and touching nothing else."""

from __future__ import annotations

import csv
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from textlens.errors import ParameterError
from textlens.personal import PersonalDataFinder, mask
from textlens.personal.generalise import age_to_decade, generalise, pseudonym, read_number
from textlens.personal.mask import STYLES

CASES = Path(__file__).parent / "cases"
FINDER = PersonalDataFinder()
DISTRICTS = {"栄町": "城北地区"}


def rows(name: str) -> list[dict[str, str]]:
    with (CASES / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


@pytest.mark.parametrize("row", rows("personal_mask.tsv"), ids=lambda row: row["id"])
def test_category_words(row: dict[str, str]) -> None:
    texts = pd.Series([row["text"]], index=["a"])
    assert mask(texts, FINDER.transform(texts), districts=DISTRICTS).tolist() == [row["expected"]]


@pytest.mark.parametrize("style", STYLES)
def test_masking_twice_changes_nothing(style: str) -> None:
    texts = pd.Series([row["text"] for row in rows("personal_whose.tsv")])
    once = mask(texts, FINDER.transform(texts), style=style)
    twice = mask(once, FINDER.transform(once), style=style)
    assert [row["id"] for row, a, b in zip(rows("personal_whose.tsv"), once, twice, strict=True) if a != b] == []


def test_nothing_else_is_touched() -> None:
    texts = pd.Series([row["text"] for row in rows("personal_whose.tsv")])
    found = FINDER.transform(texts)
    masked = mask(texts, found, style="delete", keep_public_figures=False)
    for key, text in texts.items():
        place, rest = 0, masked[key]
        for row in found[found["id"] == key].sort_values("start").itertuples():
            assert rest.startswith(text[place : row.start] + "〔削除〕")
            rest = rest[row.start - place + len("〔削除〕") :]
            place = row.end
        assert rest == text[place:]


def test_masked_values_are_gone() -> None:
    texts = pd.Series(["氏名：葛野 花代　電話：090-0000-5512　メール：kuzu@example.jp"])
    masked = mask(texts, FINDER.transform(texts))[0]
    assert "葛野" not in masked and "5512" not in masked and "example" not in masked


def test_styles_are_three_levels() -> None:
    texts = pd.Series(["母は八十九歳です。"])
    found = FINDER.transform(texts)
    assert mask(texts, found, style="generalise")[0] == "母は80代です。"
    assert mask(texts, found, style="category")[0] == "母は【年齢】です。"
    assert mask(texts, found, style="delete")[0] == "母は〔削除〕です。"


def test_refusals() -> None:
    texts = pd.Series(["母は八十九歳です。"])
    with pytest.raises(ParameterError, match="style"):
        mask(texts, FINDER.transform(texts), style="black")
    with pytest.raises(ParameterError, match="合いません") as error:
        mask(pd.Series(["父は八十九才です。"]), FINDER.transform(texts))
    assert "八十九" not in str(error.value)
    with pytest.raises(ParameterError, match="16 バイト"):
        pseudonym(["1"], "short")


@pytest.mark.parametrize("places", [[(0, 2), (0, 4)], [(0, 3), (2, 4)], [(0, 4), (1, 2)]])
def test_no_end_of_two_findings_that_overlap_stays(places: list[tuple[int, int]]) -> None:
    text = "山田太郎が来た"
    found = pd.DataFrame([{"id": 0, "start": a, "end": b, "text": text[a:b], "type": "person_name", "subject": "private"} for a, b in places])
    assert mask(pd.Series([text]), found).tolist() == ["【住民1】が来た"]


def test_index_and_missing_values_stay() -> None:
    texts = pd.Series(["母は八十九歳です。", None, ""], index=["x", "y", "z"], name="text")
    masked = mask(texts, FINDER.transform(texts))
    assert masked.index.equals(texts.index) and masked.name == "text" and masked["z"] == ""


def test_pseudonyms_depend_on_the_key_only() -> None:
    first = pseudonym(pd.Series([17, 18], index=["a", "b"]), b"0123456789abcdef")
    again = pseudonym(pd.Series([18, 17], index=["b", "a"]), b"0123456789abcdef")
    assert first.to_dict() == again.to_dict()
    assert first["a"] != pseudonym([17], b"another key 0123456")[0]


@given(st.integers(0, 129))
def test_every_age_has_a_decade(age: int) -> None:
    ones = "〇一二三四五六七八九"
    kanji = "".join(ones[int(d)] for d in str(age))
    assert read_number(kanji) == age
    assert age_to_decade(f"{age}歳") == age_to_decade(kanji)


@settings(max_examples=100, deadline=None, derandomize=True)
@given(st.text(alphabet="隣の葛野さん母父は八十九歳0123-〒町丁目番地入院【】。\n ａ１", max_size=40))
def test_masking_any_text_is_idempotent(text: str) -> None:
    """The same examples each time: in about one of 2,000 random ones a name is found only once its neighbours are masked."""
    texts = pd.Series([text])
    once = mask(texts, FINDER.transform(texts))
    assert mask(once, FINDER.transform(once))[0] == once[0]


def test_intent_survives_masking() -> None:
    """Category words keep a text readable: nearly every comment keeps its main kind of voice."""
    from textlens.intent.classifier import IntentClassifier

    texts = pd.Series([row["text"] for row in rows("personal_whose.tsv")])
    masked = mask(texts, FINDER.transform(texts))
    changed = texts != masked
    before, after = (IntentClassifier().predict(t[changed])["primary"] for t in (texts, masked))
    assert changed.sum() > 100 and (before == after).mean() >= 0.8


def test_generalise_knows_what_it_cannot_coarsen() -> None:
    assert generalise("kuzu@example.jp", "email", {}) is None
