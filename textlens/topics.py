"""What they talk about: topics that staff recognise, the same ones whatever the order of rows."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy import sparse
from sklearn.base import BaseEstimator, ClusterMixin
from sklearn.cluster import KMeans
from sklearn.decomposition import TruncatedSVD
from sklearn.feature_extraction.text import TfidfTransformer
from sklearn.preprocessing import normalize

from textlens.errors import ParameterError
from textlens.rules import load_rows
from textlens.tokens import Tokens, as_tokens, is_content, join_compounds, term_matrix

N_LABEL_WORDS = 3
N_WORDS = 10
N_REPRESENTATIVES = 3


class TopicClusterer(ClusterMixin, BaseEstimator):
    """Group comments by what they talk about.

    Words (nouns, verbs, adjectives; compounds whole) → TF-IDF → 100 latent dimensions (LSA) → k-means.
    Rows are sorted by their words before anything random happens, so the topics do not depend on the
    order of rows; texts without any content word go to one honest topic 「その他（内容語なし）」.

    Parameters
    ----------
    n_topics : int or None
        ``None``: about the cube root of the number of texts, times 1.6 (400 texts: 12; 2,500: 22).
    random_state : int

    Attributes
    ----------
    topics_ : DataFrame
        ``topic, label, words, size, representatives``: label of the most distinctive words, the ten
        words, number of comments, ids of the three comments nearest the topic's centre.
    labels_ : Series of int
        Topic of each text, numbered from 1 by size; 0 is 「その他」.

    Notes
    -----
    Misses: comments with two matters get the one they say more about; a handful of comments on a rare
    matter is absorbed by a larger neighbour unless ``n_topics`` is raised.
    """

    def __init__(self, n_topics: int | None = None, random_state: int = 0) -> None:
        self.n_topics = n_topics
        self.random_state = random_state

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
        stop = {row.term for row in load_rows("topics/stopwords.tsv")}
        joined = join_compounds(tokens)
        counts, terms = term_matrix(joined, keep=lambda v, i: is_content(v, i) and v.base[i] not in stop)
        often = np.asarray((counts > 0).sum(axis=0)).ravel() >= (2 if tokens.n_docs >= 50 else 1)
        counts, terms = counts[:, often], terms[often]
        full = np.flatnonzero(np.asarray(counts.sum(axis=1)).ravel() > 0)
        topic = np.zeros(tokens.n_docs, np.int64)
        centres = None
        if len(full):
            order = full[np.array(sorted(range(len(full)), key=lambda i: tokens.norm[full[i]]))]
            weights = TfidfTransformer(sublinear_tf=True).fit_transform(counts[order])
            found, centres, place = self._cluster(weights)
            topic[order] = found
        self.labels_ = pd.Series(topic, index=tokens.index, name="topic")
        self.topics_ = self._describe(tokens, counts, terms, topic, (order, place, centres) if centres is not None else None)
        return self.labels_

    def _cluster(self, weights: sparse.csr_matrix) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        n_texts, n_terms = weights.shape
        wanted = self.n_topics or max(2, round(1.6 * n_texts ** (1 / 3)))
        n_clusters = max(1, min(wanted, n_texts, n_terms))
        depth = min(100, n_terms - 1, n_texts - 1)
        if depth >= 2:
            place = normalize(TruncatedSVD(depth, random_state=self.random_state).fit_transform(weights))
        else:
            place = weights.toarray()
        distinct = len(np.unique(np.round(place, 9), axis=0))
        model = KMeans(min(n_clusters, distinct), n_init=4, random_state=self.random_state).fit(place)
        sizes = np.bincount(model.labels_)
        rank = np.argsort(np.argsort(-sizes, kind="stable"), kind="stable")
        centres = model.cluster_centers_[np.argsort(rank)]
        return rank[model.labels_] + 1, centres, place

    def _describe(
        self,
        tokens: Tokens,
        counts: sparse.csr_matrix,
        terms: np.ndarray,
        topic: np.ndarray,
        geometry: tuple[np.ndarray, np.ndarray, np.ndarray] | None,
    ) -> pd.DataFrame:
        rows = []
        ids = tokens.index.to_numpy()
        if geometry is not None:
            order, place, centres = geometry
            words = _distinctive(counts, topic, terms)
            for number in range(1, int(topic.max()) + 1):
                members = np.flatnonzero(topic[order] == number)
                nearest = np.argsort(-(place[members] @ centres[number - 1]), kind="stable")[:N_REPRESENTATIVES]
                rows.append(
                    {
                        "topic": number,
                        "label": "・".join(words[number][:N_LABEL_WORDS]),
                        "words": tuple(words[number]),
                        "size": len(members),
                        "representatives": tuple(ids[order[members[nearest]]].tolist()),
                    }
                )
        rest = np.flatnonzero(topic == 0)
        if len(rest):
            rows.append(
                {"topic": 0, "label": "その他（内容語なし）", "words": (), "size": len(rest), "representatives": tuple(ids[rest[:N_REPRESENTATIVES]].tolist())}
            )
        return pd.DataFrame(rows, columns=["topic", "label", "words", "size", "representatives"])


def _distinctive(counts: sparse.csr_matrix, topic: np.ndarray, terms: np.ndarray) -> dict[int, list[str]]:
    """Words of each topic by c-TF-IDF on comments (a word counts once per comment)."""
    seen = (counts > 0).astype(float)
    total = np.asarray(seen.sum(axis=0)).ravel()
    found = {}
    for number in range(1, int(topic.max()) + 1):
        inside = np.asarray(seen[topic == number].sum(axis=0)).ravel()
        share = inside / max((topic == number).sum(), 1)
        score = np.where(inside > 0, share * np.log1p(len(topic) / np.maximum(total, 1)), 0.0)
        best = np.argsort(-score, kind="stable")[:N_WORDS]
        found[number] = [str(terms[i]) for i in best if score[i] > 0]
    return found
