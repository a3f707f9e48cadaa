"""The cells that read a second time: the formula, and the same numbers whatever stands beside a text."""

from __future__ import annotations

import numpy as np

from textlens.networks.recurrent import STEP, for_gates, read_both_ways
from textlens.networks.sequences import Order
from textlens.networks.words import VECTOR_WIDTH, class_reader, vectors_of
from textlens.polar.reading import Reading
from textlens.sentiment.model import DOUBT, SECOND, both_scores, first_score, read_scores
from textlens.sentiment.network import load_sentiment_network
from textlens.tokens import as_tokens
from textlens.voices.cues import read_evidence
from textlens.voices.kind_network import load_kind_network
from textlens.voices.model import OUTPUTS, READ, all_feature_names, load_coefficients
from textlens.voices.reading import in_doubt, read_voices

TEXTS = [
    "駅前の街灯が切れたままです。夜道が怖くて歩けません。早く直してください。",
    "",
    "窓口の方が親切で助かりました。",
    "住民票一枚のために有休を半日。",
    "「検討します」とだけ言われました。いつまでですか。",
    "　",
]


def test_cells_read_both_ways_as_the_formula_says() -> None:
    chance = np.random.default_rng(1)
    lengths, n = np.array([2, 4, 1]), 3
    asked, weights = (np.rint(chance.normal(size=shape) / STEP).astype(np.float32) * STEP for shape in ((2, 7, 4 * n), (2, n, 4 * n)))
    order = Order.of(lengths)
    states = np.empty((7, 2 * n), np.float32)
    states[order.at] = read_both_ways(for_gates(asked), order.at, for_gates(weights), order.slices)
    for first, length in zip([0, 2, 6], lengths.tolist(), strict=True):
        for direction in (0, 1):
            state = memory = np.zeros(n)
            for place in range(first, first + length)[:: 1 - 2 * direction]:
                enter, forget, new, out = np.split(asked[direction, place] + state @ weights[direction], 4)
                memory = memory / (1 + np.exp(-forget)) + np.tanh(new) / (1 + np.exp(-enter))
                state = np.rint(np.tanh(memory) / (1 + np.exp(-out)) / STEP) * STEP
                assert np.allclose(states[place, direction * n : (direction + 1) * n], state, atol=1.5 * STEP)


def test_kinds_read_again_do_not_depend_on_what_stands_beside() -> None:
    network = load_kind_network()
    tokens = as_tokens(TEXTS * 3)
    together = network.read(tokens, read_evidence(tokens), np.arange(tokens.n_docs))
    assert together.docs.tolist() == [number for number in range(18) if TEXTS[number % 6].strip()]
    for row, doc in enumerate(together.docs.tolist()):
        alone = as_tokens([TEXTS[doc % 6]])
        assert np.array_equal(network.read(alone, read_evidence(alone), np.array([0])).of_doc[0], together.of_doc[row])


def test_a_comment_scores_at_least_as_high_as_its_strongest_unit() -> None:
    tokens = as_tokens(TEXTS)
    found = load_kind_network().read(tokens, read_evidence(tokens), np.arange(tokens.n_docs))
    doc = tokens.units.doc[found.units]
    for row, number in enumerate(found.docs.tolist()):
        strongest = found.of_unit[doc == number].max(axis=0)
        assert (found.of_doc[row] >= strongest - 0.01).all()
        assert (found.of_doc[row] <= strongest + np.log((doc == number).sum()) / 2 + 0.01).all()


def test_only_doubtful_comments_are_read_again() -> None:
    voices = read_voices(as_tokens(TEXTS))
    again = voices.features.comment[:, -len(READ)]
    assert set(again.tolist()) <= {0.0, 1.0}
    assert not voices.features.comment[again == 0, -len(READ) :].any()
    assert in_doubt(voices.of_comment).shape == (len(TEXTS),)


def test_the_readings_are_counted_where_they_belong() -> None:
    """Each logit speaks for its own output alone, both readings for it."""
    counts = load_coefficients()[-len(READ) :]
    assert all_feature_names()[-len(READ) :] == list(READ)
    first, second = counts[1:].reshape(2, len(OUTPUTS), len(OUTPUTS))
    assert (1 + np.diag(first) > 0).all() and (np.diag(second) > 0).all()
    assert not (first - np.diag(np.diag(first))).any() and not (second - np.diag(np.diag(second))).any()


def test_no_comments_give_no_scores() -> None:
    tokens = as_tokens(["", "  "])
    found = load_kind_network().read(tokens, read_evidence(tokens), np.arange(2))
    assert found.of_doc.shape == found.of_unit.shape == (0, len(OUTPUTS))


def test_words_of_near_meaning_have_near_vectors() -> None:
    tokens = as_tokens(["歩道 道路 給食"])
    numbers = [tokens.vocabulary.norm.index(word) for word in ("歩道", "道路", "給食")]
    pavement, road, lunch = vectors_of(tokens.vocabulary, numbers)
    assert pavement @ road > 3 * abs(pavement @ lunch)
    read = class_reader()
    assert read(tokens.vocabulary, numbers[0]).isdecimal()


def test_a_word_without_a_vector_says_nothing() -> None:
    tokens = as_tokens(["ｗｗｗｑｚｘ"])
    assert vectors_of(tokens.vocabulary, []).shape == (0, VECTOR_WIDTH)
    unknown = [i for i in range(len(tokens.vocabulary)) if not class_reader()(tokens.vocabulary, i)]
    assert not vectors_of(tokens.vocabulary, unknown).any()


def test_sentiment_read_again_does_not_depend_on_what_stands_beside() -> None:
    network = load_sentiment_network()
    reading = Reading.of(as_tokens(TEXTS * 3))
    together = network.read(reading, np.arange(18))
    for row, doc in enumerate(together.docs.tolist()):
        alone = network.read(Reading.of(as_tokens([TEXTS[doc % 6]])), np.array([0]))
        assert alone.of_doc[0] == together.of_doc[row]
        assert np.array_equal(alone.of_unit, together.of_unit[np.isin(together.units, np.flatnonzero(reading.tokens.units.doc == doc))])


def test_only_a_doubtful_sentiment_hears_the_second_reading() -> None:
    first = np.array([-1.0, -DOUBT, 0.0, DOUBT / 2, DOUBT])
    assert np.allclose(both_scores(first, np.ones(5)) - first, [0, 0, SECOND, 0.75 * SECOND, 0])
    assert np.array_equal(both_scores(first, np.full(5, 99.0)), both_scores(first, np.full(5, 3.0)))


def test_a_comment_of_one_unit_has_the_score_of_its_unit() -> None:
    tokens = as_tokens(["売り上げは前年並みで推移している。", "バスで来ました。"])
    scores, first = read_scores(tokens), first_score(Reading.of(tokens).by_text)
    assert len(tokens.units) == 2 and (np.abs(first) < DOUBT).any()
    assert np.array_equal(scores.of_comment, scores.of_unit)
