"""What they talk about: topics that staff recognise, the same ones whatever the order of rows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from scipy import sparse
from sklearn.base import BaseEstimator, ClusterMixin

from textlens.errors import ParameterError
from textlens.tokens import Tokens, as_tokens
from textlens.topics.labels import Corpus, describe, topic_word_scores
from textlens.topics.space import Encoder, Space, cluster, encode_texts, nearest
from textlens.topics.words import TopicWords, topic_words

if TYPE_CHECKING:
    from textlens.topics.frozen import Assignment

MAX_TOPICS = 30
MIN_FIT = 0.2
"""Least cosine between a comment and the centre of its topic ..."""

LOOSE = 0.3
"""A cluster with a lower median cosine to its centre is leftovers, not a topic."""

N_TRIMMED = 8
"""Rounds in which centres are drawn to the comments that fit them."""

N_OWN_WORDS = 40
"""... unless it has one of this many most distinctive words of the topic (no more than the topic has
comments). Else it goes to その他."""


class TopicClusterer(ClusterMixin, BaseEstimator):
    """Group comments by what they talk about.

    Words (nouns first, compounds whole, spellings merged, see :func:`textlens.topics.words.topic_words`)
    and the themes of the word table → TF-IDF → 100 latent dimensions (LSA) → k-means on distinct texts,
    with one centre to spare: a cluster of leftovers is dissolved, its comments go to their nearest topic or,
    where it neither lies near one nor shares a distinctive word with it, to one honest その他. Rows are sorted by their text before anything random
    happens, so the topics do not depend on the order of rows.

    Parameters
    ----------
    n_topics : int or None
        ``None``: 2.5 times the cube root of the number of comments, 30 at most (200 comments: 15; 500: 20).
        See :func:`textlens.topics.choice.suggest_n` for a number chosen by stability and coherence.
    random_state : int
    strict : bool
        ``True``: only comments near a topic's centre stay in it (cosine of at least 0.2); shared words are
        not enough. More comments go to その他, and those that stay are surer.
    encoder : object with ``encode(list of str) -> array``, or None
        A local embedding model that takes the place of TF-IDF and LSA; labels still come from words.

    Attributes
    ----------
    labels_ : Series of int
        Topic of each text, numbered from 1 by size; 0 is その他.
    topics_ : DataFrame
        ``topic, label, words, size, representatives, group, group_label``; see
        :func:`textlens.topics.labels.describe` for the rules.
    fit_ : Series of float
        Cosine between each comment and the centre of its topic.
    centres_ : float array, shape (n_topics, depth)
    space_ : Space or None
        The word space; ``None`` with an encoder.

    Notes
    -----
    Misses: a comment with two matters gets the one it says more about; a comment that shares only a weak
    word with its topic stays in it (``fit_`` under 0.1 tells) unless ``strict``; a handful of comments on a rare
    matter is absorbed by a neighbour or by その他 unless ``n_topics`` is raised; irony is not seen.

    References
    ----------
    The comparison behind the default is in ``docs/topics.md``.

    Examples
    --------
    >>> texts = pd.Series(["バスの本数を増やして。", "バス停が遠い。", "公園の遊具が古い。", "公園の遊具で遊ぶ。"])
    >>> clusterer = TopicClusterer(n_topics=2)
    >>> clusterer.fit_predict(texts).tolist()
    [2, 2, 1, 1]
    >>> clusterer.topics_["label"].tolist()
    ['公園・遊具', 'バス・本数']
    """

    def __init__(
        self, n_topics: int | None = None, random_state: int = 0, strict: bool = False, encoder: Encoder | None = None
    ) -> None:
        self.n_topics = n_topics
        self.random_state = random_state
        self.strict = strict
        self.encoder = encoder

    def fit(self, texts: pd.Series | Tokens, y: object = None) -> TopicClusterer:
        """Find the topics (see :meth:`fit_predict`)."""
        self.fit_predict(texts)
        return self

    def fit_predict(self, texts: pd.Series | Tokens, y: object = None) -> pd.Series:
        """Find the topics and return the topic of each text.

        Raises
        ------
        ParameterError
            ``n_topics`` is below 1.
        """
        if self.n_topics is not None and self.n_topics < 1:
            raise ParameterError(f"n_topics は 1 以上の整数です（渡されたのは {self.n_topics}）。")
        tokens = as_tokens(texts)
        words = topic_words(tokens)
        rows, weight = distinct_rows(tokens, words)
        self.space_ = None if self.encoder else Space.fit(words, rows, self.random_state) if len(rows) else None
        place = self._place(tokens, words)
        topic, fit = np.zeros(tokens.n_docs, np.int64), np.zeros(tokens.n_docs)
        self.centres_ = np.empty((0, place.shape[1]))
        if len(rows):
            wanted = self.n_topics or default_n_topics(len(rows))
            centres = settled_centres(place[rows], weight, wanted, self.random_state)
            topic, fit = assign_to_centres(place, centres)
            topic = np.where(np.diff(words.weights.indptr) > 0, topic, 0)
            if self.strict:
                topic = np.where(fit >= MIN_FIT, topic, 0)
            else:
                topic = settle(topic, fit, words, distinctive_words(words, topic, fit >= MIN_FIT, len(centres)))
            self.centres_, topic = _by_size(centres, topic)
        self.corpus_ = Corpus(words, place, tokens.norm, tokens.index, fit >= MIN_FIT)
        self.labels_ = pd.Series(topic, index=tokens.index, name="topic")
        self.fit_ = pd.Series(fit, index=tokens.index, name="topic_fit")
        self.topics_ = describe(self.corpus_, topic)
        return self.labels_

    def assign(self, texts: pd.Series | Tokens) -> Assignment:
        """Lay other comments into these topics (see :meth:`textlens.topics.frozen.FrozenTopics.assign`)."""
        from textlens.topics.frozen import FrozenTopics

        return FrozenTopics.of(self).assign(texts, random_state=self.random_state)

    def suggest_n(self, texts: pd.Series | Tokens, **options: Any) -> pd.DataFrame:
        """Compare numbers of topics (see :func:`textlens.topics.choice.suggest_n`)."""
        from textlens.topics.choice import suggest_n

        return suggest_n(texts, random_state=self.random_state, **options)

    def _place(self, tokens: Tokens, words: TopicWords) -> np.ndarray:
        if self.encoder is not None:
            return encode_texts(self.encoder, tokens.norm)
        return self.space_.place(words) if self.space_ else np.zeros((tokens.n_docs, 1))


def default_n_topics(n_texts: int) -> int:
    """2.5 times the cube root of the number of distinct comments, between 2 and 30."""
    return max(2, min(MAX_TOPICS, round(2.5 * n_texts ** (1 / 3))))


def distinct_rows(tokens: Tokens, words: TopicWords) -> tuple[np.ndarray, np.ndarray]:
    """Return one row per distinct text with any topic word, in the order of texts, and its weight.

    A text sent in n times weighs 1 + log n: a campaign is heard, and does not drown the others.
    """
    full = np.flatnonzero(np.diff(words.weights.indptr) > 0)
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


def _by_size(centres: np.ndarray, topic: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Renumber topics by size; centres without a comment are dropped."""
    sizes = np.bincount(topic, minlength=len(centres) + 1)[1:]
    order = [k for k in np.argsort(-sizes, kind="stable").tolist() if sizes[k]]
    rank = np.zeros(len(centres) + 1, np.int64)
    rank[np.array(order, np.int64) + 1] = np.arange(1, len(order) + 1)
    return centres[order], rank[topic]
