"""Many ranges of numbers at once."""

from __future__ import annotations

import numpy as np


def ranges(first: np.ndarray, count: np.ndarray) -> np.ndarray:
    """Return first[0], first[0] + 1, … (count[0] numbers), then the same for the next.

    Examples
    --------
    >>> ranges(np.array([7, 0]), np.array([2, 3])).tolist()
    [7, 8, 0, 1, 2]
    """
    before = np.cumsum(count) - count
    return np.arange(int(count.sum())) - np.repeat(before - first, count)


def pairs_once(places: np.ndarray, kinds: np.ndarray, n_kinds: int) -> tuple[np.ndarray, np.ndarray]:
    """Return each pair of a place and a kind (below ``n_kinds``) once, sorted, int64.

    Examples
    --------
    >>> [found.tolist() for found in pairs_once(np.array([3, 1, 3]), np.array([0, 1, 0]), 2)]
    [[1, 3], [1, 0]]
    """
    return np.divmod(np.unique(places.astype(np.int64) * n_kinds + kinds), n_kinds)
