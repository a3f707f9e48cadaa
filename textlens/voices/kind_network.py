"""The second reading of a comment whose kind is doubtful: a recurrent network that hears every word in its order.

The first reading (``model``) adds up cues and words. Where that leaves doubt, cells read each unit (意見単位) word by word
(``networks.reader``; marks: the cues found, what is turned and what is quoted), their highest and mean states stand for the
unit, and further cells read the units of the comment from both sides. Each unit gets a score per output; the comment's is
the smooth maximum of its units'. Weights: ``benchmarks/train_kinds.py``.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from textlens.networks.pooled import read_units
from textlens.networks.reader import UnitReader, Weights, load_network
from textlens.networks.recurrent import read_both_ways
from textlens.networks.sequences import Order
from textlens.tokens import Tokens
from textlens.tokens.ranges import pairs_once, ranges
from textlens.voices.cues import Evidence, kind_names

WEIGHTS = "intent/reading_weights.tsv"
SHARPNESS = 2.0
"""Of the smooth maximum over units: log Σ exp(sharpness · score) / sharpness."""
TURNED, QUOTED = "turned", "quoted"
"""Marks beside the kinds of cue: words whose evaluation does not hold as it stands, cues inside 「 」."""


@dataclass(frozen=True)
class Readings:
    """Scores (logits) of some comments.

    Attributes
    ----------
    docs, units : int64 arrays
        The comments read, and their units that hold a word.
    of_doc, of_unit : float64 arrays, shape (n_docs, n_outputs) and (n_units, n_outputs)
    """

    docs: np.ndarray
    units: np.ndarray
    of_doc: np.ndarray
    of_unit: np.ndarray


@dataclass(frozen=True, eq=False)
class KindNetwork:
    """Weights of the network, whole multiples of ``STEP``.

    Attributes
    ----------
    outputs : tuple of str
        The columns of ``model.OUTPUTS``.
    reader : UnitReader
    enter : float32 array, shape (4 · n_cells, 2 · 4 · n_text_cells)
        From highest and mean states of a unit to the gates of the cells that read units.
    start : float32 array, shape (2 · 4 · n_text_cells,)
    state : float32 array, shape (2, n_text_cells, 4 · n_text_cells)
    leave : float32 array, shape (4 · n_cells + 2 · n_text_cells, n_outputs)
    bias : float32 array, shape (n_outputs,)
    """

    outputs: tuple[str, ...]
    reader: UnitReader
    enter: np.ndarray
    start: np.ndarray
    state: np.ndarray
    leave: np.ndarray
    bias: np.ndarray

    @classmethod
    def of(cls, weights: Weights) -> KindNetwork:
        """Take the tables."""
        arrays = weights.arrays
        return cls(
            tuple(weights.values["label"]), UnitReader.of(weights), weights.to_gates("enter text"), weights.to_gates("start text")[0],
            weights.state("state text"), arrays["leave"], arrays["label"][:, 0],
        )  # fmt: skip

    def read(self, tokens: Tokens, evidence: Evidence, docs: np.ndarray) -> Readings:
        """Read some comments, given by number in ascending order; comments without a word are left out."""
        names, places, kinds = marks_of(tokens, evidence)
        states = read_units(self.reader, tokens, docs, self.reader.marked(places, kinds, names, len(tokens.ids)))
        if not len(states.docs):
            none = np.zeros((0, len(self.outputs)))
            return Readings(states.docs, states.units, none, none)
        of_unit = self._of_units(states.of_units(), states.n_units)
        return Readings(states.docs, states.units, _smooth_maximum(of_unit, states.starts), of_unit)

    def _of_units(self, pooled: np.ndarray, n_units: np.ndarray) -> np.ndarray:
        """Return the scores of the units of comments that stand one after the other (``n_units`` of each)."""
        order = Order.of(n_units)
        asked = (pooled[order.at] @ self.enter + self.start).reshape(len(pooled), 2, -1).transpose(1, 0, 2)
        around = np.empty((len(pooled), 2 * self.state.shape[1]), np.float32)
        around[order.at] = read_both_ways(asked, np.arange(len(pooled)), self.state, order.slices)
        return (np.hstack([pooled, around]) @ self.leave + self.bias).astype(float)


def marks_of(tokens: Tokens, evidence: Evidence) -> tuple[tuple[str, ...], np.ndarray, np.ndarray]:
    """Return the names of the marks, and pairs (token, number of a mark), each once."""
    first = np.maximum(tokens.token_at(evidence.doc, evidence.start), 0)
    last = tokens.token_at(evidence.doc, np.maximum(evidence.end - 1, evidence.start))
    count = np.maximum(last - first + 1, 0)
    names = (*kind_names(), TURNED, QUOTED)
    covered, kinds, quoted = ranges(first, count), np.repeat(evidence.kind, count), np.repeat(evidence.quoted, count)
    places = np.r_[covered, evidence.turned, covered[quoted]]
    marks = np.r_[kinds, np.full(len(evidence.turned), len(names) - 2), np.full(int(quoted.sum()), len(names) - 1)]
    return names, *pairs_once(places, marks, len(names))


def _smooth_maximum(scores: np.ndarray, starts: np.ndarray) -> np.ndarray:
    """Return the smooth maximum of the rows of each group (first rows: ``starts``)."""
    top = np.maximum.reduceat(scores, starts, axis=0)
    group = np.repeat(np.arange(len(starts)), np.diff(np.r_[starts, len(scores)]))
    return np.asarray(top + np.log(np.add.reduceat(np.exp(SHARPNESS * (scores - top[group])), starts, axis=0)) / SHARPNESS)


def load_kind_network() -> KindNetwork:
    """Load the shipped weights; errors as :func:`~textlens.networks.reader.load_network`."""
    return load_network(KindNetwork, WEIGHTS)
