"""The weights of the score: from what a reading found to −1 … 1."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from textlens.polar.reading import COLUMN, TELLING
from textlens.rules import read_table

MODEL = "sentiment/model.tsv"


@lru_cache(maxsize=1)
def load_model() -> np.ndarray:
    """Return the weight of each of ``FEATURES`` and the constant."""
    return np.array([float(row["sentiment"]) for row in read_table(MODEL)])


def sentiment_score(features: np.ndarray) -> np.ndarray:
    """Return −1 … 1 for each row."""
    weights = load_model()
    total = np.full(len(features), weights[-1])
    for number in np.flatnonzero(weights[:-1]).tolist():  # a matrix product would round differently for other row counts
        total += features[:, number] * weights[number]
    return np.tanh(total)


def has_learnt_evidence(features: np.ndarray) -> np.ndarray:
    """Tell for each row whether its learnt weights say anything (bool array)."""
    return np.abs(features[:, COLUMN["satisfaction"]]) >= TELLING / 2
