"""The linear model over cues, n-gram scores, praise and blame in words and a second reading, with coefficients shipped as a table.

``intent/model.tsv``: one row per feature, one column per output: the six intents and none (each a
logistic regression), ``implied_request``, and ``main …`` (one multinomial regression that picks the main
intent). Learnt by ``benchmarks/train_intent.py``; at run time it is one product of two matrices.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from scipy import sparse

from textlens.errors import DictionaryError
from textlens.polar.reading import FEATURES as POLAR
from textlens.polar.reading import Reading
from textlens.resources import made_from
from textlens.rules import read_table
from textlens.schema import INTENTS, MAIN_INTENTS
from textlens.tokens import Tokens
from textlens.voices.cues import Evidence
from textlens.voices.features import Groups, by_comment, by_unit, cue_features, feature_names
from textlens.voices.ngrams import NgramTable, load_ngrams, score_ngrams

MODEL = "intent/model.tsv"
OUTPUTS = (*MAIN_INTENTS, "implied_request", *(f"main {name}" for name in MAIN_INTENTS))
N_INTENTS = len(MAIN_INTENTS)
IMPLIED = N_INTENTS
READ = ("read", *(f"first {output}" for output in OUTPUTS), *(f"read {output}" for output in OUTPUTS))
"""The last features: was the comment read a second time (``kind_network``), the logits of the first reading and of the second
one; 0 where it was not."""
_LEAST = 1e-6
_BLANK = np.where(np.array(MAIN_INTENTS) == "none", 30.0, -30.0)
"""Logits of a text without a character: none, for certain."""


def all_feature_names() -> list[str]:
    """Return the names of the columns of :func:`build_features`."""
    levels = ("words", "words top clause", "words top unit", "words last unit")
    words = (f"{level} {name}" for level in levels for name in INTENTS)
    return [*feature_names(), *words, *(f"polar {name}" for name in POLAR), *READ]


@dataclass(frozen=True)
class Features:
    """Feature tables of a batch, per comment and per unit."""

    comment: np.ndarray
    unit: np.ndarray


def build_features(tokens: Tokens, evidence: Evidence, table: NgramTable | None = None) -> Features:
    """Return cue features, n-gram scores and polar features side by side, for comments and for units; ``READ`` stays 0."""
    reading = Reading.of(tokens)
    scores = score_ngrams(tokens, evidence, load_ngrams() if table is None else table)

    def beside(groups: Groups, per_unit: bool) -> np.ndarray:
        polar = reading.by_unit if per_unit else reading.by_text
        cues, words = len(feature_names()), scores.features(tokens, per_unit=per_unit)
        table = np.zeros((groups.n, cues + words.shape[1] + polar.shape[1] + len(READ)))
        cue_features(evidence, groups, table[:, :cues])
        table[:, cues : cues + words.shape[1]] = words
        table[:, cues + words.shape[1] : -len(READ)] = polar
        return table

    return Features(beside(by_comment(tokens, evidence), False), beside(by_unit(tokens, evidence), True))


def load_coefficients() -> np.ndarray:
    """Return the shipped coefficients, shape (n_features, len(OUTPUTS)); a feature not listed weighs 0.

    Raises
    ------
    DictionaryError
        A cell is not a number.
    """
    return _load(tuple(all_feature_names()))


@made_from(MODEL)
def _load(names: tuple[str, ...]) -> np.ndarray:
    listed = {row["feature"]: row for row in read_table(MODEL)}
    try:
        rows = [[float(listed[f][o] or 0) if f in listed else 0.0 for o in OUTPUTS] for f in names]
    except ValueError:
        raise DictionaryError(f"{MODEL}: 数でない値があります。textlens を入れ直してください。") from None
    return np.array(rows)


def weigh(features: np.ndarray, coefficients: np.ndarray) -> np.ndarray:
    """Return ``features @ coefficients``, each row to the last bit the same whatever rows stand beside it.

    (A dense product goes through blocks, and rounds differently where a block is cut; most features are 0 anyway.)
    """
    width = features.shape[1]
    filled = np.flatnonzero(features)
    row_ends = np.cumsum([0, *np.count_nonzero(features, axis=1).tolist()])
    return np.asarray(sparse.csr_matrix((features.ravel()[filled], filled % width, row_ends), features.shape) @ coefficients)


class Decision(NamedTuple):
    """Probabilities of the main intents, shape (n, 7); of an implied request, (n,); of each as the main one, (n, 7)."""

    intents: np.ndarray
    implied: np.ndarray
    main: np.ndarray


def logits_of(decision: Decision) -> np.ndarray:
    """Return the logits of a decision, shape (n, len(OUTPUTS)); those of ``main`` are log probabilities."""
    single = np.clip(np.column_stack([decision.intents, decision.implied]), _LEAST, 1 - _LEAST)
    return np.hstack([np.log(single / (1 - single)), np.log(np.maximum(decision.main, _LEAST))])


def decide(features: np.ndarray, coefficients: np.ndarray) -> Decision:
    """Return the probabilities of each row; those of ``main`` sum to 1."""
    logits = weigh(features, coefficients)
    blank = features[:, all_feature_names().index("log_length")] == 0
    logits[blank, :N_INTENTS] = _BLANK
    return from_logits(logits)


def from_logits(logits: np.ndarray) -> Decision:
    """Return the probabilities of logits, shape (n, len(OUTPUTS)); what :func:`logits_of` undoes."""
    single = 1.0 / (1.0 + np.exp(-np.clip(logits[:, : N_INTENTS + 1], -30, 30)))
    main = logits[:, N_INTENTS + 1 :]
    main = np.exp(main - main.max(axis=1, keepdims=True))
    return Decision(single[:, :N_INTENTS], single[:, IMPLIED], main / main.sum(axis=1, keepdims=True))
