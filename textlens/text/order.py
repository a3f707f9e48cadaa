"""Rows of columns in order, by several whole numbers at once."""

from __future__ import annotations

import math

import numpy as np

_MOST = 1 << 62


def order_by(*keys: np.ndarray) -> np.ndarray:
    """Return the stable order of rows by whole numbers (0 or more), the first key first.

    As ``np.lexsort(keys[::-1])``; where the keys fit into one number together, that one is sorted, once.

    Examples
    --------
    >>> order_by(np.array([1, 0, 1]), np.array([5, 9, 2])).tolist()
    [1, 2, 0]
    """
    sizes = [int(key.max(initial=0)) + 1 for key in keys]
    if math.prod(sizes) > _MOST:
        return np.lexsort(keys[::-1])
    packed = keys[0].astype(np.int64)
    for key, size in zip(keys[1:], sizes[1:], strict=True):
        packed = packed * size + key
    return np.argsort(packed, kind="stable")
