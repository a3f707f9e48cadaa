"""Last year's assignments on top of the table: which 課 took which matter, and what they sounded like.

Two things are learnt, and both fade to nothing where there are no examples: matter → 課 (this city sends
野良猫 to 健康づくり課), and the wording of each 課's comments (TF-IDF centroids), for words no table knows.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import sparse
from sklearn.feature_extraction.text import TfidfVectorizer

from textlens.routing_lexicon import Lexicon
from textlens.tokens import Tokens

PRIOR = 3.0
"""The table counts as much as this many of last year's comments about one matter."""
WORDING = (0.0, 1.0, 2.0, 4.0, 6.0, 9.0)
"""Weights tried for the wording; chosen by leaving one comment out at a time."""


@dataclass(frozen=True)
class Learned:
    """What :func:`learn` found: ``affinity`` (matters × codes), the wording's centroids and their weight."""

    affinity: np.ndarray
    vectorizer: TfidfVectorizer
    centroids: sparse.csr_matrix
    weight: float

    def adjust(self, tokens: Tokens, scores: np.ndarray) -> np.ndarray:
        """Add the wording's likeness to scores of texts × codes."""
        if not self.weight:
            return scores
        likeness = np.asarray((self.vectorizer.transform(tokens.norm) @ self.centroids.T).todense())
        return scores + self.weight * likeness


def learn(tokens: Tokens, concepts: sparse.csr_matrix, codes: np.ndarray, lexicon: Lexicon) -> Learned:
    """Learn from one code per text.

    Parameters
    ----------
    tokens : Tokens
    concepts : csr matrix, shape (n_texts, n_concepts)
        Strength of each matter in each text.
    codes : int array, shape (n_texts,)
        Number of the code each text went to.
    """
    from textlens.routing_score import code_scores

    affinity = _affinity(concepts, codes, lexicon)
    vectorizer = TfidfVectorizer(analyzer="char", ngram_range=(2, 4), sublinear_tf=True, min_df=1, norm="l2")
    rows = sparse.csr_matrix(vectorizer.fit_transform(tokens.norm))
    member = sparse.csr_matrix((np.ones(len(codes)), (codes, np.arange(len(codes)))), (lexicon.n_codes, len(codes)))
    totals = sparse.csr_matrix(member @ rows)
    count = np.bincount(codes, minlength=lexicon.n_codes)
    weight = _weight(code_scores(concepts, affinity), rows, totals, codes, count)
    return Learned(affinity, vectorizer, _unit(totals), weight)


def _affinity(concepts: sparse.csr_matrix, codes: np.ndarray, lexicon: Lexicon) -> np.ndarray:
    """Mix the table's 課 for each matter with the 課 that took it, by a Dirichlet prior."""
    strongest = concepts.max(axis=1).toarray().ravel()
    share = sparse.csr_matrix(concepts.multiply(1.0 / np.maximum(strongest, 1e-9)[:, None]))
    share.data[share.data < 0.5] = 0.0
    member = sparse.csr_matrix((np.ones(len(codes)), (np.arange(len(codes)), codes)), (len(codes), lexicon.n_codes))
    seen = np.asarray((share.T @ member).todense())
    prior = lexicon.affinity
    mixed = (PRIOR * prior + seen) / (PRIOR + seen.sum(axis=1, keepdims=True))
    top = mixed.max(axis=1, keepdims=True)
    scale = np.divide(np.maximum(prior.max(axis=1, keepdims=True), 1e-9), top, out=np.zeros_like(top), where=top > 0)
    return mixed * np.minimum(scale, 2.0)


def _unit(matrix: sparse.csr_matrix) -> sparse.csr_matrix:
    norms = np.sqrt(np.asarray(matrix.multiply(matrix).sum(axis=1)).ravel())
    return sparse.csr_matrix(sparse.diags(1.0 / np.maximum(norms, 1e-12)) @ matrix)


def _weight(
    scores: np.ndarray, rows: sparse.csr_matrix, totals: sparse.csr_matrix, codes: np.ndarray, count: np.ndarray
) -> float:
    """Choose the wording's weight on comments scored without themselves."""
    dots = np.asarray((rows @ totals.T).todense())
    square = np.asarray(totals.multiply(totals).sum(axis=1)).ravel()
    place = np.arange(len(codes))
    norms = np.tile(np.sqrt(np.maximum(square, 1e-12)), (len(codes), 1))
    own = dots[place, codes]
    norms[place, codes] = np.sqrt(np.maximum(square[codes] - 2 * own + 1.0, 1e-12))
    dots[place, codes] = np.where(count[codes] > 1, own - 1.0, 0.0)
    likeness = dots / norms
    right = [float(np.mean((scores + w * likeness).argmax(axis=1) == codes)) for w in WORDING]
    return WORDING[int(np.argmax(right))]
