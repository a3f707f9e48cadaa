"""Last year's assignments on top of the table: which 課 took which matter, and what decided between two.

Three things are learnt, and each fades to nothing where there are no examples: matter → 課 (this city sends
野良猫 to 健康づくり課); the wording of each 課's comments (TF-IDF centroids), for words no table knows; and how
much place, repetition and wishes decide between the candidates of one comment (logistic regression over
the candidates, the same for all 課, so a 課 without examples gains from it too).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import sparse
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import StandardScaler

from textlens.routing_lexicon import Lexicon
from textlens.routing_match import Evidence
from textlens.tokens import Tokens

PRIOR = 4.0
"""The table counts as much as this many of last year's comments about one matter."""
CANDIDATES = 6
FEWEST = 40
"""With fewer comments than this the choice between candidates is left as it is."""
SILENT = 1.4
"""Below this score the words decide nothing, and the wording may."""
STRENGTH = 0.01
"""``C`` of the logistic regression: few comments, so strongly held back."""


@dataclass(frozen=True)
class Learned:
    """What :func:`learn` found.

    Attributes
    ----------
    affinity : float array, shape (n_concepts, n_codes)
    vectorizer, centroids
        The wording of each code's comments.
    scaler, chooser
        Logistic regression over candidates, ``None`` with too few comments.
    """

    affinity: np.ndarray
    vectorizer: TfidfVectorizer
    centroids: sparse.csr_matrix
    scaler: StandardScaler | None
    chooser: LogisticRegression | None

    def adjust(self, tokens: Tokens, evidence: Evidence, scores: np.ndarray, lexicon: Lexicon) -> np.ndarray:
        """Deal the scores of the candidates out again, in the order last year's assignments suggest."""
        if self.chooser is None or self.scaler is None or not len(scores):
            return scores
        likeness = np.asarray((self.vectorizer.transform(tokens.norm) @ self.centroids.T).todense())
        cube = features(tokens, evidence, scores, likeness, self.affinity, lexicon)
        rows, codes = candidates(scores, likeness, lexicon)
        value = self.chooser.decision_function(self.scaler.transform(cube[rows, codes]))
        return _dealt(scores, rows, codes, value)


def learn(tokens: Tokens, evidence: Evidence, concepts: sparse.csr_matrix, codes: np.ndarray, lexicon: Lexicon) -> Learned:
    """Learn from one code per text.

    Parameters
    ----------
    tokens : Tokens
    evidence : Evidence
    concepts : csr matrix, shape (n_texts, n_concepts)
        Strength of each matter in each text.
    codes : int array, shape (n_texts,)
        Number of the code each text went to.
    lexicon : Lexicon
    """
    from textlens.routing_score import code_scores

    affinity = _affinity(concepts, codes, lexicon)
    vectorizer = TfidfVectorizer(analyzer="char", ngram_range=(2, 4), sublinear_tf=True, norm="l2")
    rows = sparse.csr_matrix(vectorizer.fit_transform(tokens.norm))
    member = sparse.csr_matrix((np.ones(len(codes)), (codes, np.arange(len(codes)))), (lexicon.n_codes, len(codes)))
    totals = sparse.csr_matrix(member @ rows)
    scaler = chooser = None
    if len(codes) >= FEWEST:
        likeness = _without_itself(rows, totals, codes)
        scores = code_scores(concepts, lexicon.affinity)
        cube = features(tokens, evidence, scores, likeness, lexicon.affinity, lexicon)
        place, candidate = candidates(scores, likeness, lexicon)
        right = candidate == codes[place]
        if right.any() and not right.all():
            scaler = StandardScaler().fit(cube[place, candidate])
            chooser = LogisticRegression(C=STRENGTH, max_iter=1000).fit(scaler.transform(cube[place, candidate]), right)
    return Learned(affinity, vectorizer, _unit(totals), scaler, chooser)


def candidates(scores: np.ndarray, likeness: np.ndarray, lexicon: Lexicon) -> tuple[np.ndarray, np.ndarray]:
    """Return (row, code) pairs: the best scores and X0; the likest wording where no word is known."""
    wanted = np.zeros(scores.shape, bool)
    every = np.arange(len(scores))
    for rank in np.argsort(-scores, axis=1, kind="stable")[:, :CANDIDATES].T:
        wanted[every, rank] = scores[every, rank] > 0
    likest = likeness.argmax(axis=1)
    wanted[every, likest] |= (likeness[every, likest] > 0) & (scores.max(axis=1, initial=0.0) < SILENT)
    wanted[:, lexicon.codes.index("X0")] = True
    rows, codes = np.nonzero(wanted)
    return rows, codes


def features(
    tokens: Tokens, evidence: Evidence, scores: np.ndarray, likeness: np.ndarray, affinity: np.ndarray, lexicon: Lexicon
) -> np.ndarray:
    """Return what is known about each code of each text, shape (n_texts, n_codes, n_features)."""
    n, k = scores.shape
    top = np.maximum(scores.max(axis=1, keepdims=True), 1e-9)
    value = evidence.weight[:, None] * affinity[evidence.concept]
    units = tokens.units
    unit = np.zeros((len(units), k))
    np.maximum.at(unit, evidence.unit, value)
    doc = units.doc
    best = (unit > 0) & (unit >= unit.max(axis=1, keepdims=True, initial=0.0))
    share = np.zeros((n, k))
    np.add.at(share, doc, best)
    share /= np.maximum(np.diff(units.doc_offsets), 1)[:, None]
    wish, opening, strongest, words = (np.zeros((n, k)) for _ in range(4))
    np.maximum.at(wish, doc[evidence.request_units], unit[evidence.request_units])
    first = units.doc_offsets[:-1][np.diff(units.doc_offsets) > 0]
    np.maximum.at(opening, doc[first], unit[first])
    np.maximum.at(strongest, evidence.doc, value)
    np.add.at(words, evidence.doc, value > 0)
    early = np.ones((n, k))
    length = np.fromiter((len(text) + 1 for text in tokens.norm), np.float64, n)
    place = np.where(value > 0, (evidence.start / length[evidence.doc])[:, None], 1.0)
    np.minimum.at(early, evidence.doc, place)
    rank = np.argsort(np.argsort(-scores, axis=1, kind="stable"), axis=1)
    nothing = np.zeros((n, k))
    nothing[:, lexicon.codes.index("X0")] = 1.0
    outside = np.tile(np.array([c.startswith("X") and c != "X0" for c in lexicon.codes], float), (n, 1))
    columns = [scores / top, np.log1p(scores), share, wish, opening, strongest, np.log1p(words), early,
               np.minimum(rank, CANDIDATES), nothing, outside, likeness]  # fmt: skip
    return np.stack(columns, axis=2)


def _dealt(scores: np.ndarray, rows: np.ndarray, codes: np.ndarray, value: np.ndarray) -> np.ndarray:
    """Give the best candidate the highest score of the text, and so on down."""
    by_value = np.lexsort((-value, rows))
    by_score = np.lexsort((-scores[rows, codes], rows))
    dealt = scores.copy()
    dealt[rows[by_value], codes[by_value]] = scores[rows[by_score], codes[by_score]]
    return dealt


def _affinity(concepts: sparse.csr_matrix, codes: np.ndarray, lexicon: Lexicon) -> np.ndarray:
    """Mix the table's 課 for each matter with the 課 that took it, by a Dirichlet prior."""
    strongest = concepts.max(axis=1).toarray().ravel()
    share = sparse.csr_matrix(concepts.multiply(1.0 / np.maximum(strongest, 1e-9)[:, None]))
    share.data[share.data < 0.7] = 0.0
    member = sparse.csr_matrix((np.ones(len(codes)), (np.arange(len(codes)), codes)), (len(codes), lexicon.n_codes))
    seen = np.asarray((share.T @ member).todense())
    prior = lexicon.affinity
    mixed = (PRIOR * prior + seen) / PRIOR
    top = np.maximum(mixed.max(axis=1, keepdims=True), 1e-9)
    return np.where(seen.any(axis=1, keepdims=True), mixed / top * np.maximum(prior.max(axis=1, keepdims=True), 0.6), prior)


def _unit(matrix: sparse.csr_matrix) -> sparse.csr_matrix:
    norms = np.sqrt(np.asarray(matrix.multiply(matrix).sum(axis=1)).ravel())
    return sparse.csr_matrix(sparse.diags(1.0 / np.maximum(norms, 1e-12)) @ matrix)


def _without_itself(rows: sparse.csr_matrix, totals: sparse.csr_matrix, codes: np.ndarray) -> np.ndarray:
    """Return the likeness of each training text to each centroid, its own words left out."""
    dots = np.asarray((rows @ totals.T).todense())
    square = np.asarray(totals.multiply(totals).sum(axis=1)).ravel()
    count = np.bincount(codes, minlength=totals.shape[0])
    place = np.arange(len(codes))
    norms = np.tile(np.sqrt(np.maximum(square, 1e-12)), (len(codes), 1))
    own = dots[place, codes]
    norms[place, codes] = np.sqrt(np.maximum(square[codes] - 2 * own + 1.0, 1e-6))
    dots[place, codes] = np.where(count[codes] > 1, own - 1.0, 0.0)
    return dots / norms
