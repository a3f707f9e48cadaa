"""The part all our networks share: cells that read the words of a unit (意見単位) from both sides.

A word speaks as itself, its class, part of speech, characters and length (``words``), and through the marks other
analysers set on it; what it says and what the cells say are whole multiples of 1/128 (``recurrent``).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from scipy import sparse

from textlens.errors import DictionaryError
from textlens.networks.recurrent import STEP, read_both_ways
from textlens.networks.sequences import Order
from textlens.networks.words import aspects
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

    def state(self, table: str) -> np.ndarray:
        """Return a table of both directions, shape (2, n_cells, 4 · n_cells)."""
        return self.arrays[table].reshape(2, -1, self.arrays[table].shape[1])


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
    enter : float32 array, shape (sum of the widths, 2 · 4 · n_cells)
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
            rows, {aspect: arrays[aspect] for aspect in rows}, arrays["enter"], arrays["start"][0],
            {value: row for row, value in enumerate(values["sign"])}, arrays["sign"], weights.state("state"),
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
        words, place = np.unique(ids, return_inverse=True)
        by_word = self._of_words(vocabulary, words.tolist())
        for start, first, part in _portions(lengths):
            order = Order.of(part)
            at = start + order.at
            gates = by_word[place[at]] + marked[at] @ self.by_sign
            asked = gates.reshape(len(at), 2, -1).transpose(1, 0, 2)
            yield Portion(at, read_both_ways(asked, self.state, order.slices), first + order.number, order.slices)

    def _of_words(self, vocabulary: Vocabulary, words: list[int]) -> np.ndarray:
        """Return what each of these words says to the gates."""
        columns = []
        for aspect, value_of in aspects().items():
            rows = self.rows[aspect]
            columns.append(self.tables[aspect][[rows.get(value_of(vocabulary, i), len(rows)) for i in words]])
        return np.asarray(np.hstack(columns) @ self.enter + self.start)


def _portions(lengths: np.ndarray) -> Iterator[tuple[int, int, np.ndarray]]:
    """Cut a row of sequences into portions of about ``AT_ONCE`` places: first place, first sequence, lengths of each."""
    first = np.concatenate([[0], np.cumsum(lengths)])
    number = first[:-1] // AT_ONCE
    for cut in np.split(np.arange(len(lengths)), np.flatnonzero(np.diff(number)) + 1):
        if len(cut):
            yield int(first[cut[0]]), int(cut[0]), lengths[cut]
