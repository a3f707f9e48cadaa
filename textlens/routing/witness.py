"""Whole comments of last year as a witness: which 課 got comments worded like this one.

The table decides which 課 come into question; the witness only shifts the balance between them. On invented texts that
nothing was learnt from, it raised the share of right first 課 by 1 to 3 points where 1,000 or more assignments were known; below
``LEAST_TEXTS`` it is silent.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from scipy import sparse
from sklearn.linear_model import LogisticRegression

from textlens.tokens import Tokens, Vocabulary

LOUD, HALF_WAY = 10.0, 700
"""Greatest weight of the witness beside the table's scores, and the number of assignments that give it half of that. It grows
with their square: what a hundred assignments say of sixty 課 is chance, and on hand-labelled texts it did harm."""
SURE = 1 / 3
"""Probability of its favourite from which the witness speaks with full weight."""
LEAST_TEXTS, LEAST_CODES = 200, 2
SMALL = 0.05
"""Coefficients below it are not kept."""
STRENGTH = 10.0
"""C of the logistic regression; of 1, 10 and 100 the best on held-out halves."""


@dataclass(frozen=True)
class Witness:
    """A logistic regression on TF-IDF of content words.

    Attributes
    ----------
    words : dict of str to (float, dict of int to float)
        Word → its inverse document frequency, and its weight for each code.
    constant : float array, shape (n_codes,)
        −inf for codes without an example.
    n_texts : int
        How many assignments it was learnt from.
    """

    words: dict[str, tuple[float, dict[int, float]]]
    constant: np.ndarray
    n_texts: int

    def speak(self, tokens: Tokens) -> np.ndarray:
        """Return what to add to the scores, shape (n_texts, n_codes): 0 … ``LOUD``."""
        number, idf, weights = self._columns
        logits = np.asarray(_tf_idf(tokens, number, idf) @ weights) + self.constant
        odds = np.exp(logits - logits.max(axis=1, keepdims=True))
        share = odds / odds.sum(axis=1, keepdims=True)
        best = share.max(axis=1, keepdims=True)
        known = self.n_texts**2 / (self.n_texts**2 + HALF_WAY**2)
        return LOUD * known * np.minimum(1.0, best / SURE) * share / best

    @cached_property
    def _columns(self) -> tuple[dict[str, int], np.ndarray, np.ndarray]:
        """The words as columns, made once: word → its number, idf of each, weights of each for each code."""
        names = sorted(self.words)
        weights = np.zeros((len(names), len(self.constant)))
        for row, word in enumerate(names):
            for code, weight in self.words[word][1].items():
                weights[row, code] = weight
        return {word: i for i, word in enumerate(names)}, np.array([self.words[word][0] for word in names]), weights

    def to_rows(self, codes: tuple[str, ...]) -> dict[str, Any]:
        """Return plain lists, codes by name."""
        return {
            "n_texts": self.n_texts,
            "constant": [[codes[i], round(float(c), 4)] for i, c in enumerate(self.constant) if np.isfinite(c)],
            "words": [[word, round(idf, 4), [[codes[i], w] for i, w in sorted(by_code.items())]] for word, (idf, by_code) in sorted(self.words.items())],
        }

    @classmethod
    def from_rows(cls, content: dict[str, Any], codes: tuple[str, ...]) -> Witness | None:
        """Rebuild; codes the table no longer has are left out, and with them their words."""
        number = {code: i for i, code in enumerate(codes)}
        constant = np.full(len(codes), -np.inf)
        for code, value in content["constant"]:
            if code in number:
                constant[number[code]] = value
        words = {word: (idf, {number[c]: w for c, w in by_code if c in number}) for word, idf, by_code in content["words"]}
        return cls(words, constant, content["n_texts"]) if np.isfinite(constant).any() else None


def learn_witness(tokens: Tokens, codes: np.ndarray, n_codes: int) -> Witness | None:
    """Learn from one code per text; ``None`` where there is too little to learn from."""
    present = np.unique(codes)
    if len(codes) < LEAST_TEXTS or len(present) < LEAST_CODES:
        return None
    vocabulary = tokens.vocabulary
    content = vocabulary.map("routing:content", _is_content, bool)
    names = sorted({vocabulary.base[i] for i in np.unique(tokens.ids[content[tokens.ids]]).tolist()})
    number = {word: i for i, word in enumerate(names)}
    used = np.asarray((_tf_idf(tokens, number, np.ones(len(names))) > 0).sum(axis=0)).ravel()
    idf = np.round(np.log((1 + tokens.n_docs) / (1 + used)) + 1.0, 4)
    model = LogisticRegression(C=STRENGTH, max_iter=300).fit(_tf_idf(tokens, number, idf), codes)
    weight, bias = model.coef_, model.intercept_
    if len(present) == LEAST_CODES:
        weight, bias = np.vstack([-weight, weight]) / 2, np.array([-bias[0], bias[0]]) / 2
    constant = np.full(n_codes, -np.inf)
    constant[present] = np.round(bias, 4)
    words = {}
    for row, word in enumerate(names):
        kept = {int(code): round(float(w), 3) for code, w in zip(present, weight[:, row], strict=True) if abs(w) >= SMALL}
        if kept:
            words[word] = (float(idf[row]), kept)
    return Witness(words, constant, len(codes))


def _tf_idf(tokens: Tokens, number: dict[str, int], idf: np.ndarray) -> sparse.csr_matrix:
    """Rows of length 1: (1 + log count) × idf of each known word."""
    column = np.fromiter((number.get(base, -1) for base in tokens.vocabulary.base), np.int64, len(tokens.vocabulary))
    column[~tokens.vocabulary.map("routing:content", _is_content, bool)] = -1
    of_token = column[tokens.ids]
    known = of_token >= 0
    matrix = sparse.csr_matrix((np.ones(known.sum()), (tokens.doc_of[known], of_token[known])), (tokens.n_docs, len(number)))
    matrix.sum_duplicates()
    matrix.data = (1.0 + np.log(matrix.data)) * idf[matrix.indices]
    length = np.sqrt(np.asarray(matrix.multiply(matrix).sum(axis=1)).ravel())
    return sparse.csr_matrix(sparse.diags(1.0 / np.maximum(length, 1e-12)) @ matrix)


def _is_content(words: Vocabulary, i: int) -> bool:
    return words.pos1[i] in ("名詞", "動詞", "形容詞", "形状詞")
