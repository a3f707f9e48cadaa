"""The second reading of a unit: how probable each label is for each word, seen with all the words before and behind it.

The first reading (``span_model``) sees a few words on each side. Where it finds something, a recurrent network reads the
unit again (``networks.reader``), and the states of its cells decide. Weights: ``benchmarks/train_reading.py``.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import sparse

from textlens.networks.reader import UnitReader, Weights, load_network
from textlens.personal.span_model import Signs
from textlens.tokens import Tokens

WEIGHTS = "personal/reading_weights.tsv"


@dataclass(frozen=True, eq=False)
class SpanNetwork:
    """Weights of the network.

    Attributes
    ----------
    labels : tuple of str
    reader : UnitReader
    leave : float32 array, shape (2 · n_cells, n_labels)
    bias : float32 array, shape (n_labels,)
    """

    labels: tuple[str, ...]
    reader: UnitReader
    leave: np.ndarray
    bias: np.ndarray

    @classmethod
    def of(cls, weights: Weights) -> SpanNetwork:
        """Take the tables."""
        return cls(tuple(weights.values["label"]), UnitReader.of(weights), weights.arrays["leave"], weights.arrays["label"][:, 0])

    def probabilities(self, tokens: Tokens, signs: Signs, chosen: np.ndarray) -> np.ndarray:
        """Return the probability of each label at the chosen tokens (whole units, in order), shape (n_chosen, n_labels)."""
        result = np.zeros((len(chosen), len(self.labels)))
        if not len(chosen):
            return result
        lengths = np.diff(np.flatnonzero(np.r_[True, np.diff(tokens.unit_of[chosen]) != 0, True]))
        for part in self.reader.read(tokens.vocabulary, tokens.ids[chosen], lengths, self._marked(tokens, signs, chosen)):
            scores = (part.states @ self.leave + self.bias).astype(float)
            scores = np.exp(scores - scores.max(axis=1, keepdims=True))
            result[part.places] = scores / scores.sum(axis=1, keepdims=True)
        return result

    def _marked(self, tokens: Tokens, signs: Signs, chosen: np.ndarray) -> sparse.csr_matrix:
        """Return which kinds of mark stand on each chosen token, or anywhere in its unit."""
        on_token = self.reader.marked(signs.token, signs.kind, signs.names, len(tokens.ids))
        in_unit = self.reader.marked(signs.unit, signs.unit_kind, [f"unit {name}" for name in signs.names], len(tokens.units))
        return on_token[chosen] + in_unit[tokens.unit_of[chosen]]


def load_span_network() -> SpanNetwork:
    """Load the shipped weights; errors as :func:`~textlens.networks.reader.load_network`."""
    return load_network(SpanNetwork, WEIGHTS)
