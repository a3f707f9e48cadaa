"""The second reading of a unit: how probable each label is for each word, seen with all the words before and behind it.

The first reading (``span_model``) sees a few words on each side. Where it finds something, a recurrent network reads the
unit again: a word as itself, its word class, part of speech, characters and length, and the marks on it, then the states
of the cells that read up to it from both sides. Weights: ``benchmarks/train_reading.py``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from scipy import sparse

from textlens.errors import DictionaryError
from textlens.personal.recurrent import STEP, read_both_ways
from textlens.personal.sequences import Order
from textlens.personal.span_model import Signs, class_reader, pos_of, word_of
from textlens.rules import read_columns
from textlens.rules.dictionary import table_stamp
from textlens.tokens import Tokens, Vocabulary

WEIGHTS = "personal/reading_weights.tsv"
AT_ONCE = 20_000
"""Words read at a time; bounds memory, changes no result."""
LONGEST = 6
"""Words are told apart by length up to so many characters."""


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
    """Return what a word is known by, and how each is read, in the order of the network's columns."""
    return {
        "word": word_of, "class": class_reader(), "pos": pos_of, "first": first_character, "last": last_character, "length": length_of,
    }  # fmt: skip


@dataclass(frozen=True, eq=False)
class SpanNetwork:
    """Weights of the network, whole multiples of ``STEP``.

    Attributes
    ----------
    labels : tuple of str
    rows : dict of str → dict of str → int
        Aspect → value → row of its table; the row behind the last stands for values it does not know.
    tables : dict of str → float32 array, shape (n_values + 1, width of the aspect)
    enter : float32 array, shape (sum of the widths, 2 · 4 · n_cells)
        From a word to the gates of both directions.
    start : float32 array, shape (2 · 4 · n_cells,)
        What the gates hear from every word.
    signs : dict of str → int
        Kind of mark → row of ``by_sign``.
    by_sign : float32 array, shape (n_signs, 2 · 4 · n_cells)
    state : float32 array, shape (2, n_cells, 4 · n_cells)
    leave : float32 array, shape (2 · n_cells, n_labels)
    bias : float32 array, shape (n_labels,)
    """

    labels: tuple[str, ...]
    rows: dict[str, dict[str, int]]
    tables: dict[str, np.ndarray]
    enter: np.ndarray
    start: np.ndarray
    signs: dict[str, int]
    by_sign: np.ndarray
    state: np.ndarray
    leave: np.ndarray
    bias: np.ndarray

    def probabilities(self, tokens: Tokens, signs: Signs, chosen: np.ndarray) -> np.ndarray:
        """Return the probability of each label at the chosen tokens (whole units, in order), shape (n_chosen, n_labels)."""
        if not len(chosen):
            return np.zeros((0, len(self.labels)))
        words, place = np.unique(tokens.ids[chosen], return_inverse=True)
        by_word = self._of_words(tokens.vocabulary, words.tolist())
        marked = self._marked(tokens, signs, chosen)
        result = np.empty((len(chosen), len(self.labels)))
        lengths = np.diff(np.flatnonzero(np.r_[True, np.diff(tokens.unit_of[chosen]) != 0, True]))
        for start, part in _portions(lengths):
            order = Order.of(part)
            at = start + order.at
            gates = by_word[place[at]] + marked[at] @ self.by_sign
            asked = gates.reshape(len(at), 2, -1).transpose(1, 0, 2)
            scores = (read_both_ways(asked, self.state, order.slices) @ self.leave + self.bias).astype(float)
            scores = np.exp(scores - scores.max(axis=1, keepdims=True))
            result[at] = scores / scores.sum(axis=1, keepdims=True)
        return result

    def _of_words(self, vocabulary: Vocabulary, words: list[int]) -> np.ndarray:
        """Return what each of these words says to the gates."""
        columns = []
        for aspect, value_of in aspects().items():
            rows = self.rows[aspect]
            columns.append(self.tables[aspect][[rows.get(value_of(vocabulary, i), len(rows)) for i in words]])
        return np.asarray(np.hstack(columns) @ self.enter + self.start)

    def _marked(self, tokens: Tokens, signs: Signs, chosen: np.ndarray) -> sparse.csr_matrix:
        """Return which kinds of mark stand on each chosen token, or anywhere in its unit."""
        on_token = self._table(signs.token, signs.kind, signs.names, len(tokens.ids))
        in_unit = self._table(signs.unit, signs.unit_kind, [f"unit {name}" for name in signs.names], len(tokens.units))
        return on_token[chosen] + in_unit[tokens.unit_of[chosen]]

    def _table(self, places: np.ndarray, kinds: np.ndarray, names: Sequence[str], n: int) -> sparse.csr_matrix:
        columns = np.array([self.signs.get(name, -1) for name in names], np.int64)[kinds]
        known = columns >= 0
        return sparse.csr_matrix((np.ones(int(known.sum()), np.float32), (places[known], columns[known])), (n, len(self.signs)))


def _portions(lengths: np.ndarray) -> Iterator[tuple[int, np.ndarray]]:
    """Cut a row of sequences into portions of about ``AT_ONCE`` places: the first place and the lengths of each."""
    first = np.concatenate([[0], np.cumsum(lengths)])
    number = first[:-1] // AT_ONCE
    for cut in np.split(np.arange(len(lengths)), np.flatnonzero(np.diff(number)) + 1):
        if len(cut):
            yield int(first[cut[0]]), lengths[cut]


def load_span_network() -> SpanNetwork:
    """Load the shipped weights (kept until the file changes).

    Raises
    ------
    DictionaryError
        A cell is no number, or rows of a table differ in length.
    """
    return _load(table_stamp(WEIGHTS))


@lru_cache(maxsize=2)
def _load(_stamp: tuple[str, int, str, int]) -> SpanNetwork:
    columns = read_columns(WEIGHTS)
    values: dict[str, list[str]] = {}
    cells: dict[str, list[str]] = {}
    for table, value, numbers in zip(columns["table"], columns["value"], columns["weights"], strict=True):
        values.setdefault(table, []).append(value)
        cells.setdefault(table, []).append(numbers)
    try:
        arrays = {table: np.fromstring(" ".join(rows), np.float32, sep=" ").reshape(len(rows), -1) * STEP for table, rows in cells.items()}
    except ValueError:
        raise DictionaryError(f"{WEIGHTS}: 数でない値があるか、列がそろいません。textlens を入れ直してください。") from None
    rows = {aspect: {value: row for row, value in enumerate(values[aspect][:-1])} for aspect in aspects()}
    return SpanNetwork(
        tuple(values["label"]), rows, {aspect: arrays[aspect] for aspect in rows}, arrays["enter"], arrays["start"][0],
        {value: row for row, value in enumerate(values["sign"])}, arrays["sign"],
        arrays["state"].reshape(2, -1, arrays["state"].shape[1]), arrays["leave"], arrays["label"][:, 0],
    )  # fmt: skip
