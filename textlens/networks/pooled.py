"""What a network hears in each unit (意見単位) of some texts: the highest and the mean state of its cells."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from scipy import sparse

from textlens.networks.reader import UnitReader
from textlens.networks.recurrent import STEP, pool
from textlens.tokens import Tokens
from textlens.tokens.ranges import ranges

MEAN = 3.0
"""States are added and divided by this many times the root of the number of words, so that long units do not shout."""


class UnitStates(NamedTuple):
    """The texts read that hold a word, and their units that do.

    Attributes
    ----------
    docs : int64 array, shape (n_docs,)
    units : int64 array, shape (n_units,)
    starts : int64 array, shape (n_docs,)
        First row of ``units`` of each text.
    n_words : int64 array, shape (n_units,)
    highest, total : float32 arrays, shape (n_units, 2 · n_cells)
        Highest state of each cell in the unit, and the sum.
    """

    docs: np.ndarray
    units: np.ndarray
    starts: np.ndarray
    n_words: np.ndarray
    highest: np.ndarray
    total: np.ndarray

    @property
    def n_units(self) -> np.ndarray:
        """Units of each text."""
        return np.diff(np.r_[self.starts, len(self.units)])

    def of_units(self) -> np.ndarray:
        """Return highest and mean states of each unit, float32, shape (n_units, 4 · n_cells)."""
        return _highest_and_mean(self.highest, self.total, self.n_words)

    def of_docs(self) -> np.ndarray:
        """Return highest and mean states of each text, float32, shape (n_docs, 4 · n_cells)."""
        if not len(self.docs):
            return self.of_units()
        total, n_words = np.add.reduceat(self.total, self.starts, axis=0), np.add.reduceat(self.n_words, self.starts)
        return _highest_and_mean(np.maximum.reduceat(self.highest, self.starts, axis=0), total, n_words)


def read_units(reader: UnitReader, tokens: Tokens, docs: np.ndarray, marked: sparse.csr_matrix) -> UnitStates:
    """Read the units of some texts, given by number in ascending order.

    Parameters
    ----------
    reader : UnitReader
    tokens : Tokens
    docs : int array
        Texts without a word are left out.
    marked : sparse float32 matrix, shape (n_tokens, n_signs)
        Marks on all tokens (``UnitReader.marked``).
    """
    counts = np.diff(tokens.doc_offsets)
    docs = docs[counts[docs] > 0].astype(np.int64)
    chosen = ranges(tokens.doc_offsets[docs], counts[docs])
    unit = tokens.unit_of[chosen]
    first = np.flatnonzero(np.diff(unit, prepend=-1))
    units, n_words = unit[first].astype(np.int64), np.diff(np.r_[first, len(chosen)])
    highest, total = np.empty((2, len(units), 2 * reader.state.shape[1]), np.float32)
    for part in reader.read(tokens.vocabulary, tokens.ids[chosen], n_words, marked[chosen]):
        highest[part.units], total[part.units] = pool(part.states, part.slices)
    return UnitStates(docs, units, np.flatnonzero(np.diff(tokens.units.doc[units], prepend=-1)), n_words, highest, total)


def _highest_and_mean(highest: np.ndarray, total: np.ndarray, n_words: np.ndarray) -> np.ndarray:
    mean = total / (MEAN * np.sqrt(n_words))[:, None]
    return np.hstack([highest, np.rint(mean / STEP) * STEP]).astype(np.float32)
