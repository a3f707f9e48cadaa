"""Concrete or abstract: does the voice name a thing together with an act, a place or a fact?

A logistic regression over counts of cues (``facets/concrete.tsv``) and of words; its coefficients are plain
data (``facets/concrete_model.tsv``) and ``benchmarks/train_facets.py`` reproduces them.
"""

from __future__ import annotations

import numpy as np

from textlens.rules import Matches, read_table
from textlens.tokens import Tokens, Vocabulary

MODEL = "facets/concrete_model.tsv"
CUE_LABELS = ("k:place", "k:thing", "k:action", "k:event", "k:quality", "k:vague", "k:empty")
FEATURES = (*CUE_LABELS, "tokens", "nouns", "verbs", "proper", "numbers")
"""Counts per unit or comment; each enters as log(1 + n)."""

_WORD_KINDS = ("tokens", "nouns", "verbs", "proper", "numbers")


def concrete_features(matches: Matches, tokens: Tokens, group_of_unit: np.ndarray, n_groups: int) -> np.ndarray:
    """Return log(1 + n) of cues and words per group of units.

    Parameters
    ----------
    matches : Matches
        Matches that hold those of ``facets/concrete.tsv``.
    tokens : Tokens
    group_of_unit : int array, shape (n_units,)
        Group of each unit: the unit itself, or the text it belongs to.
    n_groups : int

    Returns
    -------
    float array, shape (n_groups, len(FEATURES))
    """
    counts = np.zeros((n_groups, len(FEATURES)))
    column = {name: i for i, name in enumerate(CUE_LABELS)}
    of_rule = np.array([column.get(row.label, -1) for row in matches.rows], np.int32)
    kinds = of_rule[matches.rule] if len(matches) else np.empty(0, np.int32)
    use = kinds >= 0
    np.add.at(counts, (group_of_unit[matches.unit[use]], kinds[use]), 1)
    if len(tokens.ids):
        group = group_of_unit[tokens.unit_of]
        flags = tokens.vocabulary.map("facets.word_kind", _word_kind, np.int8)[tokens.ids]
        for bit, name in enumerate(_WORD_KINDS):
            at = group[(flags >> bit) & 1 == 1]
            counts[:, FEATURES.index(name)] = np.bincount(at, minlength=n_groups)
    return np.log1p(counts)


def concrete_probability(features: np.ndarray) -> np.ndarray:
    """Return the probability of ``concrete`` for rows of :func:`concrete_features`."""
    weights = {row["feature"]: float(row["weight"]) for row in read_table(MODEL)}
    score = features @ np.array([weights[name] for name in FEATURES]) + weights["intercept"]
    return 1 / (1 + np.exp(-score))


def _word_kind(vocabulary: Vocabulary, i: int) -> int:
    pos1, pos2 = vocabulary.pos1[i], vocabulary.pos2[i]
    word = pos1 not in ("補助記号", "空白", "記号")
    noun = pos1 == "名詞" and pos2 != "数詞" and vocabulary.pos3[i] != "助数詞可能"
    return word + 2 * noun + 4 * (pos1 == "動詞") + 8 * (pos2 == "固有名詞") + 16 * (pos2 == "数詞")
