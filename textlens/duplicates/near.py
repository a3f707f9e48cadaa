"""Nearly the same text: MinHash over character 4-grams, bands of hashes, similarity checked exactly."""

from __future__ import annotations

import numpy as np
from scipy import sparse

N_GRAM = 4
BANDS, ROWS = 20, 5
"""A pair with Jaccard 0.7 meets in a band with probability 0.97, with 0.8 in 0.9996 (1 − (1 − s^5)^20)."""

_CHUNK = 20_000
_FEW = 16
"""So few pairs are compared one by one: slicing a sparse matrix costs half a millisecond."""
_PRIME = np.uint64(0x9E3779B97F4A7C15)
_SALT = np.random.default_rng(20_240_401).integers(1, 2**63, BANDS * ROWS, dtype=np.uint64) * np.uint64(2) + np.uint64(1)


def near_leaders(texts: list[str], threshold: float) -> tuple[np.ndarray, np.ndarray]:
    """Give each text its leader: the first text of the list it is similar enough to.

    Parameters
    ----------
    texts : list of str
        Distinct texts of at least four characters, the most important first.
    threshold : float

    Returns
    -------
    leader : int64 array
        Number of the leader; a leader leads itself, and a leader never follows.
    similarity : float array
        Jaccard similarity to the leader.
    """
    leader, likeness = np.arange(len(texts)), np.ones(len(texts))
    if len(texts) < 2:
        return leader, likeness
    shingles, sketch = _shingles_and_bands(texts)
    active = np.arange(len(texts))
    while True:
        heads, members = _pairs(sketch, active, shingles, threshold)
        joined = _join(leader, likeness, heads, members, shingles)
        if not joined:
            return leader, likeness
        active = np.flatnonzero(leader == np.arange(len(texts)))


def _join(
    leader: np.ndarray, likeness: np.ndarray, heads: np.ndarray, members: np.ndarray, shingles: sparse.csr_matrix
) -> int:
    """Let members follow the most similar of their heads; a text that leads others follows nobody."""
    value = _jaccard(shingles, heads, members)
    order = np.lexsort((heads, -value, members))
    leads = np.zeros(len(leader), bool)
    leads[leader[leader != np.arange(len(leader))]] = True
    done = 0
    for pair in order.tolist():
        head, member = int(heads[pair]), int(members[pair])
        if leader[member] == member and leader[head] == head and not leads[member]:
            leader[member], likeness[member] = head, value[pair]
            leads[head] = True
            done += 1
    return done


def _pairs(
    sketch: np.ndarray, active: np.ndarray, shingles: sparse.csr_matrix, threshold: float
) -> tuple[np.ndarray, np.ndarray]:
    """Pairs of a bucket's first text with each of the others; those unlike it form a bucket of their own."""
    found: list[np.ndarray] = []
    for band in range(BANDS):
        bucket, text = sketch[active, band], active
        while True:
            order = np.argsort(bucket, kind="stable")  # the texts of each bucket ascend already
            bucket, text = bucket[order], text[order]
            new = np.concatenate([[True], bucket[1:] != bucket[:-1]])
            starts = np.flatnonzero(new)
            head = text[np.repeat(starts, np.diff(np.concatenate([starts, [len(text)]])))]
            follows = np.flatnonzero(head != text)
            if not len(follows):
                break
            good = _jaccard(shingles, head[follows], text[follows]) >= threshold
            found.append(np.column_stack([head[follows][good], text[follows][good]]))
            bucket, text = bucket[follows][~good], text[follows][~good]
            if not len(text):
                break
    pairs = np.unique(np.concatenate(found), axis=0) if found else np.empty((0, 2), np.int64)
    return pairs[:, 0], pairs[:, 1]


def _jaccard(shingles: sparse.csr_matrix, left: np.ndarray, right: np.ndarray) -> np.ndarray:
    sizes = np.diff(shingles.indptr)
    if len(left) <= _FEW:
        parts = [(shingles.indices[slice(*shingles.indptr[a : a + 2])], shingles.indices[slice(*shingles.indptr[b : b + 2])]) for a, b in zip(left, right, strict=True)]
        common = np.array([len(np.intersect1d(a, b, assume_unique=True)) for a, b in parts], float)
        return common / (sizes[left] + sizes[right] - common)
    value = np.zeros(len(left))
    for start in range(0, len(left), _CHUNK):
        a, b = left[start : start + _CHUNK], right[start : start + _CHUNK]
        both = np.asarray(shingles[a].multiply(shingles[b]).sum(axis=1)).ravel()
        value[start : start + _CHUNK] = both / (sizes[a] + sizes[b] - both)
    return value


def _shingles_and_bands(texts: list[str]) -> tuple[sparse.csr_matrix, np.ndarray]:
    """Binary text × 4-gram matrix (4-grams hashed to 28 bits), and one bucket number per text and band."""
    parts, bands = [], []
    for start in range(0, len(texts), _CHUNK):
        matrix = _shingles(texts[start : start + _CHUNK])
        parts.append(matrix)
        bands.append(_bands(matrix))
    return sparse.vstack(parts, format="csr"), np.concatenate(bands)


def _shingles(texts: list[str]) -> sparse.csr_matrix:
    codes = np.frombuffer("".join(texts).encode("utf-32-le", "surrogatepass"), np.uint32).astype(np.uint64)
    lengths = np.array([len(text) for text in texts])
    doc = np.repeat(np.arange(len(texts)), lengths)
    value = np.zeros(max(len(codes) - N_GRAM + 1, 0), np.uint64)
    for k in range(N_GRAM):
        value = (value + codes[k : k + len(value)]) * _PRIME
        value ^= value >> np.uint64(29)
    inside = doc[: len(value)] == doc[N_GRAM - 1 : N_GRAM - 1 + len(value)]
    columns = (value[inside] >> np.uint64(36)).astype(np.int32)
    rows = doc[: len(value)][inside]
    matrix = sparse.csr_matrix((np.ones(len(columns), np.float32), (rows, columns)), shape=(len(texts), 1 << 28))
    matrix.sum_duplicates()
    matrix.data[:] = 1.0
    return matrix


def _bands(matrix: sparse.csr_matrix) -> np.ndarray:
    seeds = (matrix.indices.astype(np.uint64) + np.uint64(1)) * _PRIME
    seeds ^= seeds >> np.uint64(32)
    starts = matrix.indptr[:-1]
    buckets = np.zeros((matrix.shape[0], BANDS), np.uint64)
    for number, salt in enumerate(_SALT):
        hashed = ((seeds + np.uint64(number)) * salt) >> np.uint64(32)
        least = np.minimum.reduceat(hashed, starts)
        band = number // ROWS
        buckets[:, band] = (buckets[:, band] ^ least) * _PRIME + (least >> np.uint64(7))
    return buckets
