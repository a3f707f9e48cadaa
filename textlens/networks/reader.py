"""The part all our networks share: cells that read the words of a unit (意見単位) from both sides.

A word speaks as itself, through its vector, part of speech, characters and length (``words``), and through the marks
other analysers set on it; what it says and what the cells say are whole multiples of 1/128 (``recurrent``).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple, Protocol, TypeVar

import numpy as np
from scipy import sparse

from textlens.errors import DictionaryError
from textlens.networks.recurrent import STEP, for_gates, read_both_ways
from textlens.networks.sequences import Order
from textlens.networks.words import aspects, vectors_of
from textlens.resources import Stamp, table_stamp
from textlens.rules import read_columns
from textlens.tokens import Vocabulary

AT_ONCE = 20_000
"""Words read at a time; bounds memory, changes no result."""


@dataclass(frozen=True)
class Weights:
    """A file of weights: rows of numbers under a table and a value.

    Attributes
    ----------
    values : dict of str → list of str
        Table → value of each of its rows.
    arrays : dict of str → float32 array, shape (n_rows of the table, its width)
        Whole multiples of ``STEP``.
    """

    values: dict[str, list[str]]
    arrays: dict[str, np.ndarray]

    @classmethod
    def read(cls, path: str) -> Weights:
        """Read a dictionary file with the columns ``table``, ``value`` and ``weights`` (whole numbers of ``STEP``).

        Raises
        ------
        DictionaryError
            A cell is no number, or rows of a table differ in length.
        """
        columns = read_columns(path)
        values: dict[str, list[str]] = {}
        cells: dict[str, list[str]] = {}
        for table, value, numbers in zip(columns["table"], columns["value"], columns["weights"], strict=True):
            values.setdefault(table, []).append(value)
            cells.setdefault(table, []).append(numbers)
        try:
            arrays = {table: np.fromstring(" ".join(rows), np.float32, sep=" ").reshape(len(rows), -1) * STEP for table, rows in cells.items()}
        except ValueError:
            raise DictionaryError(f"{path}: 数でない値があるか、列がそろいません。textlens を入れ直してください。") from None
        return cls(values, arrays)

    def to_gates(self, table: str) -> np.ndarray:
        """Return a table of what something says to the gates of both directions, shape (n_rows, 2 · 4 · n_cells)."""
        halves = np.split(self.arrays[table], 2, axis=1)
        return np.hstack([for_gates(half) for half in halves])

    def state(self, table: str) -> np.ndarray:
        """Return a table of what states say to the gates of their direction, shape (2, n_cells, 4 · n_cells)."""
        return for_gates(self.arrays[table].reshape(2, -1, self.arrays[table].shape[1]))


_Network = TypeVar("_Network", bound="Network")


class Network(Protocol):
    """What can be made of a file of weights."""

    @classmethod
    def of(cls: type[_Network], weights: Weights) -> _Network:
        """Take the tables."""


def load_network(network: type[_Network], path: str) -> _Network:
    """Make a network of its shipped weights (kept until the file changes).

    Raises
    ------
    DictionaryError
        A cell is no number, or rows of a table differ in length.
    """
    return _load(network, path, table_stamp(path))


@lru_cache(maxsize=8)
def _load(network: type[_Network], path: str, _stamp: Stamp) -> _Network:
    return network.of(Weights.read(path))


class Portion(NamedTuple):
    """Some units, read.

    Attributes
    ----------
    places : int array
        Words, position by position (``sequences.Order``).
    states : float32 array, shape (len(places), 2 · n_cells)
        States of the cells at these words.
    units : int array
        The units, in the order in which they stand at each position.
    slices : list of slice
        Rows of each position.
    """

    places: np.ndarray
    states: np.ndarray
    units: np.ndarray
    slices: list[slice]


@dataclass(frozen=True, eq=False)
class UnitReader:
    """Weights from words and marks to the states of the cells.

    Attributes
    ----------
    rows : dict of str → dict of str → int
        Aspect → value → row of its table; the row behind the last stands for values it does not know.
    tables : dict of str → float32 array, shape (n_values + 1, width of the aspect)
    enter : float32 array, shape (sum of the widths and of the vector's, 2 · 4 · n_cells)
        From a word to the gates of both directions.
    start : float32 array, shape (2 · 4 · n_cells,)
        What the gates hear from every word.
    signs : dict of str → int
        Kind of mark → row of ``by_sign``.
    by_sign : float32 array, shape (n_signs, 2 · 4 · n_cells)
    state : float32 array, shape (2, n_cells, 4 · n_cells)
    """

    rows: Mapping[str, Mapping[str, int]]
    tables: Mapping[str, np.ndarray]
    enter: np.ndarray
    start: np.ndarray
    signs: Mapping[str, int]
    by_sign: np.ndarray
    state: np.ndarray

    @classmethod
    def of(cls, weights: Weights) -> UnitReader:
        """Take the tables of the words, ``enter``, ``start``, ``sign`` and ``state``."""
        arrays, values = weights.arrays, weights.values
        rows = {aspect: {value: row for row, value in enumerate(values[aspect][:-1])} for aspect in aspects()}
        return cls(
            rows, {aspect: arrays[aspect] for aspect in rows}, weights.to_gates("enter"), weights.to_gates("start")[0],
            {value: row for row, value in enumerate(values["sign"])}, weights.to_gates("sign"), weights.state("state"),
        )  # fmt: skip

    def marked(self, places: np.ndarray, kinds: np.ndarray, names: Sequence[str], n: int) -> sparse.csr_matrix:
        """Return which marks stand at which of ``n`` places, from pairs (place, kind as a place in ``names``)."""
        columns = np.array([self.signs.get(name, -1) for name in names], np.int64)[kinds]
        known = columns >= 0
        return sparse.csr_matrix((np.ones(int(known.sum()), np.float32), (places[known], columns[known])), (n, len(self.signs)))

    def read(self, vocabulary: Vocabulary, ids: np.ndarray, lengths: np.ndarray, marked: sparse.csr_matrix) -> Iterator[Portion]:
        """Read units that stand one after the other.

        Parameters
        ----------
        vocabulary : Vocabulary
        ids : int array, shape (n_words,)
        lengths : int array, shape (n_units,)
            Words of each unit (at least 1).
        marked : sparse float32 matrix, shape (n_words, n_signs)

        Yields
        ------
        Portion
            Some of the units, until all are read.
        """
        words, word = np.unique(ids, return_inverse=True)
        by_word = self._of_words(vocabulary, words.tolist())
        heard = word.astype(np.uint64) + _codes_of_rows(marked)
        for start, first, part in _portions(lengths):
            order = Order.of(part)
            _, one, place = np.unique(heard[start : start + len(order.at)], return_index=True, return_inverse=True)
            asked = by_word[word[start + one]] + marked[start + one] @ self.by_sign
            both = asked.reshape(len(one), 2, -1).transpose(1, 0, 2)
            yield Portion(start + order.at, read_both_ways(both, place[order.at], self.state, order.slices), first + order.number, order.slices)

    def _of_words(self, vocabulary: Vocabulary, words: list[int]) -> np.ndarray:
        """Return what each of these words says to the gates."""
        columns = []
        for aspect, value_of in aspects().items():
            rows = self.rows[aspect]
            columns.append(self.tables[aspect][[rows.get(value_of(vocabulary, i), len(rows)) for i in words]])
        return np.asarray(np.hstack([*columns, vectors_of(vocabulary, words)]) @ self.enter + self.start)


def _codes_of_rows(marked: sparse.csr_matrix) -> np.ndarray:
    """Return a number for the columns set in each row, uint64: words with the same marks are read alike and worked out once.

    The sum of a 64-bit number for each column; two different sets among a million share one with a chance of 1 in 10⁷.
    """
    codes = np.random.default_rng(0).integers(np.iinfo(np.uint64).max, size=marked.shape[1], dtype=np.uint64)
    sums = np.concatenate([np.zeros(1, np.uint64), np.cumsum(codes[marked.indices])])
    return np.asarray(sums[marked.indptr[1:]] - sums[marked.indptr[:-1]])


def _portions(lengths: np.ndarray) -> Iterator[tuple[int, int, np.ndarray]]:
    """Cut a row of sequences into portions of about ``AT_ONCE`` places: first place, first sequence, lengths of each."""
    first = np.concatenate([[0], np.cumsum(lengths)])
    number = first[:-1] // AT_ONCE
    for cut in np.split(np.arange(len(lengths)), np.flatnonzero(np.diff(number)) + 1):
        if len(cut):
            yield int(first[cut[0]]), int(cut[0]), lengths[cut]
