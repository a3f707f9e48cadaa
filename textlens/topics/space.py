"""Where comments lie: TF-IDF → latent dimensions (LSA), or vectors of a local embedding model."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from scipy import sparse
from sklearn.cluster import KMeans
from sklearn.decomposition import TruncatedSVD
from sklearn.preprocessing import normalize
from threadpoolctl import threadpool_limits

from textlens.errors import ParameterError
from textlens.topics.words import TopicWords

DEPTH = 100
FIT_AT_MOST = 20_000
"""More distinct comments than this are placed by the centres found on an even sample of them."""

STRENGTH = 0.5
"""Power of its singular value with which a latent dimension counts, beside the value itself: dimensions that few
comments share are noise, and with them topics change when a few comments are added."""

N_STARTS, N_STARTS_LARGE, LARGE = 12, 4, 5_000
"""K-means is begun this often, on more than so many distinct comments less often: few comments leave more to chance."""


class Encoder(Protocol):
    """Anything that turns texts into vectors, such as a sentence-transformers model in a local folder."""

    def encode(self, texts: list[str]) -> np.ndarray:
        """Return one row of numbers per text."""
        ...


@dataclass(frozen=True)
class Space:
    """A frozen word space: next year's comments are placed in it without being able to change it.

    Attributes
    ----------
    keys : list of str
        Columns, as in :class:`~textlens.topics.words.TopicWords`.
    idf : float array, shape (n_keys,)
    components : float array, shape (depth, n_keys)
    """

    keys: list[str]
    idf: np.ndarray
    components: np.ndarray

    @classmethod
    def fit(cls, words: TopicWords, rows: np.ndarray, random_state: int) -> Space:
        """Learn idf and latent dimensions from the given rows (distinct comments, in canonical order)."""
        weights = words.weights[rows]
        seen = np.asarray((weights > 0).sum(axis=0)).ravel()
        often = np.flatnonzero(seen >= (2 if len(rows) >= 50 else 1))
        idf = np.log((1 + len(rows)) / (1 + seen[often])) + 1
        matrix = normalize(sparse.csr_matrix(weights[:, often]) @ sparse.diags_array(idf.astype(float)))
        depth = min(DEPTH, min(matrix.shape) - 1)
        if depth < 2:
            components = np.eye(len(often))
        else:
            # comments that are all alike have no variance to share out: scikit-learn divides by it all the same
            with threadpool_limits(limits=1), np.errstate(divide="ignore", invalid="ignore"):
                found = TruncatedSVD(depth, random_state=random_state).fit(matrix)
            strength = found.singular_values_ / max(found.singular_values_.max(), 1e-12)
            components = found.components_ * strength[:, None] ** STRENGTH
        return cls([str(key) for key in words.keys[often]], idf, np.round(components, 6))

    def place(self, words: TopicWords) -> np.ndarray:
        """Return unit vectors, shape (n_docs, depth); a comment without any known word lies at zero."""
        if not words.weights.shape[0]:
            return np.zeros((0, len(self.components)))
        matrix = normalize(words.of_keys(self.keys) @ sparse.diags_array(self.idf.astype(float)))
        return np.round(normalize(np.asarray(matrix @ self.components.T)), 6)


def encode_texts(encoder: Encoder, texts: Sequence[str]) -> np.ndarray:
    """Return unit vectors from a local model.

    Raises
    ------
    ParameterError
        The model gave something else than one finite vector per text.
    """
    if not len(texts):
        return np.zeros((0, 1))
    vectors = np.asarray(encoder.encode(list(texts)), float)
    if vectors.ndim != 2 or len(vectors) != len(texts) or not np.isfinite(vectors).all():
        raise ParameterError(f"encode の結果が {len(texts)} 行の数の表ではありません（形 {vectors.shape}）。モデルを確かめてください。")
    return np.round(normalize(vectors), 6)


def cluster(place: np.ndarray, weight: np.ndarray, n_clusters: int, random_state: int) -> np.ndarray:
    """Find centres (k-means on unit vectors), shape (n_found, depth), unit length.

    One thread, rows in canonical order and rounded numbers: the same centres on every run.
    """
    step = -(-len(place) // FIT_AT_MOST)
    sample, sample_weight = place[::step], weight[::step]
    distinct = len(np.unique(sample, axis=0))
    starts = N_STARTS if len(sample) <= LARGE else N_STARTS_LARGE
    with threadpool_limits(limits=1):
        model = KMeans(min(n_clusters, distinct), n_init=starts, random_state=random_state)
        model.fit(sample, sample_weight=sample_weight)
    return np.round(normalize(model.cluster_centers_), 6)


def nearest(place: np.ndarray, centres: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the number of the nearest centre (0-based) and the cosine to it, for each row."""
    found, fit = np.zeros(len(place), np.int64), np.zeros(len(place))
    for start in range(0, len(place), 10_000):
        cosine = np.round(place[start : start + 10_000] @ centres.T, 6)
        found[start : start + 10_000] = cosine.argmax(axis=1)
        fit[start : start + 10_000] = cosine.max(axis=1)
    return found, fit
