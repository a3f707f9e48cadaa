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
