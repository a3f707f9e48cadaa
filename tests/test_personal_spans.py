"""The learnt part of the finder: probabilities of labels, spans, owners; and how well it does on texts nothing was learnt from."""

from __future__ import annotations

import itertools
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from textlens.errors import DictionaryError
from textlens.networks import reader
from textlens.personal import PersonalDataFinder, span_decoder, spans
from textlens.personal.chain import label_probabilities
from textlens.personal.finder import collect
from textlens.personal.span_model import load_span_model, read_signs
from textlens.personal.span_network import SpanNetwork, load_span_network
from textlens.rules import use_dictionaries
from textlens.tokens import Tokens, as_tokens

HEAD = "id\tterm\tlabel\tmatch\tstrength\texample\tcounterexample\tnote\n"


@settings(max_examples=30, deadline=None)
@given(st.lists(st.integers(1, 5), min_size=1, max_size=4), st.integers(0, 2**31))
def test_probabilities_are_those_of_all_paths(lengths: list[int], seed: int) -> None:
    chance = np.random.default_rng(seed)
    scores, transition = chance.normal(size=(sum(lengths), 3)) * 2, chance.normal(size=(3, 3))
    found, at = label_probabilities(scores, transition, np.array(lengths)), 0
    for length in lengths:
        wanted = np.zeros((length, 3))
        for path in itertools.product(range(3), repeat=length):
            total = sum(scores[at + i, label] for i, label in enumerate(path)) + sum(transition[a, b] for a, b in itertools.pairwise(path))
            for i, label in enumerate(path):
                wanted[i, label] += np.exp(total)
        assert np.allclose(found[at : at + length], wanted / wanted.sum(axis=1, keepdims=True))
        at += length


def test_no_sequences_give_no_probabilities() -> None:
    assert label_probabilities(np.zeros((0, 3)), np.zeros((3, 3)), np.zeros(0, np.int64)).shape == (0, 3)


@pytest.mark.parametrize("text", ["", "。", "0", "あ\n", "母"])
def test_very_short_texts(text: str) -> None:
    assert isinstance(PersonalDataFinder().subjects([text])[0], tuple)


def test_a_word_an_office_adds_is_found_in_a_sentence(tmp_path: Path) -> None:
    """The weights know the mark of the recogniser, not the word: a new row works without learning again."""
    text = "母はゾルゲンです。"
    assert "health" not in set(PersonalDataFinder().transform([text])["type"])
    (tmp_path / "personal").mkdir()
    (tmp_path / "personal" / "facts.tsv").write_text(HEAD + "own-1\tゾルゲン\thealth\tliteral\tsure\t母はゾルゲン\t\t\n", encoding="utf-8")
    use_dictionaries(tmp_path)
    try:
        found = PersonalDataFinder().transform([text])
    finally:
        use_dictionaries(None)
    assert found[["type", "subject"]].to_numpy().tolist() == [["health", "family"]]


def test_what_is_not_worth_a_look_holds_next_to_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    people = _people()
    tokens = as_tokens([row.text for rows in people.unread().values() for row in rows])
    marks = collect(tokens)
    quick = sum(map(len, spans.find_spans(tokens, marks, [], []).values()))
    monkeypatch.setattr(spans, "_WORTH_A_LOOK", -99.0)
    everything = sum(map(len, spans.find_spans(tokens, marks, [], []).values()))
    assert 0.98 * everything <= quick <= everything


def test_neighbouring_facts_are_one_span_and_particles_none() -> None:
    tokens = as_tokens(["妻は離婚と腰痛。夫の"])
    words = [tokens.norm[0][a:b] for a, b in zip(tokens.nstarts, tokens.nends, strict=True)]
    labels = ["none", "health", "family_circumstance", "role"]
    sure = {"離婚": 2, "と": 1, "腰痛": 1, "の": 3}
    probable = np.array([[0.1, *(0.9 if sure.get(word) == i else 0.0 for i in (1, 2, 3))] if word in sure else [1, 0, 0, 0] for word in words])
    found = span_decoder.spans_of(tokens, labels, np.arange(len(words)), probable)
    assert [(tokens.norm[0][m.start : m.end], m.kind) for m in found[0]] == [("離婚と腰痛", "health")]


def test_a_span_begins_with_a_word_of_its_own_and_is_more_than_a_helping_one() -> None:
    text = "隣のおばあさんは鍋を焦がしたのも二度や三度ではないようで、息子さんは千葉におられて電話をしても出ません。"
    found = PersonalDataFinder().transform([text])
    learnt = found.loc[found["rule"].str.startswith("learnt"), "text"].tolist()
    assert any("焦がした" in span for span in learnt)
    assert not {"二", "ない", "おられて"} & set(learnt) and not any(span.startswith(("を", "に", "の")) for span in learnt)


def test_texts_nothing_was_learnt_from() -> None:
    """Floors a little under what was measured (docs/accuracy.md): the learning is not to be lost by accident."""
    people = _people()
    for name in ("people1", "people2", "people3", "people4", "plain", "stories"):
        found = people.score(people.unread()[name])
        assert found["recall"] >= 0.75 and found["precision"] >= 0.67, name
        assert found["subject_right"] >= 0.85 and found["third_recall"] >= 0.87 and found["third_precision"] >= 0.83, name


def test_the_name_of_one_person_has_one_owner() -> None:
    found = PersonalDataFinder().transform(["隣の葛野さんに渡した。葛野さんは忘れた。"])
    names = found[found["type"] == "person_name"]
    assert len(names) == 2 and names["subject"].nunique() == 1


def test_an_age_in_a_rule_is_nobodys_and_an_amount_is_no_age() -> None:
    texts = ["75歳以上の方の医療費を安くしてほしい。", "父は75歳です。", "上の子の入学で6万8千円。", "庁舎の建替えに八十億。"]
    found = PersonalDataFinder().transform(texts)
    assert found.loc[found["type"] == "birth_date_age", "id"].tolist() == [1]


def test_sentences_in_another_language_are_left_alone() -> None:
    assert PersonalDataFinder().transform(["City hall staff is kind, but the forms are only Japanese. Please make English."]).empty


def test_a_span_ends_with_a_word_not_with_a_bracket() -> None:
    texts = ["市の「創業支援センター」に相談に行った。", "母（認知症）の介護で「もう限界」です。"]
    assert not PersonalDataFinder().transform(texts)["text"].str.contains("[「」（）。]").any()


def test_the_second_reading_does_not_depend_on_what_stands_beside() -> None:
    """Exact arithmetic: the same unit gets the same numbers to the last bit, alone or among others, in any portion."""
    texts = ["隣の葛野さんが離婚したらしい。", "母は認知症で、要介護三です。父は昨年亡くなりました。", "駅前の街灯が暗い。", "窓口の眼鏡の男性に世話になった。"] * 3
    network, tokens = load_span_network(), as_tokens(texts)
    together = _second_reading(network, tokens)
    for number in range(len(texts)):
        low, high = tokens.doc_offsets[number], tokens.doc_offsets[number + 1]
        assert np.array_equal(_second_reading(network, as_tokens([texts[number]])), together[low:high])


def test_both_readings_know_the_same_labels() -> None:
    assert load_span_network().labels == load_span_model().labels


def test_a_broken_weight_is_told_in_japanese(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reader, "read_columns", lambda path: {"table": ["label"], "value": ["none"], "weights": ["1x"]})
    with pytest.raises(DictionaryError, match="数でない値"):
        reader.Weights.read("personal/reading_weights.tsv")


def _second_reading(network: SpanNetwork, tokens: Tokens) -> np.ndarray:
    return network.probabilities(tokens, read_signs(tokens, collect(tokens), []), np.arange(len(tokens.ids)))


def _people():  # type: ignore[no-untyped-def]
    root = str(Path(__file__).resolve().parent.parent)
    if root not in sys.path:
        sys.path.insert(0, root)
    from benchmarks import people

    return people
