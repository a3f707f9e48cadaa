"""What a learnt reading knows a word by: itself, its meaning, part of speech, characters, length.

Meaning comes in two grains, both from the word vectors chiVe (Works Applications, Apache-2.0; ``benchmarks/word_vectors.py``):
``class_reader`` names one of 3,000 classes of words of near meaning, ``vectors_of`` gives a vector.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np

from textlens.networks.recurrent import STEP
from textlens.resources import made_from
from textlens.rules import read_columns
from textlens.tokens import Vocabulary

VECTORS = "networks/word_vectors.tsv"
VECTOR_WIDTH = 96
VECTOR_STEP = 8 * STEP
"""Vectors are kept as whole multiples of it."""
LONGEST = 6
"""Words are told apart by length up to so many characters."""


def word_of(vocabulary: Vocabulary, i: int) -> str:
    """Return the form under which a word is looked up: its base form; numbers by their length."""
    norm = vocabulary.norm[i]
    return "#" * min(len(norm), 4) if norm.isdecimal() else vocabulary.base[i]


def pos_of(vocabulary: Vocabulary, i: int) -> str:
    """Return the part of speech in two levels."""
    return f"{vocabulary.pos1[i]}-{vocabulary.pos2[i]}"


def class_reader() -> Callable[[Vocabulary, int], str]:
    """Return the function that gives the number of a word's class as text; empty where it has none."""
    meanings = load_meanings()
    return lambda vocabulary, i: meanings.classes[meanings.row_of(vocabulary, i)]


def vectors_of(vocabulary: Vocabulary, words: Sequence[int]) -> np.ndarray:
    """Return the vectors of some words, float32, shape (n_words, ``VECTOR_WIDTH``); zeros for a word without one."""
    meanings = load_meanings()
    rows = np.array([meanings.row_of(vocabulary, i) for i in words], np.int64)
    used, place = np.unique(rows, return_inverse=True)
    numbers = " ".join(meanings.vectors[row] for row in used.tolist())
    return (np.fromstring(numbers, np.float32, sep=" ").reshape(-1, VECTOR_WIDTH) * VECTOR_STEP)[place]


class Meanings(NamedTuple):
    """The words that have a meaning here.

    Attributes
    ----------
    rows : dict of str → int
        Row of each word. Frequent words have one of their own, others share it with the frequent word nearest to them.
    classes : tuple of str
        Class of each row; the last row, empty, stands for words without one.
    vectors : tuple of str
        Numbers of each row, as the file has them: few of them are ever asked for.
    """

    rows: dict[str, int]
    classes: tuple[str, ...]
    vectors: tuple[str, ...]

    def row_of(self, vocabulary: Vocabulary, i: int) -> int:
        """Return the row of a word by its base form, or as it is written, or by its lemma."""
        for form in (vocabulary.base[i], vocabulary.norm[i], vocabulary.lemma[i]):
            if form in self.rows:
                return self.rows[form]
        return len(self.classes) - 1


@made_from(VECTORS)
def load_meanings() -> Meanings:
    """Load the shipped table."""
    columns = read_columns(VECTORS)
    rows = {word: row for row, words in enumerate(columns["words"]) for word in words.split(" ")}
    nothing = " ".join(["0"] * VECTOR_WIDTH)
    return Meanings(rows, (*columns["class"], ""), (*columns["vector"], nothing))


def first_character(vocabulary: Vocabulary, i: int) -> str:
    """Return the first character of a word."""
    return vocabulary.norm[i][:1]


def last_character(vocabulary: Vocabulary, i: int) -> str:
    """Return the last character of a word."""
    return vocabulary.norm[i][-1:]


def length_of(vocabulary: Vocabulary, i: int) -> str:
    """Return the number of characters of a word, at most ``LONGEST``."""
    return str(min(len(vocabulary.norm[i]), LONGEST))


def aspects() -> dict[str, Callable[[Vocabulary, int], str]]:
    """Return what a network keeps a table for, and how each is read, in the order of its columns; vectors come behind them."""
    return {"word": word_of, "pos": pos_of, "first": first_character, "last": last_character, "length": length_of}
