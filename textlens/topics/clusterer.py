"""What they talk about: topics that staff recognise, the same ones whatever the order of rows."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from sklearn.base import BaseEstimator, ClusterMixin
from sklearn.exceptions import NotFittedError

from textlens.checks import seed, whole_number_or_none
from textlens.tokens import Tokens, as_tokens
from textlens.topics.centres import (
    MIN_FIT,
    assign_to_centres,
    by_size,
    default_n_topics,
    distinct_rows,
    distinctive_words,
    settle,
    settled_centres,
)
from textlens.topics.choice import suggest_n
from textlens.topics.labels import Corpus, describe
from textlens.topics.space import Encoder, Space, encode_texts
from textlens.topics.words import TopicWords, topic_words

_FITTED = ("labels_", "topics_", "fit_", "centres_", "space_", "corpus_")


class TopicClusterer(ClusterMixin, BaseEstimator):
    """Group comments by what they talk about.

    Words (nouns first, compounds whole, spellings merged, see :func:`textlens.topics.words.topic_words`)
    and the themes of the word table → TF-IDF → 100 latent dimensions (LSA), the strong ones weighing more →
    k-means on distinct texts, with one centre to spare: a cluster of leftovers is dissolved, its comments go to
    their nearest topic or, where it neither lies near one nor shares a distinctive word with it, to one honest
    その他. Comments of formulas only (お願いします, ありがとうございました) are a topic of their own where there are
    many. Rows are sorted by their text before anything random happens, so the topics do not depend on the order
    of rows.

    Parameters
    ----------
    n_topics : int or None
        ``None``: 2.5 times the cube root of the number of comments, 30 at most (200 comments: 15; 500: 20).
        See :func:`textlens.topics.choice.suggest_n` for a number chosen by stability and coherence.
    random_state : int
        0 or more; there is no ``None``: everything random is seeded.
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

    def __getattr__(self, name: str) -> Any:
        """Say in words that an attribute of a fitted clusterer is not there yet."""
        if name in _FITTED:
            raise NotFittedError(f"{name} は、話題を求める前にはありません。先に fit か fit_predict に文章を渡してください。")
        raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")

    def fit(self, texts: pd.Series | Tokens, y: object = None) -> TopicClusterer:
        """Find the topics (see :meth:`fit_predict`)."""
        self.fit_predict(texts)
        return self

    def fit_predict(self, texts: pd.Series | Tokens, y: object = None) -> pd.Series:
        """Find the topics and return the topic of each text.

        Raises
        ------
        ParameterError
            ``n_topics`` is no whole number of at least 1, ``random_state`` none of at least 0.
        """
        wanted, chance = whole_number_or_none(self.n_topics, "n_topics", 1), seed(self.random_state)
        tokens = as_tokens(texts)
        words = topic_words(tokens)
        rows, weight = distinct_rows(tokens, words)
        self.space_ = None if self.encoder else Space.fit(words, rows, chance) if len(rows) else None
        place = self._place(tokens, words)
        topic, fit = np.zeros(tokens.n_docs, np.int64), np.zeros(tokens.n_docs)
        self.centres_ = np.empty((0, place.shape[1]))
        if len(rows):
            centres = settled_centres(place[rows], weight, wanted or default_n_topics(len(rows)), chance)
            topic, fit = assign_to_centres(place, centres)
            topic = np.where(np.diff(words.weights.indptr) > 0, topic, 0)
            if self.strict:
                topic = np.where(fit >= MIN_FIT, topic, 0)
            else:
                topic = settle(topic, fit, words, distinctive_words(words, topic, fit >= MIN_FIT, len(centres)))
            self.centres_, topic = by_size(centres, topic)
        self.corpus_ = Corpus(words, place, tokens.norm, tokens.index, fit >= MIN_FIT)
        self.labels_ = pd.Series(topic, index=tokens.index, name="topic")
        self.fit_ = pd.Series(fit, index=tokens.index, name="topic_fit")
        self.topics_ = describe(self.corpus_, topic)
        return self.labels_

    def suggest_n(self, texts: pd.Series | Tokens, **options: Any) -> pd.DataFrame:
        """Compare numbers of topics (see :func:`textlens.topics.choice.suggest_n`)."""
        return suggest_n(texts, random_state=self.random_state, **options)

    def _place(self, tokens: Tokens, words: TopicWords) -> np.ndarray:
        if self.encoder is not None:
            return encode_texts(self.encoder, tokens.norm)
        return self.space_.place(words) if self.space_ else np.zeros((tokens.n_docs, 1))
