"""Where the topics lie: how many, round which centres, and which comments belong to none."""

from __future__ import annotations

import numpy as np
from scipy import sparse

from textlens.tokens import Tokens
from textlens.topics.labels import topic_word_scores
from textlens.topics.space import cluster, nearest
from textlens.topics.words import FORMULA, TopicWords

MAX_TOPICS = 30
MANY_FORMULAS = 10
"""So many comments of formulas alone are a topic; fewer stay in その他."""
MIN_FIT = 0.2
"""Least cosine between a comment and the centre of its topic; a comment below it that has none of the topic's own words
(``N_OWN_WORDS``) goes to その他."""

LOOSE = 0.3
"""A cluster with a lower median cosine to its centre is leftovers, not a topic."""

N_TRIMMED = 8
"""Rounds in which centres are drawn to the comments that fit them."""

N_OWN_WORDS = 40
"""Most distinctive words of a topic that keep a comment in it (no more than the topic has comments)."""


def default_n_topics(n_texts: int) -> int:
    """2.5 times the cube root of the number of distinct comments, between 2 and 30."""
    return max(2, min(MAX_TOPICS, round(2.5 * n_texts ** (1 / 3))))


def distinct_rows(tokens: Tokens, words: TopicWords) -> tuple[np.ndarray, np.ndarray]:
    """Return one row per distinct text with any topic word, in the order of texts, and its weight.

    A text sent in n times weighs 1 + log n: a campaign is heard, and does not drown the others. Texts of formulas alone
    (ありがとうございました) are left out where there are fewer than ``MANY_FORMULAS``: they would draw a centre to themselves.
    """
    full = np.flatnonzero(np.diff(words.weights.indptr) > 0)
    formulaic = (words.weights != 0)[full][:, np.flatnonzero(words.tiers != FORMULA)].getnnz(axis=1) == 0
    if 0 < formulaic.sum() < min(MANY_FORMULAS, len(full)):
        full = full[~formulaic]
    first: dict[str, int] = {}
    counts: dict[str, int] = {}
    for row in full.tolist():
        text = tokens.norm[row]
        first.setdefault(text, row)
        counts[text] = counts.get(text, 0) + 1
    texts = sorted(first)
    return np.array([first[t] for t in texts], np.int64), 1 + np.log(np.array([counts[t] for t in texts], float))


def settled_centres(place: np.ndarray, weight: np.ndarray, n_topics: int, random_state: int) -> np.ndarray:
    """K-means with one centre to spare: a cluster of leftovers is dissolved, then centres are drawn to their core.

    Leftovers are a cluster whose comments lie at a median cosine under ``LOOSE`` from its centre; where
    there is none, the spare centre is not used.

    The core of a topic are the comments at a cosine of at least ``MIN_FIT`` (trimmed k-means): comments
    that fit nowhere must not blur a topic that others are clear about.
    """
    if n_topics < 3 or len(place) <= 3 * n_topics:
        return cluster(place, weight, n_topics, random_state)
    centres = cluster(place, weight, n_topics + 1, random_state)
    found, fit = nearest(place, centres)
    loose = np.array([np.median(fit[found == k]) if (found == k).any() else -1.0 for k in range(len(centres))])
    if loose.min() >= LOOSE:
        centres = cluster(place, weight, n_topics, random_state)
    else:
        centres = np.delete(centres, int(loose.argmin()), axis=0)
    for _ in range(N_TRIMMED):
        found, fit = nearest(place, centres)
        core = np.flatnonzero(fit >= MIN_FIT)
        owner = sparse.csr_matrix((weight[core], (found[core], core)), shape=(len(centres), len(place)))
        sums = np.asarray(owner @ place)
        length = np.linalg.norm(sums, axis=1, keepdims=True)
        centres = np.round(np.where(length > 0, sums / np.maximum(length, 1e-12), centres), 6)
    return centres


def assign_to_centres(place: np.ndarray, centres: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the topic with the nearest centre (1-based; 0 for a comment without a place) and the cosine."""
    found, fit = nearest(place, centres)
    return np.where(place.any(axis=1), found + 1, 0), fit


def distinctive_words(words: TopicWords, topic: np.ndarray, core: np.ndarray, n_topics: int) -> list[list[int]]:
    """The most distinctive words of each topic, as columns: those that a comment near the centre has, too.

    Without the second condition the words of strangers that were laid together would count as the topic's.
    """
    found = []
    for n in range(1, n_topics + 1):
        inside = topic == n
        near = np.zeros(words.n_terms, bool)
        near[sparse.csr_matrix(words.counts[np.flatnonzero(inside & core)]).indices] = True
        n_words = min(N_OWN_WORDS, int(inside.sum()))
        found.append([i for i, _ in topic_word_scores(words, inside)[:n_words] if near[i]])
    return found


def settle(topic: np.ndarray, fit: np.ndarray, words: TopicWords, own_words: list[list[int]]) -> np.ndarray:
    """Move comments that neither lie near their topic nor share a distinctive word with it to 0."""
    pairs = [(i, n) for n, columns in enumerate(own_words, 1) for i in columns]
    rows, columns = np.array(pairs, np.int64).reshape(-1, 2).T
    own = sparse.csr_matrix((np.ones(len(pairs)), (rows, columns)), shape=(words.n_terms, len(own_words) + 1))
    shared = sparse.csr_matrix(sparse.csr_matrix(words.counts > 0).astype(float) @ own)
    chosen = sparse.csr_matrix((np.ones(len(topic)), (np.arange(len(topic)), topic)), shape=shared.shape)
    shares = np.asarray(shared.multiply(chosen).sum(axis=1)).ravel() > 0
    return np.where((fit >= MIN_FIT) | shares, topic, 0)


def by_size(centres: np.ndarray, topic: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Renumber topics by size; centres without a comment are dropped."""
    sizes = np.bincount(topic, minlength=len(centres) + 1)[1:]
    order = [k for k in np.argsort(-sizes, kind="stable").tolist() if sizes[k]]
    rank = np.zeros(len(centres) + 1, np.int64)
    rank[np.array(order, np.int64) + 1] = np.arange(1, len(order) + 1)
    return centres[order], rank[topic]
