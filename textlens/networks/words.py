"""What a learnt reading knows a word by: itself, its class (words of near meaning share one), part of speech, characters, length."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

from textlens.rules import read_columns
from textlens.rules.dictionary import table_stamp
from textlens.tokens import Vocabulary

CLASSES = "networks/word_classes.tsv"
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
    classes = _classes(table_stamp(CLASSES))

    def class_of(vocabulary: Vocabulary, i: int) -> str:
        for form in (vocabulary.base[i], vocabulary.norm[i], vocabulary.lemma[i]):
            if form in classes:
                return classes[form]
        return ""

    return class_of


@lru_cache(maxsize=2)
def _classes(_stamp: tuple[str, int, str, int]) -> dict[str, str]:
    columns = read_columns(CLASSES)
    return {word: number for number, words in zip(columns["class"], columns["words"], strict=True) for word in words.split(" ")}


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
    """Return what a word is known by, and how each is read, in the order of a network's columns."""
    return {
        "word": word_of, "class": class_reader(), "pos": pos_of, "first": first_character, "last": last_character, "length": length_of,
    }  # fmt: skip
