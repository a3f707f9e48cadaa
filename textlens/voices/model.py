"""The linear model over cues, n-gram scores and praise and blame in words, with coefficients shipped as a table.

``intent/model.tsv``: one row per feature, one column per output: the six intents and none (each a
logistic regression), ``implied_request``, and ``main …`` (one multinomial regression that picks the main
intent). Learnt by ``benchmarks/train_intent.py``; at run time it is one product of two matrices.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from textlens.errors import DictionaryError
from textlens.polar.reading import FEATURES as POLAR
from textlens.polar.reading import Reading
from textlens.rules import read_table
from textlens.rules.dictionary import table_stamp
from textlens.schema import INTENTS, MAIN_INTENTS
from textlens.tokens import Tokens
from textlens.voices.cues import Evidence
from textlens.voices.features import Groups, by_comment, by_unit, cue_features, feature_names
from textlens.voices.ngrams import NgramTable, load_ngrams, score_ngrams

MODEL = "intent/model.tsv"
OUTPUTS = (*MAIN_INTENTS, "implied_request", *(f"main {name}" for name in MAIN_INTENTS))
N_INTENTS = len(MAIN_INTENTS)
IMPLIED = N_INTENTS
_BLANK = np.where(np.array(MAIN_INTENTS) == "none", 30.0, -30.0)
"""Logits of a text without a character: none, for certain."""


def all_feature_names() -> list[str]:
    """Return the names of the columns of :func:`build_features`."""
    levels = ("words", "words top clause", "words top unit", "words last unit")
    return [*feature_names(), *(f"{level} {name}" for level in levels for name in INTENTS), *(f"polar {name}" for name in POLAR)]


@dataclass(frozen=True)
class Features:
    """Feature tables of a batch, per comment and per unit."""

    comment: np.ndarray
    unit: np.ndarray


def build_features(tokens: Tokens, evidence: Evidence, table: NgramTable | None = None) -> Features:
    """Return cue features, n-gram scores and polar features side by side, for comments and for units."""
    reading = Reading.of(tokens)
    scores = score_ngrams(tokens, evidence, load_ngrams() if table is None else table)

    def beside(groups: Groups, per_unit: bool) -> np.ndarray:
        polar = reading.by_unit if per_unit else reading.by_text
        return np.hstack([cue_features(evidence, groups), scores.features(tokens, per_unit=per_unit), polar])

    return Features(beside(by_comment(tokens, evidence), False), beside(by_unit(tokens, evidence), True))


def load_coefficients() -> np.ndarray:
    """Return the shipped coefficients, shape (n_features, len(OUTPUTS)); a feature not listed weighs 0.

    Raises
    ------
    DictionaryError
        A cell is not a number.
    """
    return _load(table_stamp(MODEL), tuple(all_feature_names()))


@lru_cache(maxsize=2)
def _load(_stamp: tuple[str, int, str, int], names: tuple[str, ...]) -> np.ndarray:
    listed = {row["feature"]: row for row in read_table(MODEL)}
    try:
        rows = [[float(listed[f][o] or 0) if f in listed else 0.0 for o in OUTPUTS] for f in names]
    except ValueError:
        raise DictionaryError(f"{MODEL}: 数でない値があります。textlens を入れ直してください。") from None
    return np.array(rows)


def decide(features: np.ndarray, coefficients: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return probabilities of the main intents, of an implied request, and of each as the main one.

    Returns
    -------
    float arrays
        Shapes (n, 7), (n,), (n, 7); the last sums to 1 in each row.
    """
    logits = features @ coefficients
    blank = features[:, all_feature_names().index("log_length")] == 0
    logits[blank, :N_INTENTS] = _BLANK
    single = 1.0 / (1.0 + np.exp(-np.clip(logits[:, : N_INTENTS + 1], -30, 30)))
    main = logits[:, N_INTENTS + 1 :]
    main = np.exp(main - main.max(axis=1, keepdims=True))
    return single[:, :N_INTENTS], single[:, IMPLIED], main / main.sum(axis=1, keepdims=True)
