"""PersonalDataFinder: what is found, whose it is, and the contract of an estimator."""

from __future__ import annotations

import csv
import tomllib
from pathlib import Path

import pandas as pd
import pytest
from sklearn.base import clone

from textlens.personal import PersonalDataFinder
from textlens.personal.addresses import find_addresses
from textlens.personal.ages import find_ages
from textlens.personal.mask import mask
from textlens.personal.numbers import find_numbers
from textlens.personal.validators import my_number_check_digit
from textlens.resources import dictionary_path
from textlens.schema import PERSONAL_TYPES, SUBJECTS, THIRD_PARTIES
from textlens.text.normalize import normalize
from textlens.tokens import as_tokens

CASES = Path(__file__).parent / "cases"


def rows(name: str) -> list[dict[str, str]]:
    with (CASES / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


def params(name: str) -> list:  # type: ignore[type-arg]
    return [
        pytest.param(row, id=row["id"], marks=pytest.mark.xfail(strict=True) if row["status"] == "xfail" else ())
        for row in rows(name)
    ]


@pytest.fixture(scope="module")
def finder() -> PersonalDataFinder:
    return PersonalDataFinder()


@pytest.mark.parametrize("row", params("personal_whose.tsv"))
def test_spans_and_subjects(finder: PersonalDataFinder, row: dict[str, str]) -> None:
    text = row["text"]
    found = finder.transform([text])
    assert ",".join(sorted(finder.subjects([text])[0])) == row["third_party"]
    wanted = [part.rsplit(":", 2) for part in row["spans"].split(";") if part]
    assert bool(len(found)) == bool(wanted)
    for value, _kind, subject in wanted:
        start = text.index(value)
        hits = found[(found["start"] < start + len(value)) & (found["end"] > start)]
        assert subject in set(hits["subject"])


@pytest.mark.parametrize("row", params("personal_names.tsv"))
def test_names_and_false_friends(finder: PersonalDataFinder, row: dict[str, str]) -> None:
    found = finder.transform([row["text"]])
    assert found.loc[found["type"] == "person_name", "text"].tolist() == [v for v in row["expected"].split(";") if v]


@pytest.mark.parametrize("row", params("personal_numbers.tsv"))
def test_numbers(row: dict[str, str]) -> None:
    text = normalize(row["text"]).text
    assert ";".join(f"{m.kind}:{text[m.start:m.end]}" for m in find_numbers(text)) == row["expected"]


@pytest.mark.parametrize("kind", tomllib.loads(dictionary_path("personal/numbers.toml").read_text(encoding="utf-8"))["number"], ids=lambda kind: kind["id"])
def test_every_row_of_numbers_finds_its_example(kind: dict[str, str]) -> None:
    assert kind["type"] in {mark.kind for mark in find_numbers(normalize(kind["example"]).text)}
    assert kind["id"] not in {mark.rule for mark in find_numbers(normalize(kind.get("counterexample", "")).text)}


def test_a_broken_number_is_one_span(finder: PersonalDataFinder) -> None:
    texts = ["携帯は090-\n1234-5678です", "電話は〇九〇-一二三四-五六七八です", "自宅は0537ー\n00ー1234です"]
    found = finder.transform(texts)
    assert found["text"].tolist() == ["090-\n1234-5678", "〇九〇-一二三四-五六七八", "0537ー\n00ー1234"]
    assert set(found["type"]) == {"phone"}


@pytest.mark.parametrize("row", params("personal_addresses.tsv"))
def test_addresses(row: dict[str, str]) -> None:
    text = normalize(row["text"]).text
    assert ";".join(text[m.start : m.end] for m in find_addresses(text)) == row["expected"]


@pytest.mark.parametrize("row", params("personal_ages.tsv"))
def test_ages(row: dict[str, str]) -> None:
    assert ";".join(row["text"][m.start : m.end] for m in find_ages(row["text"])) == row["expected"]


def test_false_friends_are_counted_by_kind(finder: PersonalDataFinder) -> None:
    """Not one of the false friends of the field (domain: C5) is taken for a person."""
    friends = [row for row in rows("personal_names.tsv") if not row["expected"]]
    found = finder.transform([row["text"] for row in friends])
    wrong = {friends[i]["why"] for i in found.loc[found["type"] == "person_name", "id"]}
    assert not wrong, sorted(wrong)
    assert len(friends) >= 25


def test_check_digit_of_every_remainder() -> None:
    digits = {my_number_check_digit(f"{n:011d}") for n in range(0, 3_000_000, 997)}
    assert digits == set(range(10))


def test_columns_and_values_are_those_of_the_schema(finder: PersonalDataFinder) -> None:
    texts = pd.Series([row["text"] for row in rows("personal_whose.tsv")])
    found = finder.transform(texts)
    assert set(found["type"]) <= set(PERSONAL_TYPES) and set(found["subject"]) <= set(SUBJECTS)
    assert found["risk_level"].between(0, 3).all() and found["score"].between(0, 1).all()
    for row in found.itertuples():
        assert texts[row.id][row.start : row.end] == row.text and row.text
        assert row.type != "person_name" or row.text not in row.reason
    assert {who for subjects in finder.subjects(texts) for who in subjects} <= set(THIRD_PARTIES)


def test_offsets_point_into_the_raw_text(finder: PersonalDataFinder) -> None:
    text = "㈱のﾄﾅﾘの件。連絡は０９０－００００－５５１２へ。隣の葛野さんが入院しました。"
    found = finder.transform(pd.Series([text], index=["a"]))
    assert "０９０－００００－５５１２" in found["text"].tolist() and "葛野" in found["text"].tolist()


def test_names_of_every_spelling_are_masked_once_and_for_all(finder: PersonalDataFinder) -> None:
    texts = pd.Series([row["text"] for row in rows("personal_names.tsv")])
    found = finder.transform(texts)
    assert all(texts[row.id][row.start : row.end] == row.text for row in found.itertuples())
    masked = mask(texts, found)
    assert mask(masked, finder.transform(masked)).tolist() == masked.tolist()


def test_text_and_tokens_agree_and_neighbours_do_not_matter(finder: PersonalDataFinder) -> None:
    texts = pd.Series([row["text"] for row in rows("personal_whose.tsv")])
    together = finder.transform(as_tokens(texts))
    pd.testing.assert_frame_equal(together, finder.transform(texts))
    for place in (0, 7, 30):
        alone = finder.transform(texts.iloc[[place]])
        pd.testing.assert_frame_equal(alone, together[together["id"] == texts.index[place]].reset_index(drop=True))


def test_empty_and_odd_input(finder: PersonalDataFinder) -> None:
    texts = pd.Series(["", None, " \n ", "😀" * 50, "ｱｲｳ", "さん", "氏", "の", "（", "0" * 3000, "あ" * 5000])
    found = finder.transform(texts)
    assert finder.subjects(texts).index.equals(texts.index) and len(finder.risk(texts)) == len(texts)
    assert found.empty or found["id"].isin(texts.index).all()
    assert list(finder.transform([]).columns) == list(found.columns)


def test_is_an_estimator() -> None:
    assert clone(PersonalDataFinder(min_score=0.7)).get_params() == {"min_score": 0.7}
    assert PersonalDataFinder().fit().transform(["公園が広い"]).empty


def test_hearsay_is_told_from_fact(finder: PersonalDataFinder) -> None:
    texts = ["隣の人が逮捕されたらしい。", "隣の人が逮捕された。"]
    found = finder.transform(texts)
    crime = found[found["type"] == "crime"]
    assert crime["hearsay"].tolist() == [True, False]


def test_development_levels(shared_data: Path, finder: PersonalDataFinder) -> None:
    """Person names on tourists' answers, where hardly any person is named."""
    table = pd.read_csv(shared_data / "fukui_survey_dev.csv")["text"].dropna().astype(str).head(3000)
    found = finder.transform(table)
    named = found.loc[found["type"] == "person_name", "id"].nunique()
    assert named <= 0.004 * len(table)
