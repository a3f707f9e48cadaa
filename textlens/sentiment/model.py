"""The score: what a first reading adds up, and what a second one says where that leaves doubt."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from textlens.polar.reading import COLUMN, TELLING, Reading
from textlens.resources import made_from
from textlens.rules import read_table
from textlens.sentiment.network import load_sentiment_network
from textlens.tokens import Tokens

MODEL = "sentiment/model.tsv"
DOUBT = 0.3
"""Sums nearer to 0 than this are in doubt. In the months that gave no weights it holds a fifth of the words of the survey and
two fifths of the economy watchers'."""
SECOND = 0.4
"""What the second reading counts for where the first says nothing; less the more it says, nothing at ``DOUBT``."""
_MOST = 3.0
"""Logits of the second reading are cut here."""


@dataclass(frozen=True)
class Scores:
    """Sentiment −1 … 1 of each comment and of each unit (float arrays)."""

    of_comment: np.ndarray
    of_unit: np.ndarray


def read_scores(tokens: Tokens) -> Scores:
    """Score a batch; kept with the tokens."""

    def read() -> Scores:
        reading = Reading.of(tokens)
        of_comment, of_unit = first_score(reading.by_text), first_score(reading.by_unit)
        again = load_sentiment_network().read(reading, np.flatnonzero(np.abs(of_comment) < DOUBT))
        for first, rows, second in ((of_comment, again.docs, again.of_doc), (of_unit, again.units, again.of_unit)):
            first[rows] = both_scores(first[rows], second)
        return Scores(np.tanh(of_comment), np.tanh(of_unit))

    return tokens.remember("sentiment", read)


def both_scores(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    """Return the sum that both readings come to."""
    doubt = np.maximum(0, 1 - (first / DOUBT) ** 2)
    return np.asarray(first + SECOND * doubt * np.clip(second, -_MOST, _MOST))


def first_score(features: np.ndarray) -> np.ndarray:
    """Return the weighted sum of each row of features."""
    weights = load_model()
    total = np.full(len(features), weights[-1])
    for number in np.flatnonzero(weights[:-1]).tolist():  # a matrix product would round differently for other row counts
        total += features[:, number] * weights[number]
    return total


@made_from(MODEL)
def load_model() -> np.ndarray:
    """Return the weight of each of ``FEATURES`` and the constant."""
    return np.array([float(row["sentiment"]) for row in read_table(MODEL)])


def has_learnt_evidence(features: np.ndarray) -> np.ndarray:
    """Tell for each row whether its learnt weights say anything (bool array)."""
    return np.abs(features[:, COLUMN["satisfaction"]]) >= TELLING / 2
